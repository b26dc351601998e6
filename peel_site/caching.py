"""Public answers and how long they hold: named by what they were made of, kept once made, and not made twice.

An answer is made of the record, the code with its settings, the day in London (on which the 56 days depend) and the address.
These four are its ETag. Whoever has the answer of that name is told so, and otherwise a kept answer of that name is given: both
after one question to the database at most, for the version of the record. What is kept is never wrong: when the record changes,
its name is asked for no more, a second later at the latest.
"""

import hashlib
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, ClassVar, TypeGuard

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.db import router
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import parse_etags

from grades import queries
from grades.models import DataVersion
from peel_site.middleware import TROUBLE, encoding
from peel_site.replica import for_the_public

logger = logging.getLogger(__name__)

PUBLIC = f"public, max-age=60, s-maxage={60 - settings.VERSION_SECONDS}, stale-if-error=604800"
"""A correction shows within a minute; what is older is for those whom the site cannot answer.

Nothing is given while it is asked for anew: that may be of any age, and nginx would do so too.
"""
PRIVATE = "private, no-store"

HELD = frozenset({200, 301, 302, 404, 410})
"""The answers that others may hold for a minute; any other is about the moment."""
KEPT = frozenset({200, 301, 302})
"""The answers kept here. Addresses that do not exist are without number."""
LARGEST = 2_000_000
"""Longer answers, in bytes, are not kept here: files, which the proxy in front keeps."""

RELEASE = (
    settings.CODE_VERSION
    if settings.CODE_VERSION != "unversioned"
    else f"started at {time.time_ns()}"  # what code that is nobody knows, so what it made holds as long as it runs
)
SAID = repr(
    (
        *(settings.SITE_NAME, settings.OPERATOR, settings.CONTACT_EMAIL, settings.BASE_URL),
        *(
            settings.DATA_LICENCE,
            settings.RESPONSE_LIMIT_FROM,
            settings.API_REQUESTS_A_MINUTE,
            settings.ADMIN_PATH,
        ),
    )
)
"""What pages say by settings alone."""


class InMemory(LocMemCache):
    """Keeps answers in this process, where none is shared, in MAX_BYTES at most; what was asked for longest ago goes first.

    Addresses with a query are without number too, so that a count of answers would let anybody fill the memory.
    """

    _cache: OrderedDict[str, bytes]  # those asked for last stand first
    _expire_info: dict[str, float | None]
    _lock: Lock

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.most: int = params["OPTIONS"]["MAX_BYTES"]

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep an answer, and make room for it."""
        super().set(key, value, timeout, version)
        with self._lock:
            while sum(map(len, self._cache.values())) > self.most:
                forgotten, _answer = self._cache.popitem()
                del self._expire_info[forgotten]


class Version:
    """The version of the record, as this process knows it: of each database, because a replica may have an earlier one."""

    _known: ClassVar[dict[str, tuple[float, datetime | None]]] = {}
    """Until when, on the clock of this machine, and which; one value, so that no thread sees half of it."""

    @classmethod
    def known(cls) -> datetime | None:
        """Give the version, asked for anew where the one known is a second old; None where nothing is public.

        Under load the question was most of a kept answer's cost.
        """
        asked, database = time.monotonic(), router.db_for_read(DataVersion)
        until, version = cls._known.get(database, (-math.inf, None))
        if asked >= until:
            version = queries.data_version(at=timezone.now())
            cls._known[database] = (asked + settings.VERSION_SECONDS, version)
        return version


class PublicAnswers:
    """Gives what is known already, where that is enough, and says of every answer how long it holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.never = (f"/{settings.ADMIN_PATH}", *settings.NEVER_HELD)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(self.never):
            return _lasting(self.get_response(request), PRIVATE)
        request.get_host()  # refuses a name that is not ours, as what makes the answer would
        with for_the_public():
            return self._public(request)

    def _public(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from what is known, or have the answer made."""
        try:
            version = Version.known()
        except TROUBLE as trouble:
            logger.warning("The version of the record cannot be read: %s", trouble)
            return _lasting(self.get_response(request), PUBLIC)
        name = answer_name(request.get_full_path(), version)
        headers = _headers(name, version)
        if f'"{name}"' in {tag.removeprefix("W/") for tag in _tags(request)}:
            return HttpResponseNotModified(headers=headers)
        key = f"{name}.{encoding(request)}"
        return self._again(key) or self._anew(request, key, headers)

    def _again(self, key: str) -> HttpResponse | None:
        """Give a kept answer, if there is one."""
        kept = caches["pages"].get(key)
        if kept is None:
            return None
        status, headers, content = kept
        return HttpResponse(content, status=status, headers=headers)

    def _anew(self, request: HttpRequest, key: str, headers: dict[str, str]) -> HttpResponseBase:
        """Have an answer made, name it, and keep it."""
        response = _lasting(self.get_response(request), PUBLIC)
        if not _is_plain(response):
            return response
        if response.status_code != 200:
            headers = {name: value for name, value in headers.items() if name != "ETag"}
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.status_code in KEPT and _is_whole(response) and request.method == "GET":
            caches["pages"].set(key, (response.status_code, dict(response.headers), response.content))
        return response


def answer_name(address: str, version: datetime | None) -> str:
    """Give the name of an answer by what it is made of."""
    made_of = (version and version.isoformat(), RELEASE, SAID, timezone.localdate().isoformat(), address)
    return hashlib.blake2b(repr(made_of).encode(), digest_size=16).hexdigest()


def _headers(name: str, version: datetime | None) -> dict[str, str]:
    """Give what is said of an answer made of a version of the record. Its tag is weak: it may be compressed, or not."""
    return {
        "ETag": f'W/"{name}"',
        "PEEL-Data-Version": queries.version_name(version),
        "Cache-Control": PUBLIC,
        "Vary": "Accept-Encoding",
    }


def _lasting(response: HttpResponseBase, how_long: str) -> HttpResponseBase:
    """Say how long an answer holds, if whoever made it did not: not at all, if it is about the moment."""
    if settings.DEBUG or (how_long == PUBLIC and response.status_code not in HELD):
        how_long = PRIVATE
    response.headers.setdefault("Cache-Control", how_long)
    return response


def _tags(request: HttpRequest) -> list[str]:
    return parse_etags(request.headers.get("If-None-Match", ""))


def _is_plain(response: HttpResponseBase) -> bool:
    """Say whether an answer is the same for everybody who asks for its address, and for a while."""
    depends_on = {word.strip().lower() for word in response.headers.get("Vary", "").split(",")}
    return (
        response.status_code in HELD
        and depends_on <= {"", "accept-encoding"}
        and not response.cookies
        and not {"private", "no-store"} & set(response.headers["Cache-Control"].split(", "))
    )


def _is_whole(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """Say whether an answer is there as a whole, and small enough to keep."""
    return isinstance(response, HttpResponse) and len(response.content) <= LARGEST
