"""Last days as a calendar (RFC 5545): whole days, so that no time zone comes into it."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import TRANSP, Calendar, Event

from grades import words
from grades.feeds.items import clean, key_of
from grades.queries.last_days import LastDay


def calendar(days: Iterable[LastDay], *, title: str, path: str) -> bytes:
    """Write last days as a calendar, one event a report. What an event is called never changes, its words follow the clock."""
    made = Calendar.new(
        name=title,
        uid=key_of(path.strip("/")),
        prodid=f"-//{settings.SITE_NAME}//{urlsplit(settings.BASE_URL).hostname}//EN",
        url=f"{settings.BASE_URL}{reverse('feeds')}",
        source=f"{settings.BASE_URL}{path}",
        refresh_interval=timedelta(hours=12),
        subcomponents=[_event(day) for day in days],
    )
    return bytes(made.to_ical())


def _event(day: LastDay) -> Event:
    address = f"{settings.BASE_URL}{reverse('inspection-detail', args=[day.force_slug, day.cycle_slug])}"
    said = (
        f"{day.body}." if day.body else "",
        words.sentence(day.title),
        _("Published on %(day)s.") % {"day": words.day(day.published)},
        words.clock_words(day.clock),
    )
    return Event.new(
        uid=f"report-{day.report}-last-day@{urlsplit(settings.BASE_URL).hostname}",
        stamp=day.recorded,
        start=day.last_day,
        end=day.last_day + timedelta(days=1),
        summary=clean(
            _("Last day to respond: %(force)s, %(cycle)s") % {"force": day.force, "cycle": day.cycle}
        ),
        description=clean(" ".join(part for part in said if part)),
        url=address,
        transparency=TRANSP.TRANSPARENT,
    )
