"""Corrections as an editor reads them: each field with what it says and what it is to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from grades.admin.values import text_in_words
from grades.models import Correction
from grades.models.base import options
from grades.publishing.plain import label_of, model_of


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a correction."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """A correction with its fields in words."""

    correction: Correction
    columns: tuple[Column, ...]


def tell(correction: Correction) -> Told:
    """Put a correction into words."""
    model = model_of(correction.what)
    return Told(
        correction=correction,
        columns=tuple(
            Column(
                name=str(_field(model, name).verbose_name),
                old=value_in_words(model, name, correction.before.get(name)),
                new=value_in_words(model, name, value),
            )
            for name, value in sorted(correction.after.items())
            if value != correction.before.get(name, "") and (value or correction.before.get(name))
        ),
    )


def corrections_of(record: models.Model) -> list[Told]:
    """Give the corrections of a record, the newest first."""
    rows = Correction.objects.filter(what=label_of(record), object_id=record.pk)
    return told(rows.select_related("source", "proposed_by").order_by("-proposed_at", "-pk"))


def told(corrections: Iterable[Correction]) -> list[Told]:
    """Put corrections into words."""
    return [tell(correction) for correction in corrections]


def value_in_words(model: type[models.Model], name: str, value: str | None) -> str:
    """Write one column's plain text as an editor knows it."""
    return text_in_words(_field(model, name), value)


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in options(model).concrete_fields if field.attname == name)
