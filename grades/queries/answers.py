"""What was said about reports: responses held against the 56 days, with what they answer; press items and statements."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet

from grades import models
from grades.dates import ClockState, PartialDate, ResponseClock, response_clock, response_day
from grades.history import CorrectionFacts
from grades.models.base import partial, public
from grades.queries.corrections import correction_facts, corrections_of
from grades.queries.dated import json_date
from grades.queries.findings import public_finding
from grades.queries.jsonb import JSONFacts
from grades.scales import ResponseKind

BodyOn = Callable[[date], str]
"""Names the body that held a force to account on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFacts:
    """What a response says about one recommendation: what is done, or why nothing is."""

    key: str
    kind: str
    finding: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    """What a body published about a report. `day` is the day of the 56 on which it came out, where they are counted."""

    pk: int
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
    sent_to_inspectorate: date | None
    sent_to_secretary_of_state: date | None
    source_title: str
    source_publisher: str
    source_address: str
    answers: tuple[ActionFacts, ...]
    corrections: tuple[CorrectionFacts, ...]

    @property
    def has_text(self) -> bool:
        """Say whether more than its address is recorded."""
        return bool(
            self.body_comments
            or self.chief_constable_comments
            or self.reply_to_chief_constable
            or self.actions
            or self.answers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One report, the responses to it, and how it stands to the 56 days; `body` is who was to answer."""

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
    clock: ResponseClock
    responses: tuple[ResponseFacts, ...]
    corrections: tuple[CorrectionFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionFacts:
    """A press item or a statement."""

    title: str
    outlet: str
    address: str
    published: PartialDate | None
    summary: str
    cycle: str


def load_reports(
    reports: QuerySet[models.Report], *, body_on: BodyOn, at: datetime, today: date, limit_from: date
) -> tuple[ReportFacts, ...]:
    """Load reports with their responses in two queries, newest cycle first."""
    responses = told_responses(at=at).order_by("published_on", "pk")
    rows = (
        reports.select_related("inspection__cycle")
        .annotate(corrections_json=corrections_of("grades.report", at=at))
        .prefetch_related(Prefetch("responses", responses))
        .order_by("-inspection__cycle__order", F("published_on").desc(nulls_last=True), "pk")
    )
    return tuple(_report(row, body_on, today, limit_from) for row in rows)


def told_responses(*, at: datetime) -> QuerySet[Any]:
    """Have the published responses come with all that `response_facts` tells of them."""
    return (
        models.Response.objects.published(at)
        .select_related("body", "source")
        .annotate(answers_json=_answers(at), corrections_json=corrections_of("grades.response", at=at))
    )


def days_of_responses(report: str, *, at: datetime) -> ArraySubquery:
    """Make the column that holds the days of the formal responses to a report, oldest first; `report` leads to it."""
    found = models.Response.objects.published(at).filter(report=OuterRef(report), kind=ResponseKind.RESPONSE)
    return ArraySubquery(
        found.order_by("published_on").values(
            json=JSONFacts(on="published_on", precision="published_on_precision")
        )
    )


def response_days(rows: Iterable[Mapping[str, Any]]) -> tuple[PartialDate | None, ...]:
    """Turn the column of `days_of_responses` into plain dates."""
    return tuple(json_date(row["on"], row["precision"]) for row in rows)


def _answers(at: datetime) -> ArraySubquery:
    """Make the column that holds what a response says on each recommendation that is public."""
    said = models.RecommendationAction.objects.filter(
        public_finding(at, through="finding__"), response=OuterRef("pk")
    )
    return ArraySubquery(
        said.order_by("finding__order", "finding_id").values(
            json=JSONFacts(
                key="finding__key",
                kind="finding__kind",
                finding="finding__text",
                action="action",
                reason="reason",
            )
        )
    )


def _report(row: Any, body_on: BodyOn, today: date, limit_from: date) -> ReportFacts:
    """Turn a report with its responses into plain facts."""
    published = row.published
    clock = response_clock(
        published=published,
        confirmed=row.date_confirmed,
        responses=[r.published for r in row.responses.all() if r.kind == ResponseKind.RESPONSE],
        today=today,
        limit_from=limit_from,
    )
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
        body=body_on(published.first) if published else "",
        clock=clock,
        responses=tuple(response_facts(response, published, clock) for response in row.responses.all()),
        corrections=correction_facts(row.corrections_json),
    )


UNCOUNTED = frozenset({ClockState.NOT_APPLICABLE, ClockState.UNDATED, ClockState.UNCONFIRMED})
"""Where the days are not counted."""


def response_facts(row: Any, report: PartialDate | None, clock: ResponseClock) -> ResponseFacts:
    """Turn a response into plain facts; `report` is the day that the 56 are counted from, where they are."""
    published = row.published
    day = None
    if report and published and published.exact and row.kind == ResponseKind.RESPONSE:
        day = response_day(report.first, published.first)
    counted = clock.state not in UNCOUNTED
    return ResponseFacts(
        pk=row.pk,
        kind=row.kind,
        title=row.title,
        address=row.address,
        body=row.body.name,
        published=published,
        day=day if counted and day and day > 0 else None,
        body_comments=row.body_comments,
        chief_constable_comments=row.chief_constable_comments,
        reply_to_chief_constable=row.reply_to_chief_constable,
        actions=row.actions,
        note=row.note,
        sent_to_inspectorate=row.sent_to_inspectorate_on,
        sent_to_secretary_of_state=row.sent_to_secretary_of_state_on,
        source_title=row.source.title if row.source else "",
        source_publisher=row.source.publisher if row.source else "",
        source_address=row.source.address if row.source else "",
        answers=tuple(ActionFacts(**answer) for answer in row.answers_json),
        corrections=correction_facts(row.corrections_json),
    )


def load_mentions(mentions: QuerySet[models.Mention], *, at: datetime) -> tuple[MentionFacts, ...]:
    """Load press items and statements, newest first, in one query."""
    seen = Q(inspection__isnull=True) | public(models.Inspection, at, through="inspection__")
    rows = (
        mentions.filter(seen, public(models.Mention, at))
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
