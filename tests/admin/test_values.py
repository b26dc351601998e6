"""What a column holds, in the words of an editor: the same for a correction, a history and a conflict."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from grades.admin.values import EMPTY, in_words, names_of, people_named, text_in_words
from grades.models import Finding, Grade, Inspection, Report
from tests import factories

pytestmark = pytest.mark.django_db


def column(model: Any, name: str) -> Any:
    """Give a column of a model."""
    return model._meta.get_field(name)


@pytest.mark.parametrize(
    ("model", "name", "value", "said"),
    [
        (Grade, "note", "", EMPTY),
        (Grade, "carried_from", None, EMPTY),
        (Grade, "level", "adequate", "Adequate"),
        (Grade, "unsettled", True, "yes"),
        (Grade, "unsettled", False, "no"),
        (Grade, "note", "as printed", "as printed"),
        (Report, "published_on", date(2026, 3, 1), "1 March 2026"),
        (Inspection, "published_at", datetime(2026, 7, 1, 9, tzinfo=UTC), "1 July 2026 10:00"),
        (Finding, "order", 3, "3"),
        (Grade, "report", 123456, "number 123456"),
    ],
)
def test_value_is_put_in_words(model: Any, name: str, value: Any, said: str) -> None:
    assert in_words(column(model, name), value) == said


def test_nothing_is_named_as_the_sentence_needs_it() -> None:
    assert in_words(column(Grade, "note"), "", nothing="nothing") == "nothing"


@pytest.mark.parametrize(
    ("model", "name", "text", "said"),
    [
        (Grade, "unsettled", "True", "yes"),
        (Grade, "unsettled", "False", "no"),
        (Report, "published_on", "2026-03-01", "1 March 2026"),
        (Report, "published_on", "1/3/26", "1/3/26"),
        (Report, "published_on", None, EMPTY),
        (Grade, "level", "good", "Good"),
    ],
)
def test_plain_text_is_read_first_and_stays_where_it_cannot_be(
    model: Any, name: str, text: str | None, said: str
) -> None:
    assert text_in_words(column(model, name), text) == said


def test_records_are_named_one_by_one_or_all_at_once(django_assert_num_queries: Any) -> None:
    first, second = factories.cycle(), factories.cycle()
    field = column(Grade, "carried_from")

    assert text_in_words(field, str(first.pk)) == str(first)
    with django_assert_num_queries(1):
        named = names_of([(field, first.pk), (field, second.pk), (field, None)])
    with django_assert_num_queries(0):
        said = [in_words(field, number, named=named) for number in (first.pk, second.pk, 0)]
    assert said == [str(first), str(second), "number 0"]


def test_people_are_named_in_full_or_by_what_they_sign_in_with() -> None:
    ada = factories.user(first_name="Ada", last_name="Byron")
    short = factories.user(username="grace")

    named = people_named([ada.pk, str(short.pk), None, "", "machine"])

    assert named == {str(ada.pk): "Ada Byron", str(short.pk): "grace"}
