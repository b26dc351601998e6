"""How gunicorn serves the site: gunicorn --config python:peel_site.serving peel_site.wsgi."""

from pathlib import Path

workers = 2
threads = 4
# Loaded once and then forked: less memory, and mistakes show at the start.
preload_app = True
# Its heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a file of its own
# Nobody steers the server but by signals, and several may run in one home.
control_socket_disable = True


def when_ready(server: object) -> None:
    """Hold the embedded database, where it is used, in the process that outlives all workers."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"] == "peel_site.embedded":
        from peel_site.embedded.base import start_server

        start_server()
