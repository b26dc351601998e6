"""An embargo is a moment, whatever the clocks of London do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grades import words
from grades.models import ChangeLogEntry, Inspection
from grades.publishing import approve, publish_due, submit
from tests.people import People
from tests.publishing.conftest import complete

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def approved(people: People, publish_at: datetime) -> Inspection:
    """Have an inspection approved long before its embargo ends."""
    draft = complete(people.force)
    before = publish_at - timedelta(days=2)
    submission = submit(record=draft, by=people.editor, now=before, publish_at=publish_at)
    approve(submission=submission, by=people.publisher, now=before)
    return draft


@pytest.mark.parametrize(
    ("embargo", "moment"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30, tzinfo=LONDON), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=LONDON), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=LONDON), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
    ],
    ids=[
        "before the clocks go forward",
        "after they went forward",
        "before they go back",
        "in the doubled hour, the first time",
        "in the doubled hour, the second time",
        "after they went back",
    ],
)
def test_embargo_ends_at_its_moment_across_the_change_of_the_clocks(
    people: People, embargo: datetime, moment: datetime
) -> None:
    draft = approved(people, embargo)

    assert publish_due(now=moment - timedelta(seconds=1)) == []
    assert Inspection.objects.published(moment).filter(pk=draft.pk).count() == 0
    assert len(publish_due(now=moment)) == 1
    assert publish_due(now=moment) == []

    draft.refresh_from_db()
    assert draft.published_at == moment
    assert ChangeLogEntry.objects.get().at == moment


def test_both_hours_of_the_doubled_one_are_told_apart_in_words() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)

    assert words.moment(first) == "25 October 2026, 01:30 BST"
    assert words.moment(first.replace(fold=1)) == "25 October 2026, 01:30 GMT"
    assert words.moment(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == "29 March 2026, 02:30 BST"


def test_what_cannot_be_published_does_not_hold_up_the_rest(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    spoilt, sound = approved(people, moment), approved(people, moment)
    spoilt.reports.update(published_on=None)

    assert [submission.object_id for submission in publish_due(now=moment)] == [sound.pk]
    assert "is due but cannot be published" in caplog.text
