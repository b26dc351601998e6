"""Allauth's own pages, where its answer would leave somebody without a word or with the wrong status."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ConfirmEmailView, PasswordResetFromKeyView
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

GONE = 410


def of_admin(request: HttpRequest) -> HttpResponse:
    """Lead from the admin's own sign-in to ours, always: the admin's would let a password alone open it."""
    if not request.user.is_authenticated:
        return redirect(
            f"{reverse('account_login')}?{urlencode({'next': get_next_redirect_url(request) or reverse('admin:index')})}"
        )
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect("admin:index")


class NewPassword(PasswordResetFromKeyView):
    """The page behind the link of a forgotten password."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Answer a link that was used or is too old with a status that says so."""
        if context.get("token_fail"):
            response_kwargs["status"] = GONE
        return super().render_to_response(context, **response_kwargs)


class ConfirmAddress(ConfirmEmailView):
    """The page behind the link that confirms an e-mail address."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Answer a link that was used or is too old with a status that says so."""
        if not context.get("can_confirm"):
            response_kwargs["status"] = GONE
        return super().render_to_response(context, **response_kwargs)


def while_signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say so when somebody took too long between the password and the second step."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 302 and response.headers["Location"] == reverse("account_login"):
            messages.info(request, _("That took too long, or was not begun here. Please sign in again."))
        return response

    return answer
