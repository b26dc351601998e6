"""Every component in every state, for the style guide. The forces and figures are made up and say so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from grades import charts, words
from grades.charts import ChartSpec, layout_map
from grades.charts.spec import SourceLine
from grades.charts.tiles import tiles
from grades.dates import PartialDate, ResponseClock, response_clock
from grades.forms import FindForm
from grades.history import (
    Amendment,
    CommentFacts,
    CorrectionFacts,
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
from grades.scales import TIERS, Basis, CellState, Level, ObservationStatus, Relation, SourceKind
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
    ShareLine,
    TileFigure,
)


def style_samples() -> dict[str, Any]:
    """Give the style guide its samples."""
    history = sample_history()
    figures = sample_series()
    pictures = [
        (_("Picture: grade history"), charts.grade_history(history=history)),
        (
            _("Picture: grade history of one theme"),
            charts.grade_history(history=history, rows=history.themes[:1]),
        ),
        *((name, charts.trend(series=series)) for name, series in figures.items()),
        *sample_charts().items(),
    ]
    return {
        "find": FindForm(),
        "levels": list(Level),
        "states": list(CellState),
        "history": history,
        "labels": words.cycle_labels(history.cycles),
        "points": [p for row in history.themes for cell in row.cells for p in cell.points],
        "charts": pictures,
        "sparks": sample_sparks(),
        "tiles": tiles(figures.values()),
        "ignored": ("mars",),
        "clocks": sample_clocks(),
        "corrections": sample_corrections(),
        "comments": (
            CommentFacts(
                body=_("The made-up commissioner"),
                text=_("We have asked the force for a plan, and read it out in public."),
                dated=date(2024, 5, 2),
            ),
        ),
        "preview_ends": datetime(2024, 5, 9, 17, tzinfo=UTC),
    }


def sample_clocks() -> list[ResponseClock]:
    """Hold a made-up report against the 56 days in each way that there is."""
    published, answered = PartialDate(date(2024, 3, 1)), PartialDate(date(2024, 4, 9))
    late = PartialDate(date(2024, 5, 25))
    known: list[tuple[PartialDate | None, bool, list[PartialDate | None], date]] = [
        (published, True, [], date(2024, 4, 1)),
        (published, True, [], date(2024, 6, 1)),
        (published, True, [answered], date(2024, 6, 1)),
        (published, True, [late], date(2024, 6, 1)),
        (published, True, [None], date(2024, 6, 1)),
        (published, False, [], date(2024, 6, 1)),
        (None, False, [], date(2024, 6, 1)),
        (PartialDate(date(2015, 3, 1)), True, [], date(2024, 6, 1)),
    ]
    return [
        response_clock(
            published=day, confirmed=sure, responses=responses, today=today, limit_from=date(2017, 5, 1)
        )
        for day, sure, responses, today in known
    ]


def sample_corrections() -> tuple[CorrectionFacts, ...]:
    """Give a grade that was corrected, a text that was, and a record that was added."""
    day, source = date(2024, 5, 2), _("a made-up report")
    return (
        CorrectionFacts(on=day, reason=_("We had misread it."), before=(("level", "good"),), source=source),
        CorrectionFacts(on=day, reason=_("A word was missing."), before=(("text", "Train."),), source=source),
        CorrectionFacts(on=day, reason=_("It was missing."), source=source),
    )


def sample_series() -> Mapping[str, MetricSeries]:
    """Make up one trend for each thing that can happen to a series."""
    years = range(2016, 2027)
    plain = {year: Decimal(60 + (year * 7) % 13) for year in years}
    return {
        _("Picture: trend"): _trend(plain),
        _("Picture: trend, a missing year and a new way of counting"): _trend(
            {year: value for year, value in plain.items() if year != 2019},
            breaks=(
                SeriesBreak(
                    at=date(2022, 4, 1), label=_("Recount"), reason=_("The rules of counting changed")
                ),
            ),
        ),
        _("Picture: trend, provisional at the end"): _trend(plain, provisional=2025),
        _("Picture: trend, one value"): _trend({2026: Decimal("62.6")}),
        _("Picture: trend, all equal"): _trend(dict.fromkeys(years, Decimal(5))),
        _("Picture: trend, a huge outlier"): _trend({**plain, 2021: Decimal(5400)}),
        _("Picture: trend, below nothing"): _trend({year: value - 66 for year, value in plain.items()}),
    }


def _release() -> ReleaseFacts:
    return ReleaseFacts(dataset=_("A made-up data set"), publisher=_("Nobody"), edition=_("for illustration"))


def _metric() -> MetricFacts:
    return MetricFacts(
        slug="made-up",
        label=_("Made-up crimes"),
        unit=_("per 1,000 people"),
        multiplier=1000,
        denominator="people",
        period_kind="12-months",
        direction="neither",
        decimals=1,
        definition=_("A figure that was made up to show this picture."),
        caveat=_("It means nothing."),
    )


def _trend(
    values: Mapping[int, Decimal], *, breaks: tuple[SeriesBreak, ...] = (), provisional: int = 9999
) -> MetricSeries:
    """Make a yearly series of made-up values, and a comparator a fifth higher."""

    def line(factor: Decimal) -> tuple[Observation, ...]:
        return tuple(
            Observation(
                starts_on=date(year - 1, 4, 1),
                ends_before=date(year, 4, 1),
                value=(value * factor).quantize(Decimal("0.1")),
                release=_release(),
                basis=Basis.PUBLISHED,
                status=ObservationStatus.PROVISIONAL if year >= provisional else ObservationStatus.FINAL,
            )
            for year, value in sorted(values.items())
        )

    return MetricSeries(
        metric=_metric(),
        force=Series(area="example", name=_("Example"), observations=line(Decimal(1))),
        comparator=Series(
            area="england-and-wales", name=_("England and Wales"), observations=line(Decimal("1.2"))
        ),
        breaks=breaks,
    )


PERIOD = (date(2025, 4, 1), date(2026, 4, 1))


def sample_charts() -> Mapping[str, ChartSpec]:
    """Make up one picture of each further kind for each thing that can happen to it."""
    source = SourceLine(text=_("Made up for illustration"), date=_("no date"))
    period = words.period(*PERIOD)
    shown: dict[str, Any] = {"force": _("Example"), "source": source, "period": period}
    plain = [Decimal(60 + (i * 37) % 53) for i in range(len(layout_map.TILES) - 1)]
    changes = [(Decimal(i * 37 % 53) - 20) / 2 for i in range(len(plain))]
    rates = [
        _pair(_("Recorded crime"), "52.5", "63.0"),
        _pair(_("Victim-based crime"), "48.2", "56.0"),
        _pair(_("Sexual offences"), "1.5", "1.6"),
        _pair(_("Assault with injury"), "5.2", "6.3"),
        _pair(_("Burglary in a dwelling"), "6.3", "8.4", unit=_("per 1,000 households")),
        _pair(_("Anti-social behaviour incidents"), "29.9", None),
    ]
    long = _(
        "A category with a very long name, such as the offence of possessing an article with a blade or point"
    )
    outcomes = [
        _outcome(_("Charged or summonsed"), 0, 3563, "12.3", 577678, "16.0"),
        _outcome(_("Taken into consideration"), 0, 165, "0.6", 21318, "0.6"),
        _outcome(_("Out of court (formal)"), 0, 1447, "5.0", 165384, "4.6"),
        _outcome(_("Caution, young people"), 1, 141, "0.5", 19703, "0.5"),
        _outcome(_("Caution, adults"), 1, 1108, "3.8", 115000, "3.2"),
        _outcome(_("Penalty notice for disorder"), 1, 198, "0.7", 30681, "0.8"),
        _outcome(_("Out of court (informal)"), 0, None, None, 159915, "4.4"),
    ]
    shares = [
        ShareLine(label=label, value=Decimal(value), comparator=Decimal(other))
        for label, value, other in (
            (_("Drug activity"), "66", "64"),
            (_("Organised theft"), "13", "12.5"),
            (_("Violence"), "9", "8"),
            (_("Fraud"), "8", "10.5"),
            (_("Other"), "4", "5"),
        )
    ]
    single = _figures(plain, marked=("warwickshire",))
    return {
        _("Picture: spread, every force recorded"): _spread(
            (0, 30, 8, 4, 1), (2, 20, 12, 7, 0), (0, 0, 43, 0, 0)
        ),
        _("Picture: spread, forces missing and without a grade"): _spread(
            (1, 2, 3, 1, 0), (0, 4, 0, 0, 0), (0, 0, 0, 0, 0), (5, 11, 9, 10, 3), other=3
        ),
        _("Picture: ranking, one force marked and one left out"): charts.ranking(ranking=single, link=_link),
        _("Picture: ranking, none marked, provisional"): charts.ranking(
            ranking=_figures(plain[:12], status=ObservationStatus.PROVISIONAL)
        ),
        _("Picture: ranking, below nothing"): charts.ranking(
            ranking=_figures(changes[:15], marked=("bedfordshire", "dorset"))
        ),
        _("Picture: ranking, a huge outlier"): charts.ranking(ranking=_figures([*plain[:9], Decimal(5400)])),
        _("Picture: ranking, all equal"): charts.ranking(ranking=_figures([Decimal(5)] * 4)),
        _("Picture: ranking, one value"): charts.ranking(ranking=_figures([Decimal("62.6")])),
        _("Picture: pair, with mixed units and a missing figure"): charts.pair(
            title=_("Recorded crime by type"), lines=rates, **shown
        ),
        _("Picture: pair, twelve categories and long names"): charts.pair(
            title=_("Twelve categories"),
            lines=[
                _pair(f"{i + 1}. {long[: 20 + 9 * i]}", str(3 + i * 7 % 29), str(5 + i * 5 % 23))
                for i in range(12)
            ],
            **shown,
        ),
        _("Picture: pair, changes below nothing"): charts.pair(
            title=_("Change in five years"),
            lines=[
                _pair(_("Recorded crime"), "-10.5", "-12.6", unit="%"),
                _pair(_("Victims"), "4.8", "-8", unit="%"),
            ],
            **shown,
        ),
        _("Picture: breakdown"): charts.breakdown(title=_("Outcomes"), lines=outcomes, **shown),
        _("Picture: share (illustration)"): charts.share(
            title=_("Main kind of crime of organised groups"), lines=shares, illustration=True, **shown
        ),
        _("Picture: tile map of grades"): _grade_map(),
        _("Picture: tile map of a metric"): charts.tile_map_metric(
            metric=_metric(), tiles=_tiles(), period=period, source=source, link=_link
        ),
    }


def sample_sparks() -> list[ChartSpec]:
    """Make up a spark of each series."""
    return [charts.spark(series=series) for series in sample_series().values()]


def _link(slug: str) -> str:
    return f"#{slug}"


def _name(slug: str) -> str:
    return slug.replace("-", " ").title().replace(" And ", " and ").replace(" Of ", " of ")


def _figures(
    values: Sequence[Decimal], *, marked: Iterable[str] = (), status: str = ObservationStatus.FINAL
) -> Ranking:
    """Make up a figure of as many forces as there are values."""
    areas = [
        AreaFigure(slug=slug, name=_name(slug), region=_("A region"), observation=_figure(value, status))
        for slug, value in zip(sorted(set(layout_map.TILES) - {"city-of-london"}), values, strict=False)
    ]
    return Ranking(
        metric=_metric(),
        starts_on=PERIOD[0],
        ends_before=PERIOD[1],
        figures=tuple(sorted(areas, key=lambda a: a.observation.value if a.observation else 0, reverse=True)),
        excluded=(
            AreaFigure(
                slug="city-of-london",
                name=_name("city-of-london"),
                region=_("A region"),
                observation=None,
                excluded=_(
                    "Few people live there and many work there, so a rate for each resident means little"
                ),
            ),
        ),
        comparator=_figure(sum(values, Decimal(0)) / len(values), status),
        marked=frozenset(marked),
    )


def _pair(label: str, value: str, comparator: str | None, unit: str = "") -> CategoryPair:
    return CategoryPair(
        label=label,
        unit=unit or _("per 1,000 people"),
        decimals=1,
        value=Decimal(value),
        comparator=None if comparator is None else Decimal(comparator),
    )


def _outcome(
    label: str, depth: int, count: int | None, value: str | None, comparator_count: int, comparator: str
) -> OutcomeLine:
    return OutcomeLine(
        label=label,
        depth=depth,
        unit=_("% of recorded crime"),
        decimals=1,
        count=None if count is None else Decimal(count),
        value=None if value is None else Decimal(value),
        comparator_count=Decimal(comparator_count),
        comparator=Decimal(comparator),
    )


def _spread(*counts: Sequence[int], other: int = 0) -> ChartSpec:
    """Make up how many of 43 forces have each of five grades on some questions."""
    cycle = sample_history().cycles[2]
    titles = (_("Preventing crime"), _("Responding to the public"), _("Protecting people"), _("Leadership"))
    spreads = [
        Spread(
            question=QuestionFacts(
                key=i,
                cycle=cycle.slug,
                pillar=None,
                number=str(i),
                title=title,
                short_title=title,
                graded="graded",
                theme="first",
            ),
            counts=dict(zip(TIERS[5], given, strict=True)),
            other={CellState.NOT_INSPECTED: other} if other else {},
            total=len(layout_map.TILES),
        )
        for i, (title, given) in enumerate(zip(titles, counts, strict=False))
    ]
    return charts.grade_spread(cycle=cycle, spreads=spreads)


def _grade_map() -> ChartSpec:
    """Make up a map in which every grade and state occurs."""
    history = sample_history()
    points = [p for row in history.themes for cell in row.cells for p in cell.points]
    names = {slug: _name(slug) for slug in layout_map.TILES}
    every = {slug: points[i % len(points)] if i % 9 else None for i, slug in enumerate(sorted(names))}
    return charts.tile_map_grades(
        cycle=history.cycles[2], theme_title=_("A theme"), points=every, names=names, link=_link
    )


def _figure(value: Decimal, status: str = ObservationStatus.FINAL) -> Observation:
    """Make up one figure."""
    return Observation(
        starts_on=PERIOD[0],
        ends_before=PERIOD[1],
        value=value,
        release=_release(),
        basis=Basis.PUBLISHED,
        status=status,
    )


def _tiles() -> list[TileFigure]:
    return [
        TileFigure(
            slug=slug,
            name=_name(slug),
            fifth=1 + (i * 7 + 3) % 5,
            observation=_figure(Decimal(60 + (i * 7 + 3) % 5 * 9)),
        )
        if slug != "city-of-london"
        else TileFigure(slug=slug, name=_name(slug), excluded=_("not comparable: few people live there"))
        for i, slug in enumerate(sorted(layout_map.TILES))
    ]


def sample_history() -> ForceHistory:
    """Make up one force's history with every state in it."""
    cycles = (
        CycleFacts(slug="2016", label="2016", order=1, tiers=4, band="B", inspectorate="HMIC"),
        CycleFacts(slug="2017", label="2017", order=2, tiers=4, band="B", inspectorate="HMICFRS"),
        CycleFacts(
            slug="2021-22",
            label="2021/22",
            order=3,
            tiers=5,
            band="C",
            inspectorate="HMICFRS",
            break_reason="Five grades in place of four, on new questions",
        ),
        CycleFacts(
            slug="2025-27",
            label="2025–27",
            order=4,
            tiers=5,
            band="E",
            inspectorate="HMICFRS",
            questions_complete=False,
            break_reason="A new framework",
            break_presumed=True,
        ),
    )
    themes = tuple(
        ThemeFacts(slug=slug, title=title)
        for slug, title in (
            ("first", "A theme graded throughout"),
            ("second", "A theme with two questions"),
            ("third", "States without a grade"),
            ("fourth", "Covered within another question"),
        )
    )
    keys = iter(range(1, 100))

    def ask(cycle: str, theme: str | None, title: str, **more: Any) -> QuestionFacts:
        values: dict[str, Any] = {"graded": "graded", "number": "1", "pillar": None, **more}
        return QuestionFacts(
            key=next(keys), cycle=cycle, theme=theme, title=title, short_title=title, **values
        )

    first = ask("2016", "first", "Preventing crime", also_covers=("fourth",))
    again = ask("2017", "first", "Preventing crime")
    new = ask("2021-22", "first", "Preventing crime")
    one, two = ask("2016", "second", "Stop and search"), ask("2016", "second", "Fairness")
    carried = ask("2017", "second", "Fairness")
    disputed = ask("2021-22", "second", "Fairness")
    withheld, awaited = ask("2016", "third", "Withheld"), ask("2017", "third", "Awaited")
    ungraded = ask("2021-22", "third", "By design", graded="ungraded")
    pillar = ask("2016", None, "Effectiveness", pillar="effectiveness", number="0")
    inspectorate = SourceFacts(
        publisher="HMIC", title="A report", kind=SourceKind.INSPECTORATE, address="https://example.org/report"
    )
    press = SourceFacts(
        publisher="A newspaper",
        title="A news item",
        kind=SourceKind.PRESS,
        address="https://example.org/news",
    )
    other = SourceFacts(
        publisher="HMIC",
        title="A faulty page",
        kind=SourceKind.INSPECTORATE,
        address="https://example.org/faulty",
        level=Level.INADEQUATE,
        agrees=False,
    )

    def point(
        question: QuestionFacts, state: CellState, level: Level | None = None, **more: Any
    ) -> GradePoint:
        values: dict[str, Any] = {
            "sources": (inspectorate,),
            "published": PartialDate(date(2017, 3, 2)),
            **more,
        }
        return GradePoint(question=question, cycle=question.cycle, state=state, level=level, **values)

    points = (
        point(first, CellState.GRADED, Level.REQUIRES_IMPROVEMENT),
        point(again, CellState.GRADED, Level.GOOD),
        point(
            new,
            CellState.GRADED,
            Level.INADEQUATE,
            amendment=Amendment(
                on=date(2024, 8, 8), old=Level.ADEQUATE, reason="the figures behind it were wrong"
            ),
        ),
        point(one, CellState.GRADED, Level.OUTSTANDING),
        point(two, CellState.GRADED, Level.GOOD, sources=(press,)),
        point(carried, CellState.CARRIED_FORWARD, Level.GOOD, carried_from="2016"),
        point(disputed, CellState.GRADED, Level.ADEQUATE, sources=(inspectorate, other)),
        point(withheld, CellState.WITHHELD, withheld_reason="inspectors were not able to visit"),
        point(awaited, CellState.AWAITED),
        point(pillar, CellState.GRADED, Level.GOOD),
    )
    framework = Framework(
        cycles=cycles,
        themes=themes,
        pillars=(PillarFacts(slug="effectiveness", title="Effectiveness"),),
        questions=(first, again, new, one, two, carried, disputed, withheld, awaited, ungraded, pillar),
        links={(first.key, again.key): Relation.SAME.value},
    )
    return build_history(
        force="Example Constabulary",
        force_slug="warwickshire",
        framework=framework,
        points=points,
        pages=frozenset({"2016", "2017", "2021-22"}),
    )
