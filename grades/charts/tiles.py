"""The force-in-numbers tiles: one figure each, set beside England and Wales, with its period, basis and source."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.builders import spark
from grades.charts.spec import ChartSpec
from grades.scales import Basis, ObservationStatus
from grades.series import MetricSeries, Observation, ReleaseFacts, percent_change, years_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure ready to be set. `comparator` is a number in words, or says that none is recorded for the period.

    `incomparable` says why there must be no comparator, `remark` what is noted on the figure of the year before.
    `old` marks a figure that ends more than three years before the newest of its page; nothing is said of its change.
    """

    slug: str
    label: str
    value: str
    unit: str
    period: str
    comparator: str
    change: str
    basis: str
    combined: str
    notes: tuple[str, ...]
    definition: str
    release: ReleaseFacts
    ends_on: date
    incomparable: str
    remark: str
    picture: ChartSpec | None
    old: bool = False


OLD_AFTER = 3
"""Years by which a figure lags behind the newest one when it counts as old."""


def tiles(metrics: Iterable[MetricSeries]) -> tuple[Tile, ...]:
    """Make a tile of each metric for which the force has a figure, old figures last."""
    made = [_tile(series) for series in metrics if series.force.observations]
    newest = max((tile.ends_on for tile in made), default=date.min)
    old = _years_earlier(newest)
    return (
        *(tile for tile in made if tile.ends_on >= old),
        *(replace(tile, old=True, change="") for tile in made if tile.ends_on < old),
    )


def _years_earlier(day: date) -> date:
    """Give the first of the month that lies `OLD_AFTER` years before a day's month."""
    return day.replace(year=max(day.year - OLD_AFTER, 1), day=1)


def _tile(series: MetricSeries) -> Tile:
    metric = series.metric
    own, nation = series.latest_pair
    if own is None:
        raise ValueError("a tile needs a figure")
    notes = (_provisional(own, nation), *own.remarks, *(nation.remarks if nation else ()), metric.caveat)
    return Tile(
        slug=metric.slug,
        label=metric.label,
        value=words.number(own.value, metric.decimals),
        unit=metric.unit,
        period=words.period(own.starts_on, own.ends_before),
        comparator=words.number(nation.value, metric.decimals) if nation else "",
        change=_change(series),
        basis=str(Basis(own.basis).label),
        combined=own.combined_with,
        notes=tuple(dict.fromkeys(note for note in notes if note)),
        definition=metric.definition,
        release=own.release,
        ends_on=own.ends_before - timedelta(days=1),
        incomparable=series.incomparable,
        remark=_remark(series),
        picture=spark(series=series) if len(series.force.observations) > 1 else None,
    )


def _provisional(own: Observation, nation: Observation | None) -> str:
    """Say which of a tile's two figures is not settled yet; "" where both are."""
    match [o is not None and o.status == ObservationStatus.PROVISIONAL for o in (own, nation)]:
        case [True, True]:
            return _("Both figures are provisional")
        case [True, False]:
            return _("The figure is provisional")
        case [False, True]:
            return _("The figure of England and Wales is provisional")
    return ""


def _remark(series: MetricSeries) -> str:
    """Give what is noted on the year before alone, where a change is measured from it."""
    own = series.force.latest
    before = years_before(series.force, own, 1) if own else None
    if own is None or before is None or not _change(series):
        return ""
    return ". ".join(remark for remark in before.remarks if remark not in own.remarks)


def _change(series: MetricSeries) -> str:
    """Say how the figure moved in a year, in neutral words; nothing across a break or where a year is missing."""
    own = series.force.latest
    before = years_before(series.force, own, 1) if own else None
    if own is None or before is None:
        return ""
    if series.metric.unit.startswith("%"):
        if percent_change(before, own, series.breaks_in(series.force)) is None:
            return ""
        return words.points_change(Decimal(own.value - before.value), decimals=series.metric.decimals)
    change = percent_change(before, own, series.breaks_in(series.force))
    return words.percent_change(change) if change is not None else ""
