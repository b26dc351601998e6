"""The map of the forces as equal tiles: by grade of a theme in one cycle, or by the fifths of a metric."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.charts import layout_map
from grades.charts.builders.figures import notes_on_areas
from grades.charts.builders.history import STATE_SIGNS, corrected, newest_address
from grades.charts.layout_map import SHORT_NAMES, TILES
from grades.charts.palette import FIFTHS, paint
from grades.charts.spec import Band, Cell, ChartSpec, Column, Grid, KeyItem, Kind, Row, SourceLine, Table
from grades.history import CycleFacts, GradePoint
from grades.scales import TIERS, CellState
from grades.series import MetricFacts, TileFigure

Link = Callable[[str], str]
NO_FIGURE = "no-figure"
ROOM = 9
"""Letters that fit in a tile."""
MOST_STRANGERS = len(layout_map.FREE)
NAMED = 6
"""As many forces of a group are named in the sentence."""


def can_map(forces: Iterable[str]) -> bool:
    """Tell whether these forces, given by slug, can be put on the map: there is room for a few without a place of their own."""
    asked = set(forces)
    return bool(asked & set(TILES)) and len(asked - set(TILES)) <= MOST_STRANGERS


def _places(names: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Give the column and row of each force; one without a place of its own has one of the free ones in the north-west."""
    strangers = sorted(set(names) - set(TILES))
    places = {slug: TILES[slug] for slug in names if slug in TILES}
    return places | dict(zip(strangers, layout_map.FREE, strict=False))


def _short(slug: str, name: str) -> str:
    """Give what fits in a tile."""
    return SHORT_NAMES.get(slug) or (name if len(name) <= ROOM else f"{name[: ROOM - 1]}…")


def tile_map_grades(
    *,
    cycle: CycleFacts,
    theme_title: str,
    points: Mapping[str, GradePoint | None],
    names: Mapping[str, str],
    link: Link | None = None,
) -> ChartSpec:
    """Draw each force as a tile with its grade on one theme in one cycle; hollow where there is none.

    `points` and `names` are by slug of the force; a force without a point is not recorded. `link` gives the address
    behind a tile, or "". Raises ValueError where `can_map` says no.
    """
    _check(names)
    places = _places(names)
    cells = tuple(
        _grade_cell(slug, names[slug], places[slug], points.get(slug), cycle, link(slug) if link else "")
        for slug in _ordered(places)
    )
    levels = Counter(cell.level for cell in cells if cell.level)
    states = Counter(cell.state for cell in cells if not cell.level)
    counts = words.spread_counts(
        {level: levels[level] for level in TIERS[cycle.tiers]},
        {CellState(state): count for state, count in states.items() if state != CellState.NOT_RECORDED},
        missing=states[CellState.NOT_RECORDED],
        total=len(cells),
    )
    found = [point for point in points.values() if point is not None and point.level is not None]
    return ChartSpec(
        kind=Kind.TILE_MAP,
        title=_("%(theme)s in %(cycle)s: %(counts)s")
        % {"theme": theme_title, "cycle": cycle.label, "counts": counts},
        description=words.sentences(
            *_by_grade(cells, {places[slug]: name for slug, name in names.items()}, cycle)
        ),
        table=Table(
            caption=_("Grade of each force: %(theme)s, %(cycle)s")
            % {"theme": theme_title, "cycle": cycle.label},
            columns=(Column(label=_("Force")), Column(label=_("Grade"))),
            rows=tuple(
                Row(
                    header=names[slug],
                    cells=(_grade_words(points.get(slug), cycle),),
                    facts=tuple(corrected(points.get(slug)).items()),
                )
                for slug in sorted(names, key=lambda s: names[s])
            ),
        ),
        source=_source(cycle, found),
        grid=_grid(cells),
        key=_grade_key(cells),
        notes=(
            *_map_notes(names),
            *([_("* not yet checked against the report.")] if any(cell.unchecked for cell in cells) else []),
            *([_("† sources disagree.")] if any(cell.disputed for cell in cells) else []),
            *(
                [_("‡ changed by the inspectorate after publication.")]
                if any(c.amended for c in cells)
                else []
            ),
        ),
    )


def tile_map_metric(
    *,
    metric: MetricFacts,
    tiles: Sequence[TileFigure],
    period: str,
    source: SourceLine,
    link: Link | None = None,
) -> ChartSpec:
    """Draw each force as a tile shaded by its fifth of the forces on one metric; hollow where there is no figure.

    `link` gives the address behind a tile from the force's slug, or "". Raises ValueError where `can_map` says no.
    """
    names = {tile.slug: tile.name for tile in tiles}
    _check(names)
    by_slug = {tile.slug: tile for tile in tiles}
    places = _places(names)
    cells = tuple(
        _metric_cell(by_slug[slug], metric, places[slug], link(slug) if link else "")
        for slug in _ordered(places)
    )
    held = [tile for tile in tiles if tile.fifth is not None]
    values = {
        "metric": metric.label,
        "unit": metric.unit,
        "period": period,
        "count": len(held),
        "lacking": len(tiles) - len(held),
    }
    title = ngettext(
        "%(metric)s, %(period)s: %(count)d force with a figure",
        "%(metric)s, %(period)s: %(count)d forces in fifths from the lowest to the highest",
        len(held),
    )
    if values["lacking"]:
        title = _("%(title)s, %(lacking)d without a figure") % {"title": title % values, **values}
    else:
        title %= values
    return ChartSpec(
        kind=Kind.TILE_MAP,
        title=title,
        description=words.sentences(
            _("%(metric)s, %(unit)s, %(period)s, by fifth of the forces") % values,
            *(
                _("%(fifth)s: %(forces)s")
                % {
                    "fifth": words.fifth(number),
                    "forces": words.list_and(sorted(t.name for t in held if t.fifth == number)),
                }
                for number in (5, 1)
                if any(t.fifth == number for t in held)
            ),
            *(
                _("%(force)s: %(reason)s") % {"force": tile.name, "reason": _figure(tile, metric)}
                for tile in tiles
                if tile.fifth is None
            ),
        ),
        table=Table(
            caption=_("%(metric)s, %(unit)s, %(period)s") % values,
            columns=(
                Column(label=_("Force")),
                Column(label=metric.unit, numeric=True),
                Column(label=_("Fifth of the forces")),
            ),
            rows=tuple(
                Row(
                    header=tile.name,
                    cells=(
                        _figure(tile, metric),
                        words.fifth(tile.fifth) if tile.fifth else _("No figure"),
                    ),
                )
                for tile in sorted(tiles, key=lambda t: t.name)
            ),
        ),
        source=source,
        grid=_grid(cells),
        key=_metric_key(cells),
        notes=(
            *_map_notes(names),
            _("A fifth is a fifth of the forces with a figure, by value; it is no grade and no judgment."),
            *(
                words.sentence(note)
                for note in (
                    metric.caveat,
                    *notes_on_areas([(t.name, t.observation) for t in tiles if t.observation]),
                )
                if note
            ),
        ),
    )


def _check(names: Mapping[str, str]) -> None:
    if not names:
        raise ValueError("a tile map has at least one force")
    if not can_map(names):
        unknown = sorted(set(names) - set(TILES))
        raise ValueError(f"{', '.join(unknown)}: no place on the tile map")


def _ordered(places: Mapping[str, tuple[int, int]]) -> list[str]:
    """Order the forces as they are read on the map: row by row from the north, and from the west."""
    return sorted(places, key=lambda slug: places[slug][::-1])


def _grid(cells: tuple[Cell, ...]) -> Grid:
    columns = 1 + max(column for column, _row in TILES.values())
    rows = 1 + max(row for _column, row in TILES.values())

    def bands(name: str, count: int) -> tuple[Band, ...]:
        return tuple(
            Band(slug=f"{name}-{i + 1}", label=str(i + 1), start=i / count, end=(i + 1) / count)
            for i in range(count)
        )

    return Grid(rows=bands("row", rows), columns=bands("column", columns), cells=cells)


def _map_notes(names: Mapping[str, str]) -> tuple[str, ...]:
    notes = [_("Each tile is one force, equal whatever its size; placed by neighbourhood.")]
    if strangers := words.list_and(sorted(name for slug, name in names.items() if slug not in TILES)):
        notes.append(
            _("Set apart in the north-west for want of a place of their own: %(forces)s.")
            % {"forces": strangers}
        )
    return tuple(notes)


def _grade_words(point: GradePoint | None, cycle: CycleFacts) -> str:
    if point is None:
        return words.state_long(CellState.NOT_RECORDED)
    return words.point_words(point, {cycle.slug: cycle.label})


def _grade_cell(
    slug: str, name: str, place: tuple[int, int], point: GradePoint | None, cycle: CycleFacts, link: str
) -> Cell:
    column, row = place
    state = point.state if point else CellState.NOT_RECORDED
    level = point.level if point else None
    when = corrected(point)
    return Cell(
        row=row,
        column=column,
        state=state,
        level=level,
        word=words.grade_word(level) if level else words.state_short(state),
        letter=paint(level).letter if level else STATE_SIGNS.get(state, "?"),
        detail=_short(slug, name),
        title=_("%(force)s: %(grade)s") % {"force": name, "grade": _grade_words(point, cycle)},
        hatched=state == CellState.CARRIED_FORWARD,
        hollow=level is None,
        unchecked=bool(point and point.unchecked),
        disputed=bool(point and point.disagreeing),
        amended=bool(point and point.amendment),
        corrected_on=when["corrected_on"],
        corrected_from=when["corrected_from"],
        link=link,
    )


def _figure(tile: TileFigure, metric: MetricFacts) -> str:
    """Give the figure of a force in words, or why there is none."""
    if tile.observation is None:
        return tile.excluded or words.state_long(CellState.NOT_RECORDED)
    return words.number(tile.observation.value, metric.decimals)


def _metric_cell(tile: TileFigure, metric: MetricFacts, place: tuple[int, int], link: str) -> Cell:
    column, row = place
    text = said = _figure(tile, metric)
    if tile.fifth and tile.observation:
        value = words.with_unit(tile.observation.value, metric.decimals, metric.unit)
        said = f"{value}; {words.fifth(tile.fifth).lower()}"
    return Cell(
        row=row,
        column=column,
        state=f"fifth-{tile.fifth}" if tile.fifth else NO_FIGURE,
        word=text,
        letter=str(tile.fifth) if tile.fifth else "–",
        detail=_short(tile.slug, tile.name),
        title=_("%(force)s: %(figure)s") % {"force": tile.name, "figure": said},
        hollow=tile.fifth is None,
        link=link,
    )


def _by_grade(cells: Sequence[Cell], names: Mapping[tuple[int, int], str], cycle: CycleFacts) -> list[str]:
    """Name the forces with each grade or state; a large group is counted, for its tiles and the table name it."""
    groups: dict[str, list[str]] = {}
    for level in TIERS[cycle.tiers]:
        groups[words.grade_word(level)] = []
    for cell in cells:
        said = words.grade_word(cell.level) if cell.level else words.state_long(cell.state)
        groups.setdefault(said, []).append(names[cell.column, cell.row])
    return [
        _("%(grade)s: %(forces)s") % {"grade": said, "forces": words.list_and(sorted(forces))}
        if len(forces) <= NAMED
        else _("%(grade)s: %(count)d forces") % {"grade": said, "count": len(forces)}
        for said, forces in groups.items()
        if forces
    ]


def _source(cycle: CycleFacts, points: Sequence[GradePoint]) -> SourceLine:
    dates = [point.published for point in points if point.published is not None]
    return SourceLine(
        text=_("%(inspectorate)s, inspections of %(cycle)s")
        % {"inspectorate": cycle.inspectorate, "cycle": cycle.label},
        date=_("newest report with grades here %(day)s") % {"day": words.partial_date(max(dates))}
        if dates
        else words.within_sentence(cycle.published_text) or words.partial_date(None),
        address=newest_address(points) if len(points) == 1 else "",
    )


def _grade_key(cells: Sequence[Cell]) -> tuple[KeyItem, ...]:
    levels, states = {cell.level for cell in cells}, {cell.state for cell in cells if cell.hollow}
    items = [
        KeyItem(label=words.grade_word(level), letter=paint(level).letter, level=level)
        for level in TIERS[5]
        if level in levels
    ]
    if any(cell.hatched for cell in cells):
        items.append(KeyItem(label=words.state_long(CellState.CARRIED_FORWARD), hatched=True))
    items += [
        KeyItem(label=words.state_long(state), letter=sign, state=state, hollow=True)
        for state, sign in STATE_SIGNS.items()
        if state in states
    ]
    return tuple(items)


def _metric_key(cells: Sequence[Cell]) -> tuple[KeyItem, ...]:
    states = {cell.state for cell in cells}
    items = [
        KeyItem(label=words.fifth(number), letter=str(number), state=state)
        for number, state in enumerate(FIFTHS, 1)
        if state in states
    ]
    if NO_FIGURE in states:
        items.append(KeyItem(label=_("No figure"), letter="–", state=NO_FIGURE, hollow=True))
    return tuple(items)
