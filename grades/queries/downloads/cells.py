"""What stands in the columns that several files share, and words for codes.

Paths lead from the rows of a file to the record that a group of columns tells of, such as `inspection__force__`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Left, NullIf, TruncDate

from grades import models, words
from grades.dates import Precision
from grades.history import CycleFacts, Framework, breaks_among
from grades.scales import Wording

Expression = Any
"""Anything that Django takes for a column: its path, or an expression."""

Cells = dict[str, Expression]
"""Columns of a file by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a file holds: its rows, its columns by name, and rows that are derived and not stored, which come last."""

    stored: QuerySet[Any]
    cells: Cells
    rest: Callable[[], Iterable[Mapping[str, Any]]] = tuple


def yes_no(condition: Q) -> Expression:
    """Say whether a condition holds."""
    return ExpressionWrapper(condition, BooleanField())


def labels(choices: type[TextChoices]) -> dict[str, str]:
    """Give the words for each code of a vocabulary."""
    return {one.value: str(one.label) for one in choices}


def coded(column: str, said: Mapping[Any, str], *, otherwise: str = "") -> Expression:
    """Write the words for a code."""
    whens = [When(**{column: code}, then=Value(words_)) for code, words_ in said.items()]
    return Case(*whens, default=Value(otherwise), output_field=TextField())


def partial(path: str) -> Expression:
    """Write a date as far as it is known: `2022`, `2022-06` or `2022-06-28`."""
    whole = Cast(path, TextField())
    known_to = f"{path}_precision"
    return Case(
        When(**{known_to: Precision.YEAR}, then=Left(whole, 4)),
        When(**{known_to: Precision.MONTH}, then=Left(whole, 7)),
        default=whole,
        output_field=TextField(),
    )


def force(path: str) -> Cells:
    """Name a force."""
    return {
        "force": F(f"{path}slug"),
        "force_name": F(f"{path}short_name"),
        "force_code": F(f"{path}ons_code"),
    }


def cycle(path: str) -> Cells:
    """Name an inspection by its cycle and kind."""
    return {
        "cycle": F(f"{path}cycle__slug"),
        "cycle_name": F(f"{path}cycle__label"),
        "inspection": F(f"{path}kind"),
    }


def question(path: str) -> Cells:
    """Name a question, by its short title while its wording is not confirmed."""
    title = Case(
        When(**{f"{path}wording": Wording.UNCONFIRMED}, then=F(f"{path}short_title")),
        default=F(f"{path}title"),
    )
    return {
        "pillar": F(f"{path}pillar__slug"),
        "question": F(f"{path}number"),
        "question_title": title,
    }


def themes(facts: Framework, path: str = "question__") -> Cells:
    """Name the themes of the row's question."""
    covers = {asked.key: ";".join(asked.also_covers) for asked in facts.questions if asked.also_covers}
    return {"theme": F(f"{path}theme__slug"), "also_covers": coded(path.removesuffix("__") or "pk", covers)}


def breaks(column: str, cycles: Iterable[CycleFacts], *, planned: bool = False) -> Cells:
    """Say whether a break lies before a cycle, given by its slug in `column`, and why; `planned` counts cycles without a report."""
    held = [one for one in cycles if one.held or planned]
    later = breaks_among(held)
    reasons = {one.slug: words.break_reason(one) for one in later}
    return {
        "break_before": coded(column, dict.fromkeys(reasons, "true"), otherwise="false"),
        "break_reason": coded(column, reasons),
        "break_address": coded(column, {one.slug: one.break_address for one in later}),
        "break_presumed": coded(
            column, {one.slug: str(one.break_presumed).lower() for one in later}, otherwise="false"
        ),
    }


def report(path: str) -> Cells:
    """Tell of a report."""
    return {
        "report": F(f"{path}kind"),
        "report_title": F(f"{path}title"),
        "report_isbn": F(f"{path}isbn"),
        "report_address": F(f"{path}address"),
        "report_published_on": partial(f"{path}published_on"),
        "report_date_confirmed": F(f"{path}date_confirmed"),
    }


def source(path: str) -> Cells:
    """Tell of a source."""
    return {
        "source": F(f"{path}key"),
        "source_publisher": F(f"{path}publisher"),
        "source_title": F(f"{path}title"),
        "source_kind": F(f"{path}kind"),
        "source_address": F(f"{path}address"),
        "source_published_on": partial(f"{path}published_on"),
    }


def stated(path: str) -> Cells:
    """Tell what a source states of a grade; `path` is that of the citation."""
    return {
        "source_state": F(f"{path}state"),
        "source_grade": F(f"{path}level"),
        "source_carried_from": F(f"{path}carried_from__slug"),
        "source_page": F(f"{path}locator"),
        "source_note": F(f"{path}note"),
        "source_checked_on": F(f"{path}checked_on"),
    }


def corrected(what: str, columns: Iterable[str], *, at: datetime) -> Cells:
    """Tell of the newest correction of a record, and what the first of these columns that it changed said before."""
    found = (
        models.Correction.objects.published(at).filter(what=what, object_id=OuterRef("pk")).exclude(before={})
    )
    newest = found.order_by("-published_at", "-pk")
    any_at_all = Q(pk__in=models.Correction.objects.filter(what=what).values("object_id"))
    nothing = Value("", output_field=TextField())
    before = Coalesce(*(NullIf(KT(f"before__{name}"), nothing) for name in columns), nothing)
    return {
        "corrected_on": Case(
            When(any_at_all, then=Subquery(newest.values(day=TruncDate("published_at"))[:1]))
        ),
        "corrected_from": Case(When(any_at_all, then=Subquery(newest.values(was=before)[:1]))),
    }
