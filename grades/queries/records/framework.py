"""Forces, and the inspectorate's framework: cycles, themes, questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from grades import models
from grades.history import CycleFacts, QuestionFacts, ThemeFacts
from grades.queries.forces import TenureFacts, tenure_facts, tenures_of
from grades.queries.framework import GradeMeaning, covered_themes, cycle_facts
from grades.queries.records.pieces import Piece, Wanted, band_before, cut, narrowed, piece
from grades.scales import Level, Nation


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceRecord:
    """One force, with the bodies that have held it to account, newest first; `successor` is a slug, empty for none."""

    slug: str
    official_name: str
    short_name: str
    nation: str
    region: str
    ons_code: str
    rates_compare: bool
    valid_from: date | None
    valid_to: date | None
    successor: str
    bodies: tuple[TenureFacts, ...]


def forces(wanted: Wanted, *, slug: tuple[str, ...] = (), nation: Nation | None = None) -> Piece[ForceRecord]:
    """List the forces by slug, in one query."""
    rows = models.Force.objects.select_related("successor").annotate(tenures_json=tenures_of("pk"))
    return piece(
        cut(narrowed(rows, {"slug": slug, "nation": [nation] if nation else None}), wanted, "slug"),
        lambda row: ForceRecord(
            slug=row.slug,
            official_name=row.official_name,
            short_name=row.short_name,
            nation=row.nation,
            region=row.region,
            ons_code=row.ons_code,
            rates_compare=row.rates_compare,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor=row.successor.slug if row.successor else "",
            bodies=tenure_facts(row.tenures_json),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleRecord:
    """One cycle. `break_before` says whether its grades cannot be compared with those of the cycle before it."""

    cycle: CycleFacts
    break_before: bool
    meanings: tuple[GradeMeaning, ...]


def breaks_off(before: str | None, band: str) -> bool:
    """Say whether a cycle of one band does not compare with the cycle before it; the first breaks off from nothing."""
    return before is not None and before != band


def cycles(wanted: Wanted) -> Piece[CycleRecord]:
    """List the cycles, oldest first, with what their grades mean, in one query."""
    meanings = models.GradeDefinition.objects.filter(cycle=OuterRef("pk")).order_by("pk")
    rows = models.Cycle.objects.annotate(
        before=band_before(OuterRef("order")),
        meanings_json=ArraySubquery(
            meanings.values(json=JSONObject(level="level", definition="definition", address="address"))
        ),
    )
    return piece(
        cut(rows, wanted, "order"),
        lambda row: CycleRecord(
            cycle=cycle_facts(row, held=True),
            break_before=breaks_off(row.before, row.band),
            meanings=tuple(
                GradeMeaning(level=Level(m["level"]), definition=m["definition"], address=m["address"])
                for m in row.meanings_json
            ),
        ),
    )


def themes(wanted: Wanted) -> Piece[ThemeFacts]:
    """List the themes in their order, in one query."""
    return piece(
        cut(models.Theme.objects.all(), wanted, "order"),
        lambda row: ThemeFacts(slug=row.slug, title=row.title, summary=row.summary),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowsFacts:
    """How a question follows another, by that one's number in this record (None for a new question)."""

    question: int | None
    cycle: str
    relation: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """One question of one cycle, and what it follows."""

    question: QuestionFacts
    follows: tuple[FollowsFacts, ...]


def question_facts(row: models.Question, *, covers: Sequence[str]) -> QuestionFacts:
    """Turn a question's row into plain facts; its cycle, pillar and theme must be loaded."""
    return QuestionFacts(
        key=row.pk,
        cycle=row.cycle.slug,
        pillar=row.pillar.slug if row.pillar else None,
        number=row.number,
        title=row.title,
        short_title=row.short_title,
        graded=row.graded,
        wording=row.wording,
        applies_to=row.applies_to,
        theme=row.theme.slug if row.theme else None,
        also_covers=tuple(covers),
        address=row.address,
        order=row.order,
    )


def questions(
    wanted: Wanted,
    *,
    cycle: tuple[str, ...] = (),
    theme: tuple[str, ...] = (),
    pillar: tuple[str, ...] = (),
) -> Piece[QuestionRecord]:
    """List the questions by number, in one query."""
    links = models.QuestionLink.objects.filter(to_question=OuterRef("pk")).order_by("pk")
    rows = models.Question.objects.select_related("cycle", "pillar", "theme").annotate(
        covers=covered_themes("pk"),
        links_json=ArraySubquery(
            links.values(
                json=JSONObject(
                    question=F("from_question_id"),
                    cycle="from_question__cycle__slug",
                    relation="relation",
                    reason="reason",
                )
            )
        ),
    )
    wishes = {"cycle__slug": cycle, "theme__slug": theme, "pillar__slug": pillar}
    return piece(cut(narrowed(rows, wishes), wanted, "pk"), _question)


def _question(row: Any) -> QuestionRecord:
    return QuestionRecord(
        question=question_facts(row, covers=row.covers),
        follows=tuple(
            FollowsFacts(
                question=link["question"],
                cycle=link["cycle"] or "",
                relation=link["relation"],
                reason=link["reason"],
            )
            for link in row.links_json
        ),
    )
