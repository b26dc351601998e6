"""The role of the site: it does what the site does, and cannot rewrite what was written for good."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from grades.management.commands.grant import WRITTEN_FOR_GOOD, grant
from grades.models import ChangeLogEntry, Grade
from grades.publishing import approve, submit
from tests import factories
from tests.publishing.conftest import NOW, complete

pytestmark = pytest.mark.django_db
ROLE = "peel_web_of_tests"


@pytest.fixture
def as_the_site() -> Iterator[None]:
    """All that follows is asked as the site's role, which is gone with the test's transaction."""
    grant(ROLE)
    connection.cursor().execute(f"SET ROLE {ROLE}")
    yield
    connection.cursor().execute("RESET ROLE")


def refused(statement: str) -> bool:
    """Say whether the database refuses a statement for want of a right."""
    try:
        with transaction.atomic():
            connection.cursor().execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_the_site_records_submits_and_publishes(as_the_site: None) -> None:
    force = factories.force()
    office = factories.office(forces=[force])
    draft = complete(force)
    author, approver = factories.member("editor", office), factories.member("publisher", office)

    approve(submission=submit(record=draft, by=author, now=NOW), by=approver, now=NOW)
    Grade.objects.filter(inspection=draft).update(note="seen")
    connection.check_constraints()

    assert ChangeLogEntry.objects.count() == 1
    assert Grade._meta.apps.get_model("grades", "GradeHistory").objects.filter(note="seen").count() == 2


@pytest.mark.parametrize("table", WRITTEN_FOR_GOOD)
def test_what_was_written_for_good_is_not_changed_even_without_its_triggers(
    as_the_site: None, table: str
) -> None:
    connection.cursor().execute(f"SELECT count(*) FROM {table}")

    column = "kind" if table == "grades_changelogentry" else "pgh_label"
    assert refused(f"UPDATE {table} SET {column} = 'another'")
    assert refused(f"DELETE FROM {table}")
    assert refused(f"TRUNCATE {table}")
    assert refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def test_the_site_cannot_undo_what_holds_it() -> None:
    grant(ROLE)
    connection.cursor().execute(f"SET ROLE {ROLE}")

    assert refused("DROP TABLE grades_changelogentry")
    assert refused("CREATE TABLE another (id int)")
    assert refused("UPDATE django_migrations SET name = 'another'")
    assert refused("SET session_replication_role = replica")
    connection.cursor().execute("RESET ROLE")


def test_the_owner_may(as_the_site: None) -> None:
    connection.cursor().execute("RESET ROLE")

    assert not refused("ALTER TABLE grades_gradehistory DISABLE TRIGGER ALL")


def test_repeating_it_changes_nothing_and_a_role_is_needed() -> None:
    call_command("grant", role=ROLE)
    call_command("grant", role=ROLE)

    with pytest.raises(CommandError, match="WEB_ROLE"):
        call_command("grant", role="")
