"""The sentences made from facts."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from grades import log_words, words
from grades.dates import last_day_to_respond, parse_partial, response_day
from grades.history import CorrectionFacts, Spread
from grades.scales import Basis, CellState, ChangeKind, Graded, Level, SourceKind, State
from grades.series import ReleaseFacts
from tests.builders import (
    BREAK_REASON,
    CYCLE_2016,
    CYCLE_2021,
    CYCLE_2025,
    framework,
    history,
    linked_history,
    point,
    press,
    question,
    series_break,
    source,
    year,
)


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "", "b", "c"], "a, b and c")]
)
def test_lists(items, said):
    assert words.list_and(items) == said


@pytest.mark.parametrize(
    ("text", "said"), [("", ""), ("a break", "A break."), ("A break.", "A break."), ("why?", "Why?")]
)
def test_sentence(text, said):
    assert words.sentence(text) == said


@pytest.mark.parametrize(
    ("text", "said"), [("2022-06-08", "8 June 2022"), ("2022-06", "June 2022"), ("2022", "2022")]
)
def test_partial_date(text, said):
    assert words.partial_date(parse_partial(text)) == said


def test_unknown_date_says_so():
    assert words.partial_date(None) == "date not known"


def test_months_have_names():
    assert [words.month_name(m) for m in (1, 12)] == ["January", "December"]


@pytest.mark.parametrize(
    ("starts_on", "ends_before", "said", "within"),
    [
        (
            date(2025, 4, 1),
            date(2026, 4, 1),
            "12 months to 31 March 2026",
            "in the 12 months to 31 March 2026",
        ),
        (date(2026, 3, 1), date(2026, 4, 1), "1 month to 31 March 2026", "in the 1 month to 31 March 2026"),
        (date(2026, 3, 31), date(2026, 4, 1), "at 31 March 2026", "at 31 March 2026"),
        (
            date(2025, 4, 6),
            date(2026, 4, 6),
            "6 April 2025 to 5 April 2026",
            "from 6 April 2025 to 5 April 2026",
        ),
    ],
)
def test_period(starts_on, ends_before, said, within):
    assert words.period(starts_on, ends_before) == said
    assert words.in_period(starts_on, ends_before) == within


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        ("5143915", 0, "5,143,915"),
        ("62.55", 1, "62.6"),
        ("-10.5", 1, "−10.5"),
        ("-0.04", 1, "0.0"),
        ("3", 2, "3.00"),
    ],
)
def test_number(value, decimals, said):
    assert words.number(Decimal(value), decimals) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("per 1,000 people", "62.6 per 1,000 people"),
        ("% of recorded crime", "62.6% of recorded crime"),
        ("", "62.6"),
    ],
)
def test_number_with_unit(unit, said):
    assert words.with_unit(Decimal("62.6"), 1, unit).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("change", "years", "said"),
    [
        ("4.8", 1, "up 4.8% on the year before"),
        ("-10.5", 5, "down 10.5% on five years before"),
        ("0.0", 1, "no change on the year before"),
        ("1", 3, "up 1.0% on 3 years before"),
    ],
)
def test_percent_change(change, years, said):
    assert words.percent_change(Decimal(change), years=years) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("3.7", "up 3.7 percentage points on the year before"),
        ("-0.6", "down 0.6 percentage points on the year before"),
        ("0.04", "no change on the year before"),
    ],
)
def test_points_change(change, said):
    assert words.points_change(Decimal(change)) == said


def test_response_days():
    assert words.day_of_56(response_day(date(2019, 5, 2), date(2019, 7, 26))) == "published on day 86 of 56"
    assert words.day(last_day_to_respond(date(2022, 10, 14))) == "8 December 2022"


def test_every_level_state_kind_and_basis_has_words():
    assert all(words.grade_word(level) and words.grade_in_sentence(level) for level in Level)
    assert all(words.state_short(state) and words.state_long(state) for state in CellState)
    assert all(words.source_kind_words(kind) for kind in SourceKind)
    assert [bool(words.basis_words(basis)) for basis in Basis] == [False, True, True, True]


def test_withheld_grade_gives_its_reason():
    withheld = point(level=None, state=CellState.WITHHELD, withheld_reason="because of the attack")

    assert words.point_words(withheld, {}) == "Not graded: because of the attack"
    assert words.point_state(point(level=None, state=CellState.WITHHELD), {}) == "Not graded"


def test_carried_grade_names_its_cycle_by_label():
    carried = point(state=CellState.CARRIED_FORWARD, carried_from="2018-19")

    assert words.point_words(carried, {"2018-19": "2018/19"}) == "Good, carried forward from 2018/19"
    assert words.carried_words(point(), {}) == ""


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ((Level.REQUIRES_IMPROVEMENT, Level.GOOD), "up from requires improvement in 2016"),
        ((Level.GOOD, Level.INADEQUATE), "down from good in 2016"),
        ((Level.GOOD, Level.GOOD), "the same grade as in 2016"),
    ],
)
def test_change(levels, said):
    facts = linked_history(*levels)

    newest = facts.themes[0].cells[1].points[0]
    assert words.change_words(newest, words.cycle_labels(facts.cycles)) == said


def test_no_change_has_no_words():
    assert words.change_words(point(), {}) == ""


def test_change_without_its_cycle_names_the_grade_alone():
    up = point(change="up", changed_from=Level.INADEQUATE)

    assert words.change_words(up, {}) == "up from inadequate"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            {"level": Level.REQUIRES_IMPROVEMENT, "states": State.GRADED},
            "sources disagree: “Force told to improve” states requires improvement",
        ),
        ({"states": State.WITHHELD}, "sources disagree: “Force told to improve” states not graded"),
        ({}, "sources disagree: “Force told to improve” states no grade"),
    ],
)
def test_disagreement(other, said):
    assert words.disagreement_words(point(sources=(source(), press(agrees=False, **other)))) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({"published_on": "2022-06-28"}, "28 June 2022"),
        ({"published_on": "2022-06-01", "published_on_precision": "month"}, "June 2022"),
        ({"published_on": "2022-01-01", "published_on_precision": "year", "isbn": None}, "day of publication 2022 and ISBN nothing"),
        ({"published_on": None, "published_on_precision": "day"}, "nothing"),
        ({"published_on_precision": "month"}, "known to the month"),
        ({"published_on_precision": "day", "isbn": "1"}, "day of publication known to the day and ISBN 1"),
    ],
)  # fmt: skip
def test_corrected_date_was_as_exact_as_it_was_known(before, said):
    corrected = CorrectionFacts(on=date(2026, 12, 3), reason="Misread", before=tuple(before.items()))

    assert words.was_words(corrected) == said
    assert words.correction_words(corrected) == f"Corrected on 3 December 2026: was {said}; reason: Misread."


def test_log_tells_a_corrected_date_as_exactly_as_it_was_known():
    changes = [
        {"column": "published_on", "was": "2022-06-01", "is": "2022-06-28"},
        {"column": "published_on_precision", "was": "month", "is": "day"},
    ]

    (told,) = log_words.entry_words(ChangeKind.CORRECTED, {"changes": changes}).changes
    (alone,) = log_words.entry_words(ChangeKind.CORRECTED, {"changes": changes[1:]}).changes

    assert (told.column, told.was, told.now) == ("day of publication", "June 2022", "28 June 2022")
    assert (alone.was, alone.now) == ("known to the month", "known to the day")


def test_note_of_a_grade_is_said_with_it():
    noted = point(note="judged in 2017 or carried forward from 2016: not settled")

    assert words.point_words(noted, {}) == "Good; judged in 2017 or carried forward from 2016: not settled"


def test_cell_whose_questions_share_a_state_says_it_once():
    asked = [question(key, graded=Graded.UNGRADED) for key in (1, 2)]

    (cell,) = history([], framework(asked, cycles=[CYCLE_2016])).themes[0].cells

    assert words.cell_words(cell, {}) == "Not graded by design"


def test_break_sentences():
    assert words.break_sentence(earlier=CYCLE_2016, later=CYCLE_2021) == (
        f"Grades of 2021/22 cannot be compared with those of 2016. {BREAK_REASON}"
    )
    assert words.break_sentence(earlier=CYCLE_2021, later=CYCLE_2025) == (
        "Grades of 2025–27 are presumed not to be comparable with those of 2021/22."
    )
    assert words.break_reason(CYCLE_2025) == "The grades before and after cannot be compared."


def test_series_break_without_a_label():
    assert words.series_break_sentence(series_break(date(2012, 4, 1), label="")) == (
        "Break in the series on 1 April 2012. The rules of counting changed."
    )


def test_summary_counts_grades_and_names_what_is_missing_and_not_comparable():
    asked = [question(key, cycle="2021-22") for key in range(1, 8)]
    points = [
        point(asked[0]),
        point(asked[1]),
        point(asked[2], Level.INADEQUATE, sources=(press(),)),
        point(asked[3], Level.ADEQUATE, state=CellState.CARRIED_FORWARD),
        point(asked[4], None, state=CellState.WITHHELD),
        point(asked[5], None, state=CellState.AWAITED),
    ]

    assert words.force_summary(history(points, framework(asked))) == (
        "Grades of Warwickshire Police in 2021/22: good in 2 areas, adequate in 1 and inadequate in 1. "
        "1 grade was carried forward from an earlier inspection. "
        "1 of these 4 grades is not yet checked against the report. 1 area was not graded. For 1 area the report is awaited. "
        "1 more that every force is given is not recorded here. They cannot be compared with grades of earlier cycles."
    )


def test_summary_without_a_break_before_the_newest_cycle_says_nothing_of_one():
    assert "compared" not in words.force_summary(linked_history(Level.GOOD, Level.GOOD))


def test_summary_of_nothing():
    assert words.force_summary(history([], framework([question()]))) == (
        "No grade of Warwickshire Police is recorded here yet."
    )


def spread_of(*, good: int, other: dict[CellState, int] | None = None) -> Spread:
    """Build the spread of one question over 43 forces."""
    return Spread(
        question=question(), counts={Level.GOOD: good, Level.INADEQUATE: 0}, other=other or {}, total=43
    )


def test_spread_always_names_what_is_missing():
    assert words.spread_words(spread_of(good=3)) == "3 good; 40 of 43 not recorded here"
    assert words.spread_words(spread_of(good=0)) == "43 of 43 not recorded here"
    assert words.spread_words(spread_of(good=43)) == "43 good"
    assert words.spread_words(spread_of(good=42, other={CellState.WITHHELD: 1})) == "42 good and 1 not graded"


@pytest.mark.parametrize(
    ("publisher", "dataset", "said"),
    [
        ("Home Office", "Crime outcomes", "Home Office, Crime outcomes, 2026"),
        ("Home Office", "Home Office, Crime outcomes", "Home Office, Crime outcomes, 2026"),
    ],
)
def test_release_names_its_publisher_once(publisher, dataset, said):
    assert words.release_words(ReleaseFacts(dataset=dataset, publisher=publisher, edition="2026")) == said


def test_revision_names_the_earlier_release():
    def stated(value, released):
        release = ReleaseFacts(dataset="Crime", publisher="ONS", edition="v2", released=released)
        return year(2018, value, release=release)

    newer, older, undated = (
        stated("1234.5", None),
        stated("1200", parse_partial("2018-07-19")),
        stated("-1", None),
    )

    assert words.revised(newer, older, 1) == (
        "1,234.5, revised from 1,200.0 in the release of 19 July 2018 (ONS, Crime, v2)"
    )
    assert words.revised(newer, undated, 0) == "1,235; ONS, Crime, v2, whose day is not recorded, gives −1"


def test_source_names_publisher_title_and_date():
    dated = press(published=parse_partial("2022-06"))

    assert words.source_words(dated) == "The Courier, Force told to improve, June 2022"
    assert words.source_words(source(publisher="PEEL", title="PEEL 2016")) == "PEEL 2016"


def test_words_are_made_when_they_are_asked_for():
    """No sentence is fixed in the language that was active when the module was loaded."""
    with translation.override("cy"):
        assert words.day(date(2022, 6, 28))
