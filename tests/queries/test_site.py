"""The home page and the counts of what is recorded."""

from datetime import UTC, date, datetime

import pytest

from grades import queries
from grades.models import Cycle
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def inspect(cycle: Cycle, *, forces: int, **fields: str) -> None:
    """Publish inspections of a cycle, each with one grade on the same question."""
    question = cycle.questions.first() or factories.question(cycle=cycle)
    for _ in range(forces):
        inspection = factories.inspection(cycle=cycle, status="published", **fields)
        factories.citation(grade=factories.grade(inspection=inspection, question=question))


@pytest.mark.parametrize(
    ("newer", "shown"),
    [(20, "newer"), (19, "older")],
    ids=["twenty are enough", "nineteen are not"],
)
def test_home_page_shows_the_newest_cycle_that_is_held_for_twenty_forces(newer: int, shown: str) -> None:
    inspect(factories.cycle(slug="2016", label="older"), forces=21)
    inspect(factories.cycle(slug="2017", label="newer"), forces=newer)

    page = queries.home_page(at=NOW)

    assert page.spread
    assert page.spread.cycle.label == shown


def test_home_page_shows_no_spread_of_a_sparse_record() -> None:
    inspect(factories.cycle(), forces=3)

    assert queries.home_page(at=NOW).spread is None


def test_regional_inspections_do_not_make_a_cycle_full() -> None:
    inspect(factories.cycle(), forces=20, kind="soc")

    assert queries.home_page(at=NOW).spread is None


def test_latest_reports_are_the_six_newest_with_a_date() -> None:
    days = [date(2024, month, 1) for month in range(1, 9)]
    for day in days:
        factories.report(inspection=factories.inspection(status="published"), published_on=day)
    factories.report(inspection=factories.inspection(status="published"), published_on=None)

    latest = queries.home_page(at=NOW).latest

    assert [report.published.first for report in latest] == days[:1:-1]


def test_spread_counts_every_force_whether_held_or_not() -> None:
    cycle = factories.cycle(slug="2016")
    inspect(cycle, forces=2)
    factories.force()

    page = queries.cycle_page(slug="2016", at=NOW)

    assert page
    (spread,) = page.spreads
    assert (spread.graded, spread.missing, spread.total) == (2, 1, 3)


def test_unknown_cycle_has_no_page() -> None:
    assert queries.cycle_page(slug="2013", at=NOW) is None


def test_coverage_tells_full_from_partly_and_not_recorded() -> None:
    cycle = factories.cycle(slug="2016")
    asked = [factories.question(cycle=cycle), factories.question(cycle=cycle)]
    factories.question(cycle=cycle, graded="ungraded")
    for name, graded in (("full", asked), ("partly", asked[:1]), ("nothing", [])):
        force = factories.force(slug=name, short_name=name)
        inspection = factories.inspection(force=force, cycle=cycle, status="published")
        for question in graded:
            factories.citation(grade=factories.grade(inspection=inspection, question=question))

    page = queries.coverage(at=NOW)

    assert {line.slug: line.cells[0].state for line in page.lines} == {
        "full": "all",
        "partly": "some",
        "nothing": "none",
    }
    assert [line.slug for line in page.missing("2016")] == ["nothing"]
    assert (page.cells, page.graded, page.citations, page.unchecked) == (3, 3, 3, 0)


@pytest.mark.parametrize(
    ("kind", "level", "checked_on", "unchecked"),
    [
        ("inspectorate", "good", None, 0),
        ("press", "good", None, 1),
        ("press", "good", date(2026, 1, 1), 0),
        ("inspectorate", "adequate", None, 1),
    ],
    ids=["inspectorate", "press", "press, checked", "inspectorate, which says otherwise"],
)
def test_coverage_counts_what_is_not_yet_checked(
    kind: str, level: str, checked_on: date | None, unchecked: int
) -> None:
    grade = factories.grade(inspection=factories.inspection(status="published"))
    factories.citation(
        grade=grade, source=factories.source(kind=kind), state="graded", level=level, checked_on=checked_on
    )

    assert queries.coverage(at=NOW).unchecked == unchecked
