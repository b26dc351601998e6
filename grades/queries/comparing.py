"""Up to four forces side by side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from grades import models
from grades.history import Choice, Choices, CycleFacts, Framework, HistoryRow, ThemeFacts, build_history
from grades.queries.figures import (
    FIGURE,
    METRIC,
    NATION,
    load_breaks,
    metric_of,
    observation_facts,
    set_beside,
    together,
)
from grades.queries.framework import framework
from grades.queries.points import load_points
from grades.queries.renamed import renamed_forces
from grades.series import ENGLAND_AND_WALES, MetricFacts, MetricSeries, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeComparison:
    """One theme for the chosen forces: a row for each, in the order chosen."""

    theme: ThemeFacts
    rows: tuple[tuple[str, str, HistoryRow], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricComparison:
    """One metric for the chosen forces, each against England and Wales, in the order chosen."""

    metric: MetricFacts
    lines: tuple[MetricSeries, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceEnd:
    """A force that has ended or will: the day, and the official names of the force and of whose its area becomes, or ""."""

    force: str
    on: date
    successor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """The chosen forces side by side. `ends` names those of them that have ended or will."""

    forces: tuple[Choice, ...]
    cycles: tuple[CycleFacts, ...]
    breaks: tuple[CycleFacts, ...]
    themes: tuple[ThemeComparison, ...]
    metrics: tuple[MetricComparison, ...]
    ends: tuple[ForceEnd, ...]


def choices() -> Choices:
    """Load what can be compared, in four queries; metrics are those that a tile shows."""
    return Choices(
        forces=tuple(
            Choice(slug=slug, title=name)
            for slug, name in models.Force.objects.order_by("short_name").values_list("slug", "short_name")
        ),
        themes=tuple(
            Choice(slug=slug, title=title)
            for slug, title in models.Theme.objects.order_by("order").values_list("slug", "title")
        ),
        metrics=tuple(
            Choice(slug=slug, title=label)
            for slug, label in models.Metric.objects.filter(tile__isnull=False)
            .order_by("tile")
            .values_list("slug", "label")
        ),
        renamed=renamed_forces(),
    )


def compare_page(
    *, forces: Sequence[Choice], themes: Sequence[str], metrics: Sequence[str], at: datetime
) -> ComparePage:
    """Load the chosen forces side by side, in eight queries whatever is chosen."""
    facts = framework(at=at).held()
    slugs = [force.slug for force in forces]
    rows = models.Force.objects.select_related("successor").filter(slug__in=slugs)
    chosen = sorted(rows, key=lambda row: slugs.index(row.slug))
    seen = models.Inspection.objects.published(at).filter(force__slug__in=slugs)
    grades = models.Grade.objects.filter(inspection__in=seen, question__theme__slug__in=themes)
    points = load_points(grades, facts, at=at)
    only = Framework(
        cycles=facts.cycles,
        themes=tuple(theme for theme in facts.themes if theme.slug in themes),
        pillars=(),
        questions=facts.questions,
        links=facts.links,
    )
    histories = {
        force.slug: build_history(
            force=force.title,
            force_slug=force.slug,
            framework=only,
            points=points.get(force.slug, ()),
            pages=frozenset(point.cycle for point in points.get(force.slug, ())),
        )
        for force in forces
    }
    first = next(iter(histories.values()))
    return ComparePage(
        forces=tuple(forces),
        cycles=facts.cycles,
        breaks=first.breaks,
        themes=tuple(
            ThemeComparison(
                theme=theme,
                rows=tuple((f.slug, f.title, histories[f.slug].themes[index]) for f in forces),
            )
            for index, theme in enumerate(only.themes)
        ),
        metrics=_metrics(chosen, metrics, at),
        ends=_ends(chosen),
    )


def _ends(forces: Sequence[models.Force]) -> tuple[ForceEnd, ...]:
    """Give when forces end, the first to end first."""
    found = (
        ForceEnd(
            force=force.official_name,
            on=force.valid_to,
            successor=force.successor.official_name if force.successor else "",
        )
        for force in forces
        if force.valid_to
    )
    return tuple(sorted(found, key=lambda end: end.on))


def _metrics(
    forces: Sequence[models.Force], metrics: Sequence[str], at: datetime
) -> tuple[MetricComparison, ...]:
    """Load the chosen metrics for the chosen forces and England and Wales in two queries."""
    areas = [force.area_id for force in forces]
    shown = Q(area__slug=ENGLAND_AND_WALES) | Q(area__in=areas)
    rows = models.Observation.objects.filter(shown, metric__slug__in=metrics).visible(at).newest_release()
    figures: dict[str, dict[int, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    found: dict[str, tuple[int, MetricFacts]] = {}
    for row in rows.values_list("metric_id", "area_id", *METRIC, *FIGURE, named=True):
        found[row.metric__slug] = (row.metric_id, metric_of(row))
        figures[row.metric__slug][row.area_id if row.area_id in areas else NATION].append(
            observation_facts(row)
        )
    breaks = load_breaks((Q(area__isnull=True) | shown) & Q(metric__slug__in=metrics))

    def compared(key: int, metric: MetricFacts) -> MetricComparison:
        own = figures[metric.slug]
        lines = dict(zip(areas, together(*(own[area] for area in areas)), strict=True))
        return MetricComparison(
            metric=metric,
            lines=tuple(
                set_beside(
                    metric,
                    slug=force.slug,
                    name=force.short_name,
                    area=force.area_id,
                    own=lines[force.area_id],
                    nation=own[NATION],
                    breaks=breaks.get(key, {}),
                    rates_compare=force.rates_compare,
                )
                for force in forces
            ),
        )

    return tuple(compared(*found[slug]) for slug in metrics if slug in found)
