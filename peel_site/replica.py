"""Public pages may be read from a copy of the database that follows it; everything else asks the database itself.

A copy is behind by a moment. How far is asked every other second at most; a copy that is away is not read, nor one that is
too far behind, unless there is nothing else to read from.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, connections, models

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2.0

BEAT = "SELECT pg_logical_emit_message(true, 'peel', 'beat')"
"""Changes nothing, but is sent to the copy like a change: so that there is always a new one to be behind."""
BEHIND = "SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float"
"""Seconds since the newest change that has arrived was made."""

_public = ContextVar("public", default=False)


def there_is_one() -> bool:
    """Say whether the settings name a copy."""
    return "replica" in settings.DATABASES


class Replica:
    """What this process knows of the copy."""

    _lock = threading.Lock()
    _next_look = 0.0
    _usable = False

    @classmethod
    def usable(cls) -> bool:
        """Say whether to read from the copy. One thread looks; the others go by what was seen before."""
        with cls._lock:
            if time.monotonic() < cls._next_look:
                return cls._usable
            cls._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        primary_answers = cls.beat()
        lag = cls.lag()
        usable = lag is not None and (lag <= settings.REPLICA_LAG_SECONDS or not primary_answers)
        if usable != cls._usable:
            logger.warning("Public pages are read from the %s", "replica" if usable else "primary")
        cls._usable = usable
        return usable

    @staticmethod
    def beat() -> bool:
        """Give the copy something to follow; say whether the database itself took it."""
        return _ask("default", BEAT) is not None

    @staticmethod
    def lag() -> float | None:
        """Give how many seconds the copy is behind; None where it does not answer or follows nothing."""
        seconds = _ask("replica", BEHIND)
        return seconds if isinstance(seconds, float) else None


def _ask(alias: str, question: str) -> object:
    """Give the one value that answers a question; None where a database does not answer."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    except (Error, psycopg.Error):
        return None


@contextmanager
def for_the_public() -> Iterator[None]:
    """Let what is read in this context come from the copy, where there is one to rely on."""
    if not there_is_one():
        yield
        return
    token = _public.set(Replica.usable())
    try:
        yield
    finally:
        _public.reset(token)


class PublicReads:
    """The router: reading for the public may go to the copy, and nothing else does."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """Give the copy inside of `for_the_public`."""
        return "replica" if _public.get() else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        """Give the database itself."""
        return "default"

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        """The copy holds the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The copy gets its tables from the database itself."""
        return db == "default"
