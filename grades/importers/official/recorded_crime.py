"""Home Office, police recorded crime open data tables by police force area: one sheet a financial year, or one of them as CSV.

Columns: Financial Year, Financial Quarter, Force Name, Offence Description, Offence Group, Offence Subgroup, Offence Code,
Number of Offences; one row for each quarter, force and offence code, noughts included.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from grades.importers.official.cells import financial_year, label, number, quarter, quarter_dates, text
from grades.importers.official.editions import edition_of, month_of
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Cell, LineName, Parsed, Part, Period, Place, Wishes
from grades.importers.official.reading import Book, Sheet
from grades.importers.official.tables import Header, below, headed_sheets, most_columns, refuse_empty
from grades.scales import CountKind

SOURCE = "recorded-crime"
TITLE = "Home Office: police recorded crime by police force area"
DATASET = "Police recorded crime open data tables (police force area)"
PUBLISHER = "Home Office"
ADDRESS = (
    "https://www.gov.uk/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "Financial Year": (),
    "Financial Quarter": (),
    "Force Name": (),
    "Offence Description": (),
    "Offence Group": (),
    "Offence Subgroup": ("Offence Sub-group",),
    "Offence Code": (),
    "Number of Offences": (),
}

NEEDED = (
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Group",
    "Offence Subgroup",
    "Number of Offences",
)
"""The code is not needed: counts are kept by subgroup. It is text (`4.1` and `4.10` differ), and the rows of homicide, all of
one code, repeat and are to be added up (2017/18: 728 with them, and ONS has 726), so rows are never taken for duplicates."""

LABELS = {
    "miscellaneous crimes": "Miscellaneous crimes against society",  # the file of 2018, against that of 2026
    "theft of a motor vehicle": "Vehicle offences",  # three subgroups of 2018 are one in 2026
    "theft from a vehicle": "Vehicle offences",
    "vehicle interference": "Vehicle offences",
    "fraud: action fraud": "Fraud: Action Fraud",
    "fraud: financial fraud action uk": "Fraud: UK Finance",  # it became UK Finance in July 2017
}
"""Names of groups and subgroups that changed between editions, in small letters, and the newest."""

Key = tuple[object, object, object, object, object]
"""Year, quarter, force, group and subgroup, as written."""


def recognises(book: Book) -> int:
    """Say how many of the columns the file has, in the sheet that has most."""
    return most_columns(book, COLUMNS, lambda header: not _outcomes(header))


def _outcomes(header: Header) -> bool:
    """Tell the outcomes tables, which have all these columns but the last, apart."""
    return any(column.lower().startswith("outcome") for column in header.unknown)


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Add the rows up by quarter, force and subgroup, each group's label the newest one. Raise Unreadable."""
    parsed = Parsed(source=SOURCE, parts=[])
    sums = _Sums(parsed)
    for sheet, header in headed_sheets(book, COLUMNS, NEEDED, parsed):
        sums.add(sheet, header)
    refuse_empty(parsed, parsed.rows)
    last = max((period.ends_before for period in sums.periods.values() if period), default=None)
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
    parsed.parts.append(part)
    sums.hand_over(part)
    return parsed


def _newest_label(name: object) -> str:
    found = text(name)
    return LABELS.get(found.lower(), found)


class _Sums:
    """Adds rows up by year, quarter, force, group and subgroup as written.

    Nearly all of a load's time goes here: a row costs one look-up of its number and one of its total, and everything else
    is looked at once for each sum.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.totals: dict[Key, int] = {}
        self.missing: dict[Key, str] = {}
        self.periods: dict[tuple[object, object], Period | None] = {}
        self.places: dict[object, Place] = {}
        self.texts: dict[object, object] = {}
        self.good: set[object] = set()

    def add(self, sheet: Sheet, header: Header) -> None:
        """Add a sheet's rows; what is wrong with any goes to the errors, and such a row is not added."""
        year, quarter_, force, group, subgroup, count = (header.columns[column] for column in NEEDED)
        numbers: dict[object, int] = {}
        totals, get, rows = self.totals, self.totals.get, 0
        own = self.texts.setdefault
        for line, row in below(sheet, header.line):
            try:
                key = (row[year], row[quarter_], row[force], row[group], row[subgroup])
                found = numbers.get(row[count])
            except IndexError:
                if any(text(cell) for cell in row):
                    self._refuse(sheet, line, "", _("the line is too short"))
                continue
            if found is None:
                if not any(text(cell) for cell in row):
                    continue
                try:
                    value, why = number(row[count])
                except ValueError as problem:
                    self._refuse(sheet, line, "Number of Offences", str(problem))
                    continue
                if value is None:
                    self.missing[key] = why
                    found = 0
                elif value != value.to_integral_value():
                    message = _("“%(value)s” is not a whole number") % {"value": text(row[count])}
                    self._refuse(sheet, line, "Number of Offences", message)
                    continue
                else:
                    found = numbers[row[count]] = int(value)
            rows += 1
            held = get(key)
            if held is None:
                self._look_at(key, sheet, line)
                # One text stands for all equal ones: a spreadsheet gives each cell a text of its own.
                totals[tuple(map(own, key, key))] = found  # type: ignore[index]
            else:
                totals[key] = held + found
        self.parsed.rows += rows

    def _look_at(self, key: Key, sheet: Sheet, line: int) -> None:
        """Look at what a sum is about, when it is first met."""
        year, quarter_, force, group, subgroup = key
        if (year, quarter_) not in self.periods:
            self.periods[year, quarter_] = None
            for column, cell, take in (
                ("Financial Year", year, financial_year),
                ("Financial Quarter", quarter_, quarter),
            ):
                try:
                    take(cell)
                except ValueError as problem:
                    self._refuse(sheet, line, column, str(problem))
                    return
            self.periods[year, quarter_] = Period(*quarter_dates(financial_year(year), quarter(quarter_)))
        if force not in self.places:
            place = self.places[force] = Place("", text(force))
            self.parsed.places.setdefault(place, (sheet.name, line))
        for column, cell in (("Force Name", force), ("Offence Group", group), ("Offence Subgroup", subgroup)):
            if cell in self.good:
                continue
            try:
                label(cell)
                self.good.add(cell)
            except ValueError as problem:
                self._refuse(sheet, line, column, str(problem))

    def _refuse(self, sheet: Sheet, line: int, column: str, message: str) -> None:
        self.parsed.errors.append(RowError(sheet.name, line, column, message))

    def hand_over(self, part: Part) -> None:
        """Give the sums as counts, in the newest labels."""
        lines: dict[tuple[object, object], LineName] = {}
        cells: dict[int, Cell] = {}
        for key, total in self.totals.items():
            year, quarter_, force, group, subgroup = key
            period = self.periods.get((year, quarter_))
            if period is None:
                continue
            line = lines.get((group, subgroup))
            if line is None:
                line = LineName(CountKind.CRIME_QUARTER.value, _newest_label(group), _newest_label(subgroup))
                lines[group, subgroup] = line
            why = self.missing.get(key)
            cell = cells.get(total)
            if cell is None:
                cell = cells[total] = Cell(Decimal(total))
            part.put(self.places[force], line, period, Cell(None, why) if why else cell)
