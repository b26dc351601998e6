"""The history of each record, two editors at one form, and text that is only ever text."""

from collections.abc import Callable, Iterator
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from grades.models import Finding, Inspection
from tests import factories
from tests.admin.browser import as_sent, messages_of
from tests.admin.test_pages import EDITED, make_draft
from tests.people import People

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def change(record: Any) -> str:
    """Give the address of a record's form."""
    return reverse(f"admin:grades_{record._meta.model_name}_change", args=[record.pk])


def history(record: Any) -> str:
    """Give the address of a record's history."""
    return reverse(f"admin:grades_{record._meta.model_name}_history", args=[record.pk])


# History


def test_history_says_who_changed_what_why_newest_first(people: People, sign_in: SignIn) -> None:
    grade = factories.grade(inspection=factories.inspection(force=people.force))
    report = factories.report(inspection=grade.inspection)
    with pghistory.context(user=people.editor.pk, url="/x/", why="misread"):
        grade.level, grade.report = "adequate", report
        grade.save()

    page = sign_in(people.viewer).get(history(grade))

    newest, first = page.context["entries"]
    assert (newest.who, newest.why, first.verb) == (people.editor.username, "misread", "added")
    assert [(c.name, c.old, c.new) for c in newest.changes] == [
        ("report", "–", str(report)),
        ("grade", "Good", "Adequate"),
    ]


def test_history_shows_what_was_written_as_text(people: People, sign_in: SignIn) -> None:
    finding = factories.finding(force=people.force)
    Finding.objects.filter(pk=finding.pk).update(text="<script>alert(1)</script>")

    page = sign_in(people.editor).get(history(finding)).content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_long_history_is_turned_over_and_costs_the_same(people: People, sign_in: SignIn) -> None:
    inspection = factories.inspection(force=people.force)
    browser = sign_in(people.editor)
    grade = factories.grade(inspection=inspection)
    with CaptureQueriesContext(connection) as for_one:
        browser.get(history(grade))
    kinds = ("peel", "effectiveness", "efficiency", "legitimacy", "vulnerability", "leadership")
    reports = [factories.report(inspection=inspection, kind=kind) for kind in kinds]
    for number in range(30):
        with pghistory.context(user=people.editor.pk):
            grade.report, grade.note = reports[number % 6], f"note {number}"
            grade.save()

    with CaptureQueriesContext(connection) as for_many:
        page = browser.get(history(grade))
    older = browser.get(history(grade), {"p": "2"})

    assert len(page.context["entries"]) == 25
    assert len(older.context["entries"]) == 6
    # The people, the rows before, and the reports that are named: once each.
    assert len(for_many) <= len(for_one) + 3
    assert [c.new for c in page.context["entries"][0].changes][-1] == "note 29"


def test_what_has_no_history_says_so(people: People, sign_in: SignIn) -> None:
    run = factories.import_run()

    page = sign_in(people.national).get(history(run))

    assert "No history is kept of this" in page.content.decode()


# Two editors


def test_second_of_two_editors_is_told_and_keeps_what_they_typed(people: People, sign_in: SignIn) -> None:
    report = factories.report(inspection=factories.inspection(force=people.force), title="Old")
    first, second = sign_in(people.editor), sign_in(people.publisher)
    opened = second.get(change(report))
    with pghistory.context(user=people.editor.pk):
        assert (
            first.post(change(report), as_sent(first.get(change(report)), title="First")).status_code == 302
        )

    response = second.post(change(report), as_sent(opened, title="Second", isbn="978-1-78655-010-1"))

    report.refresh_from_db()
    told = " ".join(messages_of(response))
    assert (report.title, report.isbn) == ("First", "")
    assert people.editor.username in told
    assert "title from “Old” to “First”" in told
    assert 'value="Second"' in response.content.decode()
    again = second.post(change(report), as_sent(response))
    assert again.status_code == 302, messages_of(again)
    report.refresh_from_db()
    assert (report.title, report.isbn) == ("Second", "978-1-78655-010-1")


def test_row_that_somebody_added_under_the_record_counts_too(people: People, sign_in: SignIn) -> None:
    grade = factories.grade(inspection=factories.inspection(force=people.force))
    browser = sign_in(people.editor)
    opened = browser.get(change(grade))
    factories.citation(grade=grade)

    response = browser.post(change(grade), as_sent(opened, summary="Mine."))

    grade.refresh_from_db()
    assert response.status_code == 200
    assert "citation added" in " ".join(messages_of(response))
    assert grade.summary == ""


def test_form_that_nobody_else_saved_is_saved(people: People, sign_in: SignIn) -> None:
    inspection = factories.inspection(force=people.force)
    factories.inspection(force=people.force)
    report = factories.report(inspection=inspection)
    browser = sign_in(people.editor)
    opened = browser.get(change(report))
    factories.report(inspection=inspection, kind="effectiveness")

    assert browser.post(change(report), as_sent(opened, title="Mine")).status_code == 302


# Text

PASTED = [
    "<b onclick=alert(1)>bold</b><script>alert(2)</script>",
    "=1+1&cmd|' /C calc'!A0",
    "“a” & <i>b</i> é 你",
]


def texts(model: type[models.Model]) -> Iterator[models.Field]:
    """Give the fields into which an editor types freely."""
    for field in model._meta.fields:
        kinds = (models.CharField, models.TextField)
        free = isinstance(field, kinds) and type(field) not in (
            models.SlugField,
            models.URLField,
            models.EmailField,
        )
        if free and not field.choices and field.editable and not field.primary_key:
            yield field


FORMED = {"code", "isbn", "ons_code", "file_sha256", "slug", "number", "key", "band", "address"}
"""Fields that take one form only, or on whose form something else depends."""


def fields_with_text() -> list[tuple[str, str]]:
    """Name every field of a form into which text may be pasted."""
    found = []
    for name in EDITED:
        model = apps.get_model("grades", name)
        shown = {field.name for field in texts(model)}
        found += [(name, field) for field in sorted(shown - FORMED)]
    return found


@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("name", sorted({name for name, _field in fields_with_text()}))
def test_what_is_pasted_stays_text(desk: Client, name: str, pasted: str) -> None:
    record = make_draft(name)
    opened = desk.get(change(record))
    sent = as_sent(opened)
    typed = {field: pasted for owner, field in fields_with_text() if owner == name and field in sent}
    if name == "recommendationaction":
        typed.pop("reason")
    if name == "grade":
        typed = {field: pasted for field in typed if field in ("summary", "note")}
    if name == "observation":
        typed.pop("block", None)
    limits = {f.name: f.max_length or 10_000 for f in record._meta.fields if f.name in typed}
    typed = {field: text[: limits[field]] for field, text in typed.items()}

    response = desk.post(change(record), {**sent, **typed})

    assert response.status_code == 302, messages_of(response)
    record.refresh_from_db()
    assert {field: getattr(record, field) for field in typed} == typed
    for address in (change(record), reverse(f"admin:grades_{name}_changelist"), history(record)):
        page = desk.get(address).content.decode()
        assert "<script>alert(2)" not in page
        assert "<b onclick" not in page
    assert not typed or escape(next(iter(typed.values()))) in desk.get(change(record)).content.decode()


def test_draft_shows_pasted_text_on_the_pages_of_the_steps(people: People, sign_in: SignIn) -> None:
    inspection = factories.inspection(force=people.force)
    factories.report(inspection=inspection, title=PASTED[0])
    factories.grade(inspection=inspection)
    Inspection.objects.filter(pk=inspection.pk).update(status="submitted")
    submission = factories.submission(
        what="grades.inspection", object_id=inspection.pk, force=people.force, remark=PASTED[0]
    )

    page = sign_in(people.publisher).get(change(submission)).content.decode()

    assert PASTED[0] not in page
    assert escape(PASTED[0]) in page
