"""The arithmetic of `check_data`: rates, totals and jumps, on values alone."""

from datetime import date
from decimal import Decimal

from grades.queries.quality_figures import Figure, derived_rates, jumps, totals, wrong_rates
from grades.series import MetricFacts, Observation, ReleaseFacts, SeriesBreak

NEWEST = ReleaseFacts(dataset="Recorded crime", publisher="Home Office", edition="July 2026")
OLDER = ReleaseFacts(dataset="Recorded crime", publisher="Home Office", edition="July 2025")


def metric(*, multiplier: int = 1000, decimals: int = 1) -> MetricFacts:
    """A rate per 1,000 people, or a count."""
    return MetricFacts(
        slug="crime",
        label="Crime",
        unit="",
        multiplier=multiplier,
        denominator="",
        period_kind="12-months",
        direction="neither",
        decimals=decimals,
        definition="",
    )


def figure(
    value: str,
    *,
    year: int = 2020,
    area: str = "kent",
    over: tuple[str, str] | None = None,
    multiplier: int = 1000,
    basis: str = "derived",
    release: ReleaseFacts = NEWEST,
) -> Figure:
    """A figure for twelve months to March of a year."""
    return Figure(
        area=area,
        area_name=area.title(),
        area_kind="nation" if area == "england-and-wales" else "force",
        metric=metric(multiplier=multiplier),
        observation=Observation(
            starts_on=date(year - 1, 4, 1),
            ends_before=date(year, 4, 1),
            value=Decimal(value),
            release=release,
            basis=basis,
            numerator=Decimal(over[0]) if over else None,
            denominator=Decimal(over[1]) if over else None,
        ),
    )


class TestRates:
    """Numerator over denominator, halves up."""

    def test_right_rates_pass_whatever_their_zeros(self):
        assert (
            wrong_rates([figure("52.5000", over=("525", "10000")), figure("0.1", over=("1", "20000"))]) == ()
        )

    def test_a_wrong_rate_is_given_with_what_it_should_be(self):
        (wrong,) = wrong_rates([figure("52.4", over=("525", "10000"))])

        assert wrong.worked_out == Decimal("52.5")
        assert wrong.figure.observation.value == Decimal("52.4")

    def test_only_what_is_worked_out_here_from_both_numbers_is_looked_at(self):
        with_both = figure("52.5", over=("525", "10000"))

        assert derived_rates(
            [figure("52.5"), figure("1.0", over=("2", "1"), basis="published"), with_both]
        ) == (with_both,)


class TestTotals:
    """England and Wales against the sum of the forces."""

    def test_equal(self):
        held = [figure("10", multiplier=1, area=area) for area in ("kent", "essex")]
        (total,) = totals([*held, figure("20", multiplier=1, area="england-and-wales")], forces=2)

        assert (total.summed, total.lacking, total.agrees) == (20, 0, True)

    def test_different(self):
        held = [figure("10", multiplier=1, area=area) for area in ("kent", "essex")]
        (total,) = totals([*held, figure("21", multiplier=1, area="england-and-wales")], forces=2)

        assert not total.agrees

    def test_a_force_that_is_missing_is_counted(self):
        held = [figure("10", multiplier=1), figure("21", multiplier=1, area="england-and-wales")]
        (total,) = totals(held, forces=2)

        assert total.lacking == 1

    def test_releases_periods_and_rates_are_kept_apart(self):
        national = figure("20", multiplier=1, area="england-and-wales")
        others = [
            figure("10", multiplier=1, release=OLDER),
            figure("10", multiplier=1, year=2019),
            figure("10", multiplier=1000),
            figure("10", multiplier=1, basis="as-printed"),
        ]

        assert totals([national, *others], forces=2) == ()


class TestJumps:
    """A rate against the one of a year before."""

    def test_more_than_a_quarter_up_or_down_largest_first(self):
        found = jumps([figure("10.0", year=2018), figure("12.6", year=2019), figure("9.0", year=2020)], {})

        assert [jump.percent for jump in found] == [Decimal("-28.6"), Decimal("26.0")]

    def test_a_quarter_exactly_is_no_jump(self):
        assert jumps([figure("10.0", year=2018), figure("12.5", year=2019)], {}) == ()

    def test_a_gap_of_two_years_is_not_looked_across(self):
        assert jumps([figure("10.0", year=2017), figure("20.0", year=2019)], {}) == ()

    def test_two_releases_are_not_held_against_each_other(self):
        assert jumps([figure("10.0", year=2018, release=OLDER), figure("20.0", year=2019)], {}) == ()

    def test_counts_and_print_are_left_out(self):
        for out in ({"multiplier": 1}, {"basis": "as-printed"}):
            assert jumps([figure("10.0", year=2018, **out), figure("20.0", year=2019, **out)], {}) == ()

    def test_nothing_is_odd_across_a_break(self):
        line = [figure("10.0", year=2018), figure("20.0", year=2019)]
        cut = SeriesBreak(at=date(2018, 4, 1), label="New", reason="New rules")

        assert jumps(line, {"crime": [("", cut)]}) == ()
        assert jumps(line, {"crime": [("kent", cut)]}) == ()
        assert len(jumps(line, {"crime": [("essex", cut)]})) == 1
        assert len(jumps(line, {"other": [("", cut)]})) == 1
