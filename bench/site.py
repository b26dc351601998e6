"""The whole site, started for a measurement on a folder of its own, as `make run` serves it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path) -> dict[str, str]:
    """Give the environment of a demonstration that keeps everything in a folder, whatever this one's own says."""
    said = {line.lstrip("#").split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines()}
    for name in said:
        os.environ.pop(name, None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"ENV_FILE": os.devnull, "PEEL_ENV": "demonstration", "DATA_DIR": str(folder), "PORT": str(port)}
    return {**os.environ, **own}


@contextmanager
def served(environment: dict[str, str], *commands: str) -> Iterator[str]:
    """Serve a site by gunicorn on the embedded database, which these commands of manage.py fill; give its address."""
    for command in (
        "collectstatic --noinput --verbosity=0",
        "migrate --verbosity=0",
        "createcachetable --verbosity=0",
        *commands,
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command.split()],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    port = environment["PORT"]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "python:peel_site.serving"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "warning", "peel_site.wsgi"),
        ],
        cwd=ROOT,
        env=environment,
    )
    try:
        address = f"http://localhost:{port}"
        _wait_for(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(server: "subprocess.Popen[bytes]", address: str) -> None:
    """Wait until the site answers; end the program where it does not within a minute."""
    give_up = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/robots.txt", timeout=5).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise SystemExit("The site did not start; its output is above.") from None
            time.sleep(0.2)
