"""The front page: each number leads to a list of exactly those rows, and counts only what its reader may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grades.admin.front import SECTIONS, Work, address_of
from grades.scales import RequiredKind
from tests import factories
from tests.people import People

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

WORKS = [work for _title, _nothing, works in SECTIONS for work in works]
QUERIES = 6
"""Queries of the front page: session, user, what they may reach, all the counts in one, their office's name, the cells."""


def days(number: int) -> Any:
    """Give a day so many days from today."""
    return timezone.localdate() + timedelta(days=number)


def report_due(force: Any, last_day: int, **fields: Any) -> Any:
    """Make a report whose last day to respond is so many days from today."""
    inspection = factories.inspection(force=force, status="published")
    return factories.report(
        **{"inspection": inspection, "published_on": days(last_day - 55), "date_confirmed": True} | fields
    )


def late_response(force: Any) -> Any:
    """Make a response on day 57."""
    report = report_due(force, -20)
    return factories.response(report=report, published_on=days(-19))


def submitted(people: People, by: User, **fields: Any) -> Any:
    """Make a submission of the office."""
    sent = factories.inspection(force=people.force, status=fields.pop("status", "submitted"))
    return factories.submission(
        what="grades.inspection",
        object_id=sent.pk,
        force=people.force,
        office=people.office,
        submitted_by=by,
        **fields,
    )


def returned(people: People, by: User) -> Any:
    """Make a submission that was given back."""
    given = {
        "decision": "returned",
        "remark": "Look again.",
        "decided_by": people.national,
        "decided_at": timezone.now(),
    }
    return submitted(people, by, status="draft", **given)


def unconfirmed(force: Any, **fields: Any) -> Any:
    """Make a grade that only the press states."""
    grade = factories.grade(inspection=factories.inspection(force=force, status="published"))
    return factories.citation(grade=grade, source=factories.source(kind="press"), **fields)


def gap(force: Any) -> Any:
    """Make an inspection of which a question has no row."""
    inspection = factories.inspection(force=force, status="published")
    factories.question(cycle=inspection.cycle)
    return inspection


def looked_for_all(people: People) -> Any:
    """Make another force of the same office of which every required item was looked for."""
    force = factories.force()
    factories.tenure(force=force, body=people.office.body)
    for item in RequiredKind:
        factories.required_item(force=force, item=item)
    return force


Make = Callable[[People, Any], Any]

UNFINISHED: dict[str, tuple[Make, Make]] = {
    "submission awaiting-me": (
        lambda p, f: submitted(p, p.editor),
        lambda p, f: submitted(p, p.publisher),
    ),
    "submission returned-to-me": (
        lambda p, f: returned(p, p.publisher),
        lambda p, f: returned(p, p.editor),
    ),
    "report due-soon": (lambda p, f: report_due(f, 14), lambda p, f: report_due(f, 15)),
    "report last-day-passed": (lambda p, f: report_due(f, -1), lambda p, f: report_due(f, 0)),
    "response after-last-day": (
        lambda p, f: late_response(f),
        lambda p, f: factories.response(report=report_due(f, -20), published_on=days(-20)),
    ),
    "inspection draft": (
        lambda p, f: factories.inspection(force=f),
        lambda p, f: factories.inspection(force=f, status="published"),
    ),
    "response draft": (
        lambda p, f: factories.response(report=report_due(f, 100), status="draft"),
        lambda p, f: factories.response(report=report_due(f, 100)),
    ),
    "comment draft": (
        lambda p, f: factories.comment(grade=unconfirmed(f).grade, status="draft"),
        lambda p, f: factories.comment(grade=unconfirmed(f).grade),
    ),
    "finding draft": (
        lambda p, f: factories.finding(force=f, status="draft"),
        lambda p, f: factories.finding(force=f, inspection=factories.inspection(force=f), status="draft"),
    ),
    "findingevent draft": (
        lambda p, f: factories.finding_event(finding=factories.finding(force=f), status="draft"),
        lambda p, f: factories.finding_event(finding=factories.finding(force=f)),
    ),
    "monitoringperiod draft": (
        lambda p, f: factories.monitoring_period(force=f, status="draft"),
        lambda p, f: factories.mention(force=f),
    ),
    "mention draft": (
        lambda p, f: factories.mention(force=f, status="draft"),
        lambda p, f: factories.mention(force=f),
    ),
    "correction draft": (
        lambda p, f: factories.correction(
            what="grades.grade", object_id=1, force=f, before={"level": "good"}, after={"level": "adequate"}
        ),
        lambda p, f: factories.correction(),
    ),
    "citation to-confirm": (
        lambda p, f: unconfirmed(f),
        lambda p, f: unconfirmed(f, checked_on=days(-1)),
    ),
    "inspection grades-missing": (
        lambda p, f: gap(f),
        lambda p, f: factories.inspection(force=f, status="published"),
    ),
    "finding due-soon": (
        lambda p, f: factories.finding(force=f, due_on=days(14)),
        lambda p, f: factories.finding(force=f, due_on=days(15)),
    ),
    "finding overdue": (
        lambda p, f: factories.finding(force=f, due_on=days(-1)),
        lambda p, f: (
            factories.finding_event(
                finding=factories.finding(force=f, due_on=days(-1)), standing="closed"
            ).finding
        ),
    ),
    "force required-unknown": (lambda p, f: f, lambda p, f: looked_for_all(p)),
    "requireditem stale": (
        lambda p, f: factories.required_item(force=f, checked_on=days(-91)),
        lambda p, f: factories.required_item(force=f, item="7b-summary", checked_on=days(-90)),
    ),
    "upload open": (
        lambda p, f: factories.upload(),
        lambda p, f: factories.upload(run=factories.import_run()),
    ),
    "metric review-overdue": (
        lambda p, f: factories.metric(review_due=days(-1)),
        lambda p, f: factories.metric(review_due=days(0)),
    ),
}


NATIONAL = ("metric", "upload")
"""What belongs to no force, and is for national editors."""


def line(browser: Client, work: Work) -> int:
    """Give the number that the front page shows for a task."""
    page = browser.get(reverse("admin:index"))
    shown = [found for section in page.context["sections"] for found in section.lines]
    return sum(found.count for found in shown if found.address == address_of(work))


def test_every_task_is_tried() -> None:
    assert [f"{work.model} {work.task}" for work in WORKS] == list(UNFINISHED)


@pytest.mark.parametrize("work", WORKS, ids=lambda work: f"{work.model} {work.task}")
def test_number_counts_exactly_the_rows_of_its_list(people: People, sign_in: SignIn, work: Work) -> None:
    person = people.national if work.model in NATIONAL else people.publisher
    unfinished, finished = UNFINISHED[f"{work.model} {work.task}"]
    found, passed_over = unfinished(people, people.force), finished(people, people.force)
    elsewhere = None if work.model in (*NATIONAL, "submission") else unfinished(people, people.other_force)
    browser = sign_in(person)

    listed = list(browser.get(address_of(work)).context["cl"].queryset)

    assert found in listed
    assert passed_over not in listed
    assert elsewhere not in listed
    assert line(browser, work) == len(listed)


@pytest.mark.parametrize(
    "fields",
    [
        {"date_confirmed": False},
        {"published_on_precision": "month", "published_on": None},
        {"published_on": None, "date_confirmed": False},
        {"published_on": timezone.datetime(2016, 5, 1).date()},
    ],
    ids=["not confirmed", "month", "no date", "before the limit"],
)
def test_clock_does_not_run_for_a_day_that_is_not_sure(
    people: People, sign_in: SignIn, fields: dict[str, Any]
) -> None:
    if fields.get("published_on_precision") == "month":
        fields = {**fields, "published_on": days(-60).replace(day=1)}
    report_due(people.force, -1, **fields)

    assert line(sign_in(people.editor), Work("report", "last-day-passed", "")) == 0


def test_answered_report_is_not_due(people: People, sign_in: SignIn) -> None:
    factories.response(report=report_due(people.force, 3), published_on=days(-1))

    assert line(sign_in(people.editor), Work("report", "due-soon", "")) == 0


def test_draft_of_a_response_stops_no_clock_in_the_list(people: People, sign_in: SignIn) -> None:
    factories.response(report=report_due(people.force, -20), published_on=days(-30), status="draft")

    page = sign_in(people.editor).get(reverse("admin:grades_report_changelist"))

    assert "last day was" in page.content.decode()


@pytest.mark.parametrize(
    ("last_day", "answered", "words"),
    [
        (0, None, "last day is today"),
        (1, None, "1 day left"),
        (-1, None, "last day was"),
        (-20, -19, "published on day 57"),
    ],
)
def test_list_of_reports_says_how_the_clock_stands(
    people: People, sign_in: SignIn, last_day: int, answered: int | None, words: str
) -> None:
    report = report_due(people.force, last_day)
    if answered is not None:
        factories.response(report=report, published_on=days(answered))

    page = sign_in(people.editor).get(reverse("admin:grades_report_changelist"))

    assert words in page.content.decode()


def test_questions_of_the_front_page_are_as_many_for_many_rows_as_for_few(
    people: People, sign_in: SignIn
) -> None:
    browser = sign_in(people.publisher)
    with CaptureQueriesContext(connection) as for_none:
        browser.get(reverse("admin:index"))
    for _ in range(6):
        unconfirmed(people.force)
        submitted(people, people.editor)
        gap(people.force)

    with CaptureQueriesContext(connection) as for_many:
        browser.get(reverse("admin:index"))

    assert (len(for_none), len(for_many)) == (QUERIES, QUERIES)


def test_empty_desk_says_so_in_words(people: People, sign_in: SignIn) -> None:
    page = sign_in(people.editor).get(reverse("admin:index")).content.decode()

    assert "Nothing waits for you." in page
    assert "There are no drafts." in page
    assert people.office.name in page
    assert "Definitions of metrics" not in page


def test_viewer_may_look_and_not_confirm(people: People, sign_in: SignIn) -> None:
    unconfirmed(people.force)

    page = sign_in(people.viewer).get(reverse("admin:index")).content.decode()

    assert "Compare with the report" in page
    assert "/confirm/" not in page
