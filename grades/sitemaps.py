"""What exists, for search engines."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from grades.queries.site import SiteAddresses

PLAIN = (
    "home",
    "force-list",
    "cycle-list",
    "theme-list",
    "metric-list",
    "compare",
    "coverage",
    "changes",
    "about",
    "about-method",
    "about-grades",
    "about-comparability",
    "about-corrections",
    "about-accessibility",
    "about-privacy",
)


class RecordSitemap(Sitemap):
    """Every public page's address."""

    def __init__(self, found: SiteAddresses) -> None:
        self.found = found

    def items(self) -> Sequence[str]:
        """List the paths."""
        return [
            *(reverse(name) for name in PLAIN),
            *(reverse("force-detail", args=[slug]) for slug in self.found.forces),
            *(reverse("required-information", args=[slug]) for slug in self.found.forces),
            *(reverse("response-detail", args=place) for place in self.found.responses),
            *(reverse("inspection-detail", args=pair) for pair in self.found.inspections),
            *(reverse("cycle-detail", args=[slug]) for slug in self.found.cycles),
            *(reverse("theme-detail", args=[slug]) for slug in self.found.themes),
            *(reverse("metric-detail", args=[slug]) for slug in self.found.metrics),
            *(reverse("force-metric", args=pair) for pair in self.found.figures),
        ]

    def location(self, item: str) -> str:
        """Give the path itself."""
        return item

    def get_protocol(self, protocol: str | None = None) -> str:
        """Give that of the site's own address, whatever the request says."""
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Give that of the site's own address, whatever the request says."""
        return urlsplit(settings.BASE_URL).netloc
