"""Blocks for other sites, kept as they were: one row for each state of the record, however often somebody asks."""

from collections.abc import Mapping
from datetime import datetime

from grades.models import PinnedBlock


def pin(
    *, path: str, digest: str, pieces: Mapping[str, str], picture: str, height: int, at: datetime
) -> None:
    """Keep a block as it is now; what is kept already stays as it is.

    The digest is of what the block says, so there is at most one row for each block and state of the record: readers
    cannot fill the table with their wishes.
    """
    PinnedBlock.objects.get_or_create(
        path=path,
        digest=digest,
        defaults={"pinned_at": at, "pieces": dict(pieces), "picture": picture, "height": height},
    )
