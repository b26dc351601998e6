"""Each entry of the public change log in plain words, made from its kind and its document."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from grades import chain, words
from grades.scales import Actor, ChangeKind, FindingStatus, Level, RequiredKind

Document = Mapping[str, Any]

NATIONAL = "national editors"
"""What the log calls those who belong to no office."""


class Agreed(StrEnum):
    """What the log says of who stood behind a publication."""

    ALONE = "its author alone"
    SECOND = "a second person"


SHOWN_LENGTH = 240
"""A longer text is cut; the whole stands in the file of the log."""

OF_MACHINES = frozenset({"status", "published_at", "key", "order", "force_id", "checked_by_id"})
"""Columns that tell a reader nothing."""


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One column that changed: its name, what it said and what it says now."""

    column: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWords:
    """One entry as a reader sees it: what happened, what changed, why, by which source, and who agreed."""

    headline: str
    changes: tuple[ChangeWords, ...] = ()
    reason: str = ""
    source: str = ""
    approved: str = ""


def entry_words(kind: ChangeKind, document: Document) -> EntryWords:
    """Tell an entry. An unknown document still gets its kind and what it names."""
    return EntryWords(
        headline=words.sentence(_HEADLINES[kind](document)),
        changes=_changes(
            document, anew=kind == ChangeKind.ADDED or ("now" in document and "was" not in document)
        ),
        reason=str(document.get("reason", "")),
        source=str(document.get("source", "")),
        approved=_approved(document),
    )


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1].rstrip()}…"


def _approved(document: Document) -> str:
    """Say who stands behind an entry."""
    office = str(document.get("office", ""))
    if not office:
        return ""
    named = _("the national editors") if office == NATIONAL else office
    match document.get("approved_by"):
        case Agreed.ALONE:
            return _("Published by its author alone, as the office has one person: %(office)s.") % {
                "office": named
            }
        case Agreed.SECOND:
            return _("Asked for by %(office)s, approved by a second person.") % {"office": named}
        case _other:
            return _("By %(office)s.") % {"office": named}


def _changes(document: Document, *, anew: bool) -> tuple[ChangeWords, ...]:
    """Give the columns of a correction, old and new; `anew` leaves the old out, where nothing was or nothing is told."""
    changes = document.get("changes", ())
    was = words.known_dates({c.get("column", ""): c.get("was") for c in changes} | document.get("was", {}))
    now = words.known_dates({c.get("column", ""): c.get("is") for c in changes} | document.get("now", {}))
    return tuple(
        ChangeWords(
            words.column_words(name), "" if anew else _value(name, was.get(name)), _value(name, value)
        )
        for name, value in now.items()
        if name not in OF_MACHINES and not (anew and name.endswith("_precision"))
    )


def _value(column: str, value: Any) -> str:
    """Say a value; the choices of a few columns are put into words."""
    text = "" if value is None else str(value)
    named: Mapping[str, Any] = {"item": RequiredKind, "actor": Actor, "standing": FindingStatus}
    if column in named and text in named[column].values:
        return str(named[column](text).label)
    return _cut(words.value_words(column, text))


def _loaded(document: Document) -> str:
    values = {"file": document.get("file", "")}
    counts = [
        (document.get("added"), _("%(count)s added")),
        (document.get("changed"), _("%(count)s changed")),
        (document.get("removed"), _("%(count)s removed")),
    ]
    said = words.list_and(
        text % {"count": words.number(int(count)) if str(count).isdecimal() else count}
        for count, text in counts
        if count and count != "0"
    )
    if not said:
        return _("The record was loaded from %(file)s") % values
    told = _("The record was loaded from %(file)s; rows: %(said)s") % (values | {"said": said})
    gone = "; ".join(document.get("removed_grades", ()))
    return (
        _("%(told)s. Grades that it no longer has: %(gone)s") % {"told": told, "gone": gone} if gone else told
    )


def _unloaded(document: Document) -> str:
    return _(
        "The load of %(file)s was taken back; everything it brought is gone, and what it replaced is back"
    ) % {"file": document.get("file", "")}


def _published(document: Document) -> str:
    grades, reports, findings = (len(document.get(part, ())) for part in ("grades", "reports", "findings"))
    counts = [
        ngettext("%(count)d grade", "%(count)d grades", grades) % {"count": grades},
        ngettext("%(count)d report", "%(count)d reports", reports) % {"count": reports},
        ngettext("%(count)d finding", "%(count)d findings", findings) % {"count": findings},
    ]
    return _("An inspection was published with %(counts)s") % {"counts": words.list_and(counts)}


def _name(document: Document) -> str:
    facts = document.get("facts", {})
    return _cut(
        str(document.get("name") or facts.get("text") or facts.get("title") or document.get("title", ""))
    )


def _named(document: Document) -> str:
    """Name what an entry is about: its kind and its own name."""
    kind, name = record_words(str(document.get("record", ""))), _name(document)
    return _("%(kind)s: %(name)s") % {"kind": kind, "name": name} if name else kind


def record_words(label: str) -> str:
    """Name a kind of record, given as grades.grade."""
    return {
        "grades.citation": pgettext("kind of record", "a citation"),
        "grades.comment": pgettext("kind of record", "a comment"),
        "grades.finding": pgettext("kind of record", "a finding"),
        "grades.findingevent": pgettext("kind of record", "a step on a finding"),
        "grades.grade": pgettext("kind of record", "a grade"),
        "grades.inspection": pgettext("kind of record", "an inspection"),
        "grades.mention": pgettext("kind of record", "a press item or statement"),
        "grades.monitoringperiod": pgettext("kind of record", "a period of enhanced monitoring"),
        "grades.observation": pgettext("kind of record", "a figure"),
        "grades.recommendationaction": pgettext("kind of record", "an action on a recommendation"),
        "grades.report": pgettext("kind of record", "a report"),
        "grades.requireditem": pgettext("kind of record", "required information"),
        "grades.response": pgettext("kind of record", "a response"),
    }.get(label, label.rpartition(".")[2] or _("the record"))


def _corrected(document: Document) -> str:
    return _("Corrected: %(what)s") % {"what": _named(document)}


def _added(document: Document) -> str:
    return _("Added: %(what)s") % {"what": _named(document)}


def _checked(document: Document) -> str:
    grade = str(document.get("grade", ""))
    values = {
        "title": document.get("title", ""),
        "grade": words.grade_in_sentence(grade) if grade in Level.values else _("no grade"),
    }
    return _("Checked against the report: “%(title)s”, %(grade)s") % values


def _responded(document: Document) -> str:
    facts = document.get("facts", {})
    values = {"title": _name(document), "body": facts.get("body_id", "")}
    return _("A response was recorded: “%(title)s”, %(body)s") % values


def _commented(document: Document) -> str:
    facts = document.get("facts", {})
    values = {"body": facts.get("body_id", ""), "text": _cut(str(facts.get("text", "")))}
    return _("%(body)s commented beside a grade: “%(text)s”") % values


def _tracked(document: Document) -> str:
    facts = document.get("facts", {})
    values = {
        "finding": facts.get("finding_id", ""),
        "actor": _value("actor", facts.get("actor")),
        "standing": words.within_sentence(_value("standing", facts.get("standing"))),
        "day": _value("happened_on", facts.get("happened_on")),
    }
    return _("A step on the finding %(finding)s. %(actor)s: %(standing)s, %(day)s") % values


def _required(document: Document) -> str:
    return _("Required information was looked for: %(name)s") % {"name": _name(document)}


_HEADLINES = {
    ChangeKind.LOADED: _loaded,
    ChangeKind.UNLOADED: _unloaded,
    ChangeKind.PUBLISHED: _published,
    ChangeKind.CORRECTED: _corrected,
    ChangeKind.ADDED: _added,
    ChangeKind.CHECKED: _checked,
    ChangeKind.RESPONDED: _responded,
    ChangeKind.COMMENTED: _commented,
    ChangeKind.TRACKED: _tracked,
    ChangeKind.REQUIRED_INFORMATION: _required,
}


def fault_words(fault: chain.Fault) -> str:
    """Say what is wrong with a downloaded log."""
    if fault.last not in (None, fault.number):
        said = _("Entries %(number)d to %(last)d are missing from their places.")
        return said % {"number": fault.number, "last": fault.last}
    return {
        chain.BROKEN: _("Entry %(number)d cannot be read: this line is no entry of the log."),
        chain.MISSING: _("Entry %(number)d is missing from its place."),
        chain.MOVED: _("Entry %(number)d stands where it does not belong: it was doubled or moved."),
        chain.DETACHED: _("Entry %(number)d does not follow the one before it: its link to it is broken."),
        chain.ALTERED: _("Entry %(number)d was altered: its digest does not fit what it says."),
    }[fault.problem] % {"number": fault.number}
