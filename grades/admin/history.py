"""The history of a record's rows, told to an editor: who changed what, when and why, from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grades.models.base import options, rows_of

EMPTY = "–"
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


def history_of(model: type[models.Model]) -> type[models.Model] | None:
    """Give the table that holds the history of a model, or None where none is kept."""
    found: type[models.Model] | None = getattr(model, "pgh_event_model", None)
    return found


def _rows(record: models.Model) -> models.QuerySet[Any] | None:
    """Give the history of one record, newest first."""
    model = history_of(type(record))
    return None if model is None else model.objects.filter(pgh_obj=record.pk).order_by("-pgh_id")  # type: ignore[attr-defined]  # a manager


def page(record: models.Model, number: str) -> Page | None:
    """Give one page of a record's history; None where no history is kept."""
    rows = _rows(record)
    return None if rows is None else Paginator(rows, PER_PAGE).get_page(number)


def entries(rows: Iterable[Any]) -> list[Entry]:
    """Tell rows of one history table, in as many questions whatever their number."""
    found = list(rows)
    if not found:
        return []
    model = type(found[0])
    tracked: type[models.Model] = model.pgh_tracked_model
    before = _before(model, found)
    people = _people(found)
    differences = {
        row.pgh_id: _differences(tracked, before.get(row.pgh_id), row)
        for row in found
        if row.pgh_label == "update"
    }
    named = _named(differences.values())
    told = []
    for row in found:
        context = row.pgh_context or {}
        changes = tuple(
            FieldChange(
                name=str(field.verbose_name), old=_shown(field, old, named), new=_shown(field, new, named)
            )
            for field, old, new in differences.get(row.pgh_id, [])
        )
        told.append(
            Entry(
                at=row.pgh_created_at,
                who=people.get(context.get("user"), _("a machine")),
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


def _people(rows: list[Any]) -> dict[Any, str]:
    """Name the people who made the changes."""
    numbers = [row.pgh_context["user"] for row in rows if (row.pgh_context or {}).get("user")]
    return {
        person.pk: person.get_full_name() or person.get_username()
        for person in get_user_model().objects.filter(pk__in=numbers)
    }


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


def _named(differences: Iterable[list[Difference]]) -> dict[tuple[type[models.Model], Any], str]:
    """Name the records that foreign keys mean, one question for each kind."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for found in differences:
        for field, old, new in found:
            if field.is_relation:
                wanted[field.related_model] |= {old, new} - {None}
    named = {}
    for model, numbers in wanted.items():
        select = getattr(admin.site._registry.get(model), "list_select_related", None)  # noqa: SLF001  the site offers no other way
        rows = rows_of(model).filter(pk__in=numbers)
        for record in rows.select_related(*select) if select else rows:
            named[model, record.pk] = str(record)
    return named


def _shown(field: Any, value: Any, named: dict[tuple[type[models.Model], Any], str]) -> str:
    """Write one value as an editor knows it."""
    if value is None or value == "":
        return EMPTY
    if field.is_relation:
        return named.get((field.related_model, value), _("number %(number)s") % {"number": value})
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)
