"""What is done whenever somebody signs in, by whatever way."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.signals import user_logged_in
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest

SINCE, SEEN = "signed_in_at", "seen_at"
"""Where a session keeps, in seconds, when it began and when it was last used."""


@receiver(user_logged_in)
def start_clock(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Begin a session's time."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())


@receiver(user_logged_in)
def trust_address(sender: Any, user: Any, **kwargs: Any) -> None:
    """Take the address of an account made at the command line for its own: nobody else could have entered it."""
    known = EmailAddress.objects.filter(Q(user=user) | Q(email__iexact=user.email, verified=True))
    if user.email and not known.exists():
        EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
