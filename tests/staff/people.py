"""How a person of a test signs in: the password, and the code that their app would show."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

PASSWORD = "four odd socks on mars"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    """Give the code that an app with this secret shows, now or some steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_app(user: User) -> None:
    """Set up an app for somebody, with recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def sign_in(client: Client, login: str = "anna", password: str = PASSWORD, **given: str):
    """Send the form of signing in, as a browser does."""
    return client.post(reverse("account_login"), {"login": login, "password": password, **given})
