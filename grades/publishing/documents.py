"""What the public log tells of each step, as plain JSON of texts. It names offices, never persons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from grades import access
from grades.log_words import NATIONAL, Agreed
from grades.models import (
    Comment,
    Correction,
    Finding,
    FindingEvent,
    Grade,
    Inspection,
    Membership,
    Mention,
    MonitoringPeriod,
    Office,
    Response,
    Submission,
    Tenure,
)
from grades.publishing.plain import label_of, model_of, public, shown
from grades.scales import ChangeKind, Role, Status

Document = dict[str, Any]


def office_for(user: Any, force: int | None, today: date) -> Office | None:
    """Give the office for which a person acts on a force: one that holds it today, and where they may most."""
    if force not in access.desk_of(user).forces:
        return None
    held = Membership.objects.filter(
        user=user, office__body__tenures__in=Tenure.objects.on(today).filter(force=force)
    )
    rows = sorted(held.select_related("office"), key=lambda row: (-access.STANDING[Role(row.role)], row.pk))
    return rows[0].office if rows else None


def acting(user: Any, record: models.Model, now: datetime) -> str:
    """Name the office for which a person acts on a record."""
    office = office_for(user, access.force_of(record), timezone.localdate(now))
    return office.name if office else NATIONAL


def grade_facts(grade: Grade) -> Document:
    """Tell a grade: the question, the state, the level, and its words where it has any."""
    facts = {"question": grade.question.place, "title": grade.question.shown_title}
    words = {"summary": grade.summary, "note": grade.note, "withheld_reason": grade.withheld_reason}
    return facts | {"state": grade.state, "grade": grade.level} | {k: v for k, v in words.items() if v}


def inspection_document(inspection: Inspection) -> Document:
    """Tell an inspection with every grade and report."""
    grades = inspection.grades.select_related("question__pillar", "question__cycle", "carried_from")
    marked = {
        "not-checked": set(inspection.grades.unchecked().values_list("pk", flat=True)),
        "disputed": set(inspection.grades.disputed().values_list("pk", flat=True)),
    }

    def marks(grade: Grade) -> Document:
        found = [mark for mark, of in marked.items() if grade.pk in of]
        found += ["not-settled"] if grade.unsettled else []
        return {"marks": found} if found else {}

    return {
        "cycle": inspection.cycle.slug,
        "inspection": inspection.kind,
        "grades": [
            grade_facts(grade)
            | ({"carried_from": grade.carried_from.slug} if grade.carried_from is not None else {})
            | marks(grade)
            for grade in grades.order_by("question__order", "pk")
        ],
        "reports": [
            {"title": report.title, "address": report.address, "published_on": str(report.published or "")}
            for report in inspection.reports.order_by("published_on", "pk")
        ],
        "findings": [
            {"key": finding.key, "kind": finding.kind, "text": finding.text}
            for finding in inspection.findings.filter(status=Status.PUBLISHED).order_by(
                "question__order", "kind", "order", "pk"
            )
        ],
    }


def correction_document(correction: Correction) -> Document:
    """Tell a correction: each column before and after, the reason and the source. The old value is kept for good."""
    model = model_of(correction.what)
    record = correction.target()
    return {
        "record": correction.what,
        "name": "" if record is None else _subject(record),
        "cycle": _cycle(record),
        "changes": [
            {
                "column": name,
                "was": shown(model, name, correction.before.get(name)),
                "is": shown(model, name, value),
            }
            for name, value in sorted(correction.after.items())
        ],
        "reason": correction.reason,
        "source": str(correction.source),
    }


def _subject(record: models.Model) -> str:
    """Name what a correction is about without the value that it changes."""
    if isinstance(record, Grade):
        return f"{record.inspection}, {record.question.place} {record.question.shown_title}".strip()
    return str(record)


def _cycle(record: models.Model | None) -> str:
    """Give the slug of the cycle that a record belongs to, empty where it belongs to none."""
    inspection = record if isinstance(record, Inspection) else getattr(record, "inspection", None)
    return inspection.cycle.slug if isinstance(inspection, Inspection) else ""


def _other_document(record: models.Model) -> Document:
    """Tell a response, a comment, a finding, a step, a period or a mention: all that is public of it."""
    facts = {name: shown(type(record), name, value) for name, value in public(record).items()}
    if isinstance(record, Comment):  # the grade itself stands in the entry of its own
        facts["grade_id"] = _subject(record.grade)
    actions: Document = {}
    if isinstance(record, Response):
        actions = {
            "actions_on_recommendations": [
                {"finding": action.finding.key, "action": action.action, "reason": action.reason}
                for action in record.recommendation_actions.select_related("finding").order_by("pk")
            ]
        }
    return {"record": label_of(record), "facts": facts} | actions


KINDS: dict[type[models.Model], ChangeKind] = {
    Inspection: ChangeKind.PUBLISHED,
    Correction: ChangeKind.CORRECTED,
    Response: ChangeKind.RESPONDED,
    Comment: ChangeKind.COMMENTED,
    Finding: ChangeKind.ADDED,
    FindingEvent: ChangeKind.TRACKED,
    MonitoringPeriod: ChangeKind.ADDED,
    Mention: ChangeKind.ADDED,
}
"""What the log calls the publication of each kind of record."""


def document_of(record: models.Model, submission: Submission) -> Document:
    """Tell the publication of a record, which office asked for it, and whether a second person agreed."""
    if isinstance(record, Inspection):
        told = inspection_document(record)
    elif isinstance(record, Correction):
        told = correction_document(record)
    else:
        told = _other_document(record)
    asked = {
        "office": submission.office.name if submission.office else NATIONAL,
        "approved_by": Agreed.ALONE if submission.alone else Agreed.SECOND,
    }
    return asked | told


def kind_of(record: models.Model) -> ChangeKind:
    """Give the log's word for the publication of a record."""
    if isinstance(record, Correction) and not record.before:
        return ChangeKind.ADDED
    return KINDS[type(record)]
