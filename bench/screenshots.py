"""The pictures of docs/editors.md and docs/embedding.md, made anew: `make screenshots`.

A demonstration of its own is started on an empty folder, with the record but for one inspection; its people record, submit,
approve, correct and answer that one, as the browser test of the whole story has them do. Needs Chromium.
"""

import json
import os
import shutil
import struct
import tempfile
import zlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bench import site as sites

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.story import Person

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
LARGEST = 150_000
"""Bytes that a picture may have."""

CLOSED = "localStorage.setItem('django.admin.navSidebarIsOpen', 'false')"
"""The list of tables beside each page, folded away as its button does."""


def main() -> None:
    """Make the pictures, and tell their sizes."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        environment = sites.environment(Path(folder))
        os.environ.update(environment)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")
        import django

        django.setup()
        from playwright.sync_api import sync_playwright

        with served(Path(folder), environment) as site, sync_playwright() as driver:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            blocks(browser, site)
            play(browser, site, Path(folder))
            browser.close()


BLOCKS = {
    "embed-history-phone": ("/embed/forces/kent/history/", 320),
    "embed-history": ("/embed/forces/kent/history/", 960),
    "embed-badge": ("/embed/forces/kent/badge/investigating-crime/", 360),
    "embed-trend-dark": ("/embed/forces/kent/metrics/recorded-crime/?theme=dark&table=off", 640),
    "embed-share": ("/share/forces/kent/history/?system=wordpress", 960),
}
"""The pictures of docs/embedding.md: address and width of each."""
CUT = {"embed-share"}
"""Pages of which the top is enough."""


def blocks(browser: "Browser", site: str) -> None:
    """Take the pictures of blocks for other sites, and of the page that hands them out."""
    for name, (address, width) in BLOCKS.items():
        page = browser.new_page(
            viewport={"width": width, "height": 820 if name in CUT else 200}, color_scheme="light"
        )
        page.goto(f"{site}{address}", wait_until="networkidle")
        keep(name, page.screenshot(full_page=name not in CUT))
        page.close()


def play(browser: "Browser", site: str, folder: Path) -> None:
    """Go through the steps, and take a picture at each."""
    from grades.management.commands.demo_users import PASSWORDS
    from tests.browser.story import QUESTIONS, Person

    passwords = json.loads((folder / PASSWORDS).read_text())

    def arrives(name: str) -> Person:
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="en-GB",
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.add_init_script(CLOSED)
        person = Person(context, site)
        person.signs_in(name, passwords[name])
        return person

    editor, colleague = arrives("warwickshire-editor"), arrives("warwickshire-publisher")
    editor.begins_the_report()
    editor.enters_the_report()
    for question, (grade, findings) in QUESTIONS.items():
        editor.enters(question, grade, findings)
    editor.saves()
    editor.row_of("Responding to the public").evaluate("row => row.scrollIntoView()")
    picture(editor, "editors-recording")
    editor.follows("Submit for publication")
    editor.answers_the_warnings()
    picture(editor, "editors-checklist", whole=True)
    editor.presses("Submit")
    colleague.looks_at_the_work_lists()
    picture(colleague, "editors-front")
    colleague.opens_what_waits()
    colleague.page.get_by_role("heading", name="Decide").wait_for()
    picture(colleague, "editors-approval", whole=True)
    colleague.approves()
    editor.opens_the_published_report()
    editor.writes_a_correction(
        "Preventing crime", "Good", "The grade was misread from the report.", "PEEL 2021/22"
    )
    picture(editor, "editors-correction", whole=True)
    editor.begins_the_response()
    editor.writes_the_response()
    editor.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    picture(editor, "editors-response")


def picture(person: "Person", name: str, *, whole: bool = False) -> None:
    """Write what the window shows, or the whole page, into a file."""
    keep(name, person.page.screenshot(animations="disabled", caret="hide", full_page=whole))


def keep(name: str, png: bytes) -> None:
    """Write a picture into its file, and tell its size."""
    path = PICTURES / f"{name}.png"
    path.write_bytes(smaller(png))
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} KB{' – too large' if size > LARGEST else ''}")


# Smaller files: colours in steps of eight are told apart by nobody, and make far longer runs


def smaller(png: bytes) -> bytes:
    """Write a picture of eight bits a channel again: fewer shades, no transparency, the best compression."""
    size, kind, data = _parts(png)
    channels = {2: 3, 6: 4}[kind]
    width = size[0]
    rows = []
    before = bytearray(width * channels)
    raw = zlib.decompress(data)
    shade = bytes(min(255, (value + 4) // 8 * 8) for value in range(256))
    stride = width * channels
    for start in range(0, len(raw), stride + 1):
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, channels)
        row = bytes(before).translate(shade)
        if channels == 4:
            kept = bytearray(width * 3)
            for channel in range(3):
                kept[channel::3] = row[channel::4]
            row = bytes(kept)
        rows.append(row)
    return _packed(size, rows)


def _parts(png: bytes) -> tuple[tuple[int, int], int, bytes]:
    """Give size, kind of colour and compressed data of a PNG."""
    place, data = 8, b""
    size, kind = (0, 0), 0
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if name == b"IHDR":
            width, height, _depth, kind = struct.unpack(">IIBB", body[:10])
            size = (width, height)
        elif name == b"IDAT":
            data += body
        place += length + 12
    return size, kind, data


def _unfiltered(how: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    """Undo the filter of a line, as the PNG specification has it (section 9)."""
    for place in range(len(row)):
        left = row[place - step] if place >= step else 0
        up = above[place]
        corner = above[place - step] if place >= step else 0
        if how == 1:
            guess = left
        elif how == 2:
            guess = up
        elif how == 3:
            guess = (left + up) // 2
        elif how == 4:
            base = left + up - corner
            guess = min(
                (abs(base - left), 0, left), (abs(base - up), 1, up), (abs(base - corner), 2, corner)
            )[2]
        else:
            return row
        row[place] = (row[place] + guess) & 255
    return row


def _packed(size: tuple[int, int], rows: list[bytes]) -> bytes:
    """Write a PNG: with a palette where 256 colours are enough."""
    colours: dict[bytes, int] = {}
    for row in rows:
        for place in range(0, len(row), 3):
            colours.setdefault(row[place : place + 3], len(colours))
    few = len(colours) <= 256
    if few:
        rows = [bytes(colours[row[p : p + 3]] for p in range(0, len(row), 3)) for row in rows]
    header = struct.pack(">IIBBBBB", *size, 8, 3 if few else 2, 0, 0, 0)
    chunks = [(b"IHDR", header)]
    if few:
        chunks.append((b"PLTE", b"".join(colours)))
    chunks += [(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)), (b"IEND", b"")]
    written = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        written += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return written


# The site


def served(folder: Path, environment: dict[str, str]) -> AbstractContextManager[str]:
    """Serve a demonstration with the record, less the inspection that is to be recorded; give its address."""
    from tests.browser.story import seed_without_the_report

    (folder / "seed").mkdir()
    seed = seed_without_the_report(folder / "seed")
    return sites.served(environment, f"seed --folder={seed}", "demo_users")


if __name__ == "__main__":
    main()
