"""Bad rows are refused with their line and column, and nothing is written; what is public is never changed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pghistory
import pytest

from grades import datasets, models
from grades.datasets import Dataset
from grades.importers.official.errors import BadFiles, Unreadable
from grades.importers.official.facts import Wishes
from grades.importers.official.loading import Loaded, load
from grades.importers.official.undoing import CannotUndo, undo
from tests.importers.official import books
from tests.importers.record.own_files import empty_the_record, exported, rows_of, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

Rows = list[dict[str, str]]


@pytest.fixture
def grades() -> Rows:
    """The rows of Warwickshire 2015 and 2023–25, exported; the record then is empty."""
    rows = [row for row in rows_of(exported(datasets.GRADES)) if row["recorded"] == "true"]
    empty_the_record()
    return [row for row in rows if row["force"] == "warwickshire" and row["cycle"] in ("2015", "2023-25")]


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Loaded]:
    """Loads rows as a file."""
    return lambda rows, **wishes: load(written(rows, tmp_path / "file.csv"), Wishes(**wishes))


def line_of(rows: Rows, **cells: str) -> dict[str, str]:
    """Find the first row with these cells."""
    return next(row for row in rows if all(row[name] == value for name, value in cells.items()))


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"force": "wessex"}, "force", "“wessex” is no force on record"),
        ({"cycle": "1999"}, "cycle", "“1999” is no cycle on record"),
        ({"question": "99"}, "question", "no question “99”"),
        ({"grade": "adequate"}, "grade", "the scale of 2015 has no “adequate”"),
        ({"grade": "superb"}, "grade", "“superb” is not one of"),
        ({"grade": ""}, "state, grade", "A graded or carried-forward state needs a grade"),
        ({"state": "withheld"}, "state, grade", "needs a grade; any other has none"),
        ({"state": "no-question"}, "state", "not a valid choice"),
        ({"carried_from": "2014"}, "carried_from, state", "Only a carried-forward grade"),
        ({"carried_from": "2021-22"}, "carried_from", "from an earlier cycle"),
        ({"source": ""}, "source", "nothing goes on record without its source"),
        ({"source_publisher": ""}, "source_publisher", "must not be empty"),
        ({"source_state": ""}, "source_state, source_grade", "says what state the source gives"),
        ({"source_grade": ""}, "source_state, source_grade", "needs a grade"),
        ({"report_address": "javascript:alert(1)"}, "report_address", "is not a web address"),
        ({"report_published_on": "31.12.2015"}, "report_published_on", "is not a date"),
        ({"amended_on": "2015-02-30"}, "amended_on", "is not a date"),
        ({"amended_from": "good"}, "amended_from, amended_on, amended_reason, state", "all three"),
        ({"unsettled": "perhaps"}, "unsettled", "neither true nor false"),
        ({"note": "x" * 301}, "note", "at most 300"),
        ({"note": "a\x1bb"}, "note", "cannot be seen (U+001B)"),
        ({"note": "#REF!"}, "note", "“#REF!” is an error of the spreadsheet"),
        ({"report": ""}, "report", "which kind of report"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(
    grades: Rows, bring: Callable[..., Loaded], change: dict[str, str], column: str, said: str
) -> None:
    """The line is that of the file."""
    row = line_of(grades, cycle="2015", state="graded")
    row |= change

    with pytest.raises(BadFiles) as refused:
        bring(grades)

    told = [(e.line, e.column, e.message) for e in refused.value.errors]
    assert any(
        line == grades.index(row) + 2 and where == column and said in message for line, where, message in told
    ), told
    assert not models.Inspection.objects.exists()


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2016, 2, 18), []), (date(2016, 2, 1), ["2016-02-01"]), (date(2016, 1, 1), ["2016-01-01"])],
)
def test_a_month_that_a_spreadsheet_made_a_day_is_refused(
    grades: Rows, tmp_path: Path, day: date, said: list[str]
) -> None:
    """No exact day is told of what is known as a month or a year; any other day was typed as such."""
    row = line_of(grades, cycle="2015", state="graded") | {"report_published_on": day}
    path = books.ods(tmp_path / "grades.ods", {"grades": books.ods_row(*row) + books.ods_row(*row.values())})

    try:
        load(path, Wishes())
        told = []
    except BadFiles as refused:
        told = [(e.line, e.column, e.message) for e in refused.errors]

    assert [(line, column, message.split("”")[0].strip("“")) for line, column, message in told] == [
        (2, "report_published_on", month) for month in said
    ]
    assert all("Type it as text" in message for _line, _column, message in told)


def test_a_line_twice_and_two_lines_that_contradict_one_another(
    grades: Rows, bring: Callable[..., Loaded]
) -> None:
    """A source or a report has one title."""
    first, second = grades[:2]
    second |= {
        name: first[name] for name in ("report", "source", *(n for n in first if n.startswith("source_")))
    }
    second["source_title"] = "Another title"
    grades.append(dict(first))

    with pytest.raises(BadFiles) as refused:
        bring(grades)

    told = [(e.line, e.message) for e in refused.value.errors]
    assert (len(grades) + 1, "repeats line 2") in told
    assert any(line == 3 and "says something else than line 2" in message for line, message in told)


def test_a_missing_column_is_named(grades: Rows, bring: Callable[..., Loaded]) -> None:
    """With those that nobody knows, as it may have been renamed."""
    for row in grades:
        row["status"] = row.pop("state")

    with pytest.raises(Unreadable, match=r"lacks the column state\..*status"):
        bring(grades)


def test_order_of_columns_line_ends_byte_order_mark_and_missing_words_do_not_matter(
    grades: Rows, tmp_path: Path
) -> None:
    """As spreadsheet programs save."""
    stated = {column.name for column in datasets.GRADES.stated}
    turned = [{name: row[name] for name in reversed(row) if name in stated} for row in grades]

    done = load(written(turned, tmp_path / "grades.csv", ends="\r\n", bom=True), Wishes())

    assert done.records is not None
    assert done.records.added["grades"] == len(grades) == models.Grade.objects.count()


def test_a_public_grade_that_differs_is_left_as_it_is_and_named(tmp_path: Path) -> None:
    """It changes on its page, through a correction, even where the file is to win."""
    rows = [row for row in rows_of(exported(datasets.GRADES)) if row["recorded"] == "true"]
    row = line_of(rows, force="warwickshire", cycle="2015", grade="good")
    row["grade"] = row["source_grade"] = "inadequate"

    done = load(written(rows, tmp_path / "grades.csv"), Wishes(replace=True))

    assert done.records is not None
    assert (done.records.new, done.records.changed) == ([], [])
    assert {one.line for one in done.records.kept} == {rows.index(row) + 2}
    assert "“good” → “inadequate” (public; correct it on its page)" in done.records.kept[0].why
    warwickshire = models.Grade.objects.filter(inspection__force__slug="warwickshire")
    assert not warwickshire.filter(inspection__cycle__slug="2015", level="inadequate").exists()


def test_a_grade_that_a_public_inspection_lacks_is_named_and_not_added(tmp_path: Path) -> None:
    """It would be public at once, without a second person; nor is its source added."""
    content = rows_of(exported(datasets.GRADES))
    gone = models.Grade.objects.filter(
        inspection__force__slug="warwickshire", inspection__cycle__slug="2015"
    ).first()
    assert gone is not None
    sources = models.Source.objects.count()
    gone.citations.all().delete()
    gone.delete()

    done = load(written(content, tmp_path / "grades.csv"), Wishes())

    assert done.records is not None
    assert done.records.nothing
    assert any("its inspection is public; add it on its page" in one.why for one in done.records.kept)
    assert models.Source.objects.count() == sources


def test_a_draft_changes_only_when_the_file_is_to_win_and_undoing_gives_it_back(
    grades: Rows, bring: Callable[..., Loaded]
) -> None:
    """An editor's work is not lost by a file."""
    bring(grades)
    row = line_of(grades, cycle="2015", grade="good")
    draft = models.Grade.objects.get(
        inspection__cycle__slug="2015", question__pillar__slug=row["pillar"], question__number=row["question"]
    )
    row["grade"], row["note"] = "outstanding", "changed"

    kept = bring(grades)
    assert kept.records is not None
    assert kept.records.nothing
    assert "a draft; --replace lets the file win" in kept.records.kept[0].why

    done = bring(grades, replace=True)
    draft.refresh_from_db()
    assert (draft.level, draft.note) == ("outstanding", "changed")
    assert done.run is not None
    assert (done.run.created, done.run.changed) == (0, 1)

    undo(done.run.pk)
    draft.refresh_from_db()
    assert (draft.level, draft.note) == ("good", "")


def test_what_differs_is_told_by_name_where_it_names_another_record(
    grades: Rows, bring: Callable[..., Loaded]
) -> None:
    """A number of the database says nothing to an editor."""
    bring(grades)
    row = line_of(grades, cycle="2015", grade="good")
    cycle = models.Cycle.objects.get(slug="2014")
    grade = models.Grade.objects.get(
        inspection__cycle__slug="2015",
        question__pillar__slug=row["pillar"],
        question__number=row["question"],
    )
    own = grade.report
    other = models.Report.objects.filter(inspection=grade.inspection).exclude(pk=own.pk).latest("pk")
    models.Grade.objects.filter(pk=grade.pk).update(state="carried-forward", carried_from=cycle, report=other)
    row["summary"] = "Another file than before."

    done = bring(grades)

    assert done.records is not None
    (kept,) = done.records.kept
    assert f"carried_from: “{cycle}” → –" in kept.why
    of_2015 = "warwickshire · 2015 · peel"
    assert f"report: “{of_2015} · {other.kind}” → “{of_2015} · {own.kind}”" in kept.why


def test_another_offices_force_is_refused(grades: Rows, bring: Callable[..., Loaded]) -> None:
    """Whoever calls says whose record may be written."""
    with pytest.raises(BadFiles, match="cells or lines"):
        bring(grades, forces=frozenset({"kent"}))

    assert not models.Inspection.objects.exists()
    assert bring(grades, forces=frozenset({"warwickshire"})).run is not None


def test_undoing_is_refused_where_something_went_on(grades: Rows, bring: Callable[..., Loaded]) -> None:
    """What is submitted, edited since, or carries another's work stays."""
    run = bring(grades).run
    assert run is not None
    grade = models.Grade.objects.latest("pk")

    with pghistory.context(user=1):  # a transaction, and so the mark of the load, lasts as long as a test
        models.Grade.objects.filter(pk=grade.pk).update(note="edited")
    with pytest.raises(CannotUndo, match="edited since"):
        undo(run.pk)

    models.Inspection.objects.filter(pk=grade.inspection_id).update(status="submitted")
    with pytest.raises(CannotUndo, match="no draft any more"):
        undo(run.pk)


def test_undoing_is_refused_where_a_changed_draft_is_gone(grades: Rows, bring: Callable[..., Loaded]) -> None:
    """There is nothing to give its old columns back to."""
    bring(grades)
    row = line_of(grades, cycle="2015", grade="good")
    row["note"] = "changed"
    run = bring(grades, replace=True).run
    assert run is not None
    draft = models.Grade.objects.get(note="changed")
    number = draft.pk
    draft.citations.all().delete()
    draft.delete()

    with pytest.raises(CannotUndo, match=f"deleted since: grade {number}"):
        undo(run.pk)


def test_undoing_names_what_hangs_on_it(grades: Rows, bring: Callable[..., Loaded]) -> None:
    """A comment on a grade, a mention of an inspection."""
    run = bring(grades).run
    assert run is not None
    body = models.PolicingBody.objects.latest("pk")
    models.Comment.objects.create(
        grade=models.Grade.objects.latest("pk"), body=body, text="Ours", dated="2026-01-01"
    )

    with pytest.raises(CannotUndo, match="hangs on it"):
        undo(run.pk)


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"kind": "recommendation"}, "kind, cause_of_concern", "belongs to a cause of concern"),
        ({"cause_of_concern": "nothing-like-it"}, "cause_of_concern", "neither on record nor in this file"),
        ({"continues": "SELF"}, "", "continue or answer one another"),
        ({"question": "99"}, "question", "no question “99”"),
        ({"source": ""}, "source", "must not be empty"),
        ({"text": ""}, "text", "must not be empty"),
        ({"due_on": "soon"}, "due_on", "is not a date"),
    ],
)
def test_bad_findings_are_refused(
    bring: Callable[..., Loaded], change: dict[str, str], column: str, said: str
) -> None:
    """With line and column, like grades."""
    rows = rows_of(exported(datasets.FINDINGS))
    row = line_of(rows, kind="recommendation" if "cause_of_concern" in change else "area-for-improvement")
    row |= {name: row["finding"] if value == "SELF" else value for name, value in change.items()}

    with pytest.raises(BadFiles) as refused:
        bring(rows)

    told = [(e.line, e.column, e.message) for e in refused.value.errors]
    assert any(
        line == rows.index(row) + 2 and where == column and said in message for line, where, message in told
    ), told


@pytest.mark.parametrize("dataset", [datasets.FINDINGS, datasets.FINDING_STEPS], ids=lambda one: one.slug)
def test_a_finding_of_another_force_is_refused(bring: Callable[..., Loaded], dataset: Dataset) -> None:
    """A row neither moves a finding to another force nor takes a step on one under another force's name."""
    rows = rows_of(exported(dataset))
    key = rows[0]["finding"]
    models.Finding.objects.filter(key=key).update(status="draft", published_at=None)
    rows = [row | {"force": "kent"} for row in rows if row["finding"] == key][:1]
    assert models.Finding.objects.get(key=key).force.slug != "kent"

    with pytest.raises(BadFiles) as refused:
        bring(rows, replace=True)

    assert "this finding is about another force" in [error.message for error in refused.value.errors]


def test_a_step_without_its_finding_and_a_response_of_nobody_are_refused(
    bring: Callable[..., Loaded],
) -> None:
    """They name what is not there."""
    steps, responses = rows_of(exported(datasets.FINDING_STEPS)), rows_of(exported(datasets.RESPONSES))
    steps[0]["finding"] = "nothing-like-it"
    responses[0]["body"] = "Nobody"

    with pytest.raises(BadFiles) as refused:
        bring(steps)
    assert "neither on record" in refused.value.errors[0].message
    with pytest.raises(BadFiles) as refused:
        bring(responses)
    assert "“Nobody” is no body on record" in refused.value.errors[0].message
