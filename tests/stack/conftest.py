"""The whole stack as processes of its own, once for all tests of this folder."""

import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.stack import Stack
from tests.conftest import need

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """Give the body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Reader:
    """Somebody who asks the stack."""

    stack: Stack

    def get(
        self, address: str, *, method: str = "GET", port: int = 0, body: bytes = b"", **headers: str
    ) -> Answer:
        """Ask nginx, or whoever listens on a port; words of headers are joined by underscores here."""
        site = http.client.HTTPConnection("127.0.0.1", port or self.stack.port, timeout=40)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            site.request(method, address, body=body or None, headers={"Host": "localhost", **named})
            answer = site.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            site.close()


def until(true: Callable[[], bool], *, seconds: float) -> float:
    """Wait until something is so, and give how long that took; fail after so many seconds."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            pytest.fail(f"It was not so within {seconds} seconds.")
        time.sleep(0.2)
    return time.monotonic() - started


def kill_server(stack: Stack, which: str, sign: signal.Signals = signal.SIGKILL) -> None:
    """End a database at once, or have it end."""
    data = getattr(stack, which).data
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), sign)


def free_ports() -> int:
    """Find a port after which the next two are free too."""
    for first in range(18_100, 19_000, 3):
        try:
            for port in range(first, first + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    pytest.fail("There are no three free ports.")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """nginx, two web servers, PostgreSQL with a copy, Redis, and the processes beside them, with the real record."""
    path = os.pathsep.join((os.environ["PATH"], "/usr/sbin"))
    need(shutil.which("nginx", path=path), "There is no nginx (on Debian: apt-get install nginx-light).")
    need(
        shutil.which("valkey-server") or shutil.which("redis-server"),
        "There is no Valkey or Redis (on Debian: apt-get install redis-server).",
    )
    made = Stack(tmp_path_factory.mktemp("stack"), free_ports(), scale=True)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        sys.stderr.writelines(
            f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}"
            for log in (made.folder / "log").glob("*")
        )


@pytest.fixture
def reader(stack: Stack) -> Reader:
    """Give somebody who asks."""
    return Reader(stack)
