"""What machines keep of what they loaded: to read, never to edit. The imports themselves are in `grades.admin.loading`."""

from __future__ import annotations

from django.contrib import admin
from procrastinate.contrib.django import models as queue

from grades.admin.base import ReadOnlyAdmin
from grades.models import Count, CountLine, ReplacedFigure, SeedRow

# The queue's own lists are for whoever runs the site; the desk has `ImportJob`, which says the same in words.
if admin.site.is_registered(queue.ProcrastinateJob):
    admin.site.unregister(queue.ProcrastinateJob)


@admin.register(ReplacedFigure)
class ReplacedFigureAdmin(ReadOnlyAdmin):
    """What imports replaced, as it was."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["run", "figure"]
    list_select_related = ["run"]
    search_fields = ["run__file_name"]
    ordering = ["-run", "figure"]
    fields = ["run", "figure", "before"]


@admin.register(CountLine)
class CountLineAdmin(ReadOnlyAdmin):
    """Lines of official counts, each with the import that brought it."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["area", "kind", "category", "part", "release", "run", "superseded_by"]
    list_filter = ["kind"]
    list_select_related = ["area", "release", "run", "superseded_by"]
    search_fields = ["area__name", "category", "part", "release__key"]
    ordering = ["-pk"]
    fields = ["area", "kind", "category", "part", "release", "run", "superseded_by"]


@admin.register(Count)
class CountAdmin(ReadOnlyAdmin):
    """Official counts as they came."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["line", "starts_on", "ends_before", "value", "missing"]
    list_filter = ["missing"]
    list_select_related = ["line__area", "line__release"]
    search_fields = ["line__area__name", "line__category", "line__part"]
    ordering = ["-pk"]
    fields = ["line", "starts_on", "ends_before", "value", "missing"]


@admin.register(SeedRow)
class SeedRowAdmin(ReadOnlyAdmin):
    """What the seed last wrote for each row."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["table", "key"]
    list_filter = ["table"]
    search_fields = ["key"]
    ordering = ["table", "key"]
    fields = ["table", "key", "values"]
