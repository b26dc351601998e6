"""The files of the whole record: what one row of each is, and what each column holds.

Said once for whoever writes a file (`queries.downloads`), describes it (`exports`) or reads it back (`importers.record`).
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grades.scales import (
    Actor,
    AreaKind,
    Basis,
    CellState,
    ChangeKind,
    Direction,
    FindingKind,
    FindingStatus,
    Graded,
    InspectionKind,
    Level,
    Nation,
    ObservationStatus,
    PeriodKind,
    ReportKind,
    ResponseKind,
    SourceKind,
    Standing,
    State,
    Wording,
)

Words = str | Promise


class Kind(StrEnum):
    """What a column holds. An empty cell says that there is nothing, never nought."""

    TEXT = "text"
    DATE = "date"
    PARTIAL_DATE = "partial-date"
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes-no"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name in the first line, what it holds, what it means. `choices` are the codes that it may hold."""

    name: str
    about: Words
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One file. `slug` is its name without a suffix; `key` names the columns that tell its rows apart."""

    slug: str
    title: Words
    about: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the columns, in the order of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def stated(self) -> tuple[Column, ...]:
        """Give the columns that a file is read back from; the others are worked out of the record."""
        return tuple(column for column in self.columns if column.name not in WORKED_OUT)


WORKED_OUT: frozenset[str] = frozenset(
    {
        *(
            "force_name",
            "force_code",
            "cycle_name",
            "question_title",
            "theme",
            "also_covers",
            "band",
            "licence",
        ),
        *("break_before", "break_reason", "break_address", "break_presumed"),
        *(
            "state_words",
            "grade_words",
            "carried_words",
            "not_yet_checked",
            "checked_words",
            "sources_disagree",
        ),
        *("sources", "corrected_on", "corrected_from", "kind_words", "who_words", "step_words"),
        *("standing", "standing_words"),
    }
)
"""Columns that repeat what the record says elsewhere, for whoever reads a file alone."""


def _text(name: str, about: Words, *, required: bool = False) -> Column:
    return Column(name=name, about=about, required=required)


def _code(name: str, about: Words, choices: type[TextChoices], *, required: bool = False) -> Column:
    return Column(name=name, about=about, choices=tuple(choices.values), required=required)


def _of(kind: Kind, name: str, about: Words, *, required: bool = False) -> Column:
    return Column(name=name, about=about, kind=kind, required=required)


_FORCE = (
    _text("force", _("The force, as in addresses of this site."), required=True),
    _text("force_name", _("The force's short name."), required=True),
    _text("force_code", _("The code of its area at the Office for National Statistics."), required=True),
)

_CYCLE = (
    _text("cycle", _("The cycle of inspections, as in addresses of this site."), required=True),
    _text("cycle_name", _("The cycle's name. It is not a year."), required=True),
    _code("inspection", _("The kind of inspection."), InspectionKind, required=True),
)

_QUESTION = (
    _text("pillar", _("The pillar; empty from 2021/22 on.")),
    _text("question", _("The question's number; 0 is the pillar's own grade, as judged.")),
    _text(
        "question_title", _("The question, as published; its short title where the wording is not confirmed.")
    ),
)

_THEMES = (
    _text("theme", _("This site's theme of the question; none for a pillar's own grade.")),
    _text("also_covers", _("Other themes that it touches, separated by semicolons.")),
)

_BREAK = (
    _text(
        "band",
        _("Grades compare only within one letter, and only along a question that stayed the same."),
        required=True,
    ),
    _of(
        Kind.YES_NO,
        "break_before",
        _("Whether grades of earlier cycles cannot be compared with this one."),
        required=True,
    ),
    _text("break_reason", _("Why not.")),
    _of(Kind.ADDRESS, "break_address", _("Where the inspectorate says so.")),
    _of(
        Kind.YES_NO,
        "break_presumed",
        _("Whether no statement of the inspectorate was found yet."),
        required=True,
    ),
)

_CHECKED = (
    _of(
        Kind.YES_NO,
        "not_yet_checked",
        _("Whether only others than the inspectorate state the grade, and no editor compared it."),
        required=True,
    ),
    _text("checked_words", _("The same in words.")),
)

_REPORT = (
    _code("report", _("The kind of the report; until 2017 an inspection had several."), ReportKind),
    _text("report_title", _("The report's title.")),
    _text("report_isbn", _("Its ISBN.")),
    _of(Kind.ADDRESS, "report_address", _("Where it can be read.")),
    _of(Kind.PARTIAL_DATE, "report_published_on", _("When it was published, as far as known.")),
    _of(Kind.YES_NO, "report_date_confirmed", _("Whether the date is the inspectorate's own.")),
)


def _source(*, required: bool) -> tuple[Column, ...]:
    return (
        _text(
            "source", _("What tells this source from others: its address, or its title."), required=required
        ),
        _text("source_publisher", _("Who published it."), required=required),
        _text("source_title", _("Its title, or a plain description."), required=required),
        _code("source_kind", _("Who speaks in it."), SourceKind, required=required),
        _of(Kind.ADDRESS, "source_address", _("Where it can be read.")),
        _of(Kind.PARTIAL_DATE, "source_published_on", _("When it was published, as far as known.")),
    )


_STATED = (
    _code("source_state", _("The state that this source gives."), State),
    _code("source_grade", _("The grade that this source gives; it may differ from the record's."), Level),
    _text("source_carried_from", _("The cycle from which it says the grade is carried forward.")),
    _text("source_page", _("Page, section or paragraph.")),
    _text("source_note", _("What to know about this source.")),
    _of(
        Kind.DATE,
        "source_checked_on",
        _("The day on which an editor compared the grade with the report itself."),
    ),
)

_CORRECTED = (
    _of(Kind.DATE, "corrected_on", _("The day of the newest correction on this site.")),
    _text("corrected_from", _("What it said before that correction.")),
)

_LICENCE = (_text("licence", _("Under which licence the row may be used."), required=True),)

GRADES = Dataset(
    slug="grades",
    title=_("All grades"),
    about=_(
        "One row for each force and question: the grade or the state in its place, with the source that speaks for it first. "
        "What this site has no record of is a row too, and says so. Grades are inspectors' judgments, not official statistics."
    ),
    key=("force", "cycle", "inspection", "pillar", "question"),
    columns=(
        *_FORCE,
        *_CYCLE,
        *_QUESTION,
        *_THEMES,
        _of(
            Kind.YES_NO,
            "recorded",
            _("Whether this site holds something for this cell; “false” marks a derived state."),
            required=True,
        ),
        _code("state", _("The state, as a code."), CellState, required=True),
        _text("state_words", _("The state in words."), required=True),
        _code("grade", _("The grade, as a code; only where the state is graded or carried-forward."), Level),
        _text("grade_words", _("The grade in words.")),
        _text(
            "carried_from",
            _("The cycle from which a grade is carried forward; empty where that is not known."),
        ),
        _text("carried_words", _("The same in words; says so where the origin is not known.")),
        _of(
            Kind.YES_NO,
            "unsettled",
            _("Whether no source settles if it was judged afresh or carried forward."),
            required=True,
        ),
        _text("withheld_reason", _("Why it was not graded.")),
        *_BREAK,
        *_CHECKED,
        _of(Kind.YES_NO, "sources_disagree", _("Whether a source states another grade."), required=True),
        _of(Kind.DATE, "amended_on", _("The day on which the inspectorate itself changed the grade.")),
        _code("amended_from", _("The grade before that."), Level),
        _text("amended_reason", _("Why it was changed.")),
        *_CORRECTED,
        _text("summary", _("What inspectors found, in our own words.")),
        _text("note", _("What a reader must know about this cell.")),
        *_REPORT,
        *_source(required=False),
        *_STATED,
        _of(
            Kind.WHOLE,
            "sources",
            _("How many sources are on record; all are in grade-sources.csv."),
            required=True,
        ),
        *_LICENCE,
    ),
)

GRADE_SOURCES = Dataset(
    slug="grade-sources",
    title=_("All sources of grades"),
    about=_("One row for each grade and source: what the source states, which may differ from the record."),
    key=(*GRADES.key, "source"),
    columns=(*_FORCE, *_CYCLE, *_QUESTION, *_BREAK, *_CHECKED, *_source(required=True), *_STATED, *_LICENCE),
)

FINDINGS = Dataset(
    slug="findings",
    title=_("All findings"),
    about=_(
        "One row for each cause of concern, recommendation, area for improvement and innovative practice, in our own words, with "
        "where it stands as far as this site knows."
    ),
    key=("finding",),
    columns=(
        _text("finding", _("The finding's key."), required=True),
        *_FORCE,
        _text("cycle", _("The cycle of its inspection; empty where it came out before any report.")),
        _text("cycle_name", _("The cycle's name. It is not a year.")),
        _code("inspection", _("The kind of inspection."), InspectionKind),
        _text("question_cycle", _("The cycle of its question.")),
        *_QUESTION,
        *_THEMES,
        _code("kind", _("The kind of finding, as a code."), FindingKind, required=True),
        _text("kind_words", _("The kind in words."), required=True),
        _of(Kind.WHOLE, "order", _("Its place within its question."), required=True),
        _text("cause_of_concern", _("The cause of concern that a recommendation answers.")),
        _text("continues", _("The earlier finding that it continues.")),
        _text("text", _("What was found, in our own words."), required=True),
        _of(Kind.PARTIAL_DATE, "published_on", _("Its own date, where it came out before its report.")),
        _text("due", _("By when, as stated.")),
        _of(Kind.DATE, "due_on", _("The last day, where one is set.")),
        _code(
            "standing",
            _("Where it stands, as a code: derived from its steps and from what continues it."),
            Standing,
            required=True,
        ),
        _text("standing_words", _("The same in words."), required=True),
        _of(
            Kind.YES_NO,
            "break_before",
            _("Whether earlier cycles cannot be compared with its cycle."),
            required=True,
        ),
        _text("break_reason", _("Why not.")),
        *_CORRECTED,
        *_source(required=True),
        *_LICENCE,
    ),
)

FINDING_STEPS = Dataset(
    slug="finding-steps",
    title=_("All steps on findings"),
    about=_(
        "One row for each dated step on a finding. What the force says is kept apart from what the inspectorate says."
    ),
    key=("finding", "who", "step", "on"),
    columns=(
        _text("finding", _("The finding's key."), required=True),
        *_FORCE,
        _code("who", _("Who says so, as a code."), Actor, required=True),
        _text("who_words", _("Who says so, in words."), required=True),
        _code("step", _("Where it stands, as a code."), FindingStatus, required=True),
        _text("step_words", _("The same in words."), required=True),
        _of(Kind.PARTIAL_DATE, "on", _("The day of the step, as far as known."), required=True),
        _text("note", _("In our own words.")),
        _of(Kind.ADDRESS, "evidence", _("Where the evidence can be read.")),
        *_source(required=True),
        *_LICENCE,
    ),
)

RESPONSES = Dataset(
    slug="responses",
    title=_("All responses"),
    about=_("One row for each response or statement of a local policing body on a report, in our own words."),
    key=("force", "cycle", "inspection", "report", "kind", "title"),
    columns=(
        *_FORCE,
        *_CYCLE,
        *_REPORT,
        _text("body", _("Which body answered."), required=True),
        _code(
            "kind",
            _("A response under section 55 of the Police Act 1996, or a statement."),
            ResponseKind,
            required=True,
        ),
        _text("kind_words", _("The same in words."), required=True),
        _text("title", _("As published."), required=True),
        _of(Kind.ADDRESS, "address", _("Where it can be read.")),
        _of(Kind.PARTIAL_DATE, "published_on", _("When it was published, as far as known.")),
        _text("body_comments", _("What the body says, in our own words.")),
        _text("chief_constable_comments", _("What the chief constable says, in our own words.")),
        _text("reply_to_chief_constable", _("The body's reply, in our own words.")),
        _text("actions", _("Action taken or proposed, in our own words.")),
        _of(Kind.DATE, "sent_to_inspectorate_on", _("When it was sent to the inspectorate.")),
        _of(Kind.DATE, "sent_to_secretary_of_state_on", _("When it was sent to the Secretary of State.")),
        _text("note", _("What a reader should know.")),
        *_CORRECTED,
        *_source(required=False),
        *_LICENCE,
    ),
)

FIGURES = Dataset(
    slug="figures",
    title=_("All figures"),
    about=_(
        "One row for each area, metric, period and release: the force in numbers, with what it was divided by. Earlier releases stay; "
        "“newest” marks those that pages show. Their periods may overlap: choose those that end in one month. Rates are not judgments."
    ),
    key=("area", "metric", "first_day", "last_day", "release", "printed_in"),
    columns=(
        _text("area", _("What the figure is about."), required=True),
        _text("area_name", _("The same in words."), required=True),
        _code("area_kind", _("The kind of area."), AreaKind, required=True),
        _text("force", _("The force, as in addresses of this site; empty where the area is no force's.")),
        _text("force_code", _("The code of its area at the Office for National Statistics.")),
        _of(
            Kind.YES_NO,
            "compares",
            _("Whether the area's rates for each resident may be compared with others'."),
            required=True,
        ),
        _text("metric", _("What is counted, as in addresses of this site."), required=True),
        _text("metric_name", _("What is counted."), required=True),
        _text("unit", _("The unit in words."), required=True),
        _of(Kind.DATE, "first_day", _("The first day of the period."), required=True),
        _of(Kind.DATE, "last_day", _("The last day of the period."), required=True),
        _of(Kind.NUMBER, "value", _("The figure."), required=True),
        _of(Kind.NUMBER, "numerator", _("The count above the line.")),
        _of(Kind.NUMBER, "denominator", _("The count below the line.")),
        _text("denominator_year", _("Its year and vintage.")),
        _code("basis", _("Where the figure comes from, as a code."), Basis, required=True),
        _text("basis_words", _("The same in words."), required=True),
        _code("status", _("How settled it is, as a code."), ObservationStatus, required=True),
        _text("status_words", _("The same in words."), required=True),
        _of(
            Kind.YES_NO,
            "newest",
            _(
                "Whether pages show this figure for its period. A print is shown only where the area has no other figures of the metric."
            ),
            required=True,
        ),
        _text("counted_with", _("The area in which several forces are counted together.")),
        _of(
            Kind.YES_NO,
            "break_before",
            _(
                "Whether counting changed since the period of a year before, so that no line may join the two."
            ),
            required=True,
        ),
        _text("break_reason", _("What changed.")),
        _text("note", _("What a reader must know.")),
        _text("printed_in", _("The block of an inspection report that prints it.")),
        _text("release", _("The edition that states it."), required=True),
        _text("release_title", _("The data set and its edition."), required=True),
        _text("release_publisher", _("Who published it."), required=True),
        _of(Kind.PARTIAL_DATE, "released_on", _("When it was published, as far as known.")),
        _of(Kind.ADDRESS, "release_address", _("Where it is published.")),
        *_LICENCE,
    ),
)

METRICS = Dataset(
    slug="metrics",
    title=_("All metrics"),
    about=_("One row for each thing that is counted: unit, definition and caveats, in our own words."),
    key=("metric",),
    columns=(
        _text("metric", _("As in addresses of this site."), required=True),
        _text("metric_name", _("What is counted."), required=True),
        _text("unit", _("The unit in words."), required=True),
        _of(Kind.WHOLE, "multiplier", _("What numerator divided by denominator is times."), required=True),
        _text("denominator", _("What it is divided by.")),
        _code("period", _("What span a figure covers."), PeriodKind, required=True),
        _code("direction", _("Which way is better; recorded crime has none."), Direction, required=True),
        _text("part_of", _("The metric that this one is part of.")),
        _text("definition", _("What is counted, in our own words."), required=True),
        _text("caveat", _("What a reader must bear in mind.")),
        *_LICENCE,
    ),
)

FORCES = Dataset(
    slug="forces",
    title=_("All forces"),
    about=_("One row for each police force, with who holds it to account today."),
    key=("force",),
    columns=(
        *_FORCE,
        _text("official_name", _("The force's full name."), required=True),
        _code("nation", _("England or Wales."), Nation, required=True),
        _text("region", _("The region of England, or Wales."), required=True),
        _text("body", _("The local policing body that holds it to account today.")),
        _of(
            Kind.YES_NO,
            "compares",
            _("Whether its rates for each resident may be compared with others'."),
            required=True,
        ),
        _text("successor", _("The force that took its place.")),
        *_LICENCE,
    ),
)

CYCLES = Dataset(
    slug="cycles",
    title=_("All cycles"),
    about=_(
        "One row for each cycle of inspections: its scale, its band, and why it cannot be compared with the one before."
    ),
    key=("cycle",),
    columns=(
        _text("cycle", _("As in addresses of this site."), required=True),
        _text("cycle_name", _("The cycle's name. It is not a year."), required=True),
        _of(Kind.WHOLE, "tiers", _("How many grades its scale has."), required=True),
        _text("inspectorate", _("The inspectorate's name at the time."), required=True),
        *_BREAK,
        _text("published", _("When its reports came out, in words.")),
        _text("about", _("What the cycle was, in our own words.")),
        *_LICENCE,
    ),
)

QUESTIONS = Dataset(
    slug="questions",
    title=_("All questions"),
    about=_(
        "One row for each question of each cycle, with this site's theme; pillars' own grades are question 0."
    ),
    key=("cycle", "pillar", "question"),
    columns=(
        _text("cycle", _("As in addresses of this site."), required=True),
        _text("cycle_name", _("The cycle's name. It is not a year."), required=True),
        *_QUESTION,
        *_THEMES,
        _code("graded", _("Whether it carries a grade."), Graded, required=True),
        _code("wording", _("How sure the title is."), Wording, required=True),
        _text(
            "same_as",
            _(
                "The question of the cycle before that it is the same as: pillar, if any, and number. Change may be spoken of only along these and within one band."
            ),
        ),
        _of(Kind.ADDRESS, "address", _("Where the question is published.")),
        *_LICENCE,
    ),
)

THEMES = Dataset(
    slug="themes",
    title=_("All themes"),
    about=_(
        "One row for each theme: this site's own subjects, which join the questions of different cycles."
    ),
    key=("theme",),
    columns=(
        _text("theme", _("As in addresses of this site."), required=True),
        _text("theme_name", _("The theme in words."), required=True),
        _text("about", _("One sentence of our own.")),
        *_LICENCE,
    ),
)

CHANGES = Dataset(
    slug="changes",
    title=_("All changes to this record"),
    about=_(
        "One row for each entry of the change log, newest first. What each tells in full, for a check of the log, is in log.jsonl."
    ),
    key=("number",),
    columns=(
        _of(Kind.WHOLE, "number", _("The number of the entry, counted from one."), required=True),
        _of(Kind.DATE, "on", _("The day in London on which it became public."), required=True),
        _code("kind", _("What sort of change it was."), ChangeKind, required=True),
        _text("kind_words", _("The same in words."), required=True),
        _text("force", _("The force that it is about, as in addresses of this site, if it is about one.")),
        _text(
            "cycle",
            _(
                "The cycle of an inspection that was published or of what was corrected or checked in one, as in addresses of this site; empty for all else, whose document names what it is about."
            ),
        ),
        _text("reason", _("Why.")),
        _text("source", _("By which source.")),
        _text("document", _("What changed, in full, as JSON."), required=True),
        _text("digest", _("The digest of the entry: each is made with the one before."), required=True),
        *_LICENCE,
    ),
)

DATASETS: tuple[Dataset, ...] = (
    *(GRADES, GRADE_SOURCES, FINDINGS, FINDING_STEPS, RESPONSES),
    *(FIGURES, METRICS),
    *(FORCES, CYCLES, QUESTIONS, THEMES),
    CHANGES,
)
"""Every file, in the order in which they are listed."""

BY_SLUG = {dataset.slug: dataset for dataset in DATASETS}
