"""Legal inputs of the builders, drawn at random."""

from datetime import date

from hypothesis import strategies as st

from grades.dates import PartialDate
from grades.history import Amendment, ForceHistory, GradePoint
from grades.scales import GRADE_STATES, TIERS, Basis, CellState, Graded, Level, ObservationStatus
from grades.series import MetricSeries, Observation
from tests.builders import (
    CYCLE_2016,
    CYCLE_2017,
    CYCLE_2021,
    CYCLE_2025,
    framework,
    history,
    metric_series,
    point,
    press,
    question,
    series_break,
    source,
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
