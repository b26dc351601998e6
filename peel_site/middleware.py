"""What happens around every request, whatever page it is for."""

import logging
import re
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.encoding import escape_uri_path

logger = logging.getLogger(__name__)

TROUBLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def unavailable(request: HttpRequest, trouble: Exception) -> HttpResponse:
    """The page that says that the database does not answer, and asks to come back in a moment."""
    logger.error("No answer from the database for %s: %s", request.path, str(trouble).splitlines()[0])
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    return response


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
    """Sends a public address with doubled slashes or capital letters to its one tidy form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.left_alone = (f"/{settings.ADMIN_PATH}", settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # One slash at the start is also what keeps "//other.example" from leading to another host.
        tidy = re.sub(r"/{2,}", "/", request.path_info).lower()
        if (
            tidy == request.path_info
            or request.method not in ("GET", "HEAD")
            or request.path_info.startswith(self.left_alone)
        ):
            return self.get_response(request)
        address = escape_uri_path(request.META.get("SCRIPT_NAME", "") + tidy)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


class PermissionsPolicy:
    """Tells browsers that no page here wants a device or a sensor, nor do pages framed in it."""

    VALUE = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.VALUE)
        return response
