"""What blocks for other sites ask: less than a whole page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import DEFAULT_DB_ALIAS

from grades import models
from grades.history import ForceHistory
from grades.queries.answers import ReportFacts, load_reports
from grades.queries.figures import tile_series
from grades.queries.forces import ForceFacts, find_row, force_facts, load_history
from grades.series import MetricSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBlock:
    """A force and its grade history."""

    force: ForceFacts
    history: ForceHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersBlock:
    """A force and its figures."""

    force: ForceFacts
    metrics: tuple[MetricSeries, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsesBlock:
    """A force, the reports on it and the responses to them."""

    force: ForceFacts
    reports: tuple[ReportFacts, ...]


def history_block(*, slug: str, at: datetime) -> HistoryBlock | None:
    """Load a force's grade history in six queries; None where there is no such force."""
    row = find_row(slug, at=at)
    if row is None:
        return None
    force = force_facts(row)
    return HistoryBlock(force=force, history=load_history(force, at=at))


def numbers_block(*, slug: str, at: datetime) -> NumbersBlock | None:
    """Load a force's figures in three queries; None where there is no such force."""
    row = find_row(slug, at=at)
    return NumbersBlock(force=force_facts(row), metrics=tile_series(force=row, at=at)) if row else None


def responses_block(*, slug: str, at: datetime, today: date, limit_from: date) -> ResponsesBlock | None:
    """Load the reports on a force with the responses in three queries; None where there is no such force."""
    row = find_row(slug, at=at)
    if row is None:
        return None
    force = force_facts(row)
    seen = models.Inspection.objects.published(at).filter(force=row)
    reports = models.Report.objects.filter(inspection__in=seen)
    return ResponsesBlock(
        force=force,
        reports=load_reports(reports, body_on=force.body_on, at=at, today=today, limit_from=limit_from),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A block as it was: its pieces, its picture and height, and when it was pinned."""

    digest: str
    pinned_at: datetime
    pieces: dict[str, str]
    picture: str
    height: int


def pinned_block(*, path: str, digest: str) -> Pinned | None:
    """Load a pinned block in one query; None, after a second, where nobody has pinned it so."""
    pins = models.PinnedBlock.objects.filter(path=path, digest=digest)
    # What somebody pinned a moment ago may not have reached the copy that public pages are read from.
    row = pins.first() or pins.using(DEFAULT_DB_ALIAS).first()
    if row is None:
        return None
    return Pinned(
        digest=row.digest,
        pinned_at=row.pinned_at,
        pieces=row.pieces,
        picture=row.picture,
        height=row.height,
    )
