"""Submit, approve, give back, withdraw and correct, each through its page."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from grades.models import ChangeLogEntry, Citation, Correction, Grade, Inspection, Report, Submission
from tests import factories
from tests.admin.browser import as_sent
from tests.people import People
from tests.publishing.conftest import complete

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def discard_address(correction: Correction) -> str:
    """Give the address of the button that gives a correction up."""
    return reverse("admin:grades_correction_discard", args=[correction.pk])


def submit_address(record: Any) -> str:
    """Give the address of the form that submits a record."""
    return reverse("admin:grades_submission_submit", args=[record._meta.label_lower, record.pk])


def text_of(response: Any) -> str:
    """Give a page's text as a reader sees it."""
    return response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


@pytest.fixture
def draft(people: People) -> Inspection:
    """Make a complete draft of the office."""
    return complete(people.force)


@pytest.fixture
def submission(people: People, sign_in: SignIn, draft: Inspection) -> Submission:
    """Have the editor submit it."""
    browser = sign_in(people.editor)
    browser.post(submit_address(draft), as_sent(browser.get(submit_address(draft))))
    return Submission.objects.get()


def step(submission: Submission, name: str) -> str:
    """Give the address of a decision."""
    return reverse(f"admin:grades_submission_{name}", args=[submission.pk])


def public_grade(people: People, **fields: Any) -> Grade:
    """Make a grade that is public."""
    return factories.grade(inspection=factories.inspection(force=people.force, status="published"), **fields)


# Submitting


def test_draft_leads_to_its_submission(people: People, sign_in: SignIn) -> None:
    finding = factories.finding(force=people.force, status="draft")

    page = sign_in(people.editor).get(reverse("admin:grades_finding_change", args=[finding.pk]))

    assert f'href="{submit_address(finding)}"' in page.content.decode()


def test_complete_draft_is_submitted(people: People, sign_in: SignIn, draft: Inspection) -> None:
    browser = sign_in(people.editor)
    page = browser.get(submit_address(draft))

    response = browser.post(submit_address(draft), as_sent(page), follow=True)

    made = Submission.objects.get()
    assert "Nothing is missing." in text_of(page)
    assert (made.object_id, made.submitted_by, made.publish_at) == (draft.pk, people.editor, None)
    assert "Submitted. A second person can approve it now." in text_of(response)


def test_error_blocks(people: People, sign_in: SignIn) -> None:
    empty = factories.inspection(force=people.force)
    browser = sign_in(people.editor)

    page, sent = browser.get(submit_address(empty)), browser.post(submit_address(empty), {})

    assert "No report is recorded." in text_of(page)
    assert 'value="Submit"' not in text_of(page)
    assert sent.status_code == 422
    assert not Submission.objects.exists()


def test_each_warning_needs_its_tick_and_its_reason(
    people: People, sign_in: SignIn, draft: Inspection
) -> None:
    Report.objects.update(address="")
    browser, address = sign_in(people.editor), submit_address(draft)
    page = browser.get(address)

    (box,), (reason,) = as_boxes(page, "accepted_"), as_boxes(page, "reason_")

    without = browser.post(address, as_sent(page))
    without_reason = browser.post(address, as_sent(page, **{box: "on"}))
    without_tick = browser.post(address, as_sent(page, **{reason: "It was printed only."}))
    assert [r.status_code for r in (without, without_reason, without_tick)] == [422, 422, 422]
    assert "Tick it if it may stand." in text_of(without)
    assert "Say why it may stand." in text_of(without_reason)
    assert 'value="It was printed only."' in text_of(without_tick)
    assert not Submission.objects.exists()

    browser.post(address, as_sent(page, **{box: "on", reason: "It was printed only."}))

    (kept,) = Submission.objects.get().acknowledged
    assert kept["reason"] == "It was printed only."


def test_reason_is_never_taken_for_another_warning_that_came_meanwhile(
    people: People, sign_in: SignIn, draft: Inspection
) -> None:
    Report.objects.update(address="")
    browser, address = sign_in(people.editor), submit_address(draft)
    page = browser.get(address)
    answers = dict.fromkeys(as_boxes(page, "accepted_"), "on")
    answers |= dict.fromkeys(as_boxes(page, "reason_"), "It was printed only.")
    Report.objects.update(address="https://example.org/report")
    Citation.objects.update(locator="")

    response = browser.post(address, as_sent(page, **answers))

    assert response.status_code == 422
    assert "no page or section is given" in text_of(response)
    assert "It was printed only." not in text_of(response)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"embargo_on": "2027-03-28", "embargo_at": "01:30"}, "There is no 01:30 on 28 March 2027"),
        ({"embargo_on": "2027-10-31", "embargo_at": "01:30"}, "It is 01:30 twice on 31 October 2027"),
        ({"embargo_on": "2027-03-28"}, "An embargo has a day and a time."),
        ({"embargo_at": "09:00"}, "An embargo has a day and a time."),
        ({"embargo_on": "2020-01-01", "embargo_at": "09:00"}, "The embargo has to end in the future."),
    ],
)
def test_embargo_that_cannot_be_meant_is_refused_in_words(
    people: People, sign_in: SignIn, draft: Inspection, given: dict[str, str], words: str
) -> None:
    browser, address = sign_in(people.editor), submit_address(draft)

    response = browser.post(address, as_sent(browser.get(address), **given))

    assert response.status_code == 422
    assert words in text_of(response)
    assert all(f'value="{value}"' in text_of(response) for value in given.values())
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("day", "at", "which", "moment"),
    [
        ("2027-07-01", "09:00", "", datetime(2027, 7, 1, 8, tzinfo=UTC)),
        ("2027-12-01", "09:00", "", datetime(2027, 12, 1, 9, tzinfo=UTC)),
        ("2027-10-31", "01:30", "first", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31", "01:30", "second", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_embargo_is_a_moment_on_londons_clock(
    people: People, sign_in: SignIn, draft: Inspection, day: str, at: str, which: str, moment: datetime
) -> None:
    browser, address = sign_in(people.editor), submit_address(draft)
    filled = {"embargo_on": day, "embargo_at": at, "embargo_which": which}

    browser.post(address, as_sent(browser.get(address), **filled))

    assert Submission.objects.get().publish_at == moment


def test_report_of_a_day_to_come_asks_for_an_embargo(
    people: People, sign_in: SignIn, draft: Inspection
) -> None:
    draft.reports.update(published_on=date(2031, 5, 1))
    browser, address = sign_in(people.editor), submit_address(draft)
    page = browser.get(address)
    assert "With an embargo that ends on that day or later it can be submitted" in text_of(page)

    without = browser.post(address, as_sent(page))
    assert without.status_code == 422
    assert "1 May 2031 is in the future" in text_of(without)
    assert not Submission.objects.exists()

    browser.post(address, as_sent(page, embargo_on="2031-05-01", embargo_at="00:01"))
    assert Submission.objects.get().publish_at == datetime(2031, 4, 30, 23, 1, tzinfo=UTC)


def test_record_that_is_submitted_leads_to_its_submission(
    people: People, sign_in: SignIn, submission: Submission, draft: Inspection
) -> None:
    response = sign_in(people.editor).post(submit_address(draft), {})

    assert response.url == reverse("admin:grades_submission_change", args=[submission.pk])
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda force: factories.response(
            report=factories.report(inspection=factories.inspection(force=force, status="published")),
            status="draft",
            chief_constable_comments="Yes.",
            body_comments="Yes.",
        ),
        lambda force: factories.comment(
            grade=factories.grade(inspection=factories.inspection(force=force, status="published")),
            status="draft",
        ),
        lambda force: factories.finding(force=force, status="draft", published_on=date(2024, 3, 1)),
        lambda force: factories.finding_event(finding=factories.finding(force=force), status="draft"),
        lambda force: factories.monitoring_period(force=force, status="draft"),
        lambda force: factories.mention(force=force, status="draft"),
        lambda force: correction_of(force),
    ],
    ids=["response", "comment", "finding", "step", "monitoring", "mention", "correction"],
)
def test_everything_that_goes_public_takes_the_same_way(
    people: People, sign_in: SignIn, make: Callable[[Any], Any]
) -> None:
    record = make(people.force)
    browser, address = sign_in(people.editor), submit_address(record)
    page = browser.get(address)
    boxes = dict.fromkeys(as_boxes(page, "accepted_"), "on")
    reasons = dict.fromkeys(as_boxes(page, "reason_"), "It may.")

    browser.post(address, as_sent(page, **boxes, **reasons))
    submission = Submission.objects.get()
    shown = sign_in(people.publisher).get(reverse("admin:grades_submission_change", args=[submission.pk]))
    sign_in(people.publisher).post(step(submission, "approve"))

    record.refresh_from_db()
    assert shown.status_code == 200
    assert 'value="Approve and publish"' in text_of(shown)
    assert record.status == "published"


def as_boxes(page: Any, start: str) -> list[str]:
    """Name the fields of a page's form that begin with a word."""
    return [name for name in page.context["form"].fields if name.startswith(start)]


def correction_of(force: Any) -> Correction:
    """Make a correction that is not submitted."""
    grade = factories.grade(inspection=factories.inspection(force=force, status="published"))
    return factories.correction(
        what="grades.grade",
        object_id=grade.pk,
        force=force,
        before={"level": "good"},
        after={"level": "adequate"},
    )


# Deciding


def test_second_person_sees_all_that_is_published_and_approves(
    people: People, sign_in: SignIn, submission: Submission, draft: Inspection
) -> None:
    browser = sign_in(people.publisher)
    page = browser.get(reverse("admin:grades_submission_change", args=[submission.pk]))

    response = browser.post(step(submission, "approve"), follow=True)

    draft.refresh_from_db()
    for grade in draft.grades.all():
        assert grade.question.name_in_cycle in text_of(page)
        assert grade.get_level_display() in text_of(page)
    assert "Published." in text_of(response)
    assert draft.status == "published"


def test_double_click_publishes_once_and_says_so(
    people: People, sign_in: SignIn, submission: Submission
) -> None:
    browser = sign_in(people.publisher)

    browser.post(step(submission, "approve"))
    again = browser.post(step(submission, "approve"), follow=True)

    assert "This was approved already; nothing was done twice." in text_of(again)
    assert ChangeLogEntry.objects.count() == 1


@pytest.mark.parametrize("person", ["viewer", "editor"])
@pytest.mark.parametrize("name", ["approve", "give_back"])
def test_who_may_not_decide_is_refused_in_words(
    people: People, sign_in: SignIn, submission: Submission, person: str, name: str
) -> None:
    response = sign_in(getattr(people, person)).post(step(submission, name), {"remark": "No."})

    submission.refresh_from_db()
    assert response.status_code == 403
    assert ("you submitted this yourself" if person == "editor" else "Publishers") in text_of(
        response
    ).replace("You submitted", "you submitted")
    assert submission.decision == "pending"


def test_office_of_one_publishes_alone_and_is_told_that_the_log_says_so(
    people: People, sign_in: SignIn, draft: Inspection
) -> None:
    people.office.one_person_publishing = True
    people.office.save()
    browser = sign_in(people.publisher)
    browser.post(submit_address(draft), as_sent(browser.get(submit_address(draft))))
    submission = Submission.objects.get()

    page = browser.get(reverse("admin:grades_submission_change", args=[submission.pk]))
    browser.post(step(submission, "approve"))

    assert "The public log will say that no second person looked." in text_of(page)
    assert ChangeLogEntry.objects.get().document["approved_by"] == "its author alone"


def test_page_of_a_submission_shows_all_that_goes_public(
    people: People, sign_in: SignIn, submission: Submission, draft: Inspection
) -> None:
    grade = draft.grades.get(level="good")
    Grade.objects.filter(pk=grade.pk).update(
        summary="Calls are answered sooner.",
        note="Two forces share it.",
        amended_on=date(2026, 3, 1),
        amended_from="adequate",
        amended_reason="Looked at again.",
    )
    draft.reports.update(date_confirmed=True)
    found = {"inspection": draft, "force": draft.force, "question": grade.question}
    factories.finding(**found, status="draft", text="Train them.", due="by July", due_on=date(2026, 7, 1))
    factories.finding(**found, status="submitted", text="By itself.")

    page = text_of(
        sign_in(people.publisher).get(reverse("admin:grades_submission_change", args=[submission.pk]))
    )

    for words in (
        "Calls are answered sooner.",
        "Two forces share it.",
        "HMICFRS, page 4",
        "on 1 March 2026, from Adequate: Looked at again.",
        "confirmed: the 56 days count from it",
        "Due: by July (1 July 2026)",
    ):
        assert words in " ".join(page.replace("</p>", "").split())
    assert "By itself." not in page


def test_page_of_a_submitted_response_shows_its_actions(people: People, sign_in: SignIn) -> None:
    inspection = complete(people.force, status="published")
    response = factories.response(report=inspection.reports.get(), status="submitted")
    finding = factories.finding(inspection=inspection, text="Train call handlers.")
    factories.recommendation_action(response=response, finding=finding, action="Training began in May.")
    sent = factories.submission(what="grades.response", object_id=response.pk, force=people.force)

    page = text_of(sign_in(people.publisher).get(reverse("admin:grades_submission_change", args=[sent.pk])))

    assert "Train call handlers." in page
    assert "Training began in May." in page


def test_embargo_is_kept_until_it_ends(people: People, sign_in: SignIn, submission: Submission) -> None:
    Submission.objects.update(publish_at=datetime(2035, 1, 1, tzinfo=UTC))

    response = sign_in(people.publisher).post(step(submission, "approve"), follow=True)

    assert "It goes public when the embargo ends." in text_of(response)
    assert not ChangeLogEntry.objects.exists()


def test_given_back_with_a_remark_which_its_author_reads(
    people: People, sign_in: SignIn, submission: Submission, draft: Inspection
) -> None:
    browser = sign_in(people.publisher)

    silent = browser.post(step(submission, "give_back"), {"remark": "  "})
    browser.post(step(submission, "give_back"), {"remark": "Page 4 says otherwise."})

    page = sign_in(people.editor).get(reverse("admin:grades_submission_change", args=[submission.pk]))
    draft.refresh_from_db()
    assert silent.status_code == 422
    assert "Say why you return it." in text_of(silent)
    assert "Page 4 says otherwise." in text_of(page)
    assert draft.status == "draft"


def test_refusal_on_approval_is_told_and_loses_nothing(
    people: People, sign_in: SignIn, submission: Submission
) -> None:
    Report.objects.all().update(published_on=None)

    response = sign_in(people.publisher).post(step(submission, "approve"))

    submission.refresh_from_db()
    assert response.status_code == 409
    assert "the day of publication is missing" in text_of(response)
    assert submission.decision == "pending"


def test_what_went_public_meanwhile_is_not_withdrawn_and_says_so(
    people: People, sign_in: SignIn, submission: Submission, draft: Inspection
) -> None:
    sign_in(people.publisher).post(step(submission, "approve"))

    late = sign_in(people.editor).post(step(submission, "withdraw"))

    assert late.status_code == 409
    assert "This went public meanwhile." in text_of(late)
    draft.refresh_from_db()
    assert draft.status == "published"


def test_author_withdraws(people: People, sign_in: SignIn, submission: Submission, draft: Inspection) -> None:
    browser = sign_in(people.editor)

    first = browser.post(step(submission, "withdraw"), follow=True)
    second = browser.post(step(submission, "withdraw"))

    draft.refresh_from_db()
    assert "It is a draft again." in text_of(first)
    assert second.status_code == 409
    assert "This was decided already." in text_of(second)
    assert draft.status == "draft"


# Correcting


def propose(browser: Client, record: Any, **changes: Any) -> Any:
    """Fill in the form of a correction and send it."""
    address = reverse("admin:grades_correction_propose", args=[record._meta.label_lower, record.pk])
    fields = {f"record-{name}": value for name, value in changes.items() if name not in ("source", "reason")}
    why = {f"why-{name}": value for name, value in changes.items() if name in ("source", "reason")}
    return browser.post(address, {**as_sent(browser.get(address)), **fields, **why})


def test_public_record_leads_to_its_correction(people: People, sign_in: SignIn) -> None:
    grade = public_grade(people)

    page = sign_in(people.editor).get(reverse("admin:grades_grade_change", args=[grade.pk]))

    assert reverse("admin:grades_correction_propose", args=["grades.grade", grade.pk]) in text_of(page)
    assert "This is public." in text_of(page)


def test_grade_is_corrected_from_proposal_to_log(people: People, sign_in: SignIn) -> None:
    grade, source = public_grade(people), factories.source()
    editor = sign_in(people.editor)

    response = propose(editor, grade, level="adequate", source=source.pk, reason="Misread.")

    made = Correction.objects.get()
    assert (made.before, made.after) == ({"level": "good"}, {"level": "adequate"})
    assert response.url == submit_address(made)
    editor.post(response.url, as_sent(editor.get(response.url)))
    submission = Submission.objects.get()
    publisher = sign_in(people.publisher)
    page = publisher.get(reverse("admin:grades_submission_change", args=[submission.pk]))
    assert "<td>Good</td><td>Adequate</td>" in text_of(page)
    assert "Misread." in text_of(page)
    publisher.post(step(submission, "approve"))
    grade.refresh_from_db()
    assert grade.level == "adequate"
    shown = text_of(editor.get(reverse("admin:grades_grade_change", args=[grade.pk])))
    assert "<td>Good</td><td>Adequate</td>" in shown


def test_draft_correction_is_discarded_on_its_page(people: People, sign_in: SignIn) -> None:
    editor = sign_in(people.editor)
    propose(editor, public_grade(people), level="adequate", source=factories.source().pk, reason="Misread.")
    made = Correction.objects.get()
    page, button = reverse("admin:grades_correction_change", args=[made.pk]), discard_address(made)

    def listed(task: str) -> int:
        rows = editor.get(reverse("admin:grades_correction_changelist"), {"todo": task})
        return len(rows.context["cl"].result_list)

    assert button in text_of(editor.get(page))
    assert (listed("draft"), listed("discarded")) == (1, 0)
    answer = editor.post(button, follow=True)

    assert "Discarded. It stays on file" in text_of(answer)
    assert button not in text_of(answer)
    assert submit_address(made) not in text_of(answer)
    assert (listed("draft"), listed("discarded")) == (0, 1)
    shown = text_of(editor.get(reverse("admin:grades_grade_change", args=[made.object_id])))
    assert "<strong>Discarded</strong>" in shown
    told = editor.get(reverse("admin:grades_correction_history", args=[made.pk])).context["entries"][0]
    assert (told.who, told.why) == (people.editor.username, "discarded")
    again, submitting = editor.post(button), editor.get(submit_address(made))
    assert (again.status_code, submitting.status_code) == (403, 403)
    assert "This was discarded. Propose it anew." in text_of(submitting)


@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("stranger", 404)])
def test_correction_is_not_discarded_by_others(
    people: People, sign_in: SignIn, person: str, status: int
) -> None:
    made = factories.correction(
        what="grades.grade",
        object_id=public_grade(people).pk,
        force=people.force,
        after={"level": "adequate"},
    )
    browser = sign_in(getattr(people, person))

    assert browser.post(discard_address(made)).status_code == status
    assert browser.get(discard_address(made)).status_code == 405
    page = browser.get(reverse("admin:grades_correction_change", args=[made.pk]))
    assert discard_address(made) not in text_of(page)
    made.refresh_from_db()
    assert made.discarded_at is None


def test_correction_needs_reason_source_and_a_change(people: People, sign_in: SignIn) -> None:
    grade, editor = public_grade(people), sign_in(people.editor)

    nothing = propose(editor, grade, source=factories.source().pk, reason="Misread.")
    bare = propose(editor, grade, level="adequate")
    wrong = propose(editor, grade, level="", source=factories.source().pk, reason="Misread.")

    assert "Nothing would change." in text_of(nothing)
    assert text_of(bare).count("This field is required.") == 2
    assert 'value="adequate" selected' in text_of(bare)
    assert "A graded or carried-forward state needs a grade" in text_of(wrong)
    assert [r.status_code for r in (nothing, bare, wrong)] == [422, 422, 422]
    assert not Correction.objects.exists()
    grade.refresh_from_db()
    assert grade.level == "good"


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (lambda force: factories.finding(force=force), "text", "Shorter."),
        (lambda force: factories.mention(force=force), "title", "Another headline"),
        (lambda force: factories.monitoring_period(force=force), "note", "Known from the press."),
        (
            lambda force: factories.response(
                report=factories.report(inspection=factories.inspection(force=force))
            ),
            "body_comments",
            "We agree.",
        ),
        (
            lambda force: factories.report(inspection=factories.inspection(force=force, status="published")),
            "published_on",
            "2024-03-02",
        ),
        (lambda force: factories.observation(area=force.area), "value", "51"),
    ],
    ids=["finding", "mention", "monitoring", "response", "report", "figure"],
)
def test_anything_public_is_corrected(
    people: People, sign_in: SignIn, make: Callable[[Any], Any], field: str, value: str
) -> None:
    record = make(people.force)

    propose(sign_in(people.editor), record, **{field: value}, source=factories.source().pk, reason="Misread.")

    # What is known of a date goes along with it.
    assert set(Correction.objects.get().after) - {f"{field}_precision"} == {field}


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("grades.grade", {"state": "graded", "level": "good"}),
        (
            "grades.report",
            {"kind": "peel", "title": "Found later", "published_on": "2024-03-01", "address": ""},
        ),
    ],
)
def test_what_a_published_inspection_lacks_is_added(
    people: People, sign_in: SignIn, label: str, fields: dict[str, str]
) -> None:
    inspection = factories.inspection(force=people.force, status="published")
    question = factories.question(cycle=inspection.cycle)
    editor = sign_in(people.editor)
    address = reverse("admin:grades_correction_add_to", args=[inspection.pk, label])
    filled = {f"record-{name}": value for name, value in fields.items()}
    if label == "grades.grade":
        filled["record-question"] = str(question.pk)
    why = {"why-source": factories.source().pk, "why-reason": "It was missing."}

    response = editor.post(address, {**as_sent(editor.get(address)), **filled, **why})

    assert response.status_code == 302, text_of(response)
    made = Correction.objects.get()
    editor.post(response.url, as_sent(editor.get(response.url)))
    page = sign_in(people.publisher).get(
        reverse("admin:grades_submission_change", args=[Submission.objects.get().pk])
    )
    assert page.status_code == 200
    sign_in(people.publisher).post(step(Submission.objects.get(), "approve"))
    made.refresh_from_db()
    assert made.status == "published"
    assert made.object_id is not None


def test_draft_is_not_corrected_and_the_page_says_so(people: People, sign_in: SignIn) -> None:
    grade = factories.grade(inspection=factories.inspection(force=people.force))

    response = sign_in(people.editor).get(
        reverse("admin:grades_correction_propose", args=["grades.grade", grade.pk])
    )

    assert response.status_code == 403
    assert "This is not public yet: edit it as it stands." in text_of(response)


@pytest.mark.parametrize("label", ["grades.nothing", "auth.user", "nonsense", "grades.gradehistory"])
def test_labels_that_name_nothing_do_not_exist(people: People, sign_in: SignIn, label: str) -> None:
    browser = sign_in(people.editor)

    for name in ("correction_propose", "submission_submit"):
        assert browser.get(reverse(f"admin:grades_{name}", args=[label, 1])).status_code == 404


# Confirming


def test_cell_is_confirmed_with_one_click(people: People, sign_in: SignIn) -> None:
    grade = public_grade(people)
    citation = factories.citation(grade=grade, source=factories.source(kind="press"))
    browser = sign_in(people.editor)
    desk = browser.get(reverse("admin:index"))
    address = reverse("admin:grades_citation_confirm", args=[citation.pk])

    assert f'action="{address}"' in text_of(desk)
    response = browser.post(address, follow=True)

    citation.refresh_from_db()
    assert citation.checked_by == people.editor
    assert "Confirmed:" in text_of(response)
    assert ChangeLogEntry.objects.get().kind == "checked"


def test_source_that_states_otherwise_is_not_confirmed(people: People, sign_in: SignIn) -> None:
    citation = factories.citation(
        grade=public_grade(people), level="adequate", source=factories.source(kind="press")
    )

    response = sign_in(people.editor).post(
        reverse("admin:grades_citation_confirm", args=[citation.pk]), follow=True
    )

    citation.refresh_from_db()
    assert citation.checked_on is None
    assert "This source states another grade than the record." in text_of(response)


def test_last_day_stands_on_the_form_of_a_response(people: People, sign_in: SignIn) -> None:
    report = factories.report(
        inspection=factories.inspection(force=people.force),
        published_on=date(2022, 10, 14),
        date_confirmed=True,
    )
    response = factories.response(report=report, status="draft")

    page = sign_in(people.editor).get(reverse("admin:grades_response_change", args=[response.pk]))

    assert "8 December 2022" in text_of(page)


# The ways in


def test_front_page_begins_a_report_for_those_who_record(people: People, sign_in: SignIn) -> None:
    begin = reverse("admin:grades_inspection_start")

    assert begin in text_of(sign_in(people.editor).get(reverse("admin:index")))
    assert begin not in text_of(sign_in(people.viewer).get(reverse("admin:index")))


def test_public_inspection_leads_to_the_correction_of_each_part(people: People, sign_in: SignIn) -> None:
    grade = public_grade(people)
    report = factories.report(inspection=grade.inspection)
    mine = {"force": people.force, "inspection": grade.inspection, "question": grade.question}
    public, draft = (factories.finding(**mine, status=status) for status in ("published", "draft"))
    screen = reverse("admin:grades_inspection_record", args=[grade.inspection_id])

    def offered(person: User) -> list[Any]:
        page = text_of(sign_in(person).get(screen))
        return [
            record
            for record in (grade, report, public, draft)
            if reverse("admin:grades_correction_propose", args=[record._meta.label_lower, record.pk]) in page
        ]

    assert offered(people.editor) == [grade, report, public]
    assert offered(people.viewer) == []


def test_response_is_begun_from_its_report(people: People, sign_in: SignIn) -> None:
    before, now = factories.policing_body(), people.office.body
    people.force.tenures.update(valid_from=date(2024, 5, 1))
    factories.tenure(force=people.force, body=before, valid_to=date(2024, 5, 1))
    inspection = factories.inspection(force=people.force, status="published")
    bodies = {}
    for day in (date(2024, 4, 30), date(2024, 5, 1)):
        report = factories.report(
            inspection=inspection, kind="peel" if not bodies else "effectiveness", published_on=day
        )
        browser = sign_in(people.editor)
        page = browser.get(reverse("admin:grades_report_change", args=[report.pk]))
        address = reverse("admin:grades_response_add", query={"report": report.pk})
        assert (address, "Record a response") in [(a, str(words)) for a, words in page.context["steps"]]
        bodies[day] = browser.get(address).context["adminform"].form["body"].value()

    assert bodies == {date(2024, 4, 30): before.pk, date(2024, 5, 1): now.pk}


def test_response_to_a_report_of_another_office_is_not_begun(people: People, sign_in: SignIn) -> None:
    report = factories.report(inspection=factories.inspection(force=people.other_force, status="published"))

    for number in (report.pk, "x", ""):
        page = sign_in(people.editor).get(reverse("admin:grades_response_add", query={"report": number}))
        assert not page.context["adminform"].form["body"].value()


# What a list and a form say


def test_list_of_submissions_names_what_was_submitted(
    people: People, sign_in: SignIn, submission: Submission
) -> None:
    page = text_of(sign_in(people.publisher).get(reverse("admin:grades_submission_changelist")))

    assert f"Inspection: {Inspection.objects.get(pk=submission.object_id)}" in page


def test_list_of_corrections_names_what_is_corrected(people: People, sign_in: SignIn) -> None:
    grade = public_grade(people)
    given = {"what": "grades.grade", "force": people.force, "after": {"level": "adequate"}}
    factories.correction(object_id=grade.pk, before={"level": "good"}, **given)
    factories.correction(object_id=None, before={}, **given)

    page = text_of(sign_in(people.editor).get(reverse("admin:grades_correction_changelist")))

    assert f"Grade: {grade}" in page
    assert ">Grade</a>" in page


def test_correction_offers_no_way_to_change_other_records(people: People, sign_in: SignIn) -> None:
    address = reverse("admin:grades_correction_propose", args=["grades.grade", public_grade(people).pk])

    assert "related-widget-wrapper-link" not in text_of(sign_in(people.editor).get(address))
