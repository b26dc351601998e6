"""Whether the process runs (/healthz), whether the site can serve (/readyz), and what Prometheus collects (/prometheus, if asked for).

They are answered before almost anything else: under any host name, without https, without a session. `/readyz` is 503 while the
database is away or not migrated: send nobody here. What only makes the site worse is told, with 200, as `degraded`: embargoes that
nobody ends and jobs that nobody does must not take public pages away.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Value
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from grades.models import ImportJob, Submission
from peel_site import replica

LATE = timedelta(minutes=2)
"""An embargo that ended longer ago than this means that nothing ends embargoes."""
STUCK = timedelta(minutes=10)
"""A job that has waited longer than this means that nothing works on the queue: the longest load takes a minute or two."""


class Health:
    """Answers these addresses; all others go on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return _answer({"status": "ok", "release": settings.CODE_VERSION})
        if request.path_info == "/readyz":
            return self._ready()
        if request.path_info == "/prometheus" and settings.METRICS:
            from django_prometheus.exports import ExportToDjangoView

            return ExportToDjangoView(request)
        return self.get_response(request)

    def _ready(self) -> HttpResponseBase:
        """Look at everything that the site stands on; the first trouble that nobody can work with ends it."""
        try:
            self.migrated = self.migrated or _is_migrated()
            if not self.migrated:
                return _answer(
                    {"status": "unavailable", "database": "ok", "migrations": "missing"}, status=503
                )
            late = _late(timezone.now())
            found = {
                "database": "ok",
                "migrations": "ok",
                "replica": _replica(),
                "embargoes": "late" if "embargoes" in late else "ok",
                "queue": "late" if "queue" in late else "ok",
            }
        except (Error, psycopg.Error):
            return _answer({"status": "unavailable", "database": "away"}, status=503)
        well = all(word in ("ok", "none") or isinstance(word, float) for word in found.values())
        return _answer({"status": "ok" if well else "degraded", **found})


def _is_migrated() -> bool:
    """Say whether the database has all tables of this release, and of its packages."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _late(now: datetime) -> set[str]:
    """Name what should have been done by now, and is not. One query."""
    embargoes = Submission.objects.due(now - LATE).values_list(Value("embargoes"))
    jobs = ImportJob.objects.waiting_since(now - STUCK).values_list(Value("queue"))
    return {name for (name,) in embargoes.union(jobs)}


def _replica() -> float | str:
    """Give how many seconds the replica is behind; `away` or `behind` where readers are sent to the primary."""
    if not replica.there_is_one():
        return "none"
    lag = _lag_after_a_beat()
    if lag is None:
        return "away"
    return round(lag, 1) if lag <= settings.REPLICA_LAG_SECONDS else f"behind by {lag:.0f} seconds"


def _lag_after_a_beat() -> float | None:
    """Give how far behind the replica is once it had a moment to follow: where nobody reads or writes, nothing else moves it."""
    replica.Replica.beat()
    for pause in (0.0, 0.05, 0.2, 0.5):
        time.sleep(pause)
        lag = replica.Replica.lag()
        if lag is not None and lag <= settings.REPLICA_LAG_SECONDS:
            break
    return lag


def _answer(document: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(document, status=status, headers={"Cache-Control": "no-store"})
