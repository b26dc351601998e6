"""Do what waits in the queue, beside the site: compare, load and take back official files."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from grades.importers.official import uploads
from grades.management import again
from grades.models import ImportJob
from grades.tasks import QUEUE

logger = logging.getLogger(__name__)

REST = 5.0
"""Seconds until a database that went away is asked again."""

PATIENCE = 3.0
"""Seconds that a job has for ending by itself when the worker is to end; then it stops at its next step."""

SILENT = 180.0
"""Seconds without a sign of life after which a worker is taken for dead. Reading a large workbook is silent for a while."""


class Command(BaseCommand):
    """Work until a signal comes; a database that is away is asked again."""

    help = "Do what waits in the queue: compare, load and take back official files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to end with the queue, or with which process."""
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")
        again.add_parent(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, and begin again where the database went away."""
        parent = options["with_parent"]
        while not self._work(parent, once=options["once"]):
            logger.warning("The queue cannot be reached; it is looked at again in %g seconds", REST)
            time.sleep(REST)
            if again.orphaned(parent):
                break
        self.stdout.write(_("Stopped."))

    def _work(self, parent: int | None, *, once: bool) -> bool:
        """Work on one connection to the queue; give whether it ended because it was to end."""
        try:
            close_old_connections()
            tidy()
            with app.replace_connector(app.connector.get_worker_connector()) as reached:  # type: ignore[attr-defined]  # Django's connector has it
                return asyncio.run(work(reached, parent, once=once))
        except (Error, psycopg.Error, ConnectorException):
            logger.debug("The queue cannot be reached", exc_info=True)
            return False


def tidy() -> None:
    """Mark what a killed process left behind, and remove files that belong to nothing."""
    if dead := ImportJob.objects.note_the_dead():
        logger.warning("%d jobs were interrupted; nothing of them is written", dead)
    uploads.sweep()


async def work(reached: App, parent: int | None, *, once: bool) -> bool:
    """Run a worker until a signal comes, the parent has gone, or, with `once`, nothing waits."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told.set)
    async with reached.open_async():
        await _take_up_stalled(reached)
        worker = asyncio.create_task(
            reached.run_worker_async(
                queues=[QUEUE],
                wait=not once,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=PATIENCE,
                stalled_worker_timeout=SILENT,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        )
        while not (worker.done() or told.is_set() or again.orphaned(parent)):
            await asyncio.wait([worker], timeout=again.A_MOMENT / 4)
        if not worker.done():
            worker.cancel()
            await asyncio.wait([worker])
            return True
        worker.result()
        return once


async def _take_up_stalled(reached: App) -> None:
    """Give what workers that died had taken out of the queue back to it. Its ImportJob says whether anything is left to do."""
    now = timezone.now()
    for job in await reached.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT):
        if job.id is not None:
            await reached.job_manager.retry_job_by_id_async(job.id, retry_at=now)
