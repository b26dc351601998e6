"""From a ChartSpec to rows for programs: CSV and JSON. The figures are those of the chart's table, as plain numbers.

A grade history (cycles across) is turned into one row a grade, because no file should invite reading
across a break: each row then says itself whether a break comes before it. Any other table keeps its shape; a break
between two of its rows is said in the later one.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from grades import words
from grades.charts.spec import Cell, ChartSpec, Column, Kind, Table
from grades.spreadsheets import safe

Value = str | bool | Decimal
Row = dict[str, Value]

NUMBER = re.compile(rf"[-{words.MINUS}+]?\d+(,\d{{3}})*(\.\d+)?%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which terms the rows may be used, and where they are shown."""

    licence: str
    licence_address: str
    address: str = ""


def rows(spec: ChartSpec) -> list[Row]:
    """Give the facts of a chart as rows with the same keys each; numbers are Decimals, breaks are said in every row."""
    if spec.kind == Kind.GRADE_HISTORY or any(column.is_break for column in spec.table.columns):
        return list(_cells(spec))
    return list(_lines(spec.table))


def columns(table: Table) -> list[tuple[str, Column]]:
    """Name the columns of a table for programs: each name once, in small letters without spaces."""
    named: dict[str, Column] = {}
    for column in table.columns:
        name = wanted = slugify(column.label).replace("-", "_") or "column"
        count = 1
        while name in named:
            count += 1
            name = f"{wanted}_{count}"
        named[name] = column
    return list(named.items())


def figure(text: str) -> Value:
    """Give a number written for people as a number; any other text, such as "not recorded here", stays as it is."""
    if not NUMBER.fullmatch(text):
        return text
    return Decimal(text.replace(",", "").replace(words.MINUS, "-").rstrip("%"))


def _lines(table: Table) -> Iterator[Row]:
    """Give one row a row of the table."""
    named = columns(table)
    for row in table.rows:
        cells = zip(named[1:], row.cells, strict=True)
        yield {
            named[0][0]: row.header,
            **{name: figure(text) if column.numeric else text for (name, column), text in cells},
            **dict(row.facts),
            "break_before": bool(row.break_before),
            "break_reason": row.break_before,
        }


def _cells(spec: ChartSpec) -> Iterator[Row]:
    """Give one row a cell of the grid that the table tells of; where a place has no cell, its words from the table."""
    table = spec.table
    found = _drawn(spec)
    for row in table.rows:
        reason, presumed = "", False
        for column, text in zip(table.columns[1:], row.cells, strict=True):
            if column.is_break:
                reason, presumed = column.break_reason, column.break_presumed
                continue
            for cell in found.get((row.header, column.label), [None]):
                yield {
                    _name(table.columns[0]): row.header,
                    "cycle": column.label,
                    **_said(cell, text),
                    "break_before": bool(reason),
                    "break_reason": reason,
                    "break_presumed": presumed,
                }
            reason, presumed = "", False


def _name(column: Column) -> str:
    return slugify(column.label).replace("-", "_") or "row"


def _drawn(spec: ChartSpec) -> dict[tuple[str, str], list[Cell | None]]:
    """Find the cells by the labels of their row and column."""
    found: dict[tuple[str, str], list[Cell | None]] = {}
    if spec.grid:
        for cell in spec.grid.cells:
            place = spec.grid.rows[cell.row].label, spec.grid.columns[cell.column].label
            found.setdefault(place, []).append(cell)
    return found


def _said(cell: Cell | None, text: str) -> Row:
    if cell is None:
        return {
            "state": "",
            "grade": "",
            "detail": "",
            "not_yet_checked": False,
            "sources_disagree": False,
            "amended": False,
            "corrected_on": "",
            "corrected_from": "",
            "words": text,
        }
    return {
        "state": cell.state,
        "grade": cell.level or "",
        "detail": cell.detail,
        "not_yet_checked": cell.unchecked,
        "sources_disagree": cell.disputed,
        "amended": cell.amended,
        "corrected_on": cell.corrected_on,
        "corrected_from": cell.corrected_from,
        "words": cell.title,
    }


def written(value: Value) -> str:
    """Write a cell for CSV: no spreadsheet takes it for a formula; numbers stay numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return safe(value)


def to_csv(spec: ChartSpec, *, terms: Terms) -> str:
    """Give the rows as CSV, the names of the columns first; every row names its source and licence, as files get parted."""
    found = rows(spec)
    travelling = {
        "source": spec.source.text,
        "source_date": spec.source.date,
        "source_address": spec.source.address,
        "licence": terms.licence,
    }
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*found[0], *travelling])
    writer.writerows([written(value) for value in (*row.values(), *travelling.values())] for row in found)
    return text.getvalue()


def to_json(spec: ChartSpec, *, terms: Terms) -> dict[str, Any]:
    """Give the rows as a document with all that must travel with them, ready for `json.dumps`."""
    return {
        "title": spec.title,
        "description": spec.description,
        "kind": str(spec.kind),
        "address": terms.address,
        "sources": [{"text": s.text, "date": s.date, "address": s.address} for s in spec.source.each],
        "licence": {"name": terms.licence, "address": terms.licence_address},
        "breaks": [
            {
                "label": at.label,
                "reason": at.reason,
                "note": at.note,
                "address": at.address,
                "presumed": at.presumed,
            }
            for at in spec.breaks
        ],
        "notes": list(spec.notes),
        "caption": spec.table.caption,
        "rows": [{name: _plain(value) for name, value in row.items()} for row in rows(spec)],
    }


def _plain(value: Value) -> Any:
    """Give a number as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
