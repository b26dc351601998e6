"""A database that does not answer is asked again after a moment, by one thread; meanwhile nobody else waits for it."""

import threading
import time
from collections import defaultdict
from typing import Any

import psycopg
from django.db.backends.postgresql import base

# How long after a failure nobody asks; and how long the one who asks then may take before the next one does.
SECONDS_OF_REST = 1.0
SECONDS_TO_ASK = 5.0


class Patience:
    """Whether a database answers, as this process knows it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_until: float | None = None

    def may_ask(self) -> bool:
        """Whether to ask now; after a failure, to one thread at a time."""
        with self._lock:
            now = time.monotonic()
            if self._away_until is None:
                return True
            if now < self._away_until:
                return False
            self._away_until = now + SECONDS_TO_ASK
            return True

    def answered(self) -> None:
        """There it is."""
        self._away_until = None

    def failed(self) -> None:
        """It did not answer."""
        with self._lock:
            self._away_until = time.monotonic() + SECONDS_OF_REST


PATIENCE: defaultdict[tuple[str, ...], Patience] = defaultdict(Patience)
"""What this process knows of each database."""


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, whose absence is noticed once and not by every request anew."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, or say at once that the database did not answer a moment ago."""
        patience = PATIENCE[tuple(str(self.settings_dict[key]) for key in ("HOST", "PORT", "NAME"))]
        if not patience.may_ask():
            raise psycopg.OperationalError("the database did not answer a moment ago")
        try:
            connection = self.reach(conn_params)
        except psycopg.Error:
            patience.failed()
            raise
        patience.answered()
        return connection

    def reach(self, conn_params: dict[str, Any]) -> Any:
        """Connect."""
        return super().get_new_connection(conn_params)
