"""How often a program may ask the API, and what it is told of that.

The header fields are those of the IETF's draft on rate limits (draft-ietf-httpapi-ratelimit-headers-10).
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from grades.api.problems import for_programs, problem
from peel_site.signin.locking import address_of

WINDOW = 60
"""Seconds over which requests are counted."""


class ApiLimit:
    """Counts the requests of each address in a window of a minute, and refuses more than the setting allows.

    Addresses are counted under a keyed digest that is forgotten with its window. Where no cache is shared, each process
    counts for itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not for_programs(request) or request.method == "OPTIONS":
            return self.get_response(request)
        quota = settings.API_REQUESTS_A_MINUTE
        window, gone = divmod(int(time.time()), WINDOW)
        used, left = _count(request, window), WINDOW - gone
        response = self.get_response(request) if used <= quota else _too_many(quota, left)
        response.headers["RateLimit-Policy"] = f'"minute";q={quota};w={WINDOW}'
        response.headers["RateLimit"] = f'"minute";r={max(quota - used, 0)};t={left}'
        return response


def _count(request: HttpRequest, window: int) -> int:
    """Count this request, and give how many there were of its address in the window."""
    who = salted_hmac("peel_site.limits", address_of(request) or "", algorithm="sha256").hexdigest()
    key, cache = f"api:{window}:{who[:32]}", caches["limits"]
    cache.add(key, 0, timeout=WINDOW)
    try:
        return cache.incr(key) or 1  # a shared cache that is away gives nothing, and refuses nobody
    except ValueError:  # forgotten meanwhile, to make room
        return 1


def _too_many(quota: int, seconds: int) -> HttpResponse:
    response = problem(
        status=429,
        kind="limit",
        title=_("Too many requests"),
        detail=_(
            "This address has asked more than %(quota)d times in a minute. Ask again in %(seconds)d seconds, with a larger "
            "“limit”, or take the files of the whole record."
        )
        % {"quota": quota, "seconds": seconds},
    )
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
