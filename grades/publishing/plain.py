"""Records as plain text by column: what corrections keep, and what the log tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from grades.models.base import options

Plain = dict[str, str | None]
"""Columns (foreign keys as `…_id`) with their values as text; None where there is none."""


def label_of(record: models.Model | type[models.Model]) -> str:
    """Give the name of a kind of record, such as grades.grade."""
    return options(record if isinstance(record, type) else type(record)).label_lower


def model_of(label: str) -> type[models.Model]:
    """Give the kind of record with this name."""
    return apps.get_model(label)


def plain(record: models.Model, columns: Iterable[str] | None = None) -> Plain:
    """Write a record's columns as text: all but its number, or those that are named."""
    fields = {field.attname: field for field in options(type(record)).concrete_fields}
    wanted = [name for name, field in fields.items() if not field.primary_key] if columns is None else columns
    return {name: as_text(fields[name], record) for name in wanted}


PRIVATE = frozenset({"status", "published_at", "owner", "author", "checker"})
"""Columns of how a record is worked on, and by whom, which are not for the public."""


def public(record: models.Model) -> Plain:
    """Write what is public of a record as text; what it leaves empty is left out."""
    return {name: text for name, text in plain(record).items() if name not in PRIVATE and text}


def as_text(field: Any, record: models.Model) -> str | None:
    """Write one column as text."""
    value = getattr(record, field.attname)
    if value is None:
        return None
    return str(value) if field.is_relation else str(field.value_to_string(record))


def set_plain(record: models.Model, values: Plain) -> None:
    """Put text back into a record's columns; raise ValidationError for what a column cannot hold."""
    fields = {field.attname: field for field in options(type(record)).concrete_fields}
    for name, value in values.items():
        setattr(record, name, value_of(fields[name], value))


def value_of(field: Any, text: str | None) -> Any:
    """Read one column's text; raise ValidationError for what it cannot hold."""
    column = field.target_field if field.is_relation else field
    return None if text is None else column.to_python(text)


def shown(model: type[models.Model], name: str, value: str | None) -> str | None:
    """Write a column's text for a reader of the log: what a foreign key names instead of its number."""
    field: Any = next(field for field in options(model).concrete_fields if field.attname == name)
    if value is None or not field.is_relation:
        return value
    named = field.related_model.objects.filter(pk=value).first()
    return value if named is None else str(named)
