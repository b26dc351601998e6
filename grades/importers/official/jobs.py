"""Work that somebody asked for at the desk, done in another process: compare a file, load it, take an import back.

A job is done in one transaction, in which it also says that it is done; so a process that is killed leaves either all of it or
nothing. While it is at work it holds two locks of its session: that of loading, which lets one load at a time happen,
and its own, by which others see that it lives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pghistory
import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from grades.importers.official import loading, proposing, undoing, uploads
from grades.importers.official.errors import BadFiles, RowError, Unreadable, no_room
from grades.importers.official.loading import LOAD_LOCK, AlreadyLoaded, Busy, Loaded
from grades.importers.official.proposing import Proposal
from grades.importers.official.undoing import CannotUndo
from grades.models import ImportJob, ImportRun, Upload
from grades.models.uploads import JOB_LOCK
from grades.scales import JobState, JobTask

logger = logging.getLogger(__name__)

MOST_PROBLEMS = 500
"""Lines of what is wrong with a file that are kept and shown."""

Problem = dict[str, Any]
"""Plain JSON: `sheet`, `line`, `column`, `words`; without the first three where a whole file is meant. The last may say instead
how many `more` there are."""


class Stopped(Exception):  # noqa: N818  it names the thing, not the mishap
    """Somebody pressed Stop."""


class Interrupted(Exception):  # noqa: N818  likewise
    """The process is to end."""


class Changed(Exception):  # noqa: N818  likewise
    """The load would do something else than what was shown; `proposal` says what."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__("the record has changed")


def never() -> bool:
    """Go on."""
    return False


def run(number: int, *, ending: Callable[[], bool] = never) -> None:
    """Do a job and keep how it ended. Raise Busy where another load is at work; the job waits on.

    `ending` says whether this process is about to end; then the job stops at its next step, with nothing written.
    """
    with _holding(number):
        ImportJob.objects.note_the_dead()
        began = ImportJob.objects.filter(pk=number, state=JobState.WAITING).update(
            state=JobState.WORKING, started_at=timezone.now()
        )
        if began:
            job = ImportJob.objects.select_related("upload", "run", "by").get(pk=number)
            with pghistory.context(user=job.by_id):
                _do(job, ending)


def _do(job: ImportJob, ending: Callable[[], bool]) -> None:
    """Do a job that has begun, and say how it ended; what nobody foresaw is logged and told as a failure."""
    try:
        with _steps(job, ending) as step:
            _WORK[JobTask(job.task)](job, step)
    except BadFiles as problem:
        _end(job, JobState.REFUSED, _lines(problem.errors))
    except CannotUndo as problem:
        _end(job, JobState.REFUSED, [{"words": reason} for reason in problem.reasons])
    except (Unreadable, AlreadyLoaded) as problem:
        _end(job, JobState.REFUSED, [{"words": str(problem)}])
    except Changed as problem:
        Upload.objects.filter(jobs=job).update(proposal=problem.proposal)
        _end(job, JobState.CHANGED, [])
    except Stopped:
        _end(job, JobState.STOPPED, [])
    except Interrupted:
        _end(job, JobState.INTERRUPTED, [])
    except Exception as problem:
        logger.exception("Job %s failed", job.pk)
        _end(job, JobState.FAILED, [{"words": _in_words(problem)}])


def _compare(job: ImportJob, step: loading.Progress) -> None:
    """Try a load, and keep what it would do."""
    upload = _upload(job)
    kept: list[Proposal] = []
    loading.load(
        uploads.path_of(upload),
        uploads.said_of(upload),
        name=upload.file_name,
        trial=True,
        by=job.by,
        progress=step,
        settle=lambda done: kept.append(_proposal(upload, done)),
    )
    Upload.objects.filter(pk=upload.pk).update(proposal=kept[0])
    _end(job, JobState.DONE, [])


def _apply(job: ImportJob, step: loading.Progress) -> None:
    """Load a file, if that still does what was shown."""
    upload = _upload(job)

    def settle(done: Loaded) -> None:
        shown = (upload.proposal or {}).get("digest")
        if proposing.propose(done)["digest"] != shown:
            raise Changed(_proposal(upload, done))
        Upload.objects.filter(pk=upload.pk).update(run=done.run)
        _end(job, JobState.DONE, [])

    done = loading.load(
        uploads.path_of(upload),
        uploads.said_of(upload),
        name=upload.file_name,
        by=job.by,
        why=upload.why,
        progress=step,
        settle=settle,
    )
    if done.run is None:
        raise Unreadable(_("Nothing in this file is new, so there is nothing to load."))
    uploads.forget(upload)


def _undo(job: ImportJob, step: loading.Progress) -> None:
    """Take an import back."""

    def settle(_run: ImportRun) -> None:
        _end(job, JobState.DONE, [])

    undoing.undo(job.run_id or 0, by=job.by, why=job.why, progress=step, settle=settle)


_WORK: dict[JobTask, Callable[[ImportJob, loading.Progress], None]] = {
    JobTask.COMPARE: _compare,
    JobTask.APPLY: _apply,
    JobTask.UNDO: _undo,
}


def _upload(job: ImportJob) -> Upload:
    if job.upload is None or not job.upload.is_open:
        raise Unreadable(_("This file is loaded or discarded already."))
    return job.upload


def _proposal(upload: Upload, done: Loaded) -> Proposal:
    """Give what a load does with its first lines, and write the list of all."""
    found = proposing.propose(done)
    path = uploads.list_path(upload)
    draft = Path(f"{path}.new")
    try:
        found["few"] = proposing.write_lines(draft, proposing.lines(done))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return found


def _end(job: ImportJob, state: JobState, problems: list[Problem]) -> None:
    """Say how a job ended, with a file under the name that its owner knows."""
    if job.upload is not None:
        for problem in problems:
            problem["words"] = problem["words"].replace(job.upload.kept_as, job.upload.file_name)
    ImportJob.objects.filter(pk=job.pk).update(
        state=state, ended_at=timezone.now(), problems=problems, step=""
    )


def _lines(errors: Sequence[RowError]) -> list[Problem]:
    """Give the first lines of what is wrong with a file, and how many more there are."""
    found: list[Problem] = [
        {"sheet": error.file, "line": error.line, "column": error.column, "words": error.message}
        for error in errors[:MOST_PROBLEMS]
    ]
    left = len(errors) - len(found)
    return [*found, {"more": left, "words": ""}] if left else found


_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def _in_words(problem: Exception) -> str:
    """Say what went wrong as far as somebody at the desk can do something about it."""
    state = next(filter(None, (getattr(found, "sqlstate", "") for found in (problem, problem.__cause__))), "")
    if no_room(problem) or state.startswith("53"):
        return _("There is no room left, or the database is short of something. Tell whoever runs this site.")
    if isinstance(problem, _AWAY):
        return _("The database went away. Start it again when it is back.")
    if isinstance(problem, DatabaseError | psycopg.Error):
        return _("The database did not accept this. Whoever runs this site finds the reason in its log.")
    return _("Something went wrong that nobody foresaw. Whoever runs this site finds the reason in its log.")


@contextmanager
def _holding(number: int) -> Iterator[None]:
    """Hold the lock of loading and that of a job, for this session. Raise Busy where somebody else loads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [JOB_LOCK, number])
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOAD_LOCK])
        held = cursor.fetchone()[0]
    try:
        if not held:
            raise Busy(_("Another file is being loaded or taken back."))
        yield
    finally:
        # A connection that broke has let go of its locks.
        with suppress(DatabaseError, InterfaceError, psycopg.Error), connection.cursor() as cursor:
            if held:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOAD_LOCK])
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [JOB_LOCK, number])


@contextmanager
def _steps(job: ImportJob, ending: Callable[[], bool]) -> Iterator[loading.Progress]:
    """Give what notes each step where others see it: on a connection beside that of the job's own transaction."""
    beside: Any = connection.copy()

    def note(step: str) -> None:
        if step == "done":  # its row is written by the transaction that is about to end
            return
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE grades_importjob SET step = %s WHERE id = %s RETURNING stop_asked_at", [step, job.pk]
            )
            row = cursor.fetchone()
        if row and row[0]:
            raise Stopped
        if ending():
            raise Interrupted

    try:
        yield note
    finally:
        beside.close()
