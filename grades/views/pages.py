"""The public pages."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from grades import charts, queries, words
from grades.charts.tiles import tiles
from grades.filters import ForceFilter
from grades.forms import CycleForm, FindForm
from grades.tables import CycleTable, ForceTable, by_region, ignored_wishes
from grades.views.pictures import cycle_map, printed_picture
from grades.views.samples import style_samples

HEADLINE_METRIC = "recorded-crime"


def moment() -> dict[str, Any]:
    """Give what a page's question wants to know of the time: now, today in London, and from when the 56 days apply."""
    now = timezone.now()
    return {"at": now, "today": timezone.localdate(now), "limit_from": settings.RESPONSE_LIMIT_FROM}


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Give the breadcrumbs: (title, address) from the home page down."""
    return [{"title": title, "address": address} for title, address in steps]


def force_trail(force: queries.forces.ForceFacts, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """Give the breadcrumbs below a force's page."""
    own = (force.short_name, reverse("force-detail", args=[force.slug]))
    return trail((_("Forces"), reverse("force-list")), own, *steps)


def renamed_address(request: HttpRequest) -> str:
    """Give the address of a page that is asked to show a force under a slug of before, with today's; "" for any other."""
    asked = request.GET.copy()
    asked["force"] = queries.renamed_forces().get(asked.get("force", ""), "")
    return f"{request.path}?{asked.urlencode()}" if asked["force"] else ""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, find your force, the newest reports."""
    page = queries.home_page(at=timezone.now())
    context = {
        "page": page,
        "find": FindForm(),
        "map": cycle_map(page.spread) if page.spread else None,
        "spread": charts.grade_spread(cycle=page.spread.cycle, spreads=page.spread.spreads)
        if page.spread
        else None,
    }
    if context["map"] is None:
        context["oembed"] = ""  # nothing to embed yet
    return render(request, "grades/home.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Find a force by name or council; one hit leads straight to its page."""
    form = FindForm(request.GET)
    asked = form.cleaned_data["q"] if form.is_valid() else request.GET.get("q", "")[:80]
    result = queries.find_force(asked=asked)
    if result.only:
        return redirect("force-detail", slug=result.only.slug)
    return render(request, "grades/find.html", {"result": result, "find": FindForm(initial={"q": asked})})


@require_safe
def force_list(request: HttpRequest) -> HttpResponse:
    """Every force in a table that sorts and filters."""
    now = timezone.now()
    choice = ForceFilter(request.GET)
    lines = queries.force_list(at=now, today=timezone.localdate(now), within=choice.qs)
    table = ForceTable(lines)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "table": table,
        "choice": choice,
        "ignored": (*choice.ignored, *ignored_wishes(table, request.GET)),
        "count": len(lines),
    }
    return render(request, "grades/force_list.html", context)


@require_safe
def force_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one force on one page."""
    asked = moment()
    page = queries.force_page(slug=slug, **asked)
    if page is None:
        raise Http404(_("There is no police force at this address."))
    headline = page.metric(HEADLINE_METRIC)
    context = {
        "page": page,
        "force": page.force,
        "labels": words.cycle_labels(page.history.cycles),
        "end": words.force_end(page.force.valid_to, successor=page.force.successor, today=asked["today"]),
        "summary": words.force_summary(page.history),
        "history_title": words.history_title(page.history),
        "crime": charts.trend(series=headline) if headline and charts.can_draw(headline) else None,
        "no_rate": words.no_rate(page.caveat(HEADLINE_METRIC)),
        "tiles": tiles(page.metrics),
        "printed": [(f, printed_picture(f, force=page.force.short_name)) for f in page.printed],
        "findings": page.findings_by_cycle,
        "track": words.track_words(page.track.counts, heard=page.track.heard, oldest=page.track.oldest),
        "limit_from": settings.RESPONSE_LIMIT_FROM,
        "trail": trail((_("Forces"), reverse("force-list")), (page.force.short_name, "")),
    }
    return render(request, "grades/force_detail.html", context)


@require_safe
def inspection_detail(request: HttpRequest, slug: str, cycle: str) -> HttpResponse:
    """One inspection as it was published."""
    context = inspection_context(slug, cycle)
    if context is None:
        raise Http404(_("No inspection of this force in this cycle is recorded here."))
    return render(request, "grades/inspection_detail.html", context)


def inspection_context(slug: str, cycle: str) -> dict[str, Any] | None:
    """Give what the page of an inspection shows, published or previewed; None where there is no such inspection."""
    page = queries.inspection_page(force=slug, cycle=cycle, **moment())
    if page is None:
        return None
    return {
        "page": page,
        "force": page.force,
        "labels": words.cycle_labels(page.cycles),
        "figures": [(f, printed_picture(f, force=page.force.short_name)) for f in page.figures],
        "summary": words.inspection_summary(
            force=page.force.official_name, cycle=page.cycle, points=page.points
        ),
        "limit_from": settings.RESPONSE_LIMIT_FROM,
        "trail": force_trail(page.force, (page.cycle.label, "")),
    }


@require_safe
def cycle_list(request: HttpRequest) -> HttpResponse:
    """The cycles, and what each was."""
    page = queries.framework_page(at=timezone.now())
    return render(request, "grades/cycle_list.html", {"page": page, "trail": trail((_("Cycles"), ""))})


@require_safe
def cycle_detail(request: HttpRequest, cycle: str) -> HttpResponse:
    """Every force on every question of one cycle."""
    page = queries.cycle_page(slug=cycle, at=timezone.now())
    if page is None:
        raise Http404(_("There is no such cycle of inspections."))
    form = CycleForm(request.GET, levels=page.levels)
    view = form.view()
    lines = [line for line in page.lines if not view.grade or any(p.level == view.grade for p in line.points)]
    exclude = ("region",) if view.group else ()
    table = CycleTable(lines, page.questions, page.cycle.tiers, cycle, exclude=exclude)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "page": page,
        "cycle": page.cycle,
        "table": table,
        "groups": by_region(table) if view.group else None,
        "form": form,
        "view": view,
        "ignored": (*view.ignored, *ignored_wishes(table, request.GET)),
        "shown": len(lines),
        "spread": charts.grade_spread(cycle=page.cycle, spreads=page.spreads) if page.spreads else None,
        "trail": trail((_("Cycles"), reverse("cycle-list")), (page.cycle.label, "")),
    }
    return render(request, "grades/cycle_detail.html", context)


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """What is and what is not recorded."""
    page = queries.coverage(at=timezone.now())
    missing = [(cycle, page.missing(cycle.slug)) for cycle in page.cycles]
    context = {"page": page, "missing": missing, "trail": trail((_("Coverage"), ""))}
    return render(request, "grades/coverage.html", context)


def _about(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """Render one of the about pages with its breadcrumbs."""
    steps = trail((_("About"), reverse("about")), (title, ""))
    return render(request, f"grades/about/{name}.html", {"trail": steps, "title": title, **context})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, and the way to the other about pages."""
    return render(request, "grades/about/index.html", {"trail": trail((_("About"), ""))})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the record is made."""
    page = queries.coverage(at=timezone.now())
    return _about(request, "method", _("Method"), page=page, limit_from=settings.RESPONSE_LIMIT_FROM)


@require_safe
def meanings(request: HttpRequest) -> HttpResponse:
    """What the grades mean, cycle by cycle."""
    page = queries.framework_page(at=timezone.now())
    cycles = [(cycle, page.meanings[cycle.slug]) for cycle in page.framework.cycles]
    return _about(request, "grades", _("What the grades mean"), cycles=cycles)


@require_safe
def comparability(request: HttpRequest) -> HttpResponse:
    """What can be compared with what, and how questions follow one another."""
    return _about(
        request, "comparability", _("What can be compared"), page=queries.framework_page(at=timezone.now())
    )


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """How to have a mistake put right."""
    return _about(request, "corrections", _("Correct us"))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return _about(request, "accessibility", _("Accessibility statement"))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we know of readers: nothing; and of those who sign in."""
    return _about(
        request,
        "privacy",
        _("Privacy"),
        attempts=settings.AXES_FAILURE_LIMIT,
        minutes=settings.AXES_COOLOFF_TIME // timedelta(minutes=1),
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(
        request, "grades/styleguide.html", {**style_samples(), "trail": trail((_("Style guide"), ""))}
    )
