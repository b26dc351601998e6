"""From history and series to pictures: what is drawn, what it finds, and the words and table that say the same.

Pure: no database, clock or options of a renderer. Sentences come from `grades.words`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from grades import words
from grades.charts.palette import paint
from grades.charts.spec import (
    BREAK_MARK,
    DISPUTED_MARK,
    UNCHECKED_MARK,
    Axis,
    Band,
    Break,
    Cell,
    ChartSpec,
    Column,
    EndLabel,
    Grid,
    KeyItem,
    Kind,
    Line,
    Point,
    Role,
    Row,
    SourceLine,
    Table,
    Tick,
)
from grades.history import CycleFacts, ForceHistory, GradePoint, HistoryCell, HistoryRow, broken
from grades.scales import CellState, Level, ObservationStatus
from grades.series import (
    MetricSeries,
    Observation,
    Series,
    SeriesBreak,
    broken_between,
    percent_change,
    runs,
    same_season,
    years_before,
)

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
MOST_TICKS = 6
MOST_DATES = 7
LEAST_SPREAD = Decimal("0.2")
"""Figures that differ by less than this share of the largest would lie flat on an axis from zero."""
MILLION = 1_000_000
MONTHS_A_YEAR = 12
PERCENT_SIGN = "%"


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
        notes=_history_notes(cells),
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
                link=link,
            )
        )
    return found


def _detail(point: GradePoint, labels: dict[str, str]) -> str:
    """Give the short second line of a cell: where the grade comes from, or that it was amended."""
    if point.amendment is not None:
        return _("amended")
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
    """Name who speaks in the sources of the grades shown, and the newest report among them."""
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
    dated = [point for point in points if point.published is not None]
    newest = max(dated, key=lambda point: point.published or _never()) if dated else points[-1]
    address = newest.report_address or next(
        (source.address for source in newest.sources if source.address), ""
    )
    if newest.published is None:
        return SourceLine(text=text, date=words.partial_date(None), address=address)
    return SourceLine(
        text=text,
        date=_("newest report %(day)s") % {"day": words.partial_date(newest.published)},
        address=address,
    )


def _never() -> date:
    raise AssertionError("only dated points are compared")


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
        items.append(
            KeyItem(label=words.sentence(words.unchecked_words())[:-1], letter=UNCHECKED_MARK, unchecked=True)
        )
    if any(cell.disputed for cell in cells):
        items.append(KeyItem(label=_("Sources disagree"), letter=DISPUTED_MARK, unchecked=True))
    if parted:
        items.append(KeyItem(label=_("Grades before and after cannot be compared"), letter=BREAK_MARK))
    return tuple(items)


def _history_notes(cells: Sequence[Cell]) -> tuple[str, ...]:
    notes = [_("Grades are inspectors’ judgments, not official statistics.")]
    if any(cell.parts > 1 for cell in cells):
        notes.append(
            _(
                "Where a cycle has more than one question on a theme, each has its own grade, one above the other."
            )
        )
    return tuple(notes)


# Trends


def can_draw(series: MetricSeries) -> bool:
    """Say whether a force has any figure of a metric; without one there is no trend to draw."""
    return bool(series.force.observations)


def trend(*, series: MetricSeries) -> ChartSpec:
    """Draw one metric over time for a force and England and Wales. Raises ValueError where `can_draw` says no."""
    if not can_draw(series):
        raise ValueError(f"no figure of {series.metric.label} is recorded for {series.force.name}")
    observations = (*series.force.observations, *series.comparator.observations)
    ends = [o.ends_before for o in observations]
    span = (min(ends), max(ends))
    breaks = _series_breaks(series.breaks, observations, span)
    y = _value_axis(series, observations)
    lines = [_line(series, series.force, Role.SUBJECT, span)]
    if series.comparator.observations:
        lines.append(_line(series, series.comparator, Role.COMPARATOR, span))
    drawn_breaks = tuple(drawn for _at, drawn in breaks)
    return ChartSpec(
        kind=Kind.TREND,
        title=_trend_title(series),
        description=_trend_description(series, y, drawn_breaks),
        table=_trend_table(series),
        source=_trend_source(observations),
        x=_time_axis(observations, span),
        y=y,
        lines=tuple(lines),
        breaks=drawn_breaks,
        key=tuple(
            [KeyItem(label=line.name, role=line.role) for line in lines]
            + [
                KeyItem(label=_("Provisional"), provisional=True)
                for _once in range(any(o.status == ObservationStatus.PROVISIONAL for o in observations))
            ]
        ),
        notes=_trend_notes(series, y),
    )


def _place(day: date, span: tuple[date, date]) -> float:
    """Give where a day lies in a span, 0 to 1; the middle where the span is one day."""
    whole = (span[1] - span[0]).days
    return (day - span[0]).days / whole if whole else 0.5


def _said(series: MetricSeries, value: Decimal) -> str:
    return words.with_unit(value, series.metric.decimals, series.metric.unit)


def _period(observation: Observation) -> str:
    return words.period(observation.starts_on, observation.ends_before)


def _line(series: MetricSeries, own: Series, role: Role, span: tuple[date, date]) -> Line:
    """Turn one area's figures into runs of points with a label at the end."""
    decimals = series.metric.decimals

    def point(observation: Observation) -> Point:
        provisional = observation.status == ObservationStatus.PROVISIONAL
        title = _("%(area)s, %(period)s: %(value)s") % {
            "area": own.name,
            "period": _period(observation),
            "value": words.number(observation.value, decimals),
        }
        return Point(
            x=_place(observation.ends_before, span),
            value=observation.value,
            title=_("%(title)s, provisional") % {"title": title} if provisional else title,
            provisional=provisional,
        )

    newest = own.observations[-1]
    text = words.number(newest.value, decimals)
    if newest.ends_before < span[1]:
        text = _("%(value)s in %(year)d") % {"value": text, "year": newest.last_day.year}
    return Line(
        slug=own.area,
        name=own.name,
        role=role,
        runs=tuple(tuple(point(o) for o in run) for run in runs(own.observations, series.breaks)),
        end=EndLabel(name=own.name, text=text, value=newest.value),
    )


def _series_breaks(
    breaks: Sequence[SeriesBreak], observations: Sequence[Observation], span: tuple[date, date]
) -> tuple[tuple[SeriesBreak, Break], ...]:
    """Place the breaks that part two figures, each between the last figure before it and the first after."""
    found = []
    for at in sorted(breaks, key=lambda b: b.at):
        before = [o.ends_before for o in observations if o.starts_on < at.at]
        after = [o.ends_before for o in observations if o.starts_on >= at.at]
        if before and after:
            drawn = Break(
                position=(_place(max(before), span) + _place(min(after), span)) / 2,
                label=at.label or words.break_label(presumed=False),
                reason=words.sentence(at.reason) or words.series_break_sentence(at),
                note=words.series_break_sentence(at),
                address=at.address,
            )
            found.append((at, drawn))
    return tuple(found)


def _value_axis(series: MetricSeries, observations: Sequence[Observation]) -> Axis:
    """Choose the ends and at most six round ticks: from zero, unless the figures would then lie flat."""
    low, high = min(o.value for o in observations), max(o.value for o in observations)
    spread = high - low
    if low >= 0 and (not spread or spread >= high * LEAST_SPREAD):
        low = Decimal(0)
    if high <= 0:
        high = Decimal(0)
    if low == high:
        high = low + 1
    step = _round_step((high - low) / (MOST_TICKS - 1))
    first, last = _floor(low, step), -_floor(-high, step)
    while (last - first) / step > MOST_TICKS - 1:
        step = _round_step(step * Decimal("1.01"))
        first, last = _floor(low, step), -_floor(-high, step)
    values = [first + step * i for i in range(int((last - first) / step) + 1)]
    shown = Decimal(MILLION) if last >= MILLION else Decimal(1)
    unit = series.metric.unit
    return Axis(
        label=_("%(unit)s, millions") % {"unit": unit} if shown > 1 else unit,
        low=first,
        high=last,
        ticks=tuple(
            Tick(
                position=float((value - first) / (last - first)),
                label=words.number(value / shown, _decimals(step / shown))
                + (PERCENT_SIGN if unit.startswith(PERCENT_SIGN) else ""),
                value=value,
            )
            for value in values
        ),
    )


def _floor(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_FLOOR") * step


def _round_step(least: Decimal) -> Decimal:
    """Give the smallest of 1, 2, 2.5, 5 times a power of ten that is at least `least`."""
    power = Decimal(10) ** least.adjusted()
    return next(
        power * m
        for m in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
        if power * m >= least
    )


def _decimals(step: Decimal) -> int:
    return max(0, -int(step.normalize().as_tuple().exponent))


def _time_axis(observations: Sequence[Observation], span: tuple[date, date]) -> Axis:
    """Mark at most seven years, counted back from the newest."""
    season = same_season(observations)
    ends = {o.last_day.year: o for o in season}
    newest = max(ends)
    first = min(ends)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (newest - first) // s < MOST_DATES)
    marked = [year for year in range(newest, first - 1, -step) if year in ends][::-1]
    months = {o.last_day.month for o in season}
    snapshot = all((o.ends_before - o.starts_on).days == 1 for o in season)
    if snapshot:
        label = _("On one day of each year")
    elif len(season) == len(observations) and all(_is_year(o) for o in season):
        label = _("Years ending in %(month)s") % {"month": words.month_name(months.pop())}
    else:
        label = _("End of each period")
    return Axis(
        label=label,
        ticks=tuple(
            Tick(
                position=_place(ends[year].ends_before, span),
                label=str(year),
                minor=bool((len(marked) - 1 - i) % 2),
            )
            for i, year in enumerate(marked)
        ),
    )


def _is_year(observation: Observation) -> bool:
    """Say whether a figure covers twelve months."""
    return words.whole_months(observation.starts_on, observation.ends_before) == MONTHS_A_YEAR


def _trend_title(series: MetricSeries) -> str:
    own, other = series.latest_pair
    if own is None:
        raise AssertionError("a trend is drawn only of a force with figures")
    values = {
        "metric": series.metric.label,
        "area": series.force.name,
        "value": _said(series, own.value),
        "comparator": series.comparator.name,
        "other": words.number(other.value, series.metric.decimals) if other else "",
    }
    if other is None:
        return _("%(metric)s in %(area)s: %(value)s") % values
    return _("%(metric)s in %(area)s: %(value)s, %(comparator)s %(other)s") % values


def _changes(series: MetricSeries, own: Series, newest: Observation) -> list[str]:
    """Say the change on the year before and on five years before, where no break lies between."""
    said = []
    for years in (1, 5):
        earlier = years_before(own, newest, years)
        if earlier is None or broken_between(earlier, newest, series.breaks):
            continue
        if series.metric.unit.startswith(PERCENT_SIGN):
            change = newest.value - earlier.value
            said.append(words.points_change(change, decimals=series.metric.decimals, years=years))
            continue
        percent = percent_change(earlier, newest, series.breaks)
        if percent is not None:
            said.append(words.percent_change(percent, years=years))
    return said


def _untold(series: MetricSeries, newest: Observation) -> list[str]:
    """Say which comparison is not made because the way of counting changed."""
    said = []
    for years in (1, 5):
        earlier = years_before(series.force, newest, years)
        if earlier is not None and broken_between(earlier, newest, series.breaks):
            said.append(
                _("No comparison is made with the %(period)s, because the way of counting has changed since")
                % {"period": _period(earlier)}
            )
    return said


def _trend_description(series: MetricSeries, y: Axis, breaks: Sequence[Break]) -> str:
    own, other = series.latest_pair
    if own is None:
        raise AssertionError("a trend is drawn only of a force with figures")
    values = {
        "metric": series.metric.label,
        "area": series.force.name,
        "value": _said(series, own.value),
        "period": words.in_period(own.starts_on, own.ends_before),
        "comparator": series.comparator.name,
        "other": words.number(other.value, series.metric.decimals) if other else "",
    }
    if other is not None:
        first = _("%(metric)s in %(area)s: %(value)s %(period)s; %(comparator)s: %(other)s") % values
    elif series.comparator.observations:
        first = (
            _(
                "%(metric)s in %(area)s: %(value)s %(period)s; no figure of %(comparator)s is recorded for this period"
            )
            % values
        )
    else:
        first = _("%(metric)s in %(area)s: %(value)s %(period)s") % values
    texts = [first]
    changes = words.list_and(_changes(series, series.force, own))
    if changes:
        texts.append(_("%(area)s: %(changes)s") % {"area": series.force.name, "changes": changes})
    changes = words.list_and(_changes(series, series.comparator, other)) if other else ""
    if changes:
        texts.append(_("%(area)s: %(changes)s") % {"area": series.comparator.name, "changes": changes})
    texts += _untold(series, own)
    if own.status == ObservationStatus.PROVISIONAL:
        texts.append(_("The newest figure is provisional"))
    missing = len(runs(series.force.observations, ())) - 1
    if missing:
        texts.append(
            _("The line has a gap where figures of %(area)s are missing") % {"area": series.force.name}
        )
    texts += [drawn.note for drawn in breaks]
    texts += _axis_note(y)
    return words.sentences(*texts)


def _axis_note(y: Axis) -> list[str]:
    """Say where the axis starts when that is not zero."""
    if y.low is None or y.low <= 0:
        return []
    return [_("The scale starts at %(start)s, not at zero") % {"start": y.ticks[0].label}]


def _trend_table(series: MetricSeries) -> Table:
    """Say the same in a table, newest period last; a row after a break says so."""
    own = {(o.starts_on, o.ends_before): o for o in series.force.observations}
    other = {(o.starts_on, o.ends_before): o for o in series.comparator.observations}
    periods = sorted({*own, *other}, key=lambda p: (p[1], p[0]))
    noted: list[tuple[str, tuple[str, ...], str, str]] = []
    before: Observation | None = None
    for key in periods:
        mine, theirs = own.get(key), other.get(key)
        either = mine or theirs
        if either is None:
            raise AssertionError("every period of the table has a figure")
        crossed = [b for b in series.breaks if before is not None and broken_between(before, either, [b])]
        reason = words.sentences(*(words.series_break_sentence(b) for b in crossed))
        remarks = [
            *(
                _("%(area)s is provisional") % {"area": name}
                for name, found in ((series.force.name, mine), (series.comparator.name, theirs))
                if found is not None and found.status == ObservationStatus.PROVISIONAL
            ),
            *(found.note for found in (mine, theirs) if found is not None and found.note),
        ]
        missing = _("not recorded here")
        cells = tuple(
            words.number(found.value, series.metric.decimals) if found is not None else missing
            for found in ((mine, theirs) if other else (mine,))
        )
        noted.append((words.period(*key), cells, reason, words.sentences(*remarks)))
        before = either
    with_notes = any(reason or remark for _header, _cells, reason, remark in noted)
    columns = [Column(label=_("Period")), Column(label=series.force.name, numeric=True)]
    if other:
        columns.append(Column(label=series.comparator.name, numeric=True))
    if with_notes:
        columns.append(Column(label=_("Note")))
    return Table(
        caption=_("%(metric)s, %(unit)s") % {"metric": series.metric.label, "unit": series.metric.unit},
        columns=tuple(columns),
        rows=tuple(
            Row(
                header=header,
                cells=(*cells, words.sentences(reason, remark) or "–") if with_notes else cells,
                break_before=reason,
            )
            for header, cells, reason, remark in noted
        ),
    )


def _trend_source(observations: Sequence[Observation]) -> SourceLine:
    """Name every release behind the figures, that of the newest figure first."""
    ordered = sorted(observations, key=lambda o: o.ends_before, reverse=True)
    releases = list(dict.fromkeys(o.release for o in ordered))
    newest = releases[0]
    when = (
        words.partial_date(newest.released) if newest.released else newest.edition or words.partial_date(None)
    )
    return SourceLine(
        text="; ".join(dict.fromkeys(words.release_words(release) for release in releases)),
        date=when,
        address=newest.address,
    )


def _trend_notes(series: MetricSeries, y: Axis) -> tuple[str, ...]:
    """Give what a reader must bear in mind: caveat, what England and Wales is, what stands behind the figures."""
    observations = (*series.force.observations, *series.comparator.observations)
    notes = [series.metric.caveat]
    if series.comparator.observations:
        notes.append(_comparator_note(series))
    notes += [words.basis_words(basis) for basis in sorted({o.basis for o in observations})]
    combined = dict.fromkeys(o.combined_with for o in observations if o.combined_with)
    if combined:
        notes.append(
            _("Some figures count %(area)s together with %(others)s")
            % {"area": series.force.name, "others": words.list_and(combined)}
        )
    notes += _axis_note(y)
    return tuple(dict.fromkeys(words.sentence(note) for note in notes if note))


def _comparator_note(series: MetricSeries) -> str:
    """Say what the figure of England and Wales is: a rate of the total, or the published figure; never a mean."""
    name = series.comparator.name
    if all(o.numerator is not None and o.denominator is not None for o in series.comparator.observations):
        return _("%(area)s is the rate of the total, not an average of the forces") % {"area": name}
    return _("%(area)s is the published figure, not an average of the forces") % {"area": name}
