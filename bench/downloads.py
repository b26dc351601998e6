"""`make bench-downloads`: how fast the files of the whole record are sent, and what memory that takes. Measures; never judges.

In a database of its own, dropped at the end, the record is made larger: each force with its inspections, reports, grades,
sources, findings and figures is copied as often as is wanted. What is measured is what the view sends, from the first question to the last piece.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from pathlib import Path

import django
from django.db import connection

from bench.__main__ import scratch_database, since
from bench.growing import grow_forces


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.downloads", description=__doc__)
    parser.add_argument(
        "--copies", type=int, default=55, help="of each force (default 55: some 100,000 grades)"
    )
    parser.add_argument("--repeat", type=int, default=5, help="times each file is made (default 5)")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    django.setup()
    print(f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()} processors")
    with scratch_database():
        from grades.importers.seed import load_seed

        load_seed()
        print_files(chosen.repeat, "the record as it is")
        started = time.perf_counter()
        grow_forces(chosen.copies)
        print(f"\n{chosen.copies} copies of each force made in {since(started):.0f} s")
        print_files(chosen.repeat, "the larger record")


def print_files(repeat: int, label: str) -> None:
    """Make each file again and again, and print rows a second."""
    from django.utils import timezone

    from grades import datasets, exports, queries

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself after a while
    columns = f"{'rows':>10}{'MB':>8}{'first ms':>10}{'seconds':>9}{'rows/s':>10}{'processor s':>13}{'rows/s':>10}{'grew MB':>9}"
    print(f"\n{label:<24}{columns}")
    for dataset in datasets.DATASETS:
        before, grew, times, worked, first, rows, size = resident_megabytes(), 0.0, [], [], [], 0, 0
        for _ in range(repeat):
            started, busy, rows, size = time.perf_counter(), processor_seconds(), -1, 0
            lines = queries.csv_lines(dataset, at=timezone.now(), licence="Open Government Licence v3.0")
            for piece in exports.csv_pieces(dataset, lines):
                first += [since(started) * 1000] if not size else []
                rows, size = rows + piece.count(b"\n"), size + len(piece)
                grew = max(grew, resident_megabytes() - before)
            times.append(since(started))
            worked.append(max(processor_seconds() - busy, 0.01))
        middle, work = statistics.median(times), statistics.median(worked)
        print(
            f"{dataset.slug:<24}{rows:>10,}{size / 1e6:>8.1f}{statistics.median(first):>10.0f}{middle:>9.2f}"
            f"{rows / middle:>10,.0f}{work:>13.2f}{rows / work:>10,.0f}{grew:>9.1f}"
        )


def processor_seconds() -> float:
    """Give the processor time of this process and of its server process, which a busy machine does not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    after_name = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK") + time.process_time()


def resident_megabytes() -> float:
    """Give the memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
