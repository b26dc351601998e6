"""A page as a reader's program sees it: elements with their attributes, and the text that they hold."""

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"))


class Element:
    """One element of a page; a text is a plain string among its children."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None" = None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"

    def walk(self) -> Iterator["Element"]:
        """Give every element under this one, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    @cached_property
    def classes(self) -> frozenset[str]:
        """Give the names of its classes."""
        return frozenset(self.attributes.get("class", "").split())

    @cached_property
    def text(self) -> str:
        """Give the text it holds, with single spaces."""
        return " ".join("".join(self._texts()).split())

    @cached_property
    def words(self) -> str:
        """Give the text it holds with a space between any two elements, as where each stands on a line of its own."""
        return " ".join(" ".join(text for element in (self, *self.walk()) for text in element.own).split())

    @property
    def own(self) -> list[str]:
        """Give the texts that stand in this element itself."""
        return [child for child in self.children if isinstance(child, str)]

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()
                if child.tag not in ("a", "b", "em", "span", "strong"):
                    yield " "

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """Give every element of these kinds (or any) that has these attributes; `class_` names one class."""
        wanted_class = attributes.pop("class_", "")
        return [
            element
            for element in self.walk()
            if (not tags or element.tag in tags)
            and (not wanted_class or wanted_class in element.classes)
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, *tags: str, **attributes: str) -> "Element":
        """Give the only such element."""
        found = self.all(*tags, **attributes)
        assert len(found) == 1, f"{len(found)} of {tags} {attributes}"
        return found[0]

    def within(self, *tags: str) -> bool:
        """Say whether it stands in an element of one of these kinds."""
        above = self.parent
        while above is not None:
            if above.tag in tags:
                return True
            above = above.parent
        return False

    def rows(self) -> list[list[str]]:
        """Give the texts of a table's rows, cell by cell."""
        return [[cell.text for cell in row.all("th", "td")] for row in self.all("tr")]


class _Builder(HTMLParser):
    """Builds the tree, and notes what is not closed as it was opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Element("#page", {})
        self.here = self.top
        self.stray: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close an element of a picture."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.here = self.here.parent or self.top

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        if tag != self.here.tag:
            self.stray.append(f"</{tag}> closes <{self.here.tag}>")
            return
        self.here = self.here.parent or self.top

    def handle_data(self, data: str) -> None:
        """Take a text."""
        self.here.children.append(data)


def parse(page: str) -> Element:
    """Read a page; fail if an element is not closed in order."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert not builder.stray, builder.stray[:5]
    assert builder.here is builder.top, f"{builder.here} is not closed"
    return builder.top
