"""Cycles, pillars, themes, questions, how questions follow one another, and what grades mean."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.access import desk_of
from grades.admin.base import ByRelated, InlineRows, RecordAdmin, WorkList, count_of, link, where
from grades.models import (
    Cycle,
    Grade,
    GradeDefinition,
    Inspection,
    Pillar,
    Question,
    QuestionLink,
    Theme,
)
from grades.scales import Graded, Wording


class GradeDefinitionInline(InlineRows):
    """What each grade of a cycle means."""

    model = GradeDefinition
    fields = ["level", "definition", "address"]
    ordering = ["pk"]
    select = ("cycle",)


@admin.register(Cycle)
class CycleAdmin(RecordAdmin):
    """The rounds of inspections and the scale of each."""

    class Work(WorkList):
        """Cycles of which something is not known or not written."""

        tasks = {
            "questions-incomplete": (_("questions not all known"), where(Q(questions_complete=False))),
            "break-presumed": (_("break presumed, no statement found"), where(Q(break_presumed=True))),
            "without-address": (
                _("break without an address"),
                where(~Q(break_reason=""), Q(break_address="")),
            ),
            "without-meaning": (
                _("without the meaning of a grade"),
                lambda cycles: cycles.alias(meanings=count_of(GradeDefinition.objects.all(), "cycle")).filter(
                    meanings__lt=F("tiers")
                ),
            ),
        }

    list_display = [
        "label",
        "tiers",
        "band",
        "inspectorate",
        "questions",
        "meanings",
        "inspections",
        "questions_complete",
    ]
    list_filter = [Work, "tiers", "band"]
    search_fields = ["label", "slug"]
    ordering = ["order"]
    inlines = [GradeDefinitionInline]
    fieldsets = [
        (None, {"fields": [("label", "slug", "order"), "inspectorate", "published_text", "about"]}),
        (_("Scale and questions"), {"fields": [("tiers", "band"), "questions_complete"]}),
        (_("Break before this cycle"), {"fields": ["break_reason", "break_address", "break_presumed"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cycle]:
        """Count what hangs on each cycle along with it."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                question_count=count_of(Question.objects.all(), "cycle"),
                meaning_count=count_of(GradeDefinition.objects.all(), "cycle"),
                inspection_count=count_of(
                    access.visible(Inspection.objects.all(), desk_of(request.user)), "cycle"
                ),
            )
        )

    @admin.display(description=_("questions"), ordering="question_count")
    def questions(self, cycle: Any) -> int:
        """Count its questions."""
        count: int = cycle.question_count
        return count

    @admin.display(description=_("meanings of grades"), ordering="meaning_count")
    def meanings(self, cycle: Any) -> str:
        """Say how many of its grades have their meaning."""
        return _("%(count)d of %(total)d") % {"count": cycle.meaning_count, "total": cycle.tiers}

    @admin.display(description=_("inspections"), ordering="inspection_count")
    def inspections(self, cycle: Any) -> int:
        """Count its inspections."""
        count: int = cycle.inspection_count
        return count


class QuestionCountAdmin(RecordAdmin):
    """A list that counts the questions of each row."""

    counted_by: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the questions of each row along with it."""
        return (
            super()
            .get_queryset(request)
            .annotate(question_count=count_of(Question.objects.all(), self.counted_by))
        )

    @admin.display(description=_("questions"), ordering="question_count")
    def questions(self, record: Any) -> int:
        """Count its questions."""
        count: int = record.question_count
        return count


@admin.register(Pillar)
class PillarAdmin(QuestionCountAdmin):
    """Effectiveness, efficiency, legitimacy and leadership."""

    counted_by = "pillar"
    list_display = ["title", "slug", "order", "questions"]
    search_fields = ["title", "slug"]
    ordering = ["order"]
    fields = ["title", "slug", "order", "about"]


@admin.register(Theme)
class ThemeAdmin(QuestionCountAdmin):
    """The subjects that run through the cycles."""

    class Work(WorkList):
        """Themes that lack something."""

        tasks = {
            "without-question": (
                _("without a question"),
                where(~Exists(Question.objects.filter(theme=OuterRef("pk")))),
            ),
            "without-summary": (_("without a summary"), where(Q(summary=""))),
        }

    counted_by = "theme"
    list_display = ["title", "slug", "order", "questions"]
    list_filter = [Work]
    search_fields = ["title", "slug"]
    ordering = ["order"]
    fields = ["title", "slug", "order", "summary"]


class LinkBackInline(InlineRows):
    """The earlier questions that this one follows."""

    model = QuestionLink
    fk_name = "to_question"
    verbose_name_plural = _("links to the cycle before")
    fields = ["from_question", "relation", "reason"]
    autocomplete_fields = ["from_question"]
    ordering = ["pk"]
    select = ("from_question__cycle", "from_question__pillar", "to_question__cycle", "to_question__pillar")


class LinkOnwardInline(InlineRows):
    """The later questions that follow this one."""

    model = QuestionLink
    fk_name = "from_question"
    verbose_name_plural = _("links to the next cycle")
    fields = ["to_question", "relation", "reason"]
    autocomplete_fields = ["to_question"]
    ordering = ["pk"]
    select = ("from_question__cycle", "from_question__pillar", "to_question__cycle", "to_question__pillar")


@admin.register(Question)
class QuestionAdmin(RecordAdmin):
    """The questions of every cycle."""

    class Work(WorkList):
        """Questions of which something is not known or not linked."""

        tasks = {
            "title-unconfirmed": (_("title not confirmed"), where(Q(wording=Wording.UNCONFIRMED))),
            "grading-unknown": (_("not known whether graded"), where(Q(graded=Graded.UNKNOWN))),
            "without-address": (_("without address"), where(Q(address=""))),
            "without-link-back": (
                _("without a link to the cycle before"),
                lambda questions: questions.filter(
                    ~Exists(QuestionLink.objects.filter(to_question=OuterRef("pk"))),
                    Exists(Cycle.objects.filter(order__lt=OuterRef("cycle__order"))),
                ),
            ),
            "without-grade": (
                _("without a grade"),
                where(~Exists(Grade.objects.filter(question=OuterRef("pk")))),
            ),
        }

    list_display = ["short_title", "cycle", "pillar", "number", "theme", "graded", "wording", "grades"]
    list_filter = [
        Work,
        ("cycle", ByRelated),
        ("pillar", ByRelated),
        "graded",
        "wording",
        ("theme", ByRelated),
    ]
    list_select_related = ["cycle", "pillar", "theme"]
    search_fields = ["title", "short_title", "cycle__label"]
    autocomplete_fields = ["also_covers"]
    ordering = ["-cycle__order", "order", "pk"]
    inlines = [LinkBackInline, LinkOnwardInline]
    fieldsets = [
        (None, {"fields": ["cycle", ("pillar", "number", "order"), "title", "short_title", "wording"]}),
        (_("Grading"), {"fields": ["graded", "applies_to"]}),
        (_("Themes"), {"fields": ["theme", "also_covers"]}),
        (_("Where it is published"), {"fields": ["address", "address_2"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Count the grades of each question along with it."""
        seen = access.visible(Grade.objects.all(), desk_of(request.user))
        return super().get_queryset(request).annotate(grade_count=count_of(seen, "question"))

    @admin.display(description=_("grades"), ordering="grade_count")
    def grades(self, question: Any) -> int:
        """Count its grades."""
        count: int = question.grade_count
        return count


@admin.register(QuestionLink)
class QuestionLinkAdmin(RecordAdmin):
    """How the questions of one cycle follow those of the cycle before."""

    class Work(WorkList):
        """Links that are not explained."""

        tasks = {"without-reason": (_("without a reason"), where(Q(reason="")))}

    list_display = ["__str__", "relation", "reason"]
    list_filter = [Work, "relation", ("to_question__cycle", ByRelated)]
    list_select_related = [
        "from_question__cycle",
        "from_question__pillar",
        "to_question__cycle",
        "to_question__pillar",
    ]
    search_fields = ["from_question__short_title", "to_question__short_title", "reason"]
    autocomplete_fields = ["from_question", "to_question"]
    ordering = ["to_question__cycle__order", "to_question__order", "pk"]
    fields = ["from_question", "to_question", "relation", "reason"]


@admin.register(GradeDefinition)
class GradeDefinitionAdmin(RecordAdmin):
    """What each grade means in each cycle."""

    class Work(WorkList):
        """Meanings that lead nowhere."""

        tasks = {"without-address": (_("without address"), where(Q(address="")))}

    list_display = ["cycle", "level", "definition", "read_there"]
    list_filter = [Work, ("cycle", ByRelated), "level"]
    list_select_related = ["cycle"]
    search_fields = ["definition"]
    ordering = ["cycle__order", "pk"]
    fields = ["cycle", "level", "definition", "address"]

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, definition: GradeDefinition) -> SafeString | str:
        """Lead to the inspectorate's own definition."""
        return link(definition.address)
