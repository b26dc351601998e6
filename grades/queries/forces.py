"""The force pages: the list of all forces, and everything about one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery

from grades import models
from grades.dates import PartialDate, Precision
from grades.history import CycleFacts, ForceHistory, build_history
from grades.queries.answers import MentionFacts, ReportFacts, load_mentions, load_reports
from grades.queries.dated import json_date
from grades.queries.figures import tile_series
from grades.queries.findings import FindingFacts, FindingGroup, Track, load_findings, track
from grades.queries.framework import framework
from grades.queries.jsonb import JSONFacts
from grades.queries.points import load_points
from grades.queries.printed import PICTURED, PrintedFigures, printed_figures
from grades.scales import InspectionKind
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
    kind: str
    valid_from: PartialDate | None
    valid_to: PartialDate | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceFacts:
    """One force and who holds it to account, newest body first. `inspected` names the cycles with a page, by slug.

    `reports` are the PEEL reports on it, newest first: the slug of the cycle, and the day.
    """

    slug: str
    official_name: str
    short_name: str
    nation: str
    region: str
    ons_code: str
    bodies: tuple[TenureFacts, ...]
    inspected: tuple[str, ...] = ()
    reports: tuple[tuple[str, PartialDate | None], ...] = ()
    rates_compare: bool = True
    successor: str = ""
    valid_to: date | None = None

    def tenure_on(self, day: date) -> TenureFacts | None:
        """Give the body of a day with its dates; None where the record does not say."""
        for tenure in self.bodies:
            started = tenure.valid_from is None or tenure.valid_from.first <= day
            if started and (tenure.valid_to is None or day < tenure.valid_to.first):
                return tenure
        return None

    def body_on(self, day: date) -> str:
        """Name the body of a day; empty where the record does not say."""
        tenure = self.tenure_on(day)
        return tenure.body if tenure else ""


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
class ForcePage:
    """Everything a force page shows."""

    force: ForceFacts
    history: ForceHistory
    metrics: tuple[MetricSeries, ...]
    monitoring: tuple[MonitoringFacts, ...]
    printed: tuple[PrintedFigures, ...]
    findings: tuple[FindingFacts, ...]
    track: Track
    reports: tuple[ReportFacts, ...]
    mentions: tuple[MentionFacts, ...]

    def metric(self, slug: str) -> MetricSeries | None:
        """Give one metric's series, if the force has figures for it."""
        return next((m for m in self.metrics if m.metric.slug == slug and m.force.observations), None)

    @property
    def findings_by_cycle(self) -> tuple[FindingGroup, ...]:
        """Give the findings cycle by cycle, newest first; those that came before any report at the top."""
        order = ["", *(cycle.label for cycle in reversed(self.history.cycles))]
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
    reports = _peel_reports(at)
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


def _peel_reports(at: datetime) -> QuerySet[models.Report]:
    """Give the published PEEL reports on the force of the query around it, newest first."""
    return models.Report.objects.filter(
        inspection__in=models.Inspection.objects.published(at),
        inspection__force=OuterRef("pk"),
        inspection__kind=InspectionKind.PEEL,
    ).order_by("-inspection__cycle__order", F("published_on").desc(nulls_last=True))


def tenures_of(force: str) -> ArraySubquery:
    """Make the column that holds the bodies that have held a force to account, newest first; `force` leads to it."""
    found = models.Tenure.objects.filter(force=OuterRef(force)).order_by(
        F("valid_from").desc(nulls_last=True)
    )
    return ArraySubquery(
        found.values(
            json=JSONFacts(
                body="body__name",
                kind="body__kind",
                valid_from="valid_from",
                from_precision="valid_from_precision",
                valid_to="valid_to",
                to_precision="valid_to_precision",
                note="note",
            )
        )
    )


def tenure_facts(rows: Iterable[Mapping[str, Any]]) -> tuple[TenureFacts, ...]:
    """Turn the column of `tenures_of` into plain facts."""
    return tuple(
        TenureFacts(
            body=tenure["body"],
            kind=tenure["kind"],
            valid_from=json_date(tenure["valid_from"], tenure["from_precision"]),
            valid_to=json_date(tenure["valid_to"], tenure["to_precision"]),
            note=tenure["note"],
        )
        for tenure in rows
    )


def find_row(slug: str, *, at: datetime) -> models.Force | None:
    """Load one force with its policing bodies, the cycles it was inspected in and its PEEL reports, in one query."""
    inspections = models.Inspection.objects.published(at).filter(force=OuterRef("pk"))
    periods = models.MonitoringPeriod.objects.published(at)
    monitoring = periods.filter(force=OuterRef("pk")).order_by("-entered_on")
    return (
        models.Force.objects.select_related("successor")
        .annotate(
            inspected=ArraySubquery(inspections.values("cycle__slug").order_by("cycle__order")),
            reports_json=ArraySubquery(
                _peel_reports(at).values(
                    json=JSONFacts(
                        cycle="inspection__cycle__slug", on="published_on", precision="published_on_precision"
                    )
                )
            ),
            monitoring_json=ArraySubquery(
                monitoring.values(
                    json=JSONFacts(
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
            tenures_json=tenures_of("pk"),
        )
        .filter(slug=slug)
        .first()
    )


def force_facts(row: models.Force) -> ForceFacts:
    """Turn a row of `find_row` into plain facts."""
    return ForceFacts(
        slug=row.slug,
        official_name=row.official_name,
        short_name=row.short_name,
        nation=row.nation,
        region=row.region,
        ons_code=row.ons_code,
        inspected=tuple(row.inspected),  # type: ignore[attr-defined]  # an annotation
        reports=tuple(
            (report["cycle"], json_date(report["on"], report["precision"]))
            for report in row.reports_json  # type: ignore[attr-defined]  # an annotation
        ),
        rates_compare=row.rates_compare,
        successor=row.successor.official_name if row.successor else "",
        valid_to=row.valid_to,
        bodies=tenure_facts(row.tenures_json),  # type: ignore[attr-defined]  # an annotation
    )


def _monitoring(row: models.Force) -> tuple[MonitoringFacts, ...]:
    """Give the monitoring periods of a row of `find_row`, newest first."""
    found = []
    for period in row.monitoring_json:  # type: ignore[attr-defined]  # an annotation
        entered = json_date(period["entered"], period["entered_precision"])
        if entered is None:
            raise AssertionError("a monitoring period has a first day")
        found.append(
            MonitoringFacts(
                entered=entered,
                left=json_date(period["left"], period["left_precision"]),
                note=period["note"],
                source_title=period["title"],
                source_publisher=period["publisher"],
                source_address=period["address"],
            )
        )
    return tuple(found)


def load_history(force: ForceFacts, *, at: datetime) -> ForceHistory:
    """Load and lay out every published grade of a force, in five queries; cycles of which nothing is held are left out."""
    facts = framework(at=at).held()
    seen = models.Inspection.objects.published(at).filter(force__slug=force.slug)
    points = load_points(models.Grade.objects.filter(inspection__in=seen), facts, at=at).get(force.slug, ())
    history = build_history(
        force=force.official_name,
        force_slug=force.slug,
        framework=facts,
        points=points,
        pages=frozenset(force.inspected),
    )
    return replace(history, later=_later_report(history, force))


def _later_report(history: ForceHistory, force: ForceFacts) -> tuple[CycleFacts, PartialDate | None] | None:
    """Give the newest cycle of which a report is known but no grade held, if newer than the newest grades."""
    by_slug = {cycle.slug: cycle for cycle in history.cycles}
    found = next(((by_slug[slug], day) for slug, day in force.reports if slug in by_slug), None)
    newest = history.newest
    return found if found and (newest is None or found[0].order > newest.order) else None


def force_history(*, slug: str, at: datetime) -> ForceHistory | None:
    """Load a force's grade history alone, in six queries; None where there is no such force."""
    row = find_row(slug, at=at)
    return load_history(force_facts(row), at=at) if row else None


def force_page(*, slug: str, at: datetime, today: date, limit_from: date) -> ForcePage | None:
    """Load everything a force page shows; None where there is no such force.

    `limit_from` is the first day of publication to which the 56 days apply.
    """
    row = find_row(slug, at=at)
    if row is None:
        return None
    force = force_facts(row)
    seen = models.Inspection.objects.published(at).filter(force=row)
    reports = models.Report.objects.filter(inspection__in=seen)
    findings = load_findings(models.Finding.objects.filter(force=row), at=at, today=today)
    return ForcePage(
        force=force,
        history=load_history(force, at=at),
        metrics=tile_series(force=row, at=at),
        monitoring=_monitoring(row),
        printed=printed_figures(
            models.Observation.objects.filter(report__inspection__in=seen, block__in=PICTURED)
        ),
        findings=findings,
        track=track(findings),
        reports=load_reports(reports, body_on=force.body_on, at=at, today=today, limit_from=limit_from),
        mentions=load_mentions(models.Mention.objects.filter(force=row), at=at),
    )
