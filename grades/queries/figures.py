"""Figures as plain facts: each metric for a force and for England and Wales."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from grades import models
from grades.dates import PartialDate, Precision
from grades.series import (
    ENGLAND_AND_WALES,
    MetricFacts,
    MetricSeries,
    Observation,
    ReleaseFacts,
    Series,
    SeriesBreak,
    of_season,
)

PEOPLE = "people"
"""The denominator of a rate for each resident."""


ALL = None
NATION = 0
"""Stand for all areas together and for England and Wales, among the primary keys of areas."""

Breaks = dict[int | None, tuple[SeriesBreak, ...]]
"""The breaks of one metric, oldest first, by the primary key of the area in whose line they lie, NATION or ALL."""

METRIC = tuple(f"metric__{field.name}" for field in fields(MetricFacts))
RELEASE = (
    "release__dataset",
    "release__publisher",
    "release__edition",
    "release__address",
    "release__released_on",
    "release__released_on_precision",
)
FIGURE = (
    "starts_on",
    "ends_before",
    "value",
    "basis",
    "status",
    "numerator",
    "denominator",
    "denominator_note",
    "note",
    "combined_with__name",
    *RELEASE,
)
"""The columns that make a figure. Rows of what is asked for take half the time of rows with every related record."""


def metric_facts(metric: models.Metric) -> MetricFacts:
    """Turn a metric's row into plain facts."""
    return MetricFacts(**{field.name: getattr(metric, field.name) for field in fields(MetricFacts)})


def metric_of(row: Any) -> MetricFacts:
    """Give the metric of a row of the columns METRIC; the same one for all rows of a metric."""
    return _metric(*(getattr(row, column) for column in METRIC))


@lru_cache(maxsize=512)
def _metric(*values: Any) -> MetricFacts:
    return MetricFacts(
        **{field.name: value for field, value in zip(fields(MetricFacts), values, strict=True)}
    )


@lru_cache(maxsize=512)
def _release(
    dataset: str, publisher: str, edition: str, address: str, day: date | None, precision: str
) -> ReleaseFacts:
    return ReleaseFacts(
        dataset=dataset,
        publisher=publisher,
        edition=edition,
        address=address,
        released=PartialDate(day, Precision(precision)) if day else None,
    )


def observation_facts(row: Any) -> Observation:
    """Turn a row of the columns FIGURE into plain facts."""
    return Observation(
        starts_on=row.starts_on,
        ends_before=row.ends_before,
        value=row.value,
        release=_release(
            row.release__dataset,
            row.release__publisher,
            row.release__edition,
            row.release__address,
            row.release__released_on,
            row.release__released_on_precision,
        ),
        basis=row.basis,
        status=row.status,
        numerator=row.numerator,
        denominator=row.denominator,
        denominator_note=row.denominator_note,
        note=row.note,
        combined_with=row.combined_with__name or "",
    )


def tile_series(*, force: models.Force, at: datetime) -> tuple[MetricSeries, ...]:
    """Load every metric that has a tile, for the force and England and Wales, in two queries; newest release each."""
    shown = Q(metric__tile__isnull=False)
    rows = (
        models.Observation.objects.filter(own_or_nation(force.area_id), shown)
        .visible(at)
        .newest_release()
        .values_list("area_id", "metric_id", "metric__tile", *METRIC, *FIGURE, named=True)
    )
    breaks = load_breaks(breaks_of(force.area_id) & shown)
    metrics: dict[int, Any] = {}
    figures: dict[tuple[int, bool], list[Observation]] = defaultdict(list)
    for row in rows:
        metrics[row.metric_id] = row
        figures[row.metric_id, row.area_id == force.area_id].append(observation_facts(row))
    return tuple(
        set_beside(
            metric_of(row),
            slug=force.slug,
            name=force.short_name,
            area=force.area_id,
            own=figures[key, True],
            nation=figures[key, False],
            breaks=breaks.get(key, {}),
            rates_compare=force.rates_compare,
        )
        for key, row in sorted(metrics.items(), key=lambda item: item[1].metric__tile)
    )


def set_beside(
    metric: MetricFacts,
    *,
    slug: str,
    name: str,
    area: int,
    own: Sequence[Observation],
    nation: Sequence[Observation],
    breaks: Breaks,
    rates_compare: bool,
) -> MetricSeries:
    """Set a force's figures beside England and Wales's; alone where its rate for each resident must not be compared.

    Both are cut to the season of the force's newest figure.
    A figure that counts several forces together carries their name, not the one force's. `area` is the key of the force's
    area among the breaks of the metric.
    """
    alone = stands_alone(metric, rates_compare=rates_compare)
    (line,) = together(own)
    beside = of_season(nation, line[-1].ends_before) if line and not alone else ()
    names = {o.combined_with for o in line}
    return MetricSeries(
        metric=metric,
        force=Series(
            area=slug,
            name=names.pop() if len(names) == 1 and "" not in names else name,
            observations=line,
            breaks=breaks.get(area, ()),
        ),
        comparator=Series(
            area=ENGLAND_AND_WALES,
            name=_("England and Wales"),
            observations=beside,
            breaks=() if alone else breaks.get(NATION, ()),
        ),
        breaks=breaks.get(ALL, ()),
        incomparable=few_residents() if alone else "",
    )


def stands_alone(metric: MetricFacts, *, rates_compare: bool) -> bool:
    """Say whether a force's figure of a metric must not be set beside any other."""
    return metric.denominator == PEOPLE and not rates_compare


def few_residents() -> str:
    """Say why a force's rate for each resident is not set beside others."""
    return _("so few people live there that a rate for each resident says little")


def together(*lines: Sequence[Observation]) -> tuple[tuple[Observation, ...], ...]:
    """Cut several lines to the season of the newest figure of any, so that one period means the same in all."""
    newest = max((o.ends_before for line in lines for o in line), default=None)
    return tuple(of_season(line, newest) if newest else () for line in lines)


def load_breaks(wanted: Q) -> dict[int, Breaks]:
    """Load breaks in series by the metric's primary key and the area's, in one query."""
    breaks: dict[int, Breaks] = defaultdict(dict)
    rows = models.SeriesBreak.objects.filter(wanted).order_by("at", "pk").select_related("area")
    for row in rows:
        area = NATION if row.area and row.area.slug == ENGLAND_AND_WALES else row.area_id
        found = SeriesBreak(at=row.at, label=row.label, reason=row.reason, address=row.address)
        breaks[row.metric_id][area] = (*breaks[row.metric_id].get(area, ()), found)
    return breaks


def own_or_nation(area: int) -> Q:
    """Ask for the figures of one area and of England and Wales, by keys alone: so an index finds them among those of all."""
    return Q(area__in=models.Area.objects.filter(Q(pk=area) | Q(slug=ENGLAND_AND_WALES)))


def breaks_of(area: int) -> Q:
    """Ask for the breaks that lie in one area's line, in England and Wales's, or in all."""
    return Q(area__isnull=True) | Q(area_id=area) | Q(area__slug=ENGLAND_AND_WALES)
