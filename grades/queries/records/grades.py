"""Grades as they are stored, one a record, with every source."""

from dataclasses import dataclass

from django.db.models import OuterRef

from grades import models
from grades.history import CycleFacts, GradePoint
from grades.queries.framework import covered_themes, cycle_facts
from grades.queries.points import GRADE, citations_of, grade_point, told
from grades.queries.records.framework import breaks_off, question_facts
from grades.queries.records.pieces import Piece, Wanted, band_before, cut, flat, narrowed, piece
from grades.scales import Level, State


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRecord:
    """One grade. `break_before` says whether it cannot be compared with grades of the cycle before.

    `inspection` is the kind of inspection that gave it. Changes since an earlier grade are not worked out here.
    """

    key: int
    force: str
    force_name: str
    ons_code: str
    inspection: str
    cycle: CycleFacts
    break_before: bool
    report_title: str
    point: GradePoint


def grades(
    wanted: Wanted,
    *,
    number: tuple[int, ...] = (),
    force: tuple[str, ...] = (),
    cycle: tuple[str, ...] = (),
    theme: tuple[str, ...] = (),
    pillar: tuple[str, ...] = (),
    question: tuple[int, ...] = (),
    state: State | None = None,
    level: Level | None = None,
    checked: bool | None = None,
) -> Piece[GradeRecord]:
    """List the grades of published inspections by number, in two queries; `checked` keeps those that are, or are not."""
    stored = models.Grade.objects.filter(inspection__in=models.Inspection.objects.published(wanted.at))
    if checked is not None:
        open_ones = models.Grade.objects.unchecked().values("pk")
        stored = stored.exclude(level="").exclude(pk__in=open_ones) if checked else stored.unchecked()
    wishes = {
        "pk": number,
        "inspection__force__slug": force,
        "inspection__cycle__slug": cycle,
        "question__theme__slug": theme,
        "question__pillar__slug": pillar,
        "question": question,
        "state": [state] if state else None,
        "level": [level] if level else None,
    }
    rows = (
        told(stored, at=wanted.at)
        .select_related("report", "inspection__force", "inspection__cycle", "carried_from")
        .select_related("question__cycle", "question__pillar", "question__theme")
        .annotate(covers=covered_themes("question"), before=band_before(OuterRef("inspection__cycle__order")))
    )
    found = cut(narrowed(rows, wishes), wanted, "pk")
    citations = citations_of(found[0])
    return piece(
        found,
        lambda row: GradeRecord(
            key=row.pk,
            force=row.inspection.force.slug,
            force_name=row.inspection.force.official_name,
            ons_code=row.inspection.force.ons_code,
            inspection=row.inspection.kind,
            cycle=cycle_facts(row.inspection.cycle, held=True),
            break_before=breaks_off(row.before, row.inspection.cycle.band),
            report_title=row.report.title if row.report else "",
            point=grade_point(
                flat(row, GRADE),
                question=question_facts(row.question, covers=row.covers),
                citations=citations.get(row.pk, ()),
            ),
        ),
    )
