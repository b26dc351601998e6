"""What stands between a draft and the public: errors, which block, and warnings, which need a reason each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grades.dates import Precision
from grades.models import (
    Citation,
    Comment,
    Finding,
    FindingEvent,
    Inspection,
    Mention,
    MonitoringPeriod,
    Question,
    Response,
)
from grades.scales import (
    GRADE_STATES,
    FindingKind,
    Graded,
    InspectionKind,
    Level,
    ResponseKind,
    SourceKind,
)

STANDS = re.compile(r"\bremains? an area for improvement\b", re.IGNORECASE)
"""How a report says that an earlier finding still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look at. `code` names it, so that a reason given for it stays with it; `words` say it to an editor."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What was found: nothing may be published with errors, and each warning needs a reason."""

    errors: tuple[Item, ...] = ()
    warnings: tuple[Item, ...] = ()

    def unanswered(self, reasons: dict[str, str]) -> tuple[Item, ...]:
        """Give the warnings that no reason is given for; `reasons` are by code."""
        return tuple(item for item in self.warnings if not reasons.get(item.code, "").strip())


def checklist(record: models.Model, today: date) -> Checklist:
    """Look at a record as it would be published."""
    errors: list[Item] = []
    warnings: list[Item] = []
    for found in _CHECKS.get(type(record), ()):
        for severe, code, words in found(record, today):
            (errors if severe else warnings).append(Item(code=code, words=words))
    return Checklist(errors=tuple(errors), warnings=tuple(warnings))


Found = Iterator[tuple[bool, str, str]]
"""Whether it is an error, its code, and its words."""

ERROR, WARNING = True, False


def _reports(inspection: Inspection, today: date) -> Found:
    reports = list(inspection.reports.order_by("published_on", "pk"))
    if not reports:
        yield ERROR, "no-report", _("No report is recorded.")
    for report in reports:
        name = report.get_kind_display()
        if report.published_on is None:
            yield (
                ERROR,
                f"report-{report.pk}-undated",
                _("%(report)s: the day of publication is missing.") % {"report": name},
            )
        elif report.published_on > today:
            said = {"report": name, "day": date_format(report.published_on, "j F Y")}
            yield ERROR, f"report-{report.pk}-future", _("%(report)s: %(day)s is in the future.") % said
        elif inspection.fieldwork_ended_on and report.published_on < inspection.fieldwork_ended_on:
            yield (
                WARNING,
                f"report-{report.pk}-before-fieldwork",
                _("%(report)s: it is dated before the fieldwork ended.") % {"report": name},
            )
        if not report.address:
            yield (
                WARNING,
                f"report-{report.pk}-address",
                _("%(report)s: it has no address.") % {"report": name},
            )


def _grades(inspection: Inspection, today: date) -> Found:
    grades = list(
        inspection.grades.select_related("question__pillar", "question__cycle").order_by(
            "question__order", "pk"
        )
    )
    cited: dict[int, list[Citation]] = defaultdict(list)
    for citation in Citation.objects.filter(grade__in=grades).select_related("source"):
        cited[citation.grade_id or 0].append(citation)
    if not grades:
        yield ERROR, "no-grade", _("No grade is recorded.")
    for grade in grades:
        name = {"question": grade.question.name_in_cycle}
        sources = cited[grade.pk]
        if grade.state in GRADE_STATES and not sources:
            yield (
                ERROR,
                f"grade-{grade.question_id}-source",
                _("%(question)s: the grade has no source.") % name,
            )
            continue
        if sources and not any(citation.source.address for citation in sources):
            yield (
                WARNING,
                f"grade-{grade.question_id}-address",
                _("%(question)s: no source has an address.") % name,
            )
        if grade.level and not any(citation.locator for citation in sources):
            yield (
                WARNING,
                f"grade-{grade.question_id}-place",
                _("%(question)s: no page or section is given.") % name,
            )
        if grade.level and all(citation.source.kind == SourceKind.PRESS for citation in sources):
            yield (
                WARNING,
                f"grade-{grade.question_id}-press",
                _("%(question)s: only the press states the grade.") % name,
            )
    yield from _missing(inspection, {grade.question_id for grade in grades})


def _missing(inspection: Inspection, recorded: set[int]) -> Found:
    if inspection.kind != InspectionKind.PEEL:
        return
    due = Question.objects.filter(cycle=inspection.cycle, graded=Graded.GRADED).exclude(pk__in=recorded)
    for question in due.select_related("pillar", "cycle").order_by("order", "pk"):
        words = _("%(question)s: nothing is recorded.") % {"question": question.name_in_cycle}
        yield WARNING, f"question-{question.pk}-missing", words


def _tally(inspection: Inspection, today: date) -> Found:
    said = inspection.tally
    if not said:
        return
    graded: Any = inspection.grades.filter(state__in=sorted(GRADE_STATES)).values_list("level", flat=True)
    held = Counter(graded)
    for level, count in said.items():
        if held[level] != count:
            yield (
                WARNING,
                f"tally-{level}",
                _("%(grade)s: the press release counts %(said)d, here are %(held)d.")
                % {"grade": Level(level).label, "said": count, "held": held[level]},
            )


def _inadequate(inspection: Inspection, today: date) -> Found:
    if inspection.cycle.tiers != len(Level):
        return
    causes = set(
        inspection.findings.filter(kind=FindingKind.CAUSE_OF_CONCERN).values_list("question_id", flat=True)
    )
    for grade in inspection.grades.filter(level=Level.INADEQUATE).select_related(
        "question__pillar", "question__cycle"
    ):
        if grade.question_id not in causes:
            yield (
                WARNING,
                f"grade-{grade.question_id}-cause",
                _("%(question)s: inadequate, but no cause of concern is recorded.")
                % {"question": grade.question.name_in_cycle},
            )


def _findings(inspection: Inspection, today: date) -> Found:
    findings = list(
        inspection.findings.select_related("question__pillar", "question__cycle", "parent").order_by(
            "question__order", "kind", "order", "pk"
        )
    )
    answered = {finding.parent_id for finding in findings if finding.parent_id}
    first: dict[tuple[int | None, str, int | None, str], Finding] = {}
    for finding in findings:
        start = {"text": finding.text[:60]}
        same = (
            finding.question_id,
            finding.kind,
            finding.parent_id,
            " ".join(finding.text.casefold().split()),
        )
        if same in first:
            yield WARNING, f"finding-{finding.pk}-twice", _("This finding stands twice: “%(text)s…”.") % start
        first.setdefault(same, finding)
        if finding.continues_id is None and STANDS.search(finding.text):
            yield (
                WARNING,
                f"finding-{finding.pk}-continues",
                _("“%(text)s…” remains from an earlier report: link it to that finding.") % start,
            )
        if finding.kind == FindingKind.CAUSE_OF_CONCERN and finding.pk not in answered:
            yield (
                WARNING,
                f"finding-{finding.pk}-recommendation",
                _("This cause of concern has no recommendation: “%(text)s…”.") % start,
            )


def _response(response: Response, today: date) -> Found:
    asked = response.report.published_on
    texts = (response.body_comments, response.chief_constable_comments, response.actions)
    if not any(texts) and not response.address:
        yield ERROR, "nothing-said", _("The response has neither a text nor an address.")
    if response.published_on is None:
        yield ERROR, "undated", _("The day on which the response was published is missing.")
    elif response.published_on > today:
        yield ERROR, "future", _("The response is dated in the future.")
    elif asked and response.published_on < asked and response.published_on_precision == Precision.DAY:
        yield ERROR, "before-report", _("The response is dated before the report.")
    if response.kind != ResponseKind.RESPONSE:
        return
    if not response.chief_constable_comments:
        yield WARNING, "chief", _("The chief constable's comments are missing.")
    answered = set(response.recommendation_actions.values_list("finding_id", flat=True))
    asked_for = Finding.objects.filter(
        inspection=response.report.inspection_id, kind=FindingKind.RECOMMENDATION
    ).exclude(pk__in=answered)
    for finding in asked_for.order_by("pk"):
        words = _("No action or reason is given for the recommendation “%(text)s…”.") % {
            "text": finding.text[:60]
        }
        yield WARNING, f"recommendation-{finding.pk}", words
    for column, words in (
        ("sent_to_inspectorate_on", _("The day it was sent to the inspectorate is missing.")),
        ("sent_to_secretary_of_state_on", _("The day it was sent to the Secretary of State is missing.")),
    ):
        if getattr(response, column) is None:
            yield WARNING, column, words


def _finding(finding: Finding, today: date) -> Found:
    if finding.published_on and finding.published_on > today:
        yield ERROR, "future", _("The finding is dated in the future.")
    if finding.inspection_id is None and finding.published_on is None:
        yield ERROR, "undated", _("A finding before its report needs a day of its own.")
    if finding.kind == FindingKind.CAUSE_OF_CONCERN and not finding.recommendations.exists():
        yield WARNING, "recommendation", _("This cause of concern has no recommendation.")
    if not finding.source.address:
        yield WARNING, "address", _("The source has no address.")


def _step(step: FindingEvent, today: date) -> Found:
    if step.happened_on > today:
        yield ERROR, "future", _("The step is dated in the future.")
    if not step.source.address:
        yield WARNING, "address", _("The source has no address.")


def _period(period: MonitoringPeriod, today: date) -> Found:
    if period.entered_on > today or (period.left_on and period.left_on > today):
        yield ERROR, "future", _("A day of the period is in the future.")
    if not period.source.address:
        yield WARNING, "address", _("The source has no address.")


def _mention(mention: Mention, today: date) -> Found:
    if mention.published_on and mention.published_on > today:
        yield ERROR, "future", _("The item is dated in the future.")
    if not mention.address:
        yield WARNING, "address", _("The item has no address.")


def _comment(comment: Comment, today: date) -> Found:
    if comment.dated > today:
        yield ERROR, "future", _("The comment is dated in the future.")


_CHECKS: dict[type[models.Model], tuple[Callable[[Any, date], Found], ...]] = {
    Inspection: (_reports, _grades, _tally, _inadequate, _findings),
    Response: (_response,),
    Finding: (_finding,),
    FindingEvent: (_step,),
    MonitoringPeriod: (_period,),
    Mention: (_mention,),
    Comment: (_comment,),
}
