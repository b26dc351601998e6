"""Load one official file, or see what loading it would change."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.dates import parse_partial
from grades.importers.official.comparing import Difference
from grades.importers.official.errors import BadFiles, Unreadable
from grades.importers.official.facts import Wishes
from grades.importers.official.loading import AlreadyLoaded, Busy, Loaded, load
from grades.importers.official.population import read_lookup
from grades.importers.official.telling import SHOWN, change_line, figure_line, found_sections
from grades.importers.official.wishes import parse_edition, parse_note, parse_total, unknown_forces
from grades.importers.record.comparing import RecordDifference, RecordLine
from grades.importers.rows import visible


class Command(BaseCommand):
    """Parse arguments, print what changes, set the exit code: 0 loaded or nothing to do, 1 refused."""

    help = "Load an official file of statistics. What kind it is, the command sees from its content."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and what the file does not say itself."""
        parser.add_argument("file", type=Path, help="an ODS, XLSX, XLS or CSV file as published")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and change nothing"
        )
        parser.add_argument(
            "--released",
            type=typed(parse_partial),
            help="when it was published, such as 2018-07-19 or 2018-07",
        )
        parser.add_argument(
            "--edition",
            type=typed(parse_edition),
            default="",
            help="what its edition is called, such as 'July 2018'",
        )
        parser.add_argument(
            "--force-note",
            type=typed(parse_note),
            action="append",
            default=[],
            metavar="FORCE=TEXT",
            help="a note to stand with every figure of a force, such as 'kent=New recording system'; may be repeated",
        )
        parser.add_argument(
            "--published-total",
            type=typed(parse_total),
            action="append",
            default=[],
            metavar="[YYYY-MM=]NUMBER",
            help="recorded crime of England and Wales as published, for the twelve months to a month; may be repeated",
        )
        parser.add_argument(
            "--lookup", type=Path, help="an ONS look-up from authorities to forces, for populations"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="let its figures take the place of the seed's and of people's",
        )
        parser.add_argument("--why", default="", help="why it is loaded; kept in the history of every row")
        parser.add_argument("--all", action="store_true", help="print every line that changes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or list what is wrong and write nothing."""
        notes = dict(options["force_note"])
        if unknown := unknown_forces(notes):
            raise CommandError(_("No force is called %(names)s.") % {"names": ", ".join(unknown)})
        path: Path = options["file"]
        try:
            wishes = Wishes(
                released=options["released"],
                edition=options["edition"],
                notes=notes,
                totals=dict(options["published_total"]),
                lookup=read_lookup(options["lookup"]) if options["lookup"] else None,
                replace=options["replace"],
            )
            done = load(path, wishes, trial=options["dry_run"], why=options["why"])
        except AlreadyLoaded as problem:
            self.stdout.write(str(problem))
            return
        except BadFiles as problem:
            for error in problem.errors:
                self.stderr.write(place_of(error.file, error.line, error.column, error.message))
            raise CommandError(_("%(problem)s. Nothing was written.") % {"problem": problem}) from problem
        except (Unreadable, Busy) as problem:
            raise CommandError(visible(str(problem)) + " " + _("Nothing was written.")) from problem
        self.print(done, everything=options["all"], trial=options["dry_run"])

    def print(self, done: Loaded, *, everything: bool, trial: bool) -> None:
        """Say what changed, or would."""
        most = None if everything else SHOWN
        if done.records is not None:
            self.print_records(done, done.records, most)
            self.print_end(done, trial=trial)
            return
        self.stdout.write(f"{done.title}. {'; '.join(done.releases)}.")
        for difference in done.counts:
            self.print_counts(difference, done, most)
        self.print_figures(done, most)
        for why, count in done.parsed.left_out.items():
            self.stdout.write(_("left out: %(count)d × %(why)s") % {"count": count, "why": why})
        for section in found_sections(done.report):
            for line in section.lines[: section.few]:
                self.stdout.write(visible(line))
            if section.left:
                self.stdout.write(section.left)
        self.print_end(done, trial=trial)

    def print_records(self, done: Loaded, records: RecordDifference, most: int | None) -> None:
        """Print what one of our own files brought, as drafts, and what stayed aside."""
        self.stdout.write(f"{done.title}.")
        self.stdout.write(
            _(
                "Records: %(added)d added as drafts%(kinds)s, %(changed)d changed, %(unchanged)d unchanged, %(kept)d left aside."
            )
            % {
                "added": len(records.new),
                "kinds": "".join(f"; {kind}: {count}" for kind, count in records.added.items()),
                "changed": len(records.changed),
                "unchanged": records.unchanged,
                "kept": len(records.kept),
            }
        )
        self.print_some([difference_line(one) for one in records.changes], most)
        self.print_some(
            [_("left aside: %(line)s") % {"line": difference_line(one)} for one in records.kept], most
        )
        if records.kept:
            self.stdout.write(_("What is left aside stays as it is; no correction is proposed for it."))
        for why, count in done.parsed.left_out.items():
            self.stdout.write(_("left out: %(count)d × %(why)s") % {"count": count, "why": why})

    def print_end(self, done: Loaded, *, trial: bool) -> None:
        """Say whether anything was written, and how to take it back."""
        if trial:
            self.stdout.write(_("Only tried: nothing was written."))
        elif done.run is not None:
            self.stdout.write(
                _("Loaded as import %(run)d. To take it back: manage.py undo_import %(run)d")
                % {"run": done.run.pk}
            )
        else:
            self.stdout.write(_("Nothing was written."))

    def print_counts(self, difference: Difference, done: Loaded, most: int | None) -> None:
        """Print what became of counts."""
        self.stdout.write(
            _(
                "Counts: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(vanished)d vanished%(beside)s."
            )
            % {
                "added": difference.added,
                "changed": len(difference.changed),
                "unchanged": difference.unchanged,
                "vanished": len(difference.vanished),
                "beside": _(" (beside: %(release)s)") % {"release": difference.beside}
                if difference.beside
                else "",
            }
        )
        lines = [change_line(change, done.names) for change in (*difference.changed, *difference.vanished)]
        self.print_some(lines, most)

    def print_figures(self, done: Loaded, most: int | None) -> None:
        """Print what became of figures."""
        found = done.figures
        self.stdout.write(
            _(
                "Figures: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(vanished)d vanished, %(kept)d kept."
            )
            % {
                "added": found.added,
                "changed": len(found.changed),
                "unchanged": found.unchanged,
                "vanished": len(found.vanished),
                "kept": len(found.kept),
            }
        )
        self.print_some(
            [figure_line(change, done.names) for change in (*found.changed, *found.vanished)], most
        )
        kept = [
            _("kept as recorded: %(line)s") % {"line": figure_line(change, done.names)}
            for change in found.kept
        ]
        self.print_some(kept, most)

    def print_some(self, lines: list[str], most: int | None) -> None:
        """Print lines, not more than wanted."""
        for line in lines[:most]:
            self.stdout.write("  " + visible(line))
        if most is not None and len(lines) > most:
            left = len(lines) - most
            self.stdout.write(
                "  "
                + ngettext("and %(count)d more (--all)", "and %(count)d more (--all)", left) % {"count": left}
            )


def place_of(sheet: str, line: int, column: str, message: str) -> str:
    """Say where in a file something is wrong, and what."""
    parts = [_("sheet %(sheet)s") % {"sheet": sheet}] if sheet else []
    parts.append(_("line %(line)d") % {"line": line})
    return visible(", ".join([*parts, *([column] if column else [])]) + ": " + message)


def difference_line(one: RecordLine) -> str:
    """Write a record that differs from its line."""
    return _("line %(line)d, %(what)s: %(why)s") % {"line": one.line, "what": one.what, "why": one.why}


def typed(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """Let argparse show the sentence with which a value is refused."""

    def take(value: str) -> Any:
        try:
            return parse(value)
        except ValueError as problem:
            raise ArgumentTypeError(str(problem)) from problem

    return take
