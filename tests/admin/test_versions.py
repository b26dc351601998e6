"""Two editors at one inspection: the slower is told who changed what, and nothing that they typed is lost."""

import pytest
from django.test import Client

from grades.admin.versions import Watched, changes_since, version_of
from grades.models import Finding, Grade, Inspection, Report
from tests import factories
from tests.admin.recording import FIRST, Desk, desk

pytestmark = pytest.mark.django_db


def colleague(at: Desk) -> Desk:
    """Give the same screen to another person of the office."""
    person = factories.member("editor", at.office, first_name="Grace", last_name="Hopper")
    client = Client()
    client.force_login(person)
    return Desk(at.force, at.cycle, at.questions, at.office, person, client, at.inspection)


def begun() -> tuple[Desk, Desk]:
    """Give two editors at one screen on which something is recorded."""
    at = desk()
    at.save(
        FIRST | {at.field(0, "level"): "good", at.field(1, "level"): "good", at.field(1, "pasted"): "Plan."}
    )
    return at, colleague(at)


def test_version_is_the_same_until_something_changes() -> None:
    inspection = factories.inspection()
    watched = (Watched(Inspection, {"pgh_obj": inspection.pk}), Watched(Grade, {"inspection": inspection.pk}))
    before = version_of(watched)

    assert version_of(watched) == before
    factories.grade(inspection=inspection)
    assert version_of(watched) != before
    assert [change.now for change in changes_since(watched, before)] == ["added"]


def test_change_that_was_undone_is_not_told() -> None:
    report = factories.report(title="One")
    watched = (Watched(Report, {"pgh_obj": report.pk}),)
    before = version_of(watched)
    for title in ("Two", "One"):
        report.title = title
        report.save()

    assert changes_since(watched, before) == []


@pytest.mark.parametrize("version", ["", "x", "1.2", "-1", "9" * 30, "1;drop"])
def test_version_that_no_form_made_is_the_beginning_of_time(version: str) -> None:
    report = factories.report()

    told = changes_since((Watched(Report, {"pgh_obj": report.pk}),), version)

    assert [(change.now, change.who) for change in told] == [("added", "somebody")]


def test_slower_editor_is_told_and_keeps_what_they_typed_and_nothing_is_written() -> None:
    at, other = begun()
    slow = other.look()
    at.save({at.field(0, "level"): "adequate"})

    answer = other.save(
        {other.field(0, "level"): "inadequate", other.field(2, "pasted"): "1. Train staff."}, page=slow
    )

    (told,) = answer.context["told"]
    assert (told.who, told.field, told.was, told.now, told.yours) == (
        "Ada Byron",
        "grade",
        "Good",
        "Adequate",
        "Inadequate",
    )
    assert Grade.objects.get(question=at.questions[0]).level == "adequate"
    assert "1. Train staff." in answer.content.decode()
    assert Finding.objects.count() == 1

    again = other.save(page=answer)

    assert again.status_code == 302
    assert Grade.objects.get(question=at.questions[0]).level == "inadequate"
    assert Finding.objects.count() == 2


def test_what_only_the_other_changed_is_taken_over() -> None:
    at, other = begun()
    slow = other.look()
    report = Report.objects.get()
    at.save(
        {
            at.field(0, "level"): "adequate",
            at.field(2, "level"): "outstanding",
            f"report-{report.pk}-isbn": "9781786550101",
            at.field(1, "pasted"): "Another finding.",
        }
    )

    answer = other.save({other.field(1, "level"): "inadequate"}, page=slow)
    again = other.save(page=answer)

    assert again.status_code == 302
    levels = Grade.objects.order_by("question__order").values_list("level", flat=True)
    assert list(levels) == ["adequate", "inadequate", "outstanding"]
    assert Report.objects.get().isbn == "9781786550101"
    assert Finding.objects.count() == 2


def test_grade_that_the_other_cleared_stays_cleared_where_it_was_left_alone() -> None:
    at, other = begun()
    slow = other.look()
    at.save({at.field(0, "level"): "", at.field(0, "state"): ""})

    answer = other.save({other.field(2, "level"): "good"}, page=slow)
    again = other.save(page=answer)

    assert again.status_code == 302
    assert {grade.question for grade in Grade.objects.all()} == set(at.questions[1:])


def test_finding_that_the_other_removed_is_gone_and_told() -> None:
    at, other = begun()
    slow = other.look()
    row = Finding.objects.get()
    at.save({f"finding-{row.pk}-remove": "on"})

    answer = other.save(page=slow)

    assert [(told.now, told.who) for told in answer.context["told"]] == [("removed", "Ada Byron")]
    assert row.key in answer.content.decode()


def test_own_save_is_no_conflict() -> None:
    at, _other = begun()

    assert at.save({at.field(0, "level"): "adequate"}).status_code == 302
    assert at.save({at.field(0, "level"): "good"}).status_code == 302


def test_page_that_the_other_gave_is_taken_over() -> None:
    at, other = begun()
    slow = other.look()
    at.save({at.field(0, "locator"): "p. 9"})

    answer = other.save(page=slow)

    assert [(told.field, told.now, told.yours) for told in answer.context["told"]] == [
        ("where in it", "p. 9", "")
    ]
    assert 'value="p. 9"' in answer.content.decode()
