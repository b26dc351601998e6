"""Take an import of an official file back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from grades.importers.official.loading import Busy
from grades.importers.official.undoing import CannotUndo, undo
from grades.importers.rows import visible


class Command(BaseCommand):
    """Parse arguments, print the result, set the exit code."""

    help = "Take an import back: what it brought goes, what it replaced returns."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number that import_data printed."""
        parser.add_argument("run", type=int, help="the import's number")
        parser.add_argument("--why", default="", help="why; kept in the history and in the public log")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo, or say in words why not."""
        try:
            run = undo(options["run"], why=options["why"])
        except (CannotUndo, Busy) as problem:
            raise CommandError(visible(str(problem)) + " " + _("Nothing was written.")) from problem
        self.stdout.write(
            _("Import %(run)d (%(file)s) is undone; everything is as it was before.")
            % {"run": run.pk, "file": run.file_name}
        )
