"""Streaming a whole file: the database writes its lines, and they pass through in pieces, however many there are."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import connections, router, transaction
from django.db.models import QuerySet, Value
from psycopg import sql

from grades import datasets
from grades.datasets import Column, Dataset, Kind
from grades.models import DataVersion
from grades.queries.downloads.cells import Cells, Contents
from grades.queries.downloads.changes import all_changes
from grades.queries.downloads.figures import all_figures, all_metrics
from grades.queries.downloads.findings import all_findings, all_responses, all_steps
from grades.queries.downloads.framework import all_cycles, all_forces, all_questions, all_themes
from grades.queries.downloads.grades import all_grades, all_sources
from grades.queries.site import data_version
from grades.spreadsheets import FORMULA, safe

CONTENTS: Mapping[str, Callable[[datetime], Contents]] = {
    datasets.GRADES.slug: all_grades,
    datasets.GRADE_SOURCES.slug: all_sources,
    datasets.FINDINGS.slug: all_findings,
    datasets.FINDING_STEPS.slug: all_steps,
    datasets.RESPONSES.slug: all_responses,
    datasets.FIGURES.slug: all_figures,
    datasets.METRICS.slug: all_metrics,
    datasets.FORCES.slug: all_forces,
    datasets.CYCLES.slug: all_cycles,
    datasets.QUESTIONS.slug: all_questions,
    datasets.THEMES.slug: all_themes,
    datasets.CHANGES.slug: all_changes,
}
"""What each file holds at a moment, by its slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which rows of a file are wanted, by the cells of its own columns; all, where nothing is asked for."""

    cells: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def has(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row is wanted."""
        return all(row.get(name, "") in wanted for name, wanted in self.cells)


WHOLE = Part()


@contextmanager
def one_moment() -> Iterator[None]:
    """Show the record as it was at the first question within, however long the rest takes and whatever is published meanwhile.

    Within a transaction, which sees what it sees, this does nothing.
    """
    connection = connections[router.db_for_read(DataVersion)]
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def csv_lines(
    dataset: Dataset, *, at: datetime, licence: str, part: Part = WHOLE
) -> Iterator[bytes | memoryview]:
    """Give the rows of a file as CSV in UTF-8, one by one as they are asked for; the whole of it never lies in memory.

    Every row is under the licence of this name. A row is more than one line of text where a cell has several. Six queries at
    most, one of which is the file, and all of one moment.
    """
    with one_moment():
        contents = CONTENTS[dataset.slug](at)
        cells = contents.cells | {"licence": Value(licence)}
        asked = {f"asked_{name}": cells[name] for name, _values in part.cells}
        wanted = {f"asked_{name}__in": values for name, values in part.cells}
        rest = ({**row, "licence": licence} for row in contents.rest() if part.has(row))
        yield from _copied(dataset, contents.stored.alias(**asked).filter(**wanted), cells)
        yield from _lines(rest, dataset.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long a file is: rows below its headings, and bytes."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every file with its size, and the moment at which the record last changed; None for an empty one."""

    sizes: Mapping[str, Size]
    changed_at: datetime | None

    @property
    def rows(self) -> int:
        """Count the rows of all files."""
        return sum(size.rows for size in self.sizes.values())

    @property
    def bytes(self) -> int:
        """Give how long all files are together."""
        return sum(size.bytes for size in self.sizes.values())


_kept: dict[tuple[datetime, str], Mapping[str, Size]] = {}
"""The sizes of one version of the record under a licence of this name."""

_measuring = Lock()
"""A process answers in several threads: one of them measures, the others wait for what it finds."""


def catalogue(*, at: datetime, licence: str) -> Catalogue:
    """Say how long each file is. Files are measured once for each version of the record; otherwise this is one query."""
    version = data_version(at=at)
    if version is None:
        return Catalogue(sizes=_measure(at, licence), changed_at=None)
    with _measuring:
        if (version, licence) not in _kept:
            _kept.clear()
            _kept[version, licence] = _measure(at, licence)
        return Catalogue(sizes=_kept[version, licence], changed_at=version)


def _measure(at: datetime, licence: str) -> Mapping[str, Size]:
    found = {}
    for dataset in datasets.DATASETS:
        rows, size = 0, len(",".join(dataset.names)) + 1
        for line in csv_lines(dataset, at=at, licence=licence):
            rows, size = rows + 1, size + len(line)
        found[dataset.slug] = Size(rows=rows, bytes=size)
    return found


def _copied(dataset: Dataset, rows: QuerySet[Any], cells: Cells) -> Iterator[bytes | memoryview]:
    """Let the database write the lines of what is stored."""
    columns = dataset.columns
    select, params = rows.values_list(*(cells[column.name] for column in columns)).query.sql_with_params()
    places = [f"c{place}" for place in range(len(columns))]
    written = ", ".join(_written(column, place) for column, place in zip(columns, places, strict=True))
    copy_out = f"COPY (SELECT {written} FROM ({select}) AS line({', '.join(places)})) TO STDOUT (FORMAT csv)"  # noqa: S608  all of it is ours
    with connections[rows.db].cursor() as cursor, cursor.copy(cursor.mogrify(copy_out, params)) as lines:
        yield from lines


def _written(column: Column, place: str) -> str:
    """Say in SQL how a cell is written: text so that no spreadsheet runs it, nothing as nothing, numbers without needless noughts."""
    match column.kind:
        case Kind.TEXT | Kind.ADDRESS if not column.choices:
            return f"regexp_replace(NULLIF({place}, ''), {_FORMULA}, {_MADE_SAFE})"
        case Kind.NUMBER:
            return f"trim_scale({place})"
        case Kind.WHOLE | Kind.DATE:
            return place
        case _:
            return f"NULLIF({place}::text, '')"


_FORMULA = sql.quote(FORMULA).replace("%", "%%")
_MADE_SAFE = sql.quote(r"'\1")


def _lines(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterator[bytes]:
    """Write lines here."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(row.get(name, "")) for name in names])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else safe(str(value))
