"""The forms of signing in: allauth's, with a label above each field instead of a word inside it."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from peel_site.signin.locking import is_locked_out

Words = Any

SECONDS_A_CODE_LIVES = 90
"""With one step of tolerance to either side."""


class Labelled(forms.Form):
    """Renames and explains fields by ``words``, and takes out what would stand inside them."""

    words: dict[str, tuple[Words, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


NEW_PASSWORD: dict[str, tuple[Words, Words]] = {
    "password1": (
        _("New password"),
        _("At least 12 characters: three or four words that do not belong together do well."),
    ),
    "password2": (_("New password again"), ""),
}


class SignInForm(Labelled, account.LoginForm):
    """Name or address, and password."""

    words = {"login": (_("User name or e-mail address"), ""), "password": (_("Password"), "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class ForgottenPasswordForm(Labelled, account.ResetPasswordForm):
    """Where the link goes."""

    words = {"email": (_("Your e-mail address"), "")}


class NewPasswordForm(Labelled, account.ResetPasswordKeyForm):
    """A new password, behind the link."""

    words = NEW_PASSWORD


class FirstPasswordForm(Labelled, account.SetPasswordForm):
    """A password for an account without one."""

    words = NEW_PASSWORD


class ChangePasswordForm(Labelled, account.ChangePasswordForm):
    """A new password, with the present one."""

    words = NEW_PASSWORD | {"oldpassword": (_("Present password"), "")}


class NewAddressForm(Labelled, account.AddEmailForm):
    """Another e-mail address."""

    words = {
        "email": (_("New e-mail address"), _("We send a link there; until you follow it nothing changes."))
    }


class PasswordAgainForm(Labelled, account.ReauthenticateForm):
    """The password again, before a change to the account."""

    words = {"password": (_("Your password"), "")}


class _Code(Labelled):
    """A code that is refused to whoever is locked out, and that works once."""

    user: Any
    words = {
        "code": (
            _("Code"),
            _("Six digits from your authenticator app, or one of your recovery codes."),
        )
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocapitalize": "none"}

    def clean_code(self) -> str:
        """Check the code, unless too many were wrong; the answer then says so."""
        if is_locked_out(context.request, self.user.get_username()):
            raise get_adapter().validation_error("rate_limited")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
        of_app = self.authenticator.type == Authenticator.Type.TOTP  # type: ignore[attr-defined]  # and this too
        used = f"code-of-{self.user.pk}:{''.join(code.split())}"
        if of_app and not cache.add(used, True, SECONDS_A_CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Code, second_factor.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Code, second_factor.ReauthenticateForm):
    """A code before a change to the account."""


class FirstCodeForm(Labelled, ActivateTOTPForm):
    """The first code of an app, which shows that it has the secret."""

    words = {"code": (_("Code that your app shows"), _("Six digits; a new one every half minute."))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class NewPasskeyForm(Labelled, passkeys.AddWebAuthnForm):
    """A passkey by name. One that is kept on the device, and asks for a finger or PIN, needs no password beside it."""

    words = {
        "name": (_("Name of this passkey"), _("So that you know it from another: work laptop, blue key.")),
        "passwordless": (
            _("Sign in with it alone"),
            _("Without password and code. The device then asks for your finger, face or PIN."),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.initial["name"] = ""
        self.fields["passwordless"].initial = True


class PasskeyNameForm(Labelled, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    words = {"name": (_("Name of this passkey"), "")}
