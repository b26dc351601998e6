"""What every template may say about the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from grades.views.embeds.discovery import discovery


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the site's own settings to templates."""
    return {
        "site": {
            "name": settings.SITE_NAME,
            "operator": settings.OPERATOR,
            "contact": "" if settings.CONTACT_EMAIL.endswith("example.org") else settings.CONTACT_EMAIL,
            "base_url": settings.BASE_URL,
            "licence": settings.DATA_LICENCE,
        },
        "canonical": f"{settings.BASE_URL}{request.path}",
        "oembed": discovery(request),
    }
