"""The figures that a report prints, as it prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from grades import models
from grades.dates import PartialDate
from grades.models.base import partial
from grades.queries.figures import METRIC, metric_of
from grades.scales import AreaKind, Basis, PrintedBlock
from grades.series import CategoryPair, MetricFacts, OutcomeLine

PICTURED = (PrintedBlock.FIGURE_2, PrintedBlock.FIGURE_4)
"""The printed blocks that a picture can show: rates by type of crime, and outcomes with their parts."""

COLUMNS = (
    "block",
    "order",
    "metric_id",
    "metric__parent_id",
    "area__kind",
    "area__name",
    "starts_on",
    "ends_before",
    "value",
    "numerator",
    "note",
    "printed_label",
    "combined_with__name",
    "report_id",
    "report__title",
    "report__address",
    "report__published_on",
    "report__published_on_precision",
    "report__inspection__cycle__slug",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """One line of a block of figures as printed: the force's value and England and Wales's, None where not printed.

    `label` is what the report calls it; `count` and `comparator_count` are the numbers behind a rate; `nested` marks a part of the figure above it;
    `has_page` says that the figure is the force's own, so that a page of the force shows it.
    """

    metric: MetricFacts
    label: str
    starts_on: date
    ends_before: date
    value: Decimal | None
    comparator: Decimal | None
    count: Decimal | None
    comparator_count: Decimal | None
    note: str
    combined_with: str
    nested: bool
    has_page: bool

    @property
    def signed(self) -> bool:
        """Say whether the figure is a change, printed with its sign."""
        return "-change-" in self.metric.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigures:
    """One block of figures as printed in a report; `published` is the day of the report, as far as it is known."""

    block: PrintedBlock
    report: str
    cycle: str
    address: str
    published: PartialDate | None
    lines: tuple[PrintedFigure, ...]

    @property
    def pairs(self) -> tuple[CategoryPair, ...]:
        """Give the block as categories, each for the force and for England and Wales."""
        return tuple(
            CategoryPair(
                label=line.label,
                unit=line.metric.unit,
                decimals=line.metric.decimals,
                value=line.value,
                comparator=line.comparator,
                note=line.note,
            )
            for line in self.lines
        )

    @property
    def outcomes(self) -> tuple[OutcomeLine, ...]:
        """Give the block as nested outcomes, number and rate."""
        return tuple(
            OutcomeLine(
                label=line.label,
                depth=int(line.nested),
                unit=line.metric.unit,
                decimals=line.metric.decimals,
                count=line.count,
                value=line.value,
                comparator_count=line.comparator_count,
                comparator=line.comparator,
            )
            for line in self.lines
        )

    @property
    def has_counts(self) -> bool:
        """Say whether the block prints the numbers behind its rates."""
        return any(line.count is not None for line in self.lines)


def printed_figures(rows: QuerySet[models.Observation]) -> tuple[PrintedFigures, ...]:
    """Pair the printed figures of the force (or its alliance) with those of England and Wales, in printed order."""
    found = rows.filter(basis=Basis.AS_PRINTED).order_by("block", "order", "pk")
    blocks: dict[tuple[str, int], dict[tuple[int, int, date], list[Any]]] = {}
    for row in found.values_list(*COLUMNS, *METRIC, named=True):
        lines = blocks.setdefault((row.block, row.report_id), {})
        lines.setdefault((row.order, row.metric_id, row.ends_before), []).append(row)
    rank = {block.value: index for index, block in enumerate(PrintedBlock)}
    return tuple(
        _block(list(lines.values()))
        for (block, _report), lines in sorted(blocks.items(), key=lambda item: rank[item[0][0]])
    )


def _block(lines: Sequence[Sequence[Any]]) -> PrintedFigures:
    """Put the lines of one block of one report together."""
    first = lines[0][0]
    return PrintedFigures(
        block=PrintedBlock(first.block),
        report=first.report__title,
        cycle=first.report__inspection__cycle__slug,
        address=first.report__address,
        published=partial(first, "report__published_on"),
        lines=tuple(_line(pair) for pair in lines),
    )


def _line(pair: Sequence[Any]) -> PrintedFigure:
    """Put the force's figure and the comparator's on one line."""
    own = next((row for row in pair if row.area__kind != AreaKind.NATION), None)
    nation = next((row for row in pair if row.area__kind == AreaKind.NATION), None)
    any_row = own or pair[0]
    together = any_row.combined_with__name or ""
    if own is not None and own.area__kind == AreaKind.ALLIANCE:
        together = own.area__name
    return PrintedFigure(
        metric=metric_of(any_row),
        label=any_row.printed_label or any_row.metric__label,
        starts_on=any_row.starts_on,
        ends_before=any_row.ends_before,
        value=own.value if own else None,
        comparator=nation.value if nation else None,
        count=own.numerator if own else None,
        comparator_count=nation.numerator if nation else None,
        note=" ".join(dict.fromkeys(row.note for row in pair if row.note)),
        combined_with=together,
        nested=any_row.block == PrintedBlock.FIGURE_4 and any_row.metric__parent_id is not None,
        has_page=own is not None and own.area__kind == AreaKind.FORCE,
    )
