"""One grade as a small picture, 360 wide: the theme, the grade's word on its colour, when, by whom. As SVG alone."""

from typing import Any

from django.template.loader import get_template

from grades.charts import palette
from grades.charts.layout import text_width, wrap
from grades.charts.pens import SANS, SERIF, attributes, hatch_ink
from grades.charts.spec import ChartSpec

WIDTH, MARGIN = 360, 16
TITLE_SIZE, TITLE_STEP = 17, 21
WORD_SIZE, WORD_HEIGHT = 19, 38
FOOT_SIZE, FOOT_STEP = 11, 15

Context = dict[str, Any]


def badge(spec: ChartSpec, *, over: str, licence: str, credit: str) -> str:
    """Draw the one cell of a grade history. `over` names the force; `licence` and `credit` stand below, as in any file.

    Raises ValueError for a picture of more than one place.
    """
    if spec.grid is None or len(spec.grid.rows) != 1 or len(spec.grid.columns) != 1:
        raise ValueError("a badge shows one theme in one cycle")
    room = WIDTH - 2 * MARGIN
    theme, cycle = spec.grid.rows[0].label, spec.grid.columns[0].label
    title = wrap(theme, room, TITLE_SIZE, bold=True)
    at = MARGIN + 14 + 6 + TITLE_STEP * len(title) + 10
    items, foot = [], []
    for cell in spec.grid.cells:
        word = f"{cell.word}{cell.marks}"
        paint = palette.paint(cell.level) if cell.level else None
        box = {
            "x": MARGIN,
            "y": at,
            "width": text_width(word, WORD_SIZE, bold=True) + 28,
            "height": WORD_HEIGHT,
        }
        look = f'fill="{paint.fill}"' if paint else 'fill="none" stroke-dasharray="3 3"'
        items.append(
            {
                "title": cell.title,
                "box": attributes(f'{look} stroke="{palette.OUTLINE}"', rx="2", **box),
                "hatch": attributes(f'fill="url(#{hatch_ink(cell.level)})"', **box)
                if cell.hatched and cell.level
                else "",
                "ink": paint.text if paint else palette.INK,
                "halo": paint.fill if paint and cell.hatched else "",
                "x": MARGIN + 14,
                "y": at + WORD_HEIGHT / 2 + 7,
                "word": word,
            }
        )
        at += WORD_HEIGHT + 8
        foot.append(cell.title)
    source = spec.source
    notes = [*foot, *spec.notes, f"{source.text}, {source.date}.", f"{licence} {credit}"]
    lines = []
    for note in notes:
        for text in wrap(note, room, FOOT_SIZE):
            at += FOOT_STEP
            lines.append((text, at))
        at += 3
    context: Context = {
        "width": WIDTH,
        "height": at + MARGIN - 4,
        "margin": MARGIN,
        "serif": SERIF,
        "sans": SANS,
        "ink": palette.INK,
        "muted": palette.MUTED,
        "paper": palette.PAPER,
        "accent": palette.ACCENT,
        "spec": spec,
        "over": f"{over} · {cycle}",
        "title": [(line, MARGIN + 14 + 22 + TITLE_STEP * i) for i, line in enumerate(title)],
        "patterns": [("light", palette.WHITE, ".32"), ("dark", palette.BLACK, ".28")],
        "items": items,
        "lines": lines,
    }
    text = get_template("charts/badge.svg").render(context)
    return "".join(line.strip() for line in text.split("\n"))
