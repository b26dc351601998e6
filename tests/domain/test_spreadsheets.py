"""Cells that no spreadsheet runs, and that come back as they were."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grades.spreadsheets import as_it_was, safe

STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@given(st.text(alphabet=st.sampled_from("'" + STARTS + "a 1")))
@example("''=1+1")
@example("'quoted'")
def test_every_text_comes_back(text: str) -> None:
    """Whatever stands in it, apostrophes in front too."""
    assert as_it_was(safe(text)) == text


@given(st.text(alphabet=st.sampled_from("'" + STARTS + "a 1")))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    """Not once."""
    assert not safe(text).startswith(tuple(STARTS))


@pytest.mark.parametrize("text", ["", "Good", "'tis", "a=b", " =1", "1-2"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    """Only what needs it is changed."""
    assert safe(text) == text == as_it_was(text)


@pytest.mark.parametrize("start", STARTS)
def test_each_sign_gets_an_apostrophe(start: str) -> None:
    """The wide signs of East Asian keyboards too."""
    assert safe(f"{start}1") == f"'{start}1"
