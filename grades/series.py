"""The arithmetic of figures: rates, gaps, breaks, comparison with England and Wales.

Pure: no database, clock, settings or pictures. Rates are `numerator / denominator * multiplier`; periods are half-open.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from grades.dates import PartialDate
from grades.scales import Basis

ENGLAND_AND_WALES = "england-and-wales"
"""The comparator: the total of the 43 forces, without British Transport Police."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFacts:
    """One metric and how to take it. `multiplier` is 1,000 for a rate per 1,000 people, 100 for a percentage."""

    slug: str
    label: str
    unit: str
    multiplier: int
    denominator: str
    period_kind: str
    direction: str
    decimals: int
    definition: str
    why_it_matters: str = ""
    caveat: str = ""

    @property
    def is_count(self) -> bool:
        """Say whether it counts things: the figure of England and Wales is then a sum that no force is set beside."""
        return self.denominator == "none" and not self.unit.startswith("%")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """The edition of a data set that states a figure."""

    dataset: str
    publisher: str
    edition: str = ""
    address: str = ""
    released: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One figure. `ends_before` is the day after the period's last day."""

    starts_on: date
    ends_before: date
    value: Decimal
    release: ReleaseFacts
    basis: str
    status: str = "final"
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    denominator_note: str = ""
    note: str = ""
    combined_with: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Give what is noted, remark by remark: the record keeps all on a figure as sentences of one text."""
        return tuple(re.split(r"\. (?=[A-Z])", self.note)) if self.note else ()

    @property
    def last_day(self) -> date:
        """Give the last day of the period."""
        return self.ends_before - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBreak:
    """The first day of a new way of counting; no line crosses it."""

    at: date
    label: str
    reason: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The figures of one area, oldest first, with the breaks that lie in its line alone."""

    area: str
    name: str
    observations: tuple[Observation, ...]
    breaks: tuple[SeriesBreak, ...] = ()

    @property
    def latest(self) -> Observation | None:
        """Give the newest figure, if any."""
        return self.observations[-1] if self.observations else None

    def at(self, ends_before: date) -> Observation | None:
        """Give the figure of the period that ends before a day, if there is one."""
        return next((o for o in self.observations if o.ends_before == ends_before), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSeries:
    """One metric for a force and for England and Wales, with the breaks that lie in the lines of all areas.

    `incomparable` says why the force's rate must not be set beside any other; there is then no comparator.
    """

    metric: MetricFacts
    force: Series
    comparator: Series
    breaks: tuple[SeriesBreak, ...] = ()
    incomparable: str = ""

    def breaks_in(self, own: Series) -> tuple[SeriesBreak, ...]:
        """Give every break that lies in one area's line."""
        return (*self.breaks, *own.breaks)

    @property
    def latest_pair(self) -> tuple[Observation | None, Observation | None]:
        """Give the force's newest figure and England and Wales's of the same period."""
        own = self.force.latest
        return (own, self.comparator.at(own.ends_before) if own else None)


def rate(*, numerator: Decimal, denominator: Decimal, multiplier: int, decimals: int) -> Decimal:
    """Work a rate out and round half up, as the official tables do."""
    return round_half_up(numerator / denominator * multiplier, decimals)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round to a number of decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def same_season(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Keep the figures whose period ends on the same day of the year as the newest one, oldest first."""
    newest = max((o.ends_before for o in observations), default=None)
    return of_season(observations, newest) if newest else ()


def of_season(observations: Iterable[Observation], end: date) -> tuple[Observation, ...]:
    """Keep the figures whose period ends on the same day of the year as `end`, oldest first.

    Years to June and years to March overlap; drawn on one line they would count some months twice.
    """
    ordered = sorted(observations, key=lambda o: (o.ends_before, o.starts_on))
    return tuple(o for o in ordered if (o.ends_before.month, o.ends_before.day) == (end.month, end.day))


def broken_between(earlier: Observation, later: Observation, breaks: Iterable[SeriesBreak]) -> bool:
    """Say whether the way of counting changed from one figure to the next, or within either: half a year is counted anew then."""
    return any(earlier.starts_on < b.at < later.ends_before for b in breaks)


def runs(
    observations: Sequence[Observation], breaks: Sequence[SeriesBreak]
) -> tuple[tuple[Observation, ...], ...]:
    """Cut a series where a year is missing or the way of counting changed; a line joins figures within one run only."""
    found: list[list[Observation]] = []
    for observation in observations:
        previous = found[-1][-1] if found else None
        if previous is None or _gap(previous, observation) or broken_between(previous, observation, breaks):
            found.append([observation])
        else:
            found[-1].append(observation)
    return tuple(tuple(run) for run in found)


def _gap(earlier: Observation, later: Observation) -> bool:
    """Say whether more than a year, and a little for leap days, lies between two ends."""
    return (later.ends_before - earlier.ends_before).days > 370


def percent_change(earlier: Observation, later: Observation, breaks: Iterable[SeriesBreak]) -> Decimal | None:
    """Give the change in per cent to one decimal, or None across a break, from nothing or from below nothing.

    It is that of what was counted, where both figures were worked out here: a rate of 0.2 may have risen by half and be 0.2.
    """
    if broken_between(earlier, later, breaks) or earlier.value <= 0:
        return None
    was, now = counted(earlier), counted(later)
    if was is None or now is None:
        was, now = earlier.value, later.value
    return round_half_up((now - was) / was * 100, 1)


def left_out(total: Observation) -> frozenset[str]:
    """Give what is noted of forces that a total leaves out: totals of different forces are no change of one another."""
    return frozenset(remark for remark in total.remarks if remark.startswith("Leaves out"))


class Ratio(Protocol):
    """A figure with what it was worked out of, where it was."""

    @property
    def basis(self) -> str: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...


def counted(figure: Ratio) -> Decimal | None:
    """Give the quotient of a figure that was worked out here, before it was rounded; None of any other."""
    if figure.basis != Basis.DERIVED or not figure.numerator or not figure.denominator:
        return None
    return figure.numerator / figure.denominator


def years_before(series: Series, observation: Observation, years: int) -> Observation | None:
    """Give the figure of the same season some years earlier, if the series holds it."""
    end = observation.ends_before
    return next(
        (
            o
            for o in series.observations
            if (o.ends_before.year, o.ends_before.month) == (end.year - years, end.month)
        ),
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFigure:
    """One force's figure in a comparison of all forces; `excluded` says why it has none or is not comparable."""

    slug: str
    name: str
    region: str
    observation: Observation | None
    excluded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One metric for all forces and one period, ordered by value, highest first; never a rank of grades.

    `figures` are drawn, `excluded` are listed with their reason, `marked` names the chosen forces by slug.
    """

    metric: MetricFacts
    starts_on: date
    ends_before: date
    figures: tuple[AreaFigure, ...]
    excluded: tuple[AreaFigure, ...]
    comparator: Observation | None
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPair:
    """One category of a comparison of a force with England and Wales. `unit` is said where units are mixed."""

    label: str
    unit: str
    decimals: int
    value: Decimal | None
    comparator: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """One line of a nested breakdown: number and rate for a force and for England and Wales; `depth` 1 is a part."""

    label: str
    depth: int
    unit: str
    decimals: int
    count: Decimal | None
    value: Decimal | None
    comparator_count: Decimal | None
    comparator: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """One category of a whole, for a force and for England and Wales, in per cent."""

    label: str
    value: Decimal
    comparator: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TileFigure:
    """One force on the tile map: a metric's figure with its fifth of the forces (1 lowest to 5 highest), or none.

    `fifth` and `observation` are None where there is no figure; `excluded` says why.
    """

    slug: str
    name: str
    fifth: int | None = None
    observation: Observation | None = None
    excluded: str = ""


def tile_figures(ranking: Ranking) -> tuple[TileFigure, ...]:
    """Give each force its fifth of the forces by value, 1 the lowest; forces left out have their reason instead.

    Forces with the same figure are in the same fifth, the highest that any of them reaches.
    """
    count = len(ranking.figures)
    first: dict[Decimal | None, int] = {}
    for place, line in enumerate(ranking.figures):
        first.setdefault(line.observation.value if line.observation else None, place)
    drawn = [
        TileFigure(
            slug=line.slug,
            name=line.name,
            fifth=5 - first[line.observation.value if line.observation else None] * 5 // count,
            observation=line.observation,
        )
        for line in ranking.figures
    ]
    return (
        *drawn,
        *(TileFigure(slug=x.slug, name=x.name, excluded=x.excluded) for x in ranking.excluded),
    )
