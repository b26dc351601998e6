"""Taking a load back: what it brought goes, what it replaced returns, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grades.dates import Precision
from grades.importers.official.loading import Progress, alone, nothing
from grades.importers.official.writing import edited_since
from grades.importers.record.reading import OWN_FILES
from grades.importers.record.undoing import in_the_way_of_own, undo_own
from grades.models import ChangeLogEntry, Count, CountLine, ImportRun, Observation, Release, ReplacedFigure
from grades.models.base import options
from grades.scales import ChangeKind


class CannotUndo(Exception):  # noqa: N818  it names the thing, not the mishap
    """The import cannot be taken back; `reasons` lists what stands on it, or what else is in the way."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(_("This import cannot be undone: %(reasons)s.") % {"reasons": "; ".join(reasons)})


Settle = Callable[[ImportRun], None]
"""Called inside the transaction when everything but the log is written; what it raises takes all of it back."""


def settled(_run: ImportRun) -> None:
    """Let what was written stand."""


def undo(
    number: int,
    *,
    by: Any = None,
    why: str = "",
    progress: Progress = nothing,
    settle: Settle = settled,
    now: datetime | None = None,
) -> ImportRun:
    """Take an import back. Raise CannotUndo or Busy; then nothing is written."""
    with transaction.atomic(), alone():
        run = ImportRun.objects.select_for_update().filter(pk=number).first()
        if run is None:
            raise CannotUndo([_("there is no import %(number)d") % {"number": number}])
        if reasons := in_the_way(run):
            raise CannotUndo(reasons)
        with pghistory.context(
            why=why or _("Import %(number)d taken back") % {"number": number}, load=number
        ):
            if of_ours(run):
                progress("records")
                undo_own(run)
            else:
                progress("figures")
                _figures(run)
                progress("counts")
                _counts(run)
                _releases(run)
        at = run.undone_at = max(now or timezone.now(), run.finished_at)
        run.undone_by = by
        run.save()
        settle(run)
        if not of_ours(run):  # drafts come and go without the public log
            _tell(run, at, why)
    progress("done")
    return run


def of_ours(run: ImportRun) -> bool:
    """Say whether an import was of one of our own files."""
    return run.source in {file.SOURCE for file in OWN_FILES}


def _tell(run: ImportRun, at: datetime, why: str) -> None:
    """Tell the public log."""
    ChangeLogEntry.objects.append(
        kind=ChangeKind.UNLOADED,
        at=at,
        document={
            "file": run.file_name,
            "sha256": run.sha256,
            "import": str(run.pk),
            "editions": run.report.get("releases", []),
            "reason": why,
        },
    )


def in_the_way(run: ImportRun) -> list[str]:
    """Say what forbids taking an import back: nothing, if it may be."""
    if not run.source:
        return [_("it is the seed's, which is changed by its files")]
    if run.undone_at is not None:
        return [_("it was undone on %(day)s") % {"day": f"{timezone.localdate(run.undone_at)}"}]
    if of_ours(run):
        return in_the_way_of_own(run)
    own = set(run.report.get("releases", []))
    reasons = []
    later = ImportRun.objects.filter(pk__gt=run.pk, undone_at__isnull=True).exclude(source="").order_by("pk")
    for other in later:
        shown = {"run": other.pk, "file": other.file_name}
        if own & set(other.report.get("releases", [])):
            reasons.append(_("import %(run)d (%(file)s) came later for the same edition") % shown)
        elif own & set(other.report.get("uses", [])):
            reasons.append(_("figures of import %(run)d (%(file)s) are worked out with it") % shown)
    if reasons:
        return [*reasons, _("undo those first, the last one first")]
    edited = _edited_since(run)
    if edited:
        return [_("figures that it wrote were edited since: %(figures)s") % {"figures": ", ".join(edited)}]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What taking an import back would move: what goes, and what returns; `told` in the public log, or of drafts alone."""

    counts_gone: int
    figures_gone: int
    figures_back: int
    lines_back: int
    editions_gone: tuple[str, ...]
    records_gone: int
    records_back: int
    told: bool


def reach(run: ImportRun) -> Reach:
    """Say what taking an import back would move."""
    replaced = ReplacedFigure.objects.filter(run=run).values("figure")
    editions = Release.objects.filter(key__in=run.report.get("created_releases", []))
    return Reach(
        counts_gone=Count.objects.filter(line__run=run).count(),
        figures_gone=Observation.objects.filter(run=run).exclude(pk__in=replaced).count(),
        figures_back=replaced.count(),
        lines_back=CountLine.objects.filter(superseded_by=run).count(),
        editions_gone=tuple(str(edition) for edition in editions.order_by("pk")),
        records_gone=run.created if of_ours(run) else 0,
        records_back=run.changed if of_ours(run) else 0,
        told=not of_ours(run),
    )


def _edited_since(run: ImportRun) -> list[str]:
    """Name the figures of a run that somebody changed or cited since."""
    own = Observation.objects.filter(run=run)
    touched = edited_since(own.values_list("pk", flat=True))
    found = [
        str(row) for row in own.filter(pk__in=set(touched)).select_related("area", "metric", "release")[:10]
    ]
    cited = own.filter(citations__isnull=False)
    return found + [str(row) for row in cited.select_related("area", "metric", "release")[:10]]


def _figures(run: ImportRun) -> None:
    """Take out what the run added, and put back what it changed or took away, with the same numbers."""
    replaced = ReplacedFigure.objects.filter(run=run)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM grades_observation AS own WHERE run_id = %s AND NOT EXISTS"
            " (SELECT FROM grades_replacedfigure AS kept WHERE kept.run_id = own.run_id AND kept.figure = own.id)",
            [run.pk],
        )
        cursor.execute(_put_back(), [run.pk])
    replaced.delete()


def _put_back() -> str:
    """Give the statement that brings figures back as they were kept: columns as plain text, which the database reads itself."""
    columns = [f'"{field.column}"' for field in options(Observation).concrete_fields]
    changed = ", ".join(f"{column} = was.{column}" for column in columns[1:])
    return (
        "MERGE INTO grades_observation AS held USING ("  # noqa: S608  names of our own columns
        " SELECT figure.* FROM grades_replacedfigure,"
        " jsonb_populate_record(NULL::grades_observation, before) AS figure WHERE grades_replacedfigure.run_id = %s"
        ") AS was ON held.id = was.id"
        f" WHEN MATCHED THEN UPDATE SET {changed}"
        f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES (was.{', was.'.join(columns)})"
    )


def _counts(run: ImportRun) -> None:
    """Take the run's lines out and let those that it replaced hold again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM grades_count WHERE line_id IN (SELECT id FROM grades_countline WHERE run_id = %s)",
            [run.pk],
        )
        cursor.execute("DELETE FROM grades_countline WHERE run_id = %s", [run.pk])
    CountLine.objects.filter(superseded_by=run).update(superseded_by=None)


def _releases(run: ImportRun) -> None:
    """Forget the editions that the run made known, and the hash and the day that it noted."""
    run.release = None
    run.save(update_fields=["release"])
    Release.objects.filter(key__in=run.report.get("hashed_releases", [])).update(file_sha256="")
    Release.objects.filter(key__in=run.report.get("dated_releases", [])).update(
        released_on=None, released_on_precision=Precision.DAY
    )
    ImportRun.objects.filter(release__key__in=run.report.get("created_releases", [])).update(release=None)
    Release.objects.filter(key__in=run.report.get("created_releases", [])).delete()
