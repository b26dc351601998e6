"""What the record is about: areas, police forces, their names, their councils, the bodies that hold them to account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grades.models.base import (
    not_empty,
    one_of,
    precision_check,
    precision_field,
    slug_check,
    slug_validator,
)
from grades.scales import AreaKind, BodyKind, Nation


def no_overlap(*, name: str, key: str, start: str, end: str, message: Any) -> ExclusionConstraint:
    """Forbid two periods of one key that share a day. Periods are half-open, so one may start the day another stops.

    The key goes in as a range of one number, because the server may lack the extension that compares plain numbers.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(F(key), F(key), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
            (Func(F(start), F(end), function="daterange"), RangeOperators.OVERLAPS),
        ],
        violation_error_message=message,
    )


def refuse_reversed(record: models.Model, start: str, end: str) -> None:
    """Explain dates in the wrong order before the database's range would stumble over them."""
    first, last = getattr(record, start), getattr(record, end)
    if first and last and last <= first:
        raise ValidationError({end: _("This must be after the day it starts.")})


class Area(models.Model):
    """What a figure is about: one force's area, England and Wales, or forces that are counted together."""

    slug = models.SlugField(
        _("slug"), max_length=60, unique=True, validators=[slug_validator], help_text=_("For addresses.")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("As a reader should see it."))
    kind = models.CharField(_("kind"), max_length=10, choices=AreaKind, help_text=_("What the area is."))
    members: models.ManyToManyField[Force, Any] = models.ManyToManyField(
        "Force",
        verbose_name=_("forces counted together"),
        related_name="alliances",
        blank=True,
        help_text=_("Only for forces that are counted together."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            slug_check(model="area"),
            not_empty(model="area", field="name"),
            one_of(model="area", field="kind", choices=AreaKind),
        ]

    def __str__(self) -> str:
        return self.name


class Force(models.Model):
    """A territorial police force of England or Wales, past or present."""

    slug = models.SlugField(
        _("slug"), max_length=60, unique=True, validators=[slug_validator], help_text=_("For addresses.")
    )
    official_name = models.CharField(
        _("official name"), max_length=120, unique=True, help_text=_("Such as Kent Police.")
    )
    short_name = models.CharField(_("short name"), max_length=80, unique=True, help_text=_("Such as Kent."))
    area = models.OneToOneField(
        Area,
        verbose_name=_("area"),
        related_name="force",
        on_delete=models.PROTECT,
        help_text=_("The area it polices."),
    )
    ons_code = models.CharField(
        _("ONS code"),
        max_length=9,
        unique=True,
        help_text=_("Nine characters of the Office for National Statistics."),
    )
    nation = models.CharField(_("nation"), max_length=10, choices=Nation, help_text=_("England or Wales."))
    region = models.CharField(_("region"), max_length=40, help_text=_("English region, or Wales."))
    rates_compare = models.BooleanField(
        _("rates for each resident compare"),
        default=True,
        help_text=_("Off where so few people live that a rate for each resident says little."),
    )
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("First day, if it began after 1974.")
    )
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The day it ended, if it has.")
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        related_name="predecessors",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The force that took over its area."),
    )

    class Meta:
        verbose_name = _("police force")
        verbose_name_plural = _("police forces")
        constraints = [
            slug_check(model="force"),
            not_empty(model="force", field="official_name"),
            not_empty(model="force", field="short_name"),
            not_empty(model="force", field="region"),
            one_of(model="force", field="nation", choices=Nation),
            models.CheckConstraint(
                name="force_ons_code_format",
                condition=Q(ons_code__regex=r"^[EW]\d{8}$"),
                violation_error_message=_("An ONS code is E or W and eight digits, such as E23000017."),
            ),
            models.CheckConstraint(
                name="force_dates_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A force ends after it begins."),
            ),
            models.CheckConstraint(
                name="force_successor_when_ended",
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                violation_error_message=_("Only a force that has ended has a successor."),
            ),
            models.CheckConstraint(
                name="force_successor_is_another",
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                violation_error_message=_("A force cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.official_name

    def get_absolute_url(self) -> str:
        """Give the address of the force's page."""
        return reverse("force-detail", args=[self.slug])

    def clean(self) -> None:
        """Explain reversed dates."""
        refuse_reversed(self, "valid_from", "valid_to")


class ForceName(models.Model):
    """A spelling of a force's name, seen somewhere, with the dates it held if it was ever official.

    Without dates it is an alias for matching; with dates it was the name on those days.
    """

    force = models.ForeignKey(
        Force,
        verbose_name=_("force"),
        related_name="names",
        on_delete=models.CASCADE,
        help_text=_("Whose name it is."),
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("Exactly as seen."))
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("First day as the official name.")
    )
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day it no longer held.")
    )
    seen_in = models.CharField(
        _("seen in"), max_length=200, blank=True, help_text=_("Where this spelling occurs.")
    )

    class Meta:
        verbose_name = _("name of a force")
        verbose_name_plural = _("names of forces")
        constraints = [
            not_empty(model="force_name", field="name"),
            models.UniqueConstraint(
                fields=["force", "name"],
                name="force_name_once_a_force",
                violation_error_message=_("This force already has this name."),
            ),
            models.CheckConstraint(
                name="force_name_dates_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A name stops after it starts."),
            ),
            ExclusionConstraint(
                name="force_name_one_official_at_a_time",
                expressions=[
                    (
                        Func(F("force"), F("force"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(valid_from__isnull=False),
                violation_error_message=_("A force has one official name at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.force})"

    def clean(self) -> None:
        """Explain reversed dates."""
        refuse_reversed(self, "valid_from", "valid_to")


class Council(models.Model):
    """A local authority and the force that polices it, so that a reader finds a force by the council's name."""

    code = models.CharField(_("ONS code"), max_length=9, unique=True, help_text=_("Of the local authority."))
    name = models.CharField(
        _("name"), max_length=100, help_text=_("As the Office for National Statistics spells it.")
    )
    welsh_name = models.CharField(
        _("Welsh name"), max_length=100, blank=True, help_text=_("Of a council in Wales.")
    )
    force = models.ForeignKey(
        Force,
        verbose_name=_("force"),
        related_name="councils",
        on_delete=models.PROTECT,
        help_text=_("Who polices it."),
    )

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        constraints = [
            not_empty(model="council", field="name"),
            models.CheckConstraint(
                name="council_code_format",
                condition=Q(code__regex=r"^[EW]\d{8}$"),
                violation_error_message=_("An ONS code is E or W and eight digits, such as E07000222."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class SimilarGroup(models.Model):
    """A published group of most similar forces. Every force has its own, so it is not symmetric. Empty until one is published."""

    force = models.ForeignKey(
        Force,
        verbose_name=_("force"),
        related_name="similar_groups",
        on_delete=models.PROTECT,
        help_text=_("Whose group."),
    )
    peers = models.ManyToManyField(
        Force, verbose_name=_("peers"), related_name="+", help_text=_("The forces most like it.")
    )
    valid_from = models.DateField(_("from"), help_text=_("First day of this version of the group."))
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day it no longer held.")
    )
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Where it is published."),
    )

    class Meta:
        verbose_name = _("most similar group")
        verbose_name_plural = _("most similar groups")
        constraints = [
            models.CheckConstraint(
                name="similar_group_dates_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A group stops after it starts."),
            ),
            no_overlap(
                name="similar_group_one_at_a_time",
                key="force",
                start="valid_from",
                end="valid_to",
                message=_("A force has one most similar group at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.valid_from} – {self.valid_to or '…'}"

    def clean(self) -> None:
        """Explain reversed dates."""
        refuse_reversed(self, "valid_from", "valid_to")


class PolicingBody(models.Model):
    """Who holds a force to account: a commissioner, a mayor, MOPAC, the Common Council; boards from 2028."""

    name = models.CharField(_("name"), max_length=160, unique=True, help_text=_("The official name."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=BodyKind, help_text=_("What sort of body it is.")
    )

    class Meta:
        verbose_name = _("policing body")
        verbose_name_plural = _("policing bodies")
        constraints = [
            not_empty(model="policing_body", field="name"),
            one_of(model="policing_body", field="kind", choices=BodyKind),
        ]

    def __str__(self) -> str:
        return self.name


class TenureQuerySet(models.QuerySet["Tenure"]):
    """Questions about who was in charge when."""

    def on(self, day: date | OuterRef) -> TenureQuerySet:
        """Keep the tenures that hold on a day; an unknown start counts as always."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class Tenure(models.Model):
    """The time during which a body holds a force to account; a page words a report by the body of its day."""

    force = models.ForeignKey(
        Force,
        verbose_name=_("force"),
        related_name="tenures",
        on_delete=models.PROTECT,
        help_text=_("Which force."),
    )
    body = models.ForeignKey(
        PolicingBody,
        verbose_name=_("body"),
        related_name="tenures",
        on_delete=models.PROTECT,
        help_text=_("Which body."),
    )
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("First day; empty for as long as recorded.")
    )
    valid_from_precision = precision_field()
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day it no longer holds.")
    )
    valid_to_precision = precision_field()
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Such as: start date to be confirmed.")
    )

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints = [
            precision_check(model="tenure", field="valid_from"),
            precision_check(model="tenure", field="valid_to"),
            models.CheckConstraint(
                name="tenure_dates_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A tenure stops after it starts."),
            ),
            no_overlap(
                name="tenure_one_body_at_a_time",
                key="force",
                start="valid_from",
                end="valid_to",
                message=_("A force has one policing body at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.force}: {self.valid_from or '…'} – {self.valid_to or '…'}"

    def clean(self) -> None:
        """Explain reversed dates."""
        refuse_reversed(self, "valid_from", "valid_to")
