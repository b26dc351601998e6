"""Metrics, the releases that publish them, the figures, and where their series break."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades.admin.base import (
    ByRelated,
    InlineRows,
    RecordAdmin,
    WorkList,
    count_of,
    link,
    partial_date,
    shown_date,
    where,
)
from grades.admin.evidence import FigureCitationInline
from grades.models import Metric, Observation, Release, SeriesBreak
from grades.scales import Basis, ObservationStatus


class SeriesBreakInline(InlineRows):
    """Where the series of a metric break."""

    model = SeriesBreak
    fields = ["at", "area", "label", "reason", "address"]
    autocomplete_fields = ["area"]
    ordering = ["at", "pk"]
    select = ("metric", "area")


class FigureCountAdmin(RecordAdmin):
    """A list that counts the figures of each row."""

    counted_by: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the figures of each row along with it."""
        return (
            super()
            .get_queryset(request)
            .annotate(figure_count=count_of(Observation.objects.all(), self.counted_by))
        )

    @admin.display(description=_("figures"), ordering="figure_count")
    def figures(self, record: Any) -> int:
        """Count its figures."""
        count: int = record.figure_count
        return count


@admin.register(Metric)
class MetricAdmin(FigureCountAdmin):
    """What is counted, and how a reader should take it."""

    class Work(WorkList):
        """Metrics that are not finished."""

        tasks = {
            "without-figure": (
                _("without a figure"),
                where(~Exists(Observation.objects.filter(metric=OuterRef("pk")))),
            ),
            "without-caveat": (_("without a caveat"), where(Q(caveat=""))),
            "without-why": (_("without why it matters"), where(Q(why_it_matters=""))),
            "review-overdue": (
                _("review of the definition overdue"),
                lambda metrics: metrics.filter(review_due__lt=timezone.localdate()),
            ),
            "never-reviewed": (_("definition never reviewed"), where(Q(reviewed_on__isnull=True))),
        }

    counted_by = "metric"
    list_display = ["label", "unit", "period_kind", "direction", "tile", "order", "review_due", "figures"]
    list_filter = [Work, "period_kind", "direction"]
    search_fields = ["label", "slug", "definition"]
    autocomplete_fields = ["parent"]
    ordering = ["order", "pk"]
    inlines = [SeriesBreakInline]
    fieldsets = [
        (None, {"fields": ["label", "slug", "definition"]}),
        (
            _("How it is counted"),
            {"fields": [("unit", "decimals"), ("multiplier", "denominator"), "period_kind", "parent"]},
        ),
        (_("How to take it"), {"fields": ["direction", "why_it_matters", "caveat"]}),
        (_("Where it is shown"), {"fields": [("order", "tile")]}),
        (
            _("Review of the definition"),
            {"fields": [("author", "checker"), ("reviewed_on", "review_due")]},
        ),
    ]


@admin.register(Release)
class ReleaseAdmin(FigureCountAdmin):
    """The editions of published data sets."""

    class Work(WorkList):
        """Releases of which something is missing."""

        tasks = {
            "without-address": (_("without address"), where(Q(address=""))),
            "without-date": (_("without a date"), where(Q(released_on__isnull=True))),
            "date-inexact": (
                _("date known to the month or year only"),
                where(~Q(released_on_precision="day")),
            ),
            "without-figure": (
                _("without a figure"),
                where(~Exists(Observation.objects.filter(release=OuterRef("pk")))),
            ),
        }

    counted_by = "release"
    list_display = ["dataset", "edition", "publisher", "released_date", "read_there", "figures"]
    list_filter = [Work, "publisher"]
    search_fields = ["dataset", "edition", "publisher", "key"]
    readonly_fields = ["file_sha256"]
    date_hierarchy = "released_on"
    ordering = ["-released_on", "dataset", "pk"]
    fieldsets = [
        (None, {"fields": ["dataset", "edition", "publisher"]}),
        (_("Where and when"), {"fields": ["address", ("released_on", "released_on_precision")]}),
        (_("For files"), {"fields": ["key", "file_sha256"]}),
    ]

    @admin.display(description=_("released on"), ordering="released_on")
    def released_date(self, release: Release) -> str:
        """Write its date as far as it is known."""
        return partial_date(release.released)

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, release: Release) -> SafeString | str:
        """Lead to the release."""
        return link(release.address)


@admin.register(Observation)
class ObservationAdmin(RecordAdmin):
    """The figures. There are many, so the numbers beside the filters are shown on request."""

    class Work(WorkList):
        """Figures that are not settled, or not plain."""

        tasks = {
            "provisional": (_("provisional"), where(Q(status=ObservationStatus.PROVISIONAL))),
            "transcribed": (_("copied by eye"), where(Q(basis=Basis.TRANSCRIBED))),
            "combined": (_("combined with other forces"), where(Q(combined_with__isnull=False))),
        }

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["metric_label", "area", "period", "value", "basis", "status", "release"]
    list_filter = [Work, "basis", "status", "block", ("metric", ByRelated)]
    list_select_related = ["metric", "area", "release"]
    search_fields = ["metric__label", "metric__slug", "area__name", "release__dataset"]
    autocomplete_fields = ["area", "metric", "release", "combined_with", "report"]
    readonly_fields = ["run"]
    date_hierarchy = "ends_before"
    ordering = ["metric__order", "area__name", "-ends_before", "pk"]
    inlines = [FigureCitationInline]
    fieldsets = [
        (None, {"fields": ["metric", "area", ("starts_on", "ends_before")]}),
        (
            _("The figure"),
            {"fields": ["value", ("numerator", "denominator"), "denominator_note", ("basis", "status")]},
        ),
        (_("Where it is from"), {"fields": ["release", "combined_with", "note", "run"]}),
        (
            _("If printed in a report"),
            {"fields": ["report", ("block", "order"), "printed_label"], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description=_("metric"), ordering="metric__order")
    def metric_label(self, observation: Observation) -> str:
        """Name the metric."""
        return observation.metric.label

    @admin.display(description=_("period"), ordering="ends_before")
    def period(self, observation: Observation) -> str:
        """Write the first and the last day."""
        return f"{shown_date(observation.starts_on)} – {shown_date(observation.last_day)}"


@admin.register(SeriesBreak)
class SeriesBreakAdmin(RecordAdmin):
    """The days on which the way of counting changed."""

    class Work(WorkList):
        """Breaks without evidence."""

        tasks = {"without-address": (_("without address"), where(Q(address="")))}

    list_display = ["metric", "area", "at", "label", "reason", "read_there"]
    list_filter = [Work]
    list_select_related = ["metric", "area"]
    search_fields = ["metric__label", "area__name", "label", "reason"]
    autocomplete_fields = ["metric", "area"]
    date_hierarchy = "at"
    ordering = ["metric__order", "at", "pk"]
    fields = ["metric", "area", "at", "label", "reason", "address"]

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, series_break: SeriesBreak) -> SafeString | str:
        """Lead to who says so."""
        return link(series_break.address)
