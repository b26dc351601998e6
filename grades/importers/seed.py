"""The seed: the real record as CSV files in the repository, and how they fill the tables.

`load_seed` reads and checks every file before it writes anything, writes only differences, in one transaction, and
leaves alone what a person has edited since.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from grades import models, scales
from grades.dates import PartialDate, Precision
from grades.importers.applying import GONE, Key, Refs, Table, Tally, apply_table
from grades.importers.rows import (
    BadFiles,
    CsvFile,
    Row,
    RowError,
    check_references,
    day,
    decimal,
    one_of,
    optional,
    partial_day,
    read_csv,
    required,
    split_list,
    text,
    web_address,
    whole_number,
    yes_no,
)

SEED_FOLDER = Path(__file__).resolve().parent.parent / "seed"
SEED_LOCK = 0x5EED  # any number; two seeds at once take turns

QUESTION = ("cycle", "pillar", "number")
CELL = ("force", *QUESTION)
REPORT = ("force", "cycle", "report")


def _file(
    name: str,
    key: str,
    refers: Mapping[tuple[str, ...], str] | None = None,
    lists: Mapping[str, str] | None = None,
    /,
    **columns: Any,
) -> CsvFile:
    return CsvFile(name=name, columns=columns, key=tuple(key.split()), refers=refers or {}, lists=lists or {})


FILES: dict[str, CsvFile] = {
    shape.name: shape
    for shape in (
        _file(
            "areas.csv",
            "slug",
            None,
            {"members": "forces.csv"},
            slug=required,
            name=required,
            kind=one_of(scales.AreaKind),
            members=split_list,
        ),
        _file(
            "forces.csv",
            "slug",
            slug=required,
            official_name=required,
            short_name=required,
            ons_code=required,
            nation=one_of(scales.Nation),
            region=required,
        ),
        _file(
            "force_names.csv",
            "force name",
            {("force",): "forces.csv"},
            force=required,
            name=required,
            valid_from=optional(day),
            valid_to=optional(day),
            seen_in=text,
        ),
        _file("councils.csv", "code", {("force",): "forces.csv"}, code=required, name=required, force=required),
        _file("policing_bodies.csv", "name", name=required, kind=one_of(scales.BodyKind)),
        _file(
            "tenures.csv",
            "force body",
            {("force",): "forces.csv", ("body",): "policing_bodies.csv"},
            force=required,
            body=required,
            valid_from=optional(partial_day),
            valid_to=optional(partial_day),
            note=text,
        ),
        _file(
            "cycles.csv",
            "slug",
            slug=required,
            label=required,
            order=whole_number,
            tiers=whole_number,
            band=required,
            inspectorate=required,
            questions_complete=yes_no,
            published_text=text,
            about=text,
            break_reason=text,
            break_address=web_address,
            break_presumed=yes_no,
        ),
        _file("pillars.csv", "slug", slug=required, title=required, order=whole_number, about=text),
        _file("themes.csv", "slug", slug=required, title=required, order=whole_number, summary=text),
        _file(
            "questions.csv",
            "cycle pillar number",
            {("cycle",): "cycles.csv", ("pillar",): "pillars.csv", ("theme",): "themes.csv"},
            {"also_covers": "themes.csv"},
            cycle=required,
            pillar=text,
            number=required,
            title=required,
            short_title=required,
            order=whole_number,
            graded=one_of(scales.Graded),
            applies_to=text,
            theme=text,
            also_covers=split_list,
            wording=one_of(scales.Wording),
            address=web_address,
            address_2=web_address,
        ),
        _file(
            "question_links.csv",
            "from_cycle from_pillar from_number to_cycle to_pillar to_number",
            {
                ("from_cycle", "from_pillar", "from_number"): "questions.csv",
                ("to_cycle", "to_pillar", "to_number"): "questions.csv",
            },
            from_cycle=text,
            from_pillar=text,
            from_number=text,
            to_cycle=text,
            to_pillar=text,
            to_number=text,
            relation=one_of(scales.Relation),
            reason=text,
        ),
        _file(
            "grade_definitions.csv",
            "cycle level",
            {("cycle",): "cycles.csv"},
            cycle=required,
            level=one_of(scales.Level),
            definition=required,
            address=web_address,
        ),
        _file(
            "reports.csv",
            "force cycle kind",
            {("force",): "forces.csv", ("cycle",): "cycles.csv"},
            force=required,
            cycle=required,
            kind=one_of(scales.ReportKind),
            title=required,
            isbn=text,
            address=web_address,
            published_on=optional(partial_day),
            date_confirmed=yes_no,
        ),
        _file(
            "sources.csv",
            "key",
            key=required,
            publisher=required,
            title=required,
            kind=one_of(scales.SourceKind),
            address=web_address,
            published_on=optional(partial_day),
        ),
        _file(
            "grades.csv",
            "force cycle pillar number",
            {("force",): "forces.csv", QUESTION: "questions.csv", REPORT: "reports.csv", ("carried_from",): "cycles.csv"},
            force=required,
            cycle=required,
            pillar=text,
            number=required,
            report=one_of(scales.ReportKind),
            state=one_of(scales.State),
            level=one_of(scales.Level, optional=True),
            carried_from=text,
            withheld_reason=text,
            amended_on=optional(day),
            amended_from=one_of(scales.Level, optional=True),
            amended_reason=text,
            note=text,
        ),
        _file(
            "citations.csv",
            "force cycle pillar number source",
            {CELL: "grades.csv", ("source",): "sources.csv", ("carried_from",): "cycles.csv"},
            force=required,
            cycle=required,
            pillar=text,
            number=required,
            source=required,
            state=one_of(scales.State),
            level=one_of(scales.Level, optional=True),
            carried_from=text,
            locator=text,
            note=text,
        ),
        _file(
            "findings.csv",
            "key",
            {("force",): "forces.csv", ("cycle",): "cycles.csv", ("source",): "sources.csv"},
            key=required,
            force=required,
            cycle=text,
            pillar=text,
            number=text,
            kind=one_of(scales.FindingKind),
            order=whole_number,
            parent=text,
            text=required,
            published_on=optional(partial_day),
            continues=text,
            due=text,
            source=required,
        ),
        _file(
            "finding_events.csv",
            "finding actor status happened_on",
            {("finding",): "findings.csv", ("source",): "sources.csv"},
            finding=required,
            actor=one_of(scales.Actor),
            status=one_of(scales.FindingStatus),
            happened_on=partial_day,
            note=text,
            source=required,
        ),
        _file(
            "monitoring_periods.csv",
            "force entered_on",
            {("force",): "forces.csv", ("source",): "sources.csv"},
            force=required,
            entered_on=partial_day,
            left_on=optional(partial_day),
            note=text,
            source=required,
        ),
        _file(
            "responses.csv",
            "force cycle report kind",
            {
                ("force",): "forces.csv",
                REPORT: "reports.csv",
                ("body",): "policing_bodies.csv",
                ("source",): "sources.csv",
            },
            force=required,
            cycle=required,
            report=one_of(scales.ReportKind),
            body=required,
            published_on=optional(partial_day),
            title=required,
            address=web_address,
            kind=one_of(scales.ResponseKind),
            body_comments=text,
            chief_constable_comments=text,
            reply_to_chief_constable=text,
            actions=text,
            note=text,
            source=text,
        ),
        _file(
            "mentions.csv",
            "force outlet title",
            {("force",): "forces.csv", ("cycle",): "cycles.csv"},
            force=required,
            cycle=text,
            kind=one_of(scales.MentionKind),
            title=required,
            outlet=required,
            published_on=optional(partial_day),
            address=web_address,
            summary=text,
        ),
        _file(
            "metrics.csv",
            "slug",
            slug=required,
            label=required,
            unit=required,
            multiplier=whole_number,
            denominator=text,
            period_kind=one_of(scales.PeriodKind),
            direction=one_of(scales.Direction),
            decimals=whole_number,
            definition=required,
            why_it_matters=text,
            caveat=text,
            parent=text,
            order=whole_number,
            tile=optional(whole_number),
        ),
        _file(
            "releases.csv",
            "key",
            key=required,
            dataset=required,
            edition=text,
            publisher=required,
            released_on=optional(partial_day),
            address=web_address,
        ),
        _file(
            "observations.csv",
            "area metric starts_on ends_on release",
            {("metric",): "metrics.csv", ("release",): "releases.csv"},
            area=required,
            metric=required,
            starts_on=day,
            ends_on=day,
            value=decimal,
            numerator=optional(decimal),
            denominator=optional(decimal),
            denominator_note=text,
            release=required,
            basis=one_of(scales.Basis),
            status=one_of(scales.ObservationStatus),
            note=text,
            combined_with=text,
        ),
        _file(
            "printed_figures.csv",
            "area metric starts_on ends_on block",
            {("force",): "forces.csv", REPORT: "reports.csv", ("metric",): "metrics.csv", ("release",): "releases.csv"},
            force=required,
            cycle=required,
            report=one_of(scales.ReportKind),
            block=one_of(scales.PrintedBlock),
            order=whole_number,
            area=required,
            metric=required,
            starts_on=day,
            ends_on=day,
            value=decimal,
            numerator=optional(decimal),
            note=text,
            release=required,
            combined_with=text,
        ),
        _file(
            "series_breaks.csv",
            "metric area at",
            {("metric",): "metrics.csv"},
            metric=required,
            area=text,
            at=day,
            label=required,
            reason=required,
            address=web_address,
        ),
    )
}

Parsed = Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a load did. `run` is None when nothing had changed."""

    tally: Tally
    tables: int
    run: models.ImportRun | None


def read_seed(folder: Path = SEED_FOLDER) -> tuple[Parsed, str]:
    """Read and check every file; return the rows by file and the hash of all bytes. Raise BadFiles with every fault."""
    errors: list[RowError] = []
    parsed = {name: read_csv(folder / name, shape, errors) for name, shape in FILES.items()}
    if not errors:
        check_references(FILES, parsed, errors)
        _check_areas(parsed, errors)
        _check_inner(parsed, errors)
    if errors:
        raise BadFiles(errors)
    sums = hashlib.sha256()
    for name in sorted(FILES):
        sums.update((folder / name).read_bytes())
    return parsed, sums.hexdigest()


def _check_areas(parsed: Parsed, errors: list[RowError]) -> None:
    """A figure's area is a force or one of areas.csv."""
    known = {row["slug"] for name in ("forces.csv", "areas.csv") for row in parsed[name]}
    for name, column in (
        ("observations.csv", "area"),
        ("observations.csv", "combined_with"),
        ("printed_figures.csv", "area"),
        ("printed_figures.csv", "combined_with"),
        ("series_breaks.csv", "area"),
    ):
        for row in parsed[name]:
            if row[column] and row[column] not in known:
                errors.append(RowError(name, row.line, column, f"“{row[column]}” is neither a force nor in areas.csv"))


def _check_inner(parsed: Parsed, errors: list[RowError]) -> None:
    """What a database constraint would refuse is refused here with its line: grade and state, scale, order, own file."""
    tiers = {row["slug"]: row["tiers"] for row in parsed["cycles.csv"]}
    for name in ("grades.csv", "citations.csv"):
        for row in parsed[name]:
            if (row["state"] in scales.GRADE_STATES) != bool(row["level"]):
                errors.append(RowError(name, row.line, "level", f"“{row['level']}” does not go with {row['state']}"))
            if row["level"] and row["level"] not in scales.TIERS[tiers[row["cycle"]]]:
                errors.append(RowError(name, row.line, "level", f"“{row['level']}” is not on the scale of {row['cycle']}"))
            if row["carried_from"] and row["state"] != scales.State.CARRIED_FORWARD:
                errors.append(RowError(name, row.line, "carried_from", f"does not go with {row['state']}"))
    for name, column in (("findings.csv", "parent"), ("findings.csv", "continues"), ("metrics.csv", "parent")):
        earlier: set[str] = set()
        own = FILES[name].key[0]
        for row in parsed[name]:
            if row[column] and row[column] not in earlier:
                errors.append(RowError(name, row.line, column, f"“{row[column]}” is not on an earlier line"))
            earlier.add(row[own])
    questions = {tuple(row[c] for c in QUESTION) for row in parsed["questions.csv"]}
    for row in parsed["findings.csv"]:
        if row["number"] and tuple(row[c] for c in QUESTION) not in questions:
            errors.append(RowError("findings.csv", row.line, "number", "no such question in questions.csv"))
    for name in ("observations.csv", "printed_figures.csv"):
        for row in parsed[name]:
            if row["ends_on"] < row["starts_on"]:
                errors.append(RowError(name, row.line, "ends_on", "is before starts_on"))


def _ref(refs: Refs, table: str, *key: str) -> int | None:
    """Give the primary key of a row, None for an empty reference, GONE when a person removed the record."""
    return refs[table].get(key, GONE) if any(key) else None


def _dated(name: str, value: PartialDate | None) -> dict[str, Any]:
    return {name: value.first if value else None, f"{name}_precision": str(value.precision if value else Precision.DAY)}


def _inspection_kind(report: str) -> str:
    """Give the kind of inspection that a kind of report belongs to; the reports of 2014 to 2017 are parts of one."""
    return report if report in scales.InspectionKind.values else scales.InspectionKind.PEEL.value


def _tables(parsed: Parsed) -> Iterator[Table]:  # noqa: C901, PLR0915  one table after the other, in order of reference
    """Say how the files fill the tables, parents before children."""

    def plain(
        file: str, model: type[Any], identity: str, fields: Any, *, at_creation: Mapping[str, Any] | None = None, name: str = ""
    ) -> Table:
        shape = FILES[file]

        def records(refs: Refs) -> Iterable[tuple[Key, dict[str, Any]]]:
            for row in parsed[file]:
                key = tuple("" if row[c] is None else str(row[c]) for c in shape.key)
                yield key, fields(row, refs)

        return Table(
            name=name or file,
            model=model,
            identity=tuple(identity.split()),
            records=records,
            at_creation=at_creation or {},
        )

    def same(row: Row, *columns: str) -> dict[str, Any]:
        return {column: row[column] for column in columns}

    yield plain("areas.csv", models.Area, "slug", lambda row, refs: same(row, "slug", "name", "kind"))
    yield plain(
        "forces.csv",
        models.Area,
        "slug",
        lambda row, refs: {"slug": row["slug"], "name": row["short_name"], "kind": scales.AreaKind.FORCE.value},
        name="areas of forces",
    )
    yield plain(
        "forces.csv",
        models.Force,
        "slug",
        lambda row, refs: {
            **same(row, "slug", "official_name", "short_name", "ons_code", "nation", "region"),
            "area_id": _ref(refs, "areas of forces", row["slug"]),
        },
    )

    def members(refs: Refs) -> Iterator[tuple[Key, dict[str, Any]]]:
        for row in parsed["areas.csv"]:
            for slug in row["members"]:
                yield (
                    (row["slug"], slug),
                    {"area_id": _ref(refs, "areas.csv", row["slug"]), "force_id": _ref(refs, "forces.csv", slug)},
                )

    yield Table(
        name="members of areas", model=models.Area.members.through, identity=("area_id", "force_id"), records=members
    )
    yield plain(
        "force_names.csv",
        models.ForceName,
        "force_id name",
        lambda row, refs: {
            **same(row, "name", "valid_from", "valid_to", "seen_in"),
            "force_id": _ref(refs, "forces.csv", row["force"]),
        },
    )
    yield plain(
        "councils.csv",
        models.Council,
        "code",
        lambda row, refs: {**same(row, "code", "name"), "force_id": _ref(refs, "forces.csv", row["force"])},
    )
    yield plain("policing_bodies.csv", models.PolicingBody, "name", lambda row, refs: same(row, "name", "kind"))
    yield plain(
        "tenures.csv",
        models.Tenure,
        "force_id body_id",
        lambda row, refs: {
            "force_id": _ref(refs, "forces.csv", row["force"]),
            "body_id": _ref(refs, "policing_bodies.csv", row["body"]),
            **_dated("valid_from", row["valid_from"]),
            **_dated("valid_to", row["valid_to"]),
            "note": row["note"],
        },
    )
    yield plain("cycles.csv", models.Cycle, "slug", lambda row, refs: dict(row.values))
    yield plain("pillars.csv", models.Pillar, "slug", lambda row, refs: dict(row.values))
    yield plain("themes.csv", models.Theme, "slug", lambda row, refs: dict(row.values))
    yield plain(
        "questions.csv",
        models.Question,
        "cycle_id pillar_id number",
        lambda row, refs: {
            **same(row, "number", "title", "short_title", "order", "graded", "applies_to", "wording", "address", "address_2"),
            "cycle_id": _ref(refs, "cycles.csv", row["cycle"]),
            "pillar_id": _ref(refs, "pillars.csv", row["pillar"]),
            "theme_id": _ref(refs, "themes.csv", row["theme"]),
        },
    )

    def question(row: Row, refs: Refs, prefix: str = "") -> int | None:
        key = tuple(row[f"{prefix}{column}"] for column in QUESTION)
        return _ref(refs, "questions.csv", *key) if row[f"{prefix}number"] else None

    def covers(refs: Refs) -> Iterator[tuple[Key, dict[str, Any]]]:
        for row in parsed["questions.csv"]:
            for slug in row["also_covers"]:
                key = (row["cycle"], row["pillar"], row["number"], slug)
                yield key, {"question_id": question(row, refs), "theme_id": _ref(refs, "themes.csv", slug)}

    yield Table(
        name="questions also cover",
        model=models.Question.also_covers.through,
        identity=("question_id", "theme_id"),
        records=covers,
    )
    yield plain(
        "question_links.csv",
        models.QuestionLink,
        "from_question_id to_question_id",
        lambda row, refs: {
            **same(row, "relation", "reason"),
            "from_question_id": question(row, refs, "from_"),
            "to_question_id": question(row, refs, "to_"),
        },
    )
    yield plain(
        "grade_definitions.csv",
        models.GradeDefinition,
        "cycle_id level",
        lambda row, refs: {
            **same(row, "level", "definition", "address"),
            "cycle_id": _ref(refs, "cycles.csv", row["cycle"]),
        },
    )

    def inspections(refs: Refs) -> Iterator[tuple[Key, dict[str, Any]]]:
        keys = {(row["force"], row["cycle"], _inspection_kind(row["kind"])): None for row in parsed["reports.csv"]}
        for force, cycle, kind in keys:
            yield (
                (force, cycle, kind),
                {
                    "force_id": _ref(refs, "forces.csv", force),
                    "cycle_id": _ref(refs, "cycles.csv", cycle),
                    "kind": kind,
                },
            )

    yield Table(
        name="inspections",
        model=models.Inspection,
        identity=("force_id", "cycle_id", "kind"),
        records=inspections,
        at_creation={"status": scales.Status.PUBLISHED.value, "published_at": timezone.now()},
    )

    def inspection(row: Row, refs: Refs, report: str) -> int | None:
        return _ref(refs, "inspections", row["force"], row["cycle"], _inspection_kind(report))

    yield plain(
        "reports.csv",
        models.Report,
        "inspection_id kind",
        lambda row, refs: {
            **same(row, "kind", "title", "isbn", "address", "date_confirmed"),
            **_dated("published_on", row["published_on"]),
            "inspection_id": inspection(row, refs, row["kind"]),
        },
    )
    yield plain(
        "sources.csv",
        models.Source,
        "key",
        lambda row, refs: {
            **same(row, "key", "publisher", "title", "kind", "address"),
            **_dated("published_on", row["published_on"]),
        },
    )
    yield plain(
        "grades.csv",
        models.Grade,
        "inspection_id question_id",
        lambda row, refs: {
            **same(row, "state", "level", "withheld_reason", "amended_on", "amended_from", "amended_reason", "note"),
            "inspection_id": inspection(row, refs, row["report"]),
            "question_id": question(row, refs),
            "report_id": _ref(refs, "reports.csv", *(row[c] for c in REPORT)),
            "carried_from_id": _ref(refs, "cycles.csv", row["carried_from"]),
        },
    )
    yield plain(
        "citations.csv",
        models.Citation,
        "grade_id source_id",
        lambda row, refs: {
            **same(row, "state", "level", "locator", "note"),
            "grade_id": _ref(refs, "grades.csv", *(row[c] for c in CELL)),
            "source_id": _ref(refs, "sources.csv", row["source"]),
            "carried_from_id": _ref(refs, "cycles.csv", row["carried_from"]),
        },
    )

    def finding_inspection(row: Row, refs: Refs) -> int | None:
        """A finding may precede its report, or belong to an inspection of which no report is recorded."""
        return refs["inspections"].get((row["force"], row["cycle"], scales.InspectionKind.PEEL.value))

    def finding_table(name: str, wanted: bool) -> Table:
        """Recommendations point to causes of concern, so the causes go in first."""

        def records(refs: Refs) -> Iterator[tuple[Key, dict[str, Any]]]:
            known = refs.setdefault("findings", {})
            known.update(refs.get("findings without parent", {}))
            for row in parsed["findings.csv"]:
                if bool(row["parent"] or row["continues"]) != wanted:
                    continue
                yield (
                    (row["key"],),
                    {
                        **same(row, "key", "kind", "order", "text", "due"),
                        **_dated("published_on", row["published_on"]),
                        "force_id": _ref(refs, "forces.csv", row["force"]),
                        "inspection_id": finding_inspection(row, refs),
                        "question_id": question(row, refs),
                        "parent_id": _ref(refs, "findings", row["parent"]),
                        "continues_id": _ref(refs, "findings", row["continues"]),
                        "source_id": _ref(refs, "sources.csv", row["source"]),
                    },
                )

        return Table(name=name, model=models.Finding, identity=("key",), records=records)

    yield finding_table("findings without parent", wanted=False)
    yield finding_table("findings with parent", wanted=True)

    def any_finding(refs: Refs, key: str) -> int | None:
        return refs["findings without parent"].get((key,)) or _ref(refs, "findings with parent", key)

    yield plain(
        "finding_events.csv",
        models.FindingEvent,
        "finding_id actor status happened_on",
        lambda row, refs: {
            **same(row, "actor", "status", "note"),
            **_dated("happened_on", row["happened_on"]),
            "finding_id": any_finding(refs, row["finding"]),
            "source_id": _ref(refs, "sources.csv", row["source"]),
        },
    )
    yield plain(
        "monitoring_periods.csv",
        models.MonitoringPeriod,
        "force_id entered_on",
        lambda row, refs: {
            "force_id": _ref(refs, "forces.csv", row["force"]),
            **_dated("entered_on", row["entered_on"]),
            **_dated("left_on", row["left_on"]),
            "note": row["note"],
            "source_id": _ref(refs, "sources.csv", row["source"]),
        },
    )
    yield plain(
        "responses.csv",
        models.Response,
        "report_id kind title",
        lambda row, refs: {
            **same(row, "kind", "title", "address", "body_comments", "chief_constable_comments"),
            **same(row, "reply_to_chief_constable", "actions", "note"),
            **_dated("published_on", row["published_on"]),
            "report_id": _ref(refs, "reports.csv", *(row[c] for c in REPORT)),
            "body_id": _ref(refs, "policing_bodies.csv", row["body"]),
            "source_id": _ref(refs, "sources.csv", row["source"]),
        },
    )
    yield plain(
        "mentions.csv",
        models.Mention,
        "force_id outlet title",
        lambda row, refs: {
            **same(row, "kind", "title", "outlet", "address", "summary"),
            **_dated("published_on", row["published_on"]),
            "force_id": _ref(refs, "forces.csv", row["force"]),
            "inspection_id": finding_inspection(row, refs),
        },
    )

    def metric_table(name: str, wanted: bool) -> Table:
        """Parts point to the figure they are part of, so the wholes go in first."""

        def records(refs: Refs) -> Iterator[tuple[Key, dict[str, Any]]]:
            known = refs.setdefault("metrics", {})
            known.update(refs.get("metrics without parent", {}))
            for row in parsed["metrics.csv"]:
                if bool(row["parent"]) == wanted:
                    columns = [c for c in FILES["metrics.csv"].columns if c != "parent"]
                    yield (row["slug"],), {**same(row, *columns), "parent_id": _ref(refs, "metrics", row["parent"])}
            known.update(refs.get("metrics with parent", {}))

        return Table(name=name, model=models.Metric, identity=("slug",), records=records)

    yield metric_table("metrics without parent", wanted=False)
    yield metric_table("metrics with parent", wanted=True)
    yield plain(
        "releases.csv",
        models.Release,
        "key",
        lambda row, refs: {
            **same(row, "key", "dataset", "edition", "publisher", "address"),
            **_dated("released_on", row["released_on"]),
        },
    )

    def area(refs: Refs, slug: str) -> int | None:
        return refs["areas.csv"].get((slug,)) or _ref(refs, "areas of forces", slug)

    def metric(refs: Refs, slug: str) -> int | None:
        return refs["metrics without parent"].get((slug,)) or _ref(refs, "metrics with parent", slug)

    def figure(row: Row, refs: Refs) -> dict[str, Any]:
        return {
            "area_id": area(refs, row["area"]),
            "metric_id": metric(refs, row["metric"]),
            "starts_on": row["starts_on"],
            "ends_before": row["ends_on"] + timedelta(days=1),
            "release_id": _ref(refs, "releases.csv", row["release"]),
            "combined_with_id": area(refs, row["combined_with"]),
            **same(row, "value", "numerator", "note"),
        }

    identity = "area_id metric_id starts_on ends_before release_id block"
    yield plain(
        "observations.csv",
        models.Observation,
        identity,
        lambda row, refs: {
            **figure(row, refs),
            **same(row, "denominator", "denominator_note", "basis", "status"),
            "block": "",
        },
    )
    yield plain(
        "printed_figures.csv",
        models.Observation,
        identity,
        lambda row, refs: {
            **figure(row, refs),
            **same(row, "block", "order"),
            "basis": scales.Basis.AS_PRINTED.value,
            "report_id": _ref(refs, "reports.csv", *(row[c] for c in REPORT)),
        },
    )
    yield plain(
        "series_breaks.csv",
        models.SeriesBreak,
        "metric_id area_id at",
        lambda row, refs: {
            **same(row, "at", "label", "reason", "address"),
            "metric_id": metric(refs, row["metric"]),
            "area_id": area(refs, row["area"]),
        },
    )


def load_seed(folder: Path = SEED_FOLDER) -> SeedReport:
    """Bring the database to what the seed says, in one transaction; raise BadFiles, with nothing written, if it cannot."""
    parsed, sha256 = read_seed(folder)
    started, total, refs, count = timezone.now(), Tally(), {}, 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])
        for table in _tables(parsed):
            try:
                total.add(apply_table(table, refs))
            except IntegrityError as problem:
                raise BadFiles([RowError(table.name, 1, "", str(problem).replace("\n", " "))]) from problem
            count += 1
        run = None
        if total.created or total.changed:
            run = models.ImportRun.objects.create(
                file_name="grades/seed",
                sha256=sha256,
                started_at=started,
                finished_at=timezone.now(),
                created=total.created,
                changed=total.changed,
                unchanged=total.unchanged,
                kept=len(total.kept),
            )
    return SeedReport(total, count, run)
