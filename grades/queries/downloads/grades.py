"""Every grade with the source that speaks for it first, and every source of every grade."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from grades import models, words
from grades.history import CycleFacts, Framework, QuestionFacts, breaks_among, missing_point
from grades.queries.downloads.cells import (
    Cells,
    Contents,
    breaks,
    coded,
    corrected,
    cycle,
    force,
    question,
    report,
    source,
    stated,
    themes,
    yes_no,
)
from grades.queries.framework import framework
from grades.scales import CellState, InspectionKind, Level, SourceKind

PLACE = ("inspection__force", "inspection__cycle__order", "inspection", "question__order", "pk")
"""Forces as the record has them, then oldest cycle first, then as the framework orders its questions."""


def all_grades(at: datetime) -> Contents:
    """Give what `datasets.GRADES` holds, but for the licence."""
    facts = framework(at=at)
    return Contents(stored=grades(at), cells=grade_cells(at, facts), rest=lambda: gaps(at, facts))


def all_sources(at: datetime) -> Contents:
    """Give what `datasets.GRADE_SOURCES` holds, but for the licence."""
    return Contents(stored=sources(at), cells=source_cells(framework(at=at)))


def grades(at: datetime) -> QuerySet[models.Grade]:
    """Give every public grade once, with the source that speaks for it first: one that agrees, the inspectorate before others."""
    agrees = Case(When(citations__level=F("level"), then=0), default=1)
    speaks = Case(When(citations__source__kind=SourceKind.INSPECTORATE, then=0), default=1)
    checked = F("citations__checked_on").desc(nulls_last=True)
    first = (agrees, speaks, checked, "citations__source__publisher", "citations__pk")
    seen = models.Inspection.objects.published(at)
    return models.Grade.objects.filter(inspection__in=seen).order_by(*PLACE, *first).distinct(*PLACE)


def grade_cells(at: datetime, facts: Framework) -> Cells:
    """Give the columns of a grade."""
    counted = models.Citation.objects.filter(grade=OuterRef("pk")).order_by().values("grade")
    return {
        **force("inspection__force__"),
        **cycle("inspection__"),
        **question("question__"),
        **themes(facts),
        "recorded": Value("true"),
        "state": F("state"),
        "state_words": coded("state", {state: words.state_long(state) for state in CellState.values}),
        "grade": F("level"),
        "grade_words": coded("level", {level: words.grade_word(level) for level in Level.values}),
        "carried_from": F("carried_from__slug"),
        "carried_words": _carried(facts.cycles),
        "unsettled": F("unsettled"),
        "withheld_reason": F("withheld_reason"),
        "band": F("inspection__cycle__band"),
        **breaks("inspection__cycle__slug", facts.cycles),
        **checked("pk"),
        "sources_disagree": yes_no(Q(pk__in=models.Grade.objects.disputed().values("pk"))),
        "amended_on": F("amended_on"),
        "amended_from": F("amended_from"),
        "amended_reason": F("amended_reason"),
        **corrected("grades.grade", ("level", "state"), at=at),
        "summary": F("summary"),
        "note": F("note"),
        **report("report__"),
        **source("citations__source__"),
        **stated("citations__"),
        "sources": Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0),
    }


def checked(grade: str) -> Cells:
    """Say whether a grade, given by its path, is not yet checked against the report."""
    unchecked = Q(**{f"{grade}__in": models.Grade.objects.unchecked().values("pk")})
    said = Case(When(unchecked, then=Value(words.unchecked_words())), default=Value(""))
    return {"not_yet_checked": yes_no(unchecked), "checked_words": said}


def _carried(cycles: tuple[CycleFacts, ...]) -> Any:
    """Say from which cycle a grade is carried forward, or that nobody knows."""
    said = {one.slug: words.carried_from_words(one.label) for one in cycles}
    return Case(
        When(~Q(state=CellState.CARRIED_FORWARD), then=Value("")),
        When(carried_from__isnull=True, then=Value(words.carried_from_words(""))),
        default=coded("carried_from__slug", said),
        output_field=TextField(),
    )


def gaps(at: datetime, facts: Framework) -> Iterator[dict[str, Any]]:
    """Give a row for each cell that has no grade on record, with the state that pages show in its place; two queries, at once.

    Only the cycles of which anything is held, as on the pages.
    """
    seen = models.Inspection.objects.published(at)
    stored = set(
        models.Grade.objects.filter(inspection__in=seen).values_list("inspection__force", "question")
    )
    held = facts.held()
    broken_at = breaks_among(held.cycles)
    said = {asked.key: _gap(asked, facts.cycle(asked.cycle), broken_at) for asked in held.questions}
    forces = tuple(models.Force.objects.order_by("slug").values_list("pk", "slug", "short_name", "ons_code"))
    return (
        {"force": slug, "force_name": name, "force_code": code} | gap
        for pk, slug, name, code in forces
        for question, gap in said.items()
        if (pk, question) not in stored
    )


def _gap(asked: QuestionFacts, of: CycleFacts, broken_at: tuple[CycleFacts, ...]) -> dict[str, Any]:
    state = missing_point(asked).state
    after = of in broken_at
    return {
        "cycle": of.slug,
        "cycle_name": of.label,
        "inspection": InspectionKind.SOC if asked.number == "soc" else InspectionKind.PEEL,
        "pillar": asked.pillar or "",
        "question": asked.number,
        "question_title": asked.shown_title,
        "theme": asked.theme or "",
        "also_covers": ";".join(asked.also_covers),
        "recorded": False,
        "state": state,
        "state_words": words.state_long(state),
        "unsettled": False,
        "band": of.band,
        "break_before": after,
        "break_reason": words.break_reason(of) if after else "",
        "break_address": of.break_address if after else "",
        "break_presumed": after and of.break_presumed,
        "not_yet_checked": False,
        "sources_disagree": False,
        "sources": 0,
    }


def sources(at: datetime) -> QuerySet[models.Citation]:
    """Give every source of every public grade."""
    seen = models.Inspection.objects.published(at)
    return models.Citation.objects.filter(grade__inspection__in=seen).order_by(
        *(f"grade__{path}" for path in PLACE), "source__key", "pk"
    )


def source_cells(facts: Framework) -> Cells:
    """Give the columns of a source."""
    return {
        **force("grade__inspection__force__"),
        **cycle("grade__inspection__"),
        **question("grade__question__"),
        "band": F("grade__inspection__cycle__band"),
        **breaks("grade__inspection__cycle__slug", facts.cycles),
        **checked("grade"),
        **source("source__"),
        **stated(""),
    }
