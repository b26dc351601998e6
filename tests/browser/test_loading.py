"""Official files at the desk in a browser: brought, looked at, loaded and taken back by keyboard alone; no barrier on any page."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from grades.importers.official import jobs
from grades.models import ImportJob, ImportRun, Upload
from tests import factories
from tests.browser.test_accessibility import barriers
from tests.browser.test_desk import sign_in
from tests.importers.official.conftest import (
    DATA,
    world,  # noqa: F401  a fixture
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CRIME = DATA / "recorded-crime" / "2017-18.csv"


@pytest.fixture
def desk(page: Page, live_server: LiveServer, settings: Any, tmp_path: Path) -> Page:
    """The browser of a national editor."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    sign_in(page, live_server.url, factories.member("national-editor"))
    return page


def work() -> None:
    """Do what waits, as the worker does."""
    for job in ImportJob.objects.filter(state="waiting").order_by("pk"):
        jobs.run(job.pk)


def press(page: Page, name: str) -> None:
    """Go to a button or link by the Tab key and press it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.textContent || document.activeElement.value || '').trim()"
        )
        value = page.evaluate("document.activeElement.value || ''")
        if name in (focused, value):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"{name} is not reached by the Tab key")


def test_file_is_loaded_and_taken_back_by_keyboard(
    world: None,  # noqa: F811
    desk: Page,
    live_server: LiveServer,
) -> None:
    desk.goto(live_server.url + reverse("admin:grades_upload_start"))
    assert list(barriers(desk)) == []
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.set_input_files("input[name=file]", CRIME)
    desk.locator("input[name=released]").focus()
    desk.keyboard.type("2018-07-19")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").filter(has_text="Waits to begin")).to_be_visible()
    assert list(barriers(desk)) == []

    work()  # the page notices by itself
    expect(desk.get_by_role("heading", name="What it would change")).to_be_visible()
    for part in desk.locator("details").all():
        part.evaluate("part => part.open = true")
    assert list(barriers(desk)) == []
    press(desk, "Load exactly this")
    expect(desk.get_by_role("heading", name="Waits to begin")).to_be_visible()
    work()
    expect(desk.get_by_text("This is loaded, as")).to_be_visible()

    run = ImportRun.objects.get()
    desk.goto(live_server.url + reverse("admin:grades_importrun_change", args=[run.pk]))
    assert list(barriers(desk)) == []
    press(desk, "Take it back")
    expect(desk.get_by_label("Why it is taken back")).to_be_visible()
    assert list(barriers(desk)) == []
    desk.get_by_label("Why it is taken back").focus()
    desk.keyboard.type("Wrong edition")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Waits to begin")).to_be_visible()
    work()
    expect(desk.get_by_role("heading", name="Taken back; everything is as it was before")).to_be_visible()
    assert list(barriers(desk)) == []


def test_page_of_a_bad_file_has_no_barrier(
    world: None,  # noqa: F811
    desk: Page,
    live_server: LiveServer,
    tmp_path: Path,
) -> None:
    bad = tmp_path / "a-long-name-without-any-place-to-break-it-as-offices-like-them-2017-18.csv"
    bad.write_text(CRIME.read_text("utf-8").replace("2017/18,2,Warwickshire", "2017/18,5,Warwickshire"))
    desk.goto(live_server.url + reverse("admin:grades_upload_start"))
    desk.set_input_files("input[name=file]", bad)
    desk.get_by_role("button", name="Send and compare").click()
    work()

    expect(desk.get_by_role("heading", name="Refused; nothing was written")).to_be_visible()

    assert list(barriers(desk)) == []


def test_too_large_a_file_is_told_before_it_is_sent(desk: Page, live_server: LiveServer) -> None:
    desk.goto(live_server.url + reverse("admin:grades_upload_start"))
    desk.locator("input[name=file]").evaluate("field => field.dataset.largest = 10")
    desk.set_input_files("input[name=file]", CRIME)

    expect(desk.get_by_role("status")).to_have_text(
        "The file is larger than 200 MB, which is the most that is taken."
    )
    desk.get_by_role("button", name="Send and compare").click()

    expect(desk.locator("input[name=file]")).to_be_focused()
    assert not Upload.objects.exists()


def test_without_script_the_page_refreshes_itself(
    world: None,  # noqa: F811
    desk: Page,
    live_server: LiveServer,
) -> None:
    upload = factories.upload(sha256="0" * 64)
    job = factories.import_job(upload=upload, by=upload.by)
    browser = desk.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    plain = context.new_page()
    plain.goto(live_server.url + reverse("admin:grades_upload_change", args=[upload.pk]))
    expect(plain.get_by_role("heading", name="Waits to begin")).to_be_visible()

    ImportJob.objects.ask_to_stop(job.pk, upload.at)

    expect(plain.get_by_role("heading", name="Stopped; nothing was written")).to_be_visible()
    context.close()
