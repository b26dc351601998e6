"""The picture of how many forces have each grade: a stacked bar for each question."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.builders.axes import bar_axis
from grades.charts.palette import paint
from grades.charts.spec import Band, Bar, ChartSpec, Column, KeyItem, Kind, Row, SourceLine, Table
from grades.history import CycleFacts, Spread
from grades.scales import TIERS

NO_GRADE, NOT_RECORDED = "no-grade", "not-recorded"
"""The parts of a bar that are no grade."""


def grade_spread(*, cycle: CycleFacts, spreads: Sequence[Spread]) -> ChartSpec:
    """Draw how many forces have each grade, a stacked bar for each question, with what is missing as its own part.

    Raises ValueError without a question.
    """
    if not spreads:
        raise ValueError(f"no question of {cycle.label} is recorded, so no grades can be counted")
    bars = tuple(bar for band, spread in enumerate(spreads) for bar in _bars(band, spread))
    return ChartSpec(
        kind=Kind.GRADE_SPREAD,
        title=words.spread_title(cycle, spreads),
        description=words.sentences(
            *(
                _("%(question)s: %(counts)s")
                % {"question": spread.question.short_title, "counts": words.spread_words(spread)}
                for spread in spreads
            )
        ),
        table=_table(cycle, spreads),
        source=SourceLine(
            text=_("%(inspectorate)s, inspections of %(cycle)s, counted from the grades recorded here")
            % {"inspectorate": cycle.inspectorate, "cycle": cycle.label},
            date=words.within_sentence(cycle.published_text) or words.partial_date(None),
        ),
        x=bar_axis([Decimal(spread.total) for spread in spreads], unit=_("forces")),
        bars=bars,
        bands=tuple(
            Band(
                slug=f"question-{i + 1}",
                label=spread.question.short_title,
                note=words.spread_words(spread),
                start=i / len(spreads),
                end=(i + 1) / len(spreads),
            )
            for i, spread in enumerate(spreads)
        ),
        key=_key(cycle, bars),
        notes=(
            _("The forces are counted, never ranked or averaged."),
            *(
                [_("The parts with a broken outline are forces whose grade is not recorded here yet.")]
                if any(spread.missing for spread in spreads)
                else []
            ),
        ),
    )


def _bars(band: int, spread: Spread) -> list[Bar]:
    """Stack the parts of one bar: grades best first, then no grade given, then not recorded."""
    values = {"question": spread.question.short_title, "total": spread.total}
    parts: list[tuple[int, str | None, str, str]] = [
        (count, level, "", words.grade_word(level)) for level, count in spread.counts.items()
    ]
    reasons = Counter(
        {words.state_short(state).lower(): count for state, count in spread.other.items() if count}
    )
    said = words.list_and(f"{count} {state}" for state, count in reasons.items())
    parts.append((spread.withheld, None, NO_GRADE, _("No grade given (%(states)s)") % {"states": said}))
    parts.append((spread.missing, None, NOT_RECORDED, _("Not recorded here")))
    found: list[Bar] = []
    at = 0
    for count, level, state, label in parts:
        if count <= 0:
            continue
        title = _("%(question)s: %(label)s, %(count)d of %(total)d forces")
        if spread.missing and state != NOT_RECORDED:
            title = _("%(question)s: %(label)s, %(count)d; %(missing)d of %(total)d not recorded here")
        found.append(
            Bar(
                band=band,
                start=Decimal(at),
                end=Decimal(at + count),
                text=str(count),
                title=title % {**values, "label": label, "count": count, "missing": spread.missing},
                level=level,
                state=state,
                hollow=level is None,
            )
        )
        at += count
    return found


def _table(cycle: CycleFacts, spreads: Sequence[Spread]) -> Table:
    levels = TIERS[cycle.tiers]
    return Table(
        caption=_("Number of forces with each grade in %(cycle)s, by question") % {"cycle": cycle.label},
        columns=(
            Column(label=_("Question")),
            *(Column(label=words.grade_word(level), numeric=True) for level in levels),
            Column(label=_("No grade given"), numeric=True),
            Column(label=_("Not recorded here"), numeric=True),
        ),
        rows=tuple(
            Row(
                header=spread.question.short_title,
                cells=(
                    *(str(spread.counts.get(level, 0)) for level in levels),
                    str(spread.withheld),
                    str(spread.missing),
                ),
            )
            for spread in spreads
        ),
    )


def _key(cycle: CycleFacts, bars: Sequence[Bar]) -> tuple[KeyItem, ...]:
    levels, states = {bar.level for bar in bars}, {bar.state for bar in bars}
    items = [
        KeyItem(label=words.grade_word(level), letter=paint(level).letter, level=level)
        for level in TIERS[cycle.tiers]
        if level in levels
    ]
    if NO_GRADE in states:
        items.append(KeyItem(label=_("No grade given"), letter="–", state=NO_GRADE, hollow=True))
    if NOT_RECORDED in states:
        items.append(KeyItem(label=_("Not recorded here"), letter="?", state=NOT_RECORDED, hollow=True))
    return tuple(items)
