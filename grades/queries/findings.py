"""Findings: what inspectors asked for, the steps that were taken, and where each stands as far as the record knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grades import models
from grades.dates import Age, PartialDate, Precision, age
from grades.history import CorrectionFacts
from grades.models.base import partial, public
from grades.queries.corrections import correction_facts, corrections_of
from grades.queries.dated import json_date
from grades.queries.jsonb import JSONFacts
from grades.scales import TRACKED_FINDINGS, Actor, FindingKind, FindingStatus, Standing

FINDING = (
    "pk",
    "parent_id",
    "key",
    "kind",
    "text",
    "inspection_id",
    "inspection__cycle__label",
    "inspection__cycle__slug",
    "question__short_title",
    "question__cycle__label",
    "question__cycle__slug",
    "published_on",
    "published_on_precision",
    "due",
    "due_on",
    "source__title",
    "source__publisher",
    "source__address",
    "source__published_on",
    "source__published_on_precision",
    "steps_json",
    "since_json",
    "continues_json",
    "continued_json",
    "corrections_json",
)
"""The columns that make a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One dated step on a finding, by whoever says so."""

    actor: str
    status: str
    on: PartialDate
    note: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLink:
    """Another finding that this one continues, or that continues it. `cycle_slug` is empty where it has no page."""

    key: str
    cycle: str
    cycle_slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts:
    """One finding in our own words, with the recommendations under it and its dated steps, oldest first.

    `since` is the day from which it stands: its own, or that of its report. `age` is how long it has been open, None
    where it is not, or where nothing is asked. `early` says that it came out before any report.
    """

    key: str
    kind: str
    text: str
    question: str
    cycle: str
    cycle_slug: str
    has_page: bool
    published: PartialDate | None
    since: PartialDate | None
    due: str
    due_on: date | None
    steps: tuple[StepFacts, ...]
    source_title: str
    source_publisher: str
    source_address: str
    source_published: PartialDate | None
    standing: Standing
    age: Age | None
    early: bool = False
    continues: tuple[FindingLink, ...] = ()
    continued_by: tuple[FindingLink, ...] = ()
    corrections: tuple[CorrectionFacts, ...] = ()
    recommendations: tuple["FindingFacts", ...] = ()

    @property
    def tracked(self) -> bool:
        """Say whether something is asked for."""
        return self.kind in TRACKED_FINDINGS

    @property
    def open(self) -> bool:
        """Say whether something is asked for and no end of it is recorded."""
        return self.tracked and self.standing == Standing.OPEN


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
    def age(self) -> Age | None:
        """Give how long those without an end have stood, when that is the same for several."""
        ages = [finding.age for finding in self.findings if finding.open]
        return ages[0] if len(ages) > 1 and len(set(ages)) == 1 else None

    @property
    def silent(self) -> bool:
        """Say whether nothing is known of any finding since: no dated step, and nothing that continues it."""
        return not any(finding.steps or finding.continued_by for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """How many findings of one kind stand where; `oldest` is the age of the oldest open one, where known."""

    kind: str
    counts: Mapping[Standing, int]
    oldest: Age | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What was asked of a force, counted by kind and standing. `heard` counts the open ones of which a step is known."""

    lines: tuple[TrackLine, ...]
    heard: int
    oldest: Age | None

    @property
    def counts(self) -> dict[Standing, int]:
        """Count the findings of every kind by where they stand."""
        return {standing: sum(line.counts[standing] for line in self.lines) for standing in Standing}

    @property
    def columns(self) -> tuple[Standing, ...]:
        """Give the standings worth a column: open and closed always, the others where there is one."""
        counts = self.counts
        return tuple(s for s in Standing if counts[s] or s in (Standing.OPEN, Standing.CLOSED))

    @property
    def rows(self) -> tuple[tuple[TrackLine, tuple[int, ...]], ...]:
        """Give each line with its counts in the order of the columns."""
        return tuple((line, tuple(line.counts[s] for s in self.columns)) for line in self.lines)


def track(findings: Iterable[FindingFacts]) -> Track:
    """Count findings, the recommendations under them too; practices worth copying are left out."""
    every = [one for finding in findings for one in (finding, *finding.recommendations) if one.tracked]
    lines = []
    for kind in FindingKind:
        of_kind = [one for one in every if one.kind == kind]
        if of_kind:
            counts = {s: sum(one.standing == s for one in of_kind) for s in Standing}
            lines.append(TrackLine(kind=kind, counts=counts, oldest=_oldest(of_kind)))
    heard = sum(bool(one.steps) for one in every if one.open)
    return Track(lines=tuple(lines), heard=heard, oldest=_oldest(every))


def _oldest(findings: Iterable[FindingFacts]) -> Age | None:
    """Give the age of the oldest of those without an end, where known."""
    since = [(one.since, one.age) for one in findings if one.open and one.since and one.age]
    return min(since, key=lambda pair: pair[0].first)[1] if since else None


def public_findings(at: datetime) -> QuerySet[models.Finding]:
    """Keep the findings that the public may see: published, and of a published inspection or of none."""
    return models.Finding.objects.filter(public_finding(at))


def public_finding(at: datetime, *, through: str = "") -> Q:
    """Say which findings the public may see, as `public_findings` does; `through` is the way to them, such as `finding__`."""
    seen = Q(**{f"{through}inspection__isnull": True})
    seen |= public(models.Inspection, at, through=f"{through}inspection__")
    return public(models.Finding, at, through=through) & seen


def told_findings(findings: QuerySet[models.Finding], *, at: datetime) -> QuerySet[Any]:
    """Keep those of some findings that are public, and have them come with what else is said of them."""
    return findings.filter(public_finding(at)).annotate(
        steps_json=_steps(at),
        since_json=_report_day(),
        continues_json=_links(public_findings(at).filter(continued_by=OuterRef("pk"))),
        continued_json=_links(public_findings(at).filter(continues=OuterRef("pk"))),
        corrections_json=corrections_of("grades.finding", at=at),
    )


def load_findings(
    findings: QuerySet[models.Finding], *, at: datetime, today: date
) -> tuple[FindingFacts, ...]:
    """Load findings with their steps in one query; recommendations come under their cause of concern."""
    rows = (
        told_findings(findings, at=at)
        .order_by(
            F("question__cycle__order").desc(nulls_last=True),
            F("published_on").desc(nulls_last=True),
            "question__order",
            "order",
            "pk",
        )
        .values_list(*FINDING, named=True)
    )
    facts: dict[int, FindingFacts] = {}
    children: dict[int, list[tuple[int, FindingFacts]]] = {}
    for row in rows:
        found = finding_facts(row, today)
        if row.parent_id is None:
            facts[row.pk] = found
        else:
            children.setdefault(row.parent_id, []).append((row.pk, found))
    for parent, answers in children.items():
        if parent not in facts:  # its cause of concern stands elsewhere: the recommendation stands for itself
            facts |= dict(answers)
    rank = {kind: index for index, kind in enumerate(FindingKind)}
    whole = [
        replace(fact, recommendations=tuple(under(fact, child) for _, child in children.get(key, ())))
        for key, fact in facts.items()
    ]
    return tuple(sorted(whole, key=lambda f: rank[FindingKind(f.kind)]))


def under(cause: FindingFacts, recommendation: FindingFacts) -> FindingFacts:
    """Give a recommendation as it stands under its cause of concern: what ends the cause ends it too."""
    if recommendation.standing != Standing.OPEN or cause.standing == Standing.OPEN:
        return recommendation
    return replace(recommendation, standing=cause.standing, age=None)


def _steps(at: datetime) -> ArraySubquery:
    """Make the column that holds the published steps on each finding, oldest first."""
    steps = models.FindingEvent.objects.published(at).filter(finding=OuterRef("pk"))
    return ArraySubquery(
        steps.order_by("happened_on", "pk").values(
            json=JSONFacts(
                actor="actor",
                status="standing",
                on="happened_on",
                precision="happened_on_precision",
                note="note",
                evidence="evidence",
            )
        )
    )


def _report_day() -> Coalesce:
    """Make the column that holds the day of the report that graded a finding's question, or else of the first report."""

    def day(prefix: str) -> JSONFacts:
        return JSONFacts(day=f"{prefix}published_on", precision=f"{prefix}published_on_precision")

    graded = models.Grade.objects.filter(
        inspection=OuterRef("inspection"), question=OuterRef("question"), report__published_on__isnull=False
    )
    reports = models.Report.objects.filter(inspection=OuterRef("inspection"), published_on__isnull=False)
    return Coalesce(
        Subquery(graded.values(json=day("report__"))[:1]),
        Subquery(reports.order_by("published_on", "pk").values(json=day(""))[:1]),
        output_field=JSONField(),
    )


def _links(findings: QuerySet[models.Finding]) -> ArraySubquery:
    """Make the column that holds what links to other findings need."""
    return ArraySubquery(
        findings.order_by("pk").values(
            json=JSONFacts(key="key", cycle="inspection__cycle__label", cycle_slug="inspection__cycle__slug")
        )
    )


def _links_of(rows: Iterable[Mapping[str, Any]]) -> tuple[FindingLink, ...]:
    return tuple(
        FindingLink(key=row["key"], cycle=row["cycle"] or "", cycle_slug=row["cycle_slug"] or "")
        for row in rows
    )


def finding_facts(row: Any, today: date) -> FindingFacts:
    """Turn a row of the columns FINDING into plain facts."""
    inspected = row.inspection_id is not None
    published, report = partial(row, "published_on"), _day_of(row.since_json)
    since = published or report
    steps = tuple(
        StepFacts(
            actor=step["actor"],
            status=step["status"],
            on=PartialDate(date.fromisoformat(step["on"]), Precision(step["precision"])),
            note=step["note"],
            evidence=step["evidence"],
        )
        for step in row.steps_json
    )
    continued = _links_of(row.continued_json)
    standing = _standing(steps, continued=bool(continued))
    open_since = since if standing == Standing.OPEN and row.kind in TRACKED_FINDINGS else None
    return FindingFacts(
        key=row.key,
        kind=row.kind,
        text=row.text,
        question=row.question__short_title or "",
        cycle=row.inspection__cycle__label or row.question__cycle__label or "",
        cycle_slug=row.inspection__cycle__slug or row.question__cycle__slug or "",
        has_page=inspected,
        published=published,
        since=since,
        due=row.due,
        due_on=row.due_on,
        steps=steps,
        source_title=row.source__title,
        source_publisher=row.source__publisher,
        source_address=row.source__address,
        source_published=partial(row, "source__published_on"),
        standing=standing,
        age=age(open_since, today) if open_since and open_since.first <= today else None,
        early=published is not None
        and row.kind != FindingKind.INNOVATIVE_PRACTICE
        and (not inspected or (report is not None and published.last < report.first)),
        continues=_links_of(row.continues_json),
        continued_by=continued,
        corrections=correction_facts(row.corrections_json),
    )


def _day_of(value: Mapping[str, str] | None) -> PartialDate | None:
    return json_date(value["day"], value["precision"]) if value else None


def _standing(steps: Iterable[StepFacts], *, continued: bool) -> Standing:
    """Say where a finding stands: the inspectorate's last word counts, and then what continues it."""
    ends: dict[str, Standing] = {
        FindingStatus.CLOSED: Standing.CLOSED,
        FindingStatus.SUPERSEDED: Standing.SUPERSEDED,
    }
    official = [step.status for step in steps if step.actor == Actor.INSPECTORATE]
    ended = ends.get(official[-1]) if official else None
    return ended or (Standing.CONTINUED if continued else Standing.OPEN)
