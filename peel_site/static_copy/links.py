"""Where the addresses within a page lead, and how they are written in a copy of the site. Pure.

In a copy, an address of the site becomes the way from one file to another, so that the copy opens from a folder, or from
any path of any host. What a file cannot answer (a form, a sorted table, anything with a query) leads to the live site.
"""

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

ATTRIBUTE = re.compile(r'(?<=[\s"])((?:href|src|action|data-[a-z-]+)=")((?:/(?!/)|\?)[^"]*)"')
"""Our own pages write attributes in double quotes, and a quotation mark within a text as an entity."""
PLACE = re.compile(r'\sid="([^"]+)"')


class Link(NamedTuple):
    """Where a link leads: a path of the site, and a place in that page or none."""

    path: str
    place: str


def file_of(path: str) -> str:
    """Give the file that stands for a path of the site: `/forces/kent/` is `forces/kent/index.html`."""
    place = unquote(path).lstrip("/")
    return f"{place}index.html" if not place or place.endswith("/") else place


def links_in(page: str) -> Iterator[Link]:
    """Give where a page leads within the site, without what only the live site answers."""
    for name, value in ATTRIBUTE.findall(page):
        address = urlsplit(html.unescape(value))
        if address.path and not address.query and not name.startswith("action"):
            yield Link(address.path, unquote(address.fragment))


def places_in(page: str) -> set[str]:
    """Give the places in a page that a link may lead to."""
    return {html.unescape(found) for found in PLACE.findall(page)}


def from_file_to_file(page: str, *, path: str, kept: Callable[[str], bool], live: str) -> str:
    """Write a page's addresses as they lead from its own file.

    `path` is the page's own; `kept` says of a path whether the copy has it; `live` is the address of the site itself,
    without its last slash, to which all others lead.
    """
    folder = posixpath.dirname(file_of(path)) or "."

    def written(found: re.Match[str]) -> str:
        name, value = found.groups()
        address = urlsplit(html.unescape(value))
        if address.query or name.startswith("action") or not kept(address.path):
            return f'{name}{live}{"" if address.path else path}{value}"'
        way = quote(posixpath.relpath(file_of(address.path), folder))
        place = f"#{address.fragment}" if address.fragment else ""
        return f'{name}{html.escape(way + place)}"'

    return ATTRIBUTE.sub(written, page)
