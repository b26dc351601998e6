"""Partial dates, and the 56 days that begin with the day of publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades.dates import (
    PartialDate,
    Precision,
    has_response_limit,
    last_day_to_respond,
    parse_partial,
    response_day,
)


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2022, 10, 14), date(2022, 12, 8)),
        (date(2025, 6, 10), date(2025, 8, 4)),
        (date(2019, 5, 2), date(2019, 6, 26)),
    ],
)
def test_last_day_is_publication_and_fifty_five_days(published, last):
    assert last_day_to_respond(published) == last
    assert response_day(published, last) == 56


def test_publication_is_day_one():
    assert response_day(date(2019, 5, 2), date(2019, 5, 2)) == 1
    assert response_day(date(2019, 5, 2), date(2019, 7, 26)) == 86


def test_limit_holds_from_april_2017():
    assert has_response_limit(date(2017, 4, 1))
    assert not has_response_limit(date(2017, 3, 31))


@pytest.mark.parametrize(
    ("text", "precision"),
    [("2022", Precision.YEAR), ("2022-06", Precision.MONTH), ("2022-06-28", Precision.DAY)],
)
def test_partial_date_keeps_what_is_known(text, precision):
    found = parse_partial(text)

    assert found.precision == precision
    assert found.exact is (precision == Precision.DAY)
    assert str(found) == text


@pytest.mark.parametrize(
    "text", ["", "22", "2022-6", "2022-06-8", "2022-13", "2023-02-29", "28 June 2022", "2022-06-28T00"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - date's own words for days that do not exist
        parse_partial(text)


@pytest.mark.parametrize(
    ("first", "precision"), [(date(2022, 6, 2), Precision.MONTH), (date(2022, 2, 1), Precision.YEAR)]
)
def test_partial_date_is_kept_as_its_first_day(first, precision):
    with pytest.raises(ValueError, match="kept as its first"):
        PartialDate(first, precision)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_day_survives_the_round_trip(day):
    assert parse_partial(day.isoformat()) == PartialDate(day)


def test_partial_dates_sort_by_their_first_day():
    dates = [parse_partial(text) for text in ("2022-06-28", "2021", "2022-06")]

    assert [str(d) for d in sorted(dates)] == ["2021", "2022-06", "2022-06-28"]
