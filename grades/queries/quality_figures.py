"""Figures that do not add up: rates, totals, jumps. Pure but for `check_figures`, which loads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grades import models
from grades.queries.figures import FIGURE, METRIC, metric_of, observation_facts
from grades.scales import AreaKind, Basis
from grades.series import ENGLAND_AND_WALES, MetricFacts, Observation, SeriesBreak, percent_change, rate

JUMP = 25
"""A rate that changes by more per cent in a year is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure with its area and metric."""

    area: str
    area_name: str
    area_kind: str
    metric: MetricFacts
    observation: Observation

    @property
    def is_rate(self) -> bool:
        """Say whether the metric divides by something."""
        return self.metric.multiplier > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRate:
    """A derived rate that is not its numerator over its denominator."""

    figure: Figure
    worked_out: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A count of England and Wales and the sum of the forces'; `lacking` counts the forces without a figure."""

    metric: MetricFacts
    observation: Observation
    summed: Decimal
    lacking: int

    @property
    def agrees(self) -> bool:
        """Say whether the two are equal."""
        return self.observation.value == self.summed


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A rate that changed oddly much in a year in which the way of counting stayed the same."""

    figure: Figure
    earlier: Observation
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresChecked:
    """What was looked at, and what did not add up."""

    figures: int
    derived: int
    rates: int
    wrong_rates: tuple[WrongRate, ...]
    totals: tuple[Total, ...]
    jumps: tuple[Jump, ...]

    @property
    def wrong_totals(self) -> tuple[Total, ...]:
        """Give the totals that every force's figure is held for and that still differ."""
        return tuple(total for total in self.totals if not total.lacking and not total.agrees)


def check_figures(*, force: str = "") -> FiguresChecked:
    """Look all figures over, or one force's, in three queries."""
    rows = models.Observation.objects.all()
    if force:
        rows = rows.filter(area__force__slug=force)
    rows = rows.order_by("metric__order", "area__name", "ends_before", "starts_on", "pk")
    figures = []
    for row in rows.values_list("area__slug", "area__name", "area__kind", *METRIC, *FIGURE, named=True):
        figures.append(
            Figure(
                area=row.area__slug,
                area_name=row.area__name,
                area_kind=row.area__kind,
                metric=metric_of(row),
                observation=observation_facts(row),
            )
        )
    breaks: dict[str, list[tuple[str, SeriesBreak]]] = defaultdict(list)
    for found in models.SeriesBreak.objects.select_related("metric", "area"):
        cut = SeriesBreak(at=found.at, label=found.label, reason=found.reason, address=found.address)
        breaks[found.metric.slug].append((found.area.slug if found.area else "", cut))
    checkable = derived_rates(figures)
    return FiguresChecked(
        figures=len(figures),
        derived=sum(figure.observation.basis == Basis.DERIVED for figure in figures),
        rates=len(checkable),
        wrong_rates=wrong_rates(checkable),
        totals=() if force else totals(figures, forces=models.Force.objects.count()),
        jumps=jumps(figures, breaks),
    )


def derived_rates(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Keep the rates worked out here of which both numbers are recorded."""
    return tuple(
        figure
        for figure in figures
        if figure.observation.basis == Basis.DERIVED
        and figure.observation.numerator is not None
        and figure.observation.denominator is not None
    )


def wrong_rates(figures: Iterable[Figure]) -> tuple[WrongRate, ...]:
    """Give the rates that differ from numerator ÷ denominator × multiplier at the metric's decimals."""
    wrong = []
    for figure in figures:
        numerator, denominator = figure.observation.numerator, figure.observation.denominator
        if numerator is None or denominator is None:
            continue
        worked_out = rate(
            numerator=numerator,
            denominator=denominator,
            multiplier=figure.metric.multiplier,
            decimals=figure.metric.decimals,
        )
        if worked_out != figure.observation.value:
            wrong.append(WrongRate(figure=figure, worked_out=worked_out))
    return tuple(wrong)


def totals(figures: Iterable[Figure], *, forces: int) -> tuple[Total, ...]:
    """Hold each count of England and Wales against the sum of the forces' counts in the same release."""
    national: dict[tuple[str, date, date, str], Figure] = {}
    own: dict[tuple[str, date, date, str], list[Decimal]] = defaultdict(list)
    for figure in figures:
        found = figure.observation
        if figure.is_rate or found.basis == Basis.AS_PRINTED:
            continue
        release = f"{found.release.dataset}, {found.release.edition}"
        key = (figure.metric.slug, found.starts_on, found.ends_before, release)
        if figure.area == ENGLAND_AND_WALES:
            national[key] = figure
        elif figure.area_kind == AreaKind.FORCE:
            own[key].append(found.value)
    return tuple(
        Total(
            metric=figure.metric,
            observation=figure.observation,
            summed=sum(own[key], Decimal(0)),
            lacking=forces - len(own[key]),
        )
        for key, figure in national.items()
        if own[key]
    )


def jumps(
    figures: Iterable[Figure], breaks: Mapping[str, Sequence[tuple[str, SeriesBreak]]]
) -> tuple[Jump, ...]:
    """Give the rates that changed by more than `JUMP` per cent in a year, the largest first.

    A figure is held against the one that ends a year before it in the same release; `breaks` gives those of each
    metric with the area they concern, or none.
    """
    series: dict[tuple[str, str, str], dict[tuple[int, int, int], Figure]] = defaultdict(dict)
    for figure in figures:
        found = figure.observation
        if figure.is_rate and found.basis != Basis.AS_PRINTED:
            end = found.ends_before
            release = f"{found.release.dataset}, {found.release.edition}"
            series[figure.metric.slug, figure.area, release][end.year, end.month, end.day] = figure
    odd = []
    for (metric, area, _release), line in series.items():
        cuts = [cut for about, cut in breaks.get(metric, ()) if about in ("", area)]
        for (year, *day), figure in line.items():
            earlier = line.get((year - 1, day[0], day[1]))
            if earlier is None:
                continue
            percent = percent_change(earlier.observation, figure.observation, cuts)
            if percent is not None and abs(percent) > JUMP:
                odd.append(Jump(figure=figure, earlier=earlier.observation, percent=percent))
    return tuple(sorted(odd, key=lambda jump: -abs(jump.percent)))
