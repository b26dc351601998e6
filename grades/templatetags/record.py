"""Filters that put facts into words; each only calls a pure function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import TextChoices
from django.http import QueryDict
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grades import words
from grades.cells import history_cell
from grades.charts import ChartSpec, render_key, render_svg
from grades.charts.spec import Column
from grades.exports import Terms, json_ld
from grades.history import CycleFacts, GradePoint
from grades.scales import LETTERS, Actor, Direction, FindingKind, FindingStatus, ResponseKind, SourceKind
from grades.tables import table_row

register = template.Library()


def label_of(kind: type[TextChoices]) -> Callable[[str], str]:
    """Make the filter that names a value of a kind."""

    def label(value: str) -> str:
        return str(kind(value).label)

    return label


@register.simple_tag(takes_context=True)
def data_block(context: Any, name: str, about: str, *more: str) -> SafeString:
    """Describe the data of a page for search engines: its own files, and `more` addresses. A block of data, never run as a script.

    Nothing for a draft: its address opens it, and search engines are to know nothing of it.
    """
    if context.get("preview"):
        return SafeString("")
    site, path = context["site"], context["request"].path
    terms = Terms(
        site=site["name"],
        base=site["base_url"],
        operator=site["operator"],
        licence=site["licence"]["name"],
        licence_address=site["licence"]["url"],
    )
    files = more or tuple(f"{path.rstrip('/')}.{suffix}" for suffix in ("csv", "json"))
    document = json_ld(
        terms,
        name=name,
        about=about,
        address=f"{terms.base}{path}",
        downloads=[f"{terms.base}{file}" for file in files],
        covers="2014/..",
    )
    return format_html('<script type="application/ld+json">{}</script>\n', mark_safe(document))  # noqa: S308  json_ld escapes what HTML would read


for in_words in (
    words.age_words,
    words.amendment_words,
    words.break_reason,
    words.carried_words,
    words.change_words,
    words.clock_words,
    words.corrected_words,
    words.correction_words,
    words.day,
    words.day_of_56,
    words.grade_word,
    words.number,
    words.partial_date,
    words.point_state,
    words.release_words,
    words.sentence,
    words.source_words,
    words.state_long,
    words.state_short,
):
    register.filter(in_words.__name__, in_words)

register.filter("london", words.moment)
register.filter("direction", label_of(Direction))
register.filter("finding_kind", label_of(FindingKind))
register.filter("finding_status", label_of(FindingStatus))
register.filter("response_kind", label_of(ResponseKind))
register.filter("source_kind", label_of(SourceKind))

register.simple_tag(words.unchecked_words)
register.simple_tag(history_cell)
register.simple_tag(table_row)


@register.simple_tag(takes_context=True)
def again(context: template.Context, block: str) -> SafeString:
    """Give what a block of the page says a second time, for the value of an attribute."""
    blocks = context.render_context[BLOCK_CONTEXT_KEY]
    said = str(blocks.get_block(block).render(context))
    return mark_safe(said.strip().replace('"', "&quot;"))  # noqa: S308  the block has escaped what it was given


@register.filter
def period(value: Any) -> str:
    """Give the period of anything with `starts_on` and `ends_before`."""
    return words.period(value.starts_on, value.ends_before)


@register.filter
def revised(revision: Any, decimals: int) -> str:
    """Say what a figure was revised from, for anything with `newer` and `older`."""
    return words.revised(revision.newer, revision.older, decimals)


@register.filter
def grade_letter(level: str) -> str:
    """Give a grade's letter."""
    return LETTERS[level]


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
def note_words(point: GradePoint) -> str:
    """Give what is noted on a grade."""
    return words.note_words(point)


@register.filter
def standing_words(finding: Any) -> str:
    """Say where a finding stands."""
    return words.standing_words(finding.standing, finding.age)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of those who report steps on a finding, and what they reported."""

    name: str
    steps: tuple[Any, ...]


@register.filter
def by_speaker(steps: Sequence[Any]) -> list[Speaker]:
    """Keep what the inspectorate, the force and the body say apart, the inspectorate first."""
    order = (Actor.INSPECTORATE, Actor.FORCE, Actor.BODY)
    return [
        Speaker(str(actor.label), tuple(step for step in steps if step.actor == actor))
        for actor in order
        if any(step.actor == actor for step in steps)
    ]


@register.filter
def break_label(cycle: CycleFacts) -> str:
    """Name a break."""
    return words.break_label(presumed=cycle.break_presumed)


@register.filter
def picture(spec: ChartSpec, id_prefix: str) -> SafeString:
    """Draw a picture; the renderer escapes every text through its templates."""
    return mark_safe(render_svg(spec, paint="css", id_prefix=id_prefix))  # noqa: S308  made by our own templates


@register.filter
def picture_key(spec: ChartSpec) -> SafeString:
    """Give the key of a picture as a list."""
    return mark_safe(render_key(spec))  # noqa: S308  made by our own templates


@register.filter
def share_address(download: str, query: str = "") -> str:
    """Give the page that hands out a picture to other sites, from the address of its file and what follows; "" for none."""
    stem = download.removesuffix(".svg").replace("/themes/", "/map/", 1)
    if stem.startswith("/compare/metrics/"):
        forces, query = QueryDict(query.removeprefix("?")).get("forces", ""), ""
        stem = stem.replace("metrics", forces, 1)
    try:
        resolve(found := f"/share{stem}/")
    except Resolver404:
        return ""
    return f"{found}{query}"


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
def cycle_label(thing: Any, labels: Mapping[str, str]) -> str:
    """Give the label of the cycle that a question or point belongs to."""
    return labels.get(thing.cycle, thing.cycle)


@register.filter
def spark_name(slug: str) -> str:
    """Give the small picture of a tile a name of its own on a page of several."""
    return f"spark-{slug}"
