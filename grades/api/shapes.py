"""What each record looks like to a program. Absence is a named state, an empty text or null, as each field says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from django.conf import settings
from django.urls import reverse
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from grades import log_words, words
from grades.dates import PartialDate
from grades.history import CommentFacts, CorrectionFacts, GradePoint, SourceFacts, ThemeFacts
from grades.queries.findings import FindingFacts, StepFacts
from grades.queries.forces import TenureFacts
from grades.queries.records.answers import FindingRecord, ResponseRecord
from grades.queries.records.figures import AreaBreak, FigureRecord, MetricRecord
from grades.queries.records.framework import CycleRecord, ForceRecord, QuestionRecord
from grades.queries.records.grades import GradeRecord
from grades.queries.records.log import ChangeRecord
from grades.scales import TIERS
from grades.series import ReleaseFacts

Partial = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"})]
"""A date as far as it is known: 2022, 2022-06 or 2022-06-28."""

Number = Annotated[float, WithJsonSchema({"type": "number"})]
"""A figure with four decimals at most."""


def partial(when: PartialDate | None) -> str | None:
    """Write a date as far as it is known."""
    return str(when) if when else None


def number(value: Decimal | None) -> float | None:
    """Write a figure as JSON has numbers."""
    return None if value is None else float(value)


def page(name: str, *place: Any, anchor: str = "") -> str:
    """Give the whole address of a page."""
    return f"{settings.BASE_URL}{reverse(name, args=place)}{anchor}"


class Part(BaseModel):
    """A part of a record: all its fields are there, and no others."""

    model_config = ConfigDict(extra="forbid")


def _any_may_be_left_out(schema: dict[str, Any]) -> None:
    """Say that no field has to be there: `fields` of the request says which are."""
    schema.pop("required", None)


class Shape(BaseModel):
    """A record, of which a request may want some fields alone."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_any_may_be_left_out)

    @classmethod
    def of(cls, record: Any) -> Self:
        """Make it from the facts."""
        raise NotImplementedError


class Body(Part):
    """A policing body and the time during which it holds a force to account."""

    name: str
    kind: str
    valid_from: Partial | None = Field(description="The first day; null where the record does not say.")
    valid_to: Partial | None = Field(
        description="The first day on which it no longer did; null where none is recorded."
    )
    note: str

    @classmethod
    def of(cls, facts: TenureFacts) -> Self:
        """Make it from the facts."""
        return cls(
            name=facts.body,
            kind=facts.kind,
            valid_from=partial(facts.valid_from),
            valid_to=partial(facts.valid_to),
            note=facts.note,
        )


class Force(Shape):
    """A territorial police force of England or Wales, past or present."""

    slug: str = Field(description="Its name in addresses; never changes meaning.")
    official_name: str
    short_name: str
    nation: str
    region: str
    ons_code: str = Field(description="The code of the Office for National Statistics.")
    rates_compare: bool = Field(
        description="False where so few people live that a rate for each resident must not be compared."
    )
    valid_from: date | None
    valid_to: date | None = Field(
        description="The day on which it ended or will end, null where none is recorded."
    )
    successor: str = Field(description="The slug of the force that took over, empty where none did.")
    bodies: list[Body] = Field(description="Who has held it to account, newest first.")
    page: str

    @classmethod
    def of(cls, record: ForceRecord) -> Self:
        """Make it from the facts."""
        return cls(
            slug=record.slug,
            official_name=record.official_name,
            short_name=record.short_name,
            nation=record.nation,
            region=record.region,
            ons_code=record.ons_code,
            rates_compare=record.rates_compare,
            valid_from=record.valid_from,
            valid_to=record.valid_to,
            successor=record.successor,
            bodies=[Body.of(body) for body in record.bodies],
            page=page("force-detail", record.slug),
        )


class Meaning(Part):
    """What a grade means in a cycle, in this site's own words."""

    grade: str
    definition: str
    address: str = Field(description="The inspectorate's own definition.")


class Cycle(Shape):
    """One round of inspections. Its label is not a year."""

    slug: str
    label: str
    order: int = Field(description="Oldest first.")
    scale: list[str] = Field(description="The grades of its scale, best first.")
    continuity_band: str = Field(description="Grades compare only within one band.")
    break_before: bool = Field(
        description="True where its grades cannot be compared with those of the cycle before it."
    )
    break_reason: str
    break_presumed: bool = Field(
        description="True while no statement of the inspectorate on the break has been found."
    )
    break_address: str = Field(description="Where the inspectorate says so.")
    inspectorate: str = Field(description="Its name at the time.")
    questions_complete: bool = Field(description="False while the list of its questions is not fully known.")
    published: str = Field(description="When its reports came out, in words.")
    about: str
    meanings: list[Meaning]
    page: str

    @classmethod
    def of(cls, record: CycleRecord) -> Self:
        """Make it from the facts."""
        cycle = record.cycle
        return cls(
            slug=cycle.slug,
            label=cycle.label,
            order=cycle.order,
            scale=[level.value for level in TIERS[cycle.tiers]],
            continuity_band=cycle.band,
            break_before=record.break_before,
            break_reason=words.break_reason(cycle) if record.break_before else "",
            break_presumed=cycle.break_presumed,
            break_address=cycle.break_address,
            inspectorate=cycle.inspectorate,
            questions_complete=cycle.questions_complete,
            published=cycle.published_text,
            about=cycle.about,
            meanings=[
                Meaning(grade=m.level, definition=m.definition, address=m.address) for m in record.meanings
            ],
            page=page("cycle-detail", cycle.slug),
        )


class Theme(Shape):
    """A subject that joins questions over the cycles; the mapping is this site's own."""

    slug: str
    title: str
    summary: str
    page: str

    @classmethod
    def of(cls, record: ThemeFacts) -> Self:
        """Make it from the facts."""
        return cls(
            slug=record.slug,
            title=record.title,
            summary=record.summary,
            page=page("theme-detail", record.slug),
        )


class Follows(Part):
    """How a question follows another. Only `same` allows a word of change."""

    question: int | None = Field(description="The earlier question's number here; null for a new question.")
    cycle: str
    relation: str
    reason: str


class Question(Shape):
    """One question of one cycle. Question 0 of a pillar is the pillar's own judgment, stored as given."""

    id: int
    cycle: str
    pillar: str = Field(description="Empty where the cycle has no pillars.")
    number: str
    title: str = Field(description="The official title; the short one while the wording is not confirmed.")
    short_title: str
    wording: str = Field(description="How sure the title is.")
    graded: str = Field(
        description="Whether it carries a grade: `graded` for every force, `ungraded` for none, `varies`, `unknown`. "
        "Where a grade of a question that is graded for every force is not in the list, it is not recorded here yet."
    )
    applies_to: str
    theme: str = Field(description="Empty for a pillar's own judgment.")
    also_covers: list[str]
    address: str
    follows: list[Follows]

    @classmethod
    def of(cls, record: QuestionRecord) -> Self:
        """Make it from the facts."""
        question = record.question
        return cls(
            id=question.key,
            cycle=question.cycle,
            pillar=question.pillar or "",
            number=question.number,
            title=question.shown_title,
            short_title=question.short_title,
            wording=question.wording,
            graded=question.graded,
            applies_to=question.applies_to,
            theme=question.theme or "",
            also_covers=list(question.also_covers),
            address=question.address,
            follows=[
                Follows(question=f.question, cycle=f.cycle, relation=f.relation, reason=f.reason)
                for f in record.follows
            ],
        )


class Source(Part):
    """A source of a grade, and what it states, which may differ from the record."""

    publisher: str
    title: str
    kind: str
    address: str
    published: Partial | None
    locator: str = Field(description="The page or place in it.")
    states: str = Field(description="The state that it gives.")
    states_grade: str = Field(description="The grade that it gives, empty where it gives none.")
    agrees: bool
    checked_on: date | None = Field(description="When an editor compared it.")
    note: str

    @classmethod
    def of(cls, facts: SourceFacts) -> Self:
        """Make it from the facts."""
        return cls(
            publisher=facts.publisher,
            title=facts.title,
            kind=facts.kind,
            address=facts.address,
            published=partial(facts.published),
            locator=facts.locator,
            states=facts.states,
            states_grade=facts.level or "",
            agrees=facts.agrees,
            checked_on=facts.checked_on,
            note=facts.note,
        )


class Amended(Part):
    """A change that the inspectorate itself made to a grade."""

    on: date
    from_grade: str
    reason: str


class Corrected(Part):
    """A change that this record made to something public, or that it added it later."""

    on: date
    reason: str
    source: str
    added: bool = Field(description="True where the record was missing before.")
    before: dict[str, str | None] = Field(description="The columns that changed, with what they said.")

    @classmethod
    def of(cls, facts: CorrectionFacts) -> Self:
        """Make it from the facts."""
        return cls(
            on=facts.on,
            reason=facts.reason,
            source=facts.source,
            added=facts.added,
            before=dict(facts.before),
        )


class Said(Part):
    """What a policing body says beside a grade, in its own words."""

    body: str
    text: str
    dated: date

    @classmethod
    def of(cls, facts: CommentFacts) -> Self:
        """Make it from the facts."""
        return cls(body=facts.body, text=facts.text, dated=facts.dated)


class Report(Part):
    """A report of an inspection."""

    title: str
    published: Partial | None = Field(description="As far as it is known.")
    address: str


class Grade(Shape):
    """What one inspection says on one question. Its state always has a name; only two states carry a grade."""

    id: int
    force: str
    force_name: str
    ons_code: str
    inspection: str = Field(description="The kind of inspection.")
    cycle: str
    cycle_label: str
    continuity_band: str = Field(description="Grades compare only within one band.")
    break_before: bool = Field(
        description="True where it cannot be compared with grades of the cycle before."
    )
    break_reason: str
    break_presumed: bool = Field(
        description="True while no statement of the inspectorate on the break has been found."
    )
    pillar: str
    question: int = Field(description="The question's number in the list of questions.")
    question_number: str
    question_title: str
    theme: str
    also_covers: list[str]
    state: str
    state_words: str
    grade: str = Field(description="Empty in every state but graded and carried forward.")
    words: str = Field(description="All that a reader must know with the grade, in one line.")
    not_yet_checked: bool = Field(
        description="True while neither the inspectorate's own words nor an editor's check confirm the grade."
    )
    sources_disagree: bool
    carried_from: str = Field(
        description="The label of the cycle in which it was given; empty where not known or not carried."
    )
    unsettled: bool = Field(
        description="True where no source settles whether it was given afresh or carried forward."
    )
    withheld_reason: str
    amended: Amended | None
    corrections: list[Corrected]
    comments: list[Said]
    summary: str
    note: str
    report: Report | None
    sources: list[Source]
    page: str

    @classmethod
    def of(cls, record: GradeRecord) -> Self:
        """Make it from the facts."""
        point, question, cycle = record.point, record.point.question, record.cycle
        return cls(
            id=record.key,
            force=record.force,
            force_name=record.force_name,
            ons_code=record.ons_code,
            inspection=record.inspection,
            cycle=cycle.slug,
            cycle_label=cycle.label,
            continuity_band=cycle.band,
            break_before=record.break_before,
            break_reason=words.break_reason(cycle) if record.break_before else "",
            break_presumed=record.break_before and cycle.break_presumed,
            pillar=question.pillar or "",
            question=question.key,
            question_number=question.number,
            question_title=question.shown_title,
            theme=question.theme or "",
            also_covers=list(question.also_covers),
            state=point.state,
            state_words=words.point_state(point, {}),
            grade=point.level or "",
            words=words.point_words(point, {}),
            not_yet_checked=point.unchecked,
            sources_disagree=bool(point.disagreeing),
            carried_from=point.carried_from or "",
            unsettled=point.unsettled,
            withheld_reason=point.withheld_reason,
            amended=_amended(point),
            corrections=[Corrected.of(correction) for correction in point.corrections],
            comments=[Said.of(comment) for comment in point.comments],
            summary=point.summary,
            note=point.note,
            report=_report(record),
            sources=[Source.of(source) for source in point.sources],
            page=page("inspection-detail", record.force, cycle.slug, anchor=f"#q{question.key}"),
        )


def _amended(point: GradePoint) -> Amended | None:
    if point.amendment is None:
        return None
    return Amended(on=point.amendment.on, from_grade=point.amendment.old, reason=point.amendment.reason)


def _report(record: GradeRecord) -> Report | None:
    if not record.report_title:
        return None
    point = record.point
    return Report(title=record.report_title, published=partial(point.published), address=point.report_address)


class Step(Part):
    """A dated step on a finding. What the force says is kept apart from what the inspectorate says."""

    actor: str
    standing: str
    on: Partial
    note: str
    evidence: str

    @classmethod
    def of(cls, facts: StepFacts) -> Self:
        """Make it from the facts."""
        return cls(
            actor=facts.actor,
            standing=facts.status,
            on=str(facts.on),
            note=facts.note,
            evidence=facts.evidence,
        )


class Finding(Shape):
    """A cause of concern, a recommendation under one, an area for improvement or a practice worth copying."""

    id: int
    key: str = Field(description="Its name in files and addresses.")
    force: str
    cycle: str = Field(description="Empty while the report that it belongs to is not known.")
    question: int | None = Field(description="The question's number in the list of questions.")
    theme: str
    kind: str
    text: str = Field(description="In this site's own words.")
    cause: str = Field(description="The key of the cause of concern that a recommendation answers.")
    published: Partial | None = Field(description="Its own day, where it came out apart from its report.")
    since: Partial | None = Field(description="From when it stands: its own day, or that of its report.")
    due: str
    due_on: date | None
    standing: str = Field(description="`open` means that no end is recorded here.")
    standing_words: str
    steps: list[Step] = Field(description="Oldest first.")
    continues: list[str] = Field(description="The keys of earlier findings that it continues.")
    continued_by: list[str]
    corrections: list[Corrected]
    source: Report = Field(description="What states it.")
    source_publisher: str
    page: str

    @classmethod
    def of(cls, record: FindingRecord) -> Self:
        """Make it from the facts."""
        finding = record.finding
        return cls(
            id=record.number,
            key=finding.key,
            force=record.force,
            cycle=finding.cycle_slug,
            question=record.question,
            theme=record.theme,
            kind=finding.kind,
            text=finding.text,
            cause=record.cause,
            published=partial(finding.published),
            since=partial(finding.since),
            due=finding.due,
            due_on=finding.due_on,
            standing=finding.standing,
            standing_words=words.standing_words(finding.standing, finding.age),
            steps=[Step.of(step) for step in finding.steps],
            continues=[link.key for link in finding.continues],
            continued_by=[link.key for link in finding.continued_by],
            corrections=[Corrected.of(correction) for correction in finding.corrections],
            source=Report(
                title=finding.source_title,
                published=partial(finding.source_published),
                address=finding.source_address,
            ),
            source_publisher=finding.source_publisher,
            page=_finding_page(record.force, finding),
        )


def _finding_page(force: str, finding: FindingFacts) -> str:
    anchor = f"#{finding.key}"
    if finding.has_page:
        return page("inspection-detail", force, finding.cycle_slug, anchor=anchor)
    return page("force-detail", force, anchor=anchor)


class Action(Part):
    """What a response says about one recommendation: what is done, or why nothing is."""

    finding: str = Field(description="The finding's key.")
    kind: str
    action: str
    reason: str


class Response(Shape):
    """What a policing body published about a report."""

    id: int
    force: str
    cycle: str
    inspection: str
    kind: str = Field(description="A formal response, or a statement.")
    title: str
    address: str
    body: str
    published: Partial | None
    report: Report = Field(description="The report that it answers.")
    last_day: date | None = Field(
        description="The last of the 56 days, of which the day of the report is the first; null where they are not counted."
    )
    day: int | None = Field(
        description="On which day of the 56 it came out; null where they are not counted."
    )
    clock: str = Field(
        description="How it stands to the 56 days, or why they are not counted, in words; of a statement, how its report does."
    )
    body_comments: str
    chief_constable_comments: str
    reply_to_chief_constable: str
    actions: str
    actions_on_recommendations: list[Action]
    sent_to_inspectorate: date | None
    sent_to_secretary_of_state: date | None
    note: str
    corrections: list[Corrected]
    page: str

    @classmethod
    def of(cls, record: ResponseRecord) -> Self:
        """Make it from the facts."""
        response = record.response
        return cls(
            id=response.pk,
            force=record.force,
            cycle=record.cycle,
            inspection=record.inspection,
            kind=response.kind,
            title=response.title,
            address=response.address,
            body=response.body,
            published=partial(response.published),
            report=Report(
                title=record.report_title,
                published=partial(record.report_published),
                address=record.report_address,
            ),
            last_day=record.clock.last_day,
            day=response.day,
            clock=words.clock_words(record.clock),
            body_comments=response.body_comments,
            chief_constable_comments=response.chief_constable_comments,
            reply_to_chief_constable=response.reply_to_chief_constable,
            actions=response.actions,
            actions_on_recommendations=[
                Action(finding=a.key, kind=a.kind, action=a.action, reason=a.reason) for a in response.answers
            ],
            sent_to_inspectorate=response.sent_to_inspectorate,
            sent_to_secretary_of_state=response.sent_to_secretary_of_state,
            note=response.note,
            corrections=[Corrected.of(correction) for correction in response.corrections],
            page=page("response-detail", record.force, record.cycle, response.pk),
        )


class SeriesBreak(Part):
    """A day from which figures are counted in a new way; no line may cross it."""

    area: str = Field(description="The slug of the one area that it concerns, empty for all.")
    on: date
    label: str
    reason: str
    address: str

    @classmethod
    def of(cls, facts: AreaBreak) -> Self:
        """Make it from the facts."""
        at = facts.at
        return cls(area=facts.area, on=at.at, label=at.label, reason=at.reason, address=at.address)


class Metric(Shape):
    """Something that is counted for every area and period, and how to take it."""

    slug: str
    label: str
    unit: str
    multiplier: int = Field(description="What numerator over denominator is times.")
    denominator: str
    period_kind: str
    direction: str = Field(description="Which way is better; `neither` unless said. A rate is no judgment.")
    decimals: int
    definition: str
    why_it_matters: str
    caveat: str = Field(description="What a reader must bear in mind.")
    part_of: str = Field(description="The slug of the metric that it is a part of, empty for none.")
    breaks: list[SeriesBreak]

    @classmethod
    def of(cls, record: MetricRecord) -> Self:
        """Make it from the facts."""
        metric = record.metric
        return cls(
            slug=metric.slug,
            label=metric.label,
            unit=metric.unit,
            multiplier=metric.multiplier,
            denominator=metric.denominator,
            period_kind=metric.period_kind,
            direction=metric.direction,
            decimals=metric.decimals,
            definition=metric.definition,
            why_it_matters=metric.why_it_matters,
            caveat=metric.caveat,
            part_of=record.part_of,
            breaks=[SeriesBreak.of(at) for at in record.breaks],
        )


class Release(Part):
    """The edition of a data set that states a figure."""

    dataset: str
    edition: str
    publisher: str
    released: Partial | None
    address: str

    @classmethod
    def of(cls, facts: ReleaseFacts) -> Self:
        """Make it from the facts."""
        return cls(
            dataset=facts.dataset,
            edition=facts.edition,
            publisher=facts.publisher,
            released=partial(facts.released),
            address=facts.address,
        )


class Observation(Shape):
    """One figure: an area, a metric, a period and the release that states it."""

    id: int
    area: str
    area_name: str
    area_kind: str
    metric: str
    unit: str
    starts_on: date
    last_day: date = Field(description="The last day of the period, inclusive.")
    period: str = Field(description="The period in words.")
    value: Number
    numerator: Number | None
    denominator: Number | None
    denominator_note: str
    basis: str
    status: str
    newest: bool = Field(
        description="True for the figure that pages show for its period: that of the newest release, a print only where the area has no other figures of the metric. Periods may overlap."
    )
    break_before: bool = Field(
        description="True where the way of counting changed since the figure of a year before; no line may cross it."
    )
    break_reason: str
    combined_with: str = Field(description="The forces that are counted together, where it is for several.")
    note: str
    printed_in: str = Field(description="The cycle whose report prints it, empty for any other figure.")
    printed_block: str
    printed_label: str
    release: Release

    @classmethod
    def of(cls, record: FigureRecord) -> Self:
        """Make it from the facts."""
        figure, broken = record.observation, record.break_before
        return cls(
            id=record.key,
            area=record.area,
            area_name=record.area_name,
            area_kind=record.area_kind,
            metric=record.metric.slug,
            unit=record.metric.unit,
            starts_on=figure.starts_on,
            last_day=figure.last_day,
            period=words.period(figure.starts_on, figure.ends_before),
            value=float(figure.value),
            numerator=number(figure.numerator),
            denominator=number(figure.denominator),
            denominator_note=figure.denominator_note,
            basis=figure.basis,
            status=figure.status,
            newest=record.newest,
            break_before=broken is not None,
            break_reason=words.series_break_sentence(broken) if broken else "",
            combined_with=figure.combined_with,
            note=figure.note,
            printed_in=record.printed_in,
            printed_block=record.printed_block,
            printed_label=record.printed_label,
            release=Release.of(figure.release),
        )


class Change(Shape):
    """One entry of the public change log, chained to the one before by its digest."""

    number: int
    at: datetime
    kind: str
    force: str = Field(
        description="The slug of the force that it is about, empty where it is about no single one."
    )
    headline: str = Field(description="What happened, in a sentence.")
    reason: str
    document: dict[str, Any] = Field(description="What changed, in full; it differs by kind.")
    previous: str
    digest: str

    @classmethod
    def of(cls, record: ChangeRecord) -> Self:
        """Make it from the facts."""
        said = log_words.entry_words(record.kind, record.document)
        return cls(
            number=record.number,
            at=record.at,
            kind=record.kind,
            force=record.force,
            headline=said.headline,
            reason=said.reason,
            document=dict(record.document),
            previous=record.previous,
            digest=record.digest,
        )
