"""Load the real record from the repository's own files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from grades.importers.rows import BadFiles, visible
from grades.importers.seed import SEED_FOLDER, load_seed


class Command(BaseCommand):
    """Parse arguments, print the report, set the exit code."""

    help = "Load the forces, the framework and the real record. Safe to repeat; never overwrites what a person edited."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder, for tests and trials."""
        parser.add_argument("--folder", type=Path, default=SEED_FOLDER, help="where the CSV files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or list every bad line and write nothing."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder. Nothing was written.") % {"folder": folder})
        try:
            report = load_seed(folder)
        except BadFiles as problem:
            for error in problem.errors:
                self.stderr.write(str(error))
            raise CommandError(_("%(problem)s. Nothing was written.") % {"problem": problem}) from problem
        tally = report.tally
        for said, lines in (
            (_("kept as edited here: %(line)s"), tally.kept),
            (_("left out, a record made or edited here is in the way: %(line)s"), tally.blocked),
            (_("no longer in the files, removed: %(line)s"), tally.removed),
            (_("no longer in the files, left in place: %(line)s"), tally.vanished),
        ):
            for line in lines:
                self.stdout.write(visible(said % {"line": line}))
        self.stdout.write(
            _(
                "%(created)d added, %(changed)d changed, %(unchanged)d unchanged, %(kept)d kept as edited,"
                " %(blocked)d left out, %(removed)d removed, %(vanished)d no longer in the files but left in place"
            )
            % {
                "created": tally.created,
                "changed": tally.changed,
                "unchanged": tally.unchanged,
                "kept": len(tally.kept),
                "blocked": len(tally.blocked),
                "removed": len(tally.removed),
                "vanished": len(tally.vanished),
            }
        )
