"""Our own template for figures that no official file has: one line a figure, each with its source and a note.

Columns: area, metric, first day, last day, value, numerator, denominator, denominator year, source title, source address,
publisher, note, counted with. Areas and metrics are named by their slugs; `counted with` names an area in which several forces are counted
together, such as warwickshire-and-west-mercia.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from grades.importers.official.cells import number, refuse_error, text
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Edition, Parsed, Part, Period, Place, Stated, Wishes
from grades.importers.official.reading import Book
from grades.importers.official.tables import cell, headed_sheets, most_columns, refuse_empty, rows_below
from grades.importers.rows import day

SOURCE = "template"
TITLE = "Template: figures without an official file"

COLUMNS: dict[str, tuple[str, ...]] = {
    "area": (),
    "metric": (),
    "first day": (),
    "last day": (),
    "value": (),
    "numerator": (),
    "denominator": (),
    "denominator year": (),
    "source title": (),
    "source address": (),
    "publisher": (),
    "note": (),
    "counted with": (),
}
NEEDED = (
    "area",
    "metric",
    "first day",
    "last day",
    "value",
    "source title",
    "source address",
    "publisher",
    "note",
)

LONGEST = {
    "source title": 200,
    "note": 300,
    "publisher": 120,
    "denominator year": 120,
    "area": 60,
    "metric": 60,
}
"""What the columns of the record hold."""

SLUG = "slug:"
"""Marks a place that is named by its slug."""


def recognises(book: Book) -> int:
    """Say how many of the columns the file has."""
    return most_columns(book, COLUMNS)


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Take each line as a figure of its own source. Raise Unreadable."""
    parsed = Parsed(source=SOURCE, parts=[])
    parts: dict[str, Part] = {}
    seen: dict[tuple[object, ...], int] = {}
    for sheet, header in headed_sheets(book, COLUMNS, NEEDED, parsed):
        for line, row in rows_below(sheet, header.line):
            cells = {name: text(cell(row, at)) for name, at in header.columns.items()}
            errors = len(parsed.errors)
            stated = _stated(cells, sheet.name, line, parsed)
            if len(parsed.errors) > errors or stated is None:
                continue
            key = (stated.place, stated.metric, stated.period, cells["source title"])
            if key in seen:
                message = _("repeats line %(line)d") % {"line": seen[key]}
                parsed.errors.append(RowError(sheet.name, line, "", message))
                continue
            seen[key] = line
            edition = Edition(
                dataset=cells["source title"],
                edition=wishes.edition,
                publisher=cells["publisher"],
                address=cells["source address"],
                released=wishes.released,
            )
            part = parts.setdefault(edition.dataset, Part(edition=edition, named_at=(sheet.name, line)))
            if part.edition != edition:
                message = _(
                    "has another publisher or address than in line %(line)d; one source has one title"
                )
                said = message % {"line": part.named_at[1] if part.named_at else line}
                parsed.errors.append(RowError(sheet.name, line, "source title", said))
                continue
            part.stated.append(stated)
            parsed.places.setdefault(stated.place, (sheet.name, line))
            if stated.combined:
                parsed.places.setdefault(Place(SLUG, stated.combined), (sheet.name, line))
            parsed.rows += 1
    refuse_empty(parsed, parts)
    parsed.parts = list(parts.values())
    return parsed


def _stated(cells: dict[str, str], sheet: str, line: int, parsed: Parsed) -> Stated | None:
    """Parse a line; everything wrong with it goes to the errors."""

    def wrong(column: str, message: str) -> None:
        parsed.errors.append(RowError(sheet, line, column, message))

    for column, limit in LONGEST.items():
        found = cells.get(column, "")
        try:
            refuse_error(found)
        except ValueError as problem:
            wrong(column, str(problem))
        if column in NEEDED and not found:
            wrong(column, _("must not be empty"))
        elif len(found) > limit:
            wrong(column, _("is longer than %(limit)d characters") % {"limit": limit})
    address = cells["source address"]
    if not address.startswith(("https://", "http://")) or len(address) > 500 or len(address.split()) > 1:
        wrong("source address", _("must be an address that begins with https://"))
    days: list[date] = []
    for column in ("first day", "last day"):
        try:
            days.append(day(cells[column][:10]))
        except ValueError as problem:
            wrong(column, str(problem))
    numbers: dict[str, Decimal | None] = {}
    for column in ("value", "numerator", "denominator"):
        try:
            numbers[column] = number(cells.get(column, ""))[0]
        except ValueError as problem:
            wrong(column, str(problem))
    if "value" in numbers and numbers["value"] is None:
        wrong("value", _("must be a number; leave a line out where there is none"))
    below = numbers.get("denominator")
    if below is not None and below <= 0:
        wrong("denominator", _("must be more than nothing"))
    value = numbers.get("value")
    if len(days) < 2 or value is None:
        return None
    if days[1] < days[0] or days[1].year > 2100:
        wrong("last day", _("must not be before the first day, nor after 2100"))
        return None
    return Stated(
        place=Place(SLUG, cells["area"]),
        metric=cells["metric"],
        period=Period(days[0], days[1] + timedelta(days=1)),
        value=value,
        numerator=numbers.get("numerator"),
        denominator=below,
        denominator_note=cells.get("denominator year", ""),
        note=cells["note"],
        combined=cells.get("counted with", ""),
    )
