"""From a picture as a file to PNG. The only module that knows resvg.

The faces come with the image, as packages, and those of the machine are left alone: the same picture everywhere. The SVG
names faces of readers' machines, of which none is here: ours are named in their stead, as the search for six others, text by
text, takes a fifth of the time.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import resvg_py

from grades.charts import pens
from grades.charts.render_svg import render_svg
from grades.charts.spec import ChartSpec

Scale = Literal[1, 2]

SERIF_PACKAGE, SERIF = "fontpkg_source_serif_4", "Source Serif 4"
SANS_PACKAGE, SANS = "fontpkg_arimo", "Arimo"


@cache
def font_files() -> list[str]:
    """Give the font files of the installed packages, upright faces alone; raise RuntimeError where one is missing."""
    found = []
    for package in (SERIF_PACKAGE, SANS_PACKAGE):
        place = find_spec(package)
        if place is None or place.origin is None:
            raise RuntimeError(
                f"The package {package}, which carries a face of our pictures, is not installed."
            )
        files = sorted(Path(place.origin).parent.joinpath("files").glob("*.ttf"))
        found += [str(file) for file in files if "Italic" not in file.name]
    return found


def svg_to_png(svg: str, *, scale: Scale = 1) -> bytes:
    """Turn a stand-alone SVG of ours into a PNG, one pixel a pixel or two."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg.replace(pens.SANS, f"'{SANS}'").replace(pens.SERIF, f"'{SERIF}'"),
            zoom=scale,
            skip_system_fonts=True,
            font_files=font_files(),
            font_family=SANS,
            sans_serif_family=SANS,
            serif_family=SERIF,
        )
    )


def render_png(spec: ChartSpec, *, scale: Scale = 1, licence: str | None = None, credit: str = "") -> bytes:
    """Draw a picture as PNG: the same as the stand-alone SVG, 960 wide, or 1,920 at scale 2."""
    return svg_to_png(render_svg(spec, paint="fixed", licence=licence, credit=credit), scale=scale)
