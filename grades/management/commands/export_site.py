"""Write the whole public site as files, for any web server, an object store, or an archive that opens from a folder."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from grades import queries
from peel_site.static_copy.copying import CopyError, make_copy


class Command(BaseCommand):
    """Copy, say what it came to, and fail where a link leads nowhere."""

    help = "Write the whole public site as files into a folder. Again into the same folder: only what has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and how many processes render."""
        parser.add_argument("folder", type=Path, help="an empty folder, or one of an earlier copy")
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count() or 1,
            help="how many render (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect the static files, copy, and report."""
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            copied = make_copy(
                options["folder"],
                version=str(queries.data_version(at=timezone.now())),
                processes=max(options["processes"], 1),
                tell=self._tell,
            )
        except CopyError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s. What was written stays; the next copy goes on.")
                % {"file": error.filename or options["folder"], "why": error.strerror or error}
            ) from error
        if copied.unchanged:
            self.stdout.write(
                _("Nothing has changed since the copy in %(folder)s.") % {"folder": options["folder"]}
            )
            return
        self.stdout.write(
            _(
                "%(pages)d pages in %(page_seconds).1f s (%(rate).0f a second), %(files)d other files in"
                " %(file_seconds).1f s; %(written)d written, %(removed)d removed."
            )
            % {
                "pages": copied.pages,
                "page_seconds": copied.page_seconds,
                "rate": copied.pages / copied.page_seconds if copied.page_seconds else 0,
                "files": copied.files,
                "file_seconds": copied.file_seconds,
                "written": copied.written,
                "removed": copied.removed,
            }
        )
        if copied.faults:
            raise CommandError("\n".join([_("Links that lead nowhere:"), *copied.faults]))

    def _tell(self, done: int, of: int) -> None:
        """Show how far it is, to somebody who watches."""
        if sys.stderr.isatty() and (done % 25 == 0 or done == of):
            self.stderr.write(f"\r{done} / {of} ", ending="")
