"""What machines loaded: runs of imports, and what the seed wrote."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty


class ImportRun(models.Model):
    """One load of one file or set of files: what came in, when, by whom, and whether it was undone."""

    file_name = models.CharField(_("file"), max_length=200, help_text=_("Its name when it came in."))
    sha256 = models.CharField(_("hash"), max_length=64, help_text=_("SHA-256 of its bytes."))
    started_at = models.DateTimeField(_("started at"), help_text=_("When."))
    finished_at = models.DateTimeField(_("finished at"), help_text=_("When."))
    created = models.PositiveIntegerField(_("added"), default=0, help_text=_("Rows added."))
    changed = models.PositiveIntegerField(_("changed"), default=0, help_text=_("Rows changed."))
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0, help_text=_("Rows left as they were."))
    kept = models.PositiveIntegerField(
        _("kept"), default=0, help_text=_("Rows that a person had edited and that stayed.")
    )
    removed = models.PositiveIntegerField(
        _("removed"), default=0, help_text=_("Rows that the files no longer had.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Empty for the command line."),
    )
    source = models.SlugField(
        _("source"), max_length=40, blank=True, help_text=_("Which kind of file; empty for the seed.")
    )
    release = models.ForeignKey(
        "Release",
        verbose_name=_("release"),
        related_name="runs",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The edition that the file belongs to."),
    )
    report = models.JSONField(
        _("report"), default=dict, blank=True, help_text=_("What was found when it was looked over.")
    )
    undone_at = models.DateTimeField(
        _("undone at"), null=True, blank=True, help_text=_("When it was taken back.")
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Who took it back."),
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            not_empty(model="import_run", field="file_name"),
            models.CheckConstraint(
                name="import_run_hash_format",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A SHA-256 has 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                name="import_run_times_in_order",
                condition=Q(finished_at__gte=models.F("started_at")),
                violation_error_message=_("A run finishes after it starts."),
            ),
            models.CheckConstraint(
                name="import_run_undone_by_and_at",
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
                violation_error_message=_("Say when it was undone."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%Y-%m-%d %H:%M}"


class ReplacedFigure(models.Model):
    """A figure that an import changed or took away, as it was before, so that the import can be undone."""

    run = models.ForeignKey(
        ImportRun,
        verbose_name=_("import"),
        related_name="replaced",
        on_delete=models.PROTECT,
        help_text=_("Which import changed it."),
    )
    figure = models.PositiveBigIntegerField(_("figure"), help_text=_("Its number."))
    before = models.JSONField(_("before"), help_text=_("All its columns before, as plain text."))

    class Meta:
        verbose_name = _("replaced figure")
        verbose_name_plural = _("replaced figures")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "figure"],
                name="replaced_figure_once_a_run",
                violation_error_message=_("This import already changed this figure."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.figure} ({self.run_id})"


class SeedRow(models.Model):
    """What the seed last wrote for one row. A row whose record now differs was edited by a person and is left alone."""

    table = models.CharField(_("table"), max_length=40, help_text=_("Which seed file."))
    key = models.CharField(_("key"), max_length=700, help_text=_("Which row."))
    values = models.JSONField(_("values"), help_text=_("What was written, by column, as plain text."))

    class Meta:
        verbose_name = _("seeded row")
        verbose_name_plural = _("seeded rows")
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="seed_row_once")]

    def __str__(self) -> str:
        return f"{self.table}: {self.key}"
