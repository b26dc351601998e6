"""Home Office, crime outcomes open data: one workbook a financial year, outcomes by quarter, force, offence and type.

Columns: Financial Year, Financial Quarter, Force Name, Offence Code, Offence Description, Offence Group, Offence Subgroup,
Offence Code Expired, Outcome Type, Outcome Description, Outcome Group, and two counts: outcomes for offences recorded in the
quarter, and for investigations closed in the quarter. No real file was at hand: this is built to published descriptions.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from grades.deriving import is_fraud
from grades.importers.official.cells import financial_year, label, number, quarter, quarter_dates, text
from grades.importers.official.editions import edition_of, month_of
from grades.importers.official.errors import RowError, Unreadable
from grades.importers.official.facts import Cell, LineName, Parsed, Part, Period, Place, Wishes
from grades.importers.official.reading import Book
from grades.importers.official.tables import (
    cell,
    headed_sheets,
    lacking,
    most_columns,
    refuse_empty,
    rows_below,
)
from grades.scales import CountKind

SOURCE = "outcomes"
TITLE = "Home Office: crime outcomes open data"
DATASET = "Crime outcomes open data tables"
PUBLISHER = "Home Office"
ADDRESS = (
    "https://www.gov.uk/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
)

RECORDED = "Number of Outcomes for offences that were recorded in the quarter"
CLOSED = "Number of Outcomes for investigations that were closed in the quarter"

COLUMNS: dict[str, tuple[str, ...]] = {
    "Financial Year": (),
    "Financial Quarter": (),
    "Force Name": (),
    "Offence Code": (),
    "Offence Description": (),
    "Offence Group": (),
    "Offence Subgroup": (),
    "Offence Code Expired": (),
    "Outcome Type": (),
    "Outcome Description": (),
    "Outcome Group": (),
    RECORDED: (),
    CLOSED: (),
}
NEEDED = ("Financial Year", "Financial Quarter", "Force Name", "Offence Group", "Outcome Type")

TYPES = {
    "0": "Not yet assigned",  # not an outcome: 384,808 in the year to March 2026
    "1": "Charged or summonsed",
    "2": "Caution, youths",
    "3": "Caution, adults",
    "4": "Taken into consideration",
    "6": "Penalty notices for disorder",
    "7": "Cannabis or khat warning",
    "8": "Community resolution",
}
"""Types that have a metric or need a name of their own; the rest are kept under their number."""

_OF_WHICH = re.compile(r"\d+[a-z]", re.I)
"""`1a`, `2a`, `3a` are part of 1, 2 and 3, and are not added to them."""

_TYPE = re.compile(r"(?:outcome\s*)?(\d{1,2}[a-z]?)", re.I)


def recognises(book: Book) -> int:
    """Say how many of the columns the file has."""
    return most_columns(book, COLUMNS, lambda header: "Outcome Type" in header.columns)


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Add outcomes without fraud up by quarter, force and type, on each basis that the file has. Raise Unreadable."""
    parsed = Parsed(source=SOURCE, parts=[])
    sums: dict[tuple[Place, LineName, Period], Cell] = {}
    for sheet, header in headed_sheets(book, COLUMNS, NEEDED, parsed):
        bases = [
            (kind, name, header.columns[name])
            for kind, name in (
                (CountKind.OUTCOME_RECORDED.value, RECORDED),
                (CountKind.OUTCOME_CLOSED.value, CLOSED),
            )
            if name in header.columns
        ]
        if not bases:
            raise Unreadable(lacking(sheet, header, [RECORDED, CLOSED]))
        year_at, quarter_at, force_at, group_at, type_at = (header.columns[column] for column in NEEDED)
        periods: dict[tuple[object, object], Period] = {}
        types: dict[object, str] = {}
        frauds: dict[object, bool] = {}
        places: dict[object, Place] = {}
        for line, row in rows_below(sheet, header.line):
            when = (cell(row, year_at), cell(row, quarter_at))
            column = "Financial Year"
            try:
                period = periods.get(when)
                if period is None:
                    year = financial_year(when[0])
                    column = "Financial Quarter"
                    period = periods[when] = Period(*quarter_dates(year, quarter(when[1])))
                column = "Outcome Type"
                type_of = types.get(cell(row, type_at)) or types.setdefault(
                    cell(row, type_at), _type(cell(row, type_at))
                )
                column, group = "Offence Group", cell(row, group_at)
                fraud = frauds.get(group)
                if fraud is None:
                    fraud = frauds[group] = is_fraud(label(group))
                cells = []
                for _kind, name, at in bases:
                    column = name
                    cells.append(Cell(*number(cell(row, at))))
            except ValueError as problem:
                parsed.errors.append(RowError(sheet.name, line, column, str(problem)))
                continue
            parsed.rows += 1
            if _OF_WHICH.fullmatch(type_of):
                parsed.leave_out(_("parts of other rows (1a, 2a, 3a)"))
                continue
            if fraud:
                parsed.leave_out(_("fraud"))
                continue
            force = cell(row, force_at)
            place = places.get(force) or places.setdefault(force, Place("", text(force)))
            parsed.places.setdefault(place, (sheet.name, line))
            category = TYPES.get(type_of, f"Outcome {type_of}")
            for (kind, _name, _at), found in zip(bases, cells, strict=True):
                key = (place, LineName(kind, category), period)
                held = sums.get(key)
                sums[key] = found if held is None else _plus(held, found)
    refuse_empty(parsed, sums)
    last = max((period.ends_before for _place, _line, period in sums), default=None)
    part = Part(
        edition=edition_of(
            book=book,
            wishes=wishes,
            dataset=DATASET,
            publisher=PUBLISHER,
            address=ADDRESS,
            otherwise=f"data to {month_of(last)}" if last else "",
        )
    )
    for (place, line_name, period), found in sums.items():
        part.put(place, line_name, period, found)
    parsed.parts.append(part)
    return parsed


def _type(value: object) -> str:
    """Give a type's number, with its letter if it is part of another. Raise ValueError, in words."""
    found = _TYPE.fullmatch(text(value))
    if found is None:
        raise ValueError(_("“%(type)s” is not a type of outcome such as 1 or 16") % {"type": text(value)})
    return found[1].lower()


def _plus(one: Cell, other: Cell) -> Cell:
    """Add two counts; what one of them lacks the sum lacks, for the same reason."""
    if one.value is None:
        return one
    return other if other.value is None else Cell(one.value + Decimal(other.value))
