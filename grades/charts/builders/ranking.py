"""The picture of one metric for all forces: a bar for each, ordered by value, beside England and Wales."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.charts.builders.axes import bar_axis
from grades.charts.builders.figures import (
    comparator_name,
    comparator_note,
    figures_source,
    missing,
    notes_on_areas,
)
from grades.charts.spec import (
    Band,
    Bar,
    ChartSpec,
    Column,
    KeyItem,
    Kind,
    Reference,
    Role,
    Row,
    Table,
)
from grades.scales import ObservationStatus
from grades.series import AreaFigure, Observation, Ranking

OUTLIER = 3
"""A figure that is more than this many times the next one squeezes all others; the picture says so."""


def ranking(*, ranking: Ranking, link: Callable[[str], str] | None = None) -> ChartSpec:
    """Draw one metric for all forces, ordered by value; the chosen ones are marked, the excluded ones named.

    `link` gives the address behind a force's bar from its slug, or "". Raises ValueError without a figure.
    """
    drawn = [(area, area.observation) for area in ranking.figures if area.observation is not None]
    if not drawn:
        raise ValueError(f"no figure of {ranking.metric.label} is recorded for any force in this period")
    values = [o.value for _area, o in drawn]
    reference = _beside(ranking)
    bars = tuple(
        Bar(
            band=i,
            start=Decimal(0),
            end=o.value,
            text=words.number(o.value, ranking.metric.decimals),
            title=_("%(area)s: %(value)s") % {"area": area.name, "value": _said(ranking, o.value)},
            role=Role.SUBJECT if area.slug in ranking.marked else Role.OTHER,
            hatched=o.status == ObservationStatus.PROVISIONAL,
            link=link(area.slug) if link else "",
        )
        for i, (area, o) in enumerate(drawn)
    )
    return ChartSpec(
        kind=Kind.RANKING,
        title=_title(ranking, drawn),
        description=_description(ranking, drawn),
        table=_table(ranking, drawn),
        source=figures_source([*(o for _area, o in drawn), *filter(None, [ranking.comparator])]),
        x=bar_axis(
            [*values, *([reference.value] if reference else [])],
            unit=ranking.metric.unit,
            period=words.period(ranking.starts_on, ranking.ends_before),
        ),
        bars=bars,
        bands=tuple(
            Band(slug=area.slug, label=area.name, start=i / len(drawn), end=(i + 1) / len(drawn))
            for i, (area, _o) in enumerate(drawn)
        ),
        references=(
            (
                Reference(
                    value=reference.value,
                    label=f"{comparator_name()} {words.number(reference.value, ranking.metric.decimals)}",
                ),
            )
            if reference
            else ()
        ),
        key=_key(bars),
        notes=_notes(ranking, drawn),
    )


Drawn = list[tuple[AreaFigure, Observation]]


def _beside(ranking: Ranking) -> Observation | None:
    """Give the figure of England and Wales where forces can be set beside it: a count of all is no measure of one."""
    return None if ranking.metric.is_count else ranking.comparator


def _total(ranking: Ranking) -> str:
    """Say how many England and Wales counts in all; "" for anything but a count."""
    if ranking.comparator is None or not ranking.metric.is_count:
        return ""
    return _("%(nation)s in all: %(value)s") % {
        "nation": comparator_name(),
        "value": _said(ranking, ranking.comparator.value),
    }


def _said(ranking: Ranking, value: Decimal) -> str:
    return words.with_unit(value, ranking.metric.decimals, ranking.metric.unit)


def _title(ranking: Ranking, drawn: Drawn) -> str:
    """State the finding: the chosen forces beside England and Wales, or the lowest and the highest figure."""
    metric = ranking.metric
    chosen = [(area, o) for area, o in drawn if area.slug in ranking.marked]
    if chosen:
        areas = [f"{area.name} {words.number(o.value, metric.decimals)}" for area, o in chosen]
        if beside := _beside(ranking):
            areas.append(f"{comparator_name()} {words.number(beside.value, metric.decimals)}")
        return _("%(metric)s, %(unit)s: %(areas)s") % {
            "metric": metric.label,
            "unit": metric.unit,
            "areas": ", ".join(areas),
        }
    by_value = sorted(drawn, key=lambda pair: pair[1].value)
    (low, least), (high, most) = by_value[0], by_value[-1]
    values = {
        "metric": metric.label,
        "least": words.number(least.value, metric.decimals),
        "low": low.name,
        "most": _said(ranking, most.value),
        "high": high.name,
    }
    if len(drawn) == 1:
        return _("%(metric)s: %(most)s in %(high)s, the one force with a figure") % values
    if least.value == most.value:
        values["count"] = str(len(drawn))
        return _("%(metric)s: %(most)s in each of the %(count)s forces with a figure") % values
    return _("%(metric)s by force: from %(least)s in %(low)s to %(most)s in %(high)s") % values


def _description(ranking: Ranking, drawn: Drawn) -> str:
    values: dict[str, object] = {
        "metric": ranking.metric.label,
        "count": len(drawn),
        "period": words.in_period(ranking.starts_on, ranking.ends_before),
        "nation": comparator_name(),
    }
    texts = [
        ngettext(
            "%(metric)s %(period)s: the figure of %(count)d force",
            "%(metric)s %(period)s: the figures of %(count)d forces, ordered by value",
            len(drawn),
        )
        % values
    ]
    if beside := _beside(ranking):
        nation = beside.value
        values["value"] = _said(ranking, nation)
        values["above"] = sum(o.value > nation for _area, o in drawn)
        values["below"] = sum(o.value < nation for _area, o in drawn)
        texts.append(
            _("%(nation)s: %(value)s; forces with a higher figure: %(above)d, with a lower one: %(below)d")
            % values
        )
    elif total := _total(ranking):
        texts.append(total)
    else:
        texts.append(_("No figure of %(nation)s is recorded for this period") % values)
    for area, o in drawn:
        if area.slug in ranking.marked:
            texts.append(
                _("%(area)s: %(value)s; forces with a higher figure: %(above)d, with a lower one: %(below)d")
                % {
                    "area": area.name,
                    "value": _said(ranking, o.value),
                    "above": sum(other.value > o.value for _a, other in drawn),
                    "below": sum(other.value < o.value for _a, other in drawn),
                }
            )
    texts += _excluded(ranking)
    return words.sentences(*texts)


def _excluded(ranking: Ranking) -> list[str]:
    """Name the forces that are not drawn, with the reason."""
    return [
        _("%(area)s is not drawn: %(reason)s")
        % {"area": area.name, "reason": _lower(area.excluded or missing())}
        for area in ranking.excluded
    ]


def _lower(text: str) -> str:
    """Start a reason small, as the middle of a sentence, unless it starts with a name in capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _table(ranking: Ranking, drawn: Drawn) -> Table:
    metric = ranking.metric
    rows = [
        (area.name, words.number(o.value, metric.decimals), area.region or "–", _remark(o))
        for area, o in drawn
    ]
    if ranking.comparator:
        nation = ranking.comparator
        rows.append((comparator_name(), words.number(nation.value, metric.decimals), "–", _remark(nation)))
    rows += [
        (area.name, _("not drawn"), area.region or "–", words.sentence(area.excluded or missing()))
        for area in ranking.excluded
    ]
    noted = any(remark for *_rest, remark in rows)
    columns = [
        Column(label=_("Force")),
        Column(label=metric.unit, numeric=True),
        Column(label=_("Region")),
    ]
    if noted:
        columns.append(Column(label=_("Note")))
    return Table(
        caption=_("%(metric)s, %(unit)s, %(period)s")
        % {
            "metric": metric.label,
            "unit": metric.unit,
            "period": words.period(ranking.starts_on, ranking.ends_before),
        },
        columns=tuple(columns),
        rows=tuple(
            Row(header=name, cells=(value, region, remark or "–") if noted else (value, region))
            for name, value, region, remark in rows
        ),
    )


def _remark(observation: Observation) -> str:
    """Say what must be known of one figure."""
    return words.sentences(
        _("Provisional") if observation.status == ObservationStatus.PROVISIONAL else "",
        _("Counted together with %(others)s") % {"others": observation.combined_with}
        if observation.combined_with
        else "",
        observation.note,
    )


def _key(bars: tuple[Bar, ...]) -> tuple[KeyItem, ...]:
    if not any(bar.hatched for bar in bars):
        return ()
    return (KeyItem(label=_("Provisional"), provisional=True),)


def _notes(ranking: Ranking, drawn: Drawn) -> tuple[str, ...]:
    observations = [o for _area, o in drawn]
    shown = [(area.name, o) for area, o in drawn]
    if ranking.comparator:
        shown.append((comparator_name(), ranking.comparator))
    notes = [ranking.metric.caveat, *_excluded(ranking), *notes_on_areas(shown)]
    if beside := _beside(ranking):
        notes.append(comparator_note(comparator_name(), [beside]))
    notes.append(_total(ranking))
    sizes = sorted((abs(o.value), area.name) for area, o in drawn)
    if len(sizes) > 1 and sizes[-1][0] > OUTLIER * sizes[-2][0] > 0:
        notes.append(
            _("The scale is set by %(area)s; the bars of the others are short because of it")
            % {"area": sizes[-1][1]}
        )
    notes += [words.basis_words(basis) for basis in sorted({o.basis for o in observations})]
    return tuple(dict.fromkeys(words.sentence(note) for note in notes if note))
