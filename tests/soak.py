"""Tests with a long form: `make soak` runs those that are marked `soak`, each as long as it says here."""

import os

LONG = bool(os.environ.get("SOAK"))


def times(short: int, long: int) -> int:
    """Say how often something is tried: seldom in every run of the tests, often in `make soak`."""
    return long if LONG else short
