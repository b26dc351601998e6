"""Text that tries to be markup, in every column that takes it: on each page, in each file, and in the admin, it stays text."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import Error, models, transaction
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.views import world
from tests.views.crawl import Crawl, Visit, look, walk
from tests.views.markup import parse

pytestmark = pytest.mark.django_db

HOSTILE = """"'><script src=//evil.example/x.js></script><img src=x onerror=alert(1)>{{7*7}}"""
TEXT = (models.CharField, models.TextField)
ADDRESSES = (models.URLField, models.SlugField, models.EmailField)


def text_columns(model: type[models.Model]) -> Iterator[models.Field]:
    """Give the columns that hold text of somebody's own."""
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXT) and not isinstance(field, ADDRESSES) and not field.choices:
            yield field


def poison() -> set[str]:
    """Write hostile text into each column of each row that takes it; name the columns."""
    taken = set()
    for model in apps.get_app_config("grades").get_models():
        for field in text_columns(model):
            for pk in model._base_manager.values_list("pk", flat=True):
                try:
                    with transaction.atomic():
                        model._base_manager.filter(pk=pk).update(**{field.name: f"{HOSTILE}{pk}"})
                    taken.add(f"{model._meta.label}.{field.name}")
                except Error:  # what the database refuses is on no page
                    continue
    return taken


def faults(visit: Visit) -> Iterator[str]:
    """Say where hostile text has become something else in one answer."""
    kind = visit.headers.get("Content-Type", "").partition(";")[0]
    if visit.page is not None:
        for element in visit.page.walk():
            aims = [element.attributes.get(name, "") for name in ("src", "href", "action", "data")]
            if "onerror" in element.attributes or any(aim.startswith(("//evil", "x")) for aim in aims):
                yield f"{element}"
            if element.tag == "script" and "<" in "".join(element.own).replace("<\\/", ""):
                yield f"{element}: {''.join(element.own)[:200]}"
    if kind.endswith(("html", "xml")) and "<img src=x" in visit.body:
        yield "unescaped"
    if kind.endswith("xml"):
        names = {element.tag.rpartition("}")[2] for element in ET.fromstring(visit.body).iter()}
        if kind == "image/svg+xml" and names & {"script", "img", "foreignObject"}:
            yield f"{names}"
    if kind.endswith("json"):
        json.loads(visit.body)


@pytest.fixture
def hostile() -> set[str]:
    """A small record in which every text is hostile; the columns that are."""
    world.build(cycles=2, forces=2)
    factories.finding(status="published")
    return poison()


def test_hostile_text_stays_text_on_every_page_and_in_every_file(hostile: set[str]) -> None:
    crawl: Crawl = walk()

    found = {address: list(faults(visit)) for address, visit in crawl.visits.items()}
    showing = [address for address, visit in crawl.visits.items() if "evil.example" in visit.body]

    assert {address: told for address, told in found.items() if told} == {}
    assert {visit.status for visit in crawl.visits.values()} <= {200, 404}
    assert len(hostile) > 40
    assert len(showing) > 40


def test_hostile_text_stays_text_in_the_admin(hostile: set[str], subtests) -> None:
    client = Client()
    client.force_login(factories.user(username="anna", is_staff=True, is_superuser=True))
    shown = 0
    for model in apps.get_app_config("grades").get_models():
        if not admin.site.is_registered(model):
            continue
        row = model._base_manager.order_by("pk").first()
        name = f"admin:grades_{model._meta.model_name}"
        for address in (reverse(f"{name}_changelist"), row and reverse(f"{name}_change", args=[row.pk])):
            if address:
                with subtests.test(address=address):
                    visit = look(client.get(address), address)
                    assert list(faults(visit)) == []
                    shown += "evil.example" in visit.body

    assert shown > 40


def test_search_and_choices_of_the_query_stay_text(client: Client, subtests) -> None:
    asked = HOSTILE.replace(".", "")  # at a dot in the name of a column django-tables2 warns whoever develops
    world.build(cycles=1, forces=1)
    for address in (
        "/find/?q=",
        "/forces/?nation=",
        "/forces/?sort=",
        "/changes/?force=",
        "/compare/?forces=",
        "/metrics/recorded-crime/?force=",
    ):
        with subtests.test(address=address):
            visit = look(
                client.get(address.partition("?")[0], {address[:-1].partition("?")[2]: asked}), address
            )
            assert visit.status in (200, 404)
            assert list(faults(visit)) == []


def test_the_check_can_fail() -> None:
    body = f"<html><body><p>{HOSTILE}</p></body></html>"
    visit = Visit(
        status=200, headers={"Content-Type": "text/html"}, cookies=False, body=body, page=parse(body)
    )

    assert len(list(faults(visit))) > 2


URLS = [
    field
    for model in apps.get_app_config("grades").get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, models.URLField)
]


@pytest.mark.parametrize("field", URLS, ids=str)
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "//evil.example/x",
        " https://a.example",
    ],
)
def test_a_link_leads_to_the_web_alone(field: models.URLField, address: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(address, None)
