"""Files that people bring to the desk, and the work that is asked for with them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty, one_of
from grades.models.imports import ImportRun
from grades.scales import JobState, JobTask

JOB_LOCK = 0x0FF1C1A
"""Any number: the first half of the lock that a process holds for as long as it is at work on a job."""

ENDED = [state for state in JobState.values if state not in (JobState.WAITING, JobState.WORKING)]


class UploadQuerySet(models.QuerySet["Upload"]):
    """Where uploads stand."""

    def open(self) -> Self:
        """Keep what is neither loaded nor discarded."""
        return self.filter(run__isnull=True, discarded_at__isnull=True)


class Upload(models.Model):
    """A file that somebody brought, with what they say about it; its bytes are kept until it is loaded or discarded."""

    file_name = models.CharField(
        _("file"), max_length=200, help_text=_("Its name on the machine it came from.")
    )
    sha256 = models.CharField(_("hash"), max_length=64, help_text=_("SHA-256 of its bytes."))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    kept_as = models.CharField(
        _("kept as"),
        max_length=64,
        unique=True,
        help_text=_("Its name in the private folder, which nobody can guess."),
    )
    at = models.DateTimeField(_("uploaded at"), help_text=_("When it came in."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Who brought it."),
    )
    wishes = models.JSONField(
        _("what the file does not say"),
        default=dict,
        blank=True,
        help_text=_("The day of release, the edition, notes, totals and so on, as they were typed."),
    )
    why = models.CharField(
        _("why"), max_length=300, blank=True, help_text=_("Kept in the history of every row.")
    )
    proposal = models.JSONField(
        _("what it would change"),
        null=True,
        blank=True,
        help_text=_("The comparison that was shown; exactly this is applied, or nothing."),
    )
    run = models.OneToOneField(
        ImportRun,
        verbose_name=_("import"),
        related_name="upload",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("What became of it."),
    )
    discarded_at = models.DateTimeField(
        _("discarded at"), null=True, blank=True, help_text=_("When somebody decided not to load it.")
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        constraints = [
            not_empty(model="upload", field="file_name"),
            models.CheckConstraint(
                name="upload_hash_format",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A SHA-256 has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                name="upload_holds_something",
                condition=Q(size__gt=0),
                violation_error_message=_("The file is empty."),
            ),
            models.CheckConstraint(
                name="upload_ends_once",
                condition=Q(run__isnull=True) | Q(discarded_at__isnull=True),
                violation_error_message=_("A file is loaded or discarded, not both."),
            ),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(run__isnull=True, discarded_at__isnull=True),
                name="upload_waits_once",
                violation_error_message=_("This very file is here already and waits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"

    @property
    def is_open(self) -> bool:
        """Say whether it is neither loaded nor discarded."""
        return self.run_id is None and self.discarded_at is None


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """Which jobs are at work, and which only say so."""

    def open(self) -> Self:
        """Keep what has not ended."""
        return self.filter(ended_at__isnull=True)

    def waiting_since(self, moment: datetime) -> Self:
        """Keep what was asked for by a moment and has not begun."""
        return self.filter(state=JobState.WAITING, asked_at__lte=moment)

    def ask_to_stop(self, number: int, now: datetime) -> bool:
        """Ask a job to stop at its next step; one that still waits ends at once. Give whether it had not ended."""
        waits = self.filter(pk=number, state=JobState.WAITING)
        if waits.update(state=JobState.STOPPED, stop_asked_at=now, ended_at=now):
            return True
        return bool(self.open().filter(pk=number).update(stop_asked_at=now))

    def note_the_dead(self) -> int:
        """Mark as interrupted what says that it is at work while no process holds its lock; give how many.

        Whoever works on a job holds its lock from before it says so until after it has said how it ended, and a process that is
        killed lets go of it.
        """
        held = RawSQL(
            "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = %s"
            " AND objid::bigint = grades_importjob.id"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [JOB_LOCK],
            output_field=models.BooleanField(),
        )
        dead = self.annotate(held=held).filter(state=JobState.WORKING, held=False)
        return dead.update(state=JobState.INTERRUPTED, ended_at=timezone.now())


class ImportJob(models.Model):
    """One piece of work that somebody asked for: to compare a file, to load it, or to take an import back."""

    task = models.CharField(_("what"), max_length=10, choices=JobTask, help_text=_("What is to be done."))
    upload = models.ForeignKey(
        Upload,
        verbose_name=_("uploaded file"),
        related_name="jobs",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The file to compare or to load."),
    )
    run = models.ForeignKey(
        ImportRun,
        verbose_name=_("import"),
        related_name="jobs",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The import to take back."),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=JobState,
        default=JobState.WAITING,
        help_text=_("How it stands."),
    )
    step = models.CharField(_("step"), max_length=20, blank=True, help_text=_("What it is doing."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Who asked for it."),
    )
    why = models.CharField(_("why"), max_length=300, blank=True, help_text=_("Kept in the history."))
    asked_at = models.DateTimeField(_("asked at"), help_text=_("When."))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, help_text=_("When."))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, help_text=_("When."))
    stop_asked_at = models.DateTimeField(
        _("stop asked at"), null=True, blank=True, help_text=_("When somebody pressed Stop.")
    )
    problems = models.JSONField(
        _("problems"), default=list, blank=True, help_text=_("Why it did not come to its end, line by line.")
    )

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        constraints = [
            one_of(model="import_job", field="task", choices=JobTask),
            one_of(model="import_job", field="state", choices=JobState),
            models.CheckConstraint(
                name="import_job_has_its_object",
                condition=Q(task=JobTask.UNDO, upload__isnull=True, run__isnull=False)
                | (~Q(task=JobTask.UNDO) & Q(upload__isnull=False, run__isnull=True)),
                violation_error_message=_("A file is compared or loaded; an import is taken back."),
            ),
            models.CheckConstraint(
                name="import_job_ended_says_when",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                violation_error_message=_("What has ended says when; anything else does not."),
            ),
            models.UniqueConstraint(
                fields=["upload"],
                condition=Q(ended_at__isnull=True),
                name="import_job_once_an_upload",
                violation_error_message=_("This file is being worked on already."),
            ),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(ended_at__isnull=True),
                name="import_job_once_a_run",
                violation_error_message=_("This import is being taken back already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_task_display()} ({self.pk})"

    @property
    def is_open(self) -> bool:
        """Say whether it has not ended."""
        return self.ended_at is None
