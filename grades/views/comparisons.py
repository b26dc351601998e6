"""The pages that set forces beside one another: metrics, themes, and a choice of up to four."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from grades import charts, queries, words
from grades.forms import CompareForm, ThemeForm
from grades.tables import MetricTable, ThemeTable, by_region, ignored_wishes
from grades.views.embeds.discovery import where
from grades.views.pages import renamed_address, trail
from grades.views.pictures import compared_trends, ends_words, metric_map, metric_trend, theme_map


@require_safe
def metric_list(request: HttpRequest) -> HttpResponse:
    """Every metric that has figures."""
    lines = queries.metric_list(at=timezone.now())
    context = {
        "compared": [line for line in lines if line.compares],
        "printed": [line for line in lines if not line.compares],
        "trail": trail((_("Metrics"), "")),
    }
    return render(request, "grades/metric_list.html", context)


@require_safe
def metric_detail(request: HttpRequest, metric: str) -> HttpResponse:
    """One metric for every force: the newest period, the map, and every year."""
    chosen = request.GET.get("force", "")
    page = queries.metric_page(slug=metric, at=timezone.now(), marked=frozenset({chosen}))
    if page is None:
        raise Http404(_("There are no figures of this kind for enough forces to compare."))
    if chosen and not page.ranking.marked and (address := renamed_address(request)):
        return redirect(address)
    table = MetricTable(page)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "page": page,
        "metric": page.metric,
        "chosen": chosen,
        "ignored": (
            *((chosen,) if chosen and not page.ranking.marked else ()),
            *ignored_wishes(table, request.GET),
        ),
        "ranking": charts.ranking(ranking=page.ranking),
        "map": metric_map(page),
        "trend": metric_trend(page, force=chosen),
        "table": table,
        "trail": trail((_("Metrics"), reverse("metric-list")), (page.metric.label, "")),
    }
    return render(request, "grades/metric_detail.html", context)


@require_safe
def force_metric(request: HttpRequest, slug: str, metric: str) -> HttpResponse:
    """One metric for one force: line, changes, table, definition, source."""
    page = queries.force_metric_page(force=slug, metric=metric, at=timezone.now())
    if page is None:
        raise Http404(_("There are no such figures for this force."))
    context = {
        "page": page,
        "force": page.force,
        "metric": page.series.metric,
        "trend": charts.trend(series=page.series),
        "trail": trail(
            (_("Forces"), reverse("force-list")),
            (page.force.short_name, reverse("force-detail", args=[slug])),
            (page.series.metric.label, ""),
        ),
    }
    return render(request, "grades/force_metric.html", context)


@require_safe
def theme_list(request: HttpRequest) -> HttpResponse:
    """The themes, and which questions each cycle asked on them."""
    facts = queries.theme_list(at=timezone.now())
    context = {
        "themes": [(theme, facts.on_theme(theme.slug)) for theme in facts.themes],
        "labels": words.cycle_labels(facts.cycles),
        "trail": trail((_("Themes"), "")),
    }
    return render(request, "grades/theme_list.html", context)


@require_safe
def theme_detail(request: HttpRequest, theme: str) -> HttpResponse:
    """One theme for every force across the cycles, breaks drawn."""
    page = queries.theme_page(slug=theme, at=timezone.now())
    if page is None:
        raise Http404(_("There is no such theme."))
    form = ThemeForm(request.GET)
    group, ignored = form.wish()
    table = ThemeTable(page)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "page": page,
        "theme": page.theme,
        "newest": page.newest,
        "map": theme_map(page),
        "labels": words.cycle_labels(page.cycles),
        "form": form,
        "ignored": (*ignored, *ignored_wishes(table, request.GET)),
        "table": table,
        "groups": by_region(table) if group else None,
        "trail": trail((_("Themes"), reverse("theme-list")), (page.theme.title, "")),
    }
    return render(request, "grades/theme_detail.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four forces side by side; the address is the permalink."""
    form = CompareForm(request.GET, queries.choices())
    if form.scattered or form.renamed:
        return redirect(f"{reverse('compare')}?{form.whole}")
    page = None
    if form.forces and not form.too_many:
        page = queries.compare_page(
            forces=form.forces, themes=form.themes, metrics=form.metrics, at=timezone.now()
        )
    pictures = compared_trends(page) if page else []
    context = {
        "form": form,
        "page": page,
        "labels": words.cycle_labels(page.cycles) if page else {},
        "pictures": pictures,
        "ends": ends_words(page) if page else (),
        "oembed": where(request.path, f"?{form.permalink}") if pictures and not form.unknown else "",
        "trail": trail((_("Compare"), "")),
    }
    return render(request, "grades/compare.html", context, status=400 if form.too_many else 200)
