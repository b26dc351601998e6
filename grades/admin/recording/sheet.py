"""All that the recording screen shows of one inspection, read in a number of queries that does not grow with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from grades.admin.versions import Watched, version_of
from grades.models import Citation, Cycle, Finding, Grade, Inspection, Question, Report, Source
from grades.pasting import sameness
from grades.publishing.reports import source_key
from grades.scales import InspectionKind, ReportKind

REGIONAL = InspectionKind.SOC
"""The number of the question that the regional inspections answer."""


def read_inspection(number: int) -> Inspection | None:
    """Read an inspection with all that hangs on it."""
    return (
        Inspection.objects.select_related("force", "cycle")
        .prefetch_related(
            Prefetch("reports", Report.objects.order_by("published_on", "pk")),
            Prefetch(
                "grades",
                Grade.objects.select_related("question__pillar", "question__cycle", "carried_from").order_by(
                    "question__order", "pk"
                ),
            ),
            Prefetch("grades__citations", Citation.objects.select_related("source").order_by("pk")),
            Prefetch(
                "findings",
                Finding.objects.select_related("source", "parent", "continues__inspection__cycle").order_by(
                    "question__order", "order", "pk"
                ),
            ),
            Prefetch(
                "cycle__questions",
                Question.objects.select_related("pillar", "theme").order_by("order", "pk"),
            ),
        )
        .filter(pk=number)
        .first()
    )


def watched(inspection: int) -> tuple[Watched, ...]:
    """Name the rows that the screen edits, for telling what somebody else changed."""
    private = frozenset({"published_at"})
    return (
        Watched(Inspection, {"pgh_obj": inspection}, private),
        Watched(Report, {"inspection": inspection}),
        Watched(Grade, {"inspection": inspection}),
        Watched(Citation, {"grade__inspection": inspection}),
        Watched(Finding, {"inspection": inspection}, private),
    )


@dataclass
class Sheet:
    """One inspection as the screen needs it."""

    inspection: Inspection

    @cached_property
    def version(self) -> str:
        """Name the state of the rows."""
        return version_of(watched(self.inspection.pk))

    @cached_property
    def reports(self) -> list[Report]:
        """Give the reports, first published first."""
        return list(self.inspection.reports.all())

    @cached_property
    def grades(self) -> dict[int, Grade]:
        """Give the grades by question."""
        return {grade.question_id: grade for grade in self.inspection.grades.all()}

    @cached_property
    def questions(self) -> list[Question]:
        """Give the questions of this kind of inspection, and any other that is recorded all the same."""
        kind = self.inspection.kind
        held = set(self.grades) | {finding.question_id for finding in self.findings}
        return [
            question
            for question in self.inspection.cycle.questions.all()
            if question.pk in held or (question.number == REGIONAL) == (kind == REGIONAL)
        ]

    @cached_property
    def pillared(self) -> bool:
        """Say whether the cycle's questions are under pillars, each of which once had a report of its own."""
        return any(question.pillar_id for question in self.questions)

    @cached_property
    def findings(self) -> list[Finding]:
        """Give the findings, each recommendation after its cause."""
        rows: list[Finding] = list(self.inspection.findings.all())
        below: dict[int | None, list[Finding]] = defaultdict(list)
        present = {row.pk for row in rows}
        for row in rows:
            below[row.parent_id if row.parent_id in present else None].append(row)
        return [one for row in below[None] for one in (row, *below[row.pk])]

    @cached_property
    def findings_of(self) -> Mapping[int | None, list[Finding]]:
        """Give the findings by question; None for those under none."""
        found: dict[int | None, list[Finding]] = defaultdict(list)
        causes = {finding.pk: finding for finding in self.findings}
        for finding in self.findings:
            # A recommendation stands with its cause.
            top = causes.get(finding.parent_id or 0, finding)
            found[top.question_id].append(finding)
        return found

    @cached_property
    def repeated(self) -> frozenset[int]:
        """Give the findings that say word for word what another of the same question says."""
        counted = Counter((row.question_id, sameness(row.text)) for row in self.findings)
        return frozenset(row.pk for row in self.findings if counted[row.question_id, sameness(row.text)] > 1)

    @cached_property
    def earlier_cycles(self) -> list[Cycle]:
        """Give the cycles before this one, newest first."""
        return list(Cycle.objects.filter(order__lt=self.inspection.cycle.order).order_by("-order"))

    @cached_property
    def earlier_findings(self) -> list[Finding]:
        """Give the force's findings of earlier cycles, newest first."""
        return list(
            Finding.objects.filter(
                force=self.inspection.force_id, inspection__cycle__order__lt=self.inspection.cycle.order
            )
            .select_related("question", "inspection__cycle")
            .order_by("-inspection__cycle__order", "question__order", "order", "pk")
        )

    @cached_property
    def own_keys(self) -> frozenset[str]:
        """Give the keys of the sources that stand for the inspection's own reports."""
        return frozenset(source_key(report) for report in self.reports)

    def own_citation(self, question: int) -> Citation | None:
        """Give the citation of the report itself for a question's grade."""
        grade = self.grades.get(question)
        rows: Iterable[Citation] = grade.citations.all() if grade else ()
        return next((row for row in rows if row.source.key in self.own_keys), None)

    @cached_property
    def further_sources(self) -> dict[int, Source]:
        """Give the sources that are not the inspection's own reports, by number."""
        return {
            citation.source_id: citation.source
            for grade in self.grades.values()
            for citation in grade.citations.all()
            if citation.source.key not in self.own_keys
        }

    def citations_of(self, source: int) -> dict[int, Citation]:
        """Give what a source states, by question."""
        return {
            question: citation
            for question, grade in self.grades.items()
            for citation in grade.citations.all()
            if citation.source_id == source
        }


def suggested_kind(inspection: Inspection) -> str:
    """Give the kind of report that such an inspection has."""
    return inspection.kind if inspection.kind in ReportKind.values else ReportKind.PEEL


def suggested_title(inspection: Inspection) -> str:
    """Suggest a title in our own words."""
    given: dict[str, Any] = {"cycle": inspection.cycle.label, "force": inspection.force.official_name}
    if inspection.kind == InspectionKind.PEEL:
        return _("PEEL %(cycle)s: %(force)s") % given
    given["kind"] = inspection.get_kind_display()
    return _("%(kind)s %(cycle)s: %(force)s") % given


def report_of(question: Question, reports: Sequence[Report]) -> Report | None:
    """Give the report that a question's grade stands in: the only one, or that of its pillar."""
    if len(reports) == 1:
        return reports[0]
    by_kind = {report.kind: report for report in reports}
    return by_kind.get(question.pillar.slug if question.pillar else "") or by_kind.get(ReportKind.PEEL)
