"""The whole site with the whole record: every page that a link leads to is there, whole, and well made."""

import itertools
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import URLPattern, get_resolver, resolve

from tests.views.crawl import SAMPLED, Crawl, Visit
from tests.views.markup import Element
from tests.views.oracle import rows

pytestmark = pytest.mark.django_db

NOT_FOR_SEARCH = {"/find/", "/styleguide/"}
FOR_PROGRAMS = {"/sitemap.xml", "/robots.txt"}
ONLY_ASKED_FOR = {
    "card",
    "force-card",
    "compared-file",
    "compared-forces-file",
    "favicon",
    "oembed",
    "preview",
}
"""Cards and blocks that other sites ask for, the files of a comparison that a reader has to choose first, the picture that browsers
ask for by themselves, a draft with its signed link."""
MADE_UP = "/styleguide/"
"""Its samples lead to pages that exist, but not to questions that do."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MUST_SAY_SOMETHING = (
    *HEADINGS,
    "th",
    "td",
    "caption",
    "li",
    "dt",
    "dd",
    "p",
    "a",
    "summary",
    "label",
    "option",
)
LEAKED = re.compile(
    r"\bNone\b|\b[Nn]a[Nn]\b|\bundefined\b|\{[{%#]|[%#}]\}|%\(\w+\)|\bDecimal\(|\bdatetime\.|<\w+ object|&lt;|&amp;\w+;"
)
"""What shows through when a template is given something else than it expects, or text is escaped twice."""


def test_every_force_cycle_and_inspection_of_the_seed_has_its_page(crawl: Crawl) -> None:
    forces = {f"/forces/{row['slug']}/" for row in rows("forces")}
    cycles = {f"/cycles/{row['slug']}/" for row in rows("cycles")}
    inspections = {f"/forces/{row['force']}/{row['cycle']}/" for row in (*rows("grades"), *rows("reports"))}

    found = set(crawl.pages)

    assert (len(forces), len(cycles)) == (43, 8)
    assert {a for a in found if re.fullmatch(r"/forces/[^/]+/", a)} == forces
    assert {a for a in found if re.fullmatch(r"/cycles/[^/]+/", a)} == cycles
    assert {a for a in found if re.fullmatch(r"/forces/[^/]+/\d[^/]+/", a)} == inspections


def test_every_address_of_the_sitemap_is_linked_from_another_page(crawl: Crawl) -> None:
    linked = {
        urlsplit(link).path
        for address, visit in crawl.visits.items()
        for link in visit.links
        if urlsplit(link).path != address
    }

    assert crawl.sitemap - linked == set()


def test_every_address_answers(crawl: Crawl) -> None:
    assert {address: visit.status for address, visit in crawl.visits.items() if visit.status != 200} == {}


def test_every_named_address_is_visited(crawl: Crawl) -> None:
    """A page that is added to the URLconf must be linked, or named here."""
    patterns = [
        pattern
        for resolver in get_resolver().url_patterns
        if not isinstance(resolver, URLPattern) and str(resolver.pattern) == ""
        for pattern in resolver.url_patterns
    ]

    missed = {
        pattern.name
        for pattern in patterns
        if not re.match(
            r"embed/|share/", str(pattern.pattern)
        )  # tests/views/test_embeds.py has one of each kind
        and not any(pattern.pattern.match(address.removeprefix("/")) for address in crawl.visits)
    }

    assert patterns
    assert missed == ONLY_ASKED_FOR


def test_sitemap_names_every_page_but_those_not_for_search(crawl: Crawl) -> None:
    sampled = {address for address in crawl.sitemap if SAMPLED.fullmatch(address)}

    assert crawl.sitemap - sampled == set(crawl.pages) - NOT_FOR_SEARCH
    assert crawl.visits["/sitemap.xml"].headers["Content-Type"] == "application/xml"


def test_readers_reach_every_page_by_links(crawl: Crawl) -> None:
    reached, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        if address not in reached:
            reached.add(address)
            waiting += [
                path for link in crawl.visits[address].links if (path := urlsplit(link).path) in crawl.visits
            ]

    assert set(crawl.visits) - reached == NOT_FOR_SEARCH | FOR_PROGRAMS


def test_titles_and_descriptions_tell_pages_apart(crawl: Crawl) -> None:
    pages = {address: page for address, page in crawl.pages.items() if address not in NOT_FOR_SEARCH}
    titles = Counter(page.one("head").one("title").text for page in pages.values())
    descriptions = Counter(
        page.one("meta", name="description").attributes["content"] for page in pages.values()
    )

    assert [title for title, count in titles.items() if count > 1] == []
    assert [description for description, count in descriptions.items() if count > 1] == []


def test_pages_of_a_force_name_it(crawl: Crawl) -> None:
    names = {row["slug"]: row["official_name"] for row in rows("forces")}
    short = {row["slug"]: row["short_name"] for row in rows("forces")}

    unnamed = []
    for address, page in crawl.pages.items():
        match = re.fullmatch(r"/forces/([^/]+)/(?:[^/]+/)?", address)
        if match and match[1] in names:
            name = names[match[1]]
            said = (
                page.one("head").one("title").text,
                page.one("meta", name="description").attributes["content"],
            )
            if not all(name in text for text in said) or short[match[1]] not in page.one("h1").text:
                unnamed.append(address)

    assert unnamed == []


# What each page must keep to


def leaks(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Values of the program that are not words."""
    texts = [page.one("body").text, *(v for e in page.walk() for n, v in e.attributes.items() if n != "href")]
    for text in texts:
        if match := LEAKED.search(text):
            yield text[max(match.start() - 40, 0) : match.end() + 40]


def empty_elements(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Elements that hold nothing to read."""
    for element in page.all(*MUST_SAY_SOMETHING):
        pictured = any(child.tag in ("input", "select", "rect") for child in element.walk())
        if not element.text and not element.attributes.get("aria-label") and not pictured:
            yield f"{element} in {element.parent}"


def headings(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """One heading of the first rank, no rank skipped."""
    ranks = [int(element.tag[1]) for element in page.all(*HEADINGS)]
    if ranks.count(1) != 1 or ranks[0] != 1:
        yield f"h1: {ranks.count(1)}"
    yield from (f"h{before} → h{after}" for before, after in itertools.pairwise(ranks) if after > before + 1)


def identifiers(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Every id once, and every reference to an id met."""
    ids = Counter(element.attributes["id"] for element in page.walk() if "id" in element.attributes)
    yield from (f"id {name!r} {count} times" for name, count in ids.items() if count > 1 or not name)
    for element in page.walk():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for wanted in element.attributes.get(name, "").split():
                if wanted not in ids:
                    yield f"{name}={wanted!r}"


def links(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Every link inside the site leads to a page, every anchor to an element, every file to a file."""
    for link in sorted(visit.links):
        parts = urlsplit(link)
        if parts.path.startswith(settings.STATIC_URL):
            if not finders.find(parts.path.removeprefix(settings.STATIC_URL)):
                yield f"no file {link}"
            continue
        aim = crawl.visits.get(parts.path)
        if aim is None and SAMPLED.fullmatch(parts.path):
            resolve(parts.path)
        elif aim is None or aim.status != 200:
            yield f"no page {link}"
        elif (
            parts.fragment
            and address != MADE_UP
            and (
                aim.page is None or not any(e.attributes.get("id") == parts.fragment for e in aim.page.walk())
            )
        ):
            yield f"no anchor {link}"


def outside_links(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Links to others are whole addresses of the web or of mail; nothing is loaded from others."""
    for element in page.walk():
        aim = element.attributes.get("href", "")
        scheme = urlsplit(aim).scheme
        if scheme not in ("", "http", "https", "mailto") or (scheme and not re.fullmatch(r"[^\s<>\"]+", aim)):
            yield aim
        loads = (
            element.tag == "link"
            and element.attributes.get("rel") not in ("canonical", "alternate")
            and scheme
        )
        source = element.attributes.get("src", settings.STATIC_URL)
        own = source.startswith(settings.STATIC_URL) and (
            "src" not in element.attributes or finders.find(source.removeprefix(settings.STATIC_URL))
        )
        if loads or not own or element.tag in ("iframe", "object", "embed", "base"):
            yield f"{element}"


def tables(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Every table has a caption, headers with a scope, a header to each row, and rows of one width."""
    for table in page.all("table"):
        caption = table.all("caption")
        name = caption[0].text if caption else "no caption"
        if len(caption) != 1 or table.all()[0] is not caption[0]:
            yield f"{name}: {len(caption)} captions, first is {table.all()[0].tag}"
        scopes = {"thead": {"col", "colgroup"}, "tbody": {"row", "rowgroup"}}
        for part, allowed in scopes.items():
            for header in [cell for group in table.all(part) for cell in group.all("th")]:
                if header.attributes.get("scope") not in allowed:
                    yield f"{name}: th “{header.text}” in {part} has scope {header.attributes.get('scope')}"
        widths = Counter(
            sum(int(cell.attributes.get("colspan", 1)) for cell in row.all("th", "td"))
            for row in table.all("tr")
        )
        if len(widths) != 1:
            yield f"{name}: rows of {dict(widths)} cells"
        for row in [row for body in table.all("tbody") for row in body.all("tr")]:
            if not row.all("th") and "data__break" not in row.classes:
                yield f"{name}: no header in row {row.text[:60]!r}"


def nothing_inline(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """No script, no style and no event handler stands in a page; a block of data for search engines is no script."""
    for element in page.walk():
        data = element.attributes.get("type") == "application/ld+json"
        inline = element.tag == "script" and not data and ("src" not in element.attributes or element.text)
        if inline or element.tag == "style" or "style" in element.attributes:
            yield f"{element}"
        yield from (f"{name} on {element.tag}" for name in element.attributes if name.startswith("on"))


def landmarks(address: str, page: Element, visit: Visit, crawl: Crawl) -> Iterator[str]:
    """A language, one main part that the skip link leads to, and a name for every field and navigation."""
    if page.one("html").attributes.get("lang") != "en-gb":
        yield "language"
    if (
        page.one("main").attributes.get("id") != "main"
        or page.one("body").all("a")[0].attributes["href"] != "#main"
    ):
        yield "skip link"
    if page.one("link", rel="canonical").attributes["href"] != f"{settings.BASE_URL}{address}":
        yield "canonical address"
    if bool(page.all("meta", name="robots")) != (address in NOT_FOR_SEARCH):
        yield "robots"
    names = Counter(nav.attributes.get("aria-label", "") for nav in page.all("nav"))
    yield from (f"nav {name!r} {count} times" for name, count in names.items() if not name or count > 1)
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.attributes.get("type") != "hidden" and field.attributes.get("id") not in labelled:
            yield f"no label: {field}"


CHECKS = [
    leaks,
    empty_elements,
    headings,
    identifiers,
    links,
    outside_links,
    tables,
    nothing_inline,
    landmarks,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_page_keeps_to(check: Callable[..., Iterator[str]], crawl: Crawl) -> None:
    faults = {
        address: found
        for address, page in crawl.pages.items()
        if (found := list(check(address, page, crawl.visits[address], crawl)))
    }

    shown = "\n".join(f"{address}: {'; '.join(found[:3])}" for address, found in list(faults.items())[:12])
    assert not faults, f"{len(faults)} pages\n{shown}"


def test_no_answer_sets_a_cookie_or_varies_by_reader(crawl: Crawl) -> None:
    faults = []
    for address, visit in crawl.visits.items():
        if visit.cookies:
            faults.append(f"{address}: a cookie")
        if visit.headers.get("Vary", "Accept-Encoding") != "Accept-Encoding":
            faults.append(f"{address}: Vary {visit.headers['Vary']}")

    assert faults == []


def test_pictures_are_whole_files_with_a_title_and_nothing_that_runs(crawl: Crawl) -> None:
    pictures = {address: visit for address, visit in crawl.visits.items() if address.endswith(".svg")}

    faults = []
    for address, visit in pictures.items():
        picture = ET.fromstring(visit.body)
        names = [element.tag.rpartition("}")[2] for element in picture.iter()]
        texts = "".join(picture.itertext())
        if visit.headers["Content-Type"] != "image/svg+xml; charset=utf-8":
            faults.append(f"{address}: {visit.headers['Content-Type']}")
        if names[:3] != ["svg", "title", "desc"] or {"script", "foreignObject", "image"} & set(names):
            faults.append(f"{address}: {names[:3]}")
        if LEAKED.search(texts) or "var(" in visit.body:
            faults.append(f"{address}: {LEAKED.search(texts)}")

    assert sum(address.endswith("/history.svg") for address in pictures) == 43
    assert len({address.split("/")[1] for address in pictures}) == 4, "of forces, cycles, themes and metrics"
    assert faults == []


def test_every_page_is_valid_html(crawl: Crawl, html_checker: list[str], tmp_path: Path) -> None:
    """The Nu HTML checker reads all pages at once; its advice on redundant roles is left aside."""
    names = {}
    for number, (address, _page) in enumerate(crawl.pages.items()):
        file = tmp_path / f"{number}.html"
        file.write_text(crawl.visits[address].body, encoding="utf-8")
        names[file.name] = address

    checked = subprocess.run(
        [*html_checker, "--errors-only", "--format", "gnu", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    told = re.sub(r'"file:[^"]*/(\d+\.html)"', lambda match: names[match[1]], checked.stderr)
    assert checked.returncode == 0, told[:3000]
