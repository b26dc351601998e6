"""Text in cells that spreadsheets open: nothing in a cell may be run as a formula, and nothing of it may be lost. Pure.

A cell that would be taken for a formula gets an apostrophe in front; whoever reads the file back takes one such apostrophe away.
A text that has apostrophes in front of such a sign of its own gets one more, so that each text comes back as it was.
"""

import re

FORMULA_STARTS = "=+\\-@\t\r\n\uff1d\uff0b\uff20\uff0d"
"""What a spreadsheet takes for the start of a formula, the wide signs of East Asian keyboards too; inside the brackets of a
regular expression, of Python's as of PostgreSQL's."""

FORMULA = rf"^('*[{FORMULA_STARTS}])"
"""Finds a text that needs an apostrophe; the same for Python and PostgreSQL."""

_NEEDS_ONE = re.compile(FORMULA)
_HAS_ONE = re.compile(rf"^'('*[{FORMULA_STARTS}])")


def safe(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula."""
    if not text or text[0].isalnum():  # nearly all: no need to look further
        return text
    return _NEEDS_ONE.sub(r"'\1", text)


def as_it_was(cell: str) -> str:
    """Give the text that `safe` wrote."""
    return _HAS_ONE.sub(r"\1", cell)
