"""What a reader sees when something is not there or does not work: plain words, no detail of the program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.test import Client

from grades import queries
from tests import factories
from tests.views.markup import Element, parse

pytestmark = pytest.mark.django_db

TROUBLE = "connection to server at 10.0.0.7 failed"


@contextmanager
def database_away() -> Iterator[None]:
    """Have the database answer nothing, as when it is stopped."""

    def refuse(*args: Any) -> Any:
        raise OperationalError(TROUBLE)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def raise_in_view(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Have the list of forces raise something."""

    def arrange(trouble: Exception) -> None:
        def fail(**asked: Any) -> None:
            raise trouble

        monkeypatch.setattr(queries, "force_list", fail)

    return arrange


def read(response: Any) -> Element:
    """Read the page of an answer."""
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not response.cookies
    return parse(response.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/find/?q=kent",
        "/forces/",
        "/forces/kent/",
        "/forces/kent/2015/",
        "/forces/kent/history.svg",
        "/forces/kent/metrics/recorded-crime.svg",
        "/cycles/",
        "/cycles/2015/",
        "/coverage/",
        "/about/method/",
        "/about/grades/",
        "/about/comparability/",
        "/sitemap.xml",
    ],
)
def test_page_without_its_database_says_so_and_comes_back(client: Client, address: str) -> None:
    kent = factories.force(slug="kent", short_name="Kent")
    cycle = factories.cycle(slug="2015", tiers=4)
    inspection = factories.inspection(force=kent, cycle=cycle, status="published")
    factories.grade(inspection=inspection)
    metric = factories.metric(slug="recorded-crime", tile=1)
    factories.observation(area=kent.area, metric=metric)
    nation = factories.area(slug="england-and-wales", name="England and Wales", kind="nation")
    factories.observation(area=nation, metric=metric)

    with database_away():
        away = client.get(address)
    again = client.get(address)

    assert away.status_code == 503
    assert away.headers["Retry-After"] == "30"
    assert away.headers["Cache-Control"] == "no-store"
    assert read(away).one("h1").text == "The record cannot be read just now"
    assert TROUBLE not in away.content.decode()
    assert again.status_code == (302 if "find" in address else 200)


@pytest.mark.parametrize(
    "address", ["/about/", "/about/privacy/", "/about/corrections/", "/find/", "/robots.txt"]
)
def test_page_that_asks_nothing_needs_no_database(client: Client, address: str) -> None:
    with database_away():
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/nothing/like/this/", "/forces/warwickshire/soon/", "/cycles/soon/"])
def test_page_not_found_comes_even_without_the_database(client: Client, address: str) -> None:
    with database_away():
        page = read(client.get(address))

    assert page.one("h1").text == "Page not found"
    assert "Did you mean" not in page.one("main").text


def test_fault_of_ours_is_said_in_plain_words(raise_in_view: Callable[[Exception], None]) -> None:
    raise_in_view(ValueError("the password is hunter2"))

    response = Client(raise_request_exception=False).get("/forces/")

    assert response.status_code == 500
    assert read(response).one("h1").text == "Something went wrong"
    assert "hunter2" not in response.content.decode()
    assert "ValueError" not in response.content.decode()


def test_page_that_is_not_open_leads_to_the_public_record(
    client: Client, raise_in_view: Callable[[Exception], None]
) -> None:
    raise_in_view(PermissionDenied("role 7"))

    response = client.get("/forces/")

    assert response.status_code == 403
    assert read(response).one("h1").text == "Not open to you"
    assert "role 7" not in response.content.decode()


def test_refusal_written_for_readers_is_shown(
    client: Client, raise_in_view: Callable[[Exception], None]
) -> None:
    raise_in_view(BadRequest("Four forces at most can be set side by side."))

    response = client.get("/forces/")

    assert response.status_code == 400
    assert read(response).one("p", class_="lead").text == "Four forces at most can be set side by side."


@pytest.mark.parametrize("host", ["evil.example", "localhost:1\\evil", "a b"])
def test_foreign_host_is_refused_without_a_word_of_settings(client: Client, host: str) -> None:
    response = client.get("/forces/", headers={"Host": host})

    assert response.status_code == 400
    assert read(response).one("h1").text == "This address cannot be answered"
    assert "ALLOWED_HOSTS" not in response.content.decode()
    assert host not in response.content.decode()


@pytest.mark.parametrize("template", ["400", "403", "404"])
def test_error_pages_are_not_for_search_engines(client: Client, template: str, raise_in_view: Any) -> None:
    raise_in_view({"400": BadRequest("No."), "403": PermissionDenied()}.get(template, ValueError()))

    response = client.get("/forces/" if template != "404" else "/nothing/")

    assert response.status_code == int(template)
    assert read(response).one("meta", name="robots").attributes["content"] == "noindex"
