"""The public change log: entry by entry in plain words, one force or all, and the whole of it as a file."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grades import chain, log_words, publishing
from grades.models import ChangeLogEntry, Force, Inspection, Office
from grades.publishing import approve, check_citation, propose, submit
from grades.queries import changes
from grades.scales import ChangeKind
from tests import factories
from tests.publishing.conftest import complete
from tests.views.markup import Element, parse

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def page_of(client: Client, address: str = "/changes/", status: int = 200) -> Element:
    response = client.get(address)
    assert response.status_code == status
    return parse(response.content.decode())


def entries(page: Element) -> list[Element]:
    return page.all("li", class_="log__entry")


@pytest.fixture
def told() -> Inspection:
    """Publish an inspection, correct a grade of it, check one, comment, answer, and take a step."""
    force = factories.force(slug="warwickshire", short_name="Warwickshire")
    office = factories.office(forces=[force], name="Office of the Commissioner")
    editor, publisher = factories.member("editor", office), factories.member("publisher", office)

    def publish(record, now=NOW, **given):
        accepted = {item.code: "Known." for item in publishing.checklist(record, date(2026, 3, 2)).warnings}
        submission = submit(record=record, by=editor, now=now, reasons=accepted, **given)
        approve(submission=submission, by=publisher, now=now)

    draft = complete(force, cycle=factories.cycle(slug="2031", label="2031"))
    publish(draft)
    draft.refresh_from_db()
    grade = draft.grades.order_by("pk")[0]
    source = factories.source(title="The report itself")
    correction = propose(
        record=grade,
        after={"level": "outstanding"},
        reason="we misread the table",
        source=source,
        by=editor,
        now=NOW,
    )
    publish(correction)
    check_citation(citation=draft.grades.order_by("pk")[1].citations.get(), by=editor, now=NOW)
    publish(
        factories.comment(
            grade=grade, body=office.body, status="draft", text="We will ask.", dated=date(2026, 3, 1)
        )
    )
    report = draft.reports.get()
    publish(
        factories.response(
            report=report,
            body=office.body,
            status="draft",
            title="Our answer",
            published_on=date(2026, 3, 2),
            chief_constable_comments="Agreed.",
        )
    )
    finding = factories.finding(force=force, inspection=draft, key="answer-faster")
    publish(
        factories.finding_event(
            finding=finding,
            status="draft",
            actor="force",
            standing="in-progress",
            happened_on=date(2026, 3, 1),
        )
    )
    return draft


@pytest.mark.usefixtures("told")
def test_the_log_is_a_spreadsheet_too(client: Client) -> None:
    links = {a.attributes["href"] for a in page_of(client).all("a")}
    answer = client.get("/changes.csv").getvalue()
    found = list(csv.DictReader(io.StringIO(answer.decode())))

    assert {"/changes.csv", "/changes.json"} <= links
    newest_first = ChangeLogEntry.objects.order_by("-number")
    assert len(found) == newest_first.count() > 5
    for row, entry in zip(found, newest_first, strict=True):
        assert (int(row["number"]), row["digest"]) == (entry.number, entry.digest)
        assert json.loads(row["document"]) == entry.document
        assert (row["kind"], row["kind_words"]) == (entry.kind, entry.get_kind_display())
        assert (row["force"], row["on"]) == ("warwickshire", "2026-03-02")
    (corrected,) = [row for row in found if row["kind"] == "corrected"]
    assert corrected["reason"] == "we misread the table"
    assert corrected["source"].startswith("HMICFRS, The report itself (https://")
    assert client.get("/changes.xml").status_code == 404


def test_each_entry_says_what_happened_to_which_force_and_cycle(client: Client, told: Inspection) -> None:
    page = page_of(client)

    assert [entry.one("h3").text for entry in entries(page)][:6][::-1] == [
        "An inspection was published with 2 grades, 1 report and 0 findings.",
        entries(page)[4].one("h3").text,
        entries(page)[3].one("h3").text,
        f"{Office.objects.get().body} commented beside a grade: “We will ask.”",
        f"A response was recorded: “Our answer”, {Office.objects.get().body}.",
        "A step on the finding answer-faster. The force says: in progress, 1 March 2026.",
    ]
    assert "Entry 1, 2 March 2026, 10:00 GMT · Warwickshire · 2031" in entries(page)[5].text
    links = {link.attributes["href"] for link in entries(page)[5].all("a")}
    assert links == {"/forces/warwickshire/", "/forces/warwickshire/2031/"}


def test_correction_shows_old_and_new_the_reason_the_source_and_who_agreed(
    client: Client, told: Inspection
) -> None:
    entry = entries(page_of(client))[4]

    assert entry.one("h3").text.startswith("Corrected: a grade: ")
    assert (entry.one("del").text, entry.one("ins").text) == ("good", "outstanding")
    assert "Reason: We misread the table." in entry.text
    assert "Source: HMICFRS, The report itself" in entry.text
    assert "Asked for by Office of the Commissioner, approved by a second person." in entry.text


def test_check_names_the_grade(client: Client, told: Inspection) -> None:
    entry = entries(page_of(client))[3]

    assert entry.one("h3").text.startswith("Checked against the report: “How good is the force")
    assert entry.one("h3").text.endswith("”, adequate.")
    assert "By Office of the Commissioner." in entry.text


def test_office_of_one_is_said(client: Client) -> None:
    force = factories.force()
    office = factories.office(forces=[force], one_person_publishing=True, name="Office of One")
    only = factories.member("publisher", office)
    submission = submit(record=complete(force), by=only, now=NOW)
    approve(submission=submission, by=only, now=NOW)

    assert (
        "Published by its author alone, as the office has one person: Office of One."
        in entries(page_of(client))[0].text
    )


def test_digest_is_short_and_whole_on_demand(client: Client, told: Inspection) -> None:
    entry = ChangeLogEntry.objects.get(number=1)

    details = entries(page_of(client))[5].one("details")

    assert details.one("summary").one("code").text == f"{entry.digest[:12]}…"
    assert details.one("code", class_="digest").text == entry.digest
    last = ChangeLogEntry.objects.order_by("-number").first()
    assert last
    assert last.digest in page_of(client).one("section", **{"aria-labelledby": "check"}).text


def many(count: int, **fields: str) -> None:
    for number in range(count):
        factories.change_log_entry(document={"file": f"file {number}"}, **fields)


def test_pages_are_newest_first_and_lead_to_one_another(client: Client) -> None:
    many(60)

    first, last = page_of(client), page_of(client, "/changes/?page=3")

    assert entries(first)[0].attributes["id"] == "entry-60"
    assert len(entries(first)) == changes.A_PAGE
    assert first.one("a", rel="next").attributes["href"] == "/changes/?page=2"
    assert not first.all("a", rel="prev")
    assert entries(last)[-1].attributes["id"] == "entry-1"
    assert not last.all("a", rel="next")


def test_one_force_alone(client: Client) -> None:
    factories.force(slug="kent", short_name="Kent")
    factories.force(slug="essex", short_name="Essex")
    many(30, force="kent")
    many(2, force="essex")
    many(1)

    page = page_of(client, "/changes/?force=kent")

    assert "30 entries; page 1 of 2." in page.one("main").text
    assert all("Kent" in entry.text for entry in entries(page))
    assert page.one("a", rel="next").attributes["href"] == "/changes/?force=kent&page=2"
    assert len(entries(page_of(client, "/changes/?force=kent&page=2"))) == 5
    chosen = [option for option in page.all("option") if "selected" in option.attributes]
    assert [option.text for option in chosen] == ["Kent"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("force=nowhere", "“nowhere” is not a choice here and was left aside."),
        ("page=abc", "“abc” is not a choice here and was left aside."),
        ("page=0", "“0” is not a choice here and was left aside."),
        ("page=-1", "“-1” is not a choice here and was left aside."),
        ("page=99", "“99” is not a choice here and was left aside."),
        ("page=9999999999999999999999", "“9999999999999999999999” is not a choice here and was left aside."),
        ("page=²", "“²” is not a choice here and was left aside."),
        ("force=nowhere&page=x", "These are not choices here and were left aside: nowhere, x."),
    ],
)
def test_what_makes_no_sense_is_left_aside_in_words(client: Client, query: str, said: str) -> None:
    many(3)

    page = page_of(client, f"/changes/?{query}")

    assert said in page.one("main").text
    assert len(entries(page)) == 3


def test_empty_log_says_so(client: Client) -> None:
    factories.force(slug="kent")

    assert "There is no entry yet." in page_of(client).one("main").text
    assert "No entry is about this force alone." in page_of(client, "/changes/?force=kent").one("main").text
    assert client.get("/changes/log.jsonl").getvalue() == b""


def test_file_is_the_whole_log_oldest_first_and_holds(
    client: Client, told: Inspection, tmp_path: Path
) -> None:
    answer = client.get("/changes/log.jsonl")
    sent = answer.getvalue()
    file = tmp_path / "log.jsonl"
    file.write_bytes(sent)

    assert answer.streaming
    assert answer.headers["Content-Type"] == "application/jsonl; charset=utf-8"
    assert [json.loads(line)["number"] for line in sent.splitlines()] == list(range(1, 7))
    assert list(chain.faults(sent.splitlines())) == []
    call_command("verify_log", file)


def test_file_is_read_as_it_is_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the length of the log, one query beside that for the version, and no more rows at a time than a chunk."""
    monkeypatch.setattr(changes, "CHUNK", 10)
    many(35)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/changes/log.jsonl")
        lines = iter(answer.streaming_content)
        first = next(lines)

    assert b'"number":1,' in first
    assert len(list(lines)) == 34
    assert len(asked) == 2


def test_file_of_the_log_takes_no_force(client: Client) -> None:
    """The whole would pass for the part."""
    answer = client.get("/changes/log.jsonl?force=kent")

    assert answer.status_code == 400
    assert "This file takes no “force”." in answer.content.decode()


def test_head_of_the_file_sends_nothing(client: Client) -> None:
    many(3)

    answer = client.head("/changes/log.jsonl")

    assert (answer.status_code, answer.getvalue()) == (200, b"")


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_of_entry_is_told_even_with_a_strange_document(client: Client, kind: ChangeKind) -> None:
    for document in ({}, {"something": "else"}, {"record": "grades.nothing", "facts": {}, "changes": [{}]}):
        assert log_words.entry_words(kind, document).headline.endswith(".")
        factories.change_log_entry(kind=kind, document=document)

    assert len(entries(page_of(client))) == 3


def test_required_information_and_additions_are_told(client: Client) -> None:
    force = factories.force(slug="kent", short_name="Kent")
    item = factories.required_item(force=force)
    publishing.note_direct_edit(
        record=item,
        changed=["address", "checked_on", "item"],
        added=True,
        by=factories.member("national-editor"),
        now=NOW + timedelta(days=1),
    )

    entry = entries(page_of(client))[0]

    assert entry.one("h3").text.startswith("Required information was looked for: ")
    assert "The most recent report on effectiveness" in entry.one("dl").text
    assert "5 January 2026" in entry.one("dl").text
    assert "By the national editors." in entry.text
    assert Force.objects.count() == 1
