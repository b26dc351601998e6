"""A record made larger for measuring: in the database itself, row by row of what is there, in a scratch database alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

STEP = 1_000_000
"""Copy n of a row has its primary key and n times this: so what names a row names the same copy of it."""


def grow_forces(copies: int) -> None:
    """Copy all forces with what was found about them and their figures; histories of rows are not written."""
    from grades import models

    area = "t.id IN (SELECT area_id FROM grades_force)"
    with _unwatched():
        _copy(models.Area, copies, {"slug": "t.slug || '-' || n", "name": "t.name || ' ' || n"}, where=area)
        _copy(
            models.Force,
            copies,
            {
                "slug": "t.slug || '-' || n",
                "official_name": "t.official_name || ' ' || n",
                "short_name": "t.short_name || ' ' || n",
                "ons_code": "'E' || lpad(n::text, 4, '0') || lpad(t.id::text, 4, '0')",
                "area_id": _moved("area_id"),
            },
        )
        for model, moved in (
            (models.Tenure, ("force_id",)),
            (models.Inspection, ("force_id",)),
            (models.Report, ("inspection_id",)),
            (models.Grade, ("inspection_id", "report_id")),
        ):
            _copy(model, copies, {column: _moved(column) for column in moved})
        _copy(models.Citation, copies, {"grade_id": _moved("grade_id")}, where="t.grade_id IS NOT NULL")
        finding = {name: _moved(name) for name in ("force_id", "inspection_id", "parent_id", "continues_id")}
        _copy(models.Finding, copies, finding | {"key": "t.key || '-' || n"})
        _copy(models.FindingEvent, copies, {"finding_id": _moved("finding_id")})
        figure = {name: _moved(name) for name in ("area_id", "report_id")}
        _copy(models.Observation, copies, figure, where=area.replace("t.id", "t.area_id"))


def grow_releases(copies: int) -> None:
    """Give every figure that is not printed as many older releases, a month apart, each with another value."""
    from grades import models

    with _unwatched():
        _copy(
            models.Release,
            copies,
            {
                "key": "t.key || '-' || n",
                "edition": "t.edition || ' ' || n",
                "released_on": "t.released_on - 30 * n",
                "released_on_precision": "'day'",
            },
        )
        _copy(
            models.Observation,
            copies,
            {
                "id": f"t.id + (n + {STEP}::bigint) * {STEP}",
                "release_id": _moved("release_id"),
                "value": "t.value + n",
            },
            where="t.report_id IS NULL",
        )


def _moved(column: str) -> str:
    return f"t.{column} + n * {STEP}::bigint"


def _copy(model: Any, copies: int, changed: Mapping[str, str], *, where: str = "true") -> None:
    """Copy the rows of a table; `changed` gives the SQL of columns that differ, of the row `t` and the copy's number `n`."""
    from grades.models.base import options

    columns = [field.column for field in options(model).concrete_fields]
    values = {"id": _moved("id")} | dict(changed)
    quoted = connection.ops.quote_name
    table = quoted(options(model).db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quoted, columns))})"
            f" SELECT {', '.join(values.get(name, f't.{quoted(name)}') for name in columns)}"
            f" FROM {table} t CROSS JOIN generate_series(1, %s) n WHERE t.id < {STEP} AND {where}",
            [copies],
        )


@contextmanager
def _unwatched() -> Iterator[None]:
    """Have no trigger run: neither histories nor checks of references, which are right by construction."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
