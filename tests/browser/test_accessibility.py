"""No barrier that axe can see, on any kind of page, at any width, in any colours; and nothing to scroll sideways."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.template.loader import render_to_string
from django.urls import get_resolver, resolve
from playwright.sync_api import Page

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
EVERYTHING = {"runOnly": {"type": "tag", "values": WCAG}, "rules": {"target-size": {"enabled": True}}}
COLOURS_ALONE = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDTHS = [320, 1280]
LOOKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("light", {"color_scheme": "light", "forced_colors": "none"}, EVERYTHING),
    ("dark", {"color_scheme": "dark", "forced_colors": "none"}, COLOURS_ALONE),
    ("forced colours", {"color_scheme": "dark", "forced_colors": "active"}, COLOURS_ALONE),
]
"""What a page contains is the same in every look, so only what colours change is looked at again."""


def barriers(page: Page) -> Iterator[str]:
    """Give what axe finds on the page as it stands, at each width and in each look."""
    page.wait_for_load_state("load")  # with its styles
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for look, media, options in LOOKS:
            page.emulate_media(**media)
            found = page.evaluate(f"axe.run({json.dumps({**options, 'resultTypes': ['violations']})})")
            for violation in found["violations"]:
                for node in violation["nodes"]:
                    yield f"{width} px, {look}: {violation['id']} {node['target']} {node['html'][:120]}"
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            yield f"{width} px: scrolls sideways"


@pytest.mark.parametrize("kind", list(PAGES))
def test_page_has_no_barrier_and_lacks_nothing(page: Page, site: str, kind: str) -> None:
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("response", lambda answer: trouble.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{site}{PAGES[kind]}")

    assert list(barriers(page)) == []
    assert page.context.cookies() == []
    if kind == "not found":
        assert trouble.pop(0) == f"{site}{PAGES[kind]}"
        assert "404" in trouble.pop(0)
    assert trouble == []


@pytest.mark.parametrize("template", ["400.html", "403.html", "410.html", "500.html", "503.html"])
def test_error_page_has_no_barrier(page: Page, site: str, template: str) -> None:
    body = render_to_string(
        template, {"site": {"name": "PEEL history", "licence": {"name": "OGL", "url": "/"}}}
    )
    page.route(
        f"{site}/trouble/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
    )
    page.goto(f"{site}/trouble/")

    assert page.title()
    assert list(barriers(page)) == []


OF_BLOCKS = ("embed-", "share-", "oembed")
"""Blocks for other sites and the pages that hand them out: tests/browser/test_embeds.py looks at them."""
BY_LINK_ALONE = {"preview"}
"""A draft's page is that of an inspection or response, under a banner; only a signed link opens it."""


def test_every_kind_of_page_is_looked_at() -> None:
    """A page that is added to the URLconf must be added to the list."""
    pages = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == ""
        for pattern in resolver.url_patterns
        if str(pattern.pattern) == "" or str(pattern.pattern).endswith("/")
    }

    looked_at = {resolve(address.partition("?")[0]).url_name for address in PAGES.values()}

    assert looked_at == {name for name in pages - BY_LINK_ALONE if not name.startswith(OF_BLOCKS)}
