"""The places of bars: of a ranking, pairs, outcomes and shares, and of stacked bars. Decides nothing about the data.

A ranking has its labels beside the bars; every other kind has them above, so that long names fit a narrow screen.
"""

from collections.abc import Callable
from decimal import Decimal

from django.utils.safestring import SafeString

from grades.charts.canvas import FILE_WIDTH, MARGIN, Canvas, Context
from grades.charts.layout import text_width, wrap
from grades.charts.pens import (
    SMALL_SIZE,
    TEXT_SIZE,
    WORD_SIZE,
    Attributes,
    attributes,
    bar_pen,
    mark_pens,
    written,
)
from grades.charts.spec import Axis, Band, Bar, ChartSpec, Kind, Role

LABEL_WIDTH, FILE_LABEL_WIDTH = 124, 190
"""Width of the names beside a ranking; their figures stand between them and the bars."""
BESIDE = (164, 180, 196, 212)
"""The free widths left of a ranking that the style sheet knows."""
NARROW, MIDDLE, WIDE = 262, 450, 700
"""Least widths of a picture on a narrow, a middling and a wide screen: what fits there is written there."""
ROOMS = (16, 40, 64, 88, 112, 136, 160)
"""The free widths right of the bars that the style sheet knows: for figures at the ends of the bars."""
VALUE_GAP = 6
LABEL_STEP, NOTE_STEP, INDENT = 17, 15, 16
ROW, ROW_STEP, ROW_BAR = 20, 14, 13
"""Height of a row of a ranking, of each line of its label, and of its bar."""
OWN_BAR, OWN_STEP, OTHER_BAR, OTHER_STEP, BAND_GAP = 14, 18, 9, 14, 15
STACK, STACK_GAP = 32, 18
HEAD, REFERENCE_HEAD, FOOT, UNIT_STEP = 24, 44, 26, 16
SEGMENT_GAP = 8
"""Free space that a text in a part of a bar needs beside it."""


def draw_bars(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place bars, labels, figures and axis; also give the height."""
    axis = spec.x
    if axis is None:
        raise ValueError(f"a {spec.kind} has an axis of values")
    beside = spec.kind == Kind.RANKING
    left, room = (_beside(spec, fixed=fixed), ROOMS[0]) if beside else (0, _room(spec, axis, fixed=fixed))
    canvas = Canvas(
        fixed=fixed,
        prefix=prefix,
        width=FILE_WIDTH - 2 * MARGIN - left - room,
        left=left if fixed else 0,
        gutter=left,
    )
    pens = canvas.pens
    unit, more = _unit(axis.label, canvas, -left)
    top = (REFERENCE_HEAD if spec.references else HEAD) + more
    by_band: list[list[Bar]] = [[] for _band in spec.bands]
    for bar in spec.bars:
        by_band[bar.band].append(bar)
    place = _row if beside else _group
    at, bands, tracks = 0.0, [], []
    for band, bars in zip(spec.bands, by_band, strict=True):
        context, high = place(band, bars, axis, canvas, at)
        bands.append(context)
        if spec.kind == Kind.SHARE:
            tracks += [
                attributes(pens["track"], x="0", y=y, width=canvas.x(1), height=h)
                for y, h in context["tracks"]
            ]
        at += high
    rules = [
        attributes(
            pens["grid" if tick.value else "zero"],
            x1=canvas.x(tick.position),
            x2=canvas.x(tick.position),
            y1="0",
            y2=at,
        )
        for tick in axis.ticks
    ]
    context = {
        "classes": f"chart-beside-{left}" if beside else f"chart-room-{room}",
        "shift": attributes(transform=f"translate({int(canvas.left)} {top})"),
        "unit": unit,
        "rules": rules[::-1],
        "tracks": tracks,
        "bands": bands,
        "references": [_reference(axis.fraction(r.value), r.label, at, canvas) for r in spec.references],
        "ticks": [
            (
                attributes(pens["minor" if t.minor else "tick"], x=canvas.x(t.position), y=at + 18),
                t.label,
                "middle" if beside or t.position else "start",
            )
            for t in axis.ticks
        ],
    }
    return context, top + at + FOOT


def _unit(label: str, canvas: Canvas, left: float) -> tuple[SafeString, float]:
    """Write what the axis measures, in two lines where one is too long for a narrow screen; also give what that takes."""
    pen = canvas.pens["unit"]
    lines = [label] if canvas.fixed else wrap(label, NARROW, TEXT_SIZE)
    more = UNIT_STEP * (len(lines) - 1)
    x = 0 if canvas.fixed else left
    if not more:
        return written([(attributes(pen, x=x, y="12"), label)]), 0
    narrow, wide = _joined(pen, canvas.pens["at_s"]), _joined(pen, canvas.pens["at_ml"])
    shown = [(attributes(narrow, x=x, y=12 + i * UNIT_STEP), line) for i, line in enumerate(lines)]
    return written([*shown, (attributes(wide, x=x, y=12 + more), label)]), more


def _beside(spec: ChartSpec, *, fixed: bool) -> int:
    """Give the width that names and figures take left of the bars of a ranking."""
    needed = max(text_width(bar.text, TEXT_SIZE, bold=True) for bar in spec.bars) + 2 * VALUE_GAP
    if fixed:
        return int(FILE_LABEL_WIDTH + needed)
    return next((size for size in BESIDE if size >= LABEL_WIDTH + needed), BESIDE[-1])


def _room(spec: ChartSpec, axis: Axis, *, fixed: bool) -> int:
    """Give the least free width right of the bars in which every figure fits, on the narrowest screen too."""
    width = FILE_WIDTH - 2 * MARGIN if fixed else NARROW
    needs = [
        (
            max(axis.fraction(bar.end), axis.fraction(bar.start)),
            text_width(bar.text, TEXT_SIZE, bold=True) + VALUE_GAP,
        )
        for bar in spec.bars
    ]

    def fits(room: int) -> bool:
        return all(at * (width - room) + wide <= width for at, wide in needs)

    return next((room for room in ROOMS if fits(room)), ROOMS[-1])


def _row(band: Band, bars: list[Bar], axis: Axis, canvas: Canvas, top: float) -> tuple[Context, float]:
    """Place one force of a ranking: its name, its figure and its bar."""
    pens = canvas.pens
    (bar,) = bars
    chosen = bar.role == Role.SUBJECT
    room = FILE_LABEL_WIDTH if canvas.fixed else LABEL_WIDTH
    lines = wrap(band.label, room - VALUE_GAP, TEXT_SIZE, bold=chosen)
    high = ROW + ROW_STEP * (len(lines) - 1)
    middle = top + high / 2
    first = middle + 4.5 - ROW_STEP * (len(lines) - 1) / 2
    pen = pens["bar_name_chosen" if chosen else "bar_name"]
    edge = room - canvas.gutter
    drawn = _bar(bar, axis, canvas, middle - ROW_BAR / 2, ROW_BAR)
    value = attributes(pens["bar_value" if chosen else "bar_value_other"], x=-VALUE_GAP - 2, y=middle + 4.5)
    return {
        "title": bar.title,
        "link": "" if canvas.fixed else bar.link,
        "hit": "" if canvas.fixed else attributes(pens["hit_row"], x="0", y=top, width="100%", height=high),
        "labels": written(
            [
                *((attributes(pen, x=edge, y=first + i * ROW_STEP), line) for i, line in enumerate(lines)),
                (value, bar.text),
            ],
            "end",
        ),
        "bars": [drawn | {"texts": ""}],
    }, high


def _group(band: Band, bars: list[Bar], axis: Axis, canvas: Canvas, top: float) -> tuple[Context, float]:
    """Place one category: its name above, then a bar for the force and a thinner one for England and Wales."""
    labels, at = _labels(band, canvas, top)
    drawn, tracks = [], []
    for bar in bars:
        own = bar.role == Role.SUBJECT
        thick, step = (OWN_BAR, OWN_STEP) if own else (OTHER_BAR, OTHER_STEP)
        drawn.append(_bar(bar, axis, canvas, at + (step - thick) / 2, thick))
        if own:
            tracks.append((at + (step - thick) / 2, thick))
        at += step
    return {
        "title": "",
        "link": "",
        "labels": written(labels),
        "bars": drawn,
        "tracks": tracks,
    }, at + BAND_GAP - top


def _labels(band: Band, canvas: Canvas, top: float) -> tuple[list[tuple[Attributes, str]], float]:
    """Write the name of a category and its note, and once more where a wide screen needs fewer lines."""
    indent = band.depth * INDENT

    def broken(room: float) -> list[tuple[str, str]]:
        names = wrap(band.label, room - indent, TEXT_SIZE, bold=True)
        notes = wrap(band.note, room - indent, WORD_SIZE) if band.note else []
        name = "bar_part" if band.depth else "bar_label"
        return [*((name, text) for text in names), *(("bar_note", text) for text in notes)]

    narrow = broken(FILE_WIDTH - 2 * MARGIN if canvas.fixed else NARROW)
    wide = narrow if canvas.fixed else broken(MIDDLE)
    end = top + _height(narrow)
    found = []
    for lines, when in [(narrow, "")] if wide == narrow else [(narrow, "at_s"), (wide, "at_ml")]:
        at = end - _height(lines)
        for pen, text in lines:
            at += NOTE_STEP if pen == "bar_note" else LABEL_STEP
            both = _joined(canvas.pens[pen], canvas.pens[when] if when else "")
            found.append((attributes(both, x=indent, y=at - 5), text))
    return found, end


def _height(lines: list[tuple[str, str]]) -> float:
    return sum(NOTE_STEP if pen == "bar_note" else LABEL_STEP for pen, _text in lines)


def _joined(one: str, two: str) -> Attributes:
    """Join the classes of two pens into one attribute."""
    if not two:
        return attributes(one)
    return attributes(f'{one[:-1]} {two.removeprefix("class=").strip(chr(34))}"')


def _bar(bar: Bar, axis: Axis, canvas: Canvas, y: float, thick: float) -> Context:
    """Place one bar from zero, with its figure at its end; the figure of a bar below zero stands right of zero."""
    start, end = sorted((axis.fraction(bar.start), axis.fraction(bar.end)))
    own = bar.role == Role.SUBJECT
    chosen = "bar_value" if own else "bar_value_other"
    text = attributes(
        canvas.pens["bar_missing" if bar.hollow else chosen],
        x=canvas.x(end),
        dx=VALUE_GAP,
        y=y + thick / 2 + 4.5,
    )
    box = attributes(
        bar_pen(bar, fixed=canvas.fixed), x=canvas.x(start), y=y, width=canvas.x(end - start), height=thick
    )
    return {"title": bar.title, "box": "" if bar.hollow else box, "texts": written([(text, bar.text)])}


def _reference(fraction: float, label: str, tall: float, canvas: Canvas) -> Context:
    """Place the line that every bar is read against, with its label above: over the names there is always room."""
    x = canvas.x(fraction)
    return {
        "line": attributes(canvas.pens["reference"], x1=x, x2=x, y1="-8", y2=tall),
        "label": attributes(canvas.pens["reference_label"], x=x, dx=2, y="-13"),
        "text": label,
    }


# Stacked bars


def draw_spread(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place stacked bars, with the count in each part and the grade's letter or word where there is room."""
    axis = spec.x
    if axis is None:
        raise ValueError("a grade spread has an axis of values")
    canvas = Canvas(fixed=fixed, prefix=prefix, width=FILE_WIDTH - 2 * MARGIN)
    names = {item.level or item.state: (item.label, item.letter) for item in spec.key}
    at, bands = 0.0, []
    whole = max(bar.end for bar in spec.bars)

    def across(value: Decimal) -> float:
        return float(value / whole)

    for i, band in enumerate(spec.bands):
        labels, at = _labels(band, canvas, at)
        bars = [
            _part(bar, names[bar.level or bar.state], across, canvas, at + 2)
            for bar in spec.bars
            if bar.band == i
        ]
        bands.append({"title": "", "link": "", "labels": written(labels), "bars": bars})
        at += STACK + STACK_GAP
    context: Context = {
        "classes": "",
        "shift": attributes(transform="translate(0 4)"),
        "unit": "",
        "rules": [],
        "tracks": [],
        "bands": bands,
        "references": [],
        "ticks": [],
    }
    return context, at - STACK_GAP + 10


def _part(
    bar: Bar, name: tuple[str, str], across: Callable[[Decimal], float], canvas: Canvas, y: float
) -> Context:
    """Place one part of a stacked bar and what fits into it on each width of screen."""
    start, end = across(bar.start), across(bar.end)
    pen = mark_pens(level=bar.level, state=bar.state, hatched=False, fixed=canvas.fixed)
    box = attributes(pen["box"], x=canvas.x(start), y=y, width=canvas.x(end - start), height=STACK)
    label, letter = name
    choices = [f"{label} {bar.text}", f"{letter} {bar.text}" if bar.level else bar.text, bar.text]

    def fitting(width: float) -> str:
        wide = (end - start) * width
        return next(
            (c for c in choices if text_width(c, WORD_SIZE, bold=True) + SEGMENT_GAP <= wide), ""
        ) or (bar.text if text_width(bar.text, SMALL_SIZE) + 1 <= wide else "")

    place: dict[str, float | str] = {"x": canvas.x((start + end) / 2), "y": y + STACK / 2 + 4.5}
    if canvas.fixed:
        shown = {"": fitting(canvas.width)}
    else:
        small, middling, large = fitting(NARROW), fitting(MIDDLE), fitting(WIDE)
        shown = _shown(small, middling, large)
    texts = [
        (attributes(_joined(pen["count"], canvas.pens[when] if when else ""), **place), text)
        for when, text in shown.items()
        if text
    ]
    return {"title": bar.title, "box": box, "texts": written(texts, "middle")}


def _shown(small: str, middling: str, large: str) -> dict[str, str]:
    """Say which text is shown on which screens, each text once where neighbours agree."""
    if small == middling == large:
        return {"": small}
    if small == middling:
        return {"at_sm": small, "at_l": large}
    if middling == large:
        return {"at_s": small, "at_ml": middling}
    return {"at_s": small, "at_m": middling, "at_l": large}
