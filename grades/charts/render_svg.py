"""From a ChartSpec to SVG, through templates/charts/. Turns fractions into places; decides nothing about the data."""

from typing import Literal

from grades.charts.spec import ChartSpec

Paint = Literal["css", "fixed"]


def render_svg(spec: ChartSpec, *, paint: Paint = "css", id_prefix: str = "chart") -> str:
    """Draw a picture.

    `css` fits any width inside an element of class `chart-frame` and takes its colours from static/css/components/chart.css;
    `fixed` is a stand-alone file, 960 wide, that carries title, notes, breaks, source and licence.
    `id_prefix` keeps ids unique on a page.
    """
    raise NotImplementedError


def render_key(spec: ChartSpec) -> str:
    """Give the key as an HTML list (`<ul class="chart-key">`), to be put under the picture; "" without one."""
    raise NotImplementedError
