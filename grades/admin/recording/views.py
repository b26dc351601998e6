"""The recording screen: every question of a cycle as a row, written down in one go."""

from __future__ import annotations

import re
from typing import Any

import pghistory
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import access
from grades.admin.base import in_words, partial_date
from grades.admin.recording.forms import STATE_KEYS
from grades.admin.recording.meanwhile import Told, fill, merge
from grades.admin.recording.saving import Saved, Screen, Writer
from grades.admin.recording.sheet import Sheet, read_inspection, watched
from grades.admin.recording.todo import next_steps
from grades.admin.told import corrections_of
from grades.admin.versions import changes_since
from grades.models import Inspection
from grades.publishing import checklist
from grades.scales import LETTERS, TIERS, Level, State

VERSION = "version"
"""The field of the form that says which state it was made from."""


def record(request: HttpRequest, number: int) -> HttpResponse:
    """Show the screen of one inspection, or write it down."""
    desk = access.desk_of(request.user)
    if request.method == "POST":
        return _write(request, number, desk)
    sheet = _sheet(number, desk)
    if not access.may(desk, access.Verb.CHANGE, sheet.inspection):
        return _answer(request, "record_read.html", sheet, desk, _read_rows(sheet))
    return _show(request, Screen(sheet), desk)


def _sheet(number: int, desk: access.Desk) -> Sheet:
    inspection = read_inspection(number)
    if inspection is None:
        raise access.DeniedError
    access.need(desk, access.Verb.VIEW, inspection)
    return Sheet(inspection)


def _write(request: HttpRequest, number: int, desk: access.Desk) -> HttpResponse:
    """Write all of it or nothing; whatever was typed comes back with what is wrong."""
    asked = Inspection.objects.filter(pk=number).first()
    if asked is None:
        raise access.DeniedError
    access.need(desk, access.Verb.VIEW, asked)
    data = request.POST.copy()
    try:
        with transaction.atomic(), pghistory.context(user=request.user.pk, why="recorded"):
            Inspection.objects.select_for_update().get(pk=number)
            sheet = _sheet(number, desk)
            if not access.may(desk, access.Verb.CHANGE, sheet.inspection):
                return _closed(request, sheet, desk)
            told = _others(data, sheet)
            screen = Screen(sheet, data)
            if told or not screen.is_valid():
                return _show(request, screen, desk, told)
            saved = Writer(screen).write()
    except (DatabaseError, ValidationError, ProtectedError) as error:
        screen = Screen(_sheet(number, desk), data)
        screen.is_valid()
        return _show(request, screen, desk, refusal=_why(error))
    messages.success(request, _told(saved))
    return HttpResponseRedirect(reverse("admin:grades_inspection_record", args=[number]))


def _others(data: QueryDict, sheet: Sheet) -> list[Told]:
    """Tell what others have saved since the screen was made, and take it in where this editor left it alone."""
    fresh = Screen(sheet)
    rows: dict[str, Any] = {form.add_prefix("kind"): form for form in fresh.reports if form.instance.pk}
    rows |= {form.add_prefix("kind"): form for form in fresh.findings.values()}
    rows |= {form.add_prefix(next(iter(form.fields))): form for form in fresh.stated if form.fields}
    version = data.get(VERSION, "")
    told: list[Told] = []
    if version != sheet.version:
        told = merge(data, changes_since(watched(sheet.inspection.pk), version), sheet)
    fill(data, rows)
    data[VERSION] = sheet.version
    return told


def _why(error: Exception) -> str:
    """Say in words why nothing was written."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ProtectedError):
        return _("Something that was to go is still referred to by a step, a comment or another finding.")
    if isinstance(error, (IntegrityError, DataError)):
        return str(in_words(error))
    raise error


def _told(saved: Saved) -> str:
    grades = ngettext("%(n)d question recorded", "%(n)d questions recorded", saved.grades) % {
        "n": saved.grades
    }
    if not saved.findings:
        return _("Saved: %(grades)s.") % {"grades": grades}
    added = ngettext("%(n)d finding added", "%(n)d findings added", saved.findings) % {"n": saved.findings}
    return _("Saved: %(grades)s, %(findings)s.") % {"grades": grades, "findings": added}


def _closed(request: HttpRequest, sheet: Sheet, desk: access.Desk) -> HttpResponse:
    """Refuse to write to what is submitted or public, and show it."""
    messages.error(request, _("Nothing was saved: this is no draft any more, or you may only read it."))
    answer = _answer(request, "record_read.html", sheet, desk, _read_rows(sheet))
    answer.status_code = 409
    return answer


def _show(
    request: HttpRequest,
    screen: Screen,
    desk: access.Desk,
    told: list[Told] | None = None,
    refusal: str = "",
) -> HttpResponse:
    sheet = screen.sheet
    rows = [
        {"form": row, "question": row.question, "findings": screen.findings_of(row.question.pk)}
        for row in screen.rows
    ]
    return _answer(
        request,
        "record.html",
        sheet,
        desk,
        {
            "screen": screen,
            "rows": rows,
            "loose": screen.findings_of(None),
            "told": told or [],
            "refusal": refusal,
            "errors": screen.errors,
            # The forms hold what was typed, not what is recorded: the list would speak of neither.
            "checklist": None if screen.data is not None else _checked(sheet),
            "letters": [(LETTERS[level], level.label) for level in TIERS[sheet.inspection.cycle.tiers]],
            "state_keys": [(key, State(state).label) for state, key in STATE_KEYS.items()],
            "keys": {
                "levels": {key.lower(): str(level) for level, key in LETTERS.items()},
                "states": {key.lower(): str(state) for state, key in STATE_KEYS.items()},
                "adequate": str(Level.ADEQUATE),
                "carried": str(State.CARRIED_FORWARD),
                "graded": str(State.GRADED),
                "withheld": str(State.WITHHELD),
            },
        },
    )


PLACES = (
    (re.compile(r"(?:grade|question)-(\d+)-.*"), r"q\1"),
    (re.compile(r"(finding-\d+)-.*"), r"\1"),
    (re.compile(r"(tally|fieldwork)\b.*"), r"\1"),
)
"""Where on the screen the things are that a code of the checklist is about; the report where none fits."""


def _checked(sheet: Sheet) -> dict[str, list[dict[str, str]]]:
    """Give what stands in the way of publication, each with its place on the screen."""
    found = checklist(sheet.inspection, timezone.localdate())
    return {
        name: [{"words": item.words, "place": _place(item.code)} for item in items]
        for name, items in (("errors", found.errors), ("warnings", found.warnings))
    }


def _place(code: str) -> str:
    for pattern, place in PLACES:
        match = pattern.fullmatch(code)
        if match:
            return match.expand(place)
    return "questions" if code == "no-grade" else "report"


def _read_rows(sheet: Sheet) -> dict[str, Any]:
    """Give what the screen shows to read."""
    return {
        "rows": [
            {
                "question": question,
                "grade": sheet.grades.get(question.pk),
                "citation": sheet.own_citation(question.pk),
                "findings": sheet.findings_of.get(question.pk, []),
            }
            for question in sheet.questions
        ],
        "loose": sheet.findings_of.get(None, []),
        "reports": [(report, partial_date(report.published)) for report in sheet.reports],
        "checklist": _checked(sheet),
    }


def _answer(
    request: HttpRequest, template: str, sheet: Sheet, desk: access.Desk, more: dict[str, Any]
) -> HttpResponse:
    inspection = sheet.inspection
    context = {
        **admin.site.each_context(request),
        "title": f"{inspection.force}, {inspection.cycle}: {inspection.get_kind_display()}",
        "inspection": inspection,
        "sheet": sheet,
        "next_steps": [step for step in next_steps(inspection, desk) if step.address != request.path],
        "is_nav_sidebar_enabled": False,
        "corrections": corrections_of(inspection) if access.is_public(inspection) else [],
        "may_correct": access.may(desk, access.Verb.CORRECT, inspection),
        **more,
    }
    answer = TemplateResponse(request, f"admin/grades/inspection/{template}", context)
    # What is read while the transaction holds the record is drawn then.
    return answer.render()
