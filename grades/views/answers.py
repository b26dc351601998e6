"""What policing bodies answer: a response as a page of its own, and what the law asks them to publish."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import queries
from grades.views.pages import force_trail, moment


@require_safe
def response_detail(request: HttpRequest, slug: str, cycle: str, pk: int) -> HttpResponse:
    """One response to a report, to read and to print."""
    context = response_context(slug, cycle, pk)
    if context is None:
        raise Http404(_("There is no such response recorded here."))
    return render(request, "grades/response_detail.html", context)


def response_context(slug: str, cycle: str, pk: int) -> dict[str, Any] | None:
    """Give what the page of a response shows, published or previewed; None where there is no such response."""
    page = queries.response_page(force=slug, cycle=cycle, pk=pk, **moment())
    if page is None:
        return None
    inspection = (page.report.cycle, reverse("inspection-detail", args=[slug, cycle]))
    return {
        "page": page,
        "force": page.force,
        "report": page.report,
        "response": page.response,
        "trail": force_trail(page.force, inspection, (_("Response"), "")),
    }


@require_safe
def required_information(request: HttpRequest, slug: str) -> HttpResponse:
    """What the policing body has to publish about the force, and where it does."""
    page = queries.required_page(slug=slug, at=timezone.now())
    if page is None:
        raise Http404(_("There is no police force at this address."))
    context = {
        "page": page,
        "force": page.force,
        "trail": force_trail(page.force, (_("Required information"), "")),
    }
    return render(request, "grades/required_information.html", context)
