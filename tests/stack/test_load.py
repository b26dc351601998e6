"""The stack under mixed load: no error, steady memory; also while the tables of the full record are changed under it."""

import gzip
import itertools
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest

from deploy.stack import ROLE, ROOT, Stack
from tests.soak import times
from tests.stack.conftest import Answer, Reader, until
from tests.views.embeds import SAMPLES

PAGES = (
    *(
        "/",
        "/forces/",
        "/forces/warwickshire/",
        "/forces/warwickshire/2015/",
        "/cycles/2023-25/",
        "/compare/",
    ),
    *("/themes/investigating-crime/", "/metrics/recorded-crime/", "/coverage/", "/changes/"),
)
FILES = (
    *("/forces/warwickshire/history.svg", "/forces/warwickshire.json", "/metrics/recorded-crime.csv"),
    *("/feeds/all.atom", "/data/grades.csv"),
)
LISTS = ("/api/v1/grades/", "/api/v1/forces/", "/api/v1/observations/?metric=recorded-crime")
BETWEEN_ASKS_OF_A_PROGRAM = 0.4
"""Seconds: what is for programs has a limit by address, and all of this comes from one."""

GROWTH = 25_000_000
"""Bytes by which a process may grow under load that it has known for a while."""

KNOWN = 120
"""Pages made anew until every process has made each of its pages: a time would be too short on a busy machine."""

UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    None: bytes,
}


@dataclass
class Crowd:
    """Readers of each kind, who ask until they are told to stop; what they got, and what was wrong."""

    reader: Reader
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    _ends: threading.Event = field(default_factory=threading.Event)
    _fresh: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, kind: str, address: str, **headers: str) -> Answer | None:
        """Ask, unless it is over, and note what came of it; whole and readable is what counts as right."""
        if self._ends.is_set():
            return None
        started = time.monotonic()
        try:
            answer = self.reader.get(address, **headers)
            body = UNPACK[answer.headers["Content-Encoding"]](answer.body)
        except Exception as problem:
            self.wrong[f"{kind} {address}: {problem!r}"] += 1
            return None
        self.slowest = max(self.slowest, time.monotonic() - started)
        self.statuses[kind, answer.status] += 1
        if answer.status != (304 if "If_None_Match" in headers else 200):
            self.wrong[f"{kind} {address}: {answer.status} {body[:200]!r}"] += 1
        elif answer.status == 200 and "html" in answer.headers["Content-Type"] and b"</html>" not in body:
            self.wrong[f"{kind} {address}: cut off"] += 1
        return answer

    def read_held(self) -> None:
        """Read pages as browsers do, compressed, and ask again for what one has."""
        for address in (*PAGES, *FILES):
            answer = self.ask("page", address, Accept_Encoding="br")
            if answer is not None and answer.headers["ETag"]:
                self.ask("conditional", address, Accept_Encoding="br", If_None_Match=answer.headers["ETag"])

    def read_anew(self) -> None:
        """Read pages under addresses that nobody has asked for, so that each is made."""
        for address in PAGES:
            self.ask("made anew", f"{address}?nobody={next(self._fresh)}", Accept_Encoding="gzip")

    def embed(self) -> None:
        """Load what other sites show."""
        for address in SAMPLES.values():
            self.ask("embed", address, Accept_Encoding="br")

    def ask_as_a_program(self) -> None:
        """Ask the API, slowly enough for its limit."""
        for address in LISTS:
            self.ask("API", address, Accept_Encoding="gzip")
            self._ends.wait(BETWEEN_ASKS_OF_A_PROGRAM)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have all of them ask at once, for as long as this lasts."""
        self._ends.clear()
        kinds = (self.read_held, self.read_anew, self.read_anew, self.embed, self.ask_as_a_program)
        threads = [threading.Thread(target=self._go_on, args=(kind,)) for kind in kinds]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ends.set()
            for thread in threads:
                thread.join()

    def _go_on(self, kind: Callable[[], None]) -> None:
        while not self._ends.is_set():
            kind()


@pytest.fixture
def crowd(reader: Reader) -> Crowd:
    """Readers of each kind."""
    return Crowd(reader)


def memory(stack: Stack) -> dict[int, int]:
    """Give the bytes of its own that each process of the web servers holds."""
    held = {}
    for name in ("web-1", "web-2"):
        first = stack.processes[name].pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for number in (first, *map(int, children)):
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
            held[number] = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024
    return held


@pytest.mark.soak
def test_mixed_load_meets_no_error_and_memory_stays(
    stack: Stack, crowd: Crowd, tell: Callable[[str], None]
) -> None:
    with crowd.at_work():  # each process makes its own templates and connections once
        until(lambda: crowd.statuses["made anew", 200] >= times(KNOWN, 5 * KNOWN), seconds=300)
    before = memory(stack)

    with crowd.at_work():
        time.sleep(times(5, 60))

    after = memory(stack)
    grown = max(after[number] - before[number] for number in before)
    tell(f"{sum(crowd.statuses.values())} answers, slowest {crowd.slowest:.1f} s, grown {grown / 1e6:.1f} MB")
    assert crowd.wrong == Counter()
    assert {kind for kind, _status in crowd.statuses} == {
        *("page", "conditional", "made anew", "embed", "API")
    }
    assert set(after) == set(before), "no process ended"
    assert grown < GROWTH


CHANGE = """
import django
django.setup()
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

class Trial(migrations.Migration):
    operations = [
        migrations.AddField("grade", "later", models.TextField(null=True)),
        migrations.AddField("observation", "later", models.TextField(default="")),
        migrations.AddIndex("grade", models.Index(fields=["later", "state"], name="trial_of_grades")),
        migrations.AddConstraint(
            "observation", models.CheckConstraint(condition=models.Q(later=""), name="trial_of_figures")
        ),
    ]

trial = Trial("9999_trial", "grades")
state = MigrationLoader(connection).project_state()
for _time in range({rounds}):
    with connection.schema_editor(atomic=True) as editor:
        trial.apply(state.clone(), editor)
    with connection.schema_editor(atomic=True) as editor:
        trial.unapply(state.clone(), editor)
"""
"""What releases do to the largest tables that pages read, there and back: columns, an index, a rule over every row."""


@pytest.mark.soak
def test_a_migration_of_the_full_record_is_not_noticed_by_readers(
    stack: Stack, crowd: Crowd, tell: Callable[[str], None]
) -> None:
    owner = {
        "DATABASE_URL": stack.database_url(ROLE, stack.primary),
        "DJANGO_SETTINGS_MODULE": "peel_site.settings",
    }
    with crowd.at_work():
        done = subprocess.run(
            [sys.executable, "-c", CHANGE.format(rounds=times(3, 60))],
            cwd=ROOT,
            env={**stack.environment, **owner},
            check=False,
            capture_output=True,
            text=True,
        )

    tell(f"{sum(crowd.statuses.values())} answers, slowest {crowd.slowest:.1f} s")
    assert done.returncode == 0, done.stderr
    assert crowd.wrong == Counter()
    assert crowd.statuses["made anew", 200] > 10
    assert stack.sql("SELECT count(*) FROM pg_class WHERE relname = 'trial_of_grades'") == "0"


@pytest.mark.soak
def test_a_release_is_prepared_while_the_one_before_is_read(stack: Stack, crowd: Crowd) -> None:
    """Migrations, rights and the seed, as every start of a new release does them, with nothing new to do."""
    owner = stack.database_url(ROLE, stack.primary)
    with crowd.at_work():
        for _time in range(times(1, 10)):
            stack.manage("prepare", DATABASE_URL=owner, WEB_ROLE="peel_web")

    assert crowd.wrong == Counter()
