"""What is public as soon as it is saved: the framework, figures, required information. The log tells of each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from grades import access
from grades.models import ChangeLogEntry, Force, RequiredItem
from grades.publishing.documents import acting
from grades.publishing.plain import PRIVATE, label_of, plain
from grades.scales import ChangeKind


def note_direct_edit(
    *,
    record: models.Model,
    changed: Iterable[str],
    added: bool,
    by: Any,
    now: datetime,
    chosen: Mapping[str, str] | None = None,
) -> None:
    """Tell the log of a change that took effect at once. Call in the same transaction.

    `changed` names the columns; `chosen` tells, by field, what the record is connected with now.
    """
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
            "now": {**plain(record, sorted(set(changed) - PRIVATE)), **(chosen or {})},
        },
    )


def _kind(record: models.Model, *, added: bool) -> ChangeKind:
    if isinstance(record, RequiredItem):
        return ChangeKind.REQUIRED_INFORMATION
    return ChangeKind.ADDED if added else ChangeKind.CORRECTED
