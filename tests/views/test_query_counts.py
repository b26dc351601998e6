"""How many questions each page asks the database: a fixed number, however many cycles and forces there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grades.models import Response, Theme
from tests import factories
from tests.views.world import build

QUERIES = {
    "/find/": 0,
    "/find/?q=nowhere": 3,
    "/forces/": 2,
    "/forces/?sort=-latest&nation=England&region=West+Midlands&body=mayor": 2,
    "/forces/{force}/": 13,
    "/forces/{force}/2014/": 11,
    "/forces/{force}/2014/responses/{response}/": 3,
    "/forces/{force}/required-information/": 3,
    "/forces/{force}/metrics/recorded-crime/": 6,
    "/forces/{force}/history.svg": 6,
    "/forces/{force}/metrics/recorded-crime.svg": 6,
    "/cycles/": 5,
    "/cycles/2014/": 6,
    "/cycles/2014/?group=region&grade=good&sort=-q1": 6,
    "/cycles/2014.svg": 6,
    "/themes/": 3,
    "/themes/{theme}/": 6,
    "/metrics/": 3,
    "/compare/": 3,
    "/compare/?forces={force}": 9,
    "/coverage/": 6,
    "/changes/": 6,
    "/changes/?force={force}&page=2": 6,
    "/changes/log.jsonl": 1,
    "/about/": 0,
    "/about/method/": 6,
    "/about/grades/": 5,
    "/about/comparability/": 5,
    "/about/corrections/": 0,
    "/about/accessibility/": 0,
    "/about/privacy/": 0,
    "/styleguide/": 0,
    "/sitemap.xml": 6,
    "/robots.txt": 0,
    "/nothing/like/this/": 3,
}
FEW_FORCES = {"/": 4}
MANY_FORCES = {
    "/": 10,
    "/cycles/2014/map.svg": 6,
    "/metrics/recorded-crime/": 4,
    "/metrics/recorded-crime/?force={force}": 4,
    "/metrics/recorded-crime/map.svg": 4,
    "/metrics/recorded-crime/trend.svg": 4,
}
"""With twenty forces the home page shows a cycle, and a metric sets forces side by side."""


@pytest.mark.django_db
@pytest.mark.parametrize(("cycles", "forces"), [(1, 1), (8, 1), (1, 3), (2, 25)])
def test_pages_ask_a_fixed_number_of_questions(client: Client, cycles: int, forces: int) -> None:
    slug = build(cycles=cycles, forces=forces)
    theme = Theme.objects.get().slug
    response_pk = Response.objects.filter(report__inspection__force__slug=slug).order_by("pk")[0].pk
    for number in range(60):
        factories.change_log_entry(force=slug, document={"cycle": "2014", "name": f"Entry {number}"})
    pages = {**QUERIES, **(MANY_FORCES if forces >= 20 else FEW_FORCES)}

    asked = {}
    for address in pages:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address.format(force=slug, theme=theme, response=response_pk))
            response.getvalue()
        assert response.status_code == (404 if "nothing" in address else 200), address
        asked[address] = len(queries)

    assert asked == pages


def test_pages_keep_within_what_was_promised() -> None:
    assert QUERIES["/forces/{force}/"] <= 14
    assert QUERIES["/cycles/2014/"] <= 10
