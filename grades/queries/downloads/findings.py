"""Every finding with where it stands, every step on one, and every response to a report."""

from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.lookups import Exact

from grades import models, words
from grades.history import Framework
from grades.queries.downloads.cells import (
    Cells,
    Contents,
    breaks,
    coded,
    corrected,
    cycle,
    force,
    labels,
    partial,
    question,
    report,
    source,
    themes,
)
from grades.queries.findings import public_findings
from grades.queries.framework import framework
from grades.scales import Actor, FindingKind, FindingStatus, ResponseKind, Standing

PLACE = (
    "force__slug",
    F("question__cycle__order").asc(nulls_first=True),
    "question__order",
    "kind",
    "order",
    "pk",
)
"""Forces by name, then oldest first, then as the framework orders its questions."""


def all_findings(at: datetime) -> Contents:
    """Give what `datasets.FINDINGS` holds, but for the licence."""
    return Contents(stored=findings(at), cells=finding_cells(at, framework(at=at)))


def all_steps(at: datetime) -> Contents:
    """Give what `datasets.FINDING_STEPS` holds, but for the licence."""
    return Contents(stored=steps(at), cells=step_cells())


def all_responses(at: datetime) -> Contents:
    """Give what `datasets.RESPONSES` holds, but for the licence."""
    return Contents(stored=responses(at), cells=response_cells(at))


def findings(at: datetime) -> QuerySet[models.Finding]:
    """Give every public finding, each with its standing as `queries.findings` has it: what ends a cause of concern ends its
    recommendations too."""
    standing = Case(
        When(~Q(ended=""), then=F("ended")),
        When(~Q(ended_above="") & Q(parent__isnull=False), then=F("ended_above")),
        default=Value(Standing.OPEN),
        output_field=TextField(),
    )
    return (
        public_findings(at)
        .annotate(ended=_ended("pk", at), ended_above=_ended("parent", at))
        .annotate(stands=standing)
        .order_by(*PLACE)
    )


def _ended(finding: str, at: datetime) -> Case:
    """Say how a finding ended: the inspectorate's last word counts, and then what continues it; empty for one without an end."""
    steps = models.FindingEvent.objects.published(at).filter(
        finding=OuterRef(finding), actor=Actor.INSPECTORATE
    )
    newest = steps.order_by("-happened_on", "-pk")
    closed = newest.annotate(last=F("standing")).values("last")[:1]
    later = public_findings(at).filter(continues=OuterRef(finding))
    return Case(
        When(Exact(Subquery(closed), Value(FindingStatus.CLOSED)), then=Value(Standing.CLOSED)),
        When(Exact(Subquery(closed), Value(FindingStatus.SUPERSEDED)), then=Value(Standing.SUPERSEDED)),
        When(Exists(later), then=Value(Standing.CONTINUED)),
        default=Value(""),
        output_field=TextField(),
    )


def finding_cells(at: datetime, facts: Framework) -> Cells:
    """Give the columns of a finding."""
    broken = breaks("inspection__cycle__slug", facts.cycles)
    return {
        "finding": F("key"),
        **force("force__"),
        **cycle("inspection__"),
        "question_cycle": F("question__cycle__slug"),
        **question("question__"),
        **themes(facts),
        "kind": F("kind"),
        "kind_words": coded("kind", labels(FindingKind)),
        "order": F("order"),
        "cause_of_concern": F("parent__key"),
        "continues": F("continues__key"),
        "text": F("text"),
        "published_on": partial("published_on"),
        "due": F("due"),
        "due_on": F("due_on"),
        "standing": F("stands"),
        "standing_words": coded("stands", {one.value: words.standing_words(one, None) for one in Standing}),
        "break_before": broken["break_before"],
        "break_reason": broken["break_reason"],
        **corrected("grades.finding", ("text", "kind", "due"), at=at),
        **source("source__"),
    }


def steps(at: datetime) -> QuerySet[models.FindingEvent]:
    """Give every public step on a public finding, oldest first for each."""
    return (
        models.FindingEvent.objects.published(at)
        .filter(finding__in=public_findings(at))
        .order_by("finding__force__slug", "finding__key", "happened_on", "pk")
    )


def step_cells() -> Cells:
    """Give the columns of a step."""
    return {
        "finding": F("finding__key"),
        **force("finding__force__"),
        "who": F("actor"),
        "who_words": coded("actor", labels(Actor)),
        "step": F("standing"),
        "step_words": coded("standing", labels(FindingStatus)),
        "on": partial("happened_on"),
        "note": F("note"),
        "evidence": F("evidence"),
        **source("source__"),
    }


def responses(at: datetime) -> QuerySet[models.Response]:
    """Give every public response to a report of a public inspection."""
    seen = models.Inspection.objects.published(at)
    return (
        models.Response.objects.published(at)
        .filter(report__inspection__in=seen)
        .order_by("report__inspection__force__slug", "report__inspection__cycle__order", "pk")
    )


def response_cells(at: datetime) -> Cells:
    """Give the columns of a response."""
    return {
        **force("report__inspection__force__"),
        **cycle("report__inspection__"),
        **report("report__"),
        "body": F("body__name"),
        "kind": F("kind"),
        "kind_words": coded("kind", labels(ResponseKind)),
        "title": F("title"),
        "address": F("address"),
        "published_on": partial("published_on"),
        "body_comments": F("body_comments"),
        "chief_constable_comments": F("chief_constable_comments"),
        "reply_to_chief_constable": F("reply_to_chief_constable"),
        "actions": F("actions"),
        "sent_to_inspectorate_on": F("sent_to_inspectorate_on"),
        "sent_to_secretary_of_state_on": F("sent_to_secretary_of_state_on"),
        "note": F("note"),
        **corrected("grades.response", ("published_on", "title"), at=at),
        **source("source__"),
    }
