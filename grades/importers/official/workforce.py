"""Home Office, police workforce open data table: strength on 31 March by force, sex, rank and kind of worker.

Columns of 2023: As at 31 March..., Geo code, Force Name, Region, Sex, Rank description, Worker type, Total (headcount),
Total (FTE); of 2026: As at 31 March, Geocode, Force name, Region, Sex, Rank, Worker type, Total (Headcount), Total (FTE).
Full-time equivalents are kept, added up over sexes and ranks; specials and volunteers have none.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from grades.importers.official.cells import number, text
from grades.importers.official.editions import edition_of
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Cell, LineName, Parsed, Part, Period, Place, Wishes
from grades.importers.official.reading import Book
from grades.importers.official.tables import cell, headed_sheets, most_columns, refuse_empty, rows_below
from grades.scales import CountKind

SOURCE = "workforce"
TITLE = "Home Office: police workforce open data table"
DATASET = "Police workforce open data table"
PUBLISHER = "Home Office"
ADDRESS = "https://www.gov.uk/government/statistics/police-workforce-open-data-tables"

COLUMNS: dict[str, tuple[str, ...]] = {
    "As at 31 March": ("As at 31 March...",),
    "Geo code": ("Geocode",),
    "Force Name": (),
    "Region": (),
    "Sex": ("Gender",),
    "Rank": ("Rank description",),
    "Worker type": (),
    "Total (headcount)": (),
    "Total (FTE)": (),
}
NEEDED = ("As at 31 March", "Geo code", "Force Name", "Worker type", "Total (FTE)")

CODE = re.compile(r"[EW]\d{8}")

WORKERS = {
    "police officer": "Police officer",
    "police staff": "Police staff",
    "police community support officer": "Police community support officer",
    "designated officer": "Designated officer",
    "traffic warden": "Traffic warden",
    "special constable": "",
    "police support volunteer": "",
}
"""Kinds of worker in small letters (their capitals change from year to year), with the name that is kept; "" has no FTE."""


def recognises(book: Book) -> int:
    """Say how many of the columns the file has."""
    return most_columns(book, COLUMNS)


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Add full-time equivalents up by force, 31 March and kind of worker. Raise Unreadable."""
    parsed = Parsed(source=SOURCE, parts=[])
    rows: list[tuple[Place, LineName, Period, Cell]] = []
    for sheet, header in headed_sheets(book, COLUMNS, NEEDED, parsed):
        year_at, code_at, name_at, worker_at, fte_at = (header.columns[column] for column in NEEDED)
        for line, row in rows_below(sheet, header.line):
            column = "As at 31 March"
            try:
                period = _day(text(cell(row, year_at)))
                column = "Worker type"
                worker = WORKERS.get(text(cell(row, worker_at)).lower())
                if worker is None:
                    raise ValueError(
                        _("“%(worker)s” is a kind of worker we do not know")
                        % {"worker": text(cell(row, worker_at))}
                    )
                column = "Total (FTE)"
                value, why = number(cell(row, fte_at))
            except ValueError as problem:
                parsed.errors.append(RowError(sheet.name, line, column, str(problem)))
                continue
            parsed.rows += 1
            if not worker:
                parsed.leave_out(_("specials and volunteers, who have no full-time equivalent"))
                continue
            code = text(cell(row, code_at))
            # British Transport Police has "N/A" or nothing for a code (2023).
            place = Place(code if CODE.fullmatch(code) else "", text(cell(row, name_at)))
            parsed.places.setdefault(place, (sheet.name, line))
            rows.append((place, LineName(CountKind.WORKFORCE.value, worker), period, Cell(value, why)))
    refuse_empty(parsed, rows)
    last = max((period.starts_on.year for _place, _line, period, _cell in rows), default=0)
    part = Part(
        edition=edition_of(
            book=book,
            wishes=wishes,
            dataset=DATASET,
            publisher=PUBLISHER,
            address=ADDRESS,
            otherwise=f"data to March {last}",
            # Published every July for the March before; revised every January under a name of its own.
            named="" if wishes.released else f"July {last}",
        )
    )
    for place, line_name, period, found in rows:
        part.put(place, line_name, period, found)
    parsed.parts.append(part)
    return parsed


def _day(words: str) -> Period:
    """Give 31 March of a year. Raise ValueError, in words."""
    if not words.isdecimal() or not words.isascii() or not 1990 <= int(words[:5]) <= 2100:
        raise ValueError(_("“%(value)s” is not a year such as 2023") % {"value": words})
    return Period(date(int(words), 3, 31), date(int(words), 4, 1))
