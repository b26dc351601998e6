"""The 56 days as the work lists ask about them: only for reports whose day is confirmed and known to the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.dates import (
    RESPONSE_DAYS,
    has_response_limit,
    last_day_to_respond,
    response_day,
)
from grades.models import Report, Response
from grades.scales import ResponseKind

SOON = 14
"""How many days ahead the work lists look."""


def answers() -> QuerySet[Response]:
    """Give the dated formal responses to a report that are public, for a question inside a question."""
    return Response.objects.published(timezone.now()).filter(
        report=OuterRef("pk"), kind=ResponseKind.RESPONSE, published_on__isnull=False
    )


def _counted() -> Q:
    return Q(
        date_confirmed=True, published_on_precision="day", published_on__gte=settings.RESPONSE_LIMIT_FROM
    )


def due_soon(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Keep the reports without a response whose last day is today or within the next days."""
    today = timezone.localdate()
    first = today - timedelta(days=RESPONSE_DAYS - 1)
    return reports.filter(
        _counted(), ~Exists(answers()), published_on__range=(first, first + timedelta(days=SOON))
    )


def passed(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Keep the reports without a response whose last day has passed."""
    first = timezone.localdate() - timedelta(days=RESPONSE_DAYS - 1)
    return reports.filter(_counted(), ~Exists(answers()), published_on__lt=first)


def late(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Keep the responses that were published after the last day."""
    return responses.filter(
        kind=ResponseKind.RESPONSE,
        published_on_precision="day",
        report__date_confirmed=True,
        report__published_on_precision="day",
        report__published_on__gte=settings.RESPONSE_LIMIT_FROM,
        published_on__gt=F("report__published_on") + timedelta(days=RESPONSE_DAYS - 1),
    )


def last_day(report: Report) -> date | None:
    """Give the last day to respond, where the limit applies and the day of the report is sure."""
    known = report.published
    if (
        known is None
        or not known.exact
        or not report.date_confirmed
        or not has_response_limit(known.first, settings.RESPONSE_LIMIT_FROM)
    ):
        return None
    return last_day_to_respond(known.first)


def in_words(report: Any, answered: date | None) -> str:
    """Say how the clock of a report stands; `answered` is the day of its first response."""
    last = last_day(report)
    if last is None:
        return ""
    said = {"day": date_format(last, "j F Y")}
    if answered is not None:
        return _("published on day %(number)d") % {"number": response_day(report.published_on, answered)}
    left = (last - timezone.localdate()).days
    if left < 0:
        return _("last day was %(day)s") % said
    if left == 0:
        return _("last day is today")
    words = ngettext("last day %(day)s, %(left)d day left", "last day %(day)s, %(left)d days left", left)
    return words % {**said, "left": left}
