"""Partial dates, and the 56 days that begin with the day of publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades import words
from grades.dates import (
    PartialDate,
    Precision,
    age,
    has_response_limit,
    last_day_to_respond,
    parse_partial,
    response_clock,
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


FROM = date(2017, 5, 1)


def test_limit_holds_from_the_day_that_is_set():
    assert has_response_limit(date(2017, 5, 1), FROM)
    assert not has_response_limit(date(2017, 4, 30), FROM)


def clock(published="2022-10-14", *responses, confirmed=True, today=date(2026, 11, 22)):
    return response_clock(
        published=parse_partial(published) if published else None,
        confirmed=confirmed,
        responses=[parse_partial(day) if day else None for day in responses],
        today=today,
        limit_from=FROM,
    )


@pytest.mark.parametrize(
    ("found", "state", "day"),
    [
        (clock("2017-04-30"), "not-applicable", None),
        (clock("2017-04"), "not-applicable", None),
        (clock("2016"), "not-applicable", None),
        (clock("2017"), "undated", None),
        (clock("2022-10"), "undated", None),
        (clock(None), "undated", None),
        (clock(confirmed=False), "unconfirmed", None),
        (clock("2022-10-14", "2022-11-01", confirmed=False), "unconfirmed", None),
        (clock(today=date(2022, 12, 8)), "due", None),
        (clock(today=date(2022, 12, 9)), "passed", None),
        (clock("2022-10-14", "2022-12-08"), "published", 56),
        (clock("2019-05-02", "2019-07-26"), "published", 86),
        (clock("2022-10-14", None, "2022-12-01", "2022-11-01"), "published", 19),
        (clock("2022-10-14", "2022-11"), "published-undated", None),
        (clock("2022-10-14", None), "published-undated", None),
        (clock("2022-10-14", "2022-10-13"), "published-undated", None),
        (clock("2019-05-02", "2019-05", "2019-09-20"), "published-undated", None),
        (clock("2019-05-02", None, "2019-09-20"), "published-undated", None),
        (clock("2019-05-02", "2019-10", "2019-09-20"), "published", 142),
        (clock("2019-05-02", "2019-05", "2019-06-26"), "published", 56),
    ],
)
def test_clock_of_a_report(found, state, day):
    assert (found.state, found.day) == (state, day)
    counted = state not in ("not-applicable", "undated", "unconfirmed")
    assert (found.last_day is not None) == counted
    assert words.clock_words(found).endswith(".")


def test_clock_is_worded_without_blame():
    assert words.clock_words(clock("2019-05-02", "2019-07-26")) == (
        "Published on day 86 of 56; the last day was 26 June 2019."
    )
    assert words.clock_words(clock()) == "The last day was 8 December 2022. No response is recorded here."
    assert words.clock_words(clock(today=date(2022, 10, 20))) == (
        "A response is due by 8 December 2022. No response is recorded here yet."
    )
    assert words.clock_words(clock("2016-02-18")) == (
        "No response is recorded here. The limit of 56 days is not applied."
    )
    assert words.clock_words(clock("2016-02-18", None)) == "The limit of 56 days is not applied."


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2026-11-22", "0 days"),
        ("2026-11-21", "1 day"),
        ("2026-10-23", "30 days"),
        ("2026-10-22", "1 month"),
        ("2025-11-23", "11 months"),
        ("2025-11-22", "1 year"),
        ("2022-10-14", "4 years and 1 month"),
        ("2022-10", "about 4 years and 1 month"),
        ("2024", "about 2 years and 10 months"),
    ],
)
def test_age_in_words(since, said):
    assert words.age_words(age(parse_partial(since), date(2026, 11, 22))) == said


@pytest.mark.parametrize(
    ("text", "last"),
    [("2024-02", date(2024, 2, 29)), ("2024-12", date(2024, 12, 31)), ("2023", date(2023, 12, 31))],
)
def test_last_day_that_a_date_can_mean(text, last):
    assert parse_partial(text).last == last


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
