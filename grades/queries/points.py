"""Stored grades as plain facts, with every source and what it states."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from grades import models
from grades.history import Amendment, CommentFacts, Framework, GradePoint, QuestionFacts, SourceFacts
from grades.models.base import partial
from grades.queries.corrections import correction_facts, corrections_of
from grades.queries.jsonb import JSONFacts
from grades.scales import CellState, Level

GRADE = (
    "pk",
    "question_id",
    "inspection__force__slug",
    "inspection__cycle__slug",
    "state",
    "level",
    "carried_from__label",
    "withheld_reason",
    "amended_on",
    "amended_from",
    "amended_reason",
    "summary",
    "note",
    "unsettled",
    "report__address",
    "report__published_on",
    "report__published_on_precision",
    "corrections_json",
    "comments_json",
)
CITATION = (
    "grade_id",
    "state",
    "level",
    "locator",
    "note",
    "checked_on",
    "source__publisher",
    "source__title",
    "source__kind",
    "source__address",
    "source__published_on",
    "source__published_on_precision",
)
"""The columns that make a point and each of its sources: a page has hundreds, and related records would be made for each."""


def load_points(
    grades: QuerySet[models.Grade], framework: Framework, *, at: datetime
) -> Mapping[str, tuple[GradePoint, ...]]:
    """Load grades and their sources in two queries; return the points of each force by its slug."""
    questions: Mapping[int, QuestionFacts] = {question.key: question for question in framework.questions}
    rows = list(told(grades, at=at).order_by("pk").values_list(*GRADE, named=True))
    by_grade = citations_of(rows)
    points: dict[str, list[GradePoint]] = defaultdict(list)
    for grade in rows:
        point = grade_point(grade, question=questions[grade.question_id], citations=by_grade[grade.pk])
        points[grade.inspection__force__slug].append(point)
    return {force: tuple(found) for force, found in points.items()}


def told(grades: QuerySet[models.Grade], *, at: datetime) -> QuerySet[models.Grade]:
    """Have grades come with what is said of them elsewhere in the record, their citations aside."""
    return grades.annotate(
        corrections_json=corrections_of("grades.grade", at=at), comments_json=_comments(at)
    )


def citations_of(grades: Iterable[Any]) -> Mapping[int, Sequence[Any]]:
    """Load the citations of grades with their sources, in one query; return rows of CITATION by the grade's primary key."""
    found: dict[int, list[Any]] = defaultdict(list)
    citations = models.Citation.objects.filter(grade_id__in=[grade.pk for grade in grades])
    ordered = citations.order_by("source__kind", "source__publisher", "pk")
    for citation in ordered.values_list(*CITATION, named=True):
        found[citation.grade_id].append(citation)
    return found


def grade_point(grade: Any, *, question: QuestionFacts, citations: Iterable[Any]) -> GradePoint:
    """Turn a row of the columns GRADE, and rows of CITATION, into plain facts."""
    return GradePoint(
        question=question,
        cycle=grade.inspection__cycle__slug,
        state=CellState(grade.state),
        level=Level(grade.level) if grade.level else None,
        carried_from=grade.carried_from__label,
        withheld_reason=grade.withheld_reason,
        amendment=_amendment(grade),
        corrections=correction_facts(grade.corrections_json),
        comments=tuple(
            CommentFacts(**comment | {"dated": date.fromisoformat(comment["dated"])})
            for comment in grade.comments_json
        ),
        summary=grade.summary,
        note=grade.note,
        unsettled=grade.unsettled,
        published=partial(grade, "report__published_on"),
        report_address=grade.report__address or "",
        sources=tuple(_source(citation, grade) for citation in citations),
    )


def _comments(at: datetime) -> ArraySubquery:
    """Make the column that holds the published comments beside each grade, oldest first."""
    found = models.Comment.objects.published(at).filter(grade=OuterRef("pk")).order_by("dated", "pk")
    return ArraySubquery(found.values(json=JSONFacts(body="body__name", text="text", dated="dated")))


def _source(citation: Any, grade: Any) -> SourceFacts:
    """Turn a row of CITATION into plain facts; it agrees when it states the same grade and kind of state as that of GRADE."""
    return SourceFacts(
        publisher=citation.source__publisher,
        title=citation.source__title,
        kind=citation.source__kind,
        address=citation.source__address,
        published=partial(citation, "source__published_on"),
        states=citation.state,
        level=Level(citation.level) if citation.level else None,
        agrees=citation.level == grade.level and bool(citation.level) == bool(grade.level),
        before_amendment=bool(grade.amended_from) and citation.level == grade.amended_from,
        locator=citation.locator,
        note=citation.note,
        checked_on=citation.checked_on,
    )


def _amendment(grade: Any) -> Amendment | None:
    """Give the change that the inspectorate made to a grade, if it made one."""
    if grade.amended_on is None:
        return None
    return Amendment(on=grade.amended_on, old=Level(grade.amended_from), reason=grade.amended_reason)
