"""Findings and steps on them, responses, monitoring periods and mentions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Exists, ForeignKey, OuterRef, Q, QuerySet, Subquery
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.admin import clock
from grades.admin.base import (
    NOT_OPEN,
    ByRelated,
    InlineBlocks,
    RecordAdmin,
    WorkList,
    as_it_was,
    drafts,
    link,
    partial_date,
    shown_date,
    where,
)
from grades.admin.values import EMPTY
from grades.dates import has_response_limit, response_day
from grades.models import (
    Finding,
    FindingEvent,
    Mention,
    MonitoringPeriod,
    RecommendationAction,
    Report,
    Response,
    Tenure,
)
from grades.scales import Actor, FindingKind, FindingStatus, ResponseKind, Status

WORDS_OF_TEXT = 20


class RecommendationForm(forms.ModelForm):
    """A recommendation, which is about the same force and inspection as its cause of concern."""

    def clean(self) -> dict[str, Any] | None:
        """Take from the cause of concern what a new recommendation shares with it.

        One that is stored may go public with another inspection than its cause, and waits with that once it is submitted.
        """
        cleaned = super().clean()
        cause = self.cleaned_data.get("parent")
        if self.instance.pk is not None and not (access.is_open(self.instance) and as_it_was(self.instance)):
            self.add_error(None, NOT_OPEN)
        if cause is not None and self.instance.pk is None:
            self.instance.kind = FindingKind.RECOMMENDATION
            for shared in ("force_id", "inspection_id", "question_id", "source_id"):
                setattr(self.instance, shared, getattr(cause, shared))
        return cleaned


class RecommendationInline(InlineBlocks):
    """The recommendations that answer a cause of concern."""

    model = Finding
    fk_name = "parent"
    form = RecommendationForm
    verbose_name = _("recommendation")
    verbose_name_plural = _("recommendations")
    fields = [("order", "key"), "text", "due"]
    ordering = ["order", "pk"]
    select = ("inspection",)


class FindingEventInline(InlineBlocks):
    """The steps on a finding, each by whoever says so."""

    model = FindingEvent
    fields = [
        ("happened_on", "happened_on_precision"),
        ("actor", "standing"),
        "note",
        "evidence",
        "source",
        "status",
    ]
    readonly_fields = ["status"]
    autocomplete_fields = ["source"]
    ordering = ["happened_on", "pk"]
    select = ("finding",)


def _not_closed() -> Q:
    """Say that the inspectorate has not closed a finding."""
    closed = FindingEvent.objects.filter(
        finding=OuterRef("pk"), standing__in=[FindingStatus.CLOSED, FindingStatus.SUPERSEDED]
    )
    return ~Q(kind=FindingKind.INNOVATIVE_PRACTICE) & ~Q(Exists(closed))


def _due_soon(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    today = timezone.localdate()
    return findings.filter(_not_closed(), due_on__range=(today, today + timedelta(days=clock.SOON)))


def _overdue(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    return findings.filter(_not_closed(), due_on__lt=timezone.localdate())


def _alone(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Keep the drafts that do not go public with an inspection that is on its way."""
    under_way = Q(inspection__status__in=[Status.DRAFT, Status.SUBMITTED])
    return findings.filter(Q(inspection=None) | ~under_way, status=Status.DRAFT)


def _last_word() -> QuerySet[FindingEvent]:
    """Give the inspectorate's last step on a finding, for a question inside a question."""
    steps = FindingEvent.objects.filter(finding=OuterRef("pk"), actor=Actor.INSPECTORATE)
    return steps.order_by("-happened_on", "-pk")


@admin.register(Finding)
class FindingAdmin(RecordAdmin):
    """What inspectors found, and where it stands."""

    class Work(WorkList):
        """Findings that are not finished."""

        tasks = {
            "without-inspection": (_("without an inspection"), where(Q(inspection__isnull=True))),
            "without-question": (_("without a question"), where(Q(question__isnull=True))),
            "without-step": (
                _("without a step"),
                where(~Exists(FindingEvent.objects.filter(finding=OuterRef("pk")))),
            ),
            "without-recommendation": (
                _("cause of concern without a recommendation"),
                where(
                    Q(kind=FindingKind.CAUSE_OF_CONCERN),
                    ~Exists(Finding.objects.filter(parent=OuterRef("pk"))),
                ),
            ),
            "not-closed": (
                _("not closed by the inspectorate"),
                lambda findings: findings.filter(_not_closed()),
            ),
            "due-soon": (_("due within 14 days"), _due_soon),
            "overdue": (_("its day has passed"), _overdue),
            "draft": (_("draft, to be submitted by itself"), _alone),
        }

    list_display = [
        "text_start",
        "force",
        "cycle",
        "kind",
        "question_place",
        "inspectorate_says",
        "due_on",
        "status",
    ]
    list_filter = [Work, "kind", ("inspection__cycle", ByRelated)]
    list_select_related = ["force", "inspection__cycle", "question__pillar"]
    search_fields = ["key", "text", "force__official_name", "inspection__cycle__label"]
    autocomplete_fields = ["force", "inspection", "question", "parent", "continues", "source"]
    date_hierarchy = "published_on"
    ordering = ["force__official_name", "-inspection__cycle__order", "kind", "order", "pk"]
    fieldsets = [
        (None, {"fields": ["force", "inspection", "question"]}),
        (_("What was found"), {"fields": [("kind", "order"), "parent", "text"]}),
        (_("By when, and who sees to it"), {"fields": [("due", "due_on"), "owner"]}),
        (_("Where and when"), {"fields": ["source", ("published_on", "published_on_precision")]}),
        (_("Before and in files"), {"fields": ["continues", "key"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        """Read the inspectorate's last word on each finding along with it."""
        return super().get_queryset(request).annotate(last_word=Subquery(_last_word().values("standing")[:1]))

    def get_inlines(self, request: HttpRequest, obj: Finding | None) -> list[type[InlineModelAdmin]]:
        """Offer recommendations where the finding is, or may become, a cause of concern."""
        if obj is not None and obj.kind != FindingKind.CAUSE_OF_CONCERN:
            return [FindingEventInline]
        return [RecommendationInline, FindingEventInline]

    def steps(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """Offer a step: a finding that is public is tracked without being changed."""
        found = super().steps(request, record)
        if self.admin_site.get_model_admin(FindingEvent).has_add_permission(request):
            address = reverse("admin:grades_findingevent_add", query={"finding": record.pk})
            found.append((address, _("Record a step")))
        return found

    @admin.display(description=_("text"), ordering="text")
    def text_start(self, finding: Finding) -> str:
        """Give the first words."""
        return Truncator(finding.text).words(WORDS_OF_TEXT)

    @admin.display(description=_("cycle"), ordering="inspection__cycle__order", empty_value=EMPTY)
    def cycle(self, finding: Finding) -> str | None:
        """Name the cycle, where the inspection is known."""
        return finding.inspection.cycle.label if finding.inspection else None

    @admin.display(description=_("question"), ordering="question__order", empty_value=EMPTY)
    def question_place(self, finding: Finding) -> str | None:
        """Give the question's pillar and number, where known."""
        return finding.question.place if finding.question else None

    @admin.display(description=_("the inspectorate says"), ordering="last_word")
    def inspectorate_says(self, finding: Any) -> str:
        """Give the inspectorate's last word."""
        return str(FindingStatus(finding.last_word).label) if finding.last_word else EMPTY


@admin.register(FindingEvent)
class FindingEventAdmin(RecordAdmin):
    """The steps on findings."""

    class Work(WorkList):
        """Steps on their way."""

        tasks = drafts(_("draft"))

    list_display = ["finding", "happened", "actor", "standing", "note", "status"]
    list_filter = [Work, "actor", "standing"]
    list_select_related = ["finding"]
    search_fields = ["finding__key", "finding__text", "finding__force__official_name", "note"]
    autocomplete_fields = ["finding", "source"]
    date_hierarchy = "happened_on"
    ordering = ["-happened_on", "pk"]
    fieldsets = [
        (
            None,
            {"fields": ["finding", ("happened_on", "happened_on_precision"), ("actor", "standing"), "note"]},
        ),
        (_("Where it is known from"), {"fields": ["evidence", "source"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]

    @admin.display(description=_("on"), ordering="happened_on")
    def happened(self, step: FindingEvent) -> str:
        """Write its date as far as it is known."""
        return shown_date(step.happened_on, step.happened_on_precision)


@admin.register(MonitoringPeriod)
class MonitoringPeriodAdmin(RecordAdmin):
    """The times that forces spent in enhanced monitoring."""

    class Work(WorkList):
        """Periods of which a date is missing or inexact."""

        tasks = {
            "exit-unrecorded": (_("no exit recorded"), where(Q(left_on__isnull=True))),
            "date-inexact": (
                _("a date known to the month or year only"),
                where(~Q(entered_on_precision="day") | ~Q(left_on_precision="day")),
            ),
            "without-address": (_("without address"), where(Q(source__address=""))),
            **drafts(_("draft")),
        }

    list_display = ["force", "entered", "left", "note", "source", "status"]
    list_filter = [Work]
    list_select_related = ["force", "source"]
    search_fields = ["force__official_name", "note"]
    autocomplete_fields = ["force", "source"]
    date_hierarchy = "entered_on"
    ordering = ["-entered_on", "pk"]
    fieldsets = [
        (None, {"fields": ["force"]}),
        (_("When"), {"fields": [("entered_on", "entered_on_precision"), ("left_on", "left_on_precision")]}),
        (_("Where it is known from"), {"fields": ["source", "note"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]

    @admin.display(description=_("entered on"), ordering="entered_on")
    def entered(self, period: MonitoringPeriod) -> str:
        """Write the entry as far as it is known."""
        return shown_date(period.entered_on, period.entered_on_precision)

    @admin.display(description=_("left on"), ordering="left_on")
    def left(self, period: MonitoringPeriod) -> str:
        """Write the exit as far as it is known."""
        return shown_date(period.left_on, period.left_on_precision)


class AnsweredFinding(ModelChoiceField):
    """A choice among what one report recommends."""

    def label_from_instance(self, finding: Finding) -> str:
        """Give the kind and the first words."""
        return f"{finding.get_kind_display()}: {Truncator(finding.text).words(WORDS_OF_TEXT)}"


class ActionInline(InlineBlocks):
    """What a response says about each recommendation and area for improvement of its report's inspection."""

    model = RecommendationAction
    fields = ["finding", "action", "reason"]
    ordering = ["pk"]
    select = ("response__report__inspection__force", "response__report__inspection__cycle", "finding__force")

    def get_formset(self, request: HttpRequest, obj: Response | None = None, **kwargs: Any) -> Any:
        """Remember the response, which narrows the choices."""
        self.response = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer what the inspection recommends."""
        if db_field.name == "finding":
            asked = [FindingKind.RECOMMENDATION, FindingKind.AREA_FOR_IMPROVEMENT]
            inspection = self.response.report.inspection_id if self.response is not None else None
            kwargs["queryset"] = Finding.objects.filter(inspection=inspection, kind__in=asked).order_by(
                "question__order", "kind", "order", "pk"
            )
            kwargs["form_class"] = AnsweredFinding
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Response)
class ResponseAdmin(RecordAdmin):
    """What bodies published about reports."""

    class Work(WorkList):
        """Responses of which something is missing."""

        tasks = {
            "without-date": (_("without a date"), where(Q(published_on__isnull=True))),
            "without-address": (_("without address"), where(Q(address=""))),
            "without-text": (
                _("without comments or actions"),
                where(
                    Q(body_comments="", chief_constable_comments="", reply_to_chief_constable="", actions="")
                ),
            ),
            "after-last-day": (_("published after the 56th day"), clock.late),
            **drafts(_("draft")),
        }

    list_display = ["title", "body", "report_of", "kind", "published_date", "day_of", "status", "read_there"]
    list_filter = [Work, "kind", ("report__inspection__cycle", ByRelated), "body__kind"]
    list_select_related = ["body", "report__inspection__force", "report__inspection__cycle"]
    search_fields = ["title", "body__name", "report__inspection__force__official_name"]
    autocomplete_fields = ["report", "body", "source"]
    date_hierarchy = "published_on"
    ordering = ["-published_on", "pk"]
    fieldsets = [
        (None, {"fields": ["report", "last_day", "body", "kind", "title"]}),
        (_("Where and when"), {"fields": ["address", ("published_on", "published_on_precision"), "source"]}),
        (
            _("What it says"),
            {"fields": ["body_comments", "chief_constable_comments", "reply_to_chief_constable", "actions"]},
        ),
        (_("Sent on"), {"fields": [("sent_to_inspectorate_on", "sent_to_secretary_of_state_on")]}),
        (_("Notes"), {"fields": ["note"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]
    readonly_fields = ["last_day"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take it that the body of the report's day responds, where the address names the report."""
        given = super().get_changeform_initial_data(request)
        reports = access.visible(Report.objects.select_related("inspection"), access.desk_of(request.user))
        report = reports.filter(pk=given["report"]).first() if "report" in given else None
        if report is None:
            return given
        day = report.published_on or timezone.localdate()
        tenure = Tenure.objects.on(day).filter(force=report.inspection.force_id).first()
        return {"body": tenure and tenure.body_id, "kind": ResponseKind.RESPONSE, **given}

    def get_inlines(self, request: HttpRequest, obj: Response | None) -> list[type[InlineModelAdmin]]:
        """Offer the recommendations once the report is saved, because it decides which there are."""
        return [] if obj is None else [ActionInline]

    @admin.display(description=_("last day to respond"))
    def last_day(self, response: Response) -> str:
        """Give the last of the 56 days, where they are counted."""
        day = clock.last_day(response.report) if response.report_id else None
        return EMPTY if day is None else date_format(day, "j F Y")

    @admin.display(description=_("report"), ordering="report__inspection__force__official_name")
    def report_of(self, response: Response) -> str:
        """Name the report."""
        return str(response.report)

    @admin.display(description=_("published on"), ordering="published_on")
    def published_date(self, response: Response) -> str:
        """Write its date as far as it is known."""
        return partial_date(response.published)

    @admin.display(description=_("day of the 56"), empty_value=EMPTY)
    def day_of(self, response: Response) -> int | None:
        """Count the days from the report to the response, publication being day 1, where both days are known."""
        asked, answered = response.report.published, response.published
        if asked is None or answered is None or not (asked.exact and answered.exact):
            return None
        return (
            response_day(asked.first, answered.first)
            if has_response_limit(asked.first, settings.RESPONSE_LIMIT_FROM)
            else None
        )

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, response: Response) -> SafeString | str:
        """Lead to the response."""
        return link(response.address)


@admin.register(Mention)
class MentionAdmin(RecordAdmin):
    """Press items and statements."""

    class Work(WorkList):
        """Mentions of which something is missing."""

        tasks = {
            "without-inspection": (_("without an inspection"), where(Q(inspection__isnull=True))),
            "without-date": (_("without a date"), where(Q(published_on__isnull=True))),
            "without-address": (_("without address"), where(Q(address=""))),
            "without-summary": (_("without a summary"), where(Q(summary=""))),
            **drafts(_("draft")),
        }

    list_display = ["title", "outlet", "force", "cycle", "kind", "published_date", "status", "read_there"]
    list_filter = [Work, "kind", ("inspection__cycle", ByRelated)]
    list_select_related = ["force", "inspection__cycle"]
    search_fields = ["title", "outlet", "force__official_name", "address"]
    autocomplete_fields = ["force", "inspection"]
    date_hierarchy = "published_on"
    ordering = ["-published_on", "pk"]
    fieldsets = [
        (None, {"fields": ["force", "inspection", "kind"]}),
        (
            _("The item"),
            {"fields": ["title", "outlet", "address", ("published_on", "published_on_precision")]},
        ),
        (_("In our own words"), {"fields": ["summary"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]

    @admin.display(description=_("cycle"), ordering="inspection__cycle__order", empty_value=EMPTY)
    def cycle(self, mention: Mention) -> str | None:
        """Name the cycle, where the inspection is clear."""
        return mention.inspection.cycle.label if mention.inspection else None

    @admin.display(description=_("published on"), ordering="published_on")
    def published_date(self, mention: Mention) -> str:
        """Write its date as far as it is known."""
        return shown_date(mention.published_on, mention.published_on_precision)

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, mention: Mention) -> SafeString | str:
        """Lead to the item."""
        return link(mention.address)
