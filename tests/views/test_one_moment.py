"""A file is of one moment, however long it takes to send and whatever is published meanwhile."""

import csv
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from grades import queries
from grades.datasets import GRADES
from grades.models import Inspection
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(do: Callable[[], object]) -> None:
    """Do something on another connection, and end it."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    other = threading.Thread(target=work)
    other.start()
    other.join()


def pieces_of(address: str) -> Iterator[bytes]:
    """Ask for a file; its pieces come when they are asked for."""
    answer = Client().get(address)
    assert isinstance(answer, StreamingHttpResponse)
    found = answer.streaming_content
    assert isinstance(found, Iterator)
    return found


def grades_in(content: bytes) -> list[tuple[str, str]]:
    """Give the question and state of each row of the force that waits."""
    read = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [(row["question"], row["state"]) for row in read if row["force"] == "waiting"]


def publish() -> None:
    """Make every draft public, as of some time ago: so that no moment that was asked about leaves it out."""
    Inspection.objects.filter(status="draft").update(status="published", published_at=factories.PUBLISHED_AT)


@pytest.fixture
def question() -> str:
    """A question of which one grade is public, and another is about to be."""
    first = factories.grade(inspection=factories.inspection(status="published"))
    second = factories.question(cycle=first.question.cycle)
    draft = factories.inspection(cycle=first.question.cycle, force=factories.force(slug="waiting"))
    factories.grade(inspection=draft, question=second)
    return str(second.number)


def test_what_is_published_meanwhile_is_neither_there_nor_lost(question: str) -> None:
    lines = queries.csv_lines(GRADES, at=timezone.now(), licence="")
    begun = bytes(next(lines))
    elsewhere(publish)
    whole = begun + b"".join(lines)

    assert dict(grades_in(",".join(GRADES.names).encode() + b"\n" + whole))[question] == "not-recorded"
    assert dict(grades_in(b"".join(pieces_of("/data/grades.csv"))))[question] == "graded"


def test_the_archive_is_of_one_moment(question: str) -> None:
    pieces = pieces_of("/data/peel-history.zip")
    begun = next(pieces)
    elsewhere(publish)
    elsewhere(lambda: factories.force(slug="newcomer"))
    packed = zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces)))
    said = {one["name"]: one["bytes"] for one in json.loads(packed.read("datapackage.json"))["resources"]}

    assert packed.testzip() is None
    assert b"newcomer" not in packed.read("forces.csv")
    assert dict(grades_in(packed.read("grades.csv")))[question] == "not-recorded"
    assert {name: len(packed.read(f"{name}.csv")) for name in said} == said


@pytest.mark.parametrize("address", ["/data/peel-history.zip", "/data/grades.csv"])
def test_a_reader_who_goes_leaves_no_transaction_behind(question: str, address: str) -> None:
    answer = Client().get(address)
    assert isinstance(answer, StreamingHttpResponse)
    next(answer.streaming_content)  # type: ignore[call-overload]  # not asynchronous here
    answer.close()

    assert not connection.in_atomic_block
    assert Inspection.objects.count() == 2
