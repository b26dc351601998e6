"""The trend: what it draws, what it finds and what it never says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given

from grades.charts import can_draw, trend
from grades.charts.spec import ChartSpec, Kind, Line, Role
from grades.scales import Basis
from grades.series import Observation, Series
from tests.builders import RELEASE, metric_series, series, series_break, year
from tests.charts.strategies import metrics

JUDGMENTS = ("better", "worse", "improv", "deteriorat", "good", "bad", "poor")


def line(spec: ChartSpec, role: Role) -> Line:
    """Give the one line of a role."""
    (found,) = (found for found in spec.lines if found.role == role)
    return found


@pytest.fixture
def warwickshire():
    own = [
        year(y, v)
        for y, v in zip(range(2021, 2027), ["62.8", "68.1", "69.8", "65.5", "64.0", "62.6"], strict=True)
    ]
    others = [
        year(y, v)
        for y, v in zip(range(2021, 2027), ["77.2", "88.8", "92.4", "88.4", "85.9", "83.2"], strict=True)
    ]
    return metric_series(own, others)


def test_title_states_the_finding(warwickshire):
    spec = trend(series=warwickshire)

    assert spec.kind == Kind.TREND
    assert spec.title == "Recorded crime in Warwickshire: 62.6 per 1,000 people, England and Wales 83.2"


def test_description_says_value_period_comparison_and_changes(warwickshire):
    spec = trend(series=warwickshire)

    assert spec.description == (
        "Recorded crime in Warwickshire: 62.6 per 1,000 people in the 12 months to 31 March 2026; England and Wales: 83.2. "
        "Warwickshire: down 2.2% on the year before and down 0.3% on five years before. "
        "England and Wales: down 3.1% on the year before and up 7.8% on five years before."
    )


def test_force_whose_newest_figure_is_older_is_named_with_its_period(warwickshire):
    kent = Series(area="kent", name="Kent", observations=(year(2025, "85.4"), year(2026, "79.8")))
    manchester = Series(
        area="greater-manchester",
        name="Greater Manchester",
        observations=(year(2018, "109.0"), year(2019, "121.5")),
    )

    spec = trend(series=warwickshire, others=[kent, manchester])

    assert spec.title == (
        "Recorded crime, per 1,000 people: Warwickshire 62.6, Kent 79.8, Greater Manchester 121.5 "
        "(12 months to 31 March 2019) and England and Wales 83.2"
    )
    first = trend(series=metric_series(manchester.observations, []), others=[kent])
    assert first.title == (
        "Recorded crime, per 1,000 people: Warwickshire 121.5 (12 months to 31 March 2019) and Kent 79.8"
    )
    assert (
        "Beside it: Kent 79.8 and Greater Manchester 121.5 (12 months to 31 March 2019)." in spec.description
    )


def test_lines_and_table_hold_the_same_figures(warwickshire):
    spec = trend(series=warwickshire)

    assert [p.value for p in line(spec, Role.SUBJECT).points] == [
        o.value for o in warwickshire.force.observations
    ]
    assert [row.cells for row in spec.table.rows][-1] == ("62.6", "83.2")
    assert spec.table.rows[-1].header == "12 months to 31 March 2026"
    assert [c.label for c in spec.table.columns] == ["Period", "Warwickshire", "England and Wales"]
    assert all(row.break_before == "" for row in spec.table.rows)


def test_axis_starts_at_zero_with_few_round_ticks(warwickshire):
    axis = trend(series=warwickshire).y

    assert axis is not None
    assert [tick.value for tick in axis.ticks] == [0, 20, 40, 60, 80, 100]


def test_axis_of_flat_figures_starts_higher_and_says_so():
    spec = trend(series=metric_series([year(2025, "83.7"), year(2026, "84.1")]))

    assert spec.y is not None
    assert spec.y.low is not None
    assert spec.y.low > 0
    assert f"The scale starts at {spec.y.ticks[0].label}, not at zero." in spec.notes
    assert "not at zero" in spec.description


def test_axis_of_equal_figures_starts_at_zero():
    spec = trend(series=metric_series([year(y, "5") for y in (2024, 2025, 2026)]))

    assert spec.y is not None
    assert spec.y.low == 0
    assert "no change on the year before" in spec.description


def test_zeroes_alone_have_an_axis():
    spec = trend(series=metric_series([year(2025, "0"), year(2026, "0")]))

    assert spec.y is not None
    assert spec.y.high is not None
    assert spec.y.high > 0
    assert "%" not in spec.description


def test_negative_figures_hang_below_zero():
    spec = trend(series=metric_series([year(2025, "-10.5"), year(2026, "4.8")], unit="%"))

    assert spec.y is not None
    assert spec.y.low is not None
    assert spec.y.low < 0
    assert Decimal(0) in [tick.value for tick in spec.y.ticks]
    assert spec.table.rows[0].cells == ("−10.5",)
    assert "up 15.3 percentage points on the year before" in spec.description


def test_one_figure_makes_a_point_and_no_change():
    spec = trend(series=metric_series([year(2026, "62.6")]))

    assert [len(run) for run in line(spec, Role.SUBJECT).runs] == [1]
    assert "year" not in spec.description
    assert [tick.label for tick in spec.x.ticks] == ["2026"]


def test_none_cannot_be_drawn():
    nothing = metric_series([], [year(2026, "83.2")])

    assert not can_draw(nothing)
    with pytest.raises(ValueError, match="no figure of Recorded crime is recorded for Warwickshire"):
        trend(series=nothing)


def test_missing_year_is_a_gap():
    spec = trend(series=metric_series([year(2023, "1"), year(2024, "2"), year(2026, "3")], [year(2025, "9")]))

    assert [[p.value for p in run] for run in line(spec, Role.SUBJECT).runs] == [[1, 2], [3]]
    assert "The line has a gap" in spec.description
    assert spec.table.rows[2].cells == ("not recorded here", "9.0")
    assert "year before" not in spec.description


def test_comparator_without_the_newest_period_is_said():
    spec = trend(series=metric_series([year(2025, "1"), year(2026, "2")], [year(2025, "9")]))

    assert spec.title == "Recorded crime in Warwickshire: 2.0 per 1,000 people"
    assert "no figure of England and Wales is recorded for this period" in spec.description
    assert line(spec, Role.COMPARATOR).end.text == "9.0 in 2025"


def test_break_cuts_both_lines_and_every_comparison():
    spec = trend(
        series=metric_series(
            [year(2024, "1"), year(2025, "2"), year(2026, "3")],
            [year(2024, "4"), year(2025, "5"), year(2026, "6")],
            breaks=[series_break(date(2025, 4, 1))],
        )
    )

    assert [len(run) for drawn in spec.lines for run in drawn.runs] == [2, 1, 2, 1]
    assert [round(b.position, 2) for b in spec.breaks] == [0.75]
    assert spec.breaks[0].reason == "The rules of counting changed."
    assert (
        "No comparison is made with the year before, because the series breaks in between."
        in spec.description
    )
    assert (
        "Break in the series on 1 April 2025: New counting. The rules of counting changed."
        in spec.description
    )
    assert " up " not in spec.description
    assert (
        spec.table.rows[2].break_before
        == "Break in the series on 1 April 2025: New counting. The rules of counting changed."
    )
    assert spec.table.rows[2].cells[-1].startswith("Break in the series")


def test_break_outside_the_figures_is_not_drawn():
    spec = trend(
        series=metric_series([year(2025, "1"), year(2026, "2")], breaks=[series_break(date(2012, 4, 1))])
    )

    assert spec.breaks == ()


def test_provisional_figure_is_flagged_and_said():
    spec = trend(series=metric_series([year(2025, "1"), year(2026, "2", status="provisional")]))

    assert [p.provisional for p in line(spec, Role.SUBJECT).points] == [False, True]
    assert "The newest figure is provisional." in spec.description
    assert spec.table.rows[-1].cells[-1] == "Warwickshire is provisional."
    assert any(item.provisional for item in spec.key)


def test_outlier_keeps_round_ticks():
    spec = trend(series=metric_series([year(2025, "1"), year(2026, "4985.3")], [year(2026, "83.2")]))

    assert [tick.label for tick in spec.y.ticks] == ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]


def test_millions_are_named_at_each_tick():
    spec = trend(
        series=metric_series([year(2025, "4500000"), year(2026, "5143915")], unit="offences", decimals=0)
    )

    assert spec.y.label == "offences"
    assert [tick.label for tick in spec.y.ticks] == ["4.4m", "4.6m", "4.8m", "5.0m", "5.2m"]
    assert line(spec, Role.SUBJECT).end.text == "5,143,915"


def test_percentages_change_in_points():
    spec = trend(series=metric_series([year(2025, "12.3"), year(2026, "16.0")], unit="% of recorded crime"))

    assert spec.title == "Recorded crime in Warwickshire: 16.0% of recorded crime"
    assert "up 3.7 percentage points on the year before" in spec.description


def test_snapshot_is_dated_by_its_day():
    snapshot = Observation(
        starts_on=date(2026, 3, 31),
        ends_before=date(2026, 4, 1),
        value=Decimal("2.1"),
        release=RELEASE,
        basis="published",
    )

    spec = trend(series=metric_series([snapshot]))

    assert "at 31 March 2026" in spec.description
    assert spec.table.rows[0].header == "at 31 March 2026"


def test_notes_say_what_england_and_wales_is_and_what_stands_behind():
    counted = {"numerator": Decimal(100), "denominator": Decimal(1000)}
    spec = trend(
        series=metric_series(
            [year(2026, "1", basis=Basis.TRANSCRIBED, combined_with="West Mercia")],
            [year(2026, "2", basis=Basis.DERIVED, **counted)],
        )
    )

    assert spec.notes == (
        "A rise can mean more crime or better recording.",
        "England and Wales is the rate of the total, not an average of the forces.",
        "Rates are worked out here from published counts and denominators.",
        "Some figures were copied by eye from a published table.",
        "One figure for West Mercia together.",
    )


def test_remark_on_every_figure_is_noted_once_and_another_with_its_year():
    glued = "Includes British Transport Police. Leaves out Kent"
    own = [year(2025, "1", note="Includes British Transport Police"), year(2026, "2", note=glued)]
    spec = trend(series=metric_series(own))

    assert spec.notes[-2:] == ("Includes British Transport Police.", "2026: Leaves out Kent.")


def test_remark_on_england_and_wales_is_noted_under_its_name():
    nation = [
        year(2025, "1", note="England and Wales is the 43 forces"),
        year(2026, "2", note="England and Wales is the 43 forces. Leaves out Kent"),
    ]

    spec = trend(series=metric_series([year(2025, "1"), year(2026, "2")], nation))

    assert spec.notes[-2:] == (
        "England and Wales is the 43 forces.",
        "2026: Leaves out Kent (England and Wales).",
    )


def test_remark_on_figures_of_several_forces_is_noted_once_with_their_names():
    marked = [year(2025, "1"), year(2026, "2", note="Counted by hand")]

    spec = trend(
        series=metric_series(marked), others=[series(marked, area="west-mercia", name="West Mercia")]
    )

    assert spec.notes[-1] == "2026: Counted by hand (Warwickshire and West Mercia)."


def test_totals_of_different_forces_are_no_change_of_one_another():
    without = "England and Wales is the 43 forces. Leaves out Kent"
    nation = [year(2025, "100", note=without), year(2026, "150")]
    counted = {"unit": "offences", "denominator": "none"}

    spec = trend(series=metric_series([year(2025, "10"), year(2026, "11")], nation, **counted))
    same = trend(
        series=metric_series(
            [year(2025, "10"), year(2026, "11")], [replace(o, note=without) for o in nation], **counted
        )
    )

    assert "Warwickshire: up 10.0% on the year before" in spec.description
    assert "England and Wales: up" not in spec.description
    assert "England and Wales: up 50.0% on the year before" in same.description


def test_source_names_every_release_newest_first():
    spec = trend(series=metric_series([year(2026, "1")]))

    assert spec.source.text == "Home Office, Police recorded crime open data tables, July 2026"
    assert spec.source.date == "released 23 July 2026"


@pytest.mark.parametrize(
    ("years", "labels"),
    [
        (range(2004, 2027), ["2006", "2011", "2016", "2021", "2026"]),
        (range(2020, 2027), ["2020", "2022", "2024", "2026"]),
        (range(2025, 2027), ["2025", "2026"]),
    ],
)
def test_dates_are_counted_back_from_the_newest(years, labels):
    spec = trend(series=metric_series([year(y, "5") for y in years]))

    assert [tick.label for tick in spec.x.ticks] == labels
    assert not spec.x.ticks[-1].minor


@given(series=metrics())
def test_any_legal_series_is_drawn_whole_and_inside_its_frame(series):
    spec = trend(series=series)

    given_values = [o.value for s in (series.force, series.comparator) for o in s.observations]
    assert sorted(p.value for drawn in spec.lines for p in drawn.points) == sorted(given_values)
    for drawn in spec.lines:
        assert all(0 <= p.x <= 1 for p in drawn.points)
        assert all(0 <= spec.y.fraction(p.value) <= 1 for p in drawn.points)
        assert 0 <= spec.y.fraction(drawn.end.value) <= 1
        for run in drawn.runs:
            assert all(earlier.x < later.x for earlier, later in pairwise(run))
            assert not any(run[0].x < at.position < run[-1].x for at in spec.breaks)
    assert 2 <= len(spec.y.ticks) <= 6
    assert 1 <= len(spec.x.ticks) <= 6
    assert all(0 <= tick.position <= 1 for tick in (*spec.y.ticks, *spec.x.ticks))
    assert len({tick.label for tick in spec.y.ticks}) == len(spec.y.ticks)


@given(series=metrics())
def test_no_series_is_judged_and_nothing_is_unnamed(series):
    spec = trend(series=series)

    words = " ".join([spec.title, spec.description, *spec.notes[1:]]).lower()
    assert not any(judgment in words for judgment in JUDGMENTS)
    everything = [
        spec.title,
        spec.description,
        *spec.notes,
        *(c for row in spec.table.rows for c in row.cells),
    ]
    assert not any("None" in text or "NaN" in text for text in everything)
