"""What a policing body answers: responses to reports, actions on recommendations, comments, required information."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
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
from grades.scales import FindingKind, RequiredKind, ResponseKind


class Response(Publishable):
    """What a policing body published about a report, under section 55 of the Police Act 1996 or as a statement."""

    report = models.ForeignKey(
        "Report",
        verbose_name=_("report"),
        related_name="responses",
        on_delete=models.PROTECT,
        help_text=_("Which report."),
    )
    body = models.ForeignKey(
        "PolicingBody",
        verbose_name=_("body"),
        related_name="responses",
        on_delete=models.PROTECT,
        help_text=_("Who held the force to account on the day."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=ResponseKind, help_text=_("Response or statement.")
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("As published."))
    address = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Where it can be read."))
    published_on = models.DateField(_("published on"), null=True, blank=True, help_text=_("Where known."))
    published_on_precision = precision_field()
    body_comments = models.TextField(_("the body's comments"), blank=True, help_text=_("In our own words."))
    chief_constable_comments = models.TextField(
        _("chief constable's comments"), blank=True, help_text=_("In our own words.")
    )
    reply_to_chief_constable = models.TextField(
        _("reply to the chief constable"), blank=True, help_text=_("In our own words.")
    )
    actions = models.TextField(
        _("actions"), blank=True, help_text=_("Action taken or proposed, in our own words.")
    )
    sent_to_inspectorate_on = models.DateField(
        _("sent to the inspectorate on"), null=True, blank=True, help_text=_("Section 55(6).")
    )
    sent_to_secretary_of_state_on = models.DateField(
        _("sent to the Secretary of State on"), null=True, blank=True, help_text=_("Section 55(6).")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("What a reader should know."))
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Where it is known from, if not from itself."),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            *publishable_checks("response"),
            one_of(model="response", field="kind", choices=ResponseKind),
            not_empty(model="response", field="title"),
            precision_check(model="response", field="published_on"),
            models.UniqueConstraint(
                fields=["report", "kind", "title"],
                name="response_once",
                violation_error_message=_("This response is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.report}: {self.get_kind_display()})"

    @property
    def published(self) -> PartialDate | None:
        """Give the date as far as it is known."""
        return partial(self, "published_on")


class RecommendationAction(models.Model):
    """What a response says is done about one recommendation, or why nothing is (Police Act 1996, section 55(5B))."""

    response = models.ForeignKey(
        Response,
        verbose_name=_("response"),
        related_name="recommendation_actions",
        on_delete=models.PROTECT,
        help_text=_("Which response."),
    )
    finding = models.ForeignKey(
        "Finding",
        verbose_name=_("recommendation"),
        related_name="actions",
        on_delete=models.PROTECT,
        help_text=_("Which recommendation, or area for improvement."),
    )
    action = models.TextField(
        _("action"), blank=True, help_text=_("Taken or proposed, in the body's sense and our own words.")
    )
    reason = models.TextField(_("or why none"), blank=True, help_text=_("Why no action is taken."))

    class Meta:
        verbose_name = _("action on a recommendation")
        verbose_name_plural = _("actions on recommendations")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "finding"],
                name="recommendation_action_once",
                violation_error_message=_("This response already answers this recommendation."),
            ),
            models.CheckConstraint(
                name="recommendation_action_or_reason",
                condition=~Q(action="") & Q(reason="") | Q(action="") & ~Q(reason=""),
                violation_error_message=_("Say either what is done or why nothing is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response} – {self.finding}"

    def clean(self) -> None:
        """Refuse an answer to what needs none, or to another force's finding."""
        if not (self.response_id and self.finding_id):
            return
        if self.finding.kind not in (FindingKind.RECOMMENDATION, FindingKind.AREA_FOR_IMPROVEMENT):
            raise ValidationError(
                {"finding": _("This is neither a recommendation nor an area for improvement.")}
            )
        if self.finding.force_id != self.response.report.inspection.force_id:
            raise ValidationError({"finding": _("This finding is about another force.")})


class Comment(Publishable):
    """What an office says beside a grade, with its day. It stands beside the grade and changes nothing about it."""

    grade = models.ForeignKey(
        "Grade",
        verbose_name=_("grade"),
        related_name="comments",
        on_delete=models.PROTECT,
        help_text=_("Beside which grade."),
    )
    body = models.ForeignKey(
        "PolicingBody",
        verbose_name=_("body"),
        related_name="comments",
        on_delete=models.PROTECT,
        help_text=_("Who says so."),
    )
    text = models.CharField(_("text"), max_length=600, help_text=_("Plain text, shown as the body's words."))
    dated = models.DateField(_("dated"), help_text=_("The day of the comment."))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            *publishable_checks("comment"),
            not_empty(model="comment", field="text"),
            models.UniqueConstraint(
                fields=["grade", "body", "dated"],
                name="comment_once_a_day",
                violation_error_message=_("This body already has a comment of this day beside this grade."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.dated}: {self.grade}"


class RequiredItem(models.Model):
    """One thing that a policing body has to publish about its force, and where it does; empty where it was not found."""

    force = models.ForeignKey(
        "Force",
        verbose_name=_("force"),
        related_name="required_items",
        on_delete=models.PROTECT,
        help_text=_("About which force."),
    )
    item = models.CharField(
        _("item"), max_length=20, choices=RequiredKind, help_text=_("What is to be published.")
    )
    address = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("Where it is; empty means: not published.")
    )
    checked_on = models.DateField(_("checked on"), help_text=_("The day somebody last looked."))
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("What a reader should know."))

    class Meta:
        verbose_name = _("required item")
        verbose_name_plural = _("required information")
        constraints = [
            one_of(model="required_item", field="item", choices=RequiredKind),
            models.UniqueConstraint(
                fields=["force", "item"],
                name="required_item_once_a_force",
                violation_error_message=_("This item is already recorded for this force."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.get_item_display()}"
