"""Publish what is approved and whose embargo has ended: once, or again and again beside the site."""

import logging
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.management import again
from grades.publishing import publish_due

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Publish, log, and with `--every` do so until a signal comes; a database that is away is asked again the next time."""

    help = "Publish what is approved and whose embargo has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often, and with which process to end."""
        again.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Look once and say how many, or look until told to stop."""
        if options["every"] is None:
            count = len(publish_due(now=timezone.now()))
            self.stdout.write(
                ngettext("%(count)d published", "%(count)d published", count) % {"count": count}
            )
            return
        again.look_again(self._look, every=max(options["every"], 0.0), with_parent=options["with_parent"])
        self.stdout.write(_("Stopped."))

    def _look(self) -> None:
        """Publish what is due and log it; the next look starts with a fresh connection."""
        try:
            for submission in publish_due(now=timezone.now()):
                logger.info("Published: %s", submission)
        except (Error, psycopg.Error) as trouble:
            logger.warning("The database does not answer, so nothing is published just now: %s", trouble)
        except Exception:
            logger.exception("Publishing what is due failed; it is tried again")
        finally:
            connection.close()
