"""Dates as the sources give them: a day, only a month, or only a year. Pure; no clock."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RESPONSE_DAYS = 56
"""Police Act 1996, section 55(5A): 56 days *beginning with* the day of publication, which is therefore day 1."""


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
    def last(self) -> date:
        """Give the last day that it can mean."""
        if self.precision == Precision.DAY:
            return self.first
        return add_months(self.first, 1 if self.precision == Precision.MONTH else 12) - timedelta(days=1)

    @property
    def exact(self) -> bool:
        """Say whether the day itself is known."""
        return self.precision == Precision.DAY


def add_months(day: date, months: int) -> date:
    """Give the first of a month some months after another's, or before it."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


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
    """Give the last day of the 56 (publication day + 55): 14 October 2022 gives 8 December 2022.

    A day that somebody mistyped at the end of the calendar gives the last day that there is.
    """
    return published + min(timedelta(days=RESPONSE_DAYS - 1), date.max - published)


def response_day(published: date, responded: date) -> int:
    """Give the day of the period on which a response came out; publication itself is day 1."""
    return (responded - published).days + 1


def has_response_limit(published: date, limit_from: date) -> bool:
    """Say whether the 56 days apply to a report of this day; `limit_from` is the first day on which they do."""
    return published >= limit_from


class ClockState(StrEnum):
    """How a report stands to the 56 days."""

    NOT_APPLICABLE = "not-applicable"
    UNDATED = "undated"
    UNCONFIRMED = "unconfirmed"
    DUE = "due"
    PASSED = "passed"
    PUBLISHED = "published"
    PUBLISHED_UNDATED = "published-undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseClock:
    """A report against the 56 days: `last_day` where they are counted, `day` on which a response came out where known.

    `answered` says whether a formal response is on record, counted or not.
    """

    state: ClockState
    answered: bool
    last_day: date | None = None
    day: int | None = None


def response_clock(
    *,
    published: PartialDate | None,
    confirmed: bool,
    responses: Iterable[PartialDate | None],
    today: date,
    limit_from: date,
) -> ResponseClock:
    """Hold a report against the 56 days. `responses` are the days of its formal responses, None where one is not known.

    The days are counted only from a day that the inspectorate itself confirms. The first response counts: where one that is
    not known to the day may have come before a late one, nothing is said of the day.
    """
    known = list(responses)
    answered = bool(known)
    if published is not None and not has_response_limit(published.last, limit_from):
        return ResponseClock(state=ClockState.NOT_APPLICABLE, answered=answered)
    if published is None or not published.exact:
        return ResponseClock(state=ClockState.UNDATED, answered=answered)
    if not confirmed:
        return ResponseClock(state=ClockState.UNCONFIRMED, answered=answered)
    last = last_day_to_respond(published.first)
    exact = [on.first for on in known if on is not None and on.exact and on.first >= published.first]
    first = min(exact, default=date.max)
    earlier = any(on is None or (not on.exact and on.first < first) for on in known)
    if exact and not (earlier and first > last):
        day = response_day(published.first, first)
        return ResponseClock(state=ClockState.PUBLISHED, answered=True, last_day=last, day=day)
    if answered:
        return ResponseClock(state=ClockState.PUBLISHED_UNDATED, answered=True, last_day=last)
    return ResponseClock(
        state=ClockState.DUE if today <= last else ClockState.PASSED, answered=False, last_day=last
    )


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago something was: whole years and months, or days where it is under a month; `about` if not to the day."""

    years: int
    months: int
    days: int
    about: bool = False


def age(since: PartialDate, today: date) -> Age:
    """Count from a date to a day, in whole months; a date known to the month or year gives about so much."""
    months = (today.year - since.first.year) * 12 + today.month - since.first.month
    if today.day < since.first.day:
        months -= 1
    months = max(months, 0)
    return Age(
        years=months // 12,
        months=months % 12,
        days=max((today - since.first).days, 0) if months == 0 else 0,
        about=not since.exact,
    )
