"""Pictures: specs, their builders and their renderers."""

from grades.charts.builders import (
    breakdown,
    can_draw,
    can_map,
    grade_history,
    grade_spread,
    pair,
    ranking,
    share,
    spark,
    tile_map_grades,
    tile_map_metric,
    trend,
)
from grades.charts.builders.figures import figures_source
from grades.charts.builders.listed import listed
from grades.charts.render_svg import render_key, render_svg
from grades.charts.spec import ChartSpec, Table

__all__ = [
    "ChartSpec",
    "Table",
    "breakdown",
    "can_draw",
    "can_map",
    "figures_source",
    "grade_history",
    "grade_spread",
    "listed",
    "pair",
    "ranking",
    "render_key",
    "render_svg",
    "share",
    "spark",
    "tile_map_grades",
    "tile_map_metric",
    "trend",
]
