"""Columns as one JSON object, for rows inside a row."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, JSONField
from django.db.models.sql.compiler import SQLCompiler


class JSONFacts(Func):
    """Columns by name as one JSON object.

    Django's JSONObject binds and casts each name as a value; here names stand in the SQL, which is written in
    three quarters of the time.
    """

    output_field = JSONField()

    def __init__(self, **columns: Any) -> None:
        super().__init__(*columns.values())
        self.names = tuple(columns)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_given: Any, **_extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Write the object; names are Python's own, so no quotation mark can stand in them."""
        written = [compiler.compile(column) for column in self.get_source_expressions()]
        pairs = (f"'{name}', {sql}" for name, (sql, _values) in zip(self.names, written, strict=True))
        values = tuple(value for _sql, given in written for value in given)
        return f"JSONB_BUILD_OBJECT({', '.join(pairs)})", values
