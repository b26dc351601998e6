"""The places of a table that is set as a picture: columns side by side, texts in lines. A file alone. Decides nothing about the data."""

from grades.charts.canvas import FILE_WIDTH, MARGIN, Context
from grades.charts.layout import wrap
from grades.charts.pens import FILE_PENS, ROW_SIZE, attributes, written
from grades.charts.spec import ChartSpec

STEP, PAD, GAP = 18, 9, 18
HEADER_SHARE = 0.34
"""The part of the width that the row headers take."""


def draw_list(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Set the table of a list; also give its height. Raises ValueError for a page, which shows the table itself."""
    if not fixed:
        raise ValueError("a list is a picture in files alone; a page shows its table")
    width = FILE_WIDTH - 2 * MARGIN
    others = len(spec.table.columns) - 1
    first = HEADER_SHARE * width if others else width
    wide = (width - first) / max(others, 1)
    starts = [0.0, *(first + wide * i for i in range(others))]
    rooms = [first - GAP, *(wide - GAP for _ in range(others))]
    texts: list[tuple[str, str]] = []
    rules: list[str] = []

    def line(cells: tuple[str, ...], top: float, *, head: bool) -> float:
        """Set one row, and give where the next one begins."""
        high = 1
        for place, (text, x, room) in enumerate(zip(cells, starts, rooms, strict=True)):
            lines = wrap(text, room, ROW_SIZE, bold=not place)
            high = max(high, len(lines))
            pen = FILE_PENS["unit"] if head else FILE_PENS["text"] if place else _HEADER
            texts.extend(
                (attributes(pen, x=x, y=top + PAD + ROW_SIZE + STEP * i), part)
                for i, part in enumerate(lines)
            )
        end = top + 2 * PAD + STEP * high
        rules.append(attributes(FILE_PENS["zero" if head else "grid"], x1="0", x2=width, y1=end, y2=end))
        return end

    at = line(tuple(column.label for column in spec.table.columns), 0, head=True)
    for row in spec.table.rows:
        at = line((row.header, *row.cells), at, head=False)
    return {"classes": "", "rules": rules, "texts": written(texts)}, at + PAD


_HEADER = attributes(FILE_PENS["text"], 'font-weight="700"')
