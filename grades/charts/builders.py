"""From history and series to pictures: what is drawn, what it finds, and the words and table that say the same.

Pure: no database, clock, Django or options of a renderer.
"""

from collections.abc import Callable, Sequence

from grades.charts.spec import ChartSpec
from grades.history import ForceHistory, HistoryCell, HistoryRow
from grades.series import MetricSeries


def grade_history(
    *,
    history: ForceHistory,
    rows: Sequence[HistoryRow] | None = None,
    pillars: bool = False,
    link: Callable[[HistoryCell], str] | None = None,
) -> ChartSpec:
    """Draw a force's grades: themes down, cycles across, a gutter at every break.

    `rows` picks some rows, such as one theme; `pillars` takes the pillars' own grades instead of the themes;
    `link` gives the address behind a cell, or "". Raises ValueError for a history without rows or cycles.
    """
    raise NotImplementedError


def can_draw(series: MetricSeries) -> bool:
    """Say whether a force has any figure of a metric; without one there is no trend to draw."""
    return bool(series.force.observations)


def trend(*, series: MetricSeries) -> ChartSpec:
    """Draw one metric over time for a force and England and Wales. Raises ValueError where `can_draw` says no."""
    raise NotImplementedError
