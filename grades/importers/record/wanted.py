"""From rows to the records that they want: inspections, reports, grades with their sources, findings, steps, responses.

Names are looked up in the framework; what is unknown, or breaks a rule of the models, goes to the errors with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from grades import datasets
from grades.dates import PartialDate, Precision
from grades.importers.constraints import checks, columns_of, holds
from grades.importers.official.errors import RowError
from grades.importers.official.facts import OwnRows, Wishes
from grades.importers.rows import Key, Row
from grades.models import (
    Citation,
    Cycle,
    Finding,
    FindingEvent,
    Force,
    Grade,
    Inspection,
    PolicingBody,
    Question,
    Report,
    Response,
    Source,
)
from grades.models.base import options
from grades.scales import TIERS, Graded

Columns = Mapping[str, str]
"""For a field of a model, the column of the file that fills it."""


class Ref(NamedTuple):
    """A record that may not be there yet, by its key."""

    model: type[Model]
    key: Key


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that a row wants: what tells it from others, and its fields. A foreign key is a number, a `Ref` or None.

    `force` is the force that the row of a finding or of a step names.
    """

    line: int
    ref: Ref
    values: dict[str, Any]
    columns: Columns
    force: int | None = None


@dataclass(slots=True)
class Framework:
    """What rows name and must exist: forces, cycles, questions, bodies."""

    forces: dict[str, int]
    cycles: dict[str, Cycle]
    questions: dict[Key, Question]
    bodies: dict[str, int]


@dataclass(slots=True)
class Wishlist:
    """Every record that a file wants, each once, and what is wrong."""

    framework: Framework
    wishes: Wishes
    sheet: str
    errors: list[RowError]
    records: dict[Ref, Wanted] = field(default_factory=dict)

    def wrong(self, line: int, column: str, message: str) -> None:
        """Note what is wrong with a line."""
        self.errors.append(RowError(self.sheet, line, column, message))

    def add(
        self, line: int, ref: Ref, values: dict[str, Any], columns: Columns, force: int | None = None
    ) -> Ref:
        """Want a record; two lines that want the same one have to say the same of it."""
        wanted = self.records.setdefault(ref, Wanted(line, ref, values, columns, force))
        for name, value in values.items():
            if wanted.values[name] != value:
                message = _("says something else than line %(line)d") % {"line": wanted.line}
                self.wrong(line, columns.get(name, ""), message)
        return ref


def wanted_records(own: OwnRows, wishes: Wishes, errors: list[RowError]) -> dict[Ref, Wanted]:
    """Give what the rows want; everything that is wrong with it goes to the errors. Four queries."""
    found = Wishlist(load_framework(), wishes, own.sheet, errors)
    for row in own.rows:
        _MAKERS[own.dataset.slug](row, found)
    for wanted in found.records.values():
        _check(wanted, found)
    return found.records


def load_framework() -> Framework:
    """Load what rows name; four queries."""
    questions = Question.objects.select_related("cycle", "pillar")
    return Framework(
        forces=dict(Force.objects.values_list("slug", "pk")),
        cycles={cycle.slug: cycle for cycle in Cycle.objects.all()},
        questions={(q.cycle.slug, q.pillar.slug if q.pillar else "", q.number): q for q in questions},
        bodies=dict(PolicingBody.objects.values_list("name", "pk")),
    )


def _force(row: Row, found: Wishlist) -> int | None:
    slug = row["force"]
    force = found.framework.forces.get(slug)
    if force is None:
        found.wrong(
            row.line, "force", _("“%(slug)s” is no force on record; nothing is guessed") % {"slug": slug}
        )
    elif found.wishes.forces is not None and slug not in found.wishes.forces:
        found.wrong(row.line, "force", _("the record of “%(slug)s” is another office's") % {"slug": slug})
        return None
    return force


def _cycle(row: Row, column: str, found: Wishlist) -> Cycle | None:
    cycle = found.framework.cycles.get(row[column])
    if cycle is None and row[column]:
        found.wrong(row.line, column, _("“%(slug)s” is no cycle on record") % {"slug": row[column]})
    return cycle


def _pk(record: Model | None) -> int | None:
    return None if record is None else record.pk


def _question(row: Row, cycle: str, found: Wishlist) -> Question | None:
    key = (cycle, row["pillar"], row["question"])
    question = found.framework.questions.get(key)
    if question is None:
        message = _("this cycle has no question “%(number)s”%(pillar)s") % {
            "number": row["question"],
            "pillar": _(" of %(pillar)s") % {"pillar": row["pillar"]} if row["pillar"] else "",
        }
        found.wrong(row.line, "question", message)
    return question


def _inspection(row: Row, found: Wishlist) -> Ref | None:
    """Want the inspection of a row; None where its force or cycle is not known."""
    force, cycle = _force(row, found), _cycle(row, "cycle", found)
    if force is None or cycle is None:
        return None
    ref = Ref(Inspection, (row["force"], row["cycle"], row["inspection"]))
    values = {"force": force, "cycle": cycle.pk, "kind": row["inspection"]}
    return found.add(row.line, ref, values, {"force": "force", "cycle": "cycle", "kind": "inspection"})


def _dated(name: str, value: PartialDate | None) -> dict[str, Any]:
    """Give a date as the two columns that keep it."""
    precision = value.precision if value else Precision.DAY
    return {name: value.first if value else None, f"{name}_precision": precision.value}


_REPORT = {name: f"report_{name}" for name in ("title", "isbn", "address", "published_on", "date_confirmed")}


def _report(row: Row, inspection: Ref, found: Wishlist) -> Ref | None:
    """Want the report of a row, if it names one."""
    if not row["report"]:
        for column in _REPORT.values():
            if row[column]:
                found.wrong(row.line, "report", _("must say which kind of report this is"))
                break
        return None
    return found.add(
        row.line,
        Ref(Report, (*inspection.key, row["report"])),
        {
            "inspection": inspection,
            "kind": row["report"],
            "title": row["report_title"],
            "isbn": row["report_isbn"],
            "address": row["report_address"],
            "date_confirmed": bool(row["report_date_confirmed"]),
            **_dated("published_on", row["report_published_on"]),
        },
        {**_REPORT, "kind": "report"},
    )


_SOURCE = {name: f"source_{name}" for name in ("publisher", "title", "kind", "address", "published_on")}


def _source(row: Row, found: Wishlist) -> Ref | None:
    """Want the source of a row; say so where it has none."""
    if not row["source"]:
        found.wrong(row.line, "source", _("must not be empty: nothing goes on record without its source"))
        return None
    return found.add(
        row.line,
        Ref(Source, (row["source"],)),
        {
            "key": row["source"],
            "publisher": row["source_publisher"],
            "title": row["source_title"],
            "kind": row["source_kind"],
            "address": row["source_address"],
            **_dated("published_on", row["source_published_on"]),
        },
        {**_SOURCE, "key": "source"},
    )


def _grade_key(row: Row, inspection: Ref) -> Key:
    return (*inspection.key, row["pillar"], row["question"])


def _want_grade(row: Row, found: Wishlist) -> None:
    """A grade brings its inspection, its report, its source and what that states."""
    inspection, source = _inspection(row, found), _source(row, found)
    if inspection is None:
        return
    cycle, origin = found.framework.cycles[row["cycle"]], _cycle(row, "carried_from", found)
    question = _question(row, row["cycle"], found)
    if question is None:
        return
    _on_scale(row, cycle, ("grade", "amended_from"), found)
    _from_earlier(row, "carried_from", origin, cycle, found)
    if row["grade"] and question.graded == Graded.UNGRADED:
        found.wrong(row.line, "grade", _("this question is not graded for any force"))
    fields = ("state", "withheld_reason", "amended_on", "amended_from", "amended_reason", "summary", "note")
    grade = found.add(
        row.line,
        Ref(Grade, _grade_key(row, inspection)),
        {
            "inspection": inspection,
            "question": question.pk,
            "report": _report(row, inspection, found),
            "level": row["grade"],
            "carried_from": _pk(origin),
            "unsettled": row["unsettled"],
            **{name: row[name] for name in fields},
        },
        {"level": "grade", **{name: name for name in (*fields, "report", "carried_from", "unsettled")}},
    )
    if source is not None:
        _want_citation(row, grade, source, found)


_CITATION = {
    "state": "source_state",
    "level": "source_grade",
    "carried_from": "source_carried_from",
    "locator": "source_page",
    "note": "source_note",
    "checked_on": "source_checked_on",
}


def _want_citation(row: Row, grade: Ref, source: Ref, found: Wishlist) -> None:
    cycle, origin = found.framework.cycles[row["cycle"]], _cycle(row, "source_carried_from", found)
    _on_scale(row, cycle, ("source_grade",), found)
    _from_earlier(row, "source_carried_from", origin, cycle, found)
    values = {name: row[column] for name, column in _CITATION.items()}
    values |= {"grade": grade, "source": source, "carried_from": _pk(origin)}
    found.add(row.line, Ref(Citation, (*grade.key, *source.key)), values, _CITATION)


def _want_source_of_grade(row: Row, found: Wishlist) -> None:
    """A further source needs its grade on record."""
    inspection, source = _inspection(row, found), _source(row, found)
    if inspection is None or source is None or _question(row, row["cycle"], found) is None:
        return
    _want_citation(row, Ref(Grade, _grade_key(row, inspection)), source, found)


def _on_scale(row: Row, cycle: Cycle, columns: tuple[str, ...], found: Wishlist) -> None:
    for column in columns:
        if row[column] and row[column] not in TIERS[cycle.tiers]:
            shown = {"grade": row[column], "cycle": cycle.label}
            found.wrong(row.line, column, _("the scale of %(cycle)s has no “%(grade)s”") % shown)


def _from_earlier(row: Row, column: str, origin: Cycle | None, cycle: Cycle, found: Wishlist) -> None:
    if origin is not None and origin.order >= cycle.order:
        found.wrong(row.line, column, _("a grade is carried forward from an earlier cycle"))


def _want_finding(row: Row, found: Wishlist) -> None:
    """A finding brings its inspection, where it has one, and its source."""
    inspection = _inspection(row, found) if row["cycle"] else None
    force = _force(row, found) if inspection is None else found.framework.forces[row["force"]]
    question = _question(row, row["question_cycle"], found) if row["question"] else None
    source = _source(row, found)
    if force is None or source is None:
        return
    if row["cycle"] and question is not None and row["question_cycle"] != row["cycle"]:
        found.wrong(row.line, "question_cycle", _("this question belongs to another cycle"))
    fields = ("kind", "order", "text", "due", "due_on")
    links = {"parent": "cause_of_concern", "continues": "continues"}
    found.add(
        row.line,
        Ref(Finding, (row["finding"],)),
        {
            "key": row["finding"],
            "force": force,
            "inspection": inspection,
            "question": _pk(question),
            "source": source,
            **{name: Ref(Finding, (row[c],)) if row[c] else None for name, c in links.items()},
            **{name: row[name] for name in fields},
            **_dated("published_on", row["published_on"]),
        },
        {"key": "finding", "published_on": "published_on", **links, **{name: name for name in fields}},
        force,
    )


def _want_step(row: Row, found: Wishlist) -> None:
    """A step brings its source and needs its finding."""
    force, source = _force(row, found), _source(row, found)
    if force is None or source is None:
        return
    finding = Ref(Finding, (row["finding"],))
    found.add(
        row.line,
        Ref(FindingEvent, (row["finding"], row["who"], row["step"], row["on"].first.isoformat())),
        {
            "finding": finding,
            "actor": row["who"],
            "standing": row["step"],
            "note": row["note"],
            "evidence": row["evidence"],
            "source": source,
            **_dated("happened_on", row["on"]),
        },
        {"actor": "who", "standing": "step", "happened_on": "on", "note": "note", "evidence": "evidence"},
        force,
    )


def _want_response(row: Row, found: Wishlist) -> None:
    """A response brings its report, and its source if it has one."""
    inspection = _inspection(row, found)
    if inspection is None:
        return
    report, body = _report(row, inspection, found), found.framework.bodies.get(row["body"])
    if report is None:
        found.wrong(row.line, "report", _("must not be empty"))
    if body is None:
        found.wrong(row.line, "body", _("“%(name)s” is no body on record") % {"name": row["body"]})
    if report is None or body is None:
        return
    texts = ("body_comments", "chief_constable_comments", "reply_to_chief_constable", "actions", "note")
    sent = ("sent_to_inspectorate_on", "sent_to_secretary_of_state_on")
    fields = ("kind", "title", "address", *texts, *sent)
    found.add(
        row.line,
        Ref(Response, (*report.key, row["kind"], row["title"])),
        {
            "report": report,
            "body": body,
            "source": _source(row, found) if row["source"] else None,
            **{name: row[name] for name in fields},
            **_dated("published_on", row["published_on"]),
        },
        {name: name for name in (*fields, "published_on", "body")},
    )


_MAKERS: Mapping[str, Callable[[Row, Wishlist], None]] = {
    datasets.GRADES.slug: _want_grade,
    datasets.GRADE_SOURCES.slug: _want_source_of_grade,
    datasets.FINDINGS.slug: _want_finding,
    datasets.FINDING_STEPS.slug: _want_step,
    datasets.RESPONSES.slug: _want_response,
}


def _check(wanted: Wanted, found: Wishlist) -> None:
    """Hold a record against its fields' limits and its model's check constraints."""
    for column, message in _faults(wanted):
        found.wrong(wanted.line, column, message)


def _faults(wanted: Wanted) -> Iterator[tuple[str, str]]:
    model, columns = wanted.ref.model, wanted.columns
    fields = {one.name: one for one in options(model).concrete_fields}
    for name, value in wanted.values.items():
        if fields[name].is_relation:
            continue
        try:
            fields[name].clean(value, None)
        except ValidationError as problem:
            yield columns.get(name, name), " ".join(problem.messages)
    values = {name: one.get_default() for name, one in fields.items()} | wanted.values
    for condition, message in checks(model):
        if holds(condition, values) is False:
            looked_at = [columns[name] for name in columns_of(condition) if name in columns]
            yield ", ".join(dict.fromkeys(looked_at)), message
