"""What waits in the queue for `manage.py work`, and how somebody puts it there."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from grades.importers.official import jobs
from grades.importers.official.loading import Busy
from grades.models import ImportJob, ImportRun, Upload
from grades.scales import JobTask

QUEUE = "imports"

AGAIN = 3
"""Seconds after which a job that met another load looks again."""


@app.task(
    name="import", queue=QUEUE, pass_context=True, retry=RetryStrategy(wait=AGAIN, retry_exceptions={Busy})
)
def do_import_job(context: JobContext, number: int) -> None:
    """Do an ImportJob."""
    jobs.run(number, ending=context.should_abort)


def ask(
    task: JobTask, *, upload: Upload | None = None, run: ImportRun | None = None, by: Any, why: str = ""
) -> ImportJob | None:
    """Put a piece of work into the queue, in the transaction of the caller; None where the same object is at work already."""
    try:
        with transaction.atomic():
            job = ImportJob.objects.create(
                task=task, upload=upload, run=run, by=by, why=why, asked_at=timezone.now()
            )
            do_import_job.defer(number=job.pk)
    except IntegrityError:
        return None
    return job
