"""Small workbooks written by hand, for what no publisher would send."""

import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

ODS_HEAD = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def ods(
    path: Path, sheets: dict[str, str], *, manifest: str = "", more: dict[str, bytes] | None = None
) -> Path:
    """Write an ODS of sheets, each given as the XML of its rows."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{rows}</table:table>' for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>{manifest}</manifest:manifest>',
        )
        archive.writestr("content.xml", ODS_HEAD + tables + ODS_TAIL)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def ods_row(*cells: object, repeated: int = 1) -> str:
    """Write a row of an ODS."""
    found = "".join(
        f"<table:table-cell {_ods_value(cell)}><text:p>{escape(str(cell))}</text:p></table:table-cell>"
        for cell in cells
    )
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{found}</table:table-row>"


def _ods_value(cell: object) -> str:
    """Say what the cell of an ODS holds."""
    if isinstance(cell, date):
        return f'office:value-type="date" office:date-value="{cell}"'
    if isinstance(cell, int | float):
        return f'office:value-type="float" office:value="{cell}"'
    return 'office:value-type="string"'


def xlsx(path: Path, rows: str, *, more: dict[str, bytes] | None = None) -> Path:
    """Write an XLSX of one sheet, given as the XML of its rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATED}">'
            '<sheets><sheet name="2017_18" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def xlsx_row(number: int, *cells: object) -> str:
    """Write a row of an XLSX; a text that begins with = is a formula whose last value follows a bar."""
    found = ""
    for at, cell in enumerate(cells):
        place = f"{chr(65 + at)}{number}"
        if isinstance(cell, str) and cell.startswith("="):
            formula, _bar, value = cell[1:].partition("|")
            found += f'<c r="{place}"><f>{formula}</f><v>{value}</v></c>'
        elif isinstance(cell, int | float):
            found += f'<c r="{place}"><v>{cell}</v></c>'
        else:
            found += f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
    return f'<row r="{number}">{found}</row>'


def bomb() -> bytes:
    """Give an archive of a few megabytes that says it expands to two thousand million bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", MIMETYPE)
        with archive.open("content.xml", "w", force_zip64=True) as member:
            piece = b"0" * (16 * 1024 * 1024)
            for _times in range(100):
                member.write(piece)
    return out.getvalue()
