"""Inspections, their reports and their grades."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.access import Verb, desk_of
from grades.admin import clock
from grades.admin.base import (
    ByRelated,
    RecordAdmin,
    WorkList,
    count_of,
    drafts,
    link,
    partial_date,
    where,
)
from grades.admin.evidence import CitationInline
from grades.admin.recording import recording_urls
from grades.admin.values import EMPTY
from grades.models import Grade, Inspection, Question, Report, Response
from grades.scales import Graded, InspectionKind, Status


def _due() -> QuerySet[Question]:
    """Give the questions that are graded for every force of their cycle."""
    return Question.objects.filter(graded=Graded.GRADED)


@admin.register(Inspection)
class InspectionAdmin(RecordAdmin):
    """Every inspection, and how much of it is recorded."""

    class Work(WorkList):
        """Inspections that are not finished."""

        tasks = {
            **drafts(_("draft")),
            "not-published": (_("not published"), where(~Q(status=Status.PUBLISHED))),
            "without-report": (
                _("without a report"),
                where(~Exists(Report.objects.filter(inspection=OuterRef("pk")))),
            ),
            "without-grade": (
                _("without a grade"),
                where(~Exists(Grade.objects.filter(inspection=OuterRef("pk")))),
            ),
            "grades-missing": (
                _("grades missing"),
                where(
                    Q(kind=InspectionKind.PEEL),
                    Exists(
                        _due().filter(
                            ~Exists(
                                Grade.objects.filter(
                                    inspection=OuterRef(OuterRef("pk")), question=OuterRef("pk")
                                )
                            ),
                            cycle=OuterRef("cycle"),
                        )
                    ),
                ),
            ),
            "without-source": (
                _("a grade without source"),
                where(Exists(Grade.objects.without_source().filter(inspection=OuterRef("pk")))),
            ),
            "unchecked": (
                _("a grade not yet checked against the report"),
                where(Exists(Grade.objects.unchecked().filter(inspection=OuterRef("pk")))),
            ),
            "date-unconfirmed": (
                _("a report whose date is not confirmed"),
                where(Exists(Report.objects.filter(inspection=OuterRef("pk"), date_confirmed=False))),
            ),
        }

    list_display = ["force", "cycle", "kind", "status", "reports", "recorded", "uncited", "unchecked"]
    list_filter = [Work, "status", "kind", ("cycle", ByRelated)]
    list_select_related = ["force", "cycle"]
    search_fields = ["force__official_name", "force__short_name", "cycle__label"]
    autocomplete_fields = ["force"]
    date_hierarchy = "published_at"
    ordering = ["-cycle__order", "force__official_name", "kind", "pk"]

    def get_urls(self) -> list[URLPattern]:
        """Put the recording screens before the pages of Django's own."""
        return [*recording_urls(self.admin_site), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begin with force and cycle."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:grades_inspection_start")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the one screen where an inspection is edited."""
        inspection = self.get_object(request, object_id)
        if request.method == "POST" and not self.has_change_permission(request, inspection):
            raise PermissionDenied
        return redirect("admin:grades_inspection_record", inspection.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inspection]:
        """Count what is recorded of each inspection along with it."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                report_count=count_of(Report.objects.all(), "inspection"),
                grade_count=count_of(Grade.objects.all(), "inspection"),
                due_count=count_of(_due(), "cycle", to="cycle"),
                due_recorded=count_of(Grade.objects.filter(question__graded=Graded.GRADED), "inspection"),
                uncited_count=count_of(Grade.objects.without_source(), "inspection"),
                unchecked_count=count_of(Grade.objects.unchecked(), "inspection"),
            )
        )

    def view_on_site(self, inspection: Inspection) -> str | None:
        """Lead to the page of what is public."""
        return inspection.get_absolute_url() if inspection.status == Status.PUBLISHED else None

    @admin.display(description=_("reports"), ordering="report_count")
    def reports(self, inspection: Any) -> int:
        """Count its reports."""
        count: int = inspection.report_count
        return count

    @admin.display(description=_("grades recorded"), ordering="grade_count")
    def recorded(self, inspection: Any) -> str:
        """Say how many of the questions that are graded for every force are recorded, and how many others."""
        if inspection.kind != InspectionKind.PEEL:
            return str(inspection.grade_count)
        others = inspection.grade_count - inspection.due_recorded
        words = {"recorded": inspection.due_recorded, "due": inspection.due_count, "others": others}
        if others:
            return _("%(recorded)d of %(due)d and %(others)d others") % words
        return _("%(recorded)d of %(due)d") % words

    @admin.display(description=_("without source"), ordering="uncited_count")
    def uncited(self, inspection: Any) -> int:
        """Count its grades without a source."""
        count: int = inspection.uncited_count
        return count

    @admin.display(description=_("not yet checked"), ordering="unchecked_count")
    def unchecked(self, inspection: Any) -> int:
        """Count its grades that are not yet checked against the report."""
        count: int = inspection.unchecked_count
        return count


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    """Every report, and what is still open about its date and its answer."""

    class Work(WorkList):
        """Reports of which something is missing."""

        tasks = {
            "date-unconfirmed": (_("date not confirmed"), where(Q(date_confirmed=False))),
            "without-date": (_("without a date"), where(Q(published_on__isnull=True))),
            "date-inexact": (
                _("date known to the month or year only"),
                where(~Q(published_on_precision="day")),
            ),
            "without-address": (_("without address"), where(Q(address=""))),
            "without-response": (
                _("without a response, though one was due"),
                where(
                    Q(published_on__gte=settings.RESPONSE_LIMIT_FROM),
                    ~Exists(Response.objects.filter(report=OuterRef("pk"))),
                ),
            ),
            "due-soon": (_("response due within 14 days"), clock.due_soon),
            "last-day-passed": (_("last day has passed without a response"), clock.passed),
        }

    list_display = [
        "report_of",
        "kind",
        "published_date",
        "date_confirmed",
        "read_there",
        "grade_total",
        "responses",
        "clock_says",
    ]
    list_filter = [Work, "date_confirmed", "kind", ("inspection__cycle", ByRelated)]
    list_select_related = ["inspection__force", "inspection__cycle"]
    search_fields = ["title", "isbn", "inspection__force__official_name", "inspection__cycle__label"]
    autocomplete_fields = ["inspection"]
    date_hierarchy = "published_on"
    ordering = ["-published_on", "pk"]
    fieldsets = [
        (None, {"fields": ["inspection", "kind", "title"]}),
        (_("When it came out"), {"fields": [("published_on", "published_on_precision"), "date_confirmed"]}),
        (_("Where it is"), {"fields": ["address", "isbn"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Count what hangs on each report along with it."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                grade_count=count_of(Grade.objects.all(), "report"),
                response_count=count_of(
                    access.visible(Response.objects.all(), desk_of(request.user)), "report"
                ),
                answered_on=Subquery(
                    clock.answers()
                    .filter(published_on_precision="day", published_on__gte=OuterRef("published_on"))
                    .order_by("published_on")
                    .values("published_on")[:1]
                ),
            )
        )

    def steps(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """Offer to record the body's response."""
        found = super().steps(request, record)
        if access.may(desk_of(request.user), Verb.ADD, Response(report=record)):
            address = reverse("admin:grades_response_add", query={"report": record.pk})
            found.append((address, _("Record a response")))
        return found

    @admin.display(description=_("report of"), ordering="inspection__force__official_name")
    def report_of(self, report: Report) -> str:
        """Name the inspection."""
        return str(report.inspection)

    @admin.display(description=_("published on"), ordering="published_on")
    def published_date(self, report: Report) -> str:
        """Write its date as far as it is known."""
        return partial_date(report.published)

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, report: Report) -> SafeString | str:
        """Lead to the report."""
        return link(report.address)

    @admin.display(description=_("grades"), ordering="grade_count")
    def grade_total(self, report: Any) -> int:
        """Count the grades it gives."""
        count: int = report.grade_count
        return count

    @admin.display(description=_("the 56 days"), ordering="published_on", empty_value=EMPTY)
    def clock_says(self, report: Any) -> str | None:
        """Say how the clock stands."""
        return clock.in_words(report, report.answered_on) or None

    @admin.display(description=_("responses"), ordering="response_count")
    def responses(self, report: Any) -> int:
        """Count the responses to it."""
        count: int = report.response_count
        return count


@admin.register(Grade)
class GradeAdmin(RecordAdmin):
    """Every grade, and what is still open about it."""

    class Work(WorkList):
        """Grades that are not finished."""

        tasks = {
            "without-source": (_("without source"), lambda grades: grades.without_source()),
            "unchecked": (_("not yet checked against the report"), lambda grades: grades.unchecked()),
            "press-only": (_("known from the press only"), lambda grades: grades.known_from_the_press_only()),
            "disputed": (_("sources disagree"), lambda grades: grades.disputed()),
            "origin-unknown": (
                _("carried forward, origin not known"),
                lambda grades: grades.of_unknown_origin(),
            ),
            "amended": (_("amended by the inspectorate"), lambda grades: grades.amended()),
            "without-report": (_("without its report"), where(Q(report__isnull=True))),
        }

    list_display = ["force", "cycle", "question_name", "state", "level", "sources", "finished"]
    list_display_links = ["force", "question_name"]
    list_filter = [
        Work,
        ("inspection__cycle", ByRelated),
        "state",
        "level",
        ("question__pillar", ByRelated),
        ("question__theme", ByRelated),
    ]
    list_select_related = ["inspection__force", "inspection__cycle", "question__pillar", "question__cycle"]
    search_fields = [
        "inspection__force__official_name",
        "inspection__force__short_name",
        "inspection__cycle__label",
        "question__short_title",
    ]
    search_help_text = _("By force, cycle or question, such as: warwickshire 2015.")
    autocomplete_fields = ["inspection", "question", "report"]
    ordering = ["-inspection__cycle__order", "inspection__force__official_name", "question__order", "pk"]
    inlines = [CitationInline]
    fieldsets = [
        (None, {"fields": ["inspection", "question", "report"]}),
        (_("What the record says"), {"fields": [("state", "level"), "carried_from", "withheld_reason"]}),
        (_("In our own words"), {"fields": ["summary", "note"]}),
        (
            _("If the inspectorate amended it"),
            {"fields": [("amended_on", "amended_from"), "amended_reason"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Grade]:
        """Count the sources of each grade, and see whether it is confirmed, along with it."""
        uncertain = Grade.objects.unchecked().filter(pk=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                source_count=count_of(CitationInline.model.objects.all(), "grade"),
                is_finished=Case(
                    When(Exists(uncertain), then=Value(0)), default=Value(1), output_field=IntegerField()
                ),
            )
        )

    @admin.display(description=_("force"), ordering="inspection__force__official_name")
    def force(self, grade: Grade) -> str:
        """Name the force."""
        return grade.inspection.force.official_name

    @admin.display(description=_("cycle"), ordering="inspection__cycle__order")
    def cycle(self, grade: Grade) -> str:
        """Name the cycle."""
        return grade.inspection.cycle.label

    @admin.display(description=_("question"), ordering="question__order")
    def question_name(self, grade: Grade) -> str:
        """Give the question's pillar, number and short title."""
        return grade.question.name_in_cycle

    @admin.display(description=_("sources"), ordering="source_count")
    def sources(self, grade: Any) -> int:
        """Count its sources."""
        count: int = grade.source_count
        return count

    @admin.display(description=_("checked"), ordering="is_finished", boolean=True)
    def finished(self, grade: Any) -> bool:
        """Say whether the inspectorate's own words or an editor's check confirm it."""
        return bool(grade.is_finished and grade.source_count)
