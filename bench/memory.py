"""`make bench-memory`: what a web process holds once it has made pages and pictures of every kind. Measures; never judges.

The site is served as in production, from the record that `make run` uses; each address of the sitemap's kinds is asked for, and
the pictures and files of a force, until every process has made all. PSS counts what processes share in parts.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EACH = 6
"""Addresses of each kind that are asked for; every one several times, so that each process has some."""
ROUNDS = 4
FILES = (
    "/forces/warwickshire/history.svg",
    "/forces/warwickshire/history.png",
    "/forces/warwickshire/card.png",
    "/forces/warwickshire/metrics/recorded-crime.svg",
    "/forces/warwickshire/metrics/recorded-crime.png",
    "/forces/warwickshire/metrics/recorded-crime.figure.json",
    "/metrics/recorded-crime.png",
    "/cycles/2023-25/map.png",
    "/data/grades.csv",
    "/data/figures.csv",
    "/changes/log.jsonl",
)

NO_QUERY = ("/data/", "/api/")
"""Where addresses begin that refuse a query they do not know, as files do."""


def main() -> None:
    """Serve, ask, and print what each process holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ("-m", "gunicorn", "--config", "python:peel_site.serving", "--bind", f"127.0.0.1:{port}")
    environment = os.environ | {"PORT": str(port), "PEEL_ENV": "demonstration"}
    server = subprocess.Popen(
        [sys.executable, *command, "--log-level", "warning", "peel_site.wsgi"], cwd=ROOT, env=environment
    )
    try:
        site = f"http://127.0.0.1:{port}"
        _wait(f"{site}/robots.txt")
        print(f"{'web processes':<26}{'PSS MB':>10}{'its own MB':>12}")
        _tell("just started", server.pid)
        asked, failed = _ask_all(site)
        _tell(f"after {asked:,} answers", server.pid)
        if failed:
            print(f"(not found: {', '.join(sorted(failed))})")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait(address: str) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The site did not start; its output is above.")


def _ask_all(site: str) -> tuple[int, set[str]]:
    """Ask for some addresses of each kind again and again; a query makes each page new. Give how many, and what failed."""
    places = urllib.request.urlopen(f"{site}/sitemap.xml", timeout=60).read().decode()
    kinds: dict[str, list[str]] = defaultdict(list)
    for path in re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", places):
        parts = path.strip("/").split("/")
        kinds["/".join((parts[0], str(len(parts)), *parts[2:3]))].append(path)
    paths = [path for found in kinds.values() for path in found[:EACH]] + list(FILES)
    count, failed = 0, set()
    for turn in range(ROUNDS):
        for path in paths:
            try:
                anew = "" if path in FILES or path.startswith(NO_QUERY) else f"?turn={turn}"
                urllib.request.urlopen(f"{site}{path}{anew}", timeout=60).read()
                count += 1
            except urllib.error.HTTPError:
                failed.add(path)
    return count, failed


def _tell(label: str, master: int) -> None:
    """Print what the processes of the web server hold, from the system's own account."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    for number, worker in enumerate(children, start=1):
        held = Path(f"/proc/{worker}/smaps_rollup").read_text(encoding="ascii")
        size = {
            name: int(value) / 1024 for name, value in re.findall(r"^(\w+):\s+(\d+) kB", held, re.MULTILINE)
        }
        own = size["Private_Clean"] + size["Private_Dirty"]
        print(f"{f'{label}, {number}':<26}{size['Pss']:>10.0f}{own:>12.0f}")


if __name__ == "__main__":
    main()
