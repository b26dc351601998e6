"""Reading and parsing CSV files strictly: every bad cell becomes a `RowError` with file, line, column and what was expected."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from grades.dates import PartialDate, parse_partial

Parser = Callable[[str], Any]

_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d|$)")
"""A cell that a spreadsheet would run as a formula; a minus before a digit is a number."""


@dataclass(frozen=True, slots=True, order=True)
class RowError:
    """One thing wrong with one file. `line` is 1-based and counts the header; `column` is empty for the whole line."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}
        return f"{where}, {self.column}: {self.message}" if self.column else f"{where}: {self.message}"


class BadFiles(Exception):  # noqa: N818  it names the thing, not the mishap
    """The files cannot be loaded; `errors` lists everything wrong with them."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = sorted(errors)
        super().__init__(_("%(count)d cells or lines cannot be loaded") % {"count": len(errors)})


@dataclass(frozen=True, slots=True)
class Row:
    """One parsed line: its place in the file and its values by column."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFile:
    """The shape of one CSV file. `refers` maps a group of columns to the file whose key they must be found in.

    A reference whose columns are all empty is no reference.
    """

    name: str
    columns: Mapping[str, Parser]
    key: tuple[str, ...]
    refers: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)


def text(value: str) -> str:
    """Take any text."""
    return value


def required(value: str) -> str:
    """Take a text that is not empty."""
    if not value:
        raise ValueError(_("must not be empty"))
    return value


def one_of(choices: type[TextChoices], *, optional: bool = False) -> Parser:
    """Take one of the vocabulary's words."""

    def parse(value: str) -> str:
        if value in choices.values or (optional and not value):
            return value
        raise ValueError(_("“%(value)s” is not one of: %(words)s") % {"value": value, "words": ", ".join(choices.values)})

    return parse


def yes_no(value: str) -> bool:
    """Take yes or no."""
    if value not in ("yes", "no"):
        raise ValueError(_("“%(value)s” is neither yes nor no") % {"value": value})
    return value == "yes"


def whole_number(value: str) -> int:
    """Take a number without a fraction."""
    if not re.fullmatch(r"\d+", value):
        raise ValueError(_("“%(value)s” is not a whole number") % {"value": value})
    return int(value)


def decimal(value: str) -> Decimal:
    """Take a plain decimal number, with a point."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("“%(value)s” is not a number such as 52.5") % {"value": value})
    return number


def day(value: str) -> date:
    """Take a whole date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("“%(value)s” is not a date such as 2022-10-14") % {"value": value}) from None


def partial_day(value: str) -> PartialDate:
    """Take a date, a month or a year."""
    try:
        return parse_partial(value)
    except ValueError:
        raise ValueError(_("“%(value)s” is not a date such as 2022, 2022-06 or 2022-06-28") % {"value": value}) from None


def web_address(value: str) -> str:
    """Take an http or https address."""
    if value and not re.fullmatch(r"https?://[^\s]+", value):
        raise ValueError(_("“%(value)s” is not a web address") % {"value": value})
    return value


def optional(parse: Parser) -> Parser:
    """Take what `parse` takes, or nothing."""
    return lambda value: parse(value) if value else None


def split_list(value: str) -> tuple[str, ...]:
    """Take names separated by semicolons."""
    return tuple(part.strip() for part in value.split(";") if part.strip())


def read_csv(path: Path, shape: CsvFile, errors: list[RowError]) -> list[Row]:
    """Read and parse one file, adding everything wrong with it to `errors`; return the good rows."""
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in _lines(path, shape, errors):
        found = len(errors)
        values = {}
        for column, parse in shape.columns.items():
            cell = cells[column]
            try:
                if _FORMULA.match(cell):
                    raise ValueError(_("“%(value)s” begins like a spreadsheet formula") % {"value": cell[:40]})
                values[column] = parse(cell)
            except ValueError as problem:
                errors.append(RowError(path.name, line, column, str(problem)))
        if len(errors) > found:
            continue
        row = Row(line, values)
        key = tuple(values[column] for column in shape.key)
        if key in seen:
            errors.append(RowError(path.name, line, "", _("repeats line %(line)d") % {"line": seen[key]}))
            continue
        seen[key] = line
        rows.append(row)
    return rows


def _lines(path: Path, shape: CsvFile, errors: list[RowError]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each line's number and cells by column, once the file proves to be UTF-8 with the expected header."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        errors.append(RowError(path.name, 1, "", _("the file is missing")))
        return
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        errors.append(RowError(path.name, line, "", _("not UTF-8; save the file as UTF-8")))
        return
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    try:
        header = next(reader, [])
        missing = [column for column in shape.columns if column not in header]
        unknown = [column for column in header if column not in shape.columns]
        for column in missing:
            errors.append(RowError(path.name, 1, column, _("this column is missing")))
        for column in unknown:
            errors.append(RowError(path.name, 1, column, _("this column is not expected")))
        if missing or unknown:
            return
        for cells in reader:
            if len(cells) != len(header):
                counts = {"found": len(cells), "expected": len(header)}
                message = _("%(found)d cells where %(expected)d are expected") % counts
                errors.append(RowError(path.name, reader.line_num, "", message))
                continue
            yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as problem:
        errors.append(RowError(path.name, reader.line_num, "", _("not a CSV line: %(why)s") % {"why": problem}))


def check_references(files: Mapping[str, CsvFile], parsed: Mapping[str, list[Row]], errors: list[RowError]) -> None:
    """Add an error for each reference that another file does not hold."""
    keys = {name: {tuple(row[c] for c in shape.key) for row in parsed[name]} for name, shape in files.items()}
    for name, shape in files.items():
        for columns, target in shape.refers.items():
            for row in parsed[name]:
                reference = tuple(row[column] for column in columns)
                if any(reference) and reference not in keys[target]:
                    _refuse(errors, name, row.line, columns[-1], reference, target)
        for column, target in shape.lists.items():
            for row in parsed[name]:
                for part in row[column]:
                    if (part,) not in keys[target]:
                        _refuse(errors, name, row.line, column, (part,), target)


def _refuse(errors: list[RowError], name: str, line: int, column: str, reference: tuple[Any, ...], target: str) -> None:
    shown = {"value": ", ".join(str(part) for part in reference if part), "file": target}
    errors.append(RowError(name, line, column, _("“%(value)s” is not in %(file)s") % shown))
