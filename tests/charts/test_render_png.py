"""The pictures as PNG: the size of the SVG, in faces that come with us, with every text drawn."""

import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from grades.charts import grade_history, render_svg, trend
from grades.charts.pens import SANS, SERIF
from grades.charts.render_png import font_files, render_png, svg_to_png
from grades.charts.spec import ChartSpec
from grades.scales import CellState, Level
from tests.builders import linked_history, metric_series, series_break, year

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" font-family="{face}">{mark}</svg>'


@pytest.fixture(params=["lines", "grid"])
def spec(request: pytest.FixtureRequest) -> ChartSpec:
    if request.param == "grid":
        facts = linked_history(
            Level.GOOD, Level.INADEQUATE, state=CellState.CARRIED_FORWARD, carried_from="2016"
        )
        return grade_history(history=facts)
    own = [year(y, str(50 + y % 7)) for y in range(2015, 2027)]
    return trend(series=metric_series(own, own, breaks=[series_break(date(2019, 4, 1))]))


def size(png: bytes) -> tuple[int, int]:
    """Read width and height from the head of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("scale", [1, 2])
def test_png_is_the_file_at_one_or_two_pixels_a_pixel(spec, scale):
    height = int(render_svg(spec, paint="fixed").split('height="')[1].split('"')[0])

    assert size(render_png(spec, scale=scale)) == (960 * scale, height * scale)


def test_same_picture_gives_the_same_bytes(spec):
    assert render_png(spec) == render_png(spec)


def test_faces_come_with_us_in_a_serif_and_a_sans():
    names = [file.name for file in font_files()]

    assert [name.split("[")[0] for name in names] == ["SourceSerif4", "Arimo"]


@pytest.mark.parametrize("sign", ["ŵ", "Ŷ", "≠", "†", "‡", "*", "−", "–", "“", "·", "?"])
@pytest.mark.parametrize("face", [SANS, SERIF])
def test_every_sign_of_our_pictures_is_drawn(sign, face):
    def drawn(text: str) -> bytes:
        return svg_to_png(SQUARE.format(face=face, mark=f'<text x="10" y="40" font-size="30">{text}</text>'))

    empty, unknown = drawn(" "), drawn("\N{GOTHIC LETTER AHSA}")
    assert drawn(sign) not in (empty, unknown)


def test_faces_of_titles_and_texts_differ():
    mark = '<text x="2" y="40" font-size="20">Agra</text>'

    assert svg_to_png(SQUARE.format(face=SANS, mark=mark)) != svg_to_png(SQUARE.format(face=SERIF, mark=mark))


@pytest.mark.parametrize("face", [SANS, SERIF])
def test_bold_texts_are_bold(face):
    def drawn(weight: int) -> bytes:
        mark = f'<text x="2" y="40" font-size="20" font-weight="{weight}">Agra</text>'
        return svg_to_png(SQUARE.format(face=face, mark=mark))

    assert len({drawn(400), drawn(600), drawn(700)}) == 3


def test_several_threads_draw_at_once(spec):
    with ThreadPoolExecutor(max_workers=4) as threads:
        drawn = list(threads.map(render_png, [spec] * 8))

    assert set(drawn) == {render_png(spec)}


def test_colours_are_those_of_the_file():
    png = svg_to_png(SQUARE.format(face=SANS, mark='<rect width="60" height="60" fill="#102342"/>'))

    assert png != svg_to_png(SQUARE.format(face=SANS, mark='<rect width="60" height="60" fill="#2c558c"/>'))


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="cannot be drawn"):
        svg_to_png("no picture")
