"""The picture of a force's grades: themes down, cycles across, a gutter at every break."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from grades import words
from grades.charts.palette import paint
from grades.charts.spec import (
    AMENDED_MARK,
    BREAK_MARK,
    DISPUTED_MARK,
    UNCHECKED_MARK,
    Axis,
    Band,
    Break,
    Cell,
    ChartSpec,
    Column,
    Grid,
    KeyItem,
    Kind,
    Row,
    SourceLine,
    Table,
    Tick,
)
from grades.history import CycleFacts, ForceHistory, GradePoint, HistoryCell, HistoryRow, broken
from grades.scales import CellState, Level, SourceKind

GUTTER = 0.46
"""The width of the gutter at a break, in columns."""
STATE_SIGNS = {
    CellState.UNGRADED_BY_DESIGN: "–",
    CellState.NOT_INSPECTED: "–",
    CellState.WITHHELD: "–",
    CellState.AWAITED: "…",
    CellState.NO_QUESTION: "·",
    CellState.NOT_RECORDED: "?",
}
"""What stands for a cell without a grade where a word does not fit."""


def grade_history(
    *,
    history: ForceHistory,
    rows: Sequence[HistoryRow] | None = None,
    pillars: bool = False,
    link: Callable[[HistoryCell], str] | None = None,
) -> ChartSpec:
    """Draw a force's grades: themes down, cycles across, a gutter at every break.

    `rows` picks some rows, such as one theme; `pillars` takes the pillars' own grades instead of the themes;
    `link` gives the address behind a cell, or "". Raises ValueError for a history without rows or cycles.
    """
    shown = tuple(rows) if rows is not None else history.pillars if pillars else history.themes
    if not shown or not history.cycles:
        raise ValueError("a grade history has at least one row and one cycle")
    labels = words.cycle_labels(history.cycles)
    columns, breaks = _columns(history.cycles)
    cells = tuple(
        cell
        for row_index, row in enumerate(shown)
        for column_index, place in enumerate(row.cells)
        for cell in _cells(
            row=row,
            place=place,
            at=(row_index, column_index),
            labels=labels,
            pillars=pillars,
            link=link(place) if link else "",
        )
    )
    return ChartSpec(
        kind=Kind.GRADE_HISTORY,
        title=words.history_title(history),
        description=_history_description(history),
        table=_history_table(history, shown, labels, pillars=pillars),
        source=_history_source(history, shown),
        x=Axis(
            label=_("Inspection cycle"),
            ticks=tuple(Tick(position=_mid(band), label=band.label) for band in columns),
        ),
        grid=Grid(rows=_rows(shown, cells), columns=columns, cells=cells),
        breaks=breaks,
        key=_history_key(cells, parted=bool(breaks)),
        notes=_history_notes(history, cells),
    )


def _mid(band: Band) -> float:
    return (band.start + band.end) / 2


def _columns(cycles: Sequence[CycleFacts]) -> tuple[tuple[Band, ...], tuple[Break, ...]]:
    """Lay the cycles out across, leaving a gutter at every break."""
    gutters = [i > 0 and broken(cycles[i - 1], cycles[i]) for i in range(len(cycles))]
    whole = len(cycles) + GUTTER * sum(gutters)
    columns: list[Band] = []
    breaks: list[Break] = []
    at = 0.0
    for earlier, cycle, gutter in zip((cycles[0], *cycles), cycles, gutters, strict=False):
        if gutter:
            breaks.append(
                Break(
                    position=(at + GUTTER / 2) / whole,
                    width=GUTTER / whole,
                    label=words.break_label(presumed=cycle.break_presumed),
                    reason=words.break_reason(cycle),
                    note=words.break_sentence(earlier=earlier, later=cycle),
                    address=cycle.break_address,
                    presumed=cycle.break_presumed,
                )
            )
            at += GUTTER
        columns.append(
            Band(
                slug=cycle.slug,
                label=cycle.label,
                note=cycle.inspectorate,
                start=at / whole,
                end=(at + 1) / whole,
            )
        )
        at += 1
    return tuple(columns), tuple(breaks)


def _rows(shown: Sequence[HistoryRow], cells: Iterable[Cell]) -> tuple[Band, ...]:
    """Lay the themes out down the page; one with two questions in a cycle is twice as high."""
    tracks = [1] * len(shown)
    for cell in cells:
        tracks[cell.row] = max(tracks[cell.row], cell.parts)
    whole, at = sum(tracks), 0
    bands: list[Band] = []
    for row, high in zip(shown, tracks, strict=True):
        bands.append(
            Band(
                slug=row.slug,
                label=row.title,
                note=row.summary,
                start=at / whole,
                end=(at + high) / whole,
                tracks=high,
            )
        )
        at += high
    return tuple(bands)


def _cells(
    *,
    row: HistoryRow,
    place: HistoryCell,
    at: tuple[int, int],
    labels: dict[str, str],
    pillars: bool,
    link: str,
) -> list[Cell]:
    """Turn one theme in one cycle into cells: one for each question that can carry a grade, or one for its state."""

    def titled(said: str) -> str:
        return _("%(theme)s, %(cycle)s: %(grade)s") % {
            "theme": row.title,
            "cycle": place.cycle.label,
            "grade": said,
        }

    gradable = [point for point in place.points if point.state != CellState.UNGRADED_BY_DESIGN]
    if not any(point.recorded for point in gradable):
        return [
            Cell(
                row=at[0],
                column=at[1],
                state=place.state,
                word=words.state_short(place.state),
                letter=STATE_SIGNS[place.state],
                title=titled(words.cell_words(place, labels, pillars=pillars)),
                hollow=True,
                link=link,
            )
        ]
    found: list[Cell] = []
    for index, point in enumerate(gradable):
        said = words.point_words(point, labels)
        if len(place.points) > 1:
            said = words.question_words(point, labels)
        found.append(
            Cell(
                row=at[0],
                column=at[1],
                part=index,
                parts=len(gradable),
                state=point.state,
                level=point.level,
                word=words.grade_word(point.level) if point.level else words.state_short(point.state),
                letter=paint(point.level).letter if point.level else STATE_SIGNS[point.state],
                title=titled(said),
                detail=_detail(point, labels),
                hatched=point.state == CellState.CARRIED_FORWARD,
                hollow=point.level is None,
                unchecked=point.unchecked,
                disputed=bool(point.disagreeing),
                amended=point.amendment is not None,
                **corrected(point),
                link=link,
            )
        )
    return found


def corrected(point: GradePoint | None) -> dict[str, str]:
    """Tell programs of the newest correction of a grade by this record: its day, and the grade before."""
    found = point.corrected if point else None
    return {
        "corrected_on": found.on.isoformat() if found else "",
        "corrected_from": found.grade_before if found else "",
    }


def _detail(point: GradePoint, labels: dict[str, str]) -> str:
    """Give the short second line of a cell: where a carried grade comes from."""
    if point.state != CellState.CARRIED_FORWARD:
        return ""
    if not point.carried_from:
        return _("from earlier")
    return _("from %(cycle)s") % {"cycle": labels.get(point.carried_from, point.carried_from)}


def _history_description(history: ForceHistory) -> str:
    """Say in words what the picture shows, with every break and its reason."""
    said = [
        words.break_sentence(earlier=earlier, later=later)
        for earlier, later in pairwise(history.cycles)
        if broken(earlier, later)
    ]
    return words.sentences(words.force_summary(history, breaks=False), *said)


def _history_table(
    history: ForceHistory, shown: Sequence[HistoryRow], labels: dict[str, str], *, pillars: bool
) -> Table:
    """Say the same in a table, with a column at every break."""
    gutters = [False, *(broken(earlier, later) for earlier, later in pairwise(history.cycles))]
    columns = [Column(label=_("Pillar") if pillars else _("Theme"))]
    for cycle, gutter in zip(history.cycles, gutters, strict=True):
        if gutter:
            columns.append(
                Column(
                    label=words.break_label(presumed=cycle.break_presumed),
                    break_reason=words.break_reason(cycle),
                    break_address=cycle.break_address,
                    break_presumed=cycle.break_presumed,
                )
            )
        columns.append(Column(label=cycle.label))
    rows = []
    for row in shown:
        texts: list[str] = []
        for cell, gutter in zip(row.cells, gutters, strict=True):
            if gutter:
                texts.append(words.break_label(presumed=cell.cycle.break_presumed))
            texts.append(words.cell_words(cell, labels, pillars=pillars))
        rows.append(Row(header=row.title, cells=tuple(texts)))
    caption = _("Grades of %(force)s by pillar and inspection cycle") if pillars else None
    return Table(
        caption=(caption or _("Grades of %(force)s by theme and inspection cycle"))
        % {"force": history.force},
        columns=tuple(columns),
        rows=tuple(rows),
    )


def _history_source(history: ForceHistory, shown: Sequence[HistoryRow]) -> SourceLine:
    """Name who speaks in the sources of the grades shown, and the newest report that gave one of them."""
    points = [
        point for row in shown for cell in row.cells for point in cell.points if point.level is not None
    ]
    if not points:
        return SourceLine(
            text=_("No inspection report of %(force)s is recorded here yet") % {"force": history.force},
            date=words.partial_date(None),
        )
    kinds = dict.fromkeys(source.kind for point in points for source in point.sources)
    given = {point.cycle for point in points}
    names = dict.fromkeys(cycle.inspectorate for cycle in history.cycles if cycle.slug in given)
    text = _("%(inspectorate)s, inspections of %(force)s") % {
        "inspectorate": words.list_and(names),
        "force": history.force,
    }
    if kinds:
        known = words.list_and(words.source_kind_words(kind) for kind in kinds)
        text = _("%(source)s; the grades are known from %(kinds)s") % {"source": text, "kinds": known}
    dates = [point.published for point in points if point.published is not None]
    return SourceLine(
        text=text,
        date=_("newest report with grades here %(day)s") % {"day": words.partial_date(max(dates))}
        if dates
        else words.partial_date(None),
        address=newest_address(points),
    )


def newest_address(points: Sequence[GradePoint]) -> str:
    """Give the address of the newest report; of the inspectorate where it has one, else of whoever is known."""
    newest_first = sorted(points, key=lambda p: p.published.first if p.published else date.min, reverse=True)
    reports = [point.report_address for point in newest_first]
    sources = [source for point in newest_first for source in point.sources]
    official = [source.address for source in sources if source.kind == SourceKind.INSPECTORATE]
    return next((found for found in (*reports, *official, *(s.address for s in sources)) if found), "")


def _history_key(cells: Sequence[Cell], *, parted: bool) -> tuple[KeyItem, ...]:
    """Explain every look that occurs, grades first."""
    levels = {cell.level for cell in cells if cell.level}
    states = {cell.state for cell in cells if cell.hollow}
    items = [
        KeyItem(label=words.grade_word(level), letter=paint(level).letter, level=level)
        for level in Level
        if level in levels
    ]
    if any(cell.hatched for cell in cells):
        items.append(KeyItem(label=_("Carried forward from an earlier inspection"), hatched=True))
    items += [
        KeyItem(label=words.state_long(state), letter=sign, state=state, hollow=True)
        for state, sign in STATE_SIGNS.items()
        if state in states
    ]
    if any(cell.unchecked for cell in cells):
        items.append(KeyItem(label=_("Not yet checked against the report"), letter=UNCHECKED_MARK))
    if any(cell.disputed for cell in cells):
        items.append(KeyItem(label=_("Sources disagree"), letter=DISPUTED_MARK))
    if any(cell.amended for cell in cells):
        items.append(KeyItem(label=_("Amended by the inspectorate after publication"), letter=AMENDED_MARK))
    if parted:
        items.append(KeyItem(label=_("Grades before and after cannot be compared"), letter=BREAK_MARK))
    return tuple(items)


def _history_notes(history: ForceHistory, cells: Sequence[Cell]) -> tuple[str, ...]:
    notes = [_("Grades are inspectors’ judgments, not official statistics.")]
    if later := words.later_report(history):
        notes.insert(0, later)
    if any(cell.parts > 1 for cell in cells):
        notes.append(
            _(
                "Where a cycle has more than one question on a theme, each has its own grade, one above the other."
            )
        )
    return tuple(notes)
