"""Taking back what a file of ours brought: new drafts go, drafts that it changed are as they were. Call inside a transaction."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from grades.importers.applying import Plain, take_out
from grades.importers.record.comparing import KEYS, STATUS
from grades.models import ImportRun
from grades.models.base import options, rows_of
from grades.scales import Status

NAMED = 10
"""Records that are named where something is in the way."""


def in_the_way_of_own(run: ImportRun) -> list[str]:
    """Say what forbids taking such an import back: what went on its way to the public, what a person edited or deleted, what
    hangs on it."""
    reasons = []
    for model in KEYS:
        changed = _changed(run, model)
        numbers = _created(run, model) + changed
        rows = rows_of(model).filter(pk__in=numbers)
        gone = set(changed) - set(rows.values_list("pk", flat=True))
        named = {"kind": options(model).verbose_name}
        reasons += [
            _("deleted since: %(kind)s %(number)d") % {**named, "number": pk} for pk in sorted(gone)[:NAMED]
        ]
        if model in STATUS:
            on_its_way = rows.exclude(**{STATUS[model]: Status.DRAFT})
            reasons += [_("no draft any more: %(record)s") % {"record": row} for row in on_its_way[:NAMED]]
        edited = rows.filter(pk__in=_edited_since(run, model, numbers))
        reasons += [_("edited since: %(record)s") % {"record": row} for row in edited[:NAMED]]
    return reasons or _hanging_on(run)


def _created(run: ImportRun, model: type[models.Model]) -> list[int]:
    return list(run.report["created"].get(options(model).label_lower, []))


def _changed(run: ImportRun, model: type[models.Model]) -> list[int]:
    label = options(model).label_lower
    return [row["id"] for row in run.report["replaced"] if row["what"] == label]


def _edited_since(run: ImportRun, model: type[models.Model], numbers: list[int]) -> list[int]:
    """Find the records whose last change is not this import's, as their history tells: what it wrote bears its mark."""
    history = apps.get_model("grades", f"{model.__name__}History")
    rows = (
        history.objects.filter(pgh_obj_id__in=numbers)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    return [
        number for number, load in rows.values_list("pgh_obj_id", "pgh_context__load") if load != run.sha256
    ]


def _hanging_on(run: ImportRun) -> list[str]:
    """Name what others put on the records that would go."""
    reasons = []
    for model in KEYS:
        relations: Any = options(model).get_fields(include_hidden=True)
        for relation in relations:
            other = relation.related_model
            if not (relation.auto_created and not relation.concrete) or hasattr(other, "pgh_tracked_model"):
                continue
            rows = rows_of(other).filter(**{f"{relation.field.name}__in": _created(run, model)})
            rows = rows.exclude(pk__in=_created(run, other) if other in KEYS else [])
            reasons += [_("%(record)s hangs on it") % {"record": row} for row in rows[:NAMED]]
    return reasons


def undo_own(run: ImportRun) -> None:
    """Put back what the import changed and take out what it added, children first."""
    for row in run.report["replaced"]:
        model = apps.get_model(row["what"])
        put_back(rows_of(model).get(pk=row["id"]), row["before"])
    for model in reversed(list(KEYS)):
        take_out(model, _created(run, model))
    connection.check_constraints()


def put_back(record: models.Model, before: Plain) -> None:
    """Give a record the columns that it had."""
    one: Any
    for one in options(type(record)).concrete_fields:
        kept = one.target_field if one.is_relation else one
        text = before[one.attname]
        setattr(record, one.attname, None if text is None else kept.to_python(text))
    record.save()
