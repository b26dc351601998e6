"""From draft to public: submit, withdraw, give back, approve, and publish when an embargo ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pghistory
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grades import access
from grades.models import (
    ChangeLogEntry,
    Correction,
    Finding,
    Inspection,
    Submission,
)
from grades.models.base import Publishable, rows_of
from grades.publishing.checklist import checklist
from grades.publishing.correcting import carry_out, force_about
from grades.publishing.documents import document_of, kind_of, office_for
from grades.publishing.errors import RefusedError
from grades.publishing.plain import label_of, model_of
from grades.scales import Decision, Status

logger = logging.getLogger(__name__)

__all__ = [
    "RefusedError",
    "approve",
    "give_back",
    "hindrance",
    "publish_due",
    "record_of",
    "submit",
    "withdraw",
]


def record_of(submission: Submission, *, locked: bool = False) -> Publishable:
    """Give what was submitted; `locked` keeps others from changing it until the end of the transaction."""
    rows = rows_of(model_of(submission.what))
    found: Publishable = (rows.select_for_update() if locked else rows).get(pk=submission.object_id)
    return found


def hindrance(record: Publishable) -> str:
    """Say why nobody can submit a record, as it stands; empty where somebody can."""
    if record.status != Status.DRAFT:
        return _("This is no draft any more.")
    if isinstance(record, Correction) and record.discarded_at is not None:
        return _("This was discarded. Propose it anew.")
    return (
        "" if access.is_open(record) else _("It goes public with its inspection, which is submitted already.")
    )


@transaction.atomic
def submit(
    *,
    record: Publishable,
    by: Any,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    publish_at: datetime | None = None,
) -> Submission:
    """Ask for publication. `reasons` say, by the code of each warning, why it may stand; `publish_at` is an embargo.

    Raise RefusedError if the checklist has errors or warnings without a reason, DeniedError if `by` may not submit.
    """
    desk = access.desk_of(by)
    record = rows_of(type(record)).select_for_update().get(pk=record.pk)
    access.need(desk, access.Verb.VIEW, record)
    if words := hindrance(record):
        raise RefusedError(words)
    access.need(desk, access.Verb.SUBMIT, record)
    # Whoever has an advance copy records it before its day, for the moment at which the embargo ends.
    found = checklist(record, timezone.localdate(max(now, publish_at or now)))
    if found.errors:
        raise RefusedError(" ".join(item.words for item in found.errors))
    if found.unanswered(dict(reasons or {})):
        raise RefusedError(_("Each warning needs a reason why it may stand."))
    if publish_at is not None and publish_at <= now:
        raise RefusedError(_("The embargo has to end in the future."))
    force = force_about(record)
    with pghistory.context(why="submitted"):
        record.status = Status.SUBMITTED
        record.save(update_fields=["status"])
        return Submission.objects.create(
            what=label_of(record),
            object_id=record.pk,
            force=force,
            office=office_for(by, force.pk, timezone.localdate(now)),
            submitted_by=by,
            submitted_at=now,
            publish_at=publish_at,
            acknowledged=[
                {"code": item.code, "warning": item.words, "reason": (reasons or {})[item.code].strip()}
                for item in found.warnings
            ],
        )


def _locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update().get(pk=submission.pk)


@transaction.atomic
def withdraw(*, submission: Submission, by: Any, now: datetime) -> None:
    """Take back what is not public yet, so that it can be edited again."""
    submission = _locked(submission)
    access.need(access.desk_of(by), access.Verb.WITHDRAW, submission)
    if submission.decision not in (Decision.PENDING, Decision.APPROVED):
        raise RefusedError(_("This was decided already."))
    submission.alone = False
    _end(submission, Decision.WITHDRAWN, by, now)


@transaction.atomic
def give_back(*, submission: Submission, by: Any, now: datetime, remark: str) -> None:
    """Return something to its author, and say why."""
    submission = _locked(submission)
    if submission.decision != Decision.PENDING:
        raise RefusedError(_("This was decided already."))
    access.need(access.desk_of(by), access.Verb.APPROVE, submission)
    if not remark.strip():
        raise RefusedError(_("Say why you return it."))
    submission.remark = remark.strip()
    _end(submission, Decision.RETURNED, by, now)


def _end(submission: Submission, decision: Decision, by: Any, now: datetime) -> None:
    """Note the decision and make the record a draft again."""
    with pghistory.context(why=str(decision)):
        submission.decision, submission.decided_by, submission.decided_at = decision, by, now
        submission.save()
        record = record_of(submission, locked=True)
        record.status = Status.DRAFT
        record.save(update_fields=["status"])


@transaction.atomic
def approve(*, submission: Submission, by: Any, now: datetime) -> Submission:
    """Agree to a publication: it takes place at once, or when its embargo ends. Doing it twice changes nothing.

    Raise RefusedError if the checklist has errors by now, DeniedError for the author, unless the office publishes alone.
    """
    submission = _locked(submission)
    desk = access.desk_of(by)
    if submission.decision != Decision.PENDING:
        access.need(desk, access.Verb.VIEW, submission)
        if submission.decision == Decision.APPROVED:
            return submission
        raise RefusedError(_("This was decided already."))
    access.need(desk, access.Verb.APPROVE, submission)
    submission.alone = submission.submitted_by_id == desk.user_id
    submission.decision, submission.decided_by, submission.decided_at = Decision.APPROVED, by, now
    submission.save()
    if submission.publish_at is None or submission.publish_at <= now:
        _publish(submission, now)
    return submission


def publish_due(*, now: datetime) -> list[Submission]:
    """Publish what is approved and whose embargo has ended; each in a transaction of its own. Return what was published.

    What cannot be published any more is logged and waits; it does not hold up the rest.
    """
    done = []
    for number in list(Submission.objects.due(now).order_by("publish_at", "pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                submission = (
                    Submission.objects.due(now).select_for_update(skip_locked=True).filter(pk=number).first()
                )
                if submission is not None:
                    _publish(submission, now)
                    done.append(submission)
        except RefusedError as refusal:
            logger.error("Submission %s is due but cannot be published: %s", number, refusal)
    return done


@contextmanager
def _refused_in_words() -> Iterator[None]:
    """Turn a refusal of the database, or a record that is gone, into ours: it holds up this publication alone."""
    try:
        yield
    except (IntegrityError, DataError, ObjectDoesNotExist) as error:
        raise RefusedError(
            _("The database did not accept this: another record may have changed meanwhile. Propose it anew.")
        ) from error


def _publish(submission: Submission, now: datetime) -> None:
    """Make a record public and tell the log, in the caller's transaction."""
    with _refused_in_words():
        record = record_of(submission, locked=True)
    found = checklist(record, timezone.localdate(now))
    if found.errors:
        raise RefusedError(" ".join(item.words for item in found.errors))
    reason = record.reason if isinstance(record, Correction) else "published"
    with pghistory.context(why=reason), _refused_in_words():
        if isinstance(record, Correction):
            carry_out(record)
        if isinstance(record, Inspection):
            drafts = Finding.objects.filter(inspection=record, status=Status.DRAFT)
            drafts.update(status=Status.PUBLISHED, published_at=now)
        record.status, record.published_at = Status.PUBLISHED, now
        record.save()
        submission.done_at = now
        submission.save()
    ChangeLogEntry.objects.append(
        kind=kind_of(record),
        at=now,
        force=submission.force.slug,
        document=document_of(record, submission),
    )
