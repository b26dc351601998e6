"""What a cell says: a number, why there is none, a year, a name without its footnotes. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from grades.dates import add_months
from grades.scales import Missing

MARKERS: dict[str, Missing] = {
    "": Missing.BLANK,
    "..": Missing.NOT_AVAILABLE,  # force area tables, 2018
    "...": Missing.NOT_AVAILABLE,
    "[x]": Missing.NOT_AVAILABLE,  # the government's shorthand since 2021
    "[u]": Missing.NOT_AVAILABLE,
    "[w]": Missing.NOT_AVAILABLE,
    "x": Missing.NOT_AVAILABLE,
    "na": Missing.NOT_AVAILABLE,
    "n/a": Missing.NOT_AVAILABLE,
    "n/a - data not provided": Missing.NOT_PROVIDED,  # outcomes, 2014/15: eight forces
    "+": Missing.SUPPRESSED,  # rates of City of London, force area tables, 2018
    "[c]": Missing.SUPPRESSED,
    "*": Missing.SUPPRESSED,
    "-": Missing.SMALL_BASE,  # fewer than 50, force area tables, 2018
    "[low]": Missing.SMALL_BASE,
    ":": Missing.NOT_APPLICABLE,  # force area tables, 2018
    "[z]": Missing.NOT_APPLICABLE,
}
"""How publishers say that there is no number, in small letters, with what each means."""

ZEROS = {"-0", "-00"}
"""Nought as spreadsheets write it: the recorded crime CSV of 2017/18 has `-00 ` 5,792 times."""

LARGEST = Decimal(10) ** 12
"""No official count comes near; the column holds no more."""

LONGEST = 120
"""What the columns for names hold."""

_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!)|Err:\d{3}", re.I | re.ASCII
)
"""What spreadsheet programs show where a formula came to no value."""

_NUMBER = re.compile(r"[-\u2212]?\d+(\.\d+)?(e[-+]?\d{1,2})?", re.I | re.ASCII)
_THOUSANDS = re.compile(r"[-\u2212]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-\u2212]?\d+,\d+", re.ASCII)

_NOTES = re.compile(r"\s*(\[(note\s*)?[\d,\s]+\]|\d+(\s*,\s*\d+)*)\s*$", re.I)
"""Footnotes glued to a name: `Warwickshire9`, `Surrey10,11`, `Avon and Somerset 9`, `City of London[note 8]`."""


def number(cell: Any) -> tuple[Decimal | None, str]:
    """Give a cell's number and "", or None and why there is none. Raise ValueError, in words, for anything else."""
    if isinstance(cell, bool):
        raise ValueError(_("“%(value)s” is not a number") % {"value": cell})
    if isinstance(cell, int | float):
        whole = isinstance(cell, float) and cell.is_integer()
        found = Decimal(int(cell)) if whole and abs(cell) < LARGEST else Decimal(str(cell))
        if not found.is_finite() or abs(found) >= LARGEST:
            raise ValueError(_("“%(value)s” is not a number that can be") % {"value": cell})
        return found, ""
    text = str(cell).strip()
    if marker := MARKERS.get(text.lower()):
        return None, marker.value
    if text in ZEROS:
        return Decimal(0), ""
    plain = text.replace("\u2212", "-")
    if len(plain) > 40:
        raise ValueError(_("“%(value)s…” is not a number") % {"value": text[:40]})
    if _NUMBER.fullmatch(text):
        found = Decimal(plain)
    elif _THOUSANDS.fullmatch(text):
        found = Decimal(plain.replace(",", ""))
    elif _DECIMAL_COMMA.fullmatch(text):
        raise ValueError(_("“%(value)s” has a decimal comma; use a point") % {"value": text})
    else:
        refuse_error(text)
        raise ValueError(_("“%(value)s” is not a number") % {"value": text})
    if abs(found) >= LARGEST:
        raise ValueError(_("“%(value)s” is not a number that can be") % {"value": text})
    return found, ""


def refuse_error(text: str) -> None:
    """Refuse what a spreadsheet shows in the place of a value. Raise ValueError, in words."""
    if _ERROR.fullmatch(text):
        raise ValueError(_("“%(value)s” is an error of the spreadsheet, not a value") % {"value": text})


def text(cell: Any) -> str:
    """Give a cell's text on one line, a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def label(cell: Any) -> str:
    """Give a cell's text, which names something and can be kept. Raise ValueError, in words, where it is no name."""
    found = text(cell)
    if not found:
        raise ValueError(_("must not be empty"))
    if len(found) > LONGEST:
        raise ValueError(_("is longer than any name"))
    refuse_error(found)
    return found


def without_notes(name: str) -> str:
    """Strip footnotes from the end of a name."""
    return _NOTES.sub("", name).strip()


def heading(cell: Any) -> str:
    """Give a column's name for comparing: small letters and digits, without footnotes, marks and spaces."""
    return re.sub(r"[^a-z0-9]+", "", without_notes(text(cell)).lower())


_YEAR = re.compile(r"(?:year\s+)?(\d{4})\s*[/_\-–]\s*(\d{2}|\d{4})", re.ASCII)


def financial_year(cell: Any) -> int:
    """Give the year in which a financial year starts: 2017 for `2017/18`. Raise ValueError, in words."""
    found = _YEAR.fullmatch(text(cell))
    if not found or not 1990 <= int(found[1]) <= 2100 or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
        raise ValueError(_("“%(value)s” is not a financial year such as 2017/18") % {"value": text(cell)})
    return int(found[1])


def quarter(cell: Any) -> int:
    """Give a quarter of the financial year, 1 for April to June. Raise ValueError, in words."""
    word = text(cell).upper().removeprefix("Q")
    if word not in {"1", "2", "3", "4"}:
        raise ValueError(_("“%(value)s” is not a quarter from 1 to 4") % {"value": text(cell)})
    return int(word)


def quarter_dates(year: int, number_: int) -> tuple[date, date]:
    """Give the first day of a financial quarter and the day after its last."""
    start = add_months(date(year, 4, 1), 3 * (number_ - 1))
    return start, add_months(start, 3)
