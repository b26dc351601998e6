"""`make bench-growth`: does a force's page grow slower as others grow? Measures; never judges, never a test.

In a database of its own, dropped at the end: a force's page as it is, then with a hundred times as many other forces, then
with a hundred releases of every figure too. Each page is made anew; time is that of this process and of waiting for the
database together, and beside it that of this process alone, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time

import django
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.__main__ import MADE_ANEW, PLAIN_STATIC_FILES, scratch_database, since
from bench.growing import grow_forces, grow_releases

FORCES = ("warwickshire", "metropolitan", "dyfed-powys")


def main() -> None:
    """Measure, grow, measure again, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument(
        "--copies", type=int, default=99, help="of each force and release (default 99: 100 times)"
    )
    parser.add_argument("--repeat", type=int, default=30, help="requests for each page (default 30)")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    django.setup()
    print(f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()} processors")
    with scratch_database(), override_settings(STORAGES=PLAIN_STATIC_FILES, CACHES=MADE_ANEW, DEBUG=False):
        from grades.importers.seed import load_seed

        load_seed()
        print(
            f"\n{'force page':<22}{'forces':>8}{'figures':>11}{'queries':>9}{'median ms':>11}{'of it here':>12}{'ratio':>7}"
        )
        first = measure("as it is", chosen.repeat)
        started = time.perf_counter()
        grow_forces(chosen.copies)
        measure("more forces", chosen.repeat, first)
        grow_releases(chosen.copies)
        measure("more releases too", chosen.repeat, first)
        print(
            f"({chosen.repeat} requests for each of {', '.join(FORCES)}; grown in {since(started):.0f} s with measuring)"
        )


def measure(label: str, repeat: int, first: float = 0.0) -> float:
    """Ask for the pages of three forces in turn, print a line, and give the median in milliseconds."""
    from grades.models import Force, Observation

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself after a while
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    pages = [reverse("force-detail", args=[slug]) for slug in FORCES]
    for page in pages:
        client.get(page)
    with CaptureQueriesContext(connection) as captured:
        client.get(pages[0])
    queries = len(captured)  # the next request empties it
    whole, here = [], []
    for _round in range(repeat):
        for page in pages:
            started, own = time.perf_counter(), time.process_time()
            client.get(page)
            whole.append(since(started) * 1000)
            here.append((time.process_time() - own) * 1000)
    middle = statistics.median(whole)
    counts = f"{Force.objects.count():>8,}{Observation.objects.count():>11,}{queries:>9}"
    print(
        f"{label:<22}{counts}{middle:>11.1f}{statistics.median(here):>12.1f}{middle / (first or middle):>7.2f}"
    )
    return middle


if __name__ == "__main__":
    main()
