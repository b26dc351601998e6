"""From a picture as a file to PNG. The only module that knows resvg.

The faces come with the image, as packages, and those of the machine are left alone: the same picture everywhere. The SVG
names faces of readers' machines, of which none is here: ours are named in their stead, as the search for six others, text by
text, takes a fifth of the time.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import resvg

from grades.charts import pens
from grades.charts.render_svg import render_svg
from grades.charts.spec import ChartSpec

Scale = Literal[1, 2]

SERIF_PACKAGE, SERIF = "fontpkg_source_serif_4", "Source Serif 4"
SANS_PACKAGE, SANS = "fontpkg_arimo", "Arimo"


@cache
def font_files() -> tuple[Path, ...]:
    """Give the font files of the installed packages, upright faces alone; raise RuntimeError where one is missing."""
    found: list[Path] = []
    for package in (SERIF_PACKAGE, SANS_PACKAGE):
        place = find_spec(package)
        if place is None or place.origin is None:
            raise RuntimeError(
                f"The package {package}, which carries a face of our pictures, is not installed."
            )
        files = sorted(Path(place.origin).parent.joinpath("files").glob("*.ttf"))
        found += [file for file in files if "Italic" not in file.name]
    return tuple(found)


@cache
def _faces() -> tuple[bytes, ...]:
    """Read the faces once: named as files, they would be opened again for every text."""
    return tuple(file.read_bytes() for file in font_files())


def svg_to_png(svg: str, *, scale: Scale = 1) -> bytes:
    """Turn a stand-alone SVG of ours into a PNG, one pixel a pixel or two; raise ValueError for what is no picture."""
    options = resvg.usvg.Options.default()  # belongs to one thread, and is made in a tenth of a millisecond
    options.font_family = SANS
    for face in _faces():
        options.load_font_data(face)
    named = svg.replace(pens.SANS, f"'{SANS}'").replace(pens.SERIF, f"'{SERIF}'")
    try:
        tree = resvg.usvg.Tree.from_str(named, options)
        width, height = tree.int_size()
        return resvg.render(tree, (scale, 0, 0, 0, scale, 0), bg_size=(width * scale, height * scale))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:  # the library's own failures are no Exception, and would end the worker
        raise ValueError(f"This SVG cannot be drawn: {panic}") from panic


def render_png(spec: ChartSpec, *, scale: Scale = 1, licence: str | None = None, credit: str = "") -> bytes:
    """Draw a picture as PNG: the same as the stand-alone SVG, 960 wide, or 1,920 at scale 2."""
    return svg_to_png(render_svg(spec, paint="fixed", licence=licence, credit=credit), scale=scale)
