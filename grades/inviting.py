"""How somebody comes to work on the record, and stops: invited by mail, through a link that is signed and works once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from grades import access
from grades.access import Desk, Verb
from grades.models import Invitation, Membership, Office
from grades.scales import Role

logger = logging.getLogger(__name__)

SALT = "grades.invitation"


class ClosedError(Exception):
    """A link that opens nothing any more; it says why, in a sentence for whoever followed it."""


class AlteredError(ClosedError):
    """A link that we never sent."""


class UnsentError(Exception):
    """The mail server did not take the message, so nothing was kept; it says so in a sentence."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A link as it was followed: the invitation, and the account that its address has already."""

    invitation: Invitation
    account: User | None


def may_offer(desk: Desk, *, office: Office | None, role: Role) -> bool:
    """Say whether somebody may invite to a role: a national editor to any, a publisher to those of their own office."""
    if desk.national:
        return (office is None) == (role == Role.NATIONAL_EDITOR)
    return office is not None and role != Role.NATIONAL_EDITOR and access.may(desk, Verb.INVITE, office)


def check_new(*, email: str, office: Office | None, role: Role) -> None:
    """Raise ValidationError where somebody has the role already."""
    account = account_of(email.strip().lower())
    held = Membership.objects.filter(user=account, office=office, role=role, user__is_active=True)
    if account and held.exists():
        raise ValidationError(_("This person has that role there already."))


@transaction.atomic
def invite(*, email: str, office: Office | None, role: Role, by: User, now: datetime) -> Invitation:
    """Keep a place for somebody and send the link; whoever is invited there already gets a new one, and the old one ends."""
    if not may_offer(access.desk_of(by), office=office, role=role):
        raise access.DeniedError("invite")
    email = email.strip().lower()
    check_new(email=email, office=office, role=role)
    kept = Invitation.objects.select_for_update().filter(email=email, office=office, accepted_at=None).first()
    invitation = kept or Invitation(email=email, office=office)
    invitation.role, invitation.invited_by, invitation.sent_at = role, by, now
    invitation.full_clean()
    invitation.save()
    send(invitation)  # before the end of the transaction: an invitation that went to nobody is not kept
    return invitation


def again(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Send a new link for an invitation that nobody has used."""
    return invite(
        email=invitation.email, office=invitation.office, role=Role(invitation.role), by=by, now=now
    )


def token_of(invitation: Invitation) -> str:
    """Sign which invitation is meant, and when it was sent, so that a later one makes this link useless."""
    return signing.dumps([invitation.pk, invitation.sent_at.isoformat()], salt=SALT)


def link_of(invitation: Invitation) -> str:
    """Give the whole address that the message carries."""
    return settings.BASE_URL + reverse("staff:invitation", args=[token_of(invitation)])


def ends_at(invitation: Invitation) -> datetime:
    """Give the time from which the link opens nothing."""
    return invitation.sent_at + timedelta(days=settings.INVITATION_DAYS)


def send(invitation: Invitation) -> None:
    """Send the message with the link."""
    about = {
        "invitation": invitation,
        "link": link_of(invitation),
        "ends_at": ends_at(invitation),
        "inviter": invitation.invited_by.get_full_name() or invitation.invited_by.get_username(),
        "site_name": settings.SITE_NAME,
        "operator": settings.OPERATOR,
    }
    subject = _("%(site)s: an invitation to work on the record") % {"site": settings.SITE_NAME}
    body = render_to_string("staff/invitation.txt", about)
    try:
        send_mail(subject, body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except (OSError, SMTPException) as trouble:
        logger.error("No invitation went out: %s", type(trouble).__name__)  # whom it was for is nobody's log
        raise UnsentError(
            _("The mail server does not take the message just now. Nobody was invited; try again later.")
        ) from trouble


def opened(*, token: str, now: datetime, lock: bool = False) -> Offer:
    """Give what a link stands for; raise ClosedError with a sentence where it opens nothing."""
    try:
        pk, sent_at = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise AlteredError(
            _("This is not a link of ours. Perhaps it was cut in two: copy it whole from the message.")
        ) from None
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    invitation = rows.select_related("office", "invited_by").filter(pk=pk).first()
    if invitation is None:
        raise ClosedError(_("This invitation was withdrawn. Ask whoever invited you."))
    if invitation.accepted_at is not None:
        raise ClosedError(_("This invitation was used already. If it was you, just sign in."))
    if invitation.sent_at.isoformat() != sent_at:
        raise ClosedError(_("A newer invitation was sent to you since. Use the link in the latest message."))
    if now >= ends_at(invitation):
        raise ClosedError(_("This invitation has expired. Ask whoever invited you to send it again."))
    sender = access.desk_of(invitation.invited_by)
    if not may_offer(sender, office=invitation.office, role=Role(invitation.role)):
        raise ClosedError(_("Whoever sent this may invite nobody there any more. Ask their colleagues."))
    return Offer(invitation, account_of(invitation.email))


def account_of(email: str) -> User | None:
    """Give the account whose address this is, if any; an address that somebody has only claimed is not theirs."""
    email = email.strip().lower()
    shown = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    if shown is not None:
        return shown.user
    named = User.objects.filter(email__iexact=email).order_by("pk")
    return next((person for person in named if person.email.lower() == email), None)


@transaction.atomic
def accept_as_newcomer(
    *, token: str, now: datetime, username: str, first_name: str, last_name: str, password: str
) -> User:
    """Make the account, its confirmed address and its role, all or nothing."""
    offer = opened(token=token, now=now, lock=True)
    if offer.account:
        raise ClosedError(_("This address has an account by now. Sign in, and follow the link again."))
    person = User.objects.create_user(
        username=username,
        email=offer.invitation.email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        is_staff=True,
    )
    EmailAddress.objects.create(user=person, email=offer.invitation.email, verified=True, primary=True)
    _take(offer.invitation, person, now)
    return person


@transaction.atomic
def accept_as_member(*, token: str, now: datetime, person: User) -> Membership:
    """Give somebody who has an account the role that was offered to their address."""
    offer = opened(token=token, now=now, lock=True)
    if offer.account != person:
        raise access.DeniedError("invitation of somebody else")
    if not person.is_staff:
        person.is_staff = True
        person.save(update_fields=["is_staff"])
    return _take(offer.invitation, person, now)


@transaction.atomic
def accept_as_returning(*, token: str, now: datetime) -> Membership:
    """Open again the account of somebody whose roles had ended; they sign in with the password that they had.

    One that was closed with its roles, or as a superuser's, is opened by whoever closed it: a link gives one role and no more.
    """
    offer = opened(token=token, now=now, lock=True)
    person = offer.account
    if person is None or person.is_active:
        raise access.DeniedError("invitation of somebody else")
    if person.is_superuser or Membership.objects.filter(user=person).exists():
        raise ClosedError(_("Your account was stopped by those who run this site. Only they open it again."))
    person.is_active = person.is_staff = True
    person.save(update_fields=["is_active", "is_staff"])
    return _take(offer.invitation, person, now)


def _take(invitation: Invitation, person: User, now: datetime) -> Membership:
    """Write down the role, and that the invitation is used."""
    membership, _created = Membership.objects.update_or_create(
        user=person, office=invitation.office, defaults={"role": invitation.role}
    )
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership


@transaction.atomic
def dismiss(*, membership: Membership, by: User) -> None:
    """End a role. Whoever has none left is signed out everywhere and can no longer sign in; what they did stays."""
    access.need(access.desk_of(by), Verb.DELETE, membership)
    person: Any = User.objects.select_for_update().get(pk=membership.user_id)
    membership.delete()
    if not person.is_superuser and not Membership.objects.filter(user=person).exists():
        person.is_active = False
        person.save(update_fields=["is_active"])
