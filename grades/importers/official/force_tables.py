"""ONS, police force area data tables: counts (P1), rates with people and households (P3), anti-social behaviour (P7), people
(P9) and households (P10) by year, wherever an edition puts them: tables are known by their titles, not by their numbers.

Headings are stacked in two rows; footnote digits stick to titles, headings and names; regions stand among forces; rows of
sub-groups stand beside their groups and are not added to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grades.dates import add_months
from grades.importers.official.cells import number, text, without_notes
from grades.importers.official.editions import MONTHS, edition_of, month_of
from grades.importers.official.errors import RowError, Unreadable
from grades.importers.official.facts import (
    Cell,
    Edition,
    LineName,
    Parsed,
    Part,
    Period,
    Place,
    Stated,
    Wishes,
)
from grades.importers.official.matching import REGIONS, folded
from grades.importers.official.population import mid_year
from grades.importers.official.reading import Book, Cells, Sheet
from grades.importers.official.tables import TOP, cell, data_sheets
from grades.scales import CountKind
from grades.series import round_half_up

SOURCE = "force-tables"
TITLE = "ONS: police force area data tables"
DATASET = "Police force area data tables"
DATASET_ASB = "Police force area data tables, Table P7"
PUBLISHER = "Office for National Statistics"
ADDRESS = (
    "https://www.ons.gov.uk/peoplepopulationandcommunity/crimeandjustice/datasets/policeforceareadatatables"
)

THEFT, VIOLENCE = "Theft offences", "Violence against the person"

TOTAL = "totalrecordedcrimeexcludingfraud"

COLUMNS: dict[str, tuple[str, str]] = {
    "homicide": (VIOLENCE, "Homicide"),
    "violencewithinjury": (VIOLENCE, "Violence with injury"),
    "violencewithoutinjury": (VIOLENCE, "Violence without injury"),
    "stalkingandharassment": (VIOLENCE, "Stalking and harassment"),
    "deathorseriousinjuryunlawfuldriving": (VIOLENCE, "Death or serious injury - unlawful driving"),
    "sexualoffences": ("Sexual offences", ""),
    "robbery": ("Robbery", ""),
    "residentialburglary": (THEFT, "Residential burglary"),
    "nonresidentialburglary": (THEFT, "Non-residential burglary"),
    "vehicleoffences": (THEFT, "Vehicle offences"),
    "theftfromtheperson": (THEFT, "Theft from the person"),
    "bicycletheft": (THEFT, "Bicycle theft"),
    "shoplifting": (THEFT, "Shoplifting"),
    "othertheftoffences": (THEFT, "Other theft offences"),
    "allothertheftoffences": (THEFT, "Other theft offences"),
    "criminaldamageandarson": ("Criminal damage and arson", ""),
    "drugoffences": ("Drug offences", ""),
    "possessionofweaponsoffences": ("Possession of weapons offences", ""),
    "publicorderoffences": ("Public order offences", ""),
    "miscellaneouscrimes": ("Miscellaneous crimes against society", ""),
    "miscellaneouscrimesagainstsociety": ("Miscellaneous crimes against society", ""),
}
"""Columns by their letters alone, with group and subgroup. The columns of violence, theft and burglary are sums of others."""

SUMS = {"violenceagainsttheperson": VIOLENCE, "theftoffences": THEFT}
"""Columns of groups whose subgroups stand beside them."""

REST = "Not told apart"
"""What a group's column has beyond its subgroups: a few crimes bear codes that have expired (note 5 of June 2019)."""

CODE = re.compile(r"[EWK]\d{8}")

NATION = "England and Wales, as published"
"""The row K04000001 of rates, which has British Transport Police in it: the record's figure “as published by ONS”."""

AS_PUBLISHED = "Includes British Transport Police"
GREATER_MANCHESTER = "E23000005"
CITY_OF_LONDON = "E23000034"
CITY_NOTE = "Few people live in the City of London, so this rate is not comparable with other forces’"

_SPAN = re.compile(r"([A-Z][a-z]{2})\w* '(\d\d)\s+to\s+([A-Z][a-z]{2})\w* '(\d\d)")
_MID = re.compile(r"mid[- ]?(\d{4})", re.I)
_ENDING = re.compile(rf"year ending ({'|'.join(MONTHS)})\s+(20\d\d|\d\d)", re.I)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its sheet, its line of headings (its last, where they are stacked), each column's heading, names and codes."""

    sheet: Sheet
    line: int
    headings: tuple[str, ...]
    rows: list[Cells]
    coded: bool


@dataclass(slots=True)
class Row:
    """One area's row."""

    line: int
    place: Place
    cells: Cells


TITLES: tuple[tuple[str, str], ...] = (
    ("counts", r"police recorded crime by offence group and police force area.*number of offences"),
    ("rates", r"police recorded crime by offence group and police force area.*rate of offences"),
    ("incidents", r"anti-social behaviour incidents.*by police force area"),
    ("people", r"mid-year population estimates for police force areas"),
    ("households", r"mid-year household estimates for police force areas"),
)
"""What the first lines of a sheet say, in small letters. Category tables (P8) say “by category” and are not loaded."""


def recognises(book: Book) -> int:
    """Say how many of the tables the workbook has, doubled: one of them is as sure as two columns."""
    return 3 * len(_tables(book))


def _tables(book: Book) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for sheet in data_sheets(book):
        top = sheet.top(TOP)
        title = " ".join(text(row[0]) for row in top[:4] if row).lower()
        for name, words in TITLES:
            if name not in found and re.search(words, title) and "by category" not in title:
                table = _table(sheet)
                if table is not None:
                    found[name] = table
                break
    return found


def _table(sheet: Sheet) -> Table | None:
    """Find the headings: the row that begins with Area Code; else, where there are no codes, that of the units."""
    rows = list(sheet.rows())
    top = rows[:TOP]
    coded = [n for n, row in enumerate(top) if row and text(row[0]).lower() in ("area code", "area codes")]
    units = [
        n
        for n, row in enumerate(top)
        if not text(cell(row, 0)) and sum(text(c).lower().startswith("number") for c in row) > 1
    ]
    if not coded and not units:
        return None
    at = coded[0] if coded else units[0]
    width = max((len(row) for row in top), default=0)
    headings = []
    for column in range(width):
        above = (text(cell(rows[line], column)) for line in range(at, max(at - 3, -1), -1))
        headings.append(next((words for words in above if words), ""))
    return Table(sheet, at + 1, tuple(headings), rows, bool(coded))


def _letters(words: str) -> str:
    return re.sub(r"[^a-z]", "", re.sub(r"\[.*?\]", "", words).lower())


def _rows(table: Table, parsed: Parsed) -> Iterator[Row]:
    """Give the rows of areas, each with its place; footnotes and empty rows are passed over."""
    met: dict[str, int] = {}
    for line, cells in enumerate(table.rows[table.line :], start=table.line + 1):
        code = text(cell(cells, 0)) if table.coded else ""
        name = text(cell(cells, 1 if table.coded else 0))
        if not name or not any(_is_cell(c) for c in cells[2 if table.coded else 1 :]):
            continue
        if code and not CODE.fullmatch(code):
            continue  # a footnote, or the source's line
        key = folded(without_notes(re.sub(r"\[.*?\]", "", name)))
        if "excluding greater manchester" in key:
            parsed.leave_out(_("rows without Greater Manchester"))
            continue
        if key.startswith("england and wales") and (not code or "btp" in key):
            # Anti-social behaviour has both under one code (March 2018), and without codes (March 2019).
            place = Place(
                "", "England and Wales (exc. BTP)" if "exc" in key else "England and Wales (inc. BTP)"
            )
        elif code:
            place = Place(code, without_notes(name))
        else:
            met[key] = met.get(key, 0) + 1
            # Without codes, a region and the force of its name tell each other apart by their order alone.
            place = Place("", without_notes(name), key in REGIONS and met[key] == 1)
        if code.startswith(("E12", "E92", "W92")) or place.mixed:
            parsed.leave_out(_("countries and regions"))
            continue
        parsed.places.setdefault(place, (table.sheet.name, line))
        yield Row(line, place, cells)
    for key in ("west midlands",):
        if not table.coded and met.get(key) == 1:
            parsed.errors.append(
                RowError(
                    table.sheet.name,
                    table.line,
                    "",
                    _("West Midlands stands once: region or force cannot be told"),
                )
            )


def _is_cell(value: object) -> bool:
    """Say whether a cell holds a number or one of the marks for none."""
    try:
        return text(value) != "" and number(value) is not None
    except ValueError:
        return False


def parse(book: Book, wishes: Wishes) -> Parsed:
    """Take counts, rates, people, households and anti-social behaviour from the tables that are there. Raise Unreadable."""
    tables = _tables(book)
    if not tables:
        raise Unreadable(_("None of the tables of police force areas has the headings it should have."))
    parsed = Parsed(source=SOURCE, parts=[])
    end = _year_ends(book, tables)
    named = month_of(end)

    def edition(dataset: str) -> Edition:
        return edition_of(
            book=book,
            wishes=wishes,
            dataset=dataset,
            publisher=PUBLISHER,
            address=ADDRESS,
            named=named,
        )

    part = Part(edition=edition(DATASET))
    year = Period(add_months(end, -12), end)
    counts = _counts(tables["counts"], part, year, parsed) if "counts" in tables else {}
    if "rates" in tables:
        _rates(tables["rates"], part, year, parsed, counts)
    for name, kind, category in (
        ("people", CountKind.POPULATION, "People"),
        ("households", CountKind.HOUSEHOLDS, "Households"),
    ):
        if name in tables:
            _years(tables[name], part, LineName(kind.value, category), parsed)
    parsed.parts.append(part)
    if "incidents" in tables:
        asb = Part(edition=edition(DATASET_ASB))
        _incidents(tables["incidents"], asb, parsed)
        parsed.parts.append(asb)
    parsed.sheets = [table.sheet.name for table in tables.values()]
    return parsed


def _year_ends(book: Book, tables: dict[str, Table]) -> date:
    """Find the year that the edition is about: `year ending March 181,2,3` is March 2018 with three notes."""
    titles = [" ".join(text(row[0]) for row in table.rows[:4] if row) for table in tables.values()]
    titles += [text(row[0]) for sheet in book.sheets[:3] for row in sheet.top(40) if row]
    years = []
    for title in titles:
        for found in _ENDING.finditer(title):
            year = int(found[2]) + (2000 if len(found[2]) == 2 else 0)
            if 2000 <= year <= 2100 and found[2] != "20":
                years.append(add_months(date(year, MONTHS.index(found[1].capitalize()) + 1, 1), 1))
    if not years:
        raise Unreadable(_("The tables do not say which year they are about (“year ending …”)."))
    return max(set(years), key=lambda day: (years.count(day), day))


def _take(row: Row, at: int, table: Table, parsed: Parsed) -> Cell | None:
    """Take a number or a mark; anything else is an error of its cell."""
    try:
        return Cell(*number(cell(row.cells, at)))
    except ValueError as problem:
        parsed.errors.append(RowError(table.sheet.name, row.line, table.headings[at][:60], str(problem)))
        return None


def _columns(table: Table, known: Callable[[str], bool]) -> dict[str, int]:
    """Give the place of each known column, by the letters of its heading."""
    found: dict[str, int] = {}
    for at, words in enumerate(table.headings):
        letters = _letters(words)
        if known(letters) and letters not in found:
            found[letters] = at
    return found


def _counts(table: Table, part: Part, year: Period, parsed: Parsed) -> dict[Place, dict[str, Decimal]]:
    """Take the counts of subgroups, and what a group has beyond them; give every column by place, for the rates."""
    columns = _columns(
        table, lambda letters: letters in COLUMNS or letters in SUMS or letters in (TOTAL, "burglary")
    )
    if TOTAL not in columns:
        raise Unreadable(_("The table of counts lacks the column “Total recorded crime (excluding fraud)”."))
    kind = CountKind.CRIME_YEAR.value
    everything: dict[Place, dict[str, Decimal]] = {}
    for row in _rows(table, parsed):
        found = {name: _take(row, at, table, parsed) for name, at in columns.items()}
        parsed.rows += 1
        values = {name: own.value for name, own in found.items() if own is not None and own.value is not None}
        everything[row.place] = values
        within: dict[str, Decimal] = {}
        for name, (group, subgroup) in COLUMNS.items():
            own = found.get(name)
            if own is None:
                continue
            part.put(row.place, LineName(kind, group, subgroup), year, own)
            within[group] = within.get(group, Decimal(0)) + (own.value or 0)
        for name, group in SUMS.items():
            if name in values and (rest := values[name] - within.get(group, Decimal(0))):
                part.put(row.place, LineName(kind, group, REST), year, Cell(rest))
        groups = {group for group, _subgroup in COLUMNS.values()} - set(SUMS.values())
        summed = sum((within.get(group, Decimal(0)) for group in groups), Decimal(0))
        summed += sum((values.get(name, Decimal(0)) for name in SUMS), Decimal(0))
        if TOTAL in values and summed != values[TOTAL]:
            differ = parsed.checks.setdefault("totals_of_groups", [])
            if isinstance(differ, list):
                differ.append({"area": row.place.name, "printed": str(values[TOTAL]), "summed": str(summed)})
    return everything


def _rates(
    table: Table, part: Part, year: Period, parsed: Parsed, counts: dict[Place, dict[str, Decimal]]
) -> None:
    """Take people and households, and each printed rate of all crime; set every printed rate beside its own counts."""
    people = _below_line(table, "population")
    homes = _below_line(table, "household")
    columns = _columns(
        table, lambda letters: letters in COLUMNS or letters in SUMS or letters in (TOTAL, "burglary")
    )
    by_home = next((at for at, words in enumerate(table.headings) if "households)" in words.lower()), None)
    rows = list(_rows(table, parsed))
    lacking = any(
        row.place.code == GREATER_MANCHESTER and TOTAL in columns and _none(row, columns[TOTAL])
        for row in rows
    )
    compared, differ = 0, []
    for row in rows:
        below: dict[str, Decimal] = {}
        for what, found, kind, category in (
            ("people", people, CountKind.POPULATION, "People"),
            ("homes", homes, CountKind.HOUSEHOLDS, "Households"),
        ):
            if found is None:
                continue
            own = _take(row, found[0], table, parsed)
            if own is not None and own.value is not None and own.value > 0:
                below[what] = own.value
                part.set(row.place, LineName(kind.value, category), mid_year(found[1]), own)
        checked = [(name, at, "people") for name, at in columns.items()]
        if by_home is not None:
            checked.append(("residentialburglary", by_home, "homes"))
        for name, at, what in checked:
            own = _take(row, at, table, parsed)
            above = counts.get(row.place, {}).get(name)
            if own is None or own.value is None or above is None or what not in below:
                continue
            compared += 1
            worked = above / below[what] * 1000
            # The people are printed to the nearest hundred, but the rates were made of the unrounded number in some editions.
            if abs(worked - own.value) > Decimal("0.05"):
                differ.append(
                    {
                        "area": row.place.name,
                        "column": without_notes(table.headings[at]),
                        "printed": f"{own.value:.2f}",
                        "worked": f"{worked:.2f}",
                    }
                )
        if TOTAL in columns:
            printed = _take(row, columns[TOTAL], table, parsed)
            if printed is not None and printed.value is not None:
                _state(row, printed.value, part, year, people, below, counts, parsed, lacking=lacking)
    parsed.checks["rates_compared"] = compared
    parsed.checks["rates_differ"] = differ


def _none(row: Row, at: int) -> bool:
    try:
        return number(cell(row.cells, at))[0] is None
    except ValueError:
        return False


def _state(
    row: Row,
    printed: Decimal,
    part: Part,
    year: Period,
    people: tuple[int, int] | None,
    below: dict[str, Decimal],
    counts: dict[Place, dict[str, Decimal]],
    parsed: Parsed,
    *,
    lacking: bool,
) -> None:
    """Put the printed rate of all crime, to one decimal as it is shown."""
    nation = row.place.code.startswith("K")
    if not nation and not row.place.code.startswith(("E23", "W15")):
        return
    place = Place("", NATION) if nation else row.place
    parsed.places.setdefault(place, parsed.places[row.place])
    note = AS_PUBLISHED if nation else ""
    if nation and lacking:
        note += ". Leaves out Greater Manchester"
    part.stated.append(
        Stated(
            place=place,
            metric="recorded-crime-ons",
            period=year,
            value=round_half_up(printed, 1),
            numerator=counts.get(row.place, {}).get(TOTAL),
            denominator=below.get("people"),
            denominator_note=f"Mid-{people[1]} population, rounded to 100" if people else "",
            note=note,
        )
    )


def _below_line(table: Table, word: str) -> tuple[int, int] | None:
    """Find the column of people or households and its mid-year, which its heading names."""
    for at, words in enumerate(table.headings):
        if words.lower().startswith(word) and (found := _MID.search(words)):
            return at, int(found[1])
    return None


def _years(table: Table, part: Part, line: LineName, parsed: Parsed) -> None:
    """Take a table that has a column for each mid-year."""
    years = {int(words): at for at, words in enumerate(table.headings) if re.fullmatch(r"(19|20)\d\d", words)}
    for row in _rows(table, parsed):
        parsed.rows += 1
        for year, at in years.items():
            own = _take(row, at, table, parsed)
            if own is not None and (own.value is None or own.value > 0):
                part.set(row.place, line, mid_year(year), own)


def _incidents(table: Table, part: Part, parsed: Parsed) -> None:
    """Take anti-social behaviour: pairs of columns, number and rate, under the twelve months they are about."""
    pairs = []
    above: list[str] = []
    for line in range(table.line - 1, max(table.line - 4, -1), -1):
        if any(_SPAN.search(text(c)) for c in table.rows[line]):
            above = [text(c) for c in table.rows[line]]
            break
    for at, words in enumerate(above):
        if found := _SPAN.search(words):
            pairs.append((_span(found), at))
    line_name = LineName(CountKind.INCIDENTS.value, "Anti-social behaviour")
    for row in _rows(table, parsed):
        parsed.rows += 1
        for period, at in pairs:
            count, rate = _take(row, at, table, parsed), _take(row, at + 1, table, parsed)
            if count is None or rate is None:
                continue
            part.put(row.place, line_name, period, count)
            if "British Transport" in row.place.name or count.value is None:
                continue
            place = row.place
            note = {
                "England and Wales (exc. BTP)": "England and Wales is the 43 forces, without British Transport Police",
                "England and Wales (inc. BTP)": AS_PUBLISHED,
            }.get(place.name, "")
            part.stated.append(
                Stated(
                    place=place,
                    metric="anti-social-behaviour-count",
                    period=period,
                    value=count.value,
                    note=note,
                )
            )
            if rate.value is not None:
                city = place.code == CITY_OF_LONDON or "city of" in place.name.lower()
                part.stated.append(
                    Stated(
                        place=place,
                        metric="anti-social-behaviour",
                        period=period,
                        value=round_half_up(rate.value, 1),
                        numerator=count.value,
                        denominator_note="Population as in the published table",
                        note=CITY_NOTE if city else note,
                    )
                )


def _span(found: re.Match[str]) -> Period:
    """Give the span of `Apr '07 to Mar '083`, the last digit being a footnote's."""
    months = [name[:3] for name in MONTHS]
    start = date(2000 + int(found[2]), months.index(found[1]) + 1, 1)
    last = date(2000 + int(found[4]), months.index(found[3]) + 1, 1)
    return Period(start, add_months(last, 1))
