"""The tile map: one equal tile a force, laid out by neighbourhood, readable without the picture."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from grades.charts import can_map, render_svg, tile_map_grades, tile_map_metric
from grades.charts.layout_map import BORDERS, FREE, SHORT_NAMES, TILES
from grades.charts.palette import FIFTHS
from grades.charts.spec import SourceLine
from grades.scales import CellState, Level
from grades.series import TileFigure
from tests.builders import CYCLE_2021, metric, point, press, year
from tests.charts.colour import VISION, ciede2000, contrast, lab
from tests.charts.drawing import SVG, parse

ROOT = Path(__file__).resolve().parents[2]
NAMES = {slug: slug.title() for slug in TILES}
LEAST_TOUCHING = 63
LEAST_NEAR = 92
LEAST_STEP = 10


def grades(points, **given):
    facts = {"cycle": CYCLE_2021, "theme_title": "Investigating crime", "names": NAMES}
    return tile_map_grades(points=points, **(facts | given))


def by_metric(**fifths):
    tiles = [
        TileFigure(
            slug=slug,
            name=NAMES[slug],
            fifth=fifths.get(slug),
            observation=year(2026, "62.6") if slug in fifths else None,
        )
        for slug in TILES
    ]
    return tile_map_metric(
        metric=metric(),
        tiles=tiles,
        period="12 months to 31 March 2026",
        source=SourceLine(text="Home Office", date="23 July 2026"),
        link=lambda slug: f"/forces/{slug}/",
    )


def test_every_force_has_a_tile_of_its_own():
    with (ROOT / "grades/seed/forces.csv").open(encoding="utf-8") as lines:
        forces = {row["slug"] for row in csv.DictReader(lines)}

    assert set(TILES) == set(SHORT_NAMES) == forces
    assert len(set(TILES.values())) == len(TILES) == 43
    assert len(set(SHORT_NAMES.values())) == 43
    assert min(column for column, _row in TILES.values()) == min(row for _column, row in TILES.values()) == 0


def test_neighbours_stay_neighbours():
    """Of the pairs that share a border, this many touch along a side, and this many at a side or corner."""
    steps = [(abs(TILES[one][0] - TILES[two][0]), abs(TILES[one][1] - TILES[two][1])) for one, two in BORDERS]

    assert len(BORDERS) == 99
    assert sum(x + y == 1 for x, y in steps) >= LEAST_TOUCHING
    assert sum(max(x, y) == 1 for x, y in steps) >= LEAST_NEAR


def test_no_tile_stands_alone():
    taken = set(TILES.values())

    assert all({(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} & taken for x, y in taken)


def test_style_sheet_keeps_the_shape_of_the_layout():
    css = (ROOT / "static/css/components/chart.css").read_text()
    columns = 1 + max(column for column, _row in TILES.values())
    rows = 1 + max(row for _column, row in TILES.values())

    assert f"aspect-ratio: {columns} / {rows};" in css
    for name, (fill, _ink) in FIFTHS.items():
        assert f"--{name}: {fill.lower()};" in css


@pytest.mark.parametrize("vision", VISION)
def test_fifths_are_steps_in_every_vision(vision):
    seen = [lab(fill, vision) for fill, _ink in FIFTHS.values()]

    assert [colour[0] for colour in seen] == sorted((colour[0] for colour in seen), reverse=True)
    assert min(ciede2000(one, two) for one, two in pairwise(seen)) >= LEAST_STEP
    assert all(contrast(fill, ink) >= 4.5 for fill, ink in FIFTHS.values())


def test_tile_has_letter_short_name_and_full_title():
    spec = grades({"kent": point(level=Level.GOOD), "essex": point(level=Level.ADEQUATE, sources=(press(),))})

    kent = next(cell for cell in spec.grid.cells if cell.detail == "Kent")
    essex = next(cell for cell in spec.grid.cells if cell.detail == "Essex")
    assert (kent.letter, kent.word, kent.title) == ("G", "Good", "Kent: Good")
    assert (kent.column, kent.row) == TILES["kent"]
    assert essex.marks == "*"
    assert essex.title.endswith("not yet checked against the report")


def test_force_that_is_not_recorded_is_hollow_and_counted():
    spec = grades({"kent": point(level=Level.GOOD), "essex": point(level=None, state=CellState.AWAITED)})

    assert (
        spec.title
        == "Investigating crime in 2021/22: 1 good and 1 report awaited; 41 of 43 not recorded here"
    )
    assert sum(cell.hollow for cell in spec.grid.cells) == 42
    assert {row.header: row.cells for row in spec.table.rows}["Dorset"] == ("Not recorded here yet",)
    assert len(spec.table.rows) == 43
    assert "Each tile is one force, equal whatever its size; placed by neighbourhood." in spec.notes


def test_metric_is_by_fifth_and_never_by_grade():
    spec = by_metric(kent=5, essex=1)

    kent = next(cell for cell in spec.grid.cells if cell.detail == "Kent")
    assert (kent.letter, kent.state, kent.level) == ("5", "fifth-5", None)
    assert kent.title == "Kent: 62.6 per 1,000 people; highest fifth"
    assert spec.title.endswith("2 forces in fifths from the lowest to the highest, 41 without a figure")
    assert {row.header: row.cells for row in spec.table.rows}["Essex"] == ("62.6", "Lowest fifth")
    assert spec.table.columns[1].label == "per 1,000 people"
    assert not any(cell.level for cell in spec.grid.cells)
    assert "chart-cell--fifth-5" in render_svg(spec)


def test_map_writes_numbers_as_all_else_does():
    spec = tile_map_metric(
        metric=metric(unit="offences", decimals=0),
        tiles=[TileFigure(slug="kent", name="Kent", fifth=1, observation=year(2026, "-123456"))],
        period="12 months to 31 March 2026",
        source=SourceLine(text="Home Office", date="23 July 2026"),
    )

    assert spec.table.rows[0].cells[0] == "−123,456"
    assert spec.grid.cells[0].title == "Kent: −123,456\N{NO-BREAK SPACE}offences; lowest fifth"


def test_map_says_what_is_noted_on_single_figures():
    figure = year(2026, "5", status="provisional", combined_with="Essex", note="Leaves out one station")
    spec = tile_map_metric(
        metric=metric(),
        tiles=[
            TileFigure(slug="kent", name="Kent", fifth=5, observation=figure),
            TileFigure(slug="essex", name="Essex", fifth=1, observation=year(2026, "4")),
        ],
        period="12 months to 31 March 2026",
        source=SourceLine(text="Home Office", date="23 July 2026"),
    )

    for said in (
        "Provisional: Kent.",
        "Kent is counted together with Essex.",
        "Kent: Leaves out one station.",
    ):
        assert said in spec.notes


def test_tiles_are_links_in_reading_order():
    root = parse(render_svg(by_metric(kent=5)))

    links = [link.get("href") for link in root.iter(f"{SVG}a")]
    assert len(links) == 43
    assert links[0] == "/forces/northumbria/"
    assert root.get("role") == "group"


def test_tiles_are_equal_and_do_not_overlap():
    drawn = render_svg(by_metric(kent=5), paint="fixed")

    tiles = re.findall(
        r'</title><rect [^>]*?x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>', drawn
    )
    assert len({(x, y) for x, y, _w, _h in tiles}) == 43
    assert len({(w, h) for _x, _y, w, h in tiles}) == 1


def test_unknown_forces_alone_and_no_force_are_refused():
    with pytest.raises(ValueError, match="atlantis: no place"):
        grades({}, names={"atlantis": "Atlantis"})
    with pytest.raises(ValueError, match="at least one force"):
        grades({}, names={})


def test_few_forces_without_a_place_are_set_apart_and_named():
    strangers = {"atlantis": "Atlantis and Beyond", "avalon": "Avalon"}
    spec = grades({}, names=NAMES | strangers)

    placed = {(cell.column, cell.row): cell for cell in spec.grid.cells}
    assert len(placed) == 45
    assert [placed[place].detail for place in FREE[:2]] == ["Atlantis…", "Avalon"]
    assert (
        "Set apart in the north-west for want of a place of their own: Atlantis and Beyond and Avalon."
        in (spec.notes)
    )
    assert "Set apart" not in " ".join(grades({}, names=NAMES).notes)
    assert not set(FREE) & set(TILES.values())


def test_many_forces_without_a_place_cannot_be_mapped():
    assert can_map(NAMES)
    assert can_map([*NAMES, "atlantis"])
    assert not can_map([*NAMES, *(f"island-{n}" for n in range(5))])
    assert not can_map(["atlantis"])
