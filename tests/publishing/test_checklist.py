"""What the checklist says of an inspection: errors, which block, and warnings, which need a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grades.models import Finding, Force, Inspection, PolicingBody, Source
from grades.publishing import checklist
from tests import factories
from tests.publishing.conftest import complete

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def codes(inspection: Inspection) -> tuple[list[str], list[str]]:
    """Give the codes of errors and warnings, without numbers of rows."""
    found = checklist(Inspection.objects.get(pk=inspection.pk), TODAY)

    def plain(items: Any) -> list[str]:
        return ["-".join(part for part in item.code.split("-") if not part.isdigit()) for item in items]

    return plain(found.errors), plain(found.warnings)


@pytest.fixture
def whole() -> Inspection:
    return complete(factories.force())


def finding(inspection: Inspection, question: Any = None, **fields: Any) -> Finding:
    """Make a draft finding of an inspection."""
    question = question or inspection.grades.order_by("pk")[0].question
    return factories.finding(inspection=inspection, question=question, status="draft", **fields)


def test_whole_record_has_nothing_to_say(whole: Inspection) -> None:
    assert codes(whole) == ([], [])


def test_empty_record_lacks_report_and_grade() -> None:
    assert codes(factories.inspection()) == (["no-report", "no-grade"], [])


@pytest.mark.parametrize(
    ("fields", "errors", "warnings"),
    [
        ({"published_on": None}, ["report-undated"], []),
        ({"published_on": TODAY + timedelta(days=1)}, ["report-future"], []),
        ({"published_on": TODAY}, [], []),
        ({"address": ""}, [], ["report-address"]),
        ({"published_on": date(2025, 12, 31)}, [], ["report-before-fieldwork"]),
        # Some day of January, which may be after the fieldwork.
        ({"published_on": date(2026, 1, 1), "published_on_precision": "month"}, [], []),
    ],
)
def test_report(whole: Inspection, fields: dict[str, Any], errors: list[str], warnings: list[str]) -> None:
    Inspection.objects.update(fieldwork_ended_on=date(2026, 1, 15))
    whole.reports.update(**fields)

    assert codes(whole) == (errors, warnings)


def test_finding_that_goes_public_with_its_inspection_is_not_of_the_future(whole: Inspection) -> None:
    finding(whole, published_on=TODAY + timedelta(days=1))

    errors, _warnings = codes(whole)

    assert errors == ["finding-future"]


def test_fieldwork_does_not_end_in_the_future(whole: Inspection) -> None:
    Inspection.objects.update(fieldwork_ended_on=TODAY + timedelta(days=1))

    errors, _warnings = codes(whole)

    assert errors == ["fieldwork-future"]


def test_grade_without_a_source_is_an_error(whole: Inspection) -> None:
    grade = whole.grades.order_by("pk")[0]
    grade.citations.all().delete()

    assert codes(whole) == (["grade-source"], [])


def test_source_that_states_another_grade_is_a_warning_unless_it_stood_before_an_amendment(
    whole: Inspection,
) -> None:
    grade = whole.grades.order_by("pk")[0]
    factories.citation(grade=grade, level="inadequate")
    disputed = codes(whole)
    grade.amended_on, grade.amended_from, grade.amended_reason = TODAY, "inadequate", "Wrong data."
    grade.save()

    assert disputed == ([], ["grade-disputed"])
    assert codes(whole) == ([], [])


def test_press_alone_and_no_address_and_no_place_are_warnings(whole: Inspection) -> None:
    grade = whole.grades.order_by("pk")[0]
    grade.citations.all().delete()
    factories.citation(grade=grade, source=factories.source(kind="press", address=""))

    assert codes(whole) == ([], ["grade-address", "grade-place", "grade-press"])


def test_check_that_a_file_states_and_nobody_made_here_is_a_warning(whole: Inspection) -> None:
    grade = whole.grades.order_by("pk")[0]
    source = factories.source(kind="press", address="https://example.org/a")
    citation = factories.citation(grade=grade, source=source, level=grade.level, checked_on=TODAY)
    assert codes(whole) == ([], ["grade-checked"])

    citation.checked_by = factories.user()
    citation.save()
    assert codes(whole) == ([], [])

    citation.checked_by = None
    citation.save()
    Source.objects.filter(pk=source.pk).update(kind="inspectorate")
    assert codes(whole) == ([], [])


def test_question_that_is_graded_for_all_is_missed(whole: Inspection) -> None:
    factories.question(cycle=whole.cycle)
    factories.question(cycle=whole.cycle, graded="varies")

    assert codes(whole) == ([], ["question-missing"])


def test_tally_that_differs_is_a_warning(whole: Inspection) -> None:
    Inspection.objects.update(tally_good=2, tally_adequate=1)

    assert codes(whole) == ([], ["tally-good"])


@pytest.mark.parametrize(("tiers", "warnings"), [(5, ["grade-cause"]), (4, [])])
def test_inadequate_asks_for_a_cause_of_concern_on_five_tiers(tiers: int, warnings: list[str]) -> None:
    inspection = factories.inspection(cycle=factories.cycle(tiers=tiers))
    factories.report(inspection=inspection)
    grade = factories.grade(inspection=inspection, level="inadequate")
    factories.citation(grade=grade, locator="page 4")
    without = codes(inspection)
    cause = finding(inspection, kind="cause-of-concern")
    finding(inspection, kind="recommendation", parent=cause)

    assert without == ([], warnings)
    assert codes(inspection) == ([], [])


def test_findings_that_stand_twice_or_remain_or_lack_a_recommendation(whole: Inspection) -> None:
    finding(whole, text="Answer calls.")
    finding(whole, text="answer  CALLS.")
    finding(whole, text="As in 2019. This remains an area for improvement.")
    finding(whole, kind="cause-of-concern")

    _errors, warnings = codes(whole)

    assert sorted(warnings) == ["finding-continues", "finding-recommendation", "finding-twice"]


CHANGE = date(2025, 6, 1)
"""The day on which a mayor took over from a commissioner."""


@pytest.fixture
def bodies() -> tuple[Force, PolicingBody, PolicingBody]:
    """Make a force, who held it to account before the change, and who has since."""
    force, before, after = factories.force(), factories.policing_body(), factories.policing_body()
    factories.tenure(force=force, body=before, valid_to=CHANGE)
    factories.tenure(force=force, body=after, valid_from=CHANGE)
    return force, before, after


def names_its_body(record: Any) -> bool:
    """Say whether the checklist has nothing against the body of a record."""
    return "body" not in [item.code for item in checklist(record, TODAY).warnings]


@pytest.mark.parametrize(
    ("dated", "held"), [(CHANGE - timedelta(days=1), (True, False)), (CHANGE, (False, True))]
)
def test_comment_of_a_body_that_did_not_hold_the_force_that_day_is_a_warning(
    bodies: tuple[Force, PolicingBody, PolicingBody], dated: date, held: tuple[bool, bool]
) -> None:
    force, *both = bodies
    grade = factories.grade(inspection=factories.inspection(force=force))

    comments = [factories.comment(grade=grade, body=body, dated=dated) for body in both]

    assert tuple(map(names_its_body, comments)) == held
    assert not names_its_body(factories.comment(grade=grade, dated=dated))


@pytest.mark.parametrize(
    ("reported", "answered", "held"),
    [
        ({"published_on": date(2025, 5, 1)}, {"published_on": date(2025, 5, 20)}, (True, False)),
        ({"published_on": date(2025, 5, 1)}, {"published_on": date(2025, 6, 20)}, (True, True)),
        ({"published_on": date(2025, 6, 1)}, {"published_on": date(2025, 7, 20)}, (False, True)),
        ({"published_on": None}, {"published_on": None}, (True, True)),
        ({"published_on": date(2025, 5, 1)}, {"published_on": None}, (True, False)),
        (
            {"published_on": None},
            {"published_on": date(2025, 1, 1), "published_on_precision": "year"},
            (True, True),
        ),
    ],
    ids=["before", "across the change", "after", "undated", "report alone", "some day of that year"],
)
def test_response_of_a_body_that_held_the_force_on_neither_day_is_a_warning(
    bodies: tuple[Force, PolicingBody, PolicingBody],
    reported: dict[str, Any],
    answered: dict[str, Any],
    held: tuple[bool, bool],
) -> None:
    force, *both = bodies
    report = factories.report(inspection=factories.inspection(force=force), **reported)

    responses = [factories.response(report=report, body=body, **answered) for body in both]

    assert tuple(map(names_its_body, responses)) == held


def test_as_many_questions_are_asked_for_many_grades_as_for_one(whole: Inspection) -> None:
    one = Inspection.objects.get(pk=whole.pk)
    with CaptureQueriesContext(connection) as few:
        checklist(one, TODAY)
    for _ in range(20):
        question = factories.question(cycle=whole.cycle, pillar=factories.pillar())
        factories.citation(grade=factories.grade(inspection=whole, question=question))
        finding(whole, question)

    many = Inspection.objects.get(pk=whole.pk)
    with CaptureQueriesContext(connection) as more:
        checklist(many, TODAY)

    assert len(more) <= len(few) + 4


def test_what_is_about_something_unpublished_waits_for_it(whole: Inspection) -> None:
    """The public log would tell of a draft's grade for good."""
    grade = whole.grades.order_by("pk")[0]
    asked = finding(whole)
    records = [
        factories.comment(grade=grade, status="draft"),
        factories.response(report=whole.reports.get(), status="draft"),
        factories.mention(inspection=whole, force=whole.force, status="draft"),
        factories.finding_event(finding=asked, status="draft"),
        asked,
    ]

    def early() -> list[str]:
        found = [item for record in records for item in checklist(record, TODAY).errors]
        return [item.words for item in found if item.code == "too-early"]

    assert early() == [
        "It can be published when its inspection is public.",
        "It can be published when its inspection is public.",
        "It can be published when its inspection is public.",
        "It can be published when its finding is public.",
        "It can be published when its inspection is public.",
    ]
    for record in (whole, asked):
        type(record).objects.filter(pk=record.pk).update(status="published", published_at="2026-01-01T00:00Z")
    for record in records:
        record.refresh_from_db()
    assert early() == []


def test_response_waits_for_the_findings_that_it_acts_on(whole: Inspection) -> None:
    asked = finding(whole, text="Improve this.")
    response = factories.response(report=whole.reports.get(), status="draft")
    factories.recommendation_action(response=response, finding=asked)
    Inspection.objects.update(status="published", published_at="2026-01-01T00:00Z")
    response.report.inspection.refresh_from_db()

    def early() -> list[str]:
        return [item.words for item in checklist(response, TODAY).errors if item.code.endswith("early")]

    assert early() == ["An action answers a finding that is not public: “Improve this.…”."]
    Finding.objects.update(status="published", published_at="2026-01-01T00:00Z")
    assert early() == []


@pytest.mark.parametrize("column", ["sent_to_inspectorate_on", "sent_to_secretary_of_state_on"])
def test_response_was_sent_on_a_day_that_has_been(column: str) -> None:
    report = factories.report(inspection=factories.inspection(status="published"))
    for day, errors in ((TODAY, []), (TODAY + timedelta(days=1), [f"{column}-future"])):
        response = factories.response(report=report, status="draft", published_on=TODAY, **{column: day})
        assert [item.code for item in checklist(response, TODAY).errors] == errors
        response.delete()


def test_amendment_is_of_a_day_that_has_been(whole: Inspection) -> None:
    grade = whole.grades.order_by("pk")[0]
    amended = {"amended_from": "outstanding", "amended_reason": "Looked at again."}
    for day, errors in ((TODAY, []), (TODAY + timedelta(days=1), ["grade-amended-future"])):
        type(grade).objects.filter(pk=grade.pk).update(amended_on=day, **amended)
        assert codes(whole)[0] == errors
