"""The rows of a chart for programs: the table's figures as numbers, every break said, nothing a spreadsheet would run."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grades import words
from grades.charts import grade_history, trend
from grades.charts.rows import Terms, figure, rows, to_csv, to_json, written
from grades.charts.spec import ChartSpec, Row
from grades.scales import CellState, Level
from tests.builders import BREAK_REASON, linked_history, metric_series, series_break, year
from tests.charts.strategies import histories, metrics

TERMS = Terms(
    licence="Open Government Licence v3.0",
    licence_address="https://example.org/ogl",
    address="https://example.org/",
)
SPECS = st.one_of(
    metrics().map(lambda series: trend(series=series)),
    histories().map(lambda facts: grade_history(history=facts)),
)


@pytest.fixture
def lines() -> ChartSpec:
    own = [year(y, f"{1050 + y % 7}.25") for y in range(2017, 2021)]
    return trend(
        series=metric_series(
            own, own[1:], breaks=[series_break(date(2019, 4, 1))], unit="offences", decimals=1
        )
    )


@pytest.fixture
def grid() -> ChartSpec:
    return grade_history(
        history=linked_history(
            Level.GOOD,
            Level.REQUIRES_IMPROVEMENT,
            Level.INADEQUATE,
            state=CellState.CARRIED_FORWARD,
            carried_from="2016",
        )
    )


def read(text: str) -> list[dict[str, str]]:
    """Read CSV back."""
    return list(csv.DictReader(io.StringIO(text)))


def test_lines_give_a_row_a_period_with_plain_numbers(lines):
    first, *_others = rows(lines)

    assert first == {
        "period": "12 months to 31 March 2017",
        "warwickshire": Decimal("1051.3"),
        "england_and_wales": "not recorded here",
        "note": "–",
        "break_before": False,
        "break_reason": "",
    }


def test_row_after_a_break_says_so(lines):
    said = [(row["break_before"], row["break_reason"]) for row in rows(lines)]

    assert [before for before, _reason in said] == [False, False, False, True]
    assert said[-1][1] == lines.table.rows[-1].break_before


def test_grid_gives_a_row_a_grade_with_its_state_marks_and_break(grid):
    third = rows(grid)[2]

    assert third == {
        "theme": "Investigating crime",
        "cycle": "2021/22",
        "state": "carried-forward",
        "grade": "inadequate",
        "detail": "from 2016",
        "not_yet_checked": False,
        "sources_disagree": False,
        "amended": False,
        "corrected_on": "",
        "corrected_from": "",
        "words": "Investigating crime, 2021/22: Inadequate, carried forward from 2016",
        "break_before": True,
        "break_reason": BREAK_REASON,
        "break_presumed": False,
    }


@settings(deadline=None, max_examples=60)
@given(spec=SPECS)
def test_any_spec_keeps_its_figures_in_both_files(spec):
    table = spec.table
    found = rows(spec)

    assert len({tuple(row) for row in found}) == 1
    written = read(to_csv(spec, terms=TERMS))
    document = json.loads(json.dumps(to_json(spec, terms=TERMS), allow_nan=False))
    assert len(written) == len(document["rows"]) == len(found)
    if spec.lines:
        for row, line, plain in zip(table.rows, written, document["rows"], strict=True):
            for column, text, name in zip(table.columns[1:], row.cells, list(line)[1:], strict=False):
                if column.numeric and text != "not recorded here":
                    assert words.number(Decimal(line[name]), places(text)) == text
                    assert words.number(Decimal(str(plain[name])), places(text)) == text
    else:
        assert {row["words"] for row in found} >= {cell.title for cell in spec.grid.cells}


def places(text: str) -> int:
    """Count the decimals of a written number."""
    return len(text.partition(".")[2])


@settings(deadline=None, max_examples=40)
@given(spec=SPECS)
def test_every_break_of_the_picture_is_in_the_rows(spec):
    document = to_json(spec, terms=TERMS)

    assert [at["note"] for at in document["breaks"]] == [at.note for at in spec.breaks]
    assert any(row["break_before"] for row in document["rows"]) == any(
        row.break_before for row in spec.table.rows
    ) | any(column.is_break for column in spec.table.columns)
    assert all(bool(row["break_reason"]) == row["break_before"] for row in document["rows"])


def test_document_carries_all_that_must_travel(lines):
    document = to_json(lines, terms=TERMS)

    assert document["title"] == lines.title
    assert document["description"] == lines.description
    assert [(s["text"], s["date"]) for s in document["sources"]] == [
        (source.text, source.date) for source in lines.source.each
    ]
    assert document["licence"] == {"name": TERMS.licence, "address": TERMS.licence_address}
    assert document["notes"] == list(lines.notes)


def test_every_row_of_a_csv_names_source_and_licence(grid):
    for row in read(to_csv(grid, terms=TERMS)):
        assert row["source"] == grid.source.text
        assert row["source_date"] == grid.source.date
        assert row["licence"] == TERMS.licence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("62.6", Decimal("62.6")),
        ("1,234,567", Decimal(1234567)),
        ("−3.1", Decimal("-3.1")),
        ("12.3%", Decimal("12.3")),
        ("0", Decimal(0)),
        ("not recorded here", "not recorded here"),
        ("1,23", "1,23"),
        ("3 of 43", "3 of 43"),
    ],
)
def test_written_figures_are_read_as_numbers(text, value):
    assert figure(text) == value


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(lines, start):
    evil = f"{start}HYPERLINK(1)"
    table = replace(lines.table, rows=(Row(header=f"{evil}x", cells=(evil, "1", evil)),))

    (row,) = read(to_csv(replace(lines, table=table), terms=TERMS))

    assert row["period"] == f"'{evil}x"
    assert row["warwickshire"] == row["note"] == f"'{evil}"


def test_negative_numbers_stay_numbers():
    assert written(Decimal("-3.10")) == "-3.10"


def test_columns_of_one_name_stay_apart(lines):
    twice = replace(
        lines.table, columns=tuple(replace(column, label="Kent & co") for column in lines.table.columns)
    )

    assert list(rows(replace(lines, table=twice))[0])[:4] == [
        "kent_co",
        "kent_co_2",
        "kent_co_3",
        "kent_co_4",
    ]
