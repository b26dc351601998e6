"""Looking a load over: what is missing, what jumps, whether totals agree. Plain facts, kept with the import; blocks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from grades.dates import add_months
from grades.importers.official.comparing import Table
from grades.importers.official.matching import WITH_BTP, Atlas
from grades.importers.official.working_out import Figures, Key
from grades.models import Metric, Observation, Release, SeriesBreak
from grades.scales import CountKind
from grades.series import ENGLAND_AND_WALES, counted

JUMP = Decimal(25)
"""Per cent within a year from which a change is worth a look."""

QUARTERLY = (CountKind.CRIME_QUARTER, CountKind.OUTCOME_CLOSED, CountKind.OUTCOME_RECORDED)

FEW = Decimal(50)
"""Counts below this jump by chance."""

MOST = 200
"""Lines of each kind that are kept."""

TOTAL_METRIC = "recorded-crime-count"

Periods = dict[tuple[str, date], set[int]]
"""Areas with a count, by its kind and first day."""


def look_over(
    *,
    counts: Table,
    figures: Figures,
    atlas: Atlas,
    totals: Mapping[date | None, Decimal],
    slugs: Mapping[int, str],
) -> dict[str, Any]:
    """Give the facts as JSON: forces missing, years that lack a quarter, jumps, totals, breaks, what is missing and why."""
    periods = _periods(counts)
    return {
        "forces_missing": _forces_missing(periods, atlas) if counts else [],
        "periods_incomplete": _incomplete(periods, atlas),
        "missing": _missing(counts),
        "jumps": _jumps(figures, slugs),
        "totals": _totals(figures, totals, slugs),
        "breaks": _breaks(figures, slugs),
    }


def _periods(counts: Table) -> Periods:
    """Give the areas that have a count, by what is counted and the first day."""
    found: dict[tuple[str, date], set[int]] = defaultdict(set)
    for line, cells in counts.items():
        for period, cell in cells.items():
            if cell.value is not None:
                found[line.name.kind, period.starts_on].add(line.area)
    return found


def _forces_missing(periods: Periods, atlas: Atlas) -> list[str]:
    """Give the forces of which the file has no count at all."""
    held = {area for areas in periods.values() for area in areas}
    return sorted(force.slug for area, force in atlas.forces.items() if area not in held)


def _incomplete(periods: Periods, atlas: Atlas) -> list[dict[str, Any]]:
    """Give the spans for which some of the forces in the file have no count; those without any, of which all lack one, first."""
    in_file = {area for areas in periods.values() for area in areas if area in atlas.forces}
    found: list[dict[str, Any]] = [
        {"kind": kind, "starts_on": start.isoformat(), "forces": []}
        for kind, start in _quarters_lost(periods)
    ]
    for (kind, start), areas in sorted(periods.items()):
        lacking = sorted(atlas.forces[area].slug for area in in_file - areas)
        if lacking:
            found.append({"kind": kind, "starts_on": start.isoformat(), "forces": lacking})
    return found[:MOST]


def _quarters_lost(periods: Periods) -> list[tuple[str, date]]:
    """Give the quarters between others of the file that none of its rows is about: the years around them are not made."""
    held: dict[str, set[date]] = defaultdict(set)
    for kind, start in periods:
        if kind in QUARTERLY:
            held[kind].add(start)
    return [
        (kind, quarter)
        for kind, starts in sorted(held.items())
        for quarter in _quarters(min(starts), max(starts))
        if quarter not in starts
    ]


def _quarters(first: date, last: date) -> Iterator[date]:
    """Give the first days of quarters, both ends included."""
    while first <= last:
        yield first
        first = add_months(first, 3)


def _missing(counts: Table) -> dict[str, int]:
    """Count the cells without a number, by the reason."""
    found: dict[str, int] = defaultdict(int)
    for cells in counts.values():
        for cell in cells.values():
            if cell.value is None:
                found[cell.missing] += 1
    return dict(sorted(found.items()))


def _jumps(figures: Figures, slugs: Mapping[int, str]) -> list[dict[str, str]]:
    """Give the changes of more than a quarter on the year before, the greatest first; small counts jump by chance."""
    sums = set(
        Metric.objects.filter(denominator="none").exclude(unit__startswith="%").values_list("slug", flat=True)
    )
    found: list[tuple[Decimal, dict[str, str]]] = []
    for key, figure in figures.items():
        before = figures.get(
            Key(key.area, key.metric, _year_before(key.starts_on), _year_before(key.ends_before))
        )
        if before is None or before.value <= 0:
            continue
        behind = [
            one.value if key.metric in sums else one.numerator
            for one in (figure, before)
            if key.metric in sums or one.numerator is not None
        ]
        if any(count is not None and count < FEW for count in behind):
            continue
        was, now = counted(before), counted(figure)
        if was is None or now is None:
            was, now = before.value, figure.value
        percent = (now - was) / was * 100
        if abs(percent) > JUMP:
            facts = {
                "area": slugs.get(key.area, ""),
                "metric": key.metric,
                "ends_before": key.ends_before.isoformat(),
                "from": format(before.value, "f"),
                "to": format(figure.value, "f"),
                "percent": format(percent.quantize(Decimal("0.1")), "f"),
            }
            found.append((-abs(percent), facts))
    return [
        facts for _size, facts in sorted(found, key=lambda pair: (pair[0], sorted(pair[1].items())))[:MOST]
    ]


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)


def _totals(
    figures: Figures, totals: Mapping[date | None, Decimal], slugs: Mapping[int, str]
) -> list[dict[str, str]]:
    """Set the sums of crime beside totals that somebody read off a publication, without and with British Transport Police."""
    found = []
    sums: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for key, figure in figures.items():
        if key.metric == TOTAL_METRIC and slugs.get(key.area) in (ENGLAND_AND_WALES, WITH_BTP):
            sums[slugs[key.area]][key.ends_before] = figure.value
    for end, published in totals.items():
        for area in (ENGLAND_AND_WALES, WITH_BTP):
            day = end or max(sums[area], default=None)
            held = sums[area].get(day) if day else None
            facts = {"area": area, "published": format(published, "f")}
            if day:
                facts["ends_before"] = day.isoformat()
            if held is not None:
                facts |= {"held": format(held, "f"), "difference": format(held - published, "f")}
            found.append(facts)
    return found


def _breaks(figures: Figures, slugs: Mapping[int, str]) -> list[dict[str, str]]:
    """Give the breaks in series that lie within what was loaded."""
    spans: dict[str, tuple[date, date]] = {}
    for key in figures:
        first, last = spans.get(key.metric, (key.starts_on, key.ends_before))
        spans[key.metric] = min(first, key.starts_on), max(last, key.ends_before)
    found = []
    for row in SeriesBreak.objects.select_related("metric", "area").order_by("at", "pk"):
        span = spans.get(row.metric.slug)
        if span and span[0] < row.at < span[1]:
            found.append(
                {
                    "metric": row.metric.slug,
                    "area": row.area.slug if row.area else "",
                    "at": row.at.isoformat(),
                    "label": row.label,
                }
            )
    return found[:MOST]


def differences_of_rates(release: Release) -> list[dict[str, str]]:
    """Set an edition's printed rates beside those worked out of its own counts and people, where both are held."""
    found = []
    rows = Observation.objects.filter(
        release=release, basis="published", numerator__isnull=False, denominator__isnull=False
    ).select_related("metric", "area")
    metrics: dict[int, Metric] = {}
    for row in rows:
        metric = metrics.setdefault(row.metric_id, row.metric)
        if metric.multiplier == 1 or row.numerator is None or not row.denominator:
            continue
        worked = row.numerator / row.denominator * metric.multiplier
        if abs(worked - row.value) > Decimal("0.5").scaleb(-metric.decimals):
            found.append(
                {
                    "area": row.area.slug,
                    "metric": metric.slug,
                    "printed": str(row.value),
                    "worked": str(worked),
                }
            )
    return found
