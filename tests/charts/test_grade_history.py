"""The grade history: every cell with a named state, breaks as gutters, the same facts in the table."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from grades.charts import grade_history
from grades.charts.card import card
from grades.charts.spec import Kind
from grades.history import Amendment
from grades.scales import CellState, Graded, Level
from tests.builders import (
    BREAK_REASON,
    CYCLE_2016,
    CYCLE_2017,
    CYCLE_2021,
    framework,
    history,
    linked_history,
    point,
    press,
    question,
    source,
)
from tests.charts.strategies import histories


def only(spec, row=0, column=0):
    """Give the one cell at a place."""
    (found,) = (cell for cell in spec.grid.cells if (cell.row, cell.column) == (row, column))
    return found


def test_cell_has_word_letter_and_full_title():
    cell = only(grade_history(history=history([point(level=Level.REQUIRES_IMPROVEMENT)])))

    assert (cell.word, cell.letter, cell.level) == ("Requires improvement", "R", "requires-improvement")
    assert cell.title == "Investigating crime, 2016: Requires improvement"
    assert not any((cell.hatched, cell.hollow, cell.unchecked, cell.disputed, cell.amended))


def test_carried_grade_is_hatched_and_says_from_when():
    cell = only(grade_history(history=history([point(state=CellState.CARRIED_FORWARD, carried_from="2016")])))

    assert cell.hatched
    assert cell.detail == "from 2016"
    assert cell.title.endswith("Good, carried forward from 2016")


def test_carried_grade_of_unknown_origin_says_so():
    cell = only(grade_history(history=history([point(state=CellState.CARRIED_FORWARD)])))

    assert cell.detail == "from earlier"
    assert cell.title.endswith("Good, carried forward (origin not known)")


@pytest.mark.parametrize(
    ("state", "word", "title"),
    [
        (CellState.NOT_INSPECTED, "Not inspected", "Not inspected in this cycle"),
        (CellState.AWAITED, "Report awaited", "Report awaited"),
        (CellState.WITHHELD, "Not graded", "Not graded: the attack of May 2017"),
        (CellState.UNGRADED_BY_DESIGN, "No grade", "Not graded by design"),
    ],
)
def test_state_without_a_grade_is_hollow_and_named(state, word, title):
    shown = point(level=None, state=state, withheld_reason="the attack of May 2017")

    cell = only(grade_history(history=history([shown])))

    assert cell.hollow
    assert cell.word == word
    assert cell.title.endswith(title)


def test_missing_grade_is_our_gap_and_missing_question_is_not():
    spec = grade_history(history=history([], framework([question(cycle="2017")])))

    assert only(spec, column=0).word == "No question"
    assert only(spec, column=1).word == "Not recorded"
    assert only(spec, column=3).word == "Not recorded", "the questions of this cycle are not known"


def test_question_covered_elsewhere_is_named():
    asked = question(also_covers=("managing-offenders",))

    spec = grade_history(history=history([point(asked)]))

    assert only(spec, row=1).title.endswith("No question; covered within “Investigating crime”")


def test_grade_of_the_press_is_marked():
    spec = grade_history(history=history([point(sources=(press(),))]))

    assert only(spec).marks == "*"
    assert "not yet checked against the report" in only(spec).title
    assert "not yet checked against the report" in spec.table.rows[0].cells[0]
    assert "It is still to be checked against the report." in spec.description
    assert "Not yet checked against the report" in [item.label for item in spec.key]


def test_disagreeing_source_is_named():
    faulty = source(title="PEEL 2014: Cheshire", level=Level.REQUIRES_IMPROVEMENT, agrees=False)

    cell = only(grade_history(history=history([point(sources=(source(), faulty))])))

    assert cell.marks == "†"
    assert cell.title.endswith("sources disagree: “PEEL 2014: Cheshire” states requires improvement")


def test_amended_grade_keeps_its_old_grade_and_reason():
    amendment = Amendment(on=date(2024, 8, 8), old=Level.ADEQUATE, reason="the force had given wrong data")

    cell = only(grade_history(history=history([point(amendment=amendment)])))

    assert cell.marks == "‡"
    assert cell.title.endswith("amended from adequate on 8 August 2024: the force had given wrong data")


def test_two_questions_of_one_theme_are_both_shown():
    first, second = question(1, short_title="Crime"), question(2, short_title="Anti-social behaviour")

    spec = grade_history(history=history([point(first), point(second, Level.INADEQUATE)]))

    cells = [cell for cell in spec.grid.cells if (cell.row, cell.column) == (0, 0)]
    assert [(c.part, c.parts, c.word) for c in cells] == [(0, 2, "Good"), (1, 2, "Inadequate")]
    assert spec.grid.rows[0].tracks == 2
    assert spec.table.rows[0].cells[0] == "Crime: Good. Anti-social behaviour: Inadequate."


def test_questions_without_a_grade_by_design_take_no_room():
    asked = question(1, short_title="Planning")
    ungraded = [question(key, graded=Graded.UNGRADED) for key in (2, 3)]

    spec = grade_history(history=history([point(asked)], framework([asked, *ungraded])))

    assert only(spec).word == "Good"
    assert spec.table.rows[0].cells[0] == "Planning: Good. 2 more questions not graded by design."


def test_row_without_anything_stays_with_states_in_words():
    spec = grade_history(history=history([point()]))

    assert spec.table.rows[1].header == "Managing offenders"
    assert set(spec.table.rows[1].cells) <= {
        "No question on this theme in this cycle",
        "Not recorded here yet",
        "Not comparable",
        "Presumed not comparable",
    }


def test_break_is_a_gutter_with_its_reason_everywhere():
    spec = grade_history(history=history([point()]))

    first, second = spec.breaks
    assert first.reason == BREAK_REASON
    assert first.note == f"Grades of 2021/22 cannot be compared with those of 2017. {BREAK_REASON}"
    assert first.address == "https://example.org/b"
    assert second.presumed
    assert second.label == "Presumed not comparable"
    columns = spec.grid.columns
    assert columns[1].end < first.position < columns[2].start
    assert columns[0].end == columns[1].start, "no gutter within a band"
    assert [c.label for c in spec.table.columns if c.is_break] == [
        "Not comparable",
        "Presumed not comparable",
    ]
    assert spec.table.columns[3].break_reason == BREAK_REASON
    assert BREAK_REASON in spec.description


def test_change_is_worded_within_a_band_and_never_across_a_break():
    spec = grade_history(history=linked_history(Level.REQUIRES_IMPROVEMENT, Level.GOOD, Level.OUTSTANDING))

    assert only(spec, column=1).title.endswith("Good; up from requires improvement in 2016")
    assert only(spec, column=2).title.endswith("2021/22: Outstanding")


def test_title_counts_the_newest_grades_and_what_is_missing():
    asked = [question(key, cycle="2021-22") for key in range(1, 5)]
    points = [point(asked[0]), point(asked[1]), point(asked[2], Level.ADEQUATE)]

    spec = grade_history(history=history(points, framework(asked)))

    assert spec.kind == Kind.GRADE_HISTORY
    assert spec.title == "Warwickshire Police in 2021/22: 2 good and 1 adequate; 1 not recorded here"


def test_force_without_any_grade_is_drawn():
    spec = grade_history(history=history([], framework([question()])))

    assert spec.title == "Warwickshire Police: no grades recorded here yet"
    assert spec.source.text == "No inspection report of Warwickshire Police is recorded here yet"
    assert all(cell.hollow for cell in spec.grid.cells)


def test_source_names_inspectorate_kinds_and_newest_report():
    spec = grade_history(history=history([point(sources=(press(), source()))]))

    assert spec.source.text == (
        "HMIC, inspections of Warwickshire Police; the grades are known from the press and the inspectorate"
    )
    assert spec.source.date == "newest report with grades here 3 November 2016"
    assert "newest report with grades here: 3 November 2016." in card(history=history([point()]), site="us")
    assert spec.source.address == "https://example.org/report"


def test_link_is_put_behind_its_cells():
    spec = grade_history(
        history=history([point()]), link=lambda cell: f"/{cell.cycle.slug}/" if cell.points else ""
    )

    assert only(spec).link == "/2016/"
    assert only(spec, column=1).link == ""


def test_one_theme_and_pillars_can_be_drawn_alone():
    pillar = question(9, theme=None, number="0", short_title="Effectiveness")
    facts = history([point(), point(pillar, Level.OUTSTANDING)])

    strip = grade_history(history=facts, rows=[facts.themes[0]])
    pillars = grade_history(history=facts, pillars=True)

    assert [row.label for row in strip.grid.rows] == ["Investigating crime"]
    assert [row.label for row in pillars.grid.rows] == ["Effectiveness"]
    assert only(pillars).word == "Outstanding"
    assert pillars.table.caption == "Grades of Warwickshire Police by pillar and inspection cycle"
    assert only(pillars, column=1).title.endswith("No grade for this pillar in this cycle")


def test_history_without_rows_is_refused():
    with pytest.raises(ValueError, match="at least one row"):
        grade_history(history=history([], framework([], themes=[])))


def test_cycles_of_one_band_have_no_gutter():
    facts = history([point()], framework([question()], cycles=[CYCLE_2016, CYCLE_2017]))

    spec = grade_history(history=facts)

    assert spec.breaks == ()
    assert "cannot be compared" not in spec.description


def test_break_without_a_reason_still_says_that_nothing_compares():
    bare = framework(
        [question()], cycles=[CYCLE_2016, CYCLE_2021.__class__(**_facts(CYCLE_2021) | {"break_reason": ""})]
    )

    spec = grade_history(history=history([point()], bare))

    assert spec.breaks[0].reason == "The grades before and after cannot be compared."


def _facts(cycle):
    return {name: getattr(cycle, name) for name in cycle.__slots__}


@given(facts=histories())
def test_any_legal_history_has_every_cell_named_once_and_inside(facts):
    spec = grade_history(history=facts)

    places = {(cell.row, cell.column) for cell in spec.grid.cells}
    assert places == {(r, c) for r in range(len(facts.themes)) for c in range(len(facts.cycles))}
    for cell in spec.grid.cells:
        assert cell.word
        assert cell.letter
        assert cell.hollow == (cell.level is None)
        assert "None" not in cell.title
        assert 0 <= cell.part < cell.parts <= spec.grid.rows[cell.row].tracks
    bands = (*spec.grid.rows, *spec.grid.columns)
    assert all(0 <= band.start < band.end <= 1.000001 for band in bands)
    assert all(earlier.end <= later.start + 1e-9 for earlier, later in pairwise(spec.grid.columns))
    for at in spec.breaks:
        assert not any(
            c.start < at.position + at.width / 2 - 1e-9 and at.position - at.width / 2 + 1e-9 < c.end
            for c in spec.grid.columns
        )


@given(facts=histories())
def test_table_says_what_the_cells_say(facts):
    spec = grade_history(history=facts)

    shown = [
        column for column in range(1, len(spec.table.columns)) if not spec.table.columns[column].is_break
    ]
    for cell in spec.grid.cells:
        text = spec.table.rows[cell.row].cells[shown[cell.column] - 1]
        if cell.level:
            assert cell.word in text
            assert cell.unchecked <= ("not yet checked against the report" in text)
            assert cell.hatched <= ("carried forward" in text)
