"""Publish what is approved and whose embargo has ended: once, or again and again beside the site."""

import logging
import os
import signal
import threading
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.publishing import publish_due

logger = logging.getLogger(__name__)

A_MOMENT = 1.0
"""As many seconds pass at most between a wish to stop and the stop."""


class Command(BaseCommand):
    """Publish, log, and with `--every` do so until a signal comes; a database that is away is asked again the next time."""

    help = "Publish what is approved and whose embargo has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often, and whether to end with the process that started this one."""
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, and look so often")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when the process that started this one has ended"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look once and say how many, or look until told to stop."""
        if options["every"] is None:
            count = len(publish_due(now=timezone.now()))
            self.stdout.write(
                ngettext("%(count)d published", "%(count)d published", count) % {"count": count}
            )
            return
        stop = threading.Event()
        before = {
            sign: signal.signal(sign, lambda *_given: stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)
        }
        parent = os.getppid() if options["with_parent"] else None
        try:
            self._go_on(max(options["every"], 0.0), stop, parent)
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)
        self.stdout.write(_("Stopped."))

    def _go_on(self, every: float, stop: threading.Event, parent: int | None) -> None:
        """Look, wait, and look again, until told to stop or left alone."""
        while not stop.is_set():
            self._look()
            waited = 0.0
            while waited < every and not stop.wait(min(A_MOMENT, every - waited)):
                waited += A_MOMENT
                if parent is not None and os.getppid() != parent:
                    return

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
