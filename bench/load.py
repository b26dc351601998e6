"""`make bench-load`: requests a second under load, each beside something to hold it against. Measures; never judges.

The processes are those of `make stack`; the load is wrk's. In each round everything is asked in turn, so that what the machine
does besides falls on all alike; medians of the ratios within a round are printed.

Behind nginx: public pages that it holds, beside another nginx that serves the same bytes as files. Straight from one gunicorn
(two processes), with whole answers that Valkey or Redis keeps: the table of a theme, beside a page of datasette with the grades of
one question of that theme, a row a force; then 304s, beside the whole answers. datasette (one process, as it runs; the file
immutable and indexed, suggestions of facets off, which is how it is fastest) is installed into a folder of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import http.client
import io
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.stack import ROOT, Stack, StackError, need

FOLDER = ROOT / ".data" / "bench"
DATASETTE = "datasette==0.65.5"
FORCES = 43
PAGES = ("/forces/warwickshire/", "/themes/investigating-crime/", "/")
TABLE = "/themes/investigating-crime/"
COLUMNS = (
    "force",
    "force_name",
    "cycle",
    "pillar",
    "question",
    "question_title",
    "state_words",
    "grade_words",
)
"""What datasette shows of each force: about what our table does."""

CONNECTIONS = 32
ACCEPTED = {"Host": "localhost", "Accept-Encoding": "gzip, deflate, br"}
"""What a browser says it takes."""

Headers = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked again and again: of whom, with which headers, and which answer is right."""

    label: str
    port: int
    path: str
    headers: Headers
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two things to hold against each other, and what the first should be at least, in times of the second."""

    ours: Asked
    other: Asked
    wanted: float


def main() -> None:
    """Start everything, ask it in turns, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument(
        "--seconds", type=int, default=5, help="of load for each thing in a round (default 5)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="medians are shown (default 3)")
    parser.add_argument("--port", type=int, default=18_700, help="the first of six that are free")
    chosen = parser.parse_args()
    try:
        wrk = need("wrk")
        stack = Stack(FOLDER / "stack", chosen.port)
        try:
            stack.start()
            with static_files(stack, chosen.port + 4), datasette(stack, chosen.port + 5) as table:
                report(
                    wrk, pairs(stack, chosen.port + 4, chosen.port + 5, table), chosen.seconds, chosen.rounds
                )
        finally:
            stack.stop()
    except StackError as error:
        sys.exit(str(error))


def pairs(stack: Stack, static_port: int, datasette_port: int, table: str) -> list[Pair]:
    """Say what is held against what."""
    web = stack.web_ports[0]
    name = answer(web, TABLE, ACCEPTED)[1]["ETag"]
    whole = Asked(label=f"gunicorn, whole answers, {TABLE}", port=web, path=TABLE, headers=ACCEPTED)
    unchanged = Asked(
        label=f"gunicorn, 304s, {TABLE}",
        port=web,
        path=TABLE,
        headers={**ACCEPTED, "If-None-Match": name},
        status=304,
    )
    rival = Asked(
        label="datasette, 43 rows of the same grades", port=datasette_port, path=table, headers=ACCEPTED
    )
    return [
        *(
            Pair(
                ours=Asked(label=f"stack's nginx, {path}", port=stack.port, path=path, headers=ACCEPTED),
                other=Asked(
                    label="  the same bytes as a file", port=static_port, path=f"/{number}", headers=ACCEPTED
                ),
                wanted=0.8,
            )
            for number, path in enumerate(PAGES)
        ),
        Pair(ours=whole, other=rival, wanted=20),
        Pair(ours=unchanged, other=whole, wanted=2),
    ]


def report(wrk: str, found: list[Pair], seconds: int, rounds: int) -> None:
    """Ask everything in each round, and print requests a second and ratios."""
    every = {(one.label, one.port, one.path): one for pair in found for one in (pair.ours, pair.other)}
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {rounds} rounds of {seconds} s each")
    for one in every.values():
        status, _headers, body = answer(one.port, one.path, one.headers)
        if status != one.status:
            raise StackError(f"{one.label} answers {status}, not {one.status}.")
        print(f"  {one.label}: {status}, {len(body):,} bytes")
    rates: dict[tuple[str, int, str], list[float]] = {key: [] for key in every}
    for number in range(rounds):
        for key, one in list(every.items())[:: -1 if number % 2 else 1]:
            rates[key].append(requests_a_second(wrk, one, seconds))
    print(f"\n{'':<52}{'requests/s':>12}{'ratio':>8}{'least':>8}{'most':>8}{'wanted':>9}")
    for pair in found:
        ours, other = (rates[one.label, one.port, one.path] for one in (pair.ours, pair.other))
        ratios = [mine / yours for mine, yours in zip(ours, other, strict=True)]
        print(f"{pair.other.label:<52}{statistics.median(other):>12,.0f}")
        print(
            f"{pair.ours.label:<52}{statistics.median(ours):>12,.0f}{statistics.median(ratios):>8.2f}"
            f"{min(ratios):>8.2f}{max(ratios):>8.2f}{f'≥ {pair.wanted:g}':>9}"
        )


def requests_a_second(wrk: str, one: Asked, seconds: int) -> float:
    """Have wrk ask; any error ends the benchmark, because errors are answered faster than pages."""
    headers = [word for name, value in one.headers.items() for word in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        [
            *(wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s"),
            *("--timeout", "10s", *headers, f"http://127.0.0.1:{one.port}{one.path}"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    if trouble := re.search(r"Socket errors:.*|Non-2xx.*", done.stdout):
        raise StackError(f"{one.label}: {trouble[0]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if rate is None:
        raise StackError(f"wrk says of {one.label}: {done.stdout}")
    return float(rate[1])


def answer(port: int, path: str, headers: Headers) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Ask once."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as site:
        site.request("GET", path, headers=headers)
        got = site.getresponse()
        return got.status, got.headers, got.read()


STATIC = """\
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    default_type "text/html; charset=utf-8";
    server_tokens off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 30s;
    log_format plain escape=json
        '{{"time":"$time_iso8601","logger":"nginx","method":"$request_method","path":"$uri","status":$status,'
        '"bytes":$body_bytes_sent,"seconds":$request_time}}';
    access_log /dev/stdout plain;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        add_header Content-Encoding br;
        add_header Cache-Control "public, max-age=60";
    }}
}}
"""
"""Set as the stack's nginx is, with a log of the same kind, but with files."""


@contextlib.contextmanager
def static_files(stack: Stack, port: int) -> Iterator[None]:
    """Serve what the stack's nginx gives of each page, byte for byte, as files."""
    folder = FOLDER / "static"
    (folder / "files").mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(PAGES):
        (folder / "files" / str(number)).write_bytes(answer(stack.port, path, ACCEPTED)[2])
    conf = folder / "nginx.conf"
    conf.write_text(
        STATIC.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            port=port,
        )
    )
    with running([need("nginx"), "-e", "stderr", "-c", str(conf), "-g", "daemon off;"], port, "/0"):
        yield


@contextlib.contextmanager
def datasette(stack: Stack, port: int) -> Iterator[str]:
    """Have datasette show the grades; give the address of a page with a row for each force."""
    home = FOLDER / "datasette"
    if not (home / "bin" / "datasette").exists():
        print(f"Installing {DATASETTE} into {home}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", DATASETTE], check=True)
    database = FOLDER / "grades.db"
    table = write_grades(
        answer(stack.port, "/data/grades.csv", {"Host": "localhost"})[2].decode("utf-8-sig"), database
    )
    words = [str(home / "bin" / "datasette"), "serve", "--immutable", str(database), "--port", str(port)]
    with running([*words, "--setting", "suggest_facets", "off"], port, "/"):
        yield table


def write_grades(text: str, database: Path) -> str:
    """Put the grades into a file of SQLite; give the address of the table of one question of the theme that our page shows."""
    rows = list(csv.DictReader(io.StringIO(text)))
    theme = TABLE.strip("/").rpartition("/")[2]
    columns = [name for name in COLUMNS if name in rows[0]]
    about = [(row["cycle"], row["pillar"], row["question"]) for row in rows if row["theme"] == theme]
    cycle, pillar, question = next(one for one in reversed(about) if about.count(one) == FORCES)
    database.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(database)) as into, into:
        into.execute(f"CREATE TABLE grades ({', '.join(columns)})")
        into.executemany(
            f"INSERT INTO grades VALUES ({', '.join('?' * len(columns))})",
            [[row[name] for name in columns] for row in rows],
        )
        into.execute("CREATE INDEX one_question ON grades (cycle, pillar, question)")
    return f"/grades/grades?cycle={cycle}&pillar={pillar}&question={question}"


@contextlib.contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[None]:
    """Run a server until it is not needed any more."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _time in range(150):
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer(port, path, ACCEPTED)
                break
            time.sleep(0.2)
        else:
            raise StackError(f"{command[0]} does not answer on port {port}.")
        yield
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
