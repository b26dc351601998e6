"""`make bench-imports`: how long loading a large official file takes, beside the bare readers. Measures; never judges.

A file of 14 yearly sheets and some 340,000 rows is made at run time from one real year (OFFICIAL_FILES names the folder with
`prc-pfa-mar2013-onwards-tables201718.csv`), with its quirks: padded numbers, `-00 ` for nought, repeated rows of homicide.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

YEARS = range(2012, 2026)
REAL = "prc-pfa-mar2013-onwards-tables201718.csv"
PEOPLE = "LAD23_Mid_Year_pop_2011_to_2023.xlsx"


def main() -> None:
    """Make the files, measure each in a process of its own, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument(
        "--repeat", type=int, default=3, help="times each is measured; the best counts (default 3)"
    )
    parser.add_argument(
        "--only", default="", help="measure one thing in this process (used by the command itself)"
    )
    parser.add_argument("files", nargs="*", type=Path)
    chosen = parser.parse_args()
    if chosen.only:
        measure(chosen.only, chosen.files, chosen.repeat)
        return
    folder = os.environ.get("OFFICIAL_FILES", "")
    if not folder or not (Path(folder) / REAL).exists():
        sys.exit(f"OFFICIAL_FILES has to name the folder that holds {REAL}.")
    with tempfile.TemporaryDirectory() as made:
        as_csv, as_ods = Path(made) / "crime.csv", Path(made) / "crime.ods"
        # A process begins with the peak of the one that started it, so that this one must stay small.
        rows = int(own_process("make", Path(folder) / REAL, 1, as_csv, as_ods)["rows"])
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} processors; {rows:,} rows in {len(YEARS)} sheets"
        )
        print(f"CSV {as_csv.stat().st_size / 1e6:.1f} MB, ODS {as_ods.stat().st_size / 1e6:.1f} MB\n")
        bare = {
            kind: own_process(f"bare-{kind}", path, chosen.repeat)
            for kind, path in (("csv", as_csv), ("ods", as_ods))
        }
        full = {
            kind: own_process(f"load-{kind}", path, chosen.repeat)
            for kind, path in (("csv", as_csv), ("ods", as_ods))
        }
        print(f"{'':<34}{'CSV':>9}{'ODS':>9}")
        for label, name in (
            ("bare reader, seconds", "bare"),
            ("the same as dictionaries (CSV)", "dictionaries"),
            ("read, parsed, matched", "read"),
            ("and counts in the database", "counts"),
            ("and figures worked out: end to end", "load"),
            ("the same file again", "again"),
        ):
            cells = [bare[kind].get(name, full[kind].get(name, 0.0)) for kind in ("csv", "ods")]
            print(f"{label:<34}{cells[0]:>9.2f}{cells[1]:>9.2f}")
        for label, name, target in (
            ("end to end ÷ bare reader", "load", {"csv": 3.0, "ods": 2.0}),
            ("counts in the database ÷ bare", "counts", {"csv": 3.0, "ods": 2.0}),
            ("the same file again ÷ first time", "again", {"csv": 0.2, "ods": 0.2}),
        ):
            for kind in ("csv", "ods"):
                below = full[kind]["load"] if name == "again" else bare[kind]["bare"]
                print(
                    f"{label + ', ' + kind.upper():<40}{full[kind][name] / below:>7.2f}   (wanted: at most {target[kind]})"
                )
        for kind in ("csv", "ods"):
            ratio = full[kind]["peak"] / bare[kind]["peak"]
            print(
                f"{'peak memory ÷ bare reader, ' + kind.upper():<40}{ratio:>7.2f}   "
                f"({full[kind]['peak']:.0f} MB, {bare[kind]['peak']:.0f} MB; wanted: at most 1.5)"
            )


def own_process(what: str, path: Path, repeat: int, *others: Path) -> dict[str, float]:
    """Measure in a process of its own, so that its peak of memory is its own."""
    command = [
        sys.executable,
        "-m",
        "bench.imports",
        "--only",
        what,
        "--repeat",
        str(repeat),
        str(path),
        *map(str, others),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    found = dict(line.split("=") for line in done.stdout.splitlines() if "=" in line)
    return {name: float(value) for name, value in found.items()}


def make(real: Path, as_csv: Path, as_ods: Path) -> int:
    """Repeat one real year fourteen times under other years' names; no count is invented, and none is shown anywhere."""
    with real.open(newline="", encoding="utf-8-sig") as file:
        header, *lines = list(csv.reader(file))
    count = 0
    with as_csv.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for year in YEARS:
            label = f"{year}/{(year + 1) % 100:02}"
            for row in lines:
                writer.writerow([label, *row[1:]])
                count += 1
    with zipfile.ZipFile(as_ods, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        with archive.open("content.xml", "w", force_zip64=True) as out:
            out.write(HEAD.encode())
            for sheet in ("Cover_sheet", "Notes_"):
                out.write(f'<table:table table:name="{sheet}">{_row([sheet])}</table:table>'.encode())
            for year in YEARS:
                label = f"{year}/{(year + 1) % 100:02}"
                out.write(f'<table:table table:name="{year}_{(year + 1) % 100:02}">{_row(header)}'.encode())
                piece = [_row([label, *row[1:]]) for row in lines]
                out.write("".join(piece).encode())
                # As spreadsheets do: the rest of the sheet as one empty row, repeated.
                out.write(
                    b'<table:table-row table:number-rows-repeated="1025000"><table:table-cell'
                    b' table:number-columns-repeated="16384"/></table:table-row></table:table>'
                )
            out.write(TAIL.encode())
    return count


HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"


def _row(cells: list[str]) -> str:
    """Write a row as spreadsheets write it: numbers with their value, texts as paragraphs, padding behind."""
    return (
        '<table:table-row table:style-name="ro1">'
        + "".join(_cell(cell) for cell in cells)
        + '<table:table-cell table:number-columns-repeated="16376"/></table:table-row>'
    )


def _cell(cell: str) -> str:
    plain = cell.strip()
    if plain == "-00":
        plain = "0"
    if plain.lstrip("-").isdigit() and plain == cell.strip():
        return (
            f'<table:table-cell table:style-name="ce1" office:value-type="float" office:value="{plain}">'
            f"<text:p>{plain}</text:p></table:table-cell>"
        )
    return f'<table:table-cell table:style-name="ce1" office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def measure(what: str, files: list[Path], repeat: int) -> None:
    """Measure one thing and print it as name=value."""
    kind, path = what.partition("-")[2], files[0]
    if what == "make":
        print(f"rows={make(*files)}")
        return
    if what.startswith("bare"):
        best = min(timed(lambda: bare(kind, path)) for _ in range(repeat))
        print(f"bare={best}")
        if kind == "csv":
            print(f"dictionaries={min(timed(lambda: as_dictionaries(path)) for _ in range(repeat))}")
        print(f"peak={peak_megabytes()}")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    import django

    django.setup()
    load(path, repeat)
    print(f"peak={peak_megabytes()}")


def bare(kind: str, path: Path) -> int:
    """Read every row with the bare reader and do nothing with it."""
    if kind == "csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            return sum(1 for _row in csv.reader(file))
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return sum(1 for name in book.sheet_names for _row in book.get_sheet_by_name(name).iter_rows())


def as_dictionaries(path: Path) -> int:
    """Read every row of a CSV by its columns' names, as most importers do."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return sum(1 for _row in csv.DictReader(file))


def load(path: Path, repeat: int) -> None:
    """Load into an empty database with the record and the people, and take it back, again and again."""
    from datetime import date

    from django.db import connection

    from bench.__main__ import scratch_database
    from grades.dates import PartialDate, Precision
    from grades.importers.official import loading
    from grades.importers.official.facts import Wishes
    from grades.importers.official.undoing import undo
    from grades.importers.seed import load_seed

    wishes = Wishes(released=PartialDate(date(2026, 7, 23), Precision.DAY), edition="measured")
    with scratch_database():
        connection.close()
        if not (child := os.fork()):  # what preparing needs of memory is not what loading needs
            load_seed()
            loading.load(Path(os.environ["OFFICIAL_FILES"]) / PEOPLE, Wishes())
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit("The record could not be loaded.")
        found: dict[str, list[float]] = {"read": [], "counts": [], "load": [], "again": []}
        for _ in range(repeat):
            steps: list[tuple[str, float]] = []
            started = time.perf_counter()
            done = loading.load(path, wishes, progress=lambda step: steps.append((step, time.perf_counter())))  # noqa: B023  called before the next round
            found["load"].append(time.perf_counter() - started)
            at = dict(steps)
            found["read"].append(at["compare"] - started)
            found["counts"].append(at["work out"] - started)
            started = time.perf_counter()
            try:
                loading.load(path, wishes)
            except loading.AlreadyLoaded:
                found["again"].append(time.perf_counter() - started)
            if done.run is not None:
                undo(done.run.pk)
        for name, seconds in found.items():
            print(f"{name}={min(seconds)}")


def timed(do: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def peak_megabytes() -> float:
    """Give the most memory that this process has held; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
