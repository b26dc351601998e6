"""The seed: the real record as CSV files in the repository, brought into the database.

Every file is read and checked before anything is written; only differences are written, in one transaction with an entry
in the public log; what a person has edited since is left alone, and what is no longer in the files goes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction
from django.utils import timezone

from grades.importers.applying import Refs, Tally, apply_table, lock, remove_vanished
from grades.importers.rows import BadFiles, RowError, read_csv
from grades.importers.seed_files import FILES
from grades.importers.seed_rules import Parsed, check_rules
from grades.importers.seed_tables import tables
from grades.models import ChangeLogEntry, ImportRun
from grades.scales import ChangeKind

SEED_FOLDER = Path(__file__).resolve().parent.parent / "seed"
GRADES = "grades.csv: "
SEED_LOCK = 0x5EED  # any number; two seeds at once take turns


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a load did. `run` is None when nothing had changed."""

    tally: Tally
    run: ImportRun | None


def read_seed(folder: Path = SEED_FOLDER) -> tuple[Parsed, str]:
    """Read and check every file; return the rows by file and the hash of all bytes. Raise BadFiles with every fault."""
    errors: list[RowError] = []
    parsed = {file.name: read_csv(folder / file.name, file.shape, errors) for file in FILES.values()}
    errors += check_rules(parsed)
    if errors:
        raise BadFiles(errors)
    sums = hashlib.sha256()
    for name in sorted(FILES):
        sums.update(parsed[name].content)
    return parsed, sums.hexdigest()


def load_seed(folder: Path = SEED_FOLDER) -> SeedReport:
    """Bring the database to what the seed says, in one transaction; raise BadFiles, with nothing written, if it cannot."""
    parsed, sha256 = read_seed(folder)
    started, total = timezone.now(), Tally()
    refs: Refs = {}
    with pghistory.context(why="seed"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])
        found = list(tables(parsed))
        lock(table.model for table in found)
        for table in reversed(found):
            total.add(remove_vanished(table))
        for table in found:
            total.add(apply_table(table, refs))
        if total.vanished:  # what hung on them may now hang on others
            total.vanished = []
            for table in reversed(found):
                total.add(remove_vanished(table))
        run = None
        # A record from before the log opens it, so that its number says which state of the record is shown.
        if total.created or total.changed or total.removed or not ChangeLogEntry.objects.exists():
            run = ImportRun.objects.create(
                file_name="grades/seed",
                sha256=sha256,
                started_at=started,
                finished_at=timezone.now(),
                created=total.created,
                changed=total.changed,
                unchanged=total.unchanged,
                kept=len(total.kept) + len(total.blocked),
                removed=len(total.removed),
            )
            ChangeLogEntry.objects.append(
                kind=ChangeKind.LOADED, at=run.finished_at, document=_document(run, total)
            )
    return SeedReport(total, run)


def _document(run: ImportRun, tally: Tally) -> dict[str, Any]:
    """Tell a load to the public log, as texts; a public grade that goes is named."""
    gone = [line.removeprefix(GRADES) for line in tally.removed if line.startswith(GRADES)]
    named = {"removed_grades": [line.replace("|", " ") for line in gone]} if gone else {}
    return named | {
        "file": run.file_name,
        "sha256": run.sha256,
        "added": str(run.created),
        "changed": str(run.changed),
        "removed": str(run.removed),
        "unchanged": str(run.unchanged),
        "kept": str(run.kept),
    }
