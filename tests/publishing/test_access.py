"""Who may do what."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from grades import access
from grades.access import NOBODY, Verb, desk_of, may, visible
from grades.models import Force, Grade, Inspection, Office
from grades.scales import Role
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db

MODELS = [
    m
    for m in apps.get_app_config("grades").get_models()
    if not hasattr(m, "pgh_tracked_model") and not m._meta.proxy
]


def test_every_model_has_its_place_in_the_rules() -> None:
    placed = [*access.FORCE_OF, *access.OFFICE_OF, *access.SHARED, *(access.MACHINES - access.SHARED)]

    assert sorted(m._meta.label for m in placed) == sorted(m._meta.label for m in MODELS)


@pytest.mark.parametrize("model", access.FORCE_OF, ids=lambda model: model.__name__)
def test_office_sees_its_own_forces_records_and_no_others(people: People, model: type[models.Model]) -> None:
    mine, others = of_force(model, people.force), of_force(model, factories.force())
    rows = model._default_manager.filter(pk__in=[mine.pk, others.pk])

    assert list(visible(rows, desk_of(people.viewer))) == [mine]
    assert set(visible(rows, desk_of(people.national))) == {mine, others}
    assert not visible(rows, NOBODY).exists()
    assert may(desk_of(people.viewer), Verb.VIEW, mine)
    assert not any(may(desk_of(people.publisher), verb, others) for verb in Verb)


def of_force(model: type[models.Model], force: Force) -> models.Model:
    """Make a record that is about a force."""
    if model is Force:
        return force
    make: Any = factories.MAKERS[model._meta.model_name]
    inspection = factories.inspection(force=force)
    report = factories.report(inspection=inspection)
    grade = factories.grade(inspection=inspection)
    held = force.tenures.first()
    already = {"Report": report, "Tenure": held or factories.tenure(force=force)}
    if model.__name__ in already:
        return already[model.__name__]
    finding = factories.finding(force=force, inspection=inspection)
    given = {
        "Grade": {"inspection": inspection},
        "Citation": {"grade": grade},
        "FindingEvent": {"finding": finding},
        "Response": {"report": report},
        "RecommendationAction": {"response": factories.response(report=report), "finding": finding},
        "Comment": {"grade": grade},
        "Observation": {"area": force.area},
        "Submission": {"what": "grades.inspection", "object_id": inspection.pk, "force": force},
        "Correction": {
            "what": "grades.grade",
            "object_id": grade.pk,
            "force": force,
            "before": {"level": "good"},
            "after": {"level": "adequate"},
        },
    }
    made: models.Model = make(**given.get(model.__name__, {"force": force}))
    return made


def test_citation_of_a_figure_is_reached_through_its_area(people: People) -> None:
    citation = factories.citation(observation=factories.observation(area=people.force.area))

    assert list(visible(type(citation).objects.all(), desk_of(people.viewer))) == [citation]
    assert list(visible(type(citation).objects.all(), desk_of(people.stranger))) == []


@pytest.mark.parametrize("model", access.OFFICE_OF, ids=lambda model: model.__name__)
def test_office_sees_its_own_people(people: People, model: type[models.Model]) -> None:
    factories.invitation(office=people.office)
    factories.invitation()

    seen = visible(model._default_manager.all(), desk_of(people.viewer))

    offices = {row.pk if isinstance(row, Office) else row.office_id for row in seen}
    assert offices == {people.office.pk}


@pytest.mark.parametrize(
    ("role", "add", "change", "submit", "approve", "invite"),
    [
        ("viewer", False, False, False, False, False),
        ("editor", True, True, True, False, False),
        ("publisher", True, True, True, True, True),
        ("national", True, True, True, True, True),
    ],
)
def test_each_role_may_what_the_ones_before_it_may(
    people: People, role: str, add: bool, change: bool, submit: bool, approve: bool, invite: bool
) -> None:
    desk = desk_of(getattr(people, role))
    draft = factories.inspection(force=people.force)
    sent = factories.inspection(force=people.force, status="submitted")
    submission = factories.submission(what="grades.inspection", object_id=sent.pk, force=people.force)

    asked = (
        may(desk, Verb.ADD, Inspection),
        may(desk, Verb.CHANGE, draft),
        may(desk, Verb.SUBMIT, draft),
        may(desk, Verb.APPROVE, submission),
        may(desk, Verb.INVITE, people.office),
    )

    assert asked == (add, change, submit, approve, invite)
    assert may(desk, Verb.VIEW, draft)


@pytest.mark.parametrize("person", ["editor", "publisher", "national"])
@pytest.mark.parametrize("status", ["submitted", "published"])
def test_nobody_edits_what_is_submitted_or_public(people: People, person: str, status: str) -> None:
    inspection = factories.inspection(force=people.force, status=status)
    desk = desk_of(getattr(people, person))

    for record in (
        inspection,
        factories.grade(inspection=inspection),
        factories.report(inspection=inspection),
    ):
        assert not may(desk, Verb.CHANGE, record)
        assert not may(desk, Verb.DELETE, record)
        assert may(desk, Verb.CORRECT, record) == (status == "published")


def test_superuser_is_a_national_editor_who_may_not_edit_in_place_either(people: People) -> None:
    desk = desk_of(factories.user(is_staff=True, is_superuser=True))

    assert desk.national
    assert not may(desk, Verb.CHANGE, factories.inspection(status="published"))


def test_author_approves_only_where_the_office_publishes_alone(people: People) -> None:
    sent = factories.inspection(force=people.force, status="submitted")
    own = factories.submission(
        what="grades.inspection",
        object_id=sent.pk,
        force=people.force,
        office=people.office,
        submitted_by=people.publisher,
    )

    assert not may(desk_of(people.publisher), Verb.APPROVE, own)
    assert may(desk_of(people.colleague), Verb.APPROVE, own)

    people.office.one_person_publishing = True
    people.office.save()

    assert may(desk_of(User.objects.get(pk=people.publisher.pk)), Verb.APPROVE, own)


def test_national_editor_does_not_approve_their_own(people: People) -> None:
    sent = factories.inspection(force=people.force, status="submitted")
    own = factories.submission(
        what="grades.inspection", object_id=sent.pk, force=people.force, submitted_by=people.national
    )

    assert not may(desk_of(people.national), Verb.APPROVE, own)


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}], ids=["deactivated", "not of the staff"]
)
def test_who_cannot_sign_in_may_nothing(people: People, fields: dict[str, bool]) -> None:
    User.objects.filter(pk=people.editor.pk).update(**fields)

    assert desk_of(User.objects.get(pk=people.editor.pk)) == NOBODY


def test_stranger_and_user_without_membership_may_nothing(people: People) -> None:
    for user in (AnonymousUser(), factories.user(is_staff=True)):
        assert not any(may(desk_of(user), verb, Grade) for verb in Verb)
        assert not visible(Grade.objects.all(), desk_of(user)).exists()


def test_forces_follow_the_body_on_the_day() -> None:
    force, office = factories.force(), factories.office()
    factories.tenure(force=force, body=office.body, valid_from=date(2020, 1, 1), valid_to=date(2024, 5, 7))
    member = factories.member("editor", office)

    assert desk_of(member, date(2024, 5, 6)).forces == {force.pk: Role.EDITOR}
    assert desk_of(User.objects.get(pk=member.pk), date(2024, 5, 7)).forces == {}


def test_higher_of_two_roles_for_a_force_counts() -> None:
    force, office = factories.force(), factories.office()
    factories.tenure(force=force, body=office.body)
    person = factories.member("publisher", office)
    factories.membership(user=person, role="viewer")

    assert desk_of(person).forces[force.pk] == Role.PUBLISHER


def test_rights_cost_one_query_a_user(people: People) -> None:
    person = User.objects.get(pk=people.editor.pk)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        desk_of(person)
        desk_of(person)

    assert len(queries) == 1


def test_shared_tables_are_read_by_all_and_edited_nationally(people: People) -> None:
    cycle, source = factories.cycle(), factories.source()

    assert may(desk_of(people.viewer), Verb.VIEW, cycle)
    assert not may(desk_of(people.publisher), Verb.CHANGE, cycle)
    assert may(desk_of(people.national), Verb.CHANGE, cycle)
    assert may(desk_of(people.editor), Verb.ADD, type(source))
    assert not may(desk_of(people.editor), Verb.CHANGE, source)


def test_log_and_machines_tables_are_written_by_nobody(people: People) -> None:
    for record in (
        factories.change_log_entry(),
        factories.import_run(),
        factories.submission(),
        factories.correction(),
    ):
        for verb in (Verb.ADD, Verb.CHANGE, Verb.DELETE):
            assert not may(desk_of(people.national), verb, record)


@pytest.mark.parametrize(
    ("person", "own", "another"),
    [
        ("viewer", False, False),
        ("editor", False, False),
        ("publisher", True, False),
        ("national", True, True),
    ],
)
def test_publisher_runs_the_people_of_their_own_office(
    people: People, person: str, own: bool, another: bool
) -> None:
    desk = desk_of(getattr(people, person))
    colleague = factories.membership(office=people.office)
    waiting, accepted = factories.invitation(office=people.office), factories.invitation(office=people.office)
    accepted.accepted_by, accepted.accepted_at = colleague.user, accepted.sent_at

    for verb in (Verb.CHANGE, Verb.DELETE):
        assert may(desk, verb, colleague) == own
        assert may(desk, verb, factories.membership()) == another
        assert not may(desk, verb, getattr(people, person).memberships.get())
    assert may(desk, Verb.DELETE, waiting) == own
    assert not may(desk, Verb.CHANGE, waiting)
    assert not may(desk, Verb.DELETE, accepted)
    assert not may(desk, Verb.ADD, type(colleague))
