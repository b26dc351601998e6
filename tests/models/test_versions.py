"""The version of the public record: all that readers can see moves it, and nothing else does."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from grades.models import (
    Citation,
    Correction,
    DataVersion,
    Finding,
    Grade,
    ImportRun,
    Inspection,
    Report,
    Source,
    Theme,
)
from grades.models.versions import PUBLIC
from tests import factories

THROUGH = {"AreaMember", "QuestionCover", "SimilarGroupPeer"}
"""Tables between two others, which are changed through a set of one of them."""


def version() -> datetime | None:
    """Give the version as it would be after a commit here."""
    connection.check_constraints()
    return DataVersion.objects.at(timezone.now() + timedelta(seconds=1))


def moves(do: Callable[[], object]) -> bool:
    """Say whether something moves the version."""
    before = version()
    do()
    return version() != before


def rewrite(model: type[models.Model]) -> None:
    """Write every row of a table anew, as it was."""
    connection.cursor().execute(f"UPDATE {model._meta.db_table} SET id = id")


def make(model: type[models.Model], **fields: Any) -> models.Model:
    """Make a record of a kind; its factory is named like it."""
    name = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in model.__name__).lstrip("_")
    return getattr(factories, name)(**fields)


@pytest.mark.django_db
def test_an_empty_record_has_no_version() -> None:
    assert version() is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [model for model in PUBLIC if model.__name__ not in THROUGH], ids=lambda model: model.__name__
)
def test_every_table_of_the_public_record_moves_it(model: type[models.Model]) -> None:
    if model is Correction:
        factories.correction(status="published", published_at=timezone.now())
    elif model is ImportRun:
        factories.observation(run=factories.import_run())
    elif model is Source:
        factories.finding(source=factories.source())
    elif model.__name__ != "Pillar":
        make(model)
    else:
        factories.pillar(slug="another")
    Inspection.objects.update(status="published", published_at=timezone.now())

    if model.__name__ == "ChangeLogEntry":  # is only ever added to
        assert moves(factories.change_log_entry)
    else:
        assert moves(lambda: rewrite(model))


@pytest.mark.django_db
def test_the_tables_between_two_others_move_it() -> None:
    area, force, group, question = (
        factories.area(),
        factories.force(),
        factories.similar_group(),
        factories.question(),
    )
    theme = factories.theme() if not Theme.objects.exists() else Theme.objects.all()[0]

    assert moves(lambda: area.members.add(force))
    assert moves(lambda: area.members.clear())
    assert moves(lambda: group.peers.add(force))
    assert moves(lambda: question.also_covers.add(theme))


@pytest.mark.django_db
def test_a_save_a_bulk_update_and_plain_sql_all_move_it() -> None:
    grade = factories.grade(inspection=factories.inspection(status="published"))

    assert moves(lambda: grade.save())
    assert moves(lambda: Grade.objects.bulk_update([grade], ["level"]))
    assert moves(lambda: connection.cursor().execute("UPDATE grades_grade SET level = 'adequate'"))
    assert moves(lambda: connection.cursor().execute("DELETE FROM grades_grade"))


@pytest.mark.django_db
def test_a_statement_that_finds_no_row_does_not_move_it() -> None:
    factories.grade(inspection=factories.inspection(status="published"))

    assert not moves(lambda: Grade.objects.filter(pk=0).update(level="adequate"))
    assert not moves(lambda: Grade.objects.filter(pk=0).delete())


@pytest.mark.django_db
def test_work_on_a_draft_does_not_move_it_and_its_publication_does() -> None:
    grade = factories.grade()
    draft = grade.inspection

    def work() -> None:
        Grade.objects.filter(pk=grade.pk).update(level="good")
        factories.report(inspection=draft, title="The report")
        citation = factories.citation(grade=grade)
        Source.objects.filter(pk=citation.source.pk).update(title="Its page")
        Inspection.objects.filter(pk=draft.pk).update(status="submitted")
        factories.finding(inspection=draft, force=draft.force, status="draft", source=citation.source)
        Finding.objects.update(text="What was found.")
        Citation.objects.filter(grade=grade).delete()

    def publish() -> None:
        Inspection.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())

    factories.response(status="draft", published_at=None)
    assert not moves(work)
    assert moves(publish)
    assert moves(lambda: Report.objects.filter(inspection=draft).update(title="Another title"))
    assert moves(lambda: factories.citation(grade=grade))
    assert moves(lambda: Source.objects.filter(citations__grade=grade).update(title="Another page"))


@pytest.mark.django_db
def test_what_is_public_from_a_later_moment_on_moves_it_then() -> None:
    now = timezone.now()
    in_an_hour = now + timedelta(hours=1)

    factories.inspection(status="published", published_at=in_an_hour)
    connection.check_constraints()

    assert DataVersion.objects.at(in_an_hour) == in_an_hour
    assert DataVersion.objects.at(in_an_hour - timedelta(seconds=1)) == version() < in_an_hour


@pytest.mark.django_db
def test_old_versions_are_not_kept() -> None:
    for _time in range(3):
        factories.theme()
        version()

    assert DataVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_version_is_seen_with_what_led_to_it_and_not_before() -> None:
    factories.theme(slug="before")
    seen: list[tuple[datetime | None, int]] = []

    def look() -> None:
        seen.append((DataVersion.objects.at(timezone.now() + timedelta(seconds=1)), Theme.objects.count()))
        connection.close()

    def elsewhere() -> None:
        other = threading.Thread(target=look)
        other.start()
        other.join()

    elsewhere()
    with transaction.atomic():
        factories.theme(slug="after")
        elsewhere()
    elsewhere()

    (first, one), (meanwhile, still_one), (then, two) = seen
    assert (one, still_one, two) == (1, 1, 2)
    assert first == meanwhile
    assert first < then


@pytest.mark.django_db(transaction=True)
def test_of_two_at_work_none_waits_and_the_later_commit_has_the_later_version() -> None:
    versions: dict[str, datetime | None] = {}
    begun, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            factories.theme(slug="slow")
            begun.set()
            may_commit.wait(20)
        versions["slow"] = DataVersion.objects.at(timezone.now() + timedelta(seconds=1))
        connection.close()

    other = threading.Thread(target=slow)
    other.start()
    assert begun.wait(20)
    factories.theme(slug="quick")  # commits while the other, which began first, is still at work
    versions["quick"] = DataVersion.objects.at(timezone.now() + timedelta(seconds=1))
    may_commit.set()
    other.join()

    assert versions["quick"] < versions["slow"]
    assert DataVersion.objects.count() == 1
