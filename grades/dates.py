"""Dates as the sources give them: a day, only a month, or only a year. Pure; no clock."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RESPONSE_DAYS = 56
"""Police Act 1996, section 55(5A): 56 days *beginning with* the day of publication, which is therefore day 1."""

RESPONSE_LIMIT_FROM = date(2017, 4, 1)
"""Reports published before this day are not measured against the 56 days.

Section 37 of the Policing and Crime Act 2017 brought the limit in; its exact first day is not confirmed in the record,
so April 2017 is used. No report of the record falls near it (2 March and 9 November 2017 are the nearest).
"""


class Precision(StrEnum):
    """How much of a date the source states."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year; `first` is the first day it can mean."""

    first: date
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        if self.precision != Precision.DAY and self.first.day != 1:
            raise ValueError("a date known to the month or year is kept as its first day")
        if self.precision == Precision.YEAR and self.first.month != 1:
            raise ValueError("a date known to the year is kept as its first of January")

    def __str__(self) -> str:
        """Give the ISO form, cut at what is known: `2022`, `2022-06` or `2022-06-28`."""
        return self.first.isoformat()[
            : {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[self.precision]
        ]

    @property
    def exact(self) -> bool:
        """Say whether the day itself is known."""
        return self.precision == Precision.DAY


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_partial(text: str) -> PartialDate:
    """Read `2022`, `2022-06` or `2022-06-28`; raise ValueError for anything else, such as 30 February."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date such as 2022, 2022-06 or 2022-06-28")
    year, month, day = match.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return PartialDate(date(int(year), int(month or 1), int(day or 1)), precision)


def last_day_to_respond(published: date) -> date:
    """Give the last day of the 56 (publication day + 55): 14 October 2022 gives 8 December 2022."""
    return published + timedelta(days=RESPONSE_DAYS - 1)


def response_day(published: date, responded: date) -> int:
    """Give the day of the period on which a response came out; publication itself is day 1."""
    return (responded - published).days + 1


def has_response_limit(published: date) -> bool:
    """Say whether the 56 days apply to a report of this day."""
    return published >= RESPONSE_LIMIT_FROM
