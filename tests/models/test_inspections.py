"""Inspections, reports and grades, with the triggers that compare a grade with its framework."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from grades.dates import PartialDate, Precision
from grades.models import Grade, Inspection
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

AMENDED = {
    "level": "requires-improvement",
    "amended_on": date(2024, 10, 11),
    "amended_from": "good",
    "amended_reason": "The inspectorate found new evidence.",
}
WITHHELD = {"state": "withheld", "withheld_reason": "The force changed its computer system."}

RULES = [
    Rule("inspection_kind_known", factories.inspection, {"kind": "thematic"}, {"kind": "soc"}),
    Rule("inspection_status_known", factories.inspection, {"status": "lost"}, {"status": "submitted"}),
    Rule(
        "inspection_published_has_its_moment",
        factories.inspection,
        {"published_at": None},
        {"status": "published"},
    ),
    Rule(
        "inspection_published_has_its_moment",
        factories.inspection,
        {"status": "draft"},
        {"status": "published"},
    ),
    Rule("report_kind_known", factories.report, {"kind": "leaflet"}, {"kind": "legitimacy"}),
    Rule("report_title_not_empty", factories.report, {"title": ""}),
    Rule(
        "report_only_a_date_is_confirmed", factories.report, {"published_on": None}, {"date_confirmed": True}
    ),
    Rule("report_isbn_format", factories.report, {"isbn": "1-78655-010-1"}, {"isbn": "978-1-78655-010-1"}),
    Rule("report_isbn_format", factories.report, {"isbn": "978178655010"}, {"isbn": "9781786550101"}),
    Rule("grade_state_known", factories.grade, {"state": "guessed"}, {"state": "awaited"}),
    Rule("grade_level_known", factories.grade, {"level": "fair"}, {"level": "inadequate"}),
    Rule("grade_amended_from_known", factories.grade, {"amended_from": "fair"}, AMENDED),
    Rule("grade_level_with_state", factories.grade, {"level": ""}, {"state": "graded"}),
    Rule("grade_level_with_state", factories.grade, {"level": "good"}, {"state": "not-inspected"}),
    Rule("grade_level_with_state", factories.grade, {"level": ""}, {"state": "carried-forward"}),
    Rule("grade_level_with_state", factories.grade, {"level": "good"}, {"state": "ungraded-by-design"}),
    Rule(
        "grade_unsettled_is_a_grade",
        factories.grade,
        {"unsettled": True, "state": "carried-forward"},
        {"unsettled": True},
    ),
    Rule("grade_withheld_with_reason", factories.grade, {"withheld_reason": ""}, WITHHELD),
    Rule("grade_withheld_with_reason", factories.grade, {"withheld_reason": "Why?"}, {"state": "awaited"}),
    Rule("grade_amendment_whole", factories.grade, {"amended_on": None}, AMENDED),
    Rule("grade_amendment_whole", factories.grade, {"amended_from": ""}, AMENDED),
    Rule("grade_amendment_whole", factories.grade, {"amended_reason": ""}, AMENDED),
    Rule("grade_amendment_whole", factories.grade, {"state": "awaited", "level": ""}, AMENDED),
    Rule("grade_amendment_changes", factories.grade, {"level": "good"}, AMENDED),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def _in_order(*cycles: models.Model) -> None:
    """Assert that cycles made one after the other are in that order."""
    assert [c.order for c in cycles] == sorted(c.order for c in cycles)


def test_carried_forward_grade_may_have_an_origin_or_none() -> None:
    origin = factories.cycle()

    known = factories.grade(state="carried-forward", carried_from=origin)
    unknown = factories.grade(state="carried-forward")

    known.full_clean()
    unknown.full_clean()


def test_only_a_carried_forward_grade_has_an_origin() -> None:
    grade = factories.grade(state="carried-forward", carried_from=factories.cycle())

    grade.state = "graded"

    with explained(__all__="Only a carried-forward grade comes from another cycle."):
        grade.validate_constraints()
    with refused_by("grade_origin_only_when_carried"):
        grade.save()


def test_force_has_one_inspection_of_a_kind_in_a_cycle() -> None:
    inspection = factories.inspection(kind="peel")
    factories.inspection(force=inspection.force, cycle=inspection.cycle, kind="soc")
    another = factories.inspection(force=inspection.force, kind="peel")

    another.cycle = inspection.cycle

    with explained(__all__="This force already has an inspection of this kind in this cycle."):
        another.validate_constraints()
    with refused_by("inspection_once_a_cycle"):
        another.save()


def test_inspection_has_one_report_of_a_kind() -> None:
    report = factories.report(kind="effectiveness")
    of_another_kind = factories.report(inspection=report.inspection, kind="legitimacy")

    of_another_kind.kind = "effectiveness"

    with explained(__all__="This inspection already has a report of this kind."):
        of_another_kind.validate_constraints()
    with refused_by("report_once_a_kind"):
        of_another_kind.save()


def test_inspection_has_one_grade_a_question() -> None:
    grade = factories.grade()
    on_another_question = factories.grade(inspection=grade.inspection)

    on_another_question.question = grade.question

    with explained(__all__="This inspection already has a grade for this question."):
        on_another_question.validate_constraints()
    with refused_by("grade_once_a_question"):
        on_another_question.save()


def test_question_of_another_cycle_is_refused() -> None:
    grade = factories.grade()

    grade.question = factories.question()

    with explained(question="This question belongs to another cycle."):
        grade.full_clean()
    with refused_by("grade_question_of_its_cycle"):
        grade.save()


@pytest.mark.parametrize("field", ["level", "amended_from"])
def test_adequate_is_refused_on_the_four_tier_scale(field: str) -> None:
    grade = factories.grade(inspection=factories.inspection(cycle=factories.cycle(tiers=4)), **AMENDED)

    setattr(grade, field, "adequate")

    with explained(**{field: "This cycle's scale has no such grade."}):
        grade.full_clean()
    with refused_by("grade_level_on_its_scale"):
        grade.save()


def test_adequate_is_accepted_on_the_five_tier_scale() -> None:
    grade = factories.grade(inspection=factories.inspection(cycle=factories.cycle(tiers=5)), level="adequate")

    grade.full_clean()


def test_question_that_is_never_graded_carries_no_grade() -> None:
    grade = factories.grade(question=factories.question(graded="ungraded"), state="ungraded-by-design")

    grade.state, grade.level = "graded", "good"

    with explained(level="This question is not graded for any force."):
        grade.full_clean()
    with refused_by("grade_question_is_graded"):
        grade.save()


def test_question_graded_for_some_forces_may_carry_a_grade() -> None:
    grade = factories.grade(question=factories.question(graded="varies"))

    grade.full_clean()


def test_report_of_another_inspection_is_refused() -> None:
    inspection = factories.inspection()
    grade = factories.grade(inspection=inspection, report=factories.report(inspection=inspection))

    grade.report = factories.report()

    with explained(report="This report belongs to another inspection."):
        grade.full_clean()
    with refused_by("grade_report_of_its_inspection"):
        grade.save()


@pytest.mark.parametrize("which", ["its own cycle", "a later cycle"])
def test_grade_is_carried_forward_from_an_earlier_cycle(which: str) -> None:
    earlier = factories.cycle()
    grade = factories.grade(state="carried-forward", carried_from=earlier)
    later = factories.cycle()
    _in_order(earlier, grade.inspection.cycle, later)

    grade.carried_from = grade.inspection.cycle if which == "its own cycle" else later

    with explained(carried_from="A grade is carried forward from an earlier cycle."):
        grade.full_clean()
    with refused_by("grade_carried_from_earlier"):
        grade.save()


def _other_cycle(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.inspection, {"cycle": factories.cycle()}


def _other_cycle_of_question(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.question, {"cycle": factories.cycle()}


def _question_no_longer_graded(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.question, {"graded": "ungraded"}


def _other_inspection_of_report(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.report, {"inspection": factories.inspection()}


def _fewer_tiers(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.inspection.cycle, {"tiers": 4}


def _origin_moved_later(grade: Grade) -> tuple[models.Model, dict[str, Any]]:
    return grade.carried_from, {"order": grade.inspection.cycle.order + 10_000}


@pytest.mark.parametrize(
    "change",
    [
        _other_cycle,
        _other_cycle_of_question,
        _question_no_longer_graded,
        _other_inspection_of_report,
        _fewer_tiers,
        _origin_moved_later,
    ],
)
def test_framework_cannot_change_under_a_recorded_grade(
    change: Callable[[Grade], tuple[models.Model, dict[str, Any]]],
) -> None:
    """The trigger on grades alone would not see a change of what a grade hangs on."""
    origin = factories.cycle()
    inspection = factories.inspection()
    grade = factories.grade(
        inspection=inspection,
        report=factories.report(inspection=inspection),
        state="carried-forward",
        level="adequate",
        carried_from=origin,
    )

    record, fields = change(grade)

    with refused_by("grade_still_fits"):
        type(record).objects.filter(pk=record.pk).update(**fields)


def test_grade_without_inspection_has_nothing_to_compare_with() -> None:
    grade = Grade(question=factories.question(), state="graded", level="good")

    grade.clean()

    with pytest.raises(ValidationError) as refusal:
        grade.full_clean()
    assert list(refusal.value.message_dict) == ["inspection"]


def test_framework_may_change_where_no_grade_is_recorded() -> None:
    inspection = factories.inspection()
    report = factories.report(inspection=inspection)

    inspection.cycle = factories.cycle()
    inspection.save()
    report.inspection = factories.inspection()
    report.save()

    inspection.refresh_from_db()
    assert inspection.cycle.order > 0


def test_change_that_keeps_every_grade_true_is_accepted() -> None:
    grade = factories.grade(level="good")

    grade.question.graded = "varies"
    grade.question.save()
    grade.inspection.cycle.tiers = 4
    grade.inspection.cycle.save()

    grade.refresh_from_db()
    assert grade.level == "good"


def test_published_is_what_has_gone_public_by_that_moment() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    factories.inspection()
    factories.inspection(status="submitted")
    published = factories.inspection(status="published", published_at=moment)

    at_the_moment = Inspection.objects.published(moment)
    just_before = Inspection.objects.published(moment - timedelta(seconds=1))

    assert list(at_the_moment) == [published]
    assert not just_before


def test_pages_have_addresses_that_say_what_they_are_about() -> None:
    force = factories.force(slug="kent")
    cycle = factories.cycle(slug="2018-19")
    inspection = factories.inspection(force=force, cycle=cycle)

    assert force.get_absolute_url() == "/forces/kent/"
    assert cycle.get_absolute_url() == "/cycles/2018-19/"
    assert inspection.get_absolute_url() == "/forces/kent/2018-19/"


def test_report_of_a_known_month_says_so() -> None:
    report = factories.report(published_on=date(2022, 6, 1), published_on_precision="month")
    undated = factories.report(published_on=None)

    assert report.published == PartialDate(date(2022, 6, 1), Precision.MONTH)
    assert undated.published is None


class TestUnfinishedGrades:
    """What the work lists of the editors find."""

    def test_without_source(self) -> None:
        cited = factories.citation().grade
        uncited = factories.grade()

        found = Grade.objects.without_source()

        assert set(found) == {uncited}
        assert cited not in found

    @pytest.mark.parametrize(
        ("citations", "unchecked"),
        [
            ([], True),
            ([{"kind": "press"}], True),
            ([{"kind": "force-or-policing-body"}], True),
            ([{"kind": "inspectorate"}], False),
            ([{"kind": "press", "checked_on": date(2026, 1, 1)}], False),
            ([{"kind": "inspectorate", "level": "adequate"}, {"kind": "press"}], True),
        ],
        ids=[
            "no source",
            "press",
            "policing body",
            "inspectorate",
            "checked by an editor",
            "inspectorate differs",
        ],
    )
    def test_unchecked(self, citations: list[dict[str, Any]], unchecked: bool) -> None:
        grade = factories.grade()
        for fields in citations:
            given = dict(fields)
            factories.citation(grade=grade, source=factories.source(kind=given.pop("kind")), **given)

        found = Grade.objects.unchecked()

        assert list(found) == ([grade] if unchecked else [])

    def test_unchecked_passes_over_what_has_no_grade(self) -> None:
        factories.grade(state="awaited")

        assert not Grade.objects.unchecked()

    def test_known_from_the_press_only(self) -> None:
        press_only = factories.citation(source=factories.source(kind="press")).grade
        from_the_body_too = factories.citation(source=factories.source(kind="press")).grade
        factories.citation(grade=from_the_body_too, source=factories.source(kind="force-or-policing-body"))
        factories.grade()

        found = Grade.objects.known_from_the_press_only()

        assert list(found) == [press_only]

    def test_disputed(self) -> None:
        disputed = factories.citation(level="adequate").grade
        factories.citation()
        amended = factories.grade(**AMENDED)
        factories.citation(grade=amended)
        factories.citation(grade=amended, state="graded", level="good")

        found = Grade.objects.disputed()

        assert list(found) == [disputed]

    def test_of_unknown_origin(self) -> None:
        unknown = factories.grade(state="carried-forward")
        factories.grade(state="carried-forward", carried_from=factories.cycle(order=0))

        found = Grade.objects.of_unknown_origin()

        assert list(found) == [unknown]

    def test_amended(self) -> None:
        amended = factories.grade(**AMENDED)
        factories.grade()

        found = Grade.objects.amended()

        assert list(found) == [amended]
