"""Sources, and which grade or figure each one states."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from grades.admin.base import (
    EMPTY,
    ByRelated,
    InlineBlocks,
    RecordAdmin,
    WorkList,
    count_of,
    link,
    shown_date,
    where,
)
from grades.models import Citation, Source
from grades.scales import SourceKind

_CITED = (
    "source",
    "grade__inspection__force",
    "grade__inspection__cycle",
    "grade__question__pillar",
    "observation__area",
    "observation__metric",
    "observation__release",
)
"""What the title of a citation needs."""


class CitationInline(InlineBlocks):
    """The sources of a grade, and what each of them states."""

    model = Citation
    fk_name = "grade"
    fields = ["source", ("state", "level", "carried_from"), "locator", "note", ("checked_on", "checked_by")]
    autocomplete_fields = ["source", "checked_by"]
    ordering = ["pk"]
    select = _CITED


class FigureCitationInline(InlineBlocks):
    """The sources of a figure that rests on something else than its release."""

    model = Citation
    fk_name = "observation"
    fields = ["source", "locator", "note", ("checked_on", "checked_by")]
    autocomplete_fields = ["source", "checked_by"]
    ordering = ["pk"]
    select = _CITED


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """Every page and document that states something."""

    class Work(WorkList):
        """Sources of which something is missing."""

        tasks = {
            "without-address": (_("without address"), where(Q(address=""))),
            "without-date": (_("without a date"), where(Q(published_on__isnull=True))),
            "date-inexact": (
                _("date known to the month or year only"),
                where(~Q(published_on_precision="day")),
            ),
            "without-citation": (
                _("cited for no grade and no figure"),
                where(~Exists(Citation.objects.filter(source=OuterRef("pk")))),
            ),
        }

    list_display = ["title", "publisher", "kind", "published_date", "read_there", "citations"]
    list_filter = [Work, "kind"]
    search_fields = ["title", "publisher", "address", "key"]
    date_hierarchy = "published_on"
    ordering = ["publisher", "title", "pk"]
    fieldsets = [
        (None, {"fields": ["publisher", "title", "kind"]}),
        (_("Where and when"), {"fields": ["address", ("published_on", "published_on_precision")]}),
        (_("For files"), {"fields": ["key"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Count the citations of each source along with it."""
        return (
            super().get_queryset(request).annotate(citation_count=count_of(Citation.objects.all(), "source"))
        )

    @admin.display(description=_("published on"), ordering="published_on")
    def published_date(self, source: Source) -> str:
        """Write its date as far as it is known."""
        return shown_date(source.published_on, source.published_on_precision)

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, source: Source) -> SafeString | str:
        """Lead to the source."""
        return link(source.address)

    @admin.display(description=_("citations"), ordering="citation_count")
    def citations(self, source: Any) -> int:
        """Count what it is cited for."""
        count: int = source.citation_count
        return count


@admin.register(Citation)
class CitationAdmin(RecordAdmin):
    """What each source states, and whether somebody compared it with the report."""

    class Work(WorkList):
        """Citations that are not finished."""

        tasks = {
            "unchecked": (
                _("not yet checked against the report"),
                where(
                    Q(grade__isnull=False, checked_on__isnull=True),
                    ~Q(level=""),
                    ~Q(source__kind=SourceKind.INSPECTORATE),
                ),
            ),
            "differs": (
                _("differs from the record"),
                where(
                    Q(grade__isnull=False), ~Q(level=F("grade__level")), ~Q(level=F("grade__amended_from"))
                ),
            ),
            "without-address": (_("without address"), where(Q(source__address=""))),
            "without-locator": (_("without a page or section"), where(Q(locator=""))),
        }

    list_display = ["source", "supports", "state", "level", "locator", "checked_on", "checked_by"]
    list_filter = [Work, "source__kind", "state", ("grade__inspection__cycle", ByRelated)]
    list_select_related = [*_CITED, "checked_by"]
    search_fields = [
        "source__title",
        "source__publisher",
        "source__address",
        "grade__inspection__force__official_name",
        "grade__inspection__cycle__label",
    ]
    autocomplete_fields = ["grade", "observation", "source", "checked_by"]
    date_hierarchy = "checked_on"
    ordering = ["source__publisher", "source__title", "pk"]
    actions = ["mark_as_checked"]
    fieldsets = [
        (None, {"fields": ["source", "locator"]}),
        (_("What it supports"), {"fields": ["grade", "observation"]}),
        (_("What it states"), {"fields": [("state", "level"), "carried_from", "note"]}),
        (_("Check against the report"), {"fields": [("checked_on", "checked_by")]}),
    ]

    @admin.display(description=_("supports"), empty_value=EMPTY)
    def supports(self, citation: Citation) -> str | None:
        """Name the grade or the figure."""
        target = citation.grade or citation.observation
        return None if target is None else str(target)

    @admin.action(description=_("Mark as checked against the report today"), permissions=["change"])
    def mark_as_checked(self, request: HttpRequest, citations: QuerySet[Citation]) -> None:
        """Note that the person who is signed in compared these with the report; what was checked before stays."""
        day = timezone.localdate()
        count = citations.filter(checked_on__isnull=True).update(checked_on=day, checked_by=request.user.pk)
        message = ngettext("%(count)d citation marked.", "%(count)d citations marked.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
