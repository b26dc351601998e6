"""The figures of England and Wales out of those of the forces: the rate of the total, never a mean of rates."""

from decimal import Decimal

import pytest

from grades.deriving import total_of_forces, worked_rate


def numbers(**of_area: int) -> dict[str, Decimal]:
    return {area: Decimal(number) for area, number in of_area.items()}


PEOPLE = numbers(small=100_000, large=1_000_000, other=1, fourth=1, fifth=1)


def test_rate_of_total_is_no_mean_of_rates():
    crimes = numbers(small=9_000, large=50_000)

    total = total_of_forces(crimes, crimes, PEOPLE)

    assert total.left_out == ()
    rate = worked_rate(numerator=total.numerator, denominator=total.denominator, multiplier=1000, decimals=1)
    assert rate == Decimal("53.6")
    mean = sum(crimes[area] / PEOPLE[area] * 1000 for area in crimes) / 2
    assert mean == 70


def test_rate_of_the_record():
    """England and Wales in the 12 months to 31 March 2026."""
    crimes, people = Decimal(5_143_915), Decimal(61_806_700)

    assert worked_rate(numerator=crimes, denominator=people, multiplier=1000, decimals=1) == Decimal("83.2")


def test_force_without_one_of_both_numbers_is_left_out_of_both_and_named():
    crimes = numbers(small=9_000, large=50_000, nobody=7, fourth=3)

    total = total_of_forces(["small", "large", "nobody", "other", "fourth"], crimes, PEOPLE)

    assert (total.numerator, total.denominator) == (59_003, 1_100_001)
    assert total.left_out == ("nobody", "other")


@pytest.mark.parametrize("held", [("small",), ("small", "large"), ()])
def test_total_that_lacks_too_many_is_none(held: tuple[str, ...]):
    crimes = numbers(**dict.fromkeys(held, 1))

    assert total_of_forces(PEOPLE, crimes, PEOPLE) is None


def test_nothing_is_divided_by_nothing():
    assert worked_rate(numerator=Decimal(1), denominator=Decimal(0), multiplier=1000, decimals=1) is None
