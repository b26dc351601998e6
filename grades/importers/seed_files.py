"""The shape of each seed file: its model, its columns, what they refer to. How a cell is parsed follows from the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.validators import URLValidator
from django.db.models import BooleanField, DateField, DecimalField, Field, IntegerField, Model

from grades import models, scales
from grades.dates import PartialDate, Precision
from grades.importers.rows import (
    CsvFile,
    Key,
    Parser,
    Row,
    day,
    day_before_another,
    decimal,
    one_of,
    one_word,
    optional,
    partial_day,
    required,
    split_list,
    text,
    web_address,
    whole_number,
    yes_no,
)
from grades.models.base import options

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that hold the key of a line in one of these files; while the last of them is empty, they refer to nothing."""

    columns: tuple[str, ...]
    files: tuple[str, ...]

    def key(self, row: Row) -> Key | None:
        """Give the key that a row refers to, if it does."""
        return tuple(row[column] for column in self.columns) if row[self.columns[-1]] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """One file: one line a record of `model`.

    `identity` names the model's columns that find a line's record in the database. `refers` names what must be found in
    other files (the model's foreign keys, and what a line implies beside them), `lists` many-to-many columns and their
    files; `derived` gives what no cell holds as it stands.
    """

    shape: CsvFile
    model: type[Model]
    identity: tuple[str, ...]
    refers: Mapping[str, Reference] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    derived: Callable[[Row], Values] = lambda row: {}

    @property
    def name(self) -> str:
        """Give the file's name."""
        return self.shape.name

    def values(self, row: Row) -> Values:
        """Give a record's values: cells as parsed, and for each foreign key the key of the line it refers to."""
        values: Values = {}
        for column, value in row.values.items():
            found = own_field(self.model, column)
            if found is None:
                continue
            if is_partial(self.model, column):
                values |= dated(column, value)
            else:
                values[column] = value
        values |= {name: reference.key(row) for name, reference in self.refers.items()}
        return values | self.derived(row)


@cache
def own_field(model: type[Model], name: str) -> Field | None:
    """Give a model's field of this name, unless it is a relation or there is none."""
    try:
        found = options(model).get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) and not found.is_relation else None


@cache
def is_partial(model: type[Model], name: str) -> bool:
    """Say whether a date of a model may be known to the month or year only."""
    return own_field(model, f"{name}_precision") is not None


def dated(name: str, value: PartialDate | None) -> Values:
    """Give the two columns that hold a partial date."""
    return {
        name: value.first if value else None,
        f"{name}_precision": str(value.precision if value else Precision.DAY),
    }


def parser_for(model: type[Model], name: str) -> Parser:
    """Say how the cells of a column are parsed, from the model's field."""
    found = own_field(model, name)
    if found is None:
        raise TypeError(f"{model.__name__} has no {name}: say how the column is parsed")
    if isinstance(found, DateField):
        parse: Parser = partial_day if is_partial(model, name) else day
    elif isinstance(found, DecimalField):
        parse = decimal
    elif isinstance(found, IntegerField):
        parse = whole_number
    elif isinstance(found, BooleanField):
        return yes_no
    elif found.choices:
        return one_word([value for value, _label in found.flatchoices if value], optional=found.blank)
    elif any(isinstance(validator, URLValidator) for validator in found.validators):
        return web_address
    else:
        return text if found.blank else required
    return optional(parse) if found.null else parse


def at(file: str, *columns: str) -> Reference:
    """Refer to a line of a file by these columns."""
    return Reference(columns, (file,))


def _file(
    name: str,
    model: type[Model],
    columns: str,
    *,
    key: str,
    identity: str,
    refers: Mapping[str, Reference] | None = None,
    lists: Mapping[str, str] | None = None,
    derived: Callable[[Row], Values] = lambda row: {},
    parsers: Mapping[str, Parser] | None = None,
    may_be_empty: str = "",
) -> SeedFile:
    """Describe a file. A column that only refers is a text, and must be filled unless it is among `may_be_empty`."""
    refers, lists, parsers = refers or {}, lists or {}, parsers or {}
    only_refer = {column for reference in refers.values() for column in reference.columns}

    def parser(column: str) -> Parser:
        if column in parsers:
            return parsers[column]
        if column in lists:
            return split_list
        if column in only_refer and own_field(model, column) is None:
            return text if column in may_be_empty.split() else required
        return parser_for(model, column)

    return SeedFile(
        shape=CsvFile(
            name=name,
            columns={column: parser(column) for column in columns.split()},
            key=tuple(key.split()),
        ),
        model=model,
        identity=tuple(identity.split()),
        refers=refers,
        lists=lists,
        derived=derived,
    )


QUESTION = ("cycle", "pillar", "number")
CELL = ("force", *QUESTION)
REPORT = ("force", "cycle", "report")

FORCE = at("forces.csv", "force")
CYCLE = at("cycles.csv", "cycle")
SOURCE = at("sources.csv", "source")
CARRIED_FROM = at("cycles.csv", "carried_from")

# A figure is about a force's area, or one of areas.csv.
AREA = {name: Reference((name,), ("areas.csv", "forces.csv")) for name in ("area", "combined_with")}
FIGURE = {**AREA, "metric": at("metrics.csv", "metric"), "release": at("releases.csv", "release")}
FIGURE_IDENTITY = "area_id metric_id starts_on ends_before release_id block"


def _period(row: Row) -> Values:
    """Files name the last day of a period, the database the day after it."""
    return {"ends_before": row["ends_on"] + timedelta(days=1)}


FILES: dict[str, SeedFile] = {
    file.name: file
    for file in (
        # Parents before children.
        _file(
            "areas.csv",
            models.Area,
            "slug name kind members",
            key="slug",
            identity="slug",
            lists={"members": "forces.csv"},
        ),
        _file(
            "forces.csv",
            models.Force,
            "slug official_name short_name ons_code nation region rates_compare",
            key="slug",
            identity="slug",
        ),
        _file(
            "force_names.csv",
            models.ForceName,
            "force name valid_from valid_to seen_in",
            key="force name",
            identity="force_id name",
            refers={"force": FORCE},
        ),
        _file(
            "councils.csv",
            models.Council,
            "code name welsh_name force",
            key="code",
            identity="code",
            refers={"force": FORCE},
        ),
        _file("policing_bodies.csv", models.PolicingBody, "name kind", key="name", identity="name"),
        _file(
            "tenures.csv",
            models.Tenure,
            "force body valid_from valid_to note",
            key="force body",
            identity="force_id body_id",
            refers={"force": FORCE, "body": at("policing_bodies.csv", "body")},
        ),
        _file(
            "cycles.csv",
            models.Cycle,
            "slug label order tiers band inspectorate questions_complete published_text about"
            " break_reason break_address break_presumed",
            key="slug",
            identity="slug",
        ),
        _file("pillars.csv", models.Pillar, "slug title order about", key="slug", identity="slug"),
        _file("themes.csv", models.Theme, "slug title order summary", key="slug", identity="slug"),
        _file(
            "questions.csv",
            models.Question,
            "cycle pillar number title short_title order graded applies_to theme also_covers wording address address_2",
            key="cycle pillar number",
            identity="cycle_id pillar_id number",
            refers={
                "cycle": CYCLE,
                "pillar": at("pillars.csv", "pillar"),
                "theme": at("themes.csv", "theme"),
            },
            lists={"also_covers": "themes.csv"},
            may_be_empty="pillar theme",
        ),
        _file(
            "question_links.csv",
            models.QuestionLink,
            "from_cycle from_pillar from_number to_cycle to_pillar to_number relation reason",
            key="from_cycle from_pillar from_number to_cycle to_pillar to_number",
            identity="from_question_id to_question_id",
            refers={
                f"{end}_question": at("questions.csv", *(f"{end}_{column}" for column in QUESTION))
                for end in ("from", "to")
            },
            may_be_empty="from_cycle from_pillar from_number to_cycle to_pillar to_number",
        ),
        _file(
            "grade_definitions.csv",
            models.GradeDefinition,
            "cycle level definition address",
            key="cycle level",
            identity="cycle_id level",
            refers={"cycle": CYCLE},
        ),
        _file(
            "reports.csv",
            models.Report,
            "force cycle kind title isbn address published_on date_confirmed",
            key="force cycle kind",
            identity="inspection_id kind",
            # Both belong to the report's inspection, which the lines of this file imply.
            refers={"force": FORCE, "cycle": CYCLE},
        ),
        _file(
            "sources.csv",
            models.Source,
            "key publisher title kind address published_on",
            key="key",
            identity="key",
        ),
        _file(
            "grades.csv",
            models.Grade,
            "force cycle pillar number report state level carried_from unsettled withheld_reason"
            " amended_on amended_from amended_reason note",
            key="force cycle pillar number",
            identity="inspection_id question_id",
            refers={
                "force": FORCE,
                "question": at("questions.csv", *QUESTION),
                "report": at("reports.csv", *REPORT),
                "carried_from": CARRIED_FROM,
            },
            may_be_empty="pillar report carried_from",
        ),
        _file(
            "citations.csv",
            models.Citation,
            "force cycle pillar number source state level carried_from locator note",
            key="force cycle pillar number source",
            identity="grade_id source_id",
            refers={"grade": at("grades.csv", *CELL), "source": SOURCE, "carried_from": CARRIED_FROM},
            parsers={"state": one_of(scales.State)},
            may_be_empty="pillar carried_from",
        ),
        _file(
            "findings.csv",
            models.Finding,
            "key force cycle pillar number kind order parent text published_on continues due source",
            key="key",
            identity="key",
            refers={
                "force": FORCE,
                "cycle": CYCLE,
                "question": at("questions.csv", *QUESTION),
                "parent": at("findings.csv", "parent"),
                "continues": at("findings.csv", "continues"),
                "source": SOURCE,
            },
            may_be_empty="cycle pillar number parent continues",
        ),
        _file(
            "finding_events.csv",
            models.FindingEvent,
            "finding actor standing happened_on note source",
            key="finding actor standing happened_on",
            identity="finding_id actor standing happened_on",
            refers={"finding": at("findings.csv", "finding"), "source": SOURCE},
        ),
        _file(
            "monitoring_periods.csv",
            models.MonitoringPeriod,
            "force entered_on left_on note source",
            key="force entered_on",
            identity="force_id entered_on",
            refers={"force": FORCE, "source": SOURCE},
        ),
        _file(
            "responses.csv",
            models.Response,
            "force cycle report body published_on title address kind body_comments chief_constable_comments"
            " reply_to_chief_constable actions note source",
            key="force cycle report kind title",
            identity="report_id kind title",
            refers={
                "report": at("reports.csv", *REPORT),
                "body": at("policing_bodies.csv", "body"),
                "source": SOURCE,
            },
            may_be_empty="source",
        ),
        _file(
            "mentions.csv",
            models.Mention,
            "force cycle kind title outlet published_on address summary",
            key="force outlet title",
            identity="force_id outlet title",
            refers={"force": FORCE, "cycle": CYCLE},
            may_be_empty="cycle",
        ),
        _file(
            "metrics.csv",
            models.Metric,
            "slug label unit multiplier denominator period_kind direction decimals definition why_it_matters"
            " caveat parent order tile",
            key="slug",
            identity="slug",
            refers={"parent": at("metrics.csv", "parent")},
            may_be_empty="parent",
        ),
        _file(
            "releases.csv",
            models.Release,
            "key dataset edition publisher released_on address",
            key="key",
            identity="key",
        ),
        _file(
            "observations.csv",
            models.Observation,
            "area metric starts_on ends_on value numerator denominator denominator_note release basis status note"
            " combined_with",
            key="area metric starts_on ends_on release",
            identity=FIGURE_IDENTITY,
            refers=FIGURE,
            derived=lambda row: {**_period(row), "block": "", "report": None},
            parsers={"ends_on": day_before_another},
            may_be_empty="combined_with",
        ),
        _file(
            "printed_figures.csv",
            models.Observation,
            "force cycle report block order area metric printed_label starts_on ends_on value numerator note release combined_with",
            key="area metric starts_on ends_on block",
            identity=FIGURE_IDENTITY,
            refers={**FIGURE, "report": at("reports.csv", *REPORT)},
            derived=lambda row: {**_period(row), "basis": scales.Basis.AS_PRINTED.value},
            parsers={"ends_on": day_before_another, "block": one_of(scales.PrintedBlock)},
            may_be_empty="combined_with",
        ),
        _file(
            "series_breaks.csv",
            models.SeriesBreak,
            "metric area at label reason address",
            key="metric area at",
            identity="metric_id area_id at",
            refers={"metric": at("metrics.csv", "metric"), "area": AREA["area"]},
            may_be_empty="area",
        ),
    )
}
"""The files by name."""
