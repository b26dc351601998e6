"""The cells of a grade history as HTML. A page has a hundred and more: filling a template for each took a fifth of its time."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from grades import words
from grades.history import Fold, GradePoint, HistoryCell
from grades.scales import CellState


def history_cell(
    cell: HistoryCell, *, fold: Fold | None, force: str, labels: Mapping[str, str], pillar: bool
) -> SafeString:
    """Show one theme (or pillar) in one cycle: every grade with its marks and source, or why there is none.

    `fold` is how a narrow page sets it, None where it stands as it is; `labels` gives each cycle's label by slug.
    """
    shown = cell.shown
    look = "" if shown else " cell--quiet"
    cycles = cell.cycle.label
    if fold and fold.since:
        look += "" if fold.hidden else " cell--run"
        cycles = _("%(first)s to %(last)s") % {"first": fold.since.label, "last": cell.cycle.label}
    if fold and fold.hidden:
        look += " cell--folded"
    return format_html(
        '<td class="cell cell--{}{}"><span class="cell__cycle">{}</span>{}</td>',
        cell.state,
        look,
        cycles,
        _points(cell, shown, force, labels) if shown else _quiet(cell, pillar=pillar),
    )


def _quiet(cell: HistoryCell, *, pillar: bool) -> SafeString:
    """Say why a cell has no grade."""
    if not cell.points and cell.covered_by:
        return format_html(
            '<span class="state">{}</span> <span class="cell__more">{} {}</span>',
            _("No question of its own"),
            _("within"),
            ", ".join(cell.covered_by),
        )
    why = _("No pillar grade") if pillar and not cell.points else words.state_short(cell.state)
    return format_html('<span class="state">{}</span>', why)


def _points(
    cell: HistoryCell, shown: tuple[GradePoint, ...], force: str, labels: Mapping[str, str]
) -> SafeString:
    """Show the grades of a cell one above another, and how many questions the record lacks."""
    page = reverse("inspection-detail", args=[force, cell.cycle.slug])
    named = len(cell.points) > 1
    points = format_html_join("", "{}", ((_point(point, page, labels, named=named),) for point in shown))
    if not cell.unrecorded:
        return points
    return format_html('{}<span class="cell__more">{}</span>', points, words.unrecorded_words(cell))


def _point(point: GradePoint, page: str, labels: Mapping[str, str], *, named: bool) -> SafeString:
    """Show what one question was given, linked to its place on the inspection's page, with what a reader must know."""
    question = ""
    if named and not point.question.is_pillar_judgment:
        question = format_html('<span class="point__question">{}</span>', point.question.short_title)
    own = f"{page}#q{point.question.key}"
    return format_html(
        '<div class="point">{}<a class="point__grade" href="{}">{}</a>{}{}</div>',
        question,
        own,
        _grade(point),
        _marks(point, labels),
        _source(point, own, labels),
    )


def _grade(point: GradePoint) -> SafeString:
    """Show a grade on its colour, or the state in words."""
    if point.level is None:
        return format_html('<span class="state state--told">{}</span>', words.state_short(point.state))
    return format_html(
        '<span class="grade grade--{}{}">{}</span>',
        point.level,
        " grade--carried" if point.state == CellState.CARRIED_FORWARD else "",
        words.grade_word(point.level),
    )


def _marks(point: GradePoint, labels: Mapping[str, str]) -> SafeString:
    """Show what must be known with a grade, mark by mark; doubts look like doubts."""
    plain = (
        point.withheld_reason,
        words.carried_words(point, labels),
        words.change_words(point, labels),
        words.amendment_words(point),
        words.corrected_words(point),
        words.note_words(point),
    )
    said = format_html_join("", '<span class="point__mark">{}</span>', ((mark,) for mark in plain if mark))
    if point.unchecked:
        said += format_html(
            '<span class="point__mark mark">{}<span class="visually-hidden"> {}</span></span>',
            _("not yet checked"),
            _("against the report"),
        )
    if point.disagreeing:
        said += format_html('<span class="point__mark mark">{}</span>', _("sources disagree"))
    return said


def _source(point: GradePoint, own: str, labels: Mapping[str, str]) -> SafeString | str:
    """Link the source that states the grade, or the place where all of them stand."""
    if not point.sources:
        return ""
    return format_html(
        '<a class="point__source" href="{}">{}<span class="visually-hidden"> {}</span></a>',
        point.source_address or own,
        _("source"),
        _("for %(question)s, %(cycle)s")
        % {"question": point.question.short_title, "cycle": labels.get(point.cycle, point.cycle)},
    )
