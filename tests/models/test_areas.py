"""Areas, forces, their names, councils and policing bodies."""

from datetime import date

import pytest

from grades.models import Tenure
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

REVERSED = {"valid_from": date(2020, 1, 2), "valid_to": date(2020, 1, 1)}
NO_LENGTH = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 1, 1)}
ORDERED = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 1, 2)}

RULES = [
    Rule("area_slug_format", factories.area, {"slug": "West Mercia"}, {"slug": "west-mercia"}),
    Rule("area_slug_format", factories.area, {"slug": "west--mercia"}),
    Rule("area_name_not_empty", factories.area, {"name": ""}),
    Rule("area_kind_known", factories.area, {"kind": "county"}, {"kind": "nation"}),
    Rule("force_slug_format", factories.force, {"slug": "Kent"}, {"slug": "kent"}),
    Rule("force_official_name_not_empty", factories.force, {"official_name": ""}),
    Rule("force_short_name_not_empty", factories.force, {"short_name": ""}),
    Rule("force_region_not_empty", factories.force, {"region": ""}),
    Rule("force_nation_known", factories.force, {"nation": "Scotland"}, {"nation": "Wales"}),
    Rule("force_ons_code_format", factories.force, {"ons_code": "E2300001"}, {"ons_code": "W15000001"}),
    Rule("force_ons_code_format", factories.force, {"ons_code": "S23000017"}, {"ons_code": "E23000017"}),
    Rule("force_dates_in_order", factories.force, REVERSED, ORDERED),
    Rule("force_dates_in_order", factories.force, NO_LENGTH, {"valid_from": date(2020, 1, 1)}),
    Rule(
        "force_successor_when_ended",
        factories.force,
        {"valid_to": None},
        {"valid_to": date(2020, 1, 1), "successor": factories.force},
    ),
    Rule("force_name_name_not_empty", factories.force_name, {"name": ""}),
    Rule("force_name_dates_in_order", factories.force_name, NO_LENGTH, ORDERED),
    Rule("council_name_not_empty", factories.council, {"name": ""}),
    Rule("council_code_format", factories.council, {"code": "07000222"}, {"code": "E07000222"}),
    Rule("similar_group_dates_in_order", factories.similar_group, NO_LENGTH, ORDERED),
    Rule("policing_body_name_not_empty", factories.policing_body, {"name": ""}),
    Rule("policing_body_kind_known", factories.policing_body, {"kind": "quango"}, {"kind": "mayors-office"}),
    Rule("tenure_dates_in_order", factories.tenure, NO_LENGTH, ORDERED),
]


def _valid_dates(rule: Rule) -> bool:
    """Say whether the bad dates of a rule can be given to a range at all."""
    return not (rule.constraint.endswith("dates_in_order") and rule.make is not factories.force)


@pytest.mark.parametrize("rule", [rule for rule in RULES if _valid_dates(rule)], ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not _valid_dates(rule)], ids=str)
@pytest.mark.parametrize("dates", [REVERSED, NO_LENGTH], ids=["reversed", "no-length"])
def test_reversed_period_is_explained_before_the_range_stumbles(rule: Rule, dates: dict[str, date]) -> None:
    record = rule.make(**rule.accepts)

    record.valid_from, record.valid_to = dates["valid_from"], dates["valid_to"]

    with explained(valid_to="This must be after the day it starts."):
        record.full_clean()


@pytest.mark.parametrize("rule", [rule for rule in RULES if not _valid_dates(rule)], ids=str)
def test_period_without_length_is_refused_by_the_database(rule: Rule) -> None:
    record = rule.make(**rule.accepts)

    record.valid_from, record.valid_to = NO_LENGTH["valid_from"], NO_LENGTH["valid_to"]

    with refused_by(rule.constraint):
        record.save()


def test_force_explains_that_it_ended_before_it_began() -> None:
    force = factories.force()

    force.valid_from, force.valid_to = REVERSED["valid_from"], REVERSED["valid_to"]

    with explained(valid_to="This must be after the day it starts."):
        force.full_clean(validate_constraints=False)


def test_force_cannot_succeed_itself() -> None:
    force = factories.force(valid_to=date(2020, 1, 1), successor=factories.force())

    force.successor = force

    with explained(__all__="A force cannot succeed itself."):
        force.validate_constraints()
    with refused_by("force_successor_is_another"):
        force.save()


def test_name_stands_once_a_force_but_may_be_another_forces_alias() -> None:
    name = factories.force_name(name="Avon")
    other = factories.force_name(name="Avon")

    other.force = name.force

    with explained(__all__="This force already has this name."):
        other.validate_constraints()
    with refused_by("force_name_once_a_force"):
        other.save()


def test_new_official_name_may_start_on_the_day_the_old_one_stops() -> None:
    force = factories.force()
    factories.force_name(force=force, valid_from=date(1974, 4, 1), valid_to=date(2017, 7, 19))

    newer = factories.force_name(force=force, valid_from=date(2017, 7, 19))

    newer.full_clean()


def test_two_official_names_never_share_a_day() -> None:
    force = factories.force()
    factories.force_name(force=force, valid_from=date(1974, 4, 1), valid_to=date(2017, 7, 19))
    newer = factories.force_name(force=force, valid_from=date(2017, 7, 19))

    newer.valid_from = date(2017, 7, 18)

    with explained(__all__="A force has one official name at a time."):
        newer.validate_constraints()
    with refused_by("force_name_one_official_at_a_time"):
        newer.save()


def test_aliases_have_no_dates_and_never_overlap() -> None:
    force = factories.force()
    factories.force_name(force=force, valid_from=date(1974, 4, 1))
    factories.force_name(force=force)

    another_alias = factories.force_name(force=force)

    another_alias.full_clean()


def test_two_forces_may_have_official_names_on_the_same_day() -> None:
    factories.force_name(valid_from=date(1974, 4, 1))

    of_another_force = factories.force_name(valid_from=date(1974, 4, 1))

    of_another_force.full_clean()


def test_similar_groups_of_a_force_never_share_a_day() -> None:
    group = factories.similar_group(valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1))
    next_group = factories.similar_group(force=group.force, valid_from=date(2024, 1, 1))

    next_group.valid_from = date(2023, 12, 31)

    with explained(__all__="A force has one most similar group at a time."):
        next_group.validate_constraints()
    with refused_by("similar_group_one_at_a_time"):
        next_group.save()


def test_force_has_one_policing_body_at_a_time() -> None:
    commissioner = factories.tenure(valid_from=date(2012, 11, 22), valid_to=date(2024, 5, 7))
    mayor = factories.tenure(force=commissioner.force, valid_from=date(2024, 5, 7))

    mayor.valid_from = date(2024, 5, 6)

    with explained(__all__="A force has one policing body at a time."):
        mayor.validate_constraints()
    with refused_by("tenure_one_body_at_a_time"):
        mayor.save()


def test_tenure_of_unknown_start_reaches_back_without_end() -> None:
    always = factories.tenure(valid_from=None, valid_to=date(2012, 11, 22))

    with refused_by("tenure_one_body_at_a_time"):
        factories.tenure(force=always.force, valid_from=date(1900, 1, 1), valid_to=date(1901, 1, 1))


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2012, 11, 21), False),
        (date(2012, 11, 22), True),
        (date(2024, 5, 6), True),
        (date(2024, 5, 7), False),
    ],
    ids=["before", "first day", "last day", "day after"],
)
def test_tenure_holds_on_its_first_day_and_no_longer_on_its_end(day: date, held: bool) -> None:
    tenure = factories.tenure(valid_from=date(2012, 11, 22), valid_to=date(2024, 5, 7))

    found = Tenure.objects.on(day)

    assert list(found) == ([tenure] if held else [])


def test_tenure_without_dates_holds_always() -> None:
    tenure = factories.tenure(valid_from=None)

    found = Tenure.objects.filter(force=tenure.force).on(date(1829, 9, 29))

    assert list(found) == [tenure]
