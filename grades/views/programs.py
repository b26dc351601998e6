"""What is for programs, explained to people: the API and the feeds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades.views.pages import trail


@require_safe
def about_api(request: HttpRequest) -> HttpResponse:
    """The API by example."""
    return render(request, "grades/api.html", {"trail": trail((_("API"), ""))})
