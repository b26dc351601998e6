"""One force's page beside a bare page of the same size and the same four charts as Plotly writes them: `make weigh`.

All three are ready bytes from one server in one run, as a cache in front of the site gives them, and are opened in Chromium
in turn, with an empty cache each time. Prints bytes over the wire, requests, and the medians of the first contentful paint and
of the end of loading, when every chart is drawn. Needs the embedded record (`make seed`) and Chromium.
"""

import gzip
import os
import re
import shutil
import statistics
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

RUNS = 15
FORCE = "warwickshire"
PAINT = "performance.getEntriesByName('first-contentful-paint')"


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
    from django.utils import timezone

    from grades import charts, queries
    from grades.charts.render_plotly import render_plotly
    from grades.views.pictures import printed_picture

    page = queries.force_page(slug=FORCE, at=timezone.now())
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
    """Cut a page to bare HTML of about the same size: no styles, no scripts, nothing else to load."""
    return re.sub(r"<link[^>]*(stylesheet|icon)[^>]*>|<script.*?</script>", "", html, flags=re.DOTALL)


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


def weigh(base: str, paths: dict[str, str]) -> None:
    """Open each page in turn, several times, and print what it weighed."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[tuple[float, float, int, int]]] = {name: [] for name in paths}
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for _run in range(RUNS):
            for name, path in paths.items():
                page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
                network = page.context.new_cdp_session(page)
                network.send("Network.enable")
                sizes: list[int] = []
                network.on(
                    "Network.loadingFinished", lambda e, sizes=sizes: sizes.append(e["encodedDataLength"])
                )
                page.goto(base + path, wait_until="networkidle")
                page.wait_for_function(f"{PAINT}.length")
                paint = page.evaluate(f"{PAINT}[0].startTime")
                whole = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
                found[name].append((paint, whole, int(sum(sizes)), len(sizes)))
                page.context.close()
        browser.close()
    bare = statistics.median(run[0] for run in found["bare HTML"])
    print(f"{'page':<20}{'KB':>9}{'requests':>10}{'first paint, ms':>17}{'÷ bare':>8}{'all drawn, ms':>15}")
    for name, runs in found.items():
        paint, whole = (statistics.median(run[i] for run in runs) for i in (0, 1))
        size, requests = runs[-1][2:]
        print(f"{name:<20}{size / 1000:>9.1f}{requests:>10}{paint:>17.0f}{paint / bare:>8.2f}{whole:>15.0f}")


def main() -> None:
    """Set the three pages up and weigh them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from peel_site.wsgi import application

    call_command("collectstatic", interactive=False, verbosity=0)
    ours = Client(headers={"host": "localhost"}).get(f"/forces/{FORCE}/").content.decode()
    pages = {"/bare/": bare_page(ours), f"/forces/{FORCE}/": ours, "/plotly/": plotly_page()}
    server = serve({path: gzip.compress(html.encode()) for path, html in pages.items()}, application)
    base = f"http://127.0.0.1:{server.server_port}"
    weigh(base, {"bare HTML": "/bare/", "our page": f"/forces/{FORCE}/", "four Plotly charts": "/plotly/"})
    server.shutdown()


if __name__ == "__main__":
    main()
