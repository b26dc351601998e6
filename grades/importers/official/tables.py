"""Finding a table in a sheet: the row of headings among the first rows, and each wanted column in it, in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from grades.importers.official.cells import heading, text
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Parsed
from grades.importers.official.reading import Book, Cells, Sheet

TOP = 20
"""The headings stand among the first rows: row 1 of open data, up to row 8 of tables for reading."""

LOOKED_AT = 4
"""Sheets of data that are looked at to tell what a book is."""

Columns = Mapping[str, Sequence[str]]
"""Headings with their other spellings."""

SKIPPED = {"coversheet", "cover", "notes", "pivot", "correction", "index", "contents", "geographyguide"}
"""Sheets of words: `Cover_sheet`, `Notes_`, `Pivot` (figures of people's own), `Correction` (force area tables, 2018)."""


@dataclass(frozen=True, slots=True)
class Header:
    """A row of headings: its line, the place of each known column, and what is not known."""

    line: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...]

    def missing(self, wanted: Sequence[str]) -> list[str]:
        """Give the wanted columns that are not there."""
        return [column for column in wanted if column not in self.columns]


def data_sheets(book: Book) -> list[Sheet]:
    """Give the sheets that may hold data."""
    return [sheet for sheet in book.sheets if re.sub(r"[^a-z]", "", sheet.name.lower()) not in SKIPPED]


def find_header(sheet: Sheet, known: Columns) -> Header | None:
    """Find the row that has the most of the known headings, given with all their spellings; at least half of them."""
    spelled = {heading(name): column for column, names in known.items() for name in (column, *names)}
    best: Header | None = None
    for line, row in enumerate(sheet.top(TOP), start=1):
        columns: dict[str, int] = {}
        unknown = []
        for at, cell in enumerate(row):
            column = spelled.get(heading(cell)) if isinstance(cell, str) and cell else None
            if column and column not in columns:
                columns[column] = at
            elif text(cell):
                unknown.append(text(cell))
        if 2 * len(columns) >= len(known) and (best is None or len(columns) > len(best.columns)):
            best = Header(line, columns, tuple(unknown))
    return best


def most_columns(book: Book, known: Columns, fits: Callable[[Header], bool] = bool) -> int:
    """Say how many of the known columns the sheet has that has most, among those whose headings fit."""
    headers = [find_header(sheet, known) for sheet in data_sheets(book)[:LOOKED_AT]]
    return max((len(header.columns) for header in headers if header and fits(header)), default=0)


def headed_sheets(
    book: Book, known: Columns, needed: Sequence[str], parsed: Parsed
) -> Iterator[tuple[Sheet, Header]]:
    """Give each sheet with such headings, and name it and those left out. Raise Unreadable where it lacks a needed one."""
    for sheet in data_sheets(book):
        header = find_header(sheet, known)
        if header is None:
            parsed.leave_out(_("sheets without these columns"))
            continue
        if lost := header.missing(needed):
            raise Unreadable(lacking(sheet, header, lost))
        parsed.sheets.append(sheet.name)
        yield sheet, header


def below(sheet: Sheet, line: int) -> Iterator[tuple[int, Cells]]:
    """Give every row below a line, each with its number; the first line of a sheet is 1."""
    return enumerate(islice(sheet.rows(), line, None), start=line + 1)


def rows_below(sheet: Sheet, line: int) -> Iterator[tuple[int, Cells]]:
    """Give the rows below a line in which anything stands, each with its number."""
    return ((number, row) for number, row in below(sheet, line) if any(text(found) for found in row))


def refuse_empty(parsed: Parsed, used: object) -> None:
    """Refuse a file of which nothing is used, unless for what is wrong with its rows. Raise Unreadable."""
    if not used and not parsed.errors:
        raise Unreadable(_("The file has headings and no rows."))


def lacking(sheet: Sheet, header: Header, missing: Sequence[str]) -> str:
    """Say which columns are missing, and which there are that nobody knows."""
    words = (
        _("The sheet “%(sheet)s” lacks the column %(missing)s.")
        if len(missing) == 1
        else _("The sheet “%(sheet)s” lacks the columns %(missing)s.")
    )
    said = words % {"sheet": sheet.name or _("(the file)"), "missing": ", ".join(missing)}
    if header.unknown:
        said += " " + _("It has others: %(unknown)s. Was a column renamed?") % {
            "unknown": ", ".join(header.unknown[:12])
        }
    return said


def cell(row: Cells, at: int) -> object:
    """Give a cell, empty where the row is shorter."""
    return row[at] if at < len(row) else ""
