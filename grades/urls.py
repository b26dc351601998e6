"""Paths and names of the public site; addresses never change meaning."""

from itertools import chain

from django.urls import URLPattern, path, register_converter

from grades.converters import CycleConverter, ForcesConverter
from grades.views import answers, changes, comparisons, data, feeds, files, pages, previews, programs, staff
from grades.views.embeds import frames, oembed, sharing
from grades.views.embeds.blocks import BLOCKS, Block

register_converter(CycleConverter, "cycle")
register_converter(ForcesConverter, "forces")


def of_block(block: Block) -> list[URLPattern]:
    """Give the addresses of one kind of block: framed, as a picture, as a picture that never changes, handed out."""
    kind = {"block": block}
    framed, shared = f"embed/{block.route}", f"share/{block.route}/"
    return [
        path(f"{framed}/", frames.frame, kind, name=block.url_name),
        path(f"{framed}.svg", frames.image, {**kind, "suffix": "svg"}, name=f"{block.url_name}-svg"),
        path(f"{framed}.png", frames.image, {**kind, "suffix": "png"}, name=f"{block.url_name}-png"),
        path(f"{framed}/snapshot/<slug:pin>.svg", frames.snapshot, kind, name=f"{block.url_name}-snapshot"),
        path(shared, sharing.share, kind, name=block.share_name),
    ]


urlpatterns = [
    path("", pages.home, name="home"),
    path("find/", pages.find, name="find"),
    # /forces/…
    path("forces/", pages.force_list, name="force-list"),
    path("forces/<slug:slug>/", pages.force_detail, name="force-detail"),
    path("forces/<slug:slug>/card.png", files.force_card, name="force-card"),
    # a chart as a file: svg, png, 2x.png, csv, json, figure.json
    path("forces/<slug:slug>/history.svg", files.history_file, {"suffix": "svg"}, name="history-svg"),
    path("forces/<slug:slug>/history.<str:suffix>", files.history_file, name="history-file"),
    path(
        "forces/<slug:slug>/metrics/<slug:metric>.svg",
        files.metric_file,
        {"suffix": "svg"},
        name="metric-svg",
    ),
    path("forces/<slug:slug>/metrics/<slug:metric>.<str:suffix>", files.metric_file, name="metric-file"),
    path("forces/<slug:slug>/metrics/<slug:metric>/", comparisons.force_metric, name="force-metric"),
    path(
        "forces/<slug:slug>/required-information/", answers.required_information, name="required-information"
    ),
    path(
        "forces/<slug:slug>/required-information.<str:suffix>",
        files.required_file,
        name="required-information-file",
    ),
    path(
        "forces/<slug:slug>/<cycle:cycle>/responses/<int:pk>/",
        answers.response_detail,
        name="response-detail",
    ),
    path("forces/<slug:slug>/<cycle:cycle>/", pages.inspection_detail, name="inspection-detail"),
    path(
        "forces/<slug:slug>/<cycle:cycle>/<slug:block>.<str:suffix>", files.printed_file, name="printed-file"
    ),
    # /cycles/…
    path("cycles/", pages.cycle_list, name="cycle-list"),
    path("cycles/<cycle:cycle>.<str:suffix>", files.spread_file, name="spread-file"),
    path("cycles/<cycle:cycle>/", pages.cycle_detail, name="cycle-detail"),
    path("cycles/<cycle:cycle>/map.<str:suffix>", files.cycle_map_file, name="cycle-map-file"),
    # /themes/…, /metrics/…, /compare/
    path("themes/", comparisons.theme_list, name="theme-list"),
    path("themes/<slug:theme>.<str:suffix>", files.theme_file, name="theme-file"),
    path("themes/<slug:theme>/", comparisons.theme_detail, name="theme-detail"),
    path("metrics/", comparisons.metric_list, name="metric-list"),
    path("metrics/<slug:metric>.<str:suffix>", files.ranking_file, name="ranking-file"),
    path("metrics/<slug:metric>/map.<str:suffix>", files.metric_map_file, name="metric-map-file"),
    path("metrics/<slug:metric>/trend.<str:suffix>", files.metric_trend_file, name="metric-trend-file"),
    path("metrics/<slug:metric>/", comparisons.metric_detail, name="metric-detail"),
    path("compare/metrics/<slug:metric>.<str:suffix>", files.compared_file, name="compared-file"),
    path("compare/", comparisons.compare, name="compare"),
    path("coverage/", pages.coverage, name="coverage"),
    # /data/…: the whole record
    path("data/", data.data_page, name="data"),
    path("data/peel-history.zip", data.archive, name="data-archive"),
    path("data/datapackage.json", data.data_package, name="data-package"),
    path("data/readme.md", data.readme, name="data-readme"),
    path("data/<slug:dataset>.csv-metadata.json", data.dataset_metadata, name="dataset-metadata"),
    path("data/<slug:dataset>.<str:suffix>", data.dataset_file, name="dataset-file"),
    # a page's rows: csv, json
    path("forces.<str:suffix>", data.dataset_file, {"dataset": "forces"}, name="forces-file"),
    path("cycles.<str:suffix>", data.dataset_file, {"dataset": "cycles"}, name="cycles-file"),
    path("themes.<str:suffix>", data.dataset_file, {"dataset": "themes"}, name="themes-file"),
    path("metrics.<str:suffix>", data.dataset_file, {"dataset": "metrics"}, name="metrics-file"),
    path("compare.<str:suffix>", data.compared_forces_file, name="compared-forces-file"),
    path("coverage.<str:suffix>", data.coverage_file, name="coverage-file"),
    path("forces/<slug:slug>.<str:suffix>", data.force_file, name="force-file"),
    path("forces/<slug:slug>/<cycle:cycle>.<str:suffix>", data.inspection_file, name="inspection-file"),
    path(
        "forces/<slug:slug>/<cycle:cycle>/responses/<int:pk>.<str:suffix>",
        data.response_file,
        name="response-file",
    ),
    # /changes/, /preview/…
    path("changes/", changes.change_log, name="changes"),
    path("changes.<str:suffix>", data.dataset_file, {"dataset": "changes"}, name="changes-file"),
    path("changes/log.jsonl", changes.log_file, name="change-log-file"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    # /about/…
    path("about/", pages.about, name="about"),
    path("about/method/", pages.method, name="about-method"),
    path("about/grades/", pages.meanings, name="about-grades"),
    path("about/comparability/", pages.comparability, name="about-comparability"),
    path("about/corrections/", pages.corrections, name="about-corrections"),
    path("about/accessibility/", pages.accessibility, name="about-accessibility"),
    path("about/privacy/", pages.privacy, name="about-privacy"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    # /embed/…, /share/…, /oembed/: blocks on other sites
    *chain.from_iterable(of_block(block) for block in BLOCKS),
    path("embed/host-1.js", frames.script, name="embed-host-script"),
    path("embed/", frames.nothing, {"rest": ""}, name="embed-root"),
    path("embed/<path:rest>", frames.nothing, name="embed-nothing"),
    path("oembed/", oembed.oembed, name="oembed"),
    # for programs
    path("api/", programs.about_api, name="api"),
    path("card.png", files.site_card, name="card"),
    path("feeds/", feeds.about_feeds, name="feeds"),
    path("feeds/all.<str:suffix>", feeds.everything, name="feed-all"),
    path("feeds/corrections.<str:suffix>", feeds.corrections, name="feed-corrections"),
    path("feeds/last-days.ics", feeds.last_days, name="calendar-all"),
    path("feeds/forces/<slug:slug>.<str:suffix>", feeds.of_force, name="feed-force"),
    path("feeds/bodies/<slug:body>.ics", feeds.of_body, name="calendar-body"),
    path("favicon.ico", files.favicon, name="favicon"),
    path("robots.txt", files.robots, name="robots"),
    path("sitemap.xml", files.sitemap_xml, name="sitemap"),
]

staff_urlpatterns = [
    path("invitation/<str:token>/", staff.invitation, name="invitation"),
]
"""For staff who are not signed in yet: included below the admin's path, where cookies travel."""
