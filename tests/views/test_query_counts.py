"""How many questions each page asks the database: a fixed number, however many cycles and forces there are.

One of each is for the version of the record.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grades.models import Response, Theme
from tests import factories
from tests.views.world import build

MEASURED = 27
"""Questions for the length of every file, asked once for each version of the record; what is not committed has none."""

QUERIES = {
    "/find/": 1,
    "/find/?q=nowhere": 4,
    "/forces/": 3,
    "/forces/?sort=-latest&nation=England&region=West+Midlands&body=mayor": 3,
    "/forces/{force}/": 14,
    "/forces/{force}/2014/": 12,
    "/forces/{force}/2014/responses/{response}/": 4,
    "/forces/{force}/required-information/": 4,
    "/forces/{force}/metrics/recorded-crime/": 7,
    "/forces/{force}/history.svg": 7,
    "/forces/{force}/metrics/recorded-crime.svg": 7,
    "/cycles/": 6,
    "/cycles/2014/": 7,
    "/cycles/2014/?group=region&grade=good&sort=-q1": 7,
    "/cycles/2014.svg": 7,
    "/themes/": 4,
    "/themes/{theme}/": 7,
    "/metrics/": 4,
    "/compare/": 5,
    "/compare/?forces={force}": 11,
    "/coverage/": 7,
    "/data/": 2 + MEASURED,
    "/data/grades.csv": 7,
    "/data/grades.json": 7,
    "/data/figures.csv": 2,
    "/data/datapackage.json": 2 + MEASURED,
    "/data/grades.csv-metadata.json": 2,
    "/data/readme.md": 5 + MEASURED,
    "/forces.csv": 2,
    "/forces/{force}.csv": 7,
    "/forces/{force}/2014.json": 7,
    "/coverage.json": 7,
    "/changes/": 8,
    "/changes/?force={force}&page=2": 8,
    "/changes/log.jsonl": 2,
    "/about/": 1,
    "/about/method/": 7,
    "/about/grades/": 6,
    "/about/comparability/": 6,
    "/about/corrections/": 1,
    "/about/accessibility/": 1,
    "/about/privacy/": 1,
    "/styleguide/": 1,
    "/sitemap.xml": 8,
    "/api/": 1,
    "/card.png": 1,
    "/feeds/": 3,
    "/feeds/all.atom": 7,
    "/feeds/corrections.json": 6,
    "/feeds/last-days.ics": 2,
    "/feeds/forces/{force}.json": 7,
    "/feeds/forces/{force}.ics": 3,
    "/robots.txt": 1,
    "/nothing/like/this/": 4,
}
FEW_FORCES = {"/": 5}
MANY_FORCES = {
    "/": 11,
    "/cycles/2014/map.svg": 7,
    "/metrics/recorded-crime/": 5,
    "/metrics/recorded-crime/?force={force}": 5,
    "/metrics/recorded-crime/map.svg": 5,
    "/metrics/recorded-crime/trend.svg": 5,
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
    factories.change_log_entry(kind="corrected", force=slug, document={"cycle": "2014"})
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
