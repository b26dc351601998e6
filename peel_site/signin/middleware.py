"""What happens around every request to the admin: how long somebody stays signed in, by what, and who changed what."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pghistory.middleware import HistoryMiddleware

from peel_site.middleware import TROUBLE, unavailable
from peel_site.signin.adapters import has_second_factor
from peel_site.signin.listening import SEEN, SINCE

WRITE_AFTER = 60
"""A use within so many seconds of the last one is not written down: reading a page costs no change of the session."""

Answer = Callable[[HttpRequest], HttpResponse]


def in_admin(request: HttpRequest, *below: str) -> bool:
    """Say whether an address lies in the admin, or in one of these parts of it."""
    return request.path_info.startswith(tuple(f"/{settings.ADMIN_PATH}{part}" for part in below or ("",)))


def in_account(request: HttpRequest) -> bool:
    """Say whether an address belongs to signing in."""
    return request.path_info.startswith(f"/{settings.ACCOUNT_PATH}")


def needs_nobody(request: HttpRequest) -> bool:
    """Say whether a page of the admin is for people who are not signed in, or not fully."""
    return in_account(request) or in_admin(request, "login/", "logout/")


class SignedIn:
    """Ends a session that is too old or was not used; what is then sent is answered in words, and nothing is saved."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not in_admin(request):
            return self.get_response(request)
        try:
            why = self._why_ended(request) if request.user.is_authenticated else ""
            if why:
                logout(request)
            nobody = not request.user.is_authenticated
        except TROUBLE as trouble:
            return unavailable(request, trouble)
        if nobody and request.method not in ("GET", "HEAD", "OPTIONS") and not needs_nobody(request):
            return self._nothing_saved(request, why)
        if why:
            messages.info(request, why)
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Keep the name ``site`` for what our own pages know by it: allauth's pages would hide it behind the host's name."""
        if in_account(request) and response.context_data:
            response.context_data.pop("site", None)
        return response

    @staticmethod
    def _why_ended(request: HttpRequest) -> str:
        """Say why this session is over, or note that it is in use."""
        now = int(time.time())
        hours, minutes = settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES
        if now - request.session.get(SINCE, 0) >= hours * 60 * 60:
            return ngettext(
                "You were signed out: a session lasts at most %(n)d hour.",
                "You were signed out: a session lasts at most %(n)d hours.",
                hours,
            ) % {"n": hours}
        unused = now - request.session.get(SEEN, 0)
        if unused >= minutes * 60:
            return ngettext(
                "You were signed out after %(n)d minute without activity.",
                "You were signed out after %(n)d minutes without activity.",
                minutes,
            ) % {"n": minutes}
        if unused >= WRITE_AFTER:
            request.session[SEEN] = now
        return ""

    @staticmethod
    def _nothing_saved(request: HttpRequest, why: str) -> HttpResponse:
        """Answer what a browser sent for somebody who is signed in no longer; the sign-in leads back to the form."""
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        response = render(request, "staff/signed_out.html", {"why": why, "sign_in": sign_in}, status=401)
        response.headers["WWW-Authenticate"] = (
            'Cookie realm="staff"'  # a 401 has to name a way, and this is ours
        )
        response.headers["Cache-Control"] = "no-store"
        return response


class SecondFactor:
    """Leads whoever has no second factor to setting one up, before any page of the admin answers, where one is required."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MFA_REQUIRED or not in_admin(request) or needs_nobody(request):
            return self.get_response(request)
        try:
            lacking = request.user.is_authenticated and not has_second_factor(request.user)
        except TROUBLE as trouble:
            return unavailable(request, trouble)
        if lacking:
            get_adapter().add_message(
                request, messages.INFO, message=_("Set up a second step first; then the admin opens.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)


class SaysWho(HistoryMiddleware):
    """Lets the history of every row say who changed it and at which address; public pages change nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return super().__call__(request) if in_admin(request) else self.get_response(request)
