"""The public change log: what happened to the record, entry by entry."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator

from grades import models
from grades.history import Choice
from grades.queries.renamed import every_slug, renamed_forces
from grades.scales import ChangeKind

A_PAGE = 25
"""As many entries stand on one page."""

CHUNK = 500
"""As many entries of the whole log are held in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry. `force` and `cycle` name what it is about, where it is about one; `document` is what it tells, in full.

    `linked` says whether the inspection that it is about has a page; `cycles` names the cycles that `document` gives by slug.
    """

    number: int
    at: datetime
    kind: ChangeKind
    force: str
    force_slug: str
    cycle: str
    cycle_slug: str
    document: Mapping[str, Any]
    digest: str
    linked: bool
    cycles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """One page of the log, newest first. `last_number` and `last_digest` are those of the whole log's newest entry, 0 and "" if it is empty."""

    entries: tuple[LogEntry, ...]
    forces: tuple[Choice, ...]
    chosen: str
    number: int
    pages: int
    found: int
    last_number: int
    last_digest: str

    @property
    def earlier(self) -> int | None:
        """Give the number of the page with older entries."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def later(self) -> int | None:
        """Give the number of the page with newer entries."""
        return self.number - 1 if self.number > 1 else None


def log_forces() -> tuple[Choice, ...]:
    """Name every force that entries can be about, in one query."""
    found = models.Force.objects.order_by("short_name").values_list("slug", "short_name")
    return tuple(Choice(slug=slug, title=name) for slug, name in found)


def changes_page(*, forces: tuple[Choice, ...], at: datetime, force: str = "", page: int = 1) -> ChangesPage:
    """Load one page of the log in six queries; a page that does not exist gives the last one."""
    renamed = renamed_forces()
    log = models.ChangeLogEntry.objects.order_by("-number")
    last = log.values_list("number", "digest").first() or (0, "")
    paginator = Paginator(log.filter(force__in=every_slug((force,), renamed)) if force else log, A_PAGE)
    shown = paginator.get_page(page)
    return ChangesPage(
        entries=_entries(shown, forces, renamed, at=at),
        forces=forces,
        chosen=force,
        number=shown.number,
        pages=paginator.num_pages,
        found=paginator.count,
        last_number=last[0],
        last_digest=last[1],
    )


def newest_entries(
    *, forces: tuple[Choice, ...], at: datetime, force: str = "", kinds: Collection[ChangeKind] = ()
) -> tuple[LogEntry, ...]:
    """Load the newest entries of the log, at most a page of them, in four queries.

    With a force: those that are about it, and those that are about no single one. With kinds: those alone.
    """
    renamed = renamed_forces()
    log = models.ChangeLogEntry.objects.order_by("-number")
    if force:
        log = log.filter(force__in=("", *every_slug((force,), renamed)))
    if kinds:
        log = log.filter(kind__in=kinds)
    return _entries(log[:A_PAGE], forces, renamed, at=at)


def _entries(
    rows: Iterable[models.ChangeLogEntry],
    forces: tuple[Choice, ...],
    renamed: Mapping[str, str],
    *,
    at: datetime,
) -> tuple[LogEntry, ...]:
    """Turn entries into plain facts, with the names of what they are about, in two queries beside their own.

    An entry that names a force as it was called before leads to it under its name of today.
    """
    entries = list(rows)
    names = {found.slug: found.title for found in forces}
    labels = dict(models.Cycle.objects.values_list("slug", "label"))
    told = models.Inspection.objects.published(at).filter(
        force__slug__in={renamed.get(entry.force, entry.force) for entry in entries},
        cycle__slug__in={_cycle(entry) for entry in entries},
    )
    pages = set(told.values_list("force__slug", "cycle__slug"))
    return tuple(
        _entry(entry, renamed.get(entry.force, entry.force), names, labels, pages) for entry in entries
    )


def _cycle(entry: models.ChangeLogEntry) -> str:
    return str(entry.document.get("cycle") or "")


def _entry(
    entry: models.ChangeLogEntry,
    force: str,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    pages: Container[tuple[str, str]],
) -> LogEntry:
    cycle = _cycle(entry)
    return LogEntry(
        number=entry.number,
        at=entry.at,
        kind=ChangeKind(entry.kind),
        force=names.get(force, force),
        force_slug=force,
        cycle=labels.get(cycle, cycle),
        cycle_slug=cycle,
        document=entry.document,
        digest=entry.digest,
        linked=(force, cycle) in pages,
        cycles=labels,
    )


def log_lines() -> Iterator[str]:
    """Give the whole log, oldest first, a line an entry, in one query whose rows come as they are asked for."""
    for entry in models.ChangeLogEntry.objects.order_by("number").iterator(chunk_size=CHUNK):
        yield entry.as_line()


def changed_forces(*, since: datetime | None) -> tuple[str, ...]:
    """Give the slugs of the forces that the log names from a moment on, the newest first; none without a moment."""
    if since is None:
        return ()
    named = models.ChangeLogEntry.objects.filter(at__gte=since).exclude(force="").order_by("-number")
    return tuple(dict.fromkeys(named.values_list("force", flat=True)))
