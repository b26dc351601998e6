"""Who works on the record: invitations, and the roles that people have."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grades import access, inviting
from grades.admin.base import RecordAdmin, RefusableForm
from grades.models import Invitation, Membership, Office
from grades.scales import Role

# Allauth lists both for administrators, the second with its secret. An address is changed by its owner, and a lost second
# factor is taken off by `manage.py remove_second_factor`.
for _model in (EmailAddress, Authenticator):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class InviteForm(RefusableForm):
    """Whom to invite, where, and to which role."""

    class Meta:
        model = Invitation
        fields = ("email", "office", "role")

    def clean(self) -> dict[str, Any] | None:
        """Refuse what this person may not offer, and a role that somebody has already."""
        given = super().clean() or self.cleaned_data
        if {"email", "role"} <= given.keys():
            role, office = Role(given["role"]), given.get("office")
            if not inviting.may_offer(self.desk, office=office, role=role):
                raise ValidationError(
                    _("A national editor belongs to no office; any other role needs one of yours.")
                )
            inviting.check_new(email=given["email"], office=office, role=role)
        return given


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    """Invitations: saving one sends it, deleting one withdraws it, and sending again makes the old link useless."""

    form = InviteForm
    fields = ("email", "office", "role")
    autocomplete_fields = ("office",)
    readonly_fields = ("invited_by", "accepted_by")
    list_display = ("email", "office", "role", "invited_by", "sent_at", "state")
    list_filter = ("role",)
    list_select_related = ("office", "invited_by")
    search_fields = ("email",)
    ordering = ("-sent_at", "-pk")
    actions = ("send_again",)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Offer only the roles that this person may give."""
        form = super().get_form(request, obj, change, **kwargs)
        if "role" in form.base_fields and not access.desk_of(request.user).national:
            field: Any = form.base_fields["role"]
            field.choices = [choice for choice in field.choices if choice[0] != Role.NATIONAL_EDITOR]
        return form

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer the offices for which this person may invite."""
        if db_field.name == "office":
            desk = access.desk_of(request.user)
            mine = [pk for pk, role in desk.offices.items() if role == Role.PUBLISHER]
            offices = Office.objects.order_by("name")
            kwargs["queryset"] = offices if desk.national else offices.filter(pk__in=mine)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, with the reason, when the message could not be sent."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except inviting.UnsentError as trouble:
            request.META["grades.refusal"] = str(trouble)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Send it."""
        sent = inviting.invite(
            email=obj.email,
            office=obj.office,
            role=Role(obj.role),
            by=request.user,  # type: ignore[arg-type]  # nobody else reaches this
            now=timezone.now(),
        )
        obj.pk, obj.email, obj.sent_at, obj.invited_by = sent.pk, sent.email, sent.sent_at, sent.invited_by

    @admin.action(permissions=["add"], description=gettext_lazy("Send again (the old link stops working)"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Send a new link to each that nobody has accepted."""
        count = 0
        for row in queryset.select_related("office"):
            if not self.has_delete_permission(request, row):
                continue
            try:
                inviting.again(invitation=row, by=request.user, now=timezone.now())  # type: ignore[arg-type]  # likewise
            except (inviting.UnsentError, ValidationError) as trouble:
                why = " ".join(getattr(trouble, "messages", [str(trouble)]))
                self.message_user(request, f"{why} ({row.email})", messages.ERROR)
            else:
                count += 1
        sent = ngettext("%(n)d invitation was sent again.", "%(n)d invitations were sent again.", count)
        self.message_user(request, sent % {"n": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> str:
        """Say whether the link still opens something."""
        if invitation.accepted_at:
            return _("accepted")
        return _("expired") if timezone.now() >= inviting.ends_at(invitation) else _("waiting")


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """Roles. People get one by an invitation; deleting somebody's last role closes their account."""

    fields = ("user", "office", "role")
    readonly_fields = ("user", "office")
    list_display = ("user", "name", "office", "role", "signed_in")
    list_filter = ("role",)
    list_select_related = ("user", "office")
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")
    ordering = ("user__username", "pk")

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Offer the roles that this person may give in that office."""
        form = super().get_form(request, obj, change, **kwargs)
        if isinstance(obj, Membership) and "role" in form.base_fields:
            desk = access.desk_of(request.user)
            field: Any = form.base_fields["role"]
            field.choices = [
                choice
                for choice in field.choices
                if choice[0] and inviting.may_offer(desk, office=obj.office, role=Role(choice[0]))
            ]
        return form

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """End the role, and the account with the last one."""
        inviting.dismiss(membership=obj, by=request.user)  # type: ignore[arg-type]  # nobody else reaches this

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """End several roles, or none where one of them may not be ended."""
        for membership in queryset.select_related("user", "office"):
            self.delete_model(request, membership)

    @admin.display(description=gettext_lazy("name"))
    def name(self, membership: Membership) -> str:
        """Give the person's name in full."""
        return membership.user.get_full_name()

    @admin.display(description=gettext_lazy("last signed in"), ordering="user__last_login")
    def signed_in(self, membership: Membership) -> Any:
        """Say when the person last signed in."""
        return membership.user.last_login
