"""Working figures out of official counts: twelve months of quarters, the year of the population, rates, totals of forces.

Pure: no database, clock, settings or pictures. Periods are half-open and named by the day after their last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grades.series import rate

FRAUD = "fraud"
"""What the name of a group that counts fraud contains. Fraud is recorded nationally; 2012/13 has some by forces too."""

BURGLARY_OF_HOMES = frozenset({"Domestic burglary", "Residential burglary"})
"""The subgroups of burglary in homes: dwellings until March 2017, sheds and garages with them from then on."""

GROUPS: Mapping[str, str] = {
    "Violence against the person": "violence",
    "Sexual offences": "sexual-offences",
    "Robbery": "robbery",
    "Theft offences": "theft",
    "Criminal damage and arson": "criminal-damage",
    "Drug offences": "drug-offences",
    "Possession of weapons offences": "weapons-offences",
    "Public order offences": "public-order-offences",
    "Miscellaneous crimes against society": "miscellaneous-crimes",
}
"""The metric of each offence group, by its newest label."""

MOST_LEFT_OUT = 2
"""England and Wales without more forces than this is not England and Wales."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Counts added up over areas: numerator, denominator, and the areas that had to be left out."""

    numerator: Decimal
    denominator: Decimal | None
    left_out: tuple[str, ...] = ()


def is_fraud(group: str) -> bool:
    """Say whether a group of offences counts fraud."""
    return FRAUD in group.lower()


def rolling_years(quarters: Mapping[date, Decimal | None]) -> dict[date, Decimal]:
    """Add four quarters up, for each day on which the fourth ends.

    `quarters` holds counts by the first day; None is a count that is missing. A year that lacks one of its four quarters is
    no year.
    """
    by_month = {
        start.year * 12 + start.month: count for start, count in quarters.items() if count is not None
    }
    years: dict[date, Decimal] = {}
    get = by_month.get
    for month, last in by_month.items():
        first, second, third = get(month - 9), get(month - 6), get(month - 3)
        if first is not None and second is not None and third is not None:
            years[date((month + 2) // 12, (month + 2) % 12 + 1, 1)] = first + second + third + last
    return years


def population_year(ends_before: date) -> int:
    """Give the mid-year that a rate of twelve months is divided by: the newest that was known when the year was published.

    Years to March and December are divided by the mid-year two years before the day after their end, years to June and
    September by that of one year before, as in the official force area tables of 2018 and 2019.
    """
    return ends_before.year - (2 if ends_before.month in (1, 2, 3, 4) else 1)


def strength_year(day: date) -> int:
    """Give the mid-year that a strength on 31 March is divided by: the one before."""
    return day.year - 1


def worked_rate(
    *, numerator: Decimal, denominator: Decimal, multiplier: int, decimals: int
) -> Decimal | None:
    """Work a rate out, rounded half up; None where nothing could be divided by."""
    if denominator <= 0:
        return None
    return rate(numerator=numerator, denominator=denominator, multiplier=multiplier, decimals=decimals)


def total_of_forces(
    areas: Iterable[str], numerators: Mapping[str, Decimal], denominators: Mapping[str, Decimal] | None
) -> Total | None:
    """Add the forces up: the sum of numerators over the sum of denominators, never a mean of rates.

    A force without either number is left out of both and named; None where more than two have to be.
    """
    numerator, denominator, left_out = Decimal(0), Decimal(0), []
    held = 0
    for area in areas:
        own = numerators.get(area)
        below = Decimal(0) if denominators is None else denominators.get(area)
        if own is None or below is None:
            left_out.append(area)
            continue
        held += 1
        numerator += own
        denominator += below
    if not held or len(left_out) > MOST_LEFT_OUT or held <= len(left_out):
        return None
    return Total(
        numerator=numerator,
        denominator=None if denominators is None else denominator,
        left_out=tuple(left_out),
    )
