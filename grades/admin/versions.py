"""Two editors at once: which state of some rows a form was made from, and what others have changed since.

A form carries `version_of` what it edits. When it comes back, and the version is another by then, `changes_since` says who
changed what; nothing need be written until the editor has seen that. Compare while the record is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext as _

from grades.admin.history import history_of
from grades.admin.values import in_words, people_named
from grades.models.base import options


@dataclass(frozen=True, slots=True)
class Watched:
    """The rows of one model that a form edits: `rows` narrows the model's history to them, such as inspection=7."""

    model: type[models.Model]
    rows: Mapping[str, Any]
    ignored: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody else did to one column; `column` is empty where the whole row came or went."""

    model: type[models.Model]
    pk: int
    row: Mapping[str, Any]
    column: str
    field: str
    before: Any
    after: Any
    was: str
    now: str
    who: str
    when: datetime

    @property
    def added(self) -> bool:
        """Say whether the whole row is new."""
        return not self.column and self.now == _("added")


def version_of(watched: Sequence[Watched]) -> str:
    """Name the newest change to each kind of row, in one query: the same text means that nothing has changed."""
    newest = [
        history_of(each.model)
        .filter(**each.rows)
        .order_by("-pgh_id")
        .annotate(place=Value(place))
        .values_list("place", "pgh_id")[:1]
        for place, each in enumerate(watched)
    ]
    found = dict(newest[0].union(*newest[1:], all=True))
    return ".".join(str(found.get(place, 0)) for place in range(len(watched)))


def _seen(version: str, count: int) -> list[int]:
    """Read a version; one that no form of ours made counts as the beginning of time."""
    parts = version.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return [0] * count
    return [int(part) for part in parts]


def changes_since(watched: Sequence[Watched], version: str) -> list[Change]:
    """Tell what has become of each column since a version, oldest first; what was undone meanwhile is left out."""
    found: list[Change] = []
    for each, seen in zip(watched, _seen(version, len(watched)), strict=True):
        found += _changes(each, seen)
    names = people_named(change.who for change in found)
    return sorted(
        (replace(change, who=names.get(change.who, _("somebody"))) for change in found),
        key=lambda change: (change.when, change.pk, change.column),
    )


def _changes(watched: Watched, seen: int) -> Iterable[Change]:
    history = history_of(watched.model)
    newest: dict[int, Any] = {}
    for row in history.filter(**watched.rows, pgh_id__gt=seen).order_by("pgh_id"):
        newest[row.pgh_obj_id] = row
    earlier = {
        row.pgh_obj_id: row
        for row in history.filter(pgh_obj__in=list(newest), pgh_id__lte=seen)
        .order_by("pgh_obj", "-pgh_id")
        .distinct("pgh_obj")
    }
    for pk, row in newest.items():
        before = earlier.get(pk)
        gone = row.pgh_label == "delete"
        facts = {
            "model": watched.model,
            "pk": pk,
            "row": {
                name.attname: getattr(row, name.attname) for name in options(watched.model).concrete_fields
            },
            "who": str((row.pgh_context or {}).get("user", "")),
            "when": row.pgh_created_at,
        }
        if before is None and gone:
            continue
        if before is None or gone:
            now = _("added") if before is None else _("removed")
            yield Change(column="", field="", before=None, after=None, was="", now=now, **facts)
            continue
        for column in options(watched.model).concrete_fields:
            name = column.attname
            values = getattr(before, name), getattr(row, name)
            if values[0] == values[1] or name in watched.ignored:
                continue
            yield Change(
                column=name,
                field=str(column.verbose_name),
                before=values[0],
                after=values[1],
                was=in_words(column, values[0], nothing=_("nothing")),
                now=in_words(column, values[1], nothing=_("nothing")),
                **facts,
            )
