"""The drawings: well-formed, inside their frame, without a line across a break or a label upon a label."""

import gzip
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grades.charts import grade_history, render_key, render_svg, spark, trend
from grades.charts.pens import DASHES
from grades.charts.spec import ChartSpec, Kind
from grades.scales import CellState, Level
from grades.series import Series
from grades.views.samples import style_samples
from tests.builders import (
    BREAK_REASON,
    CYCLE_2017,
    CYCLE_2021,
    framework,
    history,
    linked_history,
    metric_series,
    point,
    press,
    question,
    series_break,
    year,
)
from tests.charts.drawing import SVG, boxes, numbers_are_whole, parse, tag, texts
from tests.charts.strategies import FURTHER, histories, metrics

SPECS = st.one_of(
    metrics().map(lambda series: trend(series=series)),
    histories().map(lambda facts: grade_history(history=facts)),
    metrics().map(lambda series: spark(series=series)),
    FURTHER,
)
ROOT = Path(__file__).resolve().parents[2]
LARGEST = 3 * 1024
LONG_REASON = f"{BREAK_REASON[:-1]}, so a lower grade than in 2018/19 need not mean that a force did worse."


@pytest.fixture
def lines() -> ChartSpec:
    own = [year(y, str(50 + y % 7)) for y in range(2015, 2027)]
    others = [year(y, str(80 - y % 5)) for y in range(2015, 2027)]
    return trend(series=metric_series(own, others, breaks=[series_break(date(2019, 4, 1))]))


@pytest.fixture
def grid() -> ChartSpec:
    return grade_history(history=linked_history(Level.GOOD, Level.REQUIRES_IMPROVEMENT, Level.INADEQUATE))


@settings(deadline=None, max_examples=60)
@given(spec=SPECS, paint=st.sampled_from(["css", "fixed"]))
def test_any_picture_is_well_formed_and_inside_its_frame(spec, paint):
    drawn = render_svg(spec, paint=paint, id_prefix="c1")

    root = parse(drawn)
    assert numbers_are_whole(drawn)
    height = float(root.get("height", 0))
    width = 960.0 if paint == "fixed" else 1000.0
    margin = 0 if paint == "fixed" else 220
    for name, left, top, right, bottom in boxes(root, width):
        assert top >= -0.5, name
        assert bottom <= height + 0.5, name
        assert left >= -margin - 0.5, name
        assert right <= width + (0 if paint == "fixed" else 12) + 0.5, name


@settings(deadline=None, max_examples=60)
@given(series=metrics(), paint=st.sampled_from(["css", "fixed"]))
def test_no_line_crosses_a_break(series, paint):
    spec = trend(series=series)

    root = parse(render_svg(spec, paint=paint))

    ends = []
    for polyline in root.iter(f"{SVG}polyline"):
        xs = [float(pair.split(",")[0]) for pair in polyline.get("points", "").split()]
        assert xs == sorted(xs)
        ends.append((xs[0], xs[-1]))
    breaks = [float(line.get("x1", "0").rstrip("%")) for line in _breaks(root)]
    scale = 1 if paint == "fixed" else 10
    assert len(breaks) == len(spec.breaks)
    assert not [(e, b) for e in ends for b in breaks if e[0] + 0.2 < b * scale < e[1] - 0.2]


def _breaks(root):
    """Give the lines drawn at breaks."""
    for group in root.iter(f"{SVG}g"):
        if group.get("text-anchor") in {"start", "end"} and tag(group[0]) == "title":
            yield group[1]


@settings(deadline=None, max_examples=60)
@given(series=metrics())
def test_end_labels_never_overlap(series):
    root = parse(render_svg(trend(series=series)))

    labels = []
    for group in root.iter(f"{SVG}g"):
        if group.get("class", "").startswith("chart-end--"):
            bases = [(float(t.get("y", 0)), t.get("class")) for t in group if tag(t) == "text"]
            top = min(y - (14 if css == "chart-end-value" else 11) for y, css in bases)
            labels.append((top, max(y + 3 for y, _css in bases)))
    assert len(labels) == 1 + bool(series.comparator.observations)
    assert not [
        pair for pair in combinations(labels, 2) if pair[0][0] < pair[1][1] and pair[1][0] < pair[0][1]
    ]


@settings(deadline=None, max_examples=40)
@given(spec=SPECS)
def test_file_carries_all_that_must_travel(spec):
    drawn = render_svg(spec, paint="fixed", credit="example.org/forces/warwickshire")

    said = re.sub(r"\s", "", "".join(texts(parse(drawn))))
    for text in (spec.title, *spec.notes, *(b.note for b in spec.breaks), spec.source.text, spec.source.date):
        assert re.sub(r"\s", "", text) in said
    assert "OpenGovernmentLicencev3.0" in said
    assert "example.org/forces/warwickshire" in said


@pytest.mark.parametrize("kind", ["lines", "grid"])
def test_file_needs_no_style_sheet(kind, request):
    drawn = render_svg(request.getfixturevalue(kind), paint="fixed")

    assert drawn.startswith("<svg xmlns=")
    assert 'width="960"' in drawn
    assert "var(" not in drawn
    assert "class=" not in drawn
    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "preserveAspectRatio" not in drawn
    assert len(re.findall("<svg", drawn)) == 1


@pytest.mark.parametrize("kind", ["lines", "grid"])
def test_page_picture_has_classes_alone(kind, request):
    drawn = render_svg(request.getfixturevalue(kind), id_prefix="crime")

    assert "style=" not in drawn
    assert not re.search(r"#[0-9A-Fa-f]{6}\b", drawn)
    root = parse(drawn)
    assert root.get("width") == "100%"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "crime-t"
    assert root.find(f"{SVG}title").text == request.getfixturevalue(kind).title
    assert root.find(f"{SVG}desc").text == request.getfixturevalue(kind).description


def test_every_class_has_a_rule_and_every_rule_a_class(lines, grid):
    rules = set(
        re.findall(r"\.(chart[\w-]*|tick--minor)", (ROOT / "static/css/components/chart.css").read_text())
    )
    ruled_by_container = {"chart-frame"}

    used: set[str] = set()
    for spec in (lines, grid, *_looks()):
        for drawn in (render_svg(spec), render_key(spec)):
            for classes in re.findall(r'class="([^"]+)"', drawn):
                used |= set(classes.split())

    plain = {
        "chart--trend",
        "chart--grade-history",
        "chart-tick",
        "chart--grade-spread",
        *(f"chart-key--{kind}" for kind in Kind),
    }
    assert used - rules - plain - {"chart-key__sign--plain"} == set()
    families = ("chart-left-", "chart-right-", "chart-short-", "chart-room-", "chart-beside-", "chart-key--")
    unused = {r for r in rules - used - ruled_by_container if not r.startswith(families)}
    assert {r for r in unused if not r.endswith(("other", "second", "third", "fourth"))} == set()


def _tall(reason: str) -> ChartSpec:
    """Give a grade history of many themes with a break."""
    themes = ["investigating-crime", *(f"theme-{i}" for i in range(10))]
    cycles = [CYCLE_2017, replace(CYCLE_2021, break_reason=reason)]
    asked = question(cycle="2017")
    return grade_history(history=history([point(asked)], framework([asked], cycles=cycles, themes=themes)))


def _looks():
    """Give pictures in which every look occurs."""
    yield from (spec for _name, spec in style_samples()["charts"])
    yield from style_samples()["sparks"]
    yield _tall(BREAK_REASON)
    yield _tall(LONG_REASON)
    for level in Level:
        yield grade_history(
            history=history([point(level=level, state=CellState.CARRIED_FORWARD, sources=(press(),))])
        )
    for state in CellState:
        if state not in (
            CellState.GRADED,
            CellState.CARRIED_FORWARD,
            CellState.NO_QUESTION,
            CellState.NOT_RECORDED,
        ):
            yield grade_history(history=history([point(level=None, state=state)]))
    provisional = [year(2024, "81"), year(2025, "83"), year(2026, "82", status="provisional")]
    yield trend(series=metric_series(provisional, provisional))
    yield trend(series=metric_series([year(y, "5") for y in range(2020, 2027)]))


def test_linked_cells_are_links_with_names():
    spec = grade_history(history=history([point()]), link=lambda cell: "/a?b=1&c=2" if cell.points else "")

    root = parse(render_svg(spec))

    (link,) = root.iter(f"{SVG}a")
    assert root.get("role") == "group", "a picture with links is no single image"
    assert link.get("href") == "/a?b=1&c=2"
    assert link.get("aria-label") == "Investigating crime, 2016: Good"
    assert "<a " not in render_svg(spec, paint="fixed")


def test_cells_have_word_and_letter_and_hatching(grid):
    spec = grade_history(history=history([point(state=CellState.CARRIED_FORWARD, carried_from="2016")]))

    drawn = render_svg(spec, id_prefix="h")

    assert {"Good", "G", "from 2016", "≠"} <= set(texts(parse(drawn)))
    assert 'fill="url(#h-light)"' in drawn
    assert '<pattern id="h-light"' in drawn
    assert "pattern" not in render_svg(grid)


def test_reason_stands_in_the_gutter_where_it_fits(grid):
    assert BREAK_REASON in texts(parse(render_svg(_tall(BREAK_REASON))))
    assert BREAK_REASON not in texts(parse(render_svg(grid))), "two rows are not high enough"


def test_long_reason_has_two_lines_and_a_label_for_thin_gutters():
    said = texts(parse(render_svg(_tall(LONG_REASON))))

    assert [text for text in said if text.startswith("A fifth grade")]
    assert LONG_REASON not in said
    assert "Not comparable" in said


def test_texts_are_escaped():
    spec = trend(series=metric_series([year(2026, "1")], name="<script>alert(1)</script> & “Co”"))

    for paint in ("css", "fixed"):
        drawn = render_svg(spec, paint=paint)
        assert "<script" not in drawn
        parse(drawn)


def test_ids_are_unique_by_prefix(grid):
    both = render_svg(grid, id_prefix="a") + render_svg(grid, id_prefix="b")

    ids = re.findall(r'\bid="([^"]+)"', both)
    assert len(ids) == len(set(ids))


def test_provisional_part_is_dashed():
    spec = trend(
        series=metric_series([year(2024, "1"), year(2025, "2"), year(2026, "3", status="provisional")])
    )

    drawn = render_svg(spec)

    assert drawn.count("chart-line--provisional") == 1
    assert drawn.count("chart-ring--subject") == 1


def test_lines_of_several_forces_are_told_apart_without_colour():
    figures = (year(2025, "1"), year(2026, "2"))
    more = [Series(area=name, name=name, observations=figures) for name in ("kent", "essex", "dorset")]
    spec = trend(series=metric_series(figures, figures), others=more)
    style = (ROOT / "static/css/components/chart.css").read_text()

    strokes = parse(render_svg(spec, paint="fixed")).iter(f"{SVG}polyline")
    looks = [(stroke.get("stroke-dasharray"), stroke.get("stroke-width")) for stroke in strokes]
    assert len(looks) == len(set(looks)) == 5
    assert not {"5 4"} & set(DASHES.values()), "that is of provisional figures"
    for role, pattern in DASHES.items():
        assert re.search(rf"\.chart-line--{role} {{[^}}]* stroke-dasharray: {pattern};", style)


def test_two_series_of_eighty_points_stay_small():
    own = [year(y, str(60 + (y * 37) % 23)) for y in range(1986, 2026)]
    others = [year(y, str(80 + (y * 13) % 19)) for y in range(1986, 2026)]

    drawn = render_svg(trend(series=metric_series(own, others)))

    assert len(gzip.compress(drawn.encode(), 9)) <= LARGEST


def test_key_is_a_list_with_signs():
    shown = history([point(sources=(press(),)), point(question(2), level=None, state=CellState.AWAITED)])
    spec = grade_history(history=shown)

    key = parse(render_key(spec))

    assert key.tag == "ul"
    assert [item[0].text for item in key][:2] == ["G", "…"]
    assert render_key(replace(spec, key=())) == ""


def test_kind_without_a_drawing_is_refused(lines):
    with pytest.raises(ValueError, match="no drawing of pie"):
        render_svg(replace(lines, kind="pie"))
