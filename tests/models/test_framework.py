"""Cycles, pillars, themes, questions, their links, and what grades mean."""

import pytest

from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("cycle_slug_format", factories.cycle, {"slug": "2018-2019"}, {"slug": "2018-19"}),
    Rule("cycle_slug_format", factories.cycle, {"slug": "next"}, {"slug": "2017"}),
    Rule("cycle_label_not_empty", factories.cycle, {"label": ""}),
    Rule("cycle_inspectorate_not_empty", factories.cycle, {"inspectorate": ""}),
    Rule("cycle_tiers_known", factories.cycle, {"tiers": 3}, {"tiers": 4}),
    Rule("cycle_band_letter", factories.cycle, {"band": "b"}, {"band": "B"}),
    Rule("pillar_slug_format", factories.pillar, {"slug": "-"}, {"slug": "legitimacy"}),
    Rule("pillar_title_not_empty", factories.pillar, {"title": ""}),
    Rule(
        "theme_slug_format", factories.theme, {"slug": "investigating crime"}, {"slug": "investigating-crime"}
    ),
    Rule("theme_title_not_empty", factories.theme, {"title": ""}),
    Rule("question_title_not_empty", factories.question, {"title": ""}),
    Rule("question_short_title_not_empty", factories.question, {"short_title": ""}),
    Rule("question_graded_known", factories.question, {"graded": "maybe"}, {"graded": "varies"}),
    Rule("question_wording_known", factories.question, {"wording": "guessed"}, {"wording": "unconfirmed"}),
    Rule(
        "question_pillar_judgment_has_no_theme",
        factories.question,
        {"theme": factories.theme},
        {"number": "0", "pillar": factories.pillar, "theme": None},
    ),
    Rule(
        "question_pillar_judgment_has_no_theme",
        factories.question,
        {"pillar": None},
        {"number": "0", "pillar": factories.pillar, "theme": None},
    ),
    Rule("question_pillar_judgment_has_no_theme", factories.question, {"theme": None}, {"number": "1"}),
    Rule(
        "question_link_relation_known",
        factories.question_link,
        {"relation": "similar"},
        {"relation": "split"},
    ),
    Rule("question_link_ends_fit_relation", factories.question_link, {"from_question": None}),
    Rule("question_link_ends_fit_relation", factories.question_link, {"to_question": None}),
    Rule(
        "question_link_ends_fit_relation",
        factories.question_link,
        {"from_question": factories.question},
        {"relation": "new", "from_question": None},
    ),
    Rule(
        "question_link_ends_fit_relation",
        factories.question_link,
        {"relation": "new"},
        {"relation": "dropped", "to_question": None},
    ),
    Rule(
        "grade_definition_level_known", factories.grade_definition, {"level": "fair"}, {"level": "adequate"}
    ),
    Rule("grade_definition_definition_not_empty", factories.grade_definition, {"definition": ""}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_question_stands_once_a_cycle_even_without_a_pillar() -> None:
    question = factories.question(number="1", pillar=None)
    in_another_cycle = factories.question(number="1", pillar=None)

    in_another_cycle.cycle = question.cycle

    with explained(__all__="This cycle already has a question of this pillar and number."):
        in_another_cycle.validate_constraints()
    with refused_by("question_once_a_cycle"):
        in_another_cycle.save()


def test_question_number_may_recur_under_another_pillar() -> None:
    question = factories.question(number="1", pillar=factories.pillar())

    under_another_pillar = factories.question(cycle=question.cycle, number="1", pillar=factories.pillar())

    under_another_pillar.full_clean()


def test_questions_are_linked_once_even_where_one_end_is_missing() -> None:
    link = factories.question_link(relation="new", from_question=None)
    another = factories.question_link(relation="new", from_question=None)

    another.to_question = link.to_question

    with explained(__all__="These two questions are already linked."):
        another.validate_constraints()
    with refused_by("question_link_once"):
        another.save()


def test_grade_has_one_meaning_a_cycle() -> None:
    definition = factories.grade_definition(level="good")
    in_another_cycle = factories.grade_definition(level="good")

    in_another_cycle.cycle = definition.cycle

    with explained(__all__="This cycle already has a meaning for this grade."):
        in_another_cycle.validate_constraints()
    with refused_by("grade_definition_once"):
        in_another_cycle.save()


def test_meaning_of_adequate_is_refused_in_a_four_tier_cycle() -> None:
    definition = factories.grade_definition(cycle=factories.cycle(tiers=4), level="good")

    definition.level = "adequate"

    with explained(level="This cycle's scale has no such grade."):
        definition.full_clean()


def test_title_that_is_not_confirmed_is_never_shown() -> None:
    confirmed = factories.question(title="How good?", short_title="Good", wording="official")
    unconfirmed = factories.question(title="How good?", short_title="Good", wording="unconfirmed")

    assert confirmed.shown_title == "How good?"
    assert unconfirmed.shown_title == "Good"
