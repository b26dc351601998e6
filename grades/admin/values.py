"""What a column holds, and who somebody is, as an editor knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grades.models.base import rows_of
from grades.publishing.plain import value_of

EMPTY = "–"

Named = Mapping[tuple[type[models.Model], Any], str]
"""Names of records by their kind and number."""


def in_words(field: Any, value: Any, *, nothing: str = EMPTY, named: Named | None = None) -> str:
    """Write what a column holds. The records that foreign keys mean are looked up, each for itself, unless `named` names them."""
    if value is None or value == "":
        return nothing
    if field.is_relation:
        return _record(field, value, named)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def text_in_words(field: Any, text: str | None) -> str:
    """Write what a column's plain text stands for; text that the column cannot hold stays as it is."""
    try:
        return in_words(field, value_of(field, text))
    except ValidationError:
        return str(text)


def names_of(pairs: Iterable[tuple[Any, Any]]) -> Named:
    """Name the records that foreign keys mean, given as fields with their values: one question for each kind."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for field, value in pairs:
        if field.is_relation and value is not None:
            wanted[field.related_model].add(value)
    named = {}
    for model, numbers in wanted.items():
        for record in _readable(model).filter(pk__in=numbers):
            named[model, record.pk] = str(record)
    return named


def people_named(numbers: Iterable[Any]) -> dict[str, str]:
    """Name people by their numbers, written as text; what is no number is left out."""
    wanted = {str(number) for number in numbers}
    return {
        str(person.pk): person.get_full_name() or person.get_username()
        for person in get_user_model().objects.filter(pk__in=[n for n in wanted if n.isdecimal()])
    }


def _record(field: Any, value: Any, named: Named | None) -> str:
    """Name the record that a foreign key means, or say its number where it is gone."""
    model = field.related_model
    if named is None:
        found = _readable(model).filter(pk=value).first()
        named = {} if found is None else {(model, value): str(found)}
    return named.get((model, value), _("number %(number)s") % {"number": value})


def _readable(model: type[models.Model]) -> models.QuerySet[Any]:
    """Give the records of a kind with what their names need."""
    select: Any = ()
    if admin.site.is_registered(model):
        select = admin.site.get_model_admin(model).list_select_related or ()
    return rows_of(model).select_related(*select) if select else rows_of(model)
