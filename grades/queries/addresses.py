"""The list of every address for search engines, and when the facts of each page last changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from grades import models
from grades.queries.metrics import FEW
from grades.scales import AreaKind, ChangeKind

Touch = tuple[str, str, datetime]
"""That something changed at a moment: about what, by two slugs, of which an empty one means all."""

TOLD_APART = frozenset({ChangeKind.RESPONDED, ChangeKind.COMMENTED, ChangeKind.TRACKED})
"""Entries of the log that name no cycle, and of which the record itself knows the inspection."""


def newest(*moments: datetime | None) -> datetime | None:
    """Give the latest of some moments, None where there is none."""
    return max((moment for moment in moments if moment is not None), default=None)


class Touches:
    """When pairs of things last changed, such as a force and a cycle; what touches all of either touches each."""

    def __init__(self, touches: Iterable[Touch]) -> None:
        self._pairs: dict[tuple[str, str], datetime] = {}
        for one, other, at in touches:
            for pair in {(one, other), (one, "*"), ("*", other)}:
                self._pairs[pair] = max(at, self._pairs.get(pair, at))

    def last(self, one: str = "*", other: str = "*") -> datetime | None:
        """Give the last change of a pair, of all pairs with one of them, or of any pair."""
        if (one, other) == ("*", "*"):
            return newest(*self._pairs.values())
        sides = [(side, "") if side != "*" else ("*",) for side in (one, other)]
        return newest(*(self._pairs.get((first, second)) for first in sides[0] for second in sides[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAddresses:
    """What exists, by slug: forces, inspections (force, cycle), responses (force, cycle, number, since when), a force's
    figures (force, metric), metrics that are compared, cycles and themes.

    `graded` says when what is known of a force in a cycle last changed, `counted` the same of a force and a metric.
    """

    forces: tuple[str, ...]
    inspections: tuple[tuple[str, str], ...]
    responses: tuple[tuple[str, str, int, datetime | None], ...]
    figures: tuple[tuple[str, str], ...]
    metrics: tuple[str, ...]
    cycles: tuple[str, ...]
    themes: tuple[str, ...]
    graded: Touches
    counted: Touches


def site_addresses(*, at: datetime) -> SiteAddresses:
    """List what the public may see, in seven queries."""
    seen = models.Inspection.objects.published(at)
    inspected: list[Touch] = list(
        seen.annotate(touched=_touched(at)).values_list("force__slug", "cycle__slug", "touched")
    )
    visible = models.Observation.objects.visible(at).filter(area__kind=AreaKind.FORCE)
    figures = list(
        visible.order_by().values_list("area__force__slug", "metric__slug").annotate(Max("run__finished_at"))
    )
    held = Counter(metric for _force, metric, _at in figures)
    told, told_of_figures = _told(at)
    return SiteAddresses(
        forces=tuple(models.Force.objects.order_by("slug").values_list("slug", flat=True)),
        inspections=tuple(sorted({(force, cycle) for force, cycle, _at in inspected})),
        responses=tuple(
            models.Response.objects.published(at)
            .filter(report__inspection__in=seen)
            .order_by("pk")
            .values_list(
                "report__inspection__force__slug", "report__inspection__cycle__slug", "pk", "published_at"
            )
        ),
        figures=tuple(sorted((force, metric) for force, metric, _at in figures)),
        metrics=tuple(metric for metric, forces in sorted(held.items()) if forces >= FEW),
        cycles=tuple(models.Cycle.objects.order_by("order").values_list("slug", flat=True)),
        themes=tuple(models.Theme.objects.order_by("order").values_list("slug", flat=True)),
        graded=Touches([*inspected, *told]),
        counted=Touches([*((f, m, when) for f, m, when in figures if when), *told_of_figures]),
    )


def _touched(at: datetime) -> Greatest:
    """Make the column that says when an inspection or what was said about it last became public."""

    def newest_of(rows: QuerySet[Any]) -> Subquery:
        return Subquery(rows.order_by("-published_at").values("published_at")[:1])

    mine = OuterRef("pk")
    return Greatest(
        "published_at",
        newest_of(models.Response.objects.published(at).filter(report__inspection=mine)),
        newest_of(models.Finding.objects.published(at).filter(inspection=mine)),
        newest_of(models.FindingEvent.objects.published(at).filter(finding__inspection=mine)),
        newest_of(models.Comment.objects.published(at).filter(grade__inspection=mine)),
    )


def _told(at: datetime) -> tuple[list[Touch], list[Touch]]:
    """Give what the log tells of changes: of grades by force and cycle, and of figures by force and metric."""
    entries = (
        models.ChangeLogEntry.objects.filter(at__lte=at)
        .exclude(kind__in=TOLD_APART)
        .order_by()
        .values_list("kind", "force", KT("document__cycle"), KT("document__editions"))
        .annotate(Max("at"))
    )
    grades: list[Touch] = []
    figures: list[Touch] = []
    for kind, force, cycle, editions, when in entries:
        if editions is None:
            grades.append((force, cycle or "", when))
        if kind == ChangeKind.UNLOADED or (editions is None and not cycle):
            figures.append((force, "", when))
    return grades, figures
