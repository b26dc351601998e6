"""Have public pages made before anybody asks for them: once, or whenever the record has changed."""

import http.client
import logging
import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import queries
from grades.management import again
from grades.sitemaps import RecordSitemap

logger = logging.getLogger(__name__)

ENCODINGS = ("br", "gzip")
"""How browsers ask, and the proxy in front for them."""


class OutdatedError(Exception):
    """The record has changed meanwhile, so what is still to be made is another round's."""


class Command(BaseCommand):
    """Ask the site for its pages, one after the other, as a reader would; it keeps them (see peel_site/caching.py).

    What has changed comes first. A round that the next change overtakes is left, and the next begins.
    """

    help = (
        "Have public pages made and kept before a reader asks; of use where all processes share what is kept."
    )
    done: datetime | None = None
    day: date | None = None
    """The version of the record of which all pages were made."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the site listens, and how often to look."""
        parser.add_argument(
            "--at",
            default=f"http://127.0.0.1:{settings.PORT}",
            metavar="ADDRESS",
            help="where the web process listens (default: %(default)s)",
        )
        again.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all once and say how many, or look until told to stop."""
        self.at = urlsplit(options["at"]).netloc
        if options["every"] is None:
            try:
                count = self._round(queries.data_version(at=timezone.now()))
            except OutdatedError:
                raise CommandError(
                    _("The record changed meanwhile, so not all pages are made. Start again.")
                ) from None
            self.stdout.write(
                ngettext("%(count)d page made", "%(count)d pages made", count) % {"count": count}
            )
            return
        again.look_again(self._look, every=max(options["every"], 0.0), with_parent=options["with_parent"])
        self.stdout.write(_("Stopped."))

    def _look(self) -> None:
        """Make all if the record has changed; trouble is told and tried again."""
        try:
            version = queries.data_version(at=timezone.now())
            if (version, timezone.localdate()) != (self.done, self.day):  # a page is of its day too
                day = timezone.localdate()
                logger.info("%d pages made of %s", self._round(version), version)
                self.done, self.day = version, day
        except OutdatedError:
            logger.info("The record has changed again")
        except (Error, psycopg.Error, OSError, http.client.HTTPException) as trouble:
            logger.warning("Pages cannot be made just now: %s", trouble)
        finally:
            connection.close()

    def _round(self, version: datetime | None) -> int:
        """Ask for every page; give how many there are. Raise OutdatedError once one is made of another version.

        A replica may still have the one before: the next look finds it.
        """
        time.sleep(settings.VERSION_SECONDS)  # until then a process may go by the version before
        site, count = http.client.HTTPConnection(self.at, timeout=30), 0
        wanted = queries.version_name(version)
        try:
            for address in self._addresses():
                for encoding in ENCODINGS:
                    if _ask(site, address, encoding) not in ("", wanted):
                        raise OutdatedError
                count += 1
        finally:
            site.close()
        return count

    def _addresses(self) -> Iterator[str]:
        """Give every page's path, and before all others the pages and pictures of forces that have changed."""
        changed = queries.changed_forces(since=self.done)
        places = RecordSitemap(queries.site_addresses(at=timezone.now())).items()
        for slug in changed:
            yield reverse("force-card", args=[slug])
            yield reverse("history-svg", args=[slug])
        of_changed = tuple(reverse("force-detail", args=[slug]) for slug in changed)
        yield from sorted((place.path for place in places), key=lambda path: not path.startswith(of_changed))


def _ask(site: http.client.HTTPConnection, address: str, encoding: str) -> str:
    """Ask as the proxy in front does; give the version of the record of which the answer was made, if it says so."""
    public = urlsplit(settings.BASE_URL)
    site.request(
        "GET",
        address,
        headers={"Host": public.netloc, "X-Forwarded-Proto": public.scheme, "Accept-Encoding": encoding},
    )
    answer = site.getresponse()
    answer.read()
    return answer.headers.get("PEEL-Data-Version", "")
