"""The front page of the admin: what there is to do, as numbers that lead to lists of exactly those rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.access import Verb, desk_of, may
from grades.admin.evidence import report_link
from grades.models import Citation, Inspection, Office, Upload
from grades.models.base import rows_of

Words = str | Promise

SHOWN = 5
"""How many cells to confirm stand on the page itself."""


@dataclass(frozen=True, slots=True)
class Work:
    """A choice of a work list, and how the front page names what it finds."""

    model: str
    task: str
    words: Words
    verb: Verb = Verb.VIEW


SECTIONS: Sequence[tuple[Words, Words, Sequence[Work]]] = (
    (
        _("Waiting for you"),
        _("Nothing waits for you."),
        (
            Work("submission", "awaiting-me", _("submitted by others, for you to approve or give back")),
            Work("submission", "returned-to-me", _("given back to you, with a remark")),
        ),
    ),
    (
        _("Answers to reports"),
        _("No answer is due."),
        (
            Work("report", "due-soon", _("reports whose last day to respond is within 14 days")),
            Work(
                "report", "last-day-passed", _("reports whose last day has passed, with no response recorded")
            ),
            Work("response", "after-last-day", _("responses published later than on day 56")),
        ),
    ),
    (
        _("Drafts"),
        _("There are no drafts."),
        (
            Work("inspection", "draft", _("inspections")),
            Work("response", "draft", _("responses")),
            Work("comment", "draft", _("comments beside grades")),
            Work("finding", "draft", _("findings that are to be submitted by themselves")),
            Work("findingevent", "draft", _("steps on findings")),
            Work("monitoringperiod", "draft", _("monitoring periods")),
            Work("mention", "draft", _("mentions")),
            Work("correction", "draft", _("corrections that are not submitted yet")),
        ),
    ),
    (
        _("Grades"),
        _("Every grade is confirmed, and none is missing."),
        (
            Work("citation", "to-confirm", _("cells not yet checked against the report")),
            Work(
                "inspection",
                "grades-missing",
                _("inspections of which a question that is graded for every force has no row"),
            ),
        ),
    ),
    (
        _("Findings"),
        _("Nothing is due."),
        (
            Work("finding", "due-soon", _("findings due within 14 days")),
            Work("finding", "overdue", _("findings whose day has passed")),
        ),
    ),
    (
        _("Required information"),
        _("All of it was checked in the last 90 days."),
        (
            Work("force", "required-unknown", _("forces with items that nobody has looked for yet")),
            Work("requireditem", "stale", _("items not checked for 90 days")),
        ),
    ),
    (
        _("Official files"),
        _("No file waits to be loaded."),
        (
            Work(
                "upload", "open", _("files that were brought and are neither loaded nor discarded"), Verb.LOAD
            ),
        ),
    ),
    (
        _("Definitions of metrics"),
        _("No review is overdue."),
        (Work("metric", "review-overdue", _("definitions whose review is overdue"), Verb.CHANGE),),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One work list with something in it."""

    count: int
    words: Words
    address: str


@dataclass(frozen=True, slots=True)
class Section:
    """Work lists of one sort, and what to say where all of them are empty."""

    title: Words
    nothing: Words
    lines: tuple[Line, ...]


def context(request: HttpRequest) -> dict[str, Any]:
    """Give what the front page shows."""
    desk = desk_of(request.user)
    offices = Office.objects.filter(pk__in=list(desk.offices))
    counts = _counts(request)
    sections = []
    for title, nothing, works in SECTIONS:
        mine = [work for work in works if work in counts]
        lines = tuple(Line(counts[work], work.words, address_of(work)) for work in mine if counts[work])
        if mine:
            sections.append(Section(title, nothing, lines))
    return {
        "sections": sections,
        "offices": ", ".join(offices.order_by("name").values_list("name", flat=True)),
        "national": desk.national,
        "to_confirm": [(citation, report_link(citation)) for citation in _first_to_confirm(request)],
        "may_confirm": may(desk, Verb.CHECK, Citation),
        "may_record": may(desk, Verb.ADD, Inspection),
        "may_load": may(desk, Verb.LOAD, Upload),
    }


def address_of(work: Work) -> str:
    """Give the address of the list that shows exactly the rows of a task."""
    return reverse(f"admin:grades_{work.model}_changelist", query={"todo": work.task})


def rows_to_do(request: HttpRequest, work: Work) -> QuerySet[Any]:
    """Give the rows of a task as its list gives them: what the person may see, kept by the same filter."""
    model = apps.get_model("grades", work.model)
    model_admin: Any = admin.site.get_model_admin(model)
    filters: Any = [found for found in model_admin.list_filter if hasattr(found, "tasks")]
    kept: QuerySet[Any] = filters[0].keep(
        work.task, access.visible(rows_of(model), desk_of(request.user)), request
    )
    return kept


def _counts(request: HttpRequest) -> dict[Work, int]:
    """Count the rows of every task that this person may see, all in one question."""
    desk = desk_of(request.user)
    works = [
        work
        for _title, _nothing, of_section in SECTIONS
        for work in of_section
        if may(desk, work.verb, apps.get_model("grades", work.model))
    ]
    parts = [
        rows_to_do(request, work)
        .order_by()
        .values(place=Value(place))
        .annotate(number=Count("pk", distinct=True))
        for place, work in enumerate(works)
    ]
    found = {row["place"]: row["number"] for row in parts[0].union(*parts[1:], all=True)}
    return {work: found.get(place, 0) for place, work in enumerate(works)}


def _first_to_confirm(request: HttpRequest) -> QuerySet[Any]:
    """Give the first cells to confirm, with what their names need."""
    model_admin: Any = admin.site.get_model_admin(Citation)
    rows = rows_to_do(request, Work("citation", "to-confirm", ""))
    return rows.select_related(*model_admin.list_select_related).order_by("pk")[:SHOWN]
