"""The recording screen: from the blank form to rows, and everything that it refuses in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grades.models import Citation, Finding, Grade, Inspection, Report, Source
from tests import factories
from tests.admin.recording import DAY, FIRST, Desk, desk, errors

pytestmark = pytest.mark.django_db

START = "admin:grades_inspection_start"


def the_grade(at: Desk, number: int = 0) -> Grade:
    return Grade.objects.get(inspection=at.inspection, question=at.questions[number])


# The form that begins


def test_only_own_forces_are_offered() -> None:
    at = desk()
    factories.force()

    page = at.client.get(reverse(START))

    assert list(page.context["form"].fields["force"].queryset) == [at.force]
    assert page.context["form"].fields["force"].initial == at.force.pk


def test_choosing_makes_a_draft_and_opens_its_screen() -> None:
    at = desk()
    other = factories.cycle()

    answer = at.client.post(reverse(START), {"force": at.force.pk, "cycle": other.pk, "kind": "peel"})

    made = Inspection.objects.get(force=at.force, cycle=other)
    assert (made.status, answer.url) == ("draft", reverse("admin:grades_inspection_record", args=[made.pk]))


def test_choosing_opens_the_draft_that_there_is() -> None:
    at = desk()

    answer = at.client.post(reverse(START), {"force": at.force.pk, "cycle": at.cycle.pk, "kind": "peel"})

    assert answer.url == at.address
    assert Inspection.objects.count() == 1


def test_choosing_what_is_published_says_so_and_links() -> None:
    at = desk()
    Inspection.objects.update(status="published", published_at=timezone.now())

    answer = at.client.post(reverse(START), {"force": at.force.pk, "cycle": at.cycle.pk, "kind": "peel"})

    assert answer.status_code == 200
    assert at.address in answer.content.decode()
    assert "recorded already" in answer.content.decode()


def test_another_offices_force_is_no_choice() -> None:
    at, other = desk(), desk()

    answer = at.client.post(reverse(START), {"force": other.force.pk, "cycle": at.cycle.pk, "kind": "peel"})

    assert answer.context["form"].errors["force"]
    assert Inspection.objects.count() == 2


def test_viewer_begins_nothing() -> None:
    at = desk(role="viewer")

    assert at.client.get(reverse(START)).status_code == 404


def test_another_offices_inspection_does_not_exist() -> None:
    at, other = desk(), desk()

    assert at.client.get(other.address).status_code == 404
    assert at.client.post(other.address, {}).status_code == 404
    assert at.client.get(reverse("admin:grades_inspection_record", args=[10**9])).status_code == 404


def test_list_and_change_page_lead_to_the_screens() -> None:
    at = desk()
    superuser = Client()
    superuser.force_login(factories.user(is_staff=True, is_superuser=True))

    changed = superuser.get(reverse("admin:grades_inspection_change", args=[at.inspection.pk]))
    added = superuser.get(reverse("admin:grades_inspection_add"))

    assert (changed.url, added.url) == (at.address, reverse(START))
    assert reverse(START) in superuser.get(reverse("admin:grades_inspection_changelist")).content.decode()


# The grid


def test_blank_screen_has_every_question_and_suggests_the_report() -> None:
    at = desk()
    factories.question(cycle=at.cycle, number="soc", order=9, graded="varies")

    page = at.look()

    assert [row["question"] for row in page.context["rows"]] == at.questions
    assert page.context["screen"].reports[0]["title"].value() == f"PEEL {at.cycle}: {at.force}"


def test_grades_are_saved_with_the_report_as_their_source() -> None:
    at = desk()

    answer = at.save(
        FIRST
        | {
            at.field(0, "level"): "good",
            at.field(0, "locator"): "p. 12",
            at.field(0, "summary"): "Calls are answered.",
            at.field(1, "state"): "not-inspected",
        }
    )

    assert answer.status_code == 302
    report = Report.objects.get()
    source = Source.objects.get()
    grade = the_grade(at)
    citation = grade.citations.get()
    assert (report.kind, report.published_on, report.inspection) == ("peel", DAY, at.inspection)
    assert (source.key, source.kind, source.title) == (report.address, "inspectorate", report.title)
    assert (grade.state, grade.level, grade.summary, grade.report) == (
        "graded",
        "good",
        "Calls are answered.",
        report,
    )
    assert (citation.source, citation.level, citation.locator) == (source, "good", "p. 12")
    assert the_grade(at, 1).state == "not-inspected"
    assert Grade.objects.count() == 2


def test_report_without_an_address_is_a_source_by_its_title() -> None:
    at = desk()

    at.save({at.field(0, "level"): "good"})

    assert Source.objects.get().key == Report.objects.get().title


def test_source_follows_the_reports_address() -> None:
    at = desk()
    at.save({at.field(0, "level"): "good"})
    report = Report.objects.get()

    at.save({f"report-{report.pk}-address": "https://example.org/found"})

    assert [source.key for source in Source.objects.all()] == ["https://example.org/found"]
    assert the_grade(at).citations.get().source.address == "https://example.org/found"


def test_source_that_others_use_stays_and_a_new_one_takes_its_place() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "good"})
    shared = Source.objects.get()
    factories.citation(source=shared)
    report = Report.objects.get()

    at.save({f"report-{report.pk}-address": "https://example.org/other"})

    assert the_grade(at).citations.get().source.key == "https://example.org/other"
    shared.refresh_from_db()
    assert shared.key == "https://example.org/report"


def test_changed_grade_is_checked_no_more() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "good"})
    Citation.objects.update(checked_on=DAY, checked_by=at.editor)

    at.save({at.field(0, "level"): "adequate"})

    citation = the_grade(at).citations.get()
    assert (citation.level, citation.checked_on, citation.checked_by) == ("adequate", None, None)


def test_saving_again_changes_nothing() -> None:
    at = desk()
    earlier = factories.cycle(order=0)
    at.save(
        FIRST
        | {
            at.field(0, "level"): "good",
            at.field(0, "state"): "carried-forward",
            at.field(0, "carried_from"): earlier.pk,
            at.field(1, "pasted"): "1. Answer calls.\n2. Plan ahead within three months.",
            "inspection-tally_good": "1",
            "inspection-fieldwork": "spring",
        }
    )
    version = at.look().context["sheet"].version

    answer = at.save()

    assert answer.status_code == 302
    assert at.look().context["sheet"].version == version
    assert the_grade(at).carried_from == earlier


def test_cleared_row_goes_with_its_citation() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "good", at.field(1, "level"): "good"})

    at.save({at.field(0, "level"): "", at.field(0, "state"): ""})

    assert [grade.question for grade in Grade.objects.all()] == [at.questions[1]]
    assert Citation.objects.count() == 1


def test_grade_that_a_comment_hangs_on_stays_and_says_why() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "good"})
    factories.comment(grade=the_grade(at), status="draft")

    answer = at.save({at.field(0, "level"): "", at.field(0, "state"): "", at.field(1, "level"): "good"})

    assert "still referred to" in answer.context["refusal"]
    assert Grade.objects.count() == 1
    assert f'value="good" id="id_{at.field(1, "level")}_2" checked' in answer.content.decode()


def test_withheld_and_unsettled_are_kept() -> None:
    at = desk()

    at.save(
        FIRST
        | {
            at.field(0, "state"): "withheld",
            at.field(0, "withheld_reason"): "Being rebuilt.",
            at.field(1, "level"): "good",
            at.field(1, "unsettled"): "on",
        }
    )

    assert the_grade(at).withheld_reason == "Being rebuilt."
    assert the_grade(at, 1).unsettled


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"level": "good", "state": "not-inspected"}, "carries no grade"),
    ({"state": "graded"}, "Choose the grade"),
    ({"state": "withheld"}, "Say why"),
    ({"locator": "p. 3"}, "neither a grade nor a state"),
    ({"level": "splendid"}, "valid choice"),
    ({"pasted": "Recommendation\nTrain staff."}, "needs its cause of concern"),
]


@pytest.mark.parametrize(("row", "words"), REFUSED)
def test_row_that_does_not_fit_is_refused_in_words_and_all_is_kept(row: dict[str, str], words: str) -> None:
    at = desk()
    typed = {at.field(0, name): value for name, value in row.items()}

    answer = at.save(
        FIRST
        | {
            at.field(1, "level"): "good",
            at.field(2, "pasted"): "1. Keep <b>this</b>.",
            "inspection-fieldwork": "May",
        }
        | typed
    )

    page = answer.content.decode()
    assert [found for found in errors(answer) if words in found], errors(answer)
    assert not Grade.objects.exists()
    assert not Report.objects.exists()
    assert "1. Keep &lt;b&gt;this&lt;/b&gt;." in page
    assert 'value="May"' in page
    target = answer.context["errors"][0]["target"]
    assert f'id="{target}"' in page


def test_adequate_is_refused_on_four_tiers() -> None:
    at = desk(tiers=4)

    answer = at.save(FIRST | {at.field(0, "level"): "adequate"})

    assert "four grades" in errors(answer)[0]
    assert "inspection-tally_adequate" not in answer.content.decode()


def test_question_that_is_never_graded_has_no_grade_to_choose_and_refuses_one() -> None:
    at = desk()
    never = factories.question(cycle=at.cycle, order=9, graded="ungraded")

    page = at.look()
    answer = at.save(FIRST | {f"q{never.pk}-level": "good", f"q{never.pk}-state": "graded"})

    assert f'name="q{never.pk}-level"' not in page.content.decode()
    assert "not graded for any force" in " ".join(errors(answer))
    assert not Grade.objects.exists()


def test_grade_is_carried_only_from_an_earlier_cycle() -> None:
    at = desk()
    earlier, later = factories.cycle(order=0), factories.cycle()

    page = at.look()

    offered = [value for value, _label in page.context["rows"][0]["form"].fields["carried_from"].choices]
    assert earlier.pk in offered
    assert later.pk not in offered
    assert at.cycle.pk not in offered


def test_reports_of_the_pillars_give_the_grades_of_their_questions() -> None:
    at = desk(1, tiers=4)
    questions = [
        factories.question(cycle=at.cycle, pillar=factories.pillar(slug=slug), order=order)
        for order, slug in enumerate(("effectiveness", "legitimacy"), 2)
    ]
    page = at.save(
        {
            "report-new-0-kind": "effectiveness",
            "report-new-1-kind": "legitimacy",
            "report-new-1-title": "Legitimacy",
            **{f"q{question.pk}-level": "good" for question in questions},
        }
    )

    assert page.status_code == 302
    assert [grade.report.kind for grade in Grade.objects.order_by("question__order")] == [
        "effectiveness",
        "legitimacy",
    ]
    assert {c.grade.report.title == c.source.title for c in Citation.objects.all()} == {True}


def test_two_reports_of_a_kind_are_refused_in_words() -> None:
    at = desk()

    answer = at.save(FIRST | {"report-new-1-kind": "peel", "report-new-1-title": "Twice"})

    assert "already has a report of this kind" in answer.context["refusal"]
    assert not Report.objects.exists()


# Further sources


def test_further_source_is_cited_with_what_it_states() -> None:
    at = desk()

    answer = at.save(
        FIRST
        | {
            at.field(0, "level"): "good",
            at.field(1, "level"): "good",
            at.field(1, "locator"): "p. 2",
            "source-new-publisher": "The Courier",
            "source-new-source_title": "Force told to improve",
            "source-new-kind": "press",
            f"source-new-q{at.questions[0].pk}": "graded:adequate",
            f"source-new-q{at.questions[1].pk}": "carried-forward:good",
        }
    )

    assert answer.status_code == 302
    said = {(c.grade.question_id, c.source.publisher): (c.state, c.level) for c in Citation.objects.all()}
    first, second = at.questions[0].pk, at.questions[1].pk
    assert said == {
        (first, "The Courier"): ("graded", "adequate"),
        (second, "The Courier"): ("carried-forward", "good"),
        (second, "HMICFRS"): ("graded", "good"),
    }
    press = Source.objects.get(kind="press")
    at.save({f"source-{press.pk}-q{first}": ""})
    assert not Citation.objects.filter(grade__question=first, source=press).exists()


def test_source_that_states_nothing_is_refused() -> None:
    at = desk()

    answer = at.save(FIRST | {"source-new-publisher": "The Courier", "source-new-source_title": "News"})

    assert "one question at least" in errors(answer)[0]


# Findings


PASTED = """Cause of concern
Children wait too long.
Recommendations
1. Within three months the force should see every child.
2. By 31 March 2026 the force should train its staff.
Areas for improvement
• Answer calls.
• answer  CALLS.
• Our last report asked for plans. This remains an area for improvement.
"""


def test_pasted_list_becomes_findings_of_its_question() -> None:
    at = desk()

    answer = at.save(FIRST | {at.field(0, "pasted"): PASTED})

    rows = {row.key.rpartition("-")[2]: row for row in Finding.objects.all()}
    stem = f"{at.force.slug}-{at.cycle.slug}-1-"
    assert answer.status_code == 302
    assert {row.key.removesuffix(number) for number, row in rows.items()} == {stem}
    assert [rows[str(n)].kind for n in range(1, 7)] == [
        "cause-of-concern",
        *["recommendation"] * 2,
        *["area-for-improvement"] * 3,
    ]
    assert rows["2"].parent == rows["3"].parent == rows["1"]
    assert (rows["2"].due, rows["2"].due_on) == ("Within three months", date(2024, 6, 1))
    assert (rows["3"].due, rows["3"].due_on) == ("By 31 March 2026", date(2026, 3, 31))
    assert {row.status for row in rows.values()} == {"draft"}
    assert {row.question for row in rows.values()} == {at.questions[0]}
    assert {row.source.key for row in rows.values()} == {"https://example.org/report"}
    page = at.look()
    shown = page.context["rows"][0]["findings"]
    assert [form.finding.order for form in shown] == [1, 2, 3, 4, 5, 6]
    assert [form.repeated for form in shown] == [False, False, False, True, True, False]
    assert [form.remains for form in shown] == [*[False] * 5, True]
    assert page.content.decode().count("word for word") == 2


def test_keys_never_collide() -> None:
    at = desk()
    factories.finding(force=at.force, key=f"{at.force.slug}-{at.cycle.slug}-1-7")

    at.save(FIRST | {at.field(0, "pasted"): "One thing."})
    at.save({at.field(0, "pasted"): "Another thing.", at.field(1, "pasted"): "A third."})

    stem = f"{at.force.slug}-{at.cycle.slug}"
    keys = set(Finding.objects.filter(inspection=at.inspection).values_list("key", flat=True))
    assert keys == {f"{stem}-1-8", f"{stem}-1-9", f"{stem}-2-1"}


def test_finding_is_edited_and_removed_on_the_screen() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "pasted"): PASTED})
    cause, first, second, calls, *_rest = Finding.objects.order_by("pk")

    answer = at.save(
        {
            f"finding-{calls.pk}-text": "Calls wait.",
            f"finding-{calls.pk}-kind": "innovative-practice",
            f"finding-{cause.pk}-remove": "on",
            f"finding-{first.pk}-remove": "on",
            f"finding-{second.pk}-remove": "on",
        }
    )

    assert answer.status_code == 302
    calls.refresh_from_db()
    assert (calls.text, calls.kind) == ("Calls wait.", "innovative-practice")
    assert Finding.objects.count() == 3


def test_cause_does_not_go_while_a_recommendation_answers_it() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "pasted"): PASTED})
    cause = Finding.objects.get(kind="cause-of-concern")

    removed = at.save({f"finding-{cause.pk}-remove": "on"})
    turned = at.save({f"finding-{cause.pk}-kind": "area-for-improvement"})

    assert "no cause of concern any more" in errors(removed)[0]
    assert "no cause of concern any more" in errors(turned)[0]
    assert Finding.objects.count() == 6


def test_finding_that_is_public_already_is_shown_and_left_alone() -> None:
    """A cause of concern may come out before its report."""
    at = desk()
    given = {"force": at.force, "inspection": at.inspection, "question": at.questions[0]}
    early = factories.finding(**given, kind="cause-of-concern", text="Public.", due="within a year")
    before = Finding.objects.filter(pk=early.pk).values().get()

    page = at.look()
    answer = at.save(
        FIRST | {f"finding-{early.pk}-text": "Other.", f"finding-{early.pk}-remove": "on"}, page=page
    )

    assert answer.status_code == 302
    assert "changes through a correction, not here" in page.content.decode()
    assert Finding.objects.filter(pk=early.pk).values().get() == before


def test_day_that_is_due_moves_with_the_reports() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "pasted"): PASTED})
    report = Report.objects.get()

    at.save({f"report-{report.pk}-published_on": "2024-05-01"})

    days = [str(row.due_on) for row in Finding.objects.exclude(due="").order_by("pk")]
    assert days == ["2024-08-01", "2026-03-31"]


def test_recommendation_whose_cause_came_out_before_the_report_holds_nothing_up() -> None:
    at = desk()
    cause = factories.finding(kind="cause-of-concern", force=at.force, text="Custody is unsafe.")
    cause_of_ours = factories.finding(
        kind="cause-of-concern", force=at.force, inspection=at.inspection, status="draft"
    )
    answers = factories.finding(
        kind="recommendation", parent=cause, force=at.force, inspection=at.inspection, status="draft"
    )
    public = factories.finding(
        kind="recommendation", parent=cause, force=at.force, inspection=at.inspection, text="Public already."
    )

    page = at.look()
    answer = at.save(FIRST | {at.field(0, "level"): "good", f"finding-{answers.pk}-text": "Make it safe."})

    assert answer.status_code == 302
    for finding in (answers, public):
        finding.refresh_from_db()
        assert finding.parent == cause
    assert answers.text == "Make it safe."
    offered = page.content.decode()
    assert f'value="{cause.pk}" selected' in offered
    assert f'value="{cause_of_ours.pk}"' in offered


def test_saving_the_screen_leaves_what_the_report_stated_before_it_was_amended() -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "adequate", at.field(0, "locator"): "page 12"})
    amended = {"amended_from": "adequate", "amended_on": DAY, "amended_reason": "Looked at again."}
    Grade.objects.update(level="requires-improvement", **amended)
    Citation.objects.update(checked_on=DAY)

    at.save({at.field(0, "locator"): "page 13"})

    cited = Citation.objects.get()
    assert (cited.level, cited.locator, cited.checked_on) == ("adequate", "page 13", DAY)
    at.save({at.field(0, "level"): "good"})
    cited.refresh_from_db()
    assert (cited.level, cited.checked_on) == ("good", None)


def test_what_remains_is_linked_to_the_likeliest_earlier_finding() -> None:
    at = desk()
    before = factories.cycle(order=0)
    old = factories.inspection(force=at.force, cycle=before, status="published")
    same_theme = factories.question(cycle=before, theme=at.questions[0].theme)
    other_theme = factories.question(cycle=before)
    facts = {"force": at.force, "inspection": old}
    alike = factories.finding(**facts, question=other_theme, text="Our last report asked for plans.")
    unlike = factories.finding(**facts, question=same_theme, text="Something quite different.")
    likeliest = factories.finding(**facts, question=same_theme, text="The force lacks plans for this.")
    factories.finding(text="Another force's plans.", inspection=factories.inspection(cycle=before))
    at.save(
        FIRST
        | {at.field(0, "pasted"): "Our last report asked for plans. This remains an area for improvement."}
    )
    row = Finding.objects.get(inspection=at.inspection)

    form = at.look().context["rows"][0]["findings"][0]
    answer = at.save({f"finding-{row.pk}-continues": likeliest.pk})

    offered = [value for value, _label in form.fields["continues"].choices]
    assert offered == ["", likeliest.pk, unlike.pk, alike.pk]
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.continues == likeliest


def test_the_list_that_an_office_once_pasted_gives_its_rows() -> None:
    """Twenty-two lines over eight questions, two of them doubles, two that still stand from an earlier report."""
    at = desk(8)
    counts = (5, 3, 4, 1, 2, 2, 3, 2)
    lists = [
        [f"The force should do task {question}.{line} better." for line in range(1, count + 1)]
        for question, count in enumerate(counts)
    ]
    lists[0][4] = lists[0][3]
    lists[2][2] = lists[2][1]
    lists[2][3] = "In 2019 we asked for risk checks. This remains an area for improvement. Do them sooner."
    lists[6][2] = "In 2019 we asked for reviews of staff. This remains an area for improvement."
    lists[7][1] = (
        "The force should know demand. Within three months it should make sure it:\n"
        "    1. draws up a picture of demand; and\n    2. uses it."
    )
    pasted = {
        at.field(n, "pasted"): "".join(f"  {line}. {text}\n" for line, text in enumerate(texts, 1))
        for n, texts in enumerate(lists)
    }

    at.save(FIRST | pasted)

    rows = [form for row in at.look().context["rows"] for form in row["findings"]]
    assert [len(row["findings"]) for row in at.look().context["rows"]] == list(counts)
    assert sum(form.repeated for form in rows) == 4
    assert len({form.finding.text for form in rows}) == 20
    assert sum(form.remains for form in rows) == 2
    assert rows[-1].finding.due == "Within three months"
    assert rows[-1].finding.text.count("\n") == 2


def test_markup_is_shown_as_text() -> None:
    at = desk()

    at.save(FIRST | {at.field(0, "pasted"): "<script>alert(1)</script> =HYPERLINK(1)"})

    assert Finding.objects.get().text == "<script>alert(1)</script> =HYPERLINK(1)"
    assert "<script>alert" not in at.look().content.decode()


# What is closed


def test_finding_under_no_question_is_read_and_corrected_like_any_other() -> None:
    at = desk()
    Inspection.objects.update(status="published", published_at=timezone.now())
    loose = factories.finding(inspection=at.inspection, text="Plan for the whole force.")

    page = at.look().content.decode()

    assert "Findings under no question" in page
    assert "Plan for the whole force." in page
    assert reverse("admin:grades_correction_propose", args=["grades.finding", loose.pk]) in page


@pytest.mark.parametrize("status", ["submitted", "published"])
def test_what_is_not_a_draft_is_shown_to_read_and_not_written(status: str) -> None:
    at = desk()
    at.save(FIRST | {at.field(0, "level"): "good", at.field(0, "pasted"): PASTED})
    draft = at.look()
    since = {"published_at": timezone.now()} if status == "published" else {}
    Inspection.objects.update(status=status, **since)

    page = at.look()
    answer = at.save({at.field(0, "level"): "inadequate"}, page=draft)

    assert "<form method" not in page.content.decode().partition('id="content-main"')[2]
    assert "Children wait too long." in page.content.decode()
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.content.decode()
    assert the_grade(at).level == "good"


def test_viewer_reads_a_draft() -> None:
    at = desk(role="viewer")

    page = at.look()

    assert page.status_code == 200
    assert 'id="record"' not in page.content.decode()


# The checklist


def test_checklist_stands_on_the_screen_with_places_that_are_there() -> None:
    at = desk()
    at.save(
        {
            "report-new-0-published_on": str(timezone.localdate() + timedelta(days=1)),
            at.field(0, "level"): "inadequate",
            at.field(1, "pasted"): PASTED,
            "inspection-tally_good": "3",
        }
    )

    page = at.look()

    shown = page.context["checklist"]
    text = page.content.decode()
    words = " ".join(item["words"] for items in shown.values() for item in items)
    for said in (
        "is in the future",
        "it has no address",
        "inadequate, but no cause of concern",
        "press release counts 3",
        "nothing is recorded",
        "stands twice",
        "remains from an earlier report",
    ):
        assert said in words
    for items in shown.values():
        for item in items:
            assert f'id="{item["place"]}"' in text, item


# How much is asked of the database

SHOWING, SAVING, CHANGING = 11, 39, 38
"""Queries of a full screen, of its first save and of one that changes every row, the keeping of the session aside; some of
them are Django's own checks of a report's rules."""


def asked(queries: CaptureQueriesContext) -> int:
    """Count the questions that are not about transactions or the session's own time."""
    aside = ("SAVEPOINT", "RELEASE", 'UPDATE "django_session"')
    return sum(not query["sql"].startswith(aside) for query in queries)


def full(at: Desk, findings: int) -> dict[str, Any]:
    lists = {at.field(n, "pasted"): "" for n in range(len(at.questions))}
    for line in range(findings):
        name = at.field(line % len(at.questions), "pasted")
        lists[name] += f"{line + 1}. The force should do task {line} within three months.\n"
    grades = {at.field(n, "level"): "good" for n in range(len(at.questions))}
    pages = {at.field(n, "locator"): f"p. {n}" for n in range(len(at.questions))}
    return FIRST | lists | grades | pages


@pytest.mark.parametrize("findings", [1, 200])
def test_screen_and_save_ask_a_bounded_number_of_questions(findings: int) -> None:
    at = desk(11)
    page = at.look()

    with CaptureQueriesContext(connection) as saving:
        answer = at.save(full(at, findings), page=page)
    with CaptureQueriesContext(connection) as showing:
        page = at.look()
    texts = {f"finding-{row.pk}-text": f"{row.text} Soon." for row in Finding.objects.all()}
    with CaptureQueriesContext(connection) as changing:
        again = at.save(texts | {at.field(n, "level"): "adequate" for n in range(11)}, page=page)

    assert (answer.status_code, again.status_code) == (302, 302)
    assert Finding.objects.filter(text__endswith="Soon.").count() == findings
    assert (asked(showing), asked(saving), asked(changing)) == (SHOWING, SAVING, CHANGING)
