"""What the database refuses appears in the form, in words; nothing an editor enters ends in an error page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grades.admin.base import in_words
from grades.models import Citation, Finding, Force, Grade, Inspection, Tenure
from tests import factories
from tests.admin.browser import as_sent, messages_of

pytestmark = pytest.mark.django_db


def change(record: Any) -> str:
    """Give the address of the form of a record."""
    return reverse(f"admin:grades_{record._meta.model_name}_change", args=[record.pk])


def save(desk: Client, record: Any, **changes: Any) -> Any:
    """Open the form of a record, change something and save."""
    return desk.post(change(record), as_sent(desk.get(change(record)), **changes))


def add(desk: Client, name: str, **entries: Any) -> Any:
    """Open the form of a new record, fill something in and save."""
    form = reverse(f"admin:grades_{name}_add")
    return desk.post(form, as_sent(desk.get(form), **entries))


def _adequate_on_four_tiers() -> tuple[Any, dict[str, Any], str]:
    grade = factories.grade(inspection=factories.inspection(cycle=factories.cycle(tiers=4)))
    return grade, {"level": "adequate"}, "This cycle's scale has no such grade."


def _question_of_another_cycle() -> tuple[Any, dict[str, Any], str]:
    return factories.grade(), {"question": factories.question().pk}, "This question belongs to another cycle."


def _report_of_another_inspection() -> tuple[Any, dict[str, Any], str]:
    return factories.grade(), {"report": factories.report().pk}, "This report belongs to another inspection."


def _grade_without_a_level() -> tuple[Any, dict[str, Any], str]:
    sentence = "A graded or carried-forward state needs a grade; any other has none."
    return factories.grade(), {"level": ""}, sentence


def _reversed_tenure() -> tuple[Any, dict[str, Any], str]:
    tenure = factories.tenure(valid_from=date(2012, 11, 22))
    return tenure, {"valid_to": "2012-11-01"}, "This must be after the day it starts."


def _overlapping_tenure() -> tuple[Any, dict[str, Any], str]:
    earlier = factories.tenure(valid_from=date(2012, 11, 22), valid_to=date(2024, 5, 7))
    later = factories.tenure(force=earlier.force, valid_from=date(2024, 5, 7))
    return later, {"valid_from": "2024-05-06"}, "A force has one policing body at a time."


def _reversed_monitoring() -> tuple[Any, dict[str, Any], str]:
    period = factories.monitoring_period(entered_on=date(2022, 6, 28), status="draft")
    return period, {"left_on": "2022-06-27"}, "This must be after the day it starts."


def _month_that_is_not_its_first_day() -> tuple[Any, dict[str, Any], str]:
    sentence = "Where only the month or year is known, enter the first day of that month or year."
    return factories.report(), {"published_on": "2022-06-28", "published_on_precision": "month"}, sentence


def _isbn_of_ten_digits() -> tuple[Any, dict[str, Any], str]:
    return factories.report(), {"isbn": "1-78655-010-1"}, "An ISBN has 13 digits, such as 978-1-78655-010-1."


def _cycle_that_loses_a_grade_in_use() -> tuple[Any, dict[str, Any], str]:
    cycle = factories.grade(level="adequate").inspection.cycle
    return cycle, {"tiers": "4"}, "Grades are recorded that this change would contradict."


def _finding_of_another_force() -> tuple[Any, dict[str, Any], str]:
    finding = factories.finding(status="draft")
    return finding, {"inspection": factories.inspection().pk}, "This inspection is of another force."


@pytest.mark.parametrize(
    "mistake",
    [
        _adequate_on_four_tiers,
        _question_of_another_cycle,
        _report_of_another_inspection,
        _grade_without_a_level,
        _reversed_tenure,
        _overlapping_tenure,
        _reversed_monitoring,
        _month_that_is_not_its_first_day,
        _isbn_of_ten_digits,
        _cycle_that_loses_a_grade_in_use,
        _finding_of_another_force,
    ],
)
def test_mistake_is_an_error_of_the_form(
    desk: Client, mistake: Callable[[], tuple[Any, dict[str, Any], str]]
) -> None:
    record, changes, sentence = mistake()
    before = type(record).objects.filter(pk=record.pk).values().get()

    response = save(desk, record, **changes)

    assert response.status_code == 200
    assert messages_of(response) == [sentence]
    assert type(record).objects.filter(pk=record.pk).values().get() == before


def test_refusal_of_the_database_leaves_the_rest_of_the_form_as_it_was_entered(desk: Client) -> None:
    cycle = factories.grade(level="adequate").inspection.cycle

    response = save(desk, cycle, tiers="4", published_text="Spring 2024")

    assert 'value="Spring 2024"' in response.content.decode()


def test_new_grade_is_saved_together_with_its_source(desk: Client) -> None:
    """The citation's rules need a grade that does not exist until both are saved."""
    inspection = factories.inspection()
    question = factories.question(cycle=inspection.cycle)
    source = factories.source()

    response = add(
        desk,
        "grade",
        inspection=inspection.pk,
        question=question.pk,
        state="graded",
        level="good",
        citations__TOTAL_FORMS="1",
        citations__0__source=source.pk,
        citations__0__state="graded",
        citations__0__level="good",
    )

    assert response.status_code == 302, messages_of(response)
    assert Citation.objects.get().grade == Grade.objects.get()


def test_new_grade_whose_source_states_nothing_is_explained(desk: Client) -> None:
    inspection = factories.inspection()
    question = factories.question(cycle=inspection.cycle)

    response = add(
        desk,
        "grade",
        inspection=inspection.pk,
        question=question.pk,
        state="graded",
        level="good",
        citations__TOTAL_FORMS="1",
        citations__0__source=factories.source().pk,
    )

    assert response.status_code == 200
    assert messages_of(response) == [
        "A citation of a grade says what state the source gives; one of a figure does not."
    ]
    assert not Grade.objects.exists()


def test_new_force_is_saved_with_its_names_though_others_have_names_on_the_same_days(desk: Client) -> None:
    """A force that is not saved yet has no number, and a range without numbers overlaps everything."""
    factories.force_name(valid_from=date(1974, 4, 1))
    factories.tenure(valid_from=date(2012, 11, 22))

    response = add(
        desk,
        "force",
        official_name="Kent Police",
        short_name="Kent",
        slug="kent",
        area=factories.area().pk,
        ons_code="E23000032",
        nation="England",
        region="South East",
        names__TOTAL_FORMS="1",
        names__0__name="Kent County Constabulary",
        names__0__valid_from="1974-04-01",
        tenures__TOTAL_FORMS="1",
        tenures__0__body=factories.policing_body().pk,
        tenures__0__valid_from="2012-11-22",
        tenures__0__valid_from_precision="day",
        tenures__0__valid_to_precision="day",
    )

    assert response.status_code == 302, messages_of(response)
    force = Force.objects.get(slug="kent")
    assert (force.names.count(), force.tenures.count()) == (1, 1)


def test_one_body_ends_and_the_next_begins_in_one_go(desk: Client) -> None:
    tenure = factories.tenure(valid_from=date(2012, 11, 22))
    mayor = factories.policing_body(kind="mayor")

    response = save(
        desk,
        tenure.force,
        tenures__TOTAL_FORMS="2",
        tenures__0__valid_to="2024-05-07",
        tenures__1__id="",
        tenures__1__force=tenure.force.pk,
        tenures__1__body=mayor.pk,
        tenures__1__valid_from="2024-05-07",
        tenures__1__valid_from_precision="day",
        tenures__1__valid_to_precision="day",
    )

    assert response.status_code == 302, messages_of(response)
    assert [held.body for held in Tenure.objects.order_by("valid_from")] == [tenure.body, mayor]


@pytest.mark.parametrize("first_end", ["", "2024-05-08"], ids=["open", "a day too late"])
def test_two_rows_that_share_a_day_are_explained(desk: Client, first_end: str) -> None:
    tenure = factories.tenure(valid_from=date(2012, 11, 22))

    response = save(
        desk,
        tenure.force,
        tenures__TOTAL_FORMS="2",
        tenures__0__valid_to=first_end,
        tenures__1__id="",
        tenures__1__force=tenure.force.pk,
        tenures__1__body=factories.policing_body().pk,
        tenures__1__valid_from="2024-05-07",
        tenures__1__valid_from_precision="day",
        tenures__1__valid_to_precision="day",
    )

    assert response.status_code == 200
    assert messages_of(response) == ["A force has one policing body at a time."]
    assert Tenure.objects.count() == 1


def test_row_that_is_deleted_makes_room_for_another(desk: Client) -> None:
    citation = factories.citation()

    response = save(
        desk,
        citation.grade,
        citations__TOTAL_FORMS="2",
        citations__0__DELETE="on",
        citations__1__id="",
        citations__1__grade=citation.grade.pk,
        citations__1__source=citation.source.pk,
        citations__1__state="graded",
        citations__1__level="good",
        citations__1__locator="page 4",
    )

    assert response.status_code == 302, messages_of(response)
    assert [kept.locator for kept in Citation.objects.all()] == ["page 4"]


def test_figure_that_ends_before_it_starts_is_explained(desk: Client) -> None:
    response = add(
        desk,
        "observation",
        area=factories.area().pk,
        metric=factories.metric().pk,
        release=factories.release().pk,
        starts_on="2024-07-01",
        ends_before="2020-01-01",
        value="1",
        basis="published",
    )

    assert response.status_code == 200
    assert messages_of(response) == ["A period ends after it starts."]


def test_status_is_no_field_of_the_form(desk: Client) -> None:
    """What goes public is submitted and approved; a form that claims otherwise changes nothing."""
    inspection = factories.inspection()

    response = save(desk, inspection, status="published", published_at="2026-01-01")

    assert response.status_code == 302
    inspection.refresh_from_db()
    assert inspection.status == "draft"


def test_aliases_never_share_a_day_with_anything(desk: Client) -> None:
    name = factories.force_name(valid_from=date(1974, 4, 1))
    factories.force_name(force=name.force)

    response = save(desk, name.force)

    assert response.status_code == 302, messages_of(response)


def test_periods_that_change_places_are_refused_in_words(desk: Client) -> None:
    """Row by row the database sees an overlap that the whole would not have; the editor is told, and nothing is lost."""
    first = factories.tenure(valid_from=date(2012, 1, 1), valid_to=date(2016, 1, 1))
    second = factories.tenure(force=first.force, valid_from=date(2016, 1, 1), valid_to=date(2020, 1, 1))

    response = save(
        desk,
        first.force,
        tenures__0__valid_from="2016-01-01",
        tenures__0__valid_to="2020-01-01",
        tenures__1__valid_from="2012-01-01",
        tenures__1__valid_to="2016-01-01",
    )

    assert response.status_code == 200
    assert messages_of(response) == ["A force has one policing body at a time."]
    second.refresh_from_db()
    assert second.valid_from == date(2016, 1, 1)


def test_recommendation_takes_force_and_source_from_its_cause_of_concern(desk: Client) -> None:
    cause = factories.finding(kind="cause-of-concern", inspection=factories.inspection(), status="draft")

    response = save(
        desk,
        cause,
        recommendations__TOTAL_FORMS="1",
        recommendations__0__id="",
        recommendations__0__parent=cause.pk,
        recommendations__0__order="1",
        recommendations__0__key="recommendation-1",
        recommendations__0__text="Answer calls in time.",
    )

    assert response.status_code == 302, messages_of(response)
    recommendation = Finding.objects.get(kind="recommendation")
    assert (
        recommendation.parent,
        recommendation.force,
        recommendation.inspection,
        recommendation.source,
    ) == (
        cause,
        cause.force,
        cause.inspection,
        cause.source,
    )


def test_recommendation_that_is_edited_keeps_its_own_source(desk: Client) -> None:
    cause = factories.finding(kind="cause-of-concern", status="draft")
    recommendation = factories.finding(kind="recommendation", parent=cause, status="draft")

    response = save(desk, cause, recommendations__0__text="Answer calls in time.")

    assert response.status_code == 302, messages_of(response)
    edited = Finding.objects.get(pk=recommendation.pk)
    assert (edited.text, edited.source) == ("Answer calls in time.", recommendation.source)


def test_area_for_improvement_offers_no_recommendations(desk: Client) -> None:
    finding = factories.finding(kind="area-for-improvement")

    page = desk.get(change(finding))

    assert [inline.formset.prefix for inline in page.context["inline_admin_formsets"]] == ["events"]


def test_draft_on_which_something_hangs_is_not_deleted_and_the_page_says_why(desk: Client) -> None:
    grade = factories.grade()
    address = reverse("admin:grades_inspection_delete", args=[grade.inspection.pk])

    asked, confirmed = desk.get(address), desk.post(address, {"post": "yes"})

    page = asked.content.decode()
    assert "would require deleting the following protected related objects" in page
    assert str(grade) in page
    assert confirmed.status_code == 200
    assert Inspection.objects.filter(pk=grade.inspection.pk).exists()


@pytest.mark.parametrize(
    "make",
    [
        factories.force,
        factories.source,
        factories.finding,
        lambda: factories.inspection(status="published"),
        lambda: factories.grade(inspection=factories.inspection(status="published")),
        factories.cycle,
        factories.correction,
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_stays_for_good_is_not_deleted_and_the_page_says_why(
    desk: Client, make: Callable[[], Any], method: str
) -> None:
    record = make()
    address = reverse(f"admin:grades_{record._meta.model_name}_delete", args=[record.pk])

    response = getattr(desk, method)(address, {"post": "yes"})

    assert response.status_code == 403
    assert "Only drafts are deleted." in response.content.decode()
    assert type(record).objects.filter(pk=record.pk).exists()


def test_public_records_are_not_deleted_from_their_list_either(desk: Client) -> None:
    public, draft = factories.finding(), factories.finding(status="draft")
    chosen = {"action": "delete_selected", "_selected_action": [public.pk, draft.pk], "post": "yes"}

    response = desk.post(reverse("admin:grades_finding_changelist"), chosen)

    assert response.status_code == 403
    assert Finding.objects.count() == 2


def test_draft_on_which_nothing_hangs_is_deleted(desk: Client) -> None:
    inspection = factories.inspection()

    response = desk.post(reverse("admin:grades_inspection_delete", args=[inspection.pk]), {"post": "yes"})

    assert response.status_code == 302
    assert not Inspection.objects.exists()


def test_refusal_without_a_sentence_of_its_own_is_still_explained() -> None:
    """Somebody else may take the same number between the check of a form and its saving."""
    force = factories.force()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        factories.force(ons_code=force.ons_code)

    assert str(in_words(refusal.value)).startswith("The database did not accept this")


def test_inspection_leads_to_its_page_only_once_it_is_public(desk: Client) -> None:
    draft = factories.inspection()
    published = factories.inspection(status="published")

    page_of_draft = desk.get(change(draft), follow=True).content.decode()
    page_of_published = desk.get(change(published), follow=True).content.decode()

    assert f'href="{draft.get_absolute_url()}"' not in page_of_draft
    assert f'href="{published.get_absolute_url()}"' in page_of_published
