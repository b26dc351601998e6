"""Dates as the database gives them inside JSON."""

from datetime import date

from grades.dates import PartialDate, Precision


def json_date(value: str | None, precision: str) -> PartialDate | None:
    """Read a date and its precision; None where there is none."""
    return PartialDate(date.fromisoformat(value), Precision(precision)) if value else None
