"""Blocks in the pages of other sites: as high as what they show, without a barrier, light, and shown by programs that others wrote."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlsplit

import micawber
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_accessibility import barriers
from tests.browser.test_reading import transferred
from tests.conftest import ROOT, need, own_machine_only
from tests.views import wordpress
from tests.views.embeds import SAMPLES
from tests.views.oracle import rows

pytestmark = pytest.mark.browser

HISTORY = SAMPLES["history"]
BLOCK_LIMIT, REQUEST_LIMIT, TEN_LIMIT = 12 * 1024, 3, 150 * 1024
HIGHEST_IN_WORDPRESS = 1000
LONGER_THAN_WORDPRESS_SHOWS = {"printed", "compared"}
"""A report's own table of thirteen rows as a picture, and all that is to be said of several forces: in WordPress on a phone their
last lines are scrolled to."""

LISTENER = """
window.told = [];
addEventListener('message', (event) => {
  const said = event.data;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow !== event.source || !said || said.secret !== frame.dataset.secret) continue;
    window.told.push(said);
    if (said.message === 'height') frame.height = Math.min(1000, Math.max(200, said.value));
  }
});
"""
"""What WordPress does with what a frame says, written anew: only with the secret, from 200 to 1000 pixels."""


def answer(site: str, address: str, **more: str | int) -> dict:
    """Ask oEmbed as a program does."""
    asked = "&".join(f"{name}={quote(str(value))}" for name, value in more.items())
    with urllib.request.urlopen(
        f"{site}/oembed/?url={quote(named(site, address))}&{asked}", timeout=30
    ) as found:
        return json.load(found)


def named(site: str, address: str) -> str:
    """Give an address as the site names itself."""
    return f"http://localhost:{urlsplit(site).port}{address}"


class OtherSite(BaseHTTPRequestHandler):
    """A page of another site: whatever the test puts there."""

    body = ""

    def do_GET(self) -> None:
        """Answer any address with the page."""
        whole = f"<!doctype html><html lang=en><title>A page</title><body style='margin:0'>{self.body}</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(whole.encode())

    def log_message(self, *_told: object) -> None:
        """Keep quiet."""


@pytest.fixture
def host(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of another site with this body, at this width."""
    contexts = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    Thread(target=server.serve_forever, daemon=True).start()

    def open_page(body: str, *, width: int = 1200, script: str = "", scripts: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        OtherSite.body = body
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()


def content(page: Page) -> tuple[float, float]:
    """Give how high the frame is, and how high what it shows."""
    frame = page.frames[1]
    inner = frame.evaluate("document.body.getBoundingClientRect().height")
    return page.locator("iframe").first.bounding_box()["height"], inner


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("kind", SAMPLES)
def test_frame_in_wordpress_ends_where_the_block_ends(
    host: Callable[..., Page], site: str, kind: str, width: int
) -> None:
    given = answer(site, SAMPLES[kind], maxwidth=width)
    page = host(wordpress.shown(given["html"]), width=width, script=LISTENER)
    page.wait_for_function("window.told.some((said) => said.message === 'height')")

    outer, inner = content(page)
    assert page.frames[1].evaluate("self.origin") == "null"
    if kind in LONGER_THAN_WORDPRESS_SHOWS and width == 320:
        assert outer == HIGHEST_IN_WORDPRESS < inner
        return
    assert 0 <= outer - inner < 1 or outer == 200
    assert inner <= HIGHEST_IN_WORDPRESS
    assert not page.frames[1].evaluate("document.documentElement.scrollHeight > innerHeight")
    assert not page.frames[1].evaluate("document.documentElement.scrollWidth > innerWidth")


def test_link_in_wordpress_is_told_to_the_page_and_leads_to_this_site(
    host: Callable[..., Page], site: str
) -> None:
    given = answer(site, HISTORY)
    page = host(wordpress.shown(given["html"]), script=LISTENER)
    page.frame_locator("iframe").locator(".embed__over a").click()
    page.frame_locator("iframe").locator(".embed__source a").first.click()
    page.wait_for_function("window.told.filter((said) => said.message === 'link').length === 2")

    told = [said["value"] for said in page.evaluate("window.told") if said["message"] == "link"]
    assert told == [named(site, "/forces/warwickshire/")] * 2, (
        "a link to others leads to our page, which has it"
    )


@pytest.mark.parametrize("width", [320, 480, 760, 1200])
@pytest.mark.parametrize("kind", SAMPLES)
def test_frame_without_script_cuts_nothing_off(
    host: Callable[..., Page], site: str, kind: str, width: int
) -> None:
    snippet = snippet_of(site, kind, "html-without-script")
    page = host(snippet, width=width, scripts=False)
    page.locator("iframe").scroll_into_view_if_needed()
    page.wait_for_timeout(300)

    box = page.locator("iframe").bounding_box()
    inner = page.frame_locator("iframe").locator("body").bounding_box()
    assert inner["height"] > 100
    assert inner["height"] <= box["height"]


def snippet_of(site: str, kind: str, system: str) -> str:
    """Take the snippet from the page that hands a block out."""
    from tests.views.markup import parse

    address = SAMPLES[kind].replace("/embed/", "/share/", 1)
    mark = "&" if "?" in address else "?"
    with urllib.request.urlopen(f"{site}{address}{mark}system={system}", timeout=30) as found:
        return parse(found.read().decode()).one("textarea").text


@pytest.mark.parametrize("width", [320, 1200])
def test_frame_with_our_script_is_as_high_as_the_block(
    host: Callable[..., Page], site: str, width: int
) -> None:
    page = host(snippet_of(site, "history", "html"), width=width)
    page.locator("iframe").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('iframe').style.height")
    page.wait_for_timeout(300)

    outer, inner = content(page)
    assert 0 <= outer - inner < 1


def test_our_script_believes_only_the_frame_and_only_numbers(host: Callable[..., Page], site: str) -> None:
    page = host(snippet_of(site, "history", "html"))
    page.locator("iframe").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('iframe').style.height")
    before = page.locator("iframe").evaluate("frame => frame.style.height")
    page.evaluate("postMessage({type: 'peel-history:height', v: 1, height: 333}, '*')")
    page.wait_for_timeout(100)
    foreign = page.locator("iframe").evaluate("frame => frame.style.height")
    found = []
    for said in ("'400'", "NaN", "null", "Infinity", "{}", "1", "999999"):
        page.frames[1].evaluate(
            f"parent.postMessage({{type: 'peel-history:height', v: 1, height: {said}}}, '*')"
        )
        page.wait_for_timeout(100)
        found.append(page.locator("iframe").evaluate("frame => frame.style.height"))

    assert foreign == before
    assert found == [before] * 5 + ["100px", "4000px"]


def test_block_is_light_and_asks_for_three_things(
    browser: Browser, site: str, tell: Callable[[str], None]
) -> None:
    weights = {}
    for kind, address in SAMPLES.items():
        context = browser.new_context()
        outside = own_machine_only(context)
        asked: list[str] = []
        page = context.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{site}{address}", wait_until="networkidle")
        wanted = [one for one in asked if not one.endswith("favicon.ico")]
        weights[kind] = sum(transferred(one) for one in wanted)
        assert len(wanted) <= REQUEST_LIMIT, wanted
        assert not outside
        assert context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        context.close()
    histories = {
        row["slug"]: transferred(f"{site}/embed/forces/{row['slug']}/history/") for row in rows("forces")
    }
    tell(
        f"Blocks in bytes, with style sheet and script: {weights}; heaviest history alone {max(histories.values()):,}"
    )

    shared = weights["history"] - histories["warwickshire"]
    assert max(*weights.values(), shared + max(histories.values())) <= BLOCK_LIMIT
    assert shared + sum(sorted(histories.values())[-10:]) <= TEN_LIMIT


def test_history_of_every_force_stays_below_a_thousand_pixels_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 500})
    measured, cut = {}, []
    for row in rows("forces"):
        address = f"/embed/forces/{row['slug']}/history/"
        page.goto(f"{site}{address}")
        measured[row["slug"]] = page.evaluate("document.body.getBoundingClientRect().height")
        if answer(site, address, maxwidth=320)["height"] < measured[row["slug"]]:
            cut.append(row["slug"])

    assert max(measured.values()) < HIGHEST_IN_WORDPRESS, max(measured, key=lambda slug: measured[slug])
    assert cut == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_block_has_no_barrier_in_any_look(page: Page, site: str, kind: str, look: str) -> None:
    mark = "&" if "?" in SAMPLES[kind] else "?"
    trouble: list[str] = []
    page.on(
        "console", lambda message: trouble.append(message.text) if "favicon" not in message.text else None
    )
    page.goto(f"{site}{SAMPLES[kind]}{mark}theme={look}")

    assert list(barriers(page)) == []
    assert [text for text in trouble if "404" not in text] == []
    page.emulate_media(color_scheme="dark" if look == "light" else "light", forced_colors="none")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(253, 252, 249)", "dark": "rgb(20, 22, 26)"}[look], (
        "whatever the device wishes"
    )


@pytest.mark.parametrize("address", ["?system=html&theme=dark", "?system=image", "?accent=ffff00"])
def test_page_that_hands_out_a_block_has_no_barrier(page: Page, site: str, address: str) -> None:
    page.goto(f"{site}/share/forces/warwickshire/history/{address}")

    assert list(barriers(page)) == []


def test_accent_shows_although_styles_in_the_page_are_forbidden(page: Page, site: str) -> None:
    page.goto(f"{site}{HISTORY}?accent=0b6e4f")

    colours = page.evaluate(
        "[getComputedStyle(document.querySelector('.embed')).borderTopColor, getComputedStyle(document.querySelector('a')).color]"
    )
    assert colours == ["rgb(11, 110, 79)"] * 2


def test_client_in_python_that_others_wrote_shows_the_block(site: str) -> None:
    known = micawber.ProviderRegistry()
    known.register(rf"{site.replace('127.0.0.1', 'localhost')}/\S*", micawber.Provider(f"{site}/oembed/"))

    shown = micawber.parse_text(named(site, "/forces/warwickshire/"), known)

    assert "<blockquote>Warwickshire Police in " in shown
    assert named(site, HISTORY) in shown


def test_client_in_javascript_that_others_wrote_finds_the_block(host: Callable[..., Page], site: str) -> None:
    need(shutil.which("node"), "There is no Node on PATH (on Debian: apt-get install nodejs).")
    client = ROOT / "node_modules" / "@extractus" / "oembed-extractor"
    need(client.exists(), "The oEmbed client is not installed: run `make test`, which needs npm for it.")
    found = subprocess.run(
        ["node", str(Path(__file__).with_name("oembed_client.mjs")), named(site, "/forces/warwickshire/")],
        capture_output=True, text=True, check=False, timeout=60, cwd=ROOT,
    )  # fmt: skip

    assert found.returncode == 0, found.stderr
    document = json.loads(found.stdout)
    assert (document["type"], document["width"]) == ("rich", 480)
    page = host(document["html"], width=480)
    assert page.frame_locator("iframe").locator("h1").inner_text().startswith("Warwickshire Police in ")
