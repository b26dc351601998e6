"""Who is locked out after too many wrong passwords or codes, for how long, and what they are told."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.signals import authentication_failed
from axes.handlers.proxy import AxesProxyHandler
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

LONGEST_NAME = 150


def name_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Give the name under which attempts count: one for a person, whether they sign in by name or by address."""
    given = credentials or {}
    login = given.get("username") or given.get("email") or request.POST.get("login")
    if not login:
        return None
    login = str(login).strip().lower()
    # Somebody may claim an address without having shown that it is theirs: attempts count for whose it is.
    people = filter_users_by_email(login, prefer_verified=True, for_login=True) if "@" in login else []
    people.sort(key=lambda person: person.pk)
    return str(people[0].get_username()).lower() if people else login[:LONGEST_NAME]


def address_of(request: HttpRequest) -> str | None:
    """Give the address of whoever asks; a header says it only behind a proxy of ours."""
    return get_client_ip(request)


def is_locked_out(request: HttpRequest, username: str) -> bool:
    """Say whether this name is locked out here, and mark the request so that the answer says it."""
    if AxesProxyHandler.is_allowed(request, {"username": username}):
        return False
    request.axes_locked_out = True  # type: ignore[attr-defined]  # what axes' own middleware looks for
    return True


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Answer 429 in words, and say when to come back."""
    response = render(request, "429.html", {"minutes": max(1, seconds // 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Answer somebody who is locked out, whatever their request was."""
    return too_many(request, seconds=int(settings.AXES_COOLOFF_TIME.total_seconds()))


def rate_limited(request: HttpRequest) -> HttpResponse:
    """Answer somebody who asks too often for the same thing."""
    return too_many(request, seconds=600)


@receiver(authentication_failed)
def count_wrong_code(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Count a wrong code as a wrong password is counted: for all processes, and after a restart."""
    AxesProxyHandler.user_login_failed(sender, {"username": user.get_username()}, request)
    logger.warning("A wrong code for %r from %s", user.get_username(), address_of(request))


@receiver(user_login_failed)
def tell_of_wrong_password(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Write who was refused to the log. What was typed as a password is not in the credentials any more."""
    if request is not None:
        logger.warning("A wrong password for %r from %s", name_of(request, credentials), address_of(request))


@receiver(user_locked_out)
def tell_of_lockout(
    sender: Any, request: HttpRequest, username: str | None, ip_address: str | None, **kwargs: Any
) -> None:
    """Write who is locked out to the log."""
    logger.warning("Locked out: %r from %s", username, ip_address)


@receiver(user_logged_in)
def tell_of_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Write who signed in to the log."""
    logger.info("Signed in: %r from %s", user.get_username(), address_of(request))
