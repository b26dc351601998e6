"""The history of a record's rows, told to an editor: who changed what, when and why, from what to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from grades.admin.values import in_words, names_of, people_named
from grades.models.base import options, rows_of

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change to one row."""

    at: datetime
    who: str
    why: str
    verb: str
    record: str
    changes: tuple[FieldChange, ...]


def keeps_history(model: type[models.Model]) -> bool:
    """Say whether each change of a model's rows is kept."""
    return hasattr(model, "pgh_event_model")


def history_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Give the history of all rows of a model that keeps one."""
    return rows_of(model.pgh_event_model)  # type: ignore[attr-defined]  # set by pghistory


def page(record: models.Model, number: str) -> Page | None:
    """Give one page of a record's history; None where no history is kept."""
    if not keeps_history(type(record)):
        return None
    rows = history_of(type(record)).filter(pgh_obj=record.pk).order_by("-pgh_id")
    return Paginator(rows, PER_PAGE).get_page(number)


def entries(rows: Iterable[Any]) -> list[Entry]:
    """Tell rows of one history table, in as many questions whatever their number."""
    found = list(rows)
    if not found:
        return []
    model = type(found[0])
    tracked: type[models.Model] = model.pgh_tracked_model
    before = _before(model, found)
    people = people_named((row.pgh_context or {}).get("user") for row in found)
    differences = {
        row.pgh_id: _differences(tracked, before.get(row.pgh_id), row)
        for row in found
        if row.pgh_label == "update"
    }
    named = names_of(
        (field, value) for changes in differences.values() for field, *both in changes for value in both
    )
    told = []
    for row in found:
        context = row.pgh_context or {}
        changes = tuple(
            FieldChange(
                name=str(field.verbose_name),
                old=in_words(field, old, named=named),
                new=in_words(field, new, named=named),
            )
            for field, old, new in differences.get(row.pgh_id, [])
        )
        told.append(
            Entry(
                at=row.pgh_created_at,
                who=people.get(str(context.get("user")), _("a machine")),
                why=str(context.get("why") or ""),
                verb={"insert": _("added"), "delete": _("deleted")}.get(row.pgh_label, _("changed")),
                record=str(options(tracked).verbose_name),
                changes=changes,
            )
        )
    return told


def _before(model: Any, rows: list[Any]) -> dict[int, Any]:
    """Give for each row the one before it of the same record."""
    earlier = (
        model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    pairs = dict(
        model.objects.filter(pk__in=[row.pgh_id for row in rows])
        .annotate(earlier=Subquery(earlier))
        .values_list("pgh_id", "earlier")
    )
    kept = model.objects.in_bulk([number for number in pairs.values() if number])
    return {number: kept[found] for number, found in pairs.items() if found in kept}


Difference = tuple[Any, Any, Any]


def _differences(tracked: type[models.Model], old: Any, new: Any) -> list[Difference]:
    """Give the fields that differ between two rows, with both values."""
    if old is None:
        return []
    return [
        (field, getattr(old, field.attname), getattr(new, field.attname))
        for field in options(tracked).concrete_fields
        if hasattr(new, field.attname) and getattr(old, field.attname) != getattr(new, field.attname)
    ]
