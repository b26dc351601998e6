"""Each filter that is named after unfinished work finds what is unfinished and passes over what is not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grades.admin.base import WorkList
from grades.admin.inspections import GradeAdmin
from grades.models import Citation
from tests import factories

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Task:
    """One choice of one work list, with a record that it finds and one that it passes over."""

    list_name: str
    task: str
    unfinished: Callable[[], Any]
    finished: Callable[[], Any]

    def __str__(self) -> str:
        return f"{self.list_name}: {self.task}"


def _press(**fields: Any) -> Any:
    return factories.citation(source=factories.source(kind="press"), **fields)


def _inspection_with_a_question_left() -> Any:
    grade = factories.grade()
    factories.question(cycle=grade.inspection.cycle)
    return grade.inspection


def _inspection_whose_other_question_is_not_graded() -> Any:
    grade = factories.grade()
    factories.question(cycle=grade.inspection.cycle, graded="ungraded")
    return grade.inspection


def _amended_grade() -> Any:
    return factories.grade(
        level="adequate", amended_on=date(2024, 1, 1), amended_from="good", amended_reason="New evidence."
    )


def _carried_from_known() -> Any:
    return factories.grade(state="carried-forward", carried_from=factories.cycle(order=0))


def _force_whose_body_left() -> Any:
    return factories.tenure(valid_from=date(2012, 11, 22), valid_to=date(2016, 5, 5)).force


def _closed_finding() -> Any:
    return factories.finding_event(standing="closed").finding


def _open_finding() -> Any:
    return factories.finding_event(standing="open").finding


def _cycle_with_all_meanings() -> Any:
    cycle = factories.cycle(tiers=4)
    for level in ("outstanding", "good", "requires-improvement", "inadequate"):
        factories.grade_definition(cycle=cycle, level=level)
    return cycle


def _cause_with_recommendation() -> Any:
    cause = factories.finding(kind="cause-of-concern")
    factories.finding(kind="recommendation", parent=cause)
    return cause


def _without(make: Callable[..., Any], *names: str) -> Callable[[], Any]:
    """Make a record in which something is left empty."""
    return lambda: make(**{name: None if name.endswith("_on") else "" for name in names})


TASKS = [
    Task("grade", "without-source", factories.grade, lambda: factories.citation().grade),
    Task("grade", "unchecked", lambda: _press().grade, lambda: factories.citation().grade),
    Task("grade", "unchecked", lambda: _press().grade, lambda: _press(checked_on=date(2026, 1, 1)).grade),
    Task("grade", "press-only", lambda: _press().grade, factories.grade),
    Task("grade", "disputed", lambda: factories.citation(level="adequate").grade, factories.grade),
    Task("grade", "origin-unknown", lambda: factories.grade(state="carried-forward"), _carried_from_known),
    Task("grade", "amended", _amended_grade, factories.grade),
    Task(
        "inspection", "not-published", factories.inspection, lambda: factories.inspection(status="published")
    ),
    Task("inspection", "without-report", factories.inspection, lambda: factories.report().inspection),
    Task("inspection", "without-grade", factories.inspection, lambda: factories.grade().inspection),
    Task(
        "inspection",
        "grades-missing",
        _inspection_with_a_question_left,
        _inspection_whose_other_question_is_not_graded,
    ),
    Task(
        "inspection",
        "without-source",
        lambda: factories.grade().inspection,
        lambda: factories.citation().grade.inspection,
    ),
    Task(
        "inspection",
        "unchecked",
        lambda: _press().grade.inspection,
        lambda: factories.citation().grade.inspection,
    ),
    Task(
        "inspection",
        "date-unconfirmed",
        lambda: factories.report().inspection,
        lambda: factories.report(date_confirmed=True).inspection,
    ),
    Task("report", "date-unconfirmed", factories.report, lambda: factories.report(date_confirmed=True)),
    Task("report", "without-address", _without(factories.report, "address"), factories.report),
    Task("report", "without-date", _without(factories.report, "published_on"), factories.report),
    Task("report", "without-response", factories.report, lambda: factories.response().report),
    Task(
        "report",
        "without-response",
        lambda: factories.report(published_on=date(2017, 5, 1)),
        lambda: factories.report(published_on=date(2017, 4, 30)),
    ),
    Task("source", "without-address", _without(factories.source, "address"), factories.source),
    Task("source", "without-citation", factories.source, lambda: factories.citation().source),
    Task("citation", "unchecked", _press, factories.citation),
    Task("citation", "differs", lambda: factories.citation(level="adequate"), factories.citation),
    Task("finding", "without-step", factories.finding, _open_finding),
    Task("finding", "not-closed", _open_finding, _closed_finding),
    Task(
        "finding",
        "without-recommendation",
        lambda: factories.finding(kind="cause-of-concern"),
        _cause_with_recommendation,
    ),
    Task(
        "monitoringperiod",
        "exit-unrecorded",
        _without(factories.monitoring_period, "left_on"),
        factories.monitoring_period,
    ),
    Task("response", "without-text", factories.response, lambda: factories.response(actions="Ask again.")),
    Task("force", "without-body", _force_whose_body_left, lambda: factories.tenure().force),
    Task("force", "without-council", factories.force, lambda: factories.council().force),
    Task("policingbody", "without-force", factories.policing_body, lambda: factories.tenure().body),
    Task(
        "cycle",
        "without-meaning",
        lambda: factories.grade_definition(cycle=factories.cycle(tiers=4)).cycle,
        _cycle_with_all_meanings,
    ),
    Task(
        "question",
        "title-unconfirmed",
        lambda: factories.question(wording="unconfirmed"),
        factories.question,
    ),
    Task("metric", "without-figure", factories.metric, lambda: factories.observation().metric),
    Task(
        "observation",
        "provisional",
        lambda: factories.observation(status="provisional"),
        factories.observation,
    ),
]


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_task_finds_the_unfinished_and_passes_over_the_finished(desk: Client, task: Task) -> None:
    finished = task.finished()
    unfinished = task.unfinished()

    page = desk.get(reverse(f"admin:grades_{task.list_name}_changelist"), {"todo": task.task})

    found = list(page.context["cl"].queryset)
    assert unfinished in found
    assert finished not in found


def test_numbers_beside_the_tasks_count_what_is_unfinished(desk: Client) -> None:
    _press()
    _press()
    factories.citation()

    page = desk.get(reverse("admin:grades_grade_changelist"))

    text = page.content.decode()
    assert "not yet checked against the report (2)" in text
    assert "known from the press only (2)" in text
    assert "sources disagree (0)" in text


def test_unknown_task_is_no_filter(desk: Client) -> None:
    factories.grade()

    page = desk.get(reverse("admin:grades_grade_changelist"), {"todo": "everything"})

    assert page.context["cl"].result_count == 1


def test_tasks_of_grades_are_named_as_the_pages_name_them() -> None:
    assert issubclass(GradeAdmin.Work, WorkList)
    assert [str(label) for label, _pick in GradeAdmin.Work.tasks.values()] == [
        "without source",
        "not yet checked against the report",
        "known from the press only",
        "sources disagree",
        "carried forward, origin not known",
        "amended by the inspectorate",
        "without its report",
    ]


def test_inspection_says_how_much_of_it_is_recorded(desk: Client) -> None:
    grade = factories.grade()
    cycle = grade.inspection.cycle
    factories.question(cycle=cycle)
    factories.grade(inspection=grade.inspection, question=factories.question(cycle=cycle, graded="varies"))

    page = desk.get(reverse("admin:grades_inspection_changelist"))

    assert "1 of 2 and 1 others" in page.content.decode()


def test_regional_inspection_counts_its_grades_only(desk: Client) -> None:
    """Its one question is not of those that are graded for every force."""
    factories.grade(inspection=factories.inspection(kind="soc"))

    page = desk.get(reverse("admin:grades_inspection_changelist"))

    assert '<td class="field-recorded">1</td>' in page.content.decode()


def test_citations_are_marked_as_checked_by_whoever_is_signed_in(desk: Client, superuser: User) -> None:
    colleague = factories.user()
    unchecked = _press()
    checked_before = _press(checked_on=date(2026, 1, 1), checked_by=colleague)
    chosen = {"action": "mark_as_checked", "_selected_action": [unchecked.pk, checked_before.pk]}

    response = desk.post(reverse("admin:grades_citation_changelist"), chosen, follow=True)

    marked, kept = Citation.objects.get(pk=unchecked.pk), Citation.objects.get(pk=checked_before.pk)
    assert "1 citation marked." in response.content.decode()
    assert (marked.checked_on, marked.checked_by) == (timezone.localdate(), superuser)
    assert (kept.checked_on, kept.checked_by) == (date(2026, 1, 1), colleague)


@pytest.mark.parametrize(
    ("precision", "shown"), [("day", "1 June 2022"), ("month", "June 2022"), ("year", "2022")]
)
def test_date_is_shown_as_far_as_it_is_known(desk: Client, precision: str, shown: str) -> None:
    first = date(2022, 1, 1) if precision == "year" else date(2022, 6, 1)
    factories.report(published_on=first, published_on_precision=precision)

    page = desk.get(reverse("admin:grades_report_changelist"))

    assert re.search(rf"field-published_date[^>]*>{shown}</td>", page.content.decode())


@pytest.mark.parametrize(
    ("report_day", "response_day", "shown"),
    [
        (date(2022, 10, 14), date(2022, 10, 14), "1"),
        (date(2022, 10, 14), date(2022, 12, 8), "56"),
        (date(2016, 2, 18), date(2016, 4, 1), "–"),
        (date(2022, 10, 14), None, "–"),
    ],
    ids=["same day", "last day", "before the limit", "date not known"],
)
def test_response_shows_its_day_of_the_56(
    desk: Client, report_day: date, response_day: date | None, shown: str
) -> None:
    factories.response(report=factories.report(published_on=report_day), published_on=response_day)

    page = desk.get(reverse("admin:grades_response_changelist"))

    assert f'<td class="field-day_of">{shown}</td>' in page.content.decode()
