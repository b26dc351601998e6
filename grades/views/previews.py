"""A draft as it would be published, for those who have a signed link to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades.models import Inspection, Response
from grades.models.base import previewing
from grades.publishing import previews
from grades.views.answers import response_context
from grades.views.pages import inspection_context

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Nobody keeps a draft, leads to it or learns its address from it."""


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The very page that a draft will have, and above it that it is a draft; 404 for an altered link, 410 for one that is over."""
    try:
        record = previews.open_preview(token, timezone.now())
        answer = _draft(request, record, token)
    except previews.AlteredPreviewError as problem:
        raise Http404(_("There is no preview at this address. Perhaps the link was cut.")) from problem
    except (previews.ExpiredPreviewError, previews.VoidPreviewError) as problem:
        over = isinstance(problem, previews.ExpiredPreviewError)
        answer = render(request, "410.html", {"over": over}, status=410)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def _draft(request: HttpRequest, record: Inspection | Response, token: str) -> HttpResponse:
    """Draw the page of an inspection or of a response as if it were public, it alone."""
    inspection = record if isinstance(record, Inspection) else record.report.inspection
    force, cycle = inspection.force.slug, inspection.cycle.slug
    with previewing(previews.shown_with(record)):
        if isinstance(record, Inspection):
            template, address = (
                "grades/inspection_detail.html",
                reverse("inspection-detail", args=[force, cycle]),
            )
            context = inspection_context(force, cycle)
        else:
            template = "grades/response_detail.html"
            address = reverse("response-detail", args=[force, cycle, record.pk])
            context = response_context(force, cycle, record.pk)
        if context is None:
            raise previews.VoidPreviewError
        banner = {"preview": previews.preview_expiry(token), "public_path": address}
        return render(request, template, context | banner)
