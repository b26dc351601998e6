"""The places of a tile map and of a spark. Decides nothing about the data."""

from decimal import Decimal

from grades.charts.canvas import FILE_WIDTH, MARGIN, Canvas, Context
from grades.charts.pens import attributes, mark_pens, number, percent
from grades.charts.spec import Cell, ChartSpec, Grid, Line

FILE_TILE = 70
"""Side of a tile in a file."""
GAP = 0.03
"""Free space at each side of a tile, as a fraction of it."""
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 120, 32, 4


def draw_tiles(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place the tiles; in a page across and down in per cent, because the style sheet keeps the picture's shape."""
    grid = spec.grid
    if grid is None:
        raise ValueError("a tile map has a grid")
    columns, rows = len(grid.columns), len(grid.rows)
    width, height = FILE_TILE * columns, FILE_TILE * rows
    left = (FILE_WIDTH - 2 * MARGIN - width) / 2 if fixed else 0
    canvas = Canvas(fixed=fixed, prefix=prefix, width=width, left=left)
    hatched = any(cell.hatched for cell in grid.cells)
    context: Context = {
        "classes": "",
        "shift": attributes(transform=f"translate({number(left)} 0)"),
        "patterns": [
            (f"{prefix}-{ink}", canvas.pens[f"hatch_{ink}"]) for ink in ("light", "dark") if hatched
        ],
        "tiles": [_tile(cell, grid, canvas) for cell in grid.cells],
    }
    return context, height


def _tile(cell: Cell, grid: Grid, canvas: Canvas) -> Context:
    columns, rows = len(grid.columns), len(grid.rows)

    def down(fraction: float) -> str:
        return number(fraction * rows * FILE_TILE) if canvas.fixed else percent(fraction)

    places: dict[str, float | str] = {
        "x": canvas.x((cell.column + GAP) / columns),
        "y": down((cell.row + GAP) / rows),
        "width": canvas.x((1 - 2 * GAP) / columns),
        "height": down((1 - 2 * GAP) / rows),
    }
    pen = mark_pens(level=cell.level, state=cell.state, hatched=cell.hatched, fixed=canvas.fixed)
    middle: dict[str, float | str] = {
        "x": canvas.x((cell.column + 0.5) / columns),
        "y": down((cell.row + 0.5) / rows),
    }
    shift = (lambda dy: {"dy": dy}) if canvas.fixed else (lambda _dy: {})
    texts = [
        (attributes(pen["sign"], **middle, **shift("17")), cell.letter),
        (attributes(pen["name"], **middle, **shift("-8")), cell.detail),
    ]
    if cell.marks:
        corner = canvas.x((cell.column + 1 - 2.5 * GAP) / columns)
        texts.append((attributes(pen["corner"], x=corner, y=middle["y"], **shift("17")), cell.marks))
    return canvas.cell(cell, pen["box"], places, texts)


def draw_spark(spec: ChartSpec, *, fixed: bool, prefix: str) -> tuple[Context, float]:
    """Place the lines of a spark and the dot at the end of the force's."""
    times = 4 if fixed else 1
    canvas = Canvas(fixed=fixed, prefix=prefix, width=(SPARK_WIDTH - 2 * SPARK_MARGIN) * times)
    values = [point.value for line in spec.lines for point in line.points]
    low, high = min(values), max(values)
    tall = (SPARK_HEIGHT - 2 * SPARK_MARGIN) * times

    def place(x: float, value: Decimal) -> tuple[str, str]:
        part = float((value - low) / (high - low)) if high > low else 0.5
        return number(SPARK_MARGIN * times + x * canvas.width), number(
            SPARK_MARGIN * times + (1 - part) * tall
        )

    def strokes(line: Line) -> list[object]:
        return [
            attributes(
                canvas.pens[f"spark-{line.role}"],
                points=" ".join(",".join(place(point.x, point.value)) for point in run),
            )
            for run in line.runs
            if len(run) > 1
        ]

    own = spec.lines[0]
    x, y = place(own.points[-1].x, own.points[-1].value)
    context: Context = {
        "classes": "",
        "strokes": [stroke for line in spec.lines[::-1] for stroke in strokes(line)],
        "dot": attributes(canvas.pens["spark_dot"], cx=x, cy=y, r=3 * times if fixed else 3),
        "wide": SPARK_WIDTH,
    }
    return context, SPARK_HEIGHT * times
