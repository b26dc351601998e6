"""`make bench-export`: the whole site as files, pages and other files a second, and which kinds weigh most. Measures; never judges.

A copy is made of a record of its own, dropped at the end, into a folder of its own, by as many processes as there are
processors. Seconds are those of the clock, so other work on the machine counts; the processor time of each kind of page does not
count it.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import django
from django.test import override_settings
from django.urls import Resolver404, resolve

from bench.__main__ import MADE_ANEW, scratch_database

PATH_OF_INDEX = "index.html"
TOP = 16


def main() -> None:
    """Copy, measure each kind, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.export", description=__doc__)
    processors = os.cpu_count() or 1
    parser.add_argument(
        "--processes", type=int, default=processors, help="how many render (default %(default)s)"
    )
    parser.add_argument("--samples", type=int, default=8, help="of each kind, timed apart (default 8)")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    django.setup()
    print(f"Python {platform.python_version()}, Django {django.get_version()}, {processors} processors")
    logging.disable(logging.WARNING)  # what the copy leads to and the site lacks is counted below
    with scratch_database(), tempfile.TemporaryDirectory() as folder, override_settings(CACHES=MADE_ANEW):
        from grades.importers.seed import load_seed

        load_seed()
        paths = copy(Path(folder), chosen.processes)
        weigh(paths, chosen.samples)


def copy(folder: Path, processes: int) -> list[str]:
    """Make the copy, print how fast, and give the paths that it holds."""
    from peel_site.static_copy.copying import MANIFEST, make_copy

    before = _worked()
    copied = make_copy(folder, version="bench", processes=processes)
    print(f"\n{'copy':<14}{'number':>9}{'seconds':>9}{'a second':>10}")
    for label, number, seconds in (
        ("pages", copied.pages, copied.page_seconds),
        ("other files", copied.files, copied.file_seconds),
    ):
        print(f"{label:<14}{number:>9,}{seconds:>9.1f}{number / seconds:>10.1f}")
    print(
        f"({processes} processes, {_worked() - before:.0f} s of processor time; {len(copied.faults)} broken links)"
    )
    names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return [f"/{name.removesuffix(PATH_OF_INDEX)}" for name in names]


def _worked() -> float:
    """Give the processor time of this process and of those that it has seen the end of."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def weigh(paths: Sequence[str], samples: int) -> None:
    """Time some of each kind of page in this process alone, and print the kinds that weigh most."""
    from peel_site.static_copy.copying import is_page

    kinds = _kinds([path for path in paths if is_page(path)])
    times = {kind: _milliseconds(found, samples) for kind, found in kinds.items()}
    whole = {kind: times[kind] * len(found) for kind, found in kinds.items()}
    total = sum(whole.values())
    print(f"\n{'kind of page':<24}{'number':>8}{'ms each':>9}{'share':>8}")
    for kind in sorted(kinds, key=lambda kind: -whole[kind])[:TOP]:
        print(f"{kind:<24}{len(kinds[kind]):>8,}{times[kind]:>9.1f}{whole[kind] / total:>8.1%}")
    count = sum(map(len, kinds.values()))
    print(
        f"(processor time, median of {samples}; {total / count:.1f} ms a page, {count / total * 1000:.1f} pages a second of it)"
    )


def _kinds(paths: Sequence[str]) -> Mapping[str, list[str]]:
    """Put paths together by the name of their view."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        try:
            kinds[resolve(path).view_name].append(path)
        except Resolver404:
            continue
    return kinds


def _milliseconds(paths: Sequence[str], samples: int) -> float:
    """Give the median processor time of a page, after a first one."""
    from peel_site.static_copy.copying import ask

    chosen = random.Random(1).sample(paths, min(samples, len(paths)))
    ask(chosen[0])
    times = []
    for path in chosen:
        started = time.process_time()
        ask(path)
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
