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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a log. `number` is the entry's own, or the place where it stands if that cannot be read."""

    number: int
    problem: str


BROKEN, MISSING, DETACHED, ALTERED = "not-an-entry", "number", "previous", "digest"


def faults(lines: Iterable[str | bytes]) -> Iterator[Fault]:
    """Check a downloaded log, a line an entry and oldest first; give every entry that does not hold."""
    previous = START
    for place, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            said, number, before = entry["digest"], entry["number"], entry["previous"]
            found = digest(entry)
        except (ValueError, KeyError, TypeError):
            yield Fault(place, BROKEN)
            return
        if number != place:
            yield Fault(place, MISSING)
            return
        if before != previous:
            yield Fault(place, DETACHED)
        if set(entry) != {*PARTS, "digest"} or found != said or canonical(entry) != _text(line):
            yield Fault(place, ALTERED)
        previous = said


def _text(line: str | bytes) -> str:
    """Give a line as text without its end."""
    return (line.decode("utf-8", "replace") if isinstance(line, bytes) else line).rstrip("\n")
