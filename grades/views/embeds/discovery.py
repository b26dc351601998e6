"""Where programs learn what to embed for a page."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from grades.views.embeds.blocks import OF_PAGE


def where(path: str, query: str = "") -> str:
    """Give the address of oEmbed for an address of this site, but for the format."""
    return f"{settings.BASE_URL}{reverse('oembed')}?{urlencode({'url': f'{settings.BASE_URL}{path}{query}'})}"


def discovery(request: HttpRequest) -> str:
    """Give the same for the page that is asked for; "" where it has no block."""
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    if name.startswith("share-"):
        return where(request.path)
    marked = request.GET.get("force", "") if name == "metric-detail" else ""
    if name not in OF_PAGE and name != "home":
        return ""
    return where(request.path, f"?{urlencode({'force': marked})}" if marked else "")
