"""The end of an embargo, as somebody in London writes it on the clock and the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from grades.publishing.errors import RefusedError

LONDON = ZoneInfo("Europe/London")


class TwiceError(RefusedError):
    """The time comes twice on that day: once before the clocks go back, and once after."""


def london_moment(day: date, at: time, *, second: bool | None = None) -> datetime:
    """Give the moment at which it is this time in London. `second` says which, where the clocks go back and it comes twice.

    Raise RefusedError for a time that the clocks leave out, TwiceError for one that comes twice if `second` is not given.
    """
    first = datetime.combine(day, at.replace(fold=0), LONDON)
    later = first.replace(fold=1)
    said = {"time": time_format(at, "H:i"), "day": date_format(day, "j F Y")}
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise RefusedError(
            _("There is no %(time)s on %(day)s: the clocks go forward over it. Choose another time.") % said
        )
    if first.utcoffset() != later.utcoffset():
        if second is None:
            raise TwiceError(
                _("It is %(time)s twice on %(day)s, because the clocks go back. Say which one is meant.")
                % said
            )
        return later if second else first
    return first
