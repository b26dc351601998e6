"""Sources, and which grade or figure each one states."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from grades import access
from grades.access import DeniedError, Verb, desk_of
from grades.admin.base import (
    ByRelated,
    InlineBlocks,
    RecordAdmin,
    WorkList,
    count_of,
    link,
    refused,
    shown_date,
    where,
)
from grades.admin.values import EMPTY
from grades.models import Citation, Grade, Source
from grades.publishing import RefusedError, check_citation
from grades.scales import SourceKind, Status

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
    readonly_fields = ["checked_on", "checked_by"]
    autocomplete_fields = ["source"]
    ordering = ["pk"]
    select = (*_CITED, "checked_by")


class FigureCitationInline(InlineBlocks):
    """The sources of a figure that rests on something else than its release."""

    model = Citation
    fk_name = "observation"
    fields = ["source", "locator", "note", ("checked_on", "checked_by")]
    readonly_fields = ["checked_on", "checked_by"]
    autocomplete_fields = ["source"]
    ordering = ["pk"]
    select = (*_CITED, "checked_by")


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
        seen = access.visible(Citation.objects.all(), desk_of(request.user))
        return super().get_queryset(request).annotate(citation_count=count_of(seen, "source"))

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


def to_confirm(citations: QuerySet[Citation]) -> QuerySet[Citation]:
    """Keep what states a grade that neither the inspectorate's words nor anybody's check confirm, and that nobody decides on."""
    return citations.exclude(grade__inspection__status=Status.SUBMITTED).filter(
        checked_on__isnull=True,
        grade__in=Grade.objects.unchecked().values("pk"),
        state=F("grade__state"),
        level=F("grade__level"),
    )


def report_link(citation: Citation) -> SafeString | str:
    """Lead to the report that a grade is compared with, or else to the source, in another tab."""
    report = citation.grade.report if citation.grade else None
    address = (report.address if report else "") or citation.source.address
    if not address:
        return EMPTY
    return format_html(
        '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
        address,
        _("open the report (another tab)")
        if report and report.address
        else _("open the source (another tab)"),
    )


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
            "to-confirm": (_("of a grade that nobody has confirmed"), to_confirm),
            "differs": (
                _("differs from the record"),
                where(
                    Q(grade__isnull=False), ~Q(level=F("grade__level")), ~Q(level=F("grade__amended_from"))
                ),
            ),
            "without-address": (_("without address"), where(Q(source__address=""))),
            "without-locator": (_("without a page or section"), where(Q(locator=""))),
        }

    list_display = [
        "source",
        "supports",
        "state",
        "level",
        "locator",
        "checked_on",
        "checked_by",
        "report",
        "confirm",
    ]
    list_filter = [Work, "source__kind", "state", ("grade__inspection__cycle", ByRelated)]
    list_select_related = [*_CITED, "checked_by", "grade__report"]
    search_fields = [
        "source__title",
        "source__publisher",
        "source__address",
        "grade__inspection__force__official_name",
        "grade__inspection__cycle__label",
    ]
    autocomplete_fields = ["grade", "observation", "source"]
    readonly_fields = ["checked_on", "checked_by"]
    date_hierarchy = "checked_on"
    ordering = ["source__publisher", "source__title", "pk"]
    actions = ["mark_as_checked"]
    fieldsets = [
        (None, {"fields": ["source", "locator"]}),
        (_("What it supports"), {"fields": ["grade", "observation"]}),
        (_("What it states"), {"fields": [("state", "level"), "carried_from", "note"]}),
        (_("Check against the report"), {"fields": [("checked_on", "checked_by")]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leave what a citation is about as it is: one that was told of in public would be gone without a word."""
        about = ("grade", "observation") if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *about]

    @admin.display(description=_("supports"), empty_value=EMPTY)
    def supports(self, citation: Citation) -> str | None:
        """Name the grade or the figure."""
        target = citation.grade or citation.observation
        return None if target is None else str(target)

    @admin.display(description=_("report"))
    def report(self, citation: Citation) -> SafeString | str:
        """Lead to the report of the grade, in another tab beside this list."""
        return report_link(citation)

    @admin.display(description=_("confirm"))
    def confirm(self, citation: Citation) -> SafeString | str:
        """Offer to confirm the grade, where nobody has; the button sends the list's own form elsewhere."""
        if citation.grade is None or citation.checked_on is not None:
            return EMPTY
        return format_html(
            '<button type="submit" class="button" formaction="{}">{}</button>',
            reverse("admin:grades_citation_confirm", args=[citation.pk]),
            _("Confirm"),
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the confirmation."""
        return [self.own_url("<int:pk>/confirm/", self.confirm_view, "confirm"), *super().get_urls()]

    @method_decorator(require_POST)
    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that a grade was compared with its report, and go back."""
        citation = self.get_object(request, str(pk))
        if not self._may_check(request, citation):
            return refused(request, self, citation, self._why_not(request, citation))
        try:
            check_citation(citation=citation, by=request.user, now=timezone.now())
        except RefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            words = _("Confirmed: %(grade)s.") % {"grade": citation.grade}
            self.message_user(request, words, messages.SUCCESS)
        back = request.headers.get("Referer", "")
        known = url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return HttpResponseRedirect(back if known else reverse("admin:index"))

    def _why_not(self, request: HttpRequest, citation: Citation) -> Any:
        """Say why the person may not confirm this one."""
        inspection = citation.grade.inspection if citation.grade else None
        if inspection is not None and inspection.status == Status.SUBMITTED:
            return _("Its inspection is submitted: it is confirmed before that, or once it is public.")
        return _("Editors of the force's office confirm grades.")

    def _may_check(self, request: HttpRequest, citation: Citation) -> bool:
        """Ask whether the person may confirm this one."""
        return citation.grade is not None and (
            self.may(request, Verb.CHECK, citation.grade) or self.may(request, Verb.CHANGE, citation.grade)
        )

    @admin.action(description=_("Mark as checked against the report today"), permissions=["check"])
    def mark_as_checked(self, request: HttpRequest, citations: QuerySet[Citation]) -> None:
        """Note that the person who is signed in compared these with the report; what was checked before stays."""
        count = 0
        for citation in citations.filter(checked_on__isnull=True, grade__isnull=False):
            try:
                check_citation(citation=citation, by=request.user, now=timezone.now())
            except (RefusedError, DeniedError) as error:
                words = str(error) if isinstance(error, RefusedError) else _("You may not confirm this one.")
                self.message_user(request, f"{citation}: {words}", messages.ERROR)
            else:
                count += 1
        message = ngettext("%(count)d citation marked.", "%(count)d citations marked.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
