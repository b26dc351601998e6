"""A pasted list of findings, read into rows: kinds, recommendations under their cause, words that set a day. Pure.

What is pasted comes from word processors, web pages and PDF files, so every rule here is about the shape of lines. No word
is ever lost: what is not a heading or the marker of an item stays in the text of a finding, markup and formulas included.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from grades.scales import FindingKind

STANDS = re.compile(r"\bremains? an area for improvement\b", re.IGNORECASE)
"""How a report says that an earlier finding still stands."""

LONGEST_HEADING = 120
"""What is longer is no heading."""

DUE_LENGTH = 80
"""What the column of the due words holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedFinding:
    """One finding of a pasted list. `cause` is the place in the list of the cause of concern that it answers."""

    kind: FindingKind
    text: str
    due: str = ""
    due_on: date | None = None
    cause: int | None = None


# What a line is

_BULLETS = "•·▪◦●○■□►▸‣⁃∙"
_GAP = r"[ \t\u00a0\u2000-\u200a\u202f\u3000]"
_MARKERS = {
    "part": re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}})+[.)]?)(?={_GAP})"),
    "number": re.compile(rf"(\(?\d{{1,3}}[.)]+|\d{{1,3}}(?=\t))(?={_GAP}|$)"),
    "letter": re.compile(rf"(\([a-z]\)|[a-z][.)])(?={_GAP}|$)"),
    "roman": re.compile(rf"(\([ivx]{{2,5}}\)|[ivx]{{2,5}}[.)])(?={_GAP}|$)"),
    "bullet": re.compile(rf"([{_BULLETS}]|[-–—*+§](?={_GAP})|o(?=\t|{_GAP}{{2}}))(?={_GAP}|\w|[“\"'(<]|$)"),
    "tag": re.compile(r"()(?=<li\b)", re.IGNORECASE),
}
"""What may open an item, by style; the first that fits counts. A tag stays in the text, as all markup does."""

_WITHIN_A_LINE = re.compile(rf"(?<=\S){_GAP}+(?=[{_BULLETS}]{_GAP})")
"""Where a list was copied as one line, its bullets still stand between the items."""

_HEADINGS = (
    (
        FindingKind.CAUSE_OF_CONCERN,
        re.compile(r"(?:accelerated\s+)?(?:cause|(causes))\s+of\s+concern", re.IGNORECASE),
    ),
    (FindingKind.RECOMMENDATION, re.compile(r"(?:recommendation|(recommendations))", re.IGNORECASE)),
    (
        FindingKind.AREA_FOR_IMPROVEMENT,
        re.compile(r"(?:area|(areas))\s+for\s+improvement|afi|(afis)", re.IGNORECASE),
    ),
    (
        FindingKind.INNOVATIVE_PRACTICE,
        re.compile(r"(?:innovative|promising)\s+(?:practice|(practices))", re.IGNORECASE),
    ),
)
_AROUND_A_HEADING = re.compile(r"^[\s#*_>\-–—•]*(.*?)[\s#*_:.]*(?:\(?\d{1,2}\)?)?[\s#*_:.]*$")


@dataclass(slots=True)
class _Line:
    """A line that is no heading: how far it is set in, how it is marked, and what follows the marker."""

    indent: int
    style: str
    marker: str
    text: str
    after_gap: bool


@dataclass(slots=True)
class _Section:
    """The lines under one heading; a heading in the singular announces one finding."""

    kind: FindingKind
    single: bool
    lines: list[_Line] = field(default_factory=list)


def heading_of(line: str) -> tuple[FindingKind, bool] | None:
    """Give the kind that a heading in a line of its own announces, and whether it announces a single one."""
    line = line.strip()
    if len(line) > LONGEST_HEADING:  # a line of many dots or stars would be tried in too many ways
        return None
    found = _AROUND_A_HEADING.match(line)
    words = " ".join(found[1].split()) if found else ""
    for kind, pattern in _HEADINGS:
        match = pattern.fullmatch(words)
        if match:
            single = not any(match.groups()) and kind != FindingKind.INNOVATIVE_PRACTICE
            return kind, single
    return None


def _lines(text: str) -> Iterator[str]:
    clean = text.replace("\x00", " ").replace("\ufeff", "").replace("\u200b", "")
    for line in clean.splitlines():
        yield from _WITHIN_A_LINE.sub("\n", line).split("\n")


def _line(raw: str, *, after_gap: bool) -> _Line:
    body = raw.lstrip()
    indent = sum(4 if sign == "\t" else 1 for sign in raw[: len(raw) - len(body)])
    for style, pattern in _MARKERS.items():
        found = pattern.match(body)
        if found:
            rest = body[found.end() :].strip()
            return _Line(indent, style, found[1], rest, after_gap)
    return _Line(indent, "", "", body.strip(), after_gap)


def _sections(text: str) -> list[_Section]:
    sections = [_Section(FindingKind.AREA_FOR_IMPROVEMENT, single=False)]
    gap = False
    for raw in _lines(text):
        heading = heading_of(raw)
        if heading:
            sections.append(_Section(heading[0], single=heading[1]))
            gap = False
        elif not raw.strip():
            gap = True
        else:
            sections[-1].lines.append(_line(raw, after_gap=gap))
            gap = False
    return [section for section in sections if section.lines]


# Which lines make one finding


def parse(text: str, published: date | None = None) -> list[PastedFinding]:
    """Read a pasted list. `published` is the report's day, from which "within three months" is counted."""
    found: list[PastedFinding] = []
    cause: int | None = None
    for section in _sections(text):
        for words in _items(section):
            due = due_words(words)
            if section.kind == FindingKind.CAUSE_OF_CONCERN:
                cause = len(found)
            found.append(
                PastedFinding(
                    kind=section.kind,
                    text=words,
                    due=due,
                    due_on=day_due(due, published),
                    cause=cause if section.kind == FindingKind.RECOMMENDATION else None,
                )
            )
    return found


def _items(section: _Section) -> list[str]:
    marked = [line for line in section.lines if line.style]
    if marked:
        return _marked_items(section.lines, _trimmed_start(marked))
    return _plain_items(section.lines, single=section.single)


def _plain_items(lines: list[_Line], *, single: bool) -> list[str]:
    """Group lines without any marker: a blank line or the end of a sentence parts two findings, a wrapped line does not."""
    if single:
        return ["".join(_joined(lines))]
    items: list[list[_Line]] = []
    by_gaps = any(line.after_gap for line in lines[1:])
    for line in lines:
        last = items[-1][-1].text if items else ""
        parts = line.after_gap if by_gaps else _ends_a_sentence(last) or _begins_as_a_finding(line.text)
        if not items or (parts and not last.endswith(":")):
            items.append([line])
        else:
            items[-1].append(line)
    return ["".join(_joined(item)) for item in items]


def _joined(lines: list[_Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield ("" if number == 0 else "\n" if line.after_gap else " ") + line.text


def _ends_a_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)").endswith((".", "!", "?", ";"))


def _begins_as_a_finding(text: str) -> bool:
    return re.match(r"The (?:force|constabulary) (?:should|needs?|must)\b", text) is not None


def _trimmed_start(marked: list[_Line]) -> bool:
    """Say whether the first item only seems to stand above the rest: a selection often begins within its line."""
    first, rest = marked[0], marked[1:]
    return (
        bool(rest)
        and not first.text.endswith(":")
        and all(line.indent > first.indent and line.style == first.style for line in rest)
        and len({line.indent for line in rest}) == 1
    )


def _marked_items(lines: list[_Line], trimmed: bool) -> list[str]:
    """Group lines of which some are marked: an item takes what is set below it, and lines that only wrap."""
    items: list[_Item] = []
    for line in lines:
        item = items[-1] if items else None
        if item is None:
            items.append(_Item(line))
        elif not line.style:
            if item.ended and (line.after_gap or not item.head.style) and _begins_as_a_finding(line.text):
                items.append(_Item(line))
            else:
                item.go_on(line)
        elif item.takes(line, trimmed=trimmed):
            item.add(line)
        else:
            items.append(_Item(line))
    return [text for text in (item.text for item in items) if text]


class _Item:
    """One finding as it grows: its own line, lines that wrap, and items below it, which keep their markers."""

    def __init__(self, line: _Line) -> None:
        self.head = line
        self.text = line.text
        self.last = line
        self.open = line.text.endswith(":")
        self.below: _Line | None = None

    @property
    def ended(self) -> bool:
        """Say whether the sentence is over."""
        return _ends_a_sentence(self.text)

    def go_on(self, line: _Line) -> None:
        """Take a line that is marked by nothing."""
        between = "\n" if line.after_gap else " "
        self.text = f"{self.text}{between}{line.text}" if self.text else line.text
        if line.text.endswith(":"):
            self.open, self.below = True, None

    def takes(self, line: _Line, *, trimmed: bool) -> bool:
        """Say whether a marked line belongs below this item instead of beside it."""
        head, below = self.head, self.below
        if line.style == "part" and head.style in ("number", "bullet", ""):
            return True
        if line.style == head.style:
            if line.indent > head.indent and not trimmed:
                return True
            # Where the indent is lost, a list that a colon opens runs until an item ends its sentence.
            return self.open and line.indent >= head.indent and not self._list_over()
        if head.style in ("letter", "roman") and line.style in ("letter", "roman"):
            return line.indent > head.indent  # i. follows h. in a list of letters
        if not head.style:
            return self.open
        if below is not None and line.style == below.style:
            return True
        deeper = {"number": 0, "bullet": 1, "tag": 1, "part": 2, "letter": 3, "roman": 4}
        return self.open or line.indent > head.indent or deeper[line.style] > deeper[head.style]

    def _list_over(self) -> bool:
        return self.below is not None and _ends_a_sentence(self.text) and not self.text.endswith(";")

    def add(self, line: _Line) -> None:
        """Take an item below this one, on a line of its own and with its marker."""
        self.text += f"\n{line.marker} {line.text}".rstrip() if line.marker else f"\n{line.text}"
        self.below = line


# What a finding says of the day

_COUNTS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"a": 1, "an": 1, "eighteen": 18}
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_WITHIN = rf"within\s+(?:the\s+next\s+)?(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s+(?P<unit>day|week|month|year)s?\b"
_MONTH = "|".join(_MONTHS)
_BY = (
    r"by\s+(?:the\s+end\s+of\s+|(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?"
    rf"(?P<month>{_MONTH})\s+(?P<year>20\d\d)\b"
)
_DUE = re.compile(rf"\b(?:{_WITHIN}|{_BY}|immediately\b|with\s+immediate\s+effect\b)", re.IGNORECASE)


def due_words(text: str) -> str:
    """Give the words that say by when, as they stand: within three months, immediately, by 31 March 2026."""
    found = _DUE.search(text)
    return " ".join(found[0].split())[:DUE_LENGTH] if found else ""


def day_due(due: str, published: date | None) -> date | None:
    """Work out the last day that such words mean; None where they name none, or count from a day that is not known."""
    found = _DUE.fullmatch(due.strip())
    if found is None:
        return None
    try:
        if found["month"]:
            year, month = int(found["year"]), _MONTHS[found["month"].casefold()]
            last = calendar.monthrange(year, month)[1]
            return date(year, month, int(found["day"] or last))
        if found["count"] and published:
            count = _COUNTS.get(found["count"].casefold()) or int(found["count"])
            return _later(published, count, found["unit"].casefold())
    except (ValueError, OverflowError):  # 31 February; a year past 9999
        return None
    return None


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Findings that look alike


def sameness(text: str) -> str:
    """Give what two findings share that differ in case and spaces alone."""
    return " ".join(text.casefold().split())
