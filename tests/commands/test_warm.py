"""`manage.py warm`: every page is asked for, what has changed first, and never of two versions in one round."""

import http.server
import logging
import os
import signal
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from grades import queries
from grades.management.commands import warm
from grades.queries import changed_forces
from tests import factories


class Site(http.server.ThreadingHTTPServer):
    """A site that remembers what it was asked for, and says of which version its answers are."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.hosts: set[str] = set()
        self.version = "first"
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.hosts.add(self.headers["Host"])
        self.send_response(200)
        self.send_header("PEEL-Data-Version", self.server.version)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(queries, "version_name", lambda version: "first")
    with Site() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def at(site: Site) -> str:
    return f"http://127.0.0.1:{site.server_port}"


@pytest.mark.django_db
def test_every_page_is_asked_for_once_under_the_sites_own_name(site: Site, settings) -> None:
    settings.BASE_URL = "https://peel.example.org"
    force = factories.force()
    out = StringIO()

    call_command("warm", at=at(site), stdout=out)

    assert f"/forces/{force.slug}/" in site.asked
    assert site.asked[::2] == site.asked[1::2], "each in both ways of compressing"
    assert len(site.asked) == 2 * len(set(site.asked))
    assert out.getvalue() == f"{len(set(site.asked))} pages made\n"
    assert site.hosts == {"peel.example.org"}


@pytest.mark.django_db
def test_a_site_that_is_of_another_version_is_told_in_words(site: Site) -> None:
    site.version = "second"

    with pytest.raises(CommandError, match="The record changed meanwhile"):
        call_command("warm", at=at(site))


@pytest.mark.django_db
def test_the_newest_change_comes_first(site: Site) -> None:
    before = timezone.now()
    first, second = factories.force(slug="aaa"), factories.force(slug="zzz")
    factories.change_log_entry(force=first.slug, at=before)
    factories.change_log_entry(force=second.slug, at=before)
    command = warm.Command()
    command.at, command.done = at(site).removeprefix("http://"), before

    command._round(None)

    assert changed_forces(since=before) == ("zzz", "aaa")
    assert changed_forces(since=None) == ()
    pictures = [f"/forces/{slug}/{name}" for slug in ("zzz", "aaa") for name in ("card.png", "history.svg")]
    assert site.asked[:8:2] == pictures
    assert set(site.asked[8:16]) >= {"/forces/aaa/", "/forces/zzz/"}


@pytest.mark.django_db
def test_a_round_that_a_change_overtakes_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    command = warm.Command()
    command.at = at(site).removeprefix("http://")
    monkeypatch.setattr(command, "_addresses", lambda: iter(["/a/", "/b/", "/c/"]))
    given = iter(["first", "second"])
    monkeypatch.setattr(warm, "_ask", lambda site, address, encoding: next(given))

    with pytest.raises(warm.OutdatedError):
        command._round(None)


@pytest.mark.django_db(transaction=True)
def test_the_loop_works_when_something_has_changed_and_survives_trouble(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[int] = []
    real = warm.Command._look

    def look(command: warm.Command) -> None:
        looked.append(len(site.asked))
        if len(looked) == 1:
            command.at, command.kept = "127.0.0.1:1", command.at
        if len(looked) == 2:
            command.at = command.kept
        if len(looked) == 4:
            factories.theme()
        if len(looked) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        real(command)

    factories.theme()
    monkeypatch.setattr(warm.Command, "_look", look)
    with caplog.at_level(logging.INFO, logger="grades"):
        call_command("warm", at=at(site), every=0.01, stdout=StringIO())

    assert looked[0] == looked[1] == 0
    assert looked[2] == looked[3] > 0, "nothing has changed, so nothing is asked for"
    assert looked[4] > looked[3]
    assert caplog.messages[0].startswith("Pages cannot be made just now: ")
