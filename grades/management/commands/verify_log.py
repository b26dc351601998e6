"""Check a downloaded change log: that no entry was altered, left out, doubled or moved."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import chain, log_words


class Seen:
    """Hands lines on and remembers how many there were, and the digest that the last one states."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = lines
        self.count = 0
        self.last = b""

    def __iter__(self) -> Iterator[bytes]:
        for line in self.lines:
            self.last = line
            self.count += 1
            yield line

    @property
    def digest(self) -> str:
        """Give the digest that the last line states; empty where it states none."""
        with suppress(ValueError, KeyError, TypeError):
            return str(json.loads(self.last)["digest"])
        return ""


class Command(BaseCommand):
    """Read the file line by line, name what does not hold, set the exit code. The database is not asked."""

    help = "Check a change log downloaded from /changes/log.jsonl, without the site or its database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the digest that the site printed."""
        parser.add_argument("file", type=Path, help="the downloaded log")
        parser.add_argument(
            "--expect", metavar="DIGEST", default="", help="the last digest as the site prints it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check it, or say that it cannot be read."""
        try:
            with options["file"].open("rb") as file:
                seen = Seen(file)
                problems = [log_words.fault_words(fault) for fault in chain.faults(seen)]
        except OSError as problem:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s.") % {"file": options["file"], "why": problem.strerror}
            ) from problem
        expected = options["expect"].strip().lower()
        if not problems and expected and seen.digest != expected:
            problems = [
                _(
                    "The last digest is %(found)s, not %(expected)s: the log was cut at its end, or is of another day."
                )
                % {"found": seen.digest or _("none"), "expected": expected}
            ]
        if problems:
            raise CommandError("\n".join(problems))
        words = ngettext(
            "%(count)d entry, unbroken; last digest %(digest)s",
            "%(count)d entries, unbroken; last digest %(digest)s",
            seen.count,
        )
        self.stdout.write(words % {"count": seen.count, "digest": seen.digest or _("none")})
