"""The force pages: the list of all forces, and everything about one."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from grades import models
from grades.dates import PartialDate, Precision, has_response_limit, last_day_to_respond, response_day
from grades.history import CycleFacts, ForceHistory, build_history
from grades.models.base import partial
from grades.queries.figures import tile_series
from grades.queries.framework import framework
from grades.queries.points import load_points
from grades.queries.printed import PICTURED, PrintedFigures, printed_figures
from grades.scales import FindingKind, FindingStatus, InspectionKind, ResponseKind
from grades.series import MetricSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceLine:
    """One line of the list of forces."""

    slug: str
    name: str
    official_name: str
    nation: str
    region: str
    body: str
    latest_cycle: str
    latest_cycle_slug: str
    latest_report: date | None
    latest_precision: str
    latest_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenureFacts:
    """Who held the force to account, from when to when; None where the record does not say."""

    body: str
    valid_from: PartialDate | None
    valid_to: PartialDate | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceFacts:
    """One force and who holds it to account, newest body first. `inspected` names the cycles with a page, by slug."""

    slug: str
    official_name: str
    short_name: str
    nation: str
    region: str
    ons_code: str
    bodies: tuple[TenureFacts, ...]
    inspected: tuple[str, ...] = ()
    rates_compare: bool = True
    successor: str = ""
    valid_to: date | None = None

    def body_on(self, day: date) -> str:
        """Name the body of a day; empty where the record does not say."""
        for tenure in self.bodies:
            started = tenure.valid_from is None or tenure.valid_from.first <= day
            if started and (tenure.valid_to is None or day < tenure.valid_to.first):
                return tenure.body
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringFacts:
    """A time in the inspectorate's enhanced phase of monitoring. `left` is None where no exit is recorded."""

    entered: PartialDate
    left: PartialDate | None
    note: str
    source_title: str
    source_publisher: str
    source_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One dated step on a finding, by whoever says so."""

    actor: str
    status: str
    on: PartialDate
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts:
    """One finding in our own words, with the recommendations under it and its dated steps, oldest first."""

    key: str
    kind: str
    text: str
    question: str
    cycle: str
    cycle_slug: str
    has_page: bool
    published: PartialDate | None
    due: str
    steps: tuple[StepFacts, ...]
    source_title: str
    source_publisher: str
    source_address: str
    recommendations: tuple["FindingFacts", ...] = ()

    @property
    def closed(self) -> StepFacts | None:
        """Give the inspectorate's step that closed it, if there is one."""
        done = (FindingStatus.CLOSED, FindingStatus.SUPERSEDED)
        return next((step for step in reversed(self.steps) if step.status in done), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTopic:
    """The findings on one question, by its short title; empty where none is named."""

    question: str
    findings: tuple[FindingFacts, ...]

    @property
    def kind(self) -> str:
        """Give the kind when all are of one; empty otherwise."""
        kinds = {finding.kind for finding in self.findings}
        return self.findings[0].kind if len(kinds) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """The findings of one cycle, by its label."""

    cycle: str
    findings: tuple[FindingFacts, ...]

    @property
    def topics(self) -> tuple[FindingTopic, ...]:
        """Give the findings question by question, in the order in which the questions first come."""
        titles = dict.fromkeys(finding.question for finding in self.findings)
        return tuple(
            FindingTopic(question=t, findings=tuple(f for f in self.findings if f.question == t))
            for t in titles
        )

    @property
    def example(self) -> FindingFacts | None:
        """Give one finding when all have the same source and day, so that a page can say them once."""
        origins = {(f.source_publisher, f.source_title, f.source_address, f.published) for f in self.findings}
        return self.findings[0] if len(origins) == 1 else None

    @property
    def silent(self) -> bool:
        """Say whether no finding has a dated step."""
        return not any(finding.steps for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    """What a body published about a report. `day` is the day of the 56 on which it came out, where both are known."""

    kind: str
    title: str
    address: str
    body: str
    published: PartialDate | None
    day: int | None
    body_comments: str
    chief_constable_comments: str
    reply_to_chief_constable: str
    actions: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One report, and the responses to it.

    `last_day` is None where the 56 days do not apply, or the day of publication is not known; `body` is who was to answer.
    """

    title: str
    kind: str
    isbn: str
    address: str
    published: PartialDate | None
    date_confirmed: bool
    cycle: str
    cycle_slug: str
    inspection_kind: str
    body: str
    last_day: date | None
    responses: tuple[ResponseFacts, ...]

    @property
    def response_recorded(self) -> bool:
        """Say whether a formal response is on record."""
        return any(response.kind == ResponseKind.RESPONSE for response in self.responses)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionFacts:
    """A press item or a statement."""

    title: str
    outlet: str
    address: str
    published: PartialDate | None
    summary: str
    cycle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcePage:
    """Everything a force page shows."""

    force: ForceFacts
    history: ForceHistory
    metrics: tuple[MetricSeries, ...]
    monitoring: tuple[MonitoringFacts, ...]
    printed: tuple[PrintedFigures, ...]
    findings: tuple[FindingFacts, ...]
    reports: tuple[ReportFacts, ...]
    mentions: tuple[MentionFacts, ...]

    def metric(self, slug: str) -> MetricSeries | None:
        """Give one metric's series, if the force has figures for it."""
        return next((m for m in self.metrics if m.metric.slug == slug and m.force.observations), None)

    @property
    def later_report(self) -> tuple[CycleFacts, PartialDate | None] | None:
        """Give the newest cycle of which a report is known but no grade held, if newer than the newest grades."""
        newest = self.history.newest
        by_slug = {cycle.slug: cycle for cycle in self.history.cycles}
        for report in self.reports:
            cycle = by_slug.get(report.cycle_slug)
            if cycle and report.inspection_kind == InspectionKind.PEEL:
                later = newest is None or cycle.order > newest.order
                return (cycle, report.published) if later else None
        return None

    @property
    def findings_by_cycle(self) -> tuple["FindingGroup", ...]:
        """Give the findings cycle by cycle, newest first; those of no cycle last."""
        order = [*(cycle.label for cycle in reversed(self.history.cycles)), ""]
        groups = [
            FindingGroup(cycle=c, findings=tuple(f for f in self.findings if f.cycle == c)) for c in order
        ]
        return tuple(group for group in groups if group.findings)

    def caveat(self, slug: str) -> str:
        """Give what a reader must bear in mind about a metric, whether or not the force has figures for it."""
        return next((m.metric.caveat for m in self.metrics if m.metric.slug == slug), "")


def force_list(
    *, at: datetime, today: date, within: QuerySet[models.Force] | None = None
) -> tuple[ForceLine, ...]:
    """List the forces, by name, with region, policing body today and newest report; one query. `within` narrows it."""
    body = models.Tenure.objects.on(today).filter(force=OuterRef("pk")).order_by("-valid_from")
    reports = models.Report.objects.filter(
        inspection__in=models.Inspection.objects.published(at),
        inspection__force=OuterRef("pk"),
        inspection__kind=InspectionKind.PEEL,
    ).order_by("-inspection__cycle__order", F("published_on").desc(nulls_last=True))
    forces = (
        (models.Force.objects.all() if within is None else within)
        .annotate(
            body=Subquery(body.values("body__name")[:1]),
            latest_cycle=Subquery(reports.values("inspection__cycle__label")[:1]),
            latest_cycle_slug=Subquery(reports.values("inspection__cycle__slug")[:1]),
            latest_report=Subquery(reports.values("published_on")[:1]),
            latest_precision=Subquery(reports.values("published_on_precision")[:1]),
            latest_confirmed=Subquery(reports.values("date_confirmed")[:1]),
        )
        .order_by("short_name")
    )
    return tuple(
        ForceLine(
            slug=force.slug,
            name=force.short_name,
            official_name=force.official_name,
            nation=force.nation,
            region=force.region,
            body=force.body or "",
            latest_cycle=force.latest_cycle or "",
            latest_cycle_slug=force.latest_cycle_slug or "",
            latest_report=force.latest_report,
            latest_precision=force.latest_precision or Precision.DAY,
            latest_confirmed=bool(force.latest_confirmed),
        )
        for force in forces
    )


def find_row(slug: str, *, at: datetime) -> models.Force | None:
    """Load one force with the bodies that have held it to account and the cycles it was inspected in, in one query."""
    inspections = models.Inspection.objects.published(at).filter(force=OuterRef("pk"))
    periods = models.MonitoringPeriod.objects.published(at)
    monitoring = periods.filter(force=OuterRef("pk")).order_by("-entered_on")
    tenures = models.Tenure.objects.filter(force=OuterRef("pk")).order_by(
        F("valid_from").desc(nulls_last=True)
    )
    return (
        models.Force.objects.select_related("successor")
        .annotate(
            inspected=ArraySubquery(inspections.values("cycle__slug").order_by("cycle__order")),
            monitoring_json=ArraySubquery(
                monitoring.values(
                    json=JSONObject(
                        entered="entered_on",
                        entered_precision="entered_on_precision",
                        left="left_on",
                        left_precision="left_on_precision",
                        note="note",
                        title="source__title",
                        publisher="source__publisher",
                        address="source__address",
                    )
                )
            ),
            tenures_json=ArraySubquery(
                tenures.values(
                    json=JSONObject(
                        body="body__name",
                        valid_from="valid_from",
                        from_precision="valid_from_precision",
                        valid_to="valid_to",
                        to_precision="valid_to_precision",
                        note="note",
                    )
                )
            ),
        )
        .filter(slug=slug)
        .first()
    )


def _json_date(value: str | None, precision: str) -> PartialDate | None:
    return PartialDate(date.fromisoformat(value), Precision(precision)) if value else None


def force_facts(row: models.Force) -> ForceFacts:
    """Turn a row of `find_row` into plain facts."""
    tenures = row.tenures_json  # type: ignore[attr-defined]  # an annotation
    return ForceFacts(
        slug=row.slug,
        official_name=row.official_name,
        short_name=row.short_name,
        nation=row.nation,
        region=row.region,
        ons_code=row.ons_code,
        inspected=tuple(row.inspected),  # type: ignore[attr-defined]  # an annotation
        rates_compare=row.rates_compare,
        successor=row.successor.official_name if row.successor else "",
        valid_to=row.valid_to,
        bodies=tuple(
            TenureFacts(
                body=tenure["body"],
                valid_from=_json_date(tenure["valid_from"], tenure["from_precision"]),
                valid_to=_json_date(tenure["valid_to"], tenure["to_precision"]),
                note=tenure["note"],
            )
            for tenure in tenures
        ),
    )


def _monitoring(row: models.Force) -> tuple[MonitoringFacts, ...]:
    """Give the monitoring periods of a row of `find_row`, newest first."""
    found = []
    for period in row.monitoring_json:  # type: ignore[attr-defined]  # an annotation
        entered = _json_date(period["entered"], period["entered_precision"])
        if entered is None:
            raise AssertionError("a monitoring period has a first day")
        found.append(
            MonitoringFacts(
                entered=entered,
                left=_json_date(period["left"], period["left_precision"]),
                note=period["note"],
                source_title=period["title"],
                source_publisher=period["publisher"],
                source_address=period["address"],
            )
        )
    return tuple(found)


def load_findings(findings: QuerySet[models.Finding], *, at: datetime) -> tuple[FindingFacts, ...]:
    """Load findings with their steps in one query; recommendations come under their cause of concern."""
    seen = Q(inspection__isnull=True) | Q(inspection__in=models.Inspection.objects.published(at))
    recorded = models.FindingEvent.objects.published(at)
    steps = recorded.filter(finding=OuterRef("pk")).order_by("happened_on", "pk")
    rows = (
        findings.filter(seen, pk__in=models.Finding.objects.published(at))
        .select_related("inspection__cycle", "question__cycle", "source")
        .annotate(
            steps_json=ArraySubquery(
                steps.values(
                    json=JSONObject(
                        actor="actor",
                        status="standing",
                        on="happened_on",
                        precision="happened_on_precision",
                        note="note",
                    )
                )
            )
        )
        .order_by(
            F("question__cycle__order").desc(nulls_last=True),
            F("published_on").desc(nulls_last=True),
            "question__order",
            "order",
            "pk",
        )
    )
    facts: dict[int, FindingFacts] = {}
    children: dict[int, list[tuple[int, FindingFacts]]] = {}
    for row in rows:
        found = _finding(row)
        if row.parent_id is None:
            facts[row.pk] = found
        else:
            children.setdefault(row.parent_id, []).append((row.pk, found))
    for parent, under in children.items():
        if parent not in facts:  # its cause of concern stands elsewhere: the recommendation stands for itself
            facts |= dict(under)
    rank = {kind: index for index, kind in enumerate(FindingKind)}
    whole = [
        replace(fact, recommendations=tuple(child for _, child in children.get(key, ())))
        for key, fact in facts.items()
    ]
    return tuple(sorted(whole, key=lambda f: rank[FindingKind(f.kind)]))


def _finding(row: models.Finding) -> FindingFacts:
    cycle = row.inspection.cycle if row.inspection else row.question.cycle if row.question else None
    return FindingFacts(
        key=row.key,
        kind=row.kind,
        text=row.text,
        question=row.question.short_title if row.question else "",
        cycle=cycle.label if cycle else "",
        cycle_slug=cycle.slug if cycle else "",
        has_page=row.inspection is not None,
        published=partial(row, "published_on"),
        due=row.due,
        steps=tuple(
            StepFacts(
                actor=step["actor"],
                status=step["status"],
                on=PartialDate(date.fromisoformat(step["on"]), Precision(step["precision"])),
                note=step["note"],
            )
            for step in row.steps_json  # type: ignore[attr-defined]  # an annotation
        ),
        source_title=row.source.title,
        source_publisher=row.source.publisher,
        source_address=row.source.address,
    )


def load_reports(
    reports: QuerySet[models.Report], force: ForceFacts, *, at: datetime
) -> tuple[ReportFacts, ...]:
    """Load reports with their responses in two queries, newest cycle first."""
    responses = models.Response.objects.published(at).select_related("body").order_by("published_on", "pk")
    rows = (
        reports.select_related("inspection__cycle")
        .prefetch_related(Prefetch("responses", responses))
        .order_by("-inspection__cycle__order", F("published_on").desc(nulls_last=True), "pk")
    )
    return tuple(_report(row, force) for row in rows)


def _report(row: models.Report, force: ForceFacts) -> ReportFacts:
    published = row.published
    limited = published is not None and published.exact and has_response_limit(published.first)
    return ReportFacts(
        title=row.title,
        kind=row.kind,
        isbn=row.isbn,
        address=row.address,
        published=published,
        date_confirmed=row.date_confirmed,
        cycle=row.inspection.cycle.label,
        cycle_slug=row.inspection.cycle.slug,
        inspection_kind=row.inspection.kind,
        body=force.body_on(published.first) if published else "",
        last_day=last_day_to_respond(published.first) if published and limited else None,
        responses=tuple(
            _response(response, published if limited else None) for response in row.responses.all()
        ),
    )


def _response(row: models.Response, report: PartialDate | None) -> ResponseFacts:
    """Turn a response into plain facts; `report` is the day that the 56 are counted from, None where they are not."""
    published = row.published
    day = None
    if report and published and published.exact and row.kind == ResponseKind.RESPONSE:
        day = response_day(report.first, published.first)
    return ResponseFacts(
        kind=row.kind,
        title=row.title,
        address=row.address,
        body=row.body.name,
        published=published,
        day=day if day and day > 0 else None,
        body_comments=row.body_comments,
        chief_constable_comments=row.chief_constable_comments,
        reply_to_chief_constable=row.reply_to_chief_constable,
        actions=row.actions,
        note=row.note,
    )


def load_mentions(mentions: QuerySet[models.Mention], *, at: datetime) -> tuple[MentionFacts, ...]:
    """Load press items and statements, newest first, in one query."""
    seen = Q(inspection__isnull=True) | Q(inspection__in=models.Inspection.objects.published(at))
    rows = (
        mentions.filter(seen, pk__in=models.Mention.objects.published(at))
        .select_related("inspection__cycle")
        .order_by(F("published_on").desc(nulls_last=True), "pk")
    )
    return tuple(
        MentionFacts(
            title=row.title,
            outlet=row.outlet,
            address=row.address,
            published=partial(row, "published_on"),
            summary=row.summary,
            cycle=row.inspection.cycle.label if row.inspection else "",
        )
        for row in rows
    )


def load_history(force: ForceFacts, *, at: datetime) -> ForceHistory:
    """Load and lay out every published grade of a force, in five queries; cycles of which nothing is held are left out."""
    facts = framework(at=at).held()
    seen = models.Inspection.objects.published(at).filter(force__slug=force.slug)
    points = load_points(models.Grade.objects.filter(inspection__in=seen), facts).get(force.slug, ())
    return build_history(
        force=force.official_name,
        force_slug=force.slug,
        framework=facts,
        points=points,
        pages=frozenset(force.inspected),
    )


def force_history(*, slug: str, at: datetime) -> ForceHistory | None:
    """Load a force's grade history alone, in six queries; None where there is no such force."""
    row = find_row(slug, at=at)
    return load_history(force_facts(row), at=at) if row else None


def force_page(*, slug: str, at: datetime) -> ForcePage | None:
    """Load everything a force page shows; None where there is no such force."""
    row = find_row(slug, at=at)
    if row is None:
        return None
    force = force_facts(row)
    seen = models.Inspection.objects.published(at).filter(force=row)
    return ForcePage(
        force=force,
        history=load_history(force, at=at),
        metrics=tile_series(force=row, at=at),
        monitoring=_monitoring(row),
        printed=printed_figures(
            models.Observation.objects.filter(report__inspection__in=seen, block__in=PICTURED)
        ),
        findings=load_findings(models.Finding.objects.filter(force=row), at=at),
        reports=load_reports(models.Report.objects.filter(inspection__in=seen), force, at=at),
        mentions=load_mentions(models.Mention.objects.filter(force=row), at=at),
    )
