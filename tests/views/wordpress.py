"""What WordPress does to the HTML of an oEmbed answer, written anew from its documented rules; no code of it is here.

It keeps links with their address, bare quotations and frames of a few attributes, takes everything else out, then keeps one
quotation and the frame after it, and shows the frame in a sandbox.
"""

import re
from html import escape
from html.parser import HTMLParser

KEPT = {
    "a": ("href",),
    "blockquote": (),
    "iframe": ("src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"),
}
SCHEMES = ("http", "https")


class Filter(HTMLParser):
    """Writes again what may stay: elements of the list, their listed attributes, and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KEPT:
            return
        written = "".join(
            f' {name}="{escape(value or "")}"'.replace("&#x27;", "&#039;")
            for name, value in attrs
            if name in KEPT[tag] and self._may_stay(name, value or "")
        )
        self.out.append(f"<{tag}{written}>")

    @staticmethod
    def _may_stay(name: str, value: str) -> bool:
        return name not in ("href", "src") or value.partition(":")[0] in SCHEMES

    def handle_endtag(self, tag: str) -> None:
        if tag in KEPT:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name.lstrip('0')};")


def filtered(given: str) -> str:
    """Give what the filter leaves: one quotation, if it comes first, and one frame; "" where there is no frame."""
    parser = Filter()
    parser.feed(given)
    parser.close()
    left = re.search(
        r"(<blockquote>.*?</blockquote>)?.*?(<iframe.*?></iframe>)", "".join(parser.out), re.DOTALL
    )
    return f"{left[1] or ''}{left[2]}" if left else ""


def shown(given: str, secret: str = "AbCdEfGhIj") -> str:
    """Give the HTML of the page: the frame in its sandbox, named by a secret; hidden until it speaks, as the quotation stands in."""
    kept = filtered(given)
    framed = re.sub(r'src="([^"]*)"', rf'src="\1#?secret={secret}" data-secret="{secret}"', kept, count=1)
    sandboxed = framed.replace(
        "<iframe", '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"', 1
    )
    return sandboxed.replace(
        "<blockquote>", f'<blockquote class="wp-embedded-content" data-secret="{secret}">', 1
    )
