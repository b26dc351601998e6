"""A table set as a picture: for what is no chart, such as a register of responses."""

from collections.abc import Sequence

from grades.charts.spec import ChartSpec, Column, Kind, Row, SourceLine, Table


def listed(
    *,
    title: str,
    description: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    source: SourceLine,
    notes: Sequence[str] = (),
) -> ChartSpec:
    """Set rows of texts under their columns; the first text of each row is its header. Raises ValueError without rows."""
    return ChartSpec(
        kind=Kind.LIST,
        title=title,
        description=description,
        table=Table(
            caption=title,
            columns=tuple(Column(label=label) for label in columns),
            rows=tuple(Row(header=header, cells=tuple(cells)) for header, *cells in rows),
        ),
        source=source,
        notes=tuple(notes),
    )
