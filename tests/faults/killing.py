"""A process that is killed between any two exchanges with the database, in a database that commits.

Nothing of this is in the product: the process that is to die counts what its psycopg sends, statements, COPYs and commits alike
and on every connection, and kills itself (SIGKILL: nothing is cleaned up) when the answer to one of them has come.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

COMMIT = "_commit_gen"
"""What psycopg calls the exchange that ends a transaction."""

FORK = multiprocessing.get_context("fork")

Action = Callable[[], object]


@contextmanager
def copy_of(template: str, name: str) -> Iterator[None]:
    """Work in a copy of a database, with everything in it committed; it is dropped afterwards."""
    kept = connection.settings_dict["NAME"]
    _outside(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
    )
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _let_go()
        connection.settings_dict["NAME"] = kept
        _outside(f'DROP DATABASE "{name}" WITH (FORCE)')


def _let_go() -> None:
    """Close every connection of this process, the pool's too: it would be of another database, or of another process."""
    connections.close_all()
    connection.close_pool()


def _outside(*statements: str) -> None:
    _let_go()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def exchanges(action: Action) -> list[str]:
    """Do something in a process of its own; give what psycopg calls each exchange with the database, in their order."""
    receives, sends = FORK.Pipe(duplex=False)
    names: list[str] = []

    def work() -> None:
        _after_each(names.append)
        action()
        sends.send(names)

    assert _in_a_process(work) == 0, "the action fails, unharmed; its error is above"
    return receives.recv()


def kill_after(number: int, action: Action) -> None:
    """Do something in a process that dies when the answer to so many exchanges has come; come back when its server process has too."""

    def work() -> None:
        left = [number]

        def count(_name: str) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        _after_each(count)
        action()

    assert _in_a_process(work) == -signal.SIGKILL, f"there is no exchange {number} any more"
    _until_nobody_else_is_connected()


def do(action: Action) -> None:
    """Do something in a process that nobody harms."""
    assert _in_a_process(action) == 0, "the action fails; its error is above"


def _in_a_process(work: Action) -> int:
    """Fork; give the exit code, negative for a signal."""
    _let_go()
    process = FORK.Process(target=work)
    process.start()
    process.join(60)
    ended = process.exitcode
    if ended is None:
        process.kill()
        process.join()
        raise AssertionError("The process hangs.")
    return ended


def _after_each(tell: Callable[[str], None]) -> None:
    """Have something told of each exchange of this process with a database, when its answer is here."""
    wait = psycopg.Connection.wait

    def told(self: Any, exchange: Any, *args: Any, **given: Any) -> Any:
        answer = wait(self, exchange, *args, **given)
        tell(exchange.__name__)
        return answer

    psycopg.Connection.wait = told


def _until_nobody_else_is_connected() -> None:
    """Wait until the server has noticed that the process is gone, and has taken back what it had not committed."""
    give_up = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < give_up:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("The server still holds the connections of the killed process.")


def contents(*, but: str) -> dict[str, tuple[int, str]]:
    """Give of every table, but one, how many rows it has and a digest of all that they say.

    Every change of a row of the record adds a row to its history, so that the numbers alone tell a whole step from half of one.
    """
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != but]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), md5(coalesce(string_agg(line::text, '|' ORDER BY line::text), ''))"
                f' FROM "{name}" AS line'
                for name in tables
            )
        )
        return {name: (rows, digest) for name, rows, digest in cursor.fetchall()}
