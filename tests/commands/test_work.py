"""The worker: it does what waits, ends when it is told to, and tidies up what a killed one has left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from grades.importers.official import uploads
from grades.importers.official.facts import Wishes
from grades.models import ImportJob, Upload
from grades.scales import JobTask
from grades.tasks import ask
from tests import factories
from tests.importers.official.conftest import world  # noqa: F401  a fixture
from tests.importers.official.test_loading import CRIME

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db(transaction=True)

Worker = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    """A private folder that the worker shares."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


@pytest.fixture
def worker(folder: Path) -> Iterator[Worker]:
    """Starts a worker on the test's own database."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str, wrap: str = "") -> "subprocess.Popen[bytes]":
        program = (
            "from django.conf import settings;"
            f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r};"
            "import django; django.setup(); from django.core.management import call_command;"
            f"{wrap}call_command('work', *{options!r})"
        )
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "peel_site.settings",
                    "UPLOADS_DIR": str(folder),
                },
            )
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(10)


@pytest.fixture
def brought(world: None, folder: Path) -> Upload:  # noqa: F811  the fixture
    """A file that waits to be compared."""
    editor = factories.member("national-editor")
    upload = uploads.receive(
        [CRIME.read_bytes()], name=CRIME.name, said=Wishes(), by=editor, now=timezone.now()
    )
    ask(JobTask.COMPARE, upload=upload, by=editor)
    return upload


def until(condition: Callable[[], object], seconds: float = 40) -> None:
    """Wait until something holds."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.1)


def states() -> list[str]:
    """Give how all jobs stand, in the order in which they were asked for."""
    return list(ImportJob.objects.order_by("pk").values_list("state", flat=True))


def test_worker_does_what_waits_and_leaves_the_queue_empty(brought: Upload, worker: Worker) -> None:
    done = worker("--once").wait(60)

    assert done == 0
    assert states() == ["done"]
    brought.refresh_from_db()
    assert brought.proposal["figures"]["added"] > 0
    assert not ProcrastinateJob.objects.exists()


def test_asking_twice_for_the_same_is_asking_once(brought: Upload) -> None:
    assert ask(JobTask.COMPARE, upload=brought, by=brought.by) is None
    assert ProcrastinateJob.objects.count() == 1


def test_worker_that_waits_hears_of_a_job_at_once_and_ends_at_a_signal(
    brought: Upload, worker: Worker
) -> None:
    process = worker()
    until(lambda: states() == ["done"])

    ask(JobTask.APPLY, upload=brought, by=brought.by)
    until(lambda: states() == ["done", "done"])
    process.send_signal(signal.SIGTERM)

    assert process.wait(20) == 0


def test_worker_whose_starter_has_gone_before_it_begins_ends_at_once(worker: Worker) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait(10)

    assert worker("--with-parent", str(gone.pid)).wait(40) == 0


def test_worker_that_is_told_to_end_stops_its_job_without_harm(brought: Upload, worker: Worker) -> None:
    slow = (
        "import time; from grades.importers.official import comparing; real = comparing.gather;"
        "comparing.gather = lambda *given: (time.sleep(6), real(*given))[1];"
    )
    process = worker(wrap=slow)
    until(lambda: list(ImportJob.objects.values_list("step", flat=True)) == ["compare"])

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    assert states() == ["interrupted"]


def test_killed_worker_leaves_a_job_that_says_so_and_can_be_started_again(
    brought: Upload, worker: Worker
) -> None:
    slow = (
        "import time; from grades.importers.official import comparing; real = comparing.gather;"
        "comparing.gather = lambda *given: (time.sleep(60), real(*given))[1];"
    )
    process = worker(wrap=slow)
    until(lambda: list(ImportJob.objects.values_list("step", flat=True)) == ["compare"])

    process.kill()
    process.wait(10)
    until(ImportJob.objects.note_the_dead)
    ask(JobTask.COMPARE, upload=brought, by=brought.by)
    worker("--once").wait(60)

    assert states() == ["interrupted", "done"]


@pytest.mark.parametrize("begun", [False, True], ids=["before it began", "while at work"])
def test_job_of_a_worker_that_died_is_taken_up_if_it_had_not_begun(
    brought: Upload, worker: Worker, begun: bool
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())
    if begun:
        ImportJob.objects.update(state="working", started_at=timezone.now())

    assert worker("--once").wait(60) == 0

    assert states() == ["interrupted" if begun else "done"]
    assert not ProcrastinateJob.objects.exists()
