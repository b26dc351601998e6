"""From a ChartSpec to SVG, through templates/charts/. Turns fractions into places; decides nothing about the data.

Two paints of one drawing. `css` fits any width: places across are per cent, places down are pixels, lines alone sit in a
stretched viewBox, colours and widths come from classes. `fixed` is a file: pixels and literal colours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grades.charts import palette
from grades.charts.layout import levels, spread, text_width, wrap
from grades.charts.spec import Axis, Band, Break, Cell, ChartSpec, Grid, KeyItem, Kind, Line, Point, Role

Paint = Literal["css", "fixed"]

FILE_WIDTH = 960
MARGIN = 24
PLOT_HEIGHT = 230
TRACK = 42
"""Height of one row of cells, in pixels."""
HEAD = 54
"""Height of the head of a grid: cycle and inspectorate, or the cycle turned upright where room is short."""
LABEL_WIDTH = 196
NARROW_LABEL_WIDTH = 112
CELL_GAP = 0.0032
"""Free space at each side of a cell, as a fraction of the grid."""
VALUE_SIZE, NAME_SIZE, TEXT_SIZE, SMALL_SIZE, TITLE_SIZE = 17, 13, 13, 11, 25
NARROW_PLOT = 190
"""About what is left of a plot on the narrowest screen: labels above it must not meet there either."""
STRETCHED = 1000


def render_svg(
    spec: ChartSpec,
    *,
    paint: Paint = "css",
    id_prefix: str = "chart",
    licence: str | None = None,
    credit: str = "",
) -> str:
    """Draw a picture.

    `css` fits any width inside an element of class `chart-frame` and takes its colours from static/css/components/chart.css;
    `fixed` is a stand-alone file, 960 wide, that carries title, key, breaks, notes, source, licence and, where given,
    the `credit`. `id_prefix` keeps ids unique on a page. Raises ValueError for a kind that has no drawing yet.
    """
    canvas = _Canvas(fixed=paint == "fixed", prefix=id_prefix)
    if spec.kind not in _DRAWINGS:
        raise ValueError(f"no drawing of {spec.kind} yet")
    template, draw = _DRAWINGS[spec.kind]
    context = draw(spec, canvas) | {
        "spec": spec,
        "id": id_prefix,
        "fixed": canvas.fixed,
        "pen": canvas.pens,
        "picture": template,
        "role": "group" if spec.grid and any(cell.link for cell in spec.grid.cells) else "img",
    }
    if not canvas.fixed:
        return _tight(render_to_string("charts/page.svg", context | {"total": round(context["height"])}))
    head = wrap(spec.title, canvas.width, TITLE_SIZE)
    top = MARGIN + 32 * len(head) + 16
    foot, foot_height = _foot(
        spec, top + context["height"] + 14, prefix=id_prefix, licence=licence, credit=credit
    )
    context |= {
        "left": MARGIN,
        "top": top,
        "width": FILE_WIDTH,
        "total": round(top + context["height"] + 14 + foot_height + MARGIN),
        "head": [(line, MARGIN + TITLE_SIZE + i * 32) for i, line in enumerate(head)],
        "foot": foot,
    }
    return _tight(render_to_string("charts/file.svg", context))


def render_key(spec: ChartSpec) -> str:
    """Give the key as an HTML list (`<ul class="chart-key">`), to be put beside the picture; "" without one."""
    if not spec.key:
        return ""
    items = [{"label": item.label, "sign": item.letter, "look": _look(item)} for item in spec.key]
    return _tight(render_to_string("charts/key.svg", {"spec": spec, "items": items}))


def _tight(text: str) -> SafeString:
    """Take the template's own line breaks out; texts inside keep their single spaces."""
    return mark_safe("".join(line.strip() for line in text.split("\n")))  # noqa: S308 - escaped by the template


def _n(value: float) -> str:
    """Give a place as short text: one decimal at most."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Canvas:
    """How places across are written: per cent, or pixels of a width."""

    fixed: bool
    prefix: str
    width: float = FILE_WIDTH - 2 * MARGIN

    @property
    def pens(self) -> dict[str, SafeString]:
        """Give the attributes that paint each kind of mark."""
        return FIXED_PENS if self.fixed else CSS_PENS

    def x(self, fraction: float) -> str:
        """Give a place across."""
        return _n(fraction * self.width) if self.fixed else f"{_percent(fraction)}%"


def _percent(fraction: float) -> str:
    return f"{round(fraction * 100, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _pens(css: dict[str, str]) -> dict[str, SafeString]:
    return {name: mark_safe(attributes) for name, attributes in css.items()}  # noqa: S308 - constants


SANS = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
SERIF = "Charter, Bitstream Charter, Sitka Text, Cambria, Georgia, serif"

CSS_PENS = _pens(
    {
        "grid": 'class="chart-grid"',
        "zero": 'class="chart-zero"',
        "tick": 'class="chart-text"',
        "minor": 'class="chart-text tick--minor"',
        "label": 'class="chart-text chart-muted"',
        "break": 'class="chart-break"',
        "break_label": 'class="chart-text chart-break-label"',
        "leader": 'class="chart-leader"',
        "end-subject": 'class="chart-end chart-end--subject"',
        "end-comparator": 'class="chart-end chart-end--comparator"',
        "end-other": 'class="chart-end chart-end--other"',
        "end_value": 'class="chart-end-value"',
        "end_name": 'class="chart-end-name"',
        "line-subject": 'class="chart-line chart-line--subject"',
        "line-comparator": 'class="chart-line chart-line--comparator"',
        "line-other": 'class="chart-line chart-line--other"',
        "dash-subject": 'class="chart-line chart-line--subject chart-line--provisional"',
        "dash-comparator": 'class="chart-line chart-line--comparator chart-line--provisional"',
        "dash-other": 'class="chart-line chart-line--other chart-line--provisional"',
        "dot-subject": 'class="chart-dot chart-dot--subject"',
        "dot-comparator": 'class="chart-dot chart-dot--comparator"',
        "dot-other": 'class="chart-dot chart-dot--other"',
        "ring-subject": 'class="chart-dot chart-dot--subject chart-dot--provisional"',
        "ring-comparator": 'class="chart-dot chart-dot--comparator chart-dot--provisional"',
        "ring-other": 'class="chart-dot chart-dot--other chart-dot--provisional"',
        "hit": 'class="chart-hit"',
        "rule": 'class="chart-grid"',
        "gutter": 'class="chart-gutter"',
        "head": 'class="chart-text chart-head chart-head--wide"',
        "note": 'class="chart-text chart-small chart-head--wide"',
        "sign": 'class="chart-text chart-gutter-text"',
        "gutter_one": 'class="chart-text chart-gutter-text chart-gutter-text--one"',
        "gutter_two": 'class="chart-text chart-gutter-text chart-gutter-text--two"',
        "row": 'class="chart-text chart-row"',
        "hatch_light": 'class="chart-hatch chart-hatch--light"',
        "hatch_dark": 'class="chart-hatch chart-hatch--dark"',
    }
)

_TEXT = f'font-family="{SANS}" font-size="{TEXT_SIZE}" fill="{palette.INK}"'
_MUTED_TEXT = f'font-family="{SANS}" font-size="{TEXT_SIZE}" fill="{palette.MUTED}"'
_SMALL = f'font-family="{SANS}" font-size="{SMALL_SIZE}" fill="{palette.MUTED}"'
_STROKES = {"subject": (palette.ACCENT, 2.5), "comparator": (palette.MUTED, 2), "other": (palette.MUTED, 1.5)}

FIXED_PENS = _pens(
    {
        "paper": f'fill="{palette.PAPER}"',
        "title": f'font-family="{SERIF}" font-size="{TITLE_SIZE}" font-weight="600" fill="{palette.INK}"',
        "text": _TEXT,
        "grid": f'stroke="{palette.RULE}"',
        "zero": f'stroke="{palette.INK}"',
        "tick": _TEXT,
        "minor": _TEXT,
        "label": _MUTED_TEXT,
        "break": f'stroke="{palette.INK}" stroke-dasharray="2 3"',
        "break_label": _TEXT,
        "leader": f'stroke="{palette.RULE}"',
        "end_value": f'font-size="{VALUE_SIZE}" font-weight="700"',
        "end_name": f'font-size="{NAME_SIZE}"',
        "hit": 'fill="none"',
        "rule": f'stroke="{palette.RULE}"',
        "gutter": f'fill="{palette.RULE}" fill-opacity=".35"',
        "head": f'{_TEXT} font-weight="700"',
        "note": _SMALL,
        "small": f'font-family="{SANS}" font-size="{TEXT_SIZE - 1}" fill="{palette.MUTED}"',
        "sign": _MUTED_TEXT,
        "gutter_one": _SMALL,
        "gutter_two": _SMALL,
        "row": _TEXT,
        "hatch_light": f'stroke="{palette.WHITE}" stroke-width="3" stroke-opacity=".3"',
        "hatch_dark": f'stroke="{palette.BLACK}" stroke-width="3" stroke-opacity=".25"',
    }
    | {f"end-{role}": f'font-family="{SANS}" fill="{colour}"' for role, (colour, _w) in _STROKES.items()}
    | {
        f"line-{role}": f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round"'
        for role, (colour, width) in _STROKES.items()
    }
    | {
        f"dash-{role}": f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="5 4"'
        for role, (colour, width) in _STROKES.items()
    }
    | {f"dot-{role}": f'fill="{colour}" stroke="{palette.PAPER}"' for role, (colour, _w) in _STROKES.items()}
    | {
        f"ring-{role}": f'fill="{palette.PAPER}" stroke="{colour}" stroke-width="2"'
        for role, (colour, _w) in _STROKES.items()
    }
)


# Trend


def _trend(spec: ChartSpec, canvas: _Canvas) -> dict[str, Any]:
    """Place the axes, runs, breaks and end labels of a trend."""
    x, y = spec.x, spec.y
    if x is None or y is None:
        raise ValueError("a trend has an axis of time and an axis of values")
    left = 12 + round(max(text_width(tick.label, TEXT_SIZE) for tick in y.ticks) / 12 + 0.5) * 12
    ends = [_end_lines(line) for line in spec.lines]
    right = 22 + max(
        max(text_width(t, NAME_SIZE, bold=True) for t in [*names, line.end.text + "0"])
        for names, line in zip(ends, spec.lines, strict=True)
    )
    size = next(s for s in (100, 140, 180, 240) if right <= s or s == 240)
    plot = _Canvas(fixed=canvas.fixed, prefix=canvas.prefix, width=canvas.width - left - size)
    labels = _break_labels(spec.breaks, plot)
    top = 30 + 16 * max((label["rows"] for label in labels), default=0)
    return {
        "height": top + PLOT_HEIGHT + 48,
        "plot": {
            "x": left,
            "y": top,
            "height": PLOT_HEIGHT,
            "width": _n(plot.width),
            "left": left // 12,
            "right": size,
            "short": 56
            if max(text_width(line.end.text, VALUE_SIZE, bold=True) for line in spec.lines) < 44
            else 88,
            "bottom": PLOT_HEIGHT + 20,
            "foot": PLOT_HEIGHT + 42,
            "edge": plot.x(1),
            "share": f"{max(50, 100 - round((left + size) / 5.6))}%",
        },
        "stretched": f"0 0 {STRETCHED} {PLOT_HEIGHT}",
        "y_label": y.label,
        "x_label": x.label,
        "rules": [
            {
                "y": _down(tick.value, y),
                "label": tick.label,
                "pen": plot.pens["zero" if tick.value == 0 else "grid"],
            }
            for tick in y.ticks
            if tick.value is not None
        ],
        "ticks": [
            {
                "x": plot.x(tick.position),
                "label": tick.label,
                "pen": plot.pens["minor" if tick.minor else "tick"],
            }
            for tick in x.ticks
        ],
        "breaks": labels,
        "lines": [_line(line, y, plot) for line in spec.lines[::-1]],
        "ends": _ends(spec.lines, ends, y, plot),
    }


def _down(value: Decimal, axis: Axis) -> str:
    return _n((1 - axis.fraction(value)) * PLOT_HEIGHT)


def _line(line: Line, axis: Axis, plot: _Canvas) -> dict[str, Any]:
    """Give the strokes, dots and places to point at of one line."""
    wide = plot.width if plot.fixed else STRETCHED
    strokes = []
    for run in line.runs:
        strokes += [
            {
                "dashed": dashed,
                "points": " ".join(f"{_n(point.x * wide)},{_down(point.value, axis)}" for point in part),
                "pen": plot.pens[("dash-" if dashed else "line-") + line.role],
            }
            for dashed, part in _parts(run)
        ]
    last = line.points[-1]
    dots = []
    for run in line.runs:
        for point in run:
            seen = point is last or len(run) == 1 or point.provisional
            pen = ("ring-" if point.provisional else "dot-") + line.role if seen else "hit"
            if seen or not plot.fixed:
                dots.append(
                    {
                        "x": plot.x(point.x),
                        "y": _down(point.value, axis),
                        "r": 4 if seen else 7,
                        "title": point.title,
                        "pen": plot.pens[pen],
                    }
                )
    return {"strokes": strokes, "dots": dots}


def _parts(run: tuple[Point, ...]) -> list[tuple[bool, list[Point]]]:
    """Cut a run where it turns from settled to provisional or back; neighbouring parts share a point."""
    parts: list[tuple[bool, list[Point]]] = []
    for earlier, later in pairwise(run):
        dashed = earlier.provisional or later.provisional
        if parts and parts[-1][0] == dashed:
            parts[-1][1].append(later)
        else:
            parts.append((dashed, [earlier, later]))
    return parts


def _end_lines(line: Line) -> list[str]:
    return wrap(line.end.name, 150, NAME_SIZE)


def _ends(lines: tuple[Line, ...], names: list[list[str]], axis: Axis, plot: _Canvas) -> list[dict[str, Any]]:
    """Place the labels at the ends of the lines, clear of each other."""
    heights = [VALUE_SIZE + 4 + 15 * len(found) for found in names]
    wanted = [(1 - axis.fraction(line.end.value)) * PLOT_HEIGHT for line in lines]
    middles = [at + height / 2 - VALUE_SIZE / 2 for at, height in zip(wanted, heights, strict=True)]
    placed = spread(middles, heights, -12, PLOT_HEIGHT + 12)
    found = []
    for line, name, at, height, middle in zip(lines, names, wanted, heights, placed, strict=True):
        base = middle - height / 2 + VALUE_SIZE - 2
        away = abs(base - 6 - at) > 5
        found.append(
            {
                "pen": plot.pens[f"end-{line.role}"],
                "text": line.end.text,
                "value_y": _n(base),
                "names": [(text, _n(base + 15 * (i + 1))) for i, text in enumerate(name)],
                "from": _n(at),
                "to": _n(base - 6),
                "away": away,
                "top": middle - height / 2,
                "bottom": middle + height / 2,
            }
        )
    return found


def _break_labels(breaks: tuple[Break, ...], plot: _Canvas) -> list[dict[str, Any]]:
    """Place the label of each break above the plot, clear of the others even on the narrowest screen."""
    spans = []
    for at in breaks:
        width = text_width(at.label, TEXT_SIZE) + 12
        middle = at.position * NARROW_PLOT
        spans.append((middle - 6, middle + width) if at.position < 0.5 else (middle - width, middle + 6))
    order = sorted(range(len(spans)), key=lambda i: spans[i][0])
    rows = dict(zip(order, levels([spans[i] for i in order]), strict=True))
    return [
        {
            "x": plot.x(at.position),
            "label": at.label,
            "reason": at.reason,
            "anchor": "start" if at.position < 0.5 else "end",
            "dx": 5 if at.position < 0.5 else -5,
            "y": -8 - 16 * rows[i],
            "top": -18 - 16 * rows[i],
            "rows": rows[i] + 1,
        }
        for i, at in enumerate(breaks)
    ]


# Grade history


def _grade_history(spec: ChartSpec, canvas: _Canvas) -> dict[str, Any]:
    """Place heads, row labels, cells and gutters of a grade history."""
    grid = spec.grid
    if grid is None:
        raise ValueError("a grade history has a grid")
    tracks = sum(row.tracks for row in grid.rows)
    tall = tracks * TRACK
    plot = _Canvas(fixed=canvas.fixed, prefix=canvas.prefix, width=canvas.width - LABEL_WIDTH)
    hatched = any(cell.hatched for cell in grid.cells)
    return {
        "height": HEAD + tall + 2,
        "grid": {"x": LABEL_WIDTH, "y": HEAD, "height": tall, "edge": canvas.x(1)},
        "patterns": [
            {"id": f"{canvas.prefix}-{ink}", "pen": plot.pens[f"hatch_{ink}"]}
            for ink in ("light", "dark")
            if hatched
        ],
        "heads": [
            {
                "x": plot.x((band.start + band.end) / 2),
                "label": band.label,
                "note": band.note,
                "y": -24 if band.note else -9,
                "note_y": -9,
            }
            for band in grid.columns
        ],
        "rows": [_row(band, tall) for band in grid.rows],
        "gutters": [_gutter(at, tall, plot) for at in spec.breaks],
        "cells": [_cell(cell, grid, plot, canvas.prefix, tall) for cell in grid.cells],
    }


def _ink(text: str) -> str:
    return "light" if text == palette.WHITE else "dark"


def _lines(texts: list[str], middle: float, step: float) -> list[tuple[str, str]]:
    """Centre lines of text on a height; give each with its baseline."""
    first = middle - (len(texts) - 1) * step / 2 + step * 0.32
    return [(text, _n(first + i * step)) for i, text in enumerate(texts)]


def _row(band: Band, tall: float) -> dict[str, Any]:
    top, bottom = band.start * tall, band.end * tall
    middle = HEAD + top + (bottom - top) / 2
    return {
        "rule": _n(HEAD + bottom),
        "wide": _lines(wrap(band.label, LABEL_WIDTH - 16, TEXT_SIZE + 1), middle, 17),
        "narrow": _lines(wrap(band.label, NARROW_LABEL_WIDTH - 6, SMALL_SIZE + 0.5), middle, 13),
    }


def _gutter(at: Break, tall: float, plot: _Canvas) -> dict[str, Any]:
    """Write the reason into the gutter where it fits in two lines, else the label, else a sign alone."""
    reason = wrap(at.reason, tall - 16, SMALL_SIZE)
    if len(reason) > 2:
        reason = []
    label = at.label if text_width(at.label, SMALL_SIZE) <= tall - 8 else ""
    texts = reason or ([label] if label else [])
    inset = CELL_GAP
    return {
        "x": plot.x(at.position - at.width / 2 + inset),
        "width": plot.x(at.width - 2 * inset),
        "middle": plot.x(at.position),
        "height": _n(tall + 4),
        "top": -4,
        "half": _n(tall / 2),
        "texts": [(text, _n((i - (len(texts) - 1) / 2) * 13 + 4)) for i, text in enumerate(texts)],
        "pen": plot.pens["gutter_two" if len(texts) > 1 else "gutter_one"],
        "short": label if len(texts) > 1 and not plot.fixed else "",
        "title": at.reason,
    }


def _cell(cell: Cell, grid: Grid, plot: _Canvas, prefix: str, tall: float) -> dict[str, Any]:
    column, row = grid.columns[cell.column], grid.rows[cell.row]
    high = (row.end - row.start) * tall / cell.parts
    top = row.start * tall + cell.part * high
    middle = top + high / 2
    words = (
        wrap(cell.word + cell.marks, 74, TEXT_SIZE - 0.5, bold=True)
        if cell.level
        else wrap(cell.word, 74, SMALL_SIZE)
    )
    step = 14 if cell.level else 12
    texts = [*words, cell.detail] if cell.detail else words
    placed = _lines(texts, middle, step)
    paint = palette.paint(cell.level) if cell.level else None
    return {
        "x": plot.x(column.start + CELL_GAP),
        "width": plot.x(column.end - column.start - 2 * CELL_GAP),
        "middle": plot.x((column.start + column.end) / 2),
        "y": _n(top + 2.5),
        "height": _n(high - 5),
        "words": placed[: len(words)],
        "detail": cell.detail,
        "detail_y": placed[-1][1],
        "letter": cell.letter + cell.marks,
        "letter_y": _n(middle + 5),
        "title": cell.title,
        "link": cell.link,
        "hatch": f"{prefix}-{_ink(paint.text)}" if cell.hatched and paint else "",
        **_cell_paint(cell, paint, fixed=plot.fixed),
    }


def _cell_paint(cell: Cell, paint: palette.Paint | None, *, fixed: bool) -> dict[str, SafeString]:
    """Give the attributes of a cell's rectangle and texts."""
    if not fixed:
        look = cell.level or "none"
        box = f"chart-cell chart-cell--{cell.level or cell.state}"
        ink = f"chart-ink--{look} chart-halo" if cell.hatched else f"chart-ink--{look}"
        return {
            "box": mark_safe(f'class="{box}"'),  # noqa: S308 - slugs of our own vocabulary
            "ink": mark_safe(f'class="chart-word {ink}"'),  # noqa: S308
            "small": mark_safe(f'class="chart-word chart-word--detail {ink}"'),  # noqa: S308
            "sign": mark_safe(f'class="chart-letter {ink}"'),  # noqa: S308
        }
    if paint is None:
        outline = {
            "no-question": 'stroke="none"',
            "not-recorded": f'stroke="{palette.MUTED}" stroke-dasharray="3 3"',
        }
        line = outline.get(cell.state, f'stroke="{palette.MUTED}"')
        return {
            "box": mark_safe(f'fill="{palette.PAPER}" {line}'),  # noqa: S308
            "ink": mark_safe(_SMALL),  # noqa: S308
            "small": mark_safe(_SMALL),  # noqa: S308
        }
    halo = f'stroke="{paint.fill}" stroke-width="3" paint-order="stroke" ' if cell.hatched else ""
    face = f'font-family="{SANS}" fill="{paint.text}"'
    return {
        "box": mark_safe(f'fill="{paint.fill}" stroke="{palette.OUTLINE}"'),  # noqa: S308
        "ink": mark_safe(f'{halo}{face} font-size="{TEXT_SIZE - 0.5}" font-weight="700"'),  # noqa: S308
        "small": mark_safe(f'{halo}{face} font-size="{SMALL_SIZE}"'),  # noqa: S308
    }


# The foot of a file and the key


def _look(item: KeyItem) -> str:
    """Name the look of one item of the key, as the style sheet does."""
    if item.level:
        return item.level
    if item.role:
        return f"line-{item.role}"
    for name in ("hatched", "hollow", "unchecked", "provisional"):
        if getattr(item, name):
            return name
    return "plain"


def _key_paint(item: KeyItem, prefix: str) -> dict[str, SafeString | str]:
    """Give the sign of one item of a file's key: a box, a stroke or a letter."""
    face = f'font-family="{SANS}" font-size="{TEXT_SIZE - 1}" font-weight="700"'
    if item.role or item.provisional:
        colour, width = _STROKES[item.role or Role.SUBJECT]
        dashes = ' stroke-dasharray="5 4"' if item.provisional else ""
        return {"stroke": mark_safe(f'stroke="{colour}" stroke-width="{width}"{dashes}')}  # noqa: S308
    if item.level:
        paint = palette.paint(item.level)
        return {
            "box": mark_safe(f'fill="{paint.fill}" stroke="{palette.OUTLINE}"'),  # noqa: S308
            "ink": mark_safe(f'{face} fill="{paint.text}"'),  # noqa: S308
            "sign": item.letter,
        }
    if item.hatched:
        return {
            "box": mark_safe(f'fill=XX stroke="{palette.OUTLINE}"'),  # noqa: S308
        }
    return {"ink": mark_safe(f'{face} fill="{palette.INK}"'), "sign": item.letter}  # noqa: S308


def _foot(
    spec: ChartSpec, top: float, *, prefix: str, licence: str | None, credit: str
) -> tuple[dict[str, Any], float]:
    """Lay out what a file carries below its picture: key, breaks, notes, source and licence. Also give its height."""
    width = FILE_WIDTH - 2 * MARGIN
    at = top
    key: list[dict[str, Any]] = []
    x = 0.0
    if spec.kind != Kind.TREND or any(item.provisional for item in spec.key):
        at += 18
        for item in spec.key:
            wide = 26 + text_width(item.label, TEXT_SIZE) + 22
            if x and x + wide > width:
                x, at = 0.0, at + 24
            key.append(
                {
                    "x": _n(MARGIN + x),
                    "box_y": _n(at - 13),
                    "middle": _n(MARGIN + x + 9),
                    "line_y": _n(at - 5),
                    "line_end": _n(MARGIN + x + 18),
                    "text_x": _n(MARGIN + x + 26),
                    "y": _n(at),
                    "label": item.label,
                    **_key_paint(item, prefix),
                }
            )
            x += wide
        at += 14
    paragraphs = [at_break.reason for at_break in spec.breaks]
    paragraphs += [note for note in spec.notes if note not in paragraphs]
    source = _("Source: %(source)s; %(date)s.") % {"source": spec.source.text, "date": spec.source.date}
    paragraphs.append(f"{source} {spec.source.address}".strip())
    paragraphs.append(licence if licence is not None else _("Open Government Licence v3.0."))
    if credit:
        paragraphs.append(credit)
    lines: list[tuple[str, str]] = []
    for paragraph in paragraphs:
        at += 4
        for text in wrap(paragraph, width, TEXT_SIZE - 1):
            at += 16
            lines.append((text, _n(at)))
    return {"key": key, "lines": lines, "rule": _n(top)}, at - top


_DRAWINGS: dict[Kind, tuple[str, Callable[[ChartSpec, _Canvas], dict[str, Any]]]] = {
    Kind.TREND: ("charts/trend.svg", _trend),
    Kind.GRADE_HISTORY: ("charts/grade_history.svg", _grade_history),
}
"""The template of each kind and what places its marks."""
