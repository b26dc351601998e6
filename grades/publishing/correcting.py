"""Corrections of what is public: proposed with a reason and a source, carried out once a second person agrees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from grades import access
from grades.models import (
    Citation,
    Comment,
    Correction,
    Finding,
    FindingEvent,
    Force,
    Grade,
    Inspection,
    Mention,
    MonitoringPeriod,
    Observation,
    RecommendationAction,
    Report,
    Response,
    Source,
)
from grades.models.base import rows_of
from grades.publishing.errors import RefusedError
from grades.publishing.plain import Plain, label_of, model_of, plain, set_plain
from grades.publishing.reports import follow, source_key

_GRADE = "state level report carried_from unsettled withheld_reason amended_on amended_from amended_reason summary note"
_CORRECTABLE: dict[type[models.Model], str] = {
    Inspection: "fieldwork fieldwork_ended_on",
    Report: "kind title published_on published_on_precision date_confirmed address isbn",
    Grade: _GRADE,
    Citation: "state level carried_from locator note",
    Finding: "question kind order parent continues text published_on published_on_precision due due_on source",
    FindingEvent: "actor standing happened_on happened_on_precision note evidence source",
    MonitoringPeriod: "entered_on entered_on_precision left_on left_on_precision note source",
    Mention: "kind title outlet published_on published_on_precision address summary",
    Response: (
        "kind title address published_on published_on_precision body_comments chief_constable_comments "
        "reply_to_chief_constable actions sent_to_inspectorate_on sent_to_secretary_of_state_on note source"
    ),
    RecommendationAction: "action reason",
    Comment: "text dated",
    Observation: "value numerator denominator denominator_note status note",
}

_ADDABLE: dict[type[models.Model], str] = {
    Grade: f"question {_GRADE}",
    Report: _CORRECTABLE[Report],
}


def correctable(model: type[models.Model]) -> tuple[str, ...]:
    """Name the fields that a correction may change: never what a record is about, nor how far it is published."""
    return tuple(_CORRECTABLE.get(model, "").split())


def addable(model: type[models.Model]) -> tuple[str, ...]:
    """Name the fields of a record that may be added to a published inspection, beside the inspection itself."""
    return tuple(_ADDABLE.get(model, "").split())


@transaction.atomic
def propose(
    *, record: models.Model, after: Plain, reason: str, source: Source, by: Any, now: datetime
) -> Correction:
    """Write down a change to a public record, or a record to add to a public inspection, as a draft.

    `record` is the stored record, or an unsaved one that is to be added; `after` holds the columns that change.
    Raise RefusedError if nothing changes or the result would not be valid, DeniedError if `by` may not correct it.
    """
    access.need(access.desk_of(by), access.Verb.CORRECT, record)
    before: Plain = {} if record.pk is None else plain(record, after)
    changed = {name: value for name, value in after.items() if record.pk is None or before[name] != value}
    if not changed:
        raise RefusedError(_("Nothing would change."))
    if record.pk is not None:
        precise = _precision_of(record, changed)
        before, changed = before | precise, precise | changed
    _try_out(record, changed)
    return Correction.objects.create(
        what=label_of(record),
        object_id=record.pk,
        force=force_about(record),
        before={name: before[name] for name in changed if record.pk is not None},
        after=changed,
        reason=reason.strip(),
        source=source,
        proposed_by=by,
        proposed_at=now,
    )


def _precision_of(record: models.Model, changed: Plain) -> Plain:
    """Give how much is known of each date that changes: without it, June 2022 would be told as the first of June."""
    beside = [f"{name}_precision" for name in changed]
    return plain(record, [name for name in beside if hasattr(record, name)])


@transaction.atomic
def discard(*, correction: Correction, by: Any, now: datetime) -> None:
    """Give up a draft that nobody wants any more; it stays on file. Whoever may submit it may discard it.

    Raise RefusedError if it is no draft any more, DeniedError if `by` may not.
    """
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    desk = access.desk_of(by)
    access.need(desk, access.Verb.VIEW, correction)
    if not access.is_open(correction):
        raise RefusedError(_("This is no draft any more."))
    access.need(desk, access.Verb.SUBMIT, correction)
    with pghistory.context(why="discarded"):
        correction.discarded_at = now
        correction.save(update_fields=["discarded_at"])


def force_about(record: models.Model) -> Force:
    """Give the force that a record is about; raise RefusedError where it is about none."""
    force = access.force_of(record)
    if force is None:
        raise RefusedError(_("This is about no one force: a newer release of the statistics puts it right."))
    return Force.objects.get(pk=force)


def _try_out(record: models.Model, values: Plain) -> None:
    """Raise RefusedError if the record would not be valid with these values; the record itself is left as it is."""
    trial = type(record)()
    trial.__dict__.update({k: v for k, v in record.__dict__.items() if k != "_state"})
    trial._state.adding = record._state.adding  # noqa: SLF001  a documented name
    set_and_check(trial, values)


def set_and_check(record: models.Model, values: Plain) -> None:
    """Put values into a record; raise RefusedError, in the words of its rules, if it is not valid then."""
    try:
        set_plain(record, values)
        record.full_clean()
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error


def carry_out(correction: Correction) -> models.Model:
    """Change or add the record. Raise RefusedError if it has changed since the correction was proposed."""
    model = model_of(correction.what)
    if correction.object_id is None:
        record = model()
    else:
        record = rows_of(model).select_for_update().get(pk=correction.object_id)
        if plain(record, correction.before) != correction.before:
            raise RefusedError(
                _("The record has changed since this correction was proposed. Propose it anew.")
            )
    stood = source_key(record) if isinstance(record, Report) else ""
    set_and_check(record, correction.after)
    if isinstance(record, Citation) and {"state", "level"} & set(correction.after):
        record.checked_on, record.checked_by = None, None  # nobody has compared what it states now
    record.save()
    if correction.object_id is None:
        correction.object_id = record.pk
    if isinstance(record, Grade) and {"state", "level"} & set(correction.after):
        _cite(record, correction.source)
    if isinstance(record, Report) and stood:
        follow(record, stood)
    return record


def _cite(grade: Grade, source: Source) -> None:
    """Note that the correction's source states what the grade now says; sources that said otherwise stay cited."""
    Citation.objects.update_or_create(
        grade=grade,
        source=source,
        defaults={
            "state": grade.state,
            "level": grade.level,
            "carried_from": grade.carried_from,
            "checked_on": None,
            "checked_by": None,
        },
    )
