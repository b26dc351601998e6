"""The small record of tests/data/seed as a folder that a test may break, and the real record, loaded once for a file."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from grades.importers.seed import load_seed

SMALL = Path(__file__).resolve().parents[1] / "data" / "seed"


class SeedFolder:
    """A copy of the small record."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, file: str) -> list[dict[str, str]]:
        """Give a file's lines by column."""
        return list(csv.DictReader(io.StringIO((self.path / file).read_text("utf-8"), newline="")))

    def line(self, file: str, **wanted: str) -> int:
        """Give the line of the first row with these values; the header is line 1."""
        return next(n for n, row in enumerate(self.rows(file), 2) if wanted.items() <= row.items())

    def change(self, file: str, where: dict[str, str], **cells: str) -> int:
        """Change cells of one row, and give its line."""
        line, rows = self.line(file, **where), self.rows(file)
        rows[line - 2] |= cells
        self.write(file, rows)
        return line

    def add(self, file: str, like: dict[str, str], **cells: str) -> int:
        """Add a row at the end, like another but for some cells, and give its line."""
        rows = self.rows(file)
        rows.append(rows[self.line(file, **like) - 2] | cells)
        self.write(file, rows)
        return len(rows) + 1

    def remove(self, file: str, **where: str) -> None:
        """Remove one row."""
        rows = self.rows(file)
        del rows[self.line(file, **where) - 2]
        self.write(file, rows)

    def write(self, file: str, rows: list[dict[str, str]]) -> None:
        """Write a file anew."""
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (self.path / file).write_text(out.getvalue(), "utf-8", newline="")

    def rewrite(self, file: str, change: Callable[[bytes], bytes]) -> None:
        """Change a file's bytes."""
        path = self.path / file
        path.write_bytes(change(path.read_bytes()))


@pytest.fixture
def folder(tmp_path: Path) -> SeedFolder:
    """A copy of the small record."""
    shutil.copytree(SMALL, tmp_path / "seed")
    return SeedFolder(tmp_path / "seed")


@pytest.fixture(scope="module")
def real_record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole record of grades/seed in the database, for all tests of a file; gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_seed()
        yield
        transaction.set_rollback(True)
