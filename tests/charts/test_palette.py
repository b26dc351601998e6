"""The grades stay apart in every eye, their words stay readable, and the style sheet has the same colours."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from grades.charts.palette import (
    ACCENT,
    FOURTH,
    INK,
    MUTED,
    OUTLINE,
    PAINTS,
    PAPER,
    SECOND,
    THIRD,
    paint,
)
from grades.scales import LETTERS, Level
from tests.charts.colour import VISION, ciede2000, contrast, lab

ROOT = Path(__file__).resolve().parents[2]
LEAST_APART = 10
LEAST_CONTRAST = 4.5


def tokens() -> dict[str, str]:
    """Read the custom properties of the first block of the tokens."""
    text = (ROOT / "static/css/tokens.css").read_text()
    block = text[text.index(":root") : text.index("}")]
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\b", block))


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000_gives_the_published_test_data(one, two, apart):
    assert ciede2000(one, two) == pytest.approx(apart, abs=0.0001)


def test_line_of_the_first_of_several_forces_keeps_its_colour_under_a_hosts_accent():
    text = (ROOT / "static/css/tokens.css").read_text()
    block = (ROOT / "static/css/embed/block.css").read_text()

    assert re.findall(r"--series-first: (#\w+)", text) == re.findall(r"--accent: (#\w+)", text)
    assert re.search(r"\.embed--compared \.chart-key {\s+--accent: var\(--series-first\);", block)


@pytest.mark.parametrize("vision", VISION)
def test_grades_look_apart_in_every_vision(vision):
    apart = {
        (one, two): ciede2000(lab(PAINTS[one].fill, vision), lab(PAINTS[two].fill, vision))
        for one, two in combinations(Level, 2)
    }

    assert min(apart.values()) >= LEAST_APART, min(apart, key=apart.__getitem__)


def test_grades_grow_darker_as_they_grow_better():
    lightness = [lab(PAINTS[level].fill)[0] for level in Level]

    assert lightness == sorted(lightness)


@pytest.mark.parametrize("level", Level)
def test_words_are_readable_on_their_grade(level):
    assert contrast(PAINTS[level].fill, PAINTS[level].text) >= LEAST_CONTRAST


def test_texts_and_outline_are_readable_on_paper():
    assert all(contrast(colour, PAPER) >= LEAST_CONTRAST for colour in (INK, MUTED, ACCENT, OUTLINE))


def test_each_grade_has_its_own_letter():
    assert [PAINTS[level].letter for level in Level] == list(LETTERS.values()) == ["O", "G", "A", "R", "I"]


def test_paint_of_no_grade_is_refused():
    with pytest.raises(ValueError, match="ungraded"):
        paint("ungraded")


@pytest.mark.parametrize("level", Level)
def test_style_sheet_and_palette_agree(level):
    found = tokens()

    assert found[f"grade-{level}"].lower() == PAINTS[level].fill.lower()
    assert found[f"grade-{level}-text"].lower() == PAINTS[level].text.lower()


def test_grades_keep_their_colours_in_the_dark_and_in_print():
    text = (ROOT / "static/css/tokens.css").read_text()

    assert text.count("--grade-good:") == 1
    assert tokens()["grade-outline"].lower() == OUTLINE.lower()
    assert tokens()["accent"].lower() == ACCENT.lower()
    assert [tokens()[f"series-{name}"].lower() for name in ("second", "third", "fourth")] == [
        colour.lower() for colour in (SECOND, THIRD, FOURTH)
    ]


def test_no_other_module_of_charts_has_a_colour():
    modules = [p for p in (ROOT / "grades").rglob("*.py") if p.name != "palette.py"]

    assert [p.name for p in modules if re.search(r"[\"'=]#[0-9a-fA-F]{6}\b", p.read_text())] == []
