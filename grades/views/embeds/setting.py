"""How a block is set: its pieces as HTML, each with the height it takes. A pinned block keeps its pieces."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grades import charts, words
from grades.charts import ChartSpec
from grades.charts.spec import BREAK_MARK, Axis, Bar, Break, Cell, KeyItem, Kind, Reference, Role
from grades.scales import CellState
from grades.views.embeds import heights
from grades.views.embeds.blocks import Embed, Shape
from grades.views.embeds.heights import NARROWEST, SIDE, WIDE, flowed, high, stacked
from grades.views.embeds.options import Options

Context = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A block ready for the page: `body`, `table` and `foot` are HTML of our own templates, the rest plain text.

    `description` says what must be said first and what the block shows, `told` that and all else that must be said,
    `source` who says so.
    """

    subject: str
    label: str
    title: str
    heading: str
    text: str
    body: str
    table: str
    foot: str
    description: str
    told: str
    source: str

    @property
    def name(self) -> str:
        """Name the block so that no other on the same page has its name: what it finds, and what it is."""
        return f"{self.title} – {self.label}"

    def safe(self, piece: str) -> SafeString:
        """Give one of the pieces that are HTML."""
        return mark_safe(getattr(self, piece))  # noqa: S308  made by our own templates


def article(embed: Embed) -> Article:
    """Set a block."""
    shape, spec = embed.block.shape, embed.spec
    context = {"embed": embed, "spec": spec, **_CONTEXTS.get(shape, lambda _spec: {})(spec)}
    return Article(
        subject=embed.subject,
        label=str(embed.block.label),
        title=spec.title,
        heading=unbroken(spec.title),
        text=said(embed),
        body=_set(f"embeds/{shape}.html", context),
        table=_set("components/data_table.html", {"table": spec.table}) if has_fold(embed) else "",
        foot=_set("embeds/foot.html", context | {"notes": _notes(embed), "breaks": _breaks(embed)}),
        description=words.sentences(*embed.notices, spec.description),
        told=_told(embed),
        source=spec.source.named,
    )


def _told(embed: Embed) -> str:
    """Say in plain sentences, each once, all that a block says but for its source."""
    spec = embed.spec
    more = (text for text in (*(at.note for at in spec.breaks), *spec.notes) if text not in spec.description)
    said = (spec.title, *embed.notices, spec.description, *more)
    return " ".join(dict.fromkeys(words.sentence(text) for text in said if text))


def unbroken(text: str) -> str:
    """Keep years such as 2023–25 on one line."""
    return re.sub(r"(?<=\d)–(?=\d)", "–\u2060", text)


def _set(template: str, context: Context) -> str:
    """Fill a template and take its line breaks out."""
    return "".join(line.strip() for line in render_to_string(template, context).split("\n"))


def _notes(embed: Embed) -> tuple[str, ...]:
    """Give the notes that the sentence does not hold; what is said of places one above another is of pictures alone."""
    notes, grid = embed.spec.notes, embed.spec.grid
    if embed.block.shape in LETTERED and grid and any(cell.parts > 1 for cell in grid.cells):
        notes = notes[:-1]
    return tuple(note for note in dict.fromkeys(notes) if note.rstrip(".") not in said(embed))


LETTERED = (Shape.LETTERS, Shape.BADGE)


def _breaks(embed: Embed) -> list[tuple[str, str, str]]:
    """Give each break with what heads it, why, and where the inspectorate says so."""
    return [(_head(at, embed.spec), at.reason, at.address) for at in embed.spec.breaks]


def _head(at: Break, spec: ChartSpec) -> str:
    """Name the cycle at which a break lies, or the day and what changed on it."""
    if spec.grid is None:
        return at.note.removesuffix(at.reason).strip() or _("Break:")
    later = next(band for band in spec.grid.columns if band.start >= at.position)
    if at.presumed:
        return _("Presumed break before %(cycle)s:") % {"cycle": later.label}
    return _("Break before %(cycle)s:") % {"cycle": later.label}


# Letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One theme in one cycle: its cells, what they say in words, and the name of a break before it, "" without one."""

    cells: tuple[Cell, ...]
    words: str
    after_break: str


def _letters(spec: ChartSpec) -> Context:
    """Give the rows of a grade history: label and places."""
    if spec.grid is None:
        raise ValueError("letters are set of a grid")
    columns = spec.table.columns[1:]
    after = [columns[i - 1].label if i and columns[i - 1].is_break else "" for i in range(len(columns))]
    kept = [i for i, column in enumerate(columns) if not column.is_break]
    by_place: dict[tuple[int, int], list[Cell]] = {}
    for cell in spec.grid.cells:
        by_place.setdefault((cell.row, cell.column), []).append(cell)
    rows = [
        (
            band.label,
            [
                Place(
                    cells=tuple(by_place[(index, place)]),
                    words=spec.table.rows[index].cells[column],
                    after_break=after[column],
                )
                for place, column in enumerate(kept)
            ],
        )
        for index, band in enumerate(spec.grid.rows)
    ]
    heads = [(columns[i].label, after[i]) for i in kept]
    return {"heads": heads, "rows": rows, "signs": _signs(spec)}


def _signs(spec: ChartSpec) -> list[Context]:
    """Give what explains the letters and signs, as short as may be."""
    return [
        {"sign": item.letter, "label": _sign_label(item), "level": item.level, "hatched": item.hatched}
        for item in _explained(spec)
    ]


def _explained(spec: ChartSpec) -> list[KeyItem]:
    """Give the signs of the key; the sign of a break is explained by the breaks themselves."""
    return [item for item in spec.key if item.letter != BREAK_MARK]


def _sign_label(item: KeyItem) -> str:
    """Name a sign in a word or two: what it means in full is said in the table, and on the page."""
    if item.state or item.hatched:
        return words.state_short(item.state or CellState.CARRIED_FORWARD)
    return item.label


LABEL_PART, LETTERS_HEAD = 0.44, 51
LABEL = heights.Style(size=11.5, step=13, around=3)
WIDE_LABEL = heights.Style(size=13, step=17, around=7)


def _letters_high(embed: Embed, width: float) -> float:
    spec = embed.spec
    if spec.grid is None:
        raise ValueError("letters are set of a grid")
    labels = [_sign_label(item) for item in _explained(spec)]
    if width >= WIDE:
        tall = [max(high(band.label, 196, WIDE_LABEL), 36 * band.tracks + 3) for band in spec.grid.rows]
        return 34 + sum(tall) + flowed(labels, width)
    room = width * LABEL_PART - 2
    return (
        LETTERS_HEAD
        + sum(max(high(band.label, room, LABEL), 24) for band in spec.grid.rows)
        + flowed(labels, width)
    )


# A badge


def _badge(spec: ChartSpec) -> Context:
    if spec.grid is None:
        raise ValueError("a badge is set of a grid")
    return {
        "cells": spec.grid.cells,
        "cycle": spec.grid.columns[0].label,
        "words": spec.table.rows[0].cells[-1],
    }


def _badge_high(embed: Embed, width: float) -> float:
    cells = embed.spec.grid.cells if embed.spec.grid else ()
    said = embed.spec.table.rows[0].cells[-1]
    return 46 * len(cells) + high(said, width, heights.TEXT)


# Lists and numbers


def _rows(spec: ChartSpec) -> Context:
    return {"columns": spec.table.columns, "rows": spec.table.rows}


ROW_HEAD = heights.Style(size=13.5, step=18, bold=True)
ROW_CELL = heights.Style(size=13, step=18, around=2)
ROW_PAD = 17


def _list_high(embed: Embed, width: float) -> float:
    table = embed.spec.table
    if width >= WIDE:
        rooms = [
            width * 0.34 - 12,
            *(width * 0.66 / (len(table.columns) - 1) - 12 for _c in table.columns[1:]),
        ]
        rows = ((row.header, *row.cells) for row in table.rows)
        each = (
            max(high(_shown(text), room, ROW_HEAD) for text, room in zip(row, rooms, strict=True))
            for row in rows
        )
        return 30 + sum(ROW_PAD + tall for tall in each)
    total = 0.0
    for row in table.rows:
        total += ROW_PAD + high(row.header, width, ROW_HEAD)
        cells = zip(table.columns[1:], row.cells, strict=True)
        total += high(
            " · ".join(f"{column.label}: {_shown(cell)}" for column, cell in cells), width, ROW_CELL
        )
    return total


ADDRESS = 34
"""Signs of an address that a list shows."""


def _shown(text: str) -> str:
    """Give a text as a list shows it: addresses are cut."""
    return re.sub(rf"(https?://\S{{{ADDRESS - 8}}})\S+", r"\1…", text)


NUMBER_VALUE, NUMBER_PAD = 152, 15


def _numbers_high(embed: Embed, width: float) -> float:
    columns = 2 if width >= WIDE else 1
    room = (width - 24 * (columns - 1)) / columns
    beside = room - NUMBER_VALUE - 10
    tall = []
    for number in _numbers(embed.spec)["numbers"]:
        left = high(number["label"], beside, ROW_HEAD) + stacked(
            (number["unit"], number["period"]), beside, heights.NOTE
        )
        nation = _("England and Wales %(value)s") % {"value": number["beside"]}
        tall.append(NUMBER_PAD + max(left, 28 + high(nation, NUMBER_VALUE, heights.NOTE)))
    return _in_columns(tall, columns)


def _in_columns(tall: list[float], columns: int) -> float:
    """Give the height of items in rows of so many, each row as high as its highest."""
    return sum(max(tall[i : i + columns]) for i in range(0, len(tall), columns))


def _numbers(spec: ChartSpec) -> Context:
    """Give each figure with its number apart from its unit."""
    return {
        "numbers": [
            {
                "label": row.header,
                "value": row.cells[0].partition(" ")[0],
                "unit": row.cells[0].partition(" ")[2],
                "beside": row.cells[1],
                "period": row.cells[2],
            }
            for row in spec.table.rows
        ]
    }


# A ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bar of a ranking as a line of a table; `wide` is its length in per cent, `look` how it is set apart."""

    name: str
    text: str
    wide: str
    look: str


def _ranking(spec: ChartSpec) -> Context:
    """Give the lines of a ranking, England and Wales among them where its value falls."""
    if spec.x is None:
        raise ValueError("a ranking has an axis")
    placed = [(at.value, _reference(spec.x, at)) for at in spec.references]
    placed += [(bar.end, _line(spec.x, bar, spec.bands[bar.band].label)) for bar in spec.bars]
    placed.sort(key=lambda line: line[0], reverse=True)
    return {"lines": [line for _value, line in placed], "unit": spec.x.label}


def _reference(axis: Axis, at: Reference) -> Line:
    """Set the value that everything is read against as a line of its own."""
    name, _gap, text = at.label.rpartition(" ")
    return Line(name=name, text=text, wide=_percent(axis.fraction(at.value)), look="reference")


def _line(axis: Axis, bar: Bar, name: str) -> Line:
    """Set the bar of one force as a line."""
    look = "subject" if bar.role == Role.SUBJECT else "other"
    return Line(name=name, text=bar.text, wide=_percent(axis.fraction(bar.end)), look=look)


def _percent(fraction: float) -> str:
    return f"{max(fraction, 0) * 100:.1f}%"


RANKING_NAME = heights.Style(size=12, step=14)


def _ranking_high(embed: Embed, width: float) -> float:
    lines = _ranking(embed.spec)["lines"]
    room = min(width * 0.48, 190) - 4
    return 22 + sum(high(line.name, room, RANKING_NAME) for line in lines) + 4


# How grades are spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One question: its title, its counts in words, and its parts, each a look with where it begins and how long it is."""

    label: str
    note: str
    parts: tuple[tuple[str, str, str], ...]


def _stacks(spec: ChartSpec) -> Context:
    """Give each question with its bar."""
    whole = max(float(bar.end) for bar in spec.bars)
    parts: list[list[tuple[str, str, str]]] = [[] for _band in spec.bands]
    for bar in spec.bars:
        start, end = float(bar.start) / whole, float(bar.end) / whole
        parts[bar.band].append((bar.level or bar.state, _percent(start), _percent(end - start)))
    graded = {bar.band for bar in spec.bars if bar.level}
    return {
        "stacks": [
            Stack(label=band.label, note=band.note, parts=tuple(parts[i]))
            for i, band in enumerate(spec.bands)
            if i in graded
        ],
        "silent": [band.label for i, band in enumerate(spec.bands) if i not in graded],
    }


STACK_BAR = 20


def _stacks_high(embed: Embed, width: float) -> float:
    columns = 2 if width >= WIDE else 1
    room = (width - 24 * (columns - 1)) / columns
    told = _stacks(embed.spec)
    tall = [STACK_BAR + high(f"{stack.label}: {stack.note}", room, heights.STACK) for stack in told["stacks"]]
    silent = high("; ".join(("No grade is recorded here yet on:", *told["silent"])), width, heights.TEXT)
    return _in_columns(tall, columns) + (silent if told["silent"] else 0)


# Pictures


MAP_WIDE = 640
"""Height of a map where its key and its sentence have room beside it."""
DRAWN = re.compile(r'^<svg[^>]* height="(\d+)"')


@lru_cache(maxsize=128)
def _drawn_high(spec: ChartSpec) -> float:
    """Give the height of a picture, which is the same at every width."""
    drawn = DRAWN.match(charts.render_svg(spec))
    if drawn is None:
        raise ValueError("a picture says how high it is")
    return float(drawn[1])


def _picture_high(embed: Embed, width: float) -> float:
    spec = embed.spec
    if spec.kind == Kind.TILE_MAP:
        if width >= WIDE:
            return MAP_WIDE
        tall = min(width, 232) * 10 / 7
    else:
        tall = _drawn_high(spec)
    return tall + 6 + flowed([item.label for item in spec.key], width, sign=41)


_CONTEXTS = {
    Shape.LETTERS: _letters,
    Shape.BADGE: _badge,
    Shape.LIST: _rows,
    Shape.NUMBERS: _numbers,
    Shape.RANKING: _ranking,
    Shape.SPREAD: _stacks,
}
_HEIGHTS = {
    Shape.LETTERS: _letters_high,
    Shape.BADGE: _badge_high,
    Shape.LIST: _list_high,
    Shape.NUMBERS: _numbers_high,
    Shape.RANKING: _ranking_high,
    Shape.SPREAD: _stacks_high,
    Shape.PICTURE: _picture_high,
}


def height(embed: Embed, options: Options, width: int = NARROWEST) -> int:
    """Give how high a block is at a width, in CSS pixels, with its table folded."""
    room = max(width, NARROWEST // 2) - SIDE
    spec = embed.spec
    foot = [f"{head} {reason}" for head, reason, _address in _breaks(embed)]
    source = _("Source: %(source)s.") % {"source": spec.source.named}
    return heights.whole(
        high(f"{embed.subject} · {embed.block.label}", room, heights.OVER),
        high(spec.title, room, heights.WIDE_TITLE if room >= WIDE else heights.TITLE)
        if options.shows("title")
        else 0,
        stacked(filter(None, (*embed.notices, " ".join(no_welsh(options)))), room, heights.NOTICE),
        _HEIGHTS[embed.block.shape](embed, room),
        _text_high(embed, room) if options.shows("text") else 0,
        heights.FOLD if has_fold(embed) and options.shows("table") else 0,
        high(" ".join((*foot, *_notes(embed))), room, heights.NOTES),
        8
        + high(source, room, heights.SOURCE)
        + high(
            _("Every source · PEEL history · Open Government Licence v3.0"),
            room,
            heights.SOURCE,
        ),
    )


def _text_high(embed: Embed, room: float) -> float:
    """Give the height of the sentence; beside a map it takes none of its own."""
    beside = embed.spec.kind == Kind.TILE_MAP and room >= WIDE
    return high(said(embed), room, heights.TEXT) if said(embed) and not beside else 0


SELF_SPOKEN = (Shape.LETTERS, Shape.BADGE, Shape.NUMBERS, Shape.RANKING, Shape.SPREAD)
"""Shapes that are words or a table themselves: their description says the same once more."""


def said(embed: Embed) -> str:
    """Give the sentence that stands below a block, without the breaks, which stand in its foot.

    It is "" where the block is words already.
    """
    if embed.block.shape in SELF_SPOKEN:
        return ""
    text = embed.spec.description
    for at in embed.spec.breaks:
        text = text.replace(at.note, "")
    return " ".join(text.split())


def has_fold(embed: Embed) -> bool:
    """Say whether a block has its table folded below it: every other shape is a table or words itself."""
    return embed.block.shape == Shape.PICTURE


def safe_height(embed: Embed, options: Options) -> int:
    """Give a height at which nothing is cut off, however wide the frame is."""
    return max(height(embed, options, width) for width in heights.WIDTHS)


def no_welsh(options: Options) -> tuple[str, ...]:
    """Tell who asks for Welsh that there is none yet: in Welsh, and in the language that is shown."""
    if options.language != "cy":
        return ()
    return "Nid yw’r dudalen hon ar gael yn Gymraeg eto.", _("It is shown in English.")
