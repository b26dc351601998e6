"""What somebody tries who knows the forms: the record of others, what is on its way to the public, what a race leaves open."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from grades import pasting
from grades.admin.findings import FindingEventAdmin
from grades.models import ChangeLogEntry, Finding, FindingEvent, Source, Submission
from grades.publishing import approve, checklist, give_back, submit
from tests import factories
from tests.admin import recording
from tests.admin.browser import as_sent
from tests.people import People
from tests.publishing.conftest import NOW, complete

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def change(record: Any) -> str:
    """Give the address of a record's own page."""
    return reverse(f"admin:grades_{record._meta.model_name}_change", args=[record.pk])


def text_of(response: Any) -> str:
    """Give a page's text as a reader sees it."""
    return response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


# Sources are shared


@pytest.mark.parametrize("rests", ["finding_event", "monitoring_period", "response", "correction"])
def test_recording_screen_leaves_the_source_of_others_alone(rests: str) -> None:
    theirs = factories.source(key="https://example.org/theirs", title="Theirs", kind="inspectorate")
    getattr(factories, rests)(source=theirs)
    desk = recording.desk()
    desk.save(recording.FIRST | {"report-new-0-address": theirs.key, desk.field(0, "level"): "good"})
    report = desk.inspection.reports.get()

    desk.save({f"report-{report.pk}-address": "https://evil.example", f"report-{report.pk}-title": "Ours"})

    theirs.refresh_from_db()
    assert (theirs.key, theirs.title) == ("https://example.org/theirs", "Theirs")


def test_source_that_only_a_draft_names_is_not_told_in_public(people: People, sign_in: SignIn) -> None:
    browser = sign_in(people.editor)
    address = reverse("admin:grades_source_add")
    facts = {"publisher": "HMICFRS", "title": "Under embargo", "kind": "inspectorate", "key": "Under embargo"}

    browser.post(address, as_sent(browser.get(address), **facts))

    assert Source.objects.filter(title="Under embargo").exists()
    assert not ChangeLogEntry.objects.exists()


def test_change_to_a_source_of_something_public_is_told(people: People, sign_in: SignIn) -> None:
    source = factories.source(title="Before")
    factories.citation(
        source=source, grade=factories.grade(inspection=factories.inspection(status="published"))
    )
    browser = sign_in(people.national)

    browser.post(change(source), as_sent(browser.get(change(source)), title="After"))

    assert ChangeLogEntry.objects.get().document["now"] == {"title": "After"}


# What is submitted stands still


@pytest.fixture
def submission(people: People) -> Submission:
    """Have the editor submit a draft with a finding."""
    inspection = complete(people.force)
    factories.finding(inspection=inspection, force=people.force, status="draft", text="As approved.")
    return submit(record=inspection, by=people.editor, now=NOW)


def test_finding_of_a_submitted_inspection_stands_still(
    people: People, sign_in: SignIn, submission: Submission
) -> None:
    finding = Finding.objects.get()
    browser = sign_in(people.editor)

    changed = browser.post(change(finding), {"text": "Slipped in."})
    deleted = browser.post(reverse("admin:grades_finding_delete", args=[finding.pk]), {"post": "yes"})
    add = reverse("admin:grades_finding_add")
    facts = {
        "force": people.force.pk,
        "inspection": submission.object_id,
        "kind": "area-for-improvement",
        "text": "Slipped in.",
        "key": "slipped-in",
        "source": finding.source_id,
    }
    added = browser.post(add, as_sent(browser.get(add), **facts))
    alone = browser.get(reverse("admin:grades_submission_submit", args=["grades.finding", finding.pk]))

    assert [changed.status_code, deleted.status_code, alone.status_code] == [403, 403, 403]
    assert added.status_code == 200
    assert "public or submitted" in text_of(added)
    assert "goes public with its inspection" in text_of(alone)
    assert Finding.objects.get().text == "As approved."


def test_recommendation_of_a_submitted_inspection_stands_still_under_a_cause_elsewhere(
    people: People, sign_in: SignIn
) -> None:
    """A cause of concern may be public or drafted before the report that recommends something on it."""
    inspection = complete(people.force)
    cause = factories.finding(
        kind="cause-of-concern", force=people.force, inspection=None, status="draft", published_on=NOW.date()
    )
    finding = factories.finding(
        kind="recommendation",
        parent=cause,
        force=people.force,
        inspection=inspection,
        status="draft",
        text="As approved.",
    )
    browser = sign_in(people.editor)
    before = browser.get(change(cause))
    reasons = {item.code: "Seen." for item in checklist(inspection, NOW.date()).warnings}
    submit(record=inspection, by=people.editor, now=NOW, reasons=reasons)

    typed = {name: "Slipped in." for name in as_sent(before) if name.endswith("-text")}
    for page in (before, browser.get(change(cause))):
        browser.post(change(cause), as_sent(page, **{k: v for k, v in typed.items() if k in as_sent(page)}))

    assert typed, "the draft was offered for editing before"
    finding.refresh_from_db()
    assert finding.text == "As approved."


def test_finding_is_not_moved_into_a_submitted_inspection(
    people: People, sign_in: SignIn, submission: Submission
) -> None:
    loose = factories.finding(
        force=people.force, inspection=None, status="draft", published_on=date(2026, 1, 1)
    )
    browser = sign_in(people.editor)

    sent = as_sent(browser.get(change(loose)), inspection=submission.object_id)
    response = browser.post(change(loose), sent)

    loose.refresh_from_db()
    assert response.status_code == 200
    assert loose.inspection is None


def test_what_went_public_while_it_was_saved_stays_as_it_is(
    people: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = factories.finding_event(
        finding=factories.finding(force=people.force), status="draft", note="Seen."
    )
    asked = submit(record=step, by=people.editor, now=NOW, reasons={"address": "None."})
    give_back(submission=asked, by=people.publisher, now=NOW, remark="Again.")
    browser = sign_in(people.editor)
    sent = as_sent(browser.get(change(step)), note="Slipped in.")
    sent.pop("version_seen")
    read = FindingEventAdmin.get_object

    def slowly(self: Any, request: Any, object_id: str, from_field: str | None = None) -> Any:
        found = read(self, request, object_id, from_field)
        again = submit(record=step, by=people.editor, now=NOW, reasons={"address": "None."})
        approve(submission=again, by=people.publisher, now=NOW)
        return found

    monkeypatch.setattr(FindingEventAdmin, "get_object", slowly)
    response = browser.post(change(step), sent)

    stored = FindingEvent.objects.get()
    assert (stored.status, stored.note) == ("published", "Seen.")
    assert "changes through a correction" in text_of(response)


def test_page_of_a_submission_whose_draft_is_gone(people: People, sign_in: SignIn) -> None:
    mention = factories.mention(force=people.force, status="draft")
    asked = submit(record=mention, by=people.editor, now=NOW, reasons={"address": "None."})
    give_back(submission=asked, by=people.publisher, now=NOW, remark="No.")
    mention.delete()

    page = sign_in(people.editor).get(change(asked))

    assert page.status_code == 200
    assert "The draft was deleted since." in text_of(page)


# Edits that are public at once


def test_members_of_an_area_are_told_too(people: People, sign_in: SignIn) -> None:
    area = factories.area(kind="alliance", slug="both")
    browser = sign_in(people.national)

    browser.post(change(area), as_sent(browser.get(change(area)), members=[people.force.pk]))

    assert ChangeLogEntry.objects.get().document["now"] == {"members": str(people.force)}


# Odd and large input


@pytest.mark.parametrize("day", ["9999-12-31", "9999-11-10", "0001-01-01"])
def test_day_at_the_end_of_the_calendar_breaks_no_list(people: People, sign_in: SignIn, day: str) -> None:
    inspection = factories.inspection(force=people.force)
    report = factories.report(
        inspection=inspection, published_on=date.fromisoformat(day), date_confirmed=True
    )
    factories.response(report=report, status="draft", published_on=date.fromisoformat(day))
    browser = sign_in(people.editor)

    for name in ("report", "response"):
        assert browser.get(reverse(f"admin:grades_{name}_changelist")).status_code == 200
    assert browser.get(reverse("admin:index")).status_code == 200
    assert browser.get(reverse("admin:grades_inspection_record", args=[inspection.pk])).status_code == 200


def test_screen_with_hundreds_of_findings_is_saved() -> None:
    desk = recording.desk()
    lines = "\n".join(f"{n}. The force should improve number {n}." for n in range(1, 301))
    desk.save(recording.FIRST | {desk.field(0, "level"): "good", desk.field(0, "pasted"): lines})

    response = desk.save({desk.field(1, "level"): "good"})

    assert Finding.objects.count() == 300
    assert response.status_code == 302
    assert desk.inspection.grades.count() == 2


def test_paste_of_megabytes_is_refused_in_words() -> None:
    desk = recording.desk()

    response = desk.client.post(desk.address, {desk.field(0, "pasted"): "x" * 5_000_000})

    assert response.status_code == 413
    assert "Nothing was saved" in text_of(response)


def test_line_of_dots_is_read_at_once() -> None:
    line = "a" + "." * 4000 + " b"

    assert pasting.heading_of(line) is None
    assert [found.text for found in pasting.parse(line)] == [line]


@pytest.mark.parametrize("name", ["finding", "findingevent", "inspection"])
def test_list_of_the_year_nought_leads_to_the_whole_list(people: People, sign_in: SignIn, name: str) -> None:
    factories.finding_event(finding=factories.finding(force=people.force))
    address = reverse(f"admin:grades_{name}_changelist")

    response = sign_in(people.editor).get(f"{address}?published_at__year=0", follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == [(f"{address}?e=1", 302)]


@pytest.mark.parametrize("sent", ["abc", "1e5", "9" * 30, "-1"])
def test_choice_that_is_no_number_is_refused_in_words(people: People, sign_in: SignIn, sent: str) -> None:
    finding = factories.finding(
        force=people.force, inspection=factories.inspection(force=people.force), status="draft"
    )
    area = factories.area(kind="alliance", slug="both")
    grade = factories.grade(inspection=factories.inspection(force=people.force, status="published"))
    propose = reverse("admin:grades_correction_propose", args=["grades.grade", grade.pk])

    editor, national = sign_in(people.editor), sign_in(people.national)
    for browser, address, name in (
        (editor, change(finding), "source"),
        (editor, propose, "why-source"),
        (national, change(area), "members"),
    ):
        response = browser.post(address, as_sent(browser.get(address)) | {name: sent})
        assert response.status_code in (200, 422)
        assert "valid" in text_of(response)


# What hangs on a shared record may be another office's


@pytest.mark.parametrize(
    ("of", "by"), [("policingbody", "responses"), ("cycle", "inspections"), ("question", "grades")]
)
def test_list_is_not_asked_for_what_hangs_on_its_rows(
    people: People, sign_in: SignIn, of: str, by: str
) -> None:
    answer = sign_in(people.stranger).get(reverse(f"admin:grades_{of}_changelist"), {by: 1})

    assert answer.status_code == 400


# Figures are everybody's


def test_office_cites_no_official_figure_and_a_citation_keeps_to_what_it_is_about(
    people: People, sign_in: SignIn
) -> None:
    figure = factories.observation(area=people.force.area)
    source = factories.source()
    address = reverse("admin:grades_citation_add")
    facts = {"source": source.pk, "observation": figure.pk}

    for person in (people.editor, people.national):
        browser = sign_in(person)
        browser.post(address, as_sent(browser.get(address), **facts))
        assert figure.citations.exists() == (person is people.national)

    citation = figure.citations.get()
    grade = factories.grade(inspection=factories.inspection(force=people.force))
    page = as_sent(browser.get(change(citation)))
    browser.post(change(citation), page | {"observation": "", "grade": grade.pk, "locator": "page 2"})

    citation.refresh_from_db()
    assert (citation.observation, citation.grade, citation.locator) == (figure, None, "page 2")
