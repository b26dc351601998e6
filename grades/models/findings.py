"""What inspectors found, what was done about it, and who wrote about it: findings, steps, monitoring, mentions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grades.models.areas import no_overlap, refuse_reversed
from grades.models.base import (
    Publishable,
    PublishableQuerySet,
    not_empty,
    one_of,
    precision_check,
    precision_field,
    publishable_checks,
)
from grades.scales import Actor, FindingKind, FindingStatus, MentionKind


class Finding(Publishable):
    """A cause of concern, a recommendation under one, an area for improvement or a practice worth copying.

    A cause of concern may come out before its report, so a finding has its own date and may lack an inspection.
    A trigger holds what a column check cannot see: the inspection is of this force, the question of its cycle, and a
    recommendation answers a cause of concern of the same force.
    """

    key = models.SlugField(_("key"), max_length=100, unique=True, help_text=_("Names it in files."))
    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="findings",
        on_delete=models.PROTECT,
        help_text=_("Which force."),
    )
    inspection = models.ForeignKey(
        "Inspection",
        verbose_name=_("inspection"),
        related_name="findings",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Empty while its report is not out or not recorded."),
    )
    question = models.ForeignKey(
        "Question",
        verbose_name=_("question"),
        related_name="findings",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Under which question, where known."),
    )
    kind = models.CharField(_("kind"), max_length=25, choices=FindingKind, help_text=_("What sort it is."))
    order = models.PositiveSmallIntegerField(_("order"), default=1, help_text=_("Within its question."))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("cause of concern"),
        related_name="recommendations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The cause of concern that a recommendation answers."),
    )
    continues = models.ForeignKey(
        "self",
        verbose_name=_("continues"),
        related_name="continued_by",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The earlier finding that still stands."),
    )
    text = models.TextField(_("text"), help_text=_("In our own words."))
    published_on = models.DateField(
        _("published on"), null=True, blank=True, help_text=_("Its own day, if before the report.")
    )
    published_on_precision = precision_field()
    due = models.CharField(
        _("due"), max_length=80, blank=True, help_text=_("As stated: immediately, within three months.")
    )
    due_on = models.DateField(
        _("due on"),
        null=True,
        blank=True,
        help_text=_("The last day, where the report or the office sets one."),
    )
    owner = models.CharField(
        _("owner"),
        max_length=120,
        blank=True,
        help_text=_("The post that sees to it in the force; not public."),
    )
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="findings",
        on_delete=models.PROTECT,
        help_text=_("What states it."),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            *publishable_checks("finding"),
            one_of(model="finding", field="kind", choices=FindingKind),
            not_empty(model="finding", field="text"),
            precision_check(model="finding", field="published_on"),
            models.CheckConstraint(
                name="finding_recommendation_has_cause",
                condition=(
                    Q(kind=FindingKind.RECOMMENDATION, parent__isnull=False)
                    | ~Q(kind=FindingKind.RECOMMENDATION) & Q(parent__isnull=True)
                ),
                violation_error_message=_(
                    "A recommendation belongs to a cause of concern; nothing else does."
                ),
            ),
            models.CheckConstraint(
                name="finding_continues_another",
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
                violation_error_message=_("A finding cannot continue itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Explain what the database's trigger would refuse."""
        if not self.force_id:
            return
        if self.inspection is not None and self.inspection.force_id != self.force_id:
            raise ValidationError({"inspection": _("This inspection is of another force.")})
        if (
            self.inspection is not None
            and self.question is not None
            and self.question.cycle_id != self.inspection.cycle_id
        ):
            raise ValidationError({"question": _("This question belongs to another cycle.")})
        if self.parent is not None and self.parent.kind != FindingKind.CAUSE_OF_CONCERN:
            raise ValidationError({"parent": _("This is not a cause of concern.")})
        for field, other in (("parent", self.parent), ("continues", self.continues)):
            if other is not None and other.force_id != self.force_id:
                raise ValidationError({field: _("This finding is about another force.")})
        if not self.pk:
            return
        if self.kind != FindingKind.CAUSE_OF_CONCERN and self.recommendations.exists():
            raise ValidationError({"kind": _("Recommendations answer this; it stays a cause of concern.")})
        for others in (self.recommendations, self.continued_by):
            if others.exclude(force=self.force_id).exists():
                raise ValidationError(
                    {"force": _("Findings about another force answer or continue this one.")}
                )


class FindingEvent(Publishable):
    """A dated step on a finding, by whoever says so. What the force says is kept apart from what the inspectorate says."""

    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        related_name="events",
        on_delete=models.PROTECT,
        help_text=_("Which finding."),
    )
    actor = models.CharField(
        _("who says so"), max_length=15, choices=Actor, help_text=_("Only the inspectorate closes.")
    )
    standing = models.CharField(
        _("standing"), max_length=12, choices=FindingStatus, help_text=_("Where it stands.")
    )
    happened_on = models.DateField(_("on"), help_text=_("The day."))
    happened_on_precision = precision_field()
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("In our own words."))
    evidence = models.URLField(
        _("evidence"),
        max_length=500,
        blank=True,
        help_text=_("Where the evidence can be read, if it is public."),
    )
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("What states it."),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("step on a finding")
        verbose_name_plural = _("steps on findings")
        constraints = [
            *publishable_checks("finding_event"),
            one_of(model="finding_event", field="actor", choices=Actor),
            one_of(model="finding_event", field="standing", choices=FindingStatus),
            precision_check(model="finding_event", field="happened_on"),
            models.CheckConstraint(
                name="finding_event_only_inspectorate_closes",
                condition=~Q(standing__in=[FindingStatus.CLOSED, FindingStatus.SUPERSEDED])
                | Q(actor=Actor.INSPECTORATE),
                violation_error_message=_("Only the inspectorate closes or supersedes a finding."),
            ),
            models.UniqueConstraint(
                fields=["finding", "actor", "standing", "happened_on"],
                name="finding_event_once",
                violation_error_message=_("This step is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.finding}: {self.get_actor_display()} – {self.get_standing_display()}, {self.happened_on}"
        )


class MonitoringPeriod(Publishable):
    """A time during which the inspectorate kept a force in its enhanced phase, Engage. It is not a grade."""

    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="monitoring",
        on_delete=models.PROTECT,
        help_text=_("Which force."),
    )
    entered_on = models.DateField(_("entered on"), help_text=_("As far as known."))
    entered_on_precision = precision_field()
    left_on = models.DateField(
        _("left on"), null=True, blank=True, help_text=_("Empty while no exit is recorded.")
    )
    left_on_precision = precision_field()
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("What a reader should know."))
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("What states it."),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("monitoring period")
        verbose_name_plural = _("monitoring periods")
        constraints = [
            *publishable_checks("monitoring_period"),
            precision_check(model="monitoring_period", field="entered_on"),
            precision_check(model="monitoring_period", field="left_on"),
            models.CheckConstraint(
                name="monitoring_period_dates_in_order",
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("entered_on")),
                violation_error_message=_("A force leaves after it enters."),
            ),
            no_overlap(
                name="monitoring_period_one_at_a_time",
                key="force",
                start="entered_on",
                end="left_on",
                message=_("This force is already recorded in enhanced monitoring on these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.entered_on} – {self.left_on or '…'}"

    def clean(self) -> None:
        """Explain reversed dates."""
        refuse_reversed(self, "entered_on", "left_on")


class Mention(Publishable):
    """A press item or a statement about an inspection: title, outlet, date and address, never its text."""

    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="mentions",
        on_delete=models.PROTECT,
        help_text=_("Which force."),
    )
    inspection = models.ForeignKey(
        "Inspection",
        verbose_name=_("inspection"),
        related_name="mentions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Which inspection, where clear."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MentionKind, help_text=_("Press or statement."))
    title = models.CharField(_("title"), max_length=300, help_text=_("As published."))
    outlet = models.CharField(_("outlet"), max_length=120, help_text=_("Who published it."))
    published_on = models.DateField(_("published on"), null=True, blank=True, help_text=_("Where known."))
    published_on_precision = precision_field()
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Where it can be read."))
    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One sentence of our own.")
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            *publishable_checks("mention"),
            one_of(model="mention", field="kind", choices=MentionKind),
            not_empty(model="mention", field="title"),
            not_empty(model="mention", field="outlet"),
            precision_check(model="mention", field="published_on"),
            models.UniqueConstraint(
                fields=["force", "outlet", "title"],
                name="mention_once",
                violation_error_message=_("This item is already recorded for this force."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.outlet}, {self.title}"

    def clean(self) -> None:
        """Explain what the database's trigger would refuse."""
        if not self.force_id:
            return
        if self.inspection is not None and self.inspection.force_id != self.force_id:
            raise ValidationError({"inspection": _("This inspection is of another force.")})
