"""The picture of one metric over time: a force and England and Wales, in full or as the tiny line of a tile."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.builders.axes import PERCENT_SIGN, value_axis
from grades.charts.builders.figures import comparator_note, figure_notes, figures_source, missing
from grades.charts.spec import (
    Axis,
    Break,
    ChartSpec,
    Column,
    EndLabel,
    KeyItem,
    Kind,
    Line,
    Point,
    Role,
    Row,
    Table,
    Tick,
)
from grades.scales import ObservationStatus
from grades.series import (
    MetricSeries,
    Observation,
    Series,
    SeriesBreak,
    broken_between,
    left_out,
    percent_change,
    runs,
    same_season,
    years_before,
)

MOST_DATES = 6
MOST_NARROW_DATES = 3
"""More dates than these lose every other label where room is short."""
MONTHS_A_YEAR = 12


def can_draw(series: MetricSeries) -> bool:
    """Say whether a force has any figure of a metric; without one there is no trend to draw."""
    return bool(series.force.observations)


MORE = (Role.SECOND, Role.THIRD, Role.FOURTH)
"""The looks of further forces; there is none for a fifth."""


def trend(*, series: MetricSeries, others: Sequence[Series] = ()) -> ChartSpec:
    """Draw one metric over time for a force and England and Wales, and for up to three `others` of the reader's choice.

    Every line is cut at every break that is drawn; what is said of changes goes by the breaks of each area's own line.
    Raises ValueError where `can_draw` says no, or for more others than can be told apart.
    """
    if not can_draw(series):
        raise ValueError(f"no figure of {series.metric.label} is recorded for {series.force.name}")
    if len(others) > len(MORE):
        raise ValueError(f"{len(others)} further areas: up to {len(MORE)} can be told apart")
    more = [other for other in others if other.observations]
    observations = tuple(o for area in (series.force, *more, series.comparator) for o in area.observations)
    ends = [o.ends_before for o in observations]
    span = (min(ends), max(ends))
    at_all = _all_breaks(series, more)
    breaks = _series_breaks(at_all, observations, span)
    y = value_axis((o.value for o in observations), unit=series.metric.unit)
    areas = [(series.force, Role.SUBJECT), *zip(more, MORE, strict=False)]
    if series.comparator.observations:
        areas.append((series.comparator, Role.COMPARATOR))
    lines = [_line(series, area, role, span, at_all) for area, role in areas]
    drawn_breaks = tuple(drawn for _at, drawn in breaks)
    return ChartSpec(
        kind=Kind.TREND,
        title=_trend_title(series, more),
        description=_trend_description(series, more, y, drawn_breaks),
        table=_trend_table(series, more),
        source=figures_source(observations),
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
        notes=_trend_notes(series, more, y),
    )


def spark(*, series: MetricSeries) -> ChartSpec:
    """Draw the shape of a force's line, tiny, with England and Wales faint. Raises ValueError without a figure.

    It has no axes, no breaks' names and no words at its points: all that is left to the tile around it.
    """
    if not can_draw(series):
        raise ValueError(f"no figure of {series.metric.label} is recorded for {series.force.name}")
    areas = [area for area in (series.force, series.comparator) if area.observations]
    observations = tuple(o for area in areas for o in area.observations)
    ends = [o.ends_before for o in observations]
    title = _trend_title(series, ())
    return ChartSpec(
        kind=Kind.SPARK,
        title=title,
        description=title,
        table=_trend_table(series, ()),
        source=figures_source(observations),
        lines=tuple(
            _line(series, area, role, (min(ends), max(ends)), _all_breaks(series, ()), told=False)
            for area, role in zip(areas, (Role.SUBJECT, Role.COMPARATOR), strict=False)
        ),
    )


def _all_breaks(series: MetricSeries, more: Sequence[Series]) -> tuple[SeriesBreak, ...]:
    """Give the breaks of all areas and those of each that is drawn."""
    own = (area.breaks for area in (series.force, *more, series.comparator))
    return tuple(dict.fromkeys((*series.breaks, *(at for breaks in own for at in breaks))))


def _place(day: date, span: tuple[date, date]) -> float:
    """Give where a day lies in a span, 0 to 1; the end where the span is one day."""
    whole = (span[1] - span[0]).days
    return (day - span[0]).days / whole if whole else 1.0


def _said(series: MetricSeries, value: Decimal) -> str:
    return words.with_unit(value, series.metric.decimals, series.metric.unit)


def _period(observation: Observation) -> str:
    return words.period(observation.starts_on, observation.ends_before)


def _line(
    series: MetricSeries,
    own: Series,
    role: Role,
    span: tuple[date, date],
    breaks: Sequence[SeriesBreak],
    *,
    told: bool = True,
) -> Line:
    """Turn one area's figures into runs of points, `told` in words or not, with a label at the end."""
    decimals = series.metric.decimals

    def title(observation: Observation) -> str:
        said = _("%(area)s, %(period)s: %(value)s") % {
            "area": own.name,
            "period": _period(observation),
            "value": words.number(observation.value, decimals),
        }
        settled = observation.status != ObservationStatus.PROVISIONAL
        return said if settled else _("%(title)s, provisional") % {"title": said}

    def point(observation: Observation) -> Point:
        return Point(
            x=_place(observation.ends_before, span),
            value=observation.value,
            title=title(observation) if told else "",
            provisional=observation.status == ObservationStatus.PROVISIONAL,
        )

    newest = own.observations[-1]
    text = words.number(newest.value, decimals)
    if newest.ends_before < span[1]:
        text = _("%(value)s in %(year)d") % {"value": text, "year": newest.last_day.year}
    return Line(
        slug=own.area,
        name=own.name,
        role=role,
        runs=tuple(tuple(point(o) for o in run) for run in runs(own.observations, breaks)),
        end=EndLabel(name=own.name, text=text, value=newest.value),
    )


def _series_breaks(
    breaks: Sequence[SeriesBreak], observations: Sequence[Observation], span: tuple[date, date]
) -> tuple[tuple[SeriesBreak, Break], ...]:
    """Place the breaks that part two figures, each between the last figure before it and the first that reaches beyond it."""
    found = []
    for at in sorted(breaks, key=lambda b: b.at):
        within = [o.ends_before for o in observations if o.starts_on < at.at < o.ends_before]
        before = [o.ends_before for o in observations if o.ends_before <= at.at] or within
        after = [o.ends_before for o in observations if o.ends_before > max([at.at, *before])]
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


def _time_axis(observations: Sequence[Observation], span: tuple[date, date]) -> Axis:
    """Mark at most six years, counted back from the newest."""
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
                minor=len(marked) > MOST_NARROW_DATES and bool((len(marked) - 1 - i) % 2),
            )
            for i, year in enumerate(marked)
        ),
    )


def _is_year(observation: Observation) -> bool:
    """Say whether a figure covers twelve months."""
    return words.whole_months(observation.starts_on, observation.ends_before) == MONTHS_A_YEAR


def _newest_values(areas: Sequence[Series], *, beside: Observation, decimals: int) -> str:
    """Give each area's newest figure: `West Mercia 61.0, England and Wales 83.2`; with its period where that is another."""
    said = []
    for area in areas:
        newest = area.latest
        if newest is None:
            continue
        values = {
            "area": area.name,
            "value": words.number(newest.value, decimals),
            "period": words.period(newest.starts_on, newest.ends_before),
        }
        same = (newest.starts_on, newest.ends_before) == (beside.starts_on, beside.ends_before)
        said.append((_("%(area)s %(value)s") if same else _("%(area)s %(value)s (%(period)s)")) % values)
    return words.list_and(said)


def _latest(series: MetricSeries) -> tuple[Observation, Observation | None, dict[str, str]]:
    """Give the newest figure of the force, that of England and Wales for the same period, and both in words."""
    own, other = series.latest_pair
    if own is None:
        raise AssertionError("a trend is drawn only of a force with figures")
    return (
        own,
        other,
        {
            "metric": series.metric.label,
            "area": series.force.name,
            "value": _said(series, own.value),
            "period": words.in_period(own.starts_on, own.ends_before),
            "comparator": series.comparator.name,
            "other": words.number(other.value, series.metric.decimals) if other else "",
        },
    )


def _trend_title(series: MetricSeries, more: Sequence[Series]) -> str:
    if more:
        areas = (series.force, *more, series.comparator)
        newest = max((area.latest for area in areas if area.latest), key=lambda o: o.ends_before)
        return _("%(metric)s, %(unit)s: %(values)s") % {
            "metric": series.metric.label,
            "unit": series.metric.unit,
            "values": _newest_values(areas, beside=newest, decimals=series.metric.decimals),
        }
    _own, other, values = _latest(series)
    if other is None:
        return _("%(metric)s in %(area)s: %(value)s") % values
    return _("%(metric)s in %(area)s: %(value)s, %(comparator)s %(other)s") % values


def _changes(series: MetricSeries, own: Series, newest: Observation) -> list[str]:
    """Say the change on the year before and on five years before, where no break lies between."""
    said = []
    breaks = series.breaks_in(own)
    for years in (1, 5):
        earlier = years_before(own, newest, years)
        if earlier is None or broken_between(earlier, newest, breaks):
            continue
        if series.metric.is_count and left_out(earlier) != left_out(newest):
            continue
        if series.metric.unit.startswith(PERCENT_SIGN):
            change = newest.value - earlier.value
            said.append(words.points_change(change, decimals=series.metric.decimals, years=years))
            continue
        percent = percent_change(earlier, newest, breaks)
        if percent is not None:
            said.append(words.percent_change(percent, years=years))
    return said


def _untold(series: MetricSeries, own: Series, newest: Observation, *, named: bool) -> list[str]:
    """Say which comparison of an area is not made because its series breaks; `named` where the area has to be said."""
    said = []
    for years in (1, 5):
        earlier = years_before(own, newest, years)
        if earlier is not None and broken_between(earlier, newest, series.breaks_in(own)):
            sentence = (
                _("%(area)s is not compared with %(since)s, because its series breaks in between")
                if named
                else _("No comparison is made with %(since)s, because the series breaks in between")
            )
            said.append(sentence % {"area": own.name, "since": words.since(years)})
    return said


def _trend_description(series: MetricSeries, more: Sequence[Series], y: Axis, breaks: Sequence[Break]) -> str:
    own, other, values = _latest(series)
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
    if more:
        beside = _newest_values(more, beside=own, decimals=series.metric.decimals)
        texts.append(_("Beside it: %(values)s") % {"values": beside})
    if series.incomparable:
        texts.append(_("It is not set beside England and Wales: %(why)s") % {"why": series.incomparable})
    for area in (series.force, *more, series.comparator):
        newest = area.at(own.ends_before)
        changes = words.list_and(_changes(series, area, newest)) if newest else ""
        if changes:
            texts.append(_("%(area)s: %(changes)s") % {"area": area.name, "changes": changes})
    for area in (series.force, *more):
        newest = area.at(own.ends_before)
        texts += _untold(series, area, newest, named=bool(more)) if newest else []
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


def _trend_table(series: MetricSeries, more: Sequence[Series]) -> Table:
    """Say the same in a table, newest period last; a row after a break says so."""
    areas = [a for a in (series.force, *more, series.comparator) if a.observations]
    figures = [{(o.starts_on, o.ends_before): o for o in area.observations} for area in areas]
    periods = sorted({key for held in figures for key in held}, key=lambda p: (p[1], p[0]))
    noted: list[tuple[str, tuple[str, ...], str, str]] = []
    before: Observation | None = None
    breaks = _all_breaks(series, more)
    for key in periods:
        found = [(area.name, held.get(key)) for area, held in zip(areas, figures, strict=True)]
        present = [o for _name, o in found if o is not None]
        crossed = [b for b in breaks if before is not None and broken_between(before, present[0], [b])]
        reason = words.sentences(*(words.series_break_sentence(b) for b in crossed))
        remarks = [
            *(
                _("%(area)s is provisional") % {"area": name}
                for name, o in found
                if o is not None and o.status == ObservationStatus.PROVISIONAL
            ),
            *dict.fromkeys(remark for o in present for remark in o.remarks),
        ]
        cells = tuple(
            words.number(o.value, series.metric.decimals) if o is not None else missing()
            for _name, o in found
        )
        noted.append((words.period(*key), cells, reason, words.sentences(*remarks)))
        before = present[0]
    with_notes = any(reason or remark for _header, _cells, reason, remark in noted)
    columns = [Column(label=_("Period")), *(Column(label=area.name, numeric=True) for area in areas)]
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


def _trend_notes(series: MetricSeries, more: Sequence[Series], y: Axis) -> tuple[str, ...]:
    """Give what a reader must bear in mind: caveat, what England and Wales is, what stands behind the figures."""
    areas = (series.force, *more)
    observations = [o for area in (*areas, series.comparator) for o in area.observations]
    notes = [series.metric.caveat]
    nation = series.force if series.force.area == series.comparator.area else series.comparator
    if nation.observations:
        notes.append(comparator_note(nation.name, nation.observations))
    if series.incomparable:
        notes.append(_("Not set beside England and Wales: %(why)s") % {"why": series.incomparable})
    notes += [words.basis_words(basis) for basis in sorted({o.basis for o in observations})]
    combined = dict.fromkeys(o.combined_with for o in observations if o.combined_with)
    if combined:
        notes.append(_("One figure for %(areas)s together") % {"areas": words.list_and(combined)})
    about: dict[str, list[str]] = {}
    for area in (*areas, series.comparator):
        for note in figure_notes(area.observations):
            about.setdefault(note, []).extend([] if area.name in note else [area.name])
    alone = [] if more else [series.force.name]
    notes += (
        note
        if names in ([], alone)
        else _("%(note)s (%(area)s)") % {"area": words.list_and(names), "note": note}
        for note, names in about.items()
    )
    notes += _axis_note(y)
    return tuple(dict.fromkeys(words.sentence(note) for note in notes if note))
