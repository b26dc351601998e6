"""Comparing what a file wants with what the database holds, and writing the difference. Call inside a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import DataError, Error, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from grades.importers.rows import BadFiles, Key, RowError
from grades.models import SeedRow
from grades.models.base import options, rows_of

Refs = dict[str, dict[Key, int]]
"""For each file, the primary key of each record by the key of its line."""

Plain = dict[str, str | None]
"""Values as text, the same whether they come from a file or from the database."""

Item = TypeVar("Item")

BATCH = 2000


class _Gone(int):
    """Unlike any number, even an equal one."""


GONE = _Gone(-1)
"""Stands for a record that a person removed or does not let in; rows that would point to it are left out."""

TAKEN = {"23505", "23P01"}
"""PostgreSQL's words for: another record has what must be unique, or lies where only one may."""


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
    columns that find a record in the database; `at_creation` holds values that are written once, and `moments` those of
    them that differ from load to load; `known_as` says under which name the table's keys are kept, if not its own.
    What stands in the columns of `settled` is public, and changes through a correction alone.
    """

    name: str
    file: str
    model: type[models.Model]
    identity: tuple[str, ...]
    records: Callable[[Refs], Iterable[Record]]
    at_creation: Mapping[str, Any] = field(default_factory=dict)
    moments: tuple[str, ...] = ()
    known_as: str = ""
    settled: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tally:
    """What applying did: counts, and the lines that somebody should know of.

    `kept` are rows that a person edited or removed, with those that hang on removed ones, and public ones that a correction
    would have to change; `blocked` are lines that a
    person's record does not let in; `removed` are records that no file has now; `vanished` would be, but a person edited
    them or something hangs on them.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add another table's counts."""
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.kept += other.kept
        self.blocked += other.blocked
        self.removed += other.removed
        self.vanished += other.vanished


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that is to be written."""

    row: Record
    record: models.Model


@dataclass(slots=True)
class Plan:
    """What has to be written to one table; `columns` are those in which a record changes."""

    tally: Tally = field(default_factory=Tally)
    new: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    noted: list[SeedRow] = field(default_factory=list)


def plain(values: Mapping[str, Any]) -> Plain:
    """Write a row's values as text."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return str(int(value))
        case Decimal():
            return format(value.normalize() + 0, "f")  # 52.50 is 52.5, and -0 is 0
        case date():
            return value.isoformat()
        case _:
            return str(value)


def lock(written: Iterable[type[models.Model]]) -> None:
    """Let nobody else write until the end of the transaction, so that no edit is overlooked; everybody can read."""
    names = dict.fromkeys(connection.ops.quote_name(options(model).db_table) for model in written)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE")


def remove_vanished(table: Table) -> Tally:
    """Remove the records that no line wants any more.

    A record that a person edited stays, and one that something else hangs on: ask for the last table first.
    """
    tally = Tally()
    wanted = {_name(row.key) for row in table.records(defaultdict(dict))}
    vanished = set(SeedRow.objects.filter(table=table.name).values_list("key", flat=True)) - wanted
    if not vanished:
        return tally
    there = {tuple(_plain(row[c]) for c in table.identity): row for row in rows_of(table.model).values()}
    written = SeedRow.objects.filter(table=table.name, key__in=vanished)
    free: list[tuple[SeedRow, int]] = []
    for seeded in written:
        found = there.get(tuple(seeded.values.get(column) for column in table.identity))
        if found is None:
            free.append((seeded, GONE))
        elif _untouched(found, seeded.values, table):
            free.append((seeded, found[options(table.model).pk.attname]))
        else:
            tally.vanished.append(f"{table.name}: {seeded.key}")

    def delete(some: list[tuple[SeedRow, int]]) -> None:
        take_out(table.model, [number for _seeded, number in some])
        connection.check_constraints()

    free.sort(key=lambda pair: pair[1], reverse=True)  # of one table, a child is younger than its parent
    held = {seeded.pk for (seeded, _number), _problem in _refused(free, delete)}
    tally.vanished += (f"{table.name}: {seeded.key}" for seeded, _number in free if seeded.pk in held)
    tally.removed = [
        f"{table.name}: {seeded.key}"
        for seeded, number in free
        if seeded.pk not in held and number is not GONE
    ]
    SeedRow.objects.filter(pk__in=[seeded.pk for seeded, _number in free if seeded.pk not in held]).delete()
    return tally


def _untouched(found: Mapping[str, Any], written: Plain, table: Table) -> bool:
    """Say whether a record holds what was written, and nothing where nothing was."""
    expected = _defaults(table.model) | plain(table.at_creation) | written
    ours = {options(table.model).pk.attname, *table.moments}
    return all(_plain(value) == expected[column] for column, value in found.items() if column not in ours)


def apply_table(table: Table, refs: Refs) -> Tally:
    """Write one table's difference and note the primary keys of its records in `refs`.

    A record that differs from what was last written here was edited by a person, and one that is gone was removed by a
    person: both are left alone. So is a line that the database refuses because of what a person recorded. Raise
    BadFiles, with the lines, if the database refuses any for another reason.
    """
    ids = refs.setdefault(table.known_as or table.name, {})
    known = dict(ids)
    before: dict[str, Plain] = dict(SeedRow.objects.filter(table=table.name).values_list("key", "values"))
    blocked: dict[Key, RowError] = {}
    while True:
        plan = _compare(table, refs, before, blocked)
        refused = _write(table.model, plan)
        if not refused:
            break
        errors = {
            wanted.row.key: RowError(table.file, wanted.row.line, "", _reason(problem, table.model))
            for wanted, problem in refused
        }
        faults = [
            errors[wanted.row.key]
            for wanted, problem in refused
            if not _stands_in_the_way(problem, table.model)
        ]
        if faults:
            raise BadFiles(faults)
        blocked |= errors
        ids.clear()
        ids.update(known)
    SeedRow.objects.bulk_create(
        plan.noted,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["table", "key"],
        update_fields=["values"],
    )
    plan.tally.created, plan.tally.changed = len(plan.new), len(plan.changed)
    plan.tally.blocked = [str(error) for error in blocked.values()]
    return plan.tally


def _compare(table: Table, refs: Refs, before: Mapping[str, Plain], blocked: Mapping[Key, RowError]) -> Plan:
    """Find out what has to be written, but for the lines that are blocked."""
    plan = Plan()
    ids = refs[table.known_as or table.name]
    there: dict[tuple[Any, ...], dict[str, Any]] | None = None
    numbers = reserved_numbers(table.model)
    defaults = _defaults(table.model)
    for row in table.records(refs):
        if there is None:
            there = _records_there(table, row.values)
        name, now = _name(row.key), plain(row.values)
        last = before.get(name)
        found = there.get(tuple(row.values[column] for column in table.identity))
        if found is not None:
            ids[row.key] = found["pk"]
        if row.key in blocked:
            continue
        if (found is None and last is not None) or any(value is GONE for value in row.values.values()):
            plan.tally.kept.append(f"{table.name}: {name}")
            continue
        if found is None:
            ids[row.key] = next(numbers)
            record = table.model(pk=ids[row.key], **row.values, **table.at_creation)
            plan.new.append(Wanted(row, record))
        else:
            current = plain({column: found[column] for column in now})
            if current == now:
                plan.tally.unchanged += 1
            elif (
                last is not None
                and current.items() <= (defaults | last).items()
                and all(current[column] == now[column] for column in table.settled & now.keys())
            ):
                plan.changed.append(Wanted(row, table.model(pk=found["pk"], **row.values)))
                plan.columns |= {column for column in now if current[column] != now[column]}
            else:
                plan.tally.kept.append(f"{table.name}: {name}")
                continue
        if last != now:
            plan.noted.append(SeedRow(table=table.name, key=name, values=now))
    return plan


def _write(model: type[models.Model], plan: Plan) -> list[tuple[Wanted, Error]]:
    """Write a plan, what changes before what is new; give what the database refuses, and then leave all as it was."""
    manager = rows_of(model)

    def update(some: list[Wanted]) -> None:
        records = [wanted.record for wanted in some]
        manager.bulk_update(records, sorted(plan.columns), batch_size=BATCH)

    def create(some: list[Wanted]) -> None:
        manager.bulk_create([wanted.record for wanted in some], batch_size=BATCH)

    if not plan.changed and not plan.new:
        return []
    with transaction.atomic():
        refused = _refused(plan.changed, update, one_by_one=False)
        if refused:
            refused = _exchange(model, plan, update)
        refused += _refused(plan.new, create)
        if refused:
            transaction.set_rollback(True)
    return refused


def _exchange(
    model: type[models.Model], plan: Plan, update: Callable[[list[Wanted]], None]
) -> list[tuple[Wanted, Error]]:
    """Change records that may take each other's places: two orders swapped, a period that ends where the next begins.

    All are taken out, so that none is in the way of another, and put back as they should be; foreign keys are compared
    at the end of the transaction only. The update that follows changes nothing more, but triggers look at it.
    """
    whole = rows_of(model).in_bulk([wanted.record.pk for wanted in plan.changed])
    for wanted in plan.changed:
        for column in plan.columns:
            setattr(whole[wanted.record.pk], column, getattr(wanted.record, column))
    take_out(model, list(whole))

    def put_back(some: list[Wanted]) -> None:
        rows_of(model).bulk_create([whole[wanted.record.pk] for wanted in some], batch_size=BATCH)

    refused = _refused(plan.changed, put_back)
    out = {wanted.record.pk for wanted, _problem in refused}
    return refused + _refused([wanted for wanted in plan.changed if wanted.record.pk not in out], update)


def take_out(model: type[models.Model], numbers: list[int]) -> None:
    """Delete rows and nothing else; what points to them is looked at when constraints are."""
    quote, pk = connection.ops.quote_name, str(options(model).pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quote(options(model).db_table)} WHERE {quote(pk)} = ANY(%s)",  # noqa: S608  names of ours
            [[int(number) for number in numbers]],
        )


def _name(key: Key) -> str:
    return "|".join(key)


def _defaults(model: type[models.Model]) -> Plain:
    """Give what a record holds where nothing was written."""
    return {f.attname: _plain(f.get_default()) for f in options(model).concrete_fields}


def _records_there(table: Table, columns: Iterable[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Give what the database holds, by identity."""
    rows = rows_of(table.model).values("pk", *{*columns, *table.identity})
    return {tuple(row[column] for column in table.identity): row for row in rows}


def reserved_numbers(model: type[models.Model]) -> Iterator[int]:
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
    items: Sequence[Item], write: Callable[[list[Item]], object], *, one_by_one: bool = True
) -> list[tuple[Item, Error]]:
    """Write; where the database refuses some, find out which, by halves, or give them all."""
    if not items:
        return []
    try:
        with transaction.atomic():
            write(list(items))
    except (IntegrityError, DataError) as problem:
        if len(items) == 1 or not one_by_one:
            return [(item, problem) for item in items]
        middle = len(items) // 2
        return [*_refused(items[:middle], write), *_refused(items[middle:], write)]
    return []


def _stands_in_the_way(problem: Error, model: type[models.Model]) -> bool:
    """Say whether a record is refused because of others: what must be unique is taken, or a trigger finds a contradiction.

    The files were held against these rules before, so the others are a person's.
    """
    state = getattr(problem.__cause__, "sqlstate", None)
    broken = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
    own = {constraint.name for constraint in options(model).constraints}
    return state in TAKEN or (state == "23514" and broken not in own)


def _reason(problem: Error, model: type[models.Model]) -> str:
    """Say why the database refused a record: in the words of the model's rule, or else in its own."""
    said = getattr(problem.__cause__, "diag", None)
    broken = getattr(said, "constraint_name", None)
    for constraint in options(model).constraints:
        if constraint.name == broken:
            return str(constraint.violation_error_message)
    words = [getattr(said, "message_primary", None) or str(problem), getattr(said, "message_detail", None)]
    return _("the database refuses it: %(why)s") % {"why": ". ".join(word for word in words if word)}
