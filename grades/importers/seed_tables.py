"""How the seed's files fill the tables, parents before children."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from grades import models, scales
from grades.importers.applying import GONE, Record, Refs, Table
from grades.importers.rows import Key, Row
from grades.importers.seed_files import FILES, SeedFile, Values
from grades.importers.seed_rules import Parsed
from grades.models.base import Publishable, options

AREAS = "areas.csv"
INSPECTIONS = "inspections"

SETTLED = frozenset({"state", "level", "carried_from_id"})
"""What is public of a grade, and what its source states: a correction changes it, with a reason, and no file does."""


def tables(parsed: Parsed) -> Iterator[Table]:
    """Give the tables in the order in which they have to be filled."""
    for file in FILES.values():
        if file.name == "forces.csv":
            yield _areas_of_forces(parsed)
        if file.name == "reports.csv":
            yield _inspections(parsed)
        yield _one_record_a_line(file, parsed)
    for file in FILES.values():
        for column, target in file.lists.items():
            yield _members(file, column, target, parsed)


def _one_record_a_line(file: SeedFile, parsed: Parsed) -> Table:
    """Fill a file's own model."""
    columns = {found.name for found in options(file.model).concrete_fields}
    inspected = {_inspection(row, row["kind"]) for row in parsed["reports.csv"].rows}

    def records(refs: Refs) -> Iterator[Record]:
        for row in parsed[file.name].rows:
            values = file.values(row)
            for name, reference in file.refers.items():
                key = values.pop(name)
                if name in columns:
                    among = AREAS if AREAS in reference.files else reference.files[0]
                    values[f"{name}_id"] = _find(refs, among, key)
            yield Record(row.line, row.key, values | _implied(file.name, row, refs, inspected))

    return Table(
        name=file.name,
        file=file.name,
        model=file.model,
        identity=file.identity,
        records=records,
        settled=SETTLED if file.model in (models.Grade, models.Citation) else frozenset(),
        **(_public_at_once() if issubclass(file.model, Publishable) else {}),
    )


def _public_at_once() -> dict[str, Any]:
    """What the seed brings is public from the first load on."""
    now = {"status": scales.Status.PUBLISHED.value, "published_at": timezone.now()}
    return {"at_creation": now, "moments": ("published_at",)}


def _implied(name: str, row: Row, refs: Refs, inspected: set[Key]) -> Values:
    """Give the records that a line belongs to without naming them: a force's area, a report's inspection."""
    match name:
        case "forces.csv":
            return {"area_id": _find(refs, AREAS, row.key)}
        case "reports.csv":
            return {"inspection_id": _find(refs, INSPECTIONS, _inspection(row, row["kind"]))}
        case "grades.csv":
            return {"inspection_id": _find(refs, INSPECTIONS, _inspection(row, row["report"]))}
        case "findings.csv" | "mentions.csv":
            # They may come before their report, or belong to an inspection of which no report is recorded.
            key = _inspection(row, scales.ReportKind.PEEL)
            return {"inspection_id": _find(refs, INSPECTIONS, key) if key in inspected else None}
        case _:
            return {}


def _inspection(row: Row, report: str) -> Key:
    """Give the inspection that a kind of report belongs to; the reports of 2014 to 2017 are parts of one."""
    kind = report if report in scales.InspectionKind.values else scales.InspectionKind.PEEL
    return row["force"], row["cycle"], str(kind)


def _areas_of_forces(parsed: Parsed) -> Table:
    """Every force is an area that figures can be about."""

    def records(refs: Refs) -> Iterator[Record]:
        for row in parsed["forces.csv"].rows:
            kind = scales.AreaKind.FORCE.value
            yield Record(row.line, row.key, {"slug": row["slug"], "name": row["short_name"], "kind": kind})

    return Table(
        name="areas of forces",
        file="forces.csv",
        model=models.Area,
        identity=("slug",),
        records=records,
        known_as=AREAS,
    )


def _inspections(parsed: Parsed) -> Table:
    """Reports imply their inspections."""

    def records(refs: Refs) -> Iterator[Record]:
        done: set[Key] = set()
        for row in parsed["reports.csv"].rows:
            key = _inspection(row, row["kind"])
            if key not in done:
                done.add(key)
                force, cycle = _find(refs, "forces.csv", key[:1]), _find(refs, "cycles.csv", key[1:2])
                yield Record(row.line, key, {"force_id": force, "cycle_id": cycle, "kind": key[2]})

    return Table(
        name=INSPECTIONS,
        file="reports.csv",
        model=models.Inspection,
        identity=("force_id", "cycle_id", "kind"),
        records=records,
        **_public_at_once(),
    )


def _members(file: SeedFile, column: str, target: str, parsed: Parsed) -> Table:
    """Fill the table between two models from a column that lists names."""
    between: Any = options(file.model).get_field(column)
    own, other = between.m2m_column_name(), between.m2m_reverse_name()

    def records(refs: Refs) -> Iterator[Record]:
        for row in parsed[file.name].rows:
            for name in row[column]:
                values = {own: _find(refs, file.name, row.key), other: _find(refs, target, (name,))}
                yield Record(row.line, (*row.key, name), values)

    return Table(
        name=f"{file.name}, {column}",
        file=file.name,
        model=between.remote_field.through,
        identity=(own, other),
        records=records,
    )


def _find(refs: Refs, name: str, key: Key | None) -> int | None:
    """Give the primary key of a record, None for an empty reference, GONE when a person removed the record."""
    return refs[name].get(key, GONE) if key else None
