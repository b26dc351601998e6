"""Loading a file and taking it back: each one transaction, one run, one entry of the public log.

Who may load is the caller's to decide. What is read, parsed, matched and compared changes nothing; only `apply` writes, and a
trial is the same with its writing taken back, so that what it shows is what would happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from grades.dates import PartialDate
from grades.importers.official import comparing, population, quality, template
from grades.importers.official.comparing import Difference, Table
from grades.importers.official.errors import BadFiles, RowError
from grades.importers.official.facts import Edition, Parsed, Part, Place, Wishes
from grades.importers.official.matching import Atlas, load_atlas, match
from grades.importers.official.reading import open_book, sha256_of
from grades.importers.official.sources import recognise
from grades.importers.official.working_out import Figures, Key, Worked, Worker, with_notes
from grades.importers.official.writing import FigureDifference, area_names, write_counts, write_figures
from grades.importers.record.applying import apply_own
from grades.importers.record.comparing import RecordDifference
from grades.importers.record.wanted import Ref, Wanted, wanted_records
from grades.models import ChangeLogEntry, CountLine, ImportRun, Release
from grades.scales import ChangeKind, CountKind

LOAD_LOCK = 0x0FF1C1A1
"""Any number; one file is loaded or taken back at a time."""

EDITION = 60
"""Letters that the name of an edition may have."""

Progress = Callable[[str], None]
"""Told of each step in one word; may raise to stop, and then nothing has happened."""

Settle = Callable[["Loaded"], None]
"""Called inside the transaction when everything but the log is written; what it raises takes all of it back."""


class Busy(Exception):  # noqa: N818  it names the thing, not the mishap
    """Another file is being loaded or taken back."""


class AlreadyLoaded(Exception):  # noqa: N818
    """The same bytes are loaded already; `run` says when."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        super().__init__(
            _("This very file is loaded already (import %(run)d, %(day)s). Nothing was changed.")
            % {"run": run.pk, "day": f"{timezone.localdate(run.started_at)}"}
        )


@dataclass(slots=True, kw_only=True)
class Read:
    """A file that was read, parsed and matched, and is good."""

    name: str
    sha256: str
    title: str
    parsed: Parsed
    atlas: Atlas
    areas: dict[Place, int | None]
    wanted: dict[Ref, Wanted] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What a load did, or would do. `run` is None for a trial; `records` tells of one of our own files."""

    title: str
    parsed: Parsed
    releases: list[str] = field(default_factory=list)
    counts: list[Difference] = field(default_factory=list)
    figures: FigureDifference = field(default_factory=FigureDifference)
    report: dict[str, Any] = field(default_factory=dict)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    run: ImportRun | None = None
    records: RecordDifference | None = None


def nothing(_step: str) -> None:
    """Take no notice of progress."""


def settled(_done: Loaded) -> None:
    """Let what was written stand."""


def read_file(path: Path, wishes: Wishes, *, name: str = "", progress: Progress = nothing) -> Read:
    """Read, parse and match. Raise Unreadable, AlreadyLoaded or BadFiles; nothing is written.

    `name` is what the file is called where it comes from, if it is kept under another.
    """
    sha256 = sha256_of(path)
    refuse_repeated(sha256)
    progress("read")
    book = open_book(path, sha256)
    source = recognise(book)
    progress("parse")
    parsed: Parsed = source.parse(book, wishes)
    progress("match")
    atlas = load_atlas(wishes)
    areas = match(parsed, atlas)
    wanted = wanted_records(parsed.own, wishes, parsed.errors) if parsed.own else {}
    _one_source_each(parsed)
    if parsed.errors:
        raise BadFiles(parsed.errors)
    return Read(
        name=name or path.name,
        sha256=sha256,
        title=source.TITLE,
        parsed=parsed,
        atlas=atlas,
        areas=areas,
        wanted=wanted,
    )


def refuse_repeated(sha256: str) -> None:
    """Raise AlreadyLoaded where these bytes were loaded and not taken back."""
    run = ImportRun.objects.filter(sha256=sha256, undone_at__isnull=True).exclude(source="").first()
    if run is not None:
        raise AlreadyLoaded(run)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the one place for loading until the end of the transaction. Raise Busy where somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOAD_LOCK])
        if not cursor.fetchone()[0]:
            raise Busy(
                _("Another file is being loaded or taken back. Wait until that is done and try again.")
            )
    yield


def load(
    path: Path,
    wishes: Wishes,
    *,
    name: str = "",
    trial: bool = False,
    by: Any = None,
    why: str = "",
    progress: Progress = nothing,
    settle: Settle = settled,
    now: datetime | None = None,
) -> Loaded:
    """Load a file, or try what loading would do. Raise Unreadable, AlreadyLoaded, BadFiles or Busy; then nothing is written.

    `by` is the account of who loads, None for the command line; `progress` and `settle` may raise to stop.
    """
    started = now or timezone.now()
    read = read_file(path, wishes, name=name, progress=progress)
    with transaction.atomic(), alone():
        refuse_repeated(read.sha256)
        with pghistory.context(why=why or _("Loaded from %(file)s") % {"file": read.name}, load=read.sha256):
            apply = _apply_own if read.parsed.own else _apply
            done = apply(read, wishes, by=by, started=started, progress=progress, settle=settle)
        if trial or (done.records and done.records.nothing):
            transaction.set_rollback(True)
            done.run = None
    return done


def _apply_own(
    read: Read, wishes: Wishes, *, by: Any, started: datetime, progress: Progress, settle: Settle
) -> Loaded:
    """Add the drafts that one of our own files brings. The public log says nothing of drafts."""
    run = _new_run(read, by=by, started=started)
    progress("write")
    records = apply_own(run, read.parsed, read.wanted, wishes)
    run.finished_at = max(timezone.now(), run.started_at)
    run.save()
    done = Loaded(title=read.title, parsed=read.parsed, report=run.report, run=run, records=records)
    settle(done)
    progress("done")
    return done


def _new_run(read: Read, *, by: Any, started: datetime) -> ImportRun:
    return ImportRun.objects.create(
        file_name=read.name[:200],
        sha256=read.sha256,
        source=read.parsed.source,
        started_at=started,
        finished_at=timezone.now(),
        by=by,
    )


def _apply(
    read: Read, wishes: Wishes, *, by: Any, started: datetime, progress: Progress, settle: Settle
) -> Loaded:
    done = Loaded(title=read.title, parsed=read.parsed)
    run = done.run = _new_run(read, by=by, started=started)
    report: dict[str, Any] = {
        "sheets": read.parsed.sheets,
        "rows": read.parsed.rows,
        "left_out": read.parsed.left_out,
        "created_releases": [],
        "hashed_releases": [],
        "dated_releases": [],
        "uses": [],
        "notes": dict(wishes.notes),
        **read.parsed.checks,
    }
    everything: Table = {}
    figures: Figures = {}
    releases: list[Release] = []
    for part in read.parsed.parts:
        release, created = release_of(part.edition)
        if created:
            report["created_releases"].append(release.key)
        elif not release.file_sha256:
            report["hashed_releases"].append(release.key)
        if release.released_on is None and part.edition.released:
            _date(release, part.edition.released)
            report["dated_releases"].append(release.key)
        if not release.file_sha256:
            Release.objects.filter(pk=release.pk).update(file_sha256=read.sha256)
            release.file_sha256 = read.sha256
        releases.append(release)
        done.releases.append(str(release))
        progress("compare")
        table = comparing.gather(part, read.areas)
        everything |= table
        done.counts.append(_write_counts(run, release, part, table, progress))
        progress("work out")
        found, difference = _write_figures(run, release, part, read, wishes, report)
        figures |= found
        done.figures.add(difference)
    done.figures.add(_fill_others(run, releases, everything, read.atlas, report, progress))
    slugs = {area: slug for slug, area in read.atlas.area_of_slug.items()}
    report |= quality.look_over(
        counts=everything, figures=figures, atlas=read.atlas, totals=wishes.totals, slugs=slugs
    )
    report["rates"] = [line for release in releases for line in quality.differences_of_rates(release)]
    report["people_differ"] = _people_differ(everything, read.parsed)
    report["kept"] = _kept(done.figures, slugs)
    report["releases"] = [release.key for release in releases]
    done.report = report
    done.names = area_names({change.line.area for d in done.counts for change in (*d.changed, *d.vanished)})
    done.names |= area_names(
        {c.key.area for c in (*done.figures.changed, *done.figures.vanished, *done.figures.kept)}
    )
    settle(done)
    _finish(run, releases, done, report)
    progress("done")
    return done


def _write_counts(
    run: ImportRun, release: Release, part: Part, table: Table, progress: Progress
) -> Difference:
    """Compare an edition's counts with those held and put them in."""
    kinds = {line.name.kind for line in table}
    if not kinds:
        return Difference()
    held, known = comparing.held_table(release, kinds)
    if held:
        beside, other = str(release), held
    else:
        earlier = comparing.earlier_release(part.edition.dataset, release, kinds)
        beside, other = (str(earlier), comparing.held_table(earlier, kinds)[0]) if earlier else ("", {})
    difference = comparing.compare(table, other, beside=beside)
    progress("write")
    lines, gone = comparing.lines_to_write(table, held)
    write_counts(run, release, lines, gone, known)
    return difference


def _write_figures(
    run: ImportRun, release: Release, part: Part, read: Read, wishes: Wishes, report: dict[str, Any]
) -> tuple[Figures, FigureDifference]:
    """Work an edition's figures out, add those that it states itself, and write both."""
    worker = Worker(release=release, atlas=read.atlas)
    figures = worker.work()
    report["uses"] = sorted({*report["uses"], *filter(None, worker.uses)})
    stated: Figures = {}
    for row in part.stated:
        area = read.areas.get(row.place)
        if area is not None:
            key = Key(area, row.metric, row.period.starts_on, row.period.ends_before)
            together = read.atlas.area_of_slug.get(row.combined) if row.combined else None
            stated[key] = Worked(
                row.value,
                row.numerator,
                row.denominator,
                row.denominator_note,
                row.note,
                row.basis,
                together,
            )
    both = with_notes(figures | stated, read.atlas, _noted_before(release) | dict(wishes.notes))
    # A template has the lines that somebody typed; any other file has all that its edition states.
    whole = read.parsed.source != template.SOURCE
    covered = {(key.metric, key.ends_before) for key in stated} if whole else set()
    difference = write_figures(run, release, both, replace=wishes.replace, covered=covered)
    return both, difference


def _noted_before(release: Release) -> dict[str, str]:
    """Give what was noted on forces when files of an edition were loaded, the last word on each; it stays with them."""
    found: dict[str, str] = {}
    runs = ImportRun.objects.filter(undone_at__isnull=True, report__releases__contains=[release.key])
    for report in runs.order_by("pk").values_list("report", flat=True):
        found |= report.get("notes", {})
    return found


def _fill_others(
    run: ImportRun,
    releases: list[Release],
    table: Table,
    atlas: Atlas,
    report: dict[str, Any],
    progress: Progress,
) -> FigureDifference:
    """Where people or crimes came in, work out the figures of other editions that waited for them; none of theirs changes."""
    found = FigureDifference()
    brought = {line.name.kind for line in table}
    waiting: set[str] = set()
    if brought & {CountKind.POPULATION.value, CountKind.HOUSEHOLDS.value}:
        waiting |= {CountKind.CRIME_QUARTER.value, CountKind.CRIME_YEAR.value, CountKind.WORKFORCE.value}
    if CountKind.CRIME_QUARTER.value in brought:
        waiting |= {CountKind.OUTCOME_CLOSED.value, CountKind.OUTCOME_RECORDED.value}
    if not waiting:
        return found
    lines = CountLine.objects.current().filter(kind__in=waiting).values("release")
    others = Release.objects.filter(pk__in=lines).exclude(pk__in=[release.pk for release in releases])
    for other in others.order_by("pk"):
        progress("work out")
        worker = Worker(release=other, atlas=atlas)
        wanted = with_notes(worker.work(), atlas, _noted_before(other))
        difference = write_figures(run, other, wanted, replace=False, add_only=True)
        difference.unchanged = 0
        found.add(difference)
        report["uses"] = sorted(
            {*report["uses"], *filter(None, worker.uses), other.key} if difference.added else report["uses"]
        )
    return found


def _people_differ(table: Table, parsed: Parsed) -> list[dict[str, str]]:
    """Set the sum of the forces' people beside the number printed for England and Wales, where the file prints one."""
    printed = parsed.checks.get("printed_people")
    if not isinstance(printed, dict):
        return []
    found = []
    for year, value in printed.items():
        period = population.mid_year(int(year))
        held = [
            cells[period].value
            for line, cells in table.items()
            if line.name.kind == CountKind.POPULATION.value and period in cells
        ]
        summed = sum(count for count in held if count is not None)
        if str(summed) != str(value):
            found.append({"year": str(year), "printed": str(value), "summed": str(summed)})
    return found


def _kept(difference: FigureDifference, slugs: dict[int, str]) -> list[dict[str, str]]:
    return [
        {
            "area": slugs.get(change.key.area, ""),
            "metric": change.key.metric,
            "ends_before": change.key.ends_before.isoformat(),
            "held": str(change.old),
            "file": "" if change.new is None else str(change.new),
        }
        for change in difference.kept[: quality.MOST]
    ]


def recorded(edition: Edition) -> Release | None:
    """Find an edition on record."""
    return Release.objects.filter(dataset=edition.dataset, edition=edition.edition[:EDITION]).first()


def _date(release: Release, released: PartialDate) -> None:
    """Note the day of an edition whose day was not known: without it, older figures would pass for newer ones."""
    release.released_on, release.released_on_precision = released.first, released.precision.value
    release.save(update_fields=["released_on", "released_on_precision"])


def _one_source_each(parsed: Parsed) -> None:
    """Refuse lines that give an edition on record another publisher or address: its figures would bear a wrong source."""
    for part in parsed.parts:
        if part.named_at is None:
            continue
        found = recorded(part.edition)
        if found and not _same_source(found, part.edition):
            message = _(
                "is recorded here as by %(publisher)s, %(address)s; name another edition, or give this source its own title"
            )
            shown = {"publisher": found.publisher, "address": found.address or _("without an address")}
            parsed.errors.append(RowError(*part.named_at, "source title", message % shown))


def _same_source(release: Release, edition: Edition) -> bool:
    return (release.publisher, release.address) == (edition.publisher, edition.address)


def release_of(edition: Edition) -> tuple[Release, bool]:
    """Find an edition, or make it; what is on record of it stays."""
    found = recorded(edition)
    if found is not None:
        return found, False
    released = edition.released
    base = slugify(f"{edition.publisher} {edition.dataset} {edition.edition}")[:76].strip("-")
    key, number = base, 1
    while Release.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return (
        Release.objects.create(
            key=key,
            dataset=edition.dataset,
            edition=edition.edition[:EDITION],
            publisher=edition.publisher,
            address=edition.address,
            **(
                {"released_on": released.first, "released_on_precision": released.precision.value}
                if released
                else {}
            ),
        ),
        True,
    )


def _finish(run: ImportRun, releases: list[Release], done: Loaded, report: dict[str, Any]) -> None:
    """Close the run and tell the public log."""
    run.created = sum(d.added for d in done.counts) + done.figures.added
    run.changed = sum(len(d.changed) for d in done.counts) + len(done.figures.changed)
    run.unchanged = sum(d.unchanged for d in done.counts) + done.figures.unchanged
    run.removed = sum(len(d.vanished) for d in done.counts) + len(done.figures.vanished)
    run.kept = len(done.figures.kept)
    run.report = report
    run.release = releases[0] if releases else None
    run.finished_at = max(timezone.now(), run.started_at)
    run.save()
    ChangeLogEntry.objects.append(
        kind=ChangeKind.LOADED,
        at=run.finished_at,
        document={
            "file": run.file_name,
            "sha256": run.sha256,
            "source": done.title,
            "editions": done.releases,
            "added": str(run.created),
            "changed": str(run.changed),
            "unchanged": str(run.unchanged),
            "removed": str(run.removed),
            "import": str(run.pk),
        },
    )
