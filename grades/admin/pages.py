"""What the pages of the steps share: a record by its kind and number, its address, and its facts."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from grades import access
from grades.access import Verb, desk_of
from grades.admin.told import value_in_words
from grades.models import Correction
from grades.models.base import options, rows_of
from grades.publishing.plain import public
from grades.publishing.previews import PREVIEWED, preview_token
from grades.scales import Status


def record_or_404(
    request: HttpRequest, label: str, pk: int, kind: type[models.Model] = models.Model
) -> models.Model:
    """Give a record that the person may see; anything else does not exist."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    desk = desk_of(request.user)
    if (
        options(model).app_label != "grades"
        or not issubclass(model, kind)
        or hasattr(model, "pgh_tracked_model")
    ):
        raise Http404
    record: models.Model | None = access.visible(rows_of(model), desk).filter(pk=pk).first()
    if record is None or not access.may(desk, Verb.VIEW, record):
        raise Http404
    return record


def change_address(record: models.Model) -> str:
    """Give the address of a record's own page in the admin."""
    return reverse(f"admin:grades_{options(type(record)).model_name}_change", args=[record.pk])


def facts_of(record: models.Model) -> list[tuple[str, str]]:
    """Give the fields of a record that would be public, with their values in words."""
    model = type(record)
    names = {field.attname: str(field.verbose_name) for field in options(model).concrete_fields}
    return [(names[name], value_in_words(model, name, value)) for name, value in public(record).items()]


def link_to_target(correction: Correction) -> tuple[str, str] | None:
    """Give the address and the name of what a correction is about, or None where that is still to be added."""
    target = correction.target()
    return None if target is None else (change_address(target), str(target))


def preview_address(request: HttpRequest, record: Any) -> str:
    """Give the signed address under which what is not public yet can be read, empty where it has no page."""
    if not isinstance(record, PREVIEWED) or record.status == Status.PUBLISHED:
        return ""
    token = preview_token(record, request.user, timezone.now())
    return request.build_absolute_uri(reverse("preview", args=[token]))
