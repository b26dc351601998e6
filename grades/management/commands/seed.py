"""Load the real record from the repository's own files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grades.importers.rows import BadFiles
from grades.importers.seed import SEED_FOLDER, load_seed


class Command(BaseCommand):
    """Parse arguments, print the report, set the exit code."""

    help = "Load the forces, the framework and the real record. Safe to repeat; never overwrites what a person edited."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder, for tests and trials."""
        parser.add_argument("--folder", type=Path, default=SEED_FOLDER, help="where the CSV files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or list every bad line and write nothing."""
        try:
            report = load_seed(options["folder"])
        except BadFiles as problem:
            for error in problem.errors:
                self.stderr.write(str(error))
            raise CommandError(f"{problem}. Nothing was written.") from problem
        tally = report.tally
        for line in tally.kept:
            self.stdout.write(f"kept as edited here: {line}")
        for line in tally.vanished:
            self.stdout.write(f"no longer in the files, left in place: {line}")
        self.stdout.write(
            f"{tally.created} added, {tally.changed} changed, {tally.unchanged} unchanged, {len(tally.kept)} kept as edited"
        )
