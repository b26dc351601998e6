"""What stands between a draft and the public: errors, which block, and warnings, which need a reason each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from grades.dates import PartialDate, Precision
from grades.models import (
    Comment,
    Correction,
    Finding,
    FindingEvent,
    Force,
    Grade,
    Inspection,
    Mention,
    MonitoringPeriod,
    PolicingBody,
    Report,
    Response,
    Tenure,
)
from grades.models.base import Publishable, options
from grades.pasting import STANDS, sameness
from grades.publishing.plain import model_of
from grades.scales import (
    GRADE_STATES,
    FindingKind,
    Graded,
    InspectionKind,
    Level,
    ResponseKind,
    SourceKind,
    Status,
)


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

    @property
    def early(self) -> bool:
        """Say whether days that are still to come are all that stands in the way: an embargo until then helps."""
        return bool(self.errors) and all(item.code.endswith("future") for item in self.errors)

    def unanswered(self, reasons: dict[str, str]) -> tuple[Item, ...]:
        """Give the warnings that no reason is given for; `reasons` are by code."""
        return tuple(item for item in self.warnings if not reasons.get(item.code, "").strip())


def checklist(record: models.Model, today: date) -> Checklist:
    """Look at a record as it would be published on a day."""
    errors: list[Item] = []
    warnings: list[Item] = []
    for found in _CHECKS.get(type(record), ()):
        for severe, code, words in found(record, today):
            (errors if severe else warnings).append(Item(code=code, words=words))
    return Checklist(errors=tuple(errors), warnings=tuple(warnings))


Found = Iterator[tuple[bool, str, str]]
"""Whether it is an error, its code, and its words."""

ERROR, WARNING = True, False


# Of an inspection: whoever has read what hangs on it already is not asked again.


def _reports_of(inspection: Inspection) -> list[Report]:
    return sorted(inspection.reports.all(), key=lambda report: (report.published_on or date.max, report.pk))


def _grades_of(inspection: Inspection) -> list[Grade]:
    grades = list(inspection.grades.all())
    prefetch_related_objects(grades, "question__pillar", "question__cycle", "citations__source")
    return sorted(grades, key=lambda grade: (grade.question.order, grade.pk))


def _findings_of(inspection: Inspection) -> list[Finding]:
    return sorted(
        inspection.findings.all(), key=lambda row: (row.question_id or 0, row.kind, row.order, row.pk)
    )


def _reports(inspection: Inspection, today: date) -> Found:
    reports = _reports_of(inspection)
    if not reports:
        yield ERROR, "no-report", _("No report is recorded.")
    ended = inspection.fieldwork_ended_on
    if ended and ended > today:
        yield ERROR, "fieldwork-future", _("The fieldwork ends in the future.")
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
        elif ended and report.published_on < ended and report.published_on_precision == Precision.DAY:
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
    grades = _grades_of(inspection)
    if not grades:
        yield ERROR, "no-grade", _("No grade is recorded.")
    for grade in grades:
        yield from _grade(grade, today)
    yield from _missing(inspection, {grade.question_id for grade in grades})


def _grade(grade: Grade, today: date) -> Found:
    name = {"question": grade.question.name_in_cycle}
    cited = list(grade.citations.all())
    if grade.amended_on and grade.amended_on > today:
        yield (
            ERROR,
            f"grade-{grade.question_id}-amended-future",
            _("%(question)s: the amendment is dated in the future.") % name,
        )
    if grade.state in GRADE_STATES and not cited:
        yield (
            ERROR,
            f"grade-{grade.question_id}-source",
            _("%(question)s: the grade has no source.") % name,
        )
        return
    if cited and not any(citation.source.address for citation in cited):
        yield (
            WARNING,
            f"grade-{grade.question_id}-address",
            _("%(question)s: no source has an address.") % name,
        )
    if grade.level and not any(citation.locator for citation in cited):
        yield (
            WARNING,
            f"grade-{grade.question_id}-place",
            _("%(question)s: no page or section is given.") % name,
        )
    if grade.level and all(citation.source.kind == SourceKind.PRESS for citation in cited):
        yield (
            WARNING,
            f"grade-{grade.question_id}-press",
            _("%(question)s: only the press states the grade.") % name,
        )
    for citation in cited:
        if (
            citation.checked_on
            and citation.checked_by_id is None
            and citation.source.kind != SourceKind.INSPECTORATE
        ):
            said = name | {"day": date_format(citation.checked_on, "j F Y")}
            yield (
                WARNING,
                f"grade-{grade.question_id}-checked-{citation.source_id}",
                _("%(question)s: compared with the report on %(day)s, says a file, but not by whom.") % said,
            )
    before = {grade.amended_from} if grade.amended_from else set()
    for citation in cited:
        if citation.level != grade.level and citation.level not in before:
            said = name | {"source": citation.source.title, "grade": citation.get_level_display() or "–"}
            yield (
                WARNING,
                f"grade-{grade.question_id}-disputed-{citation.source_id}",
                _("%(question)s: “%(source)s” states another grade (%(grade)s).") % said,
            )


def _missing(inspection: Inspection, recorded: set[int]) -> Found:
    if inspection.kind != InspectionKind.PEEL:
        return
    asked = list(inspection.cycle.questions.all())
    due = [question for question in asked if question.graded == Graded.GRADED and question.pk not in recorded]
    prefetch_related_objects(due, "pillar", "cycle")
    for question in sorted(due, key=lambda question: (question.order, question.pk)):
        words = _("%(question)s: nothing is recorded.") % {"question": question.name_in_cycle}
        yield WARNING, f"question-{question.pk}-missing", words


def _tally(inspection: Inspection, today: date) -> Found:
    said = inspection.tally
    if not said:
        return
    held = Counter(grade.level for grade in inspection.grades.all() if grade.state in GRADE_STATES)
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
    causes = {
        finding.question_id
        for finding in inspection.findings.all()
        if finding.kind == FindingKind.CAUSE_OF_CONCERN
    }
    for grade in _grades_of(inspection):
        if grade.level == Level.INADEQUATE and grade.question_id not in causes:
            yield (
                WARNING,
                f"grade-{grade.question_id}-cause",
                _("%(question)s: inadequate, but no cause of concern is recorded.")
                % {"question": grade.question.name_in_cycle},
            )


def _findings(inspection: Inspection, today: date) -> Found:
    findings = _findings_of(inspection)
    answered = {finding.parent_id for finding in findings if finding.parent_id}
    first: dict[tuple[int | None, str, int | None, str], Finding] = {}
    for finding in findings:
        start = {"text": finding.text[:60]}
        if finding.published_on and finding.published_on > today:
            yield ERROR, f"finding-{finding.pk}-future", _("“%(text)s…” is dated in the future.") % start
        same = (finding.question_id, finding.kind, finding.parent_id, sameness(finding.text))
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


def _body(body: PolicingBody, force: Force, days: Iterable[PartialDate | None]) -> Found:
    """Look whether a body held a force to account on one of some days; where none is known there is nothing to look for."""
    known = {day for when in days if when is not None for day in (when.first, when.last)}
    held = Tenure.objects.filter(body=body, force=force)
    if known and not any(held.on(day).exists() for day in sorted(known)):
        said = {"body": body, "force": force}
        words = _("As far as is recorded, %(body)s did not hold %(force)s to account on that day.") % said
        yield WARNING, "body", words


def _comes_after(first: Publishable | None) -> Found:
    """Refuse to publish before what it is about: the log would tell for good what is not public yet."""
    if first is not None and first.status != Status.PUBLISHED:
        said = {"first": options(type(first)).verbose_name}
        yield ERROR, "too-early", _("It can be published when its %(first)s is public.") % said


def _answers_for(response: Response, today: date) -> Found:
    """Whoever is asked by a report may have gone when it is answered, so that either day will do."""
    days = response.report.published, response.published
    yield from _body(response.body, response.report.inspection.force, days)


def _answers_the_public(response: Response) -> Found:
    """Refuse actions on findings that are not public: the log would name them for good."""
    answered = Finding.objects.filter(actions__response=response).exclude(status=Status.PUBLISHED)
    for finding in answered.order_by("pk"):
        said = {"text": finding.text[:60]}
        words = _("An action answers a finding that is not public: “%(text)s…”.") % said
        yield ERROR, f"action-{finding.pk}-early", words


def _speaks_for(comment: Comment, today: date) -> Found:
    yield from _body(comment.body, comment.grade.inspection.force, [PartialDate(comment.dated)])


def _response(response: Response, today: date) -> Found:
    yield from _comes_after(response.report.inspection)
    yield from _answers_the_public(response)
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
    for column, missing, to_come in (
        (
            "sent_to_inspectorate_on",
            _("The day it was sent to the inspectorate is missing."),
            _("The day it was sent to the inspectorate is in the future."),
        ),
        (
            "sent_to_secretary_of_state_on",
            _("The day it was sent to the Secretary of State is missing."),
            _("The day it was sent to the Secretary of State is in the future."),
        ),
    ):
        day = getattr(response, column)
        if day is None:
            yield WARNING, column, missing
        elif day > today:
            yield ERROR, f"{column}-future", to_come


def _finding(finding: Finding, today: date) -> Found:
    yield from _comes_after(finding.inspection or finding.parent)
    if finding.published_on and finding.published_on > today:
        yield ERROR, "future", _("The finding is dated in the future.")
    if finding.inspection_id is None and finding.published_on is None:
        yield ERROR, "undated", _("A finding before its report needs a day of its own.")
    if finding.kind == FindingKind.CAUSE_OF_CONCERN and not finding.recommendations.exists():
        yield WARNING, "recommendation", _("This cause of concern has no recommendation.")
    if not finding.source.address:
        yield WARNING, "address", _("The source has no address.")


def _step(step: FindingEvent, today: date) -> Found:
    yield from _comes_after(step.finding)
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
    yield from _comes_after(mention.inspection)
    if mention.published_on and mention.published_on > today:
        yield ERROR, "future", _("The item is dated in the future.")
    if not mention.address:
        yield WARNING, "address", _("The item has no address.")


def _comment(comment: Comment, today: date) -> Found:
    yield from _comes_after(comment.grade.inspection)
    if comment.dated > today:
        yield ERROR, "future", _("The comment is dated in the future.")


def _correction(correction: Correction, today: date) -> Found:
    """Hold a correction to what stops a draft: the only day to come is the one on which something is due."""
    for field in options(model_of(correction.what)).concrete_fields:
        text = correction.after.get(field.attname)
        if not text or field.attname == "due_on" or not isinstance(field, models.DateField):
            continue
        day = date.fromisoformat(text)
        if day > today:
            said = {"field": capfirst(field.verbose_name), "day": date_format(day, "j F Y")}
            yield ERROR, f"{field.attname}-future", _("%(field)s: %(day)s is in the future.") % said


_CHECKS: dict[type[models.Model], tuple[Callable[[Any, date], Found], ...]] = {
    Inspection: (_reports, _grades, _tally, _inadequate, _findings),
    Response: (_response, _answers_for),
    Finding: (_finding,),
    FindingEvent: (_step,),
    MonitoringPeriod: (_period,),
    Mention: (_mention,),
    Comment: (_comment, _speaks_for),
    Correction: (_correction,),
}
