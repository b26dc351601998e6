"""A browser's part in a form: what it would send back as the page came."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """Collects the fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what carries a value."""
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value"))
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = [""]
        elif tag == "input" and name:
            kind = given.get("type")
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            if kind not in ("submit", "file"):
                self._add(name, given.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a select or a textarea."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Take the text of a textarea, of which a browser drops the first line's end."""
        if self._textarea:
            self.fields[self._textarea] = [(self.fields[self._textarea][0] + data).removeprefix("\n")]

    def _add(self, name: str, value: str | None) -> None:
        """Take one value of a field."""
        self.fields.setdefault(name, []).append(value or "")


def as_sent(response: Any, **changes: Any) -> dict[str, Any]:
    """Give what a browser would send for the form of a page, with what an editor changes in it.

    A name with ``__`` in it stands for a field of an inline row: ``names__0__name`` is ``names-0-name``.
    """
    form = _Form()
    form.feed(response.content.decode())
    return {**form.fields, **{name.replace("__", "-"): value for name, value in changes.items()}}


def messages_of(response: Any) -> list[str]:
    """Give every error that a form page shows, of the form and of its rows."""
    found: list[str] = []
    for errors in response.context["errors"]:
        found += errors if isinstance(errors, list) else [errors]
    return [str(message) for message in found]
