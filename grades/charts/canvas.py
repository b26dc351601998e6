"""The ground that marks are placed on: per cent in a page, pixels in a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grades.charts.pens import (
    CSS_PENS,
    FILE_PENS,
    Attributes,
    attributes,
    hatch_ink,
    number,
    percent,
    written,
)
from grades.charts.spec import Cell

Context = dict[str, Any]

FILE_WIDTH = 960
MARGIN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """How places across are written: per cent, or pixels of a width. `left` is the margin that texts hang into.

    `gutter` is how far texts reach out to the left of the plot, in a page and in a file.
    """

    fixed: bool
    prefix: str
    width: float
    left: float = 0
    gutter: float = 0

    @property
    def pens(self) -> Mapping[str, Attributes]:
        """Give the paint of each kind of mark."""
        return FILE_PENS if self.fixed else CSS_PENS

    def x(self, fraction: float) -> str:
        """Give a place across."""
        return number(fraction * self.width) if self.fixed else percent(fraction)

    def cell(
        self,
        cell: Cell,
        box: str,
        places: Mapping[str, float | str],
        texts: Iterable[tuple[str, str]],
    ) -> Context:
        """Give the template a cell: its box at its places, its hatching over it, and its texts."""
        hatch = f'fill="url(#{self.prefix}-{hatch_ink(cell.level)})"' if cell.hatched and cell.level else ""
        return {
            "title": cell.title,
            "link": "" if self.fixed else cell.link,
            "box": attributes(box, **places),
            "hatch": attributes(hatch, **places) if hatch else "",
            "texts": written(texts),
        }
