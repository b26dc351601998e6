"""Inspections, their reports and their grades."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grades.dates import PartialDate
from grades.models.base import (
    Publishable,
    PublishableQuerySet,
    not_empty,
    one_of,
    partial,
    precision_check,
    precision_field,
    publishable_checks,
)
from grades.models.evidence import Citation
from grades.models.framework import Cycle
from grades.scales import (
    GRADE_STATES,
    TIERS,
    Graded,
    InspectionKind,
    Level,
    ReportKind,
    SourceKind,
    State,
)

TALLY = {level: f"tally_{level.name.lower()}" for level in Level}
"""The column of an inspection that keeps how many grades of a level the press release counts."""


def _tally_field(level: Level) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        level.label, null=True, blank=True, help_text=_("How many the press release counts.")
    )


class Inspection(Publishable):
    """One inspection of one force: a force, a cycle and a kind."""

    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="inspections",
        on_delete=models.PROTECT,
        help_text=_("Which force."),
    )
    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("cycle"),
        related_name="inspections",
        on_delete=models.PROTECT,
        help_text=_("Which cycle."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=25,
        choices=InspectionKind,
        default=InspectionKind.PEEL,
        help_text=_("What sort it is."),
    )
    fieldwork = models.CharField(
        _("fieldwork"), max_length=120, blank=True, help_text=_("When inspectors visited, in words.")
    )
    fieldwork_ended_on = models.DateField(
        _("fieldwork ended on"), null=True, blank=True, help_text=_("The last day of the visit, where known.")
    )
    tally_outstanding = _tally_field(Level.OUTSTANDING)
    tally_good = _tally_field(Level.GOOD)
    tally_adequate = _tally_field(Level.ADEQUATE)
    tally_requires_improvement = _tally_field(Level.REQUIRES_IMPROVEMENT)
    tally_inadequate = _tally_field(Level.INADEQUATE)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            one_of(model="inspection", field="kind", choices=InspectionKind),
            models.UniqueConstraint(
                fields=["force", "cycle", "kind"],
                name="inspection_once_a_cycle",
                violation_error_message=_("This force already has an inspection of this kind in this cycle."),
            ),
            *publishable_checks("inspection"),
        ]

    def __str__(self) -> str:
        return f"{self.force}, {self.cycle}, {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Give the address of the page of this force and cycle."""
        return reverse("inspection-detail", args=[self.force.slug, self.cycle.slug])

    @property
    def tally(self) -> dict[str, int]:
        """Give how many grades of each level the press release counts; empty where none is recorded."""
        counted = {str(level): getattr(self, column) for level, column in TALLY.items()}
        return {level: count for level, count in counted.items() if count is not None}


class Report(models.Model):
    """A report of an inspection. Until 2017 one inspection had several, each with its own day."""

    inspection = models.ForeignKey(
        Inspection,
        verbose_name=_("inspection"),
        related_name="reports",
        on_delete=models.PROTECT,
        help_text=_("Which one."),
    )
    kind = models.CharField(_("kind"), max_length=25, choices=ReportKind, help_text=_("What it covers."))
    title = models.CharField(
        _("title"), max_length=300, help_text=_("As printed, or a plain description of ours.")
    )
    isbn = models.CharField(_("ISBN"), max_length=17, blank=True, help_text=_("Where printed."))
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Where it can be read."))
    published_on = models.DateField(
        _("published on"), null=True, blank=True, help_text=_("Drives the 56 days.")
    )
    published_on_precision = precision_field()
    date_confirmed = models.BooleanField(
        _("date confirmed"),
        default=False,
        help_text=_("On when the date comes from the inspectorate itself."),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            one_of(model="report", field="kind", choices=ReportKind),
            not_empty(model="report", field="title"),
            precision_check(model="report", field="published_on"),
            models.CheckConstraint(
                name="report_only_a_date_is_confirmed",
                condition=Q(date_confirmed=False) | Q(published_on__isnull=False),
                violation_error_message=_("There is no date to confirm."),
            ),
            models.CheckConstraint(
                name="report_isbn_format",
                condition=Q(isbn="") | Q(isbn__regex=r"^97[89]-[\d-]{12}[\dX]$|^97[89]\d{10}$"),
                violation_error_message=_("An ISBN has 13 digits, such as 978-1-78655-010-1."),
            ),
            models.UniqueConstraint(
                fields=["inspection", "kind"],
                name="report_once_a_kind",
                violation_error_message=_("This inspection already has a report of this kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.get_kind_display()}"

    @property
    def published(self) -> PartialDate | None:
        """Give the date as far as it is known."""
        return partial(self, "published_on")


class GradeQuerySet(models.QuerySet["Grade"]):
    """What is still unfinished about grades, each in the editor's words."""

    def without_source(self) -> GradeQuerySet:
        """Keep the grades that no source states."""
        return self.filter(~Exists(_citations()))

    def unchecked(self) -> GradeQuerySet:
        """Keep the grades that neither the inspectorate's own words nor an editor's check confirm."""
        agreeing = _citations().filter(level=OuterRef("level"))
        confirmed = agreeing.filter(Q(source__kind=SourceKind.INSPECTORATE) | Q(checked_on__isnull=False))
        return self.filter(~Q(level=""), ~Exists(confirmed))

    def known_from_the_press_only(self) -> GradeQuerySet:
        """Keep the unchecked grades that nobody but the press states."""
        return self.unchecked().filter(
            Exists(_citations()), ~Exists(_citations().exclude(source__kind=SourceKind.PRESS))
        )

    def disputed(self) -> GradeQuerySet:
        """Keep the grades of which a source states another; the one before an amendment is no dispute."""
        before = ~Q(level="") & Q(level=OuterRef("amended_from"))
        return self.filter(Exists(_citations().exclude(Q(level=OuterRef("level")) | before)))

    def of_unknown_origin(self) -> GradeQuerySet:
        """Keep the carried-forward grades of which no one knows the cycle they come from."""
        return self.filter(state=State.CARRIED_FORWARD, carried_from__isnull=True)

    def amended(self) -> GradeQuerySet:
        """Keep the grades that the inspectorate itself changed."""
        return self.filter(amended_on__isnull=False)


def _citations() -> models.QuerySet[Citation]:
    """Give the citations of a grade, for a question inside a question."""
    return Citation.objects.filter(grade=OuterRef("pk"))


class Grade(models.Model):
    """What one inspection says on one question, or on a pillar as a whole, and how it came to say it.

    A trigger holds what a column check cannot see: the question and the report belong to the same inspection's cycle,
    `adequate` exists only on the five-tier scale, and a question that is never graded carries no grade.
    """

    inspection = models.ForeignKey(
        Inspection,
        verbose_name=_("inspection"),
        related_name="grades",
        on_delete=models.PROTECT,
        help_text=_("Which one."),
    )
    question = models.ForeignKey(
        "Question",
        verbose_name=_("question"),
        related_name="grades",
        on_delete=models.PROTECT,
        help_text=_("On what."),
    )
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        related_name="grades",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The report that gave it."),
    )
    state = models.CharField(_("state"), max_length=20, choices=State, help_text=_("What the record says."))
    level = models.CharField(
        _("grade"), max_length=20, choices=Level, blank=True, help_text=_("Only if graded or carried.")
    )
    carried_from = models.ForeignKey(
        Cycle,
        verbose_name=_("carried from"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The cycle in which a carried-forward grade was first given; empty when not known."),
    )
    unsettled = models.BooleanField(
        _("judged or carried: not settled"),
        default=False,
        help_text=_(
            "On when no source settles whether inspectors gave it afresh or let an earlier grade stand."
        ),
    )
    withheld_reason = models.CharField(
        _("why not graded"), max_length=240, blank=True, help_text=_("Shown beside “not graded”.")
    )
    amended_on = models.DateField(
        _("amended on"), null=True, blank=True, help_text=_("If the inspectorate changed it.")
    )
    amended_from = models.CharField(
        _("amended from"), max_length=20, choices=Level, blank=True, help_text=_("The grade it was before.")
    )
    amended_reason = models.CharField(
        _("why amended"), max_length=240, blank=True, help_text=_("In our own words.")
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("What inspectors found, in our own words.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a reader must know about this cell.")
    )

    objects = GradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        constraints = [
            one_of(model="grade", field="state", choices=State),
            one_of(model="grade", field="level", choices=Level, optional=True),
            one_of(model="grade", field="amended_from", choices=Level, optional=True),
            models.UniqueConstraint(
                fields=["inspection", "question"],
                name="grade_once_a_question",
                violation_error_message=_("This inspection already has a grade for this question."),
            ),
            models.CheckConstraint(
                name="grade_level_with_state",
                condition=Q(state__in=sorted(GRADE_STATES)) & ~Q(level="")
                | ~Q(state__in=sorted(GRADE_STATES)) & Q(level=""),
                violation_error_message=_(
                    "A graded or carried-forward state needs a grade; any other has none."
                ),
            ),
            models.CheckConstraint(
                name="grade_origin_only_when_carried",
                condition=Q(carried_from__isnull=True) | Q(state=State.CARRIED_FORWARD),
                violation_error_message=_("Only a carried-forward grade comes from another cycle."),
            ),
            models.CheckConstraint(
                name="grade_unsettled_is_a_grade",
                condition=Q(unsettled=False) | Q(state=State.GRADED),
                violation_error_message=_("Only a grade can be unsettled."),
            ),
            models.CheckConstraint(
                name="grade_withheld_with_reason",
                condition=Q(state=State.WITHHELD) & ~Q(withheld_reason="")
                | ~Q(state=State.WITHHELD) & Q(withheld_reason=""),
                violation_error_message=_("“Not graded” needs its reason, and only that state has one."),
            ),
            models.CheckConstraint(
                name="grade_amendment_whole",
                condition=(
                    Q(amended_on__isnull=True, amended_from="", amended_reason="")
                    | Q(amended_on__isnull=False, state__in=sorted(GRADE_STATES))
                    & ~Q(amended_from="")
                    & ~Q(amended_reason="")
                ),
                violation_error_message=_(
                    "An amendment keeps its day, the old grade and the reason, all three."
                ),
            ),
            models.CheckConstraint(
                name="grade_amendment_changes",
                condition=Q(amended_from="") | ~Q(amended_from=models.F("level")),
                violation_error_message=_("An amendment changes the grade."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}, {self.question.place}: {self.get_level_display() or self.get_state_display()}"

    def clean(self) -> None:
        """Explain what the database's trigger would refuse."""
        if not (self.inspection_id and self.question_id):
            return
        cycle = self.inspection.cycle
        if self.question.cycle_id != cycle.pk:
            raise ValidationError({"question": _("This question belongs to another cycle.")})
        if self.report is not None and self.report.inspection_id != self.inspection_id:
            raise ValidationError({"report": _("This report belongs to another inspection.")})
        for field, level in (("level", self.level), ("amended_from", self.amended_from)):
            if level and level not in TIERS[cycle.tiers]:
                raise ValidationError({field: _("This cycle's scale has no such grade.")})
        if self.level and self.question.graded == Graded.UNGRADED:
            raise ValidationError({"level": _("This question is not graded for any force.")})
        if self.carried_from is not None and self.carried_from.order >= cycle.order:
            raise ValidationError({"carried_from": _("A grade is carried forward from an earlier cycle.")})
