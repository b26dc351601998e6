"""The arithmetic of grades: bands and breaks, change words, carried forward, states, counts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades.history import Change, broken, change_between, missing_point, spread, tally, with_changes
from grades.scales import TIERS, CellState, Graded, Level, Relation
from tests.builders import (
    CYCLE_2016,
    CYCLE_2017,
    CYCLE_2021,
    CYCLE_2025,
    cycle,
    framework,
    history,
    linked_history,
    point,
    press,
    question,
    source,
)

CHECK_DAY = date(2026, 1, 5)


def changes(facts):
    """Give the change of every point of the first theme, in the order of the cycles."""
    return [p.change for cell in facts.themes[0].cells for p in cell.points]


def test_cycles_of_one_band_are_not_broken():
    assert not broken(CYCLE_2016, CYCLE_2017)
    assert broken(CYCLE_2017, CYCLE_2021)
    assert broken(CYCLE_2021, CYCLE_2025)


def test_breaks_are_the_cycles_that_start_a_band():
    assert [c.slug for c in history([point()]).breaks] == ["2021-22", "2025-27"]


@pytest.mark.parametrize(
    ("earlier", "later", "change"),
    [
        (Level.REQUIRES_IMPROVEMENT, Level.GOOD, Change.UP),
        (Level.GOOD, Level.INADEQUATE, Change.DOWN),
        (Level.GOOD, Level.GOOD, Change.SAME),
    ],
)
def test_change_within_a_band_along_the_same_question(earlier, later, change):
    facts = linked_history(earlier, later)

    newest = facts.themes[0].cells[1].points[0]
    assert changes(facts) == [None, change]
    assert (newest.changed_from, newest.changed_since) == (earlier, "2016")


@pytest.mark.parametrize("relation", [r for r in Relation if r != Relation.SAME])
def test_no_change_along_any_other_link(relation):
    assert changes(linked_history(Level.GOOD, Level.INADEQUATE, relation=relation)) == [None, None]


def test_no_change_without_a_link():
    asked = [question(1, cycle="2016"), question(2, cycle="2017")]

    facts = history([point(asked[0]), point(asked[1], Level.INADEQUATE)], framework(asked))

    assert changes(facts) == [None, None]


def test_no_change_across_a_break_even_along_the_same_question():
    assert changes(linked_history(Level.GOOD, Level.GOOD, Level.INADEQUATE)) == [None, Change.SAME, None]


def test_no_change_between_scales_even_within_a_band():
    five_tiers = cycle("2018", tiers=5)
    earlier, later = point(question(1)), point(question(2, cycle="2018"), Level.ADEQUATE)

    cycles = {"2016": CYCLE_2016, "2018": five_tiers}

    assert change_between(earlier=earlier, later=later, cycles=cycles, relation=Relation.SAME) is None


def test_carried_forward_grade_is_never_a_change():
    facts = linked_history(Level.INADEQUATE, Level.GOOD, state=CellState.CARRIED_FORWARD, carried_from="2016")

    assert changes(facts) == [None, None]


def test_no_change_is_measured_from_a_carried_grade():
    asked = [question(1), question(2, cycle="2017")]
    carried = point(asked[0], Level.GOOD, state=CellState.CARRIED_FORWARD)
    facts = framework(asked, links={(1, 2): Relation.SAME})

    newest = with_changes([carried, point(asked[1], Level.INADEQUATE)], facts)[1]

    assert newest.change is None


@pytest.mark.parametrize("which", [0, 1])
def test_no_change_where_a_grade_may_have_been_carried(which):
    asked = [question(1), question(2, cycle="2017")]
    facts = framework(asked, links={(1, 2): Relation.SAME})
    points = [point(asked[0], Level.GOOD), point(asked[1], Level.INADEQUATE)]
    points[which] = replace(points[which], unsettled=True)

    newest = with_changes(points, facts)[1]

    assert newest.change is None


def test_no_change_runs_backwards_in_time():
    asked = [question(1), question(2, cycle="2017")]
    facts = framework(asked, links={(2, 1): Relation.SAME})

    found = with_changes([point(asked[0], Level.GOOD), point(asked[1], Level.INADEQUATE)], facts)

    assert [p.change for p in found] == [None, None]


def test_tally_counts_gaps_only_among_questions_graded_for_every_force():
    asked = [question(1), question(2), question(3, graded="varies"), question(4, graded="ungraded")]
    points = [point(asked[0], Level.GOOD), *(missing_point(q) for q in asked[1:])]

    found = tally(cycle=framework(asked).cycles[0], points=points)

    assert (found.graded, found.expected, found.missing, found.scant) == (1, 2, 1, True)


def test_grade_without_its_predecessor_has_no_change():
    asked = [question(1), question(2, cycle="2017")]

    facts = history([point(asked[1])], framework(asked, links={(1, 2): Relation.SAME}))

    assert changes(facts) == [None, None]


@given(st.sampled_from(TIERS[4]), st.sampled_from(TIERS[4]))
def test_change_back_is_the_opposite(one, two):
    opposite = {Change.UP: Change.DOWN, Change.DOWN: Change.UP, Change.SAME: Change.SAME}

    assert changes(linked_history(two, one))[1] == opposite[changes(linked_history(one, two))[1]]


@pytest.mark.parametrize("state", [CellState.GRADED, CellState.CARRIED_FORWARD])
def test_state_that_carries_a_grade_demands_one(state):
    with pytest.raises(ValueError, match="only a graded or carried-forward point"):
        point(level=None, state=state)


def test_state_without_a_grade_refuses_one():
    with pytest.raises(ValueError, match="only a graded or carried-forward point"):
        point(level=Level.GOOD, state=CellState.WITHHELD)


@pytest.mark.parametrize(
    ("graded", "state"),
    [
        (Graded.UNGRADED, CellState.UNGRADED_BY_DESIGN),
        (Graded.GRADED, CellState.NOT_RECORDED),
        (Graded.VARIES, CellState.NOT_RECORDED),
        (Graded.UNKNOWN, CellState.NOT_RECORDED),
    ],
)
def test_missing_grade_has_a_state_from_its_question(graded, state):
    facts = history([], framework([question(graded=graded)]))

    assert facts.themes[0].cells[0].state == state


def test_cycle_without_the_question_says_so_unless_its_questions_are_unknown():
    states = [cell.state for cell in history([point()]).themes[0].cells]

    assert states == [CellState.GRADED, CellState.NO_QUESTION, CellState.NO_QUESTION, CellState.NOT_RECORDED]


def test_cell_of_several_questions_shows_what_is_recorded():
    asked = [question(1, graded=Graded.UNGRADED), question(2), question(3)]

    cell = history([point(asked[2])], framework(asked)).themes[0].cells[0]

    assert cell.state == CellState.GRADED
    assert (len(cell.shown), cell.unrecorded, cell.ungraded) == (1, 1, 1)


def test_theme_covered_by_another_question_names_it_but_has_no_grade():
    facts = history([point(question(also_covers=("managing-offenders",)))])

    cell = facts.themes[1].cells[0]
    assert cell.covered_by == ("Investigating crime",)
    assert cell.points == ()
    assert facts.themes[1].empty
    assert len(facts.points_in("2016")) == 1, "a grade counts once"


def test_pillars_stand_apart_from_themes():
    facts = history([point(question(9, theme=None)), point(question(1))])

    assert [row.slug for row in facts.pillars] == ["effectiveness"]
    assert len(facts.points_in("2016")) == 1


def test_newest_is_the_newest_cycle_with_a_grade():
    withheld = point(question(2, cycle="2021-22"), None, state=CellState.WITHHELD)

    assert history([point(), withheld]).newest == CYCLE_2016
    assert history([], framework([question()])).newest is None


@pytest.mark.parametrize(
    ("sources", "unchecked"),
    [
        ((source(),), False),
        ((press(),), True),
        ((), True),
        ((press(), source()), False),
        ((press(), source(agrees=False)), True),
    ],
)
def test_grade_is_checked_only_by_the_inspectorate_or_an_editor(sources, unchecked):
    assert point(sources=sources).unchecked is unchecked


def test_editors_check_confirms_a_grade_of_the_press():
    checked = press(checked_on=CHECK_DAY)

    assert not point(sources=(checked,)).unchecked


def test_point_without_a_grade_needs_no_check():
    assert not point(level=None, sources=()).unchecked


def test_unconfirmed_wording_is_shown_by_its_short_title():
    assert question(wording="unconfirmed").shown_title == "Investigating crime"
    assert question().shown_title.startswith("How effective")


def test_spread_counts_every_force_once():
    asked = question()
    points = [point(asked), point(asked), point(asked, Level.INADEQUATE), point(asked, None)]

    found = spread(question=asked, points=[*points, point(question(2))], tiers=4, total=43)

    assert found.counts == {
        Level.OUTSTANDING: 0,
        Level.GOOD: 2,
        Level.REQUIRES_IMPROVEMENT: 0,
        Level.INADEQUATE: 1,
    }
    assert found.other == {CellState.NOT_INSPECTED: 1}
    assert (found.graded, found.missing) == (3, 39)
