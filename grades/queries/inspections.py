"""One inspection as it was published: every grade, printed figure, finding, report and response of a force and cycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from grades import models
from grades.history import CycleFacts, ForceHistory, GradePoint, PillarFacts
from grades.queries.answers import MentionFacts, ReportFacts, load_mentions, load_reports
from grades.queries.findings import FindingFacts, FindingGroup, load_findings
from grades.queries.forces import ForceFacts, find_row, force_facts, load_history
from grades.queries.printed import PrintedFigures, printed_figures
from grades.scales import InspectionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarSection:
    """The grades of one pillar, or of the whole inspection where the cycle has none; `judgment` is the pillar's own."""

    pillar: PillarFacts | None
    judgment: GradePoint | None
    questions: tuple[GradePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionPage:
    """Everything an inspection page shows."""

    force: ForceFacts
    cycle: CycleFacts
    cycles: tuple[CycleFacts, ...]
    earlier: CycleFacts | None
    later: CycleFacts | None
    sections: tuple[PillarSection, ...]
    regional: tuple[GradePoint, ...]
    figures: tuple[PrintedFigures, ...]
    findings: tuple[FindingFacts, ...]
    reports: tuple[ReportFacts, ...]
    mentions: tuple[MentionFacts, ...]

    @property
    def group(self) -> FindingGroup:
        """Give the findings as a group of their own."""
        return FindingGroup(cycle=self.cycle.label, findings=self.findings)

    @property
    def points(self) -> tuple[GradePoint, ...]:
        """Give every question's point, without the pillars' own judgments."""
        return tuple(point for section in self.sections for point in section.questions)


def inspection_page(
    *, force: str, cycle: str, at: datetime, today: date, limit_from: date
) -> InspectionPage | None:
    """Load one force's inspection of one cycle; None where the record holds none.

    `limit_from` is the first day of publication to which the 56 days apply.
    """
    row = find_row(force, at=at)
    if row is None:
        return None
    facts = force_facts(row)
    history = load_history(facts, at=at)
    index = next((i for i, found in enumerate(history.cycles) if found.slug == cycle), None)
    if index is None or not any(r.cells[index].has_page for r in history.themes):
        return None
    seen = models.Inspection.objects.published(at).filter(force=row, cycle__slug=cycle)
    points = [p for r in (*history.themes, *history.pillars) for p in r.cells[index].points]
    pages = [i for i in range(len(history.cycles)) if history.themes[0].cells[i].has_page]
    before, after = [i for i in pages if i < index], [i for i in pages if i > index]
    return InspectionPage(
        force=facts,
        cycle=history.cycles[index],
        cycles=history.cycles,
        earlier=history.cycles[before[-1]] if before else None,
        later=history.cycles[after[0]] if after else None,
        sections=_sections(history, [p for p in points if p.question.number != InspectionKind.SOC]),
        regional=tuple(p for p in points if p.question.number == InspectionKind.SOC and p.recorded),
        figures=printed_figures(models.Observation.objects.filter(report__inspection__in=seen)),
        findings=load_findings(
            models.Finding.objects.filter(Q(inspection__in=seen) | Q(force=row, question__cycle__slug=cycle)),
            at=at,
            today=today,
        ),
        reports=load_reports(
            models.Report.objects.filter(inspection__in=seen),
            body_on=facts.body_on,
            at=at,
            today=today,
            limit_from=limit_from,
        ),
        mentions=load_mentions(models.Mention.objects.filter(inspection__in=seen), at=at),
    )


def _sections(history: ForceHistory, points: Sequence[GradePoint]) -> tuple[PillarSection, ...]:
    """Group an inspection's points by pillar, in the order of the pillars and of the questions."""
    titles = {row.slug: row.title for row in history.pillars}
    ordered = sorted(points, key=lambda p: (p.question.order, p.question.key))
    slugs = [slug for slug in titles if any(p.question.pillar == slug for p in ordered)]
    slugs += sorted(
        {p.question.pillar for p in ordered if p.question.pillar and p.question.pillar not in titles}
    )
    sections = [
        PillarSection(
            pillar=PillarFacts(slug=slug, title=titles.get(slug, slug.capitalize())),
            judgment=next(
                (p for p in ordered if p.question.pillar == slug and p.question.is_pillar_judgment), None
            ),
            questions=tuple(
                p for p in ordered if p.question.pillar == slug and not p.question.is_pillar_judgment
            ),
        )
        for slug in slugs
    ]
    rest = tuple(p for p in ordered if p.question.pillar is None)
    if rest:
        sections.append(PillarSection(pillar=None, judgment=None, questions=rest))
    return tuple(sections)
