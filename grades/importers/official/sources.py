"""Every kind of file that can be loaded, and telling them apart by what is in them."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from grades.importers.official import (
    force_tables,
    outcomes,
    population,
    recorded_crime,
    rolling_year,
    template,
    workforce,
)
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Parsed, Wishes
from grades.importers.official.reading import Book
from grades.importers.record.reading import OWN_FILES


class Source(Protocol):
    """A kind of file: its name in the record and for people, how much of it is in a book, and what the book then says."""

    @property
    def SOURCE(self) -> str: ...  # noqa: N802  a constant of a module
    @property
    def TITLE(self) -> str: ...  # noqa: N802  likewise
    def recognises(self, book: Book) -> int: ...
    def parse(self, book: Book, wishes: Wishes) -> Parsed: ...


SOURCES: tuple[Source, ...] = (
    recorded_crime,
    rolling_year,
    force_tables,
    outcomes,
    workforce,
    population,
    template,
    *OWN_FILES,
)
"""Each has SOURCE, TITLE, `recognises(book)` (how much of it is there, 0 for nothing) and `parse(book, wishes)`."""


def recognise(book: Book) -> Source:
    """Find the source whose columns the file has the most of. Raise Unreadable, with what can be loaded."""
    refuse_tables_for_reading(book)
    best = max(SOURCES, key=lambda source: int(source.recognises(book)))
    if not best.recognises(book):
        raise Unreadable(
            _("The file %(file)s is of no kind that can be loaded. These are: %(known)s.")
            % {"file": book.name, "known": "; ".join(source.TITLE for source in SOURCES)}
        )
    return best


FOR_READING: tuple[tuple[str, str], ...] = (
    (
        "police workforce, england and wales",
        "open-data-table-police-workforce from https://www.gov.uk/government/statistics/police-workforce-open-data-tables",
    ),
)
"""First words of the index of tables laid out for reading, in small letters, and the file to fetch in their place."""


def refuse_tables_for_reading(book: Book) -> None:
    """Refuse bulletin tables, which are laid out for people and change from edition to edition. Raise Unreadable."""
    for sheet in book.sheets[:2]:
        if sheet.name.strip().lower() not in ("index", "contents", "cover_sheet"):
            continue
        for row in sheet.top(3):
            first = " ".join(str(row[0]).lower().split()) if row else ""
            for words, instead in FOR_READING:
                if first.startswith(words):
                    raise Unreadable(
                        _(
                            "The file %(file)s holds tables for reading, whose layout changes. Fetch %(instead)s."
                        )
                        % {"file": book.name, "instead": instead}
                    )
