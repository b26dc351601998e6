"""The same facts as files, and what programs ask for."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import charts, queries
from grades.charts import ChartSpec
from grades.sitemaps import RecordSitemap


def svg_response(spec: ChartSpec) -> HttpResponse:
    """Answer with a stand-alone picture that carries its title, source, date and breaks."""
    return HttpResponse(charts.render_svg(spec, paint="fixed"), content_type="image/svg+xml; charset=utf-8")


@require_safe
def history_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The grade history of a force as a picture."""
    page = queries.force_page(slug=slug, at=timezone.now())
    if page is None:
        raise Http404(_("There is no police force at this address."))
    return svg_response(charts.grade_history(history=page.history))


@require_safe
def metric_svg(request: HttpRequest, slug: str, metric: str) -> HttpResponse:
    """One metric of a force against England and Wales as a picture."""
    page = queries.force_page(slug=slug, at=timezone.now())
    series = page.metric(metric) if page else None
    if series is None or not charts.can_draw(series):
        raise Http404(_("There are no such figures for this force."))
    return svg_response(charts.trend(series=series))


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
