"""Our own files for tests: exported from the record as the site does it, changed by a row or two, loaded again."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from grades import datasets, exports, models, queries
from grades.datasets import Dataset
from grades.importers.applying import take_out
from grades.importers.official.facts import Wishes
from grades.importers.official.loading import Loaded, load

FILES = (
    datasets.GRADES,
    datasets.GRADE_SOURCES,
    datasets.FINDINGS,
    datasets.FINDING_STEPS,
    datasets.RESPONSES,
)
"""What can be read back, in the order in which an empty record takes them."""

INSPECTED: tuple[type[Any], ...] = (
    models.RecommendationAction,
    models.Comment,
    models.Response,
    models.FindingEvent,
    models.Finding,
    models.Mention,
    models.MonitoringPeriod,
    models.Citation,
    models.Grade,
    models.Observation,
    models.Report,
    models.Inspection,
    models.SimilarGroup,
    models.Source,
)
"""What an empty record lacks, children first."""

PUBLISHED = (models.Inspection, models.Finding, models.FindingEvent, models.Response)


def exported(dataset: Dataset) -> bytes:
    """Give a file as the site sends it."""
    return b"".join(exports.csv_pieces(dataset, queries.csv_lines(dataset, at=timezone.now(), licence="OGL")))


def empty_the_record() -> None:
    """Take all out but areas, forces, bodies and the framework."""
    for model in INSPECTED:
        take_out(model, list(model.objects.values_list("pk", flat=True)))


def publish_all() -> None:
    """Let all drafts be public, so that they are exported."""
    for model in PUBLISHED:
        model.objects.update(status="published", published_at=timezone.now())


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Give the rows of a file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def written(rows: Iterable[dict[str, str]], path: Path, *, ends: str = "\n", bom: bool = False) -> Path:
    """Write rows as a file, the columns in the order of the first."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator=ends)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode())
    return path


def bring(content: bytes, folder: Path, **wishes: Any) -> Loaded:
    """Load a file."""
    path = folder / "file.csv"
    path.write_bytes(content)
    return load(path, Wishes(**wishes))
