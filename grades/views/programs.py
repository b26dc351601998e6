"""The API, explained to people by example."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades.api.asking import MOST, USUAL
from grades.api.contents import filters
from grades.views.pages import trail


def _lists() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Give each list: its name, its path, what it holds, and the filters that it takes."""
    holds = {
        "forces": _("The forces, with who has held each to account."),
        "cycles": _("The cycles, the breaks between them, and what their grades mean."),
        "themes": _("The themes that join questions over the cycles."),
        "questions": _("The questions of every cycle, and how each follows earlier ones."),
        "grades": _("Every recorded grade or state, with its sources."),
        "findings": _("Causes of concern, recommendations, areas for improvement, with their steps."),
        "responses": _("What policing bodies answered, held against the 56 days."),
        "metrics": _("What is counted: definitions, caveats, changes in the way of counting."),
        "observations": _("The figures, each with its period and its release."),
        "changes": _("The public change log, entry by entry."),
    }
    return [(name, reverse(f"api:{name}"), holds[name], taken) for name, taken in filters().items()]


@require_safe
def about_api(request: HttpRequest) -> HttpResponse:
    """The API by example."""
    context = {
        "lists": _lists(),
        "usual": USUAL,
        "most": MOST,
        "a_minute": settings.API_REQUESTS_A_MINUTE,
        "root": f"{settings.BASE_URL}{reverse('api:contents')}",
        "trail": trail((_("API"), "")),
    }
    return render(request, "grades/api.html", context)
