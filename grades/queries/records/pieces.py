"""What the lists share: a piece of a list, and whether what a filter names exists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db.models import CharField, QuerySet, Subquery, Value

from grades import models

Row = TypeVar("Row")
Key = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which piece: so many records after a key, from the start where there is none, as the public sees them at a moment.

    `today` is the day in London, `limit_from` the first day of publication to which the 56 days apply.
    """

    limit: int
    at: datetime
    today: date
    limit_from: date
    after: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Generic[Row]):
    """Some records of a list. `next_after` is the key after which the list goes on, None at its end."""

    rows: tuple[Row, ...]
    next_after: Key | None


def cut(rows: QuerySet[Any], wanted: Wanted, key: str) -> tuple[list[Any], Key | None]:
    """Load one piece in one query, in the order of a unique column; give the key after which the list goes on."""
    if wanted.after is not None:
        rows = rows.filter(**{f"{key}__gt": wanted.after})
    found = list(rows.order_by(key)[: wanted.limit + 1])
    more = len(found) > wanted.limit
    return found[: wanted.limit], getattr(found[wanted.limit - 1], key) if more else None


def piece(found: tuple[Sequence[Any], Key | None], make: Callable[[Any], Row]) -> Piece[Row]:
    """Turn what `cut` has found into plain facts."""
    rows, next_after = found
    return Piece(rows=tuple(make(row) for row in rows), next_after=next_after)


def flat(record: Any, columns: Iterable[str]) -> SimpleNamespace:
    """Read columns of a record that comes with its related records, as a row of these columns alone has them."""
    return SimpleNamespace(**{column: _read(record, column) for column in columns})


def _read(record: Any, column: str) -> Any:
    for step in column.split("__"):
        record = None if record is None else getattr(record, step)
    return record


def narrowed(rows: QuerySet[Any], wishes: Mapping[str, Iterable[Any] | None]) -> QuerySet[Any]:
    """Keep the rows whose columns have one of the values wished for; a column without wishes is left alone."""
    return rows.filter(**{f"{column}__in": list(values) for column, values in wishes.items() if values})


class Known(StrEnum):
    """What a filter can name by its slug."""

    FORCE = "force"
    CYCLE = "cycle"
    THEME = "theme"
    PILLAR = "pillar"
    METRIC = "metric"
    AREA = "area"


_TABLES: dict[Known, Any] = {
    Known.FORCE: models.Force,
    Known.CYCLE: models.Cycle,
    Known.THEME: models.Theme,
    Known.PILLAR: models.Pillar,
    Known.METRIC: models.Metric,
    Known.AREA: models.Area,
}


def unknown(named: Mapping[Known, Iterable[str]]) -> tuple[tuple[Known, str], ...]:
    """Give the slugs of a filter that name nothing here, in one query; in none where nothing is named."""
    asked = [(kind, slug) for kind, slugs in named.items() for slug in slugs]
    if not asked:
        return ()
    found = [
        _TABLES[kind]
        .objects.filter(slug__in=named[kind])
        .values_list(Value(str(kind), output_field=CharField()), "slug")
        for kind in dict(asked)
    ]
    known = set(found[0].union(*found[1:], all=True))
    return tuple(pair for pair in asked if (str(pair[0]), pair[1]) not in known)


def band_before(order: Any) -> Subquery:
    """Make the column that holds the continuity band of the cycle before the one of this order."""
    earlier = models.Cycle.objects.filter(order__lt=order).order_by("-order")
    return Subquery(earlier.values("band")[:1])
