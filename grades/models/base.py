"""What several models share: dates of limited precision, text that must not be empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.options import Options
from django.utils.translation import gettext_lazy as _

from grades.dates import PartialDate, Precision
from grades.scales import Status

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
slug_validator = RegexValidator(
    SLUG_PATTERN, _("Use small letters, digits and single hyphens, such as west-mercia.")
)


def options(model: type[models.Model]) -> Options:
    """Give the options of a model, which Django documents as `_meta`."""
    return model._meta  # noqa: SLF001  a documented name


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Give all records of a kind, which Django documents as `_default_manager`."""
    return model._default_manager.all()  # noqa: SLF001  a documented name


class PrecisionChoices(models.TextChoices):
    """The editor's words for how much of a date is known."""

    DAY = Precision.DAY.value, _("the day is known")
    MONTH = Precision.MONTH.value, _("only the month is known (enter its first day)")
    YEAR = Precision.YEAR.value, _("only the year is known (enter 1 January)")


def precision_field() -> models.CharField:
    """Make the column beside a date that says how much of it is known."""
    return models.CharField(
        _("precision"),
        max_length=5,
        choices=PrecisionChoices,
        default=PrecisionChoices.DAY,
        help_text=_("How exact it is."),
    )


def precision_check(*, model: str, field: str) -> models.CheckConstraint:
    """Hold a date of month or year precision to the first day of that month or year."""
    known_to = f"{field}_precision"
    return models.CheckConstraint(
        name=f"{model}_{field}_precision",
        condition=(
            Q(**{f"{field}__isnull": True, known_to: Precision.DAY})
            | Q(**{f"{field}__isnull": False, known_to: Precision.DAY})
            # Without "is not null" the day of no date is unknown, and a check accepts what is unknown.
            | Q(**{f"{field}__isnull": False, known_to: Precision.MONTH, f"{field}__day": 1})
            | Q(
                **{
                    f"{field}__isnull": False,
                    known_to: Precision.YEAR,
                    f"{field}__day": 1,
                    f"{field}__month": 1,
                }
            )
        ),
        violation_error_message=_(
            "Where only the month or year is known, enter the first day of that month or year."
        ),
    )


def partial(record: models.Model, field: str) -> PartialDate | None:
    """Read a date and its precision from a record as one value."""
    day = getattr(record, field)
    return None if day is None else PartialDate(day, Precision(getattr(record, f"{field}_precision")))


def not_empty(*, model: str, field: str) -> models.CheckConstraint:
    """Refuse an empty text."""
    return models.CheckConstraint(
        name=f"{model}_{field}_not_empty",
        condition=~Q(**{field: ""}),
        violation_error_message=_("This text must not be empty."),
    )


def one_of(
    *, model: str, field: str, choices: type[models.TextChoices], optional: bool = False
) -> models.CheckConstraint:
    """Hold a column to its choices in the database too."""
    allowed = [*choices.values, *([""] if optional else [])]
    return models.CheckConstraint(
        name=f"{model}_{field}_known",
        condition=Q(**{f"{field}__in": allowed}),
        violation_error_message=_("This is not one of the choices."),
    )


def slug_check(*, model: str) -> models.CheckConstraint:
    """Hold a slug to small letters, digits and single hyphens: addresses never change meaning."""
    return models.CheckConstraint(
        name=f"{model}_slug_format",
        condition=Q(slug__regex=SLUG_PATTERN),
        violation_error_message=_("Use small letters, digits and single hyphens, such as west-mercia."),
    )


_previewed: ContextVar[Mapping[str, frozenset[int]]] = ContextVar("previewed")


@contextmanager
def previewing(records: Mapping[str, frozenset[int]]) -> Iterator[None]:
    """Let these records (primary keys by the model's label in small letters) count as public, for one page being drawn."""
    token = _previewed.set(records)
    try:
        yield
    finally:
        _previewed.reset(token)


class PublishableQuerySet(models.QuerySet[Any]):
    """What the public may see."""

    def published(self, at: datetime) -> Self:
        """Keep what the public may see at a moment. Pages, feeds, sitemap and files all ask here."""
        return self.filter(public(self.model, at))


def public(model: type[models.Model], at: datetime, *, through: str = "") -> Q:
    """Say what the public may see of a kind of record at a moment; `through` is the way to it, such as `inspection__`."""
    seen = Q(**{f"{through}status": Status.PUBLISHED, f"{through}published_at__lte": at})
    also = _previewed.get({}).get(options(model).label_lower)
    return seen | Q(**{f"{through}pk__in": also}) if also else seen


class Publishable(models.Model):
    """What is a draft, is submitted, and is then public; nothing leads back."""

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text=_("Only what is published is public."),
    )
    published_at = models.DateTimeField(
        _("on these pages since"), null=True, blank=True, help_text=_("When this record went public here.")
    )

    class Meta:
        abstract = True


def publishable_checks(model: str) -> list[models.BaseConstraint]:
    """Hold the status to its choices, and tie it to the moment of publication."""
    return [
        one_of(model=model, field="status", choices=Status),
        models.CheckConstraint(
            name=f"{model}_published_has_its_moment",
            condition=(
                Q(status=Status.PUBLISHED, published_at__isnull=False)
                | ~Q(status=Status.PUBLISHED) & Q(published_at__isnull=True)
            ),
            violation_error_message=_("What is published says since when; anything else does not."),
        ),
    ]
