"""Tables of the list pages, over plain rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades import words
from grades.dates import PartialDate, Precision
from grades.history import GradePoint, QuestionFacts
from grades.scales import LETTERS, TIERS


class ForceTable(tables.Table):
    """Every force, with its latest report."""

    name = tables.Column(
        verbose_name=_("Force"),
        linkify=lambda record: reverse("force-detail", args=[record.slug]),
        attrs={"td": {"class": "row-head"}},
    )
    region = tables.Column(verbose_name=_("Region"))
    nation = tables.Column(verbose_name=_("Nation"))
    body = tables.Column(verbose_name=_("Held to account by"))
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
        when = ""
        if record.latest_report:
            known = PartialDate(record.latest_report, Precision(record.latest_precision))
            when = format_html(' <span class="aside">{}</span>', words.partial_date(known))
        address = reverse("inspection-detail", args=[record.slug, record.latest_cycle_slug])
        label = format_html(
            '{}<span class="visually-hidden"> {}</span>',
            record.latest_cycle,
            _("of %s") % record.official_name,
        )
        return format_html('<a href="{}">{}</a>{}', address, label, when)


class GradeColumn(tables.Column):
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

    def order(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        """Sort by grade within the cycle's own scale, forces without one last; no points, no ranks."""
        last = len(self.scale)

        def place(row: Any) -> tuple[int, str]:
            level = row.points[self.index].level
            return (last if level is None else self.scale[level], row.name)

        rows.data.sort(key=place, reverse=descending)
        return rows, True

    def render(self, value: Sequence[GradePoint], record: Any) -> SafeString:
        """Show a grade, or the state in words."""
        return grade_cell(value[self.index])


def grade_cell(point: GradePoint) -> SafeString:
    """Show one grade compactly: a letter on its colour, the word beside it for those who cannot see it."""
    if point.level is None:
        return format_html('<span class="state">{}</span>', words.state_short(point.state))
    carried = "grade--carried" if point.state == "carried-forward" else ""
    marks = [words.carried_words(point, {}), words.unchecked_words() if point.unchecked else ""]
    said = ", ".join([words.grade_word(point.level), *(mark for mark in marks if mark)])
    flag = format_html('<span class="grade__flag" aria-hidden="true">?</span>') if point.unchecked else ""
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


class CycleTable(tables.Table):
    """Every force on every question of one cycle."""

    name = tables.Column(verbose_name=_("Force"), attrs={"td": {"class": "row-head"}}, empty_values=())
    region = tables.Column(verbose_name=_("Region"))

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


def by_region(table: tables.Table) -> Iterator[tuple[str, list[Any]]]:
    """Give a table's rows region by region, each in the table's own order."""
    groups: dict[str, list[Any]] = {}
    for row in table.rows:
        groups.setdefault(row.record.region, []).append(row)
    yield from sorted(groups.items())
