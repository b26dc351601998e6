"""What can be wrong with an official file: in sentences for the person who loads it."""

from grades.importers.rows import BadFiles, RowError

__all__ = ["BadFiles", "RowError", "Unreadable"]


class Unreadable(Exception):  # noqa: N818  it names the thing, not the mishap
    """The file as a whole cannot be used; its text says why and what to do, in one sentence or two."""
