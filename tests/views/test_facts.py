"""The rules of truth, held on every page of the whole record: a wrong grade would defame a force."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from tests.views.crawl import Crawl
from tests.views.markup import Element
from tests.views.oracle import LETTERS, WORDS, Expected, Key, expected, rows

pytestmark = pytest.mark.django_db

CHANGE = re.compile(
    r"(?:up|down) from [a-z ]+ in \d{4}(?:[/–]\d{2})?|the same grade as in \d{4}(?:[/–]\d{2})?", re.I
)
ANY_CHANGE = re.compile(r"\b(?:up|down) from\b|\bthe same grade as\b", re.I)
NO_GRADE = re.compile("Not recorded here yet|Not graded by design")
UNCHECKED = "not yet checked against the report"
RI = "Requires improvement"


def given(**grades: str) -> dict[str, str]:
    """Spell out which questions had which grade."""
    return {
        question: WORDS[level.replace("_", "-")]
        for level, named in grades.items()
        for question in named.split()
    }


WARWICKSHIRE = {
    "2014": given(good="E1 E2 E3 F0"),
    "2015": given(good="F0 E1 E2", requires_improvement="L0 E0 E3 E4"),
    "2016": given(good="E0 F0 L0"),
    "2017": given(good="F0 F1 F2 F3", requires_improvement="E0 L0"),
    "2018-19": given(good="E0 E1 E3 E4 L0 L2 L3", requires_improvement="F0 L1"),
    "2021-22": given(adequate="4 3 7 10 11", requires_improvement="6 8 5 soc"),
    "2023-25": given(good="2 4", adequate="3 6 8", requires_improvement="7 9 10", inadequate="5"),
}
"""Appendix A of the domain's description: E, F and L are effectiveness, efficiency and legitimacy."""

WEST_MERCIA = {
    "2014": given(good="E1 E2 E3 F0"),
    "2015": given(good="F0 E1 E2", requires_improvement="E4 E0 L0"),
    "2016": given(good="E0 F0 L0", requires_improvement="E1"),
    "2017": given(good="F0 F1 F2 F3", requires_improvement="E0 L0 E1"),
    "2018-19": given(good="E1 E4", requires_improvement="E0 F0 L0"),
    "2021-22": given(good="4", adequate="3 7 8 10", requires_improvement="6 5 11", inadequate="soc"),
    "2023-25": given(good="2", adequate="3 4 6 8", requires_improvement="5 7 9 10"),
}
NOT_IN_GRADES_CSV = {
    "warwickshire": {("2021-22", "soc")},
    "west-mercia": {("2017", "E1"), ("2021-22", "soc")},
}
"""What Appendix A knows and the record does not hold; `check_data` lists it."""

PILLARS = {"E": "effectiveness", "F": "efficiency", "L": "legitimacy"}

DATES = {
    ("warwickshire", "2015", "E0"): "18 February 2016",
    ("warwickshire", "2015", "E1"): "18 February 2016",
    ("warwickshire", "2015", "E2"): "18 February 2016",
    ("warwickshire", "2015", "E3"): "15 December 2015",
    ("warwickshire", "2015", "E4"): "18 February 2016",
    ("warwickshire", "2015", "F0"): "20 October 2015",
    ("warwickshire", "2015", "L0"): "11 February 2016",
    ("warwickshire", "2014", "E1"): "27 November 2014",
    ("warwickshire", "2016", "E0"): "2 March 2017",
    ("warwickshire", "2016", "F0"): "3 November 2016",
    ("warwickshire", "2016", "L0"): "8 December 2016",
    ("warwickshire", "2017", "E0"): "22 March 2018",
    ("warwickshire", "2017", "F0"): "9 November 2017",
    ("warwickshire", "2017", "L0"): "12 December 2017",
    ("warwickshire", "2018-19", "E0"): "27 September 2019",
    ("warwickshire", "2021-22", "6"): "14 October 2022",
    ("warwickshire", "2023-25", "5"): "10 June 2025",
    ("west-mercia", "2023-25", "5"): "14 May 2025",
}

TO_MARCH_2015, TO_MARCH_2014 = "12 months to 31 March 2015", "12 months to 31 March 2014"
TO_JUNE_2015, TO_JUNE_2014 = "12 months to 30 June 2015", "12 months to 30 June 2014"

FORCE_IN_NUMBERS = [
    ("Calls for assistance", "per 1,000 people", TO_MARCH_2015, "243", "350"),
    ("Crimes recorded (excluding fraud)", "per 1,000 people", TO_JUNE_2015, "52.5", "63.0"),
    ("Crimes recorded (excluding fraud)", "per 1,000 people", TO_JUNE_2014, "50.1", "60.3"),
    ("Change in recorded crime (excluding fraud)", "%", TO_JUNE_2015, "+4.8", "+4.5"),
    ("Change in recorded crime (excluding fraud)", "%", TO_JUNE_2015, "−10.5", "−12.6"),
    (
        "Charge rate, of all crimes recorded (excluding fraud)",
        "% of recorded crime",
        TO_JUNE_2015,
        "12.3",
        "16.0",
    ),
    ("Anti-social behaviour incidents", "per 1,000 people", TO_JUNE_2015, "29.9", "32.9"),
    ("Anti-social behaviour incidents", "per 1,000 people", TO_JUNE_2014, "35.9", "36.2"),
    (
        "Domestic abuse, of all recorded crime (excluding fraud)",
        "% of recorded crime",
        TO_MARCH_2015,
        "8.5",
        "10.0",
    ),
    (
        "Domestic abuse, of all recorded crime (excluding fraud)",
        "% of recorded crime",
        TO_MARCH_2014,
        "4.0",
        "8.5",
    ),
    ("Organised crime groups", "per million people", "at 30 June 2015", "21.2", "74.7"),
    ("Victim satisfaction rate", "%", TO_MARCH_2015, "83.7", "83.8"),
]
FIGURE_2 = [
    ("Recorded crime (excluding fraud)", "per 1,000 people", TO_JUNE_2015, "52.5", "63.0"),
    ("Victim-based crime", "per 1,000 people", TO_JUNE_2015, "48.2", "56.0"),
    ("Sexual offences", "per 1,000 people", TO_JUNE_2015, "1.5", "1.6"),
    ("Assault with injury", "per 1,000 people", TO_JUNE_2015, "5.2", "6.3"),
    ("Burglary in a dwelling", "per 1,000 households", TO_JUNE_2015, "6.3", "8.4"),
    ("Anti-social behaviour incidents", "per 1,000 people", TO_JUNE_2015, "29.9", "32.9"),
]
FIGURE_4 = [
    ("Charged/Summonsed", "%", TO_JUNE_2015, "3,563", "12.3", "577,678", "16.0"),
    ("Taken into consideration", "%", TO_JUNE_2015, "165", "0.6", "21,318", "0.6"),
    ("Out-of-court (formal)", "%", TO_JUNE_2015, "1,447", "5.0", "165,384", "4.6"),
    ("Caution – youths", "%", TO_JUNE_2015, "141", "0.5", "19,703", "0.5"),
    ("Caution – adults", "%", TO_JUNE_2015, "1,108", "3.8", "115,000", "3.2"),
    ("Penalty Notices for Disorder", "%", TO_JUNE_2015, "198", "0.7", "30,681", "0.8"),
    ("Out-of-court (informal)", "%", TO_JUNE_2015, "1,104", "3.8", "159,915", "4.4"),
    ("Cannabis/Khat warning", "%", TO_JUNE_2015, "257", "0.9", "41,964", "1.2"),
    ("Community resolution", "%", TO_JUNE_2015, "847", "2.9", "117,951", "3.3"),
]
IN_THE_TEXT = [
    ("Anti-social behaviour incidents, number", "incidents", TO_JUNE_2015, "16,498", "not printed"),
    ("Anti-social behaviour, change on the year before", "%", TO_JUNE_2015, "−17", "−9"),
    ("Organised crime groups, number", "groups", "at 30 June 2015", "38", "not printed"),
    ("Organised crime groups, drug activity", "%", "at 30 June 2015", "66", "64"),
    ("Sexual offence prevention orders issued", "orders", TO_JUNE_2015, "30", "not printed"),
    ("Sexual offence prevention orders breached", "orders", TO_JUNE_2015, "1", "not printed"),
    ("Victim-based crime, change over five years", "%", TO_JUNE_2015, "−8", "−12"),
]
"""Printed in the report on Warwickshire of 18 February 2016: figure, unit, period, values."""

NATIONAL_TOTALS = {
    ("2014", "Efficiency (overall)"): [5, 35, 3, 0],
    ("2015", "Effectiveness (overall)"): [1, 24, 18, 0],
    ("2016", "Effectiveness (overall)"): [1, 28, 13, 1],
    ("2016", "Efficiency (overall)"): [2, 33, 8, 0],
}
"""Outstanding, good, requires improvement, inadequate, as the inspectorate counted them."""


def key_of(force: str, cycle: str, short: str) -> Key:
    """Spell out a question such as E4 of a force and cycle."""
    if short[0] in PILLARS:
        return force, cycle, PILLARS[short[0]], short[1:]
    return force, cycle, "", short


def points(crawl: Crawl, force: str) -> Iterator[tuple[Key, Element]]:
    """Give every grade that a force's history shows."""
    for point in crawl.pages[f"/forces/{force}/"].all("div", class_="point"):
        cycle, anchor = point.one("a", class_="point__grade").attributes["href"].split("/")[-2:]
        question = crawl.questions[anchor.removeprefix("#")]
        assert question[0] == cycle, f"{force}: the link of {question} leads to {cycle}"
        yield (force, *question), point


def questions(crawl: Crawl, force: str, cycle: str) -> Iterator[tuple[Key, Element]]:
    """Give every question that an inspection page shows."""
    for article in crawl.pages[f"/forces/{force}/{cycle}/"].all("article", class_="question"):
        yield (force, *crawl.questions[article.attributes["id"]]), article


def wrong(key: Key, shown: Element, fact: Expected) -> Iterator[str]:
    """Say what a page says wrongly of a grade."""
    text = shown.words.replace(fact.note, "")
    grades = [grade.text for grade in shown.all("span", class_="grade")]
    if grades != ([WORDS[fact.level]] if fact.level else []):
        yield f"{key}: {fact.level!r}, page says {grades}"
    if not fact.level and not ("Not graded" in text and fact.reason in text):
        yield f"{key}: no reason in {text!r}"
    if (UNCHECKED in text) != fact.unchecked:
        yield f"{key}: unchecked is {fact.unchecked}, page says {text!r}"
    carried = re.findall(r"carried forward (?:from \d{4}(?:[/–]\d{2})?|\(origin not known\))", text, re.I)
    if [word.lower() for word in carried] != ([fact.carried] if fact.carried else []):
        yield f"{key}: {fact.carried!r}, page says {carried}"
    changes = [word[0].lower() + word[1:] for word in CHANGE.findall(text)]
    if changes != ([fact.change] if fact.change else []) or len(ANY_CHANGE.findall(text)) != len(changes):
        yield f"{key}: change {fact.change!r}, page says {changes} in {text!r}"
    if ("amended from" in text.lower()) != bool(fact.amended) or fact.amended.lower() not in text.lower():
        yield f"{key}: amended is {fact.amended}"
    if ("sources disagree" in text.lower()) != fact.disputed:
        yield f"{key}: disputed is {fact.disputed}"


HELD = [row for row in rows("cycles") if any(grade["cycle"] == row["slug"] for grade in rows("grades"))]
FORCES = sorted(row["slug"] for row in rows("forces"))


@pytest.mark.parametrize("force", FORCES)
def test_history_shows_every_grade_of_the_record_and_no_other(crawl: Crawl, force: str) -> None:
    facts = {key: fact for key, fact in expected().items() if key[0] == force}
    shown = list(points(crawl, force))

    faults = [fault for key, point in shown for fault in wrong(key, point, facts[key])]

    assert Counter(key for key, _ in shown) == Counter(list(facts))
    assert faults == []


@pytest.mark.parametrize("force", FORCES)
def test_inspection_pages_show_every_grade_of_the_record_and_no_other(crawl: Crawl, force: str) -> None:
    facts = {key: fact for key, fact in expected().items() if key[0] == force}
    shown = {
        key: article
        for cycle in sorted({key[1] for key in facts})
        for key, article in questions(crawl, force, cycle)
    }

    faults = []
    for key, article in shown.items():
        if key in facts:
            faults += wrong(key, article, facts[key])
        elif article.all("span", class_="grade") or not NO_GRADE.search(article.text):
            faults.append(f"{key}: {article.text}")

    assert set(facts) <= set(shown)
    assert faults == []


def wrong_in_brief(cell: Element, fact: Expected) -> Iterator[str]:
    """Say what a cell with a letter says wrongly of a grade."""
    starred = fact.amended or fact.disputed or fact.note
    marks = [
        WORDS[fact.level],
        fact.carried,
        UNCHECKED if fact.unchecked else "",
        fact.amended,
        "sources disagree: " if fact.disputed else "",
        fact.note,
    ]
    pattern = ".*, ".join(re.escape(mark) for mark in marks if mark)
    said = cell.one("span", class_="visually-hidden").text
    if not re.fullmatch(f"{pattern}.*" if starred else pattern, said):
        yield f"{said!r} is not {pattern!r}"
    if cell.one("span", class_="grade").all("span")[0].text != LETTERS[fact.level]:
        yield cell.text
    sign = f"{'?' if fact.unchecked else ''}{'*' if starred else ''}"
    if "".join(flag.text for flag in cell.all("span", class_="grade__flag")) != sign:
        yield f"{cell.text!r} without {sign!r}"


@pytest.mark.parametrize("cycle", [row["slug"] for row in rows("cycles")])
def test_cycle_page_shows_every_grade_of_the_record_and_no_other(crawl: Crawl, cycle: str) -> None:
    page = crawl.pages[f"/cycles/{cycle}/"]
    matrix = page.one("table", class_="matrix")
    asked = [row for row in rows("questions") if row["cycle"] == cycle and row["graded"] != "ungraded"]
    asked.sort(key=lambda row: int(row["order"]))

    faults, seen = [], 0
    for row in matrix.one("tbody").all("tr"):
        force = row.one("th").one("a").attributes["href"].split("/")[2]
        for question, cell in zip(asked, row.all("td")[1:], strict=True):
            fact = expected().get((force, cycle, question["pillar"], question["number"]))
            if fact is None or not fact.level:
                wanted = {"withheld": "Not graded", "": "Not recorded"}[fact.state if fact else ""]
                if cell.text != wanted:
                    faults.append(f"{force}, {question['short_title']}: {cell.text!r} is not {wanted!r}")
                continue
            seen += 1
            faults += [f"{force}, {question['short_title']}: {fault}" for fault in wrong_in_brief(cell, fact)]

    assert faults == []
    assert seen == sum(bool(fact.level) for key, fact in expected().items() if key[1] == cycle)
    assert len(matrix.one("tbody").all("tr")) == 43


@pytest.mark.parametrize("force", FORCES)
def test_picture_of_a_history_says_no_other_change_than_the_page(crawl: Crawl, force: str) -> None:
    texts = list(ET.fromstring(crawl.visits[f"/forces/{force}/history.svg"].body).itertext())
    allowed = {fact.change for key, fact in expected().items() if key[0] == force}

    said = {match for text in texts for match in CHANGE.findall(text)}

    assert said <= allowed
    assert sum(len(ANY_CHANGE.findall(text)) for text in texts) == sum(
        len(CHANGE.findall(text)) for text in texts
    )


@pytest.mark.parametrize("theme", [row["slug"] for row in rows("themes")])
def test_theme_page_shows_every_grade_of_the_record_and_no_other(crawl: Crawl, theme: str) -> None:
    page = crawl.pages[f"/themes/{theme}/"]
    asked = {(q["cycle"], q["pillar"], q["number"]) for q in rows("questions") if q["theme"] == theme}
    facts = {key: fact for key, fact in expected().items() if key[1:] in asked}

    shown = {}
    for link in page.one("table", class_="matrix").all("a", class_="point__grade"):
        _, _, force, _, anchor = link.attributes["href"].split("/")
        grade = link.all("span", class_="grade")
        shown[force, *crawl.questions[anchor.removeprefix("#")]] = grade[0].text if grade else ""

    assert shown == {key: WORDS.get(fact.level, "") for key, fact in facts.items()}


def test_no_other_page_speaks_of_change(crawl: Crawl) -> None:
    """The page on comparability quotes the words; the style guide shows them with made-up grades."""
    speaking = {address for address, page in crawl.pages.items() if ANY_CHANGE.search(page.one("main").text)}

    others = {address for address in speaking if not address.startswith(("/forces/", "/themes/"))}

    assert others == {"/about/comparability/", "/styleguide/"}
    assert "/forces/" not in speaking


def test_theme_pages_speak_of_change_only_beside_the_grade_that_changed(crawl: Crawl) -> None:
    names = {row["short_name"]: row["slug"] for row in rows("forces")}
    allowed = {(key[0], fact.change) for key, fact in expected().items()}

    faults, said = [], 0
    for address, page in crawl.pages.items():
        if address.startswith("/themes/"):
            texts = [row for table in page.all("table") for row in table.rows()]
            spoken = [(names[row[0]], word) for row in texts for word in CHANGE.findall(" ".join(row[1:]))]
            faults += [(address, *pair) for pair in spoken if pair not in allowed]
            said += len(spoken)

    assert faults == []
    assert said


def test_changes_are_said_where_the_seed_allows_them_and_never_of_a_carried_grade() -> None:
    """Guards the oracle itself: it must have something to compare."""
    changes = [fact for fact in expected().values() if fact.change]
    cycles = {key[1] for key, fact in expected().items() if fact.change}

    assert len(changes) > 300
    assert cycles == {"2016", "2017", "2018-19"}
    assert not any(fact.carried for fact in changes)
    assert sum(bool(fact.carried) for fact in expected().values()) > 70


@pytest.mark.parametrize("force", FORCES)
def test_every_cell_of_a_history_has_words_beside_its_cycle(crawl: Crawl, force: str) -> None:
    cells = crawl.pages[f"/forces/{force}/"].all("td", class_="cell")

    blank = [
        cell for cell in cells if not cell.text.removeprefix(cell.all("span", class_="cell__cycle")[0].text)
    ]

    assert len(cells) == len(rows("themes")) * len(HELD) + 3 * 5
    assert blank == []


@pytest.mark.parametrize("force", FORCES)
def test_every_break_is_drawn_in_every_row_and_worded_with_a_link(crawl: Crawl, force: str) -> None:
    page = crawl.pages[f"/forces/{force}/"]
    breaks = [row for row in HELD if row["break_reason"]]
    themes, pillars = page.all("table", class_="history")

    assert [row["slug"] for row in breaks] == ["2015", "2021-22", "2023-25"]
    assert {len(row.all("td", class_="gutter")) for row in themes.one("tbody").all("tr")} == {len(breaks)}
    assert {len(row.all("td", class_="gutter")) for row in pillars.one("tbody").all("tr")} == {1}
    listed = page.one("ul", class_="history-breaks").all("li")
    for row, item in zip(breaks, listed, strict=True):
        assert row["break_reason"].rstrip(".") in item.text
        assert row["break_address"] in [link.attributes["href"] for link in item.all("a")]


@pytest.mark.parametrize("address", ["/cycles/", "/cycles/2025-27/", "/about/comparability/"])
def test_break_that_is_presumed_says_so(crawl: Crawl, address: str) -> None:
    text = crawl.pages[address].one("main").text

    assert "Presumed break before 2025–27:" in text
    assert rows("cycles")[-1]["break_reason"].rstrip(".") in text


# Fixed histories


@pytest.mark.parametrize(
    ("force", "known"),
    [("warwickshire", WARWICKSHIRE), ("west-mercia", WEST_MERCIA)],
    ids=["warwickshire", "west-mercia"],
)
def test_history_equals_the_one_that_was_verified(
    crawl: Crawl, force: str, known: dict[str, dict[str, str]]
) -> None:
    shown = {key: point.one("span", class_="grade").text for key, point in points(crawl, force)}
    wanted = {
        key_of(force, cycle, short): grade
        for cycle, grades in known.items()
        for short, grade in grades.items()
        if (cycle, short) not in NOT_IN_GRADES_CSV[force]
    }

    assert {key: shown.get(key) for key in wanted} == wanted
    assert not {key_of(force, *missing) for missing in NOT_IN_GRADES_CSV[force]} & set(shown)


def test_every_pillar_judgment_carries_the_day_of_its_own_report(crawl: Crawl) -> None:
    shown = {
        (force, cycle, short): dict(questions(crawl, force, cycle))[key_of(force, cycle, short)]
        .all("span", class_="aside")[0]
        .text
        for force, cycle, short in DATES
    }

    assert shown == DATES


@pytest.mark.parametrize(
    ("block", "printed"),
    [
        ("Force in numbers", FORCE_IN_NUMBERS),
        ("Figure 2: rates", FIGURE_2),
        ("Figure 4: outcomes", FIGURE_4),
        ("In the text", IN_THE_TEXT),
    ],
    ids=["force in numbers", "figure 2", "figure 4", "in the text"],
)
def test_warwickshire_2015_shows_every_printed_value(
    crawl: Crawl, block: str, printed: list[tuple[str, ...]]
) -> None:
    page = crawl.pages["/forces/warwickshire/2015/"]
    section = next(s for s in page.all("section") if s.one("h2").text == block)
    table = next(t for t in section.all("table") if "as printed in" in t.one("caption").text)
    lines = table.one("tbody").all("tr")

    found = []
    for line, wanted in zip(lines, printed, strict=True):
        label = line.one("th").text
        starts = label.startswith(wanted[0]) and wanted[1] in label.removeprefix(wanted[0])
        found.append((*(wanted[:2] if starts else (label, "")), *(cell.text for cell in line.all("td"))))

    assert found == printed
    assert "As printed in the report" in section.text


def test_warwickshire_2015_says_which_figures_are_combined(crawl: Crawl) -> None:
    page = crawl.pages["/forces/warwickshire/2015/"]
    heads = [
        row.one("th").text
        for table in page.all("table", class_="data")
        for row in table.one("tbody").all("tr")
    ]

    combined = [head for head in heads if head.startswith("Organised crime groups")]

    assert len(combined) == 3
    assert all("one figure for Warwickshire and West Mercia together" in head for head in combined)


def test_warwickshire_2015_has_its_findings_and_reports(crawl: Crawl) -> None:
    page = crawl.pages["/forces/warwickshire/2015/"]
    topics = page.all("div", class_="topic")

    counts = {
        (topic.one("h3").text, topic.one("p", class_="finding__kind").text): len(
            topic.all("li", class_="finding")
        )
        for topic in topics
    }

    assert counts == {
        ("Preventing crime", "Area for improvement"): 1,
        ("Investigating crime and managing offenders", "Area for improvement"): 1,
        ("Serious and organised crime", "Area for improvement"): 5,
    }
    assert "ISBN 978-1-78655-010-1" in page.one("main").text


def test_warwickshire_2022_has_its_findings_and_counts_no_days_from_a_day_that_is_not_confirmed(
    crawl: Crawl,
) -> None:
    page = crawl.pages["/forces/warwickshire/2021-22/"]

    assert len(page.all("li", class_="finding")) == 20, "22 as printed, of which 20 are distinct"
    assert "has not confirmed the day of the report, so the days are not counted" in page.one("main").text


@pytest.mark.parametrize("pillar", ["efficiency", "legitimacy"])
def test_greater_manchester_2017_is_not_graded_and_says_why(crawl: Crawl, pillar: str) -> None:
    key = ("greater-manchester", "2017", pillar, "0")

    article = dict(questions(crawl, "greater-manchester", "2017"))[key]
    point = dict(points(crawl, "greater-manchester"))[key]

    for element in (article, point):
        assert "Not graded" in element.text
        assert "because of the Manchester Arena attack" in element.text
        assert not element.all("span", class_="grade")


@pytest.mark.parametrize("number", ["1", "2"])
def test_cheshire_2014_says_that_sources_disagree_and_what_the_other_states(
    crawl: Crawl, number: str
) -> None:
    key = ("cheshire", "2014", "effectiveness", number)

    article = dict(questions(crawl, "cheshire", "2014"))[key]
    point = dict(points(crawl, "cheshire"))[key]

    assert article.one("span", class_="grade").text == point.one("span", class_="grade").text == "Good"
    assert "Sources disagree: “PEEL 2014: Cheshire” states requires improvement." in article.text
    assert "states: Requires improvement" in article.one("ul", class_="sources").text
    assert "sources disagree" in point.text


def test_of_all_forces_only_cheshire_has_sources_that_disagree(crawl: Crawl) -> None:
    disputed = {a for a, page in crawl.pages.items() if "ources disagree" in page.one("main").text}

    assert {a for a in disputed if a.startswith("/forces/")} == {
        "/forces/cheshire/",
        "/forces/cheshire/2014/",
    }


def test_northamptonshire_2023_25_shows_its_amendment(crawl: Crawl) -> None:
    key = ("northamptonshire", "2023-25", "", "5")

    article = dict(questions(crawl, "northamptonshire", "2023-25"))[key]
    point = dict(points(crawl, "northamptonshire"))[key]

    for element in (article, point):
        assert element.one("span", class_="grade").text == RI
        assert "mended from adequate on 8 August 2024: " in element.text
        assert "the data that the force had given it were wrong" in element.text


def test_city_of_london_has_no_crime_rate_but_a_sentence(crawl: Crawl) -> None:
    page = crawl.pages["/forces/city-of-london/"]
    section = next(s for s in page.all("section") if s.attributes.get("aria-labelledby") == "crime")

    assert "Recorded crime" not in [tile.one("h3").text for tile in page.all("li", class_="tile")]
    assert not section.all("table")
    assert not section.all("svg")
    assert section.one("p").text.startswith(
        "No rate of recorded crime for each resident is shown for this force."
    )
    assert "few people live there" in section.text
    assert "/forces/city-of-london/metrics/recorded-crime.svg" not in crawl.visits


def test_every_other_force_has_its_crime_rate_as_sentence_picture_and_table(crawl: Crawl) -> None:
    lacking = []
    for force in FORCES:
        page = crawl.pages[f"/forces/{force}/"]
        found = [s for s in page.all("section") if s.attributes.get("aria-labelledby") == "crime"]
        figure = found[0].all("figure")
        if not (
            figure
            and figure[0].all("svg")
            and figure[0].all("table")
            and len(figure[0].all("p")[1].text) > 60
        ):
            lacking.append(force)

    assert lacking == ["city-of-london"]


# Counting forces


def spread_of(page: Element) -> Iterator[tuple[str, list[int], str]]:
    """Give each question of a picture of spreads: its title, how many forces have each grade, and its sentence."""
    figure = next((f for f in page.all("figure") if "Number of forces with each grade" in f.text), None)
    if figure is None:
        return
    told = " ".join(p.text for p in figure.all("p"))
    for row in figure.one("table").one("tbody").all("tr"):
        title, *counts = [cell.text for cell in row.all("th", "td")]
        sentence = told.partition(f"{title}: ")[2].partition(". ")[0]
        yield title, [int(count) for count in counts], sentence


@pytest.mark.parametrize(("cycle", "question"), list(NATIONAL_TOTALS))
def test_national_totals_are_those_of_the_inspectorate(crawl: Crawl, cycle: str, question: str) -> None:
    spreads = {title: (counts, said) for title, counts, said in spread_of(crawl.pages[f"/cycles/{cycle}/"])}
    counts, said = spreads[question]

    assert counts == [*NATIONAL_TOTALS[cycle, question], 0, 0][: len(counts)]
    assert sum(counts) == 43
    assert said
    assert "not recorded here" not in said


@pytest.mark.parametrize("address", ["/", *(f"/cycles/{row['slug']}/" for row in HELD)])
def test_counts_of_forces_add_up_and_name_what_is_missing(crawl: Crawl, address: str) -> None:
    spreads = list(spread_of(crawl.pages[address]))

    assert spreads
    for title, counts, said in spreads:
        assert sum(counts) == 43, title
        if counts[-1]:
            assert f"{counts[-1]} of 43 not recorded here" in said, title
        else:
            assert "not recorded" not in said, title
        assert sum(int(n) for n in re.findall(r"(?<!of )\b(\d+) (?!of )", said)) == 43 - counts[-1], title


def test_a_count_of_43_stands_alone_only_where_all_are_held(crawl: Crawl) -> None:
    """How many forces are held may be said of any cycle; what they were given only with what is missing."""
    held = r" (?:forces )?have at least one grade|\d* not recorded here| forces on each question"
    alone = re.compile(rf"([^.;|]*?), (\d+ of 43(?!{held})[^.;|]*)|(\d+ of 43(?!{held})[^.;|]*)")

    faults = []
    for address, page in crawl.pages.items():
        if address in ("/coverage/", "/styleguide/"):
            continue
        whole = {title for title, counts, _said in spread_of(page) if not counts[-1]}
        for element in page.one("main").walk():
            if element.within("svg") and element.tag not in ("title", "desc"):
                continue  # lines of a text, cut where they break
            for text in element.own:
                for match in alone.finditer(" ".join(text.split())):
                    title, _, grade = (match[1] or "").rpartition(": ")
                    if title not in whole and not grade.startswith("Not recorded here"):
                        faults.append((address, match[0]))

    assert faults == []


def test_home_page_spreads_the_newest_cycle_held_for_twenty_forces(crawl: Crawl) -> None:
    held = {
        row["slug"]: len({key[0] for key in expected() if key[1] == row["slug"] and key[3] != "soc"})
        for row in rows("cycles")
    }
    newest = [row for row in rows("cycles") if held[row["slug"]] >= 20][-1]
    page = crawl.pages["/"]

    assert page.one("h2", id="spread").text == f"How grades are spread in {newest['label']}"
    assert f"{held[newest['slug']]} of 43 have at least one grade on record" in page.one("main").text


def test_no_page_averages_ranks_or_scores_grades(crawl: Crawl) -> None:
    """These words appear only to say that the thing is not done; a ranking is a picture of crime, not of grades."""
    scoring = re.compile(r"\b(?:averag\w+|rank\w*|league|scor(?:e|ed|es|ing)|out of \d+|overall)\b", re.I)
    denied = re.compile(
        r"(?:never|not) an? (?:average|ranking)|never ranked or averaged|Overall grades for effectiveness and legitimacy|No averages, points, ranks or league tables of grades"
        r"|no overall grade|First year with an overall grade|\(overall\)|a heading of the third rank"
        r"|There is no average, point or rank of them|Do not average, add up or rank them"
        r"|Police ranked ‘adequate’",  # a newspaper's headline
        re.I,
    )

    found = {
        address: match[0]
        for address, page in crawl.pages.items()
        if address != "/styleguide/" and (match := scoring.search(denied.sub("", page.one("main").words)))
    }

    assert found == {}


def test_grade_that_no_source_settles_is_marked_wherever_it_stands(crawl: Crawl) -> None:
    unsettled = [row for row in rows("grades") if row["unsettled"] == "yes"]
    assert len(unsettled) == 12

    for row in unsettled:
        cycle, force = row["cycle"], row["force"]
        for address in (f"/forces/{force}/", f"/forces/{force}/{cycle}/"):
            assert row["note"] in crawl.pages[address].one("main").text, address
        assert row["note"] in crawl.pages[f"/cycles/{cycle}/"].one("main").text


def test_theme_page_names_the_question_of_each_of_several_grades(crawl: Crawl) -> None:
    """Efficiency and leadership are both within resources: neither grade is the theme's."""
    page = crawl.pages["/themes/resources/"].one("main")
    named = page.all("span", class_="point")
    assert len(named) > 40  # two questions of 2017 alone
    for point in named:
        assert point.one("span", class_="point__question").text
    assert {p.one("span", class_="point__question").text for p in named} >= {
        "Understanding demand",
        "Use of resources",
    }
