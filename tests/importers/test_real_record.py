"""The real record as it is loaded: how much of it there is, and the cells that a reader will look for first."""

from datetime import date

import pytest
from django.db.models import Count

from grades import models
from grades.importers.seed import load_seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_record")]


def cell(force: str, cycle: str, pillar: str, number: str) -> models.Grade:
    """One grade by where it stands."""
    return models.Grade.objects.get(
        inspection__force__slug=force,
        inspection__cycle__slug=cycle,
        question__pillar__slug=pillar or None,
        question__number=number,
    )


@pytest.mark.parametrize(
    ("model", "count"),
    [
        (models.Force, 43),
        (models.Council, 318),
        (models.ForceName, 201),
        (models.PolicingBody, 47),
        (models.Cycle, 8),
        (models.Theme, 14),
        (models.Question, 102),
        (models.QuestionLink, 92),
        (models.Grade, 1801),
        (models.Citation, 2310),
        (models.MonitoringPeriod, 10),
        (models.Response, 3),
        (models.Release, 16),
    ],
)
def test_how_much_there_is(model, count):
    assert model._default_manager.count() == count


def test_how_many_figures_there_are():
    printed = models.Observation.objects.filter(basis="as-printed")

    assert models.Observation.objects.exclude(basis="as-printed").count() == 7853
    assert printed.count() == 64
    assert {
        figure.report.inspection.force.slug for figure in printed.select_related("report__inspection__force")
    } == {"warwickshire"}


def test_states():
    counts = dict(models.Grade.objects.values_list("state").annotate(Count("pk")).order_by())

    assert counts["withheld"] == 2
    assert sum(counts.values()) == 1801
    assert set(counts) == {"graded", "carried-forward", "withheld"}


def test_every_grade_has_a_source():
    assert not models.Grade.objects.without_source().exists()


def test_greater_manchester_2017_was_not_graded():
    withheld = cell("greater-manchester", "2017", "legitimacy", "0")

    assert (withheld.state, withheld.level) == ("withheld", "")
    assert "Manchester Arena" in withheld.withheld_reason


def test_cheshire_2014_keeps_what_both_sources_state():
    for number in "12":
        disputed = cell("cheshire", "2014", "effectiveness", number)

        assert disputed.level == "good"
        assert disputed.note
        assert set(disputed.citations.values_list("level", flat=True)) == {"good", "requires-improvement"}
    assert models.Grade.objects.disputed().count() == 2


def test_northamptonshire_2023_keeps_its_amendment():
    amended = models.Grade.objects.amended().get()

    assert amended.inspection.force.slug == "northamptonshire"
    assert (amended.amended_from, amended.level) == ("adequate", "requires-improvement")
    assert amended.amended_on == date(2024, 8, 8)
    assert amended.amended_reason


def test_warwickshire_2015_as_printed():
    grades = {
        (grade.question.pillar.slug, grade.question.number): (grade.level, str(grade.report.published_on))
        for grade in models.Grade.objects.filter(
            inspection__force__slug="warwickshire", inspection__cycle__slug="2015"
        ).select_related("question__pillar", "report")
    }

    assert grades["effectiveness", "0"] == ("requires-improvement", "2016-02-18")
    assert grades["effectiveness", "1"] == ("good", "2016-02-18")
    assert grades["effectiveness", "2"] == ("good", "2016-02-18")
    assert grades["effectiveness", "3"] == ("requires-improvement", "2015-12-15")
    assert grades["effectiveness", "4"] == ("requires-improvement", "2016-02-18")
    assert grades["efficiency", "0"] == ("good", "2015-10-20")
    assert grades["legitimacy", "0"] == ("requires-improvement", "2016-02-11")


def test_no_two_grades_of_one_band_rest_on_an_unknown_cycle():
    carried = models.Grade.objects.filter(state="carried-forward").select_related(
        "carried_from", "inspection__cycle"
    )

    assert carried.exists()
    assert all(g.carried_from.order < g.inspection.cycle.order for g in carried if g.carried_from)


def test_loading_it_again_changes_nothing():
    report = load_seed()

    assert (report.tally.created, report.tally.changed, report.tally.kept, report.tally.vanished) == (
        0,
        0,
        [],
        [],
    )
    assert report.run is None
