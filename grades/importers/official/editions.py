"""Which edition a file belongs to: what its own sheets say of the day it was published."""

from __future__ import annotations

import re
from datetime import date

from grades.dates import PartialDate, Precision
from grades.importers.official.cells import text
from grades.importers.official.facts import Edition, Wishes
from grades.importers.official.reading import Book

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_DAY = re.compile(
    rf"(?:publish|releas).{{0,80}}?\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(MONTHS)})\s+(20\d\d)",
    re.I | re.S,
)


def day_said(book: Book) -> date | None:
    """Find the day of publication that a cover sheet states, if any does."""
    for sheet in book.sheets[:3]:
        if not sheet.name:
            return None
        for row in sheet.top(40):
            for cell in row[:3]:
                if found := _DAY.search(text(cell)) if isinstance(cell, str) else None:
                    try:
                        return date(int(found[3]), MONTHS.index(found[2].capitalize()) + 1, int(found[1]))
                    except ValueError:
                        continue
    return None


def edition_of(
    *,
    book: Book,
    wishes: Wishes,
    dataset: str,
    publisher: str,
    address: str,
    named: str = "",
    otherwise: str = "",
) -> Edition:
    """Name the edition: as the person says, else as the source names it, else by its day, else by the data it holds."""
    said = day_said(book)
    released = wishes.released or (PartialDate(said, Precision.DAY) if said else None)
    name = wishes.edition or named
    if not name and released:
        day = released.first
        name = f"{MONTHS[day.month - 1]} {day.year}"
        if released.precision is Precision.DAY:
            name = f"{day.day} {name}"
        elif released.precision is Precision.YEAR:
            name = str(day.year)
    return Edition(
        dataset=dataset,
        edition=name or otherwise,
        publisher=publisher,
        address=address,
        released=released,
    )


def month_of(end: date) -> str:
    """Name the month before a day, such as March 2018 for 1 April 2018."""
    at = end.year * 12 + end.month - 2
    return f"{MONTHS[at % 12]} {at // 12}"
