"""From a ChartSpec to a Plotly figure as plain dicts. The only module that speaks Plotly's language.

The dicts go to the reader's browser as they are, where static/js/explore.js draws them; the plotly package is not imported
(checking a figure costs more than ten times what making it does, so that a test does it instead). Places are those of the
spec: fractions across, values up, or bands down. Every mark says on hover what it says in the SVG, every text is escaped,
because Plotly reads some HTML in texts, and what follows the reader's light or dark page is named in `meta`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from grades import words
from grades.charts import palette
from grades.charts.layout import spread, text_width, wrap
from grades.charts.pens import DASHES
from grades.charts.spec import Axis, Band, Bar, Break, Cell, ChartSpec, Grid, KeyItem, Line, Point, Role

Figure = dict[str, Any]

INKS = {
    palette.INK: "--ink",
    palette.MUTED: "--ink-muted",
    palette.RULE: "--rule",
    palette.ACCENT: "--accent",
    palette.PAPER: "--paper",
    palette.SECOND: "--series-second",
    palette.THIRD: "--series-third",
    palette.FOURTH: "--series-fourth",
}
"""Which custom property of static/css/tokens.css stands behind each colour that is no grade's."""

TEXT_SIZE, SMALL_SIZE = 13, 12
PLOT_HEIGHT, BAND_HEIGHT, TRACK_HEIGHT = 340, 30, 46
LINE_HEIGHT = 17
TOP, BOTTOM, RIGHT = 34, 56, 24
LABEL_WIDTH, END_WIDTH = 190, 150
BAR_SHARE, CELL_GAP = 0.72, 0.0032
DOT, RING = 8, 9
STROKES = {
    Role.SUBJECT: (palette.ACCENT, 3),
    Role.COMPARATOR: (palette.MUTED, 2),
    Role.OTHER: (palette.MUTED, 2),
    Role.SECOND: (palette.SECOND, 2.5),
    Role.THIRD: (palette.THIRD, 2.5),
    Role.FOURTH: (palette.FOURTH, 2.5),
}


def render_plotly(spec: ChartSpec) -> Figure:
    """Give the figure of any spec: its lines, bars or cells with axes, breaks, areas and references."""
    if spec.grid:
        data, layout = _cells(spec, spec.grid)
        data = _last_of_key_first(data, spec.key)
    elif spec.bars:
        data, layout = _bars(spec)
        data = _last_of_key_first(data, spec.key)
    else:
        data, layout = _lines(spec)
    return {
        "data": data,
        "layout": layout
        | {
            "autosize": True,
            "font": {"size": TEXT_SIZE, "color": palette.INK},
            "paper_bgcolor": palette.PAPER,
            "plot_bgcolor": palette.PAPER,
            "hovermode": "closest",
            "hoverlabel": {
                "align": "left",
                "bgcolor": palette.PAPER,
                "bordercolor": palette.INK,
                "font": {"size": TEXT_SIZE, "color": palette.INK},
            },
            "showlegend": False,
            "barmode": "overlay",
            "dragmode": "zoom",
            "meta": {"title": spec.title, "description": spec.description, "inks": INKS},
        },
    }


def _last_of_key_first(data: Iterable[Figure], key: Sequence[KeyItem]) -> list[Figure]:
    """Order series as lines are: the first to be named is drawn last."""
    labels = [item.label for item in key]

    def place(trace: Figure) -> int:
        name = trace["meta"]["name"]
        return next((i for i, label in enumerate(labels) if name.startswith(label)), len(labels))

    return sorted(data, key=place, reverse=True)


def plain(text: str) -> str:
    """Escape what Plotly would take for HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lined(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """Escape a text and break it into lines of a width."""
    return "<br>".join(plain(line) for line in wrap(text, width, size))


def _note(text: str, *, x: float, y: float, **given: Any) -> Figure:
    """Make a text at a place of the plot, fractions across and up."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "x domain",
        "yref": "y domain",
        "showarrow": False,
        "font": {"size": SMALL_SIZE, "color": palette.MUTED},
        **given,
    }


# Lines


def _lines(spec: ChartSpec) -> tuple[list[Figure], Figure]:
    """Draw each line as what is settled and what is provisional, with its name and newest figure at its end."""
    if spec.x is None or spec.y is None:
        raise ValueError("lines need an axis across and an axis of values")
    left = 24 + max(text_width(tick.label, TEXT_SIZE) for tick in spec.y.ticks)
    data = [trace for line in reversed(spec.lines) for trace in _line_traces(line)]
    names = [wrap(line.end.name, END_WIDTH, TEXT_SIZE) for line in spec.lines]
    layout: Figure = {
        "height": TOP + PLOT_HEIGHT + BOTTOM,
        "margin": {"l": left, "r": END_WIDTH + 20, "t": TOP, "b": BOTTOM},
        "xaxis": {
            "range": [-0.01, 1.01],
            "tickvals": [tick.position for tick in spec.x.ticks],
            "ticktext": [plain(tick.label) for tick in spec.x.ticks],
            "title": {"text": plain(spec.x.label), "font": {"color": palette.MUTED, "size": SMALL_SIZE}},
            "showgrid": False,
            "zeroline": False,
            "showline": False,
        },
        "yaxis": _value_axis(spec.y),
        "shapes": [*_areas(spec), *_break_lines(spec.breaks), *_reference_lines(spec, upright=False)],
        "annotations": [
            _note(
                plain(spec.y.label), x=0, y=1, xanchor="left", yanchor="bottom", xshift=8 - left, yshift=12
            ),
            *_break_notes(spec.breaks),
            *_area_notes(spec),
            *_reference_notes(spec, upright=False),
            *_ends(spec.lines, names, spec.y),
        ],
    }
    return data, layout


def _value_axis(axis: Axis) -> Figure:
    """Give an axis of values as the spec has it: its ends are kept, so that a zoom never hides where it starts."""
    return {
        "range": [_number(axis.low), _number(axis.high)],
        "tickvals": [_number(tick.value) for tick in axis.ticks if tick.value is not None],
        "ticktext": [plain(tick.label) for tick in axis.ticks if tick.value is not None],
        "gridcolor": palette.RULE,
        "zeroline": True,
        "zerolinecolor": palette.INK,
        "fixedrange": True,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _dashes(role: Role) -> str:
    """Give the pattern of a settled line as Plotly takes it."""
    return ",".join(f"{length}px" for length in DASHES[role].split()) if role in DASHES else "solid"


def _line_traces(line: Line) -> list[Figure]:
    """Give the settled part of a line, and the provisional where there is one; nothing joins two runs."""
    colour, width = STROKES[line.role]
    settled, provisional = _strands(line)
    shared: Figure = {
        "type": "scatter",
        "mode": "lines+markers",
        "connectgaps": False,
        "cliponaxis": False,
        "name": plain(line.name),
        "legendgroup": line.slug,
        "meta": {"series": line.slug, "name": line.name},
    }
    last = line.points[-1]
    alone = [run[0] for run in line.runs if len(run) == 1]
    traces = []
    for strand, dash in ((settled, "solid"), (provisional, "dash")):
        if not any(strand):
            continue
        told = [point is not None and point.provisional == (dash == "dash") for point in strand]
        seen = [
            (DOT if point is last or point in alone or dash == "dash" else 0) if own else 0
            for point, own in zip(strand, told, strict=True)
        ]
        marker = (
            {"size": seen, "color": colour, "opacity": 1}
            if dash == "solid"
            else {"size": seen, "color": palette.PAPER, "opacity": 1, "line": {"color": colour, "width": 2}}
        )
        traces.append(
            shared
            | {
                "x": [None if point is None else point.x for point in strand],
                "y": [None if point is None else float(point.value) for point in strand],
                "text": [
                    plain(point.title) if point is not None and own else ""
                    for point, own in zip(strand, told, strict=True)
                ],
                "hoverinfo": ["text" if own else "skip" for own in told],
                "line": {
                    "color": colour,
                    "width": width,
                    "dash": _dashes(line.role) if dash == "solid" else dash,
                },
                "marker": marker,
            }
        )
    return traces


Strand = list[Point | None]


def _strands(line: Line) -> tuple[Strand, Strand]:
    """Cut a line into settled and provisional points with gaps (None): a stroke is provisional if one of its ends is."""
    settled: Strand = []
    provisional: Strand = []
    for run in line.runs:
        if settled:
            settled.append(None)
        if provisional and provisional[-1] is not None:
            provisional.append(None)
        for earlier, later in pairwise(run):
            if not earlier.provisional:
                settled.append(earlier)
            if earlier.provisional or later.provisional:
                settled.append(None)
                if not provisional or provisional[-1] is not earlier:
                    provisional += [None, earlier] if provisional else [earlier]
                provisional.append(later)
        if run[-1].provisional:
            if len(run) == 1:
                provisional.append(run[-1])
        else:
            settled.append(run[-1])
    return settled, provisional


def _ends(lines: Sequence[Line], names: list[list[str]], axis: Axis) -> list[Figure]:
    """Write figure and name at the end of each line, clear of each other."""
    heights = [20.0 + 16 * len(name) for name in names]
    wanted = [
        (1 - axis.fraction(line.end.value)) * PLOT_HEIGHT + height / 2 - 10
        for line, height in zip(lines, heights, strict=True)
    ]
    placed = spread(wanted, heights, -10, PLOT_HEIGHT + 10)
    found = []
    for line, name, middle, height in zip(lines, names, placed, heights, strict=True):
        colour, _width = STROKES[line.role]
        top = 1 - (middle - height / 2) / PLOT_HEIGHT
        place: Figure = {"x": 1, "xanchor": "left", "xshift": 12, "align": "left", "yanchor": "top"}
        figure = {"size": 16, "color": colour, "weight": "bold"}
        found.append(_note(plain(line.end.text), y=top, font=figure, **place))
        text = "<br>".join(plain(part) for part in name)
        label = {"size": TEXT_SIZE, "color": colour}
        found.append(_note(text, y=top - 20 / PLOT_HEIGHT, font=label, **place))
    return found


# Bars


def _bars(spec: ChartSpec) -> tuple[list[Figure], Figure]:
    """Draw bars lying in their bands, each look a series of its own."""
    axis = spec.x if spec.x is not None and spec.x.low is not None else spec.y
    if axis is None:
        raise ValueError("bars need an axis of values")
    lines = max(len(wrap(band.label, LABEL_WIDTH - 20, TEXT_SIZE)) for band in spec.bands)
    height = max(BAND_HEIGHT * _slots(spec.bars), LINE_HEIGHT * lines + 8) * len(spec.bands)
    groups: dict[tuple[Any, ...], list[Bar]] = {}
    for bar in spec.bars:
        groups.setdefault((bar.level, bar.state, bar.role, bar.hatched, bar.hollow), []).append(bar)
    data = [
        _bar_trace(
            [_place(bar, spec.bars, spec.bands) for bar in bars],
            starts=[float(bar.start) for bar in bars],
            lengths=[float(bar.end - bar.start) for bar in bars],
            texts=[bar.text for bar in bars],
            titles=[bar.title for bar in bars],
            look=_look(level, state, hatched=hatched, hollow=hollow, role=role),
            name=_name(spec.key, level, state, role=role, hatched=hatched) or bars[0].text,
            series=f"{level or state or role}{'-hatched' if hatched else ''}{'-hollow' if hollow else ''}",
            inside=bool(level or state),
        )
        for (level, state, role, hatched, hollow), bars in groups.items()
    ]
    layout: Figure = {
        "height": TOP + height + BOTTOM,
        "margin": {"l": LABEL_WIDTH, "r": RIGHT + 40, "t": TOP, "b": BOTTOM},
        "xaxis": _value_axis(axis)
        | {
            "side": "bottom",
            "title": {"text": plain(axis.label), "font": {"color": palette.MUTED, "size": SMALL_SIZE}},
        },
        "yaxis": _band_axis(spec.bands),
        "shapes": [*_reference_lines(spec, upright=True)],
        "annotations": [*_reference_notes(spec, upright=True)],
    }
    return data, layout


def _band_axis(bands: Sequence[Band], *, labelled: bool = True) -> Figure:
    """Give the axis of bands, the first on top."""
    return {
        "range": [1, 0],
        "tickvals": [(band.start + band.end) / 2 for band in bands] if labelled else [],
        "ticktext": [
            "\N{NO-BREAK SPACE}" * 4 * band.depth + _lined(band.label, LABEL_WIDTH - 20) for band in bands
        ]
        if labelled
        else [],
        "showgrid": False,
        "zeroline": False,
    }


def _roles(bars: Iterable[Bar], band: int) -> list[Role]:
    return list(dict.fromkeys(bar.role for bar in bars if bar.band == band))


def _slots(bars: Sequence[Bar]) -> int:
    """Count the bars that stand one under another in a band: one a role; parts of one stack share theirs."""
    return max(len(_roles(bars, band)) for band in {bar.band for bar in bars})


def _place(bar: Bar, bars: Sequence[Bar], bands: Sequence[Band]) -> tuple[float, float]:
    """Give the middle and thickness of a bar, as fractions down."""
    band = bands[bar.band]
    roles = _roles(bars, bar.band)
    share = (band.end - band.start) * BAR_SHARE
    first = (band.start + band.end) / 2 - share / 2
    thick = share / len(roles)
    return first + thick * (roles.index(bar.role) + 0.5), thick


def _bar_trace(
    places: list[tuple[float, float]],
    *,
    starts: list[float],
    lengths: list[float],
    texts: list[str],
    titles: list[str],
    look: Figure,
    name: str,
    series: str,
    inside: bool,
) -> Figure:
    """Make one series of lying bars."""
    ink = look.pop("ink")
    kept = look.pop("kept")
    return {
        "type": "bar",
        "orientation": "h",
        "base": starts,
        "x": lengths,
        "y": [middle for middle, _thick in places],
        "width": [thick for _middle, thick in places],
        "name": plain(name),
        "legendgroup": series,
        "text": texts if inside else [plain(text) for text in texts],
        "textposition": "inside" if inside else "outside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": ink, "size": SMALL_SIZE},
        "constraintext": "none",
        "cliponaxis": False,
        "hovertext": [plain(title) for title in titles],
        "hoverinfo": "text",
        "marker": look,
        "meta": {"series": series, "name": name, "kept": kept},
    }


def _look(
    level: str | None, state: str, *, hatched: bool, hollow: bool, role: Role | None = None
) -> dict[str, Any]:
    """Give the paint of a bar or cell. `kept` says that its colours are a grade's, on any page."""
    if level:
        paint = palette.paint(level)
        look: Figure = {
            "color": paint.fill,
            "line": {"color": palette.OUTLINE, "width": 1},
            "ink": paint.text,
            "kept": True,
        }
        colour = paint.text
    elif hollow or role is None:
        look = {
            "color": palette.PAPER,
            "line": {"color": palette.MUTED, "width": 1},
            "ink": palette.MUTED,
            "kept": False,
        }
        colour = palette.MUTED
    else:
        colour, _width = STROKES[role]
        look = {
            "color": colour,
            "line": {"color": colour, "width": 1},
            "ink": palette.INK,
            "kept": False,
        }
        colour = palette.PAPER
    if hatched:
        look["pattern"] = {
            "shape": "/",
            "size": 7,
            "solidity": 0.3,
            "fgcolor": colour,
            "fgopacity": 0.3,
            "fillmode": "overlay",
        }
    return look


def _name(
    key: Iterable[KeyItem],
    level: str | None,
    state: str,
    *,
    role: Role | None = None,
    hatched: bool = False,
) -> str:
    """Find what the key calls a look; "" where it has no name for it."""
    items = list(key)
    if level:
        found = next((item.label for item in items if item.level == level), "")
        also = next((item.label for item in items if item.hatched and not item.level), "") if hatched else ""
        return f"{found} ({words.within_sentence(also)})" if also else found
    if state:
        return next((item.label for item in items if item.state == state), "")
    return next((item.label for item in items if item.role == role and role), "")


def _shade(start: float, end: float) -> Figure:
    """Shade the plot between two places across, from top to bottom."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y domain",
        "x0": start,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": palette.RULE,
        "opacity": 0.35,
        "line": {"width": 0},
        "layer": "below",
    }


# Cells


def _cells(spec: ChartSpec, grid: Grid) -> tuple[list[Figure], Figure]:
    """Draw cells as bars in the place of each, one series a look; a grid without an axis across is a map."""
    labelled = spec.x is not None
    tracks = sum(band.tracks for band in grid.rows)
    groups: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in grid.cells:
        groups.setdefault((cell.level, cell.state, cell.hatched, cell.hollow), []).append(cell)
    data = []
    for (level, state, hatched, hollow), cells in groups.items():
        columns = [grid.columns[cell.column] for cell in cells]
        look = _look(level, state, hatched=hatched, hollow=hollow)
        data.append(
            _bar_trace(
                [_track(cell, grid.rows[cell.row], tracks) for cell in cells],
                starts=[column.start + CELL_GAP for column in columns],
                lengths=[column.end - column.start - 2 * CELL_GAP for column in columns],
                texts=[_written(cell, labelled=labelled) for cell in cells],
                titles=[cell.title for cell in cells],
                look=look,
                name=_name(spec.key, level, state, hatched=hatched) or cells[0].word,
                series=f"{level or ''}{state}",
                inside=True,
            )
        )
    layout: Figure = {
        "height": TOP + TRACK_HEIGHT * tracks + 24,
        "margin": {"l": LABEL_WIDTH if labelled else 8, "r": 8, "t": TOP + 14, "b": 10},
        "xaxis": {
            "range": [0, 1],
            "side": "top",
            "tickvals": [(band.start + band.end) / 2 for band in grid.columns] if labelled else [],
            "ticktext": [_head(band) for band in grid.columns] if labelled else [],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        "yaxis": _band_axis(grid.rows, labelled=labelled),
        "shapes": [
            _shade(at.position - at.width / 2 + CELL_GAP, at.position + at.width / 2 - CELL_GAP)
            for at in spec.breaks
        ],
        "annotations": [
            _note(
                plain(at.label),
                x=at.position,
                y=0.5,
                xref="x",
                textangle=-90,
                hovertext=_lined(at.note, 320),
                captureevents=True,
            )
            for at in spec.breaks
        ],
    }
    return data, layout


def _track(cell: Cell, band: Band, tracks: int) -> tuple[float, float]:
    """Give the middle and height of a cell, as fractions down."""
    middle = (band.start + band.end) / 2 + (cell.part - (cell.parts - 1) / 2) / tracks
    return middle, 0.88 / tracks


def _written(cell: Cell, *, labelled: bool) -> str:
    """Write a cell's word and second line; on a map the place comes first."""
    word = "<br>".join(plain(line) for line in wrap(f"{cell.word}{cell.marks}", 84, SMALL_SIZE))
    detail = plain(cell.detail)
    if not labelled:
        return f"{detail}<br>{plain(cell.letter)}{cell.marks}"
    return f"{word}<br>{detail}" if detail else word


def _head(band: Band) -> str:
    return f"{plain(band.label)}<br>{plain(band.note)}" if band.note else plain(band.label)


# Breaks, areas, references


def _break_lines(breaks: Iterable[Break]) -> list[Figure]:
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "y domain",
            "x0": at.position,
            "x1": at.position,
            "y0": 0,
            "y1": 1,
            "line": {"color": palette.INK, "width": 1, "dash": "dot"},
        }
        for at in breaks
    ]


def _break_notes(breaks: Iterable[Break]) -> list[Figure]:
    """Name each break above the plot; hovering gives it in full."""
    return [
        _note(
            plain(at.label),
            x=at.position,
            y=1,
            xref="x",
            yanchor="bottom",
            xanchor="left" if at.position < 0.5 else "right",
            font={"size": SMALL_SIZE, "color": palette.INK},
            hovertext=_lined(at.note, 320),
            captureevents=True,
        )
        for at in breaks
    ]


def _areas(spec: ChartSpec) -> list[Figure]:
    return [_shade(area.start, area.end) for area in spec.areas]


def _area_notes(spec: ChartSpec) -> list[Figure]:
    return [
        _note(plain(area.label), x=(area.start + area.end) / 2, y=0, xref="x", yanchor="bottom")
        for area in spec.areas
    ]


def _reference_lines(spec: ChartSpec, *, upright: bool) -> list[Figure]:
    """Draw what everything is read against: upright among lying bars, level among lines."""
    along, across = ("x", "y") if upright else ("y", "x")
    return [
        {
            "type": "line",
            f"{along}ref": along,
            f"{across}ref": f"{across} domain",
            f"{along}0": float(reference.value),
            f"{along}1": float(reference.value),
            f"{across}0": 0,
            f"{across}1": 1,
            "line": {"color": palette.INK, "width": 1.5},
        }
        for reference in spec.references
    ]


def _reference_notes(spec: ChartSpec, *, upright: bool) -> list[Figure]:
    font = {"size": SMALL_SIZE, "color": palette.INK}
    if upright:
        return [
            _note(plain(r.label), x=float(r.value), y=1, xref="x", yanchor="bottom", font=font)
            for r in spec.references
        ]
    return [
        _note(plain(r.label), x=0, y=float(r.value), yref="y", xanchor="left", yanchor="bottom", font=font)
        for r in spec.references
    ]
