"""Every list and every form of the admin: that it answers, finds, and asks a constant number of questions."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grades.admin import ORDER_OF_USE
from tests import factories
from tests.admin.browser import as_sent, messages_of
from tests.admin.kinds import MODELS

pytestmark = pytest.mark.django_db

NAMES = [model._meta.model_name for model in MODELS]
MACHINES = [
    "upload",
    "importjob",
    "importrun",
    "replacedfigure",
    "countline",
    "count",
    "seedrow",
    "changelogentry",
    "pinnedblock",
]
ADDED = [
    name for name in NAMES if name not in (*MACHINES, "submission", "correction", "membership", "inspection")
]
EDITED = [name for name in ADDED if name not in ("observation", "invitation")]
"""What is edited in place: figures change through corrections, an invitation stays as it was sent, an inspection
has a screen of its own."""

QUERIES = {
    "area": 7,
    "changelogentry": 8,
    "citation": 12,
    "comment": 9,
    "correction": 10,
    "council": 8,
    "count": 6,
    "countline": 6,
    "cycle": 10,
    "finding": 11,
    "findingevent": 10,
    "force": 9,
    "forcename": 6,
    "grade": 14,
    "gradedefinition": 9,
    "importjob": 9,
    "importrun": 8,
    "inspection": 12,
    "invitation": 6,
    "membership": 6,
    "mention": 11,
    "metric": 8,
    "monitoringperiod": 8,
    "observation": 13,
    "office": 6,
    "pillar": 5,
    "pinnedblock": 7,
    "policingbody": 7,
    "question": 14,
    "questionlink": 9,
    "recommendationaction": 5,
    "release": 10,
    "report": 12,
    "requireditem": 9,
    "response": 12,
    "replacedfigure": 5,
    "seedrow": 7,
    "seriesbreak": 8,
    "similargroup": 7,
    "source": 9,
    "submission": 10,
    "tenure": 7,
    "theme": 6,
    "upload": 8,
}
"""Queries of each list: session, user, what they may reach, count, rows, and one or two for each filter that shows its numbers."""

MANY = 30


def address(name: str, page: str, *args: Any) -> str:
    """Give the address of an admin page of a model."""
    return reverse(f"admin:grades_{name}_{page}", args=args)


def model_admin(name: str) -> admin.ModelAdmin:
    """Give the admin of a model."""
    return admin.site._registry[apps.get_model("grades", name)]


def make(name: str, **fields: Any) -> models.Model:
    """Make a record of a model."""
    return factories.MAKERS[name](**fields)


def make_draft(name: str) -> models.Model:
    """Make a record that may be edited."""
    if name == "recommendationaction":
        return make(name, response=factories.response(status="draft"))
    return make(
        name, **({"status": "draft"} if hasattr(apps.get_model("grades", name), "published_at") else {})
    )


def pillared(**fields: Any) -> models.Model:
    """Make a question under a pillar."""
    return factories.question(pillar=factories.pillar(), **fields)


def make_with_all_it_names(name: str) -> models.Model:
    """Make a record that names every other record which its list shows."""
    if name == "area":
        return factories.force().area
    if name == "force":
        return factories.tenure().force
    if name == "question":
        return pillared()
    if name == "questionlink":
        return factories.question_link(from_question=pillared(), to_question=pillared())
    if name == "grade":
        return factories.citation(grade=factories.grade(question=pillared())).grade
    if name == "citation":
        factories.citation(observation=factories.observation())
        checked = {"checked_on": date(2026, 1, 1), "checked_by": factories.user()}
        return factories.citation(grade=factories.grade(question=pillared()), **checked)
    if name == "finding":
        inspection = factories.inspection()
        finding = factories.finding(inspection=inspection, question=pillared(cycle=inspection.cycle))
        return factories.finding_event(finding=finding).finding
    if name == "mention":
        return factories.mention(inspection=factories.inspection())
    if name == "seriesbreak":
        return factories.series_break(area=factories.area())
    if name == "upload":
        return factories.upload(run=factories.import_run())
    if name == "importrun":
        return factories.import_run(by=factories.user())
    if name == "comment":
        return factories.comment(grade=factories.grade(question=pillared()))
    return make(name)


@pytest.mark.parametrize("name", NAMES)
def test_list_answers(desk: Client, name: str) -> None:
    record = make(name)

    response = desk.get(address(name, "changelist"))

    assert response.status_code == 200
    assert response.context["cl"].result_count >= 1
    assert address(name, "change", record.pk) in response.content.decode()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "inspection"])
def test_form_of_a_record_answers(desk: Client, name: str) -> None:
    record = make(name)

    response = desk.get(address(name, "change", record.pk))

    assert response.status_code == 200


@pytest.mark.parametrize("name", ADDED)
def test_form_of_a_new_record_answers(desk: Client, name: str) -> None:
    response = desk.get(address(name, "add"))

    assert response.status_code == 200


@pytest.mark.parametrize("name", EDITED)
def test_form_saved_as_it_is_changes_nothing(desk: Client, name: str) -> None:
    record = make_draft(name)
    before = type(record).objects.filter(pk=record.pk).values().get()

    page = desk.get(address(name, "change", record.pk))

    response = desk.post(address(name, "change", record.pk), as_sent(page))

    assert response.status_code == 302, messages_of(response)
    assert type(record).objects.filter(pk=record.pk).values().get() == before


@pytest.mark.parametrize("name", NAMES)
def test_list_asks_as_many_questions_for_many_rows_as_for_one(desk: Client, name: str) -> None:
    """Session and user are two of them, and each filter that shows its numbers is one."""
    make_with_all_it_names(name)
    with CaptureQueriesContext(connection) as for_one:
        desk.get(address(name, "changelist"), {"_facets": "True"})
    for _ in range(MANY - 1):
        make_with_all_it_names(name)

    with CaptureQueriesContext(connection) as for_many:
        desk.get(address(name, "changelist"), {"_facets": "True"})

    assert (name, len(for_one), len(for_many)) == (name, QUERIES[name], QUERIES[name])


@pytest.mark.parametrize("name", NAMES)
def test_list_is_searched_by_words_of_its_rows(desk: Client, name: str) -> None:
    make_with_all_it_names(name)
    for field in model_admin(name).search_fields:
        found = model_admin(name).model.objects.exclude(**{field: ""}).values_list(field, flat=True).first()
        # A document is searched by its words.
        term = next(iter(found.values())) if isinstance(found, dict) else found

        response = desk.get(address(name, "changelist"), {"q": f'"{term}"' if term else "xyzzy"})

        assert response.status_code == 200
        assert term is None or response.context["cl"].result_count >= 1, field


@pytest.mark.parametrize("name", NAMES)
def test_list_that_is_searched_in_vain_says_so(desk: Client, name: str) -> None:
    make(name)

    response = desk.get(address(name, "changelist"), {"q": "xyzzy"})

    assert response.status_code == 200
    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize("name", [name for name in NAMES if name != "seedrow"])
def test_choices_while_typing_answer(desk: Client, name: str) -> None:
    """Every list that another form asks for choices is found by the words its search takes."""
    record = make(name)
    asking = [
        (owner, field)
        for owner, owner_admin in admin.site._registry.items()
        for field in owner_admin.autocomplete_fields
        if owner._meta.get_field(field).related_model is type(record)
    ]

    for owner, field in asking:
        given = {
            "app_label": owner._meta.app_label,
            "model_name": owner._meta.model_name,
            "field_name": field,
        }
        response = desk.get(reverse("admin:autocomplete"), {**given, "term": ""})

        assert str(record.pk) in [choice["id"] for choice in response.json()["results"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_task_of_a_list_answers_with_its_number(desk: Client, name: str) -> None:
    make(name)
    filters = [f for f in model_admin(name).list_filter if hasattr(f, "tasks")]

    for filter_class in filters:
        for task, (label, _pick) in filter_class.tasks.items():
            response = desk.get(address(name, "changelist"), {"todo": task, "_facets": "True"})

            assert response.status_code == 200
            assert f"{label} (" in response.content.decode().replace("&#x27;", "'"), task


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("page", ["changelist", "add", "change"])
def test_stranger_is_sent_to_sign_in(client: Client, name: str, page: str) -> None:
    args = [make(name).pk] if page == "change" else []

    response = client.get(address(name, page, *args))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_start_page_lists_the_record_in_the_order_of_use(desk: Client) -> None:
    response = desk.get(reverse("admin:index"))

    applications = response.context["app_list"]
    assert applications[0]["app_label"] == "grades"
    assert [model["model"] for model in applications[0]["models"]] == list(ORDER_OF_USE)
    assert f'<a href="{reverse("admin:index")}">{settings.SITE_NAME}</a>' in response.content.decode()


def test_order_of_use_leaves_no_model_out() -> None:
    assert set(ORDER_OF_USE) == set(MODELS)


@pytest.mark.parametrize("name", [*MACHINES, "submission", "correction"])
def test_what_machines_write_is_only_read(desk: Client, name: str) -> None:
    record = make(name)

    add = desk.get(address(name, "add"))
    delete = desk.post(address(name, "delete", record.pk), {"post": "yes"})
    change = desk.post(address(name, "change", record.pk), {"file_name": "other.ods", "key": "other"})

    assert (add.status_code, delete.status_code, change.status_code) == (403, 403, 403)
    assert type(record).objects.filter(pk=record.pk).exists()


def test_person_of_no_office_does_not_enter() -> None:
    person: User = factories.user(is_staff=True)
    client = Client()
    client.force_login(person)

    response = client.get(address("grade", "changelist"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))
