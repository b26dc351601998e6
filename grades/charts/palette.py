"""The colours and letters of grades. The only place in Python with hex values; equal to `static/css/tokens.css`.

Dark is better. Measured apart in normal, red-blind, green-blind, blue-blind and grey vision; the colour is never the
only carrier, because every cell also has a word or a letter.
"""

from dataclasses import dataclass

from grades.scales import LETTERS, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """How one grade looks: fill, text upon it, and the letter that stands for its word."""

    fill: str
    text: str
    letter: str


WHITE = "#FFFFFF"
BLACK = "#0B0C0C"

INK = BLACK
"""Text of a stand-alone picture."""
MUTED = "#565C63"
"""Lesser text and the comparator of a stand-alone picture: 6.7:1 on white."""
RULE = "#D9D5CA"
"""Thin rules of a stand-alone picture."""
ACCENT = "#6A2A5B"
"""The line of the subject in a stand-alone picture; no colour of a grade."""
SECOND, THIRD, FOURTH = "#0B7261", "#A84300", "#5A5F00"
"""The lines of further subjects beside the first; like the accent no colours of grades, and each line bears its name."""
PAPER = WHITE
"""Ground of a stand-alone picture."""
PAGE, DARK_PAGE = "#FDFCF9", "#14161A"
"""Ground of a page and of a block on other sites, in the light and in the dark."""
OUTLINE = BLACK
"""The line round every cell: the lightest grade alone would not stand out from the paper."""

PAINTS: dict[Level, Paint] = {
    Level.OUTSTANDING: Paint(fill="#102342", text=WHITE, letter=LETTERS[Level.OUTSTANDING]),
    Level.GOOD: Paint(fill="#2C558C", text=WHITE, letter=LETTERS[Level.GOOD]),
    Level.ADEQUATE: Paint(fill="#57888F", text=BLACK, letter=LETTERS[Level.ADEQUATE]),
    Level.REQUIRES_IMPROVEMENT: Paint(fill="#DFA07B", text=BLACK, letter=LETTERS[Level.REQUIRES_IMPROVEMENT]),
    Level.INADEQUATE: Paint(fill="#F4F263", text=BLACK, letter=LETTERS[Level.INADEQUATE]),
}
"""Each grade's paint, best first."""


FIFTHS: dict[str, tuple[str, str]] = {
    "fifth-1": ("#F8F3F6", BLACK),
    "fifth-2": ("#D3BDCC", BLACK),
    "fifth-3": ("#AB85A1", BLACK),
    "fifth-4": ("#7D4A72", WHITE),
    "fifth-5": ("#471B3F", WHITE),
}
"""Fill and text of each fifth of a metric, lowest first: one hue, of no grade, and no judgment."""


def paint(level: str) -> Paint:
    """Give the paint of a grade by its slug; raise ValueError for anything that is no grade."""
    return PAINTS[Level(level)]
