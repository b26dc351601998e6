"""What a picture says, before anything is drawn: the finding, the sentence, the marks, the table, the source.

Plain frozen dataclasses. Positions are fractions of the plot, 0 to 1 from left to right; values are the figures
themselves. A renderer turns them into pixels and decides nothing else.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

UNCHECKED_MARK = "*"
"""Follows a grade that is not yet checked against the report."""
DISPUTED_MARK = "†"
"""Follows a grade about which sources disagree."""
AMENDED_MARK = "‡"
"""Follows a grade that the inspectorate itself changed after publication."""
BREAK_MARK = "≠"
"""Heads the gutter at a break."""


class Kind(StrEnum):
    """The kinds of picture. A list is a table set as a picture, for those who can place nothing but pictures."""

    GRADE_HISTORY = "grade-history"
    GRADE_SPREAD = "grade-spread"
    TREND = "trend"
    RANKING = "ranking"
    PAIR = "pair"
    BREAKDOWN = "breakdown"
    SHARE = "share"
    SPARK = "spark"
    TILE_MAP = "tile-map"
    LIST = "list"


class Role(StrEnum):
    """What a line or bar is to the reader: the subject, what it is measured against, or one of several.

    `second` to `fourth` are further subjects of the reader's own choice.
    """

    SUBJECT = "subject"
    COMPARATOR = "comparator"
    OTHER = "other"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """Who says so, of when, and where to read it. `date` says in words when the date is not known.

    `more` are further sources, each with a date and address of its own.
    """

    text: str
    date: str
    address: str = ""
    more: tuple["SourceLine", ...] = ()

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a source line names its source")
        if not self.date.strip():
            raise ValueError("a source line states its date, or says that it is not known")

    @property
    def each(self) -> tuple["SourceLine", ...]:
        """Give every source, the first one first."""
        return (self, *self.more)

    @property
    def named(self) -> str:
        """Give all sources as one text, each with its date."""
        return "; ".join(f"{s.text}, {s.date}" for s in self.each)

    @property
    def whole(self) -> str:
        """Give all sources as one text, each with its date and address."""
        return "; ".join(" ".join(filter(None, (f"{s.text}, {s.date}", s.address))) for s in self.each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table. The column of a break has its reason; its cells say that nothing is compared across it."""

    label: str
    numeric: bool = False
    break_reason: str = ""
    break_address: str = ""
    break_presumed: bool = False

    @property
    def is_break(self) -> bool:
        """Say whether this column stands for a break in comparability."""
        return bool(self.break_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its header, then one text per further column. `break_before` is the reason of a break above this row.

    `facts` are columns for programs alone, of the same names in every row; people read them in the cells' words.
    """

    header: str
    cells: tuple[str, ...]
    break_before: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same facts as text. `columns` starts with the column of the row headers."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if not self.caption.strip():
            raise ValueError("a table has a caption")
        if not self.rows:
            raise ValueError("a table has at least one row")
        for row in self.rows:
            if len(row.cells) != len(self.columns) - 1:
                raise ValueError(
                    f"row {row.header!r} has {len(row.cells)} cells for {len(self.columns) - 1} columns"
                )
            if not row.header.strip() or not all(cell.strip() for cell in row.cells):
                raise ValueError(f"row {row.header!r} has an empty cell: what is missing has a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One mark of an axis. A `minor` one may lose its label where room is short."""

    position: float
    label: str
    value: Decimal | None = None
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis. An axis of values has `low` and `high`; an axis of time or of categories has ticks alone."""

    label: str
    ticks: tuple[Tick, ...]
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError("an axis has both ends or neither")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"an axis runs upwards, not from {self.low} to {self.high}")

    def fraction(self, value: Decimal) -> float:
        """Give where a value lies between the ends, 0 to 1; raise ValueError on an axis without values."""
        if self.low is None or self.high is None:
            raise ValueError("this axis has no values")
        return float((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure: `x` is its place, 0 to 1; `title` says it in words."""

    x: float
    value: Decimal
    title: str
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLabel:
    """The name and newest figure of a line, written where the line ends."""

    name: str
    text: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series as runs: a line joins the points of one run and never two runs."""

    slug: str
    name: str
    role: Role
    runs: tuple[tuple[Point, ...], ...]
    end: EndLabel

    @property
    def points(self) -> tuple[Point, ...]:
        """Give every point, in order."""
        return tuple(point for run in self.runs for point in run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, or one part of a stacked bar: from `start` to `end` on the axis of values, in the band `band`.

    `state` names a part that is no grade; a `hollow` bar from nothing to nothing stands for a figure that is missing.
    """

    band: int
    start: Decimal
    end: Decimal
    text: str
    title: str
    role: Role = Role.OTHER
    level: str | None = None
    state: str = ""
    hatched: bool = False
    hollow: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A stretch of the plot that a reader must take differently, such as provisional figures. Fractions 0 to 1."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One value that everything is read against, such as England and Wales in a ranking."""

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One row or column of a grid, or the place of one bar. `start` and `end` are fractions; `depth` indents a part.

    `tracks` is how many cells lie one above another in it.
    """

    slug: str
    label: str
    start: float
    end: float
    note: str = ""
    depth: int = 0
    tracks: int = 1
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a grid. Several questions of one theme and cycle share a place: `part` of `parts`, one above another.

    `word` and `letter` say the same; `detail` is a second line such as "from 2016". `hatched` is carried forward,
    `hollow` is no grade; `unchecked`, `disputed` and `amended` are marks to be drawn. `corrected_on` (a day as
    2026-12-03) and `corrected_from` (the grade before) tell of a correction by this record. `title` says everything in words.
    """

    row: int
    column: int
    state: str
    word: str
    letter: str
    title: str
    level: str | None = None
    detail: str = ""
    part: int = 0
    parts: int = 1
    hatched: bool = False
    hollow: bool = False
    unchecked: bool = False
    disputed: bool = False
    amended: bool = False
    corrected_on: str = ""
    corrected_from: str = ""
    link: str = ""

    @property
    def marks(self) -> str:
        """Give the signs that stand with the word: unchecked, disputed, amended."""
        signs = {UNCHECKED_MARK: self.unchecked, DISPUTED_MARK: self.disputed, AMENDED_MARK: self.amended}
        return "".join(sign for sign, meant in signs.items() if meant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows, columns and their cells. Between two columns parted by a break a gutter stays free."""

    rows: tuple[Band, ...]
    columns: tuple[Band, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place across which nothing may be compared: its middle and width as fractions, and why.

    `label` names it in two or three words, `note` says in full what cannot be compared, and why.
    """

    position: float
    label: str
    reason: str
    note: str
    width: float = 0.0
    address: str = ""
    presumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyItem:
    """What one look in the picture means."""

    label: str
    letter: str = ""
    level: str | None = None
    state: str = ""
    role: Role | None = None
    hatched: bool = False
    hollow: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSpec:
    """One picture with everything that must travel with it.

    `title` is the finding in words, `description` a sentence made from the data. Raises ValueError, in a sentence, when
    title, description, table or source is missing, or when there is nothing to draw.
    """

    kind: Kind
    title: str
    description: str
    table: Table
    source: SourceLine
    x: Axis | None = None
    y: Axis | None = None
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    bands: tuple[Band, ...] = ()
    grid: Grid | None = None
    areas: tuple[Area, ...] = ()
    references: tuple[Reference, ...] = ()
    breaks: tuple[Break, ...] = ()
    key: tuple[KeyItem, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a chart has a title that states its finding")
        if not self.description.strip():
            raise ValueError("a chart has a description in words")
        if not isinstance(self.table, Table):
            raise ValueError("a chart has a table that says the same")
        if not isinstance(self.source, SourceLine):
            raise ValueError("a chart names its source")
        if not (self.lines or self.bars or self.grid or self.kind == Kind.LIST):
            raise ValueError("a chart has something to draw")
