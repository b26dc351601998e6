"""Writing counts and figures in bulk, so that each can be taken back. Call inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, Q

from grades.importers.applying import plain
from grades.importers.official.comparing import Line, Table
from grades.importers.official.working_out import Figures, Key, Worked
from grades.models import Area, Citation, CountLine, ImportRun, Metric, Observation, Release, ReplacedFigure

BATCH = 5000
"""Rows between two looks at whether the person still wants it."""


def write_counts(
    run: ImportRun, release: Release, lines: Table, gone: Iterable[Line], known: dict[Line, int]
) -> None:
    """Put lines in the place of those that hold, which stay and name this run."""
    replaced = [known[line] for line in (*lines, *gone) if line in known]
    if replaced:
        CountLine.objects.filter(pk__in=replaced).update(superseded_by=run)
    if not lines:
        return
    numbers = _numbers("grades_countline", len(lines))
    with connection.cursor() as cursor:
        _copy(
            cursor,
            "grades_countline (id, release_id, area_id, kind, category, part, run_id)",
            (
                f"{pk}\t{release.pk}\t{line.area}\t{line.name.kind}\t{_text(line.name.category)}\t{_text(line.name.part)}\t{run.pk}\n"
                for pk, line in zip(numbers, lines, strict=True)
            ),
        )
        spans: dict[Any, str] = {}
        for cells in lines.values():
            for period in cells:
                if period not in spans:
                    spans[period] = f"{period.starts_on.isoformat()}\t{period.ends_before.isoformat()}"
        _copy(
            cursor,
            "grades_count (line_id, starts_on, ends_before, value, missing)",
            (
                f"{pk}\t{spans[period]}\t{cell.value if cell.value is not None else chr(92) + 'N'}\t{cell.missing}\n"
                for pk, cells in zip(numbers, lines.values(), strict=True)
                for period, cell in cells.items()
            ),
        )


def _numbers(table: str, count: int) -> list[int]:
    """Reserve primary keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [number for (number,) in cursor.fetchall()]


def _copy(cursor: Any, into: str, rows: Iterable[str]) -> None:
    """Send rows to a table of ours as PostgreSQL's own text format."""
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        piece: list[str] = []
        for row in rows:
            piece.append(row)
            if len(piece) == BATCH:
                copy.write("".join(piece))
                piece.clear()
        copy.write("".join(piece))


def _text(value: str) -> str:
    """Escape a text for COPY."""
    return (
        value.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\0", "")
    )


@dataclass(slots=True)
class FigureChange:
    """A figure beside the one that was shown for the same edition; None where there was none, or is none."""

    key: Key
    old: Decimal | None
    new: Decimal | None


@dataclass(slots=True)
class FigureDifference:
    """What happened to figures; `kept` are those of the seed or of a person that the file's figure differs from."""

    added: int = 0
    unchanged: int = 0
    changed: list[FigureChange] = field(default_factory=list)
    vanished: list[FigureChange] = field(default_factory=list)
    kept: list[FigureChange] = field(default_factory=list)

    def add(self, other: FigureDifference) -> None:
        """Add another edition's."""
        self.added += other.added
        self.unchanged += other.unchanged
        self.changed += other.changed
        self.vanished += other.vanished
        self.kept += other.kept


_COLUMNS = (
    *("id", "area_id", "metric_id", "starts_on", "ends_before", "value", "numerator", "denominator"),
    *("denominator_note", "note", "basis", "combined_with_id", "run_id"),
)


def write_figures(
    run: ImportRun,
    release: Release,
    wanted: Figures,
    *,
    replace: bool,
    add_only: bool = False,
    covered: Set[tuple[str, date]] = frozenset(),
) -> FigureDifference:
    """Bring an edition's figures to what is wanted, one by one.

    Figures that an import wrote follow it. Those of the seed and of people stay as they are, also where the file says
    something else, unless `replace`; one that people edited or cite stays too where the file has none now. `covered`
    names the metrics and ends of periods of which the file states all figures: what it states no more goes. With `add_only`, nothing that is there changes: an edition is not worked out anew because
    other people were counted since.
    """
    found = FigureDifference()
    metrics = dict(Metric.objects.values_list("slug", "pk"))
    slugs = {pk: slug for slug, pk in metrics.items()}
    held: dict[Key, dict[str, Any]] = {}
    rows = Observation.objects.filter(release=release, report__isnull=True).values(*_COLUMNS)
    for row in rows:
        held[Key(row["area_id"], slugs[row["metric_id"]], row["starts_on"], row["ends_before"])] = row
    new: list[tuple[Key, Worked]] = []
    changed: list[tuple[dict[str, Any], Worked]] = []
    differs: list[tuple[Key, dict[str, Any], Worked]] = []
    for key, figure in wanted.items():
        row = held.get(key)
        if row is None:
            new.append((key, figure))
        elif add_only or _same(row, figure):
            found.unchanged += 1
        else:
            differs.append((key, row, figure))
    edited = edited_since(row["id"] for _key, row, _figure in differs)
    for key, row, figure in differs:
        if (row["run_id"] is None or row["id"] in edited) and not replace:
            found.kept.append(FigureChange(key, row["value"], figure.value))
        else:
            changed.append((row, figure))
            found.changed.append(FigureChange(key, row["value"], figure.value))
    gone = (
        []
        if add_only
        else [
            (key, row)
            for key, row in held.items()
            if key not in wanted
            and row["run_id"] is not None
            and (row["basis"] == "derived" or (key.metric, key.ends_before) in covered)
        ]
    )
    if gone:
        held_on_to = edited_since(row["id"] for _key, row in gone) | cited(row["id"] for _key, row in gone)
        found.kept += [FigureChange(key, row["value"], None) for key, row in gone if row["id"] in held_on_to]
        gone = [(key, row) for key, row in gone if row["id"] not in held_on_to]
    found.vanished = [FigureChange(key, row["value"], None) for key, row in gone]
    found.added = len(new)
    _remember(run, [row["id"] for row, _figure in changed] + [row["id"] for _key, row in gone])
    with connection.cursor() as cursor:
        if changed:
            _change(cursor, run, changed)
        if gone:
            cursor.execute(
                "DELETE FROM grades_observation WHERE id = ANY(%s)", [[row["id"] for _key, row in gone]]
            )
        if new:
            _copy(cursor, _INTO, (_line(key, figure, metrics, release, run) for key, figure in new))
    return found


def _change(cursor: Any, run: ImportRun, changed: list[tuple[dict[str, Any], Worked]]) -> None:
    """Bring figures to what is wanted in one statement: triggers look at every statement, and editions revise thousands."""
    columns = zip(
        *(
            (
                *(row["id"], figure.value, figure.numerator, figure.denominator, figure.denominator_note),
                *(figure.note, figure.basis, figure.combined_with),
            )
            for row, figure in changed
        ),
        strict=True,
    )
    cursor.execute(
        "UPDATE grades_observation AS held SET value = new.value, numerator = new.numerator, denominator = new.denominator,"
        " denominator_note = new.denominator_note, note = new.note, basis = new.basis,"
        " combined_with_id = new.combined_with_id, run_id = %s"
        " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[], %s::text[], %s::text[], %s::text[],"
        " %s::bigint[]) AS new (id, value, numerator, denominator, denominator_note, note, basis, combined_with_id)"
        " WHERE held.id = new.id",
        [run.pk, *map(list, columns)],
    )


_INTO = (
    "grades_observation (area_id, metric_id, starts_on, ends_before, release_id, value, numerator, denominator,"
    ' denominator_note, basis, status, note, combined_with_id, block, printed_label, "order", run_id)'
)


def _line(key: Key, figure: Worked, metrics: dict[str, int], release: Release, run: ImportRun) -> str:
    cells = (
        *(key.area, metrics[key.metric], key.starts_on, key.ends_before, release.pk, figure.value),
        *(figure.numerator, figure.denominator, _text(figure.denominator_note), figure.basis, "final"),
        *(_text(figure.note), figure.combined_with, "", "", 0, run.pk),
    )
    return "\t".join("\\N" if cell is None else str(cell) for cell in cells) + "\n"


def _same(row: dict[str, Any], figure: Worked) -> bool:
    """Say whether a figure says what is wanted; of the seed's and of people's, the value alone counts."""
    if row["run_id"] is None:
        return bool(row["value"] == figure.value)
    return (
        row["value"] == figure.value
        and row["numerator"] == figure.numerator
        and row["denominator"] == figure.denominator
        and row["denominator_note"] == figure.denominator_note
        and row["note"] == figure.note
        and row["basis"] == figure.basis
        and row["combined_with_id"] == figure.combined_with
    )


def _remember(run: ImportRun, figures: list[int]) -> None:
    """Keep figures as they are before they change."""
    rows = Observation.objects.filter(pk__in=figures).values()
    ReplacedFigure.objects.bulk_create(
        [ReplacedFigure(run=run, figure=row["id"], before=plain(row)) for row in rows], batch_size=BATCH
    )


def edited_since(figures: Iterable[int]) -> set[int]:
    """Find the figures that somebody edited after the import that last wrote them, as their history tells.

    What loads and undoing wrote bears their mark.
    """
    history = apps.get_model("grades", "ObservationHistory")
    unmarked = Q(pgh_context__isnull=True) | Q(pgh_context__load__isnull=True)
    rows = history.objects.filter(
        pgh_obj_id__in=list(figures),
        pgh_label="update",
        run__isnull=False,
        pgh_created_at__gt=F("run__finished_at"),
    )
    return set(rows.filter(unmarked).values_list("pgh_obj_id", flat=True))


def cited(figures: Iterable[int]) -> set[int]:
    """Find the figures that a citation names, whose address it is."""
    return set(Citation.objects.filter(observation__in=list(figures)).values_list("observation", flat=True))


def area_names(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Give the slug and the name of areas by primary key."""
    return {
        pk: (slug, name)
        for pk, slug, name in Area.objects.filter(pk__in=set(keys)).values_list("pk", "slug", "name")
    }
