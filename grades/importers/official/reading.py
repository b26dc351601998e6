"""Opening a file safely: ODS, XLSX, XLS or CSV become sheets of plain cells. Nothing is trusted, nothing is run.

Before a spreadsheet is opened its archive is looked through, piece by piece and within limits: what it would expand to, cells
that claim to be repeated a million times, macros, a password. Formulas count as the value that was last worked out, and
where that was an error, as its name, such as #N/A.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, Any

import python_calamine as calamine
from django.utils.translation import gettext as _

from grades.importers.official.errors import Unreadable

Cells = list[Any]
"""One row: texts, numbers, dates; an empty text for an empty cell."""

MEGABYTE = 1024 * 1024

LARGEST_FILE = 200 * MEGABYTE
"""The largest official file seen is an outcomes workbook of 44 MB."""

LARGEST_CONTENT = 1536 * MEGABYTE
"""What an archive may expand to; the recorded crime tables of July 2026 expand to 359 MB."""

LARGEST_GRID = 40_000_000
"""Cells of one sheet, empty ones between the first and the last included; 700,000 rows of 13 columns were seen."""

FIRST = 40
"""Rows of a sheet that are kept at hand to tell what it is."""

NARROW = 16
"""Columns that a table is taken to have at least."""

PIECE = MEGABYTE

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What Office wraps a workbook in when it encrypts it: an old-style container with a stream of this name."""

_REPEATS = re.compile(rb'number-(rows|columns)-repeated="(\d{4,})"(?![^<>]*/></table:table-row>)')
"""A repeat of a thousand or more, but for the padding at the end of nearly every row, which is passed over at full speed."""

_TOKENS = re.compile(rb"<text:p|</table:table-row>|</table:table>")
_WIDE = re.compile(rb'<c [^<>]{0,200}?r="([A-Z]{2,9})(\d{1,9})"')
_ROWS = re.compile(rb'<row [^<>]{0,400}?r="(\d{1,12})"')
_ERROR_CELL = re.compile(
    rb'<c [^<>]* t="e"[^<>]*>|<table:table-cell [^<>]* calcext:value-type="error"[^<>]*>'
)
_NO_TEXT = re.compile(rb' office:string-value="[^"]*"')
_MACROS = ("xl/vbaproject.bin", "xl/macrosheets/", "basic/", "scripts/")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `rows` starts again from the top each time it is called; lines count from 1."""

    name: str
    rows: Callable[[], Iterator[Cells]]
    first: list[Cells] = field(default_factory=list, repr=False)

    def top(self, count: int) -> list[Cells]:
        """Give the first rows, which are read once: every source asks for them."""
        if not self.first:
            self.first.extend(islice(self.rows(), FIRST))
        return self.first[:count]


@dataclass(frozen=True, slots=True)
class Book:
    """A file as it came in: its name, the hash of its bytes, its sheets in order."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def sha256_of(path: Path) -> str:
    """Give the hash of a file's bytes. Raise Unreadable where it is missing, empty or too large."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Unreadable(_("%(file)s is a folder, not a file.") % {"file": path.name})
        if not size:
            raise Unreadable(_("The file %(file)s is empty.") % {"file": path.name})
        if size > LARGEST_FILE:
            raise Unreadable(
                _("The file %(file)s has %(size)d MB; files up to %(limit)d MB are read.")
                % {"file": path.name, "size": size // MEGABYTE, "limit": LARGEST_FILE // MEGABYTE}
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise Unreadable(
            _("The file %(file)s cannot be read: %(why)s.") % {"file": path.name, "why": problem.strerror}
        ) from problem


def open_book(path: Path, sha256: str = "") -> Book:
    """Open a file by what it holds, whatever its name says. Raise Unreadable with a sentence."""
    sha256 = sha256 or sha256_of(path)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_ZIP):
        errors = _look_through(path)
        return Book(path.name, sha256, _spreadsheet(path, errors=errors))
    if head.startswith(_OLE):
        if _holds(path, _ENCRYPTED):
            raise Unreadable(_password(path))
        return Book(path.name, sha256, _spreadsheet(path))
    if head.startswith(b"%PDF"):
        raise Unreadable(_("The file %(file)s is a PDF; fetch the data table.") % {"file": path.name})
    if head.lstrip()[:1] in (b"<", b"{", b"["):
        raise Unreadable(
            _("The file %(file)s is a web page or the like, not a table. Was the download complete?")
            % {"file": path.name}
        )
    return Book(path.name, sha256, (_csv_sheet(path),))


def _holds(path: Path, words: bytes) -> bool:
    """Say whether bytes stand anywhere in a file that is not empty."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(words) >= 0


def _spreadsheet(path: Path, *, errors: bool = False) -> tuple[Sheet, ...]:
    """Open a workbook with calamine; `errors` says that cells of it hold errors."""
    try:
        with _naming_errors(path) if errors else nullcontext(path) as readable:
            book = calamine.CalamineWorkbook.from_path(
                str(readable)
            )  # which stays open, wherever its file goes
        for found in book.sheets_metadata:
            if found.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba):
                raise Unreadable(_macros(path))
        loaded: dict[str, Any] = {}
        return tuple(
            Sheet(found.name, _rows_of(book, found.name, path, loaded))
            for found in book.sheets_metadata
            if found.typ is calamine.SheetTypeEnum.WorkSheet
        )
    except calamine.PasswordError as problem:
        raise Unreadable(_password(path)) from problem
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise Unreadable(_damaged(path, problem)) from problem
    except BaseException as problem:
        raise _unless_a_panic(problem, path) from problem


def _rows_of(book: Any, name: str, path: Path, loaded: dict[str, Any]) -> Callable[[], Iterator[Cells]]:
    """Read a sheet; the last one stays loaded, because it is asked for what it is and then for all it has."""

    def rows() -> Iterator[Cells]:
        try:
            sheet = loaded.get(name)
            if sheet is None:
                loaded.clear()
                sheet = loaded[name] = book.get_sheet_by_name(name)
            start = sheet.start
            for _above in range(start[0] if start else 0):
                yield []
            left = [""] * (start[1] if start else 0)
            if not left:
                yield from sheet.iter_rows()
            else:
                for row in sheet.iter_rows():
                    yield left + row
        except (calamine.CalamineError, ValueError) as problem:
            raise Unreadable(_damaged(path, problem)) from problem
        except GeneratorExit:
            raise
        except BaseException as problem:
            raise _unless_a_panic(problem, path) from problem

    return rows


def _unless_a_panic(problem: BaseException, path: Path) -> BaseException:
    """Turn what Rust calls a panic, which Python knows only as a base exception, into a sentence; leave the rest."""
    return Unreadable(_damaged(path, problem)) if type(problem).__name__ == "PanicException" else problem


def _damaged(path: Path, problem: BaseException) -> str:
    return _("The file %(file)s is damaged or not a spreadsheet (%(why)s). Fetch it again.") % {
        "file": path.name,
        "why": str(problem)[:120],
    }


def _password(path: Path) -> str:
    return _("The file %(file)s is protected by a password. Save it without one.") % {"file": path.name}


def _macros(path: Path) -> str:
    return _(
        "The file %(file)s holds macros. Official tables have none: fetch it from the publisher, or save it without."
    ) % {"file": path.name}


def _look_through(path: Path) -> bool:
    """Look an archive through before anything else opens it, a piece at a time; say whether cells of it hold errors."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            total = sum(info.file_size for info in infos)
            if total > LARGEST_CONTENT:
                raise Unreadable(_too_much(path, total))
            names = [info.filename.lower() for info in infos]
            if any(name.startswith(_MACROS) for name in names if not name.endswith("/")):
                raise Unreadable(_macros(path))
            if any(info.flag_bits & 1 for info in infos):
                raise Unreadable(_password(path))
            found = [_look_into(archive, info, path) for info in infos]
            return any(found)
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        RuntimeError,
    ) as problem:
        raise Unreadable(_damaged(path, problem)) from problem


def _too_much(path: Path, total: int) -> str:
    return _(
        "The file %(file)s would expand to %(total)d MB; up to %(limit)d MB are read. No official table is that large."
    ) % {"file": path.name, "total": total // MEGABYTE, "limit": LARGEST_CONTENT // MEGABYTE}


def _look_into(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bool:
    """Read one member to its end, which checks its length and sum, and watch for what would fill the memory.

    Say whether it is a sheet with cells whose formula came to an error.
    """
    watch = _watch_of(info)
    with archive.open(info) as member:
        if watch is None:
            while piece := member.read(PIECE):
                if info.filename.lower() == "meta-inf/manifest.xml" and b"encryption-data" in piece:
                    raise Unreadable(_password(path))
            return False
        for piece in _pieces(member, info.filename):
            watch.see(piece)
            watch.errors = watch.errors or watch.ERROR in piece
            if watch.cells > LARGEST_GRID:
                raise Unreadable(
                    _(
                        "The file %(file)s has a sheet that claims more than %(limit)d million cells. Fetch it again."
                    )
                    % {"file": path.name, "limit": LARGEST_GRID // 1_000_000}
                )
    return watch.errors


def _watch_of(info: zipfile.ZipInfo) -> _Watch | None:
    """Give what watches a member that holds sheets; None for any other."""
    name = info.filename.lower()
    if name == "content.xml":
        return _OdsWatch()
    return _XlsxWatch() if name.startswith("xl/worksheets/") else None


def _pieces(member: IO[bytes], name: str) -> Iterator[bytes]:
    """Read a member of an archive piece by piece, each of which ends between two elements. Raise ValueError where none ends."""
    tail = b""
    while piece := member.read(PIECE):
        cut = piece.rfind(b"<")
        seen, tail = (tail + piece[:cut], piece[cut:]) if cut >= 0 else (b"", tail + piece)
        if len(tail) > 4 * PIECE:
            raise ValueError(name)
        yield seen
    yield tail


@contextmanager
def _naming_errors(path: Path) -> Iterator[Path]:
    """Give a copy of a workbook in which cells with an error say so as text: calamine takes them for empty ones."""
    with NamedTemporaryFile(suffix=path.suffix) as copy:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                with old.open(info) as member, new.open(info.filename, "w") as written:
                    if _watch_of(info) is None:
                        copyfileobj(member, written)
                        continue
                    for piece in _pieces(member, info.filename):
                        written.write(_ERROR_CELL.sub(_as_text, piece))
        copy.flush()
        yield Path(copy.name)


def _as_text(found: re.Match[bytes]) -> bytes:
    """Write the beginning of a cell so that what it shows is its text."""
    return _NO_TEXT.sub(b"", found[0]).replace(_XlsxWatch.ERROR, b' t="str"')


class _Watch:
    """Counts the cells that a sheet claims to have, and sees whether any holds an error, which `ERROR` marks."""

    cells = 0
    errors = False
    ERROR = b""

    def see(self, piece: bytes) -> None:
        """Take the next piece, which ends between two elements."""
        raise NotImplementedError


class _OdsWatch(_Watch):
    """OpenDocument repeats cells and rows by a number; empty ones at the end cost nothing, others are written out."""

    ERROR = b' calcext:value-type="error"'

    def __init__(self) -> None:
        self.rows, self.width = 0, NARROW
        self.times = 1
        self.waiting_rows, self.waiting_columns = 0, 0

    def see(self, piece: bytes) -> None:
        """Add what repeats, once something stands in it or after it."""
        at = 0
        for found in _REPEATS.finditer(piece):
            self._settle(piece, at, found.start())
            at = found.end()
            count = min(int(found[2]), 2**40)
            if found[1] == b"rows":
                self.times = count
                self.waiting_rows += count
            else:
                self.waiting_columns += count
        self._settle(piece, at, len(piece))
        self.cells = self.rows * self.width

    def _settle(self, piece: bytes, start: int, end: int) -> None:
        """Find out whether what repeats is followed by anything, in its row or in its table."""
        while self.waiting_rows or self.waiting_columns:
            found = _TOKENS.search(piece, start, end)
            if found is None:
                return
            start = found.end()
            if found[0] == b"<text:p":
                self.width = max(self.width, self.waiting_columns)
                self.rows += max(self.waiting_rows, self.times)
                self.waiting_rows = self.waiting_columns = 0
            elif found[0] == b"</table:table-row>":
                self.waiting_columns, self.times = 0, 1
            else:
                self.waiting_rows, self.waiting_columns, self.times = 0, 0, 1


class _XlsxWatch(_Watch):
    """A workbook names each cell's place; the grid reaches as far as the farthest."""

    ERROR = b' t="e"'

    def __init__(self) -> None:
        self.width, self.height = 26, 0

    def see(self, piece: bytes) -> None:
        """Find the farthest column and row."""
        for found in _WIDE.finditer(piece):
            column = 0
            for letter in found[1]:
                column = column * 26 + letter - 64
            self.width = max(self.width, column)
            self.height = max(self.height, int(found[2]))
        for found in _ROWS.finditer(piece):
            self.height = max(self.height, int(found[1]))
        self.cells = self.width * self.height


def _csv_sheet(path: Path) -> Sheet:
    """Take a CSV file as a book of one sheet; it is read from the start each time."""
    _check_text(path)
    return Sheet("", lambda: _csv_rows(path))


def _check_text(path: Path) -> None:
    """Refuse what is not UTF-8, or separated by anything but commas."""
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in head:
        raise Unreadable(
            _("The file %(file)s is neither a spreadsheet nor a CSV file in UTF-8.") % {"file": path.name}
        )
    lines = head.splitlines()
    first = next((line for line in lines if line.strip()), b"")
    for mark, word in ((b";", _("semicolons")), (b"\t", _("tabs"))):
        if first.count(mark) > first.count(b","):
            raise Unreadable(
                _(
                    "The file %(file)s is separated by %(mark)s. Save it as CSV with commas and decimal points."
                )
                % {"file": path.name, "mark": word}
            )


def _csv_rows(path: Path) -> Iterator[Cells]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            yield from reader
        except UnicodeDecodeError as problem:
            raise Unreadable(
                _("The file %(file)s is not UTF-8 (near line %(line)d). Save it as CSV in UTF-8.")
                % {"file": path.name, "line": reader.line_num + 1}
            ) from problem
        except csv.Error as problem:
            raise Unreadable(
                _("Line %(line)d of %(file)s is not a line of CSV (%(why)s). Fetch the file again.")
                % {"file": path.name, "line": reader.line_num, "why": problem}
            ) from problem
