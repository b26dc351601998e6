"""Sources and what each states."""

from datetime import date

import pytest
from django.db.models import ProtectedError

from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("source_key_not_empty", factories.source, {"key": ""}),
    Rule("source_publisher_not_empty", factories.source, {"publisher": ""}),
    Rule("source_title_not_empty", factories.source, {"title": ""}),
    Rule("source_kind_known", factories.source, {"kind": "rumour"}, {"kind": "press"}),
    Rule("citation_for_one_thing", factories.citation, {"observation": factories.observation}),
    Rule("citation_state_fits_target", factories.citation, {"state": "", "level": ""}),
    Rule(
        "citation_state_fits_target",
        factories.citation,
        {"state": "awaited"},
        {"observation": factories.observation},
    ),
    Rule(
        "citation_state_known",
        factories.citation,
        {"state": "guessed", "level": ""},
        {"state": "awaited", "level": ""},
    ),
    Rule("citation_level_known", factories.citation, {"level": "fair"}),
    Rule("citation_level_with_state", factories.citation, {"level": ""}),
    Rule(
        "citation_level_with_state", factories.citation, {"level": "good"}, {"state": "awaited", "level": ""}
    ),
    Rule(
        "citation_origin_only_when_carried",
        factories.citation,
        {"state": "graded"},
        {"state": "carried-forward", "carried_from": factories.cycle},
    ),
    Rule(
        "citation_checked_by_and_on",
        factories.citation,
        {"checked_on": None},
        {"checked_on": date(2026, 1, 1), "checked_by": factories.user},
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_citation_needs_something_to_support() -> None:
    citation = factories.citation(observation=factories.observation())

    citation.observation = None

    with refused_by("citation_for_one_thing"):
        citation.save()


def test_source_is_cited_once_a_grade() -> None:
    citation = factories.citation()
    another = factories.citation(grade=citation.grade)

    another.source = citation.source

    with explained(__all__="This source is already cited for this grade."):
        another.validate_constraints()
    with refused_by("citation_once_a_grade"):
        another.save()


def test_source_is_cited_once_a_figure() -> None:
    citation = factories.citation(observation=factories.observation())
    another = factories.citation(observation=citation.observation)

    another.source = citation.source

    with explained(__all__="This source is already cited for this figure."):
        another.validate_constraints()
    with refused_by("citation_once_a_figure"):
        another.save()


def test_source_may_state_another_grade_than_the_record() -> None:
    grade = factories.grade(level="good")

    citation = factories.citation(grade=grade, state="graded", level="requires-improvement")

    citation.full_clean()


def test_source_that_states_something_cannot_be_deleted() -> None:
    citation = factories.citation()

    with pytest.raises(ProtectedError):
        citation.source.delete()


def test_citation_of_a_grade_that_the_scale_lacks_is_refused() -> None:
    citation = factories.citation(
        grade=factories.grade(question=factories.question(cycle=factories.cycle(tiers=4)))
    )
    citation.full_clean()

    citation.level = "adequate"

    with explained(level="This cycle's scale has no such grade."):
        citation.full_clean()
    with refused_by("citation_level_on_its_scale"):
        citation.save()
    factories.citation(level="adequate").full_clean()


def test_citation_carries_a_grade_from_an_earlier_cycle_only() -> None:
    earlier = factories.cycle()
    citation = factories.citation(state="carried-forward", carried_from=earlier)
    citation.full_clean()

    citation.carried_from = factories.cycle()

    with explained(carried_from="A grade is carried forward from an earlier cycle."):
        citation.full_clean()
    with refused_by("citation_carried_from_earlier"):
        citation.save()


def test_scale_and_order_of_a_cycle_fit_what_sources_state() -> None:
    citation = factories.citation(state="graded", level="adequate")
    carried = factories.citation(state="carried-forward", carried_from=factories.cycle(order=0))

    for cycle, fields in (
        (citation.grade.inspection.cycle, {"tiers": 4}),
        (carried.carried_from, {"order": 30000}),
    ):
        with refused_by("grade_still_fits"):
            type(cycle).objects.filter(pk=cycle.pk).update(**fields)
