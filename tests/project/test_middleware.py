"""What happens around every request: tidy addresses, a database that is away, headers."""

import io
import logging
import os
import signal
import time
from unittest.mock import patch

import brotli
import psycopg
import pytest
from django.db import ConnectionHandler, InterfaceError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from peel_site.embedded.server import DATABASE, ROLE, EmbeddedServer
from peel_site.middleware import HeadWithoutBody, TidyAddress


def page(request: HttpRequest, anything: str = "") -> HttpResponse:
    return HttpResponse(f"as asked: {request.path}")


def long_file(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(PIECES), content_type="text/csv")


PIECES = [b"a,row\r\n" * 100, b"", b"another,row\r\n" * 10_000]


def row(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'a row'")
        return HttpResponse(cursor.fetchone()[0])


def trouble(request: HttpRequest) -> HttpResponse:
    raise TROUBLES[request.GET["which"]]("the server closed the connection unexpectedly\nand more")


TROUBLES = {
    "operational": OperationalError,
    "interface": InterfaceError,
    "driver": psycopg.OperationalError,
    "bug": ValueError,
}

urlpatterns = [
    path("row/", row),
    path("trouble/", trouble),
    path("long-file/", long_file),
    path("<path:anything>", page),
    path("", page),
]
handler500 = "grades.views.errors.server_error"


@pytest.fixture(autouse=True)
def stub_pages(settings, db) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(
    ("asked", "tidy"),
    [
        ("/Forces/Warwickshire/", "/forces/warwickshire/"),
        ("/forces//warwickshire///", "/forces/warwickshire/"),
        ("/FORCES?Sort=-Name&q=West%20Mercia", "/forces?Sort=-Name&q=West%20Mercia"),
        ("/CYCLES//2016//", "/cycles/2016/"),
        ("/Downloads//Forces.CSV", "/Downloads/Forces.CSV"),
        ("/forces/Dyfed%2DPowys/", "/forces/dyfed-powys/"),
        ("/forces/A%0D%0AB/", "/forces/a%0D%0Ab/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_untidy_address_leads_to_the_tidy_one(client, method, asked, tidy):
    response = getattr(client, method)(asked)

    assert response.status_code == 301
    assert response.headers["Location"] == tidy


@pytest.mark.parametrize(
    "asked", ["//evil.example/", "///evil.example//x", "/\\Evil.example//x", "//Evil.example\\@x"]
)
def test_no_address_leads_to_another_host(asked):
    request = RequestFactory().get("/")
    request.path_info = request.path = asked

    response = TidyAddress(page)(request)

    assert response.status_code == 301
    location = response.headers["Location"]
    assert location.startswith("/")
    assert location[1] not in "/\\"


@pytest.mark.parametrize("name", ["//evil.example", "/\\evil.example", "\\\\evil.example", "/"])
def test_no_script_name_leads_to_another_host(name):
    request = RequestFactory().get("/Forces/")
    request.META["SCRIPT_NAME"] = name

    location = TidyAddress(page)(request).headers["Location"]

    assert location.startswith("/")
    assert location[1] not in "/\\"


@pytest.mark.parametrize(
    "asked", ["/forces/", "/admin/Auth//User/", "/static/Logo.svg", "/Forces.csv", "/formats/A"]
)
def test_what_is_left_as_it_is(client, asked):
    assert client.get(asked).content.decode() == f"as asked: {asked}"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("asked", ["/forces/", "/Forces/", "/nothing/"])
def test_only_reading_is_answered_whoever_asks(settings, method, asked):
    settings.ROOT_URLCONF = "peel_site.urls"
    response = getattr(Client(enforce_csrf_checks=True), method)(asked)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "nothing can be sent to it" in response.content.decode()


def test_a_form_of_the_admin_that_is_out_of_date_is_refused_in_words(settings):
    settings.ROOT_URLCONF = "peel_site.urls"
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})

    assert response.status_code == 403
    assert "The form is out of date" in response.content.decode()


@pytest.mark.parametrize("asked", ["/forces/%00/", "/forces/?region=%00", "/admin/autocomplete/?term=a%00"])
def test_a_zero_byte_is_refused_in_words(settings, asked):
    settings.ROOT_URLCONF = "peel_site.urls"
    response = Client(raise_request_exception=False).get(asked)

    assert response.status_code == 400
    assert "There is a zero byte in the address" in response.content.decode()


def test_the_answer_to_head_has_no_body_but_its_length():
    whole, head = (
        HeadWithoutBody(page)(RequestFactory().generic(method, "/forces/")) for method in ("GET", "HEAD")
    )

    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("asked", ["br", "gzip, deflate, br"])
def test_what_is_sent_piece_by_piece_is_compressed_so_too(client, asked):
    """The proxy names brotli alone for whoever takes it."""
    response = client.get("/long-file/", headers={"Accept-Encoding": asked})

    sent = response.getvalue()
    assert (response.headers["Content-Encoding"], response.headers["Vary"]) == ("br", "Accept-Encoding")
    assert brotli.decompress(sent) == b"".join(PIECES)
    assert len(sent) < 1000


def test_what_is_sent_piece_by_piece_comes_plain_to_whoever_takes_nothing_else(client):
    response = client.get("/long-file/", headers={"Accept-Encoding": "br;q=0"})

    assert not response.has_header("Content-Encoding")
    assert response.getvalue() == b"".join(PIECES)


def test_too_many_fields_are_refused_in_one_line(settings):
    settings.ROOT_URLCONF = "peel_site.urls"
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    handler = logging.getLogger("django.security").handlers[0]
    with patch.object(handler, "stream", io.StringIO()) as said:
        response = Client(raise_request_exception=False).get("/find/?q=1&q=2&q=3")

    assert response.status_code == 400
    assert len(said.getvalue().splitlines()) == 1
    assert "DATA_UPLOAD_MAX_NUMBER_FIELDS" in said.getvalue()


@pytest.mark.parametrize("which", ["operational", "interface", "driver"])
def test_a_database_that_is_away_is_said_in_words(client, caplog, which):
    response = client.get("/trouble/", {"which": which})

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store"
    assert "503.html" in [template.name for template in response.templates]
    assert caplog.messages == [
        "No answer from the database for /trouble/: the server closed the connection unexpectedly"
    ]


def test_other_trouble_stays_an_error():
    response = Client(raise_request_exception=False).get("/trouble/", {"which": "bug"})

    assert response.status_code == 500


def test_public_pages_set_no_cookie(client):
    response = client.get("/forces/", headers={"Accept-Encoding": "gzip"})

    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


def test_a_database_stopped_while_serving_is_away_briefly_and_found_again(
    client, tmp_path, settings, monkeypatch, django_db_blocker
):
    embedded, again = EmbeddedServer(tmp_path / "postgres"), EmbeddedServer(tmp_path / "postgres")
    embedded.hold()
    database = settings.DATABASES["default"] | {
        "ENGINE": "peel_site.postgres",
        "HOST": str(embedded.socket_folder),
        "USER": ROLE,
        "NAME": DATABASE,
    }
    connections.settings["away"] = ConnectionHandler({"default": {}, "away": database}).settings["away"]
    monkeypatch.setattr(f"{__name__}.connection", connections["away"])

    def ask() -> tuple[int, float]:
        started = time.monotonic()
        status = client.get("/row/").status_code
        connections["away"].close()  # as at the end of a request
        return status, time.monotonic() - started

    with django_db_blocker.unblock():
        try:
            assert ask()[0] == 200
            os.kill(int((embedded.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
            while (embedded.socket_folder / ".s.PGSQL.5432").exists():
                time.sleep(0.02)

            first, second = ask(), ask()

            assert first[0] == second[0] == 503
            assert first[1] <= 3
            assert second[1] <= 0.5, "nobody waits for what did not answer a moment ago"
            again.hold()
            time.sleep(1)
            assert ask()[0] == 200
        finally:
            connections["away"].close_pool()
            del connections["away"], connections.settings["away"]
            embedded.release()
            again.release()
