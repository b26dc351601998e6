"""The inspectorate's framework as plain facts, for every page that lays grades out."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from grades import models
from grades.history import CycleFacts, Framework, PillarFacts, QuestionFacts, ThemeFacts
from grades.scales import Level, Relation


def load_cycles(*, at: datetime) -> tuple[CycleFacts, ...]:
    """Load the cycles, oldest first, each with whether any inspection of it is held; one query."""
    seen = models.Inspection.objects.published(at).filter(cycle=OuterRef("pk"))
    return tuple(
        cycle_facts(cycle, held=cycle.held)
        for cycle in models.Cycle.objects.annotate(held=Exists(seen)).order_by("order")
    )


def cycle_facts(cycle: models.Cycle, *, held: bool) -> CycleFacts:
    """Turn a cycle's row into plain facts; `held` says whether any inspection of it is."""
    return CycleFacts(
        slug=cycle.slug,
        label=cycle.label,
        order=cycle.order,
        tiers=cycle.tiers,
        band=cycle.band,
        inspectorate=cycle.inspectorate,
        questions_complete=cycle.questions_complete,
        break_reason=cycle.break_reason,
        break_address=cycle.break_address,
        break_presumed=cycle.break_presumed,
        held=held,
        published_text=cycle.published_text,
        about=cycle.about,
    )


def covered_themes(question: str) -> ArraySubquery:
    """Make the column that holds the slugs of the themes that a question also covers; `question` leads to it."""
    covers = models.Question.also_covers.through.objects.filter(question=OuterRef(question))
    return ArraySubquery(covers.values("theme__slug").order_by("theme__order"))


def framework(*, at: datetime) -> Framework:
    """Load the whole framework in three queries: cycles, themes, questions with their links."""
    follows = models.QuestionLink.objects.filter(to_question=OuterRef("pk"), relation=Relation.SAME)
    questions = (
        models.Question.objects.annotate(
            follows=ArraySubquery(follows.filter(from_question__isnull=False).values("from_question_id")),
            covers=covered_themes("pk"),
        )
        .order_by("cycle__order", "order", "pk")
        .values_list(
            "pk",
            "cycle__slug",
            "pillar__slug",
            "pillar__title",
            "pillar__order",
            "number",
            "title",
            "short_title",
            "graded",
            "wording",
            "applies_to",
            "theme__slug",
            "covers",
            "address",
            "order",
            "follows",
            named=True,
        )
    )
    found = list(questions)
    pillars = {q.pillar__slug: q for q in found if q.pillar__slug}
    return Framework(
        cycles=load_cycles(at=at),
        themes=tuple(
            ThemeFacts(slug=theme.slug, title=theme.title, summary=theme.summary)
            for theme in models.Theme.objects.order_by("order")
        ),
        pillars=tuple(
            PillarFacts(slug=slug, title=q.pillar__title)
            for slug, q in sorted(pillars.items(), key=lambda pillar: pillar[1].pillar__order)
        ),
        questions=tuple(
            QuestionFacts(
                key=q.pk,
                cycle=q.cycle__slug,
                pillar=q.pillar__slug,
                number=q.number,
                title=q.title,
                short_title=q.short_title,
                graded=q.graded,
                wording=q.wording,
                applies_to=q.applies_to,
                theme=q.theme__slug,
                also_covers=tuple(q.covers),
                address=q.address,
                order=q.order,
            )
            for q in found
        ),
        links={(earlier, q.pk): Relation.SAME.value for q in found for earlier in q.follows},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeMeaning:
    """What one grade means in one cycle, in our own words; empty where no definition is recorded."""

    level: Level
    definition: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """How one question follows another; either side may be empty for a new or dropped question."""

    earlier: str
    earlier_cycle: str
    later: str
    later_cycle: str
    relation: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkPage:
    """The framework with the meanings of its grades and the lineage of its questions, for the about pages."""

    framework: Framework
    meanings: dict[str, tuple[GradeMeaning, ...]]
    links: tuple[LinkFacts, ...]


def framework_page(*, at: datetime) -> FrameworkPage:
    """Load what the about pages explain."""
    facts = framework(at=at)
    meanings: dict[str, list[GradeMeaning]] = {cycle.slug: [] for cycle in facts.cycles}
    rank = {level: index for index, level in enumerate(Level)}
    definitions = models.GradeDefinition.objects.select_related("cycle")
    for row in sorted(definitions, key=lambda d: rank[Level(d.level)]):
        meanings[row.cycle.slug].append(
            GradeMeaning(level=Level(row.level), definition=row.definition, address=row.address)
        )
    links = models.QuestionLink.objects.select_related("from_question__cycle", "to_question__cycle").order_by(
        "pk"
    )
    return FrameworkPage(
        framework=facts,
        meanings={cycle: tuple(rows) for cycle, rows in meanings.items()},
        links=tuple(
            LinkFacts(
                earlier=row.from_question.short_title if row.from_question else "",
                earlier_cycle=row.from_question.cycle.label if row.from_question else "",
                later=row.to_question.short_title if row.to_question else "",
                later_cycle=row.to_question.cycle.label if row.to_question else "",
                relation=str(Relation(row.relation).label),
                reason=row.reason,
            )
            for row in links
        ),
    )
