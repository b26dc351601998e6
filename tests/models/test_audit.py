"""The history of every row: nothing escapes it, and nothing rewrites it."""

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from grades.models import Area, Force, Grade
from grades.models.audit import TRACKED
from tests import factories

pytestmark = pytest.mark.django_db

GradeHistory = apps.get_model("grades", "GradeHistory")


def told(record: models.Model) -> list[tuple[str, str]]:
    """Give what the history of a grade says: label and level, oldest first."""
    rows = GradeHistory.objects.filter(pgh_obj=record.pk).order_by("pgh_id")
    return [(row.pgh_label, row.level) for row in rows]


def test_save_bulk_update_and_plain_sql_are_all_caught() -> None:
    grade = factories.grade()
    grade.level = "adequate"
    grade.save()
    Grade.objects.filter(pk=grade.pk).update(level="outstanding")
    connection.cursor().execute(
        "UPDATE grades_grade SET level = 'requires-improvement' WHERE id = %s", [grade.pk]
    )

    assert told(grade) == [
        ("insert", "good"),
        ("update", "adequate"),
        ("update", "outstanding"),
        ("update", "requires-improvement"),
    ]


def test_deletion_is_caught_with_what_was_deleted() -> None:
    grade = factories.grade(level="adequate")

    connection.cursor().execute("DELETE FROM grades_grade WHERE id = %s", [grade.pk])

    assert told(grade) == [("insert", "adequate"), ("delete", "adequate")]


def test_history_says_who_and_why() -> None:
    person = factories.user()

    with pghistory.context(user=person.pk, why="misread"):
        grade = factories.grade()

    assert GradeHistory.objects.get(pgh_obj=grade.pk).pgh_context == {"user": person.pk, "why": "misread"}


@pytest.mark.parametrize(
    "statement", ["UPDATE grades_gradehistory SET level = 'good'", "DELETE FROM grades_gradehistory"]
)
def test_history_cannot_be_rewritten(statement: str) -> None:
    factories.grade()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(statement)


def test_change_that_changes_nothing_leaves_no_trace() -> None:
    grade = factories.grade()

    grade.save()

    assert told(grade) == [("insert", "good")]


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_every_tracked_model_leaves_a_row(model: type[models.Model]) -> None:
    record = factories.MAKERS[model._meta.model_name]()

    history = apps.get_model("grades", f"{model.__name__}History")

    assert history.objects.filter(pgh_obj=record.pk, pgh_label="insert").count() == 1


def test_members_of_an_area_are_tracked() -> None:
    area: Area = factories.area(kind="alliance")
    force: Force = factories.force()

    area.members.add(force)
    area.members.remove(force)

    history = apps.get_model("grades", "AreaMemberHistory")
    assert list(history.objects.order_by("pgh_id").values_list("pgh_label", flat=True)) == [
        "insert",
        "delete",
    ]
