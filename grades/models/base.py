"""What several models share: dates of limited precision, text that must not be empty."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.dates import PartialDate, Precision

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
slug_validator = RegexValidator(
    SLUG_PATTERN, _("Use small letters, digits and single hyphens, such as west-mercia.")
)


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
