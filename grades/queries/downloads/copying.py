"""Streaming a whole file: the database writes its lines, and they pass through in pieces, however many there are."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value
from psycopg import sql

from grades import datasets
from grades.datasets import Column, Dataset, Kind
from grades.queries.downloads import figures, findings, grades
from grades.queries.downloads.cells import Cells
from grades.queries.framework import framework, load_cycles
from grades.spreadsheets import FORMULA, safe

PIECE = 64 * 1024
"""Bytes that are sent at once."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file as the database writes it. `rest` gives rows that are derived and not stored; they come last."""

    dataset: Dataset
    stored: QuerySet[Any]
    cells: Cells
    rest: Callable[[], Iterable[Row]] = tuple


def download(dataset: Dataset, *, at: datetime, licence: str) -> Download:
    """Give what a file holds at a moment, every row under the licence of this name; three queries at most."""
    found = _MAKERS[dataset.slug](dataset, at)
    found.cells["licence"] = Value(licence)
    return found


def _grades(dataset: Dataset, at: datetime) -> Download:
    facts = framework(at=at)
    return Download(
        dataset=dataset,
        stored=grades.grades(at),
        cells=grades.grade_cells(at, facts),
        rest=lambda: grades.gaps(at, facts),
    )


def _sources(dataset: Dataset, at: datetime) -> Download:
    return Download(dataset=dataset, stored=grades.sources(at), cells=grades.source_cells())


def _findings(dataset: Dataset, at: datetime) -> Download:
    cells = findings.finding_cells(at, load_cycles(at=at))
    return Download(dataset=dataset, stored=findings.findings(at), cells=cells)


def _steps(dataset: Dataset, at: datetime) -> Download:
    return Download(dataset=dataset, stored=findings.steps(at), cells=findings.step_cells())


def _responses(dataset: Dataset, at: datetime) -> Download:
    return Download(dataset=dataset, stored=findings.responses(at), cells=findings.response_cells(at))


def _figures(dataset: Dataset, at: datetime) -> Download:
    return Download(dataset=dataset, stored=figures.figures(at), cells=figures.figure_cells(at))


def _metrics(dataset: Dataset, at: datetime) -> Download:
    return Download(dataset=dataset, stored=figures.metrics(), cells=figures.metric_cells())


_MAKERS: Mapping[str, Callable[[Dataset, datetime], Download]] = {
    datasets.GRADES.slug: _grades,
    datasets.GRADE_SOURCES.slug: _sources,
    datasets.FINDINGS.slug: _findings,
    datasets.FINDING_STEPS.slug: _steps,
    datasets.RESPONSES.slug: _responses,
    datasets.FIGURES.slug: _figures,
    datasets.METRICS.slug: _metrics,
}


def csv_lines(found: Download) -> Iterator[bytes]:
    """Give a file as CSV in UTF-8, in pieces of some 64 KB; the whole of it never lies in memory.

    The names of the columns come first. Lines end with a line feed, cells that hold commas, quotes or lines are quoted.
    """
    yield _line(found.dataset.names)
    piece = bytearray()
    for line in _copied(found):
        piece += line
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)
    for row in found.rest():
        licence = {"licence": found.cells["licence"].value}
        yield _line(_cell(({**row, **licence}).get(name)) for name in found.dataset.names)


def _copied(found: Download) -> Iterator[bytes]:
    """Let the database write the lines of what is stored."""
    columns = found.dataset.columns
    stored = found.stored.values_list(*(found.cells[column.name] for column in columns))
    select, params = stored.query.sql_with_params()
    places = [f"c{place}" for place in range(len(columns))]
    written = ", ".join(_written(column, place) for column, place in zip(columns, places, strict=True))
    lines = f"SELECT {written} FROM ({select}) AS line({', '.join(places)})"  # noqa: S608  all of it is ours
    with connection.cursor() as cursor, cursor.copy(f"COPY ({lines}) TO STDOUT (FORMAT csv)", params) as copy:
        yield from copy


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


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else safe(str(value))


def row_counts(*, at: datetime) -> dict[str, int]:
    """Count the rows of each file, by its slug."""
    return {}
