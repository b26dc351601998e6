"""What a file would change: its counts beside those held, and the figures worked out of them beside those shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from grades.importers.official.facts import Cell, LineName, Part, Period, Place
from grades.models import CountLine, Release

Cells = dict[Period, Cell]


class Line(NamedTuple):
    """One line of counts: its area's primary key, and what is counted."""

    area: int
    name: LineName


Table = dict[Line, Cells]


class Change(NamedTuple):
    """One count that is added, changed or gone: None where there was none, or is none."""

    line: Line
    period: Period
    old: Cell | None
    new: Cell | None


@dataclass(slots=True)
class Difference:
    """What an edition's counts say beside those held: of the same edition, or else of the newest one before it."""

    beside: str = ""
    added: int = 0
    unchanged: int = 0
    changed: list[Change] = field(default_factory=list)
    vanished: list[Change] = field(default_factory=list)


def gather(part: Part, areas: Mapping[Place, int | None]) -> Table:
    """Give a part's counts by area; places of one area (authorities of a force) are added up, sums are left out."""
    table: Table = {}
    adding: dict[Line, list[Cells]] = defaultdict(list)
    for place, lines in part.counts.items():
        area = areas.get(place)
        if area is None:
            continue
        for name, cells in lines.items():
            adding[Line(area, name)].append(cells)
    for line, several in adding.items():
        if len(several) == 1:
            table[line] = several[0]
            continue
        summed: Cells = {}
        for period in dict.fromkeys(period for own in several for period in own):
            found = [own[period] for own in several if period in own]
            why = next((c.missing for c in found if c.value is None), "")
            summed[period] = (
                Cell(None, why) if why else Cell(sum((c.value or Decimal(0) for c in found), Decimal(0)))
            )
        table[line] = summed
    return table


def held_table(release: Release | None, kinds: set[str]) -> tuple[Table, dict[Line, int]]:
    """Load the counts that an edition holds now, and the primary key of each of its lines."""
    if release is None or release.pk is None:
        return {}, {}
    lines: dict[int, Line] = {}
    rows = CountLine.objects.current().filter(release=release, kind__in=kinds)
    for pk, area, kind, category, part in rows.values_list("pk", "area", "kind", "category", "part"):
        lines[pk] = Line(area, LineName(kind, category, part))
    table: Table = {line: {} for line in lines.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.line_id, c.starts_on, c.ends_before, c.value, c.missing FROM grades_count c"
            " JOIN grades_countline l ON l.id = c.line_id"
            " WHERE l.release_id = %s AND l.superseded_by_id IS NULL AND l.kind = ANY(%s)",
            [release.pk, list(kinds)],
        )
        for pk, start, end, value, missing in cursor.fetchall():
            table[lines[pk]][Period(start, end)] = Cell(value, missing)
    return table, {line: pk for pk, line in lines.items()}


def earlier_release(dataset: str, release: Release | None, kinds: set[str]) -> Release | None:
    """Find the newest other edition of a data set of which counts are held."""
    held = CountLine.objects.current().filter(kind__in=kinds).values("release")
    others = Release.objects.filter(dataset=dataset, pk__in=held)
    if release is not None and release.pk is not None:
        others = others.exclude(pk=release.pk)
    return others.order_by(F("released_on").desc(nulls_last=True), "-pk").first()


def compare(new: Table, held: Table, *, beside: str) -> Difference:
    """Set the new counts beside those held. Only areas and spans of time that the file covers can have lost anything."""
    found = Difference(beside=beside)
    if not held:
        found.added = sum(len(cells) for cells in new.values())
        return found
    covered = spans(new)
    for line, cells in new.items():
        old = held.get(line, {})
        for period, cell in cells.items():
            before = old.get(period)
            if before is None:
                found.added += 1
            elif before == cell:
                found.unchanged += 1
            else:
                found.changed.append(Change(line, period, before, cell))
    for line, cells in held.items():
        own = new.get(line, {})
        for period, cell in cells.items():
            if period not in own and (line.area, line.name.kind, period) in covered:
                found.vanished.append(Change(line, period, cell, None))
    return found


def spans(table: Table) -> set[tuple[int, str, Period]]:
    """Give the spans of time that a table covers, for each area and kind of count."""
    return {(line.area, line.name.kind, period) for line, cells in table.items() for period in cells}


def lines_to_write(new: Table, held: Table) -> tuple[Table, list[Line]]:
    """Give the lines as they are to stand where they differ from those held, and the lines that are to go altogether.

    What an edition holds of areas and spans that the file does not cover stays.
    """
    if not held:
        return new, []
    covered = spans(new)
    written: Table = {}
    gone: list[Line] = []
    for line, cells in new.items():
        old = held.get(line)
        if old is None:
            written[line] = cells
            continue
        kept = {p: c for p, c in old.items() if (line.area, line.name.kind, p) not in covered}
        if kept | cells != old:
            written[line] = kept | cells
    for line, old in held.items():
        if line in new:
            continue
        kept = {p: c for p, c in old.items() if (line.area, line.name.kind, p) not in covered}
        if not kept:
            gone.append(line)
        elif kept != old:
            written[line] = kept
    return written, gone
