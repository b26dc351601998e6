"""Official counts as they come in: offences by quarter, outcomes, workforce, people. Figures are worked out of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty, one_of
from grades.scales import CountKind, Missing


class CountLineQuerySet(models.QuerySet["CountLine"]):
    """Which lines hold."""

    def current(self) -> CountLineQuerySet:
        """Keep the lines that no later import of the same edition replaced."""
        return self.filter(superseded_by__isnull=True)


class CountLine(models.Model):
    """What one edition counts of one thing in one area, over all its periods, as one import brought it.

    A line is never changed: a later import of the same edition puts another in its place and is named here, so that
    undoing it brings this one back.
    """

    release = models.ForeignKey(
        "Release",
        verbose_name=_("release"),
        related_name="count_lines",
        on_delete=models.PROTECT,
        help_text=_("The edition that states it."),
    )
    area = models.ForeignKey(
        "Area",
        verbose_name=_("area"),
        related_name="count_lines",
        on_delete=models.PROTECT,
        help_text=_("About what."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CountKind, help_text=_("What is counted."))
    category = models.CharField(
        _("category"), max_length=120, help_text=_("Offence group, kind of worker, outcome.")
    )
    part = models.CharField(
        _("part"), max_length=120, blank=True, help_text=_("Offence subgroup, where there is one.")
    )
    run = models.ForeignKey(
        "ImportRun",
        verbose_name=_("import"),
        related_name="count_lines",
        on_delete=models.PROTECT,
        help_text=_("The import that brought it."),
    )
    superseded_by = models.ForeignKey(
        "ImportRun",
        verbose_name=_("replaced by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The later import of this edition that replaced it, if any."),
    )

    objects = CountLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of counts")
        verbose_name_plural = _("lines of counts")
        constraints = [
            one_of(model="count_line", field="kind", choices=CountKind),
            not_empty(model="count_line", field="category"),
            models.CheckConstraint(
                name="count_line_replaced_by_another",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("run")),
                violation_error_message=_("An import does not replace what it brings."),
            ),
            models.UniqueConstraint(
                fields=["release", "area", "kind", "category", "part"],
                condition=Q(superseded_by__isnull=True),
                name="count_line_one_holds",
                violation_error_message=_("This edition already has such a line."),
            ),
        ]

    def __str__(self) -> str:
        what = ", ".join(filter(None, [str(self.area), self.get_kind_display(), self.category, self.part]))
        return f"{what} ({self.release}, {self.run_id})"


class Count(models.Model):
    """One official count of one period, or why there is none. A count below nought is a correction."""

    line = models.ForeignKey(
        CountLine,
        verbose_name=_("line"),
        related_name="counts",
        on_delete=models.PROTECT,
        db_index=False,  # the rule below begins with it
        help_text=_("Which line."),
    )
    starts_on = models.DateField(_("starts on"), help_text=_("First day of the period."))
    ends_before = models.DateField(_("ends before"), help_text=_("The day after its last."))
    value = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("The count.")
    )
    missing = models.CharField(
        _("missing"), max_length=20, choices=Missing, blank=True, help_text=_("Why there is no count.")
    )

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [
            one_of(model="count", field="missing", choices=Missing, optional=True),
            models.CheckConstraint(
                name="count_period_in_order",
                condition=Q(ends_before__gt=F("starts_on")),
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                name="count_or_reason",
                condition=Q(value__isnull=False, missing="") | Q(value__isnull=True) & ~Q(missing=""),
                violation_error_message=_("There is either a count or the reason why there is none."),
            ),
            models.UniqueConstraint(
                fields=["line", "starts_on", "ends_before"],
                name="count_once_a_period",
                violation_error_message=_("This line already has a count of this period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}, {self.starts_on} – {self.ends_before}: {self.value if self.value is not None else self.missing}"
