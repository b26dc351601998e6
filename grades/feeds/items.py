"""Single items of a feed: what each is called for ever, where it leads, and what it says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from grades import log_words, words
from grades.queries.changes import LogEntry
from grades.queries.last_days import LastDay
from grades.scales import CellState, ChangeKind, Level

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML can hold, nor a calendar; somebody may have pasted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item. `key` never changes, nor is it given to another; `lines` are its text, a paragraph each."""

    key: str
    title: str
    address: str
    at: datetime
    kind: str
    lines: tuple[str, ...]

    @property
    def html(self) -> SafeString:
        """Give its text as paragraphs."""
        return format_html_join("", "<p>{}</p>", ((line,) for line in self.lines))


def key_of(what: str) -> str:
    """Give what something is called for ever, as a tag (RFC 4151) of the site's own host."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},2026:{what}"


def change_item(entry: LogEntry) -> FeedItem:
    """Tell an entry of the change log; it leads to the page that it is about, or else to the log."""
    said = log_words.entry_words(entry.kind, entry.document)
    about = ", ".join(name for name in (entry.force, entry.cycle) if name)
    title = f"{about}: {words.within_sentence(said.headline)}" if about else said.headline
    return FeedItem(
        key=key_of(f"changes/{entry.number}"),
        title=clean(title).rstrip("."),
        address=f"{settings.BASE_URL}{_page_of(entry)}",
        at=entry.at,
        kind=str(entry.kind.label),
        lines=tuple(clean(line) for line in _lines(entry, said)),
    )


def _page_of(entry: LogEntry) -> str:
    if entry.force_slug and entry.linked:
        return reverse("inspection-detail", args=[entry.force_slug, entry.cycle_slug])
    if entry.force_slug:
        return reverse("force-detail", args=[entry.force_slug])
    return reverse("changes")


def _lines(entry: LogEntry, said: log_words.EntryWords) -> Iterator[str]:
    yield said.headline
    if entry.kind == ChangeKind.PUBLISHED:
        yield from (_grade_line(grade, entry.cycles) for grade in entry.document.get("grades", ()))
    for change in said.changes:
        value = f"{change.was} → {change.now}" if change.was else change.now
        yield f"{capfirst(change.column)}: {value}"
    if said.reason:
        yield _("Reason: %(reason)s") % {"reason": words.sentence(said.reason)}
    if said.source:
        yield _("Source: %(source)s") % {"source": said.source}
    if said.approved:
        yield said.approved
    yield _("Entry %(number)d of the public change log, %(when)s.") % {
        "number": entry.number,
        "when": words.moment(entry.at),
    }


def _grade_line(grade: Mapping[str, Any], cycles: Mapping[str, str]) -> str:
    """Say one grade as the log has it, with all that a reader must know with it."""
    level, state = str(grade.get("grade", "")), str(grade.get("state", ""))
    said = [words.grade_word(level) if level in Level.values else words.state_long(state)]
    if state == CellState.CARRIED_FORWARD:
        origin = str(grade.get("carried_from", ""))
        said.append(words.carried_from_words(cycles.get(origin, origin)))
    said += [str(grade[name]) for name in ("withheld_reason", "note") if grade.get(name)]
    said += [words.log_mark(mark) for mark in grade.get("marks", ())]
    return f"{grade.get('title', '')}: {'; '.join(said)}"


def due_item(day: LastDay) -> FeedItem:
    """Tell that a response is due, from the moment on at which the report became public here."""
    values = {"force": day.force, "cycle": day.cycle, "day": words.day(day.last_day)}
    return FeedItem(
        key=key_of(f"reports/{day.report}/last-day"),
        title=clean(_("%(force)s, %(cycle)s: a response is due by %(day)s") % values),
        address=f"{settings.BASE_URL}{reverse('inspection-detail', args=[day.force_slug, day.cycle_slug])}",
        at=day.recorded,
        kind=_("Response due"),
        lines=tuple(clean(line) for line in (day.title, day.body, words.clock_words(day.clock)) if line),
    )


def clean(text: str) -> str:
    """Leave out the characters that neither feeds nor calendars can hold."""
    return UNWRITABLE.sub("", text)
