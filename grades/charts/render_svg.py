"""From a ChartSpec to SVG, through templates/charts/. Turns fractions into places; decides nothing about the data.

Two paints of one drawing. `css` fits any width: the picture is as wide as its plot, texts beside the plot hang over its
edges into margins that the style sheet keeps free, places across are per cent, places down are pixels, and lines alone sit
in a stretched viewBox. `fixed` is a file: pixels and literal colours.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, Protocol

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grades.charts.canvas import FILE_WIDTH, MARGIN, Canvas, Context
from grades.charts.draw_bars import draw_bars, draw_spread
from grades.charts.draw_list import draw_list
from grades.charts.draw_tiles import draw_spark, draw_tiles
from grades.charts.layout import balance, levels, spread, text_width, wrap
from grades.charts.pens import (
    CSS_PENS,
    FILE_PENS,
    ROW_SIZE,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    VALUE_SIZE,
    WORD_SIZE,
    Attributes,
    attributes,
    cell_pens,
    key_pens,
    number,
    written,
)
from grades.charts.spec import Axis, Band, Break, Cell, ChartSpec, Grid, KeyItem, Kind, Line, Point

Paint = Literal["css", "fixed"]

TITLE_STEP = 32

PLOT_HEIGHT = 230
STRETCHED = 1000
"""The width of the viewBox of lines; it is stretched to the plot."""
LEFT_STEP = 12
RIGHT_SIZES = (100, 140, 180, 240)
"""The free widths right of a plot that the style sheet knows: for the names at the ends of the lines."""
SHORT_SIZES, SHORT_VALUE_SIZE = (52, 76, 104), 14
"""The same on a narrow screen, where only the figures stand there."""
NARROW_PLOT = 150
"""About what is left of a plot on the narrowest screen: labels above it must not meet there either."""
BREAK_LABEL_WIDTH, BREAK_LABEL_STEP = 130, 14
NAME_WIDTH, NAME_STEP = 150, 15
DOT, HIT = 4, 7

TRACK = 42
"""Height of one row of cells, in pixels."""
HEAD = 58
"""Height of the head of a grid: cycle and inspectorate, or the cycle turned upright where room is short."""
LABEL_WIDTH, NARROW_LABEL_WIDTH, FILE_LABEL_WIDTH = 196, 116, 166
"""Width of the row labels; the style sheet keeps the first two free."""
CELL_GAP = 0.0032
"""Free space at each side of a cell, as a fraction of the grid."""
CELL_INSET = 2.5
WORD_WIDTH = 80
MOST_CELL_LINES = 2
"""More than these are set closer."""
GUTTER_STEP = 13
MOST_GUTTER_LINES = 2


def render_svg(
    spec: ChartSpec,
    *,
    paint: Paint = "css",
    id_prefix: str = "chart",
    licence: str | None = None,
    credit: str = "",
) -> str:
    """Draw a picture.

    `css` fits any width inside an element of class `chart-frame` and takes its colours from
    static/css/components/chart.css; `fixed` is a stand-alone file, 960 wide, that carries title, key, breaks, notes,
    source, licence and, where given, the `credit`. `id_prefix` keeps ids unique on a page. Raises ValueError for a kind
    that has no drawing yet.
    """
    if spec.kind not in _DRAWINGS:
        raise ValueError(f"no drawing of {spec.kind} yet")
    template, draw = _DRAWINGS[spec.kind]
    fixed = paint == "fixed"
    context, height = draw(spec, fixed=fixed, prefix=id_prefix)
    linked = any(bar.link for bar in spec.bars) or bool(
        spec.grid and any(cell.link for cell in spec.grid.cells)
    )
    context |= {
        "spec": spec,
        "id": id_prefix,
        "fixed": fixed,
        "pen": FILE_PENS if fixed else CSS_PENS,
        "picture": template,
        "role": "group" if linked and not fixed else "img",
    }
    if not fixed:
        page = "charts/page_spark.svg" if spec.kind == Kind.SPARK else "charts/page.svg"
        return _drawn(page, context | {"total": round(height)})
    title = wrap(spec.title, FILE_WIDTH - 2 * MARGIN, TITLE_SIZE)
    top = MARGIN + TITLE_STEP * len(title) + 14
    foot, foot_height = _foot(spec, top + height + 14, prefix=id_prefix, licence=licence, credit=credit)
    context |= {
        "left": MARGIN,
        "top": top,
        "width": FILE_WIDTH,
        "total": round(top + height + 14 + foot_height + MARGIN),
        "title": [(line, MARGIN + TITLE_SIZE + i * TITLE_STEP) for i, line in enumerate(title)],
        "foot": foot,
    }
    return _drawn("charts/file.svg", context)


def render_key(spec: ChartSpec) -> str:
    """Give the key as an HTML list (`<ul class="chart-key">`), to be put under the picture; "" without one."""
    if not spec.key:
        return ""
    items = [{"label": item.label, "sign": item.letter, "look": _look(item)} for item in spec.key]
    named = spec.kind == Kind.TREND and all(item.role for item in spec.key)
    return _drawn("charts/key.svg", {"kind": spec.kind, "items": items, "named": named})


def _drawn(template: str, context: Context) -> SafeString:
    """Fill a template and take its own line breaks out."""
    text = get_template(template).render(context)
    return mark_safe("".join(line.strip() for line in text.split("\n")))  # noqa: S308 - escaped by the template


# Trend


def _trend(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place the axes, runs, breaks and end labels of a trend; also give its height."""
    if spec.x is None or spec.y is None:
        raise ValueError("a trend has an axis of time and an axis of values")
    widest = max(text_width(tick.label, TEXT_SIZE) for tick in spec.y.ticks)
    left = LEFT_STEP * (1 + int(widest / LEFT_STEP) + 1)
    names = [wrap(line.end.name, NAME_WIDTH, TEXT_SIZE) for line in spec.lines]
    figures = max(text_width(line.end.text, VALUE_SIZE, bold=True) for line in spec.lines)
    small = figures * SHORT_VALUE_SIZE / VALUE_SIZE
    right = _at_least(
        RIGHT_SIZES, 20 + max(figures, *(text_width(t, TEXT_SIZE) for found in names for t in found))
    )
    width = FILE_WIDTH - 2 * MARGIN - left - right
    canvas = Canvas(fixed=fixed, prefix=prefix, width=width, left=left if fixed else 0)
    pens = canvas.pens
    breaks, rows = _break_labels(spec.breaks, canvas)
    top = 32 + BREAK_LABEL_STEP * rows
    context: Context = {
        "classes": f"chart-left-{left} chart-right-{right} chart-short-{_at_least(SHORT_SIZES, 16 + small)}",
        "shift": attributes(transform=f"translate({number(canvas.left)} {top})"),
        "stretched": f"0 0 {STRETCHED} {PLOT_HEIGHT}",
        "plot_height": PLOT_HEIGHT,
        "edge": canvas.x(1),
        "unit": (attributes(pens["unit"], x=canvas.left - left, y=12), spec.y.label),
        "x_label": (attributes(pens["label"], x="0", y=PLOT_HEIGHT + 42), spec.x.label),
        "rules": [
            attributes(pens["grid" if tick.value else "zero"], x1="0", x2=canvas.x(1), y1=y, y2=y)
            for tick, y in _heights(spec.y)
        ],
        "values": [(attributes(pens["tick"], x="-8", y=y + 4.5), tick.label) for tick, y in _heights(spec.y)],
        "ticks": [
            (
                attributes(
                    pens["minor" if tick.minor else "tick"], x=canvas.x(tick.position), y=PLOT_HEIGHT + 20
                ),
                tick.label,
            )
            for tick in spec.x.ticks
        ],
        "breaks": breaks,
        "strokes": [stroke for line in spec.lines[::-1] for stroke in _strokes(line, spec.y, canvas)],
        "dots": [dot for line in spec.lines[::-1] for dot in _dots(line, spec.y, canvas)],
        "ends": _ends(spec.lines, names, spec.y, canvas),
    }
    return context, top + PLOT_HEIGHT + 48


def _at_least(sizes: tuple[int, ...], wanted: float) -> int:
    """Give the smallest size that holds something, or the largest there is."""
    return next((size for size in sizes if size >= wanted), sizes[-1])


def _heights(axis: Axis) -> list[tuple[Any, float]]:
    return [(tick, _down(tick.value, axis)) for tick in axis.ticks if tick.value is not None]


def _down(value: Decimal, axis: Axis) -> float:
    """Give how far down a value lies."""
    return (1 - axis.fraction(value)) * PLOT_HEIGHT


def _strokes(line: Line, axis: Axis, canvas: Canvas) -> list[Attributes]:
    """Give the polylines of one line: one for each run, cut where figures turn provisional."""
    wide = canvas.width if canvas.fixed else STRETCHED
    return [
        attributes(
            canvas.pens[("dash-" if dashed else "line-") + line.role],
            points=" ".join(f"{number(point.x * wide)},{number(_down(point.value, axis))}" for point in part),
        )
        for run in line.runs
        for dashed, part in _parts(run)
    ]


def _dots(line: Line, axis: Axis, canvas: Canvas) -> list[tuple[Attributes, str]]:
    """Give the circles of one line with what they say: seen at its end, where a point stands alone or is provisional."""
    found = []
    for run in line.runs:
        for point in run:
            seen = point is line.runs[-1][-1] or len(run) == 1 or point.provisional
            if not seen and (canvas.fixed or not point.title):
                continue
            pen = ("ring-" if point.provisional else "dot-") + line.role if seen else "hit"
            place = attributes(
                canvas.pens[pen], cx=canvas.x(point.x), cy=_down(point.value, axis), r=DOT if seen else HIT
            )
            found.append((place, point.title))
    return found


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


def _ends(lines: tuple[Line, ...], names: list[list[str]], axis: Axis, canvas: Canvas) -> list[Context]:
    """Place the figure and name at the end of each line, clear of each other."""
    pens = canvas.pens
    heights = [VALUE_SIZE + 5 + NAME_STEP * len(found) for found in names]
    wanted = [_down(line.end.value, axis) for line in lines]
    middles = [at + height / 2 - VALUE_SIZE / 2 for at, height in zip(wanted, heights, strict=True)]
    placed = spread(middles, heights, -VALUE_SIZE, PLOT_HEIGHT + DOT)
    found = []
    for line, name, at, height, middle in zip(lines, names, wanted, heights, placed, strict=True):
        base = middle - height / 2 + VALUE_SIZE - 2
        moved = abs(base - 6 - at) > DOT
        texts = [(attributes(pens["end_value"], x="12", y=base), line.end.text)]
        texts += [
            (attributes(pens["end_name"], x="12", y=base + NAME_STEP * (i + 1)), text)
            for i, text in enumerate(name)
        ]
        found.append(
            {
                "pen": pens[f"end-{line.role}"],
                "texts": texts,
                "leader": attributes(pens["leader"], x1="5", x2="10", y1=at, y2=base - 6) if moved else "",
            }
        )
    return found


def _break_labels(breaks: tuple[Break, ...], canvas: Canvas) -> tuple[list[Context], int]:
    """Place the label of each break above the plot, clear of the others even on the narrowest screen.

    Also give the number of lines that the labels take.
    """
    room, plot = (canvas.width / 2, canvas.width) if canvas.fixed else (BREAK_LABEL_WIDTH, NARROW_PLOT)
    labels = [wrap(at.label, room, WORD_SIZE) for at in breaks]
    spans = []
    for at, label in zip(breaks, labels, strict=True):
        width = max(text_width(text, WORD_SIZE) for text in label) + 12
        middle = at.position * plot
        spans.append((middle - 6, middle + width) if _ahead(at) else (middle - width, middle + 6))
    order = sorted(range(len(spans)), key=lambda i: spans[i][0])
    high = max((len(label) for label in labels), default=0)
    floors = dict(zip(order, levels([spans[i] for i in order]), strict=True))
    found: list[Context] = []
    for i, (at, label) in enumerate(zip(breaks, labels, strict=True)):
        x, last = canvas.x(at.position), -8 - BREAK_LABEL_STEP * high * floors[i]
        first = last - BREAK_LABEL_STEP * (len(label) - 1)
        found.append(
            {
                "title": at.note,
                "line": attributes(canvas.pens["break"], x1=x, x2=x, y1=first - 10, y2=PLOT_HEIGHT),
                "texts": [
                    (
                        attributes(
                            canvas.pens["break_label"],
                            x=x,
                            dx=5 if _ahead(at) else -5,
                            y=first + i * BREAK_LABEL_STEP,
                        ),
                        text,
                    )
                    for i, text in enumerate(label)
                ],
                "anchor": "start" if _ahead(at) else "end",
            }
        )
    return found, high * (max(floors.values(), default=-1) + 1)


def _ahead(at: Break) -> bool:
    """Say whether the label of a break stands to its right."""
    return at.position < 0.5


# Grade history


def _grade_history(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place heads, row labels, cells and gutters of a grade history; also give its height."""
    grid = spec.grid
    if grid is None:
        raise ValueError("a grade history has a grid")
    tall = TRACK * sum(row.tracks for row in grid.rows)
    labels = FILE_LABEL_WIDTH if fixed else LABEL_WIDTH
    width = FILE_WIDTH - 2 * MARGIN - labels
    canvas = Canvas(fixed=fixed, prefix=prefix, width=width, left=labels if fixed else 0)
    pens = canvas.pens
    hatched = any(cell.hatched for cell in grid.cells)
    context: Context = {
        "classes": "",
        "shift": attributes(transform=f"translate({number(canvas.left)} {HEAD})"),
        "patterns": [(f"{prefix}-{ink}", pens[f"hatch_{ink}"]) for ink in ("light", "dark") if hatched],
        "rules": [
            attributes(
                pens["rule"],
                x=-labels,
                y=band.end * tall,
                height="1",
                width=canvas.x(1) if not fixed else width + labels,
            )
            for band in grid.rows
        ],
        "rows": written(text for band in grid.rows for text in _row(band, tall, canvas)),
        "heads": written(text for band in grid.columns for text in _head(band, canvas)),
        "upright": [] if fixed else [(canvas.x(_middle(band)), band.label) for band in grid.columns],
        "gutters": [_gutter(at, tall, canvas) for at in spec.breaks],
        "cells": [_cell(cell, grid, canvas, tall) for cell in grid.cells],
    }
    return context, HEAD + tall + 2


def _middle(band: Band) -> float:
    return (band.start + band.end) / 2


def _lines(texts: list[str], middle: float, step: float) -> list[tuple[str, float]]:
    """Centre lines of text on a height; give each with its baseline."""
    first = middle - (len(texts) - 1) * step / 2 + step * 0.32
    return [(text, first + i * step) for i, text in enumerate(texts)]


def _row(band: Band, tall: float, canvas: Canvas) -> list[tuple[Attributes, str]]:
    """Give the label of a row, and once more for a narrow screen."""
    middle = _middle(band) * tall
    size, room = (TEXT_SIZE, FILE_LABEL_WIDTH) if canvas.fixed else (ROW_SIZE, LABEL_WIDTH)
    wide = _lines(wrap(band.label, room - 14, size), middle, 17)
    found = [(attributes(canvas.pens["row"], x=-room, y=y), text) for text, y in wide]
    if not canvas.fixed:
        narrow = _lines(wrap(band.label, NARROW_LABEL_WIDTH - 4, SMALL_SIZE), middle, 13)
        found += [
            (attributes(canvas.pens["row_narrow"], x=-NARROW_LABEL_WIDTH, y=y), text) for text, y in narrow
        ]
    return found


def _head(band: Band, canvas: Canvas) -> list[tuple[Attributes, str]]:
    """Give the head of a column: the cycle, and the inspectorate's name then."""
    x = canvas.x(_middle(band))
    found = [(attributes(canvas.pens["head"], x=x, y=-25 if band.note else -11), band.label)]
    if band.note:
        found.append((attributes(canvas.pens["head_note"], x=x, y="-11"), band.note))
    return found


def _gutter(at: Break, tall: float, canvas: Canvas) -> Context:
    """Write the reason into the gutter where it fits in two lines; else, and where the gutter is thin, its label."""
    pens = canvas.pens
    room = tall - 24
    reason = balance(at.reason, room, SMALL_SIZE)
    if len(reason) > MOST_GUTTER_LINES:
        reason = []
    texts = []
    if reason:
        pen = pens["gutter_line" if len(reason) == 1 else "gutter_reason"]
        texts = [(attributes(pen, y=y), text) for text, y in _lines(reason, 0, GUTTER_STEP)]
    fits = text_width(at.label, SMALL_SIZE) <= room
    if fits and (not reason or (len(reason) > 1 and not canvas.fixed)):
        texts.append((attributes(pens["gutter_label" if reason else "gutter_line"], y="4"), at.label))
    return {
        "title": at.note,
        "box": attributes(
            pens["gutter"],
            x=canvas.x(at.position - at.width / 2 + CELL_GAP),
            width=canvas.x(at.width - 2 * CELL_GAP),
            y="-18",
            height=tall + 18,
        ),
        "sign": attributes(pens["gutter_sign"], x=canvas.x(at.position), y="-4"),
        "x": canvas.x(at.position),
        "y": number(tall / 2 - 2),
        "texts": written(texts),
    }


def _cell(cell: Cell, grid: Grid, canvas: Canvas, tall: float) -> Context:
    """Place the box of a cell and its word, second line and letter."""
    column, row = grid.columns[cell.column], grid.rows[cell.row]
    centre = _middle(row) * tall + TRACK * (cell.part - (cell.parts - 1) / 2)
    places: dict[str, float | str] = {
        "x": canvas.x(column.start + CELL_GAP),
        "width": canvas.x(column.end - column.start - 2 * CELL_GAP),
        "y": centre - TRACK / 2 + CELL_INSET + 0.5,
        "height": TRACK - 2 * CELL_INSET,
    }
    pen = cell_pens(cell, fixed=canvas.fixed)
    x = canvas.x(_middle(column))
    size = SMALL_SIZE + 0.5 if cell.level else SMALL_SIZE
    words = wrap(cell.word, WORD_WIDTH, size, bold=bool(cell.level))
    shown = [*words, cell.detail] if cell.detail else words
    placed = _lines(shown, centre, size + (0.5 if len(shown) > MOST_CELL_LINES else 1.5))
    texts = [
        (attributes(pen["detail" if cell.detail and i == len(words) else "word"], x=x, y=y), text)
        for i, (text, y) in enumerate(placed)
    ]
    if not canvas.fixed:
        texts.append((attributes(pen["letter"], x=x, y=centre + 5), cell.letter))
    if cell.marks:
        right = canvas.x(column.end - CELL_GAP)
        texts.append((attributes(pen["mark"], x=right, dx="-6", y=centre - TRACK / 2 + 15), cell.marks))
    return canvas.cell(cell, pen["box"], places, texts)


# The key, and the foot of a file


def _look(item: KeyItem) -> str:
    """Name the look of one item of the key, as the style sheet does."""
    if item.level:
        return item.level
    if item.role:
        return f"line-{item.role}"
    if item.state:
        return item.state
    return next((name for name in ("hatched", "provisional") if getattr(item, name)), "plain")


def _foot(
    spec: ChartSpec, top: float, *, prefix: str, licence: str | None, credit: str
) -> tuple[Context, float]:
    """Lay out what a file carries below its picture: key, breaks, notes, source and licence; also give its height."""
    width = FILE_WIDTH - 2 * MARGIN
    at = top
    key: list[Context] = []
    if bool(spec.bars and spec.key) or any(not item.role for item in spec.key):
        x, at = 0.0, at + 18
        for item in spec.key:
            wide = 26 + text_width(item.label, TEXT_SIZE) + 22
            if x and x + wide > width:
                x, at = 0.0, at + 24
            pen = key_pens(item, prefix=prefix, bars=bool(spec.bars))
            start = MARGIN + x
            key.append(
                {
                    "stroke": attributes(pen["stroke"], x1=start, x2=start + 18, y1=at - 5, y2=at - 5)
                    if "stroke" in pen
                    else "",
                    "box": attributes(pen["box"], x=start, y=at - 14, width="18", height="18")
                    if "box" in pen
                    else "",
                    "sign": attributes(pen["sign"], x=start + 9, y=at) if "sign" in pen else "",
                    "letter": item.letter,
                    "text": attributes(FILE_PENS["text"], x=start + 26, y=at),
                    "label": item.label,
                }
            )
            x += wide
        at += 14
    lines: list[tuple[Attributes, str]] = []
    for paragraph in _paragraphs(spec, licence=licence, credit=credit):
        at += 4
        for text in wrap(paragraph, width, WORD_SIZE):
            at += 16
            lines.append((attributes(FILE_PENS["foot"], x=MARGIN, y=at), text))
    return {"key": key, "lines": lines}, at - top


def _paragraphs(spec: ChartSpec, *, licence: str | None, credit: str) -> list[str]:
    """Give the texts below the picture of a file: breaks, notes, source, licence."""
    source = _("Source: %(source)s.") % {"source": spec.source.whole}
    texts = [
        *(at.note for at in spec.breaks),
        *spec.notes,
        source,
        _("Open Government Licence v3.0.") if licence is None else licence,
        credit,
    ]
    return list(dict.fromkeys(text for text in texts if text))


class _Draw(Protocol):
    def __call__(self, spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]: ...


_DRAWINGS: Mapping[Kind, tuple[str, _Draw]] = {
    Kind.TREND: ("charts/trend.svg", _trend),
    Kind.GRADE_HISTORY: ("charts/grade_history.svg", _grade_history),
    Kind.GRADE_SPREAD: ("charts/bars.svg", draw_spread),
    Kind.RANKING: ("charts/bars.svg", draw_bars),
    Kind.PAIR: ("charts/bars.svg", draw_bars),
    Kind.BREAKDOWN: ("charts/bars.svg", draw_bars),
    Kind.SHARE: ("charts/bars.svg", draw_bars),
    Kind.SPARK: ("charts/spark.svg", draw_spark),
    Kind.TILE_MAP: ("charts/tile_map.svg", draw_tiles),
    Kind.LIST: ("charts/list.svg", draw_list),
}
"""The template of each kind, and what places its marks and gives its height."""
