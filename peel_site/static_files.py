"""Static files beyond the folder of ours: our style sheets as one, Plotly's own files, and how all are compressed.

Pages ask for one style sheet, css/site.css. It is put together from the parts in static/css when static files are collected
or served, so that the parts stay one file a component and a first view waits for one answer. Blocks on other sites ask for
css/embed.css, which takes tokens, pictures and grades from the same parts, and lets the block choose between light and dark.

Plotly's bundle is served as the package carries it, and its rules as a style sheet.

Plotly writes its style rules into the page, which a Content-Security-Policy without 'unsafe-inline' rightly refuses. It
leaves that alone where it finds a style sheet of a certain id. The rules of that style sheet are read from the bundle when
static files are collected or served, so that they are always those of the installed version, and nobody keeps a copy.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor, brotli
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 1_000_000
"""From this size on, in bytes, the best compression would take ten seconds a file, each time that files are collected."""
BEST_QUALITY, LARGE_QUALITY = 11, 6

PREFIX = "plotly"
BUNDLE, STYLES = "plotly.min.js", "plotly.css"

TABLE = re.compile(r'\{("X,X div":.{200,30000}?)\};for\(')
TEXT = r""" "((?:[^"\\]|\\.)*)" | '((?:[^'\\]|\\.)*)' """
RULE = re.compile(rf'"([^"]+)":(?:{TEXT})', re.VERBOSE)
SELECTORS = {"X": ".js-plotly-plot .plotly", "Y": ".plotly-notifier"}


def package_folder() -> Path:
    """Find the folder of Plotly's bundle without importing the package, which takes long."""
    place = find_spec("plotly")
    if place is None or place.origin is None:
        raise RuntimeError(
            "The package plotly, which carries the bundle of the interactive charts, is not installed."
        )
    return Path(place.origin).parent / "package_data"


def style_rules(bundle: str) -> str:
    """Give the rules that a bundle would write into the page; raise ValueError where it keeps them otherwise."""
    table = TABLE.search(bundle)
    rules = RULE.findall(table[1]) if table else []
    if not rules:
        raise ValueError(
            "This version of Plotly keeps its style rules elsewhere: look for 'X,X div' in its bundle."
        )
    lines = []
    for selector, double, single in rules:
        for sign, meant in SELECTORS.items():
            selector = selector.replace(sign, meant)
        lines.append(f"{selector} {{ {double or single} }}\n")
    return "".join(lines)


def write_new(path: Path, text: str, made_of: float) -> None:
    """Write a file in one step, with the time of what it is made of; other processes may be writing it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.utime(draft, (made_of, made_of))
    draft.replace(path)


DARK = "@media (prefers-color-scheme: dark) {"
RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
CHOSEN = ':root[data-theme="{theme}"]'


def with_themes(css: str) -> str:
    """Let the page say whether its dark rules count, in place of the device alone: `data-theme` is light, dark or auto.

    What stands under the device's wish for the dark counts in the dark as such, and with auto where the device wishes it.
    """
    start = css.find(DARK)
    if start < 0:
        return css
    end = css.index("\n}", start)
    rules = RULES.findall(re.sub(r"/\*.*?\*/", "", css[start + len(DARK) : end], flags=re.DOTALL))

    def of(theme: str) -> str:
        return "".join(
            f"{', '.join(_below(selector, theme) for selector in selectors.split(','))} {{{body}}}\n"
            for selectors, body in rules
        )

    written = (
        f"@media screen {{\n{of('dark')}}}\n@media screen and (prefers-color-scheme: dark) {{\n{of('auto')}}}"
    )
    return css[:start] + written + with_themes(css[end + 2 :])


def _below(selector: str, theme: str) -> str:
    root = CHOSEN.format(theme=theme)
    return root if selector.strip() == ":root" else f"{root} {selector.strip()}"


def tight(css: str) -> str:
    """Take comments and spare white space out: a block on another site has few bytes to spend."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"\s+", " ", bare)).replace(";}", "}")


class StyleFinder(BaseFinder):
    """Finds css/site.css, the parts of static/css as one style sheet, tokens first; and css/embed.css, that of blocks."""

    SITE, EMBED = "css/site.css", "css/embed.css"

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.parts = Path(settings.BASE_DIR) / "static" / "css"
        self.storage = FileSystemStorage(location=Path(settings.DATA_DIR) / "styles")
        self.storage.prefix = ""  # type: ignore[attr-defined]  # as Django's own finders do
        super().__init__()

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing here can be set wrongly."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give each file with where it is kept."""
        for name in (self.SITE, self.EMBED):
            self._write(name)
            yield name, self.storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Give the place of a file on the disk; an empty list for any other path."""
        if path not in (self.SITE, self.EMBED):
            return []
        self._write(path)
        found = self.storage.path(path)
        return [found] if find_all or kwargs.get("all") else found

    def _parts(self, name: str) -> Sequence[Path]:
        """Give the parts of one style sheet, in their order."""
        components = self.parts / "components"
        if name == self.EMBED:
            shared = [components / "chart.css", components / "grades.css"]
            return [self.parts / "tokens.css", *shared, *sorted((self.parts / "embed").glob("*.css"))]
        return [self.parts / "tokens.css", self.parts / "base.css", *sorted(components.glob("*.css"))]

    def _write(self, name: str) -> None:
        """Put the parts together, unless that has been done since one of them changed."""
        parts = self._parts(name)
        made_of = max(part.stat().st_mtime for part in parts)
        whole = Path(self.storage.path(name))
        if not whole.exists() or whole.stat().st_mtime != made_of:
            texts = [part.read_text(encoding="utf-8") for part in parts]
            joined = "\n".join(tight(with_themes(text)) if name == self.EMBED else text for text in texts)
            write_new(whole, joined, made_of)


class PlotlyFinder(BaseFinder):
    """Finds plotly/plotly.min.js and plotly/plotly.css, and no other file of the package."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storages = {
            BUNDLE: self._storage(package_folder()),
            STYLES: self._storage(Path(settings.DATA_DIR) / PREFIX),
        }
        super().__init__()

    @staticmethod
    def _storage(folder: Path) -> FileSystemStorage:
        storage = FileSystemStorage(location=folder)
        storage.prefix = PREFIX  # type: ignore[attr-defined]  # as Django's own finders do
        return storage

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing here can be set wrongly."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give both files with where they are kept."""
        self._write_styles()
        yield from self.storages.items()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Give the place of one of the files on the disk; an empty list for any other path."""
        prefix, _slash, name = path.partition("/")
        if prefix != PREFIX or name not in self.storages:
            return []
        if name == STYLES:
            self._write_styles()
        found = self.storages[name].path(name)
        return [found] if find_all or kwargs.get("all") else found

    def _write_styles(self) -> None:
        """Write the style sheet, unless that of this bundle is there."""
        bundle = Path(self.storages[BUNDLE].path(BUNDLE))
        styles = Path(self.storages[STYLES].path(STYLES))
        made_of = bundle.stat().st_mtime
        if styles.exists() and styles.stat().st_mtime == made_of:
            return
        write_new(styles, style_rules(bundle.read_text(encoding="utf-8")), made_of)


class SwiftCompressor(Compressor):
    """Compresses as WhiteNoise does, but a large file less thoroughly: a seventh larger, in a twentieth of the time."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Compress the content of one file."""
        return brotli.compress(data, quality=LARGE_QUALITY if len(data) > LARGE else BEST_QUALITY)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Static files with hashed names, compressed; the list of them is kept beside their folder, and not served."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("manifest_storage", FileSystemStorage(location=settings.DATA_DIR))
        super().__init__(*args, **kwargs)

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Give what compresses the files."""
        return SwiftCompressor(**kwargs)
