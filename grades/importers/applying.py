"""Comparing what a file wants with what the database holds, and writing the difference in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from grades.models import SeedRow

Key = tuple[str, ...]
Refs = dict[str, dict[Key, int]]
"""For each table, the primary key of each row by the row's own key."""

BATCH = 2000

GONE = -1
"""Stands for a record that a person removed; rows that would point to it are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table that the seed fills.

    `records` gives each row's key and its values by column (foreign keys as `…_id`), `identity` names the columns that
    find a row in the database, `at_creation` holds values that are written once and never compared.
    """

    name: str
    model: type[models.Model]
    identity: tuple[str, ...]
    records: Callable[[Refs], Iterable[tuple[Key, dict[str, Any]]]]
    at_creation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What applying did: counts, and the rows that a person had edited and that were left alone."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add another table's counts."""
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.kept += other.kept
        self.vanished += other.vanished


def digest(values: Mapping[str, Any]) -> str:
    """Sum a row's values up, the same whether they come from a file or from the database."""
    return hashlib.sha256("\x1f".join(f"{name}={_plain(values[name])}" for name in sorted(values)).encode()).hexdigest()


def _plain(value: Any) -> str:
    match value:
        case None:
            return "\x00"
        case bool():
            return str(int(value))
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def apply_table(table: Table, refs: Refs) -> Tally:
    """Write one table's difference and note the primary keys of its rows in `refs`. Call inside a transaction."""
    tally = Tally()
    wanted = list(table.records(refs))
    columns = sorted(wanted[0][1]) if wanted else []
    found = {
        tuple(row[c] for c in table.identity): row
        for row in table.model._default_manager.values("pk", *{*columns, *table.identity})
    }
    seeded = dict(SeedRow.objects.filter(table=table.name).values_list("key", "digest"))
    new: list[tuple[Key, models.Model]] = []
    rewrite: list[models.Model] = []
    noted: list[SeedRow] = []
    ids = refs.setdefault(table.name, {})

    for key, values in wanted:
        name, now = "|".join(str(part) for part in key), digest(values)
        if GONE in values.values():
            seeded.pop(name, None)
            tally.kept.append(f"{table.name}: {name}")
            continue
        there, before = found.get(tuple(values[c] for c in table.identity)), seeded.pop(name, None)
        if there is None:
            if before is None:
                new.append((key, table.model(**values, **table.at_creation)))
                noted.append(SeedRow(table=table.name, key=name, digest=now))
            else:
                tally.kept.append(f"{table.name}: {name}")
            continue
        ids[key] = there["pk"]
        current = digest({c: there[c] for c in columns})
        if current == now:
            tally.unchanged += 1
        elif current == before:
            rewrite.append(table.model(pk=there["pk"], **values))
        else:
            tally.kept.append(f"{table.name}: {name}")
            continue
        if before != now:
            noted.append(SeedRow(table=table.name, key=name, digest=now))

    made = table.model._default_manager.bulk_create([record for _, record in new], batch_size=BATCH)
    for (key, _), record in zip(new, made, strict=True):
        ids[key] = record.pk
    if rewrite:
        table.model._default_manager.bulk_update(rewrite, columns, batch_size=BATCH)
    SeedRow.objects.bulk_create(
        noted, batch_size=BATCH, update_conflicts=True, unique_fields=["table", "key"], update_fields=["digest"]
    )
    tally.created, tally.changed = len(new), len(rewrite)
    tally.vanished = [f"{table.name}: {name}" for name in seeded]
    return tally
