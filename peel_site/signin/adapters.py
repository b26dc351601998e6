"""What allauth asks a site to decide: who may sign up (nobody), what is said, and how a secret becomes a picture."""

from __future__ import annotations

import logging
import secrets
import time
from base64 import b32encode, urlsafe_b64encode
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext

from peel_site.signin.words import MESSAGES, NOTICES, QR_TITLE, REFUSALS

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Invited staff alone, in our words."""

    error_messages = DefaultAccountAdapter.error_messages | dict(REFUSALS)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: staff are invited."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say on the next page what was done, in our words instead of a template's."""
        if message is None and message_template is not None and message_template in MESSAGES:
            message = str(MESSAGES[message_template]) % (message_context or {})
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Give the link of a forgotten password, at our own address, whatever host the request named."""
        return at_our_address(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Give the link that confirms an address, likewise."""
        return at_our_address(super().get_email_confirmation_url(request, emailconfirmation))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Write a mail: a notice of a change from its sentence, any other from templates of ours."""
        to = [email] if isinstance(email, str) else email
        about = {**context, "site_name": settings.SITE_NAME, "operator": settings.OPERATOR}
        if template_prefix in NOTICES:
            subject, sentence = (str(words) for words in NOTICES[template_prefix])
            body = render_to_string("account/email/notice.txt", {**about, "sentence": sentence % context})
        else:
            subject = render_to_string(f"{template_prefix}_subject.txt", about)
            body = render_to_string(f"{template_prefix}_message.txt", about)
        subject = self.format_email_subject(" ".join(subject.split()))
        return EmailMessage(subject, body.strip() + "\n", self.get_from_email(), to, headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a link. When the mail server is away, the page says what to do if nothing comes, whoever was named."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as trouble:
            # Without the traceback: the server's refusal names whom the mail was for.
            logger.error("No mail of the kind %s went out: %s", template_prefix, type(trouble).__name__)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell of a change that is done; that stays done when the mail server is away."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException) as trouble:
            logger.error("No mail about a change to an account: %s", type(trouble).__name__)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask who it is before a change to an account, but not of whoever has just signed in: they have shown it."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        if time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


def at_our_address(link: str) -> str:
    """Give a link of ours below BASE_URL: who asks for a mail does not choose where its link leads."""
    parts = urlsplit(link)
    return settings.BASE_URL + urlunsplit(("", "", parts.path, parts.query, ""))


def has_second_factor(user: Any) -> bool:
    """Say whether somebody is asked for more than a password; recovery codes alone are not asked for."""
    strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user.pk, type__in=strong).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets that a copy of the database does not give away, and a picture of one that needs no outside help."""

    error_messages = DefaultMFAAdapter.error_messages | dict(REFUSALS)

    def encrypt(self, text: str) -> str:
        """Hide the secret of an app or of recovery codes from whoever reads the database alone."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read such a secret; after a change of SECRET_KEY without SECRET_KEY_FALLBACKS none matches any more."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(secrets.token_bytes(20)).decode()  # well formed, and nobody's

    def build_totp_svg(self, url: str) -> str:
        """Draw the code that an app reads, dark on light in any look, as part of the page: nothing is fetched for it."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        size = len(rows)
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-labelledby="qr-title" '
            'shape-rendering="crispEdges"><title id="qr-title">{1}</title>'
            '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
            size,
            QR_TITLE,
            path,
        )

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002  allauth's name
        """Name a passkey that somebody has left without a name."""
        return gettext("Passkey %(n)d") % {
            "n": Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        }

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """Name an account in an app by its user name: it stays when the address changes."""
        return str(user.get_username())

    def _get_site_name(self) -> str:
        """Name the site as its pages do."""
        return str(settings.SITE_NAME)


def _cipher() -> MultiFernet:
    """Give the cipher of this SECRET_KEY, which also reads what former ones have written."""
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(salted_hmac("peel.second-factor", "", key, algorithm="sha256").digest()))
            for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]
    )
