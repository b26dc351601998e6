"""The theme pages: one theme for every force, cycle by cycle."""

from dataclasses import dataclass
from datetime import datetime

from grades import models
from grades.history import (
    CycleFacts,
    Framework,
    GradePoint,
    HistoryRow,
    QuestionFacts,
    ThemeFacts,
    build_history,
)
from grades.queries.framework import framework
from grades.queries.points import load_points

ENOUGH_FORCES = 20
"""A map of a theme is drawn for the newest cycle in which at least this many forces have a grade on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLine:
    """One force's grades on one theme, cycle by cycle."""

    slug: str
    name: str
    region: str
    row: HistoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePage:
    """One theme for all forces. `breaks` are the cycles before which grades cannot be compared."""

    theme: ThemeFacts
    themes: tuple[ThemeFacts, ...]
    cycles: tuple[CycleFacts, ...]
    breaks: tuple[CycleFacts, ...]
    questions: tuple[QuestionFacts, ...]
    lines: tuple[ThemeLine, ...]

    def points_in(self, cycle: str) -> dict[str, GradePoint | None]:
        """Give each force's point in one cycle, a graded one first where there are several."""
        place = next(i for i, found in enumerate(self.cycles) if found.slug == cycle)
        found = {}
        for line in self.lines:
            points = line.row.cells[place].shown
            found[line.slug] = next((p for p in points if p.level), points[0] if points else None)
        return found

    @property
    def newest(self) -> CycleFacts | None:
        """Give the newest cycle in which enough forces have a grade on the theme to draw a map of."""
        for cycle in reversed(self.cycles):
            points = self.points_in(cycle.slug).values()
            if sum(point is not None and point.level is not None for point in points) >= ENOUGH_FORCES:
                return cycle
        return None


def theme_list(*, at: datetime) -> Framework:
    """Load the themes with the questions that each cycle asked on them; three queries."""
    return framework(at=at)


def theme_page(*, slug: str, at: datetime) -> ThemePage | None:
    """Load one theme for every force in six queries; None where there is no such theme."""
    facts = framework(at=at).held()
    theme = next((t for t in facts.themes if t.slug == slug), None)
    if theme is None:
        return None
    seen = models.Inspection.objects.published(at)
    points = load_points(
        models.Grade.objects.filter(inspection__in=seen, question__theme__slug=slug), facts, at=at
    )
    only = Framework(
        cycles=facts.cycles,
        themes=(theme,),
        pillars=(),
        questions=tuple(q for q in facts.questions if q.theme == slug or slug in q.also_covers),
        links=facts.links,
    )
    lines: list[ThemeLine] = []
    breaks: tuple[CycleFacts, ...] = ()
    for force in models.Force.objects.order_by("short_name"):
        own = points.get(force.slug, ())
        history = build_history(
            force=force.official_name,
            force_slug=force.slug,
            framework=only,
            points=own,
            pages=frozenset(point.cycle for point in own),
        )
        breaks = history.breaks
        lines.append(
            ThemeLine(slug=force.slug, name=force.short_name, region=force.region, row=history.themes[0])
        )
    return ThemePage(
        theme=theme,
        themes=facts.themes,
        cycles=facts.cycles,
        breaks=breaks,
        questions=facts.on_theme(slug),
        lines=tuple(lines),
    )
