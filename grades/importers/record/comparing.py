"""What the records that a file wants would change beside those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from grades.importers.official.errors import BadFiles, RowError
from grades.importers.record.wanted import Ref, Wanted
from grades.models import Citation, Finding, FindingEvent, Grade, Inspection, Report, Response, Source
from grades.models.base import options, rows_of
from grades.scales import FindingKind, Status

_INSPECTION = ("force__slug", "cycle__slug", "kind")
_GRADE = (*(f"inspection__{path}" for path in _INSPECTION), "question__pillar__slug", "question__number")
_REPORT = (*(f"inspection__{path}" for path in _INSPECTION), "kind")

KEYS: Mapping[type[Model], tuple[str, ...]] = {
    Source: ("key",),
    Inspection: _INSPECTION,
    Report: _REPORT,
    Grade: _GRADE,
    Citation: (*(f"grade__{path}" for path in _GRADE), "source__key"),
    Finding: ("key",),
    FindingEvent: ("finding__key", "actor", "standing", "happened_on"),
    Response: (*(f"report__{path}" for path in _REPORT), "kind", "title"),
}
"""What tells records apart, parents before children: the paths of the parts of a `Ref`'s key."""

STATUS: Mapping[type[Model], str] = {
    Inspection: "status",
    Report: "inspection__status",
    Grade: "inspection__status",
    Citation: "grade__inspection__status",
    Finding: "status",
    FindingEvent: "status",
    Response: "status",
}
"""Whose status says whether a record is public; a source has none and is never changed here."""

HOLDER: Mapping[type[Model], tuple[str, ...]] = {
    Report: ("inspection",),
    Grade: ("inspection",),
    Citation: ("grade",),
    Finding: ("inspection",),
    FindingEvent: ("finding",),
    Response: ("report",),
}
"""What has to be there, or to be made, for a new record; see `_closed` for when it takes none."""


@dataclass(slots=True)
class Found:
    """A record that is there, and what its status says."""

    record: Model
    status: str


class RecordLine(NamedTuple):
    """A record that differs from its line, or that its line cannot make: where, what, and why in words."""

    line: int
    what: str
    why: str


@dataclass(slots=True)
class RecordDifference:
    """What a file changes: new records, changed ones with the fields that change, and lines that stay aside.

    `names` are those of the records that foreign keys lead to, as far as they are told of.
    """

    new: list[Wanted] = field(default_factory=list)
    changed: list[tuple[Wanted, Model, dict[str, Any]]] = field(default_factory=list)
    changes: list[RecordLine] = field(default_factory=list)
    unchanged: int = 0
    kept: list[RecordLine] = field(default_factory=list)
    there: dict[Ref, Found] = field(default_factory=dict)
    names: dict[tuple[type[Model], int], str] = field(default_factory=dict)

    @property
    def added(self) -> dict[str, int]:
        """Count the new records by kind, in words."""
        return dict(Counter(str(options(one.ref.model).verbose_name_plural) for one in self.new))

    @property
    def nothing(self) -> bool:
        """Say whether nothing would be written."""
        return not self.new and not self.changed


def compare(records: Mapping[Ref, Wanted], *, replace: bool, sheet: str) -> RecordDifference:
    """Hold what a file wants against what is there; a query for each kind. Raise BadFiles for what names nothing."""
    there = _there(records)
    names = {(ref.model, held.record.pk): shown(ref) for ref, held in there.items()}
    found = RecordDifference(there=there, names=names)
    errors = [
        RowError(sheet, *fault) for one in records.values() for fault in _dangling(one, records, found.there)
    ]
    if errors:
        raise BadFiles(errors)
    aside: set[Ref] = set()
    for one in _parents_first(records, sheet):
        held = found.there.get(one.ref)
        if held is not None:
            _beside(one, held, found, replace=replace)
        elif why := _closed(one, found.there, aside):
            aside.add(one.ref)
            found.kept.append(RecordLine(one.line, shown(one.ref), why))
        else:
            found.new.append(one)
    found.new = _needed(found)
    return found


def _there(records: Iterable[Ref]) -> dict[Ref, Found]:
    """Load the records that a file may mean: those about its forces, and all sources."""
    named = {ref.key[0] for ref in records if ref.model is Inspection}
    wanted = {ref.model for ref in records} | {Grade, Finding}
    there: dict[Ref, Found] = {}
    for model, paths in KEYS.items():
        if model not in wanted:
            continue
        parts = {f"key_{place}": F(path) for place, path in enumerate(paths)}
        status = {"owner_status": F(STATUS[model])} if model in STATUS else {}
        rows = rows_of(model).annotate(**parts, **status)
        if paths[0].endswith("force__slug"):
            rows = rows.filter(Q(**{f"{paths[0]}__in": named}))
        for record in rows:
            key = tuple(_part(getattr(record, name)) for name in parts)
            there[Ref(model, key)] = Found(record, getattr(record, "owner_status", ""))
    return there


def _part(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _dangling(
    one: Wanted, records: Mapping[Ref, Wanted], there: Mapping[Ref, Found]
) -> Iterable[tuple[int, str, str]]:
    """Find what a record names that neither the file nor the record has, or that cannot be what it is named as."""
    if one.ref.model is Finding and one.ref in there and _values(one.ref, {}, there)["force"] != one.force:
        yield one.line, "force", _("this finding is about another force")
    for name, value in one.values.items():
        if not isinstance(value, Ref):
            continue
        if value not in records and value not in there:
            message = _("“%(what)s” is neither on record nor in this file") % {"what": shown(value)}
            yield one.line, one.columns.get(name, name), message
        elif value.model is Finding:
            yield from _unfit(one, name, _values(value, records, there))


def _values(ref: Ref, records: Mapping[Ref, Wanted], there: Mapping[Ref, Found]) -> dict[str, Any]:
    """Give the kind and the force of a finding, which is in the file or on record."""
    if ref in records:
        return records[ref].values
    record: Any = there[ref].record
    return {"kind": record.kind, "force": record.force_id}


def _unfit(one: Wanted, name: str, other: Mapping[str, Any]) -> Iterable[tuple[int, str, str]]:
    """Say so where a recommendation answers what is no cause of concern, or a row names a finding of another force."""
    column = one.columns.get(name, name)
    if name == "parent" and other["kind"] != FindingKind.CAUSE_OF_CONCERN:
        yield one.line, column, _("this is not a cause of concern")
    if one.force != other["force"]:
        yield one.line, column, _("this finding is about another force")


def _parents_first(records: Mapping[Ref, Wanted], sheet: str) -> Iterable[Wanted]:
    """Put what others name before them. Raise BadFiles where records name one another in a circle."""
    names = {ref: [v for v in one.values.values() if isinstance(v, Ref)] for ref, one in records.items()}
    try:
        ordered = list(TopologicalSorter(names).static_order())
    except CycleError as problem:
        circle = problem.args[1]
        line = min(records[ref].line for ref in circle)
        message = _("these continue or answer one another: %(keys)s") % {
            "keys": ", ".join(shown(ref) for ref in circle[1:])
        }
        raise BadFiles([RowError(sheet, line, "", message)]) from problem
    rank = {model: place for place, model in enumerate(KEYS)}
    return sorted((records[ref] for ref in ordered if ref in records), key=lambda one: rank[one.ref.model])


def _beside(one: Wanted, held: Found, found: RecordDifference, *, replace: bool) -> None:
    """Note what becomes of a record that is there."""
    differing = _differing(one, held.record, found.there)
    if not differing:
        found.unchanged += 1
        return
    said = ", ".join(
        f"{one.columns.get(name, name)}: {_quoted(name, old, held, found)} → {_quoted(name, new, held, found)}"
        for name, (old, new) in sorted(differing.items())
    )
    difference = RecordLine(one.line, shown(one.ref), said)
    if held.status == Status.DRAFT and replace:
        found.changed.append((one, held.record, {name: new for name, (_old, new) in differing.items()}))
        found.changes.append(difference)
    else:
        found.kept.append(difference._replace(why=f"{said} ({_why_kept(held.status)})"))


def _why_kept(status: str) -> str:
    """Say why a record that differs is left as it is."""
    return {
        "": _("a source; edit it on its page"),
        Status.DRAFT: _("a draft; --replace lets the file win"),
        Status.SUBMITTED: _("submitted; take it back first"),
        Status.PUBLISHED: _("public; correct it on its page"),
    }[status]


def _differing(one: Wanted, record: Model, there: Mapping[Ref, Found]) -> dict[str, tuple[Any, Any]]:
    """Give the old and the new value of each field that differs; for a foreign key the `Ref` or number that it names."""
    differing = {}
    for name, new in one.values.items():
        old = getattr(record, column_of(type(record), name))
        held = there.get(new) if isinstance(new, Ref) else None
        now = held.record.pk if held else new
        if _comparable(old) != _comparable(now):
            differing[name] = (old, new)
    return differing


def column_of(model: type[Model], name: str) -> str:
    """Name the attribute of a record that holds a field: `force_id` for a foreign key."""
    return next(one.attname for one in options(model).concrete_fields if one.name == name)


def _comparable(value: Any) -> Any:
    """Give a value for comparing: spreadsheet programs change the ends of lines."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _quoted(name: str, value: Any, held: Found, found: RecordDifference) -> str:
    """Say what a field holds: the name of the record that a foreign key leads to, which is looked up once."""
    if value in (None, ""):
        return "–"
    other: Any = options(type(held.record)).get_field(name).related_model
    if isinstance(value, Ref):
        value = shown(value)
    elif other is not None:
        if (other, value) not in found.names:
            found.names[other, value] = str(rows_of(other).get(pk=value))
        value = found.names[other, value]
    return f"“{str(value)[:80]}”"


def _closed(one: Wanted, there: Mapping[Ref, Found], aside: set[Ref]) -> str:
    """Say why a new record cannot be a draft here; "" where it can."""
    for name in HOLDER.get(one.ref.model, ()):
        holder = one.values[name]
        if holder is None:
            continue
        if holder in aside:
            return _("what it belongs to was left aside")
        held = there.get(holder)
        if held is None or one.ref.model in (FindingEvent, Response):
            continue
        if held.status == Status.SUBMITTED:
            return _("its inspection is submitted; take it back first")
        if held.status == Status.PUBLISHED and one.ref.model is not Finding:
            return _("its inspection is public; add it on its page")
    return ""


def _needed(found: RecordDifference) -> list[Wanted]:
    """Leave out new sources, reports and inspections on which nothing new rests."""
    wanted: list[Wanted] = []
    named = {v for _one, _record, values in found.changed for v in values.values() if isinstance(v, Ref)}
    for one in reversed(found.new):
        if one.ref.model in (Source, Report, Inspection) and one.ref not in named:
            continue
        wanted.append(one)
        named |= {value for value in one.values.values() if isinstance(value, Ref)}
    return wanted[::-1]


def shown(ref: Ref) -> str:
    """Name a record for a person."""
    return " · ".join(part for part in ref.key if part)
