"""Plain facts for tests of the domain and of pictures: valid by default, named for what differs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from grades import chain
from grades.dates import PartialDate
from grades.history import (
    CycleFacts,
    ForceHistory,
    Framework,
    GradePoint,
    PillarFacts,
    QuestionFacts,
    SourceFacts,
    Spread,
    ThemeFacts,
    build_history,
)
from grades.scales import TIERS, Basis, CellState, Direction, Graded, Level, Relation, SourceKind
from grades.series import (
    AreaFigure,
    CategoryPair,
    MetricFacts,
    MetricSeries,
    Observation,
    OutcomeLine,
    Ranking,
    ReleaseFacts,
    Series,
    SeriesBreak,
)

BREAK_REASON = "A fifth grade was added and the pillars ended."


def cycle(slug: str = "2016", **given: Any) -> CycleFacts:
    """Build a cycle of four tiers in band B."""
    facts = {"label": slug, "order": int(slug[:4]), "tiers": 4, "band": "B", "inspectorate": "HMICFRS"}
    return CycleFacts(slug=slug, **(facts | given))


CYCLE_2016 = cycle("2016", inspectorate="HMIC")
CYCLE_2017 = cycle("2017")
CYCLE_2021 = cycle(
    "2021-22",
    label="2021/22",
    tiers=5,
    band="C",
    break_reason=BREAK_REASON,
    break_address="https://example.org/b",
)
CYCLE_2025 = cycle(
    "2025-27", label="2025–27", tiers=5, band="E", break_presumed=True, questions_complete=False
)


def question(
    key: int = 1, *, cycle: str = "2016", theme: str | None = "investigating-crime", **given: Any
) -> QuestionFacts:
    """Build a graded question on one theme."""
    facts = {
        "pillar": "effectiveness",
        "number": "2",
        "title": "How effective is the force at investigating crime?",
        "short_title": "Investigating crime",
        "graded": Graded.GRADED,
    }
    return QuestionFacts(key=key, cycle=cycle, theme=theme, **(facts | given))


def source(**given: Any) -> SourceFacts:
    """Build a source in the inspectorate's own words."""
    facts = {
        "publisher": "HMICFRS",
        "title": "PEEL 2016: Warwickshire",
        "kind": SourceKind.INSPECTORATE,
        "address": "https://example.org/report",
    }
    return SourceFacts(**(facts | given))


def press(**given: Any) -> SourceFacts:
    """Build a source from the press."""
    return source(
        **({"publisher": "The Courier", "title": "Force told to improve", "kind": SourceKind.PRESS} | given)
    )


def point(asked: QuestionFacts | None = None, level: Level | None = Level.GOOD, **given: Any) -> GradePoint:
    """Build a graded point with a source; without a level, one that is not inspected."""
    asked = asked or question()
    facts: dict[str, Any] = {
        "state": CellState.GRADED if level else CellState.NOT_INSPECTED,
        "sources": (source(),),
        "published": PartialDate(date(2016, 11, 3)),
    }
    return GradePoint(question=asked, cycle=asked.cycle, level=level, **(facts | given))


def framework(
    questions: Sequence[QuestionFacts],
    *,
    cycles: Sequence[CycleFacts] = (CYCLE_2016, CYCLE_2017, CYCLE_2021, CYCLE_2025),
    links: dict[tuple[int, int], str] | None = None,
    themes: Sequence[str] = ("investigating-crime", "managing-offenders"),
) -> Framework:
    """Build a framework with two themes and one pillar."""
    return Framework(
        cycles=tuple(cycles),
        themes=tuple(ThemeFacts(slug=slug, title=slug.replace("-", " ").capitalize()) for slug in themes),
        pillars=(PillarFacts(slug="effectiveness", title="Effectiveness"),),
        questions=tuple(questions),
        links=links or {},
    )


def history(
    points: Iterable[GradePoint], facts: Framework | None = None, *, force: str = "Warwickshire Police"
) -> ForceHistory:
    """Lay points out as one force's history; without a framework, one that asks just their questions."""
    points = tuple(points)
    facts = facts or framework([p.question for p in points])
    return build_history(force=force, force_slug="warwickshire", framework=facts, points=points)


def linked_history(*levels: Level, relation: str = Relation.SAME, **last: Any) -> ForceHistory:
    """Build one question asked in 2016, 2017 and so on, each linked to the one before."""
    slugs = ("2016", "2017", "2021-22")
    asked = [question(i + 1, cycle=slugs[i]) for i in range(len(levels))]
    points = [point(q, level) for q, level in zip(asked, levels, strict=True)]
    if last:
        points[-1] = point(asked[-1], levels[-1], **last)
    links = {(q.key, q.key + 1): relation for q in asked[:-1]}
    return history(points, framework(asked, links=links))


RELEASE = ReleaseFacts(
    dataset="Police recorded crime open data tables",
    publisher="Home Office",
    edition="July 2026",
    address="https://example.org/tables",
    released=PartialDate(date(2026, 7, 23)),
)


def metric(**given: Any) -> MetricFacts:
    """Build the metric of recorded crime."""
    facts = {
        "slug": "recorded-crime",
        "label": "Recorded crime",
        "unit": "per 1,000 people",
        "multiplier": 1000,
        "denominator": "people",
        "period_kind": "12 months",
        "direction": Direction.NEITHER,
        "decimals": 1,
        "definition": "Crimes recorded by the police, without fraud.",
        "caveat": "A rise can mean more crime or better recording",
    }
    return MetricFacts(**(facts | given))


def year(ending: int, value: str | Decimal, **given: Any) -> Observation:
    """Build the figure of the twelve months to 31 March of a year."""
    facts = {"release": RELEASE, "basis": Basis.PUBLISHED}
    return Observation(
        starts_on=date(ending - 1, 4, 1),
        ends_before=date(ending, 4, 1),
        value=Decimal(value),
        **(facts | given),
    )


def series(
    observations: Iterable[Observation], *, area: str = "warwickshire", name: str = "Warwickshire"
) -> Series:
    """Build one area's series."""
    return Series(area=area, name=name, observations=tuple(observations))


def england_and_wales(observations: Iterable[Observation]) -> Series:
    """Build the comparator's series."""
    return series(observations, area="england-and-wales", name="England and Wales")


def metric_series(
    own: Iterable[Observation],
    others: Iterable[Observation] = (),
    *,
    breaks: Iterable[SeriesBreak] = (),
    name: str = "Warwickshire",
    **given: Any,
) -> MetricSeries:
    """Build one metric of a force and England and Wales."""
    return MetricSeries(
        metric=metric(**given),
        force=series(own, name=name),
        comparator=england_and_wales(others),
        breaks=tuple(breaks),
    )


def series_break(at: date, **given: Any) -> SeriesBreak:
    """Build a break in a series."""
    return SeriesBreak(
        at=at, **({"label": "New counting", "reason": "The rules of counting changed."} | given)
    )


def spread_of(
    counts: Sequence[int], *, asked: QuestionFacts | None = None, total: int = 43, **other: int
) -> Spread:
    """Build how many forces have each grade, best first, on a scale of as many tiers; `other` counts states."""
    return Spread(
        question=asked or question(),
        counts=dict(zip(TIERS[len(counts)], counts, strict=True)),
        other={CellState(state.replace("_", "-")): count for state, count in other.items()},
        total=total,
    )


def ranked(
    values: dict[str, str | Decimal],
    *,
    nation: str | None = "50",
    marked: Iterable[str] = (),
    excluded: dict[str, str] | None = None,
    **given: Any,
) -> Ranking:
    """Build one metric of the year to March 2026 for all forces, named as their slugs are."""

    def area(slug: str, observation: Observation | None, reason: str = "") -> AreaFigure:
        name = slug.replace("-", " ").capitalize()
        return AreaFigure(slug=slug, name=name, region="Midlands", observation=observation, excluded=reason)

    ordered = sorted(values.items(), key=lambda pair: Decimal(pair[1]), reverse=True)
    return Ranking(
        metric=metric(**given),
        starts_on=date(2025, 4, 1),
        ends_before=date(2026, 4, 1),
        figures=tuple(area(slug, year(2026, value)) for slug, value in ordered),
        excluded=tuple(area(slug, None, reason) for slug, reason in (excluded or {}).items()),
        comparator=year(2026, nation) if nation is not None else None,
        marked=frozenset(marked),
    )


def category(label: str, value: str | None, comparator: str | None, **given: Any) -> CategoryPair:
    """Build one category of a force and England and Wales, per 1,000 people."""
    facts = {"unit": "per 1,000 people", "decimals": 1}
    return CategoryPair(
        label=label,
        value=None if value is None else Decimal(value),
        comparator=None if comparator is None else Decimal(comparator),
        **(facts | given),
    )


def outcome(
    label: str, count: int | None, value: str | None, comparator: str | None = "1.0", **given: Any
) -> OutcomeLine:
    """Build one outcome of a force and England and Wales."""
    facts = {"depth": 0, "unit": "% of recorded crime", "decimals": 1, "comparator_count": Decimal(1000)}
    return OutcomeLine(
        label=label,
        count=None if count is None else Decimal(count),
        value=None if value is None else Decimal(value),
        comparator=None if comparator is None else Decimal(comparator),
        **(facts | given),
    )


def log_lines(documents: Iterable[Mapping[str, str]]) -> list[str]:
    """Build a change log of these documents, a line an entry, without the ends of the lines."""
    lines, previous = [], chain.START
    for number, document in enumerate(documents, start=1):
        entry = {
            "number": number,
            "at": "2026-01-01T09:00:00.000000+00:00",
            "kind": "loaded",
            "force": "",
            "document": document,
            "previous": previous,
        }
        entry["digest"] = previous = chain.digest(entry)
        lines.append(chain.canonical(entry))
    return lines
