"""A walk through the whole site with the whole record: every address that a link or the sitemap leads to, once."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from grades.importers.seed import load_seed
from grades.models import Question
from tests.views.markup import Element, parse

SAMPLED = re.compile(
    r"/forces/(?!warwickshire/|city-of-london/)[^/]+/(?:metrics/.+|history\.(?!svg$).+|card\.png|required-information/)"
    r"|/forces/(?!warwickshire\b|city-of-london\b)[^/]+(?:/[\d-]+)?\.(?:csv|json)"
    r"|/(?:embed|share)/.+"
    r"|/feeds/forces/(?!warwickshire\.)[^/]+|/feeds/bodies/(?!police-and-crime-commissioner-for-warwickshire\.)[^/]+"
    r"|/(?!forces/|changes/|feeds/|api/|data/)\w+/(?!recorded-crime\b|investigating-crime\b|2015\b)[\w-]+\.(?!svg$).+"
)
"""Pages and files by the thousand, made by one view each: two forces, one cycle, theme and metric stand for all.

Blocks for other sites, and the pages that hand them out, have tests of their own."""

START = ("/", "/sitemap.xml", "/robots.txt", "/find/", "/styleguide/")


@contextmanager
def whole_record(blocker: Any) -> Iterator[None]:
    """Have the seed in the test database for a while; what is done meanwhile is undone with it."""
    with blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_"), (
            "no test asked for the test database"
        )
        with transaction.atomic():
            load_seed()
            with connection.cursor() as cursor:
                cursor.execute(
                    "ANALYZE"
                )  # nobody else sees rows that are not committed, so nothing does it for us
            yield
            transaction.set_rollback(True)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What came back from one address; `page` is None for anything but HTML."""

    status: int
    headers: Mapping[str, str]
    cookies: bool
    body: str
    page: Element | None
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Crawl:
    """Every visit by its address, and which question (cycle, pillar, number) an anchor such as `q17` stands for."""

    visits: dict[str, Visit] = field(default_factory=dict)
    questions: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, Element]:
        """Give the HTML pages."""
        return {address: visit.page for address, visit in self.visits.items() if visit.page is not None}

    @property
    def sitemap(self) -> set[str]:
        """Give the addresses that the sitemap names."""
        named = re.findall("<loc>(.*?)</loc>", self.visits["/sitemap.xml"].body)
        return {address.removeprefix(settings.BASE_URL) for address in named}


def look(response: HttpResponse | StreamingHttpResponse, address: str) -> Visit:
    """Keep of an answer what tests look at."""
    body = response.getvalue().decode(errors="replace")
    page = parse(body) if response.headers.get("Content-Type", "").startswith("text/html") else None
    aims = (
        []
        if page is None
        else [element.attributes["href"] for element in page.walk() if element.attributes.get("href")]
    )
    return Visit(
        status=response.status_code,
        headers=dict(response.headers),
        cookies=bool(response.cookies),
        body=body,
        page=page,
        links=frozenset(urljoin(address, aim) for aim in aims if not urlsplit(aim).scheme),
    )


def walk() -> Crawl:
    """Follow every link inside the site. Sorting and filtering show the same page anew, so queries are left aside."""
    handler = BaseHandler()
    handler.load_middleware()
    crawl = Crawl(
        questions={
            f"q{pk}": (cycle, pillar or "", number)
            for pk, cycle, pillar, number in Question.objects.values_list(
                "pk", "cycle__slug", "pillar__slug", "number"
            )
        }
    )
    waiting = list(START)
    while waiting:
        address = waiting.pop(0)
        if address in crawl.visits or address.startswith(settings.STATIC_URL) or SAMPLED.fullmatch(address):
            continue
        visit = crawl.visits[address] = look(handler.get_response(RequestFactory().get(address)), address)
        if address == "/sitemap.xml":
            waiting += sorted(crawl.sitemap)
        waiting += sorted(urlsplit(link).path for link in visit.links)
    return crawl
