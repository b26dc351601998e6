"""What a reader sees when something is not there or does not work, in plain words."""

import psycopg
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import Error
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponsePermanentRedirect,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from grades import queries
from grades.api.problems import ROOT, for_programs, problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address asks for something that cannot be. What Django's own checks say is for the log alone."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent) and request.method == "POST":
        return HttpResponse(render_to_string("413.html", request=request), status=413)
    why = _sentence(exception) if isinstance(exception, BadRequest) else ""
    if for_programs(request):
        detail = why or _("The address asks for something that cannot be.")
        return problem(status=400, kind="request", title=_("The request cannot be read"), detail=detail)
    if in_frame(request):
        return framed(request, 400, _("This address cannot be answered"), why)
    return HttpResponseBadRequest(render_to_string("400.html", {"why": why}, request))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this reader."""
    return HttpResponseForbidden(render_to_string("403.html", request=request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form of the admin without the token that it was shown with."""
    why = _(
        "The form is out of date, or was not this site’s own. Nothing was saved. Load it anew and send it again."
    )
    return HttpResponseForbidden(render_to_string("403.html", {"why": why}, request))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page; offer the forces whose names are like what was asked for. A force that was renamed is elsewhere."""
    if for_programs(request):
        detail = _("There is no such list. %(root)s names those that there are.") % {"root": ROOT}
        return problem(status=404, kind="address", title=_("Nothing is at this address"), detail=detail)
    if in_frame(request):
        return framed(request, 404, _("There is nothing to show here"), _sentence(exception))
    if address := _renamed(request):
        return HttpResponsePermanentRedirect(address)
    return render(request, "404.html", {"near": _near(request.path), "why": _sentence(exception)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The template needs neither database nor context."""
    if for_programs(request):
        detail = _("The mistake is ours, and it is in our log. Please try again later.")
        return problem(status=500, kind="fault", title=_("Something went wrong here"), detail=detail)
    return HttpResponseServerError(render_to_string("500.html"))


def in_frame(request: HttpRequest) -> bool:
    """Say whether an answer is shown in a frame on another site."""
    return request.path_info.startswith("/embed/")


def framed(request: HttpRequest, status: int, heading: str, why: str) -> HttpResponse:
    """Answer a frame: no more than what is wrong, small enough for the place of a block."""
    said = why or _("Something in the address makes no sense to this site.")
    return render(request, "embeds/error.html", {"heading": heading, "why": said}, status=status)


def _sentence(exception: Exception) -> str:
    """Give a sentence written for readers; the resolver's own arguments are not one."""
    said = exception.args[0] if exception.args else ""
    return said if isinstance(said, str) and said.endswith(".") else ""


def _renamed(request: HttpRequest) -> str:
    """Give the address that an address has since its force has another name; "" where it is no such address."""
    match = request.resolver_match
    if match is None or "slug" not in match.kwargs:
        return ""
    try:
        today = queries.renamed_forces().get(match.kwargs["slug"])
    except (Error, psycopg.Error):
        today = None
    if today is None:
        return ""
    address = reverse(match.view_name, kwargs=match.kwargs | {"slug": today})
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


def _near(path: str) -> tuple[queries.finding.FoundForce, ...]:
    """Offer near names for a force's address, or for a first word that may be a force's name."""
    words = [part for part in path.split("/") if part and part != "forces"]
    try:
        return queries.near_names(asked=words[0]) if words else ()
    except (Error, psycopg.Error):  # the page must come even when the database does not
        return ()
