"""After publishing, correcting, loading and undoing, no address gives what was kept or held from before."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grades.dates import PartialDate, Precision
from grades.importers.official import loading
from grades.importers.official.facts import Wishes
from grades.importers.official.undoing import undo
from grades.models import Cycle, Force, Grade, Inspection, Theme
from grades.models.base import options
from grades.models.versions import PUBLIC, DataVersion
from grades.publishing import approve, propose, submit
from tests import factories
from tests.importers.official.conftest import DATA
from tests.project.addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def told(body: bytes) -> object:
    """Give what an answer tells; an archive notes also when it was packed, which is no part of it."""
    if not body.startswith(b"PK"):
        return body
    return [(part.filename, part.CRC) for part in zipfile.ZipFile(io.BytesIO(body)).infolist()]


class Readers:
    """Those who have been everywhere: what they hold, by address, and what they find on coming again."""

    def __init__(self) -> None:
        self.client = Client()
        self.held: dict[str, HttpResponse] = {}
        self.bodies: dict[str, bytes] = {}
        for address in (*addresses(), COUNTED):
            self.held[address] = self.client.get(address)
            # At once: a file is read from the database as it is sent, and the connection has room for nothing else.
            self.bodies[address] = self.held[address].getvalue()

    def again(self) -> dict[str, bytes]:
        """Give what each has after asking whether what it holds still stands, and insist that it is what stands."""
        found, unnamed = {}, set()
        for address, held in self.held.items():
            name = {"If-None-Match": held.headers["ETag"]} if "ETag" in held.headers else {}
            answer = self.client.get(address, headers=name)
            found[address] = self.bodies[address] if answer.status_code == 304 else answer.getvalue()
            if answer.status_code != 400 and answer.headers.get("PEEL-Data-Version") != said_version():
                unnamed.add(address)
        assert unnamed == set()
        caches["pages"].clear()
        made_anew = {address: self.client.get(address).getvalue() for address in self.held}
        assert {address for address in found if told(found[address]) != told(made_anew[address])} == set()
        return found


def said_version() -> str:
    return DataVersion.objects.at(timezone.now()).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture(autouse=True)
def kept(settings) -> Iterator[None]:
    """Answers are kept, as they are outside of tests."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "never-stale"}
    settings.CACHES = settings.CACHES | {"pages": memory}
    connection.check_constraints()
    yield
    caches["pages"].clear()


def warwickshire() -> Force:
    return Force.objects.get(slug="warwickshire")


def in_two_steps(record: object) -> None:
    """Have one national editor submit something and another approve it."""
    author, approver = factories.member("national-editor"), factories.member("national-editor")
    now = timezone.now()
    reasons = {"date-unconfirmed": "It stands so."}
    approve(submission=submit(record=record, by=author, now=now, reasons=reasons), by=approver, now=now)


def a_draft() -> Inspection:
    """Make a draft of which the checklist finds nothing to say, in a cycle from which Warwickshire has no report."""
    force = warwickshire()
    cycle = Cycle.objects.exclude(inspections__force=force).order_by("order").first() or factories.cycle()
    inspection = factories.inspection(force=force, cycle=cycle)
    report = factories.report(inspection=inspection)
    grade = factories.grade(
        inspection=inspection,
        report=report,
        question=factories.question(cycle=cycle, theme=Theme.objects.all()[0]),
    )
    factories.citation(grade=grade, locator="page 4")
    return inspection


def publish() -> Callable[[], object]:
    draft = a_draft()
    return lambda: in_two_steps(draft)


def correct() -> Callable[[], object]:
    grade = Grade.objects.filter(
        inspection__force=warwickshire(), inspection__status="published", level="good"
    ).order_by("pk")[0]
    correction = propose(
        record=grade,
        after={"summary": "A new summary of what inspectors saw."},
        reason="It was cut short.",
        source=factories.source(),
        by=factories.member("national-editor"),
        now=timezone.now(),
    )
    return lambda: in_two_steps(correction)


def load() -> Callable[[], object]:
    released = PartialDate(date(2026, 10, 1), Precision.DAY)
    return lambda: loading.load(
        DATA / "recorded-crime" / "2017-18.csv", Wishes(released=released, replace=True)
    )


def take_back() -> Callable[[], object]:
    done = load()()
    return lambda: undo(done.run.pk)


def edit_directly() -> Callable[[], object]:
    return lambda: Theme.objects.filter(slug="investigating-crime").update(title="Finding out who did it")


COUNTED = "/forces/warwickshire/metrics/recorded-crime-count.json"

CHANGES = {
    publish: "/forces/warwickshire/",
    correct: "/changes/",
    load: COUNTED,
    take_back: COUNTED,
    edit_directly: "/themes/",
}
"""What changes the record, each prepared at first; and an address where it shows."""


@pytest.mark.parametrize("prepare", CHANGES, ids=lambda prepare: prepare.__name__)
def test_no_address_gives_what_was_there_before(prepare: Callable[[], Callable[[], object]]) -> None:
    change = prepare()
    connection.check_constraints()
    readers = Readers()

    change()
    connection.check_constraints()  # as at the commit
    found = readers.again()

    shows = CHANGES[prepare]
    assert found[shows] != readers.bodies[shows]


def test_work_on_a_draft_lets_everybody_keep_what_they_have() -> None:
    draft = a_draft()
    connection.check_constraints()
    before = said_version()

    Grade.objects.filter(inspection=draft).update(summary="Not yet public")
    submit(record=draft, by=factories.member("national-editor"), now=timezone.now())
    connection.check_constraints()

    assert said_version() == before


UNMOVED = {
    "grades_dataversion",
    "grades_pinnedblock",  # written once and never changed; what is not there is answered with 404, which has no name
}


def test_every_table_that_a_public_page_reads_moves_the_version() -> None:
    histories = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) in PUBLIC]
    client, watched = Client(), {options(model).db_table for model in (*PUBLIC, *histories)}
    read: dict[str, str] = {}
    ours = {table for table in connection.introspection.table_names() if table not in UNMOVED}
    for address in addresses():
        with CaptureQueriesContext(connection) as asked:
            client.get(address).getvalue()
        said = " ".join(query["sql"] for query in asked)
        read |= {table: address for table in ours if f'"{table}"' in said}

    assert {table: address for table, address in read.items() if table not in watched} == {}
    assert "grades_grade" in read
