"""Signed links to drafts: what they show, to whom they can be given, and when they are over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grades.access import DeniedError
from grades.models import Inspection, Membership, Submission
from grades.publishing import approve, give_back, submit, withdraw
from grades.publishing.previews import (
    AlteredPreviewError,
    ExpiredPreviewError,
    VoidPreviewError,
    open_preview,
    preview_expiry,
    preview_token,
)
from tests import factories
from tests.people import People
from tests.publishing.conftest import NOW
from tests.views.markup import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(people: People, draft: Inspection) -> str:
    return preview_token(draft, people.editor, NOW)


def test_link_opens_its_draft_for_as_many_days_as_are_set(
    draft: Inspection, token: str, settings: pytest.FixtureRequest
) -> None:
    assert open_preview(token, NOW) == draft
    assert preview_expiry(token) == NOW + timedelta(days=7)
    assert open_preview(token, NOW + timedelta(days=7, seconds=-1)) == draft
    with pytest.raises(ExpiredPreviewError):
        open_preview(token, NOW + timedelta(days=7))


def test_days_are_a_setting(people: People, draft: Inspection, settings) -> None:
    settings.PREVIEW_DAYS = 1

    assert preview_expiry(preview_token(draft, people.editor, NOW)) == NOW + timedelta(days=1)


@pytest.mark.parametrize("place", [0, 5, 40, -1])
def test_altered_link_opens_nothing(token: str, place: int) -> None:
    letter = "A" if token[place] != "A" else "B"
    altered = f"{token[:place]}{letter}{token[place + 1 :] if place != -1 else ''}"

    with pytest.raises(AlteredPreviewError):
        open_preview(altered, NOW)


@pytest.mark.parametrize("strange", ["", "x", ":", "a:b", "é" * 50, "x" * 3000])
def test_strange_link_opens_nothing(strange: str) -> None:
    with pytest.raises(AlteredPreviewError):
        open_preview(strange, NOW)


def test_link_is_void_once_the_draft_is_submitted_and_a_new_one_works(
    people: People, draft: Inspection, token: str
) -> None:
    submit(record=draft, by=people.editor, now=NOW)
    draft.refresh_from_db()

    with pytest.raises(VoidPreviewError):
        open_preview(token, NOW)
    assert open_preview(preview_token(draft, people.editor, NOW), NOW) == draft


@pytest.mark.parametrize("end", ["approved", "withdrawn", "returned", "embargoed"])
def test_link_to_what_was_submitted_is_void_once_that_is_decided(
    people: People, draft: Inspection, end: str
) -> None:
    later = NOW + timedelta(days=1) if end == "embargoed" else None
    submission = submit(record=draft, by=people.editor, now=NOW, publish_at=later)
    draft.refresh_from_db()
    token = preview_token(draft, people.editor, NOW)

    if end == "withdrawn":
        withdraw(submission=submission, by=people.editor, now=NOW)
    elif end == "returned":
        give_back(submission=submission, by=people.publisher, now=NOW, remark="Look again.")
    else:
        approve(submission=submission, by=people.publisher, now=NOW)

    with pytest.raises(VoidPreviewError):
        open_preview(token, NOW)


def test_edit_of_a_draft_leaves_its_link_alone(draft: Inspection, token: str) -> None:
    draft.grades.update(summary="Another text.")

    assert open_preview(token, NOW) == draft


def test_link_is_void_when_its_maker_leaves_the_office_or_the_draft_is_gone(
    people: People, draft: Inspection, token: str
) -> None:
    national = preview_token(draft, people.national, NOW)
    Membership.objects.filter(user=people.editor).delete()

    with pytest.raises(VoidPreviewError):
        open_preview(token, NOW)
    assert open_preview(national, NOW) == draft
    for grade in draft.grades.all():
        grade.citations.all().delete()
        grade.delete()
    draft.reports.all().delete()
    draft.delete()
    with pytest.raises(VoidPreviewError):
        open_preview(national, NOW)


def test_neighbour_gets_no_link_and_what_is_public_needs_none(people: People, draft: Inspection) -> None:
    with pytest.raises(DeniedError):
        preview_token(draft, people.stranger, NOW)
    public = factories.inspection(force=people.force, status="published")
    with pytest.raises(VoidPreviewError):
        preview_token(public, people.editor, NOW)
    with pytest.raises(TypeError, match="no page to preview"):
        preview_token(factories.finding(force=people.force, status="draft"), people.editor, NOW)


def address(token: str) -> str:
    return f"/preview/{token}/"


@pytest.fixture
def shown(people: People, draft: Inspection) -> Inspection:
    """Give the draft something of everything."""
    grade = draft.grades.order_by("pk")[0]
    grade.summary = "A summary of the draft."
    grade.save()
    factories.finding(
        inspection=draft, question=grade.question, text="A finding of the draft.", status="draft"
    )
    other = factories.inspection(force=people.force)
    factories.finding(inspection=other, text="A finding of another draft.", status="draft")
    factories.mention(inspection=draft, title="A mention that is a draft", status="draft")
    factories.mention(inspection=draft, title="A mention")
    return draft


def test_page_of_a_preview_is_the_page_itself_under_a_banner(
    client: Client, people: People, shown: Inspection
) -> None:
    answer = client.get(address(preview_token(shown, people.editor, timezone.now())))
    page = parse(answer.content.decode())
    Inspection.objects.filter(pk=shown.pk).update(
        status="published", published_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    shown.findings.update(status="published", published_at=datetime(2026, 1, 1, tzinfo=UTC))
    public = parse(client.get(shown.get_absolute_url()).content.decode())

    assert answer.status_code == 200
    banner = page.one("div", class_="preview")
    assert banner.text.startswith("Preview of a draft: not published. This link works until ")
    text = page.one("main").text.replace(banner.text, "").strip()
    whole, files, _more = public.one("main").text.partition("This page as a file:")
    assert files, "a draft has no rows in the public files yet"
    assert text == whole.strip()
    assert "A summary of the draft." in text
    assert "A finding of the draft." in text
    assert "A finding of another draft." not in text
    assert "A mention that is a draft" not in text


def test_nobody_keeps_indexes_or_learns_the_address_of_a_preview(
    client: Client, people: People, shown: Inspection
) -> None:
    token = preview_token(shown, people.editor, timezone.now())
    answer = client.get(address(token))
    page = parse(answer.content.decode())

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert not answer.cookies
    assert token not in answer.content.decode()
    assert page.one("link", rel="canonical").attributes["href"].endswith(shown.get_absolute_url())


def test_preview_makes_nothing_else_public(client: Client, people: People, shown: Inspection) -> None:
    client.get(address(preview_token(shown, people.editor, timezone.now())))

    assert client.get(shown.get_absolute_url()).status_code == 404
    force = client.get("/forces/warwickshire/").content.decode()
    assert shown.get_absolute_url() not in force
    assert "A finding of the draft." not in force


def test_altered_link_is_not_found_and_one_that_is_over_says_so(
    client: Client, people: People, shown: Inspection
) -> None:
    old = preview_token(shown, people.editor, timezone.now() - timedelta(days=8))
    void = preview_token(shown, people.editor, timezone.now())
    Inspection.objects.filter(pk=shown.pk).update(status="submitted")

    answers = {
        name: client.get(address(t)) for name, t in {"cut": old[:-3], "old": old, "void": void}.items()
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "cut": 404,
        "old": 410,
        "void": 410,
    }
    assert "The days for which this link was made have passed." in answers["old"].content.decode()
    assert "has been published, withdrawn or submitted anew" in answers["void"].content.decode()
    for name in ("old", "void"):
        assert answers[name].headers["Cache-Control"] == "private, no-store"
        assert not answers[name].cookies


def test_response_is_previewed_with_what_it_answers(client: Client, people: People) -> None:
    inspection = factories.inspection(force=people.force, status="published")
    report = factories.report(inspection=inspection, published_on=date(2026, 3, 1))
    finding = factories.finding(inspection=inspection, text="Answer faster.")
    response = factories.response(
        report=report, body=people.office.body, status="draft", title="A draft answer"
    )
    factories.recommendation_action(response=response, finding=finding, action="More staff.")
    token = preview_token(response, people.editor, timezone.now())

    page = parse(client.get(address(token)).content.decode())

    assert "Preview of a draft" in page.one("main").text
    for said in ("A draft answer", "Answer faster.", "More staff."):
        assert said in page.one("main").text
    public = f"/forces/warwickshire/{inspection.cycle.slug}/responses/{response.pk}/"
    assert client.get(public).status_code == 404
    assert Submission.objects.count() == 0
