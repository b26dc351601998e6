"""Axes of values: round ticks, and from zero unless the figures would then lie flat. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.layout import text_width
from grades.charts.spec import Axis, Tick

MOST_TICKS = 6
NARROW_PLOT, TICK_SIZE, TICK_GAP = 90, 13, 8
"""About what is left for bars on the narrowest screen, and what the label of a tick needs there."""
LEAST_SPREAD = Decimal("0.2")
"""Figures that differ by less than this share of the largest would lie flat on an axis from zero."""
MILLION = 1_000_000
PERCENT_SIGN = "%"


def value_axis(values: Iterable[Decimal], *, unit: str, honest: bool = False) -> Axis:
    """Choose the ends and at most six round ticks: from zero, unless the figures would then lie flat.

    An `honest` axis always has zero on it, as bars must.
    """
    given = tuple(values)
    low, high = min(given), max(given)
    spread = high - low
    if low >= 0 and (honest or not spread or spread >= high * LEAST_SPREAD):
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
    marks = [first + step * i for i in range(int((last - first) / step) + 1)]
    shown = Decimal(MILLION) if last >= MILLION else Decimal(1)
    return Axis(
        label=unit,
        low=first,
        high=last,
        ticks=tuple(
            Tick(
                position=float((value - first) / (last - first)),
                label=_tick(
                    words.number(value / shown, _decimals(step / shown)), unit, in_millions=shown > 1
                ),
                value=value,
            )
            for value in marks
        ),
    )


def bar_axis(values: Iterable[Decimal], *, unit: str, period: str = "") -> Axis:
    """Choose the axis of bars: with zero on it, and only as many labels where room is short as stand clear there.

    Its label names the unit and, because bars have no axis of time, the period.
    """
    axis = value_axis(values, unit=unit, honest=True)
    if period:
        axis = replace(axis, label=_("%(unit)s, %(period)s") % {"unit": axis.label, "period": period})
    widest = max(text_width(tick.label, TICK_SIZE) for tick in axis.ticks) + TICK_GAP
    step = NARROW_PLOT / (len(axis.ticks) - 1)
    every = next((n for n in range(1, len(axis.ticks)) if n * step >= widest), len(axis.ticks))
    zero = next(i for i, tick in enumerate(axis.ticks) if not tick.value)
    ticks = (replace(tick, minor=bool((i - zero) % every)) for i, tick in enumerate(axis.ticks))
    return replace(axis, ticks=tuple(ticks))


def _tick(text: str, unit: str, *, in_millions: bool) -> str:
    """Write the number of a tick with its per cent sign, or as millions: `4.5m`."""
    if unit.startswith(PERCENT_SIGN):
        return f"{text}{PERCENT_SIGN}"
    return _("%(number)sm") % {"number": text} if in_millions else text


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
