"""Every address of the admin, for everybody: who sees what, who may save, and what does not exist for whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from grades import access
from grades.access import Verb, desk_of, may
from grades.log_words import entry_words
from grades.models import ChangeLogEntry, Citation, Correction, Grade, Inspection, Report
from tests import factories
from tests.admin.browser import as_sent, messages_of
from tests.admin.kinds import MODELS
from tests.people import People
from tests.publishing.test_access import of_force

pytestmark = pytest.mark.django_db

OF_FORCE = list(access.FORCE_OF)
OF_OFFICE = list(access.OFFICE_OF)
SignIn = Callable[[User], Client]

PUBLIC: dict[str, Callable[[Any], models.Model]] = {
    "inspection": lambda force: factories.inspection(force=force, status="published"),
    "report": lambda force: factories.report(
        inspection=factories.inspection(force=force, status="published")
    ),
    "grade": lambda force: factories.grade(inspection=factories.inspection(force=force, status="published")),
    "citation": lambda force: factories.citation(
        grade=factories.grade(inspection=factories.inspection(force=force, status="published"))
    ),
    "finding": lambda force: factories.finding(force=force),
    "findingevent": lambda force: factories.finding_event(finding=factories.finding(force=force)),
    "monitoringperiod": lambda force: factories.monitoring_period(force=force),
    "mention": lambda force: factories.mention(force=force),
    "response": lambda force: factories.response(
        report=factories.report(inspection=factories.inspection(force=force))
    ),
    "recommendationaction": lambda force: factories.recommendation_action(
        response=factories.response(report=factories.report(inspection=factories.inspection(force=force)))
    ),
    "comment": lambda force: factories.comment(
        grade=factories.grade(inspection=factories.inspection(force=force))
    ),
    "observation": lambda force: factories.observation(area=force.area),
    "correction": lambda force: of_force(Correction, force),
}
"""What nobody edits in place."""


@dataclass(frozen=True)
class Address:
    """One address of the admin of a model; `one` says whether it is about one record."""

    name: str
    path: str
    one: bool


def addresses(record: models.Model) -> Iterator[Address]:
    """Give every address that the admin has for a record, those that were added to Django's too."""
    inspection = record.pk if isinstance(record, Inspection) else 0
    known = {
        "object_id": record.pk,
        "pk": record.pk,
        "label": record._meta.label_lower,
        "inspection": inspection,
        "number": record.pk,
    }
    patterns = [p for p in admin.site._registry[type(record)].get_urls() if isinstance(p, URLPattern)]
    for pattern in patterns:
        if pattern.name is None:  # Django's old address, which leads to the form
            continue
        names = list(pattern.pattern.converters)
        given = {name: known[name] for name in names}
        yield Address(pattern.name, reverse(f"admin:{pattern.name}", kwargs=given), bool(names))


def steps(record: models.Model) -> Iterator[Address]:
    """Give the addresses of the steps of publishing for a record."""
    label = record._meta.label_lower
    for name in ("submission_submit", "correction_propose"):
        yield Address(name, reverse(f"admin:grades_{name}", args=[label, record.pk]), one=True)
    if isinstance(record, Inspection):
        for added in (Grade, Report):
            args = [record.pk, added._meta.label_lower]
            yield Address("correction_add_to", reverse("admin:grades_correction_add_to", args=args), one=True)


def all_addresses(record: models.Model) -> list[Address]:
    """Give all addresses that are about a record or its list."""
    own = [a for a in addresses(record) if "_submit" not in a.name and "_propose" not in a.name]
    return [a for a in own if "add_to" not in a.name] + list(steps(record))


SCREENS = {"change": "record", "add": "start"}
"""An inspection has screens of its own, to which Django's pages lead."""


def page_of(record: models.Model | type[models.Model], page: str) -> str:
    """Give the name of a page of the admin."""
    name = record._meta.model_name
    return f"admin:grades_{name}_{SCREENS.get(page, page) if name == 'inspection' else page}"


def writes(queries: CaptureQueriesContext) -> list[str]:
    """Give the statements that wrote into our tables."""
    return [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and '"grades_' in query["sql"]
    ]


def draft_of(model: type[models.Model], people: People) -> models.Model:
    """Make a record of the office that may be edited as far as its kind allows."""
    if model in access.FORCE_OF:
        record = of_force(model, people.force)
        if hasattr(record, "published_at") and record.status == "published":
            type(record).objects.filter(pk=record.pk).update(status="draft", published_at=None)
            record.refresh_from_db()
        return record
    if model in OF_OFFICE:
        if model._meta.model_name == "office":
            return people.office
        return factories.MAKERS[model._meta.model_name](office=people.office)
    return factories.MAKERS[model._meta.model_name]()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_nobody_comes_in_who_is_not_a_member(
    client: Client, people: People, sign_in: SignIn, model: type[models.Model]
) -> None:
    record = draft_of(model, people)

    for browser in (client, sign_in(people.outsider)):
        for address in all_addresses(record):
            for method in ("get", "post"):
                with CaptureQueriesContext(connection) as queries:
                    response = getattr(browser, method)(address.path)

                # What is sent by somebody who is signed in no longer is answered in words.
                assert response.status_code in ((302,) if method == "get" else (302, 401)), address
                assert writes(queries) == [], address
                if response.status_code == 302:
                    assert response.url.startswith(reverse("admin:login")), address


@pytest.mark.parametrize("model", [*OF_FORCE, *OF_OFFICE], ids=lambda model: model._meta.model_name)
def test_record_of_another_office_does_not_exist(
    people: People, sign_in: SignIn, model: type[models.Model]
) -> None:
    record = draft_of(model, people)
    browser = sign_in(people.stranger)

    for address in all_addresses(record):
        for method in ("get", "post"):
            with CaptureQueriesContext(connection) as queries:
                response = getattr(browser, method)(address.path, {"post": "yes"})

            assert writes(queries) == [], address
            if address.one:
                assert response.status_code in (404, 405), (address, method)
                assert response.status_code == 404 or method == "get", address
    listed = browser.get(reverse(f"admin:grades_{model._meta.model_name}_changelist"))
    assert record not in listed.context["cl"].queryset


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_viewer_saves_nothing(people: People, sign_in: SignIn, model: type[models.Model]) -> None:
    record = draft_of(model, people)
    browser = sign_in(people.viewer)
    seen = may(desk_of(people.viewer), Verb.VIEW, record)

    for address in all_addresses(record):
        with CaptureQueriesContext(connection) as queries:
            response = browser.post(address.path, {"post": "yes", "action": "mark_as_checked"})

        assert writes(queries) == [], address
        if address.one and not address.name.endswith("_history"):
            assert response.status_code in (403, 404, 405, 409), address
    page = browser.get(reverse(page_of(record, "change"), args=[record.pk]))
    assert page.status_code == (200 if seen else 404)
    if seen:
        assert 'name="_save"' not in page.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_each_page_answers_as_the_rules_say(
    people: People, sign_in: SignIn, model: type[models.Model]
) -> None:
    record = draft_of(model, people)
    for person in ("viewer", "editor", "publisher", "stranger", "national", "superuser"):
        who: User = getattr(people, person)
        assert_pages_answer(sign_in(who), who, record)


def assert_pages_answer(browser: Client, who: User, record: Any) -> None:
    """Hold every page about a record, and its list, against what access.py says of this person."""
    model, desk = type(record), desk_of(who)
    name = model._meta.model_name
    model_admin = admin.site._registry[model]
    seen = access.visible(model._default_manager.filter(pk=record.pk), desk).exists()

    def status(page: str, *args: Any, **data: Any) -> int:
        return int(browser.get(reverse(page_of(record, page), args=args), data).status_code)

    request = RequestFactory().get("/")
    request.user = who
    assert status("changelist") == (200 if may(desk, Verb.VIEW, model) else 403)
    assert status("changelist", _facets="True") == (200 if may(desk, Verb.VIEW, model) else 403)
    assert status("add") == (200 if may(desk, Verb.ADD, model) else 404 if name == "inspection" else 403)
    assert status("change", record.pk) == (200 if seen else 404)
    assert status("history", record.pk) == (200 if seen else 404)
    deleted = 200 if seen and may(desk, Verb.DELETE, record) else 403
    assert status("delete", record.pk) == (deleted if seen else 404)
    assert model_admin.has_change_permission(request, record) == (seen and may(desk, Verb.CHANGE, record))


@pytest.mark.parametrize("person", ["editor", "publisher", "national", "superuser"])
@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_public_is_edited_by_nobody(people: People, sign_in: SignIn, name: str, person: str) -> None:
    record = PUBLIC[name](people.force)
    browser = sign_in(getattr(people, person))
    page = browser.get(reverse(page_of(record, "change"), args=[record.pk]))
    address = reverse(f"admin:grades_{name}_change", args=[record.pk])

    with CaptureQueriesContext(connection) as queries:
        change = browser.post(address, as_sent(page))
        delete = browser.post(reverse(f"admin:grades_{name}_delete", args=[record.pk]), {"post": "yes"})

    assert (page.status_code, change.status_code, delete.status_code) == (200, 403, 403)
    assert 'name="_save"' not in page.content.decode()
    assert writes(queries) == []


@pytest.mark.parametrize("name", ["inspection", "finding", "response", "mention", "monitoringperiod"])
def test_what_is_submitted_is_edited_by_nobody(people: People, sign_in: SignIn, name: str) -> None:
    record = PUBLIC[name](people.force)
    type(record).objects.filter(pk=record.pk).update(status="submitted", published_at=None)
    browser = sign_in(people.editor)

    response = browser.post(reverse(f"admin:grades_{name}_change", args=[record.pk]), {})

    assert response.status_code == 403


def choices() -> list[tuple[type[models.Model], str]]:
    """Give every field of a form that chooses among what belongs to a force or an office."""
    found = []
    for model in MODELS:
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.is_relation and field.related_model in (*OF_FORCE, *OF_OFFICE):
                found.append((model, field.name))
    return found


@pytest.mark.parametrize(("model", "field"), choices(), ids=lambda value: getattr(value, "__name__", value))
def test_no_choice_offers_what_is_another_offices(
    people: People, sign_in: SignIn, model: type[models.Model], field: str
) -> None:
    related = model._meta.get_field(field).related_model
    theirs = draft_of(related, people)
    request = RequestFactory().get("/")
    request.user = people.stranger
    model_admin = admin.site._registry[model]

    form_field = model_admin.formfield_for_dbfield(model._meta.get_field(field), request)
    given = {"app_label": "grades", "model_name": model._meta.model_name, "field_name": field, "term": ""}
    typed = sign_in(people.stranger).get(reverse("admin:autocomplete"), given)

    assert not form_field.queryset.filter(pk=theirs.pk).exists()
    if typed.status_code == 200:
        assert str(theirs.pk) not in [found["id"] for found in typed.json()["results"]]
    else:
        assert typed.status_code in (403, 404)


@pytest.mark.parametrize(("model", "field"), choices(), ids=lambda value: getattr(value, "__name__", value))
def test_own_records_are_offered(
    people: People, sign_in: SignIn, model: type[models.Model], field: str
) -> None:
    related = model._meta.get_field(field).related_model
    if related._meta.model_name not in [m._meta.model_name for m in OF_FORCE]:
        return
    ours = draft_of(related, people)
    request = RequestFactory().get("/")
    request.user = people.editor
    model_admin = admin.site._registry[model]

    form_field = model_admin.formfield_for_dbfield(model._meta.get_field(field), request)

    assert form_field.queryset.filter(pk=ours.pk).exists()


def test_filter_offers_the_rows_that_somebody_may_see(people: People, sign_in: SignIn) -> None:
    """Forces stand in the filters of lists; an office finds only its own there."""
    factories.inspection(force=people.force)
    listed = sign_in(people.stranger).get(reverse("admin:grades_inspection_changelist"))

    assert people.force.official_name not in listed.content.decode()


def test_numbers_beside_filters_count_what_somebody_may_see(people: People, sign_in: SignIn) -> None:
    factories.grade(inspection=factories.inspection(force=people.force))

    listed = sign_in(people.stranger).get(reverse("admin:grades_grade_changelist"), {"_facets": "True"})

    assert "without source (0)" in listed.content.decode()


def test_list_of_sources_counts_no_drafts_of_others(people: People, sign_in: SignIn) -> None:
    inspection = factories.inspection(force=people.force)
    factories.citation(grade=factories.grade(inspection=inspection))

    theirs = sign_in(people.stranger).get(reverse("admin:grades_source_changelist"))
    ours = sign_in(people.editor).get(reverse("admin:grades_source_changelist"))

    assert '<td class="field-citations">0</td>' in theirs.content.decode()
    assert '<td class="field-citations">1</td>' in ours.content.decode()


def test_actions_reach_only_what_somebody_may_see(people: People, sign_in: SignIn) -> None:
    inspection = factories.inspection(force=people.force)
    citation = factories.citation(
        grade=factories.grade(inspection=inspection), source=factories.source(kind="press")
    )
    chosen = {"action": "mark_as_checked", "_selected_action": [citation.pk]}

    sign_in(people.stranger).post(reverse("admin:grades_citation_changelist"), chosen)
    sign_in(people.viewer).post(reverse("admin:grades_citation_changelist"), chosen)

    citation.refresh_from_db()
    assert citation.checked_on is None
    sign_in(people.editor).post(reverse("admin:grades_citation_changelist"), chosen)
    assert Citation.objects.get().checked_by == people.editor


def test_draft_cannot_be_hung_on_what_is_public(people: People, sign_in: SignIn) -> None:
    public = factories.inspection(force=people.force, status="published")
    browser = sign_in(people.editor)
    form = reverse("admin:grades_report_add")
    filled = as_sent(
        browser.get(form), inspection=public.pk, kind="peel", title="Another", published_on="2026-01-01"
    )

    response = browser.post(form, filled)

    assert response.status_code == 200
    assert "What is public changes through a correction." in messages_of(response)[0]
    assert not Report.objects.exists()


def test_draft_cannot_be_moved_to_what_is_public(people: People, sign_in: SignIn) -> None:
    public = factories.inspection(force=people.force, status="published")
    report = factories.report(inspection=factories.inspection(force=people.force))
    browser = sign_in(people.editor)
    form = reverse("admin:grades_report_change", args=[report.pk])

    response = browser.post(form, as_sent(browser.get(form), inspection=public.pk))

    assert response.status_code == 200
    report.refresh_from_db()
    assert report.inspection != public


def test_form_is_never_saved_as_a_new_record(people: People, sign_in: SignIn) -> None:
    report = factories.report(inspection=factories.inspection(force=people.force, status="published"))
    browser = sign_in(people.editor)
    form = reverse("admin:grades_report_change", args=[report.pk])

    browser.post(form, {**as_sent(browser.get(form)), "_saveasnew": "1", "title": "Copy"})

    assert Report.objects.count() == 1


def test_what_is_public_at_once_is_told_in_the_log(people: People, sign_in: SignIn) -> None:
    browser = sign_in(people.national)
    theme, item = factories.theme(), factories.required_item(force=people.force)

    for record, changes in ((theme, {"title": "Renamed"}), (item, {"address": "https://example.org/x/"})):
        form = reverse(f"admin:grades_{record._meta.model_name}_change", args=[record.pk])
        assert browser.post(form, as_sent(browser.get(form), **changes)).status_code == 302

    entries = ChangeLogEntry.objects.order_by("number")
    told = [(entry.kind, entry.force, entry.document["now"]) for entry in entries]
    (change,) = entry_words(entries[0].kind, entries[0].document).changes
    assert (change.was, change.now) == (theme.title, "Renamed")
    assert told == [
        ("corrected", "", {"title": "Renamed"}),
        ("required-information", "warwickshire", {"address": "https://example.org/x/"}),
    ]


def test_required_item_was_looked_for_on_a_day_that_has_been(people: People, sign_in: SignIn) -> None:
    item = factories.required_item(force=people.force)
    browser = sign_in(people.editor)
    form = reverse("admin:grades_requireditem_change", args=[item.pk])

    answer = browser.post(form, as_sent(browser.get(form), checked_on="2099-01-01"))

    assert answer.status_code == 200
    assert "This day is in the future." in answer.content.decode()


def test_rows_under_a_record_are_told_in_the_log_too(people: People, sign_in: SignIn) -> None:
    browser = sign_in(people.national)
    form = reverse("admin:grades_force_change", args=[people.force.pk])
    filled = as_sent(
        browser.get(form),
        names__TOTAL_FORMS="1",
        names__0__name="Warks",
        names__0__force=people.force.pk,
    )

    response = browser.post(form, filled)

    assert response.status_code == 302, messages_of(response)
    entry = ChangeLogEntry.objects.get()
    assert (entry.kind, entry.force, entry.document["now"]["name"]) == ("added", "warwickshire", "Warks")


def test_drafts_and_people_are_told_to_nobody(people: People, sign_in: SignIn) -> None:
    browser = sign_in(people.national)
    for record in (factories.inspection(force=people.force), people.office):
        form = reverse(f"admin:grades_{record._meta.model_name}_change", args=[record.pk])
        browser.post(form, as_sent(browser.get(form), fieldwork="Spring", name="Renamed"))

    assert not ChangeLogEntry.objects.exists()


def test_persons_who_review_a_definition_are_told_to_nobody(people: People, sign_in: SignIn) -> None:
    browser, metric = sign_in(people.national), factories.metric()
    form = reverse("admin:grades_metric_change", args=[metric.pk])

    browser.post(form, as_sent(browser.get(form), checker="A. Person", caveat="Mind it."))

    assert ChangeLogEntry.objects.get().document["now"] == {"caveat": "Mind it."}


def test_people_are_seen_by_national_editors_and_edited_by_superusers(
    people: People, sign_in: SignIn
) -> None:
    form = reverse("admin:auth_user_change", args=[people.editor.pk])

    seen = {p: sign_in(getattr(people, p)).get(form).status_code for p in ("editor", "national", "superuser")}
    saved = sign_in(people.national).post(form, {"is_superuser": "on"})
    page = sign_in(people.national).get(form).content.decode()

    assert seen == {"editor": 403, "national": 200, "superuser": 200}
    assert saved.status_code == 403
    assert "password" not in page.split("<main")[1]
