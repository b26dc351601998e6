"""Metrics and their figures, each with its release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Subquery

from grades import models
from grades.dates import add_months
from grades.queries.figures import FIGURE, metric_facts, observation_facts
from grades.queries.records.pieces import Piece, Wanted, cut, flat, narrowed, piece
from grades.scales import Basis
from grades.series import MetricFacts, Observation, SeriesBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaBreak:
    """A new way of counting; `area` is the slug of the one area that it concerns, empty for all."""

    area: str
    at: SeriesBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRecord:
    """One metric with the days on which its counting changed; `part_of` is a slug, empty where it is part of none."""

    metric: MetricFacts
    part_of: str
    breaks: tuple[AreaBreak, ...]


def metrics(wanted: Wanted, *, slug: tuple[str, ...] = ()) -> Piece[MetricRecord]:
    """List the metrics by slug, in two queries."""
    rows = models.Metric.objects.select_related("parent").prefetch_related(
        Prefetch("breaks", models.SeriesBreak.objects.select_related("area").order_by("at", "pk"))
    )
    return piece(
        cut(narrowed(rows, {"slug": slug}), wanted, "slug"),
        lambda row: MetricRecord(
            metric=metric_facts(row),
            part_of=row.parent.slug if row.parent else "",
            breaks=tuple(_break(found) for found in row.breaks.all()),
        ),
    )


def _break(row: models.SeriesBreak) -> AreaBreak:
    return AreaBreak(
        area=row.area.slug if row.area else "",
        at=SeriesBreak(at=row.at, label=row.label, reason=row.reason, address=row.address),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRecord:
    """One figure. `break_before` is the change of counting between it and the figure a year earlier, None for none.

    `newest` says whether it is the one shown for its period; `printed_in` names the cycle whose report prints it.
    """

    key: int
    area: str
    area_name: str
    area_kind: str
    metric: MetricFacts
    observation: Observation
    newest: bool
    break_before: SeriesBreak | None
    printed_in: str
    printed_block: str
    printed_label: str


def observations(
    wanted: Wanted,
    *,
    metric: tuple[str, ...] = (),
    area: tuple[str, ...] = (),
    force: tuple[str, ...] = (),
    basis: Basis | None = None,
    ends_from: date | None = None,
    ends_to: date | None = None,
    every_release: bool = False,
) -> Piece[FigureRecord]:
    """List the public figures by number, in two queries: the one shown for each period, or those of every release.

    `ends_from` and `ends_to` bound the last day of the period, both inclusive.
    """
    visible = models.Observation.objects.visible(wanted.at)
    same = {name: OuterRef(name) for name in ("area", "metric", "starts_on", "ends_before")}
    shown = visible.filter(**same).newest_keys()[:1]
    rows = visible.annotate(shown=Subquery(shown)).select_related(
        "area", "metric", "release", "combined_with", "report__inspection__cycle"
    )
    if not every_release:
        rows = rows.filter(pk=F("shown"))
    if ends_from:
        rows = rows.filter(
            ends_before__gt=ends_from
        )  # the day after the last is later than the first wished for
    if ends_to and ends_to < date.max:
        rows = rows.filter(ends_before__lte=ends_to + timedelta(days=1))
    wishes = {
        "metric__slug": metric,
        "area__slug": area,
        "area__force__slug": force,
        "basis": [basis] if basis else None,
    }
    found = cut(narrowed(rows, wishes), wanted, "pk")
    breaks = models.SeriesBreak.objects.filter(metric__in={row.metric_id for row in found[0]}).order_by("at")
    each = list(breaks) if found[0] else []
    return piece(found, lambda row: _figure(row, [b for b in each if b.metric_id == row.metric_id]))


def _figure(row: Any, breaks: Sequence[models.SeriesBreak]) -> FigureRecord:
    earlier = add_months(row.starts_on, -12)
    between = [b for b in breaks if b.area_id in (None, row.area_id) and earlier < b.at < row.ends_before]
    return FigureRecord(
        key=row.pk,
        area=row.area.slug,
        area_name=row.area.name,
        area_kind=row.area.kind,
        metric=metric_facts(row.metric),
        observation=observation_facts(flat(row, FIGURE)),
        newest=row.pk == row.shown,
        break_before=_break(between[-1]).at if between else None,
        printed_in=row.report.inspection.cycle.slug if row.report else "",
        printed_block=row.block,
        printed_label=row.printed_label,
    )
