"""Pictures of bars: what they count, what they find, what they name as missing, and what they never say."""

import gzip
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from grades.charts import breakdown, grade_spread, pair, ranking, render_svg, share, spark
from grades.charts.layout import text_width
from grades.charts.pens import WORD_SIZE
from grades.charts.spec import Kind, Role, SourceLine
from grades.charts.tiles import tiles
from grades.scales import Level
from grades.series import ShareLine
from tests.builders import (
    CYCLE_2016,
    CYCLE_2021,
    category,
    metric,
    metric_series,
    outcome,
    question,
    ranked,
    series_break,
    spread_of,
    year,
)
from tests.charts.drawing import SVG, boxes, parse, texts
from tests.charts.strategies import FURTHER, SHOWN, spreads

JUDGMENTS = ("better", "worse", "improved", "deteriorat", "best", "worst", "bad", "poor", "ranked", "league")
NARROWEST = 288
SPARK_BYTES = 600
LEAST_PLOT = 56


# Forces per grade


def test_parts_of_a_spread_are_counts_best_grade_first():
    spec = grade_spread(cycle=CYCLE_2016, spreads=[spread_of((1, 20, 15, 2), not_inspected=2)])

    assert spec.kind == Kind.GRADE_SPREAD
    assert [(b.level or b.state, int(b.end - b.start)) for b in spec.bars] == [
        (Level.OUTSTANDING, 1),
        (Level.GOOD, 20),
        (Level.REQUIRES_IMPROVEMENT, 15),
        (Level.INADEQUATE, 2),
        ("no-grade", 2),
        ("not-recorded", 3),
    ]
    assert [b.hollow for b in spec.bars] == [False] * 4 + [True] * 2
    assert spec.bars[-1].end == 43


def test_spread_names_what_is_missing_everywhere():
    spec = grade_spread(cycle=CYCLE_2016, spreads=[spread_of((0, 3, 0, 0))])

    assert spec.title == "Investigating crime in 2016: 3 good; 40 of 43 not recorded here"
    assert spec.description == "Investigating crime: 3 good; 40 of 43 not recorded here."
    assert spec.table.rows[0].cells == ("0", "3", "0", "0", "0", "40")
    assert spec.bars[0].title == "Investigating crime: Good, 3; 40 of 43 not recorded here"
    assert "not recorded here yet" in " ".join(spec.notes)


def test_count_of_forces_stands_alone_only_when_all_are_held():
    spec = grade_spread(cycle=CYCLE_2016, spreads=[spread_of((0, 43, 0, 0))])

    assert spec.bars[0].title == "Investigating crime: Good, 43 of 43 forces"
    assert "not recorded" not in " ".join([spec.title, spec.description, *spec.notes])


def test_title_of_many_questions_says_how_far_the_record_reaches():
    partly = [spread_of((0, 3, 0, 0)), spread_of((1, 3, 0, 0), asked=question(2))]
    whole = [spread_of((0, 23, 20, 0)), spread_of((1, 42, 0, 0), asked=question(2))]

    assert (
        grade_spread(cycle=CYCLE_2016, spreads=partly).title
        == "2016: the record holds 3 to 4 of 43 forces on each question"
    )
    assert (
        grade_spread(cycle=CYCLE_2016, spreads=whole).title
        == "The grade given most often in 2016: good on 2 questions"
    )


def test_spread_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no question of 2016"):
        grade_spread(cycle=CYCLE_2016, spreads=[])


@settings(deadline=None, max_examples=40)
@given(spec=spreads())
def test_parts_of_a_spread_follow_each_other_to_the_last_force(spec):
    by_band = defaultdict(list)
    for bar in spec.bars:
        by_band[bar.band].append(bar)

    assert len(by_band) == len(spec.bands)
    for bars in by_band.values():
        assert [b.start for b in bars] == [Decimal(0), *(b.end for b in bars[:-1])]
        assert bars[-1].end == 43
        assert all(int(b.text) == b.end - b.start for b in bars)


@settings(deadline=None, max_examples=30)
@given(spec=spreads())
def test_counts_of_a_spread_fit_into_their_parts(spec):
    root = parse(render_svg(spec))

    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        if box is None:
            continue
        wide = float(box.get("width").rstrip("%")) / 100 * NARROWEST
        for text in group.findall(f"{SVG}text"):
            sizes = text.get("class").split()[-1]
            if "at-m" not in sizes and "at-l" not in sizes:
                assert text_width(text.text, WORD_SIZE - 1) <= wide + 1


# All forces


def test_ranking_is_ordered_by_value_and_marks_the_chosen():
    spec = ranking(ranking=ranked({"kent": "62.6", "essex": "40", "dorset": "83.2"}, marked=["essex"]))

    assert [band.label for band in spec.bands] == ["Dorset", "Kent", "Essex"]
    assert [bar.role for bar in spec.bars] == [Role.OTHER, Role.OTHER, Role.SUBJECT]
    assert [bar.text for bar in spec.bars] == ["83.2", "62.6", "40.0"]
    assert spec.x.label == "per 1,000 people, 12 months to 31 March 2026"
    assert [(r.value, r.label) for r in spec.references] == [(Decimal(50), "England and Wales 50.0")]
    assert spec.title == "Recorded crime, per 1,000 people: Essex 40.0, England and Wales 50.0"
    assert "Essex: 40.0 per 1,000 people; forces with a higher figure: 2, with a lower one: 0." in (
        spec.description
    )


def test_count_is_not_set_beside_the_sum_of_all():
    counts = ranked(
        {"kent": "120000", "essex": "90000"},
        nation="5143915",
        marked=["kent"],
        unit="offences",
        denominator="none",
        decimals=0,
    )

    spec = ranking(ranking=counts)

    assert not spec.references
    assert spec.x.label == "offences, 12 months to 31 March 2026"
    assert spec.x.high < 200_000
    assert spec.title == "Recorded crime, offences: Kent 120,000"
    assert "England and Wales in all: 5,143,915\N{NO-BREAK SPACE}offences." in spec.description
    assert "England and Wales in all: 5,143,915\N{NO-BREAK SPACE}offences." in spec.notes
    assert spec.description.count("forces with a higher figure") == 1, "of Kent, beside other forces"
    assert not [note for note in spec.notes if "average" in note]
    change = ranking(ranking=replace(counts, metric=replace(counts.metric, unit="%")))
    assert change.references


def test_ranking_without_a_chosen_force_says_from_where_to_where():
    spec = ranking(ranking=ranked({"kent": "62.6", "essex": "40"}))

    assert spec.title == "Recorded crime by force: from 40.0 in Essex to 62.6 per 1,000 people in Kent"
    assert (
        "England and Wales: 50.0 per 1,000 people; forces with a higher figure: 1, with a lower one: 1."
        in spec.description
    )


def test_excluded_force_is_named_with_its_reason():
    spec = ranking(
        ranking=ranked({"kent": "62.6"}, excluded={"city-of-london": "Few people live there", "essex": ""})
    )

    assert "City of london is not drawn: few people live there." in spec.notes
    assert "Essex is not drawn: not recorded here." in spec.description
    rows = {row.header: row.cells for row in spec.table.rows}
    assert rows["City of london"] == ("not drawn", "Midlands", "Few people live there.")
    assert [band.slug for band in spec.bands] == ["kent"]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ({"kent": "83.7", "essex": "84.1"}, 0, 100),
        ({"kent": "-10.5", "essex": "4.8"}, -15, 50),
        ({"kent": "5", "essex": "5"}, 0, 50),
    ],
)
def test_bars_have_an_honest_zero(values, low, high):
    spec = ranking(ranking=ranked(values))

    assert (spec.x.low, spec.x.high) == (low, high) or (spec.x.low <= 0 and spec.x.high >= 50)
    assert Decimal(0) in [tick.value for tick in spec.x.ticks]
    assert all(bar.start == 0 for bar in spec.bars)
    assert not [t for t in spec.x.ticks if t.minor and not t.value], "zero keeps its label"


def test_outlier_is_drawn_to_scale_and_said():
    values = {"kent": "62", "essex": "60", "city-of-london": "5400"}

    spec = ranking(ranking=ranked(values))

    assert spec.bars[0].end == 5400
    assert "The scale is set by City of london; the bars of the others are short because of it." in spec.notes


def test_equal_figures_and_one_figure_have_titles_of_their_own():
    assert ranking(ranking=ranked({"kent": "5", "essex": "5"})).title == (
        "Recorded crime: 5.0 per 1,000 people in each of the 2 forces with a figure"
    )
    assert ranking(ranking=ranked({"kent": "5"})).title == (
        "Recorded crime: 5.0 per 1,000 people in Kent, the one force with a figure"
    )


@pytest.mark.parametrize(
    ("unsettled", "nation", "said"),
    [
        ((), "final", None),
        ((), "provisional", "Provisional: England and Wales."),
        (("kent",), "final", "Provisional: Kent."),
        (("kent", "essex"), "provisional", "All figures are provisional."),
    ],
)
def test_ranking_names_whose_figures_are_provisional(unsettled, nation, said):
    facts = ranked({"kent": "5", "essex": "6"})
    figures = tuple(
        replace(area, observation=replace(area.observation, status="provisional"))
        if area.slug in unsettled
        else area
        for area in facts.figures
    )

    spec = ranking(
        ranking=replace(facts, figures=figures, comparator=replace(facts.comparator, status=nation))
    )

    assert [note for note in spec.notes if "rovisional" in note] == ([said] if said else [])
    assert len([bar for bar in spec.bars if bar.hatched]) == len(unsettled)


def test_ranking_says_what_is_noted_on_single_figures_and_what_many_share_once():
    shared, alone = "Leaves out one station", "A backlog of cases was cleared in this year"
    facts = ranked({f"force-{i}": "5" for i in range(7)} | {"kent": "6"})
    figures = tuple(
        replace(area, observation=replace(area.observation, note=alone if area.slug == "kent" else shared))
        for area in facts.figures
    )
    whole = "England and Wales is the 43 forces. Leaves out Kent"

    spec = ranking(ranking=replace(facts, figures=figures, comparator=replace(facts.comparator, note=whole)))

    assert f"Kent: {alone}." in spec.notes
    assert f"7 areas: {shared}." in spec.notes
    assert "England and Wales is the 43 forces." in spec.notes
    assert "England and Wales: Leaves out Kent." in spec.notes


@pytest.mark.parametrize(
    ("own", "nation", "said"),
    [
        ("final", "final", ()),
        ("provisional", "final", ("The figure is provisional",)),
        ("final", "provisional", ("The figure of England and Wales is provisional",)),
        ("provisional", "provisional", ("Both figures are provisional",)),
    ],
)
def test_tile_says_which_of_its_figures_is_provisional(own, nation, said):
    (tile,) = tiles([metric_series([year(2026, "5", status=own)], [year(2026, "6", status=nation)])])

    assert tuple(note for note in tile.notes if "provisional" in note) == said


def test_ranking_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no figure of Recorded crime"):
        ranking(ranking=ranked({}))


def test_bars_of_a_ranking_are_links_that_a_keyboard_reaches():
    spec = ranking(ranking=ranked({"kent": "5"}), link=lambda slug: f"/forces/{slug}/")

    root = parse(render_svg(spec))

    (link,) = root.iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-label")) == ("/forces/kent/", "Kent: 5.0 per 1,000 people")
    assert root.get("role") == "group"
    assert "<a " not in render_svg(spec, paint="fixed")


# Pairs, outcomes, shares


def test_pair_says_below_and_above_and_names_mixed_units():
    lines = [
        category("Recorded crime", "52.5", "63.0"),
        category("Burglary", "9.3", "8.4", unit="per 1,000 households"),
        category("Incidents", "29.9", None),
    ]

    spec = pair(force="Warwickshire", lines=lines, **SHOWN)

    assert spec.title == (
        "Recorded crime by type: Warwickshire is below England and Wales in 1 and above in 1 of 2 categories"
    )
    assert spec.notes[0] == (
        "The categories are not all measured in the same way: Recorded crime and Incidents, per 1,000 people; "
        "Burglary, per 1,000 households. Compare within a category."
    )
    assert [band.note for band in spec.bands] == [
        "per 1,000 people",
        "per 1,000 households",
        "per 1,000 people",
    ]
    assert spec.table.rows[2].cells == ("29.9", "not recorded here", "per 1,000 people")
    assert [(b.role, b.text) for b in spec.bars if b.band == 2] == [
        (Role.SUBJECT, "29.9"),
        (Role.COMPARATOR, "not recorded here"),
    ]
    assert spec.bars[-1].hollow


def test_breakdown_has_number_and_rate_and_says_what_is_a_part():
    lines = [
        outcome("Charged", 3563, "12.3", "16.0"),
        outcome("Out of court", 1447, "5.0"),
        outcome("Caution", 1108, "3.8", depth=1),
    ]

    spec = breakdown(force="Warwickshire", lines=lines, **(SHOWN | {"title": "Outcomes"}))

    assert spec.title == (
        "Outcomes in Warwickshire: Charged 12.3% of recorded crime, England and Wales 16.0%"
    )
    assert spec.bars[0].text == "12.3% (3,563)"
    assert [band.depth for band in spec.bands] == [0, 0, 1]
    assert spec.table.rows[2].header == "– Caution"
    assert spec.table.rows[0].cells == (
        "3,563",
        "12.3%",
        "1,000",
        "16.0%",
    )
    assert spec.notes == ("An indented outcome is a part of the one above it.",)


def test_share_is_drawn_on_a_track_of_the_whole_and_says_what_is_not_listed():
    lines = [ShareLine(label="Drugs", value=Decimal(66), comparator=Decimal(64))]

    spec = share(force="Warwickshire", lines=lines, **SHOWN)

    assert (spec.x.low, spec.x.high) == (0, 100)
    assert "The shares shown sum to 66.0%" in spec.notes[0]
    assert "chart-track" in render_svg(spec)


def test_illustration_is_marked_wherever_it_goes():
    lines = [ShareLine(label="Drugs", value=Decimal(100))]

    spec = share(force="Warwickshire", lines=lines, illustration=True, **SHOWN)

    assert spec.title.startswith("Illustration.")
    assert spec.description.startswith("Illustration with made-up figures.")
    assert spec.notes == ("An illustration with made-up figures.",)
    assert "Illustration." in " ".join(texts(parse(render_svg(spec, paint="fixed"))))


@pytest.mark.parametrize("build", [pair, breakdown, share])
def test_nothing_to_compare_is_refused(build):
    with pytest.raises(ValueError, match="Warwickshire"):
        build(force="Warwickshire", lines=[], **SHOWN)


@settings(deadline=None, max_examples=60)
@given(spec=FURTHER)
def test_no_picture_judges_and_nothing_is_unnamed(spec):
    said = " ".join([spec.title, spec.description, *spec.notes])
    lowered = said.replace(metric().caveat, "").lower().replace("never ranked", "")

    assert not [word for word in JUDGMENTS if word in lowered]
    assert "None" not in said
    assert "NaN" not in said
    for bar in spec.bars:
        assert 0 <= spec.x.fraction(bar.start) <= 1
        assert 0 <= spec.x.fraction(bar.end) <= 1


@settings(deadline=None, max_examples=40)
@given(spec=FURTHER.filter(lambda s: s.kind in (Kind.PAIR, Kind.BREAKDOWN, Kind.SHARE, Kind.RANKING)))
def test_figures_of_bars_stay_inside_the_narrowest_screen(spec):
    drawn = render_svg(spec)

    root = parse(drawn)
    room = next(
        int(c.rsplit("-", 1)[1])
        for c in root.get("class").split()
        if c.startswith(("chart-room", "chart-beside"))
    )
    plot = NARROWEST - room - (16 if "chart-beside" in root.get("class") else 0)
    assert plot >= LEAST_PLOT
    bars = [box for box in boxes(root, plot) if box[0] == "rect"]
    assert all(right <= plot + room + 0.5 for _name, _left, _top, right, _bottom in bars)


# Sparks


def test_spark_is_small_and_crosses_no_break():
    own = [year(y, str(60 + (y * 37) % 23)) for y in range(2005, 2027)]
    series = metric_series(own, own, breaks=[series_break(date(2015, 4, 1))])

    spec = spark(series=series)
    drawn = render_svg(spec)

    assert spec.kind == Kind.SPARK
    assert len(gzip.compress(drawn.encode(), 9)) <= SPARK_BYTES
    assert drawn.count("<polyline") == 4
    assert drawn.count("<circle") == 1
    assert f'aria-label="{spec.title}"' in drawn


@pytest.mark.parametrize("values", [["5"], ["5", "5", "5"], ["-3", "2"], ["1", "5400"]])
def test_spark_of_odd_series_stays_in_its_frame(values):
    spec = spark(series=metric_series([year(2020 + i, value) for i, value in enumerate(values)]))

    root = parse(render_svg(spec))

    for _name, left, top, right, bottom in boxes(root, 120):
        assert left >= 0
        assert right <= 120
        assert top >= 0
        assert bottom <= 32


def test_source_line_of_a_pair_is_kept():
    spec = pair(force="Kent", lines=[category("All", "1", "2")], **SHOWN)

    assert spec.source == SourceLine(text="Home Office", date="23 July 2026")
    assert CYCLE_2021.label not in spec.title
