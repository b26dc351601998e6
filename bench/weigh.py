"""One force's page beside a bare page of the same size and the same four charts as Plotly writes them: `make weigh`.

All three are ready bytes from one server in one run, as a cache in front of the site gives them. The bare page has the
same bytes of HTML, and neither styles nor scripts. Each round opens all three in Chromium, with an empty cache, each round in
another order, so that what the machine does besides falls on all alike; a first round is not counted. Prints bytes over the
wire, requests, the medians of the first contentful paint, of its ratio to the bare page's of the same round (with the
quarters of the rounds), and of the end of loading, when every chart is drawn; and the load of the machine. Needs the
embedded record (`make seed`) and Chromium.
"""

import argparse
import gzip
import os
import re
import shutil
import statistics
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROUNDS = 30
FORCE = "warwickshire"
PAINT = "performance.getEntriesByName('first-contentful-paint')"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one visit weighed: milliseconds to the first paint and to the end of loading, bytes and requests."""

    paint: float
    whole: float
    size: int
    requests: int


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once, as a browser asks them."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *args: object) -> None:
        """Stay silent."""


def plotly_page() -> str:
    """Write the force's four charts as Plotly does, its own script within the page."""
    import plotly.graph_objects as go

    from grades import charts, queries
    from grades.charts.render_plotly import render_plotly
    from grades.views.pages import moment
    from grades.views.pictures import printed_picture

    page = queries.force_page(slug=FORCE, **moment())
    if page is None:
        raise SystemExit("The record is not loaded: make seed")
    specs = [charts.grade_history(history=page.history)]
    series = page.metric("recorded-crime")
    if series is not None:
        specs.append(charts.trend(series=series))
    specs += [spec for f in page.printed if (spec := printed_picture(f, force=page.force.short_name))]
    figures = [go.Figure(render_plotly(spec)) for spec in specs[:4]]
    parts = [f.to_html(full_html=False, include_plotlyjs=i == 0) for i, f in enumerate(figures)]
    return f"<!doctype html><html lang=en><title>Plotly</title><body><h1>{FORCE}</h1>{''.join(parts)}</body></html>"


def bare_page(html: str) -> str:
    """Turn what a page loads, styles, scripts and icon, into comments of the same length."""
    loads = re.compile(r"<link[^>]*(?:stylesheet|icon)[^>]*>|<script.*?</script>", flags=re.DOTALL)
    return loads.sub(lambda found: f"<!--{'x' * (len(found[0]) - 7)}-->", html)


def serve(pages: dict[str, bytes], site: Callable[..., Iterable[bytes]]) -> Server:
    """Serve the extra pages compressed, and everything else from the site."""

    def app(environ: dict, start_response: Callable[..., object]) -> Iterable[bytes]:
        body = pages.get(environ["PATH_INFO"])
        if body is None:
            return site(environ, start_response)
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def visit(browser: "Browser", address: str) -> Visit:
    """Open a page with an empty cache, and give what it weighed."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.wait_for_function(f"{PAINT}.length")
    paint = page.evaluate(f"{PAINT}[0].startTime")
    whole = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.context.close()
    return Visit(paint=paint, whole=whole, size=int(sum(sizes)), requests=len(sizes))


def weigh(addresses: dict[str, str], rounds: int) -> None:
    """Open each page in each round, and print what they weighed beside the first."""
    from playwright.sync_api import sync_playwright

    names = list(addresses)
    found: dict[str, list[Visit]] = {name: [] for name in names}
    load = os.getloadavg()[0]
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for turn in range(rounds + 1):
            start = turn % len(names)
            for name in names[start:] + names[:start]:
                seen = visit(browser, addresses[name])
                if turn:
                    found[name].append(seen)
        browser.close()
    print(
        f"{rounds} rounds, {os.cpu_count()} processors, load {load:.1f} before and {os.getloadavg()[0]:.1f} after"
    )
    print(
        f"{'page':<20}{'KB':>9}{'requests':>10}{'first paint, ms':>17}{'÷ bare':>8}{'quarters':>14}{'all drawn, ms':>15}"
    )
    for name, visits in found.items():
        ratios = [own.paint / bare.paint for own, bare in zip(visits, found[names[0]], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        paint = statistics.median(one.paint for one in visits)
        whole = statistics.median(one.whole for one in visits)
        print(
            f"{name:<20}{visits[-1].size / 1000:>9.1f}{visits[-1].requests:>10}{paint:>17.0f}{middle:>8.2f}"
            f"{f'{low:.2f}–{high:.2f}':>14}{whole:>15.0f}"
        )


def main() -> None:
    """Set the three pages up and weigh them."""
    parser = argparse.ArgumentParser(prog="python -m bench.weigh", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"visits of each page (default {ROUNDS})")
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)  # before the site looks what there is
    from peel_site.wsgi import application

    ours = Client(headers={"host": "localhost"}).get(f"/forces/{FORCE}/").content.decode()
    pages = {"/bare/": bare_page(ours), f"/forces/{FORCE}/": ours, "/plotly/": plotly_page()}
    server = serve({path: gzip.compress(html.encode()) for path, html in pages.items()}, application)
    base = f"http://127.0.0.1:{server.server_port}"
    named = {"bare HTML": "/bare/", "our page": f"/forces/{FORCE}/", "four Plotly charts": "/plotly/"}
    weigh({name: base + path for name, path in named.items()}, rounds)
    server.shutdown()


if __name__ == "__main__":
    main()
