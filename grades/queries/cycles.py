"""The cycle page: every force on every question of one cycle."""

from dataclasses import dataclass
from datetime import datetime

from grades import models
from grades.history import CycleFacts, GradePoint, QuestionFacts, Spread, missing_point, spread
from grades.queries.framework import framework
from grades.queries.points import load_points
from grades.scales import TIERS, CellState, Graded, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleLine:
    """One force's grades in one cycle; `points` follow the order of the page's questions."""

    slug: str
    name: str
    region: str
    nation: str
    has_page: bool
    points: tuple[GradePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CyclePage:
    """A cycle, its gradable questions in order, a line for each force, and how the grades are spread."""

    cycle: CycleFacts
    cycles: tuple[CycleFacts, ...]
    questions: tuple[QuestionFacts, ...]
    ungraded: tuple[QuestionFacts, ...]
    lines: tuple[CycleLine, ...]
    spreads: tuple[Spread, ...]
    levels: tuple[Level, ...]

    @property
    def recorded(self) -> int:
        """Count the forces with at least one grade recorded."""
        return sum(line.has_page for line in self.lines)

    @property
    def has_carried(self) -> bool:
        """Say whether any grade of the cycle is carried forward."""
        return any(p.state == CellState.CARRIED_FORWARD for line in self.lines for p in line.points)

    @property
    def has_unchecked(self) -> bool:
        """Say whether any grade of the cycle is not yet checked against the report."""
        return any(point.unchecked for line in self.lines for point in line.points)


def cycle_page(*, slug: str, at: datetime) -> CyclePage | None:
    """Load one cycle; None where there is no such cycle. The order of the questions puts pillars' judgments first."""
    facts = framework(at=at)
    if slug not in {cycle.slug for cycle in facts.cycles}:
        return None
    cycle = facts.cycle(slug)
    asked = [q for q in facts.questions if q.cycle == slug]
    gradable = tuple(q for q in asked if q.graded != Graded.UNGRADED)
    seen = models.Inspection.objects.published(at).filter(cycle__slug=slug)
    points = load_points(models.Grade.objects.filter(inspection__in=seen), facts, at=at)
    forces = models.Force.objects.order_by("short_name")
    lines = []
    for force in forces:
        own = {point.question.key: point for point in points.get(force.slug, ())}
        lines.append(
            CycleLine(
                slug=force.slug,
                name=force.short_name,
                region=force.region,
                nation=force.nation,
                has_page=bool(own),
                points=tuple(own.get(q.key) or missing_point(q) for q in gradable),
            )
        )
    every = [point for found in points.values() for point in found]
    return CyclePage(
        cycle=cycle,
        cycles=facts.cycles,
        questions=gradable,
        ungraded=tuple(q for q in asked if q.graded == Graded.UNGRADED),
        lines=tuple(lines),
        spreads=tuple(
            spread(question=q, points=every, tiers=cycle.tiers, total=len(lines)) for q in gradable
        ),
        levels=TIERS[cycle.tiers],
    )
