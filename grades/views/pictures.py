"""Which picture a page shows of the facts it has: shared by the pages and by the same pictures as files."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grades import charts, words
from grades.charts import ChartSpec
from grades.charts.spec import SourceLine
from grades.queries.comparing import ComparePage
from grades.queries.cycles import CyclePage
from grades.queries.metrics import MetricPage
from grades.queries.printed import PrintedFigures
from grades.queries.required import RequiredLine, RequiredPage
from grades.queries.themes import ThemePage
from grades.scales import PrintedBlock


def force_link(slug: str) -> str:
    """Give the address of a force's page."""
    return reverse("force-detail", args=[slug])


def inspection_link(page: CyclePage) -> Callable[[str], str]:
    """Give what finds a force's page of a cycle, or the force's own where the record has none."""
    held = {line.slug for line in page.lines if line.has_page}
    cycle = page.cycle.slug
    return lambda slug: reverse("inspection-detail", args=[slug, cycle]) if slug in held else force_link(slug)


def metric_map(page: MetricPage) -> ChartSpec | None:
    """Draw the newest period of a metric on the tile map; None where too many forces have no place on it."""
    if not charts.can_map(tile.slug for tile in page.tiles):
        return None
    metric = page.metric.slug
    return charts.tile_map_metric(
        metric=page.metric,
        tiles=page.tiles,
        period=words.period(page.ranking.starts_on, page.ranking.ends_before),
        source=charts.figures_source(page.newest),
        link=lambda slug: reverse("force-metric", args=[slug, metric]) if page.has(slug) else "",
    )


def metric_trend(page: MetricPage, *, force: str = "") -> ChartSpec | None:
    """Draw one force against England and Wales, or England and Wales alone; None where there are too few figures."""
    series = page.over_time(force)
    return charts.trend(series=series) if charts.can_draw(series) else None


def theme_map(page: ThemePage) -> ChartSpec | None:
    """Draw the newest well-recorded cycle of a theme on the tile map; None where no cycle is recorded well enough, or too many forces have no place."""
    cycle = page.newest
    if cycle is None or not charts.can_map(line.slug for line in page.lines):
        return None
    return charts.tile_map_grades(
        cycle=cycle,
        theme_title=page.theme.title,
        points=page.points_in(cycle.slug),
        names={line.slug: line.name for line in page.lines},
        link=force_link,
    )


def cycle_map(page: CyclePage) -> ChartSpec | None:
    """Draw the best recorded question of a cycle on the tile map; None where nothing is recorded, or too many forces have no place."""
    best = max(page.spreads, key=lambda spread: spread.graded, default=None)
    if best is None or not best.graded or not charts.can_map(line.slug for line in page.lines):
        return None
    place = page.questions.index(best.question)
    return charts.tile_map_grades(
        cycle=page.cycle,
        theme_title=best.question.short_title,
        points={line.slug: line.points[place] for line in page.lines},
        names={line.slug: line.name for line in page.lines},
        link=inspection_link(page),
    )


def printed_picture(figures: PrintedFigures, *, force: str) -> ChartSpec | None:
    """Draw a printed block: rates by category as pairs, outcomes as a breakdown; None for blocks that are no picture."""
    first = figures.lines[0]
    title = words.printed_block(figures.block)
    period = words.period(first.starts_on, first.ends_before)
    source = SourceLine(
        text=figures.report, date=words.partial_date(figures.published), address=figures.address
    )
    if figures.block == PrintedBlock.FIGURE_2:
        return charts.pair(force=force, title=title, lines=figures.pairs, source=source, period=period)
    if figures.block == PrintedBlock.FIGURE_4:
        return charts.breakdown(
            force=force, title=title, lines=figures.outcomes, source=source, period=period
        )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One metric of several forces: its slug and label, and the picture."""

    slug: str
    label: str
    picture: ChartSpec


def compared_trends(page: ComparePage) -> list[Compared]:
    """Draw each chosen metric for the forces that have figures, one line a force.

    A force whose figure must not be set beside others is drawn where it is alone, and else named with the reason.
    """
    found = []
    for compared in page.metrics:
        lines = list(zip(page.forces, compared.lines, strict=True))
        able = [(force, series) for force, series in lines if charts.can_draw(series)]
        drawn = [(force, series) for force, series in able if not series.incomparable] or able[:1]
        if not drawn:
            continue
        (_force, first), *others = drawn
        picture = charts.trend(series=first, others=[series.force for _force, series in others])
        said = []
        if missing := words.list_and(force.title for force, series in lines if (force, series) not in able):
            sentence = _("Too few such figures are recorded here for a line of %(forces)s.")
            said.append(sentence % {"forces": missing})
        for force, series in able:
            if (force, series) not in drawn:
                sentence = _("%(force)s is not set beside others: %(why)s.")
                said.append(sentence % {"force": force.title, "why": series.incomparable})
        picture = replace(picture, notes=(*picture.notes, *said))
        found.append(Compared(slug=compared.metric.slug, label=compared.metric.label, picture=picture))
    return found


def ends_words(page: ComparePage) -> tuple[str, ...]:
    """Say of each chosen force that has ended or will, when, and whose its area becomes."""
    today = timezone.localdate()
    return tuple(
        words.force_end(end.on, successor=end.successor, today=today, name=end.force) for end in page.ends
    )


def required_list(page: RequiredPage) -> ChartSpec:
    """List what a policing body has to publish about a force, and where it does."""
    values = {
        "force": page.force.official_name,
        "found": page.found,
        "checked": page.checked,
        "total": len(page.lines),
    }
    notes = [
        _("The Elected Local Policing Bodies (Specified Information) Order 2011, paragraphs 7A, 7B and 7C.")
    ]
    if not page.bound and page.body:
        said = _("In our reading the order does not bind %(body)s; what it publishes all the same is listed.")
        notes.insert(0, said % {"body": page.body.body})
    return charts.listed(
        title=_("What has to be published about %(force)s") % values,
        description=_(
            "Of %(total)d things that the order asks for, %(checked)d have been looked for and %(found)d were found."
        )
        % values,
        columns=[_("What is to be published"), _("Paragraph"), _("Where"), _("Last checked")],
        rows=[_required_row(line) for line in page.lines],
        source=SourceLine(
            text=page.body.body if page.body else _("The policing body"),
            date=_("looked at as said in each row"),
        ),
        notes=notes,
    )


def _required_row(line: RequiredLine) -> tuple[str, str, str, str]:
    """Give the row of one item: what, under which paragraph, where, and when somebody looked."""
    where = line.address or (_("not published") if line.checked_on else _("not known here"))
    if line.note:  # an address ends where it ends, without a full stop
        where = f"{where} ({line.note})" if line.address else words.sentences(where, line.note)
    checked = words.day(line.checked_on) if line.checked_on else _("not checked yet")
    return str(line.kind.label), line.paragraph, where, checked
