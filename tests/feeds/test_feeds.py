"""Feeds and calendars, read as their readers read them: whole, in order, under names that never change."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client, override_settings
from django.utils import timezone
from icalendar import Calendar

from grades.models import Inspection, Tenure
from tests import factories

pytestmark = pytest.mark.django_db

ALL, CORRECTIONS = "/feeds/all", "/feeds/corrections"


def atom(client: Client, path: str) -> Any:
    """Read a feed as Atom, without a complaint of the reader."""
    response = client.get(f"{path}.atom")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(response.content)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    return read


def as_json(client: Client, path: str) -> Any:
    """Read a feed as JSON Feed."""
    response = client.get(f"{path}.json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    document = response.json()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    return document


def events(client: Client, address: str) -> list[Any]:
    """Read a calendar."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.fixture
def inspection() -> Inspection:
    """A published inspection of Kent."""
    return factories.inspection(
        force=factories.force(slug="kent", short_name="Kent", official_name="Kent Police"),
        cycle=factories.cycle(slug="2021-22", label="2021/22"),
        status="published",
    )


@pytest.fixture
def log(inspection: Inspection) -> None:
    """A load, a publication, a correction and a response, a minute apart."""
    factories.cycle(slug="2018-19", label="2018/19")
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    entries: list[tuple[str, str, dict[str, Any]]] = [
        ("loaded", "", {"file": "crime.ods", "added": "3"}),
        (
            "published",
            "kent",
            {
                "cycle": "2021-22",
                "grades": [
                    {"title": "Investigating crime", "state": "graded", "grade": "good"},
                    {"title": "Leadership", "state": "not-inspected", "grade": ""},
                    {
                        "title": "Managing offenders",
                        "state": "carried-forward",
                        "grade": "good",
                        "carried_from": "2018-19",
                        "marks": ["not-checked", "disputed"],
                    },
                    {
                        "title": "Workforce",
                        "state": "withheld",
                        "grade": "",
                        "withheld_reason": "it was being rebuilt",
                    },
                    {"title": "Victims", "state": "graded", "grade": "adequate", "marks": ["not-settled"]},
                ],
                "reports": [{}],
                "findings": [],
            },
        ),
        (
            "corrected",
            "kent",
            {
                "cycle": "2021-22",
                "record": "grades.grade",
                "name": "Kent, 1",
                "changes": [{"column": "level", "was": "good", "is": "adequate"}],
                "reason": "Misread <b>& more</b>",
                "source": "The report",
            },
        ),
        ("responded", "essex", {"facts": {"title": "Our reply", "body_id": "The commissioner"}}),
    ]
    factories.force(slug="essex", short_name="Essex")
    for minute, (kind, force, document) in enumerate(entries):
        factories.change_log_entry(
            kind=kind, force=force, document=document, at=start + timedelta(minutes=minute)
        )


@pytest.mark.usefixtures("log")
def test_feed_of_all_tells_each_entry_newest_first(client: Client) -> None:
    read = atom(client, ALL)

    assert [entry.id for entry in read.entries] == [
        f"tag:localhost,2026:changes/{number}" for number in (4, 3, 2, 1)
    ]
    assert [entry.tags[0].term for entry in read.entries] == [
        "Response recorded",
        "Corrected",
        "Published",
        "Record loaded",
    ]
    assert read.entries[2].title.startswith("Kent, 2021/22: an inspection was published with 5 grades")
    assert read.entries[2].link.endswith("/forces/kent/2021-22/")
    assert read.entries[0].published == read.entries[0].updated == "2026-03-01T12:03:00+00:00"
    assert read.feed.updated == "2026-03-01T12:03:00+00:00"
    assert read.feed.id == "tag:localhost,2026:feeds/all"


@pytest.mark.usefixtures("log")
def test_item_says_the_grades_and_what_a_correction_changed(client: Client) -> None:
    correction, published = atom(client, ALL).entries[1:3]

    assert "Investigating crime: Good" in published.summary
    assert "Leadership: Not inspected" in published.summary
    assert "Investigating crime: Good<" in published.summary
    marks = "not yet checked against the report; sources disagree"
    assert f"Managing offenders: Good; carried forward from 2018/19; {marks}<" in published.summary
    assert "Workforce: Not graded; it was being rebuilt<" in published.summary
    assert "Victims: Adequate; judged afresh or carried forward: not settled<" in published.summary
    assert "Grade: good → adequate" in correction.summary
    assert "Misread &lt;b&gt;&amp; more&lt;/b&gt;" in correction.summary
    assert "<b>" not in correction.summary


@pytest.mark.usefixtures("log")
def test_json_says_the_same_as_atom(client: Client) -> None:
    for path in (ALL, CORRECTIONS, "/feeds/forces/kent"):
        read, document = atom(client, path), as_json(client, path)
        assert document["title"] == read.feed.title
        assert [(i["id"], i["title"], i["url"], i["date_published"]) for i in document["items"]] == [
            (e.id, e.title, e.link, e.published) for e in read.entries
        ]
        assert document["feed_url"].endswith(f"{path}.json")


@pytest.mark.usefixtures("log")
def test_corrections_are_told_alone(client: Client) -> None:
    assert [entry.id for entry in atom(client, CORRECTIONS).entries] == ["tag:localhost,2026:changes/3"]


@pytest.mark.usefixtures("log")
def test_force_is_told_what_is_about_it_and_about_all(client: Client) -> None:
    numbers = [entry.id.rpartition("/")[2] for entry in atom(client, "/feeds/forces/kent").entries]

    assert numbers == ["3", "2", "1"]


def test_empty_feed_is_a_feed(client: Client) -> None:
    assert atom(client, CORRECTIONS).entries == []
    assert as_json(client, CORRECTIONS)["items"] == []


def test_characters_that_xml_lacks_are_left_out(client: Client) -> None:
    factories.change_log_entry(kind="loaded", document={"file": "a\x01b\x1f\ufffe.ods"})

    assert "ab.ods" in atom(client, ALL).entries[0].title


def test_feed_holds_the_newest_entries_alone(client: Client) -> None:
    for number in range(30):
        factories.change_log_entry(document={"file": f"{number}.ods"})

    numbers = [entry.id.rpartition("/")[2] for entry in atom(client, ALL).entries]

    assert numbers == [str(number) for number in range(30, 5, -1)]


@override_settings(BASE_URL="https://peel.example.org:8443")
def test_names_are_of_the_sites_own_host(client: Client) -> None:
    factories.change_log_entry()

    assert atom(client, ALL).entries[0].id == "tag:peel.example.org,2026:changes/1"


# Responses that are due


def report_of(inspection: Inspection, published: date, **fields: Any) -> Any:
    """Make a report with a confirmed day, and the body of its time."""
    Tenure.objects.filter(force=inspection.force).delete()
    factories.tenure(
        force=inspection.force, body=factories.policing_body(name="Commissioner for Kent"), valid_from=None
    )
    return factories.report(
        inspection=inspection, published_on=published, **{"date_confirmed": True} | fields
    )


def test_response_that_is_due_is_an_item_until_the_last_day(client: Client, inspection: Inspection) -> None:
    today = timezone.localdate()
    report = report_of(inspection, today - timedelta(days=55))

    (entry,) = atom(client, "/feeds/forces/kent").entries

    assert entry.id == f"tag:localhost,2026:reports/{report.pk}/last-day"
    assert entry.title.startswith("Kent Police, 2021/22: a response is due by ")
    assert "Commissioner for Kent" in entry.summary
    assert [e.id for e in atom(client, ALL).entries] == [entry.id]


@pytest.mark.parametrize("answered", [True, False])
def test_response_that_came_or_is_late_is_due_no_more(
    client: Client, inspection: Inspection, *, answered: bool
) -> None:
    ago = 10 if answered else 56
    report = report_of(inspection, timezone.localdate() - timedelta(days=ago))
    if answered:
        factories.response(report=report, published_on=timezone.localdate())

    assert atom(client, ALL).entries == []


# Calendars


def test_last_day_is_a_whole_day_under_a_name_that_stays(client: Client, inspection: Inspection) -> None:
    report = report_of(inspection, date(2022, 10, 14))

    (event,) = events(client, "/feeds/forces/kent.ics")
    factories.response(report=report, published_on=date(2023, 1, 7))
    (answered,) = events(client, "/feeds/forces/kent.ics")

    assert event["UID"] == answered["UID"] == f"report-{report.pk}-last-day@localhost"
    assert event.decoded("DTSTART") == date(2022, 12, 8)
    assert event.decoded("DTEND") == date(2022, 12, 9)
    assert event.decoded("DTSTAMP") == answered.decoded("DTSTAMP")
    assert event["SUMMARY"] == "Last day to respond: Kent Police, 2021/22"
    assert "Commissioner for Kent" in event["DESCRIPTION"]
    assert "No response is recorded here." in event["DESCRIPTION"]
    assert "day 86 of 56" in answered["DESCRIPTION"]
    assert event["URL"].endswith("/forces/kent/2021-22/")


def test_characters_that_calendars_lack_are_left_out(client: Client, inspection: Inspection) -> None:
    report_of(inspection, date(2022, 10, 14), title="A\x0breport\x01")

    response = client.get("/feeds/last-days.ics")

    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", response.content)
    assert "Areport." in events(client, "/feeds/last-days.ics")[0]["DESCRIPTION"]


def test_calendar_says_the_same_each_time(client: Client, inspection: Inspection) -> None:
    report_of(inspection, date(2022, 10, 14))

    assert client.get("/feeds/last-days.ics").content == client.get("/feeds/last-days.ics").content


@pytest.mark.parametrize(
    "fields",
    [
        {"date_confirmed": False},
        {"published_on": date(2022, 10, 1), "published_on_precision": "month"},
        {"published_on": date(2017, 4, 30)},
    ],
    ids=["not confirmed", "not to the day", "before the limit"],
)
def test_day_that_is_not_counted_is_in_no_calendar(
    client: Client, inspection: Inspection, fields: dict[str, Any]
) -> None:
    published = fields.pop("published_on", date(2022, 10, 14))
    report_of(inspection, published, **fields)

    assert events(client, "/feeds/last-days.ics") == []


def test_draft_is_in_no_calendar(client: Client, inspection: Inspection) -> None:
    report_of(inspection, date(2022, 10, 14))
    Inspection.objects.update(status="draft", published_at=None)

    assert events(client, "/feeds/last-days.ics") == []


def test_body_has_the_days_of_the_reports_of_its_time(client: Client, inspection: Inspection) -> None:
    before, after = factories.policing_body(name="The Old Board"), factories.policing_body(name="The Mayor")
    factories.tenure(force=inspection.force, body=before, valid_from=None, valid_to=date(2023, 5, 1))
    factories.tenure(force=inspection.force, body=after, valid_from=date(2023, 5, 1))
    later = factories.inspection(force=inspection.force, status="published")
    for record, published in ((inspection, date(2022, 10, 14)), (later, date(2023, 10, 14))):
        factories.report(inspection=record, published_on=published, date_confirmed=True)

    old = events(client, "/feeds/bodies/the-old-board.ics")
    new = events(client, "/feeds/bodies/the-mayor.ics")

    assert [event.decoded("DTSTART") for event in old] == [date(2022, 12, 8)]
    assert [event.decoded("DTSTART") for event in new] == [date(2023, 12, 8)]
    assert len(events(client, "/feeds/last-days.ics")) == 2


# What does not exist, and who finds what does


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/all.rss",
        "/feeds/all.ics",
        "/feeds/forces/nowhere.atom",
        "/feeds/forces/kent.xml",
        "/feeds/bodies/nobody.ics",
        "/feeds/forces/../../etc.atom",
    ],
)
def test_unknown_feed_is_not_found(client: Client, inspection: Inspection, address: str) -> None:
    assert client.get(address).status_code == 404


def test_feeds_are_open_to_scripts_of_any_page(client: Client) -> None:
    assert client.get("/feeds/all.json").headers["Access-Control-Allow-Origin"] == "*"


def test_pages_lead_to_their_feeds_and_their_card(client: Client, inspection: Inspection) -> None:
    factories.grade(inspection=inspection, question=factories.question(cycle=inspection.cycle))

    page = client.get("/forces/kent/2021-22/").content.decode()

    for address in (
        "/feeds/all.atom",
        "/feeds/all.json",
        "/feeds/forces/kent.atom",
        "/feeds/forces/kent.ics",
    ):
        assert f'href="{address}"' in page
    assert '/forces/kent/card.png">' in page
    assert "/card.png" in client.get("/about/").content.decode()
    assert 'href="/feeds/corrections.atom"' in client.get("/changes/").content.decode()


def test_card_of_the_site_is_a_picture_of_the_size_it_says(client: Client) -> None:
    response = client.get("/card.png")
    width, height = (int.from_bytes(response.content[at : at + 4]) for at in (16, 20))

    assert response.headers["Content-Type"] == "image/png"
    assert (width, height) == (1200, 630)


def test_title_and_description_for_other_sites_are_those_of_the_page(client: Client) -> None:
    page = client.get("/changes/").content.decode()

    assert '<meta property="og:title" content="What changed in this record – PEEL history">' in page
    assert page.count(json.dumps("Every publication, correction")[1:-1]) == 2
