"""Every force, cycle, question and theme."""

from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat, Trim
from django.utils import timezone

from grades import models
from grades.queries.downloads.cells import Contents, breaks, force, question, themes
from grades.queries.framework import framework, load_cycles
from grades.scales import Relation


def all_forces(at: datetime) -> Contents:
    """Give what `datasets.FORCES` holds, but for the licence."""
    held = models.Tenure.objects.on(timezone.localdate(at)).filter(force=OuterRef("pk"))
    return Contents(
        stored=models.Force.objects.order_by("short_name"),
        cells={
            **force(""),
            "official_name": F("official_name"),
            "nation": F("nation"),
            "region": F("region"),
            "body": Subquery(held.order_by("-pk").values("body__name")[:1]),
            "compares": F("rates_compare"),
            "successor": F("successor__slug"),
        },
    )


def all_cycles(at: datetime) -> Contents:
    """Give what `datasets.CYCLES` holds, but for the licence."""
    return Contents(
        stored=models.Cycle.objects.order_by("order"),
        cells={
            "cycle": F("slug"),
            "cycle_name": F("label"),
            "tiers": F("tiers"),
            "inspectorate": F("inspectorate"),
            "band": F("band"),
            **breaks("slug", load_cycles(at=at), planned=True),
            "published": F("published_text"),
            "about": F("about"),
        },
    )


def all_questions(at: datetime) -> Contents:
    """Give what `datasets.QUESTIONS` holds, but for the licence."""
    same = models.QuestionLink.objects.filter(to_question=OuterRef("pk"), relation=Relation.SAME)
    earlier = same.exclude(from_question=None).annotate(
        named=Trim(Concat("from_question__pillar__slug", Value(" "), "from_question__number"))
    )
    return Contents(
        stored=models.Question.objects.order_by("cycle__order", "order", "pk"),
        cells={
            "cycle": F("cycle__slug"),
            "cycle_name": F("cycle__label"),
            **question(""),
            **themes(framework(at=at), ""),
            "graded": F("graded"),
            "wording": F("wording"),
            "same_as": Subquery(earlier.order_by("pk").values("named")[:1]),
            "address": F("address"),
        },
    )


def all_themes(_at: datetime) -> Contents:
    """Give what `datasets.THEMES` holds, but for the licence."""
    return Contents(
        stored=models.Theme.objects.order_by("order"),
        cells={"theme": F("slug"), "theme_name": F("title"), "about": F("summary")},
    )
