"""The admin's own pages in a browser: no barrier at any width and in any colours, and all of it by keyboard."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from grades.models import Correction, Submission
from tests import factories
from tests.browser.test_accessibility import barriers
from tests.publishing.conftest import complete

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


def sign_in(page: Page, address: str, person: User) -> None:
    """Give the browser the session of a person."""
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    where = {"domain": "localhost", "path": settings.SESSION_COOKIE_PATH}
    host = address.split("//")[1].split(":")[0]
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, **where, "domain": host}]
    )


def world() -> dict[str, Any]:
    """Make an office with work of each kind."""
    force = factories.force(slug="warwickshire", official_name="Warwickshire Police")
    office = factories.office(forces=[force])
    editor, publisher = factories.member("editor", office), factories.member("publisher", office)
    public = factories.inspection(force=force, status="published")
    grade = factories.grade(inspection=public)
    factories.citation(grade=grade, source=factories.source(kind="press"))
    factories.correction(
        what="grades.grade",
        object_id=grade.pk,
        force=force,
        before={"level": "good"},
        after={"level": "adequate"},
    )
    draft = complete(force)
    draft.reports.update(address="")
    sent = complete(force, status="submitted")
    submission = factories.submission(
        what="grades.inspection", object_id=sent.pk, force=force, office=office, submitted_by=editor
    )
    finding = factories.finding(force=force, due_on=date(2020, 1, 1))
    return locals()


def addresses(made: dict[str, Any]) -> dict[str, str]:
    """Give one address of each kind of page."""
    grade, draft = made["grade"], made["draft"]
    return {
        "front page": reverse("admin:index"),
        "public record": reverse("admin:grades_grade_change", args=[grade.pk]),
        "submit": reverse("admin:grades_submission_submit", args=["grades.inspection", draft.pk]),
        "submission": reverse("admin:grades_submission_change", args=[made["submission"].pk]),
        "correct": reverse("admin:grades_correction_propose", args=["grades.grade", grade.pk]),
        "correction": reverse("admin:grades_correction_change", args=[Correction.objects.get().pk]),
        "history": reverse("admin:grades_grade_history", args=[grade.pk]),
        "refusal": reverse("admin:grades_finding_delete", args=[made["finding"].pk]),
    }


@pytest.mark.parametrize(
    "kind",
    ["front page", "public record", "submit", "submission", "correct", "correction", "history", "refusal"],
)
def test_page_of_the_desk_has_no_barrier(page: Page, live_server: LiveServer, kind: str) -> None:
    made = world()
    sign_in(page, live_server.url, made["publisher"])
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console",
        lambda message: trouble.append(message.text) if "Content Security" in message.text else None,
    )

    page.goto(live_server.url + addresses(made)[kind])

    page.wait_for_load_state("networkidle")
    assert trouble == []  # before axe, which sets styles of its own
    assert list(barriers(page)) == []


@pytest.mark.parametrize("kind", ["front page", "submit", "submission", "correct", "correction"])
def test_page_of_the_desk_fits_a_phone(page: Page, live_server: LiveServer, kind: str) -> None:
    made = world()
    sign_in(page, live_server.url, made["publisher"])
    page.set_viewport_size(PHONE)

    page.goto(live_server.url + addresses(made)[kind])

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_submission_is_found_and_approved_by_keyboard(page: Page, live_server: LiveServer) -> None:
    made = world()
    sign_in(page, live_server.url, made["publisher"])
    page.goto(live_server.url + reverse("admin:index"))

    page.get_by_role("link", name="submitted by others").focus()
    page.keyboard.press("Enter")
    page.locator("#result_list tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/**")
    page.get_by_role("button", name="Approve and publish").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Published.", exact=True)).to_be_visible()
    assert Submission.objects.get().done_at is not None
