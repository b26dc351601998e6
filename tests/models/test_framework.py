"""Cycles, pillars, themes, questions, their links, and what grades mean."""

import pytest

from grades.models import Cycle
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
        {"from_question": lambda: factories.question(cycle=factories.cycle(order=0))},
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


def test_link_goes_from_an_earlier_cycle_to_a_later() -> None:
    link = factories.question_link()
    link.full_clean()

    link.from_question, link.to_question = link.to_question, link.from_question

    with explained(from_question="A question follows one of an earlier cycle."):
        link.full_clean()
    with refused_by("question_link_goes_forward"):
        link.save()


def test_link_of_a_question_with_itself_is_refused() -> None:
    question = factories.question()

    with refused_by("question_link_goes_forward"):
        factories.question_link(from_question=question, to_question=question)


def test_change_that_turns_a_link_round_is_refused() -> None:
    link = factories.question_link()
    start, later = link.from_question, factories.cycle()

    start.cycle = later

    with explained(cycle="A link to another question would run backwards."):
        start.full_clean()
    with refused_by("question_link_still_goes_forward"):
        start.save()
    end = link.to_question
    end.cycle = later
    end.full_clean()
    end.save()
    with refused_by("question_link_still_goes_forward"):
        Cycle.objects.filter(pk=later.pk).update(order=0)


def test_question_stays_in_the_cycle_of_its_findings() -> None:
    inspection = factories.inspection()
    question = factories.question(cycle=inspection.cycle)
    finding = factories.finding(inspection=inspection, question=question)

    question.cycle = factories.cycle()

    with explained(cycle="Findings are recorded for this question in another cycle."):
        question.full_clean()
    with refused_by("question_keeps_its_findings"):
        question.save()
    finding.delete()
    question.full_clean()
    question.save()


def test_question_with_grades_keeps_its_cycle_and_that_it_is_graded() -> None:
    question = factories.grade().question

    question.graded = "ungraded"
    with explained(graded="Grades are recorded for this question."):
        question.full_clean()
    question.graded, question.cycle = "graded", factories.cycle()
    with explained(cycle="Grades are recorded for this question in another cycle."):
        question.full_clean()


def test_meaning_of_a_grade_that_the_scale_lacks_is_refused() -> None:
    four, five = factories.cycle(tiers=4), factories.cycle(tiers=5)
    definition = factories.grade_definition(cycle=five, level="adequate")

    with refused_by("cycle_keeps_its_definitions"):
        Cycle.objects.filter(pk=five.pk).update(tiers=4)
    with refused_by("grade_definition_level_on_its_scale"):
        type(definition).objects.filter(pk=definition.pk).update(cycle=four)
    factories.grade_definition(cycle=four, level="good")
    definition.delete()
    Cycle.objects.filter(pk=five.pk).update(tiers=4)
