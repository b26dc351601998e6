"""What must be true of the seed's lines beyond their cells, so that the database refuses nothing that was read.

A column's limits, a model's check constraints and its unique columns are taken from the models; what the database's
triggers hold across tables is said again here. Every fault is added to `errors` with its line.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from grades.importers.constraints import checks, columns_of, holds, periods, unique_sets
from grades.importers.rows import FileRows, Row, RowError
from grades.importers.seed_files import FILES, QUESTION, SeedFile, Values, own_field
from grades.models.base import options
from grades.scales import TIERS, FindingKind, Graded

Parsed = Mapping[str, FileRows]
Fault = tuple[int, str, str]
"""Line, column and what is wrong."""


def check_rules(parsed: Parsed) -> list[RowError]:
    """Give everything that is wrong with lines that were read well."""
    errors = []
    for file in FILES.values():
        for rule in (_references, _lists, _limits, _checks, _uniqueness, _overlaps):
            errors += [RowError(file.name, *fault) for fault in rule(file, parsed)]
    for name, rule_of in (
        ("grades.csv", _grades),
        ("citations.csv", _citations),
        ("grade_definitions.csv", _definitions),
        ("findings.csv", _findings),
        ("question_links.csv", _question_links),
    ):
        errors += [RowError(name, *fault) for fault in rule_of(parsed)]
    return errors


def _references(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """What a line refers to is in its file; in its own file, on an earlier line."""
    for reference in file.refers.values():
        held = [parsed[name] for name in reference.files]
        if not all(found.whole for found in held):
            continue
        for row in parsed[file.name].rows:
            key = reference.key(row)
            if key is None:
                continue
            line = next((found.keys[key] for found in held if key in found.keys), None)
            if line is None:
                shown = {"value": _shown(key), "file": _(" or ").join(reference.files)}
                yield row.line, reference.columns[-1], _("“%(value)s” is not in %(file)s") % shown
            elif file.name in reference.files and line >= row.line:
                message = _("“%(value)s” is not on an earlier line") % {"value": _shown(key)}
                yield row.line, reference.columns[-1], message


def _lists(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """Every name of a list is in its file."""
    for column, target in file.lists.items():
        if parsed[target].whole:
            for row in parsed[file.name].rows:
                for name in row[column]:
                    if (name,) not in parsed[target].keys:
                        shown = {"value": name, "file": target}
                        yield row.line, column, _("“%(value)s” is not in %(file)s") % shown


def _limits(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """A column's own limits: lengths, ranges, formats."""
    fields = {column: own_field(file.model, column) for column in file.shape.columns}
    good: set[tuple[str, Any]] = set()
    for row in parsed[file.name].rows:
        for column, value in row.values.items():
            found = fields[column]
            if found is None or (column, value) in good:
                continue
            try:
                found.clean(getattr(value, "first", value), None)
                good.add((column, value))
            except ValidationError as problem:
                yield row.line, column, " ".join(problem.messages)


def _checks(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """The model's check constraints hold."""
    empty = _empty(file.model)
    for row in parsed[file.name].rows:
        values = {**empty, **file.values(row)}
        for condition, message in checks(file.model):
            if holds(condition, values) is False:
                looked_at = set(columns_of(condition))
                columns = [column for column in row.values if column in looked_at]
                yield row.line, ", ".join(columns), message


def _uniqueness(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """What must be unique beside the key."""
    records = [(row, file.values(row)) for row in parsed[file.name].rows]
    for columns, empty_counts in unique_sets(file.model):
        seen: dict[tuple[Any, ...], Row] = {}
        for row, values in records:
            if not values.keys() >= set(columns):
                break  # known only once its parents are written
            found = tuple(values[column] for column in columns)
            if None in found and not empty_counts:
                continue
            first = seen.setdefault(found, row)
            if first is not row and first.key != row.key:
                yield row.line, ", ".join(columns), _("repeats line %(line)d") % {"line": first.line}


def _overlaps(file: SeedFile, parsed: Parsed) -> Iterator[Fault]:
    """Periods of which there is one at a time do not overlap; each begins before the day on which it ends."""
    for key, start, end, condition, message in periods(file.model):
        earlier: dict[Any, list[tuple[date, date, Row]]] = {}
        for row in parsed[file.name].rows:
            values = {**_empty(file.model), **file.values(row)}
            first, last = values[start] or date.min, values[end] or date.max
            if not holds(condition, values) or first >= last:
                continue
            others = earlier.setdefault(values[key], [])
            for from_, until, other in others:
                if first < until and from_ < last:
                    shown = {"rule": message, "line": other.line}
                    yield row.line, f"{start}, {end}", _("%(rule)s See line %(line)d.") % shown
            others.append((first, last, row))


def _empty(model: type[Model]) -> Values:
    """Give what a new record holds where a file says nothing."""
    return {f.name: f.get_default() for f in options(model).concrete_fields}


def _grades(parsed: Parsed) -> Iterator[Fault]:
    """A grade names its report, fits its cycle's scale and its question, and is carried forward from an earlier cycle."""
    graded = {row.key: row["graded"] for row in parsed["questions.csv"].rows}
    for row in parsed["grades.csv"].rows:
        if row["level"] and not row["report"]:
            yield row.line, "report", _("only what was not graded has no report")
        yield from _on_scale(row, parsed, "level", "amended_from")
        yield from _carried_from_earlier(row, parsed)
        if row["level"] and graded.get(tuple(row[c] for c in QUESTION)) == Graded.UNGRADED:
            yield row.line, "level", _("this question is not graded for any force")


def _citations(parsed: Parsed) -> Iterator[Fault]:
    """What a source states fits its cycle as a grade does."""
    for row in parsed["citations.csv"].rows:
        yield from _on_scale(row, parsed, "level")
        yield from _carried_from_earlier(row, parsed)


def _definitions(parsed: Parsed) -> Iterator[Fault]:
    """A meaning belongs to a grade of its cycle's scale."""
    for row in parsed["grade_definitions.csv"].rows:
        yield from _on_scale(row, parsed, "level")


def _on_scale(row: Row, parsed: Parsed, *columns: str) -> Iterator[Fault]:
    tiers = {cycle["slug"]: cycle["tiers"] for cycle in parsed["cycles.csv"].rows}
    scale = TIERS.get(tiers.get(row["cycle"], 0))
    for column in columns:
        if scale and row[column] and row[column] not in scale:
            shown = {"value": row[column], "cycle": row["cycle"], "words": ", ".join(scale)}
            yield row.line, column, _("“%(value)s” is not on the scale of %(cycle)s: %(words)s") % shown


def _carried_from_earlier(row: Row, parsed: Parsed) -> Iterator[Fault]:
    order = {cycle["slug"]: cycle["order"] for cycle in parsed["cycles.csv"].rows}
    origin, own = order.get(row["carried_from"]), order.get(row["cycle"])
    if origin is not None and own is not None and origin >= own:
        shown = {"value": row["carried_from"], "cycle": row["cycle"]}
        yield row.line, "carried_from", _("“%(value)s” is not earlier than %(cycle)s") % shown


def _findings(parsed: Parsed) -> Iterator[Fault]:
    """A finding's relatives are of its force, and a recommendation answers a cause of concern."""
    findings = {row["key"]: row for row in parsed["findings.csv"].rows}
    for row in parsed["findings.csv"].rows:
        for column in ("parent", "continues"):
            other = findings.get(row[column])
            if other is not None and other["force"] != row["force"]:
                yield row.line, column, _("“%(value)s” is about another force") % {"value": row[column]}
            if other is not None and column == "parent" and other["kind"] != FindingKind.CAUSE_OF_CONCERN:
                yield row.line, column, _("“%(value)s” is not a cause of concern") % {"value": row[column]}


def _question_links(parsed: Parsed) -> Iterator[Fault]:
    """A question follows one of an earlier cycle."""
    order = {cycle["slug"]: cycle["order"] for cycle in parsed["cycles.csv"].rows}
    for row in parsed["question_links.csv"].rows:
        origin, own = order.get(row["from_cycle"]), order.get(row["to_cycle"])
        if origin is not None and own is not None and origin >= own:
            shown = {"value": row["from_cycle"], "cycle": row["to_cycle"]}
            yield row.line, "from_cycle", _("“%(value)s” is not earlier than %(cycle)s") % shown


def _shown(key: tuple[Any, ...]) -> str:
    return ", ".join(str(part) for part in key if part)
