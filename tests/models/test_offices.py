"""Offices, their members and invitations."""

from datetime import UTC, date, datetime

import pytest

from grades.models import Office
from tests import factories
from tests.models.rules import Rule, assert_rule, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("office_name_not_empty", factories.office, {"name": ""}),
    Rule("membership_role_known", factories.membership, {"role": "chief"}, {"role": "viewer"}),
    Rule("membership_office_unless_national", factories.membership, {"office": None}),
    Rule(
        "membership_office_unless_national",
        factories.membership,
        {"office": factories.office},
        {"role": "national-editor"},
    ),
    Rule("invitation_email_not_empty", factories.invitation, {"email": ""}),
    Rule("invitation_role_known", factories.invitation, {"role": "chief"}, {"role": "publisher"}),
    Rule("invitation_office_unless_national", factories.invitation, {"role": "national-editor"}),
    Rule(
        "invitation_accepted_by_and_at",
        factories.invitation,
        {"accepted_at": datetime(2026, 2, 1, tzinfo=UTC)},
    ),
    Rule(
        "invitation_accepted_by_and_at",
        factories.invitation,
        {"accepted_at": datetime(2025, 2, 1, tzinfo=UTC)},
        {"accepted_at": datetime(2026, 2, 1, tzinfo=UTC), "accepted_by": factories.user},
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_person_has_one_role_in_an_office() -> None:
    membership = factories.membership()
    factories.membership(user=membership.user)

    with refused_by("membership_once_an_office"):
        factories.membership(user=membership.user, office=membership.office, role="viewer")


def test_person_is_a_national_editor_once() -> None:
    membership = factories.membership(role="national-editor")

    with refused_by("membership_once_an_office"):
        factories.membership(user=membership.user, role="national-editor")


def test_address_is_invited_once_until_the_invitation_is_accepted() -> None:
    invitation = factories.invitation()

    with refused_by("invitation_once_an_office"):
        factories.invitation(email=invitation.email, office=invitation.office)

    invitation.accepted_at, invitation.accepted_by = datetime(2026, 2, 1, tzinfo=UTC), factories.user()
    invitation.save()
    factories.invitation(email=invitation.email, office=invitation.office)


def test_office_of_a_force_is_that_of_its_body_on_the_day() -> None:
    force = factories.force()
    commissioner, mayor = factories.office(), factories.office()
    handover = date(2024, 5, 7)
    factories.tenure(force=force, body=commissioner.body, valid_to=handover)
    factories.tenure(force=force, body=mayor.body, valid_from=handover)

    assert Office.objects.of_force(force, date(2024, 5, 6)).get() == commissioner
    assert Office.objects.of_force(force, handover).get() == mayor
