"""What a load would do, kept so that it can be shown, and applied exactly as it was shown.

Asked for inside the transaction of the load, when everything is written: what would be added is then in the tables, and
taken from there. The digest covers every value that is written or taken away, so that two loads with the same digest do
the same to the record.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from grades.importers.official.comparing import Difference, earlier_release
from grades.importers.official.loading import Loaded
from grades.importers.official.telling import NONE, Told, number_text, tell_count, tell_figure
from grades.importers.record.comparing import RecordDifference, shown
from grades.importers.rows import defused
from grades.models import CountLine, Release
from grades.models.base import options

FEW = 50
"""Lines of each kind that the page shows; the list to download has all."""

KINDS = ("changed", "vanished", "kept", "added")
"""What can happen to a figure or a count, as the page orders it."""

Proposal = dict[str, Any]
"""Plain JSON: `title`, `editions`, `new_editions`, `beside`, `counts` and `figures` (numbers by kind), `few` (the first lines
by kind, each the columns of Told), `left_out`, `report` and `digest`. One of our own files has `records`, the new ones by kind, and
counts its records where others count figures."""


def propose(done: Loaded) -> Proposal:
    """Give what a load did, or would do, without the list of its lines. Call inside the transaction of the load."""
    if done.run is None:
        raise ValueError("a proposal is made while the run stands")
    if done.records is not None:
        return _propose_records(done, done.records)
    figures = done.figures
    found: Proposal = {
        "title": done.title,
        "editions": done.releases,
        "new_editions": done.report["created_releases"],
        "beside": [difference.beside for difference in done.counts],
        "rows": done.parsed.rows,
        "counts": {
            "added": sum(d.added for d in done.counts),
            "changed": sum(len(d.changed) for d in done.counts),
            "unchanged": sum(d.unchanged for d in done.counts),
            "vanished": sum(len(d.vanished) for d in done.counts),
        },
        "figures": {
            "added": figures.added,
            "changed": len(figures.changed),
            "unchanged": figures.unchanged,
            "vanished": len(figures.vanished),
            "kept": len(figures.kept),
        },
        "left_out": done.parsed.left_out,
        "report": done.report,
    }
    found["digest"] = digest(done.run.pk, found)
    return found


def _propose_records(done: Loaded, records: RecordDifference) -> Proposal:
    """Give what one of our own files does. What it writes of a new record stands in the file, whose bytes stay the same."""
    found: Proposal = {
        "title": done.title,
        "editions": [],
        "new_editions": [],
        "beside": [],
        "rows": done.parsed.rows,
        "records": records.added,
        "counts": {},
        "figures": {
            "added": len(records.new),
            "changed": len(records.changed),
            "unchanged": records.unchanged,
            "vanished": 0,
            "kept": len(records.kept),
        },
        "left_out": done.parsed.left_out,
        "report": {},
    }
    every = json.dumps([[kind, *told] for kind, _of, told in lines(done)])
    found["digest"] = hashlib.sha256((json.dumps(found, sort_keys=True) + every).encode()).hexdigest()
    return found


def _records(records: RecordDifference) -> Iterator[tuple[str, str, Told]]:
    """Give the lines of one of our own files: the line in the place of the area, what happens as the file's value."""
    for kind, found in (("changed", records.changes), ("kept", records.kept)):
        for one in found:
            yield kind, "record", _told_record(one.line, one.what, one.why)
    for new in records.new:
        name = f"{options(new.ref.model).verbose_name} {shown(new.ref)}"
        yield "added", "record", _told_record(new.line, name, _("a draft"))


def _told_record(line: int, what: str, why: str) -> Told:
    return Told(_("line %(line)d") % {"line": line}, what, "", "", "", why)


def lines(done: Loaded) -> Iterator[tuple[str, str, Told]]:
    """Give every line that a load writes, takes away or leaves: figures before counts, what is new last.

    Each with its kind of `KINDS` and "figure", "count" or "record". Call inside the transaction of the load.
    """
    if done.records is not None:
        yield from _records(done.records)
        return
    figures, names = done.figures, done.names
    for kind, changes in (
        ("changed", figures.changed),
        ("vanished", figures.vanished),
        ("kept", figures.kept),
    ):
        for change in changes:
            yield kind, "figure", tell_figure(change, names)
    for difference in done.counts:
        for kind, cells in (("changed", difference.changed), ("vanished", difference.vanished)):
            for cell in cells:
                yield kind, "count", tell_count(cell, names)
    for told in _figures_added(done):
        yield "added", "figure", told
    for difference, release in zip(done.counts, _releases(done), strict=True):
        for told in _counts_added(done, difference, release):
            yield "added", "count", told


def write_lines(path: Path, found: Iterator[tuple[str, str, Told]]) -> dict[str, list[list[str]]]:
    """Write lines as CSV; give the first few of each kind. Raise OSError where the disk is full."""
    few: dict[str, list[list[str]]] = {kind: [] for kind in KINDS}
    heading = [
        *(_("what happens"), _("to"), _("area"), _("what")),
        *(_("first day"), _("day after the last"), _("held"), _("file")),
    ]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for kind, of, told in found:
            if len(few[kind]) < FEW:
                few[kind].append(list(told))
            writer.writerow([kind, of, *(defused(cell) for cell in told)])
    return few


def digest(run: int, summary: Proposal) -> str:
    """Hash all that a run wrote and took away, and the numbers that are shown of it."""
    hashed = hashlib.sha256(json.dumps(summary, sort_keys=True, default=str).encode())
    with connection.cursor() as cursor:
        for statement in _WRITTEN:
            cursor.execute(statement, [run])
            hashed.update((cursor.fetchone()[0] or "").encode())
    return hashed.hexdigest()


_WRITTEN = (
    (
        "SELECT md5(string_agg(md5(told), '' ORDER BY told)) FROM (SELECT ROW(o.area_id, o.metric_id, o.starts_on,"
        " o.ends_before, r.key, o.value, o.numerator, o.denominator, o.denominator_note, o.note, o.basis,"
        " o.combined_with_id)::text AS told FROM grades_observation o JOIN grades_release r ON r.id = o.release_id"
        " WHERE o.run_id = %s) AS figures"
    ),
    (
        "SELECT md5(string_agg(md5(told), '' ORDER BY told)) FROM (SELECT ROW(figure, before::jsonb)::text AS told"
        " FROM grades_replacedfigure WHERE run_id = %s) AS replaced"
    ),
    (
        "SELECT md5(string_agg(md5(told), '' ORDER BY told)) FROM (SELECT ROW(l.area_id, r.key, l.kind, l.category,"
        " l.part, c.starts_on, c.ends_before, c.value, c.missing)::text AS told FROM grades_count c"
        " JOIN grades_countline l ON l.id = c.line_id JOIN grades_release r ON r.id = l.release_id"
        " WHERE l.run_id = %s) AS counts"
    ),
    "SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM grades_countline WHERE superseded_by_id = %s",
)


def _releases(done: Loaded) -> list[Release]:
    """Give the edition of each part."""
    by_key = {release.key: release for release in Release.objects.filter(key__in=done.report["releases"])}
    return [by_key[key] for key in done.report["releases"]]


def _figures_added(done: Loaded) -> Iterator[Told]:
    """Give the figures that a run added."""
    rows = _rows(
        "SELECT a.name, m.slug, o.starts_on, o.ends_before, o.value FROM grades_observation o"
        " JOIN grades_area a ON a.id = o.area_id JOIN grades_metric m ON m.id = o.metric_id"
        " WHERE o.run_id = %s AND NOT EXISTS (SELECT FROM grades_replacedfigure f"
        "  WHERE f.run_id = o.run_id AND f.figure = o.id)"
        " ORDER BY m.slug, a.name, o.ends_before, o.id",
        [done.run and done.run.pk],
    )
    for area, metric, start, end, value in rows:
        yield Told(area, metric, start.isoformat(), end.isoformat(), NONE, number_text(value))


def _counts_added(done: Loaded, difference: Difference, release: Release) -> Iterator[Told]:
    """Give the counts of an edition that what it was compared with lacks."""
    run = done.run and done.run.pk
    rows = _rows(
        "SELECT a.name, l.category, l.part, c.starts_on, c.ends_before, c.value, c.missing"
        " FROM grades_count c JOIN grades_countline l ON l.id = c.line_id JOIN grades_area a ON a.id = l.area_id"
        " WHERE l.run_id = %s AND l.release_id = %s AND NOT EXISTS (SELECT FROM grades_count h"
        "  JOIN grades_countline k ON k.id = h.line_id"
        "  WHERE k.release_id = %s AND k.run_id <> l.run_id"
        "   AND (k.superseded_by_id IS NULL OR k.superseded_by_id = l.run_id)"
        "   AND k.area_id = l.area_id AND k.kind = l.kind AND k.category = l.category AND k.part = l.part"
        "   AND h.starts_on = c.starts_on AND h.ends_before = c.ends_before)"
        " ORDER BY l.category, l.part, a.name, c.starts_on, c.id",
        [run, release.pk, _compared_with(difference, release)],
    )
    for area, category, part, start, end, value, missing in rows:
        yield Told(
            area,
            ", ".join(filter(None, [category, part])),
            start.isoformat(),
            end.isoformat(),
            NONE,
            missing if value is None else number_text(value),
        )


def _compared_with(difference: Difference, release: Release) -> int | None:
    """Give the edition with which an edition was compared: itself, one before it, or none."""
    if difference.beside in ("", str(release)):
        return release.pk if difference.beside else None
    kinds = set(CountLine.objects.filter(release=release).values_list("kind", flat=True))
    found = earlier_release(release.dataset, release, kinds)
    return found.pk if found else None


def _rows(statement: str, values: list[Any]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(2000):
            yield from rows
