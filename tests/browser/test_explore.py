"""A chart explored in Chromium: only when asked, by keyboard, under the site's own policy, and in words when it fails."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

FORCE = "/forces/warwickshire/"
CHART = "figure:has(#crime-chart-title)"
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (e) => window.broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""


class Log:
    """What a page asked for, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )

    @property
    def of_plotly(self) -> list[str]:
        """Give the requests for Plotly and for figures."""
        return [url for url in self.asked if "plotly" in url or "figure.json" in url]


def with_script(route: Route) -> None:
    """Hand on a page with the script in its head, where the page does not load it itself."""
    answer = route.fetch()
    html = answer.text()
    if "data-explore-bundle" not in html:
        html = html.replace("</head>", f"{render_to_string('components/explore.html')}</head>")
    route.fulfill(response=answer, body=html)


@pytest.fixture
def log(page: Page) -> Log:
    page.add_init_script(WATCH)
    return Log(page)


@pytest.fixture
def visit(page: Page, log: Log, site: str) -> Iterator[Callable[[], None]]:
    """Open the force page; in the end nothing may have broken the site's policy."""

    def go() -> None:
        page.route(f"{site}{FORCE}", with_script)
        page.goto(f"{site}{FORCE}")

    yield go
    assert page.evaluate("window.broken") == []
    assert not [text for text in log.complaints if "Content Security Policy" in text or "Refused" in text]


def chart(page: Page):
    """Find the chart of recorded crime."""
    return page.locator(CHART)


def opened(page: Page):
    """Press the button of the chart, and wait for the plot."""
    chart(page).get_by_role("button", name="Explore this chart").press("Enter")
    plot = chart(page).get_by_role("application")
    expect(plot).to_be_focused(timeout=20_000)
    return plot


def test_nothing_of_plotly_is_asked_for_before_the_button_is_pressed(page, log, visit):
    visit()

    expect(chart(page).get_by_role("button", name="Explore this chart")).to_be_visible()
    assert log.of_plotly == []


def test_without_javascript_there_is_no_button(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{FORCE}")

    assert page.get_by_role("button", name="Explore").count() == 0
    expect(page.locator(f"{CHART} svg.chart")).to_be_visible()
    context.close()


def test_keyboard_opens_the_chart_steps_through_its_points_and_leads_back(page, log, visit):
    visit()

    plot = opened(page)
    expect(chart(page).locator(".chart-frame")).to_be_hidden()
    newest = (
        chart(page)
        .locator("svg.chart")
        .evaluate(
            "svg => [...svg.querySelectorAll('circle title')].map(t => t.textContent).filter(t => t.startsWith('Warwickshire')).at(-1)"
        )
    )
    plot.press("End")
    expect(chart(page).locator("[aria-live]")).to_have_text(newest)
    expect(plot.locator(".hoverlayer .hovertext")).to_have_count(1)
    plot.press("ArrowUp")
    expect(chart(page).locator("[aria-live]")).to_contain_text("England and Wales, ")
    plot.press("Home")
    plot.press("ArrowLeft")
    plot.press("Escape")
    expect(chart(page).locator(".chart-frame")).to_be_visible()
    expect(plot).to_have_count(0)
    expect(chart(page).get_by_role("button", name="Explore this chart")).to_be_focused()
    assert log.complaints == []


def test_bundle_is_loaded_once_from_our_own_host(page, log, visit, site):
    visit()

    opened(page).press("Escape")
    opened(page)

    bundles = [url for url in log.of_plotly if url.endswith(".js")]
    assert len(bundles) == 1
    assert all(url.startswith(f"{site}/") for url in log.asked)


def test_zoom_in_out_and_all_with_values_kept(page, log, visit):
    visit()
    plot = opened(page)
    ranges = "plot => [plot.layout.xaxis.range, plot.layout.yaxis.range]"
    whole, values = plot.evaluate(ranges)
    tools = chart(page).get_by_role("group", name="Interactive chart")

    tools.get_by_role("button", name="Zoom in").press("Enter")
    closer, same = plot.evaluate(ranges)
    assert closer[1] - closer[0] == pytest.approx((whole[1] - whole[0]) / 2)
    assert same == values
    tools.get_by_role("button", name="Zoom out").press("Enter")
    tools.get_by_role("button", name="Zoom out").press("Enter")
    assert plot.evaluate(ranges)[0] == pytest.approx(whole)
    tools.get_by_role("button", name="Zoom in").press("Enter")
    tools.get_by_role("button", name="Show all").press("Enter")
    assert plot.evaluate(ranges) == [whole, values]


def test_series_can_be_hidden_and_shown(page, log, visit):
    visit()
    plot = opened(page)
    box = chart(page).get_by_role("checkbox", name="England and Wales")
    shown = "plot => plot.data.filter(t => t.visible !== false).map(t => t.name)"

    box.press("Space")
    assert "England and Wales" not in plot.evaluate(shown)
    box.press("Space")
    assert "England and Wales" in plot.evaluate(shown)


def test_hidden_series_and_zoom_outlast_the_turn_to_the_dark(page, log, visit):
    visit()
    plot = opened(page)
    chart(page).get_by_role("checkbox", name="England and Wales").press("Space")
    chart(page).get_by_role("button", name="Zoom in").press("Enter")
    state = "plot => [plot.data.map(t => t.visible !== false), plot.layout.xaxis.range]"
    before, ink = plot.evaluate(state), plot.evaluate("plot => plot.layout.font.color")

    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([plot, ink]) => plot.layout.font.color !== ink", arg=[plot.element_handle(), ink]
    )

    assert plot.evaluate(state) == before
    assert before[0].count(False) == 1


def test_finger_scrolls_the_page_where_a_mouse_would_zoom(browser, site):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.route(f"{site}{FORCE}", with_script)
    page.goto(f"{site}{FORCE}")

    assert opened(page).evaluate("plot => plot.layout.dragmode") is False
    context.close()


def test_mouse_reads_a_point(page, log, visit):
    visit()
    plot = opened(page)
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    for down in range(int(box["height"])):
        page.mouse.move(box["x"] + box["width"] - 12, box["y"] + down)
        if plot.locator(".hoverlayer .hovertext").count():
            break
    expect(plot.locator(".hoverlayer .hovertext")).not_to_have_count(0)


@pytest.mark.parametrize("lost", [r"plotly\.min[^/]*js$", r"plotly[^/]*css$", r"figure\.json$"])
def test_what_cannot_be_loaded_is_said_and_the_picture_stays(page, log, visit, lost):
    visit()
    page.route(re.compile(lost), lambda route: route.abort())

    button = chart(page).get_by_role("button", name="Explore this chart")
    button.press("Enter")

    expect(chart(page).get_by_role("status")).to_have_text(
        "The interactive chart could not be loaded. The picture and the table say the same."
    )
    expect(chart(page).locator(".chart-frame")).to_be_visible()


def test_after_a_failure_the_button_tries_anew(page, log, visit):
    visit()
    page.route(re.compile("plotly.min"), lambda route: route.abort(), times=1)
    chart(page).get_by_role("button", name="Explore this chart").press("Enter")
    expect(chart(page).get_by_role("status")).not_to_be_empty()
    expect(chart(page).get_by_role("status")).to_contain_text("could not be loaded")

    opened(page)

    expect(chart(page).locator(".explore__status")).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_with_the_chart_open(page, log, visit, scheme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    visit()
    opened(page).press("End")

    found = Axe().run(page, CHART)

    assert found.violations_count == 0, found.generate_report()


def test_paper_shows_the_picture(page, log, visit):
    visit()
    opened(page)

    page.emulate_media(media="print")

    expect(chart(page).locator(".chart-frame")).to_be_visible()
    expect(chart(page).locator(".explore")).to_be_hidden()
