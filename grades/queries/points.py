"""Stored grades as plain facts, with every source and what it states."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from grades import models
from grades.dates import PartialDate
from grades.history import Amendment, CommentFacts, Framework, GradePoint, QuestionFacts, SourceFacts
from grades.models.base import partial
from grades.queries.corrections import correction_facts, corrections_of
from grades.scales import CellState, Level


def source_facts(citation: models.Citation, grade: models.Grade) -> SourceFacts:
    """Turn one citation of a grade into plain facts; it agrees when it states the same grade and kind of state."""
    source = citation.source
    return SourceFacts(
        publisher=source.publisher,
        title=source.title,
        kind=source.kind,
        address=source.address,
        published=partial(source, "published_on"),
        states=citation.state,
        level=Level(citation.level) if citation.level else None,
        agrees=citation.level == grade.level and bool(citation.level) == bool(grade.level),
        before_amendment=bool(grade.amended_from) and citation.level == grade.amended_from,
        locator=citation.locator,
        note=citation.note,
        checked_on=citation.checked_on,
    )


def load_points(
    grades: QuerySet[models.Grade], framework: Framework, *, at: datetime
) -> Mapping[str, tuple[GradePoint, ...]]:
    """Load grades and their sources in two queries; return the points of each force by its slug."""
    questions: Mapping[int, QuestionFacts] = {question.key: question for question in framework.questions}
    rows = list(told(grades, at=at).order_by("pk"))
    by_grade = citations_of(rows)
    points: dict[str, list[GradePoint]] = defaultdict(list)
    for grade in rows:
        point = grade_point(grade, question=questions[grade.question_id], citations=by_grade[grade.pk])
        points[grade.inspection.force.slug].append(point)
    return {force: tuple(found) for force, found in points.items()}


def told(grades: QuerySet[models.Grade], *, at: datetime) -> QuerySet[models.Grade]:
    """Have grades come with all that `grade_point` tells of them but their citations."""
    return grades.select_related("report", "inspection__force", "inspection__cycle", "carried_from").annotate(
        corrections_json=corrections_of("grades.grade", at=at), comments_json=_comments(at)
    )


def citations_of(grades: Sequence[models.Grade]) -> Mapping[int, Sequence[models.Citation]]:
    """Load the citations of grades with their sources, in one query; return them by the grade's primary key."""
    found: dict[int, list[models.Citation]] = defaultdict(list)
    citations = models.Citation.objects.filter(grade__in=grades).select_related("source")
    for citation in citations.order_by("source__kind", "source__publisher", "pk"):
        if citation.grade_id is not None:
            found[citation.grade_id].append(citation)
    return found


def grade_point(grade: Any, *, question: QuestionFacts, citations: Sequence[models.Citation]) -> GradePoint:
    """Turn one row of `told` into plain facts."""
    return GradePoint(
        question=question,
        cycle=grade.inspection.cycle.slug,
        state=CellState(grade.state),
        level=Level(grade.level) if grade.level else None,
        carried_from=grade.carried_from.label if grade.carried_from else None,
        withheld_reason=grade.withheld_reason,
        amendment=amendment(grade),
        corrections=correction_facts(grade.corrections_json),
        comments=tuple(
            CommentFacts(**comment | {"dated": date.fromisoformat(comment["dated"])})
            for comment in grade.comments_json
        ),
        summary=grade.summary,
        note=grade.note,
        unsettled=grade.unsettled,
        published=report_date(grade.report),
        report_address=grade.report.address if grade.report else "",
        sources=tuple(source_facts(citation, grade) for citation in citations),
    )


def _comments(at: datetime) -> ArraySubquery:
    """Make the column that holds the published comments beside each grade, oldest first."""
    found = models.Comment.objects.published(at).filter(grade=OuterRef("pk")).order_by("dated", "pk")
    return ArraySubquery(found.values(json=JSONObject(body="body__name", text="text", dated="dated")))


def amendment(grade: models.Grade) -> Amendment | None:
    """Give the change that the inspectorate made to a grade, if it made one."""
    if grade.amended_on is None:
        return None
    return Amendment(on=grade.amended_on, old=Level(grade.amended_from), reason=grade.amended_reason)


def report_date(report: models.Report | None) -> PartialDate | None:
    """Give the day a report came out, as far as it is known."""
    return report.published if report else None
