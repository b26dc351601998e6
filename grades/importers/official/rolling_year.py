"""ONS, recorded crime by police force area, rolling years: `rec-crime-pfa.csv`, each row already twelve months.

Columns: 12 months ending, PFA, Region, Offence, Rolling year total number of offences. Rows are never added up over dates.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from grades.dates import add_months
from grades.importers.official.cells import number, text
from grades.importers.official.editions import edition_of, month_of
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Cell, LineName, Parsed, Part, Period, Place, Wishes
from grades.importers.official.reading import Book
from grades.importers.official.tables import cell, headed_sheets, most_columns, refuse_empty, rows_below
from grades.scales import CountKind

SOURCE = "recorded-crime-rolling-year"
TITLE = "ONS: recorded crime by police force area, rolling years"
DATASET = "Recorded crime by police force area, rolling year"
PUBLISHER = "Office for National Statistics"
ADDRESS = (
    "https://www.ons.gov.uk/peoplepopulationandcommunity/crimeandjustice/datasets/policeforceareadatatables"
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "12 months ending": (),
    "PFA": ("Police force area",),
    "Region": (),
    "Offence": (),
    "Rolling year total number of offences": (),
}

THEFT, VIOLENCE = "Theft offences", "Violence against the person"

OFFENCES: dict[str, tuple[str, str]] = {
    "all other theft offences": (THEFT, "Other theft offences"),
    "bicycle theft": (THEFT, "Bicycle theft"),
    "criminal damage and arson": ("Criminal damage and arson", ""),
    "death or serious injury caused by illegal driving": (
        VIOLENCE,
        "Death or serious injury - unlawful driving",
    ),
    "death or serious injury - unlawful driving": (VIOLENCE, "Death or serious injury - unlawful driving"),
    "domestic burglary": (THEFT, "Domestic burglary"),
    "drug offences": ("Drug offences", ""),
    "homicide": (VIOLENCE, "Homicide"),
    "miscellaneous crimes against society": ("Miscellaneous crimes against society", ""),
    "non-domestic burglary": (THEFT, "Non-domestic burglary"),
    "possession of weapons offences": ("Possession of weapons offences", ""),
    "public order offences": ("Public order offences", ""),
    "robbery": ("Robbery", ""),
    "sexual offences": ("Sexual offences", ""),
    "shoplifting": (THEFT, "Shoplifting"),
    "stalking and harassment": (VIOLENCE, "Stalking and harassment"),
    "theft from the person": (THEFT, "Theft from the person"),
    "vehicle offences": (THEFT, "Vehicle offences"),
    "violence with injury": (VIOLENCE, "Violence with injury"),
    "violence without injury": (VIOLENCE, "Violence without injury"),
    "fraud offences": ("Fraud offences", "Recorded by forces"),
    "non-residential burglary": (THEFT, "Non-residential burglary"),
    "residential burglary": (THEFT, "Residential burglary"),
    "action fraud": ("Fraud offences", "Fraud: Action Fraud"),  # here the body's name stands as the offence
    "cifas": ("Fraud offences", "Fraud: CIFAS"),
    "uk finance": ("Fraud offences", "Fraud: UK Finance"),
}
"""The offences of this file, in small letters, with the group and subgroup of the open data tables."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_BRITISH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def recognises(book: Book) -> int:
    """Say how many of the columns the file has."""
    return most_columns(book, COLUMNS)


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Take every row as a count of twelve months. Raise Unreadable."""
    parsed = Parsed(source=SOURCE, parts=[])
    rows: list[tuple[Place, LineName, Period, Cell]] = []
    kind = CountKind.CRIME_YEAR.value
    seen: dict[tuple[object, ...], int] = {}
    for sheet, header in headed_sheets(book, COLUMNS, list(COLUMNS), parsed):
        ending, pfa, _region, offence, count = (header.columns[column] for column in COLUMNS)
        periods: dict[object, Period] = {}
        for line, row in rows_below(sheet, header.line):
            column = "12 months ending"
            try:
                day = cell(row, ending)
                period = periods.get(day)
                if period is None:
                    period = periods[day] = twelve_months(day)
                column = "Offence"
                name = OFFENCES.get(text(cell(row, offence)).lower())
                if name is None:
                    raise ValueError(
                        _("“%(offence)s” is an offence we do not know")
                        % {"offence": text(cell(row, offence))}
                    )
                column = "Rolling year total number of offences"
                value, why = number(cell(row, count))
            except ValueError as problem:
                parsed.errors.append(RowError(sheet.name, line, column, str(problem)))
                continue
            place = Place("", text(cell(row, pfa)))
            parsed.places.setdefault(place, (sheet.name, line))
            key = (place, name, period)
            if key in seen:
                message = _("repeats line %(line)d; a rolling year stands once") % {"line": seen[key]}
                parsed.errors.append(RowError(sheet.name, line, "", message))
                continue
            seen[key] = line
            rows.append((place, LineName(kind, *name), period, Cell(value, why)))
            parsed.rows += 1
    refuse_empty(parsed, rows)
    last = max((period.ends_before for _place, _line, period, _cell in rows), default=None)
    part = Part(
        edition=edition_of(
            book=book,
            wishes=wishes,
            dataset=DATASET,
            publisher=PUBLISHER,
            address=ADDRESS,
            named=month_of(last) if last else "",
        )
    )
    for place, line_name, period, found in rows:
        part.put(place, line_name, period, found)
    parsed.parts.append(part)
    return parsed


def twelve_months(value: object) -> Period:
    """Give the twelve months that end with a day; 30 December 2017 is a slip for the 31st (edition of December 2018).

    Raise ValueError, in words, for what is not the last day of a month or the day before it.
    """
    shown = {"value": text(value)}
    if isinstance(value, date):
        day = date(value.year, value.month, value.day)
    elif found := _BRITISH.fullmatch(text(value)):
        day = _day(int(found[3]), int(found[2]), int(found[1]), shown)
    elif found := _ISO.fullmatch(text(value)):
        day = _day(int(found[1]), int(found[2]), int(found[3]), shown)
    else:
        raise ValueError(_("“%(value)s” is not a date such as 31-03-2018") % shown)
    try:
        end = add_months(date(day.year, day.month, 1), 1)
        if end - day > timedelta(days=2):
            raise ValueError(_("“%(value)s” is not the end of a month") % shown)
        return Period(add_months(end, -12), end)
    except OverflowError as problem:
        raise ValueError(_("“%(value)s” is not a date such as 31-03-2018") % shown) from problem


def _day(year: int, month: int, day: int, shown: dict[str, str]) -> date:
    try:
        found = date(year, month, day)
    except ValueError as problem:
        raise ValueError(_("“%(value)s” is not a date such as 31-03-2018") % shown) from problem
    if not 1990 <= year <= 2100:
        raise ValueError(_("“%(value)s” lies outside the years that can be") % shown)
    return found
