"""Give the site's role its rights: all that the site does, and no way to change what was written for good."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

from grades.models import ChangeLogEntry
from grades.models.base import options as options_of

HISTORIES = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
WRITTEN_FOR_GOOD = [options_of(ChangeLogEntry).db_table, *(options_of(model).db_table for model in HISTORIES)]
"""The change log and every history: rows are added to them, by the site and by its triggers, and never changed."""


class Command(BaseCommand):
    """Run as the owner of the tables; repeated after each migration by `manage.py prepare`, it gives new tables the same."""

    help = "Make the role of the site (WEB_ROLE), if it is missing, and give it its rights."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the role, if not that of the settings."""
        parser.add_argument("--role", default=settings.WEB_ROLE, help="default: WEB_ROLE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the rights in one transaction."""
        if not options["role"]:
            raise CommandError("Say which role: --role peel_web, or WEB_ROLE in the environment.")
        with transaction.atomic():
            grant(options["role"], settings.WEB_PASSWORD)


def grant(role: str, password: str = "") -> None:
    """Make a role that may sign in, if there is none of that name, and give it the site's rights; nothing beyond them."""
    name = sql.Identifier(role)
    log = sql.SQL(", ").join(map(sql.Identifier, WRITTEN_FOR_GOOD))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        if password:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))
        for statement in (
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE UPDATE, DELETE ON {log} FROM {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=name, log=log))
