"""What tests of several folders need: plain static files, a browser, the site as a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.people import People, make_people
from tests.views.crawl import Crawl, walk, whole_record

ROOT = Path(__file__).resolve().parent.parent
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken; the one without windows, a package of Debian's too, opens pages twice as fast."""
OWN_HOSTS = {"127.0.0.1", "localhost", "[::1]"}

# A busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
expect.set_options(timeout=20_000)


def need(found: object, sentence: str) -> None:
    """Skip a test for lack of a tool, and say which; on the project's own checks nothing may be lacking."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static files under their own names, straight from their folders: nothing to collect before a test."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def every_page_is_made_anew() -> Iterator[None]:
    """No test meets a page or a version that another has left: what a test does is undone, so versions come again."""
    nowhere = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    with override_settings(CACHES=django_settings.CACHES | {"pages": nowhere}, VERSION_SECONDS=0):
        yield


@pytest.fixture
def people(db: None) -> People:
    """Make the people of two offices."""
    return make_people()


@pytest.fixture(scope="module")
def record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole record in the test database, for the tests of one file; these are marked `django_db`."""
    with whole_record(django_db_blocker):
        yield


@pytest.fixture(scope="session")
def crawl(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Crawl:
    """Every page of the site with the whole record, visited once a run; tests that look at it are marked `django_db`."""
    with whole_record(django_db_blocker):
        return walk()


@pytest.fixture(scope="session")
def own_environment() -> Callable[..., dict[str, str]]:
    """The environment for a process of ours: this one's, less what says how the site runs, plus what is given."""

    def build(**values: str) -> dict[str, str]:
        said = {line.lstrip("#").split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines()}
        kept = {name: value for name, value in os.environ.items() if name not in said}
        return {**kept, "ENV_FILE": os.devnull, **values}

    return build


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, own_environment: Callable[..., dict[str, str]]
) -> Iterator[str]:
    """The address of the seeded site, served by gunicorn on a database of its own, as `make run` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = own_environment(DATA_DIR=str(tmp_path_factory.mktemp("site")), PORT=str(port))
    address = f"http://127.0.0.1:{port}"
    for command in ("collectstatic --noinput", "migrate", "seed"):
        subprocess.run(
            [sys.executable, "manage.py", *command.split(), "--verbosity=0"],
            cwd=ROOT,
            env=environment,
            check=True,
        )
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "python:peel_site.serving"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "warning", "peel_site.wsgi"),
        ],
        cwd=ROOT,
        env=environment,
    )
    try:
        give_up = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{address}/robots.txt", timeout=5).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > give_up:
                    pytest.fail("The site did not start; its output is above.")
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, started once for the tests of a file."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    need(chromium, "There is no Chromium on PATH (on Debian: apt-get install chromium).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, and Django would refuse the database to all of it; but tests
        # here are not asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--force-renderer-accessibility",  # as where a screen reader listens
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


def own_machine_only(context: BrowserContext) -> list[str]:
    """Keep a browser from asking other hosts; give what it asked them all the same, as it grows."""
    asked_outside: list[str] = []

    def check(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in OWN_HOSTS:
            asked_outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    context.route("**/*", check)
    return asked_outside


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a browser without history; asking any host but this machine fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    asked_outside = own_machine_only(context)
    yield context.new_page()
    context.close()
    assert not asked_outside, f"The page asked other hosts: {', '.join(asked_outside)}"


@pytest.fixture(scope="session")
def html_checker() -> list[str]:
    """The command of the Nu HTML checker; append its options and files."""
    jar = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    need(shutil.which("java"), "There is no Java on PATH (on Debian: apt-get install default-jre-headless).")
    need(jar.exists(), "The HTML checker is not installed: run `make test`, which needs npm for it.")
    return ["java", "-jar", str(jar)]


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Writes a line into pytest's own report."""
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    return lambda line: reporter.write_line(f"\n{line}") if reporter else None
