"""What exists, for search engines, and when the facts of each page last changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from grades.queries.addresses import SiteAddresses, newest

OF_THE_CODE = (
    "about",
    "about-comparability",
    "about-corrections",
    "about-accessibility",
    "about-privacy",
    "api",
)
"""Pages whose words come with the code: nothing tells when they last changed."""

OF_ALL = ("home", "force-list", "compare", "coverage", "data", "changes", "about-method", "feeds")
OF_GRADES = ("cycle-list", "theme-list", "about-grades")


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its path, and when its facts last changed, None where nothing tells."""

    path: str
    changed: datetime | None


class RecordSitemap(Sitemap):
    """Every public page's address."""

    def __init__(self, found: SiteAddresses) -> None:
        self.found = found

    def items(self) -> Sequence[Place]:
        """List the pages."""
        return [*self._plain(), *self._of_forces(), *self._of_lists()]

    def _plain(self) -> Iterator[Place]:
        """List the pages of which there is one each."""
        graded, counted = self.found.graded.last(), self.found.counted.last()
        yield from (Place(reverse(name), None) for name in OF_THE_CODE)
        yield from (Place(reverse(name), newest(graded, counted)) for name in OF_ALL)
        yield from (Place(reverse(name), graded) for name in OF_GRADES)
        yield Place(reverse("metric-list"), counted)

    def _of_forces(self) -> Iterator[Place]:
        """List the pages of single forces."""
        graded, counted = self.found.graded, self.found.counted
        for slug in self.found.forces:
            yield Place(reverse("force-detail", args=[slug]), newest(graded.last(slug), counted.last(slug)))
            yield Place(reverse("required-information", args=[slug]), graded.last(slug))
        for force, cycle, number, since in self.found.responses:
            changed = newest(since, graded.last(force, cycle))
            yield Place(reverse("response-detail", args=[force, cycle, number]), changed)
        for force, cycle in self.found.inspections:
            yield Place(reverse("inspection-detail", args=[force, cycle]), graded.last(force, cycle))
        for force, metric in self.found.figures:
            yield Place(reverse("force-metric", args=[force, metric]), counted.last(force, metric))

    def _of_lists(self) -> Iterator[Place]:
        """List the pages that set forces beside one another."""
        graded, counted = self.found.graded, self.found.counted
        for slug in self.found.cycles:
            yield Place(reverse("cycle-detail", args=[slug]), graded.last(other=slug))
        yield from (Place(reverse("theme-detail", args=[slug]), graded.last()) for slug in self.found.themes)
        for slug in self.found.metrics:
            yield Place(reverse("metric-detail", args=[slug]), counted.last(other=slug))

    def location(self, item: Place) -> str:
        """Give the path itself."""
        return item.path

    def lastmod(self, item: Place) -> datetime | None:
        """Give when the facts of the page last changed."""
        return item.changed

    def get_protocol(self, protocol: str | None = None) -> str:
        """Give that of the site's own address, whatever the request says."""
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Give that of the site's own address, whatever the request says."""
        return urlsplit(settings.BASE_URL).netloc
