"""Django's PostgreSQL backend on the embedded server (ENGINE "peel_site.embedded")."""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from peel_site.postgres import base

from .server import EmbeddedServer, EmbeddedServerError, programs


@cache
def embedded_server(folder: Path) -> EmbeddedServer:
    """This process's one handle of the server of this folder."""
    return EmbeddedServer(folder)


def start_server() -> None:
    """Hold the embedded server; where it cannot be had, end the command with the sentence that says why."""
    try:
        embedded_server(settings.EMBEDDED_POSTGRES).hold()
    except EmbeddedServerError as error:
        raise CommandError(str(error)) from error


class DatabaseClient(PostgresClient):
    """`manage.py dbshell`, with the psql that comes with the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        """Run psql."""
        start_server()
        os.environ["PATH"] = f"{programs()}{os.pathsep}{os.environ['PATH']}"
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL that is started by the first connection of a process, and again whenever it has gone."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Start the server, once, and say where it is."""
        start_server()
        return super().get_connection_params()

    def reach(self, conn_params: dict[str, Any]) -> Any:
        """Connect; where that fails, see that the server runs, and try once more."""
        try:
            return super().reach(conn_params)
        except psycopg.OperationalError:
            try:
                if not embedded_server(settings.EMBEDDED_POSTGRES).revive():
                    raise
            except EmbeddedServerError as error:
                raise psycopg.OperationalError(str(error)) from error
            return super().reach(conn_params)
