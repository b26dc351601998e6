"""The force in numbers: metrics, the releases that publish them, the figures, and where their series break."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from grades.dates import PartialDate
from grades.models.base import (
    not_empty,
    one_of,
    partial,
    precision_check,
    precision_field,
    slug_check,
    slug_validator,
)
from grades.models.inspections import Inspection, Report
from grades.scales import Basis, Direction, ObservationStatus, PeriodKind, PrintedBlock


class Metric(models.Model):
    """Something that is counted for every area and period, and how a reader should take it."""

    slug = models.SlugField(
        _("slug"), max_length=60, unique=True, validators=[slug_validator], help_text=_("For addresses.")
    )
    label = models.CharField(_("label"), max_length=120, help_text=_("As a reader should see it."))
    unit = models.CharField(_("unit"), max_length=60, help_text=_("In words, such as per 1,000 people."))
    multiplier = models.PositiveIntegerField(
        _("multiplier"), default=1, help_text=_("What numerator ÷ denominator is times.")
    )
    denominator = models.CharField(
        _("denominator"), max_length=60, blank=True, help_text=_("People, households, crimes.")
    )
    period_kind = models.CharField(
        _("period"), max_length=10, choices=PeriodKind, help_text=_("What span a figure covers.")
    )
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction,
        default=Direction.NEITHER,
        help_text=_("Rates are not judgments."),
    )
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=1, help_text=_("How many to show."))
    definition = models.TextField(_("definition"), help_text=_("What is counted, in our own words."))
    why_it_matters = models.TextField(_("why it matters"), blank=True, help_text=_("In our own words."))
    caveat = models.TextField(_("caveat"), blank=True, help_text=_("What a reader must bear in mind."))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        related_name="parts",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The figure that this one is part of."),
    )
    order = models.PositiveSmallIntegerField(_("order"), help_text=_("In lists."))
    tile = models.PositiveSmallIntegerField(
        _("tile"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("Place among the force-in-numbers tiles, if any."),
    )
    author = models.CharField(
        _("author"), max_length=120, blank=True, help_text=_("Who wrote the definition; not public.")
    )
    checker = models.CharField(
        _("checker"),
        max_length=120,
        blank=True,
        help_text=_("Who compared it with the producer's own definition; not public."),
    )
    reviewed_on = models.DateField(
        _("reviewed on"), null=True, blank=True, help_text=_("The day it was last compared.")
    )
    review_due = models.DateField(
        _("next review"), null=True, blank=True, help_text=_("The day by which to compare it again.")
    )

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        constraints = [
            slug_check(model="metric"),
            not_empty(model="metric", field="label"),
            not_empty(model="metric", field="unit"),
            not_empty(model="metric", field="definition"),
            one_of(model="metric", field="period_kind", choices=PeriodKind),
            one_of(model="metric", field="direction", choices=Direction),
            models.CheckConstraint(
                name="metric_multiplier_positive",
                condition=Q(multiplier__gte=1),
                violation_error_message=_("A multiplier is 1 or more."),
            ),
            models.CheckConstraint(
                name="metric_decimals_few",
                condition=Q(decimals__lte=4),
                violation_error_message=_("Show four decimals at most."),
            ),
            models.CheckConstraint(
                name="metric_next_review_after_last",
                condition=Q(review_due__isnull=True)
                | Q(reviewed_on__isnull=True)
                | Q(review_due__gt=F("reviewed_on")),
                violation_error_message=_("The next review comes after the last."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.slug})"


class Release(models.Model):
    """One edition of a published data set. Old releases stay; the newest is shown."""

    key = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("Names it in files."))
    dataset = models.CharField(_("dataset"), max_length=200, help_text=_("Its title."))
    edition = models.CharField(_("edition"), max_length=60, blank=True, help_text=_("Which edition."))
    publisher = models.CharField(_("publisher"), max_length=120, help_text=_("Who published it."))
    released_on = models.DateField(_("released on"), null=True, blank=True, help_text=_("Where known."))
    released_on_precision = precision_field()
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Where it is published."))
    file_sha256 = models.CharField(
        _("file hash"), max_length=64, blank=True, help_text=_("SHA-256 of the file, if loaded.")
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            not_empty(model="release", field="dataset"),
            not_empty(model="release", field="publisher"),
            precision_check(model="release", field="released_on"),
            models.UniqueConstraint(
                fields=["dataset", "edition"],
                name="release_once_an_edition",
                violation_error_message=_("This edition is already recorded."),
            ),
            models.CheckConstraint(
                name="release_hash_format",
                condition=Q(file_sha256="") | Q(file_sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A SHA-256 has 64 hexadecimal digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset}, {self.edition}" if self.edition else self.dataset

    @property
    def released(self) -> PartialDate | None:
        """Give the date as far as it is known."""
        return partial(self, "released_on")


PERIOD = ("area_id", "metric_id", "starts_on", "ends_before")
"""What figures are about: of each, pages show one."""


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Which of several figures for one period a page shows."""

    def visible(self, at: datetime) -> ObservationQuerySet:
        """Keep what the public may see at a moment: every release, and the print of published inspections.

        A print is looked up by its key: a list of all published inspections would cost more than the figures of one force.
        """
        mine = Report.objects.filter(pk=OuterRef("report"), inspection__in=Inspection.objects.published(at))
        return self.filter(Q(report__isnull=True) | Q(report=Subquery(mine.values("pk")[:1])))

    def newest_keys(self) -> models.QuerySet[Observation, dict[str, Any]]:
        """Choose, for each area, metric and period, the figure of the newest release.

        A print is chosen only where the area has no other figure of the metric, of whatever period: its years may end in
        another month than those of the releases, and beside them would count months twice. The other is looked up for
        each print: a list of all figures would cost more than the figures of one force.
        """
        others = self.model.objects.filter(area=OuterRef("area"), metric=OuterRef("metric"))
        other = Subquery(others.exclude(basis=Basis.AS_PRINTED).values("pk")[:1])
        return (
            self.filter(~Q(basis=Basis.AS_PRINTED) | IsNull(other, True))
            .order_by(
                *PERIOD,
                F("release__released_on").desc(nulls_last=True),
                "-release_id",
                "order",
                "pk",
            )
            .distinct(*PERIOD)
            .values("pk")
        )

    def newest_release(self) -> ObservationQuerySet:
        """Keep the figures that `newest_keys` chooses.

        The choice is made among keys alone: old releases are many, and whole rows of theirs would be sorted on disk.
        """
        return self.model.objects.filter(pk__in=self.newest_keys()).order_by(*PERIOD)


class Observation(models.Model):
    """One figure: an area, a metric, a period (half-open) and the release that states it.

    Figures printed in an inspection report carry the report, the block and their order in it.
    """

    area = models.ForeignKey(
        "Area",
        verbose_name=_("area"),
        related_name="observations",
        on_delete=models.PROTECT,
        help_text=_("About what."),
    )
    metric = models.ForeignKey(
        Metric,
        verbose_name=_("metric"),
        related_name="observations",
        on_delete=models.PROTECT,
        help_text=_("Which metric."),
    )
    starts_on = models.DateField(_("starts on"), help_text=_("First day of the period."))
    ends_before = models.DateField(_("ends before"), help_text=_("The day after its last."))
    release = models.ForeignKey(
        Release,
        verbose_name=_("release"),
        related_name="observations",
        on_delete=models.PROTECT,
        help_text=_("Its source."),
    )
    value = models.DecimalField(
        _("value"), max_digits=16, decimal_places=4, help_text=_("As shown by the source.")
    )
    numerator = models.DecimalField(
        _("numerator"),
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("The count above the line."),
    )
    denominator = models.DecimalField(
        _("denominator"),
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("The count below the line."),
    )
    denominator_note = models.CharField(
        _("denominator's year"),
        max_length=120,
        blank=True,
        help_text=_("Its year and vintage, such as mid-2024."),
    )
    basis = models.CharField(
        _("basis"), max_length=15, choices=Basis, help_text=_("Where the figure comes from.")
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ObservationStatus,
        default=ObservationStatus.FINAL,
        help_text=_("How settled."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("What a reader must know."))
    combined_with = models.ForeignKey(
        "Area",
        verbose_name=_("combined as"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The forces counted together, where one figure is for several."),
    )
    report = models.ForeignKey(
        "Report",
        verbose_name=_("printed in"),
        related_name="printed_figures",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The inspection report that prints it."),
    )
    block = models.CharField(
        _("block"), max_length=20, choices=PrintedBlock, blank=True, help_text=_("Where in the report.")
    )
    printed_label = models.CharField(
        _("printed label"),
        max_length=120,
        blank=True,
        help_text=_("What the report calls it, where that is not the metric's label."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0, help_text=_("Within its block."))
    run = models.ForeignKey(
        "ImportRun",
        verbose_name=_("import"),
        related_name="figures",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        help_text=_("The import that last wrote it; empty for the seed and for people."),
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            one_of(model="observation", field="basis", choices=Basis),
            one_of(model="observation", field="status", choices=ObservationStatus),
            one_of(model="observation", field="block", choices=PrintedBlock, optional=True),
            models.CheckConstraint(
                name="observation_period_in_order",
                condition=Q(ends_before__gt=F("starts_on")),
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                name="observation_denominator_positive",
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                violation_error_message=_("A denominator is more than nothing."),
            ),
            models.CheckConstraint(
                name="observation_printed_in_a_report",
                condition=(
                    Q(basis=Basis.AS_PRINTED, report__isnull=False) & ~Q(block="")
                    | ~Q(basis=Basis.AS_PRINTED) & Q(report__isnull=True, block="")
                ),
                violation_error_message=_("A printed figure names its report and block; no other does."),
            ),
            models.CheckConstraint(
                name="observation_combined_with_another",
                condition=Q(combined_with__isnull=True) | ~Q(combined_with=F("area")),
                violation_error_message=_("A figure is combined with more than its own area."),
            ),
            models.UniqueConstraint(
                fields=["area", "metric", "starts_on", "ends_before", "release", "block"],
                name="observation_once_a_release",
                violation_error_message=_("This release already gives this figure."),
            ),
        ]
        indexes = [models.Index(fields=["metric", "ends_before"], name="observation_by_metric")]

    def __str__(self) -> str:
        return f"{self.area}, {self.metric}, {self.starts_on} – {self.last_day}: {self.value} ({self.release}{self.block and ', '}{self.block})"

    @property
    def last_day(self) -> date:
        """Give the last day that the period includes."""
        return self.ends_before - timedelta(days=1)

    def clean(self) -> None:
        """Explain a reversed period."""
        if self.starts_on and self.ends_before and self.ends_before <= self.starts_on:
            raise ValidationError({"ends_before": _("A period ends after it starts.")})


class SeriesBreak(models.Model):
    """A day on which the way a metric is counted changed, so that no line may cross it."""

    metric = models.ForeignKey(
        Metric,
        verbose_name=_("metric"),
        related_name="breaks",
        on_delete=models.PROTECT,
        help_text=_("Which metric."),
    )
    area = models.ForeignKey(
        "Area",
        verbose_name=_("area"),
        related_name="series_breaks",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("One area, or empty for all."),
    )
    at = models.DateField(
        _("first day of the new way"), help_text=_("Figures that start on or after it are new.")
    )
    label = models.CharField(_("label"), max_length=60, help_text=_("Short, for the chart."))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("In our own words."))
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Who says so."))

    class Meta:
        verbose_name = _("break in a series")
        verbose_name_plural = _("breaks in series")
        constraints = [
            not_empty(model="series_break", field="label"),
            not_empty(model="series_break", field="reason"),
            models.UniqueConstraint(
                fields=["metric", "area", "at"],
                nulls_distinct=False,
                name="series_break_once",
                violation_error_message=_("This break is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, {self.area or '–'}, {self.at}: {self.label}"
