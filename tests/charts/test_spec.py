"""A picture cannot be built without what must travel with it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grades.charts import trend
from grades.charts.spec import Axis, Column, Row, SourceLine, Table
from tests.builders import metric_series, year


@pytest.fixture
def spec():
    return trend(series=metric_series([year(2025, "50"), year(2026, "60")]))


@pytest.mark.parametrize("missing", ["title", "description"])
def test_words_are_demanded(spec, missing):
    with pytest.raises(ValueError, match=missing):
        replace(spec, **{missing: "  "})


@pytest.mark.parametrize("missing", ["table", "source"])
def test_table_and_source_are_demanded(spec, missing):
    with pytest.raises(ValueError, match=missing):
        replace(spec, **{missing: None})


def test_something_to_draw_is_demanded(spec):
    with pytest.raises(ValueError, match="something to draw"):
        replace(spec, lines=())


def test_source_line_states_its_date():
    with pytest.raises(ValueError, match="date"):
        SourceLine(text="Home Office", date="")


def test_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="at least one row"):
        Table(caption="Grades", columns=(Column(label="Theme"),), rows=())


@pytest.mark.parametrize(
    ("row", "sentence"),
    [(Row(header="2026", cells=()), "0 cells for 1"), (Row(header="2026", cells=(" ",)), "empty cell")],
)
def test_table_with_holes_is_refused(row, sentence):
    with pytest.raises(ValueError, match=sentence):
        Table(caption="Crime", columns=(Column(label="Year"), Column(label="Rate")), rows=(row,))


def test_axis_runs_upwards():
    with pytest.raises(ValueError, match="upwards"):
        Axis(label="rate", ticks=(), low=Decimal(1), high=Decimal(1))
    with pytest.raises(ValueError, match="both ends"):
        Axis(label="rate", ticks=(), low=Decimal(1))


def test_axis_of_time_has_no_fractions_of_values():
    with pytest.raises(ValueError, match="no values"):
        Axis(label="year", ticks=()).fraction(Decimal(1))
