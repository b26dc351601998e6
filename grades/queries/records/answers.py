"""Findings, and responses to reports."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Coalesce

from grades import models
from grades.dates import PartialDate, ResponseClock, response_clock
from grades.queries.answers import (
    ResponseFacts,
    days_of_responses,
    response_days,
    response_facts,
    told_responses,
)
from grades.queries.findings import FINDING, FindingFacts, finding_facts, told_findings, under
from grades.queries.records.pieces import Piece, Wanted, cut, flat, narrowed, piece
from grades.scales import FindingKind, ResponseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """One finding; `cause` is the key of the cause of concern that a recommendation answers, empty for any other."""

    number: int
    force: str
    question: int | None
    theme: str
    cause: str
    finding: FindingFacts


def findings(
    wanted: Wanted,
    *,
    force: tuple[str, ...] = (),
    cycle: tuple[str, ...] = (),
    theme: tuple[str, ...] = (),
    kind: FindingKind | None = None,
) -> Piece[FindingRecord]:
    """List the public findings by number, in two queries: what ends a cause of concern ends its recommendations too."""
    wishes = {
        "force__slug": force,
        "cycle": cycle,
        "question__theme__slug": theme,
        "kind": [kind] if kind else None,
    }
    related = ("force", "parent", "inspection__cycle", "question__cycle", "question__theme", "source")
    rows = models.Finding.objects.select_related(*related).annotate(
        cycle=Coalesce("inspection__cycle__slug", "question__cycle__slug")
    )
    found = cut(told_findings(narrowed(rows, wishes), at=wanted.at), wanted, "pk")
    causes = _causes({row.parent_id for row in found[0] if row.parent_id}, wanted)

    def record(row: models.Finding) -> FindingRecord:
        facts, cause = finding_facts(flat(row, FINDING), wanted.today), causes.get(row.parent_id or 0)
        return FindingRecord(
            number=row.pk,
            force=row.force.slug,
            question=row.question_id,
            theme=row.question.theme.slug if row.question and row.question.theme else "",
            cause=cause.key if cause else "",
            finding=under(cause, facts) if cause else facts,
        )

    return piece(found, record)


def _causes(keys: set[int], wanted: Wanted) -> dict[int, FindingFacts]:
    """Load the public causes of concern that recommendations answer."""
    if not keys:
        return {}
    rows = told_findings(models.Finding.objects.filter(pk__in=keys), at=wanted.at).values_list(
        *FINDING, named=True
    )
    return {row.pk: finding_facts(row, wanted.today) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRecord:
    """One response, the report that it answers, and how it stands to the 56 days; of a statement, how its report does."""

    force: str
    cycle: str
    inspection: str
    report_title: str
    report_address: str
    report_published: PartialDate | None
    clock: ResponseClock
    response: ResponseFacts


def responses(
    wanted: Wanted,
    *,
    force: tuple[str, ...] = (),
    cycle: tuple[str, ...] = (),
    kind: ResponseKind | None = None,
) -> Piece[ResponseRecord]:
    """List the published responses to reports of published inspections by number, in one query."""
    wishes = {
        "report__inspection__force__slug": force,
        "report__inspection__cycle__slug": cycle,
        "kind": [kind] if kind else None,
    }
    seen = models.Inspection.objects.published(wanted.at)
    rows = told_responses(at=wanted.at).filter(report__inspection__in=seen)
    asked = rows.select_related("report__inspection__force", "report__inspection__cycle").annotate(
        days_json=days_of_responses("report", at=wanted.at)
    )

    def record(row: Any) -> ResponseRecord:
        report, formal = row.report, row.kind == ResponseKind.RESPONSE
        clock = response_clock(
            published=report.published,
            confirmed=report.date_confirmed,
            responses=[row.published] if formal else response_days(row.days_json),
            today=wanted.today,
            limit_from=wanted.limit_from,
        )
        return ResponseRecord(
            force=report.inspection.force.slug,
            cycle=report.inspection.cycle.slug,
            inspection=report.inspection.kind,
            report_title=report.title,
            report_address=report.address,
            report_published=report.published,
            clock=clock,
            response=response_facts(row, report.published, clock),
        )

    return piece(cut(narrowed(asked, wishes), wanted, "pk"), record)
