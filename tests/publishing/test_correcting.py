"""Corrections: proposed with reason and source, agreed by a second person, the old value kept for good."""

from datetime import timedelta

import pytest

from grades import words
from grades.access import DeniedError
from grades.admin.history import history_of
from grades.admin.told import tell
from grades.history import CorrectionFacts
from grades.models import ChangeLogEntry, Citation, Correction, Grade, Inspection, Report
from grades.publishing import RefusedError, approve, check_citation, discard, propose, submit, withdraw
from tests import factories
from tests.people import People
from tests.publishing.conftest import NOW, complete

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(people: People) -> Inspection:
    """Make a public inspection of Warwickshire's."""
    return complete(people.force, status="published")


@pytest.fixture
def grade(public: Inspection) -> Grade:
    """Take its "good"."""
    return public.grades.get(level="good")


def corrected(people: People, **fields: object) -> Correction:
    """Propose a correction and have it approved."""
    given = {
        "reason": "The report says otherwise.",
        "source": factories.source(),
        "by": people.editor,
        "now": NOW,
    }
    correction = propose(**{**given, **fields})
    approve(submission=submit(record=correction, by=people.editor, now=NOW), by=people.publisher, now=NOW)
    correction.refresh_from_db()
    return correction


def test_proposal_changes_nothing_yet(people: People, grade: Grade) -> None:
    correction = propose(
        record=grade,
        after={"level": "adequate"},
        reason="Misread.",
        source=factories.source(),
        by=people.editor,
        now=NOW,
    )

    grade.refresh_from_db()
    assert grade.level == "good"
    assert (correction.before, correction.after) == ({"level": "good"}, {"level": "adequate"})
    assert not ChangeLogEntry.objects.exists()


def test_approved_correction_changes_the_grade_and_keeps_the_old_value(people: People, grade: Grade) -> None:
    correction = corrected(people, record=grade, after={"level": "adequate"})

    grade.refresh_from_db()
    entry = ChangeLogEntry.objects.get()
    assert grade.level == "adequate"
    assert (correction.status, correction.published_at) == ("published", NOW)
    assert correction.before == {"level": "good"}
    assert entry.kind == "corrected"
    assert entry.document["changes"] == [{"column": "level", "was": "good", "is": "adequate"}]
    assert entry.document["reason"] == "The report says otherwise."


def test_corrections_source_is_cited_for_what_it_states(people: People, grade: Grade) -> None:
    source = factories.source()

    corrected(people, record=grade, after={"level": "adequate"}, source=source)

    assert Citation.objects.get(grade=grade, source=source).level == "adequate"
    assert Citation.objects.filter(grade=grade, level="good").exists()


def test_author_of_a_correction_cannot_approve_it(people: People, grade: Grade) -> None:
    correction = propose(
        record=grade,
        after={"level": "adequate"},
        reason="Misread.",
        source=factories.source(),
        by=people.publisher,
        now=NOW,
    )
    submission = submit(record=correction, by=people.publisher, now=NOW)

    with pytest.raises(DeniedError):
        approve(submission=submission, by=people.publisher, now=NOW)

    grade.refresh_from_db()
    assert grade.level == "good"


@pytest.mark.parametrize("person", ["viewer", "stranger"])
def test_viewer_and_neighbour_cannot_propose(people: People, grade: Grade, person: str) -> None:
    with pytest.raises(DeniedError):
        propose(
            record=grade,
            after={"level": "adequate"},
            reason="Misread.",
            source=factories.source(),
            by=getattr(people, person),
            now=NOW,
        )


@pytest.fixture
def proposed(people: People, grade: Grade) -> Correction:
    """Propose a correction that nobody will want."""
    return propose(
        record=grade,
        after={"level": "adequate"},
        reason="Misread.",
        source=factories.source(),
        by=people.editor,
        now=NOW,
    )


@pytest.mark.parametrize("person", ["editor", "colleague", "national"])
def test_draft_correction_is_discarded_by_its_author_or_their_office_and_stays_on_file(
    people: People, proposed: Correction, person: str
) -> None:
    discard(correction=proposed, by=getattr(people, person), now=NOW)

    proposed.refresh_from_db()
    assert (proposed.status, proposed.discarded_at, proposed.standing) == ("draft", NOW, "Discarded")
    newest = history_of(Correction).filter(pgh_obj=proposed.pk).order_by("pgh_id").last()
    assert newest.pgh_context["why"] == "discarded"
    assert not ChangeLogEntry.objects.exists()


@pytest.mark.parametrize("person", ["viewer", "stranger", "outsider"])
def test_viewer_and_neighbour_discard_nothing(people: People, proposed: Correction, person: str) -> None:
    with pytest.raises(DeniedError):
        discard(correction=proposed, by=getattr(people, person), now=NOW)

    proposed.refresh_from_db()
    assert proposed.discarded_at is None


def test_discarded_correction_goes_nowhere_and_may_be_proposed_anew(
    people: People, proposed: Correction, grade: Grade
) -> None:
    discard(correction=proposed, by=people.editor, now=NOW)

    with pytest.raises(RefusedError, match="This was discarded"):
        submit(record=proposed, by=people.editor, now=NOW)
    with pytest.raises(RefusedError, match="no draft any more"):
        discard(correction=proposed, by=people.editor, now=NOW)
    corrected(people, record=grade, after={"level": "adequate"})
    grade.refresh_from_db()
    assert grade.level == "adequate"


def test_submitted_correction_is_withdrawn_before_it_is_discarded(
    people: People, proposed: Correction
) -> None:
    submission = submit(record=proposed, by=people.editor, now=NOW)

    with pytest.raises(RefusedError, match="no draft any more"):
        discard(correction=proposed, by=people.editor, now=NOW)
    withdraw(submission=submission, by=people.editor, now=NOW)
    discard(correction=proposed, by=people.editor, now=NOW)


def test_draft_is_edited_and_not_corrected(people: People) -> None:
    with pytest.raises(DeniedError):
        propose(
            record=complete(people.force).grades.get(level="good"),
            after={"level": "adequate"},
            reason="Misread.",
            source=factories.source(),
            by=people.editor,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"level": "good"}, "Nothing would change"),
        ({"level": ""}, "needs a grade"),
        ({"state": "withheld", "level": ""}, "needs its reason"),
        ({"level": "excellent"}, "not a valid choice"),
        ({"amended_on": "2026-13-45"}, "invalid|correct format"),
    ],
)
def test_correction_that_would_not_be_valid_is_refused_in_words(
    people: People, grade: Grade, after: dict[str, str], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        propose(
            record=grade, after=after, reason="Why.", source=factories.source(), by=people.editor, now=NOW
        )

    assert not Correction.objects.exists()


def test_record_that_changed_meanwhile_is_not_overwritten(people: People, grade: Grade) -> None:
    first = propose(
        record=grade,
        after={"level": "adequate"},
        reason="One.",
        source=factories.source(),
        by=people.editor,
        now=NOW,
    )
    corrected(people, record=grade, after={"level": "outstanding"})
    submission = submit(record=first, by=people.editor, now=NOW)

    with pytest.raises(RefusedError, match="changed since"):
        approve(submission=submission, by=people.publisher, now=NOW)

    grade.refresh_from_db()
    assert grade.level == "outstanding"


def test_missing_grade_and_report_are_added_by_correction(people: People, public: Inspection) -> None:
    question = factories.question(cycle=public.cycle)
    missing = Grade(inspection=public, question=question)

    correction = corrected(
        people,
        record=missing,
        after={
            "inspection_id": str(public.pk),
            "question_id": str(question.pk),
            "state": "graded",
            "level": "inadequate",
        },
        reason="It was missing.",
    )
    report = corrected(
        people,
        record=Report(inspection=public, kind="soc"),
        after={"inspection_id": str(public.pk), "kind": "soc", "title": "A report"},
        now=NOW + timedelta(seconds=1),
    )

    added = Grade.objects.get(pk=correction.object_id)
    assert (added.level, added.question) == ("inadequate", question)
    assert added.citations.exists()
    assert Report.objects.get(pk=report.object_id).title == "A report"
    assert {entry.kind for entry in ChangeLogEntry.objects.all()} == {"added"}


def test_text_of_a_public_finding_and_date_of_a_report_are_corrected_too(
    people: People, public: Inspection
) -> None:
    finding = factories.finding(inspection=public)
    report = public.reports.get()

    corrected(people, record=finding, after={"text": "Train all call handlers."})
    corrected(people, record=report, after={"published_on": "2026-02-28"}, now=NOW + timedelta(seconds=1))

    finding.refresh_from_db()
    report.refresh_from_db()
    assert finding.text == "Train all call handlers."
    assert str(report.published_on) == "2026-02-28"


def test_source_of_a_report_follows_its_correction(people: People, public: Inspection) -> None:
    report = public.reports.get()
    Report.objects.filter(pk=report.pk).update(address="https://example.org/mistyped")
    source = factories.source(
        key="https://example.org/mistyped", address="https://example.org/mistyped", kind="inspectorate"
    )
    Citation.objects.filter(grade__inspection=public).update(source=source)
    Grade.objects.filter(inspection=public).update(report=report)
    report.refresh_from_db()

    corrected(people, record=report, after={"address": "https://example.org/right"})

    source.refresh_from_db()
    assert (source.key, source.address) == ("https://example.org/right", "https://example.org/right")


def test_source_that_others_cite_stays_and_the_reports_grades_go_to_its_own(
    people: People, public: Inspection
) -> None:
    report = public.reports.get()
    shared = factories.source(key=report.address or report.title, kind="inspectorate")
    grades = Grade.objects.filter(inspection=public)
    grades.update(report=report)
    Citation.objects.filter(grade__in=grades).update(source=shared)
    theirs = factories.citation(source=shared)

    corrected(people, record=report, after={"address": "https://example.org/right"})

    theirs.refresh_from_db()
    assert theirs.source == shared
    assert {row.source.key for row in Citation.objects.filter(grade__in=grades)} == {
        "https://example.org/right"
    }


def test_correction_puts_no_day_into_the_future_but_the_one_on_which_something_is_due(
    people: People, public: Inspection
) -> None:
    finding = factories.finding(inspection=public)
    report = public.reports.get()

    with pytest.raises(RefusedError, match=r"^Published on: 1 March 2062 is in the future\.$"):
        corrected(people, record=report, after={"published_on": "2062-03-01"})
    corrected(people, record=finding, after={"due_on": "2062-03-01"})

    report.refresh_from_db()
    finding.refresh_from_db()
    assert str(report.published_on) == "2026-03-01"
    assert str(finding.due_on) == "2062-03-01"


def test_what_is_known_of_a_date_stays_with_its_old_value(people: People, public: Inspection) -> None:
    report = public.reports.get()
    Report.objects.filter(pk=report.pk).update(published_on="2022-06-01", published_on_precision="month")
    report.refresh_from_db()

    correction = corrected(people, record=report, after={"published_on": "2022-07-01"})

    assert correction.before == {"published_on": "2022-06-01", "published_on_precision": "month"}
    assert correction.after == {"published_on": "2022-07-01", "published_on_precision": "month"}
    assert [column.name for column in tell(correction).columns] == ["published on"]
    told = CorrectionFacts(
        on=NOW.date(), reason="", before=tuple(sorted(correction.before.items())), source=""
    )
    assert "was June 2022" in words.correction_words(told)


def test_citation_is_checked_once_and_the_log_tells(people: People, grade: Grade) -> None:
    citation = grade.citations.get()

    check_citation(citation=citation, by=people.editor, now=NOW)
    check_citation(citation=citation, by=people.colleague, now=NOW)

    citation.refresh_from_db()
    assert (str(citation.checked_on), citation.checked_by) == ("2026-03-02", people.editor)
    entry = ChangeLogEntry.objects.get()
    assert (entry.kind, entry.document["grade"]) == ("checked", "good")


def test_log_names_the_office_that_holds_the_force_alone(people: People, grade: Grade) -> None:
    factories.membership(user=people.editor, office=people.stranger.memberships.get().office, role="viewer")

    check_citation(citation=grade.citations.get(), by=people.editor, now=NOW)

    assert ChangeLogEntry.objects.get().document["office"] == people.office.name


def test_source_that_states_another_grade_confirms_nothing(people: People, grade: Grade) -> None:
    citation = factories.citation(grade=grade, level="adequate")

    with pytest.raises(RefusedError, match="another grade"):
        check_citation(citation=citation, by=people.editor, now=NOW)


@pytest.mark.parametrize("person", ["viewer", "stranger"])
def test_viewer_and_neighbour_confirm_nothing(people: People, grade: Grade, person: str) -> None:
    with pytest.raises(DeniedError):
        check_citation(citation=grade.citations.get(), by=getattr(people, person), now=NOW)


def test_what_was_checked_of_another_grade_is_checked_no_more(people: People) -> None:
    grade = factories.grade(
        inspection=factories.inspection(force=people.force, status="published"), level="good"
    )
    checked = {"checked_on": NOW.date(), "checked_by": people.editor}
    cited = factories.citation(grade=grade, level="good", **checked)
    other = factories.citation(grade=grade, level="good", **checked)
    facts = {"reason": "Misread.", "source": cited.source, "by": people.editor, "now": NOW}

    for record, after in ((grade, {"level": "adequate"}), (other, {"level": "adequate"})):
        made = propose(record=record, after=after, **facts)
        approve(submission=submit(record=made, by=people.editor, now=NOW), by=people.publisher, now=NOW)

    for citation in (cited, other):
        citation.refresh_from_db()
        assert (citation.level, citation.checked_on, citation.checked_by) == ("adequate", None, None)
