"""Reading and parsing CSV files strictly: every bad cell becomes a `RowError` with file, line, column and what was expected."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from grades.dates import PartialDate, parse_partial

Parser = Callable[[str], Any]
Key = tuple[str, ...]

_NUMBER = r"-?[0-9]{1,12}(\.[0-9]{1,4})?"
"""What the widest column for a number holds without rounding."""

_FORMULA = re.compile(rf"[=+@\t\r\n\uff1d\uff0b\uff20\uff0d]|-(?!{_NUMBER.removeprefix('-?')}$|$)")
"""A cell that a spreadsheet would run as a formula; a minus before a plain number is a number."""

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""What Unicode calls control and format characters, line separators and no characters at all. They hide, or turn text
around; the database could not even hold the first of them."""


@dataclass(frozen=True, slots=True, order=True)
class RowError:
    """One thing wrong with one file. `line` is 1-based and counts the header; `column` is empty for the whole line."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}
        return visible(
            f"{where}, {self.column}: {self.message}" if self.column else f"{where}: {self.message}"
        )


class BadFiles(Exception):  # noqa: N818  it names the thing, not the mishap
    """The files cannot be loaded; `errors` lists everything wrong with them."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__(_("%(count)d cells or lines cannot be loaded") % {"count": len(self.errors)})


@dataclass(frozen=True, slots=True)
class Row:
    """One parsed line: its place in the file, its key as written, its values by column."""

    line: int
    key: Key
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFile:
    """The shape of one CSV file: how each column is parsed, and which columns tell its lines apart."""

    name: str
    columns: Mapping[str, Parser]
    key: tuple[str, ...]


@dataclass(slots=True)
class FileRows:
    """What one file holds: its good lines, and the line of each key, of bad lines too as far as they could be read.

    `whole` is False when lines are missing from `keys`, so that nobody may say that a key is not there; `content` is
    what was read.
    """

    rows: list[Row] = field(default_factory=list)
    keys: dict[Key, int] = field(default_factory=dict)
    whole: bool = True
    content: bytes = b""


def visible(words: str) -> str:
    """Write out what a terminal would obey or not show: what is typed as Escape becomes its code."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in words)


def defused(cell: str) -> str:
    """Write a cell so that no spreadsheet runs it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


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
    return one_word(choices.values, optional=optional)


def one_word(words: list[str], *, optional: bool = False) -> Parser:
    """Take one of these words."""

    def parse(value: str) -> str:
        if value in words or (optional and not value):
            return value
        shown = {"value": value, "words": ", ".join(words)}
        raise ValueError(_("“%(value)s” is not one of: %(words)s") % shown)

    return parse


def yes_no(value: str) -> bool:
    """Take yes or no."""
    if value not in ("yes", "no"):
        raise ValueError(_("“%(value)s” is neither yes nor no") % {"value": value})
    return value == "yes"


def whole_number(value: str) -> int:
    """Take a number without a fraction."""
    if not re.fullmatch(r"[0-9]+", value):
        raise ValueError(_("“%(value)s” is not a whole number") % {"value": value})
    return int(value)


def decimal(value: str) -> Decimal:
    """Take a plain decimal number, with a point and four decimals at most."""
    if not re.fullmatch(_NUMBER, value):
        raise ValueError(
            _("“%(value)s” is not a number such as 52.5, with four decimals at most") % {"value": value}
        )
    return Decimal(value)


def day(value: str) -> date:
    """Take a whole date."""
    try:
        found = parse_partial(value)
    except ValueError:
        found = None
    if found is None or not found.exact:
        raise ValueError(_("“%(value)s” is not a date such as 2022-10-14") % {"value": value})
    return found.first


def day_before_another(value: str) -> date:
    """Take a whole date that is not the calendar's last."""
    found = day(value)
    if found == date.max:
        raise ValueError(_("“%(value)s” has no day after it") % {"value": value})
    return found


def partial_day(value: str) -> PartialDate:
    """Take a date, a month or a year."""
    try:
        return parse_partial(value)
    except ValueError:
        raise ValueError(
            _("“%(value)s” is not a date such as 2022, 2022-06 or 2022-06-28") % {"value": value}
        ) from None


def web_address(value: str) -> str:
    """Take an http or https address, or nothing."""
    if value and not re.fullmatch(r"https?://[^\s]+", value):
        raise ValueError(_("“%(value)s” is not a web address") % {"value": value})
    return value


def optional(parse: Parser) -> Parser:
    """Take what `parse` takes, or nothing."""
    return lambda value: parse(value) if value else None


def split_list(value: str) -> tuple[str, ...]:
    """Take names separated by semicolons."""
    return tuple(part.strip() for part in value.split(";") if part.strip())


def read_csv(path: Path, shape: CsvFile, errors: list[RowError]) -> FileRows:
    """Read and parse one file, adding everything wrong with it to `errors`; return what it holds."""
    found = FileRows()
    for line, raw in _lines(path, shape, errors, found):
        faults = len(errors)
        cells = {column: cell.strip().replace("\r\n", "\n") for column, cell in raw.items()}
        values = {}
        for column, parse in shape.columns.items():
            try:
                _refuse_tricks(raw[column], cells[column])
                values[column] = parse(cells[column])
            except ValueError as problem:
                errors.append(RowError(path.name, line, column, str(problem)))
        key = tuple(cells[column] for column in shape.key)
        if key in found.keys:
            message = _("repeats line %(line)d") % {"line": found.keys[key]}
            errors.append(RowError(path.name, line, ", ".join(shape.key), message))
        found.keys.setdefault(key, line)
        if len(errors) == faults:
            found.rows.append(Row(line, key, values))
    return found


def _refuse_tricks(raw: str, cell: str) -> None:
    """Refuse what a spreadsheet would run and what nobody can see."""
    if _FORMULA.match(raw) or _FORMULA.match(cell):
        raise ValueError(_("“%(value)s” begins like a spreadsheet formula") % {"value": cell[:40]})
    refuse_unseen(cell)


def refuse_unseen(cell: str) -> None:
    """Refuse what nobody can see in a text of one or more lines. Raise ValueError."""
    if cell.isprintable():
        return
    unseen = next((c for c in cell if c != "\n" and unicodedata.category(c) in _UNSEEN), None)
    if unseen:
        code = f"U+{ord(unseen):04X}"
        raise ValueError(_("holds a character that cannot be seen (%(code)s)") % {"code": code})


def _lines(
    path: Path, shape: CsvFile, errors: list[RowError], found: FileRows
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each line's number and its cells by column, as far as the file is one of this shape."""
    content = _decoded(path, errors, found)
    if not content:
        return
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    header: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            found.whole = False
            errors.append(RowError(path.name, line, "", _("not a CSV line: %(why)s") % {"why": problem}))
            continue
        if not header:
            header = cells
            wrong = list(_wrong_columns(header, shape))
            errors += (RowError(path.name, 1, column, message) for column, message in wrong)
            if wrong:
                found.whole = False
                return
        elif len(cells) != len(header):
            found.whole = False
            counts = {"found": len(cells), "expected": len(header)}
            message = _("%(found)d cells where %(expected)d are expected") % counts
            errors.append(RowError(path.name, line, "", message))
        else:
            yield line, dict(zip(header, cells, strict=True))


def _wrong_columns(header: list[str], shape: CsvFile) -> Iterator[tuple[str, str]]:
    """Give what a header lacks, has too much of, or has twice."""
    for column in shape.columns:
        if column not in header:
            yield column, _("this column is missing")
    for column in dict.fromkeys(header):
        if column not in shape.columns:
            yield column, _("this column is not expected")
        elif header.count(column) > 1:
            yield column, _("this column is there more than once")


def _decoded(path: Path, errors: list[RowError], found: FileRows) -> str:
    """Give a file's text; what is not UTF-8 is reported line by line, so that the rest can be looked at too."""
    found.whole = False
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        errors.append(RowError(path.name, 1, "", _("the file is missing")))
        return ""
    except OSError as problem:
        errors.append(
            RowError(path.name, 1, "", _("the file cannot be read: %(why)s") % {"why": problem.strerror})
        )
        return ""
    found.content = content
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        errors.append(RowError(path.name, 1, "", _("the file is empty")))
        return ""
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        for line, raw in enumerate(content.split(b"\n"), start=1):
            try:
                raw.decode()
            except UnicodeDecodeError:
                errors.append(RowError(path.name, line, "", _("not UTF-8; save the file as UTF-8")))
        return content.decode("utf-8-sig", errors="replace")
    found.whole = True
    return decoded
