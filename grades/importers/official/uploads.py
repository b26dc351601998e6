"""Files that people bring: taken in piece by piece, kept in a private folder until they are loaded or discarded."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grades.importers.official import wishes
from grades.importers.official.errors import Unreadable, no_room
from grades.importers.official.facts import Wishes
from grades.importers.official.loading import refuse_repeated
from grades.importers.official.reading import LARGEST_FILE, MEGABYTE
from grades.importers.rows import visible
from grades.models import Upload

LOST_AFTER = 60 * 60
"""Seconds after which a file that belongs to no upload is swept away: one that is coming in belongs to none yet."""


class AlreadyHere(Exception):  # noqa: N818  it names the thing, not the mishap
    """The same bytes are here already and wait; `upload` says where."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        super().__init__(
            _("This very file is here already, as upload %(number)d, and waits to be loaded or discarded.")
            % {"number": upload.pk}
        )


def folder() -> Path:
    """Give the private folder, which only the account that runs the site can enter."""
    path = Path(settings.UPLOADS_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(upload: Upload) -> Path:
    """Give where an upload's bytes are kept. Raise Unreadable where they are gone."""
    path = folder() / upload.kept_as
    if not path.is_file():
        raise Unreadable(_("The uploaded file is not kept any more. Upload it again."))
    return path


def list_path(upload: Upload) -> Path:
    """Give where the whole list of what an upload would change is kept, as CSV."""
    return folder() / f"{upload.kept_as}.csv"


def receive(
    pieces: Iterable[bytes], *, name: str, said: Wishes, by: Any, now: datetime, why: str = ""
) -> Upload:
    """Take a file in. Raise Unreadable, AlreadyLoaded or AlreadyHere; then nothing of it is kept."""
    kept_as = secrets.token_urlsafe(24)
    path = folder() / kept_as
    try:
        sha256, size = _keep(pieces, path)
        refuse_repeated(sha256)
        if there := Upload.objects.open().filter(sha256=sha256).first():
            raise AlreadyHere(there)
        with transaction.atomic():
            return Upload.objects.create(
                file_name=(visible(name) or "?")[:200],
                sha256=sha256,
                size=size,
                kept_as=kept_as,
                at=now,
                by=by,
                wishes=wishes.as_json(said),
                why=why,
            )
    except BaseException as problem:
        path.unlink(missing_ok=True)
        # Two browsers sent the same file at the same moment: the database let one of them in.
        if isinstance(problem, IntegrityError) and (
            there := Upload.objects.open().filter(sha256=sha256).first()
        ):
            raise AlreadyHere(there) from problem
        raise


def _keep(pieces: Iterable[bytes], path: Path) -> tuple[str, int]:
    """Write pieces into a file that only its owner reads; give hash and size. Raise Unreadable."""
    hashed, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > LARGEST_FILE:
                    raise Unreadable(too_large())
                hashed.update(piece)
                file.write(piece)
    except OSError as problem:
        if not no_room(problem):
            raise
        raise Unreadable(too_full()) from problem
    if not size:
        raise Unreadable(_("The file is empty."))
    return hashed.hexdigest(), size


def too_full() -> str:
    """Say that there is nowhere to put a file."""
    return _("There is no room left on the server for this file. Tell whoever runs this site.")


def too_large() -> str:
    """Say how large a file may be."""
    return _("The file is larger than %(limit)d MB, which is the most that is taken.") % {
        "limit": LARGEST_FILE // MEGABYTE
    }


def said_of(upload: Upload) -> Wishes:
    """Give what its owner said about an upload."""
    return wishes.from_json(upload.wishes)


def discard(upload: Upload, *, now: datetime) -> bool:
    """Decide not to load a file; its bytes go. Give whether it was still open, and nobody at work on it."""
    with transaction.atomic():
        own = Upload.objects.open().select_for_update().filter(pk=upload.pk)
        if not own.exists() or upload.jobs.open().exists():
            return False
        own.update(discarded_at=now)
        transaction.on_commit(lambda: forget(upload))
    return True


def forget(upload: Upload) -> None:
    """Remove an upload's bytes. The list of what it changed, as it was shown, stays with it."""
    (folder() / upload.kept_as).unlink(missing_ok=True)


def sweep() -> int:
    """Remove what is no list of an upload nor the bytes of an open one, such as what a killed process left; give how many."""
    known = {list_path(upload).name for upload in Upload.objects.only("kept_as")}
    known |= set(Upload.objects.open().values_list("kept_as", flat=True))
    lost = 0
    for path in folder().iterdir():
        with suppress(FileNotFoundError):  # whoever brings a file removes it if it is refused
            if path.name not in known and time.time() - path.stat().st_mtime > LOST_AFTER:
                path.unlink()
                lost += 1
    return lost
