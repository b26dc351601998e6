"""`make bench`: how long pages, pictures, publishing and the seed take here, in one table. Measures; never judges, never a test.

Everything happens in this process, on the embedded server, in a database of its own that is dropped at the end: pages
through Django's test client, warm, without any cache in front.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

if TYPE_CHECKING:
    from grades.charts import ChartSpec

DATABASE = f"bench_{os.getpid()}"
PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("home", "home", ()),
    ("forces", "force-list", ()),
    ("force", "force-detail", ("warwickshire",)),
    ("inspection", "inspection-detail", ("warwickshire", "2015")),
    ("cycle", "cycle-detail", ("2023-25",)),
    ("coverage", "coverage", ()),
    ("about/grades", "about-grades", ()),
    ("theme", "theme-detail", ("investigating-crime",)),
    ("metric", "metric-detail", ("recorded-crime",)),
    ("force metric", "force-metric", ("warwickshire", "recorded-crime")),
    ("history.svg", "history-svg", ("warwickshire",)),
)
"""What is measured: its label, the name of its address, and the arguments."""

PLAIN_STATIC_FILES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""Addresses of static files without collecting them first."""

MADE_ANEW = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
"""No answer is kept, so that each is made for its request."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--repeat", type=int, default=30, help="requests for each page (default 30)")
    repeat = parser.parse_args().repeat
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    django.setup()
    # Static files are not collected for this; nobody asks for one.
    warnings.filterwarnings("ignore", message="No directory at")
    print(f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()} processors")
    with scratch_database(), override_settings(STORAGES=PLAIN_STATIC_FILES, CACHES=MADE_ANEW, DEBUG=False):
        measure_seed()
        measure_pages(repeat)
        measure_pictures(repeat)
        measure_publishing(repeat)
    print(f"\nPeak memory of this process: {peak_megabytes():.0f} MB")


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make an empty, migrated database beside the real one, and drop it in the end."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    started = time.perf_counter()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    made = since(started)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        print(f"PostgreSQL {cursor.fetchone()[0]}, an empty database made in {made:.2f} s")
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure_seed() -> None:
    """Load the record twice."""
    from grades.importers.seed import load_seed

    print(f"\n{'seed':<16}{'seconds':>9}{'added':>9}{'unchanged':>11}")
    for label in ("first load", "repeated"):
        started = time.perf_counter()
        tally = load_seed().tally
        print(f"{label:<16}{since(started):>9.2f}{tally.created:>9,}{tally.unchanged:>11,}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself after a while


def measure_pages(repeat: int) -> None:
    """Ask for each kind of page again and again."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    columns = ("median ms", "slowest ms", "queries", "bytes", "gzip bytes")
    print(f"\n{'page':<16}" + "".join(f"{column:>12}" for column in columns))
    for label, name, arguments in PAGES:
        address = reverse(name, args=arguments)

        def ask(address: str = address) -> bytes:
            response = client.get(address)
            if response.status_code != 200:
                sys.exit(f"{address} answers {response.status_code}")
            return response.content

        content = ask()
        with CaptureQueriesContext(connection) as captured:
            ask()
        queries = len(captured)  # the next request empties it
        times = [milliseconds(ask) for _ in range(repeat)]
        print(
            f"{label:<16}{statistics.median(times):>12.1f}{max(times):>12.1f}{queries:>12}"
            f"{len(content):>12,}{len(gzip.compress(content, 6)):>12,}"
        )
    print(f"({repeat} requests for each page, after a first one)")


def pictures() -> dict[str, ChartSpec]:
    """Build one picture of each kind from the record; `share` has no real figures yet."""
    from django.utils import timezone

    from grades import charts, queries
    from grades.views.pages import moment
    from grades.views.pictures import metric_map, printed_picture, theme_map

    now = timezone.now()
    force = queries.force_page(slug="warwickshire", **moment())
    cycle = queries.cycle_page(slug="2023-25", at=now)
    metric = queries.metric_page(slug="recorded-crime", at=now)
    theme = queries.theme_page(slug="investigating-crime", at=now)
    series = force.metric("recorded-crime") if force else None
    if not (force and cycle and metric and theme and series):
        sys.exit("The record lacks what is to be drawn.")
    found = {
        "grade history": charts.grade_history(history=force.history),
        "grade spread": charts.grade_spread(cycle=cycle.cycle, spreads=cycle.spreads),
        "trend": charts.trend(series=series),
        "ranking": charts.ranking(ranking=metric.ranking),
        "map of grades": theme_map(theme),
        "map of figures": metric_map(metric),
        **{f.block: printed_picture(f, force=force.force.short_name) for f in force.printed},
    }
    return {name: spec for name, spec in found.items() if spec is not None}


def measure_pictures(repeat: int) -> None:
    """Draw each picture again and again, as SVG and as PNG."""
    from grades.charts.render_png import render_png
    from grades.charts.render_svg import render_svg

    print(f"\n{'picture':<16}{'SVG ms':>12}{'PNG ms':>12}{'gzip bytes':>12}")
    for name, spec in pictures().items():

        def as_svg(spec: ChartSpec = spec) -> str:
            return render_svg(spec)

        def as_png(spec: ChartSpec = spec) -> bytes:
            return render_png(spec)

        as_svg(), as_png()
        svg = statistics.median(milliseconds(as_svg) for _ in range(repeat))
        png = statistics.median(milliseconds(as_png) for _ in range(repeat))
        print(f"{name:<16}{svg:>12.1f}{png:>12.1f}{len(gzip.compress(as_svg().encode(), 6)):>12,}")


def measure_publishing(repeat: int) -> None:
    """Submit and approve a whole inspection of the newest full cycle again and again, on the whole record."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from grades.models import Finding, Inspection, Membership
    from grades.publishing import approve, checklist, submit

    found = Inspection.objects.get(force__slug="warwickshire", cycle__slug="2023-25", kind="peel")
    steps: dict[str, list[float]] = {"submit": [], "approve": []}
    for _round in range(repeat):
        with transaction.atomic():
            author, second = (User.objects.create(username=f"bench-{n}", is_staff=True) for n in (1, 2))
            Membership.objects.bulk_create(
                Membership(user=person, role="national-editor") for person in (author, second)
            )
            Inspection.objects.filter(pk=found.pk).update(status="draft", published_at=None)
            Finding.objects.filter(inspection=found).update(status="draft", published_at=None)
            found.refresh_from_db()
            now = timezone.now()
            reasons = {item.code: "A trial." for item in checklist(found, now.date()).warnings}
            started = time.perf_counter()
            submission = submit(record=found, by=author, now=now, reasons=reasons)
            steps["submit"].append(since(started) * 1000)
            started = time.perf_counter()
            approve(submission=submission, by=second, now=now)
            steps["approve"].append(since(started) * 1000)
            transaction.set_rollback(True)
    print(f"\n{'publishing':<16}{'median ms':>12}{'slowest ms':>12}")
    for step, times in steps.items():
        print(f"{step:<16}{statistics.median(times):>12.1f}{max(times):>12.1f}")


def milliseconds(ask: Callable[[], object]) -> float:
    """Time one request."""
    started = time.perf_counter()
    ask()
    return since(started) * 1000


def since(started: float) -> float:
    """Give the seconds since a moment."""
    return time.perf_counter() - started


def peak_megabytes() -> float:
    """Give the most memory that this process has held; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
