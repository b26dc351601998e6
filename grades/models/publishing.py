"""How the record goes public and how it changes afterwards: submissions, corrections and the public change log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from grades import chain
from grades.models.base import (
    Publishable,
    PublishableQuerySet,
    not_empty,
    one_of,
    options,
    publishable_checks,
    rows_of,
)
from grades.scales import ChangeKind, Decision, Status

LOG_LOCK = 0x106
"""Any number; entries of the log are written one after the other."""


def _kind(what: str) -> str:
    """Name a kind of record in words."""
    return str(capfirst(options(apps.get_model(what)).verbose_name))


OPEN = Q(decision=Decision.PENDING) | Q(decision=Decision.APPROVED, done_at__isnull=True)
"""What waits for a second person or for the end of an embargo."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Questions about what was submitted."""

    def of(self, record: models.Model) -> SubmissionQuerySet:
        """Keep those of one record."""
        return self.filter(what=options(type(record)).label_lower, object_id=record.pk)

    def open(self) -> SubmissionQuerySet:
        """Keep what waits for a second person or for the end of an embargo; of one record there is one at most."""
        return self.filter(OPEN)

    def pending(self) -> SubmissionQuerySet:
        """Keep what awaits a second person."""
        return self.filter(decision=Decision.PENDING)

    def due(self, now: datetime) -> SubmissionQuerySet:
        """Keep what is approved, was to wait until a moment that has come, and is not public yet."""
        return self.filter(decision=Decision.APPROVED, done_at__isnull=True, publish_at__lte=now)


class Submission(models.Model):
    """Something submitted for publication, and what became of it. Its author does not approve it, unless the office may."""

    what = models.CharField(
        _("what"), max_length=40, help_text=_("The kind of record, such as grades.inspection.")
    )
    object_id = models.PositiveBigIntegerField(_("which"), help_text=_("The record's number."))
    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="submissions",
        on_delete=models.PROTECT,
        help_text=_("About which force."),
    )
    office = models.ForeignKey(
        "Office",
        verbose_name=_("office"),
        related_name="submissions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Whose author; empty for a national editor."),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Who asks for it."),
    )
    submitted_at = models.DateTimeField(_("submitted at"), help_text=_("When."))
    publish_at = models.DateTimeField(
        _("not before"), null=True, blank=True, help_text=_("The embargo, in the time of London.")
    )
    acknowledged = models.JSONField(
        _("warnings accepted"),
        default=list,
        blank=True,
        help_text=_("Each warning, and why it was let stand."),
    )
    decision = models.CharField(
        _("decision"),
        max_length=10,
        choices=Decision,
        default=Decision.PENDING,
        help_text=_("What became of it."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Who decided."),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, help_text=_("When."))
    alone = models.BooleanField(
        _("published by its author"), default=False, help_text=_("No second person looked; the log says so.")
    )
    remark = models.TextField(_("remark"), blank=True, help_text=_("Why it was returned."))
    done_at = models.DateTimeField(
        _("public since"), null=True, blank=True, help_text=_("When it went public here.")
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            not_empty(model="submission", field="what"),
            one_of(model="submission", field="decision", choices=Decision),
            models.UniqueConstraint(
                fields=["what", "object_id"],
                name="submission_one_open_at_a_time",
                condition=OPEN,
                violation_error_message=_("This is already submitted."),
            ),
            models.CheckConstraint(
                name="submission_decided_by_and_at",
                condition=Q(decision=Decision.PENDING, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(decision=Decision.PENDING) & Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message=_("A decision says whose it is and when it was taken."),
            ),
            models.CheckConstraint(
                name="submission_second_person",
                condition=~Q(decision=Decision.APPROVED)
                | Q(alone=True, decided_by=F("submitted_by"))
                | Q(alone=False) & ~Q(decided_by=F("submitted_by")),
                violation_error_message=_(
                    "A second person approves, or the office publishes alone and says so."
                ),
            ),
            models.CheckConstraint(
                name="submission_done_when_approved",
                condition=Q(done_at__isnull=True) | Q(decision=Decision.APPROVED),
                violation_error_message=_("Only what is approved goes public."),
            ),
            models.CheckConstraint(
                name="submission_returned_with_remark",
                condition=~Q(decision=Decision.RETURNED) | ~Q(remark=""),
                violation_error_message=_("Say why it is returned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_kind(self.what)} {self.object_id}, {self.submitted_at:%Y-%m-%d %H:%M:%S}"


class Correction(Publishable):
    """A change to something public: what was, what is to be, why, and by which source. It is never deleted.

    A draft that nobody wants any more is discarded, and stays on file.

    `object_id` is empty where the correction adds a record that was missing. `before` and `after` hold the columns that
    change, as plain text by name, foreign keys as `…_id`.
    """

    what = models.CharField(
        _("what"), max_length=40, help_text=_("The kind of record, such as grades.grade.")
    )
    object_id = models.PositiveBigIntegerField(
        _("which"), null=True, blank=True, help_text=_("The record's number; empty where one is added.")
    )
    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="corrections",
        on_delete=models.PROTECT,
        help_text=_("About which force."),
    )
    before = models.JSONField(_("before"), default=dict, blank=True, help_text=_("What the record said."))
    after = models.JSONField(_("after"), help_text=_("What it is to say."))
    reason = models.TextField(_("reason"), help_text=_("Shown to the public."))
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("What states the new value."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Who noticed."),
    )
    proposed_at = models.DateTimeField(_("proposed at"), help_text=_("When."))
    discarded_at = models.DateTimeField(
        _("discarded at"), null=True, blank=True, help_text=_("When it was given up, if it was.")
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(fields=["what", "object_id"], name="correction_of")]
        constraints = [
            *publishable_checks("correction"),
            not_empty(model="correction", field="what"),
            not_empty(model="correction", field="reason"),
            models.CheckConstraint(
                name="correction_changes",
                condition=~Q(after=F("before")) & ~Q(after={}),
                violation_error_message=_("A correction changes something."),
            ),
            models.CheckConstraint(
                name="correction_addition_has_no_before",
                condition=Q(object_id__isnull=False) | Q(before={}) | Q(status="published"),
                violation_error_message=_("What is added was nothing before."),
            ),
            models.CheckConstraint(
                name="correction_discarded_as_draft",
                condition=Q(discarded_at__isnull=True) | Q(status=Status.DRAFT),
                violation_error_message=_("Only a draft is discarded."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="correction_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        kind = f"{_kind(self.what)} {self.object_id or '–'}"
        return f"{kind}, {self.force}, {self.proposed_at:%Y-%m-%d %H:%M:%S}"

    @property
    def standing(self) -> str:
        """Say in words how far it has come."""
        return str(_("Discarded")) if self.discarded_at else self.get_status_display()

    def target(self) -> models.Model | None:
        """Give the record that it is about, or None where that is still to be added."""
        found: models.Model | None = rows_of(apps.get_model(self.what)).filter(pk=self.object_id).first()
        return found


class ChangeLogQuerySet(models.QuerySet["ChangeLogEntry"]):
    """The one door into the log."""

    def append(
        self, *, kind: ChangeKind, at: datetime, force: str = "", document: Mapping[str, Any]
    ) -> ChangeLogEntry:
        """Write the next entry. Call inside the transaction of the change that it tells of.

        `force` is a slug; `document` holds plain JSON, texts and lists of texts rather than numbers.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        last = self.order_by("-number").values_list("number", "digest").first() or (0, chain.START)
        entry = ChangeLogEntry(
            number=last[0] + 1, at=at, kind=kind, force=force, document=dict(document), previous=last[1]
        )
        entry.digest = chain.digest(entry.as_dict())
        entry.save(force_insert=True)
        return entry

    def data_version(self) -> int:
        """Give the number of the newest entry, which rises with everything that changes on the public pages."""
        return self.order_by("-number").values_list("number", flat=True).first() or 0


class ChangeLogEntry(models.Model):
    """One change to the public record. Entries are chained by their digests; none is ever changed or deleted."""

    number = models.PositiveBigIntegerField(
        _("number"), unique=True, help_text=_("One, two, three, without gaps.")
    )
    at = models.DateTimeField(_("at"), help_text=_("When it became public."))
    kind = models.CharField(_("kind"), max_length=25, choices=ChangeKind, help_text=_("What sort of change."))
    force = models.CharField(
        _("force"),
        max_length=60,
        blank=True,
        db_index=True,
        help_text=_("The slug of the force it is about."),
    )
    document = models.JSONField(_("document"), help_text=_("What changed, in full."))
    previous = models.CharField(_("digest before"), max_length=64, help_text=_("Of the entry before."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of all the rest."))

    objects = ChangeLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the change log")
        verbose_name_plural = _("change log")
        constraints = [
            one_of(model="change_log_entry", field="kind", choices=ChangeKind),
            models.CheckConstraint(
                name="change_log_entry_number_from_one",
                condition=Q(number__gte=1),
                violation_error_message=_("Entries are counted from one."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="log_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="log_unbroken",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "record")],
                func=pgtrigger.Func(
                    """
                    SELECT number, digest INTO last FROM {meta.db_table} ORDER BY number DESC LIMIT 1;
                    IF NEW.number <> coalesce(last.number, 0) + 1
                       OR NEW.previous <> coalesce(last.digest, repeat('0', 64)) THEN
                        RAISE check_violation USING CONSTRAINT = 'log_unbroken',
                            MESSAGE = 'An entry follows the last one and names its digest (log_unbroken).';
                    END IF;
                    RETURN NEW;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_kind_display()}"

    def as_dict(self) -> dict[str, Any]:
        """Give what the digest covers, as plain JSON."""
        return {
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": str(self.kind),
            "force": self.force,
            "document": self.document,
            "previous": self.previous,
        }

    def as_line(self) -> str:
        """Give the entry as one line of the public file."""
        return chain.canonical({**self.as_dict(), "digest": self.digest})
