"""The figures for Plotly: valid, with the spec's own figures and words, nothing across a break or a gap."""

import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grades.charts import grade_history, grade_spread, palette, trend
from grades.charts.render_plotly import plain, render_plotly
from grades.charts.spec import ChartSpec
from grades.scales import CellState, Level
from tests.builders import CYCLE_2016, linked_history, metric_series, question, series_break, spread_of, year
from tests.charts.strategies import FURTHER, histories, metrics

SPECS = st.one_of(
    metrics().map(lambda series: trend(series=series)),
    histories().map(lambda facts: grade_history(history=facts)),
    FURTHER,
)


@pytest.fixture
def lines() -> ChartSpec:
    own = [
        year(y, str(50 + y % 7), status="provisional" if y > 2024 else "final")
        for y in range(2012, 2027)
        if y != 2016
    ]
    others = [year(y, str(80 - y % 5)) for y in range(2012, 2027)]
    return trend(series=metric_series(own, others, breaks=[series_break(date(2019, 4, 1))]))


@pytest.fixture
def grid() -> ChartSpec:
    return grade_history(
        history=linked_history(
            Level.GOOD, Level.INADEQUATE, state=CellState.CARRIED_FORWARD, carried_from="2016"
        )
    )


def told(figure: dict) -> list[str]:
    """Give every text that hovering can bring up."""
    return [
        text
        for trace in figure["data"]
        for text in (trace.get("hovertext") or trace.get("text") or ())
        if text
    ]


@settings(deadline=None, max_examples=25)
@given(spec=SPECS)
def test_plotly_itself_finds_any_figure_valid(spec):
    graph_objects = pytest.importorskip("plotly.graph_objects")

    graph_objects.Figure(render_plotly(spec))


@settings(deadline=None, max_examples=60)
@given(spec=SPECS)
def test_every_mark_is_told_once_in_the_words_of_the_spec(spec):
    figure = render_plotly(spec)

    titles = [point.title for line in spec.lines for point in line.points]
    titles += [bar.title for bar in spec.bars]
    titles += [cell.title for cell in spec.grid.cells] if spec.grid else []
    assert sorted(told(figure)) == sorted(plain(title) for title in titles)
    json.dumps(figure, allow_nan=False)


@settings(deadline=None, max_examples=60)
@given(series=metrics())
def test_values_are_those_of_the_spec_and_no_stroke_joins_two_runs(series):
    spec = trend(series=series)
    figure = render_plotly(spec)

    for line in spec.lines:
        place = {(point.x, float(point.value)): i for i, run in enumerate(line.runs) for point in run}
        found = set()
        for trace in figure["data"]:
            if trace["legendgroup"] != line.slug:
                continue
            points = list(zip(trace["x"], trace["y"], strict=True))
            found |= {point for point in points if point != (None, None)}
            for earlier, later in pairwise(points):
                if None not in (*earlier, *later):
                    assert place[earlier] == place[later]
        assert found == set(place)


@settings(deadline=None, max_examples=60)
@given(spec=SPECS)
def test_every_break_and_reference_is_a_shape_and_a_break_has_its_name(spec):
    layout = render_plotly(spec)["layout"]

    assert len(layout["shapes"]) == len(spec.breaks) + len(spec.references)
    said = [note["text"] for note in layout["annotations"] if note.get("captureevents")]
    assert said == [plain(at.label) for at in spec.breaks]


def test_provisional_strokes_are_dashed_and_their_points_are_rings(lines):
    dashed = [trace for trace in render_plotly(lines)["data"] if trace["line"]["dash"] == "dash"]

    (trace,) = dashed
    assert len(trace["x"]) == 3
    assert trace["hoverinfo"] == ["skip", "text", "text"]
    assert trace["marker"]["color"] == palette.PAPER


def test_axes_are_those_of_the_spec(lines):
    layout = render_plotly(lines)["layout"]

    assert layout["yaxis"]["range"] == [float(lines.y.low), float(lines.y.high)]
    assert layout["yaxis"]["fixedrange"] is True
    assert layout["yaxis"]["ticktext"] == [tick.label for tick in lines.y.ticks]
    assert layout["xaxis"]["ticktext"] == [tick.label for tick in lines.x.ticks]


def test_grades_have_their_colours_on_any_page_and_carried_ones_a_pattern(grid):
    traces = {trace["name"]: trace for trace in render_plotly(grid)["data"]}

    good = traces["Good"]
    assert good["marker"]["color"] == palette.PAINTS[Level.GOOD].fill
    assert good["meta"]["kept"] is True
    carried = next(trace for name, trace in traces.items() if name.startswith("Inadequate"))
    assert carried["marker"]["pattern"]["shape"] == "/"
    assert carried["name"] == "Inadequate (carried forward from an earlier inspection)"


def test_figure_names_title_and_description_and_brings_no_template(lines):
    layout = render_plotly(lines)["layout"]

    assert layout["meta"]["title"] == lines.title
    assert layout["meta"]["description"] == lines.description
    assert "template" not in layout


def test_texts_are_escaped():
    spec = trend(series=metric_series([year(2026, "1")], name="<a href='x'>Kent</a> & co"))

    figure = render_plotly(spec)

    drawn = [*told(figure), *(trace["name"] for trace in figure["data"])]
    drawn += [note["text"] for note in figure["layout"]["annotations"]]
    assert not [text for text in drawn if "<a" in text]
    assert any("&lt;a" in text for text in drawn)


def test_series_of_bars_are_drawn_last_of_the_key_first_as_lines_are():
    spec = grade_spread(cycle=CYCLE_2016, spreads=[spread_of((0, 20, 15, 2)), spread_of((3, 20, 15, 0))])

    names = [trace["meta"]["name"] for trace in render_plotly(spec)["data"]]

    assert names == [item.label for item in spec.key][::-1]


def test_band_has_room_for_the_lines_of_its_label():
    def height(title: str) -> float:
        asked = question(short_title=title)
        spec = grade_spread(cycle=CYCLE_2016, spreads=[spread_of((1, 20, 20, 2), asked=asked)])
        return render_plotly(spec)["layout"]["height"]

    assert height("Treating the public fairly and with respect, " * 4) >= height("Efficiency") + 3 * 17
