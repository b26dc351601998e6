"""Make the database ready for the site: its tables, and the real record in them."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

PREPARE_LOCK = 20260201
"""Held while one process prepares the database; the others wait for it."""


class Command(BaseCommand):
    """Run these commands, one process at a time; neither does anything that has been done."""

    help = "Bring the tables up to date and load the record. Safe to repeat, and to start twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold the lock on a connection of its own: migrations may end the other's transactions."""
        lock = connection.copy()
        try:
            with lock.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
                try:
                    call_command(
                        "migrate", interactive=False, verbosity=0, stdout=self.stdout, stderr=self.stderr
                    )
                    call_command("createcachetable", verbosity=0, stdout=self.stdout, stderr=self.stderr)
                    if settings.WEB_ROLE:
                        call_command("grant", stdout=self.stdout, stderr=self.stderr)
                    call_command("seed", stdout=self.stdout, stderr=self.stderr)
                    with connection.cursor() as tables:
                        tables.execute("ANALYZE")  # the server would look at what was loaded in a minute
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])
        finally:
            lock.close()
