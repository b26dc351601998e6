"""Public pages are read from the copy while it can be relied on; everything else asks the database itself."""

import pytest
from django.db import connections
from django.http import HttpResponse

from grades import queries
from grades.models import Theme
from peel_site import replica
from peel_site.caching import PublicAnswers
from peel_site.replica import PublicReads, Replica, for_the_public
from tests import factories


@pytest.fixture
def asked(monkeypatch) -> dict[str, object]:
    """Two databases that answer as this dictionary says: None for not at all."""
    answers: dict[str, object] = {"default": "0/1", "replica": 0.5, "looks": 0}

    def ask(alias: str, question: str) -> object:
        answers["looks"] += alias == "replica"
        return answers[alias]

    monkeypatch.setattr(replica, "there_is_one", lambda: True)
    monkeypatch.setattr(replica, "_ask", ask)
    monkeypatch.setattr(Replica, "_next_look", 0.0)
    monkeypatch.setattr(Replica, "_usable", False)
    return answers


def read_from() -> str | None:
    return PublicReads().db_for_read(Theme)


@pytest.mark.parametrize(
    ("primary", "lag", "where"),
    [
        ("0/1", 0.5, "replica"),
        ("0/1", 30.0, "replica"),
        ("0/1", 30.1, None),
        ("0/1", None, None),
        (None, 3600.0, "replica"),  # there is nothing else to read from
        (None, None, None),
    ],
)
def test_where_the_public_reads(asked, primary, lag, where) -> None:
    asked |= {"default": primary, "replica": lag}

    with for_the_public():
        assert read_from() == where
    assert read_from() is None


def test_it_is_looked_at_every_other_second_at_most(asked, monkeypatch) -> None:
    for _time in range(5):
        with for_the_public():
            read_from()

    assert asked["looks"] == 1
    monkeypatch.setattr(Replica, "_next_look", 0.0)
    asked["replica"] = None
    with for_the_public():
        assert read_from() is None
    assert asked["looks"] == 2


def test_nothing_is_written_to_it_and_no_table_is_made_there() -> None:
    router = PublicReads()

    assert router.db_for_write(Theme) == "default"
    assert router.allow_migrate("default", "grades")
    assert not router.allow_migrate("replica", "grades")
    assert router.allow_relation(Theme(), Theme())


def test_the_desk_reads_from_the_database_itself(asked, monkeypatch, rf) -> None:
    monkeypatch.setattr(PublicAnswers, "_public", lambda self, request: self.get_response(request))
    seen: list[str | None] = []
    site = PublicAnswers(lambda request: seen.append(read_from()) or HttpResponse())

    for address in ("/admin/", "/themes/", "/preview/token/"):
        site(rf.get(address))

    assert seen == [None, "replica", None]


@pytest.mark.django_db
def test_what_was_pinned_a_moment_ago_is_found_before_the_copy_has_it(asked, settings) -> None:
    """A second connection sees nothing of an open transaction, like a copy that is a moment behind."""
    settings.DATABASE_ROUTERS = ["peel_site.replica.PublicReads"]
    connections["replica"] = connections["default"].copy()
    pinned = factories.pinned_block()

    try:
        with for_the_public():
            assert read_from() == "replica"
            found = queries.pinned_block(path=pinned.path, digest=pinned.digest)
    finally:
        connections["replica"].close()
        del connections["replica"]

    assert found is not None
    assert found.digest == pinned.digest
