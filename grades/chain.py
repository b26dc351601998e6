"""The hash chain of the public change log: each entry vouches for all before it. Pure; no clock, no database."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
"""What the first entry names as the digest before it."""

PARTS = ("number", "at", "kind", "force", "document", "previous")
"""What a digest covers, beside which an entry has only the digest itself."""


def canonical(value: Any) -> str:
    """Write a value as JSON in one way only: names in order, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(entry: Mapping[str, Any]) -> str:
    """Give the SHA-256 of an entry's parts, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical({part: entry[part] for part in PARTS}).encode()).hexdigest()


BROKEN, MISSING, MOVED, DETACHED, ALTERED = "not-an-entry", "missing", "moved", "previous", "digest"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a log. `number` is the entry's own, or the one due where it stands if its own cannot be trusted.

    `last` is the number of the last of several entries in a row that are missing.
    """

    number: int
    problem: str
    last: int | None = None


def faults(lines: Iterable[str | bytes]) -> Iterator[Fault]:
    """Check a downloaded log, a line an entry and oldest first; give every entry that does not hold, and every gap.

    Only an entry whose digest fits is believed its number. A link is not judged where the entry before is not known.
    """
    number, unread = 0, 0  # of the last entry that holds, and how many lines came since that do not
    previous: str | None = START
    for line in lines:
        due = number + unread + 1
        entry = _read(line)
        if entry is None or not _holds(entry, line):
            yield Fault(due, BROKEN if entry is None else ALTERED)
            unread, previous = unread + 1, None if entry is None else entry["digest"]
            continue
        if entry["number"] <= number:
            yield Fault(entry["number"], MOVED)
            continue
        if entry["number"] > due:
            yield Fault(due, MISSING, entry["number"] - 1)
        elif entry["number"] == due and previous not in (None, entry["previous"]):
            yield Fault(due, DETACHED)
        number, unread, previous = entry["number"], 0, entry["digest"]


def _read(line: str | bytes) -> dict[str, Any] | None:
    """Read a line; None if it is no entry."""
    try:
        entry = json.loads(line)
        digest(entry)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return entry if "digest" in entry and type(entry["number"]) is int else None


def _holds(entry: dict[str, Any], line: str | bytes) -> bool:
    """Say whether an entry says what its digest covers, no more, and in the one way in which it is written."""
    whole = set(entry) == {*PARTS, "digest"} and digest(entry) == entry["digest"]
    return whole and canonical(entry) == _text(line)


def _text(line: str | bytes) -> str:
    """Give a line as text without its end."""
    return (line.decode("utf-8", "replace") if isinstance(line, bytes) else line).rstrip("\n")
