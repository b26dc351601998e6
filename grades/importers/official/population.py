"""ONS, mid-year population estimates by local authority (sheet MYE4), added up to police force areas.

Columns: Code, Name, Geography, and one for each year, `Mid-2023` and so on. The force of each authority is that of the ONS
look-up held in the record, or of a look-up file given beside it (its columns end in the year: LAD23CD, PFA23CD).
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from grades.importers.official.cells import number, text
from grades.importers.official.editions import edition_of
from grades.importers.official.errors import RowError, Unreadable
from grades.importers.official.facts import Cell, LineName, Parsed, Part, Period, Place, Wishes
from grades.importers.official.reading import Book, Sheet, open_book
from grades.importers.official.tables import TOP, below, cell, data_sheets
from grades.scales import CountKind

SOURCE = "population"
TITLE = "ONS: mid-year population by local authority"
DATASET = "Mid-year population estimates by local authority, added up to force areas"
PUBLISHER = "Office for National Statistics"
ADDRESS = "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates"

NATION_CODE = "K04000001"

SUMS = {"country", "region", "county", "metropolitan county"}
"""Rows that contain others, as the column Geography names them; counties among them (edition of July 2024)."""

_MID = re.compile(r"mid[- ]?(\d{4})", re.I)


def recognises(book: Book) -> int:
    """Say how sure it is: a sheet with Code, Name, Geography and at least one mid-year."""
    return 5 if _table(book) else 0


def _table(book: Book) -> tuple[Sheet, int, dict[int, int]] | None:
    """Find the sheet with the most years, its line of headings, and the column of each year."""
    best = None
    for sheet in data_sheets(book):
        for line, row in enumerate(sheet.top(TOP), start=1):
            if [text(found).lower() for found in row[:3]] != ["code", "name", "geography"]:
                continue
            years = {int(m[1]): at for at, c in enumerate(row) if (m := _MID.fullmatch(text(c)))}
            # Density (MYE5) and median age (MYE6) have such headings too, but say what they are in words beside them.
            if years and len(years) == len(row) - 3 and (best is None or len(years) > len(best[2])):
                best = (sheet, line, years)
    return best


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Take every authority's people by year, under the authority's own code. Raise Unreadable."""
    table = _table(book)
    if table is None:
        raise Unreadable(_("No sheet has the columns Code, Name, Geography and Mid-…."))
    sheet, top, years = table
    parsed = Parsed(source=SOURCE, parts=[], sheets=[sheet.name])
    part = Part(
        edition=edition_of(
            book=book,
            wishes=wishes,
            dataset=DATASET,
            publisher=PUBLISHER,
            address=ADDRESS,
            otherwise=f"mid-{max(years)}",
        )
    )
    line_name = LineName(CountKind.POPULATION.value, "People")
    printed: dict[str, str] = {}
    for line, row in below(sheet, top):
        code = text(cell(row, 0))
        if not re.fullmatch(r"[EWK]\d{8}", code):
            continue
        found = {}
        for year, at in years.items():
            try:
                value, why = number(cell(row, at))
                if value is not None and value < 0:
                    raise ValueError(_("there are never fewer than no people"))
            except ValueError as problem:
                parsed.errors.append(RowError(sheet.name, line, f"Mid-{year}", str(problem)))
                continue
            found[year] = Cell(value, why)
        if code == NATION_CODE:
            printed = {str(year): str(c.value) for year, c in found.items()}
        if text(cell(row, 2)).lower() in SUMS:
            parsed.leave_out(_("countries, regions and counties"))
            continue
        place = Place(code, text(cell(row, 1)))
        parsed.places.setdefault(place, (sheet.name, line))
        for year, c in found.items():
            part.put(place, line_name, mid_year(year), c)
        parsed.rows += 1
    if not parsed.rows and not parsed.errors:
        raise Unreadable(_("The sheet “%(sheet)s” has headings and no authorities.") % {"sheet": sheet.name})
    parsed.checks["printed_people"] = printed
    parsed.parts.append(part)
    return parsed


def mid_year(year: int) -> Period:
    """Give the day of a mid-year estimate, 30 June."""
    return Period(date(year, 6, 30), date(year, 7, 1))


def read_lookup(path: Path) -> dict[str, str]:
    """Read which authority (code) belongs to which force (code); an authority may stand on several lines, all alike.

    Raise Unreadable.
    """
    book = open_book(path)
    rows = book.sheets[0].rows()
    header = [text(found).upper() for found in next(rows, [])]
    authority = [at for at, name in enumerate(header) if re.fullmatch(r"LAD\d\dCD", name)]
    force = [at for at, name in enumerate(header) if re.fullmatch(r"PFA\d\dCD", name)]
    if len(authority) != 1 or len(force) != 1:
        raise Unreadable(
            _("The look-up %(file)s needs the columns LAD..CD and PFA..CD.") % {"file": path.name}
        )
    lookup: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        code, of = text(cell(row, authority[0])), text(cell(row, force[0]))
        if code and lookup.setdefault(code, of) != of:
            raise Unreadable(
                _("The look-up %(file)s gives %(code)s to two forces (line %(line)d).")
                % {"file": path.name, "code": code, "line": line}
            )
    return lookup
