"""A force beside England and Wales by category: rates by kind of crime, nested outcomes, shares of a whole."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.charts.builders.axes import bar_axis
from grades.charts.builders.figures import comparator_name, figure, missing
from grades.charts.spec import Band, Bar, ChartSpec, Column, KeyItem, Kind, Role, Row, SourceLine, Table
from grades.series import CategoryPair, OutcomeLine, ShareLine

WHOLE = Decimal(100)
SHARE_DECIMALS = 1


def _values(lines: Iterable[CategoryPair | OutcomeLine], *, title: str, force: str) -> list[Decimal]:
    """Give every figure of a picture; raise ValueError where there is none."""
    values = [v for line in lines for v in (line.value, line.comparator) if v is not None]
    if not values:
        raise ValueError(f"no figure of “{title}” is recorded for {force}")
    return values


def pair(
    *, force: str, title: str, lines: Sequence[CategoryPair], source: SourceLine, period: str
) -> ChartSpec:
    """Draw a force beside England and Wales by category. Raises ValueError without a figure."""
    values = _values(lines, title=title, force=force)
    units = list(dict.fromkeys(line.unit for line in lines))
    mixed = len(units) > 1
    bars = [
        bar
        for i, line in enumerate(lines)
        for bar in _pair_bars(
            i,
            line.label,
            force,
            own=(line.value, figure(line.value, line.decimals), line.unit),
            other=(line.comparator, figure(line.comparator, line.decimals), line.unit),
        )
    ]
    notes = [line.note for line in lines]
    if mixed:
        notes.insert(
            0,
            _("The categories are not all measured in the same way: %(units)s. Compare within a category")
            % {
                "units": "; ".join(
                    _("%(categories)s, %(unit)s")
                    % {
                        "categories": words.list_and(line.label for line in lines if line.unit == unit),
                        "unit": unit,
                    }
                    for unit in units
                )
            },
        )
    caption = _("%(title)s, %(force)s and England and Wales, %(period)s")
    return ChartSpec(
        kind=Kind.PAIR,
        title=_pair_title(force, title, lines),
        description=words.sentences(
            _("%(title)s, %(period)s") % {"title": title, "period": period},
            *(
                _beside(line.label, force, line.value, line.comparator, line.decimals, line.unit)
                for line in lines
            ),
        ),
        table=Table(
            caption=caption % {"title": title, "force": force, "period": period},
            columns=(
                Column(label=_("Category")),
                Column(label=force, numeric=True),
                Column(label=comparator_name(), numeric=True),
                Column(label=_("Unit")),
            ),
            rows=tuple(
                Row(
                    header=line.label,
                    cells=(
                        figure(line.value, line.decimals),
                        figure(line.comparator, line.decimals),
                        line.unit or "–",
                    ),
                )
                for line in lines
            ),
        ),
        source=source,
        x=bar_axis(values, unit=_("each in its own unit") if mixed else units[0], period=period),
        bars=tuple(bars),
        bands=_bands([(line.label, line.unit if mixed else "", 0) for line in lines]),
        key=_key(force, any(line.comparator is not None for line in lines)),
        notes=_sentences(notes),
    )


def breakdown(
    *, force: str, title: str, lines: Sequence[OutcomeLine], source: SourceLine, period: str
) -> ChartSpec:
    """Draw nested outcomes of a force beside England and Wales: number and rate. Raises ValueError without a rate."""
    values = _values(lines, title=title, force=force)
    units = list(dict.fromkeys(line.unit for line in lines))
    bars = [
        bar
        for i, line in enumerate(lines)
        for bar in _pair_bars(
            i,
            line.label,
            force,
            own=(line.value, _number_and_rate(line.value, line.count, line), line.unit),
            other=(
                line.comparator,
                _number_and_rate(line.comparator, line.comparator_count, line),
                line.unit,
            ),
        )
    ]
    whole = [line for line in lines if line.value is not None and line.depth == 0]
    first = max(whole, key=lambda line: line.value or Decimal(0), default=None)
    name = _("%(title)s in %(force)s, %(period)s") % {"title": title, "force": force, "period": period}
    finding = name
    if first is not None:
        finding = _("%(title)s in %(force)s: %(finding)s") % {
            "title": title,
            "force": force,
            "finding": _with_nation(first.label, first.value, first.comparator, first.decimals, first.unit),
        }
    return ChartSpec(
        kind=Kind.BREAKDOWN,
        title=finding,
        description=words.sentences(
            name,
            *(_outcome(line, force) for line in lines if not line.depth),
        ),
        table=Table(
            caption=_("%(title)s: number and rate (%(unit)s), %(period)s")
            % {"title": title, "unit": words.list_and(units), "period": period},
            columns=(
                Column(label=_("Outcome")),
                Column(label=_("%(area)s, number") % {"area": force}, numeric=True),
                Column(label=_("%(area)s, rate") % {"area": force}, numeric=True),
                Column(label=_("%(area)s, number") % {"area": comparator_name()}, numeric=True),
                Column(label=_("%(area)s, rate") % {"area": comparator_name()}, numeric=True),
            ),
            rows=tuple(
                Row(
                    header="– " * line.depth + line.label,
                    cells=(
                        figure(line.count, 0),
                        figure(line.value, line.decimals, _sign(line.unit)),
                        figure(line.comparator_count, 0),
                        figure(line.comparator, line.decimals, _sign(line.unit)),
                    ),
                )
                for line in lines
            ),
        ),
        source=source,
        x=bar_axis(values, unit=units[0] if len(units) == 1 else _("each in its own unit"), period=period),
        bars=tuple(bars),
        bands=_bands([(line.label, "", line.depth) for line in lines]),
        key=_key(force, any(line.comparator is not None for line in lines)),
        notes=_sentences(
            [_("An indented outcome is a part of the one above it")]
            if any(line.depth for line in lines)
            else []
        ),
    )


def share(
    *,
    force: str,
    title: str,
    lines: Sequence[ShareLine],
    source: SourceLine,
    period: str,
    illustration: bool = False,
) -> ChartSpec:
    """Draw the categories of a whole, each on a track of 100 per cent. Raises ValueError without a category.

    `illustration` marks made-up figures wherever the picture goes.
    """
    if not lines:
        raise ValueError(f"no share of “{title}” is recorded for {force}")
    unit = "%"
    first = max(lines, key=lambda line: line.value)
    name = _("%(title)s in %(force)s") % {"title": title, "force": force}
    finding = _("%(title)s: %(finding)s") % {
        "title": name,
        "finding": _with_nation(first.label, first.value, first.comparator, SHARE_DECIMALS, unit),
    }
    sums = sum(line.value for line in lines)
    notes = []
    if illustration:
        notes.append(_("An illustration with made-up figures"))
    if sums != WHOLE:
        notes.append(
            _("The shares shown sum to %(sum)s%%, because of rounding or of categories that are not listed")
            % {"sum": words.number(sums, SHARE_DECIMALS)}
        )
    bars = [
        bar
        for i, line in enumerate(lines)
        for bar in _pair_bars(
            i,
            line.label,
            force,
            own=(line.value, figure(line.value, SHARE_DECIMALS, unit), ""),
            other=(line.comparator, figure(line.comparator, SHARE_DECIMALS, unit), ""),
            drop_missing=all(other.comparator is None for other in lines),
        )
    ]
    beside = any(line.comparator is not None for line in lines)
    columns = [Column(label=_("Category")), Column(label=force, numeric=True)]
    if beside:
        columns.append(Column(label=comparator_name(), numeric=True))
    return ChartSpec(
        kind=Kind.SHARE,
        title=_("Illustration. %(title)s") % {"title": finding} if illustration else finding,
        description=words.sentences(
            _("Illustration with made-up figures") if illustration else "",
            _("%(title)s, %(period)s") % {"title": name, "period": period},
            *(
                _beside(line.label, force, line.value, line.comparator, SHARE_DECIMALS, unit)
                for line in lines
            ),
        ),
        table=Table(
            caption=_("%(title)s, %(period)s") % {"title": name, "period": period},
            columns=tuple(columns),
            rows=tuple(
                Row(
                    header=line.label,
                    cells=tuple(
                        figure(value, SHARE_DECIMALS, unit)
                        for value in ((line.value, line.comparator) if beside else (line.value,))
                    ),
                )
                for line in lines
            ),
        ),
        source=source,
        x=bar_axis([WHOLE, *(line.value for line in lines)], unit=_("% of the whole"), period=period),
        bars=tuple(bars),
        bands=_bands([(line.label, "", 0) for line in lines]),
        key=_key(force, beside),
        notes=_sentences(notes),
    )


Shown = tuple[Decimal | None, str, str]
"""A value, its text at the bar, and the unit that its title adds."""


def _pair_bars(
    band: int, label: str, force: str, *, own: Shown, other: Shown, drop_missing: bool = False
) -> list[Bar]:
    """Give the bars of one category: the force's, and that of England and Wales; a missing figure is said."""
    found = []
    for area, role, (value, text, unit) in (
        (force, Role.SUBJECT, own),
        (comparator_name(), Role.COMPARATOR, other),
    ):
        if value is None and drop_missing:
            continue
        found.append(
            Bar(
                band=band,
                start=Decimal(0),
                end=value or Decimal(0),
                text=text,
                title=_("%(label)s, %(area)s: %(value)s")
                % {
                    "label": label,
                    "area": area,
                    "value": f"{text} {unit}".strip() if value is not None else text,
                },
                role=role,
                hollow=value is None,
            )
        )
    return found


def _bands(labels: Sequence[tuple[str, str, int]]) -> tuple[Band, ...]:
    return tuple(
        Band(
            slug=f"category-{i + 1}",
            label=label,
            note=note,
            depth=depth,
            start=i / len(labels),
            end=(i + 1) / len(labels),
        )
        for i, (label, note, depth) in enumerate(labels)
    )


def _key(force: str, beside: bool) -> tuple[KeyItem, ...]:
    items = (KeyItem(label=force, role=Role.SUBJECT), KeyItem(label=comparator_name(), role=Role.COMPARATOR))
    return items if beside else items[:1]


def _pair_title(force: str, title: str, lines: Sequence[CategoryPair]) -> str:
    """State the finding: in how many categories the force is below and above England and Wales."""
    both = [
        (line.value, line.comparator)
        for line in lines
        if line.value is not None and line.comparator is not None
    ]
    if not both:
        return _("%(title)s: %(force)s") % {"title": title, "force": force}
    nation = comparator_name()
    counts = [
        (
            sum(own < other for own, other in both),
            _("below %(nation)s in %(count)d"),
            _("below in %(count)d"),
        ),
        (
            sum(own == other for own, other in both),
            _("equal to %(nation)s in %(count)d"),
            _("equal in %(count)d"),
        ),
        (
            sum(own > other for own, other in both),
            _("above %(nation)s in %(count)d"),
            _("above in %(count)d"),
        ),
    ]
    said: list[str] = []
    for count, first, further in counts:
        if count:
            said.append((further if said else first) % {"count": count, "nation": nation})
    return ngettext(
        "%(title)s: %(force)s is %(said)s of %(all)d category",
        "%(title)s: %(force)s is %(said)s of %(all)d categories",
        len(both),
    ) % {"title": title, "force": force, "said": words.list_and(said), "all": len(both)}


def _sign(unit: str) -> str:
    """Give what of a unit is repeated at each figure: the sign of per cent, or nothing."""
    return "%" if unit.startswith("%") else ""


def _with_nation(
    label: str, value: Decimal | None, comparator: Decimal | None, decimals: int, unit: str
) -> str:
    values = {
        "label": label,
        "value": figure(value, decimals, unit),
        "nation": comparator_name(),
        "other": figure(comparator, decimals, _sign(unit)),
    }
    if comparator is None:
        return _("%(label)s %(value)s") % values
    return _("%(label)s %(value)s, %(nation)s %(other)s") % values


def _beside(
    label: str, force: str, value: Decimal | None, comparator: Decimal | None, decimals: int, unit: str
) -> str:
    if value is None:
        return _("%(label)s: %(missing)s for %(force)s") % {
            "label": label,
            "missing": missing(),
            "force": force,
        }
    return _with_nation(f"{label}:", value, comparator, decimals, unit)


def _number_and_rate(value: Decimal | None, count: Decimal | None, line: OutcomeLine) -> str:
    """Give rate and number as a bar has them: `12.3% (3,563)`."""
    rate = figure(value, line.decimals, _sign(line.unit))
    return f"{rate} ({words.number(count)})" if count is not None else rate


def _outcome(line: OutcomeLine, force: str) -> str:
    said = _beside(line.label, force, line.value, line.comparator, line.decimals, line.unit)
    if line.count is None:
        return said
    return _("%(said)s; %(count)s in number") % {"said": said, "count": words.number(line.count)}


def _sentences(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.sentence(note) for note in notes if note))
