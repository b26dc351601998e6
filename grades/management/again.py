"""How a process that stands beside the site looks again and again, until it is told to stop."""

import os
import signal
import threading
from collections.abc import Callable

from django.core.management.base import CommandParser

A_MOMENT = 1.0
"""As many seconds pass at most between a wish to stop and the stop."""


def add_arguments(parser: CommandParser) -> None:
    """Take how often to look, and with which process to end."""
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, and look so often")
    add_parent(parser)


def add_parent(parser: CommandParser) -> None:
    """Take the number of the process to end with: asked for here, it might have ended, and another be in its place."""
    parser.add_argument(
        "--with-parent",
        type=int,
        metavar="PID",
        help="end when the process of this number, which started this one, has ended",
    )


def orphaned(parent: int | None) -> bool:
    """Say whether the process that started this one has ended, where it gave its number."""
    return parent is not None and os.getppid() != parent


def look_again(look: Callable[[], object], *, every: float, with_parent: int | None) -> None:
    """Look, wait and look again, until a signal comes or the process that started this one, if it is named, has ended.

    Call in the main thread; what `look` raises ends it.
    """
    stop = threading.Event()
    before = {
        sign: signal.signal(sign, lambda *_given: stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        while not (stop.is_set() or orphaned(with_parent)):
            look()
            waited = 0.0
            while waited < every and not (orphaned(with_parent) or stop.wait(min(A_MOMENT, every - waited))):
                waited += A_MOMENT
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
