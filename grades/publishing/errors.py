"""What the steps of publishing raise when they cannot be taken."""


class RefusedError(Exception):
    """A step cannot be taken; the message says why, for the person who asked."""
