"""What came back from a screen that was made from an older state: taking over what others changed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _

from grades.admin.recording.sheet import Sheet
from grades.admin.values import text_in_words
from grades.admin.versions import Change
from grades.models import Citation, Finding, Grade, Inspection, Report
from grades.models.base import options


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change of somebody else's, for the editor who was slower. `yours` is set where both changed the same."""

    where: str
    field: str
    was: str
    now: str
    who: str
    when: datetime
    target: str
    yours: str


def merge(data: QueryDict, changes: Iterable[Change], sheet: Sheet) -> list[Told]:
    """Take into `data` what others changed and this editor did not; tell all of it."""
    told = []
    for change in changes:
        if change.model is Citation and _follows_a_grade(change, sheet):
            continue
        if change.model is Grade and not change.column:
            told.append(_tell(change, sheet, "", ""))
            for column in ("state", "level", "carried_from_id", "withheld_reason", "summary", "unsettled"):
                was, now = (None, change.row[column]) if change.added else (change.row[column], None)
                _take(data, _name(change, column, sheet), was, now)
            continue
        name = _name(change, change.column, sheet) if change.column else ""
        yours = "" if not name else _take(data, name, change.before, change.after)
        told.append(_tell(change, sheet, name, _yours(change, yours)))
    return told


def _follows_a_grade(change: Change, sheet: Sheet) -> bool:
    """Say whether a citation only went along with its grade: that of the report does, but for the page."""
    own = {
        citation.source_id
        for grade in sheet.grades.values()
        for citation in grade.citations.all()
        if citation.source.key in sheet.own_keys
    }
    return change.row["source_id"] in own and change.column != "locator"


def _take(data: QueryDict, name: str, before: Any, after: Any) -> str:
    """Put the newer value into a field that still holds the older; give what the editor typed where it holds neither."""
    typed = data.get(name, "")
    if typed == _as_sent(after):
        return ""
    if typed.replace("\r\n", "\n") != _as_sent(before):
        return typed or _("nothing")
    if after in (None, "", False):
        data.pop(name, None)
    else:
        data[name] = _as_sent(after)
    return ""


def _as_sent(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    return value.isoformat() if isinstance(value, date) else str(value)


def _yours(change: Change, typed: str) -> str:
    """Write what this editor typed as the others' values are written."""
    if not typed:
        return ""
    column = next(field for field in options(change.model).concrete_fields if field.attname == change.column)
    if typed == _("nothing") or (column.is_relation and not typed.isdigit()):
        return typed
    return text_in_words(column, typed)


def _question_of(change: Change, sheet: Sheet) -> int | None:
    """Give the question that a change is about."""
    if change.model is Citation:
        grades = {grade.pk: question for question, grade in sheet.grades.items()}
        return grades.get(change.row["grade_id"])
    return change.row.get("question_id")


def _name(change: Change, column: str, sheet: Sheet) -> str:
    """Give the name of the field on the screen that edits a column."""
    field = column.removesuffix("_id")
    if change.model in (Grade, Citation):
        return f"q{_question_of(change, sheet)}-{field}"
    if change.model is Inspection:
        return f"inspection-{field}"
    prefix = {Report: "report", Finding: "finding"}.get(change.model)
    return f"{prefix}-{change.pk}-{field}" if prefix else ""


def _tell(change: Change, sheet: Sheet, name: str, yours: str) -> Told:
    questions = {question.pk: question.name_in_cycle for question in sheet.inspection.cycle.questions.all()}
    kind = str(options(change.model).verbose_name)
    question = questions.get(_question_of(change, sheet) or 0, "")
    key = change.row.get("key", "")
    return Told(
        where=", ".join(part for part in (question, kind if not key else f"{kind} {key}") if part),
        field=change.field,
        was=change.was,
        now=change.now,
        who=change.who,
        when=change.when,
        target=f"id_{name}" if name else "",
        yours=yours,
    )


def fill(data: QueryDict, forms: Mapping[str, BaseForm]) -> None:
    """Add the fields of rows that others have added since, as they stand; `forms` are unbound, by a field each must have."""
    for needed, form in forms.items():
        if needed in data:
            continue
        for name in form.fields:
            value = form[name].value()
            if value not in (None, "", False):
                data[form.add_prefix(name)] = _as_sent(value)
