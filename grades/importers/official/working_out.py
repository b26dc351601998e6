"""The figures of an edition, worked out of the counts that are held: crime, outcomes, strength. Reads; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from grades import deriving
from grades.dates import add_months
from grades.importers.official import force_tables
from grades.importers.official.matching import BTP, WITH_BTP, Atlas
from grades.models import CountLine, Metric, Release
from grades.scales import Basis, CountKind
from grades.series import ENGLAND_AND_WALES

CRIME = (CountKind.CRIME_QUARTER.value, CountKind.CRIME_YEAR.value)
OUTCOMES = (CountKind.OUTCOME_CLOSED.value, CountKind.OUTCOME_RECORDED.value)
ONE_DAY = timedelta(days=1)

TOTAL, BURGLARY, CHARGED = "recorded-crime", "burglary", "Charged or summonsed"

STRENGTH: Mapping[str, str] = {
    "Police officer": "officers-count",
    "Police staff": "police-staff-count",
    "Police community support officer": "pcso-count",
}
"""The metric of each kind of worker."""

BASIS_2015_YEARS = (date(2014, 7, 1), date(2015, 7, 1))
BASIS_2015_PEOPLE = 2014
"""The report of 2015 divides the years to June 2014 and to June 2015 by the population of mid-2014, as it was known then."""

FORCE_TABLES = force_tables.DATASET
"""The edition of March 2018 holds the population of mid-2014 as the report of 2015 used it, before the census of 2021."""


class Key(NamedTuple):
    """What tells one figure of an edition from another: primary key of the area, slug of the metric, the period."""

    area: int
    metric: str
    starts_on: date
    ends_before: date


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure as it should stand."""

    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    denominator_note: str = ""
    note: str = ""
    basis: str = Basis.DERIVED.value
    combined_with: int | None = None


Figures = dict[Key, Worked]


@dataclass(slots=True)
class People:
    """Denominators of one kind by mid-year and area, each from the newest edition that has them; `old` from the oldest way."""

    counts: dict[tuple[int, int], tuple[Decimal, str]] = field(default_factory=dict)
    printed_2014: dict[int, tuple[Decimal, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def of(self, year: int, areas: Iterable[int]) -> dict[int, tuple[Decimal, str]]:
        """Give what each area is divided by in a year, with the name of the edition that it is from."""
        return {area: count for area in areas if (count := self.counts.get((year, area)))}


def load_people(kind: CountKind) -> People:
    """Load the denominators of a kind: for each area and mid-year those of the newest edition."""
    people = People()
    rows = (
        CountLine.objects.current()
        .filter(kind=kind.value, counts__value__gt=0)
        .order_by(F("release__released_on").asc(nulls_first=True), "release_id", "pk")
        .values_list(
            "counts__starts_on",
            "area",
            "counts__value",
            "release__key",
            "release__edition",
            "release__dataset",
        )
    )
    for day, area, value, key, edition, dataset in rows:
        if value is None:
            continue
        people.counts[day.year, area] = (value, f"{key}|{edition}")
        if dataset == FORCE_TABLES and day.year == BASIS_2015_PEOPLE:
            people.printed_2014[area] = (value, f"{key}|{edition}")
    return people


@dataclass(slots=True)
class Worker:
    """Works out the figures of one edition; `uses` collects the keys of editions whose counts were divided by."""

    release: Release
    atlas: Atlas
    uses: set[str] = field(default_factory=set)
    figures: Figures = field(default_factory=dict)
    _metrics: dict[str, Metric] = field(default_factory=dict)
    _people: People = field(default_factory=People)
    _households: People = field(default_factory=People)

    def work(self) -> Figures:
        """Give every figure that the edition's counts make."""
        kinds = set(CountLine.objects.current().filter(release=self.release).values_list("kind", flat=True))
        self._metrics = {metric.slug: metric for metric in Metric.objects.all()}
        if kinds & {*CRIME, CountKind.WORKFORCE.value}:
            self._people = load_people(CountKind.POPULATION)
            self._households = load_people(CountKind.HOUSEHOLDS)
        for kind in CRIME:
            if kind in kinds:
                self._crime(kind)
        if CountKind.WORKFORCE.value in kinds:
            self._strength()
        for kind in OUTCOMES:
            if kind in kinds:
                self._charges(kind)
        return self.figures

    # Crime

    def _crime(self, kind: str) -> None:
        series = crime_by_area(self.release, kind)
        slugs = {metric for of_area in series.values() for metric in of_area}
        years = {
            (area, metric): self._years(kind, cells)
            for area, of_area in series.items()
            for metric, cells in of_area.items()
        }
        ends = {end for found in years.values() for end in found}
        if not ends:
            return
        season = max(ends).month
        for metric in sorted(slugs):
            by_end: dict[date, dict[int, Decimal]] = defaultdict(dict)
            for (area, own), found in years.items():
                if own == metric:
                    for end, count in found.items():
                        by_end[end][area] = count
            for end in sorted(by_end):
                # The total is worked out for each quarter, groups for the years that pages can show.
                if metric == TOTAL or end.month in (4, season):
                    self._crime_figures(metric, end, by_end[end])
        if kind == CountKind.CRIME_YEAR.value:
            self._basis_2015()

    def _years(self, kind: str, cells: Mapping[date, Decimal | None]) -> dict[date, Decimal]:
        if kind == CountKind.CRIME_QUARTER.value:
            return deriving.rolling_years(cells)
        return {add_months(start, 12): count for start, count in cells.items() if count is not None}

    def _crime_figures(self, metric: str, end: date, counts: Mapping[int, Decimal]) -> None:
        start = add_months(end, -12)
        if metric == TOTAL:
            for place, count, note in self._with_nations(counts):
                self._put(place, "recorded-crime-count", start, end, Worked(count, note=note))
        households = metric == BURGLARY
        people = self._households if households else self._people
        self._rates(metric, start, end, counts, people, deriving.population_year(end), households=households)

    def _rates(
        self,
        slug: str,
        start: date,
        end: date,
        counts: Mapping[int, Decimal],
        people: People,
        year: int,
        *,
        households: bool = False,
    ) -> None:
        """Put a rate for each force, for England and Wales, and for the same with British Transport Police."""
        metric = self._metrics.get(slug)
        below = people.of(year, self.atlas.forces)
        if metric is None or not below:
            return
        words = "households" if households else "population"
        editions = {edition for _count, edition in below.values()}

        def note(*editions: str) -> str:
            named = " and ".join(sorted(filter(None, {edition.partition("|")[2] for edition in editions})))
            return f"Mid-{year} {words}, edition {named}" if named else f"Mid-{year} {words}"

        own_notes = {edition: note(edition) for edition in editions}
        self._rates_over(
            metric,
            start,
            end,
            counts,
            {area: count for area, (count, _edition) in below.items()},
            note(*editions),
            {area: own_notes[edition] for area, (_count, edition) in below.items()},
        )
        self.uses |= {edition.partition("|")[0] for edition in editions}

    def _rates_over(
        self,
        metric: Metric,
        start: date,
        end: date,
        counts: Mapping[int, Decimal],
        below: Mapping[int, Decimal],
        note: str,
        own_notes: Mapping[int, str] | None = None,
    ) -> None:
        """Put each force's rate with its own note on what it was divided by, and those of England and Wales with `note`."""

        def worked(
            count: Decimal, denominator: Decimal, words: str, below_words: str = note
        ) -> Worked | None:
            value = deriving.worked_rate(
                numerator=count,
                denominator=denominator,
                multiplier=metric.multiplier,
                decimals=metric.decimals,
            )
            return None if value is None else Worked(value, count, denominator, below_words[:120], words)

        for area, count in counts.items():
            force = self.atlas.forces.get(area)
            if force is not None and force.rates_compare and area in below:
                own_note = (own_notes or {}).get(area, note)
                self._put(area, metric.slug, start, end, worked(count, below[area], "", own_note))
        names = {force.slug: area for area, force in self.atlas.forces.items()}
        total = deriving.total_of_forces(
            sorted(names),
            {slug: counts[area] for slug, area in names.items() if area in counts},
            {slug: below[area] for slug, area in names.items() if area in below},
        )
        if total is None or not total.denominator:
            return
        nation = self.atlas.area_of_slug.get(ENGLAND_AND_WALES)
        words = self._nation_note(total.left_out, btp=False)
        self._put(nation, metric.slug, start, end, worked(total.numerator, total.denominator, words))
        btp = self.atlas.area_of_slug.get(BTP, 0)
        if btp in counts:
            words = self._nation_note(total.left_out, btp=True)
            with_btp = worked(total.numerator + counts[btp], total.denominator, words)
            self._put(self.atlas.area_of_slug.get(WITH_BTP), metric.slug, start, end, with_btp)

    def _with_nations(self, counts: Mapping[int, Decimal]) -> Iterator[tuple[int | None, Decimal, str]]:
        """Give each force's count, and the sums for England and Wales without and with British Transport Police."""
        names = {force.slug: area for area, force in self.atlas.forces.items()}
        for area in names.values():
            if area in counts:
                yield area, counts[area], ""
        total = deriving.total_of_forces(
            sorted(names), {slug: counts[area] for slug, area in names.items() if area in counts}, None
        )
        if total is None:
            return
        yield (
            self.atlas.area_of_slug.get(ENGLAND_AND_WALES),
            total.numerator,
            self._nation_note(total.left_out, btp=False),
        )
        btp = self.atlas.area_of_slug.get(BTP, 0)
        if btp in counts:
            yield (
                self.atlas.area_of_slug.get(WITH_BTP),
                total.numerator + counts[btp],
                self._nation_note(total.left_out, btp=True),
            )

    def _nation_note(self, left_out: tuple[str, ...], *, btp: bool) -> str:
        note = (
            "Includes British Transport Police"
            if btp
            else "England and Wales is the 43 forces, without British Transport Police"
        )
        if left_out:
            names = {force.slug: force.short_name for force in self.atlas.forces.values()}
            note += ". Leaves out " + ", ".join(names[slug] for slug in left_out)
        return note

    def _basis_2015(self) -> None:
        """Work the figures of the 2015 report out again: two years to June over the people and homes of mid-2014."""
        people = {area: value for area, (value, _key) in self._people.printed_2014.items()}
        homes = {area: value for area, (value, _key) in self._households.printed_2014.items()}
        used = [
            key
            for _value, key in (*self._people.printed_2014.values(), *self._households.printed_2014.values())
        ]
        series = crime_by_area(self.release, CountKind.CRIME_YEAR.value, parts=True)
        for end in BASIS_2015_YEARS:
            start = add_months(end, -12)
            for slug, wanted, below, year_only in (
                ("recorded-crime-2015-basis", TOTAL, people, None),
                ("sexual-offences-2015-basis", "sexual-offences", people, BASIS_2015_YEARS[1]),
                ("violence-with-injury-2015-basis", "Violence with injury", people, BASIS_2015_YEARS[1]),
                ("burglary-2015-basis", "Domestic burglary", homes, BASIS_2015_YEARS[1]),
            ):
                metric = self._metrics.get(slug)
                counts = {
                    area: count
                    for area, of_area in series.items()
                    if (count := of_area.get(wanted, {}).get(start)) is not None
                }
                if metric is None or not below or not counts or year_only not in (None, end):
                    continue
                words = "households" if below is homes else "population"
                self._rates_over(metric, start, end, counts, below, f"Mid-{BASIS_2015_PEOPLE} {words}")
                self.uses |= {key.partition("|")[0] for key in used}

    # Strength

    def _strength(self) -> None:
        rows = sums(self.release, CountKind.WORKFORCE.value, "l.category")
        by: dict[tuple[str, date], dict[int, Decimal]] = defaultdict(dict)
        for area, worker, start, value in rows:
            if worker in STRENGTH and value is not None:
                by[STRENGTH[worker], start][area] = value
        for (metric, day), counts in sorted(by.items()):
            for place, count, note in self._with_nations(counts):
                self._put(place, metric, day, day + ONE_DAY, Worked(count, note=note))
            if metric == "officers-count":
                self._rates("officers", day, day + ONE_DAY, counts, self._people, deriving.strength_year(day))

    # Outcomes

    def _charges(self, kind: str) -> None:
        """Work the charge rate out on one basis, over the crimes recorded in the same twelve months."""
        closed = kind == CountKind.OUTCOME_CLOSED.value
        charged: dict[int, dict[date, Decimal | None]] = defaultdict(dict)
        for area, category, start, value in sums(self.release, kind, "l.category"):
            if category == CHARGED:
                charged[area][start] = value
        crime, key = newest_crime()
        rate = self._metrics.get("charge-rate" if closed else "charge-rate-recorded")
        by_end: dict[date, dict[int, Decimal]] = defaultdict(dict)
        for area, cells in charged.items():
            for end, count in deriving.rolling_years(cells).items():
                by_end[end][area] = count
        for end, counts in sorted(by_end.items()):
            start = add_months(end, -12)
            if closed:
                for place, count, note in self._with_nations(counts):
                    self._put(place, "charges-count", start, end, Worked(count, note=note))
            below = {area: found[end] for area, found in crime.items() if end in found}
            if rate is None or not below:
                continue
            self.uses.add(key)
            self._charge_rates(rate, start, end, counts, below)

    def _charge_rates(
        self,
        metric: Metric,
        start: date,
        end: date,
        counts: Mapping[int, Decimal],
        below: Mapping[int, Decimal],
    ) -> None:
        note = "Crimes recorded in the same 12 months"
        for area, count in counts.items():
            if area in self.atlas.forces and area in below:
                value = deriving.worked_rate(
                    numerator=count,
                    denominator=below[area],
                    multiplier=metric.multiplier,
                    decimals=metric.decimals,
                )
                if value is not None:
                    self._put(area, metric.slug, start, end, Worked(value, count, below[area], note))
        names = {force.slug: area for area, force in self.atlas.forces.items()}
        total = deriving.total_of_forces(
            sorted(names),
            {slug: counts[area] for slug, area in names.items() if area in counts},
            {slug: below[area] for slug, area in names.items() if area in below},
        )
        if total is not None and total.denominator and total.denominator > 0:
            value = deriving.worked_rate(
                numerator=total.numerator,
                denominator=total.denominator,
                multiplier=metric.multiplier,
                decimals=metric.decimals,
            )
            words = f"{note}, {len(names) - len(total.left_out)} forces"
            if value is not None:
                own = Worked(
                    value,
                    total.numerator,
                    total.denominator,
                    words,
                    self._nation_note(total.left_out, btp=False),
                )
                self._put(self.atlas.area_of_slug.get(ENGLAND_AND_WALES), metric.slug, start, end, own)

    def _put(self, area: int | None, metric: str, start: date, end: date, figure: Worked | None) -> None:
        if area is None or figure is None or metric not in self._metrics:
            return
        self.figures[Key(area, metric, start, end)] = figure


def with_notes(figures: Figures, atlas: Atlas, notes: Mapping[str, str]) -> Figures:
    """Give figures with what a person notes on every figure of a force, by its slug."""
    by_area = {area: notes[force.slug] for area, force in atlas.forces.items() if notes.get(force.slug)}
    return {
        key: replace(figure, note=". ".join(filter(None, [figure.note, by_area[key.area]])))
        if key.area in by_area
        else figure
        for key, figure in figures.items()
    }


def sums(release: Release, kind: str, by: str) -> list[tuple[int, str, date, Decimal | None]]:
    """Add an edition's counts of a kind up by area, `by` (a column of ours) and first day; None where one is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.area_id, {by}, c.starts_on, CASE WHEN bool_and(c.value IS NOT NULL) THEN sum(c.value) END"  # noqa: S608
            " FROM grades_countline l JOIN grades_count c ON c.line_id = l.id"
            " WHERE l.release_id = %s AND l.kind = %s AND l.superseded_by_id IS NULL GROUP BY 1, 2, 3",
            [release.pk, kind],
        )
        return cursor.fetchall()


def crime_by_area(
    release: Release, kind: str, *, parts: bool = False
) -> dict[int, dict[str, dict[date, Decimal | None]]]:
    """Give an edition's crime without fraud by area, metric (the total's, each group's, burglary's) and first day.

    With `parts`, by the name of each subgroup too.
    """
    found: dict[int, dict[str, dict[date, Decimal | None]]] = defaultdict(lambda: defaultdict(dict))
    split = (
        "l.category || '|' || l.part"
        if parts
        else (
            "l.category || '|' || CASE WHEN l.part IN ('Domestic burglary', 'Residential burglary') THEN l.part ELSE '' END"
        )
    )
    for area, name, start, value in sums(release, kind, split):
        group, _bar, part = name.partition("|")
        if deriving.is_fraud(group):
            continue
        names = [TOTAL]
        if group in deriving.GROUPS:
            names.append(deriving.GROUPS[group])
        if part in deriving.BURGLARY_OF_HOMES:
            names.append(BURGLARY)
        if parts and part:
            names.append(part)
        own = found[area]
        for metric in names:
            cells = own[metric]
            if start not in cells:
                cells[start] = value
            else:
                held = cells[start]
                cells[start] = None if held is None or value is None else held + value
    return found


def newest_crime() -> tuple[dict[int, dict[date, Decimal]], str]:
    """Give each area's crimes in the twelve months to each quarter, of the newest edition with quarters, and its key."""
    release = (
        Release.objects.filter(
            pk__in=CountLine.objects.current().filter(kind=CountKind.CRIME_QUARTER.value).values("release")
        )
        .order_by(F("released_on").desc(nulls_last=True), "-pk")
        .first()
    )
    if release is None:
        return {}, ""
    series = crime_by_area(release, CountKind.CRIME_QUARTER.value)
    return (
        {
            area: deriving.rolling_years(of_area[TOTAL])
            for area, of_area in series.items()
            if TOTAL in of_area
        },
        release.key,
    )
