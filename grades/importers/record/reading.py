"""From a file to rows: which of our own files it is, and each cell as what its column holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from grades import datasets
from grades.datasets import Column, Dataset, Kind
from grades.importers import rows
from grades.importers.official.cells import refuse_error, text
from grades.importers.official.errors import RowError, Unreadable
from grades.importers.official.facts import OwnRows, Parsed, Wishes
from grades.importers.official.reading import Book, Sheet
from grades.importers.official.tables import Header, cell, data_sheets, find_header, lacking
from grades.importers.rows import Parser, Row
from grades.spreadsheets import as_it_was

NOT_RECORDED = "recorded"
"""The column that is `false` in rows that name a gap of the record."""


@dataclass(frozen=True)
class OwnFile:
    """One of our own files as a source beside the official ones; its columns may stand in any order, others beside them."""

    dataset: Dataset
    SOURCE: str
    TITLE: str

    @cached_property
    def parsers(self) -> dict[str, Parser]:
        """Give how each column is read."""
        return {column.name: parser_of(column) for column in self.dataset.stated}

    @cached_property
    def partial_dates(self) -> tuple[str, ...]:
        """Name the columns that hold dates as exact as they are known."""
        return tuple(c.name for c in self.dataset.stated if c.kind == Kind.PARTIAL_DATE)

    def recognises(self, book: Book) -> int:
        """Say how many of the columns the file has, less those that it lacks and those that only others of our files have."""
        found = [self._header(sheet) for sheet in data_sheets(book)[:2]]
        return max((self._likeness(header) for header in found if header), default=0)

    def _likeness(self, header: Header) -> int:
        lacking = len(self.parsers) - len(header.columns)
        return max(0, len(header.columns) - lacking - len(header.unknown))

    def _header(self, sheet: Sheet) -> Header | None:
        """Find the headings; those that are worked out are none that nobody knows."""
        found = find_header(sheet, dict.fromkeys(self.parsers, ()))
        if found is None:
            return None
        return replace(found, unknown=tuple(name for name in found.unknown if name not in self.dataset.names))

    def parse(self, book: Book, wishes: Wishes) -> Parsed:
        """Take each line as one record. Raise Unreadable where a column is missing."""
        own = OwnRows(dataset=self.dataset)
        parsed = Parsed(source=self.SOURCE, parts=[], own=own)
        for sheet in data_sheets(book):
            header = self._header(sheet)
            if header is None:
                continue
            if lost := header.missing(tuple(self.parsers)):
                raise Unreadable(lacking(sheet, header, lost))
            parsed.sheets.append(sheet.name)
            own.sheet = sheet.name
            self._take(sheet, header, own, parsed)
        if not parsed.rows and not parsed.errors:
            raise Unreadable(_("The file has headings and no rows."))
        return parsed

    def _take(self, sheet: Sheet, header: Header, own: OwnRows, parsed: Parsed) -> None:
        """Add the rows of a sheet; what is wrong with them goes to the errors."""
        seen: dict[tuple[str, ...], int] = {}
        for line, found in _lines(sheet, header):
            parsed.rows += 1
            cells = {name: as_it_was(plain(value)) for name, value in found.items()}
            if cells.get(NOT_RECORDED) == "false":
                parsed.leave_out(_("not recorded there either"))
                continue
            faults = len(parsed.errors)
            values = dict(_values(cells, self.parsers, sheet.name, line, parsed.errors))
            parsed.errors += [
                RowError(sheet.name, line, name, _perhaps_a_month(cells[name]))
                for name in self.partial_dates
                if isinstance(day := found[name], date) and day.day == 1
            ]
            key = tuple(cells[column] for column in self.dataset.key)
            if key in seen:
                message = _("repeats line %(line)d") % {"line": seen[key]}
                parsed.errors.append(RowError(sheet.name, line, ", ".join(self.dataset.key), message))
            seen.setdefault(key, line)
            if len(parsed.errors) == faults:
                own.rows.append(Row(line, key, values))


def _lines(sheet: Sheet, header: Header) -> Iterator[tuple[int, dict[str, object]]]:
    """Give the number and the cells of each line below the headings that is not empty."""
    for line, found in enumerate(sheet.rows(), start=1):
        if line <= header.line:
            continue
        cells = {name: cell(found, at) for name, at in header.columns.items()}
        if any(map(plain, cells.values())):
            yield line, cells


def _perhaps_a_month(day: str) -> str:
    """Say why a spreadsheet's own date is not taken: out of 2022-04 such programs make the first of April."""
    return _(
        "“%(day)s” is a date of the spreadsheet, which may stand for a whole month or year. Type it as text: 2022, 2022-04 or 2022-04-01"
    ) % {"day": day}


def plain(found: Any) -> str:
    """Write a cell as our own CSV has it, whatever a spreadsheet program made of it."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, datetime | date):
        return found.isoformat()[:10]
    if isinstance(found, float):
        return text(found)
    return str(found).replace("\r\n", "\n").strip(" ")


def _values(
    cells: dict[str, str], parsers: dict[str, Parser], sheet: str, line: int, errors: list[RowError]
) -> Iterator[tuple[str, Any]]:
    """Give the value of each cell; a cell that is not what its column holds goes to the errors."""
    for name, parse in parsers.items():
        try:
            rows.refuse_unseen(cells[name].replace("\t", " "))
            refuse_error(cells[name])
            yield name, parse(cells[name])
        except ValueError as problem:
            errors.append(RowError(sheet, line, name, str(problem)))


def parser_of(column: Column) -> Parser:
    """Say how the cells of a column are read."""
    if column.choices:
        return rows.one_word(list(column.choices), optional=not column.required)
    if column.kind == Kind.TEXT:
        return rows.required if column.required else rows.text
    if column.kind == Kind.ADDRESS:
        return rows.web_address
    parse = {
        Kind.DATE: rows.day,
        Kind.PARTIAL_DATE: rows.partial_day,
        Kind.NUMBER: rows.decimal,
        Kind.WHOLE: rows.whole_number,
        Kind.YES_NO: _true_false,
    }[column.kind]
    return parse if column.required else rows.optional(parse)


def _true_false(value: str) -> bool:
    """Take true or false, in any letters, as spreadsheet programs write them."""
    if value.lower() not in ("true", "false"):
        raise ValueError(_("“%(value)s” is neither true nor false") % {"value": value})
    return value.lower() == "true"


OWN_FILES = (
    OwnFile(datasets.GRADES, "own-grades", _("Our own file: grades")),
    OwnFile(datasets.GRADE_SOURCES, "own-grade-sources", _("Our own file: sources of grades")),
    OwnFile(datasets.FINDINGS, "own-findings", _("Our own file: findings")),
    OwnFile(datasets.FINDING_STEPS, "own-finding-steps", _("Our own file: steps on findings")),
    OwnFile(datasets.RESPONSES, "own-responses", _("Our own file: responses")),
)
"""Each with what `sources.SOURCES` asks for. Grades and findings come before what hangs on them."""
