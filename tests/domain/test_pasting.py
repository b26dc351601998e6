"""Pasted lists of findings: what becomes a row, what stays text, and that no word is lost."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grades.pasting import STANDS, PastedFinding, day_due, due_words, heading_of, parse, sameness
from grades.scales import FindingKind

AFI, CAUSE = FindingKind.AREA_FOR_IMPROVEMENT, FindingKind.CAUSE_OF_CONCERN
RECOMMENDATION, PRACTICE = FindingKind.RECOMMENDATION, FindingKind.INNOVATIVE_PRACTICE
DAY = date(2024, 1, 31)


def texts(pasted: str) -> list[str]:
    return [finding.text for finding in parse(pasted)]


@pytest.mark.parametrize(
    "pasted",
    [
        "1. Answer calls.\n2. Plan ahead.\n3. Train staff.",
        "  1. Answer calls.\n  2. Plan ahead.\n  3. Train staff.\n",
        "1. Answer calls.\n  2. Plan ahead.\n  3. Train staff.",
        "1) Answer calls.\r\n2) Plan ahead.\r\n3) Train staff.",
        "(1) Answer calls.\n\n(2) Plan ahead.\n\n(3) Train staff.",
        "1\tAnswer calls.\n2\tPlan ahead.\n3\tTrain staff.",
        "1.\tAnswer calls.\n2.\tPlan ahead.\n3.\tTrain staff.",
        "1.1 Answer calls.\n1.2 Plan ahead.\n1.3 Train staff.",
        "(a) Answer calls.\n(b) Plan ahead.\n(c) Train staff.",
        "a. Answer calls.\nb. Plan ahead.\nc. Train staff.",
        "- Answer calls.\n- Plan ahead.\n- Train staff.",
        "– Answer calls.\n– Plan ahead.\n– Train staff.",
        "* Answer calls.\n* Plan ahead.\n* Train staff.",
        "•\tAnswer calls.\n•\tPlan ahead.\n•\tTrain staff.",
        "·\u00a0\u00a0Answer calls.\n·\u00a0\u00a0Plan ahead.\n·\u00a0\u00a0Train staff.",
        "•Answer calls.\n•Plan ahead.\n•Train staff.",
        "o\tAnswer calls.\no\tPlan ahead.\no\tTrain staff.",
        "• Answer calls. • Plan ahead. • Train staff.",
        "Answer calls.\nPlan ahead.\nTrain staff.",
        "Answer calls\n\nPlan ahead\n\nTrain staff",
        "\n\n1. Answer\ncalls.\n2. Plan\nahead.\n3. Train\nstaff.",
    ],
)
def test_each_item_of_a_list_is_a_finding(pasted: str) -> None:
    found = [text.rstrip(".") for text in texts(pasted)]

    assert found == ["Answer calls", "Plan ahead", "Train staff"]
    assert {finding.kind for finding in parse(pasted)} == {AFI}


def test_wrapped_lines_are_one_sentence() -> None:
    pasted = "The force should answer\ncalls sooner\nThe force should plan\nahead."

    assert texts(pasted) == ["The force should answer calls sooner", "The force should plan ahead."]


@pytest.mark.parametrize(
    "below",
    [
        "    1. draws a picture of demand; and\n    2. shares it.",
        "1. draws a picture of demand; and\n2. shares it.",
        "   (a) draws a picture of demand; and\n   (b) shares it.",
        "a. draws a picture of demand; and\nb. shares it.",
        "2.1 draws a picture of demand; and\n2.2 shares it.",
        "- draws a picture of demand; and\n- shares it.",
        "o\tdraws a picture of demand; and\no\tshares it.",
        "i) draws a picture of demand; and\nii) shares it.",
    ],
)
def test_items_below_an_item_belong_to_it(below: str) -> None:
    pasted = (
        f"1. Answer calls.\n2. Within three months the force should make sure it:\n{below}\n3. Train staff."
    )

    first, nested, last = parse(pasted)

    assert (first.text, last.text) == ("Answer calls.", "Train staff.")
    assert nested.text.startswith("Within three months the force should make sure it:\n")
    assert "draws a picture of demand; and\n" in nested.text
    assert nested.text.endswith("shares it.")
    assert nested.due == "Within three months"


def test_letters_after_h_are_letters_still() -> None:
    assert len(texts("\n".join(f"{letter}. Task {letter}." for letter in "abcdefghij"))) == 10


def test_headings_switch_the_kind_and_recommendations_answer_the_cause_above() -> None:
    pasted = """Cause of concern
The force is too slow to protect children.

It has known this since 2021.

Recommendations
By 31 March 2026 the force should:
• check every open case; and
• train those who assess them.
The force should immediately tell its partners.

Causes of concern
1. Custody is unsafe.
Recommendation
Within 6 months the force should mend it.

Areas for improvement
1. Answer calls.
2. Plan ahead.
Innovative practice:
A van visits villages.
"""

    found = parse(pasted, DAY)

    assert [(row.kind, row.cause) for row in found] == [
        (CAUSE, None),
        (RECOMMENDATION, 0),
        (RECOMMENDATION, 0),
        (CAUSE, None),
        (RECOMMENDATION, 3),
        (AFI, None),
        (AFI, None),
        (PRACTICE, None),
    ]
    assert found[0].text == "The force is too slow to protect children.\nIt has known this since 2021."
    assert (found[1].due, found[1].due_on) == ("By 31 March 2026", date(2026, 3, 31))
    assert found[-1].text == "A van visits villages."


def test_recommendation_without_a_cause_says_so() -> None:
    (found,) = parse("Recommendation\nTrain staff.")

    assert (found.kind, found.cause) == (RECOMMENDATION, None)


@pytest.mark.parametrize(
    ("line", "kind", "single"),
    [
        ("Causes of concern", CAUSE, False),
        ("  CAUSE OF CONCERN: ", CAUSE, True),
        ("Cause of concern 2", CAUSE, True),
        ("## Recommendations", RECOMMENDATION, False),
        ("**Areas for improvement**", AFI, False),
        ("Area for improvement", AFI, True),
        ("AFIs", AFI, False),
        ("Innovative practice", PRACTICE, False),
    ],
)
def test_line_is_a_heading(line: str, kind: FindingKind, single: bool) -> None:
    assert heading_of(line) == (kind, single)


@pytest.mark.parametrize(
    "line", ["This remains an area for improvement.", "Recommendations were made.", "", "concern"]
)
def test_line_is_no_heading(line: str) -> None:
    assert heading_of(line) is None


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Within three months, it should act.", "Within three months", date(2024, 4, 30)),
        ("It should act within 1 month.", "within 1 month", date(2024, 2, 29)),
        ("within a year", "within a year", date(2025, 1, 31)),
        ("within two weeks", "within two weeks", date(2024, 2, 14)),
        ("By 31 March 2026 it should act.", "By 31 March 2026", date(2026, 3, 31)),
        ("by the end of February 2026", "by the end of February 2026", date(2026, 2, 28)),
        ("by 31 February 2026", "by 31 February 2026", None),
        ("It should immediately act.", "immediately", None),
        ("It should act.", "", None),
    ],
)
def test_words_that_set_a_day_are_kept_and_worked_out(text: str, words: str, day: date | None) -> None:
    assert due_words(text) == words
    assert day_due(words, DAY) == day


def test_no_day_is_counted_from_a_report_without_one() -> None:
    assert day_due("within three months", None) is None
    assert day_due("within 999 years", date(9999, 1, 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "<b>Answer</b> calls <script>alert(1)</script>",
        '=HYPERLINK("https://example.org")',
        "@SUM(1)",
        "+44 20",
    ],
)
def test_markup_and_formulas_stay_text(text: str) -> None:
    assert texts(text) == [text]


def test_list_of_a_web_page_parts_at_its_tags_and_keeps_them() -> None:
    assert texts("<ul>\n<li>Answer calls</li>\n<li>Plan ahead</li>")[-2:] == [
        "<li>Answer calls</li>",
        "<li>Plan ahead</li>",
    ]


def test_what_says_that_it_remains_is_seen() -> None:
    assert STANDS.search("Our last report said so. This remains an area for improvement.")
    assert not STANDS.search("This is an area for improvement.")


def test_case_and_spaces_make_no_difference() -> None:
    assert sameness(" The  Force\nshould act") == sameness("the force should act")


WORD = st.from_regex(r"[a-z]{3,9}", fullmatch=True).filter(lambda word: word != "afi")
SENTENCE = st.lists(WORD, min_size=2, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")


@given(
    st.lists(SENTENCE, min_size=1, max_size=30),
    st.sampled_from(["{n}. ", "({n}) ", "• ", "- ", "–\t", "{n}\t"]),
)
def test_every_list_comes_back(sentences: list[str], marker: str) -> None:
    pasted = "\n".join(marker.format(n=n) + sentence for n, sentence in enumerate(sentences, 1))

    assert texts(pasted) == sentences


SIGNS = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\n\t .:;-–•*o1234()abiv<li>")),
    max_size=400,
)
LINES = st.lists(
    st.one_of(
        SIGNS,
        SENTENCE,
        st.sampled_from(
            ["Areas for improvement", "Recommendations", "Cause of concern", "", "1. a:", "1.1 b", "a) c"]
        ),
    ),
    max_size=12,
).map("\n".join)
MARKER = re.compile(r"\(?\d{1,3}[.)]*|\(?[a-z]{1,5}[.)]+|[•·▪◦●○■□►▸‣⁃∙\-–—*+§o]|\d{1,2}(?:\.\d{1,2})+[.)]?")


@given(LINES)
@example("•1. (a) word")
@example("1.\n2.")
def test_no_word_is_lost_whatever_is_pasted(pasted: str) -> None:
    """Every word of a line that is no heading is in a finding, in order; only the marker of an item is left out."""
    found = parse(pasted, DAY)

    kept = " ".join(row.text for row in found).split()
    lines = re.sub(r"[\x00]", " ", pasted).replace("\ufeff", "").replace("\u200b", "").splitlines()
    given_words = " ".join(line for line in lines if heading_of(line) is None).split()
    place = 0
    lost = []
    for word in given_words:
        if (place < len(kept) and kept[place] == word) or (
            place < len(kept)
            and word.endswith(kept[place])
            and MARKER.fullmatch(word.removesuffix(kept[place]))
        ):
            place += 1
        else:
            lost.append(word)
    assert all(MARKER.fullmatch(word) for word in lost), lost
    assert all(isinstance(row, PastedFinding) and row.text.strip() for row in found)
    assert all(row.cause is None or found[row.cause].kind == CAUSE for row in found)
