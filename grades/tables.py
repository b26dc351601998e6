"""Tables of the list pages, over plain rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData
from django_tables2.rows import BoundRow
from django_tables2.utils import OrderBy, OrderByTuple

from grades import words
from grades.dates import PartialDate, Precision
from grades.history import CycleFacts, GradePoint, HistoryRow, QuestionFacts
from grades.scales import LETTERS, TIERS, CellState
from grades.series import ENGLAND_AND_WALES


class Rows(TableListData):
    """Plain rows that a column may sort in its own way."""

    def order_by(self, aliases: Sequence[str]) -> None:
        """Sort by the last wish first, so that the first one counts most; names settle what is equal."""
        self.data.sort(key=lambda row: row.name)
        for alias in reversed(aliases):
            column = self.table.columns[OrderBy(alias).bare].column
            if isinstance(column, SortingColumn):
                column.sort(self.data, descending=alias.startswith("-"))
            else:
                super().order_by([alias])


class RowTable(tables.Table):
    """A table over plain rows."""

    def sorts(self, wish: str) -> bool:
        """Say whether a wish about order names a column that sorts; a minus before it sorts downwards."""
        name = wish.removeprefix("-")
        return name in self.columns.names() and self.columns[name].orderable

    @property
    def order_by(self) -> OrderByTuple:
        """Give what the rows are sorted by."""
        return self._order_by

    @order_by.setter
    def order_by(self, wishes: Iterable[str]) -> None:
        """Sort by the wishes that make sense; the library takes any other with a dot for an old way of writing paths."""
        self._order_by = OrderByTuple(wish for wish in wishes if self.sorts(wish))
        self.data.order_by(self._order_by)

    @property
    def data(self) -> Rows:
        """Give the rows."""
        return self._rows

    @data.setter
    def data(self, value: TableListData) -> None:
        self._rows = Rows(value.data)

    @cached_property
    def cell_attributes(self) -> dict[str, SafeString]:
        """Give the attributes of each column's cells, which are the same in every row, with a space before them."""
        found = ((column.name, column.attrs["td"]) for column in self.columns)
        return {name: format_html(" {}", td.as_html()) if td else SafeString() for name, td in found}


def table_row(row: BoundRow) -> SafeString:
    """Write one row: its first cell heads it. A template's loop over thousands of cells takes three times as long."""
    attributes = row.table.cell_attributes
    head, *cells = row.items()
    return format_html(
        '<tr>\n<th scope="row">{}</th>\n{}</tr>',
        head[1],
        format_html_join("", "<td{}>{}</td>\n", ((attributes[column.name], cell) for column, cell in cells)),
    )


class SortingColumn(tables.Column):
    """A column with an order of its own: what has a place by that order, then the rest, whichever way it is sorted."""

    def place(self, row: Any) -> Any:
        """Give what a row is sorted by; None for a row that always comes last."""
        raise NotImplementedError

    def sort(self, rows: list[Any], *, descending: bool) -> None:
        """Sort rows in place."""
        placed = [row for row in rows if self.place(row) is not None]
        rest = [row for row in rows if self.place(row) is None]
        rows[:] = [*sorted(placed, key=self.place, reverse=descending), *rest]


ONLY_WIDE = {"th": {"class": "only-wide"}, "td": {"class": "only-wide"}}
"""Columns that a narrow page leaves out; what they say stands on the page that each row leads to."""


class ForceTable(RowTable):
    """Every force, with its latest report."""

    name = tables.Column(
        verbose_name=_("Force"),
        linkify=lambda record: reverse("force-detail", args=[record.slug]),
        attrs={"td": {"class": "row-head"}},
    )
    region = tables.Column(verbose_name=_("Region"), attrs=ONLY_WIDE)
    body = tables.Column(verbose_name=_("Held to account by"), attrs=ONLY_WIDE)
    latest = tables.Column(
        verbose_name=_("Latest report recorded here"),
        accessor="latest_report",
        order_by=("latest_report", "name"),
        empty_values=(),
    )

    class Meta:
        template_name = "tables/table.html"
        order_by = ("name",)
        row_header = "name"

    def render_latest(self, record: Any) -> SafeString | str:
        """Link the newest inspection, with the date as far as it is known."""
        if not record.latest_cycle:
            return str(_("none recorded here yet"))
        known = None
        if record.latest_report:
            known = PartialDate(record.latest_report, Precision(record.latest_precision))
        doubt = "" if known is None or record.latest_confirmed else _(", not confirmed")
        when = format_html(' <span class="aside">{}{}</span>', words.partial_date(known), doubt)
        address = reverse("inspection-detail", args=[record.slug, record.latest_cycle_slug])
        label = format_html(
            '{}<span class="visually-hidden"> {}</span>',
            record.latest_cycle,
            _("of %s") % record.official_name,
        )
        return format_html('<a href="{}">{}</a>{}', address, label, when)


class GradeColumn(SortingColumn):
    """One question's grades: the letter in its colour with the word for everybody, sorted by the cycle's scale."""

    def __init__(self, question: QuestionFacts, index: int, tiers: int) -> None:
        self.index = index
        self.scale = {level: rank for rank, level in enumerate(TIERS[tiers])}
        super().__init__(
            verbose_name=question.short_title,
            accessor="points",
            empty_values=(),
            attrs={"th": {"class": "grade-column"}, "td": {"class": "grade-cell"}},
        )

    def place(self, row: Any) -> int | None:
        """Give the grade's place on the cycle's own scale; no points, no ranks."""
        level = row.points[self.index].level
        return None if level is None else self.scale[level]

    def render(self, value: Sequence[GradePoint], record: Any) -> SafeString:
        """Show a grade, or the state in words."""
        return grade_cell(value[self.index])


def grade_cell(point: GradePoint) -> SafeString:
    """Show one grade compactly: a letter on its colour, the word beside it for those who cannot see it."""
    if point.level is None:
        return format_html('<span class="state">{}</span>', words.state_short(point.state))
    carried = "grade--carried" if point.state == CellState.CARRIED_FORWARD else ""
    marks = _marks(point)
    said = ", ".join([words.grade_word(point.level), *(mark for mark in marks if mark)])
    signs = f"{'?' if point.unchecked else ''}{'*' if any(marks[2:]) else ''}"
    flag = format_html('<span class="grade__flag" aria-hidden="true">{}</span>', signs) if signs else ""
    return format_html(
        '<span class="grade grade--{} grade--letter {}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>{}',
        point.level,
        carried,
        said,
        LETTERS[point.level],
        said,
        flag,
    )


def _marks(point: GradePoint) -> list[str]:
    """Give what a reader must know with a grade, "" for what is not so: where it is from, who confirms it, then the rest."""
    return [
        words.carried_words(point, {}),
        words.unchecked_words() if point.unchecked else "",
        words.amendment_words(point),
        words.corrected_words(point),
        words.disagreement_words(point),
        words.note_words(point),
    ]


class CycleTable(RowTable):
    """Every force on every question of one cycle."""

    name = tables.Column(verbose_name=_("Force"), attrs={"td": {"class": "row-head"}}, empty_values=())
    region = tables.Column(verbose_name=_("Region"), attrs=ONLY_WIDE)

    class Meta:
        template_name = "tables/table.html"
        order_by = ("name",)
        row_header = "name"

    def __init__(
        self, lines: Iterable[Any], questions: Sequence[QuestionFacts], tiers: int, cycle: str, **kwargs: Any
    ) -> None:
        self.cycle = cycle
        columns = [
            (f"q{index}", GradeColumn(question, index, tiers)) for index, question in enumerate(questions)
        ]
        super().__init__(list(lines), extra_columns=columns, **kwargs)

    def render_name(self, value: str, record: Any) -> SafeString:
        """Link the inspection where there is one, the force otherwise."""
        if record.has_page:
            return format_html(
                '<a href="{}">{}</a>', reverse("inspection-detail", args=[record.slug, self.cycle]), value
            )
        return format_html('<a href="{}">{}</a>', reverse("force-detail", args=[record.slug]), value)


class CycleColumn(SortingColumn):
    """One cycle's grades on one theme, in words; sorted by the first grade on the cycle's own scale."""

    def __init__(self, cycle: CycleFacts, index: int) -> None:
        self.index = index
        self.scale = {level: rank for rank, level in enumerate(TIERS[cycle.tiers])}
        super().__init__(
            verbose_name=cycle.label,
            accessor="row",
            empty_values=(),
            attrs={"th": {"class": "grade-column"}},
        )

    def place(self, row: Any) -> int | None:
        """Give the place of the first grade on the cycle's own scale."""
        levels = (p.level for p in row.row.cells[self.index].points if p.level is not None)
        return next((self.scale[level] for level in levels), None)

    def render(self, value: HistoryRow, record: Any) -> SafeString:
        """Show every grade of the cell with its word; a cell without one says why."""
        cell = value.cells[self.index]
        if not cell.shown:
            said = words.no_question_words(cell) if cell.covered_by else words.state_short(cell.state)
            return format_html('<span class="state">{}</span>', said)
        show = _named if len(cell.points) > 1 else grade_word_cell
        points = format_html_join(" ", "{}", ((show(point, record.slug),) for point in cell.shown))
        if not cell.unrecorded:
            return points
        return format_html('{} <span class="cell__more">{}</span>', points, words.unrecorded_words(cell))


def _named(point: GradePoint, force: str) -> SafeString:
    """Show one of several grades of a cell below its question."""
    if point.question.is_pillar_judgment:
        return grade_word_cell(point, force)
    title = point.question.short_title
    return format_html(
        '<span class="point"><span class="point__question">{}</span> {}</span>',
        title,
        grade_word_cell(point, force),
    )


def grade_word_cell(point: GradePoint, force: str) -> SafeString:
    """Show one grade as its word, linked to its inspection, with what a reader must know."""
    if point.level is None:
        return format_html('<span class="state">{}</span>', words.point_state(point, {}))
    return format_html(
        '<a class="point__grade" href="{}#q{}"><span class="grade grade--{}{}">{}</span></a>{}',
        reverse("inspection-detail", args=[force, point.cycle]),
        point.question.key,
        point.level,
        " grade--carried" if point.state == CellState.CARRIED_FORWARD else "",
        words.grade_word(point.level),
        format_html_join(
            "", '<span class="point__mark">{}</span>', ((mark,) for mark in _marks(point) if mark)
        ),
    )


class BreakColumn(tables.Column):
    """The gutter of a break: nothing is compared across it, and its heading says why."""

    def __init__(self, cycle: CycleFacts) -> None:
        super().__init__(
            verbose_name=_("Break before %(label)s") % {"label": cycle.label},
            accessor="slug",
            orderable=False,
            attrs={"th": {"class": "gutter"}, "td": {"class": "gutter"}},
        )
        self.label = words.break_label(presumed=cycle.break_presumed)

    def render(self, value: str) -> SafeString:
        """Say in words, for those who do not see the gutter, that nothing is compared."""
        return format_html('<span class="visually-hidden">{}</span>', self.label)


class ThemeTable(RowTable):
    """One theme for every force, cycle by cycle, with a gutter at every break."""

    name = tables.Column(
        verbose_name=_("Force"), linkify=lambda record: reverse("force-detail", args=[record.slug])
    )

    class Meta:
        template_name = "tables/table.html"
        order_by = ("name",)

    def __init__(self, page: Any, **kwargs: Any) -> None:
        columns: list[tuple[str, tables.Column]] = []
        for index, cycle in enumerate(page.cycles):
            if cycle in page.breaks:
                columns.append((f"b{index}", BreakColumn(cycle)))
            columns.append((f"c{index}", CycleColumn(cycle, index)))
        super().__init__(list(page.lines), extra_columns=columns, **kwargs)


class PeriodColumn(SortingColumn):
    """One period's figures, sorted by value with missing ones last."""

    def __init__(self, ends_before: date, decimals: int) -> None:
        self.ends_before = ends_before
        self.decimals = decimals
        super().__init__(
            verbose_name=words.month(ends_before - timedelta(days=1)),
            accessor="observations",
            empty_values=(),
            attrs={"th": {"class": "numeric"}, "td": {"class": "numeric"}},
        )

    def place(self, row: Any) -> Decimal | None:
        """Give the figure of this period."""
        found = row.at(self.ends_before)
        return found.value if found else None

    def render(self, record: Any) -> str:
        """Show the figure, or that none is recorded."""
        found = record.at(self.ends_before)
        return words.number(found.value, self.decimals) if found else str(_("none"))


class MetricTable(RowTable):
    """One metric for every force, newest period first."""

    name = tables.Column(verbose_name=_("Force"))

    class Meta:
        template_name = "tables/table.html"
        order_by = ("name",)

    def __init__(self, page: Any, **kwargs: Any) -> None:
        self.metric = page.metric.slug
        columns = [(f"p{ends:%Y%m%d}", PeriodColumn(ends, page.metric.decimals)) for ends in page.periods]
        super().__init__([*page.series, page.comparator], extra_columns=columns, **kwargs)

    def render_name(self, value: str, record: Any) -> SafeString | str:
        """Link the force's own page of the metric."""
        if not record.observations or record.area == ENGLAND_AND_WALES:
            return value
        return format_html(
            '<a href="{}">{}</a>', reverse("force-metric", args=[record.area, self.metric]), value
        )


def ignored_wishes(table: RowTable, asked: QueryDict) -> tuple[str, ...]:
    """Name the wishes about order and pages that make no sense for a table, which stands on one page and is sorted by its own columns."""
    orders = [wish for wish in asked.getlist(table.prefixed_order_by_field) if wish]
    pages = [wish for wish in asked.getlist(table.prefixed_page_field) if wish not in ("", "1")]
    return tuple(wish for wish in orders if not table.sorts(wish)) + tuple(pages)


def by_region(table: tables.Table) -> Iterator[tuple[str, list[Any]]]:
    """Give a table's rows region by region, each in the table's own order."""
    groups: dict[str, list[Any]] = {}
    for row in table.rows:
        groups.setdefault(row.record.region, []).append(row)
    yield from sorted(groups.items())
