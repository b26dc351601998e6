"""How gunicorn serves the site: gunicorn --config python:peel_site.serving peel_site.wsgi."""

import gc
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger as GunicornLogger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]  # it brings no types

from peel_site.logs import AsJson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")

SECONDS_TO_SEND = 10


class Logger(GunicornLogger):
    """gunicorn's own words, in the form of all others (LOG_FORMAT)."""

    def setup(self, cfg: Any) -> None:
        """Give gunicorn's handlers the formatter of the settings."""
        super().setup(cfg)
        from django.conf import settings

        if settings.LOG_FORMAT == "json":
            for handler in self.error_log.handlers:
                handler.setFormatter(AsJson())


class Worker(ThreadWorker):
    """Threads that a slow sender holds for a while, not for ever: gunicorn itself waits without an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received_by: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """Handle a request, which has to be here whole in time."""
        self.received_by[conn] = time.monotonic() + SECONDS_TO_SEND
        try:
            return super().handle(conn)
        finally:
            self.received_by.pop(conn, None)

    def murder_pending(self) -> None:
        """Listen no longer to those who are late; what is being answered goes on. Called every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, latest in self.received_by.copy().items():
            if now > latest:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)


worker_class = Worker
workers = 2
# As many as connections in the pool (see DATABASES): nobody waits for one.
threads = 16
# Longer than the proxy keeps a connection to us (keepalive_timeout in deploy/nginx.conf.template): were it we who close first,
# a request on its way would meet a closed door, and two of those would count us as away.
keepalive = 20
# No header of a request steers the server; X-Forwarded-Proto is for Django, and only with BEHIND_PROXY.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Loaded once and then forked: less memory, and mistakes show at the start.
preload_app = True
# Its heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a file of its own
# Nobody steers the server but by signals, and several may run in one home.
control_socket_disable = True


logger_class = Logger


def pre_fork(_server: Any, _worker: Any) -> None:
    """Leave what was loaded out of each round of the garbage collector: it stays, and its memory stays shared."""
    gc.freeze()


def when_ready(server: Any) -> None:
    """Say which release this is; hold the embedded database, where used, in the process that outlives all workers."""
    from django.conf import settings

    server.log.info("Release %s", settings.CODE_VERSION)
    if settings.DATABASES["default"]["ENGINE"] == "peel_site.embedded":
        from peel_site.embedded.base import start_server

        start_server()


def child_exit(server: Any, worker: Any) -> None:
    """Let the counts of a worker that has ended stay, where they are shared, and nothing else of it."""
    from django.conf import settings

    if settings.METRICS:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
