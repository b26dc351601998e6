"""The public change log, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grades import models
from grades.queries.records.pieces import Piece, Wanted, cut, narrowed, piece
from grades.queries.renamed import every_slug, renamed_forces
from grades.scales import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """One entry as it is chained; `force` is a slug, empty where it is about no single force."""

    number: int
    at: datetime
    kind: ChangeKind
    force: str
    document: Mapping[str, Any]
    previous: str
    digest: str


def changes(
    wanted: Wanted,
    *,
    force: tuple[str, ...] = (),
    kind: ChangeKind | None = None,
    since: datetime | None = None,
) -> Piece[ChangeRecord]:
    """List the entries of the change log, oldest first, in one query, two for some forces; `since` leaves out what came before a moment."""
    rows = models.ChangeLogEntry.objects.all()
    if since:
        rows = rows.filter(at__gte=since)
    wishes = {"force": every_slug(force, renamed_forces()) if force else (), "kind": [kind] if kind else None}
    return piece(cut(narrowed(rows, wishes), wanted, "number"), _entry)


def _entry(row: models.ChangeLogEntry) -> ChangeRecord:
    return ChangeRecord(
        number=row.number,
        at=row.at,
        kind=ChangeKind(row.kind),
        force=row.force,
        document=row.document,
        previous=row.previous,
        digest=row.digest,
    )
