"""What can be wrong with an official file: in sentences for the person who loads it."""

import errno

from grades.importers.rows import BadFiles, RowError

__all__ = ["BadFiles", "RowError", "Unreadable", "no_room"]


def no_room(problem: BaseException) -> bool:
    """Say whether a disk is full, or what one account or process may write to it."""
    return isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Unreadable(Exception):  # noqa: N818  it names the thing, not the mishap
    """The file as a whole cannot be used; its text says why and what to do, in one sentence or two."""
