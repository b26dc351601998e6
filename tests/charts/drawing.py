"""Read a drawn picture back: every element with its place in the whole."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
Element = ET.Element


def parse(text: str) -> Element:
    """Read a picture; raise where it is not well-formed."""
    return ET.fromstring(text)


def tag(element: Element) -> str:
    """Give an element's name without its namespace."""
    return element.tag.removeprefix(SVG)


def across(value: str, width: float) -> float:
    """Give a place across in pixels of a picture of a width."""
    return float(value[:-1]) / 100 * width if value.endswith("%") else float(value)


def down(value: str, height: float) -> float:
    """Give a place down in pixels of a picture of a height."""
    return across(value, height)


def walk(
    element: Element, width: float, at: tuple[float, float] = (0, 0)
) -> Iterator[tuple[Element, float, float]]:
    """Give every element with the offset that the groups around it make; turned and stretched parts are left out."""
    transform = element.get("transform", "")
    if "rotate" in transform:
        return
    moved = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", transform)
    if moved:
        at = (at[0] + float(moved[1]), at[1] + float(moved[2]))
    if tag(element) == "svg" and element.get("x"):
        at = (at[0] + across(element.get("x", "0"), width), at[1] + float(element.get("y", 0)))
    if element.get("preserveAspectRatio") == "none":
        return
    yield element, *at
    for child in element:
        if tag(child) not in {"defs", "pattern"}:
            yield from walk(child, width, at)


def boxes(root: Element, width: float) -> Iterator[tuple[str, float, float, float, float]]:
    """Give the left, top, right and bottom of every drawn element but text, whose width is not known: its base alone."""
    high = float(root.get("height", 0))
    for element, x, y in walk(root, width):
        name = tag(element)
        if name == "circle":
            cx, cy = x + across(element.get("cx", "0"), width), y + float(element.get("cy", 0))
            yield name, cx, cy, cx, cy
        elif name == "rect":
            left, top = x + across(element.get("x", "0"), width), y + down(element.get("y", "0"), high)
            yield (
                name,
                left,
                top,
                left + across(element.get("width", "0"), width),
                top + down(element.get("height", "0"), high),
            )
        elif name == "line":
            xs = sorted(x + across(element.get(k, "0"), width) for k in ("x1", "x2"))
            ys = sorted(y + float(element.get(k, 0)) for k in ("y1", "y2"))
            yield name, xs[0], ys[0], xs[1], ys[1]
        elif name == "polyline":
            for point in element.get("points", "").split():
                px, py = (float(n) for n in point.split(","))
                yield name, x + px, y + py, x + px, y + py
        elif name == "text":
            base = y + down(element.get("y", "0"), high) + float(element.get("dy", 0))
            left = x + across(element.get("x", "0"), width)
            yield name, left, base - 8, left, base


def texts(root: Element) -> list[str]:
    """Give every text that is drawn."""
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def numbers_are_whole(text: str) -> bool:
    """Say whether no attribute holds something that is no number."""
    return not re.search(r"\b(NaN|nan|inf|Infinity|None)\b", re.sub(r">[^<]*<", "><", text))
