"""What happens around every request, whatever page it is for."""

import logging
import re
from collections.abc import Callable, Iterator

import brotli
import psycopg
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.log import log_response
from django.utils.translation import gettext as _

from grades.api import problems

logger = logging.getLogger(__name__)

TROUBLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def unavailable(request: HttpRequest, trouble: Exception) -> HttpResponse:
    """The page that says that the database does not answer, and asks to come back in a moment."""
    if problems.for_programs(request):
        response: HttpResponse = problems.unavailable()
    else:
        response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    log_response(  # once: Django does not log again what it finds logged
        "No answer from the database for %s: %s",
        request.path,
        (str(trouble).splitlines() or [type(trouble).__name__])[0],
        response=response,
        request=request,
        logger=logger,
    )
    return response


class HeadWithoutBody:
    """Answers HEAD with what GET would be told of the body, and without it; else the server warns of every one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class OpenToAll:
    """Lets scripts of any page read what is for programs, errors too; the browser may ask first what is allowed."""

    PLACES = (problems.ROOT, "/feeds/")
    ALLOWED = "GET, HEAD, OPTIONS"
    TOLD = "Link, RateLimit, RateLimit-Policy, Retry-After, ETag, PEEL-Data-Version"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(self.PLACES):
            return self.get_response(request)
        asks_first = request.method == "OPTIONS"
        response = HttpResponse(status=204) if asks_first else self.get_response(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if asks_first:
            response.headers["Allow"] = self.ALLOWED
            response.headers["Access-Control-Allow-Methods"] = self.ALLOWED
            response.headers["Access-Control-Allow-Headers"] = "*"
            response.headers["Access-Control-Max-Age"] = "86400"
        else:
            response.headers["Access-Control-Expose-Headers"] = self.TOLD
        return response


class Compression(GZipMiddleware):
    """Compresses: with brotli where the reader takes it and the page is public, and else as Django does.

    Compressed pages can leak a secret that stands beside text of the reader's choice (BREACH). Public pages hold no secret and
    no token; the forms of the admin do, and there Django masks the token anew in every answer and adds random length.
    """

    QUALITY = 5
    """A page is compressed once for each version of the record: two thirds of gzip's size, in about its time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is worth it, and is not compressed yet."""
        way = encoding(request)
        if (
            way == "gzip"
            or (isinstance(response, HttpResponse) and len(response.content) < 200)
            or response.has_header("Content-Encoding")
            or request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ["Accept-Encoding"])
        if way == "br" and isinstance(response, HttpResponse):
            response.content = brotli.compress(response.content, quality=self.QUALITY)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "br"
        elif way == "br" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = self._compressed(iter(response))
            del response.headers["Content-Length"]
            response.headers["Content-Encoding"] = "br"
        return response

    def _compressed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Compress what is sent piece by piece, as it comes."""
        compressor = brotli.Compressor(quality=self.QUALITY)
        for piece in pieces:
            yield compressor.process(piece)
        yield compressor.finish()


def encoding(request: HttpRequest) -> str:
    """Give the best way of compressing a public answer that the reader takes: "br", "gzip" or "" for none."""
    said = [word.partition(";") for word in request.headers.get("Accept-Encoding", "").lower().split(",")]
    taken = {name.strip() for name, _sep, weight in said if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)}
    return next((way for way in ("br", "gzip") if way in taken), "")


class PlainRequests:
    """Refuses what no public page takes: writing, and zero bytes, which the database cannot even be asked for."""

    READING = ("GET", "HEAD")
    PINNING = "/share/"
    """Where a web editor pins a block: the one thing that the public can send, and it holds nothing of theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.writing = (f"/{settings.ADMIN_PATH}", self.PINNING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            raise BadRequest(_("There is a zero byte in the address, which stands for nothing here."))
        if request.method not in self.READING and not request.path_info.startswith(self.writing):
            response = self._refused(request)
            response.headers["Allow"] = ", ".join(self.READING)
            return response
        return self.get_response(request)

    def _refused(self, request: HttpRequest) -> HttpResponse:
        """Say that what is public is only read, as a document to programs, as a page to readers."""
        if problems.for_programs(request):
            return problems.only_reading()
        return render(request, "405.html", status=405)


class DatabaseUnavailable:
    """Answers 503 in words when a view cannot reach the database; the next request tries anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django with whatever a view has raised."""
        if isinstance(exception, TROUBLE):
            return unavailable(request, exception)
        return None


class TidyAddress:
    """Sends a public address with doubled slashes, or a page's with capital letters, to its one tidy form."""

    IN_SMALL_LETTERS = re.compile(
        r"/(forces|cycles|themes|metrics|about|compare|coverage|changes|find)(/|$)", re.IGNORECASE
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.left_alone = (f"/{settings.ADMIN_PATH}", settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tidy = re.sub(r"/{2,}", "/", request.path_info)
        if self.IN_SMALL_LETTERS.match(tidy):
            tidy = tidy.lower()
        if (
            tidy == request.path_info
            or request.method not in ("GET", "HEAD")
            or request.path_info.startswith(self.left_alone)
        ):
            return self.get_response(request)
        # One slash at the start, whatever the request says, keeps "//other.example" from leading to another host.
        address = escape_uri_path("/" + (request.META.get("SCRIPT_NAME", "") + tidy).lstrip("/\\"))
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


class Framing:
    """Lets other sites frame and show what lies below /embed/, errors too, under a policy of its own; nothing else."""

    BELOW = "/embed/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(self.BELOW):
            response.xframe_options_exempt = True  # as Django's own decorator does
            response._csp_config = settings.EMBED_CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[attr-defined]  # noqa: SLF001  as django-csp's own decorators do
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


class StrictHeaders:
    """Tells browsers to do with an answer what it is for and no more: static files too, and refusals made before any page.

    What an answer says of itself stays. One that says that nothing has changed says nothing else, because what a browser
    holds is to keep what was said of it.
    """

    NO_DEVICES = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    """No page here wants a device or a sensor, nor does a page framed in it."""
    NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    """The policy of a style sheet, a script, a picture: alone in a window it may do nothing. Short, as each block on another
    site has two of them."""
    ABOUT_CONTENT = ("Cross-Origin-Opener-Policy", "Referrer-Policy")
    """What Django says of every answer, whatever was said of it when it was given whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.admin = f"/{settings.ADMIN_PATH}"
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 304:
            for name in self.ABOUT_CONTENT:
                response.headers.pop(name, None)
            return response
        # What has none has not come through what gives pages theirs; Django's own error pages break under it.
        if "Content-Security-Policy" not in response.headers and not settings.DEBUG:
            page = response.headers.get("Content-Type", "").startswith("text/html")
            response.headers["Content-Security-Policy"] = self.policy if page else self.NO_PAGE
            response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        for name, value in (
            ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
            ("Cross-Origin-Resource-Policy", self._who_may_load(request, response)),
            ("Permissions-Policy", self.NO_DEVICES),
            ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
            ("X-Content-Type-Options", "nosniff"),
        ):
            response.headers.setdefault(name, value)
        return response

    def _who_may_load(self, request: HttpRequest, response: HttpResponseBase) -> str:
        """Pictures and figures are for every site; pages, and all that belongs to the admin, for this one alone."""
        own = response.headers.get("Content-Type", "").startswith(
            "text/html"
        ) or request.path_info.startswith(self.admin)
        return "same-origin" if own else "cross-origin"
