"""The site as files: every address becomes a file, every link a way between files, and a link that leads nowhere is named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from peel_site.static_copy import copying
from peel_site.static_copy.copying import MANIFEST, CopyError, make_copy
from peel_site.static_copy.links import Link, file_of, from_file_to_file, links_in, places_in
from tests import factories

LIVE = "https://peel.example.org"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/forces/kent/", "forces/kent/index.html"),
        ("/forces/kent/history.svg", "forces/kent/history.svg"),
        ("/caf%C3%A9/", "café/index.html"),
    ],
)
def test_each_path_has_its_file(path: str, name: str) -> None:
    assert file_of(path) == name


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('<a href="/forces/kent/">', '<a href="../../kent/index.html">'),
        ('<a href="/forces/gwent/2015/#q1">', '<a href="index.html#q1">'),
        ('<img src="/static/a.svg">', '<img src="../../../static/a.svg">'),
        ('<figure data-explore="/x/figure.json">', '<figure data-explore="../../../x/figure.json">'),
        ('<a href="/">', '<a href="../../../index.html">'),
        ('<a href="/metrics/crime/?force=gwent">', f'<a href="{LIVE}/metrics/crime/?force=gwent">'),
        ('<a href="?sort=name&amp;page=2">', f'<a href="{LIVE}/forces/gwent/2015/?sort=name&amp;page=2">'),
        ('<form method="get" action="/find/">', f'<form method="get" action="{LIVE}/find/">'),
        ('<a href="/admin/">', f'<a href="{LIVE}/admin/">'),
        ('<a href="https://elsewhere.example/a/">', '<a href="https://elsewhere.example/a/">'),
        ('<a href="//elsewhere.example/a/">', '<a href="//elsewhere.example/a/">'),
        ('<a href="#main">', '<a href="#main">'),
        ("<code>href=&quot;/a/&quot;</code>", "<code>href=&quot;/a/&quot;</code>"),
    ],
)
def test_addresses_lead_from_file_to_file(written: str, wanted: str) -> None:
    page = from_file_to_file(
        written, path="/forces/gwent/2015/", kept=lambda path: path != "/admin/", live=LIVE
    )
    assert page == wanted


def test_links_and_places_of_a_page() -> None:
    page = '<h2 id="a&amp;b">x</h2><a href="/a/?b=1">1</a><a href="/a/#b%20c">2</a><form action="/find/">'
    assert list(links_in(page)) == [Link("/a/", "b c")]
    assert places_in(page) == {"a&b"}


@pytest.fixture
def small_record(db: None) -> Iterator[None]:
    """One force with one public inspection, which pages name as an example; what a request reads lies in the test's own transaction, so it stays open."""
    cycle = factories.cycle(slug="2015", label="2015")
    force = factories.force(slug="warwickshire", short_name="Warwickshire")
    inspection = factories.inspection(cycle=cycle, force=force, status="published")
    factories.grade(inspection=inspection, question=factories.question(cycle=cycle, theme=factories.theme()))
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("small_record")
def test_the_copy_is_whole_and_leads_only_to_itself(tmp_path: Path) -> None:
    copied = make_copy(tmp_path / "copy", version="1", processes=1)
    assert copied.faults == []
    folder = tmp_path / "copy"
    for page in (
        "index.html",
        "forces/warwickshire/index.html",
        "forces/warwickshire/2015/index.html",
        "about/index.html",
    ):
        assert (folder / page).read_text(encoding="utf-8").startswith("<!doctype html>"), page
    for file in (
        "forces/warwickshire/history.svg",
        "sitemap.xml",
    ):
        assert (folder / file).stat().st_size > 100, file
    assert copied.pages == len(list(folder.rglob("*.html")))
    ways = 0
    for page_file in folder.rglob("*.html"):
        for way in re.findall(r'(?:href|src)="(?!https?:|mailto:|#)([^"#]+)', page_file.read_text("utf-8")):
            assert (page_file.parent / unquote(way)).is_file(), f"{page_file}: {way}"
            ways += 1
    assert ways > 100


@pytest.mark.django_db
@pytest.mark.usefixtures("small_record")
def test_what_has_not_changed_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    first = make_copy(folder, version="1", processes=1)
    times = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}
    assert make_copy(folder, version="1", processes=1).unchanged
    factories.theme(slug="new-theme", title="A new theme")
    (folder / "gone").mkdir()
    (folder / "gone" / "index.html").write_text("old")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["gone/index.html"] = "0"
    (folder / MANIFEST).write_text(json.dumps(manifest))
    again = make_copy(folder, version="2", processes=1)
    assert (again.removed, (folder / "gone").exists()) == (1, False)
    assert 0 < again.written < again.pages + again.files
    assert again.pages > first.pages
    untouched = folder / "about" / "accessibility" / "index.html"
    assert untouched.stat().st_mtime_ns == times[untouched]


@pytest.mark.django_db
@pytest.mark.usefixtures("small_record")
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = copying.ask

    def with_bad_links(path: str) -> tuple[int, str, bytes]:
        status, kind, body = answer(path)
        if path == "/about/":
            body = body.replace(
                b"</main>", b'<a href="/nowhere/">x</a><a href="/forces/#nowhere">y</a></main>'
            )
        return status, kind, body

    monkeypatch.setattr(copying, "ask", with_bad_links)
    folder = tmp_path / "copy"
    copied = make_copy(folder, version="1", processes=1)
    assert copied.faults == [
        "/about/ leads to /forces/#nowhere, and there is no such place",
        "/about/ leads to /nowhere/, which answers 404",
    ]
    assert not (folder / MANIFEST).exists(), "a copy with faults is not passed off as whole"


@pytest.mark.usefixtures("small_record")
def test_a_copy_that_meets_trouble_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copy"
    make_copy(folder, version="1", processes=1)
    before = sorted(path for path in folder.rglob("*") if path.name != MANIFEST)
    monkeypatch.setattr(copying, "ask", lambda _path: (503, "text/html", b""))

    copied = make_copy(folder, version="2", processes=1)

    assert copied.faults
    assert copied.removed == 0
    assert sorted(path for path in folder.rglob("*") if path.name != MANIFEST) == before


@pytest.mark.django_db
def test_a_record_that_has_only_begun_leads_nowhere_wrong(tmp_path: Path, client: Client) -> None:
    factories.force(slug="kent", short_name="Kent")
    page = client.get("/forces/kent/")
    assert (page.status_code, client.get("/forces/kent/history.svg").status_code) == (200, 404)
    assert Link("/forces/kent/history.svg", "") not in set(links_in(page.content.decode()))


@pytest.mark.django_db
def test_another_folder_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(CopyError, match="holds other files"):
        make_copy(tmp_path, version="1", processes=1)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.odt"]


@pytest.mark.django_db
@pytest.mark.usefixtures("small_record")
def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_place: Path, _content: bytes) -> bool:
        raise OSError(28, "No space left on device", "copy/index.html")

    monkeypatch.setattr(copying, "_write", full)
    monkeypatch.setattr("grades.management.commands.export_site.call_command", lambda *_a, **_k: None)
    with pytest.raises(CommandError, match=r"copy/index\.html cannot be written: No space left on device"):
        call_command("export_site", str(tmp_path / "copy"), processes=1)


def test_staff_pages_are_no_part_of_a_copy() -> None:
    assert not copying.is_kept("/admin/grades/force/")
    assert not copying.is_kept("/preview/abc/")
    assert copying.is_kept("/forces/")
