"""How a process that stands beside the site looks again and again, until it is told to stop."""

import os
import signal
import threading
from collections.abc import Callable

from django.core.management.base import CommandParser

A_MOMENT = 1.0
"""As many seconds pass at most between a wish to stop and the stop."""


def add_arguments(parser: CommandParser) -> None:
    """Take how often to look, and whether to end with the process that started this one."""
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, and look so often")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the process that started this one has ended"
    )


def look_again(look: Callable[[], object], *, every: float, with_parent: bool) -> None:
    """Look, wait and look again, until a signal comes or, if asked for, whoever started this has ended.

    Call in the main thread; what `look` raises ends it.
    """
    stop = threading.Event()
    before = {
        sign: signal.signal(sign, lambda *_given: stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)
    }
    parent = os.getppid() if with_parent else None
    try:
        while not stop.is_set():
            look()
            waited = 0.0
            while waited < every and not stop.wait(min(A_MOMENT, every - waited)):
                waited += A_MOMENT
                if parent is not None and os.getppid() != parent:
                    return
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
