"""The whole stack without containers, on loopback: what docker-compose.yml starts, from Debian's packages and the wheels.

    python -m deploy.stack [--port 8080] [--folder .data/stack] [--scale]

nginx in front, gunicorn with two processes, PostgreSQL, a Valkey or Redis where one is installed, the process that ends
embargoes and the one that warms pages. `--scale` adds a second web server and a copy of the database to read from. All of it
lives in one folder and ends with this process; what dies before is started again.
"""

import argparse
import contextlib
import http.client
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from peel_site.embedded.server import DATABASE, ROLE, EmbeddedServer, programs

ROOT = Path(__file__).resolve().parent.parent
WEB_ROLE = "peel_web"
SECONDS_TO_START = 90


class StackError(Exception):
    """The stack cannot be had; the message says what is missing."""


def need(*names: str) -> str:
    """Give the place of the first of these programs that is installed."""
    sbin = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    for name in names:
        if found := shutil.which(name, path=sbin):
            return found
    raise StackError(f"There is no {' or '.join(names)} on PATH (on Debian: apt-get install {names[-1]}).")


class Stack:
    """The processes of one folder. `port` is nginx's; the next two are those of the web servers."""

    def __init__(
        self, folder: Path, port: int, *, scale: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        self.folder, self.port, self.scale = folder.absolute(), port, scale
        self.primary = EmbeddedServer(self.folder / "primary")
        self.replica = EmbeddedServer(self.folder / "replica")
        self.commands: dict[str, list[str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.left_alone: set[str] = set()
        self._given = environment or {}
        self._started = f"started-{time.time_ns()}"  # both web servers name what they make alike
        self._ends = threading.Event()
        self._watch = threading.Thread(target=self._keep_running, daemon=True)

    @property
    def address(self) -> str:
        """Where readers come."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def web_ports(self) -> list[int]:
        """Where the web servers listen."""
        return [self.port + 1, self.port + 2][: 2 if self.scale else 1]

    def database_url(self, role: str, server: EmbeddedServer) -> str:
        """Give the address of the record in one of the servers, for one of the roles, as the site reads it."""
        return f"postgres://{role}@/{quote(str(server.socket_folder.resolve()))}/{DATABASE}"

    @property
    def owners_url(self) -> str:
        """Give the address of the record for its owner, as PostgreSQL's own programs read it."""
        return (
            f"postgres://{ROLE}@/{DATABASE}?host={quote(str(self.primary.socket_folder.resolve()), safe='')}"
        )

    @property
    def environment(self) -> dict[str, str]:
        """Give what the site's processes are told, as docker-compose.yml does."""
        told = {
            "ENV_FILE": os.devnull,
            "PEEL_ENV": "production",
            "SECRET_KEY": self._secret(),
            "CODE_VERSION": os.environ.get("CODE_VERSION") or self._started,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "BASE_URL": f"http://localhost:{self.port}",
            "DATA_DIR": str(self.folder / "site"),
            "DATABASE_URL": self.database_url(WEB_ROLE, self.primary),
            "HTTPS_ONLY": "false",
            "BEHIND_PROXY": "true",
        }
        if self._has_cache:
            told["CACHE_URL"] = f"unix://{self.folder / 'cache.sock'}?db=0"
        if self.scale:
            told["REPLICA_URL"] = self.database_url(WEB_ROLE, self.replica)
        return {**os.environ, **told, **self._given}

    @property
    def _has_cache(self) -> bool:
        with contextlib.suppress(StackError):
            return bool(need("valkey-server", "redis-server"))
        return False

    def _secret(self) -> str:
        path = self.folder / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text()

    def start(self) -> None:
        """Start everything in its order and come back when the site is ready."""
        need("nginx")
        for name in ("", "log", "temp", "cache"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.primary.hold()
        self.manage("prepare", DATABASE_URL=self.database_url(ROLE, self.primary), WEB_ROLE=WEB_ROLE)
        self.manage("collectstatic", "--noinput", "--verbosity=0")
        self._slow_queries_are_logged()
        if self.scale:
            if not self.replica.data.exists():
                self.replica.follow(self.primary)
            self.replica.hold()
        self._name_commands()
        for name in self.commands:
            self.run(name)
        self._watch.start()
        self._wait_until_ready()

    def _name_commands(self) -> None:
        """Say how each process is started; the order is theirs."""
        python = [sys.executable, str(ROOT / "manage.py")]
        if self._has_cache:
            self.commands["cache"] = [
                *(need("valkey-server", "redis-server"), "--port", "0"),
                *("--unixsocket", str(self.folder / "cache.sock"), "--dir", str(self.folder)),
                *("--save", "", "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"),
            ]
        for number, port in enumerate(self.web_ports, start=1):
            self.commands[f"web-{number}"] = [
                *(sys.executable, "-m", "gunicorn", "--config", "python:peel_site.serving"),
                *("--bind", f"127.0.0.1:{port}", "peel_site.wsgi"),
            ]
        self.commands["publish"] = [*python, "publish_due", "--every", "15"]
        self.commands["work"] = [*python, "work"]
        if self._has_cache:
            self.commands["warm"] = [
                *python,
                "warm",
                "--every",
                "5",
                "--at",
                f"http://127.0.0.1:{self.web_ports[0]}",
            ]
        self.commands["nginx"] = [
            need("nginx"),
            "-e",
            "stderr",
            "-c",
            str(self._nginx_conf()),
            "-g",
            "daemon off;",
        ]

    def _nginx_conf(self) -> Path:
        """Fill in the one template, as envsubst does in the container."""
        words = {
            "ADMIN_PATH": "admin/",
            "FORWARDED_PROTO": "",
            "LISTEN": f"listen 127.0.0.1:{self.port};",
            "NGINX_CACHE": str(self.folder / "cache"),
            "NGINX_MIME": "/etc/nginx/mime.types",
            "NGINX_TEMP": str(self.folder / "temp"),
            "NGINX_USER": "user root;" if os.geteuid() == 0 else "",
            "WEB_SERVERS": " ".join(
                f"server 127.0.0.1:{port} max_fails=2 fail_timeout=2s;" for port in self.web_ports
            ),
        }
        template = (ROOT / "deploy" / "nginx.conf.template").read_text()
        conf = self.folder / "nginx.conf"
        conf.write_text(re.sub(r"\$\{(\w+)\}", lambda found: words[found[1]], template))
        return conf

    def _slow_queries_are_logged(self) -> None:
        """Have PostgreSQL note what takes long, without what was asked for."""
        for setting in ("log_min_duration_statement = '250ms'", "log_parameter_max_length = 0"):
            self.sql(f"ALTER SYSTEM SET {setting}")
        self.sql("SELECT pg_reload_conf()")

    def sql(self, statement: str) -> str:
        """Ask the primary as its owner."""
        done = subprocess.run(
            [str(programs() / "psql"), "-XAtq", "-d", self.owners_url, "-c", statement],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def manage(self, *words: str, **environment: str) -> str:
        """Run a command of the site to its end; give what it says."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env={**self.environment, **environment},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise StackError(f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def run(self, name: str) -> None:
        """Start one process; what it says goes to its file."""
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _keep_running(self) -> None:
        """Start again what has died, as `restart: unless-stopped` does, unless it is to be left alone."""
        while not self._ends.wait(0.5):
            for name, process in list(self.processes.items()):
                if process.poll() is not None and name not in self.left_alone and not self._ends.is_set():
                    self.run(name)
            if "primary" not in self.left_alone:
                with contextlib.suppress(Exception):  # it is tried again
                    self._revive(self.primary)
            if self.scale and "replica" not in self.left_alone:
                with contextlib.suppress(Exception):
                    self._revive(self.replica)

    @staticmethod
    def _revive(server: EmbeddedServer) -> None:
        if not (server.data / "postmaster.pid").exists() or not _is_running(server):
            server.revive()

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up:
            site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(site):
                site.request("GET", "/readyz")
                if site.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise StackError(
            f"The site is not ready after {SECONDS_TO_START} seconds; see {self.folder / 'log'}."
        )

    def stop(self) -> None:
        """End everything, readers' side first."""
        self._ends.set()
        if self._watch.is_alive():
            self._watch.join(10)
        for name in reversed(self.commands):
            if name in self.processes and self.processes[name].poll() is None:
                self.processes[name].terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.replica.release()
        self.primary.release()


def _is_running(server: EmbeddedServer) -> bool:
    """Say whether the server's first process is there."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), 0)
        return True
    return False


def main() -> None:
    """Start it, say where it is, and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--folder", type=Path, default=ROOT / ".data" / "stack")
    parser.add_argument(
        "--scale", action="store_true", help="two web servers, and a copy of the database to read from"
    )
    parser.add_argument("--database-url", action="store_true", help="say where its database is, and end")
    given = parser.parse_args()
    stack = Stack(given.folder, given.port, scale=given.scale)
    if given.database_url:
        sys.stdout.write(stack.owners_url + "\n")
        return
    ends = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_given: ends.set())
    try:
        stack.start()
        sys.stdout.write(
            f"The stack is on http://localhost:{given.port}/ (Ctrl-C ends it)\n"
            f"Its database is {stack.owners_url}\nIts logs are in {stack.folder / 'log'}\n"
        )
        sys.stdout.flush()
        ends.wait()
    except StackError as error:
        sys.exit(str(error))
    finally:
        stack.stop()


if __name__ == "__main__":
    main()
