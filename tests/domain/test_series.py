"""The arithmetic of figures: rates of totals, runs, seasons, changes that never cross a break."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades.series import (
    AreaFigure,
    Observation,
    Ranking,
    broken_between,
    percent_change,
    rate,
    round_half_up,
    runs,
    same_season,
    tile_figures,
    years_before,
)
from tests.builders import RELEASE, metric, metric_series, series, series_break, year

BREAK = series_break(date(2025, 4, 1))


def counted(crimes: int, people: int) -> Observation:
    """Build a rate with what it is made of."""
    value = rate(numerator=Decimal(crimes), denominator=Decimal(people), multiplier=1000, decimals=1)
    return year(2026, value, numerator=Decimal(crimes), denominator=Decimal(people))


def quarter(ends_before: date, value: str = "1") -> Observation:
    """Build the figure of the twelve months that end before a day."""
    return Observation(
        starts_on=ends_before.replace(year=ends_before.year - 1),
        ends_before=ends_before,
        value=Decimal(value),
        release=RELEASE,
        basis="published",
    )


@pytest.mark.parametrize(
    ("note", "remarks"),
    [
        ("", ()),
        ("Includes British Transport Police", ("Includes British Transport Police",)),
        (
            "Includes British Transport Police. Leaves out Kent",
            ("Includes British Transport Police", "Leaves out Kent"),
        ),
        ("Counted approx. by hand", ("Counted approx. by hand",)),
    ],
)
def test_remarks_on_a_figure_are_told_apart(note: str, remarks: tuple[str, ...]):
    assert year(2026, "1", note=note).remarks == remarks


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.05", "0.1"), ("-0.05", "-0.1"), ("2.449", "2.4"), ("62.55", "62.6")]
)
def test_halves_are_rounded_away_from_zero(value, rounded):
    assert round_half_up(Decimal(value), 1) == Decimal(rounded)


def test_runs_are_cut_at_a_missing_year():
    found = runs([year(y, "1") for y in (2020, 2021, 2023, 2024)], [])

    assert [[o.last_day.year for o in run] for run in found] == [[2020, 2021], [2023, 2024]]


def test_runs_are_cut_at_a_break():
    found = runs([year(y, "1") for y in (2024, 2025, 2026)], [BREAK])

    assert [[o.last_day.year for o in run] for run in found] == [[2024, 2025], [2026]]


def test_runs_of_nothing_are_none():
    assert runs([], [BREAK]) == ()


@given(
    years=st.sets(st.integers(1980, 2040), max_size=30),
    breaks=st.lists(st.dates(date(1980, 1, 1), date(2040, 1, 1)), max_size=4),
)
def test_runs_keep_every_figure_once_and_in_order(years, breaks):
    observations = [year(y, "1") for y in sorted(years)]

    found = runs(observations, [series_break(at) for at in breaks])

    assert [o for run in found for o in run] == observations
    cuts = [series_break(at) for at in breaks]
    assert not any(broken_between(run[0], run[-1], cuts) for run in found if len(run) > 1)


def test_break_parts_figures_where_it_lies_between_or_within_them():
    earlier, later = year(2025, "1"), year(2026, "1")

    assert broken_between(earlier, later, [BREAK])
    assert not broken_between(earlier, later, [series_break(date(2024, 4, 1))]), (
        "the earlier figure starts on it"
    )
    assert broken_between(earlier, later, [series_break(date(2025, 4, 2))]), "it lies within the later one"
    assert not broken_between(earlier, later, [series_break(date(2026, 4, 1))]), "the later one ends on it"


@pytest.mark.parametrize(
    ("earlier", "later", "change"),
    [("50.1", "52.5", "4.8"), ("60.3", "63.0", "4.5"), ("4", "4", "0"), ("4", "0", "-100")],
)
def test_percent_change(earlier, later, change):
    assert percent_change(year(2025, earlier), year(2026, later), []) == Decimal(change)


def test_change_is_that_of_what_was_counted_and_not_of_rounded_rates():
    def robbery(ending: int, count: int, shown: str, **given):
        counted = {"numerator": Decimal(count), "denominator": Decimal(498_070)}
        return year(ending, shown, **{"basis": "derived"} | counted | given)

    assert percent_change(robbery(2025, 84, "0.2"), robbery(2026, 123, "0.2"), []) == Decimal("46.4")
    assert percent_change(robbery(2025, 84, "0.2", basis="published"), robbery(2026, 123, "0.2"), []) == 0


@pytest.mark.parametrize("start", ["0", "-5"])
def test_percent_change_from_nothing_or_less_is_none(start):
    assert percent_change(year(2025, start), year(2026, "5"), []) is None


def test_percent_change_across_a_break_is_none():
    assert percent_change(year(2025, "1"), year(2026, "2"), [BREAK]) is None


def test_same_season_keeps_what_ends_on_the_newest_day_of_the_year():
    ends = [date(2024, 4, 1), date(2024, 7, 1), date(2025, 4, 1), date(2025, 7, 1)]

    assert [o.ends_before for o in same_season([quarter(end) for end in ends])] == [
        date(2024, 7, 1),
        date(2025, 7, 1),
    ]
    assert same_season([]) == ()


def test_years_before_is_of_the_same_season():
    facts = series([year(2021, "1"), quarter(date(2021, 7, 1)), year(2026, "2")])

    assert years_before(facts, facts.observations[-1], 5) == facts.observations[0]
    assert years_before(facts, facts.observations[-1], 1) is None


def test_latest_pair_is_of_one_period():
    facts = metric_series([year(2025, "1"), year(2026, "2")], [year(2025, "9")])

    assert facts.latest_pair == (facts.force.observations[-1], None)
    assert metric_series([], [year(2025, "9")]).latest_pair == (None, None)


def test_last_day_is_the_day_before_the_period_ends():
    assert year(2026, "1").last_day == date(2026, 3, 31)


def test_forces_with_the_same_figure_share_a_fifth():
    values = ["5", "4", "4", "4", "1"]
    figures = tuple(
        AreaFigure(slug=f"force-{i}", name=f"Force {i}", region="", observation=year(2026, value))
        for i, value in enumerate(values)
    )
    ranking = Ranking(
        metric=metric(),
        starts_on=date(2025, 4, 1),
        ends_before=date(2026, 4, 1),
        figures=figures,
        excluded=(),
        comparator=None,
    )

    assert [tile.fifth for tile in tile_figures(ranking)] == [5, 4, 4, 4, 1]
