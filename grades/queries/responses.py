"""The page of one response."""

from dataclasses import dataclass
from datetime import date, datetime

from grades import models
from grades.queries.answers import ReportFacts, ResponseFacts, load_reports
from grades.queries.forces import ForceFacts, find_row, force_facts

LARGEST = 2**63 - 1
"""No record has a larger number; the database cannot even be asked for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsePage:
    """One response, and the report that it answers."""

    force: ForceFacts
    report: ReportFacts
    response: ResponseFacts


def response_page(
    *, force: str, cycle: str, pk: int, at: datetime, today: date, limit_from: date
) -> ResponsePage | None:
    """Load one response in three queries; None where the record holds no such response to a report of this inspection."""
    row = find_row(force, at=at)
    if row is None or pk > LARGEST:
        return None
    facts = force_facts(row)
    seen = models.Inspection.objects.published(at).filter(force=row, cycle__slug=cycle)
    answered = models.Report.objects.filter(
        inspection__in=seen, pk__in=models.Response.objects.published(at).filter(pk=pk).values("report")
    )
    for report in load_reports(answered, body_on=facts.body_on, at=at, today=today, limit_from=limit_from):
        for response in report.responses:
            if response.pk == pk:
                return ResponsePage(force=facts, report=report, response=response)
    return None
