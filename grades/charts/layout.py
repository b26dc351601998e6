"""Where text goes: how wide it is about, where it breaks, and how labels keep clear of each other. Pure arithmetic."""

from collections.abc import Sequence
from functools import lru_cache

NARROW = set("iIljtf.,:;!|'()[]/‘’ ")
WIDE = set("mwMW@%—")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a text in a sans-serif face, in pixels; on the generous side."""
    ems = 0.0
    for character in text:
        if character in NARROW:
            ems += 0.31
        elif character in WIDE:
            ems += 0.88
        elif character.isupper():
            ems += 0.69
        else:
            ems += 0.56
    return ems * size * (1.06 if bold else 1.0)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of a width in pixels, between words; a word that is too long is cut."""
    lines: list[str] = []
    for word in (part for whole in text.split() for part in _cut(whole, width, size)):
        if lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]


def _cut(word: str, width: float, size: float) -> list[str]:
    """Cut a word, such as an address, into parts that fit; a word that is only a little too long stays whole."""
    if text_width(word, size) <= width * 1.2:
        return [word]
    fits = max(1, int(width / (size * 0.69)))
    return [word[i : i + fits] for i in range(0, len(word), fits)]


def balance(text: str, width: float, size: float) -> list[str]:
    """Break a text as `wrap` does, into as few lines, but of about equal length."""
    lines = wrap(text, width, size)
    narrowest = text_width(text, size) / len(lines)
    while narrowest < width:
        tried = wrap(text, narrowest, size)
        if len(tried) <= len(lines):
            return tried
        narrowest += size
    return lines


def spread(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move the middles of labels as little as needed so that none overlap and all lie within top and bottom.

    `wanted` and `heights` have one entry a label; the result is in the same order. Labels that do not fit at all are
    stacked from the top.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    edge = top
    for i in order:
        placed[i] = max(wanted[i], edge + heights[i] / 2)
        edge = placed[i] + heights[i] / 2
    edge = max(bottom, top + sum(heights))
    for i in reversed(order):
        placed[i] = min(placed[i], edge - heights[i] / 2)
        edge = placed[i] - heights[i] / 2
    return placed


def levels(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Give each span, from left to right, the lowest level at which it is clear of the spans before it."""
    taken: list[float] = []
    found: list[int] = []
    for start, end in spans:
        level = next((i for i, edge in enumerate(taken) if edge <= start), len(taken))
        if level == len(taken):
            taken.append(end)
        else:
            taken[level] = end
        found.append(level)
    return found
