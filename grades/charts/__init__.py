"""Pictures: specs, their builders and their renderers."""

from grades.charts.builders import can_draw, grade_history, trend
from grades.charts.render_svg import render_key, render_svg
from grades.charts.spec import ChartSpec, Table

__all__ = ["ChartSpec", "Table", "can_draw", "grade_history", "render_key", "render_svg", "trend"]
