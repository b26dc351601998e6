"""What is public as soon as it is saved: the framework, figures, required information. The log tells of each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import models

from grades import access
from grades.models import ChangeLogEntry, Force, RequiredItem
from grades.publishing.documents import acting
from grades.publishing.plain import PRIVATE, Plain, label_of, plain, shown
from grades.scales import ChangeKind


def note_direct_edit(
    *,
    record: models.Model,
    changed: Iterable[str],
    added: bool,
    by: Any,
    now: datetime,
    chosen: Mapping[str, str] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Tell the log of a change that took effect at once. Call in the same transaction.

    `changed` names the columns; `chosen` tells, by field, what the record is connected with now; `before` holds the values
    that columns had.
    """
    columns = sorted(set(changed) - PRIVATE)
    force = access.force_of(record)
    slug = "" if force is None else Force.objects.values_list("slug", flat=True).get(pk=force)
    ChangeLogEntry.objects.append(
        kind=_kind(record, added=added),
        at=now,
        force=slug,
        document={
            "record": label_of(record),
            "name": str(record),
            "office": acting(by, record, now),
            "now": {**_shown(record, columns), **(chosen or {})},
        }
        | ({} if added or not before else {"was": _shown(_as_before(record, before), columns)}),
    )


def _as_before(record: models.Model, before: Mapping[str, Any]) -> models.Model:
    """Give a copy of a record with the values that some of its columns had."""
    old = copy(record)
    for column, value in before.items():
        setattr(old, column, value)
    return old


def _shown(record: models.Model, columns: Iterable[str]) -> Plain:
    """Write columns as a reader of the log sees them."""
    return {name: shown(type(record), name, value) for name, value in plain(record, columns).items()}


def _kind(record: models.Model, *, added: bool) -> ChangeKind:
    if isinstance(record, RequiredItem):
        return ChangeKind.REQUIRED_INFORMATION
    return ChangeKind.ADDED if added else ChangeKind.CORRECTED
