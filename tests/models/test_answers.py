"""Responses, actions on recommendations, comments beside grades, and required information."""

from datetime import date

import pytest

from grades.models import Force
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("response_kind_known", factories.response, {"kind": "tweet"}, {"kind": "statement"}),
    Rule("response_title_not_empty", factories.response, {"title": ""}),
    Rule("response_status_known", factories.response, {"status": "lost"}, {"status": "submitted"}),
    Rule("response_published_has_its_moment", factories.response, {"status": "draft"}),
    Rule("comment_status_known", factories.comment, {"status": "lost"}, {"status": "draft"}),
    Rule("comment_published_has_its_moment", factories.comment, {"published_at": None}),
    Rule("comment_text_not_empty", factories.comment, {"text": ""}),
    Rule("required_item_item_known", factories.required_item, {"item": "7z"}, {"item": "7c-annual"}),
    Rule(
        "recommendation_action_or_reason", factories.recommendation_action, {"reason": "It costs too much."}
    ),
    Rule(
        "recommendation_action_or_reason",
        factories.recommendation_action,
        {"reason": ""},
        {"action": "", "reason": "It costs too much."},
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_response_answers_a_recommendation_once() -> None:
    action = factories.recommendation_action()
    factories.recommendation_action(response=action.response)

    with refused_by("recommendation_action_once"):
        factories.recommendation_action(response=action.response, finding=action.finding)


def test_body_comments_once_a_day_beside_a_grade() -> None:
    comment = factories.comment(dated=date(2026, 5, 1))
    factories.comment(grade=comment.grade, body=comment.body, dated=date(2026, 5, 2))

    with refused_by("comment_once_a_day"):
        factories.comment(grade=comment.grade, body=comment.body, dated=date(2026, 5, 1))


def test_item_is_recorded_once_a_force() -> None:
    item = factories.required_item()
    factories.required_item(item=item.item)

    with refused_by("required_item_once_a_force"):
        factories.required_item(force=item.force, item=item.item)


def test_action_on_a_cause_of_concern_is_refused() -> None:
    action = factories.recommendation_action()

    action.finding = factories.finding(kind="cause-of-concern", inspection=action.response.report.inspection)

    with explained(finding="This is neither a recommendation nor an area for improvement."):
        action.full_clean()


def test_action_on_another_forces_finding_is_refused() -> None:
    action = factories.recommendation_action()

    action.finding = factories.finding()

    with explained(finding="This finding is about another force."):
        action.full_clean()


def test_answers_name_what_they_answer() -> None:
    force: Force = factories.force(official_name="Kent Police")
    item = factories.required_item(force=force, item="7b-summary")

    assert str(item) == "Kent Police: The most recent summary assessment of the force"
