"""Public answers: named by what they were made of, kept, and never older than a minute."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from grades.models import DataVersion, Theme
from peel_site import caching
from tests import factories

pytestmark = pytest.mark.django_db

HOW_LONG = "public, max-age=60, s-maxage=59, stale-if-error=604800"
PAGE = "/themes/"


@pytest.fixture(autouse=True)
def kept(settings) -> Iterator[None]:
    """Answers are kept, as they are outside of tests."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test"}
    settings.CACHES = settings.CACHES | {"pages": memory}
    yield
    caches["pages"].clear()


def change(title: str = "Response to incidents") -> None:
    """Change what the page shows, and take it for committed."""
    Theme.objects.update(title=title) or factories.theme(title=title)
    connection.check_constraints()


def test_an_answer_is_named_and_says_how_long_it_holds_and_of_which_data_it_is(client):
    change()

    response = client.get(PAGE)

    moment = DataVersion.objects.get().moment.astimezone(UTC)
    assert response.headers["ETag"].startswith('W/"')
    assert response.headers["Cache-Control"] == HOW_LONG
    assert response.headers["PEEL-Data-Version"] == moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert response.headers["Vary"] == "Accept-Encoding"


def test_whoever_has_the_answer_is_told_so_after_one_question(client, django_assert_num_queries):
    change()
    name = client.get(PAGE).headers["ETag"]

    for said in (name, name.removeprefix("W/"), f'"another", {name}'):
        with django_assert_num_queries(1):
            again = client.get(PAGE, headers={"If-None-Match": said})

        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["ETag"] == name
        assert again.headers["Cache-Control"] == HOW_LONG
        assert again.headers["PEEL-Data-Version"]
        assert "Content-Type" not in again.headers


@pytest.mark.parametrize("said", ['"another"', "*", "nonsense", 'W/"'])
def test_another_name_is_answered_in_full(client, said):
    change()

    assert client.get(PAGE, headers={"If-None-Match": said}).status_code == 200


@pytest.mark.parametrize(
    ("encoding", "used"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("identity", ""),
    ],
)
def test_a_repeated_request_asks_one_question_and_has_the_same_answer(
    client, django_assert_num_queries, encoding, used
):
    change()
    first = client.get(PAGE, headers={"Accept-Encoding": encoding})

    with django_assert_num_queries(1):
        again = client.get(PAGE, headers={"Accept-Encoding": encoding})

    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    assert again.headers.get("Content-Encoding", "") == used


def test_head_has_the_kept_answer_less_its_body_and_leaves_none_behind(client, django_assert_num_queries):
    change()
    head = client.head(PAGE)
    whole = client.get(PAGE)

    with django_assert_num_queries(1):
        again = client.head(PAGE)

    assert whole.content
    assert head.content == again.content == b""
    assert head.headers["ETag"] == again.headers["ETag"] == whole.headers["ETag"]


def test_what_changes_is_seen_at_once(client):
    change("Before")
    before = client.get(PAGE)

    change("After")
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert "After" in after.content.decode()
    assert "Before" not in after.content.decode()
    assert after.headers["PEEL-Data-Version"] > before.headers["PEEL-Data-Version"]


def test_the_version_is_asked_once_a_second_at_most(client, settings, monkeypatch, django_assert_num_queries):
    settings.VERSION_SECONDS = 1
    monkeypatch.setattr(caching.Version, "_known", {})
    clock = [100.0]
    monkeypatch.setattr(caching.time, "monotonic", lambda: clock[0])
    change("Before")
    before = client.get(PAGE)
    change("After")

    clock[0] += 0.9
    with django_assert_num_queries(0):
        within = client.get(PAGE)
        told = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    clock[0] += 0.2
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})

    assert (within.content, told.status_code) == (before.content, 304)
    assert after.status_code == 200
    assert "After" in after.text


def test_each_database_has_a_version_of_its_own(monkeypatch, settings):
    """What a replica holds is never kept under the version of the primary, which may be ahead of it."""
    settings.VERSION_SECONDS = 1
    monkeypatch.setattr(caching.Version, "_known", {})
    held = {"default": datetime(2026, 6, 1, 12, tzinfo=UTC), "replica": datetime(2026, 6, 1, 11, tzinfo=UTC)}
    chosen = ["default"]
    monkeypatch.setattr(caching.router, "db_for_read", lambda model: chosen[0])
    monkeypatch.setattr(caching.queries, "data_version", lambda *, at: held[chosen[0]])

    found = []
    for database in ("default", "replica", "default"):
        chosen[0] = database
        found.append(caching.Version.known())

    assert found == [held["default"], held["replica"], held["default"]]


def test_trouble_with_the_database_is_no_version(client, settings, monkeypatch):
    settings.VERSION_SECONDS = 1
    monkeypatch.setattr(caching.Version, "_known", {})
    change()
    with patch("grades.queries.data_version", side_effect=OperationalError("gone")):
        assert "ETag" not in client.get("/about/").headers

    assert "ETag" in client.get("/about/").headers


def test_a_new_day_in_london_is_a_new_answer(client):
    change()
    names = []
    for moment in (datetime(2026, 6, 1, 22, 59, tzinfo=UTC), datetime(2026, 6, 1, 23, 1, tzinfo=UTC)):
        with patch.object(timezone, "now", lambda moment=moment: moment):
            names.append(client.get(PAGE).headers["ETag"])

    assert names[0] != names[1]


def test_new_code_is_a_new_answer(client, monkeypatch):
    change()
    before = client.get(PAGE).headers["ETag"]

    monkeypatch.setattr(caching, "RELEASE", "the next")

    assert client.get(PAGE).headers["ETag"] != before


def test_each_address_has_its_own_answer(client):
    change()

    names = {
        client.get(address).headers["ETag"]
        for address in (PAGE, "/metrics/", "/forces/", "/forces/?sort=name")
    }

    assert len(names) == 4


def test_a_record_without_anything_is_answered_too(client):
    assert client.get(PAGE).headers["PEEL-Data-Version"] == "none"


def test_what_does_not_exist_holds_a_minute_but_is_not_kept(client, django_assert_num_queries):
    missing = client.get("/forces/nowhere/")

    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == HOW_LONG
    assert "ETag" not in missing.headers
    factories.force(slug="nowhere")
    assert client.get("/forces/nowhere/").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [("/admin/", 302), ("/admin/account/login/", 200), ("/preview/nonsense/", 404), ("/forces/%00/", 400)],
)
def test_nobody_holds_what_is_about_one_reader_or_the_moment(client, address, status):
    for _time in range(2):
        response = Client(raise_request_exception=False).get(address)

        assert response.status_code == status
        assert "no-store" in response.headers["Cache-Control"]
        assert "private" in response.headers["Cache-Control"]
        assert "ETag" not in response.headers


def test_an_answer_that_sets_a_cookie_or_depends_on_more_is_neither_named_nor_kept(rf):
    change()
    answers = []
    for header, value in (("Set-Cookie", ""), ("Vary", "Accept-Language"), ("Cache-Control", "private")):
        made = caching.HttpResponse(
            "for one reader", headers={} if header == "Set-Cookie" else {header: value}
        )
        if header == "Set-Cookie":
            made.set_cookie("who", "somebody")
        middleware = caching.PublicAnswers(lambda request, made=made: made)
        answers.append(middleware(rf.get(f"/{header}/")))

    assert all("ETag" not in answer.headers for answer in answers)


def test_a_name_that_is_not_ours_gets_no_kept_answer(client):
    change()
    client.get(PAGE)

    assert (
        Client(raise_request_exception=False).get(PAGE, headers={"Host": "evil.example"}).status_code == 400
    )


UNKEYED = {
    "X-Forwarded-Host": "evil.example",
    "X-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "host=evil.example;proto=http",
    "X-Forwarded-Proto": "evil",
    "X-Forwarded-Scheme": "evil",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-For": "evil.example",
    "X-Original-URL": "/evil.example/",
    "X-Rewrite-URL": "/evil.example/",
    "X-HTTP-Method-Override": "POST",
    "Script-Name": "/evil.example",
    "Accept": "evil/example",
    "Accept-Language": "cy, evil-example",
    "Cookie": "sessionid=evil; messages=evil.example; django_language=cy",
    "Authorization": "Bearer evil.example",
    "Origin": "https://evil.example",
    "Referer": "https://evil.example/",
    "User-Agent": "evil.example",
    "Range": "bytes=0-9",
    "X-Requested-With": "XMLHttpRequest",
}
"""Headers that are no part of an answer's name, so that an answer must not depend on them."""


@pytest.mark.parametrize(
    "address", [PAGE, "/", "/api/v1/themes/?limit=1", "/feeds/all.json", "/robots.txt", "/Themes/"]
)
def test_no_header_of_one_reader_changes_what_the_next_is_given(client, address):
    change()
    honest = client.get(address)
    for name, value in UNKEYED.items():
        caches["pages"].clear()

        poisoned = client.get(address, headers={name: value})
        then = client.get(address)

        for answer in (poisoned, then):
            assert (answer.status_code, answer.content) == (honest.status_code, honest.content), name
            assert "evil" not in repr(answer.headers), name


def test_one_name_of_ours_leaves_nothing_for_another(settings):
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]
    change()

    answers = [Client().get(PAGE, headers={"host": host}) for host in settings.ALLOWED_HOSTS]

    assert answers[0].content == answers[1].content
    assert not any("two.example.org" in answer.text for answer in answers)


def test_what_is_asked_without_encryption_is_kept_for_nobody(settings):
    change()
    settings.SECURE_SSL_REDIRECT = True

    plain, whole = Client().get(PAGE), Client().get(PAGE, secure=True)

    assert (plain.status_code, whole.status_code) == (301, 200)


def test_no_number_of_queries_fills_the_memory_of_a_process(client, settings, django_assert_num_queries):
    options = {"MAX_ENTRIES": 600, "MAX_BYTES": 100_000}
    own = {"BACKEND": "peel_site.caching.InMemory", "LOCATION": "in-memory", "OPTIONS": options}
    settings.CACHES = settings.CACHES | {"pages": own}
    change()
    client.get(PAGE)
    held = []

    for number in range(60):
        client.get(f"/metrics/?made-up={number}")
        client.get(PAGE)
        held.append(sum(map(len, caches["pages"]._cache.values())))

    assert max(held) <= 100_000
    assert len(caches["pages"]._cache) < 60, "they would not all fit"
    assert caches["pages"]._cache.keys() == caches["pages"]._expire_info.keys()
    with django_assert_num_queries(1):  # what is asked for again and again stays
        client.get(PAGE)


def test_a_large_answer_is_named_but_not_kept(client, monkeypatch, django_assert_num_queries):
    change()
    monkeypatch.setattr(caching, "LARGEST", 10)

    first = client.get(PAGE)

    assert "ETag" in first.headers
    with django_assert_num_queries(4):
        client.get(PAGE)


def test_without_the_database_pages_that_need_none_are_answered_and_others_say_so(client, caplog):
    with patch("grades.queries.data_version", side_effect=OperationalError("gone")):
        about = client.get("/about/")
        with patch("grades.queries.theme_list", side_effect=OperationalError("gone")):
            themes = client.get(PAGE)

    assert about.status_code == 200
    assert "ETag" not in about.headers
    assert themes.status_code == 503
    assert themes.headers["Cache-Control"] == "no-store"
    assert "The version of the record cannot be read: gone" in caplog.messages
