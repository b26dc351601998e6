"""`manage.py publish_due`: once, or again and again until a signal; a database that is away is asked again."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from grades.management.commands import publish_due
from grades.models import Inspection
from grades.publishing import approve, submit
from tests import factories
from tests.publishing.conftest import complete

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_once_publishes_what_is_due_and_says_how_many() -> None:
    force = factories.force()
    office = factories.office(forces=[force])
    editor, publisher = factories.member("editor", office), factories.member("publisher", office)
    draft = complete(force)
    before = timezone.now() - timedelta(days=1)
    submission = submit(record=draft, by=editor, now=before, publish_at=before + timedelta(hours=1))
    approve(submission=submission, by=publisher, now=before)
    out = StringIO()

    call_command("publish_due", stdout=out)
    call_command("publish_due", stdout=out)

    assert out.getvalue() == "1 published\n0 published\n"
    assert Inspection.objects.get(pk=draft.pk).status == "published"


def test_loop_survives_trouble_logs_what_it_publishes_and_stops_at_a_signal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[datetime] = []

    def look(*, now: datetime) -> list[str]:
        asked.append(now)
        if len(asked) == 1:
            raise OperationalError("connection refused")
        if len(asked) == 2:
            raise ValueError("something else")
        if len(asked) == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        return ["an inspection"] if len(asked) == 3 else []

    monkeypatch.setattr(publish_due, "publish_due", look)
    before = signal.getsignal(signal.SIGTERM)
    out = StringIO()

    with caplog.at_level(logging.INFO, logger="grades"):
        call_command("publish_due", every=0.01, stdout=out)

    assert len(asked) == 4
    assert all(now.tzinfo is UTC for now in asked)
    assert out.getvalue() == "Stopped.\n"
    assert signal.getsignal(signal.SIGTERM) is before
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "The database does not answer, so nothing is published just now: connection refused",
        "Publishing what is due failed; it is tried again",
        "Published: an inspection",
    ]


@pytest.fixture
def lonely(own_environment: Callable[..., dict[str, str]], tmp_path: Path) -> dict[str, Any]:
    """How to start the program beside a database that is away."""
    return {
        "cwd": ROOT,
        "env": own_environment(DATA_DIR=str(tmp_path), DATABASE_URL="postgres://peel@127.0.0.1:1/peel"),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


def test_process_waits_for_its_database_and_ends_cleanly_when_told(lonely: dict[str, Any]) -> None:
    command = [sys.executable, "manage.py", "publish_due", "--every", "60"]
    process = subprocess.Popen(command, **lonely)
    try:
        first = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        out, _rest = process.communicate(timeout=20)
    finally:
        process.kill()

    assert "The database does not answer, so nothing is published just now" in first
    assert (process.returncode, out) == (0, "Stopped.\n")


def test_process_ends_with_the_one_that_started_it(lonely: dict[str, Any]) -> None:
    command = f"{sys.executable} manage.py publish_due --every 60 --with-parent $$ & echo $!; sleep 12"
    shell = subprocess.run(["sh", "-c", command], check=True, timeout=60, **(lonely | {"stderr": None}))

    assert shell.stdout.splitlines()[1:] in ([], ["Stopped."]), "it ends and closes what it prints to"
    give_up = time.monotonic() + 10
    while Path(f"/proc/{shell.stdout.split()[0]}/cmdline").exists() and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not Path(f"/proc/{shell.stdout.split()[0]}/cmdline").exists()


def test_process_whose_starter_has_gone_before_it_looks_ends_at_once(lonely: dict[str, Any]) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait(10)

    command = [sys.executable, "manage.py", "publish_due", "--every", "60", "--with-parent", str(gone.pid)]
    ended = subprocess.run(command, check=True, timeout=40, **lonely)

    assert (ended.stdout, ended.stderr) == ("Stopped.\n", "")
