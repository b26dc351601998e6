"""What this record changed about something public, loaded along with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from grades import models
from grades.history import CorrectionFacts
from grades.queries.jsonb import JSONFacts


def corrections_of(what: str, *, at: datetime) -> ArraySubquery:
    """Make the column that holds the published corrections of each row, oldest first; `what` is such as grades.grade."""
    found = models.Correction.objects.published(at).filter(what=what, object_id=OuterRef("pk"))
    return ArraySubquery(
        found.order_by("published_at", "pk").values(
            json=JSONFacts(on="published_at", reason="reason", before="before", source="source__title")
        )
    )


def correction_facts(rows: Iterable[Mapping[str, Any]]) -> tuple[CorrectionFacts, ...]:
    """Turn the column of `corrections_of` into plain facts; the day is that of London."""
    return tuple(
        CorrectionFacts(
            on=timezone.localdate(datetime.fromisoformat(row["on"])),
            reason=row["reason"],
            before=tuple(sorted(row["before"].items())),
            source=row["source"],
        )
        for row in rows
    )
