"""How each kind of mark is painted: by classes in a page, by literal colours in a file."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from grades.charts import palette
from grades.charts.spec import Bar, Cell, KeyItem, Role

SANS = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
SERIF = "Charter, Bitstream Charter, Sitka Text, Cambria, Georgia, Liberation Serif, serif"
TITLE_SIZE, VALUE_SIZE, ROW_SIZE, TEXT_SIZE, WORD_SIZE, SMALL_SIZE = 25, 17, 14, 13, 12, 11

Attributes = SafeString
"""Attributes of an SVG element, of our own making: never text of the record."""


def attributes(*given: str, **places: float | str) -> Attributes:
    """Join ready attributes and places into one text: `x="25%" y="12.5"`. Numbers get one decimal at most."""
    written = [
        f'{name}="{place if isinstance(place, str) else number(place)}"' for name, place in places.items()
    ]
    return mark_safe(" ".join([*(text for text in given if text), *written]))  # noqa: S308 - no text of the record


def written(texts: Iterable[tuple[str, str]], anchor: str = "") -> SafeString:
    """Write texts at their places as one piece of SVG: a picture of many cells fills its template several times faster."""
    held = f' text-anchor="{anchor}"' if anchor else ""
    return mark_safe(  # noqa: S308 - every text is escaped here
        "".join(f"<text{held} {place}>{escape(str(text))}</text>" for place, text in texts)
    )


def number(value: float) -> str:
    """Give a place as short text: one decimal at most."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def percent(fraction: float) -> str:
    """Give a fraction as per cent: two decimals at most."""
    return f"{round(fraction * 100, 2) + 0.0:.2f}".rstrip("0").rstrip(".") + "%"


def _classes(names: dict[str, str]) -> dict[str, Attributes]:
    return {mark: attributes(f'class="{classes}"') for mark, classes in names.items()}


def _ready(painted: dict[str, str]) -> dict[str, Attributes]:
    return {mark: attributes(text) for mark, text in painted.items()}


CSS_PENS = _classes(
    {
        "unit": "chart-muted",
        "label": "chart-muted",
        "tick": "chart-tick",
        "minor": "chart-tick tick--minor",
        "grid": "chart-grid",
        "zero": "chart-zero",
        "break": "chart-break",
        "break_label": "chart-break-label",
        "leader": "chart-leader",
        "end_value": "chart-end-value",
        "end_name": "chart-end-name",
        "hit": "chart-hit",
        "rule": "chart-rule",
        "gutter": "chart-gutter",
        "gutter_sign": "chart-gutter-sign",
        "gutter_reason": "chart-gutter-text chart-gutter-text--reason",
        "gutter_line": "chart-gutter-text chart-gutter-text--line",
        "gutter_label": "chart-gutter-text chart-gutter-text--label",
        "head": "chart-head",
        "head_note": "chart-head-note",
        "row": "chart-row",
        "row_narrow": "chart-row--narrow",
        "hatch_light": "chart-hatch--light",
        "hatch_dark": "chart-hatch--dark",
        "track": "chart-track",
        "reference": "chart-reference",
        "reference_label": "chart-reference-label",
        "hit_row": "chart-hit-row",
        "bar_name": "chart-bar-name",
        "bar_name_chosen": "chart-bar-name chart-bar-name--chosen",
        "bar_label": "chart-bar-label",
        "bar_part": "chart-bar-part",
        "bar_note": "chart-bar-note",
        "bar_value": "chart-bar-value",
        "bar_value_other": "chart-bar-value chart-bar-value--other",
        "bar_missing": "chart-bar-value chart-bar-value--missing",
        "spark_dot": "chart-dot--subject",
    }
    | {f"spark-{role}": f"chart-spark--{role}" for role in Role}
    | {f"at_{sizes}": f"chart-at-{sizes}" for sizes in ("s", "sm", "m", "ml", "l")}
    | {f"end-{role}": f"chart-end--{role}" for role in Role}
    | {f"line-{role}": f"chart-line chart-line--{role}" for role in Role}
    | {f"dash-{role}": f"chart-line chart-line--{role} chart-line--provisional" for role in Role}
    | {f"dot-{role}": f"chart-dot chart-dot--{role}" for role in Role}
    | {f"ring-{role}": f"chart-dot chart-ring--{role}" for role in Role}
)
"""The classes of each kind of mark; their rules are in static/css/components/chart.css."""

_STROKES = {
    Role.SUBJECT: (palette.ACCENT, 2.75),
    Role.COMPARATOR: (palette.MUTED, 1.75),
    Role.OTHER: (palette.MUTED, 1.75),
    Role.SECOND: (palette.SECOND, 2.25),
    Role.THIRD: (palette.THIRD, 2.25),
    Role.FOURTH: (palette.FOURTH, 2.25),
}
DASHES = {Role.SECOND: "12 3", Role.THIRD: "9 3 2 3", Role.FOURTH: "2 3"}
"""The lines of further forces, told apart without colour too; none is broken as provisional figures are."""


def _dashed(role: Role) -> str:
    """Give the pattern of a line with ends to fit: round ones would close its gaps."""
    return f'stroke-dasharray="{DASHES[role]}"' if role in DASHES else 'stroke-linecap="round"'


def _face(size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'font-size="{size}" fill="{colour}"{weight}'


def _halo(colour: str) -> str:
    return f' stroke="{colour}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'


FILE_PENS = _ready(
    {
        "paper": f'fill="{palette.PAPER}"',
        "sans": f'font-family="{SANS}"',
        "title": f'font-family="{SERIF}" font-weight="600" font-size="{TITLE_SIZE}" fill="{palette.INK}"',
        "text": _face(TEXT_SIZE, palette.INK),
        "foot": _face(WORD_SIZE, palette.MUTED),
        "unit": _face(TEXT_SIZE, palette.MUTED),
        "label": _face(TEXT_SIZE, palette.MUTED),
        "tick": _face(TEXT_SIZE, palette.INK),
        "minor": _face(TEXT_SIZE, palette.INK),
        "grid": f'stroke="{palette.RULE}"',
        "zero": f'stroke="{palette.INK}"',
        "break": f'stroke="{palette.INK}" stroke-dasharray="2 3"',
        "break_label": _face(WORD_SIZE, palette.INK) + _halo(palette.PAPER),
        "leader": f'stroke="{palette.MUTED}"',
        "end_value": f'font-size="{VALUE_SIZE}" font-weight="700"',
        "end_name": f'font-size="{TEXT_SIZE}"',
        "hit": 'fill="none"',
        "rule": f'fill="{palette.RULE}"',
        "gutter": f'fill="{palette.RULE}" fill-opacity=".35"',
        "gutter_sign": _face(ROW_SIZE, palette.MUTED),
        "gutter_reason": _face(SMALL_SIZE, palette.MUTED),
        "gutter_line": _face(SMALL_SIZE, palette.MUTED),
        "gutter_label": _face(SMALL_SIZE, palette.MUTED),
        "head": _face(TEXT_SIZE, palette.INK, bold=True),
        "head_note": _face(SMALL_SIZE, palette.MUTED),
        "row": _face(TEXT_SIZE, palette.INK),
        "hatch_light": f'stroke="{palette.WHITE}" stroke-width="3" stroke-opacity=".32"',
        "hatch_dark": f'stroke="{palette.BLACK}" stroke-width="3" stroke-opacity=".28"',
        "track": f'fill="{palette.RULE}" fill-opacity=".5"',
        "reference": f'stroke="{palette.INK}" stroke-width="1.5"',
        "reference_label": _face(TEXT_SIZE, palette.INK, bold=True) + _halo(palette.PAPER),
        "bar_name": _face(TEXT_SIZE, palette.INK),
        "bar_name_chosen": _face(TEXT_SIZE, palette.ACCENT, bold=True),
        "bar_label": _face(TEXT_SIZE, palette.INK, bold=True) + _halo(palette.PAPER),
        "bar_part": _face(TEXT_SIZE, palette.INK) + _halo(palette.PAPER),
        "bar_note": _face(WORD_SIZE, palette.MUTED) + _halo(palette.PAPER),
        "bar_value": _face(TEXT_SIZE, palette.ACCENT, bold=True) + _halo(palette.PAPER),
        "bar_value_other": _face(WORD_SIZE, palette.MUTED) + _halo(palette.PAPER),
        "bar_missing": _face(WORD_SIZE, palette.MUTED) + ' font-style="italic"' + _halo(palette.PAPER),
        "spark_dot": f'fill="{palette.ACCENT}"',
    }
    | {
        f"spark-{role}": f'stroke="{colour}" stroke-width="{width * 2}" stroke-linejoin="round"'
        for role, (colour, width) in _STROKES.items()
    }
    | {f"end-{role}": f'fill="{colour}"' for role, (colour, _width) in _STROKES.items()}
    | {
        f"line-{role}": f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" {_dashed(role)}'
        for role, (colour, width) in _STROKES.items()
    }
    | {
        f"dash-{role}": f'stroke="{colour}" stroke-width="{width}" stroke-dasharray="5 4"'
        for role, (colour, width) in _STROKES.items()
    }
    | {
        f"dot-{role}": f'fill="{colour}" stroke="{palette.PAPER}" stroke-width="1.5"'
        for role, (colour, _width) in _STROKES.items()
    }
    | {
        f"ring-{role}": f'fill="{palette.PAPER}" stroke="{colour}" stroke-width="2"'
        for role, (colour, _width) in _STROKES.items()
    }
)
"""The colours of each kind of mark in a file."""

_HOLLOW = {"no-question": 'stroke="none"', "not-recorded": f'stroke="{palette.MUTED}" stroke-dasharray="2 3"'}
BAR_STRENGTH = ".7"


def bar_pen(bar: Bar, *, fixed: bool) -> Attributes:
    """Give the paint of a bar from zero; a provisional one is pale with a broken outline."""
    if not fixed:
        return attributes(f'class="chart-bar--{bar.role}{" chart-bar--provisional" if bar.hatched else ""}"')
    colour = palette.ACCENT if bar.role == Role.SUBJECT else palette.MUTED
    if bar.hatched:
        return attributes(f'fill="{colour}" fill-opacity=".25" stroke="{colour}" stroke-dasharray="3 2"')
    return attributes(
        f'fill="{colour}"' + ("" if bar.role == Role.SUBJECT else f' fill-opacity="{BAR_STRENGTH}"')
    )


def hatch_ink(level: str) -> str:
    """Say which hatching shows on a grade's colour: `light` or `dark`."""
    return "light" if palette.paint(level).text == palette.WHITE else "dark"


def cell_pens(cell: Cell, *, fixed: bool) -> dict[str, str]:
    """Give the paint of a cell's box, word, detail and letter."""
    if not fixed:
        ink = f"chart-ink--{cell.level or 'none'}" + (" chart-halo" if cell.hatched else "")
        return {
            "box": f'class="chart-cell chart-cell--{cell.level or cell.state}"',
            "word": f'class="chart-word {ink}"',
            "detail": f'class="chart-word chart-detail {ink}"',
            "letter": f'class="chart-letter {ink}"',
            "mark": f'class="chart-mark {ink}"',
        }
    if cell.level is None:
        line = _HOLLOW.get(cell.state, f'stroke="{palette.MUTED}"')
        return {
            "box": f'fill="{palette.PAPER}" {line}',
            "word": _face(SMALL_SIZE, palette.MUTED),
            "detail": _face(SMALL_SIZE, palette.MUTED),
            "mark": _face(TEXT_SIZE, palette.MUTED),
        }
    paint = palette.paint(cell.level)
    halo = _halo(paint.fill) + " " if cell.hatched else ""
    return {
        "box": f'fill="{paint.fill}" stroke="{palette.OUTLINE}"',
        "word": halo + _face(SMALL_SIZE, paint.text, bold=True),
        "detail": halo + _face(SMALL_SIZE, paint.text),
        "mark": halo + _face(TEXT_SIZE, paint.text, bold=True),
    }


def mark_pens(*, level: str | None, state: str, hatched: bool, fixed: bool) -> dict[str, str]:
    """Give the paint of a part of a stacked bar or of a tile: its box, its count, its sign, its name and its corner."""
    if not fixed:
        look = level or (state if state in palette.FIFTHS else "none")
        ink = f"chart-ink--{look}" + (" chart-halo" if hatched else "")
        return {
            "box": f'class="chart-cell chart-cell--{level or state}"',
            "count": f'class="chart-count {ink}"',
            "sign": f'class="chart-tile-sign {ink}"',
            "name": f'class="chart-tile-name {ink}"',
            "corner": f'class="chart-tile-corner {ink}"',
        }
    if level:
        fill, colour, line = (
            palette.paint(level).fill,
            palette.paint(level).text,
            f'stroke="{palette.OUTLINE}"',
        )
    elif state in palette.FIFTHS:
        (fill, colour), line = palette.FIFTHS[state], f'stroke="{palette.OUTLINE}"'
    else:
        fill, colour, line = palette.PAPER, palette.MUTED, _HOLLOW.get(state, f'stroke="{palette.MUTED}"')
    halo = _halo(fill) + " " if hatched else ""
    return {
        "box": f'fill="{fill}" {line}',
        "count": _face(WORD_SIZE, colour, bold=bool(level)),
        "sign": halo + _face(VALUE_SIZE, colour, bold=True),
        "name": halo + _face(SMALL_SIZE, colour),
        "corner": halo + 'text-anchor="end" ' + _face(TEXT_SIZE, colour, bold=True),
    }


def key_pens(item: KeyItem, *, prefix: str, bars: bool = False) -> dict[str, str]:
    """Give the paint of one item of a file's key: of its stroke, or of its box and sign; `bars` are boxes too."""
    if bars and (item.role or item.provisional):
        like = Bar(
            band=0,
            start=Decimal(0),
            end=Decimal(1),
            text="",
            title="",
            role=item.role or Role.SUBJECT,
            hatched=item.provisional,
        )
        return {"box": bar_pen(like, fixed=True)}
    if item.role or item.provisional:
        colour, width = _STROKES[item.role or Role.SUBJECT]
        dashed = 'stroke-dasharray="5 4"' if item.provisional else _dashed(item.role or Role.SUBJECT)
        return {"stroke": f'stroke="{colour}" stroke-width="{width}" {dashed}'}
    if item.level:
        paint = palette.paint(item.level)
        return {
            "box": f'fill="{paint.fill}" stroke="{palette.OUTLINE}"',
            "sign": _face(WORD_SIZE, paint.text, bold=True),
        }
    if item.hatched:
        return {"box": f'fill="url(#{prefix}-dark)" stroke="{palette.OUTLINE}"'}
    if item.state in palette.FIFTHS:
        fill, text = palette.FIFTHS[item.state]
        return {"box": f'fill="{fill}" stroke="{palette.OUTLINE}"', "sign": _face(WORD_SIZE, text, bold=True)}
    return {"sign": _face(WORD_SIZE, palette.MUTED, bold=True)}
