"""Submissions, corrections and the change log, as the database holds them."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from grades.models import ChangeLogEntry, Correction, Submission
from tests import factories
from tests.models.rules import Rule, assert_rule, refused_by

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 2, 1, tzinfo=UTC)

RULES = [
    Rule("submission_what_not_empty", factories.submission, {"what": ""}),
    Rule(
        "submission_decision_known",
        factories.submission,
        {"decision": "lost"},
        {"decision": "withdrawn", "decided_by": factories.user, "decided_at": DAY},
    ),
    Rule("submission_decided_by_and_at", factories.submission, {"decided_by": factories.user}),
    Rule(
        "submission_decided_by_and_at",
        factories.submission,
        {"decided_at": None},
        {"decision": "withdrawn", "decided_by": factories.user, "decided_at": DAY},
    ),
    Rule(
        "submission_second_person",
        factories.submission,
        {"alone": True},
        {"decision": "approved", "decided_by": factories.user, "decided_at": DAY},
    ),
    Rule("submission_done_when_approved", factories.submission, {"done_at": DAY}),
    Rule(
        "submission_returned_with_remark",
        factories.submission,
        {"remark": ""},
        {
            "decision": "returned",
            "decided_by": factories.user,
            "decided_at": DAY,
            "remark": "A date is missing.",
        },
    ),
    Rule("correction_what_not_empty", factories.correction, {"what": ""}),
    Rule("correction_reason_not_empty", factories.correction, {"reason": ""}),
    Rule("correction_changes", factories.correction, {"after": {"level": "good"}}),
    Rule("correction_changes", factories.correction, {"after": {}}),
    Rule("correction_addition_has_no_before", factories.correction, {"object_id": None}),
    Rule(
        "correction_discarded_as_draft", factories.correction, {"status": "submitted"}, {"discarded_at": DAY}
    ),
    Rule("correction_status_known", factories.correction, {"status": "lost"}, {"status": "submitted"}),
    Rule("correction_published_has_its_moment", factories.correction, {"status": "published"}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_author_cannot_be_the_second_person() -> None:
    submission = factories.submission()
    submission.decision, submission.decided_at = "approved", DAY
    submission.decided_by = submission.submitted_by

    with refused_by("submission_second_person"):
        submission.save()

    submission.alone = True
    submission.save()


def test_record_is_submitted_once_at_a_time() -> None:
    submission = factories.submission()
    again = {"what": submission.what, "object_id": submission.object_id, "force": submission.force}

    with refused_by("submission_one_open_at_a_time"):
        factories.submission(**again)

    submission.decision, submission.decided_by, submission.decided_at = "withdrawn", factories.user(), DAY
    submission.save()
    factories.submission(**again)


def test_open_submission_of_a_record_is_the_one_that_waits() -> None:
    inspection = factories.inspection(status="submitted")
    of_it = {"what": "grades.inspection", "object_id": inspection.pk, "force": inspection.force}
    decided = {"decided_by": factories.user(), "decided_at": DAY}
    factories.submission(what="grades.response", object_id=inspection.pk, force=inspection.force)
    factories.submission(**of_it, decision="withdrawn", **decided)
    factories.submission(**of_it, decision="approved", done_at=DAY, **decided)
    assert not Submission.objects.of(inspection).open().exists()

    waiting = factories.submission(**of_it)
    assert Submission.objects.of(inspection).open().get() == waiting
    assert Submission.objects.of(inspection).count() == 3

    waiting.decision, waiting.decided_by, waiting.decided_at = "approved", decided["decided_by"], DAY
    waiting.save()
    assert Submission.objects.of(inspection).open().get() == waiting


def test_approved_record_whose_embargo_runs_is_still_submitted() -> None:
    submission = factories.submission()
    submission.decision, submission.decided_by, submission.decided_at = "approved", factories.user(), DAY
    submission.save()

    with refused_by("submission_one_open_at_a_time"):
        factories.submission(what=submission.what, object_id=submission.object_id, force=submission.force)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM grades_correction",
        "DELETE FROM grades_correction WHERE id = (SELECT max(id) FROM grades_correction)",
    ],
)
def test_correction_cannot_be_deleted_even_by_plain_sql(statement: str) -> None:
    factories.correction()

    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Correction.objects.exists()


def test_entries_of_the_log_are_counted_and_chained() -> None:
    first, second = factories.change_log_entry(), factories.change_log_entry(force="kent")

    assert (first.number, second.number) == (1, 2)
    assert second.previous == first.digest
    assert ChangeLogEntry.objects.data_version() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grades_changelogentry SET document = '{}'",
        "UPDATE grades_changelogentry SET force = 'kent' WHERE number = 1",
        "DELETE FROM grades_changelogentry",
    ],
)
def test_log_cannot_be_rewritten_even_by_plain_sql(statement: str) -> None:
    factories.change_log_entry()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("fault", [{"number": 3}, {"number": 1}, {"previous": "0" * 64}])
def test_log_takes_no_entry_that_does_not_follow_the_last_one(fault: dict[str, object]) -> None:
    last = factories.change_log_entry()
    right = {"number": 2, "previous": last.digest}

    with refused_by("log_unbroken"):
        ChangeLogEntry.objects.create(
            **{"at": DAY, "kind": "loaded", "document": {}, "digest": "0" * 64, **right, **fault}
        )


def test_log_knows_its_kinds_and_counts_from_one() -> None:
    last = factories.change_log_entry()
    entry = {"at": DAY, "document": {}, "digest": "0" * 64, "previous": last.digest}

    with refused_by("change_log_entry_kind_known"):
        ChangeLogEntry.objects.create(**entry, number=2, kind="rumour")
    assert "change_log_entry_number_from_one" in {c.name for c in ChangeLogEntry._meta.constraints}


def test_line_of_the_log_says_what_its_digest_covers() -> None:
    entry = factories.change_log_entry(document={"name": "Ŵ – “ŷ”"}, force="gwent")

    assert entry.as_line() == (
        '{"at":"2026-01-01T09:00:00.000000+00:00","digest":"'
        + entry.digest
        + '","document":{"name":"Ŵ – “ŷ”"},'
        '"force":"gwent","kind":"loaded","number":1,"previous":"' + "0" * 64 + '"}'
    )
