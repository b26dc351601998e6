"""Where the record comes from: sources, and which grade each one states."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty, one_of, precision_check, precision_field
from grades.scales import GRADE_STATES, TIERS, Level, SourceKind, State


class Source(models.Model):
    """A page or document that states something of the record."""

    key = models.CharField(
        _("key"),
        max_length=500,
        unique=True,
        help_text=_("Its address, or its title where it has no address."),
    )
    publisher = models.CharField(_("publisher"), max_length=160, help_text=_("Who published it."))
    title = models.CharField(
        _("title"), max_length=300, help_text=_("Its title, or a plain description of ours.")
    )
    kind = models.CharField(_("kind"), max_length=25, choices=SourceKind, help_text=_("Who speaks."))
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Where it can be read."))
    published_on = models.DateField(_("published on"), null=True, blank=True, help_text=_("Where known."))
    published_on_precision = precision_field()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            not_empty(model="source", field="key"),
            not_empty(model="source", field="publisher"),
            not_empty(model="source", field="title"),
            one_of(model="source", field="kind", choices=SourceKind),
            precision_check(model="source", field="published_on"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.publisher}, {self.title}"
            if self.key == self.title
            else f"{self.publisher}, {self.title} ({self.key})"
        )


class Citation(models.Model):
    """One source for one grade, with the state and grade that this source states. They may differ from the record's.

    A figure's source is its release; its own citation is needed only where it rests on something else.
    """

    grade = models.ForeignKey(
        "Grade",
        verbose_name=_("grade"),
        related_name="citations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The grade it supports."),
    )
    observation = models.ForeignKey(
        "Observation",
        verbose_name=_("figure"),
        related_name="citations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Or the figure it supports."),
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        related_name="citations",
        on_delete=models.PROTECT,
        help_text=_("What states it."),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, blank=True, help_text=_("The state it states.")
    )
    level = models.CharField(
        _("grade stated"), max_length=20, choices=Level, blank=True, help_text=_("The grade it states.")
    )
    carried_from = models.ForeignKey(
        "Cycle",
        verbose_name=_("carried from"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The cycle it says the grade comes from."),
    )
    locator = models.CharField(
        _("where in it"), max_length=120, blank=True, help_text=_("Page, section or paragraph.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a reader should know about it.")
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("The day an editor compared the grade with the report itself."),
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Who compared it."),
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.CheckConstraint(
                name="citation_for_one_thing",
                condition=Q(grade__isnull=False, observation__isnull=True)
                | Q(grade__isnull=True, observation__isnull=False),
                violation_error_message=_("A citation supports either a grade or a figure."),
            ),
            models.CheckConstraint(
                name="citation_state_fits_target",
                condition=Q(grade__isnull=False) & ~Q(state="")
                | Q(observation__isnull=False, state="", level=""),
                violation_error_message=_(
                    "A citation of a grade says what state the source gives; one of a figure does not."
                ),
            ),
            one_of(model="citation", field="state", choices=State, optional=True),
            one_of(model="citation", field="level", choices=Level, optional=True),
            models.CheckConstraint(
                name="citation_level_with_state",
                condition=Q(state__in=sorted(GRADE_STATES)) & ~Q(level="")
                | ~Q(state__in=sorted(GRADE_STATES)) & Q(level=""),
                violation_error_message=_(
                    "A graded or carried-forward state needs a grade; any other has none."
                ),
            ),
            models.CheckConstraint(
                name="citation_origin_only_when_carried",
                condition=Q(carried_from__isnull=True) | Q(state=State.CARRIED_FORWARD),
                violation_error_message=_("Only a carried-forward grade comes from another cycle."),
            ),
            models.CheckConstraint(
                name="citation_checked_by_and_on",
                condition=Q(checked_by__isnull=True) | Q(checked_on__isnull=False),
                violation_error_message=_("Say on which day it was checked."),
            ),
            models.UniqueConstraint(
                fields=["grade", "source"],
                name="citation_once_a_grade",
                violation_error_message=_("This source is already cited for this grade."),
            ),
            models.UniqueConstraint(
                fields=["observation", "source"],
                name="citation_once_a_figure",
                violation_error_message=_("This source is already cited for this figure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade or self.observation} – {self.source}"

    def clean(self) -> None:
        """Explain what the database's trigger would refuse."""
        if self.grade is None:
            return
        cycle = self.grade.inspection.cycle
        if self.level and self.level not in TIERS[cycle.tiers]:
            raise ValidationError({"level": _("This cycle's scale has no such grade.")})
        if self.carried_from is not None and self.carried_from.order >= cycle.order:
            raise ValidationError({"carried_from": _("A grade is carried forward from an earlier cycle.")})
