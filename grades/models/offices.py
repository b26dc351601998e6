"""Who works on the record: offices of policing bodies, their members, and invitations to become one."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grades.models.areas import Force
from grades.models.base import not_empty, one_of
from grades.scales import Role


class OfficeQuerySet(models.QuerySet["Office"]):
    """Questions about offices."""

    def of_force(self, force: Force, day: date) -> OfficeQuerySet:
        """Keep the offices whose body holds a force to account on a day."""
        return self.filter(body__tenures__in=force.tenures.on(day))


class Office(models.Model):
    """The staff of one policing body, who edit the record of the forces that the body holds to account today."""

    name = models.CharField(_("name"), max_length=160, unique=True, help_text=_("As its staff call it."))
    body = models.OneToOneField(
        "PolicingBody",
        verbose_name=_("body"),
        related_name="office",
        on_delete=models.PROTECT,
        help_text=_("Whose office it is; the body's tenures say which forces it edits."),
    )
    one_person_publishing = models.BooleanField(
        _("one person may publish alone"),
        default=False,
        help_text=_("For an office of one. The public log says so at each entry."),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [not_empty(model="office", field="name")]

    def __str__(self) -> str:
        return self.name


def _role_check(model: str) -> models.CheckConstraint:
    """A national editor belongs to no office; everybody else to one."""
    return models.CheckConstraint(
        name=f"{model}_office_unless_national",
        condition=Q(role=Role.NATIONAL_EDITOR, office__isnull=True)
        | ~Q(role=Role.NATIONAL_EDITOR) & Q(office__isnull=False),
        violation_error_message=_("A national editor belongs to no office; any other role needs one."),
    )


class Membership(models.Model):
    """Who may do what, where: a person's role in one office, or for all."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        related_name="memberships",
        on_delete=models.PROTECT,
        help_text=_("Who."),
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        related_name="memberships",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Where; empty for a national editor."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, help_text=_("What they may do."))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            one_of(model="membership", field="role", choices=Role),
            _role_check("membership"),
            models.UniqueConstraint(
                fields=["user", "office"],
                name="membership_once_an_office",
                nulls_distinct=False,
                violation_error_message=_("This person already has a role there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}" + (f", {self.office}" if self.office_id else "")


class Invitation(models.Model):
    """A place kept for somebody who is not a user yet. The link in the message is signed and stops working."""

    email = models.EmailField(_("e-mail address"), help_text=_("Where the link goes."))
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        related_name="invitations",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Where; empty for a national editor."),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role, help_text=_("What they will be able to do.")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        related_name="+",
        on_delete=models.PROTECT,
        help_text=_("Who asked them."),
    )
    sent_at = models.DateTimeField(
        _("sent at"), help_text=_("When the link went out; a new one makes the old useless.")
    )
    accepted_at = models.DateTimeField(
        _("accepted at"), null=True, blank=True, help_text=_("When it was used.")
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Who they became."),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            not_empty(model="invitation", field="email"),
            one_of(model="invitation", field="role", choices=Role),
            _role_check("invitation"),
            models.CheckConstraint(
                name="invitation_accepted_by_and_at",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__gte=F("sent_at"), accepted_by__isnull=False),
                violation_error_message=_("Say who accepted it and when, after it was sent."),
            ),
            models.UniqueConstraint(
                fields=["email", "office"],
                name="invitation_once_an_office",
                nulls_distinct=False,
                condition=Q(accepted_at__isnull=True),
                violation_error_message=_("This address is already invited there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.office or self.get_role_display()}, {self.sent_at:%Y-%m-%d %H:%M}"
