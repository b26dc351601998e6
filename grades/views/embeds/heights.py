"""How high a block is, worked out from its texts: a frame without script cannot ask. Pure; equal to static/css/embed/block.css.

Widths and heights are CSS pixels at the usual size of text. The estimate is on the generous side; a browser test holds it
against what Chromium lays out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from grades.charts.layout import wrap

NARROWEST = 320
"""The width for which a height is given where nothing is known of the page around it."""
WIDTHS = (320, 400, 480, 560, 640, 760, 900, 1200)
"""A frame without script keeps its height, so it has to do at any of these."""
SIDE = 26
"""Border and padding at the two sides of a block."""
AROUND = 38
"""Border and padding above and below, and a little to spare."""
WIDE_FACES = 1.08
"""Some devices' own faces run so much wider than the estimate."""
WIDE = 704
"""From this width of its content on, a block has room for words instead of letters and for things side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a kind of text is set: size and step of its lines, the space around it, and what it leaves free at the side."""

    size: float
    step: float
    around: float = 0
    inset: float = 0
    bold: bool = False


OVER = Style(size=13, step=18, around=4)
TITLE = Style(size=18, step=20, around=8, bold=True)
WIDE_TITLE = Style(size=21, step=25, around=8, bold=True)
NOTICE = Style(size=13, step=18, around=10, inset=13)
TEXT = Style(size=13, step=18, around=8)
NOTE = Style(size=12, step=16)
NOTES = Style(size=12, step=15, around=6)
STACK = Style(size=12, step=14)
SOURCE = Style(size=12, step=16, around=2)
KEY = Style(size=12, step=18)
FOLD = 34
"""The fold over the table, closed."""


def high(text: str, width: float, style: Style) -> float:
    """Give the height of one paragraph."""
    lines = wrap(text, (width - style.inset) / WIDE_FACES, style.size, bold=style.bold)
    return style.around + style.step * len(lines)


def stacked(texts: Iterable[str], width: float, style: Style) -> float:
    """Give the height of paragraphs one below another."""
    return sum(high(text, width, style) for text in texts)


def flowed(labels: Sequence[str], width: float, *, sign: float = 24, gap: float = 14) -> float:
    """Give the height of a key whose items flow in lines, each with a sign before its label."""
    lines, at = 1, 0.0
    for label in labels:
        wide = sign + len(label) * KEY.size * 0.6
        if at and at + wide > width:
            lines, at = lines + 1, 0.0
        at += wide + gap
    return KEY.step * lines if labels else 0


def whole(*parts: float) -> int:
    """Give the height of a block from those of its parts."""
    return ceil(AROUND + sum(parts))
