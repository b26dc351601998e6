"""Feeds and calendars, and the page that lists them."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import feeds, queries
from grades.dates import ClockState
from grades.feeds import Feed, FeedItem
from grades.history import Choice
from grades.queries.last_days import LastDay
from grades.scales import ChangeKind
from grades.views.pages import moment, trail

CORRECTIONS = (ChangeKind.CORRECTED, ChangeKind.ADDED, ChangeKind.UNLOADED)
"""What puts something right that was public: a changed value, a missing record, a load taken back."""


def _atom(feed: Feed) -> HttpResponse:
    return HttpResponse(feeds.atom(feed), content_type="application/atom+xml; charset=utf-8")


def _json(feed: Feed) -> HttpResponse:
    return JsonResponse(
        feeds.json_feed(feed),
        content_type="application/feed+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


WRITERS: dict[str, Callable[[Feed], HttpResponse]] = {"atom": _atom, "json": _json}
"""What writes a feed for each suffix of its address."""


def _answer(suffix: str, feed: Feed) -> HttpResponse:
    if suffix not in WRITERS:
        raise Http404(_("Feeds are written as .atom and .json."))
    return WRITERS[suffix](feed)


def _items(entries: Sequence[queries.changes.LogEntry], days: Sequence[LastDay] = ()) -> list[FeedItem]:
    """Put entries and the last days still to come in one order, newest first."""
    due = [feeds.due_item(day) for day in days if day.clock.state == ClockState.DUE]
    told = [*(feeds.change_item(entry) for entry in entries), *due]
    return sorted(told, key=lambda item: item.at, reverse=True)


def _calendar(request: HttpRequest, days: Sequence[LastDay], title: str) -> HttpResponse:
    written = feeds.calendar(days, title=title, path=request.path)
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


@require_safe
def everything(request: HttpRequest, suffix: str) -> HttpResponse:
    """Whatever happens to the record, and the responses that are due."""
    at = moment()
    entries = queries.newest_entries(forces=queries.log_forces(), at=at["at"])
    feed = Feed(
        title=_("What changed in the record of police inspections"),
        description=_(
            "Publications, corrections, responses, comments and loads, and the responses that are due."
        ),
        path="/feeds/all",
        page=reverse("changes"),
        items=_items(entries, queries.last_days(**at)),
    )
    return _answer(suffix, feed)


@require_safe
def corrections(request: HttpRequest, suffix: str) -> HttpResponse:
    """What was put right in the record."""
    entries = queries.newest_entries(forces=queries.log_forces(), at=moment()["at"], kinds=CORRECTIONS)
    feed = Feed(
        title=_("Corrections of the record of police inspections"),
        description=_(
            "Each with what was said before; corrections of reports with the reason and the source."
        ),
        path="/feeds/corrections",
        page=reverse("changes"),
        items=_items(entries),
    )
    return _answer(suffix, feed)


@require_safe
def of_force(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """What happens to the record of one force, and its last days as a calendar."""
    forces = queries.log_forces()
    name = _named(slug, forces, _("There is no police force at this address."))
    at = moment()
    days = queries.last_days(**at, force=slug)
    if suffix == "ics":
        return _calendar(request, days, _("Last days to respond: %(name)s") % {"name": name})
    feed = Feed(
        title=_("%(name)s in the record of police inspections") % {"name": name},
        description=_(
            "Publications, corrections and responses about this force, and loads of the whole record."
        ),
        path=f"/feeds/forces/{slug}",
        page=reverse("force-detail", args=[slug]),
        items=_items(queries.newest_entries(forces=forces, at=at["at"], force=slug), days),
    )
    return _answer(suffix, feed)


@require_safe
def of_body(request: HttpRequest, body: str) -> HttpResponse:
    """The last days of one policing body as a calendar."""
    name = _named(body, queries.bodies(), _("There is no policing body at this address."))
    return _calendar(
        request,
        queries.last_days(**moment(), body=name),
        _("Last days to respond: %(name)s") % {"name": name},
    )


@require_safe
def last_days(request: HttpRequest) -> HttpResponse:
    """Every last day as a calendar."""
    return _calendar(request, queries.last_days(**moment()), _("Last days to respond to police inspections"))


def _named(slug: str, choices: Sequence[Choice], missing: str) -> str:
    found = next((choice.title for choice in choices if choice.slug == slug), None)
    if found is None:
        raise Http404(missing)
    return found


@require_safe
def about_feeds(request: HttpRequest) -> HttpResponse:
    """Every feed and calendar."""
    context = {
        "forces": queries.log_forces(),
        "bodies": queries.bodies(),
        "trail": trail((_("Feeds and calendars"), "")),
    }
    return render(request, "grades/feeds.html", context)
