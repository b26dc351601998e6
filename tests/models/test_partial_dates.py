"""Dates of which only the month or the year is known."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests import factories
from tests.models.rules import explained, refused_by

pytestmark = pytest.mark.django_db

DATES = [
    ("source_published_on_precision", factories.source, "published_on"),
    ("report_published_on_precision", factories.report, "published_on"),
    ("release_released_on_precision", factories.release, "released_on"),
    ("finding_published_on_precision", factories.finding, "published_on"),
    ("finding_event_happened_on_precision", factories.finding_event, "happened_on"),
    ("monitoring_period_entered_on_precision", factories.monitoring_period, "entered_on"),
    ("monitoring_period_left_on_precision", factories.monitoring_period, "left_on"),
    ("response_published_on_precision", factories.response, "published_on"),
    ("mention_published_on_precision", factories.mention, "published_on"),
    ("tenure_valid_from_precision", factories.tenure, "valid_from"),
    ("tenure_valid_to_precision", factories.tenure, "valid_to"),
]
NAMES = [constraint for constraint, _, _ in DATES]
SENTENCE = "Where only the month or year is known, enter the first day of that month or year."
YEAR = {"entered_on": 2021, "left_on": 2024, "valid_from": 2011, "valid_to": 2024}


def day(field: str, month: int, day_of_month: int) -> date:
    """Give a day in a year that keeps the record's other dates in order."""
    return date(YEAR.get(field, 2022), month, day_of_month)


@pytest.mark.parametrize(("constraint", "make", "field"), DATES, ids=NAMES)
@pytest.mark.parametrize(
    ("precision", "month", "day_of_month"),
    [("day", 6, 28), ("month", 6, 1), ("year", 1, 1)],
    ids=["day", "month", "year"],
)
def test_date_is_kept_as_the_first_day_it_can_mean(
    constraint: str, make: Callable[..., Any], field: str, precision: str, month: int, day_of_month: int
) -> None:
    record = make(**{field: day(field, month, day_of_month), f"{field}_precision": precision})

    record.full_clean()


@pytest.mark.parametrize(("constraint", "make", "field"), DATES, ids=NAMES)
@pytest.mark.parametrize(
    ("precision", "month", "day_of_month"),
    [("month", 6, 28), ("year", 6, 1), ("year", 1, 2)],
    ids=["month-inside", "year-june", "year-second-day"],
)
def test_day_within_a_month_or_year_known_only_as_such_is_refused(
    constraint: str, make: Callable[..., Any], field: str, precision: str, month: int, day_of_month: int
) -> None:
    record = make()

    setattr(record, field, day(field, month, day_of_month))
    setattr(record, f"{field}_precision", precision)

    with explained(__all__=SENTENCE):
        record.full_clean()
    with refused_by(constraint):
        record.save()


@pytest.mark.parametrize(
    ("constraint", "make", "field"),
    [case for case in DATES if case[2] not in ("happened_on", "entered_on")],
    ids=[constraint for constraint, _, field in DATES if field not in ("happened_on", "entered_on")],
)
@pytest.mark.parametrize("precision", ["month", "year"])
def test_no_date_is_known_to_no_month_or_year(
    constraint: str, make: Callable[..., Any], field: str, precision: str
) -> None:
    """A check accepts what is unknown, so the constraint must ask for a date in so many words."""
    record = make(**{field: None})

    setattr(record, f"{field}_precision", precision)

    with explained(__all__=SENTENCE):
        record.full_clean()
    with refused_by(constraint):
        record.save()
