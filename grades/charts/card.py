"""The card of a force for those who share its page: 1200 by 630, its newest grades in words, as SVG and PNG.

Grades of one cycle alone, so that no break lies between two of them.
"""

from collections.abc import Mapping
from typing import Any

from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.charts import palette
from grades.charts.layout import wrap
from grades.charts.pens import SANS, SERIF, attributes, hatch_ink
from grades.charts.render_png import svg_to_png
from grades.charts.spec import AMENDED_MARK, DISPUTED_MARK, UNCHECKED_MARK
from grades.history import ForceHistory, GradePoint
from grades.scales import Level

WIDTH, HEIGHT, MARGIN = 1200, 630, 56
TITLE_SIZE, TITLE_STEP, MOST_TITLE_LINES = 40, 48, 3
SMALL_TITLE = 0.8
COLUMNS, STEP, BOX_WIDTH, BOX_HEIGHT = 2, 56, 190, 44
WORD_SIZE, LABEL_SIZE, FOOT_SIZE = 18, 20, 18
FOOT_ROOM = 92
SITE_TITLE_SIZE, GAP = 60, 12

Context = dict[str, Any]


def card(*, history: ForceHistory, site: str) -> str:
    """Draw the card of a force as SVG. `site` names who shows it. A force without grades gets a card that says so."""
    title, size = _title(words.history_title(history))
    top = MARGIN + 26 + round(TITLE_STEP * size / TITLE_SIZE) * len(title) + 22
    rows = (HEIGHT - FOOT_ROOM - top) // STEP
    points = history.points_in(history.newest.slug) if history.newest else ()
    graded = [point for point in points if point.level]
    places = rows * COLUMNS
    shown = graded if len(graded) <= places else graded[: places - 1]
    rows = min(rows, -(-min(len(graded), places) // COLUMNS)) or rows
    labels = words.cycle_labels(history.cycles)
    return _drawn(
        site=site,
        name=words.history_title(history),
        title=title,
        size=size,
        foot=_foot(history, graded),
        items=[_item(point, i, top, rows, labels) for i, point in enumerate(shown)],
        more=_more(len(graded) - len(shown), len(shown), top, rows),
    )


def site_card(*, site: str) -> str:
    """Draw the card of pages that are about no single force as SVG: what the site is, and a key of the grades."""
    name = _("What inspectors found in every police force in England and Wales, from 2014 to today")
    lines = wrap(name, WIDTH - 2 * MARGIN, SITE_TITLE_SIZE)
    top = HEIGHT - FOOT_ROOM - STEP
    wide = (WIDTH - 2 * MARGIN - GAP * (len(Level) - 1)) / len(Level)
    swatches = [_swatch(level, MARGIN + (wide + GAP) * place, top, wide) for place, level in enumerate(Level)]
    return _drawn(
        site=site,
        name=name,
        title=lines,
        size=SITE_TITLE_SIZE,
        foot=[_("Each grade with its source. Inspectors’ judgments, not official statistics.")],
        items=swatches,
        more=None,
    )


def _swatch(level: Level, x: float, y: float, width: float) -> Context:
    """Place one grade of the key: its word on its colour."""
    paint = palette.paint(level)
    lines = wrap(words.grade_word(level), width - 12, WORD_SIZE, bold=True)
    return {
        "box": attributes(
            f'fill="{paint.fill}" stroke="{palette.OUTLINE}"', x=x, y=y, width=width, height=BOX_HEIGHT
        ),
        "hatch": "",
        "ink": paint.text,
        "halo": "",
        "word_size": WORD_SIZE,
        "word": [
            (line, x + width / 2, y + BOX_HEIGHT / 2 + 6 + WORD_SIZE * (i - (len(lines) - 1) / 2))
            for i, line in enumerate(lines)
        ],
        "label_size": LABEL_SIZE,
        "label": [],
    }


def _drawn(*, site: str, name: str, title: list[str], size: int, foot: list[str], **drawn: Any) -> str:
    """Draw what every card has: whose it is, its title, its foot; `drawn` is what stands between."""
    step = round(TITLE_STEP * size / TITLE_SIZE)
    context: Context = {
        "width": WIDTH,
        "height": HEIGHT,
        "margin": MARGIN,
        "serif": SERIF,
        "sans": SANS,
        "ink": palette.INK,
        "muted": palette.MUTED,
        "paper": palette.PAPER,
        "accent": palette.ACCENT,
        "name": name,
        "site": site,
        "title_size": size,
        "title": [(line, MARGIN + 26 + size + step * i) for i, line in enumerate(title)],
        "patterns": [("light", palette.WHITE, ".32"), ("dark", palette.BLACK, ".28")],
        "foot_size": FOOT_SIZE,
        "foot": [(line, HEIGHT - MARGIN + 12 - 24 * i) for i, line in enumerate(reversed(foot))],
        **drawn,
    }
    text = get_template("charts/card.svg").render(context)
    return "".join(line.strip() for line in text.split("\n"))


def card_png(*, history: ForceHistory, site: str) -> bytes:
    """Draw the card of a force as PNG."""
    return svg_to_png(card(history=history, site=site))


def site_card_png(*, site: str) -> bytes:
    """Draw the card of pages that are about no single force as PNG."""
    return svg_to_png(site_card(site=site))


def _title(text: str) -> tuple[list[str], int]:
    """Break the title into lines, in a smaller face where it would take too many."""
    size = TITLE_SIZE
    lines = wrap(text, WIDTH - 2 * MARGIN, size)
    while len(lines) > MOST_TITLE_LINES and size > TITLE_SIZE * SMALL_TITLE:
        size -= 2
        lines = wrap(text, WIDTH - 2 * MARGIN, size)
    return lines, size


def _place(index: int, top: int, rows: int) -> tuple[float, float]:
    """Give the left and top of one item: down the first column, then down the second."""
    wide = (WIDTH - 2 * MARGIN) / COLUMNS
    return MARGIN + wide * (index // rows), top + STEP * (index % rows)


def _item(point: GradePoint, index: int, top: int, rows: int, labels: Mapping[str, str]) -> Context:
    """Place one grade: its word on its colour, and beside it the question."""
    if point.level is None:
        raise AssertionError("the card shows grades alone")
    x, y = _place(index, top, rows)
    paint = palette.paint(point.level)
    carried = words.carried_words(point, labels)
    room = (WIDTH - 2 * MARGIN) / COLUMNS - BOX_WIDTH - 40
    label = _cut(wrap(point.question.short_title, room, LABEL_SIZE), 1 if carried else 2)
    if carried:
        label.append(carried)
    word = words.grade_word(point.level) + "".join(mark for mark, _words in _marks(point))
    lines = wrap(word, BOX_WIDTH - 12, WORD_SIZE, bold=True)
    box: dict[str, float | str] = {"x": x, "y": y, "width": BOX_WIDTH, "height": BOX_HEIGHT}
    step = WORD_SIZE
    return {
        "box": attributes(f'fill="{paint.fill}" stroke="{palette.OUTLINE}"', **box),
        "hatch": attributes(f'fill="url(#{hatch_ink(point.level)})"', **box) if carried else "",
        "ink": paint.text,
        "halo": paint.fill if carried else "",
        "word_size": WORD_SIZE,
        "word": [
            (line, x + BOX_WIDTH / 2, y + BOX_HEIGHT / 2 + 6 + step * (i - (len(lines) - 1) / 2))
            for i, line in enumerate(lines)
        ],
        "label_size": LABEL_SIZE,
        "label": [
            (line, x + BOX_WIDTH + 16, y + BOX_HEIGHT / 2 + 7 + 22 * (i - (len(label) - 1) / 2))
            for i, line in enumerate(label)
        ],
    }


def _cut(lines: list[str], most: int) -> list[str]:
    """Keep so many lines, and show where something is left out."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _more(count: int, index: int, top: int, rows: int) -> Context | None:
    """Say how many grades the card has no room for."""
    if not count:
        return None
    x, y = _place(index, top, rows)
    text = ngettext("and %(count)d grade more", "and %(count)d grades more", count) % {"count": count}
    return {"text": text, "x": x, "y": y + BOX_HEIGHT / 2 + 7, "size": LABEL_SIZE}


def _marks(point: GradePoint) -> list[tuple[str, str]]:
    """Give the signs that stand with a grade, each with what it means."""
    marks = (
        (UNCHECKED_MARK, words.unchecked_words(), point.unchecked),
        (DISPUTED_MARK, _("sources disagree"), bool(point.disagreeing)),
        (AMENDED_MARK, _("amended by the inspectorate after publication"), point.amendment is not None),
    )
    return [(mark, said) for mark, said, is_so in marks if is_so]


def _foot(history: ForceHistory, graded: list[GradePoint]) -> list[str]:
    """Say who grades, when, and what is not yet checked."""
    told = dict(mark for point in graded for mark in _marks(point))
    texts = [" ".join(f"{mark} {words.sentence(said)}" for mark, said in told.items())] if told else []
    if history.newest is None:
        return texts
    dates = [point.published for point in graded if point.published is not None]
    said = _(
        "%(inspectorate)s, %(cycle)s; newest report with grades here: %(day)s. Inspectors’ judgments, not official statistics."
    )
    texts.append(
        said
        % {
            "inspectorate": history.newest.inspectorate,
            "cycle": history.newest.label,
            "day": words.partial_date(max(dates) if dates else None),
        }
    )
    return texts
