"""How a page reads: with the keyboard, without JavaScript, on paper, on a phone, over a slow line."""

import urllib.request
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import PAGES
from tests.views.oracle import rows

pytestmark = pytest.mark.browser

FIRST_VIEW_LIMIT = 60 * 1024
FORCE = "/forces/warwickshire/"


def transferred(address: str) -> int:
    """Ask for an address as a browser does; give the bytes on the line, heads included."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.headers["Content-Encoding"] in ("gzip", "br"), address
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        return head + len(response.read())


def test_first_view_of_every_force_is_light(page: Page, site: str, tell: Callable[[str], None]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{FORCE}", wait_until="networkidle")
    # Only a browser with a window fetches the icon.
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    beside = {*asked, f"{site}{icon}"} - {f"{site}{FORCE}"}

    shared = sum(transferred(address) for address in beside)
    pages = {row["slug"]: transferred(f"{site}/forces/{row['slug']}/") for row in rows("forces")}
    heaviest = max(pages, key=lambda slug: pages[slug])
    tell(
        f"First view of {heaviest}, the heaviest of {len(pages)} forces: {shared + pages[heaviest]:,} bytes"
        f" (page {pages[heaviest]:,}, {len(beside)} files beside it {shared:,})"
    )

    assert len(asked) == len(set(asked))
    assert {urlsplit(address).path.rpartition(".")[2] for address in beside} <= {"css", "js", "svg"}
    assert shared + pages[heaviest] <= FIRST_VIEW_LIMIT


def test_skip_link_shows_itself_and_leads_to_the_content(page: Page, site: str) -> None:
    page.goto(f"{site}{FORCE}")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")

    box = skip.bounding_box()
    assert skip.evaluate("element => element === document.activeElement")
    assert box
    assert box["y"] >= 0
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


FOCUS = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const outlined = [element, ...element.querySelectorAll('rect')].some((part) => {
        const style = getComputedStyle(part);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    });
    return {what: element.outerHTML.slice(0, 90), seen: outlined && box.width > 0 && box.bottom > 0 && box.top < innerHeight};
}"""
LOOKS = {"light": ("light", "none"), "dark": ("dark", "none"), "forced colours": ("dark", "active")}


@pytest.mark.parametrize(
    ("kind", "look"),
    [
        *(("force", look) for look in LOOKS),
        *((kind, "light") for kind in ("home", "forces", "inspection with responses", "cycle by region")),
    ],
)
def test_whatever_has_the_focus_shows_it(page: Page, site: str, kind: str, look: str) -> None:
    """On a picture the mark within the link is outlined."""
    scheme, forced = LOOKS[look]
    page.emulate_media(color_scheme=scheme, forced_colors=forced)
    page.goto(f"{site}{PAGES[kind]}")

    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if not focus["seen"]:
            unseen.append(focus["what"])

    assert unseen == []


def test_keyboard_reaches_every_link_field_and_fold_in_the_order_of_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/forces/city-of-london/2014/")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
            .filter(element => element.checkVisibility())
            .map(element => element.outerHTML.slice(0, 120))"""
    )

    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))

    assert len(wanted) > 20
    assert reached == wanted


@pytest.mark.parametrize("kind", ["home", "force", "inspection with printed figures", "cycle", "comparison"])
def test_page_is_whole_without_javascript(browser: Browser, page: Page, site: str, kind: str) -> None:
    """JavaScript adds a button that explores a chart; it holds no fact that the page lacks without it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    try:
        bare = context.new_page()
        bare.goto(f"{site}{PAGES[kind]}")
        page.goto(f"{site}{PAGES[kind]}", wait_until="networkidle")

        words = Counter(page.locator("main").inner_text().split())
        words_of_bare = Counter(bare.locator("main").inner_text().split())
    finally:
        context.close()

    assert set(words - words_of_bare) <= {"Explore", "this", "chart"}
    assert not words_of_bare - words


def test_fold_opens_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{site}{FORCE}")
        table = page.locator("section[aria-labelledby=crime] table").first
        assert not table.is_visible()

        page.locator("section[aria-labelledby=crime] summary").first.click()

        assert table.is_visible()
        assert "12 months to" in table.inner_text()
    finally:
        context.close()


SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["home", "force", "metric", "figures of a force", "cycle"])
def test_nothing_moves_while_a_page_loads_or_is_scrolled(
    page: Page, site: str, kind: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{site}{PAGES[kind]}", wait_until="networkidle")
    page.locator("figure[data-explore] button").first.wait_for(state="attached")

    for step in (600, -600):
        for _ in range(15):
            page.mouse.wheel(0, step)
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert page.evaluate("window.shifted") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_links_within_a_page_lead_to_their_headings(page: Page, site: str, width: int) -> None:
    """The sections on the way are not laid out before they are read."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}{FORCE}")
    for link in page.locator(".on-this-page a").all():
        link.press("Enter")
        aim = page.locator(f"{link.get_attribute('href')}")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        box = aim.bounding_box()
        assert box
        assert -1 <= box["y"] < 800, link.inner_text()


SHOWN = """() => [...document.querySelectorAll('details table, details p, details li')].map(element => [
    element.checkVisibility() && element.getBoundingClientRect().height > 0,
    element.className + ' ' + element.textContent.trim().slice(0, 60)])"""


@pytest.mark.parametrize("kind", ["force", "inspection with printed figures", "cycle"])
def test_paper_shows_what_is_folded_away(page: Page, site: str, kind: str) -> None:
    page.goto(f"{site}{PAGES[kind]}")

    on_screen = page.evaluate(SHOWN)
    page.emulate_media(media="print")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    on_paper = page.evaluate(SHOWN)

    assert [text for shown, text in on_screen if not shown]
    assert [text for shown, text in on_paper if not shown] == []
    assert not page.locator(".masthead__nav").is_visible()


@pytest.mark.parametrize("kind", ["force", "inspection with printed figures", "cycle"])
def test_paper_is_black_on_white_in_the_dark_too(page: Page, site: str, kind: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{site}{PAGES[kind]}")

    colours = page.evaluate(
        "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))"
    )

    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_history_stays_a_table_on_a_phone(page: Page, site: str) -> None:
    """On a narrow screen its cells are blocks, which browsers once took for the end of the table."""
    page.set_viewport_size({"width": 320, "height": 800})
    tree = page.context.new_cdp_session(page)
    tree.send("Accessibility.enable")
    page.goto(f"{site}{FORCE}", wait_until="networkidle")
    nodes = tree.send("Accessibility.getFullAXTree")["nodes"]

    roles = Counter(node["role"]["value"] for node in nodes if not node["ignored"])

    headings = page.locator("h1, h2, h3, h4").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).length"
    )

    assert roles["heading"] == headings > 20
    assert roles["table"] >= 3
    assert roles["rowheader"] >= len(rows("themes"))
    assert roles["cell"] >= len(rows("themes")) * 4
