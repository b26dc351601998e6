"""What is and what is not recorded here, by force and cycle."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from grades import models
from grades.history import CycleFacts
from grades.queries.framework import framework
from grades.scales import CellState, Graded


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """One force in one cycle: how many questions could carry a grade, how many are recorded, how many are unchecked.

    `expected` counts what is graded for every force; what is graded for some forces only is counted when recorded.
    """

    cycle: CycleFacts
    recorded: int
    expected: int
    unchecked: int

    @property
    def state(self) -> str:
        """Name how full it is: nothing, some or all."""
        return "none" if not self.recorded else "all" if self.recorded >= self.expected else "some"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """One force across the cycles."""

    slug: str
    name: str
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole record's coverage, with totals."""

    cycles: tuple[CycleFacts, ...]
    lines: tuple[CoverageLine, ...]
    cells: int
    graded: int
    carried: int
    unchecked: int
    citations: int

    def missing(self, cycle: str) -> tuple[CoverageLine, ...]:
        """Give the forces for which a cycle holds nothing."""
        return tuple(
            line
            for line in self.lines
            if any(c.cycle.slug == cycle and c.state == "none" for c in line.cells)
        )


def coverage(*, at: datetime) -> Coverage:
    """Count what is recorded, in seven queries however much there is."""
    facts = framework(at=at)
    seen = models.Inspection.objects.published(at)
    doubtful = models.Grade.objects.unchecked().filter(pk=OuterRef("pk"))
    grades = models.Grade.objects.filter(inspection__in=seen)
    rows = (
        grades.annotate(doubtful=Exists(doubtful))
        .values("inspection__force__slug", "inspection__cycle__slug", "state", "question__graded", "doubtful")
        .annotate(count=Count("pk"))
        .order_by()
    )
    recorded: Counter[tuple[str, str]] = Counter()
    extra: Counter[tuple[str, str]] = Counter()
    unchecked: Counter[tuple[str, str]] = Counter()
    states: Counter[str] = Counter()
    for row in rows:
        key = (row["inspection__force__slug"], row["inspection__cycle__slug"])
        recorded[key] += row["count"]
        states[row["state"]] += row["count"]
        if row["question__graded"] != Graded.GRADED:
            extra[key] += row["count"]
        if row["doubtful"]:
            unchecked[key] += row["count"]
    expected: dict[str, int] = defaultdict(int)
    for question in facts.questions:
        expected[question.cycle] += question.graded == Graded.GRADED
    return Coverage(
        cycles=facts.cycles,
        lines=tuple(
            CoverageLine(
                slug=slug,
                name=name,
                cells=tuple(
                    CoverageCell(
                        cycle=cycle,
                        recorded=recorded[slug, cycle.slug],
                        expected=max(expected[cycle.slug] + extra[slug, cycle.slug], 1),
                        unchecked=unchecked[slug, cycle.slug],
                    )
                    for cycle in facts.cycles
                ),
            )
            for slug, name in models.Force.objects.order_by("short_name").values_list("slug", "short_name")
        ),
        cells=sum(states.values()),
        graded=states[CellState.GRADED],
        carried=states[CellState.CARRIED_FORWARD],
        unchecked=sum(unchecked.values()),
        citations=models.Citation.objects.filter(grade__in=grades.values("pk")).count(),
    )
