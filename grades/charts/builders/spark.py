"""The tiny line of a tile: the shape of a series, with everything else left to the tile."""

from dataclasses import replace

from grades.charts.builders.trend import trend
from grades.charts.spec import ChartSpec, Kind
from grades.series import MetricSeries


def spark(*, series: MetricSeries) -> ChartSpec:
    """Draw the line of a force, small, with England and Wales faint. Raises ValueError without a figure."""
    spec = trend(series=series)
    return replace(spec, kind=Kind.SPARK, description=spec.title, key=())
