"""What the seed refuses: each fault with its file, line, column and what was expected, all of them at once."""

import pytest

from grades.importers.rows import BadFiles, RowError
from grades.importers.seed import read_seed
from tests.importers.seeding import SeedFolder

WARWICKSHIRE_PILLAR = {"force": "warwickshire", "cycle": "2015", "pillar": "effectiveness", "number": "0"}
NORTHAMPTONSHIRE_AMENDED = {"force": "northamptonshire", "amended_from": "adequate"}
WITHHELD = {"force": "greater-manchester", "state": "withheld", "pillar": "legitimacy"}
CARRIED = {"force": "cheshire", "cycle": "2018-19", "carried_from": "2016"}


def faults(folder: SeedFolder) -> list[RowError]:
    """Everything wrong with a folder, in order."""
    with pytest.raises(BadFiles) as refused:
        read_seed(folder.path)
    return refused.value.errors


def only(folder: SeedFolder) -> tuple[str, int, str, str]:
    """The one thing wrong with a folder."""
    found = faults(folder)
    assert len(found) == 1, [str(error) for error in found]
    return (found[0].file, found[0].line, found[0].column, found[0].message)


def test_the_small_record_is_accepted(folder):
    parsed, sha256 = read_seed(folder.path)

    assert len(parsed["grades.csv"].rows) == 45
    assert len(sha256) == 64


class TestFiles:
    """Faults of a file as a whole."""

    def test_missing_file(self, folder):
        (folder.path / "series_breaks.csv").unlink()

        assert only(folder) == ("series_breaks.csv", 1, "", "the file is missing")

    def test_folder_in_place_of_a_file(self, folder):
        (folder.path / "series_breaks.csv").unlink()
        (folder.path / "series_breaks.csv").mkdir()

        assert only(folder) == ("series_breaks.csv", 1, "", "the file cannot be read: Is a directory")

    @pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
    def test_empty_file(self, folder, content):
        folder.rewrite("sources.csv", lambda _: content)

        assert only(folder) == ("sources.csv", 1, "", "the file is empty")

    def test_missing_column(self, folder):
        folder.rewrite("themes.csv", lambda text: text.replace(b"slug,title,", b"slug,", 1))

        assert only(folder) == ("themes.csv", 1, "title", "this column is missing")

    def test_unexpected_column(self, folder):
        folder.rewrite("themes.csv", lambda text: text.replace(b"slug,title", b"slug,Title,title", 1))

        assert only(folder) == ("themes.csv", 1, "Title", "this column is not expected")

    def test_column_twice(self, folder):
        folder.rewrite("themes.csv", lambda text: text.replace(b"slug,title", b"slug,title,title", 1))

        assert only(folder) == ("themes.csv", 1, "title", "this column is there more than once")

    def test_columns_may_stand_in_another_order(self, folder):
        rows = folder.rows("themes.csv")
        folder.write("themes.csv", [dict(reversed(row.items())) for row in rows])

        read_seed(folder.path)

    def test_wrong_number_of_cells(self, folder):
        line = folder.line("councils.csv", name="Cheshire East")
        folder.rewrite("councils.csv", lambda text: text.replace(b"Cheshire East", b"Cheshire, East", 1))

        assert only(folder) == ("councils.csv", line, "", "5 cells where 4 are expected")

    def test_broken_quotation_marks_leave_the_other_lines_readable(self, folder):
        rows = (folder.path / "councils.csv").read_text("utf-8").splitlines()
        rows[2] = 'E06000050,"Cheshire" West,,cheshire'
        rows[4] = "E0,Nowhere,,nowhere"
        folder.rewrite("councils.csv", lambda _: "\n".join(rows).encode())

        assert [(error.line, error.column) for error in faults(folder)] == [
            (3, ""),
            (5, "code"),
            (5, "force"),
        ]

    def test_quotation_mark_without_an_end(self, folder):
        folder.rewrite("series_breaks.csv", lambda text: text + b'recorded-crime,,2012-04-01,"no end\n')

        assert only(folder) == ("series_breaks.csv", 5, "", "not a CSV line: unexpected end of data")

    def test_line_of_a_fault_below_a_cell_of_several_lines(self, folder):
        folder.change("themes.csv", {"slug": "preventing-crime"}, summary="Two\nlines")
        folder.rewrite("themes.csv", lambda text: text + b"new,New,many,\n")

        assert only(folder)[:3] == ("themes.csv", 17, "order")


class TestBytes:
    """Encodings and characters."""

    def test_latin_1_names_every_line(self, folder):
        lines = sorted(folder.line("councils.csv", name=name) for name in ("Bolton", "Cheshire East"))
        for name in (b"Bolton", b"Cheshire East"):
            folder.rewrite("councils.csv", lambda text, name=name: text.replace(name, b"Caf\xe9", 1))

        found = faults(folder)

        message = "not UTF-8; save the file as UTF-8"
        assert found == [RowError("councils.csv", line, "", message) for line in lines]

    def test_latin_1_does_not_hide_what_else_is_wrong(self, folder):
        folder.change("councils.csv", {"name": "Bolton"}, force="nowhere")
        folder.rewrite("councils.csv", lambda text: text.replace(b"Cheshire East", b"Caf\xe9", 1))

        assert "“nowhere” is not in forces.csv" in [error.message for error in faults(folder)]

    def test_byte_order_mark_is_accepted(self, folder):
        folder.rewrite("grades.csv", lambda text: b"\xef\xbb\xbf" + text)

        assert len(read_seed(folder.path)[0]["grades.csv"].rows) == 45

    def test_crlf_is_accepted_and_not_kept(self, folder):
        folder.change("findings.csv", {"key": "warwickshire-2015-preventing-1"}, text="One.\nTwo.")
        folder.rewrite("findings.csv", lambda text: text.replace(b"\n", b"\r\n"))

        rows = read_seed(folder.path)[0]["findings.csv"].rows

        assert "One.\nTwo." in [row["text"] for row in rows]

    def test_nul_byte(self, folder):
        line = folder.line("councils.csv", name="Bolton")
        folder.rewrite("councils.csv", lambda text: text.replace(b"Bolton", b"Bol\x00ton", 1))

        expected = "holds a character that cannot be seen (U+0000)"
        assert only(folder) == ("councils.csv", line, "name", expected)

    @pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u00ad", "\u2028", "\x1b", "\x9b", "\ue000"])
    def test_letters_that_cannot_be_seen(self, folder, letter):
        line = folder.change("councils.csv", {"name": "Bolton"}, name=f"Bol{letter}ton")

        expected = f"holds a character that cannot be seen (U+{ord(letter):04X})"
        assert only(folder) == ("councils.csv", line, "name", expected)

    @pytest.mark.parametrize("name", ["Môn\u00a0Ynys", "Two\nlines", "naïve – “so”"])
    def test_letters_that_can_be_seen(self, folder, name):
        folder.change("councils.csv", {"name": "Bolton"}, name=name)

        read_seed(folder.path)

    def test_what_a_terminal_would_obey_is_written_out(self, folder):
        folder.rewrite(
            "themes.csv",
            lambda text: text.replace(b"slug,title", b"slug,\x1b[2Jx\ny,title".replace(b"\n", b""), 1),
        )

        assert "line 1, \\x1b[2Jxy: this column is not expected" in str(faults(folder)[0])

    @pytest.mark.parametrize(
        "cell",
        ["=1+1", "+44 20", "-1+2", "@SUM(A1)", "\t=1", "\tplain", "  =1", "-=1", "＝1+1", '=HYPERLINK("x")'],
    )
    def test_formula(self, folder, cell):
        line = folder.change("themes.csv", {"slug": "preventing-crime"}, summary=cell)

        file, where, column, message = only(folder)

        assert (file, where, column) == ("themes.csv", line, "summary")
        assert message.endswith("begins like a spreadsheet formula")

    @pytest.mark.parametrize("cell", ["-10.5", "-17", "-", "–5 %"])
    def test_minus_before_a_number_is_no_formula(self, folder, cell):
        folder.change("themes.csv", {"slug": "preventing-crime"}, summary=cell)

        read_seed(folder.path)


@pytest.mark.parametrize(
    ("file", "where", "column", "cell", "message"),
    [
        (
            "grades.csv",
            WARWICKSHIRE_PILLAR,
            "level",
            "requires improvement",
            "“requires improvement” is not one of: outstanding, good, adequate, requires-improvement, inadequate",
        ),
        (
            "grades.csv",
            WARWICKSHIRE_PILLAR,
            "level",
            "adequate",
            "“adequate” is not on the scale of 2015: outstanding, good, requires-improvement, inadequate",
        ),
        ("grades.csv", WARWICKSHIRE_PILLAR, "report", "", "only what was not graded has no report"),
        ("citations.csv", WARWICKSHIRE_PILLAR, "level", "adequate", None),
        ("grade_definitions.csv", {"cycle": "2015", "level": "good"}, "level", "adequate", None),
        ("councils.csv", {"name": "Bolton"}, "force", "Greater Manchester", None),
        ("councils.csv", {"name": "Bolton"}, "force", "", "must not be empty"),
        (
            "councils.csv",
            {"name": "Bolton"},
            "name",
            "x" * 101,
            "Ensure this value has at most 100 characters (it has 101).",
        ),
        (
            "councils.csv",
            {"name": "Bolton"},
            "code",
            "E8",
            "An ONS code is E or W and eight digits, such as E07000222.",
        ),
        (
            "forces.csv",
            {"slug": "devon-and-cornwall"},
            "nation",
            "Scotland",
            "“Scotland” is not one of: England, Wales",
        ),
        ("cycles.csv", {"slug": "2015"}, "tiers", "6", "A scale has four or five grades."),
        ("cycles.csv", {"slug": "2015"}, "order", "1.5", "“1.5” is not a whole number"),
        ("cycles.csv", {"slug": "2015"}, "break_presumed", "No", "“No” is neither yes nor no"),
        ("themes.csv", {"slug": "managing-offenders"}, "order", "1", "repeats line 2"),
        ("themes.csv", {"slug": "managing-offenders"}, "order", "40000", None),
        (
            "questions.csv",
            {"cycle": "2015", "number": "1"},
            "theme",
            "prevention",
            "“prevention” is not in themes.csv",
        ),
        (
            "questions.csv",
            {"cycle": "2015", "number": "1"},
            "also_covers",
            "leadership; gold",
            "“gold” is not in themes.csv",
        ),
        ("areas.csv", {"kind": "alliance"}, "members", "warwickshire;kent", "“kent” is not in forces.csv"),
        ("reports.csv", {"force": "warwickshire", "kind": "peel"}, "published_on", "2022-02-30", None),
        ("reports.csv", {"force": "warwickshire", "kind": "peel"}, "published_on", "27/09/2019", None),
        ("reports.csv", {"force": "warwickshire", "kind": "peel"}, "published_on", "2019-9", None),
        ("reports.csv", {"force": "warwickshire", "kind": "peel"}, "address", "javascript:alert(1)", None),
        ("reports.csv", {"force": "warwickshire", "kind": "peel"}, "address", "https://", None),
        ("reports.csv", {"force": "warwickshire", "kind": "effectiveness"}, "isbn", "12345", None),
        ("citations.csv", WARWICKSHIRE_PILLAR, "source", "A page nobody knows", None),
        ("monitoring_periods.csv", {}, "entered_on", "", None),
        ("metrics.csv", {"slug": "recorded-crime"}, "multiplier", "0", "A multiplier is 1 or more."),
        ("metrics.csv", {"slug": "recorded-crime-count"}, "parent", "recorded-crime-count", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "value", "52,5", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "value", "1e3", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "value", "NaN", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "value", "1.00001", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "denominator", "0", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "area", "warwick", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "starts_on", "2022-06", None),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "starts_on", "20220601", None),
        (
            "observations.csv",
            {"area": "warwickshire", "basis": "derived"},
            "starts_on",
            "2030-01-01",
            "A period ends after it starts.",
        ),
        ("observations.csv", {"area": "warwickshire", "basis": "derived"}, "basis", "as-printed", None),
        ("printed_figures.csv", {"block": "figure-4"}, "block", "", None),
        (
            "findings.csv",
            {"kind": "recommendation"},
            "parent",
            "",
            "A recommendation belongs to a cause of concern; nothing else does.",
        ),
        ("findings.csv", {"kind": "recommendation"}, "parent", "warwickshire-2015-preventing-1", None),
        ("finding_events.csv", {}, "actor", "force", "Only the inspectorate closes or supersedes a finding."),
    ],
)
def test_one_wrong_cell(folder, file, where, column, cell, message):
    if file == "finding_events.csv":
        folder.change(file, where, standing="closed")
    line = folder.change(file, where, **{column: cell})

    found = [error for error in faults(folder) if column in error.column.split(", ")]

    assert [(error.file, error.line) for error in found] == [(file, line)] * len(found)
    assert found
    assert message is None or message in [error.message for error in found]


@pytest.mark.parametrize(
    ("where", "cells", "column", "message"),
    [
        (
            WARWICKSHIRE_PILLAR,
            {"state": "awaited"},
            "state, level",
            "A graded or carried-forward state needs a grade; any other has none.",
        ),
        (
            WARWICKSHIRE_PILLAR,
            {"level": ""},
            "state, level",
            "A graded or carried-forward state needs a grade; any other has none.",
        ),
        (WARWICKSHIRE_PILLAR, {"state": ""}, "state", None),
        (
            WARWICKSHIRE_PILLAR,
            {"carried_from": "2014"},
            "state, carried_from",
            "Only a carried-forward grade comes from another cycle.",
        ),
        (CARRIED, {"carried_from": "2021-22"}, "carried_from", "“2021-22” is not earlier than 2018-19"),
        (CARRIED, {"carried_from": "2018-19"}, "carried_from", "“2018-19” is not earlier than 2018-19"),
        (
            WITHHELD,
            {"withheld_reason": ""},
            "state, withheld_reason",
            "“Not graded” needs its reason, and only that state has one.",
        ),
        (WARWICKSHIRE_PILLAR, {"withheld_reason": "Why?"}, "state, withheld_reason", None),
        *(
            (
                NORTHAMPTONSHIRE_AMENDED,
                {column: ""},
                "state, amended_on, amended_from, amended_reason",
                "An amendment keeps its day, the old grade and the reason, all three.",
            )
            for column in ("amended_on", "amended_from", "amended_reason")
        ),
        (
            NORTHAMPTONSHIRE_AMENDED,
            {"amended_from": "requires-improvement"},
            "level, amended_from",
            "An amendment changes the grade.",
        ),
        (WARWICKSHIRE_PILLAR, {"number": "9"}, "number", "“2015, effectiveness, 9” is not in questions.csv"),
        (
            WARWICKSHIRE_PILLAR,
            {"report": "leadership"},
            "report",
            "“warwickshire, 2015, leadership” is not in reports.csv",
        ),
    ],
)
def test_grade_that_cannot_be(folder, where, cells, column, message):
    line = folder.change("grades.csv", where, **cells)

    found = [error for error in faults(folder) if error.file == "grades.csv"]

    assert (line, column) in [(error.line, error.column) for error in found]
    assert message is None or message in [error.message for error in found]


def test_period_that_ends_with_the_calendar(folder):
    line = folder.change(
        "observations.csv", {"area": "warwickshire", "basis": "derived"}, ends_on="9999-12-31"
    )

    assert only(folder) == ("observations.csv", line, "ends_on", "“9999-12-31” has no day after it")


def test_link_that_goes_backwards(folder):
    where = next(row for row in folder.rows("question_links.csv") if row["from_cycle"] and row["to_cycle"])
    turned = {end: where[other] for end, other in zip(("from_cycle", "to_cycle"), ("to_cycle", "from_cycle"))}
    turned |= {
        f"{end}_{c}": where[f"{other}_{c}"]
        for end, other in (("from", "to"), ("to", "from"))
        for c in ("pillar", "number")
    }
    line = folder.change("question_links.csv", where, **turned)

    message = f"“{where['to_cycle']}” is not earlier than {where['from_cycle']}"
    assert ("question_links.csv", line, "from_cycle", message) in [
        (error.file, error.line, error.column, error.message) for error in faults(folder)
    ]


def test_hash_is_of_the_bytes_that_were_read(folder):
    _parsed, before = read_seed(folder.path)
    folder.change("themes.csv", {"slug": "preventing-crime"}, summary="Another")

    assert read_seed(folder.path)[1] != before


def test_grade_on_a_question_that_has_none(folder):
    folder.change(
        "questions.csv", {"cycle": "2015", "pillar": "effectiveness", "number": "1"}, graded="ungraded"
    )

    file, _line, column, message = only(folder)

    assert (file, column, message) == ("grades.csv", "level", "this question is not graded for any force")


def test_duplicate_row(folder):
    first = folder.line("councils.csv", name="Bolton")
    line = folder.add("councils.csv", {"name": "Bolton"})

    assert only(folder) == ("councils.csv", line, "code", f"repeats line {first}")


def test_the_same_code_under_two_forces(folder):
    codes = [row["ons_code"] for row in folder.rows("forces.csv")]
    line = folder.change("forces.csv", {"slug": "west-mercia"}, ons_code=codes[0])

    assert only(folder) == ("forces.csv", line, "ons_code", "repeats line 2")


def test_child_before_its_parent(folder):
    rows = folder.rows("findings.csv")
    folder.write("findings.csv", rows[::-1])

    found = faults(folder)

    assert {(error.file, error.column) for error in found} == {
        ("findings.csv", "parent"),
        ("findings.csv", "continues"),
    }
    assert all(error.message.endswith("is not on an earlier line") for error in found)


def test_finding_of_another_force_as_parent(folder):
    folder.change("findings.csv", {"kind": "recommendation"}, force="warwickshire")

    assert only(folder)[2:] == ("parent", "“west-mercia-2015-vulnerable-1” is about another force")


def test_everything_is_listed_at_once(folder):
    """A bad line hides neither other lines, nor other files, nor that lines refer to it."""
    folder.change("forces.csv", {"slug": "warwickshire"}, nation="Mercia")
    folder.change("grades.csv", WARWICKSHIRE_PILLAR, level="so-so")
    folder.change("citations.csv", {"force": "cheshire"}, source="nothing")
    folder.change("metrics.csv", {"slug": "recorded-crime"}, decimals="-1")
    folder.change("observations.csv", {"area": "warwickshire"}, value="many")
    (folder.path / "mentions.csv").unlink()

    assert [(error.file, error.column) for error in faults(folder)] == [
        ("citations.csv", "source"),
        ("forces.csv", "nation"),
        ("grades.csv", "level"),
        ("mentions.csv", ""),
        ("metrics.csv", "decimals"),
        ("observations.csv", "value"),
    ]


def test_a_fault_reads_as_a_sentence(folder):
    line = folder.change("councils.csv", {"name": "Bolton"}, force="nowhere")

    assert str(faults(folder)[0]) == f"councils.csv, line {line}, force: “nowhere” is not in forces.csv"
