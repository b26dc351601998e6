"""Official files, mutilated: whatever comes, it is loaded whole or refused in a sentence, and nothing is half-written."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grades.importers.official import loading, sources
from grades.importers.official.errors import BadFiles, Unreadable
from grades.importers.official.facts import Wishes
from grades.importers.official.reading import open_book
from grades.importers.official.undoing import undo
from tests.importers.official import books
from tests.importers.official.conftest import CUTS
from tests.importers.official.held import state
from tests.soak import times

TEMPLATE = (
    b"area,metric,first day,last day,value,numerator,denominator,denominator year,source title,source address,publisher,note,"
    b"counted with\nwarwickshire,victim-satisfaction,2016-04-01,2017-03-31,80.1,,,,Return,https://example.org/a,HMIC,From a return,\n"
)

ODD_CELLS = (
    *("", "0", "-", "-00", "..", "...", ":", "+", "*", "[x]", "[c]", "[low]", "N/A", "N/A - data not provided", "na"),
    *("1,5", "1,234", "-1", "1e3", "1e99", "nan", "inf", "=1+1", "9" * 30, "0.004", "12345678901234.5"),
    *("31-02-2018", "31-12-2018", "2017/18", "2099/00", "5", "1a", "2018"),
    *("Kent", "West Midlands", "Atlantis", "E23000017", "E23000099", "K04000001", "Fraud offences"),
    *("\ufeff", "\x00", "\u202e", "\u0663", "\ud7ff", "a" * 200, '"', "x\ny", "<b>", "\\N", "\t"),
)  # fmt: skip
"""What stands in the place of a cell: marks, numbers that are none, other columns' texts, characters that hide."""

ODD_MARKUP = (
    *(b'table:number-rows-repeated="999999999"', b'table:number-columns-repeated="70000"', b'office:value="1e400"'),
    *(b"<text:p>", b"</table:table>", b"<v>99999999999999999999</v>", b'r="ZZZZ1"', b'r="A0"', b't="e"', b't="s"'),
    *(b"<f>1/0</f>", b"&#0;", b"&unknown;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b"]]>", b"\xff\xfe"),
)  # fmt: skip

fuzzed = settings(
    max_examples=times(25, 4000),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One file of each kind and format: the cuts, spreadsheets of ODS made from them, the template."""
    folder = tmp_path_factory.mktemp("whole")
    made = []
    for cut in CUTS:
        if cut.suffix == ".csv":
            rows = read_csv(cut.read_bytes())[:120]
            path = folder / f"{cut.parent.name}-{cut.stem}.ods"
            made.append(books.ods(path, {"Notes": books.ods_row("Notes"), "Data": ods_rows(rows)}))
    template = folder / "template.csv"
    template.write_bytes(TEMPLATE)
    return [*CUTS, *made, template]


def ods_rows(rows: list[list[str]]) -> str:
    """Give the XML of rows, whole numbers as numbers."""
    return "".join(
        books.ods_row(*(int(cell) if cell.strip().isdecimal() else cell for cell in row)) for row in rows
    )


def read_csv(content: bytes) -> list[list[str]]:
    """Read a CSV."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def write_csv(rows: list[list[str]], data: st.DataObject) -> bytes:
    """Write a CSV, now and then not as it should be."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=data.draw(st.sampled_from(",,,,,,;\t")), lineterminator="\n")
    writer.writerows(rows)
    encoding = data.draw(st.sampled_from(["utf-8"] * 5 + ["utf-8-sig", "latin-1", "cp1252", "utf-16"]))
    return out.getvalue().encode(encoding, errors="replace")


def mutilated_bytes(content: bytes, data: st.DataObject, *, odd: tuple[bytes, ...] = ()) -> bytes:
    """Change, cut, double and insert bytes."""
    found = bytearray(content)
    for _times in range(data.draw(st.integers(1, 6))):
        if not found:
            break
        at = data.draw(st.integers(0, len(found) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double", "insert", "end"])):
            case "change":
                found[at] = data.draw(st.integers(0, 255))
            case "cut":
                del found[at : at + data.draw(st.integers(1, 400))]
            case "double":
                found[at:at] = found[at : at + data.draw(st.integers(1, 400))]
            case "insert":
                found[at:at] = data.draw(st.sampled_from(odd) if odd else st.binary(max_size=40))
            case _:
                del found[max(at, len(found) // 2) :]
    return bytes(found)


def mutilated_archive(content: bytes, data: st.DataObject) -> bytes:
    """Mutilate one document inside an archive, so that the archive itself is sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = data.draw(st.sampled_from([name for name in names if name.endswith((".xml", ".rels"))]))
        for name in names:
            member = old.read(name)
            new.writestr(name, mutilated_bytes(member, data, odd=ODD_MARKUP) if name == chosen else member)
    return out.getvalue()


def mutilated_table(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    """Put other cells in, rename, move, repeat and drop columns and rows."""
    rows = [list(row) for row in rows]
    for _times in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(rows) - 1))
        row = rows[at]
        match data.draw(
            st.sampled_from(["cell"] * 6 + ["column", "heading", "order", "row", "short", "blank", "again"])
        ):
            case "cell" if row:
                row[data.draw(st.integers(0, len(row) - 1))] = data.draw(
                    st.sampled_from(ODD_CELLS) | st.text(max_size=12)
                )
            case "column":
                column = data.draw(st.integers(0, 12))
                rows = [own[:column] + own[column + 1 :] for own in rows]
            case "heading" if rows[0]:
                rows[0][data.draw(st.integers(0, len(rows[0]) - 1))] = data.draw(st.text(max_size=20))
            case "order":
                rows = [own[::-1] for own in rows]
            case "row" if len(rows) > 1:
                del rows[at]
            case "short":
                del row[data.draw(st.integers(0, 12)) :]
            case "blank":
                rows.insert(at, [])
            case _:
                rows.insert(at, list(row))
    return rows


def mutilated(path: Path, data: st.DataObject) -> bytes:
    """Mutilate a file in one of the ways that fit it."""
    content = path.read_bytes()
    ways = ["bytes", *{".csv": ["table"] * 3, ".xls": []}.get(path.suffix, ["archive"] * 3)]
    match data.draw(st.sampled_from(ways)):
        case "archive":
            return mutilated_archive(content, data)
        case "table":
            return write_csv(mutilated_table(read_csv(content), data), data)
        case _:
            return mutilated_bytes(content, data)


def is_sentence(said: str) -> bool:
    """Say whether something is a sentence for a reader, and no traceback."""
    return said.strip() == said and said.endswith((".", "?")) and "Traceback" not in said


@fuzzed
@given(data=st.data())
def test_mutilated_files_are_parsed_or_refused_in_a_sentence(
    files: list[Path], tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "mutilated"
    path.write_bytes(mutilated(data.draw(st.sampled_from(files)), data))

    said = ["Read."]
    try:
        book = open_book(path)
        found = sources.recognise(book).parse(book, Wishes())
        said += [f"{error.message}." for error in found.errors]
    except Unreadable as problem:
        said.append(str(problem))

    assert [words for words in said if not is_sentence(words)] == []


@fuzzed
@given(data=st.data())
@pytest.mark.usefixtures("world")
def test_mutilated_files_are_loaded_whole_or_not_at_all(
    files: list[Path], tmp_path: Path, data: st.DataObject
) -> None:
    """What was loaded can also be taken back to nothing; the constraints of the database are checked in both ways."""
    path = tmp_path / "mutilated"
    path.write_bytes(mutilated(data.draw(st.sampled_from(files)), data))
    empty = {"lines": [], "counts": [], "figures": [], "releases": []}
    assert state() == empty

    said = ["Loaded."]
    try:
        with transaction.atomic():
            done = loading.load(path, Wishes())
    except Unreadable as problem:
        said.append(str(problem))
    except BadFiles as problem:
        said += [f"{error.message}." for error in problem.errors]
    else:
        assert done.run is not None
        undo(done.run.pk)

    assert [words for words in said if not is_sentence(words)] == []
    assert state() == empty
