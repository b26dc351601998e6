"""Files that are broken, hostile or not what they seem: each refused in a sentence, and nothing else happens."""

import struct
import zipfile
from pathlib import Path

import pytest

from grades.importers.official import reading, sources
from grades.importers.official.cells import financial_year, number, without_notes
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Parsed, Wishes
from grades.importers.official.reading import open_book
from tests.importers.official import books
from tests.importers.official.conftest import CUTS, DATA

HEADINGS = (
    *("Financial Year", "Financial Quarter", "Force Name", "Offence Description"),
    *("Offence Group", "Offence Subgroup", "Offence Code", "Number of Offences"),
)
ROBBERY = ("2017/18", 1, "Kent", "Robbery", "Robbery", "Robbery of personal property", "34B")


def parsed(path: Path) -> Parsed:
    """Open, recognise and parse."""
    book = open_book(path)
    return sources.recognise(book).parse(book, Wishes())


def refusal(path: Path) -> str:
    """Give the sentence with which a file is refused."""
    with pytest.raises(Unreadable) as problem:
        parsed(path)
    return str(problem.value)


class TestRefusals:
    """One sentence each."""

    def test_missing_empty_folder(self, tmp_path: Path) -> None:
        (tmp_path / "empty.csv").touch()

        assert "cannot be read: No such file" in refusal(tmp_path / "nowhere.ods")
        assert refusal(tmp_path / "empty.csv") == "The file empty.csv is empty."
        assert "is a folder" in refusal(tmp_path)

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "large.csv"
        with path.open("wb") as file:
            file.truncate(201 * reading.MEGABYTE)

        assert refusal(path) == "The file large.csv has 201 MB; files up to 200 MB are read."

    def test_truncated_archive(self, tmp_path: Path) -> None:
        whole = (DATA / "force-tables" / "march-2018.xlsx").read_bytes()
        for size in (100, len(whole) // 2, len(whole) - 30):
            path = tmp_path / f"part-{size}.xlsx"
            path.write_bytes(whole[:size])

            assert "is damaged or not a spreadsheet" in refusal(path)

    def test_archive_that_expands_too_far_is_refused_before_it_does(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.ods"
        path.write_bytes(books.bomb())

        assert "would expand to 1600 MB; up to 1536 MB are read" in refusal(path)

    def test_archive_that_lies_about_its_size(self, tmp_path: Path) -> None:
        path = books.ods(tmp_path / "liar.ods", {"2017_18": books.ods_row(*HEADINGS) * 200})
        content = bytearray(path.read_bytes())
        at = content.rindex(b"content.xml") - 46
        assert content[at : at + 4] == b"PK\x01\x02"
        content[at + 24 : at + 28] = struct.pack("<I", 10)
        path.write_bytes(content)

        assert "is damaged" in refusal(path)

    @pytest.mark.parametrize(
        "rows",
        [
            books.ods_row(*HEADINGS, repeated=100_000_000),
            (
                '<table:table-row><table:table-cell table:number-columns-repeated="90000000" office:value-type="float"'
                ' office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
            ),
            '<table:table-row table:number-rows-repeated="900000000"><table:table-cell/></table:table-row>'
            + books.ods_row("below"),
            (
                '<table:table-row table:number-rows-repeated="90000"><table:table-cell table:number-columns-repeated="16000"/>'
                "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
            ),
        ],
        ids=["rows", "columns", "empty rows before others", "both"],
    )
    def test_cells_that_claim_to_be_millions(self, tmp_path: Path, rows: str) -> None:
        path = books.ods(tmp_path / "wide.ods", {"2017_18": rows})

        assert "claims more than 40 million cells" in refusal(path)

    def test_padding_at_the_end_of_rows_and_sheets_is_ordinary(self, tmp_path: Path) -> None:
        padding = '<table:table-cell table:number-columns-repeated="16376"/></table:table-row>'
        rows = "".join(
            books.ods_row(*cells).replace("</table:table-row>", padding)
            for cells in (HEADINGS, (*ROBBERY, 5))
        )
        rest = f'<table:table-row table:number-rows-repeated="1048000">{padding.replace("16376", "16384")}'
        path = books.ods(tmp_path / "padded.ods", {"2017_18": rows + rest})

        assert parsed(path).rows == 1

    def test_grid_of_an_xlsx(self, tmp_path: Path) -> None:
        path = books.xlsx(tmp_path / "far.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

        assert "claims more than 40 million cells" in refusal(path)

    def test_macros(self, tmp_path: Path) -> None:
        with_macros = {"xl/vbaProject.bin": b"macros"}
        path = books.xlsx(tmp_path / "macros.xlsm", books.xlsx_row(1, *HEADINGS), more=with_macros)
        sheet = books.ods(tmp_path / "macros.ods", {"a": ""}, more={"Basic/Standard/Module1.xml": b"<x/>"})

        assert "holds macros" in refusal(path)
        assert "holds macros" in refusal(sheet)

    def test_password(self, tmp_path: Path) -> None:
        locked = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
        path = books.ods(tmp_path / "locked.ods", {"a": ""}, manifest=locked)
        whole = bytearray(path.read_bytes())
        bit = tmp_path / "bit.ods"
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = whole.index(mark)
            whole[at + offset] |= 1
        bit.write_bytes(whole)

        assert "protected by a password" in refusal(path)
        assert "protected by a password" in refusal(bit)

    def test_encrypted_workbook_of_office(self, tmp_path: Path) -> None:
        """What Office encrypts is no ZIP but an old-style container around one; a container alone is damaged."""
        container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048
        locked, broken = tmp_path / "locked.xlsx", tmp_path / "broken.xls"
        locked.write_bytes(container + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100)
        broken.write_bytes(container)

        assert refusal(locked) == "The file locked.xlsx is protected by a password. Save it without one."
        assert "is damaged or not a spreadsheet" in refusal(broken)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"%PDF-1.7 ...", "is a PDF"),
            (b"<!DOCTYPE html><p>Not found", "is a web page"),
            (b'{"error": "gone"}', "is a web page or the like"),
            ("Försä".encode("utf-16"), "neither a spreadsheet nor a CSV file in UTF-8"),
            (b"\x00\x01\x02\x03", "neither a spreadsheet nor a CSV file in UTF-8"),
            (b"Financial Year;Force Name;Number\n2017/18;Kent;1,5\n", "is separated by semicolons"),
            (b"a\tb\tc\n", "is separated by tabs"),
            (b"one,two\n1,2\n", "is of no kind that can be loaded. These are: Home Office"),
            (
                ",".join(HEADINGS).encode() + b"\n2017/18,1,Dyfed\xe2Powys,a,b,c,d,1\n",
                "is not UTF-8 (near line",
            ),
            (",".join(HEADINGS).encode() + b'\n2017/18,1,"Kent,a\n', "is not a line of CSV"),
            (",".join(HEADINGS).encode() + b"\n", "has headings and no rows"),
        ],
    )
    def test_wrong_content(self, tmp_path: Path, content: bytes, words: str) -> None:
        path = tmp_path / "wrong.ods"
        path.write_bytes(content)

        assert words in refusal(path)

    def test_renamed_column_is_named_beside_what_is_there(self, tmp_path: Path) -> None:
        path = tmp_path / "renamed.csv"
        headings = ",".join(HEADINGS).replace("Offence Group", "Crime Family")
        path.write_text(f"{headings}\n2017/18,1,Kent,a,b,c,d,1\n", "utf-8")

        said = refusal(path)

        assert "lacks the column Offence Group. It has others: Crime Family. Was a column renamed?" in said


class TestReading:
    """Files that are good in spite of appearances."""

    def test_source_is_seen_in_the_content_whatever_the_name(self, tmp_path: Path) -> None:
        found = {}
        for cut in CUTS:
            path = tmp_path / "download.bin"
            path.write_bytes(cut.read_bytes())
            found[f"{cut.parent.name}/{cut.name}"] = sources.recognise(open_book(path)).SOURCE

        assert found == {
            "force-tables/june-2018.xlsx": "force-tables",
            "force-tables/march-2018.xlsx": "force-tables",
            "force-tables/march-2019.xls": "force-tables",
            "force-tables/march-2019.xlsx": "force-tables",
            "outcomes/made-2017-18.csv": "outcomes",
            "population/mid-2023.xlsx": "population",
            "recorded-crime/2017-18.csv": "recorded-crime",
            "recorded-crime/2024-25-more-columns.csv": "recorded-crime",
            "rolling-year/to-december-2018.csv": "recorded-crime-rolling-year",
            "workforce/2023.csv": "workforce",
            "workforce/2026-headings.csv": "workforce",
        }

    def test_formula_counts_as_the_value_last_worked_out(self, tmp_path: Path) -> None:
        rows = books.xlsx_row(1, *HEADINGS) + books.xlsx_row(2, *ROBBERY, "=SUM(A1:A9)|7")

        part = parsed(books.xlsx(tmp_path / "formula.xlsx", rows)).parts[0]

        assert [
            cell.value
            for lines in part.counts.values()
            for cells in lines.values()
            for cell in cells.values()
        ] == [7]

    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    @pytest.mark.parametrize("error", ["#N/A", "#REF!"])
    def test_cell_with_an_error_is_refused_and_not_taken_for_a_blank_one(
        self, tmp_path: Path, kind: str, error: str
    ) -> None:
        """Spreadsheet programs show errors so; an error where nothing is read from is nobody's business."""
        path = tmp_path / f"errors.{kind}"
        names = (*HEADINGS, "Region")
        good, bad = (*ROBBERY, 5, "?"), (*ROBBERY, "?", "x")
        if kind == "xlsx":
            rows = "".join(books.xlsx_row(n, *row) for n, row in enumerate((names, good, bad), 1))
            for place in ("I2", "H3"):
                shown = f'<c r="{place}" t="inlineStr"><is><t>?</t></is></c>'
                rows = rows.replace(shown, f'<c r="{place}" s="3" t="e"><f>A1</f><v>{error}</v></c>')
            books.xlsx(path, rows)
        else:
            shown = '<table:table-cell office:value-type="string"><text:p>?</text:p>'
            held = shown.replace(
                '"string"', '"string" office:string-value="" calcext:value-type="error"'
            ).replace("?", error)
            rows = "".join(books.ods_row(*row) for row in (names, good, bad)).replace(shown, held)
            books.ods(path, {"2017_18": rows})
        before = path.read_bytes()

        found = parsed(path)

        (wrong,) = found.errors
        assert (wrong.file, wrong.line, wrong.column) == ("2017_18", 3, "Number of Offences")
        assert wrong.message == f"“{error}” is an error of the spreadsheet, not a value"
        assert path.read_bytes() == before

    def test_columns_may_stand_in_any_order_and_have_company(self, tmp_path: Path) -> None:
        path = tmp_path / "order.csv"
        cells = dict(zip(HEADINGS, (*ROBBERY, " -00 "), strict=True))
        names = ["", *reversed(HEADINGS), "Region"]
        path.write_text(
            ",".join(names) + "\n" + ",".join(str(cells.get(name, "x")) for name in names) + "\n", "utf-8"
        )

        part = parsed(path).parts[0]

        assert [
            cell.value
            for lines in part.counts.values()
            for cells in lines.values()
            for cell in cells.values()
        ] == [0]

    def test_sheets_and_formats_give_the_same(self, tmp_path: Path) -> None:
        rows = [(*ROBBERY, 5), (*ROBBERY, -2), (*ROBBERY, 0)]
        as_csv = tmp_path / "a.csv"
        as_csv.write_text("\n".join(",".join(map(str, row)) for row in (HEADINGS, *rows)) + "\n", "utf-8")
        as_ods = books.ods(
            tmp_path / "a.ods",
            {
                "Cover_sheet": books.ods_row("Published 23 July 2026"),
                "Notes_": books.ods_row("Notes"),
                " 2017_18 ": "".join(books.ods_row(*row) for row in (HEADINGS, *rows)),
            },
        )
        as_xlsx = books.xlsx(
            tmp_path / "a.xlsx",
            "".join(books.xlsx_row(n, *row) for n, row in enumerate((HEADINGS, *rows), 1)),
        )

        found = [parsed(path).parts[0] for path in (as_csv, as_ods, as_xlsx)]

        assert found[0].counts == found[1].counts == found[2].counts
        assert found[1].edition.edition == "23 July 2026"
        assert found[0].edition.edition == "data to June 2017"


class TestCells:
    """What a cell says."""

    @pytest.mark.parametrize(
        ("cell", "value", "missing"),
        [
            (" 66776 ", 66776, ""),
            ("-00 ", 0, ""),
            ("-45", -45, ""),
            ("−45", -45, ""),
            ("1,234,567", 1234567, ""),
            (58381200.0, 58381200, ""),
            ("", None, "blank"),
            ("..", None, "not-available"),
            ("[x]", None, "not-available"),
            ("NA", None, "not-available"),
            ("N/A - data not provided", None, "not-provided"),
            ("+", None, "suppressed"),
            ("[c]", None, "suppressed"),
            ("*", None, "suppressed"),
            ("-", None, "small-base"),
            (":", None, "not-applicable"),
        ],
    )
    def test_numbers_and_marks(self, cell: object, value: int | None, missing: str) -> None:
        assert number(cell) == (value, missing)

    @pytest.mark.parametrize(
        "cell", ["12,5", "1.2.3", "nan", "1e99", "=A1", "1_000", "٣", True, float("inf"), "9" * 60]
    )
    def test_anything_else_is_refused(self, cell: object) -> None:
        with pytest.raises(ValueError, match="“"):
            number(cell)

    @pytest.mark.parametrize("cell", ["2017/19", "1817/18", "2017", "17/18", ""])
    def test_years_that_are_none(self, cell: str) -> None:
        with pytest.raises(ValueError, match="is not a financial year"):
            financial_year(cell)

    @pytest.mark.parametrize(
        "name", ["Surrey10,11", "Surrey 9", "Surrey[note 8]", "Surrey [note 1, 2]", "Surrey9 ", "Surrey"]
    )
    def test_footnotes_come_off_names(self, name: str) -> None:
        assert without_notes(name) == "Surrey"


def test_archives_that_calamine_panics_on_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    assert refusal(path)
