"""Requests that make no sense: each is answered with a problem in words, which any page may read; and how often one may ask."""

import json
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client, override_settings

from grades.api.answering import cursor
from grades.api.contents import list_names

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """Nobody has asked anything yet."""
    caches["limits"].clear()


def problem_at(client: Client, address: str, status: int = 400) -> dict[str, object]:
    """Ask for what cannot be, and read the problem."""
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"].endswith((".", "”."))
    assert "/api/#" in document["type"]
    return document


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("limit=0", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=1001", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=" + "9" * 4000, "limit", "It takes a whole number from 1 to 1000."),
        ("limit=-1", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=1.0", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=%F0%9D%9F%8F", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=", "limit", "It takes a whole number from 1 to 1000."),
        ("limit=5&limit=6", "limit", "It comes more than once."),
        ("page=2", "page", "There is no such parameter here. There are: limit, cursor, fields,"),
        ("FORCE=kent", "FORCE", "There is no such parameter here."),
        ("force=Kent", "force", "It takes names as addresses have them"),
        ("force=kent,", "force", "It takes names as addresses have them"),
        ("force=../../etc/passwd", "force", "It takes names as addresses have them"),
        ("force=%0d%0aSet-Cookie:x=1", "force", "It takes names as addresses have them"),
        ("force=" + "a" * 5000, "force", "It takes names as addresses have them"),
        ("force=nowhere", "force", "Nothing here is called “nowhere”."),
        ("cycle=1999", "cycle", "Nothing here is called “1999”."),
        ("theme=" + SCRIPT, "theme", "It takes names as addresses have them"),
        ("id=0", "id", "It takes whole numbers above zero"),
        ("id=1;drop", "id", "It takes whole numbers above zero"),
        ("id=" + "9" * 19, "id", "It takes whole numbers above zero"),
        ("grade=excellent", "grade", "It takes one of: outstanding, good,"),
        ("state=", "state", "It takes one of: graded,"),
        ("checked=yes", "checked", "It takes true or false."),
        ("fields=id,nothing", "fields", "There is no field “nothing”."),
        ("fields=__class__", "fields", "It takes names of fields"),
        ("cursor=" + "A" * 5000, "cursor", "It takes what “next” of an earlier answer has for it."),
        ("cursor=%25%25", "cursor", "It takes what “next” of an earlier answer has for it."),
        ("cursor=AAAA", "cursor", "This is no cursor of this list."),
        ("cursor=" + cursor("forces", "kent"), "cursor", "This is no cursor of this list."),
        ("cursor=" + cursor("grades", 10**18), "cursor", "This is no cursor of this list."),
    ],
)  # fmt: skip
def test_parameter_that_does_not_fit_is_refused_in_words(
    client: Client, query: str, parameter: str, said: str
) -> None:
    document = problem_at(client, f"/api/v1/grades/?{query}")

    (error,) = document["errors"]
    assert error["parameter"] == parameter
    assert error["detail"].startswith(said)
    assert document["type"].endswith("#parameters")


@pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "20240101", "1e5", "2024-01-01T00:00:00", "0"])
def test_day_that_is_none_is_refused(client: Client, day: str) -> None:
    document = problem_at(client, f"/api/v1/observations/?ends_from={day}")

    assert document["errors"] == [{"parameter": "ends_from", "detail": "It takes a day, as in 2024-03-31."}]


@pytest.mark.parametrize("listing", ["forces", "metrics"])
def test_slug_of_a_list_that_names_nothing_is_refused(client: Client, listing: str) -> None:
    document = problem_at(client, f"/api/v1/{listing}/?slug=nowhere")

    assert document["errors"] == [{"parameter": "slug", "detail": "Nothing here is called “nowhere”."}]


def test_every_fault_is_named_at_once(client: Client) -> None:
    document = problem_at(client, "/api/v1/grades/?limit=0&grade=best&id=x")

    assert [error["parameter"] for error in document["errors"]] == ["limit", "id", "grade"]


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v1/grades/1/", "/api/v1/../../etc/passwd", "/api/v1/grades.csv"]
)
def test_address_without_a_list_is_not_found(client: Client, address: str) -> None:
    problem_at(client, address, 404)


def test_zero_byte_is_refused(client: Client) -> None:
    assert "zero byte" in str(problem_at(client, "/api/v1/grades/?force=%00")["detail"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/grades/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


def test_database_that_does_not_answer_is_a_problem_in_words(client: Client) -> None:
    with patch("grades.api.lists.records.themes", side_effect=OperationalError("gone")):
        document = problem_at(client, "/api/v1/themes/", 503)

    assert "half a minute" in str(document["detail"])


def test_fault_of_ours_is_a_problem_in_words(client: Client) -> None:
    client.raise_request_exception = False
    with patch("grades.api.lists.records.themes", side_effect=RuntimeError("a secret")):
        document = problem_at(client, "/api/v1/themes/", 500)

    assert "secret" not in json.dumps(document)


# Who may read


@pytest.mark.parametrize("name", list_names())
def test_any_page_may_read_any_list(client: Client, name: str) -> None:
    response = client.get(f"/api/v1/{name}/", headers={"Origin": "https://elsewhere.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in response.headers.get("Vary", "")
    assert not response.cookies


def test_browser_may_ask_first(client: Client) -> None:
    response = client.options(
        "/api/v1/grades/",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"},
    )

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_pages_are_not_open_to_scripts_of_others(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/about/").headers
    assert client.options("/about/").status_code == 405


@pytest.mark.parametrize("address", ["", "openapi.json", *(f"{name}/" for name in list_names())])
def test_head_is_answered_without_a_body(client: Client, address: str) -> None:
    response = client.head(f"/api/v1/{address}")

    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_address_without_its_slash_leads_to_the_list(client: Client) -> None:
    response = client.get("/api/v1/themes?limit=1")

    assert (response.status_code, response.headers["Location"]) == (301, "/api/v1/themes/?limit=1")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


# How often


@override_settings(API_REQUESTS_A_MINUTE=2)
def test_more_than_the_limit_is_refused_with_the_time_to_wait(client: Client) -> None:
    first, second, third = (client.get("/api/v1/") for _ in range(3))

    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert [
        re.match(r'"minute";r=(\d+);t=\d+$', r.headers["RateLimit"])[1] for r in (first, second, third)
    ] == [
        "1",
        "0",
        "0",
    ]
    assert [r.status_code for r in (first, second, third)] == [200, 200, 429]
    assert 0 < int(third.headers["Retry-After"]) <= 60
    assert third.headers["Content-Type"] == "application/problem+json"
    assert third.headers["Cache-Control"] == "no-store"
    assert "2 times in a minute" in third.json()["detail"]


@override_settings(API_REQUESTS_A_MINUTE=1)
def test_limit_is_each_addresss_own_and_starts_anew(client: Client) -> None:
    with patch("peel_site.limits.time.time", return_value=600.0):
        assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.1").status_code == 200
        assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.1").status_code == 429
        assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.2").status_code == 200
    with patch("peel_site.limits.time.time", return_value=660.0):
        assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.1").status_code == 200


@override_settings(API_REQUESTS_A_MINUTE=1)
def test_pages_have_no_such_limit(client: Client) -> None:
    answers = [client.get("/about/") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


# What describes it


def test_committed_description_is_that_of_the_api(capsys: pytest.CaptureFixture[str]) -> None:
    """Where it fails because the API was changed on purpose: make openapi."""
    call_command("openapi")

    assert capsys.readouterr().out == (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")


def test_description_is_whole(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {f"/api/v1/{name}/" for name in list_names()}
    operations = [path["get"] for path in document["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["description"]
        assert all(parameter["description"] for parameter in operation["parameters"])
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert named == set(document["components"]["schemas"])


def test_contents_lead_to_every_list(client: Client) -> None:
    document = client.get("/api/v1/").json()

    assert set(document["lists"]) == {
        "forces", "cycles", "questions", "themes", "grades",
        "findings", "responses", "metrics", "observations", "changes",
    }  # fmt: skip
    for address in (*document["lists"].values(), document["openapi"]):
        assert client.get(address).status_code == 200
