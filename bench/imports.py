"""`make bench-imports`: how long loading a large official file takes, beside the bare readers. Measures; never judges.

A recorded crime file of 14 yearly sheets and some 340,000 rows is made at run time from one real year (OFFICIAL_FILES names the
folder with `prc-pfa-mar2013-onwards-tables201718.csv`). Times: reading alone and loading take turns in one process, and the
median of the ratios of neighbours counts, so that a busy machine slows both. Memory: each in a process of its own, whose peak is
its own, with reading alone twice, in a bare Python and in one that has Django loaded as ours has.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

REAL = "prc-pfa-mar2013-onwards-tables201718.csv"
PEOPLE = "LAD23_Mid_Year_pop_2011_to_2023.xlsx"
KINDS = ("csv", "ods")
WANTED = {"csv": 3.0, "ods": 2.0}
"""At most this many times as long as reading alone."""

STEPS = (
    ("reading alone", "bare"),
    ("read, parsed, matched", "read"),
    ("and counts written", "counts"),
    ("and figures, report, commit: end to end", "load"),
    ("processor time of ours in that", "own"),
    ("processor time of the server in that", "server"),
    ("the same file again", "again"),
)


def main() -> None:
    """Make the files and a database, measure each thing in a process of its own, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="turns; medians are shown (default 5)")
    parser.add_argument("--skip-rival", action="store_true", help="leave django-import-export out")
    parser.add_argument("--only", default="", help="one thing in this process (used by the command itself)")
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args()
    if chosen.only:
        ONLY[chosen.only](chosen.repeat, *chosen.files)
        return
    folder = os.environ.get("OFFICIAL_FILES", "")
    if not folder or not (Path(folder) / REAL).exists():
        sys.exit(f"OFFICIAL_FILES has to name the folder that holds {REAL}.")
    with tempfile.TemporaryDirectory() as made:
        files = {kind: Path(made) / f"crime.{kind}" for kind in KINDS}
        # A process begins with the peak of the one that started it, so that this one must stay small.
        rows = int(own_process("make", 1, Path(folder) / REAL, *files.values())["rows"])
        print(f"Python {platform.python_version()}, {os.cpu_count()} processors; {rows:,} rows in 14 sheets")
        print(", ".join(f"{kind.upper()} {files[kind].stat().st_size / 1e6:.1f} MB" for kind in KINDS))
        with prepared_database() as database:
            for kind in KINDS:
                report(kind, files[kind], chosen.repeat, database)
            if not chosen.skip_rival:
                report_rival(files["csv"], database)


def report(kind: str, path: Path, repeat: int, database: str) -> None:
    """Print a kind's times, ratios and memory."""
    found = own_process("times", repeat, path, database=database)
    print(f"\n{kind.upper()}, medians of {repeat} turns{'seconds':>24}")
    for label, name in STEPS:
        print(f"{label:<42}{found[name]:>8.2f}")
    for label, name, most in (
        ("end to end ÷ reading alone", "ratio", WANTED[kind]),
        ("counts in the database ÷ reading alone", "counts_ratio", None),
        ("the same file again ÷ first time", "again_ratio", 0.2),
    ):
        wanted = f"   (wanted: at most {most})" if most else ""
        between = f"   from {found[f'{name}_least']:.2f} to {found[f'{name}_most']:.2f}"
        print(f"{label:<42}{found[name]:>8.2f}{between}{wanted}")
    ours = own_process("memory-load", 1, path, database=database)["peak"]
    for label, what in (
        ("in a bare Python", "memory-bare"),
        ("with Django loaded", "memory-django"),
    ):
        alone = own_process(what, 1, path)["peak"]
        shown = f"peak memory ÷ reading alone {label}"
        print(f"{shown:<46}{ours / alone:>4.2f}   {ours:.0f} MB, {alone:.0f} MB   (wanted: at most 1.5)")


def report_rival(path: Path, database: str) -> None:
    """Print how django-import-export does with the same CSV."""
    found = own_process("rival", 1, path, database=database)
    print(f"\ndjango-import-export, the same CSV in bulk: {found['rival']:.1f} s,")
    print(
        f"{found['rival'] / found['load']:.1f} times as long as ours ({found['load']:.1f} s, figures and all);"
        f" peak memory {found['peak']:.0f} MB"
    )


def own_process(what: str, repeat: int, *files: Path, database: str = "") -> dict[str, float]:
    """Run one of ONLY in a process of its own, so that its peak of memory is its own; give what it printed as name=value."""
    done = subprocess.run(
        command(what, repeat, *files),
        env=os.environ | {"BENCH_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    found = dict(line.split("=") for line in done.stdout.splitlines() if "=" in line)
    return {name: float(value) for name, value in found.items()}


def command(what: str, repeat: int, *files: Path) -> list[str]:
    """Give the command line that runs one of ONLY."""
    return [
        *(sys.executable, "-m", "bench.imports", "--only", what, "--repeat", str(repeat)),
        *map(str, files),
    ]


@contextmanager
def prepared_database() -> Iterator[str]:
    """Have another process make a database with the record and the people, and drop it in the end; give its name."""
    keeper = subprocess.Popen(
        command("keep", 1), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    if keeper.stdin is None or keeper.stdout is None:
        raise RuntimeError("a process with pipes has pipes")
    try:
        said = ""
        for line in keeper.stdout:
            if line.startswith("database="):
                said = line.strip().partition("=")[2]
                break
            print(line, end="")
        if not said:
            sys.exit("The record could not be loaded.")
        yield said
    finally:
        keeper.stdin.close()
        keeper.wait()


# What follows runs in processes of its own.


def make_files(_repeat: int, real: Path, as_csv: Path, as_ods: Path) -> None:
    """Make the files."""
    from bench.crime_file import make

    print(f"rows={make(real, as_csv, as_ods)}")


def keep_database(_repeat: int) -> None:
    """Make a database with the record and the people, say its name, and drop it when the other side goes."""
    start_django()
    from bench.__main__ import scratch_database
    from grades.importers.official import loading
    from grades.importers.official.facts import Wishes
    from grades.importers.seed import load_seed

    with scratch_database():
        load_seed()
        loading.load(Path(os.environ["OFFICIAL_FILES"]) / PEOPLE, Wishes())
        print(f"database={current_database()}", flush=True)
        sys.stdin.read()


def start_django() -> None:
    """Load Django, on the database that was prepared, if one was."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    import django
    from django.db import connection

    django.setup()
    if name := os.environ.get("BENCH_DATABASE"):
        connection.settings_dict["NAME"] = name


def current_database() -> str:
    """Give the name of the database that is connected."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return str(cursor.fetchone()[0])


def bare(path: Path) -> int:
    """Read every row with the bare reader and do nothing with it."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            return sum(1 for _row in csv.reader(file))
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return sum(1 for name in book.sheet_names for _row in book.get_sheet_by_name(name).iter_rows())


def measure_times(repeat: int, path: Path) -> None:
    """Read alone, load, load again and take back, in turns."""
    start_django()
    turns = [turn(path) for _ in range(repeat + 1)][1:]  # the first one warms up
    for name in turns[0]:
        print(f"{name}={statistics.median(one[name] for one in turns)}")
        if name.endswith("ratio"):
            print(f"{name}_least={min(one[name] for one in turns)}")
            print(f"{name}_most={max(one[name] for one in turns)}")


def turn(path: Path) -> dict[str, float]:
    """Measure reading alone, before and after, and a load between, in seconds; leave the database as it was."""
    from grades.importers.official import loading
    from grades.importers.official.undoing import undo

    before = timed(lambda: bare(path))
    at: dict[str, float] = {}
    server, own, started = server_seconds(), time.process_time(), time.perf_counter()
    done = loading.load(path, wishes(), progress=lambda step: at.setdefault(step, time.perf_counter()))
    found = {
        "load": time.perf_counter() - started,
        "own": time.process_time() - own,
        "server": server_seconds() - server,
        "read": at["compare"] - started,
        "counts": at["work out"] - started,
        "again": timed(lambda: load_again(path)),
    }
    found["bare"] = (before + timed(lambda: bare(path))) / 2
    if done.run is not None:
        undo(done.run.pk)
    return found | {
        "ratio": found["load"] / found["bare"],
        "counts_ratio": found["counts"] / found["bare"],
        "again_ratio": found["again"] / found["load"],
    }


def wishes() -> object:
    """Give what a person would say of the file."""
    from datetime import date

    from grades.dates import PartialDate, Precision
    from grades.importers.official.facts import Wishes

    return Wishes(released=PartialDate(date(2026, 7, 23), Precision.DAY), edition="measured")


def load_again(path: Path) -> None:
    """Load what is loaded already."""
    from grades.importers.official import loading

    try:
        loading.load(path, wishes())
    except loading.AlreadyLoaded:
        return
    raise RuntimeError("the same file was loaded twice")


def server_seconds() -> float:
    """Give the processor time of the server's process behind this connection; nought where the system does not tell."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not told.exists():
        return 0.0
    user, system = told.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_bare(_repeat: int, path: Path) -> None:
    """Read alone, in a process that has loaded nothing else."""
    bare(path)
    print(f"peak={peak_megabytes()}")


def memory_django(_repeat: int, path: Path) -> None:
    """Read alone, in a process that has loaded what ours has."""
    start_django()
    from grades.importers.official import loading  # noqa: F401  for its size

    bare(path)
    print(f"peak={peak_megabytes()}")


def memory_load(_repeat: int, path: Path) -> None:
    """Load once, and take it back."""
    start_django()
    from grades.importers.official import loading
    from grades.importers.official.undoing import undo

    done = loading.load(path, wishes())
    print(f"peak={peak_megabytes()}")
    if done.run is not None:
        undo(done.run.pk)


def measure_rival(_repeat: int, path: Path) -> None:
    """Load with django-import-export, after loading with ours."""
    start_django()
    from bench.rival import load_with_import_export
    from grades.importers.official import loading
    from grades.importers.official.undoing import undo

    started = time.perf_counter()
    done = loading.load(path, wishes())
    print(f"load={time.perf_counter() - started}")
    if done.run is not None:
        undo(done.run.pk)
    print(f"rival={timed(lambda: load_with_import_export(path))}")
    print(f"peak={peak_megabytes()}")


def timed(do: Callable[[], object]) -> float:
    """Time one call, in seconds."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def peak_megabytes() -> float:
    """Give the most memory that this process has held; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


ONLY: dict[str, Callable[..., None]] = {
    "make": make_files,
    "keep": keep_database,
    "times": measure_times,
    "memory-bare": memory_bare,
    "memory-django": memory_django,
    "memory-load": memory_load,
    "rival": measure_rival,
}
"""What one process measures."""


if __name__ == "__main__":
    main()
