"""Findings, steps on them, monitoring, responses and mentions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from grades.dates import PartialDate
from grades.models import Finding, Inspection, Mention
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("finding_kind_known", factories.finding, {"kind": "complaint"}, {"kind": "innovative-practice"}),
    Rule("finding_text_not_empty", factories.finding, {"text": ""}),
    Rule("finding_recommendation_has_cause", factories.finding, {"kind": "recommendation"}),
    Rule("finding_event_actor_known", factories.finding_event, {"actor": "press"}, {"actor": "force"}),
    Rule(
        "finding_event_standing_known",
        factories.finding_event,
        {"standing": "lost"},
        {"standing": "in-progress"},
    ),
    Rule(
        "finding_event_only_inspectorate_closes",
        factories.finding_event,
        {"actor": "force"},
        {"actor": "inspectorate", "standing": "closed"},
    ),
    Rule(
        "finding_event_only_inspectorate_closes",
        factories.finding_event,
        {"standing": "superseded"},
        {"actor": "force", "standing": "complete"},
    ),
    Rule("finding_status_known", factories.finding, {"status": "lost"}, {"status": "draft"}),
    Rule("finding_published_has_its_moment", factories.finding, {"status": "draft"}),
    Rule("finding_event_status_known", factories.finding_event, {"status": "lost"}, {"status": "draft"}),
    Rule("finding_event_published_has_its_moment", factories.finding_event, {"published_at": None}),
    Rule(
        "monitoring_period_status_known", factories.monitoring_period, {"status": "lost"}, {"status": "draft"}
    ),
    Rule("monitoring_period_published_has_its_moment", factories.monitoring_period, {"published_at": None}),
    Rule("mention_status_known", factories.mention, {"status": "lost"}, {"status": "submitted"}),
    Rule("mention_published_has_its_moment", factories.mention, {"published_at": None}),
    Rule("mention_kind_known", factories.mention, {"kind": "tweet"}, {"kind": "statement"}),
    Rule("mention_title_not_empty", factories.mention, {"title": ""}),
    Rule("mention_outlet_not_empty", factories.mention, {"outlet": ""}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_recommendation_belongs_to_a_cause_of_concern() -> None:
    cause = factories.finding(kind="cause-of-concern")

    recommendation = factories.finding(kind="recommendation", parent=cause)

    recommendation.full_clean()


def test_area_for_improvement_belongs_to_no_cause_of_concern() -> None:
    cause = factories.finding(kind="cause-of-concern")

    with refused_by("finding_recommendation_has_cause"):
        factories.finding(kind="area-for-improvement", parent=cause)


def test_finding_cannot_continue_itself() -> None:
    finding = factories.finding()

    finding.continues = finding

    with explained(__all__="A finding cannot continue itself."):
        finding.validate_constraints()
    with refused_by("finding_continues_another"):
        finding.save()


def test_inspection_of_another_force_is_refused() -> None:
    finding = factories.finding(inspection=factories.inspection())

    finding.inspection = factories.inspection()

    with explained(inspection="This inspection is of another force."):
        finding.full_clean()
    with refused_by("finding_inspection_of_its_force"):
        finding.save()


def test_question_of_another_cycle_is_refused() -> None:
    inspection = factories.inspection()
    finding = factories.finding(inspection=inspection, question=factories.question(cycle=inspection.cycle))

    finding.question = factories.question()

    with explained(question="This question belongs to another cycle."):
        finding.full_clean()
    with refused_by("finding_question_of_its_cycle"):
        finding.save()


def test_recommendation_under_something_else_is_refused() -> None:
    cause = factories.finding(kind="cause-of-concern")
    recommendation = factories.finding(kind="recommendation", parent=cause)

    recommendation.parent = factories.finding(force=cause.force, kind="area-for-improvement")

    with explained(parent="This is not a cause of concern."):
        recommendation.full_clean()
    with refused_by("finding_parent_is_a_cause"):
        recommendation.save()


@pytest.mark.parametrize("field", ["parent", "continues"])
def test_finding_of_another_force_is_refused(field: str) -> None:
    cause = factories.finding(kind="cause-of-concern")
    recommendation = factories.finding(kind="recommendation", parent=cause)

    setattr(recommendation, field, factories.finding(kind="cause-of-concern"))

    with explained(**{field: "This finding is about another force."}):
        recommendation.full_clean()
    with refused_by("finding_others_of_its_force"):
        recommendation.save()


def test_mention_of_another_forces_inspection_is_refused() -> None:
    mention = factories.mention(inspection=factories.inspection())

    mention.inspection = factories.inspection()

    with explained(inspection="This inspection is of another force."):
        mention.full_clean()
    with refused_by("mention_inspection_of_its_force"):
        mention.save()


@pytest.mark.parametrize("make", [factories.finding, factories.mention])
def test_inspection_keeps_its_force_once_something_hangs_on_it(make: Callable[..., Any]) -> None:
    record = make(inspection=factories.inspection())

    with refused_by("inspection_keeps_its_findings"):
        Inspection.objects.filter(pk=record.inspection.pk).update(force=factories.force())


@pytest.mark.parametrize("model", [Finding, Mention])
def test_missing_force_is_the_only_complaint_where_nothing_can_be_compared(
    model: type[Finding | Mention],
) -> None:
    record = model(inspection=factories.inspection())

    record.clean()

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    assert "inspection" not in refusal.value.message_dict
    assert refusal.value.message_dict["force"] == ["This field cannot be null."]


def test_step_stands_once() -> None:
    step = factories.finding_event(standing="open")
    another = factories.finding_event(finding=step.finding, standing="complete")

    another.standing = "open"

    with explained(__all__="This step is already recorded."):
        another.validate_constraints()
    with refused_by("finding_event_once"):
        another.save()


def test_force_that_leaves_before_it_enters_is_explained() -> None:
    period = factories.monitoring_period(entered_on=date(2022, 6, 28), left_on=date(2023, 9, 1))

    period.left_on = date(2022, 6, 28)

    with explained(left_on="This must be after the day it starts."):
        period.full_clean()
    with refused_by("monitoring_period_dates_in_order"):
        period.save()


def test_monitoring_periods_of_a_force_never_share_a_day() -> None:
    period = factories.monitoring_period(entered_on=date(2022, 6, 28), left_on=date(2023, 9, 1))
    again = factories.monitoring_period(force=period.force, entered_on=date(2023, 9, 1), left_on=None)

    again.entered_on = date(2023, 8, 31)

    with explained(__all__="This force is already recorded in enhanced monitoring on these days."):
        again.validate_constraints()
    with refused_by("monitoring_period_one_at_a_time"):
        again.save()


def test_response_stands_once() -> None:
    response = factories.response()
    another = factories.response(report=response.report)

    another.title = response.title

    with explained(__all__="This response is already recorded."):
        another.validate_constraints()
    with refused_by("response_once"):
        another.save()


def test_press_item_stands_once_a_force_but_may_be_about_several() -> None:
    mention = factories.mention()
    about_another_force = factories.mention(outlet=mention.outlet, title=mention.title)

    about_another_force.force = mention.force

    with explained(__all__="This item is already recorded for this force."):
        about_another_force.validate_constraints()
    with refused_by("mention_once"):
        about_another_force.save()


def test_response_gives_its_date_as_far_as_it_is_known() -> None:
    dated = factories.response(published_on=date(2024, 4, 20))
    undated = factories.response(published_on=None)

    assert dated.published == PartialDate(date(2024, 4, 20))
    assert undated.published is None


def test_cause_of_concern_with_recommendations_stays_one() -> None:
    cause = factories.finding(kind="cause-of-concern")
    recommendation = factories.finding(kind="recommendation", parent=cause)

    cause.kind = "area-for-improvement"

    with explained(kind="Recommendations answer this; it stays a cause of concern."):
        cause.full_clean()
    with refused_by("finding_keeps_its_followers"):
        cause.save()
    recommendation.delete()
    cause.full_clean()
    cause.save()


@pytest.mark.parametrize(
    ("kind", "field"), [("recommendation", "parent"), ("area-for-improvement", "continues")]
)
def test_finding_that_others_follow_stays_with_its_force(kind: str, field: str) -> None:
    first = factories.finding(kind="cause-of-concern")
    follower = factories.finding(kind=kind, force=first.force, **{field: first})

    first.force = factories.force()

    with explained(force="Findings about another force answer or continue this one."):
        first.full_clean()
    with refused_by("finding_keeps_its_followers"):
        first.save()
    follower.delete()
    first.full_clean()
    first.save()
