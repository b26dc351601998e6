"""The metric pages: every metric, one metric for all forces, one metric for one force."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from grades import models
from grades.queries.figures import (
    ALL,
    FIGURE,
    NATION,
    breaks_of,
    few_residents,
    load_breaks,
    metric_facts,
    observation_facts,
    own_or_nation,
    set_beside,
    stands_alone,
)
from grades.queries.forces import ForceFacts, find_row, force_facts
from grades.scales import AreaKind, Basis
from grades.series import (
    ENGLAND_AND_WALES,
    AreaFigure,
    MetricFacts,
    MetricSeries,
    Observation,
    Ranking,
    Series,
    SeriesBreak,
    TileFigure,
    of_season,
    tile_figures,
)

FEW = 5
"""A metric with figures for fewer forces than this is not compared across forces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricLine:
    """One metric in the list of metrics: its newest England and Wales figure, and how many forces have figures."""

    metric: MetricFacts
    newest: Observation | None
    forces: int

    @property
    def compares(self) -> bool:
        """Say whether enough forces have figures for a page that compares them."""
        return self.forces >= FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricPage:
    """One metric for all forces: the newest period as a ranking, every period of every force, and the breaks of all.

    `alone` names the forces whose figures must not be set beside others.
    """

    metric: MetricFacts
    ranking: Ranking
    series: tuple[Series, ...]
    comparator: Series
    breaks: tuple[SeriesBreak, ...]
    alone: frozenset[str]

    @property
    def periods(self) -> tuple[date, ...]:
        """Give the ends (exclusive) of the periods that any series holds, newest first."""
        found = {o.ends_before for s in (*self.series, self.comparator) for o in s.observations}
        return tuple(sorted(found, reverse=True))

    @property
    def newest(self) -> tuple[Observation, ...]:
        """Give every figure of the newest period that is compared, England and Wales's last."""
        drawn = [line.observation for line in self.ranking.figures]
        return tuple(o for o in (*drawn, self.ranking.comparator) if o is not None)

    def has(self, slug: str) -> bool:
        """Say whether a force has any figure."""
        return any(series.area == slug and series.observations for series in self.series)

    @property
    def tiles(self) -> tuple[TileFigure, ...]:
        """Give every force's tile for the newest period."""
        return tile_figures(self.ranking)

    def over_time(self, slug: str) -> MetricSeries:
        """Give one force's line against England and Wales, or England and Wales alone, against nothing, for an unknown slug."""
        own = next((series for series in self.series if series.area == slug), None)
        nobody = replace(self.comparator, observations=(), breaks=())
        return MetricSeries(
            metric=self.metric,
            force=own or self.comparator,
            comparator=self.comparator if own and slug not in self.alone else nobody,
            breaks=self.breaks,
            incomparable=few_residents() if slug in self.alone else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A figure that an earlier release gave differently for the same period."""

    older: Observation
    newer: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceMetricPage:
    """One metric for one force, with what earlier releases gave differently, and printed figures beside."""

    force: ForceFacts
    series: MetricSeries
    revisions: tuple[Revision, ...]
    compares: bool


def metric_list(*, at: datetime) -> tuple[MetricLine, ...]:
    """List every metric that has figures, with its newest England and Wales figure; three queries."""
    figures = models.Observation.objects.visible(at)
    forces = dict(
        figures.filter(area__kind=AreaKind.FORCE)
        .order_by()
        .values_list("metric")
        .annotate(forces=Count("area", distinct=True))
    )
    metrics = models.Metric.objects.filter(pk__in=figures.values("metric")).order_by("order", "pk")
    nation: dict[int, list[Observation]] = defaultdict(list)
    rows = figures.filter(area__slug=ENGLAND_AND_WALES).newest_release()
    for row in rows.values_list("metric_id", *FIGURE, named=True):
        nation[row.metric_id].append(observation_facts(row))
    return tuple(
        MetricLine(
            metric=metric_facts(metric),
            newest=max(nation[metric.pk], key=lambda o: o.ends_before, default=None),
            forces=forces.get(metric.pk, 0),
        )
        for metric in metrics
    )


def metric_page(*, slug: str, at: datetime, marked: frozenset[str] = frozenset()) -> MetricPage | None:
    """Load one metric for all forces in four queries; None where there is none, or too few forces have it."""
    metric = models.Metric.objects.filter(slug=slug).first()
    if metric is None:
        return None
    forces = list(models.Force.objects.order_by("short_name"))
    held = Q(area__slug=ENGLAND_AND_WALES) | Q(area__kind=AreaKind.FORCE)
    rows = models.Observation.objects.filter(held, metric=metric).visible(at).newest_release()
    figures: dict[int, list[Observation]] = defaultdict(list)
    own_areas = {force.area_id for force in forces}
    for row in rows.values_list("area_id", "area__slug", *FIGURE, named=True):
        if row.area_id in own_areas or row.area__slug == ENGLAND_AND_WALES:
            figures[row.area_id if row.area_id in own_areas else NATION].append(observation_facts(row))
    if len(own_areas & figures.keys()) < FEW:
        return None
    facts = metric_facts(metric)
    alone = {f.area_id for f in forces if stands_alone(facts, rates_compare=f.rates_compare)}
    newest = _newest_shared(own for area, own in figures.items() if area not in {NATION, *alone})
    if newest is None:
        return None
    lines = {area: of_season(own, newest.ends_before) for area, own in figures.items()}
    breaks = load_breaks(Q(metric=metric)).get(metric.pk, {})
    nation = Series(
        area=ENGLAND_AND_WALES,
        name=_("England and Wales"),
        observations=lines.get(NATION, ()),
        breaks=breaks.get(NATION, ()),
    )
    compared = [_compared(force, lines.get(force.area_id, ()), newest, facts) for force in forces]
    drawn = [line for line in compared if line.observation and not line.excluded]
    return MetricPage(
        metric=facts,
        ranking=Ranking(
            metric=facts,
            starts_on=newest.starts_on,
            ends_before=newest.ends_before,
            figures=tuple(sorted(drawn, key=lambda line: (-_value(line), line.name))),
            excluded=tuple(line for line in compared if line.excluded),
            comparator=nation.at(newest.ends_before),
            marked=marked & {force.slug for force in forces},
        ),
        series=tuple(
            Series(
                area=f.slug,
                name=f.short_name,
                observations=lines.get(f.area_id, ()),
                breaks=breaks.get(f.area_id, ()),
            )
            for f in forces
        ),
        comparator=nation,
        breaks=breaks.get(ALL, ()),
        alone=frozenset(f.slug for f in forces if f.area_id in alone),
    )


def _value(line: AreaFigure) -> float:
    return float(line.observation.value) if line.observation else 0.0


def _newest_shared(lines: Iterable[Sequence[Observation]]) -> Observation | None:
    """Give a figure of the newest period that enough forces have; of the one that most have, where none has enough.

    A period that one force has before all others is no comparison. None without any figure.
    """
    held: dict[date, list[Observation]] = defaultdict(list)
    for line in lines:
        for end, observation in {o.ends_before: o for o in line}.items():
            held[end].append(observation)
    if not held:
        return None
    return held[max(held, key=lambda end: (min(len(held[end]), FEW), end))][0]


def _compared(
    force: models.Force, line: tuple[Observation, ...], newest: Observation, metric: MetricFacts
) -> AreaFigure:
    """Give a force's figure for the newest period, or why it is left out of the comparison."""
    own = next((o for o in line if o.ends_before == newest.ends_before), None)
    why = ""
    if stands_alone(metric, rates_compare=force.rates_compare):
        why = few_residents()
    elif own is None:
        why = _("no figure for this period is recorded here")
    return AreaFigure(
        slug=force.slug, name=force.short_name, region=force.region, observation=own, excluded=why
    )


def force_metric_page(*, force: str, metric: str, at: datetime) -> ForceMetricPage | None:
    """Load one metric for one force in five queries; None where there is no such force or no figure of it."""
    row = find_row(force, at=at)
    found = models.Metric.objects.filter(slug=metric).first()
    if row is None or found is None:
        return None
    rows = models.Observation.objects.filter(own_or_nation(row.area_id), metric=found).visible(at)
    columns = ("pk", "area_id", *FIGURE)
    shown = list(rows.newest_release().values_list(*columns, named=True))
    own = [observation_facts(o) for o in shown if o.area_id == row.area_id]
    nation = [observation_facts(o) for o in shown if o.area_id != row.area_id]
    if not own:
        return None
    facts = force_facts(row)
    earlier = rows.filter(area_id=row.area_id).exclude(pk__in=[o.pk for o in shown])
    released = earlier.exclude(basis=Basis.AS_PRINTED).order_by("-ends_before", "pk")
    now = {o.ends_before: o for o in own}
    revisions = [
        Revision(older=older, newer=now[older.ends_before])
        for older in map(observation_facts, released.values_list(*columns, named=True))
        if older.ends_before in now and older.value != now[older.ends_before].value
    ]
    return ForceMetricPage(
        force=facts,
        series=set_beside(
            metric_facts(found),
            slug=facts.slug,
            name=facts.short_name,
            own=own,
            nation=nation,
            area=row.area_id,
            breaks=load_breaks(breaks_of(row.area_id) & Q(metric=found)).get(found.pk, {}),
            rates_compare=row.rates_compare,
        ),
        revisions=tuple(revisions),
        compares=models.Observation.objects.visible(at)
        .filter(metric=found, area__kind=AreaKind.FORCE)
        .values("area")
        .distinct()
        .count()
        >= FEW,
    )
