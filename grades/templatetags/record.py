"""Filters that put facts into words; each only calls a pure function."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grades import words
from grades.charts import ChartSpec, render_key, render_svg
from grades.charts.spec import Column
from grades.dates import PartialDate
from grades.history import CycleFacts, GradePoint, HistoryCell, SourceFacts
from grades.scales import (
    LETTERS,
    Actor,
    Basis,
    Direction,
    FindingKind,
    FindingStatus,
    InspectionKind,
    ReportKind,
    ResponseKind,
    SourceKind,
)

register = template.Library()


@register.filter
def partial_date(value: PartialDate | None) -> str:
    """Give a date as far as it is known."""
    return words.partial_date(value)


@register.filter
def day(value: date) -> str:
    """Give a day as 28 June 2022."""
    return words.day(value)


@register.filter
def number(value: Decimal, decimals: int = 0) -> str:
    """Give a number with its decimals."""
    return words.number(value, decimals)


@register.filter
def period(value: Any) -> str:
    """Give the period of anything with `starts_on` and `ends_before`."""
    return words.period(value.starts_on, value.ends_before)


@register.filter
def grade_word(level: str) -> str:
    """Give a grade's word."""
    return words.grade_word(level)


@register.filter
def grade_letter(level: str) -> str:
    """Give a grade's letter."""
    return LETTERS[level]


@register.filter
def point_state(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Give a grade or state, with where it was carried from."""
    return words.point_state(point, labels)


@register.filter
def point_marks(point: GradePoint, labels: Mapping[str, str]) -> list[str]:
    """Give what a reader must know with a grade, mark by mark."""
    marks = [
        words.carried_words(point, labels),
        words.change_words(point, labels),
        words.amendment_words(point),
        words.disagreement_words(point),
    ]
    return [mark for mark in marks if mark]


@register.filter
def change_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say how a grade changed, where that may be said."""
    return words.change_words(point, labels)


@register.filter
def carried_words(point: GradePoint, labels: Mapping[str, str]) -> str:
    """Say from which cycle a grade was carried."""
    return words.carried_words(point, labels)


@register.filter
def amendment_words(point: GradePoint) -> str:
    """Say how the inspectorate changed a grade."""
    return words.amendment_words(point)


@register.filter
def disagreement_words(point: GradePoint) -> str:
    """Say which sources state something else."""
    return words.disagreement_words(point)


@register.simple_tag
def unchecked_words() -> str:
    """Say that a grade is not yet checked against the report."""
    return words.unchecked_words()


@register.filter
def sentence(text: str) -> str:
    """Give a text as a sentence."""
    return words.sentence(text)


@register.filter
def state_short(state: str) -> str:
    """Give a state in a word or two."""
    return words.state_short(state)


@register.filter
def state_long(state: str) -> str:
    """Say what a state means."""
    return words.state_long(state)


@register.filter
def no_question_words(cell: HistoryCell) -> str:
    """Say why a cycle has no question on a theme."""
    return words.no_question_words(cell)


@register.filter
def break_reason(cycle: CycleFacts) -> str:
    """Say why grades before a cycle are not comparable."""
    return words.break_reason(cycle)


@register.filter
def break_label(cycle: CycleFacts) -> str:
    """Name a break."""
    return words.break_label(presumed=cycle.break_presumed)


@register.filter
def source_words(source: SourceFacts) -> str:
    """Name a source."""
    return words.source_words(source)


@register.filter
def source_kind(kind: str) -> str:
    """Name the kind of a source."""
    return str(SourceKind(kind).label)


@register.filter
def release_words(release: Any) -> str:
    """Name an edition of a data set."""
    return words.release_words(release)


@register.filter
def basis_label(basis: str) -> str:
    """Name where a figure comes from."""
    return str(Basis(basis).label)


@register.filter
def finding_kind(kind: str) -> str:
    """Name a kind of finding."""
    return str(FindingKind(kind).label)


@register.filter
def report_kind(kind: str) -> str:
    """Name a kind of report."""
    return str(ReportKind(kind).label)


@register.filter
def inspection_kind(kind: str) -> str:
    """Name a kind of inspection."""
    return str(InspectionKind(kind).label)


@register.filter
def picture(spec: ChartSpec, id_prefix: str) -> SafeString:
    """Draw a picture; the renderer escapes every text through its templates."""
    return mark_safe(render_svg(spec, paint="css", id_prefix=id_prefix))  # noqa: S308  made by our own templates


@register.filter
def picture_key(spec: ChartSpec) -> SafeString:
    """Give the key of a picture as a list."""
    return mark_safe(render_key(spec))  # noqa: S308  made by our own templates


@register.filter
def actor(value: str) -> str:
    """Say who reports a step."""
    return str(Actor(value).label)


@register.filter
def finding_status(value: str) -> str:
    """Name where a finding stands."""
    return str(FindingStatus(value).label)


@register.filter
def response_kind(value: str) -> str:
    """Name a kind of response."""
    return str(ResponseKind(value).label)


@register.filter
def numeric(columns: Sequence[Column], place: int) -> bool:
    """Say whether the column at a place holds numbers, to be set to the right."""
    return columns[place].numeric


@register.filter
def printed(value: Decimal | None, decimals: int) -> str:
    """Give a printed figure, or say that the report prints none."""
    return _("not printed") if value is None else words.number(value, decimals)


@register.filter
def printed_change(value: Decimal | None, decimals: int) -> str:
    """Give a printed change with its sign, or say that the report prints none."""
    return f"+{printed(value, decimals)}" if value is not None and value > 0 else printed(value, decimals)


@register.filter
def chart_name(place: int) -> str:
    """Give a chart a name of its own on a page of several."""
    return f"chart-{place}-picture"


@register.filter
def direction(value: str) -> str:
    """Say which way of a metric is better, if either."""
    return str(Direction(value).label)


@register.filter
def cycle_label(thing: Any, labels: Mapping[str, str]) -> str:
    """Give the label of the cycle that a question or point belongs to."""
    return labels.get(thing.cycle, thing.cycle)


@register.filter
def spark_name(slug: str) -> str:
    """Give the small picture of a tile a name of its own on a page of several."""
    return f"spark-{slug}"
