"""Comparing what a file wants with what the database holds, and writing the difference. Call inside a transaction."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DataError, Error, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from grades.importers.constraints import options
from grades.importers.rows import BadFiles, Key, RowError
from grades.models import SeedRow

Refs = dict[str, dict[Key, int]]
"""For each file, the primary key of each record by the key of its line."""

BATCH = 2000

GONE = -1
"""Stands for a record that a person removed; rows that would point to it are left out."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one line wants: its key, and the values by column (foreign keys as `…_id`)."""

    line: int
    key: Key
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table that a file fills.

    `records` is asked with the keys of all tables before, and of this table's own lines before; `identity` names the
    columns that find a record in the database; `at_creation` holds values that are written once and never compared;
    `known_as` says under which name the table's keys are kept, if not its own.
    """

    name: str
    file: str
    model: type[models.Model]
    identity: tuple[str, ...]
    records: Callable[[Refs], Iterable[Record]]
    at_creation: Mapping[str, Any] = field(default_factory=dict)
    known_as: str = ""


@dataclass(slots=True)
class Tally:
    """What applying did: counts, the rows that a person had edited and that were left alone, and those no file has now."""

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
    return hashlib.sha256(
        "\x1f".join(f"{name}={_plain(values[name])}" for name in sorted(values)).encode()
    ).hexdigest()


def _plain(value: Any) -> str:
    match value:
        case None:
            return "\x00"
        case bool():
            return str(int(value))
        case Decimal():
            return format(value.normalize() + 0, "f")  # 52.50 is 52.5, and -0 is 0
        case date():
            return value.isoformat()
        case _:
            return str(value)


def apply_table(table: Table, refs: Refs) -> Tally:
    """Write one table's difference and note the primary keys of its records in `refs`.

    A record that differs from what was last written here was edited by a person, and one that is gone was removed by a
    person: both are left alone. Raise BadFiles, with the lines, if the database refuses any.
    """
    tally = Tally()
    ids = refs.setdefault(table.known_as or table.name, {})
    before = dict(SeedRow.objects.filter(table=table.name).values_list("key", "digest"))
    there: dict[tuple[Any, ...], dict[str, Any]] | None = None
    numbers = _reserved_numbers(table.model)
    new: list[tuple[int, models.Model]] = []
    changed: list[tuple[int, models.Model]] = []
    columns: list[str] = []
    noted: list[SeedRow] = []

    for record in table.records(refs):
        if there is None:
            columns = sorted(record.values)
            there = _records_there(table, columns)
        name, now = "|".join(record.key), digest(record.values)
        last = before.pop(name, None)
        found = there.get(tuple(record.values[column] for column in table.identity))
        if GONE in record.values.values() or (found is None and last is not None):
            tally.kept.append(f"{table.name}: {name}")
            continue
        if found is None:
            ids[record.key] = next(numbers)
            new.append((record.line, table.model(pk=ids[record.key], **record.values, **table.at_creation)))
        else:
            ids[record.key] = found["pk"]
            current = digest({column: found[column] for column in columns})
            if current == now:
                tally.unchanged += 1
            elif current == last:
                changed.append((record.line, table.model(pk=found["pk"], **record.values)))
            else:
                tally.kept.append(f"{table.name}: {name}")
                continue
        if last != now:
            noted.append(SeedRow(table=table.name, key=name, digest=now))

    manager = _manager(table.model)
    refused = [
        *_refused(new, lambda records: manager.bulk_create(records, batch_size=BATCH)),
        *_refused(changed, lambda records: manager.bulk_update(records, columns, batch_size=BATCH)),
    ]
    if refused:
        raise BadFiles(
            [RowError(table.file, line, "", _reason(problem, table.model)) for line, problem in refused]
        )
    SeedRow.objects.bulk_create(
        noted,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["table", "key"],
        update_fields=["digest"],
    )
    tally.created, tally.changed = len(new), len(changed)
    tally.vanished = [f"{table.name}: {name}" for name in before]
    return tally


def _manager(model: type[models.Model]) -> models.Manager[Any]:
    return model._default_manager  # noqa: SLF001  a documented name


def _records_there(table: Table, columns: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Give what the database holds, by identity."""
    rows = _manager(table.model).values("pk", *{*columns, *table.identity})
    return {tuple(row[column] for column in table.identity): row for row in rows}


def _reserved_numbers(model: type[models.Model]) -> Iterator[int]:
    """Give primary keys that nobody else will get, so that a record can point to a new one of its own table."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{options(model).db_table}"', options(model).pk.column, BATCH],
            )
            numbers = [number for (number,) in cursor.fetchall()]
        yield from numbers


def _refused(
    records: Sequence[tuple[int, models.Model]], write: Callable[[list[models.Model]], object]
) -> list[tuple[int, Error]]:
    """Write records; where the database refuses some, find out which, by halves."""
    if not records:
        return []
    try:
        with transaction.atomic():
            write([record for _line, record in records])
    except (IntegrityError, DataError) as problem:
        if len(records) == 1:
            return [(records[0][0], problem)]
        middle = len(records) // 2
        return [*_refused(records[:middle], write), *_refused(records[middle:], write)]
    return []


def _reason(problem: Error, model: type[models.Model]) -> str:
    """Say why the database refused a record: in the words of the model's rule, or else in its own."""
    said = getattr(problem.__cause__, "diag", None)
    broken = getattr(said, "constraint_name", None)
    for constraint in options(model).constraints:
        if constraint.name == broken:
            return str(constraint.violation_error_message)
    words = [getattr(said, "message_primary", None) or str(problem), getattr(said, "message_detail", None)]
    return _("the database refuses it: %(why)s") % {"why": ". ".join(word for word in words if word)}
