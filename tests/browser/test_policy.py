"""Nothing on any kind of page breaks the site's own policy, with charts explored and in the admin too."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.browser.desk import carry_session
from tests.browser.pages import PAGES
from tests.staff.test_second_factor import WHOLE_ADMIN

pytestmark = pytest.mark.browser

WATCH = """
window.broken = [];
addEventListener("securitypolicyviolation", (e) => broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
EXPLORED = 2
"""Of so many charts on a page."""


@pytest.fixture(autouse=True)
def watched(page: Page) -> None:
    """Have each page note what its policy refuses, from before its first script on."""
    page.add_init_script(WATCH)


def broken(page: Page) -> list[str]:
    """Scroll through a page, and give what its policy has refused."""
    page.wait_for_load_state("load")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    return page.evaluate("window.broken")


@pytest.mark.parametrize("kind", list(PAGES))
def test_no_kind_of_page_breaks_the_policy_not_even_with_charts_explored(
    page: Page, site: str, kind: str
) -> None:
    page.goto(f"{site}{PAGES[kind]}")
    charts = page.locator("figure[data-explore]")
    for number in range(min(charts.count(), EXPLORED)):
        chart = charts.nth(number)
        chart.get_by_role("button", name="Explore this chart").press("Enter")
        plot = chart.get_by_role("application")
        expect(plot.locator(".main-svg").first).to_be_visible()
        plot.press("End")

    assert broken(page) == []


def test_the_watch_sees_what_is_refused(page: Page, site: str) -> None:
    """The other tests of this file can fail."""
    page.goto(f"{site}/about/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); }"
    )
    page.wait_for_function("window.broken.length")

    assert page.evaluate("window.ran") is None
    assert broken(page)[0].startswith("script-src-elem inline")


@pytest.fixture
def admin(page: Page, live_server: LiveServer, transactional_db: None) -> str:
    """The address of a site on which the browser is signed in."""
    client = Client()
    client.force_login(factories.member("national-editor", is_superuser=True))
    carry_session(client, page, live_server.url)
    return live_server.url


def test_no_page_of_the_admin_breaks_the_policy(page: Page, admin: str) -> None:
    for make in (factories.finding, factories.grade, factories.response):
        make()
    visited, faults = 0, {}
    for address in WHOLE_ADMIN:
        if "/1/" in address or "logout" in address:
            continue
        answer = page.goto(f"{admin}{address}")
        if answer and answer.headers.get("content-type", "").startswith("text/html"):
            visited += 1
            if found := broken(page):
                faults[address] = found

    assert faults == {}
    assert visited > 60
