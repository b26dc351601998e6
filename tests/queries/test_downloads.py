"""The files of the whole record say what the pages say: states, marks, breaks and standings, in every row."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grades import datasets, exports, models, queries
from grades.datasets import Dataset, Kind
from grades.history import Framework
from grades.models.base import rows_of
from grades.queries.downloads import copying
from grades.queries.findings import load_findings, public_findings
from grades.queries.framework import framework
from grades.queries.points import load_points
from grades.spreadsheets import safe

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

Rows = list[dict[str, str]]

QUERIES = {"grades": 6, "grade-sources": 4, "findings": 4, "questions": 4, "cycles": 2}
"""How often files ask: for the framework, for the gaps, and once for all that they hold. The others ask that alone."""


def rows(dataset: Dataset, at: datetime | None = None) -> Rows:
    """Give the rows of a file."""
    content = b"".join(
        exports.csv_pieces(dataset, queries.csv_lines(dataset, at=at or timezone.now(), licence="OGL"))
    ).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


@pytest.fixture
def facts() -> Framework:
    """The framework."""
    return framework(at=timezone.now())


@pytest.mark.parametrize("dataset", datasets.DATASETS, ids=lambda dataset: dataset.slug)
def test_a_file_has_its_columns_its_codes_and_one_row_a_key(dataset: Dataset) -> None:
    """As `datasets` declares them; a column that must be filled is."""
    found = rows(dataset)

    assert found
    assert len({tuple(row[name] for name in dataset.key) for row in found}) == len(found)
    for column in dataset.columns:
        cells = {row[column.name] for row in found}
        assert "" not in cells or not column.required, column.name
        assert not column.choices or cells <= {*column.choices, ""}, column.name
        assert column.kind != Kind.YES_NO or cells <= {"true", "false", ""}, column.name
    assert {row["licence"] for row in found} == {"OGL"}


@pytest.mark.parametrize("dataset", datasets.DATASETS, ids=lambda dataset: dataset.slug)
def test_a_file_asks_few_questions_however_long_it_is(dataset: Dataset) -> None:
    """One for the file, some for the framework."""
    with CaptureQueriesContext(connection) as captured:
        rows(dataset)

    assert len(captured) == QUERIES.get(dataset.slug, 1)


def test_grades_say_what_the_pages_say(facts: Framework) -> None:
    """Each state, mark and origin, as the points of the pages have them; the first source agrees wherever one does."""
    now = timezone.now()
    points = load_points(
        models.Grade.objects.filter(inspection__in=models.Inspection.objects.published(now)), facts, at=now
    )
    shown = {
        (force, p.cycle, p.question.pillar or "", p.question.number): p
        for force, found in points.items()
        for p in found
    }
    labels = {cycle.slug: cycle.label for cycle in facts.cycles}
    stored = [row for row in rows(datasets.GRADES) if row["recorded"] == "true"]

    assert len(stored) == len(shown)
    for row in stored:
        point = shown[row["force"], row["cycle"], row["pillar"], row["question"]]
        assert row["state"] == point.state
        assert row["grade"] == (point.level or "")
        assert labels.get(row["carried_from"]) == point.carried_from
        assert row["not_yet_checked"] == str(point.unchecked).lower()
        assert bool(row["checked_words"]) == point.unchecked
        assert row["sources_disagree"] == str(bool(point.disagreeing)).lower()
        assert int(row["sources"]) == len(point.sources)
        assert row["source_title"] in {safe(s.title) for s in point.sources if s.agrees or not point.verified}
        assert row["amended_from"] == (point.amendment.old if point.amendment else "")
        assert row["theme"] == (point.question.theme or "")
        assert row["question_title"] == point.question.shown_title
        assert row["report_published_on"] == str(point.published or "")


def test_each_force_and_question_has_one_row_with_a_named_state(facts: Framework) -> None:
    """What is not on record says so; a question that is graded for nobody says that."""
    found = rows(datasets.GRADES)
    forces, questions = models.Force.objects.count(), len(facts.held().questions)

    assert len({(r["force"], r["cycle"], r["pillar"], r["question"]) for r in found}) == forces * questions
    gaps = {row["state"] for row in found if row["recorded"] == "false"}
    assert gaps == {"not-recorded", "ungraded-by-design"}
    hertfordshire = [
        r
        for r in found
        if r["force"] == "hertfordshire" and r["cycle"] == "2021-22" and r["state"] == "not-recorded"
    ]
    assert {row["state_words"] for row in hertfordshire} == {"Not recorded here yet"}


@pytest.mark.parametrize("dataset", [datasets.GRADES, datasets.GRADE_SOURCES], ids=lambda one: one.slug)
def test_breaks_stand_in_every_row_of_their_cycle(dataset: Dataset) -> None:
    """Before 2015, 2021/22 and 2023–25; each with its reason."""
    found = rows(dataset)

    assert {r["cycle"] for r in found if r["break_before"] == "true"} == {"2015", "2021-22", "2023-25"}
    assert {r["cycle"] for r in found if r["break_before"] == "false"} == {"2014", "2016", "2017", "2018-19"}
    assert all(bool(r["break_reason"]) == (r["break_before"] == "true") for r in found)


def test_a_source_of_a_grade_carries_its_marks() -> None:
    """Whoever works with the file of sources alone reads that a grade is not yet checked, and what it compares with."""
    marks = ("band", "break_before", "break_reason", "not_yet_checked", "checked_words")
    key = datasets.GRADES.key
    grades = {tuple(row[name] for name in key): row for row in rows(datasets.GRADES)}

    found = rows(datasets.GRADE_SOURCES)

    assert {row["not_yet_checked"] for row in found} == {"true", "false"}
    for row in found:
        grade = grades[tuple(row[name] for name in key)]
        assert [row[name] for name in marks] == [grade[name] for name in marks]


def test_findings_stand_where_the_pages_say() -> None:
    """What ends a cause of concern ends its recommendations."""
    now = timezone.now()
    shown = load_findings(public_findings(now), at=now, today=timezone.localdate(now))
    standing = {f.key: str(f.standing) for one in shown for f in (one, *one.recommendations)}

    assert {row["finding"]: row["standing"] for row in rows(datasets.FINDINGS)} == standing


def test_a_correction_is_said_beside_the_grade() -> None:
    """Its day and what the grade was."""
    grade = models.Grade.objects.filter(level="good").latest("pk")
    models.Correction.objects.create(
        what="grades.grade",
        object_id=grade.pk,
        force=grade.inspection.force,
        before={"level": "adequate", "note": ""},
        after={"level": "good", "note": "x"},
        reason="Misread",
        source=models.Source.objects.latest("pk"),
        proposed_by_id=_somebody(),
        proposed_at=datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()),
        status="published",
        published_at=datetime(2026, 6, 30, 23, 30, tzinfo=timezone.get_fixed_timezone(0)),
    )

    corrected = [row for row in rows(datasets.GRADES) if row["corrected_on"]]

    assert [(row["corrected_on"], row["corrected_from"]) for row in corrected] == [("2026-07-01", "adequate")]


def _somebody() -> int:
    from tests import factories

    return int(factories.user().pk)


def period_of(row: dict[str, str]) -> tuple[str, ...]:
    """Give what a figure is about."""
    return (row["area"], row["metric"], row["first_day"], row["last_day"])


def test_the_newest_figure_of_a_period_is_marked_once() -> None:
    """Earlier releases stay beside it, and so do prints, whatever their period, where the area has released figures."""
    found = rows(datasets.FIGURES)
    released = {(r["area"], r["metric"]) for r in found if r["basis"] != "as-printed"}
    shown = [r for r in found if r["basis"] != "as-printed" or (r["area"], r["metric"]) not in released]
    newest = [period_of(row) for row in found if row["newest"] == "true"]

    assert sorted(newest) == sorted({period_of(row) for row in shown})
    recorded = ("warwickshire", "recorded-crime")
    assert {last[5:] for *line, _, last in newest if tuple(line) == recorded} == {"03-31"}
    prints = [r for r in shown if r["basis"] == "as-printed"]
    assert prints
    assert {row["newest"] for row in prints} == {"true"}
    broken = [row for row in found if row["break_before"] == "true"]
    assert ("warwickshire", "recorded-crime", "2012-04-01") in {period_of(row)[:3] for row in broken}
    assert all(row["break_reason"] for row in broken)


def test_figures_say_a_break_between_them_and_those_of_a_year_before_alone() -> None:
    """As the pages cut their lines: a year later the break lies before both."""
    breaks = list(models.SeriesBreak.objects.values_list("metric__slug", "area__slug", "at"))

    for row in rows(datasets.FIGURES):
        first = date.fromisoformat(row["first_day"])
        before = first.replace(year=first.year - 1)
        crossed = [
            at
            for metric, area, at in breaks
            if metric == row["metric"] and area in (None, row["area"]) and before < at <= first
        ]
        assert row["break_before"] == str(bool(crossed)).lower(), row


def test_no_cell_of_any_file_begins_like_a_formula() -> None:
    """Whatever somebody typed."""
    for model, column in (
        (models.Finding, "text"),
        (models.Response, "title"),
        (models.Metric, "definition"),
    ):
        one = rows_of(model).order_by("pk").first()
        assert one is not None
        rows_of(model).filter(pk=one.pk).update(**{column: "=HYPERLINK(1)"})

    for dataset in datasets.DATASETS:
        for row in rows(dataset):
            assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row.values())


def test_a_draft_is_in_no_file() -> None:
    """Nor is what hangs on it."""
    models.Inspection.objects.filter(force__slug="kent").update(status="draft", published_at=None)

    found = rows(datasets.GRADES)
    assert not [row for row in found if row["force"] == "kent" and row["recorded"] == "true"]
    for dataset in (datasets.GRADE_SOURCES, datasets.RESPONSES):
        assert not [row for row in rows(dataset) if row["force"] == "kent"]


def test_sizes_are_measured_by_one_thread_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process answers sixteen requests at once; after a change all of them want the sizes."""
    now, measured = timezone.now(), []

    def measure(_at: datetime, licence: str) -> dict[str, copying.Size]:
        measured.append(licence)
        time.sleep(0.05)
        return {}

    monkeypatch.setattr(copying, "data_version", lambda *, at: at)
    monkeypatch.setattr(copying, "_measure", measure)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _n: copying.catalogue(at=now, licence="of this test"), range(8)))

    assert {one.changed_at for one in found} == {now}
    assert measured == ["of this test"]


def test_the_same_question_of_the_cycle_before_is_named_by_pillar_and_number() -> None:
    """By its number alone where the cycle has no pillars."""
    same = {
        (row["cycle"], row["pillar"], row["question"]): row["same_as"] for row in rows(datasets.QUESTIONS)
    }

    assert same["2016", "effectiveness", "3"] == "effectiveness 3"
    assert same["2023-25", "", "9"] == "10"
    assert not [named for named in same.values() if named != named.strip()]
