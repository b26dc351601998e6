"""The last days on which policing bodies are to answer reports, for calendars and feeds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.utils.text import slugify

from grades import models
from grades.dates import Precision, ResponseClock, response_clock
from grades.history import Choice
from grades.queries.answers import days_of_responses, response_days


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The last of the 56 days of one report. `body` was to answer; `recorded` is when the inspection went public here."""

    report: int
    title: str
    address: str
    force: str
    force_slug: str
    cycle: str
    cycle_slug: str
    body: str
    published: date
    last_day: date
    clock: ResponseClock
    recorded: datetime


def bodies() -> tuple[Choice, ...]:
    """Name every policing body with the slug that stands for it in addresses, by name, in one query."""
    names = models.PolicingBody.objects.order_by("name").values_list("name", flat=True)
    return tuple(Choice(slug=slugify(name), title=name) for name in names)


def last_days(
    *, at: datetime, today: date, limit_from: date, force: str = "", body: str = ""
) -> tuple[LastDay, ...]:
    """List the counted last days, newest report first, in one query; of one force by slug, or of one body by name.

    Days are counted only where the inspectorate confirms the day of the report, and from `limit_from` on.
    """
    tenures = models.Tenure.objects.on(OuterRef("published_on")).filter(force=OuterRef("inspection__force"))
    rows = (
        models.Report.objects.filter(
            inspection__in=models.Inspection.objects.published(at),
            date_confirmed=True,
            published_on_precision=Precision.DAY,
            published_on__gte=limit_from,
        )
        .select_related("inspection__force", "inspection__cycle")
        .annotate(
            body=Subquery(tenures.order_by("-valid_from").values("body__name")[:1]),
            days_json=days_of_responses("pk", at=at),
        )
        .order_by("-published_on", "inspection__force__short_name", "pk")
    )
    if force:
        rows = rows.filter(inspection__force__slug=force)
    if body:
        rows = rows.filter(body=body)
    return tuple(found for row in rows if (found := _last_day(row, today, limit_from)))


def _last_day(row: models.Report, today: date, limit_from: date) -> LastDay | None:
    clock = response_clock(
        published=row.published,
        confirmed=row.date_confirmed,
        responses=response_days(row.days_json),  # type: ignore[attr-defined]  # an annotation
        today=today,
        limit_from=limit_from,
    )
    inspection = row.inspection
    if clock.last_day is None or row.published_on is None or inspection.published_at is None:
        return None
    return LastDay(
        report=row.pk,
        title=row.title,
        address=row.address,
        force=inspection.force.official_name,
        force_slug=inspection.force.slug,
        cycle=inspection.cycle.label,
        cycle_slug=inspection.cycle.slug,
        body=row.body or "",  # type: ignore[attr-defined]  # an annotation
        published=row.published_on,
        last_day=clock.last_day,
        clock=clock,
        recorded=inspection.published_at,
    )
