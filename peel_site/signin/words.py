"""What signing in says: short messages on the next page, and notices by mail, each under the name that allauth gives it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

Words = Any
"""A text that is translated when it is shown, which has no public type."""

MESSAGES: Mapping[str, Words] = {
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "account/messages/email_confirmation_sent.txt": _(
        "We sent a link to %(email)s. The address counts once you have followed it."
    ),
    "account/messages/email_confirmed.txt": _("%(email)s is confirmed as your address."),
    "account/messages/email_confirmation_failed.txt": _("%(email)s belongs to another account."),
    "account/messages/email_deleted.txt": _("%(email)s is removed."),
    "mfa/messages/totp_activated.txt": _("Your authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("Your authenticator app is removed from your account."),
    "mfa/messages/webauthn_added.txt": _("Your passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "You have new recovery codes. Keep them where you find them without your phone."
    ),
}
"""What the next page says after something was done; what is not named here says nothing."""

NOTICES: Mapping[str, tuple[Words, Words]] = {
    "account/email/password_changed": (_("Your password was changed"), _("Your password was changed.")),
    "account/email/password_reset": (
        _("Your password was changed"),
        _("Your password was changed through a link that we sent you."),
    ),
    "account/email/password_set": (_("Your password was set"), _("A password was set for your account.")),
    "account/email/email_changed": (
        _("Your e-mail address was changed"),
        _("The e-mail address of your account was changed from %(from_email)s to %(to_email)s."),
    ),
    "account/email/email_deleted": (
        _("An e-mail address was removed"),
        _("The address %(deleted_email)s was removed from your account."),
    ),
    "mfa/email/totp_activated": (
        _("Authenticator app set up"),
        _("An authenticator app was set up for your account."),
    ),
    "mfa/email/totp_deactivated": (
        _("Authenticator app removed"),
        _("The authenticator app was removed from your account."),
    ),
    "mfa/email/webauthn_added": (_("Passkey added"), _("A passkey was added to your account.")),
    "mfa/email/webauthn_removed": (_("Passkey removed"), _("A passkey was removed from your account.")),
    "mfa/email/recovery_codes_generated": (
        _("New recovery codes"),
        _("New recovery codes were made for your account. The old ones no longer work."),
    ),
}
"""Subject and sentence of each mail that tells of a change to an account."""

REFUSALS: Mapping[str, Words] = {
    "account_inactive": _("This account is closed. Ask whoever invited you."),
    "duplicate_email": _("This is your address already."),
    "email_taken": _("Another account has this e-mail address."),
    "email_password_mismatch": _("The name or the password is not right. Check both and try again."),
    "username_password_mismatch": _("The name or the password is not right. Check both and try again."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_password": _("This is not your password."),
    "incorrect_code": _("This code is not right, or was used already. Wait for the next one and try again."),
    "invalid_password_reset": _("This link was used already, or is too old."),
    "too_many_login_attempts": _("Too many attempts. Wait ten minutes and try again."),
    "rate_limited": _("Too many attempts. Wait ten minutes and try again."),
    "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
}
"""Why a form is refused, where allauth's own words are not plain."""

QR_TITLE = _("Code for your authenticator app; the same secret stands below in letters")
