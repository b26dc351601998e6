"""Which blocks other sites can show, and how each is made of the facts of a page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grades import charts, queries, words
from grades.charts import ChartSpec
from grades.charts.spec import SourceLine
from grades.charts.tiles import Tile, tiles
from grades.history import ForceHistory, HistoryCell, HistoryRow
from grades.queries.answers import ReportFacts
from grades.queries.forces import ForceFacts
from grades.scales import ResponseKind
from grades.views.embeds.options import Options
from grades.views.pages import moment
from grades.views.pictures import (
    compared_trends,
    cycle_map,
    ends_words,
    metric_map,
    metric_trend,
    printed_picture,
    required_list,
    theme_map,
)

Ids = dict[str, str]
"""What an address names: force, theme, metric, cycle, by the names of the URLconf."""


class Shape(StrEnum):
    """How a block is set: each has a template under templates/embeds/."""

    LETTERS = "letters"
    BADGE = "badge"
    LIST = "list"
    NUMBERS = "numbers"
    RANKING = "ranking"
    SPREAD = "spread"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One kind of block. `route` is its path below /embed/, `page` the name of the page that tells all of it."""

    name: str
    route: str
    label: str | Promise
    shape: Shape
    page: str
    make: Callable[[Ids, Options], "Made | None"]

    @property
    def url_name(self) -> str:
        """Name the address of the block in a frame."""
        return f"embed-{self.name}"

    @property
    def share_name(self) -> str:
        """Name the page that hands it out."""
        return f"share-{self.name}"

    @property
    def marks_force(self) -> bool:
        """Say whether it can mark a force of the reader's choice."""
        return self.shape == Shape.RANKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a block says: its picture with title, sentence, table and source, whom it is about, and what else must be said."""

    subject: str
    spec: ChartSpec
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """One block of one force, metric, cycle or theme, ready to be set. `ids` are those of today's address."""

    block: Block
    ids: Ids
    subject: str
    spec: ChartSpec
    notices: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Give the address of the page that tells all of it."""
        return page_address(self.block, self.ids)


def page_address(block: Block, ids: Ids) -> str:
    """Give the address of the page that tells all of a block."""
    if block.page == "compare":
        chosen = urlencode({"forces": ids["forces"], "metrics": ids["metric"]}, safe=",")
        return f"{reverse(block.page)}?{chosen}"
    wanted = {"force-detail": ("slug",), "inspection-detail": ("slug", "cycle")}.get(block.page, tuple(ids))
    return reverse(block.page, kwargs={name: ids[name] for name in wanted})


def load(block: Block, ids: Ids, options: Options) -> Embed | None:
    """Make a block; that of a force which was renamed under its new name, which is said. None where there is no such thing."""
    made = block.make(ids, options)
    if made is None and (today := _today(ids)) != ids:
        ids, made = today, block.make(today, options)
        if made is not None:
            made = replace(made, notices=(_renamed(ids, made.subject), *made.notices))
    if made is None:
        return None
    return Embed(block=block, ids=ids, subject=made.subject, spec=made.spec, notices=made.notices)


def _today(ids: Ids) -> Ids:
    """Give the same under the forces' slugs of today."""
    named = {name: ids[name] for name in ("slug", "forces") if name in ids}
    today = queries.renamed_forces() if named else {}
    return ids | {
        name: ",".join(today.get(slug, slug) for slug in slugs.split(",")) for name, slugs in named.items()
    }


def _renamed(ids: Ids, subject: str) -> str:
    """Say that an address names a force as it was called before."""
    if "forces" in ids:
        return _("Forces are named here as they are now called.")
    return _("This force is now called %(name)s.") % {"name": subject}


# Grades of a force


def _ended(force: ForceFacts) -> tuple[str, ...]:
    """Say that a force has ended or will, where it does."""
    said = words.force_end(force.valid_to, successor=force.successor, today=timezone.localdate())
    return (said,) if said else ()


def _history(ids: Ids, options: Options) -> Made | None:
    found = queries.history_block(slug=ids["slug"], at=timezone.now())
    if found is None or not found.history.drawable:
        return None
    return Made(
        subject=found.force.official_name,
        spec=charts.grade_history(history=found.history),
        notices=_ended(found.force),
    )


def _with_theme(ids: Ids) -> tuple[ForceFacts, ForceHistory, HistoryRow] | None:
    """Find a force's history and its row of one theme."""
    found = queries.history_block(slug=ids["slug"], at=timezone.now())
    row = next((r for r in found.history.themes if r.slug == ids["theme"]), None) if found else None
    return (found.force, found.history, row) if found and row else None


def _strip(ids: Ids, options: Options) -> Made | None:
    found = _with_theme(ids)
    return _row(*found) if found else None


def _row(force: ForceFacts, history: ForceHistory, row: HistoryRow) -> Made:
    """Draw one theme across the cycles of a history."""
    one = replace(history, themes=(row,))
    spec = charts.grade_history(history=one)
    labels = words.cycle_labels(one.cycles)
    told = words.sentences(
        *(f"{cell.cycle.label}: {words.cell_words(cell, labels)}" for cell in row.cells),
        *(at.note for at in spec.breaks),
    )
    spec = replace(spec, title=words.theme_title(history, row), description=told)
    return Made(subject=force.official_name, spec=spec, notices=_ended(force))


def _badge(ids: Ids, options: Options) -> Made | None:
    found = _with_theme(ids)
    if found is None:
        return None
    force, history, row = found
    newest = _newest_cell(row)
    made = _row(force, replace(history, cycles=(newest.cycle,)), replace(row, cells=(newest,)))
    labels = words.cycle_labels(history.cycles)
    later = [
        words.sentence(f"{cell.cycle.label}: {words.cell_words(cell, labels)}")
        for cell in row.cells[row.cells.index(newest) + 1 :]
        if cell.points
    ]
    return replace(made, notices=(*made.notices, *later))


def _newest_cell(row: HistoryRow) -> HistoryCell:
    """Give the newest cell with a grade, or else the newest that asked something, or else the newest."""
    newest_first = row.cells[::-1]
    graded = next((c for c in newest_first if any(point.level for point in c.points)), None)
    return graded or next((c for c in newest_first if c.points), newest_first[0])


# Figures


def _numbers(ids: Ids, options: Options) -> Made | None:
    found = queries.numbers_block(slug=ids["slug"], at=timezone.now())
    if found is None:
        return None
    made = tiles(found.metrics)
    shown = [tile for tile in made if not tile.old]
    title = _("%(force)s in numbers") % {"force": found.force.official_name}
    if not shown:
        rows, source = [(_("No figure is recorded here yet"), "–", "–", "–")], None
    else:
        rows = [_number(tile) for tile in shown]
        newest = [
            series.force.latest for series in found.metrics if series.metric.slug in {t.slug for t in shown}
        ]
        source = charts.figures_source([observation for observation in newest if observation])
    notes = [
        _("Rates are not judgments: a rise can mean more of something, or that more of it is recorded."),
        *(note for tile in shown for note in tile.notes),
        _older([tile.label for tile in made if tile.old]),
    ]
    spec = charts.listed(
        title=title,
        description=words.sentences(*(_number_words(tile) for tile in shown))
        or _("No figure is recorded here yet."),
        columns=[_("Measure"), _("Force"), _("England and Wales"), _("Period")],
        rows=rows,
        source=source or _nothing_known(),
        notes=list(dict.fromkeys(words.sentence(note) for note in notes if note)),
    )
    return Made(subject=found.force.official_name, spec=spec, notices=_ended(found.force))


def _older(labels: list[str]) -> str:
    """Name the figures that are left out because they are old; "" where none is."""
    if not labels:
        return ""
    said = _("Older figures are on the page alone: %(labels)s")
    return said % {"labels": words.list_and(words.within_sentence(label) for label in labels)}


def _nothing_known() -> SourceLine:
    return SourceLine(text=_("No source is recorded here yet"), date=words.partial_date(None))


def _number(tile: Tile) -> tuple[str, str, str, str]:
    """Give the row of one figure: measure, value with its unit, England and Wales, period and change."""
    beside = tile.comparator or _("not given for this period")
    if tile.incomparable:
        beside = _("not comparable: %(why)s") % {"why": tile.incomparable}
    period = f"{tile.period}; {tile.change}" if tile.change else tile.period
    if tile.combined:
        period = f"{period}; {_('one figure for %(area)s together') % {'area': tile.combined}}"
    if tile.remark:
        period = words.sentences(period, _("The year before: %(remark)s") % {"remark": tile.remark})
    return tile.label, f"{tile.value} {tile.unit}", beside, period


def _number_words(tile: Tile) -> str:
    label, value, beside, period = _number(tile)
    values = {"label": label, "value": value, "beside": beside, "period": period}
    return _("%(label)s: %(value)s; England and Wales %(beside)s; %(period)s") % values


def _metric(ids: Ids, options: Options) -> Made | None:
    page = queries.force_metric_page(force=ids["slug"], metric=ids["metric"], at=timezone.now())
    if page is None or not charts.can_draw(page.series):
        return None
    return Made(
        subject=page.force.official_name,
        spec=charts.trend(series=page.series),
        notices=_ended(page.force),
    )


def _ranking(ids: Ids, options: Options) -> Made | None:
    page = queries.metric_page(slug=ids["metric"], at=timezone.now(), marked=frozenset({options.force}))
    if page is None:
        return None
    ranking = page.ranking
    if options.force and not ranking.marked:
        today = queries.renamed_forces().get(options.force)
        if not today:
            raise BadRequest(_("There is no police force “%(force)s” to mark.") % {"force": options.force})
        ranking = replace(ranking, marked=frozenset({today}))
    return Made(subject=page.metric.label, spec=charts.ranking(ranking=ranking))


def _metric_map(ids: Ids, options: Options) -> Made | None:
    page = queries.metric_page(slug=ids["metric"], at=timezone.now())
    return _drawn(page.metric.label, metric_map(page)) if page else None


def _metric_trend(ids: Ids, options: Options) -> Made | None:
    page = queries.metric_page(slug=ids["metric"], at=timezone.now())
    return _drawn(page.metric.label, metric_trend(page)) if page else None


def _compared(ids: Ids, options: Options) -> Made | None:
    asked = ids["forces"].split(",")
    if len(set(asked)) != len(asked):
        raise BadRequest(_("A force is named twice."))
    offered = queries.choices()
    known = {force.slug: force for force in offered.forces}
    if not known.keys() >= set(asked) or ids["metric"] not in {metric.slug for metric in offered.metrics}:
        return None
    forces = [known[slug] for slug in asked]
    page = queries.compare_page(forces=forces, themes=(), metrics=(ids["metric"],), at=timezone.now())
    drawn = compared_trends(page)
    if not drawn:
        return None
    return Made(
        subject=words.list_and(force.title for force in forces),
        spec=_light(drawn[0].picture),
        notices=ends_words(page),
    )


def _light(spec: ChartSpec) -> ChartSpec:
    """Leave what each point says to the table: with the points of five lines a block would weigh too much."""
    lines = [
        replace(line, runs=tuple(tuple(replace(point, title="") for point in run) for run in line.runs))
        for line in spec.lines
    ]
    return replace(spec, lines=tuple(lines))


def _printed(ids: Ids, options: Options) -> Made | None:
    page = queries.inspection_page(force=ids["slug"], cycle=ids["cycle"], **moment())
    found = next((f for f in page.figures if f.block == ids["figure"]), None) if page else None
    if page is None or found is None:
        return None
    spec = printed_picture(found, force=page.force.short_name)
    return Made(subject=page.force.official_name, spec=spec, notices=_ended(page.force)) if spec else None


def _drawn(subject: str, spec: ChartSpec | None) -> Made | None:
    return Made(subject=subject, spec=spec) if spec else None


# Every force


def _cycle(ids: Ids, options: Options) -> Made | None:
    page = queries.cycle_page(slug=ids["cycle"], at=timezone.now())
    if page is None or not page.spreads:
        return None
    return Made(
        subject=_("PEEL %(cycle)s") % {"cycle": page.cycle.label},
        spec=charts.grade_spread(cycle=page.cycle, spreads=page.spreads),
    )


def _cycle_map(ids: Ids, options: Options) -> Made | None:
    page = queries.cycle_page(slug=ids["cycle"], at=timezone.now())
    return _drawn(_("PEEL %(cycle)s") % {"cycle": page.cycle.label}, cycle_map(page)) if page else None


def _theme_map(ids: Ids, options: Options) -> Made | None:
    page = queries.theme_page(slug=ids["theme"], at=timezone.now())
    return _drawn(page.theme.title, theme_map(page)) if page else None


# What policing bodies answer and publish


def _responses(ids: Ids, options: Options) -> Made | None:
    found = queries.responses_block(slug=ids["slug"], **moment())
    if found is None:
        return None
    shown = found.reports[:MOST_REPORTS]
    answered = sum(bool(report.responses) for report in found.reports)
    values = {
        "force": found.force.official_name,
        "reports": len(found.reports),
        "answered": answered,
    }
    spec = charts.listed(
        title=_("Reports on %(force)s and the responses to them") % values,
        description=_(
            "Reports on %(force)s in this record: %(reports)d; with a response that is known here: %(answered)d. Where "
            "none is listed, none is known here, which does not mean that none was published."
        )
        % values,
        columns=[_("Report"), _("Published"), _("Response")],
        rows=[_report(report) for report in shown] or [(_("No report is recorded here yet"), "–", "–")],
        source=SourceLine(
            text=_("The inspectorate’s reports and the policing body’s own pages, as recorded here"),
            date=words.partial_date(
                max((r.published for r in found.reports if r.published), default=None, key=lambda d: d.first)
            ),
        ),
        notes=[
            *_earlier(len(found.reports) - len(shown)),
            _(
                "The policing body must publish its comments within 56 days that begin with the day of publication "
                "(Police Act 1996, section 55)."
            ),
        ],
    )
    return Made(subject=found.force.official_name, spec=spec, notices=_ended(found.force))


MOST_REPORTS = 5
"""A register of more would be longer than the page around it."""


def _earlier(count: int) -> tuple[str, ...]:
    """Say how many earlier reports are on the page alone."""
    if not count:
        return ()
    said = ngettext(
        "%(count)d earlier report is on the page.", "%(count)d earlier reports are on the page.", count
    )
    return (said % {"count": count},)


def _report(report: ReportFacts) -> tuple[str, str, str]:
    """Give the row of one report: its title, its day, what answers it and how that stands to the 56 days."""
    day = words.partial_date(report.published)
    if report.published and not report.date_confirmed:
        day = _("%(day)s, not confirmed by the inspectorate") % {"day": day}
    answers = [
        _("%(kind)s by %(body)s, %(day)s")
        % {
            "kind": ResponseKind(response.kind).label,
            "body": response.body,
            "day": words.partial_date(response.published),
        }
        for response in report.responses
    ]
    return report.title, day, words.sentences(*answers, words.clock_words(report.clock))


def _required(ids: Ids, options: Options) -> Made | None:
    page = queries.required_page(slug=ids["slug"], at=timezone.now())
    if page is None:
        return None
    return Made(subject=page.force.official_name, spec=required_list(page), notices=_ended(page.force))


BLOCKS = (
    Block(name="history", route="forces/<slug:slug>/history", label=gettext_lazy("Grade history"),
          shape=Shape.LETTERS, page="force-detail", make=_history),
    Block(name="theme", route="forces/<slug:slug>/themes/<slug:theme>", label=gettext_lazy("One theme"),
          shape=Shape.LETTERS, page="force-detail", make=_strip),
    Block(name="badge", route="forces/<slug:slug>/badge/<slug:theme>", label=gettext_lazy("Newest grade"),
          shape=Shape.BADGE, page="force-detail", make=_badge),
    Block(name="numbers", route="forces/<slug:slug>/numbers", label=gettext_lazy("Force in numbers"),
          shape=Shape.NUMBERS, page="force-detail", make=_numbers),
    Block(name="responses", route="forces/<slug:slug>/responses", label=gettext_lazy("Responses to reports"),
          shape=Shape.LIST, page="force-detail", make=_responses),
    Block(name="required-information", route="forces/<slug:slug>/required-information",
          label=gettext_lazy("Required information"), shape=Shape.LIST, page="required-information", make=_required),
    Block(name="force-metric", route="forces/<slug:slug>/metrics/<slug:metric>", label=gettext_lazy("Over time"),
          shape=Shape.PICTURE, page="force-metric", make=_metric),
    Block(name="printed", route="forces/<slug:slug>/<cycle:cycle>/<slug:figure>",
          label=gettext_lazy("As the report printed it"), shape=Shape.PICTURE, page="inspection-detail", make=_printed),
    Block(name="metric", route="metrics/<slug:metric>", label=gettext_lazy("All forces"),
          shape=Shape.RANKING, page="metric-detail", make=_ranking),
    Block(name="metric-map", route="metrics/<slug:metric>/map", label=gettext_lazy("Map"),
          shape=Shape.PICTURE, page="metric-detail", make=_metric_map),
    Block(name="metric-trend", route="metrics/<slug:metric>/trend", label=gettext_lazy("England and Wales over time"),
          shape=Shape.PICTURE, page="metric-detail", make=_metric_trend),
    Block(name="compared", route="compare/<forces:forces>/<slug:metric>", label=gettext_lazy("Forces beside one another"),
          shape=Shape.PICTURE, page="compare", make=_compared),
    Block(name="cycle", route="cycles/<cycle:cycle>", label=gettext_lazy("How grades are spread"),
          shape=Shape.SPREAD, page="cycle-detail", make=_cycle),
    Block(name="cycle-map", route="cycles/<cycle:cycle>/map", label=gettext_lazy("Map of the best recorded question"),
          shape=Shape.PICTURE, page="cycle-detail", make=_cycle_map),
    Block(name="map", route="map/<slug:theme>", label=gettext_lazy("Map"),
          shape=Shape.PICTURE, page="theme-detail", make=_theme_map),
)  # fmt: skip
"""Every block that there is."""

BY_NAME = {block.name: block for block in BLOCKS}

OF_PAGE = {
    "force-detail": "history",
    "inspection-detail": "history",
    "response-detail": "responses",
    "required-information": "required-information",
    "force-metric": "force-metric",
    "metric-detail": "metric",
    "cycle-detail": "cycle",
    "theme-detail": "map",
}
"""The block that stands for a page where somebody pastes the page's address."""
