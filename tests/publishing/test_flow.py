"""From draft to public: submitted, returned, approved by a second person, published once, told by the log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from grades.access import DeniedError
from grades.models import ChangeLogEntry, Finding, Inspection, Submission
from grades.publishing import RefusedError, approve, give_back, publish_due, submit, withdraw
from tests import factories
from tests.people import People
from tests.publishing.conftest import NOW, complete

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(people: People, draft: Inspection) -> Submission:
    """Have the editor submit the draft."""
    return submit(record=draft, by=people.editor, now=NOW)


def test_submitted_draft_is_not_public_and_cannot_be_submitted_again(
    people: People, draft: Inspection, submission: Submission
) -> None:
    draft.refresh_from_db()

    assert draft.status == "submitted"
    assert submission.office == people.office
    with pytest.raises(RefusedError, match="no draft any more"):
        submit(record=draft, by=people.editor, now=NOW)


def test_second_person_publishes_and_the_log_tells(
    people: People, draft: Inspection, submission: Submission
) -> None:
    finding = factories.finding(inspection=draft, status="draft")

    approve(submission=submission, by=people.publisher, now=NOW)

    draft.refresh_from_db()
    entry = ChangeLogEntry.objects.get()
    assert (draft.status, draft.published_at) == ("published", NOW)
    assert Finding.objects.published(NOW).get() == finding
    assert (entry.kind, entry.force, entry.number) == ("published", "warwickshire", 1)
    assert entry.document["office"] == people.office.name
    assert entry.document["approved_by"] == "a second person"
    assert sorted(grade["grade"] for grade in entry.document["grades"]) == ["adequate", "good"]


def test_log_names_no_person(people: People, submission: Submission) -> None:
    approve(submission=submission, by=people.publisher, now=NOW)

    line = ChangeLogEntry.objects.get().as_line()

    for person in (people.editor, people.publisher):
        assert person.username not in line
        assert person.email not in line


@pytest.mark.parametrize("person", ["editor", "viewer", "stranger"])
def test_author_viewer_and_neighbour_cannot_approve(
    people: People, draft: Inspection, submission: Submission, person: str
) -> None:
    with pytest.raises(DeniedError):
        approve(submission=submission, by=getattr(people, person), now=NOW)

    draft.refresh_from_db()
    assert draft.status == "submitted"
    assert not ChangeLogEntry.objects.exists()


def test_publisher_cannot_approve_what_they_submitted(people: People, draft: Inspection) -> None:
    own = submit(record=draft, by=people.publisher, now=NOW)

    with pytest.raises(DeniedError):
        approve(submission=own, by=people.publisher, now=NOW)

    approve(submission=own, by=people.colleague, now=NOW)


def test_national_editor_is_a_second_person_too(people: People, submission: Submission) -> None:
    done = approve(submission=submission, by=people.national, now=NOW)

    assert done.done_at == NOW
    assert not done.alone


def test_office_of_one_publishes_alone_and_the_log_says_so(people: People, draft: Inspection) -> None:
    people.office.one_person_publishing = True
    people.office.save()
    alone = User.objects.get(pk=people.publisher.pk)
    own = submit(record=draft, by=alone, now=NOW)

    approve(submission=own, by=alone, now=NOW)

    assert ChangeLogEntry.objects.get().document["approved_by"] == "its author alone"


def test_approving_twice_publishes_once(people: People, draft: Inspection, submission: Submission) -> None:
    approve(submission=submission, by=people.publisher, now=NOW)
    again = approve(submission=submission, by=people.colleague, now=NOW + timedelta(seconds=1))

    draft.refresh_from_db()
    assert again.decided_by == people.publisher
    assert draft.published_at == NOW
    assert ChangeLogEntry.objects.count() == 1


def test_returned_draft_can_be_edited_and_submitted_again(
    people: People, draft: Inspection, submission: Submission
) -> None:
    with pytest.raises(RefusedError, match="Say why"):
        give_back(submission=submission, by=people.publisher, now=NOW, remark=" ")

    give_back(submission=submission, by=people.publisher, now=NOW, remark="The date is wrong.")

    draft.refresh_from_db()
    submission.refresh_from_db()
    assert draft.status == "draft"
    assert (submission.decision, submission.remark) == ("returned", "The date is wrong.")
    with pytest.raises(RefusedError, match="decided already"):
        approve(submission=submission, by=people.publisher, now=NOW)
    submit(record=draft, by=people.editor, now=NOW)


def test_author_withdraws_and_the_neighbour_cannot(
    people: People, draft: Inspection, submission: Submission
) -> None:
    with pytest.raises(DeniedError):
        withdraw(submission=submission, by=people.stranger, now=NOW)

    withdraw(submission=submission, by=people.editor, now=NOW)

    draft.refresh_from_db()
    assert draft.status == "draft"
    with pytest.raises(RefusedError, match="decided already"):
        approve(submission=submission, by=people.publisher, now=NOW)


def test_public_record_cannot_be_withdrawn(people: People, submission: Submission) -> None:
    approve(submission=submission, by=people.publisher, now=NOW)

    with pytest.raises(DeniedError):
        withdraw(submission=submission, by=people.editor, now=NOW)


def test_errors_block_and_say_why(people: People, draft: Inspection) -> None:
    draft.reports.update(published_on=date(2026, 3, 3))

    with pytest.raises(RefusedError, match="3 March 2026 is in the future"):
        submit(record=draft, by=people.editor, now=NOW)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_each_warning_needs_its_reason(people: People, draft: Inspection) -> None:
    draft.reports.update(address="")
    code = f"report-{draft.reports.get().pk}-address"

    for reasons in ({}, {code: "  "}, {"something-else": "why"}):
        with pytest.raises(RefusedError, match="needs a reason"):
            submit(record=draft, by=people.editor, now=NOW, reasons=reasons)

    sent = submit(record=draft, by=people.editor, now=NOW, reasons={code: "The page is gone."})
    assert [kept["reason"] for kept in sent.acknowledged] == ["The page is gone."]


def test_error_that_appears_after_submission_blocks_publication(
    people: People, draft: Inspection, submission: Submission
) -> None:
    draft.reports.update(published_on=date(2026, 4, 1))

    with pytest.raises(RefusedError, match="in the future"):
        approve(submission=submission, by=people.publisher, now=NOW)

    submission.refresh_from_db()
    assert submission.decision == "pending"
    assert not ChangeLogEntry.objects.exists()


def test_embargo_keeps_what_is_approved_until_its_moment(people: People, draft: Inspection) -> None:
    moment = NOW + timedelta(hours=14)
    sent = submit(record=draft, by=people.editor, now=NOW, publish_at=moment)
    approve(submission=sent, by=people.publisher, now=NOW)

    assert publish_due(now=moment - timedelta(seconds=1)) == []
    assert not Inspection.objects.published(moment).exists()
    assert not ChangeLogEntry.objects.exists()

    assert publish_due(now=moment) == [sent]
    assert publish_due(now=moment) == []
    assert Inspection.objects.published(moment).get() == draft
    assert ChangeLogEntry.objects.get().at == moment


def test_report_of_a_day_to_come_is_submitted_with_an_embargo_until_then(
    people: People, draft: Inspection
) -> None:
    """An office has an advance copy: its days are those of the report, not of the day on which it is entered."""
    draft.reports.update(published_on=date(2026, 3, 3))
    moment = datetime(2026, 3, 3, 0, 1, tzinfo=UTC)
    for publish_at in (None, moment - timedelta(hours=1)):
        with pytest.raises(RefusedError, match="3 March 2026 is in the future"):
            submit(record=draft, by=people.editor, now=NOW, publish_at=publish_at)

    sent = submit(record=draft, by=people.editor, now=NOW, publish_at=moment)
    approve(submission=sent, by=people.publisher, now=NOW)

    assert publish_due(now=moment - timedelta(minutes=2)) == []
    assert publish_due(now=moment) == [sent]
    assert Inspection.objects.published(moment).get() == draft


def test_embargo_that_is_over_is_refused(people: People, draft: Inspection) -> None:
    with pytest.raises(RefusedError, match="end in the future"):
        submit(record=draft, by=people.editor, now=NOW, publish_at=NOW)


def test_approval_after_the_embargo_publishes_at_once(people: People, draft: Inspection) -> None:
    sent = submit(record=draft, by=people.editor, now=NOW, publish_at=NOW + timedelta(hours=1))

    later = NOW + timedelta(hours=2)
    approve(submission=sent, by=people.publisher, now=later)

    draft.refresh_from_db()
    assert draft.published_at == later


def test_withdrawn_embargo_never_publishes(people: People, draft: Inspection) -> None:
    sent = submit(record=draft, by=people.editor, now=NOW, publish_at=NOW + timedelta(hours=1))
    approve(submission=sent, by=people.publisher, now=NOW)

    withdraw(submission=sent, by=people.editor, now=NOW)

    assert publish_due(now=NOW + timedelta(days=1)) == []


def test_viewer_and_neighbour_cannot_submit(people: People, draft: Inspection) -> None:
    for person in (people.viewer, people.stranger):
        with pytest.raises((DeniedError, RefusedError)):
            submit(record=draft, by=person, now=NOW)

    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        ("response", "responded"),
        ("comment", "commented"),
        ("finding", "added"),
        ("finding_event", "tracked"),
        ("monitoring_period", "added"),
        ("mention", "added"),
    ],
)
def test_everything_else_that_goes_public_takes_the_same_way(people: People, make: str, kind: str) -> None:
    inspection = complete(people.force, status="published")
    given = {
        "response": {
            "report": inspection.reports.get(),
            "body": people.office.body,
            "chief_constable_comments": "We agree.",
        },
        "comment": {
            "grade": inspection.grades.order_by("pk")[0],
            "body": people.office.body,
            "dated": date(2026, 3, 2),
        },
        "finding": {"force": people.force, "published_on": date(2026, 2, 1)},
        "finding_event": {"finding": factories.finding(force=people.force)},
        "monitoring_period": {"force": people.force},
        "mention": {"force": people.force},
    }
    record = getattr(factories, make)(status="draft", **given[make])
    if make == "response":
        record.published_on = date(2026, 3, 2)
        record.sent_to_inspectorate_on = record.sent_to_secretary_of_state_on = date(2026, 3, 2)
        record.save()

    approve(submission=submit(record=record, by=people.editor, now=NOW), by=people.publisher, now=NOW)

    assert type(record).objects.published(NOW).filter(pk=record.pk).exists()
    entry = ChangeLogEntry.objects.get()
    assert (entry.kind, entry.force) == (kind, "warwickshire")
    assert "owner" not in entry.document["facts"]


def test_nobody_publishes_alone_through_an_office_of_former_times(people: People, draft: Inspection) -> None:
    former = factories.office(one_person_publishing=True)
    factories.tenure(
        force=people.force, body=former.body, valid_from=date(2010, 1, 1), valid_to=date(2012, 1, 1)
    )
    person = factories.member("publisher", former)
    factories.membership(user=person, office=people.office, role="publisher")

    own = submit(record=draft, by=person, now=NOW)

    assert own.office == people.office
    with pytest.raises(DeniedError):
        approve(submission=own, by=person, now=NOW)


def test_log_tells_no_finding_that_waits_for_an_approval_of_its_own(
    people: People, draft: Inspection
) -> None:
    told = factories.finding(inspection=draft, status="draft", text="Goes along.")
    factories.finding(inspection=draft, status="submitted", text="Nobody has approved this.")

    sent = submit(record=draft, by=people.editor, now=NOW)
    approve(submission=sent, by=people.publisher, now=NOW)

    assert [said["key"] for said in ChangeLogEntry.objects.get().document["findings"]] == [told.key]


def test_what_cannot_be_published_holds_up_nothing_else(people: People, draft: Inspection) -> None:
    moment = NOW + timedelta(hours=1)
    gone = factories.mention(force=people.force, status="draft")
    sent = [submit(record=record, by=people.editor, now=NOW, publish_at=moment) for record in (gone, draft)]
    for one in sent:
        approve(submission=one, by=people.publisher, now=NOW)
    gone.delete()

    assert publish_due(now=moment) == sent[1:]
