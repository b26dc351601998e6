"""Streaming a whole file: the database writes its lines, and they pass through in pieces, however many there are."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value
from psycopg import sql

from grades import datasets
from grades.datasets import Column, Dataset, Kind
from grades.queries.downloads.cells import Cells, Contents
from grades.queries.downloads.figures import all_figures, all_metrics
from grades.queries.downloads.findings import all_findings, all_responses, all_steps
from grades.queries.downloads.grades import all_grades, all_sources
from grades.spreadsheets import FORMULA, safe

PIECE = 64 * 1024
"""Bytes that are sent at once."""

CONTENTS: Mapping[str, Callable[[datetime], Contents]] = {
    datasets.GRADES.slug: all_grades,
    datasets.GRADE_SOURCES.slug: all_sources,
    datasets.FINDINGS.slug: all_findings,
    datasets.FINDING_STEPS.slug: all_steps,
    datasets.RESPONSES.slug: all_responses,
    datasets.FIGURES.slug: all_figures,
    datasets.METRICS.slug: all_metrics,
}
"""What each file holds at a moment, by its slug."""


def csv_pieces(dataset: Dataset, *, at: datetime, licence: str) -> Iterator[bytes]:
    """Give a file as CSV in UTF-8, in pieces of some 64 KB; the whole of it never lies in memory.

    The names of the columns come first, every row is under the licence of this name. Lines end with a line feed; cells that
    hold commas, quotes or lines are quoted. Six queries at most, one of which is the file.
    """
    contents = CONTENTS[dataset.slug](at)
    stored = _copied(dataset, contents.stored, contents.cells | {"licence": Value(licence)})
    headings = {name: name for name in dataset.names}
    derived = ({**row, "licence": licence} for row in contents.rest())
    piece = bytearray()
    for line in chain(_lines([headings], dataset.names), stored, _lines(derived, dataset.names)):
        piece += line
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _copied(dataset: Dataset, rows: QuerySet[Any], cells: Cells) -> Iterator[bytes]:
    """Let the database write the lines of what is stored."""
    columns = dataset.columns
    select, params = rows.values_list(*(cells[column.name] for column in columns)).query.sql_with_params()
    places = [f"c{place}" for place in range(len(columns))]
    written = ", ".join(_written(column, place) for column, place in zip(columns, places, strict=True))
    copy_out = f"COPY (SELECT {written} FROM ({select}) AS line({', '.join(places)})) TO STDOUT (FORMAT csv)"  # noqa: S608  all of it is ours
    with connection.cursor() as cursor, cursor.copy(cursor.mogrify(copy_out, params)) as lines:
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
