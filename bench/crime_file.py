"""A recorded crime file as large as the official one, as CSV and as ODS, made from one real year; shown nowhere."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

YEARS = range(2012, 2026)

MORE_CODES_FROM, MORE_CODES = 2018, 13
"""The real sheet of 2017/18 has 131 offence codes, that of 2024/25 has 144."""


def make(real: Path, as_csv: Path, as_ods: Path) -> int:
    """Write fourteen yearly sheets like the real one, with its quirks; give the number of rows.

    The quirks are padded numbers, `-00 ` for nought, quoted names, repeated rows of homicide, numbers below nought. Each year has
    counts of its own, as real ones have, so that nothing is gained from years that repeat each other.
    """
    with real.open(newline="", encoding="utf-8-sig") as file:
        header, *lines = list(csv.reader(file))
    sheets = {f"{year}/{(year + 1) % 100:02}": list(_year(year, lines)) for year in YEARS}
    with as_csv.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for rows in sheets.values():
            writer.writerows(rows)
    _write_ods(as_ods, header, sheets)
    return sum(len(rows) for rows in sheets.values())


def _year(year: int, lines: list[list[str]]) -> Iterator[list[str]]:
    """Give a year's rows: the real ones, with a few per cent more each year, and later on with more offence codes."""
    at = YEARS.index(year)
    codes = (
        sorted({row[6] for row in lines if len(row[6]) < 4})[:MORE_CODES] if year >= MORE_CODES_FROM else []
    )
    for row in lines:
        number = int(row[7].replace("-00", "0"))
        count = f" {number + number * at // 40} " if number else row[7]
        cells = [f"{year}/{(year + 1) % 100:02}", *row[1:7], count]
        yield cells
        if row[6] in codes:
            yield [*cells[:6], f"{row[6]}.{MORE_CODES}", count]


def _write_ods(path: Path, header: list[str], sheets: dict[str, list[list[str]]]) -> None:
    """Write an ODS as spreadsheets do."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
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
            for label, rows in sheets.items():
                out.write(f'<table:table table:name="{label.replace("/", "_")}">{_row(header)}'.encode())
                out.write("".join(map(_row, rows)).encode())
                # As spreadsheets do: the rest of the sheet as one empty row, repeated.
                out.write(
                    b'<table:table-row table:number-rows-repeated="1025000"><table:table-cell'
                    b' table:number-columns-repeated="16384"/></table:table-row></table:table>'
                )
            out.write(TAIL.encode())


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
