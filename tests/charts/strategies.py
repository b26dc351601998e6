"""Legal inputs of the builders, drawn at random."""

from datetime import date

from hypothesis import strategies as st

from grades.charts import (
    ChartSpec,
    breakdown,
    grade_spread,
    pair,
    ranking,
    share,
    tile_map_grades,
    tile_map_metric,
)
from grades.charts.layout_map import TILES
from grades.charts.spec import SourceLine
from grades.dates import PartialDate
from grades.history import Amendment, ForceHistory, GradePoint
from grades.scales import GRADE_STATES, TIERS, Basis, CellState, Graded, Level, ObservationStatus
from grades.series import MetricSeries, Observation, ShareLine, TileFigure
from tests.builders import (
    CYCLE_2016,
    CYCLE_2017,
    CYCLE_2021,
    CYCLE_2025,
    category,
    framework,
    history,
    metric,
    metric_series,
    outcome,
    point,
    press,
    question,
    ranked,
    series_break,
    source,
    spread_of,
    year,
)

NAMES = st.sampled_from(
    ["Warwickshire", "Kent", "Devon and Cornwall & the <Isles> of Scilly, all of “them” together", "Ω"]
)
VALUES = st.decimals(
    min_value=-10_000_000, max_value=10_000_000, places=2, allow_nan=False, allow_infinity=False
)
STORED = [s for s in CellState if s not in (CellState.NO_QUESTION, CellState.NOT_RECORDED)]


@st.composite
def lines(draw: st.DrawFn, least: int = 0) -> list[Observation]:
    """Draw figures of some years, oldest first, with years missing."""
    years = sorted(draw(st.sets(st.integers(1990, 2040), min_size=least, max_size=30)))
    status = st.sampled_from(list(ObservationStatus))
    values = draw(st.one_of(st.just(VALUES), st.builds(st.just, VALUES)))
    return [year(y, draw(values), status=draw(status), basis=draw(st.sampled_from(Basis))) for y in years]


@st.composite
def metrics(draw: st.DrawFn) -> MetricSeries:
    """Draw a force and England and Wales over time, with breaks anywhere."""
    breaks = draw(st.lists(st.dates(date(1990, 1, 1), date(2040, 1, 1)), max_size=4, unique=True))
    return metric_series(
        draw(lines(least=1)),
        draw(lines()),
        breaks=[series_break(at, label=draw(NAMES)) for at in sorted(breaks)],
        name=draw(NAMES),
        unit=draw(st.sampled_from(["per 1,000 people", "% of recorded crime", "offences"])),
        decimals=draw(st.integers(0, 3)),
        caveat=draw(st.sampled_from(["", "Take care"])),
    )


@st.composite
def histories(draw: st.DrawFn) -> ForceHistory:
    """Draw a force's history over four cycles, with any states, several questions on a theme, and none."""
    cycles = (CYCLE_2016, CYCLE_2017, CYCLE_2021, CYCLE_2025)
    asked = [
        question(
            key, cycle=draw(st.sampled_from(cycles)).slug, theme=theme, graded=draw(st.sampled_from(Graded))
        )
        for key, theme in enumerate(
            draw(st.lists(st.sampled_from(["investigating-crime", "managing-offenders"]), max_size=10)), 1
        )
    ]
    tiers = {cycle.slug: cycle.tiers for cycle in cycles}
    points: list[GradePoint] = []
    for one in asked:
        if draw(st.booleans()):
            state = draw(st.sampled_from(STORED))
            level = draw(st.sampled_from(TIERS[tiers[one.cycle]])) if state in GRADE_STATES else None
            amended = level is not None and draw(st.booleans())
            points.append(
                point(
                    one,
                    level,
                    state=state,
                    carried_from=draw(st.sampled_from([None, "2016"])),
                    withheld_reason=draw(st.sampled_from(["", "the <attack>"])),
                    amendment=Amendment(on=date(2024, 8, 8), old=Level.GOOD, reason="wrong data")
                    if amended
                    else None,
                    sources=draw(
                        st.sampled_from(
                            [(), (source(),), (press(),), (source(), press(agrees=False, level=Level.GOOD))]
                        )
                    ),
                    published=draw(st.sampled_from([None, PartialDate(date(2016, 11, 3))])),
                )
            )
    return history(points, framework(asked, cycles=cycles), force=draw(NAMES))


SOURCE = SourceLine(text="Home Office", date="23 July 2026")
LABELS = st.one_of(
    NAMES, st.just("Meddiant ar arf ymosodol ac arfau tân, gan gynnwys " * 3), st.just("Tân" + "!" * 90)
)
SHOWN = {"title": "Recorded crime by type", "source": SOURCE, "period": "12 months to 31 March 2026"}
MAYBE = st.one_of(st.none(), VALUES.map(str))


@st.composite
def spreads(draw: st.DrawFn) -> ChartSpec:
    """Draw a picture of forces per grade, with forces missing and forces without a grade."""
    found = []
    for key in range(draw(st.integers(1, 12))):
        counts = draw(st.lists(st.integers(0, 8), min_size=5, max_size=5))
        asked = question(key, short_title=draw(LABELS))
        found.append(spread_of(counts, asked=asked, not_inspected=draw(st.integers(0, 3))))
    return grade_spread(cycle=CYCLE_2021, spreads=found)


@st.composite
def rankings(draw: st.DrawFn) -> ChartSpec:
    """Draw a ranking of any figures, some chosen and some left out."""
    slugs = draw(st.lists(st.sampled_from(sorted(TILES)), min_size=1, unique=True))
    values = {slug: draw(VALUES) for slug in slugs}
    return ranking(
        ranking=ranked(
            values,
            nation=draw(MAYBE),
            marked=draw(st.sets(st.sampled_from(slugs))),
            excluded=draw(st.sampled_from([{}, {"city-of-london": "Few people live there"}])),
        ),
        link=lambda slug: f"/forces/{slug}/",
    )


@st.composite
def pairs(draw: st.DrawFn) -> ChartSpec:
    """Draw a pair or a breakdown of any categories, with figures missing."""
    force = draw(NAMES)
    count = draw(st.integers(0, 11))
    if draw(st.booleans()):
        units = st.sampled_from(["per 1,000 people", "per 1,000 households"])
        lines = [category("All", draw(VALUES.map(str)), draw(MAYBE))]
        lines += [category(draw(LABELS), draw(MAYBE), draw(MAYBE), unit=draw(units)) for _i in range(count)]
        return pair(force=force, lines=lines, **SHOWN)
    nested = [outcome("Charged", 3563, "12.3")]
    nested += [
        outcome(draw(LABELS), None, draw(MAYBE), draw(MAYBE), depth=draw(st.integers(0, 2)))
        for _i in range(count)
    ]
    return breakdown(force=force, lines=nested, **SHOWN)


@st.composite
def shares(draw: st.DrawFn) -> ChartSpec:
    """Draw shares of a whole."""
    parts = st.decimals(min_value=0, max_value=100, places=1)
    lines = [
        ShareLine(label=draw(LABELS), value=draw(parts), comparator=draw(st.one_of(st.none(), parts)))
        for _i in range(draw(st.integers(1, 12)))
    ]
    return share(force=draw(NAMES), lines=lines, illustration=draw(st.booleans()), **SHOWN)


@st.composite
def maps(draw: st.DrawFn) -> ChartSpec:
    """Draw a map of grades or of a metric."""
    slugs = draw(st.lists(st.sampled_from(sorted(TILES)), min_size=1, unique=True))
    if draw(st.booleans()):
        levels = st.one_of(st.none(), st.sampled_from(Level))
        points = {slug: point(level=draw(levels)) if draw(st.booleans()) else None for slug in slugs}
        names = {slug: draw(NAMES) for slug in slugs}
        return tile_map_grades(
            cycle=CYCLE_2021, theme_title="Investigating crime", points=points, names=names
        )
    fifths = st.one_of(st.none(), st.integers(1, 5))
    return tile_map_metric(
        metric=metric(),
        tiles=[
            TileFigure(
                slug=slug,
                name=draw(NAMES),
                fifth=fifth,
                observation=year(2026, draw(VALUES)) if fifth else None,
                excluded="" if fifth else draw(st.sampled_from(["", "few people live there"])),
            )
            for slug, fifth in ((slug, draw(fifths)) for slug in slugs)
        ],
        period="12 months to 31 March 2026",
        source=SOURCE,
        link=lambda slug: f"/forces/{slug}/",
    )


FURTHER = st.one_of(spreads(), rankings(), pairs(), shares(), maps())
"""Any picture of the kinds of bars and tiles."""
