"""The whole story on the real record: a report is recorded, approved, corrected and answered, and nobody else sees the drafts."""

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from grades.importers.seed import load_seed
from grades.management.commands.demo_users import PASSWORDS
from tests.browser.story import PUBLIC_PAGE, QUESTIONS, Person, seed_without_the_report
from tests.conftest import own_machine_only

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Arrives = Callable[..., Person]

FINDINGS = 22
REASON = "The grade was misread from the report."


@pytest.fixture
def arrives(
    browser: Browser, live_server: LiveServer, transactional_db: None, settings: Any, tmp_path: Path
) -> Iterator[Arrives]:
    """Open a browser for somebody, who signs in if they have a name. The record lacks the story's inspection."""
    cache.clear()
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "seed"
    folder.mkdir()
    load_seed(seed_without_the_report(folder))
    call_command("demo_users", stdout=StringIO())
    passwords = json.loads((tmp_path / PASSWORDS).read_text())
    contexts, asked_outside = [], []

    def arrive(name: str = "") -> Person:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        contexts.append(context)
        asked_outside.append(own_machine_only(context))
        person = Person(context, live_server.url)
        if name:
            person.signs_in(name, passwords[name])
        return person

    yield arrive
    for context in contexts:
        context.close()
    assert not any(asked_outside), f"A page asked other hosts: {asked_outside}"


def test_report_goes_from_the_desk_to_the_public_and_is_corrected_and_answered(
    arrives: Arrives, tmp_path: Path
) -> None:
    editor, colleague = arrives("warwickshire-editor"), arrives("warwickshire-publisher")
    neighbour = arrives("west-mercia-editor")

    # The report is recorded. What stands twice and what remains from before is marked.
    editor.begins_the_report()
    screen = editor.page.url
    editor.enters_the_report()
    for question, (grade, findings) in QUESTIONS.items():
        editor.enters(question, grade, findings)
    editor.saves()
    editor.reads(f"Saved: {len(QUESTIONS)} questions recorded, {FINDINGS} findings added.")
    assert marks(editor) == {"says the same, word for word": 4, "remains from an earlier report": 2}
    assert "1. build a full picture" in nested(editor), "the list under a point stays with its point"

    # It is submitted; nobody outside the office sees anything of it.
    editor.submits()
    preview = str(editor.page.get_by_role("link", name="Preview").get_attribute("href"))
    finds_nothing_of_the_report(neighbour, screen)
    assert arrives().goes_to(PUBLIC_PAGE).status == 404
    sees_it_only_by_the_whole_link(neighbour, preview)
    sees_it_only_by_the_whole_link(arrives(), preview)

    # A colleague sees all of it with the reasons, and approves.
    editor.reads("A second person decides; you submitted this yourself.")
    colleague.opens_what_waits()
    colleague.reads("The report prints it twice; we follow the report.", "Get the benefits of the spending")
    colleague.approves()
    reads_the_public_pages(arrives())
    assert arrives().goes_to(preview).status == 410

    # A grade is corrected; until a colleague has approved, the public reads what it read before.
    editor.opens_the_published_report()
    editor.writes_a_correction("Preventing crime", "Good", REASON, "PEEL 2021/22")
    editor.presses("Propose")
    editor.presses("Submit")
    assert grade_of(arrives(), "Preventing crime") == "Adequate"
    colleague.opens_what_waits()
    colleague.reads(REASON)
    colleague.approves()
    reads_the_correction(arrives())

    # The response came out on day 40.
    editor.begins_the_response()
    editor.writes_the_response()
    editor.saves_the_response()
    editor.submits()
    colleague.opens_what_waits()
    colleague.approves()
    reader = arrives()
    reader.goes_to(PUBLIC_PAGE)
    reader.reads("published on day 40 of 56", "The last day was 8 December 2022.")

    checks_the_log(reader, tmp_path / "log.jsonl")


def marks(editor: Person) -> dict[str, int]:
    """Count the flags at the findings, by what they say."""
    flags = editor.page.locator(".finding .flag").all_inner_texts()
    kinds = ("says the same, word for word", "remains from an earlier report")
    assert all(any(kind in flag for kind in kinds) for flag in flags)
    return {kind: sum(kind in flag for flag in flags) for kind in kinds}


def nested(editor: Person) -> str:
    """Give the last finding on the use of resources."""
    return editor.row_of("Good use of resources").locator(".finding textarea").last.input_value()


def finds_nothing_of_the_report(neighbour: Person, screen: str) -> None:
    """Look for another office's draft: in the lists, at its address, in what a field offers, in public."""
    neighbour.looks_at_the_work_lists()
    neighbour.does_not_read("Warwickshire")
    for kind in ("inspection", "report", "grade", "finding", "submission"):
        neighbour.goes_to(reverse(f"admin:grades_{kind}_changelist", query={"q": "warwickshire"}))
        expect(neighbour.page.locator("#result_list tbody tr")).to_have_count(0)
    assert neighbour.goes_to(screen).status == 404
    neighbour.goes_to(reverse("admin:grades_report_add"))
    expect(neighbour.is_offered("inspection", "warwickshire")).to_have_text(["No results found"])
    for address in ("/forces/warwickshire/", "/changes/", "/forces/warwickshire/history.csv"):
        assert "14 October 2022" not in neighbour.page.request.get(neighbour.site + address).text()


def sees_it_only_by_the_whole_link(somebody: Person, preview: str) -> None:
    """Open the link to the draft, and one in which a sign is another."""
    somebody.goes_to(preview)
    somebody.reads("Preview of a draft: not published.", "Spot repeat and vulnerable callers")
    altered = re.sub(r"(.)(/?)$", lambda end: ("b" if end[1] == "a" else "a") + end[2], preview)
    assert somebody.goes_to(altered).status == 404


def grade_of(reader: Person, question: str) -> str:
    """Read a grade on the public page of the inspection."""
    reader.goes_to(PUBLIC_PAGE)
    article = reader.page.locator("article.question", has=reader.page.get_by_role("heading", name=question))
    return article.locator(".grade").inner_text()


def reads_the_public_pages(reader: Person) -> None:
    """Read the inspection, the history of the force and the log."""
    assert grade_of(reader, "Investigating crime") == "Requires improvement"
    expect(reader.page.locator("article.question .grade")).to_have_count(len(QUESTIONS))
    findings = reader.page.locator(".findings .finding")
    expect(findings).to_have_count(FINDINGS)
    assert "the force should:\n1. build a full picture" in findings.last.inner_text()
    reader.goes_to("/forces/warwickshire/")
    row = reader.page.locator("table tr", has_text="Investigating crime").first
    assert "Requires improvement" in row.inner_text()
    reader.goes_to("/changes/")
    assert "Warwickshire" in reader.page.locator(".log__entry").first.inner_text()


def reads_the_correction(reader: Person) -> None:
    """Read that the grade was corrected, and from what, on the page and in the log."""
    assert grade_of(reader, "Preventing crime") == "Good"
    today = date_format(timezone.localdate(), "j F Y")
    reader.reads(f"Corrected on {today}: was adequate; reason: {REASON}")
    reader.goes_to("/changes/")
    entry = reader.page.locator(".log__entry").first
    expect(entry.locator("del")).to_have_text("adequate")
    expect(entry.locator("ins")).to_have_text("good")
    expect(entry).to_contain_text(REASON)


def checks_the_log(reader: Person, file: Path) -> None:
    """Download the log, and check it as its page says."""
    reader.goes_to("/changes/")
    digest = reader.page.locator("#check ~ p code.digest, code.digest").last.inner_text()
    with reader.page.expect_download() as download:
        reader.follows("log.jsonl")
    download.value.save_as(file)
    said = StringIO()
    call_command("verify_log", str(file), expect=digest, stdout=said)
    assert "4 entries, unbroken" in said.getvalue()
