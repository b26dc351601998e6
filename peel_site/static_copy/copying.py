"""Goes through the public site link by link and writes every answer into a folder; what leads nowhere is found on the way."""

import hashlib
import json
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from peel_site.caching import RELEASE, SAID
from peel_site.static_copy.links import Link, file_of, from_file_to_file, links_in, places_in

MANIFEST = ".copy.json"
"""What a copy is of and which files are its own; written last, so that a copy without it is not whole."""
STARTS = ("/", "/sitemap.xml", "/robots.txt")
LIVE_ONLY = ("/find/", "/preview/", "/api/", "/oembed/")
LOCATION = re.compile(r"<loc>([^<]+)</loc>")
OK = 200

Rendered = Callable[[str], "Piece"]


class CopyError(Exception):
    """Why no copy can be made, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One answer of the site as it was written: its path, status, hash, places, and the links in it."""

    path: str
    status: int
    digest: str = ""
    written: bool = False
    links: frozenset[Link] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Copied:
    """What a copy came to: pages and other files, how many were written anew, seconds for each, what was removed and is wrong."""

    pages: int = 0
    files: int = 0
    written: int = 0
    page_seconds: float = 0.0
    file_seconds: float = 0.0
    removed: int = 0
    unchanged: bool = False
    faults: list[str] = field(default_factory=list)


def is_page(path: str) -> bool:
    """Say whether a path is one of a page; all other paths are files."""
    return path.endswith("/")


def is_kept(path: str) -> bool:
    """Say whether a copy can hold what stands at a path: neither staff's pages nor what is worked out of a question."""
    return not path.startswith((f"/{settings.ADMIN_PATH}", *LIVE_ONLY))


def make_copy(
    folder: Path, *, version: str, processes: int, tell: Callable[[int, int], None] = lambda _done, _of: None
) -> Copied:
    """Copy the whole public site into a folder; what the folder has already and has not changed is left alone.

    `version` names the data; a whole copy of the same data, code and day is not made again. `tell` is called with how many
    addresses are done, of how many known so far. Raises CopyError where the folder holds something else.
    """
    before = _manifest(folder)
    identity = {"data": version, "code": RELEASE, "day": f"{timezone.localdate()}", "site": SAID}
    if before.get("of") == identity and all((folder / name).exists() for name in before["files"]):
        return Copied(unchanged=True)
    copied = Copied()
    pieces: dict[str, Piece] = {}
    with _renderer(folder, processes) as rendered:
        for kind in (is_page, lambda path: not is_page(path)):
            started = time.perf_counter()
            _follow(pieces, rendered, kind, tell)
            seconds = time.perf_counter() - started
            if kind is is_page:
                copied.page_seconds = seconds
            else:
                copied.file_seconds = seconds
    whole = [piece for piece in pieces.values() if piece.status == OK]
    copied.pages = sum(is_page(piece.path) for piece in whole)
    copied.files = len(whole) - copied.pages
    copied.written = sum(piece.written for piece in whole)
    copied.faults = sorted(_faults(pieces))
    names = {file_of(piece.path): piece.digest for piece in whole}
    if not copied.faults:  # what could not be made just now is not gone
        copied.removed = _remove(folder, set(before.get("files", ())) - names.keys())
        _write(folder / MANIFEST, json.dumps({"of": identity, "files": names}, indent=0).encode())
    return copied


def _manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder is a copy of; {} for a new folder. Raises CopyError for a folder of something else."""
    manifest = folder / MANIFEST
    if manifest.exists():
        found: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        return found
    if folder.exists() and not folder.is_dir():
        raise CopyError(_("%(folder)s is a file. Name a folder.") % {"folder": folder})
    begun = folder / file_of("/")
    if folder.exists() and any(folder.iterdir()) and not begun.exists():
        raise CopyError(
            _("%(folder)s holds other files. Name an empty folder, or one of an earlier copy.")
            % {"folder": folder}
        )
    return {}


@contextmanager
def _renderer(folder: Path, processes: int) -> Iterator[Callable[[Iterable[str]], Iterable[Piece]]]:
    """Give what renders paths, in this process or several; each connects to the database for itself."""
    if processes == 1:
        yield lambda paths: (_piece(folder, path) for path in paths)
        return
    for own in connections.all(initialized_only=True):
        own.close()
        own.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's; else two processes would share a connection
    with multiprocessing.get_context("fork").Pool(processes, _begin, (folder,)) as pool:
        yield lambda paths: pool.imap_unordered(_piece_of_worker, paths, chunksize=2)


_FOLDER: list[Path] = []


def _begin(folder: Path) -> None:
    """Begin a worker: it learns where to write."""
    _FOLDER.append(folder)


def _piece_of_worker(path: str) -> Piece:
    return _piece(_FOLDER[0], path)


def _follow(
    pieces: dict[str, Piece],
    rendered: Callable[[Iterable[str]], Iterable[Piece]],
    kind: Callable[[str], bool],
    tell: Callable[[int, int], None],
) -> None:
    """Render what is known of one kind, and what that leads to, until nothing is left."""
    while waiting := sorted(path for path in _known(pieces) if kind(path) and path not in pieces):
        for done, piece in enumerate(rendered(waiting), start=1):
            pieces[piece.path] = piece
            tell(len(pieces), len(pieces) + len(waiting) - done)


def _known(pieces: dict[str, Piece]) -> set[str]:
    """Give every path that is led to so far."""
    return {link.path for piece in pieces.values() for link in piece.links if is_kept(link.path)} | {*STARTS}


def _piece(folder: Path, path: str) -> Piece:
    """Ask the site for one path, write the answer, and give what it leads to."""
    status, kind, body = ask(path)
    if status != OK:
        return Piece(path=path, status=status)
    links: set[Link] = set()
    places: set[str] = set()
    if kind.startswith("text/html"):
        page = body.decode()
        links, places = set(links_in(page)), places_in(page)
        body = from_file_to_file(page, path=path, kept=is_kept, live=settings.BASE_URL.rstrip("/")).encode()
    elif path == "/sitemap.xml":
        links = {Link(urlsplit(found).path, "") for found in LOCATION.findall(body.decode())}
    return Piece(
        path=path,
        status=status,
        digest=hashlib.sha256(body).hexdigest(),
        written=_write(folder / file_of(path), body),
        links=frozenset(links),
        places=frozenset(places),
    )


def ask(path: str) -> tuple[int, str, bytes]:
    """Ask the site itself, as a reader would; give status, kind of content and content."""
    from peel_site.wsgi import application

    site = urlsplit(settings.BASE_URL)
    environ: dict[str, Any] = {
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "wsgi.url_scheme": site.scheme,
    }
    setup_testing_defaults(environ)
    answered: list[Any] = []

    def start(
        status: str, headers: list[tuple[str, str]], _trouble: Any = None, /
    ) -> Callable[[bytes], object]:
        answered.extend((status, headers))
        return lambda _part: None  # nobody writes in that old way

    parts = application(environ, start)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return int(answered[0][:3]), dict(answered[1]).get("Content-Type", ""), body


def _write(place: Path, content: bytes) -> bool:
    """Write a file in one step; say whether that was needed."""
    if place.exists() and place.read_bytes() == content:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _remove(folder: Path, names: Iterable[str]) -> int:
    """Remove the files of an earlier copy that the site has no longer, and folders that this leaves empty."""
    count = 0
    for name in names:
        place = folder / name
        if place.exists():
            place.unlink()
            count += 1
        for parent in place.parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()
    return count


def _faults(pieces: dict[str, Piece]) -> Iterator[str]:
    """Name each link that leads nowhere: no answer, an answer of another kind, or a place that the page lacks."""
    for path in STARTS:
        if path in pieces and pieces[path].status != OK:
            yield _("%(path)s answers %(status)d") % {"path": path, "status": pieces[path].status}
    for piece in pieces.values():
        for link in piece.links:
            target = pieces.get(link.path)
            if target is None:
                continue
            if target.status != OK:
                yield _("%(page)s leads to %(path)s, which answers %(status)d") % {
                    "page": piece.path,
                    "path": link.path,
                    "status": target.status,
                }
            elif link.place and is_page(link.path) and link.place not in target.places:
                yield _("%(page)s leads to %(path)s#%(place)s, and there is no such place") % {
                    "page": piece.path,
                    "path": link.path,
                    "place": quote(link.place),
                }
