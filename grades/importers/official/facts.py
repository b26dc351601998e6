"""What a parsed file says, before anything of it is looked up in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from grades.datasets import Dataset
from grades.dates import PartialDate
from grades.importers.official.errors import RowError
from grades.importers.rows import Row
from grades.scales import Basis


class Place(NamedTuple):
    """An area as a file names it. `code` is empty where the file has none; `mixed` where forces stand among regions."""

    code: str
    name: str
    mixed: bool = False


class LineName(NamedTuple):
    """What is counted: the kind, the category (offence group, kind of worker), the part (offence subgroup)."""

    kind: str
    category: str
    part: str = ""


class Period(NamedTuple):
    """A half-open span of days."""

    starts_on: date
    ends_before: date


class Cell(NamedTuple):
    """A count, or why there is none."""

    value: Decimal | None
    missing: str = ""


Lines = dict[LineName, dict[Period, Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a data set as a file belongs to it. `released` is None where neither the file nor the person says."""

    dataset: str
    edition: str
    publisher: str
    address: str = ""
    released: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure that a file states itself, about one place or several counted together."""

    place: Place
    metric: str
    period: Period
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    denominator_note: str = ""
    note: str = ""
    basis: str = Basis.PUBLISHED.value
    combined: str = ""


@dataclass(slots=True, kw_only=True)
class Part:
    """What one edition says: counts by place, and figures. `named_at` is the sheet and the line where the file itself names it."""

    edition: Edition
    named_at: tuple[str, int] | None = None
    counts: dict[Place, Lines] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)

    def put(self, place: Place, line: LineName, period: Period, cell: Cell) -> None:
        """Add a count to what is there already; what is missing once is missing in the sum."""
        cells = self.counts.setdefault(place, {}).setdefault(line, {})
        held = cells.get(period)
        if held is None:
            cells[period] = cell
        elif held.value is not None and cell.value is not None:
            cells[period] = Cell(held.value + cell.value)
        else:
            cells[period] = held if held.value is None else cell

    def set(self, place: Place, line: LineName, period: Period, cell: Cell) -> None:
        """Put a count in the place of what is there: the same number, stated twice."""
        self.counts.setdefault(place, {}).setdefault(line, {})[period] = cell


@dataclass(slots=True, kw_only=True)
class OwnRows:
    """The rows of one of our own files, and the sheet that they stand in."""

    dataset: Dataset
    rows: list[Row] = field(default_factory=list)
    sheet: str = ""


@dataclass(slots=True, kw_only=True)
class Parsed:
    """What a file says: its parts, where each place was first named, and what is wrong with it.

    `rows` counts the lines that were used, `left_out` those that were not, by the reason; `checks` are facts for the report;
    `own` holds the rows of one of our own files, which has no parts.
    """

    source: str
    parts: list[Part]
    rows: int = 0
    sheets: list[str] = field(default_factory=list)
    places: dict[Place, tuple[str, int]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    checks: dict[str, object] = field(default_factory=dict)
    own: OwnRows | None = None

    def leave_out(self, why: str, count: int = 1) -> None:
        """Note lines that are not used."""
        self.left_out[why] = self.left_out.get(why, 0) + count


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the person who loads a file says about it.

    `released` and `edition` where the file does not say; `notes` to stand with a force's figures, by slug; `totals` published
    for England and Wales, by the day after the twelve months; `lookup` says which authority belongs to which force; `forces`, by
    their slugs, are those whose record the person may write, None for all.
    """

    released: PartialDate | None = None
    edition: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[date | None, Decimal] = field(default_factory=dict)
    lookup: Mapping[str, str] | None = None
    replace: bool = False
    forces: frozenset[str] | None = None
