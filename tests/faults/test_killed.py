"""kill -9 between any two statements of what changes the record: all of it happened or nothing, and it can be done again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from grades import chain
from grades.importers.official import jobs, loading, uploads
from grades.importers.official.facts import Wishes
from grades.models import ChangeLogEntry, DataVersion, ImportJob, Submission
from grades.publishing import approve, propose, submit
from tests import factories
from tests.faults.killing import COMMIT, Action, contents, copy_of, do, exchanges, kill_after
from tests.importers.official.conftest import make_world
from tests.importers.official.test_loading import CRIME, JULY_2018, changed_copy
from tests.people import People, make_people
from tests.publishing.conftest import NOW, complete
from tests.soak import LONG

SOLD = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "

JOBS = "grades_importjob"
"""Tells others how far a job is while it is at work, so that it is no part of what happens at once."""


@dataclass(frozen=True)
class Step:
    """What somebody does, and how they do it again where they were cut short."""

    do: Action
    again: Action


def publishing(_folder: Path) -> Step:
    """Agree to an inspection, as its second person."""
    people = make_people()
    return _approving(submit(record=complete(people.force), by=people.editor, now=NOW), people)


def correcting(_folder: Path) -> Step:
    """Agree to a correction of a public grade, as its second person."""
    people = make_people()
    correction = propose(
        record=complete(people.force, status="published").grades.get(level="good"),
        after={"level": "adequate"},
        reason="Misread.",
        source=factories.source(),
        by=people.editor,
        now=NOW,
    )
    return _approving(submit(record=correction, by=people.editor, now=NOW), people)


def _approving(submission: Submission, people: People) -> Step:
    def agree() -> None:
        approve(submission=submission, by=people.publisher, now=NOW)

    return Step(agree, agree)


def applying(_folder: Path) -> Step:
    """Load an official file that was compared."""
    make_world()
    editor = factories.member("national-editor")
    upload = uploads.receive(
        [CRIME.read_bytes()], name=CRIME.name, said=Wishes(released=JULY_2018), by=editor, now=timezone.now()
    )
    jobs.run(factories.import_job(task="compare", upload=upload, by=editor).pk)
    return _working("apply", upload=upload, by=editor)


def undoing(folder: Path) -> Step:
    """Take back a load that wrote over figures of an earlier one, which have to return."""
    make_world()
    editor = factories.member("national-editor")
    loading.load(CRIME, Wishes(released=JULY_2018), by=editor)
    revised = changed_copy(folder, SOLD, f"{SOLD}9")
    run = loading.load(revised, Wishes(released=JULY_2018), by=editor).run
    return _working("undo", run=run, by=editor)


def _working(task: str, **about: object) -> Step:
    """Do a job as the worker does; where that was killed it is asked for anew, as at the desk."""
    job = factories.import_job(task=task, **about)

    def again() -> None:
        ImportJob.objects.note_the_dead()
        job.refresh_from_db()
        asked = factories.import_job(task=task, **about) if job.state == "interrupted" else job
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.problems) == ("done", [])

    return Step(lambda: jobs.run(job.pk), again)


@dataclass(frozen=True)
class Bench:
    """A step, a database in which it is about to be done, and what it is to leave behind."""

    database: str
    folder: Path
    step: Step
    exchanges: list[str]
    before: dict[str, tuple[int, str]]
    after: dict[str, int]
    version: datetime | None

    @property
    def last_commit(self) -> int:
        """Which exchange makes it so for everybody, counted from one."""
        return max(at for at, name in enumerate(self.exchanges, start=1) if name == COMMIT)

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Work in a copy of the database, and of the files."""
        kept = self.folder.with_name("kept")
        shutil.copytree(self.folder, kept)
        try:
            with copy_of(self.database, f"{self.database}_trial"):
                yield
        finally:
            shutil.rmtree(self.folder)
            kept.rename(self.folder)


@pytest.fixture(params=[publishing, correcting, applying, undoing], ids=lambda step: step.__name__)
def bench(request: pytest.FixtureRequest, transactional_db: None, tmp_path: Path) -> Iterator[Bench]:
    """Prepare a step, and do it once unharmed."""
    name = f"{connection.settings_dict['NAME']}_killed"
    with override_settings(UPLOADS_DIR=tmp_path / "uploads"), copy_of(connection.settings_dict["NAME"], name):
        folder = uploads.folder()
        step = request.param(tmp_path)
        found = Bench(name, folder, step, [], contents(but=JOBS), {}, version())
        with found.fresh():
            found.exchanges.extend(exchanges(step.do))
            found.after.update(sizes(contents(but=JOBS)))
        yield found


def sizes(found: dict[str, tuple[int, str]]) -> dict[str, int]:
    """Give how many rows each table has."""
    return {table: rows for table, (rows, _digest) in found.items()}


def version() -> datetime | None:
    """Give the version of the record; a note without its moment would be half a commit."""
    assert not DataVersion.objects.filter(moment__isnull=True).exists()
    return DataVersion.objects.at(timezone.now())


def points(bench: Bench) -> list[int]:
    """Give after which exchanges to kill: in the long form each; else the first, the middle, those around the commit, the last."""
    last, commit = len(bench.exchanges), bench.last_commit
    return list(range(1, last + 1)) if LONG else sorted({1, commit // 2, commit - 1, commit, last})


@pytest.mark.soak
def test_a_killed_step_is_done_or_not_and_can_be_done_again(bench: Bench) -> None:
    """The log's chain holds at each point, the version of the record moves with the record, and nothing is done twice."""
    assert bench.last_commit > 10, "what is counted is what is sent"
    assert bench.after != sizes(bench.before)

    for number in points(bench):
        where = f"after {number} of {len(bench.exchanges)}, the commit being {bench.last_commit}"
        with bench.fresh():
            kill_after(number, bench.step.do)

            left, is_done = contents(but=JOBS), number >= bench.last_commit
            if is_done:
                assert sizes(left) == bench.after, where
                assert version() != bench.version, where
            else:
                assert left == bench.before, where
                assert version() == bench.version, where
            assert_the_log_is_whole()

            do(bench.step.again)
            assert sizes(contents(but=JOBS)) == bench.after, where
            assert version() != bench.version, where
            assert_the_log_is_whole()


def assert_the_log_is_whole() -> None:
    """Check the chain as whoever downloads the log does."""
    assert list(chain.faults(entry.as_line() for entry in ChangeLogEntry.objects.order_by("number"))) == []
