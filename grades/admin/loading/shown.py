"""A piece of work, and what a load would change, in the words of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grades.importers.official.loading import LOAD_LOCK
from grades.importers.official.proposing import KINDS
from grades.importers.official.telling import Section, Told, found_sections
from grades.models import Area, ImportJob, Metric
from grades.models.uploads import JOB_LOCK
from grades.scales import JobState, JobTask, Missing

SIGN_OF_LIFE = 180
"""Seconds within which somebody at work on the queue gives a sign of life."""

_STEPS: Mapping[str, Mapping[str, Any]] = {
    JobTask.COMPARE: {
        "read": gettext_lazy("Opening the file and looking through it"),
        "parse": gettext_lazy("Reading its tables"),
        "match": gettext_lazy("Finding the forces that it names"),
        "compare": gettext_lazy("Comparing its counts with those held"),
        "write": gettext_lazy("Trying what loading would write"),
        "work out": gettext_lazy("Working figures out and comparing them"),
    },
    JobTask.UNDO: {
        "records": gettext_lazy("Taking drafts out"),
        "figures": gettext_lazy("Putting figures back"),
        "counts": gettext_lazy("Putting counts back"),
    },
}


def _steps_of(task: str) -> Mapping[str, Any]:
    steps = _STEPS[JobTask.UNDO if task == JobTask.UNDO else JobTask.COMPARE]
    return {**steps, "write": gettext_lazy("Writing")} if task == JobTask.APPLY else steps


_TITLES: Mapping[tuple[str, str], Any] = {
    (JobTask.COMPARE, JobState.WORKING): gettext_lazy("Comparing with the record"),
    (JobTask.APPLY, JobState.WORKING): gettext_lazy("Loading into the record"),
    (JobTask.UNDO, JobState.WORKING): gettext_lazy("Taking the import back"),
    (JobTask.COMPARE, JobState.DONE): gettext_lazy("Compared; nothing is written yet"),
    (JobTask.APPLY, JobState.DONE): gettext_lazy("Loaded"),
    (JobTask.UNDO, JobState.DONE): gettext_lazy("Taken back; everything is as it was before"),
}

_SAID: Mapping[str, tuple[Any, Any]] = {
    JobState.WAITING: (gettext_lazy("Waits to begin"), gettext_lazy("It begins by itself in a moment.")),
    JobState.REFUSED: (gettext_lazy("Refused; nothing was written"), ""),
    JobState.CHANGED: (
        gettext_lazy("The record has changed meanwhile; nothing was written"),
        gettext_lazy(
            "Loading would no longer do what was shown. Below stands what it would do now: look at it, and load again."
        ),
    ),
    JobState.STOPPED: (
        gettext_lazy("Stopped; nothing was written"),
        gettext_lazy("Somebody pressed Stop. It can be started again."),
    ),
    JobState.INTERRUPTED: (
        gettext_lazy("Interrupted; nothing was written"),
        gettext_lazy("The process that was at work has ended. It can be started again."),
    ),
    JobState.FAILED: (gettext_lazy("It failed; nothing was written"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobShown:
    """A piece of work as a page shows it. `step` counts from 1; 0 before the first. `more` problems are not listed."""

    title: str
    words: str
    step: int
    steps: int
    ended: bool
    wrong: bool
    stopping: bool
    problems: list[dict[str, Any]]
    more: int

    @property
    def wrong_in_all(self) -> int:
        """Count what is wrong with a file, listed or not."""
        return len(self.problems) + self.more

    def as_json(self) -> dict[str, Any]:
        """Give what a script needs to show how far it is."""
        return {
            "title": self.title,
            "words": self.words,
            "step": self.step,
            "steps": self.steps,
            "ended": self.ended,
        }


def show_job(job: ImportJob) -> JobShown:
    """Say how a piece of work stands."""
    names = list(_steps_of(job.task))
    title, words = _SAID.get(job.state, ("", ""))
    title = str(_TITLES.get((job.task, job.state), title))
    at = names.index(job.step) + 1 if job.step in names else 0
    if job.state == JobState.WAITING:
        words = _why_it_waits(job)
    elif job.state == JobState.WORKING:
        words = _how_far(job, at)
    return JobShown(
        title=title,
        words=str(words),
        step=at,
        steps=len(names),
        ended=not job.is_open,
        wrong=not job.is_open and job.state != JobState.DONE,
        stopping=job.stop_asked_at is not None,
        problems=[problem for problem in job.problems if "more" not in problem],
        more=sum(problem.get("more", 0) for problem in job.problems),
    )


def _how_far(job: ImportJob, at: int) -> str:
    if job.stop_asked_at is not None:
        return _("It stops at its next step, with nothing written.")
    seconds = int((timezone.now() - (job.started_at or timezone.now())).total_seconds())
    begun = ngettext("begun %(n)d second ago", "begun %(n)d seconds ago", seconds) % {"n": seconds}
    steps = _steps_of(job.task)
    return _("%(step)s (step %(at)d of %(steps)d, %(begun)s)") % {
        "step": list(steps.values())[max(at - 1, 0)],
        "at": max(at, 1),
        "steps": len(steps),
        "begun": begun,
    }


def _why_it_waits(job: ImportJob) -> str:
    """Say whether another load is before it, or nobody is there to begin."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks load WHERE locktype = 'advisory' AND objsubid = 1 AND classid = 0"
            " AND objid::bigint = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            # this very job takes its own lock first, and is about to say that it is at work
            " AND NOT EXISTS (SELECT FROM pg_locks own WHERE own.pid = load.pid AND own.locktype = 'advisory'"
            "  AND own.objsubid = 2 AND own.classid::bigint = %s AND own.objid::bigint = %s)),"
            " EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [LOAD_LOCK, JOB_LOCK, job.pk, SIGN_OF_LIFE],
        )
        busy, somebody = cursor.fetchone()
    if busy:
        return _("Another file is being loaded or taken back. This begins by itself after it.")
    if not somebody:
        return _(
            "Nobody is at work on the queue. Tell whoever runs this site to start “manage.py work”; then this begins by itself."
        )
    return str(_SAID[JobState.WAITING][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The first lines of one kind of change, and how many there are in all."""

    title: str
    count: int
    lines: list[Told]

    @property
    def left(self) -> int:
        """Give how many are not shown."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalShown:
    """What a load would change, or changed, as a page shows it."""

    title: str
    editions: list[str]
    beside: list[str]
    records: list[tuple[str, int]]
    numbers: list[tuple[str, int, int | None]]
    lines: list[Lines]
    left_out: list[tuple[str, int]]
    found: list[Section]
    digest: str
    nothing: bool


_KINDS = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "vanished": gettext_lazy("Vanished"),
    "kept": gettext_lazy("Kept as recorded, though the file says otherwise"),
}


def show_proposal(proposal: Mapping[str, Any]) -> ProposalShown:
    """Give what a page shows of a proposal; two queries for the names of areas and metrics."""
    called = names()
    counts, figures = proposal["counts"], proposal["figures"]
    totals = {kind: counts.get(kind, 0) + figures[kind] for kind in KINDS}
    return ProposalShown(
        title=proposal["title"],
        editions=proposal["editions"],
        beside=[name for name in dict.fromkeys(proposal["beside"]) if name],
        records=list(proposal.get("records", {}).items()),
        numbers=[(str(words), figures[kind], counts.get(kind)) for kind, words in _KINDS.items()],
        lines=[
            Lines(
                title=str(_KINDS[kind]),
                count=totals[kind],
                lines=[_named(Told(*told), called) for told in proposal["few"][kind]],
            )
            for kind in KINDS
            if totals[kind]
        ],
        left_out=list(proposal["left_out"].items()),
        found=sections(proposal["report"], called),
        digest=proposal["digest"],
        nothing=not any(totals[kind] for kind in ("added", "changed", "vanished")),
    )


def sections(report: Mapping[str, Any], called: Mapping[str, str] | None = None) -> list[Section]:
    """Give what was found when a load was looked over, with the names of areas and metrics."""
    return found_sections(report, names() if called is None else called)


def names() -> dict[str, str]:
    """Give the names of areas, metrics and reasons by their slugs."""
    return {
        **{reason.value: str(reason.label) for reason in Missing},
        **dict(Metric.objects.values_list("slug", "label")),
        **dict(Area.objects.values_list("slug", "name")),
    }


def _named(told: Told, called: Mapping[str, str]) -> Told:
    """Name a metric and the reasons why there is no number."""
    return told._replace(
        what=called.get(told.what, told.what),
        old=called.get(told.old, told.old),
        new=called.get(told.new, told.new),
    )
