"""The same facts as files, and what programs ask for."""

import json
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import charts, queries
from grades.charts import ChartSpec
from grades.charts.card import card_png, site_card_png
from grades.charts.render_plotly import render_plotly
from grades.charts.render_png import Scale, render_png
from grades.charts.rows import Terms, to_csv, to_json
from grades.charts.spec import Kind
from grades.forms import CompareForm
from grades.history import ForceHistory
from grades.queries.metrics import MetricPage
from grades.sitemaps import RecordSitemap
from grades.views.data import file_view
from grades.views.pages import moment
from grades.views.pictures import (
    compared_trends,
    cycle_map,
    metric_map,
    metric_trend,
    printed_picture,
    required_list,
    theme_map,
)

JSON = "application/json; charset=utf-8"


def chart_response(spec: ChartSpec, suffix: str, *, address: str) -> HttpResponse:
    """Answer with a chart as a file, named by the suffix of its address; 404 for a suffix that there is not.

    `svg` and `png` (`2x.png` with twice the pixels) are pictures that carry title, source, date, breaks and licence;
    `csv` and `json` hold the figures; `figure.json` is what the script of the page explores. `address` is the page that
    tells the same.
    """
    maker = CHART_FILES.get(suffix)
    if maker is None or (maker is _figure and spec.kind == Kind.LIST):  # there is nothing in a list to zoom
        raise Http404(_("There is no such file of this chart."))
    return maker(spec, f"{settings.BASE_URL}{address}")


def _terms(address: str) -> Terms:
    licence = settings.DATA_LICENCE
    return Terms(licence=licence["name"], licence_address=licence["url"], address=address)


def _credit(address: str) -> dict[str, str]:
    """Give what a picture says of its terms and of the page it is from."""
    return {"licence": f"{settings.DATA_LICENCE['name']}.", "credit": f"{settings.SITE_NAME}: {address}"}


def _svg(spec: ChartSpec, address: str) -> HttpResponse:
    return HttpResponse(
        charts.render_svg(spec, paint="fixed", **_credit(address)),
        content_type="image/svg+xml; charset=utf-8",
    )


def _png(spec: ChartSpec, address: str, scale: Scale = 1) -> HttpResponse:
    return HttpResponse(render_png(spec, scale=scale, **_credit(address)), content_type="image/png")


def _csv(spec: ChartSpec, address: str) -> HttpResponse:
    return HttpResponse(to_csv(spec, terms=_terms(address)), content_type="text/csv; charset=utf-8")


def _json(spec: ChartSpec, address: str) -> HttpResponse:
    document = to_json(spec, terms=_terms(address))
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type=JSON)


def _figure(spec: ChartSpec, address: str) -> HttpResponse:
    return HttpResponse(json.dumps(render_plotly(spec), ensure_ascii=False), content_type=JSON)


CHART_FILES: dict[str, Callable[[ChartSpec, str], HttpResponse]] = {
    "svg": _svg,
    "png": _png,
    "2x.png": partial(_png, scale=2),
    "csv": _csv,
    "json": _json,
    "figure.json": _figure,
}
"""What answers for each suffix of a chart's address."""


@file_view()
def history_file(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The grade history of a force as a file."""
    history = _history(slug)
    if not history.drawable:
        raise Http404(_("No grade of any force is recorded here by theme yet."))
    spec = charts.grade_history(history=history)
    return chart_response(spec, suffix, address=reverse("force-detail", args=[slug]))


@file_view()
def metric_file(request: HttpRequest, slug: str, metric: str, suffix: str) -> HttpResponse:
    """One metric of a force against England and Wales as a file."""
    page = queries.force_metric_page(force=slug, metric=metric, at=timezone.now())
    if page is None:
        raise Http404(_("There are no such figures for this force."))
    address = reverse("force-metric", args=[slug, metric])
    return chart_response(charts.trend(series=page.series), suffix, address=address)


def metric_page(metric: str, *, chosen: str = "") -> MetricPage:
    """Find a metric that forces can be compared by, with one of them marked."""
    page = queries.metric_page(slug=metric, at=timezone.now(), marked=frozenset({chosen}))
    if page is None:
        raise Http404(_("There are no figures of this kind for enough forces to compare."))
    return page


@file_view("force")
def ranking_file(request: HttpRequest, metric: str, suffix: str) -> HttpResponse:
    """The newest figures of all forces on one metric as a file, with the force of the query marked, as on the page."""
    chosen = request.GET.get("force", "")
    page = metric_page(metric, chosen=chosen)
    if chosen and not page.ranking.marked:
        raise BadRequest(
            _("There is no force “%(name)s” to mark. Name it as in ?force=kent.") % {"name": chosen[:40]}
        )
    spec = charts.ranking(ranking=page.ranking)
    return chart_response(spec, suffix, address=reverse("metric-detail", args=[metric]))


@file_view()
def metric_map_file(request: HttpRequest, metric: str, suffix: str) -> HttpResponse:
    """The newest figures of all forces on one metric as a map of tiles, as a file."""
    page = metric_page(metric)
    spec = metric_map(page)
    if spec is None:
        raise Http404(_("A force with such figures has no place on the map."))
    return chart_response(spec, suffix, address=reverse("metric-detail", args=[metric]))


@file_view()
def metric_trend_file(request: HttpRequest, metric: str, suffix: str) -> HttpResponse:
    """One metric of England and Wales over time as a file."""
    spec = metric_trend(metric_page(metric))
    if spec is None:
        raise Http404(_("There are too few figures of England and Wales for a line."))
    return chart_response(spec, suffix, address=reverse("metric-detail", args=[metric]))


@file_view("forces")
def compared_file(request: HttpRequest, metric: str, suffix: str) -> HttpResponse:
    """One metric of the forces that the address names, as a file; a picture that lacks one would pass for the whole."""
    form = CompareForm(request.GET, queries.choices())
    if not form.forces or form.too_many:
        raise Http404(_("Name one to four forces, as in ?forces=kent,essex."))
    if form.unknown:
        raise BadRequest(_("There is no police force “%(force)s”.") % {"force": form.unknown[0][:40]})
    page = queries.compare_page(forces=form.forces, themes=(), metrics=(metric,), at=timezone.now())
    drawn = compared_trends(page)
    if not drawn:
        raise Http404(_("There are no such figures for these forces."))
    return chart_response(drawn[0].picture, suffix, address=f"{reverse('compare')}?{form.permalink}")


@file_view()
def required_file(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """What has to be published about a force as a file."""
    page = queries.required_page(slug=slug, at=timezone.now())
    if page is None:
        raise Http404(_("There is no police force at this address."))
    address = reverse("required-information", args=[slug])
    return chart_response(required_list(page), suffix, address=address)


@file_view()
def printed_file(request: HttpRequest, slug: str, cycle: str, block: str, suffix: str) -> HttpResponse:
    """One block of figures that a report prints, as a file."""
    page = queries.inspection_page(force=slug, cycle=cycle, **moment())
    printed = next((f for f in page.figures if f.block == block), None) if page else None
    spec = printed_picture(printed, force=page.force.short_name) if page and printed else None
    if spec is None:
        raise Http404(_("There is no such picture of this inspection."))
    return chart_response(spec, suffix, address=reverse("inspection-detail", args=[slug, cycle]))


@file_view()
def theme_file(request: HttpRequest, theme: str, suffix: str) -> HttpResponse:
    """The newest well-recorded grades of all forces on one theme as a file."""
    page = queries.theme_page(slug=theme, at=timezone.now())
    spec = theme_map(page) if page else None
    if spec is None:
        raise Http404(_("There is no such theme, or no cycle of it is recorded for enough forces."))
    return chart_response(spec, suffix, address=reverse("theme-detail", args=[theme]))


@file_view()
def spread_file(request: HttpRequest, cycle: str, suffix: str) -> HttpResponse:
    """How many forces have each grade in one cycle as a file."""
    page = queries.cycle_page(slug=cycle, at=timezone.now())
    if page is None:
        raise Http404(_("There is no such cycle of inspections."))
    if not page.spreads:
        raise Http404(_("No question of this cycle is known to carry a grade."))
    spec = charts.grade_spread(cycle=page.cycle, spreads=page.spreads)
    return chart_response(spec, suffix, address=reverse("cycle-detail", args=[cycle]))


@file_view()
def cycle_map_file(request: HttpRequest, cycle: str, suffix: str) -> HttpResponse:
    """The best recorded question of one cycle as a map of tiles, as a file."""
    page = queries.cycle_page(slug=cycle, at=timezone.now())
    spec = cycle_map(page) if page else None
    if spec is None:
        raise Http404(_("There is no such cycle of inspections, or nothing of it is recorded for the map."))
    return chart_response(spec, suffix, address=reverse("cycle-detail", args=[cycle]))


@require_safe
def force_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of a force for those who share its page, 1200 by 630."""
    return HttpResponse(card_png(history=_history(slug), site=settings.SITE_NAME), content_type="image/png")


@require_safe
def site_card(request: HttpRequest) -> HttpResponse:
    """The card of every page that has none of its own, 1200 by 630."""
    return HttpResponse(site_card_png(site=settings.SITE_NAME), content_type="image/png")


def _history(slug: str) -> ForceHistory:
    history = queries.force_history(slug=slug, at=timezone.now())
    if history is None:
        raise Http404(_("There is no police force at this address."))
    return history


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon whoever asks at the old place: browsers do, for blocks, files and the desk."""
    return redirect(static("img/icon.svg"), permanent=True)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say where the sitemap is, and what is not for search engines."""
    lines = [
        "User-agent: *",
        f"Disallow: /{settings.ADMIN_PATH}",
        "",
        f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Every public address."""
    found = queries.site_addresses(at=timezone.now())
    return sitemap(request, {"record": RecordSitemap(found)})
