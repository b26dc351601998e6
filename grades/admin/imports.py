"""What machines loaded: to read, never to edit."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.admin.base import ReadOnlyAdmin, WorkList, where
from grades.models import Count, CountLine, ImportRun, ReplacedFigure, SeedRow


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """What was loaded, when, and whether it was taken back."""

    class Work(WorkList):
        """Imports worth a look."""

        tasks = {
            "kept": (_("met rows that a person had edited"), where(Q(kept__gt=0))),
            "undone": (_("taken back"), where(Q(undone_at__isnull=False))),
        }

    list_display = [
        "file_name",
        "started_at",
        "created",
        "changed",
        "unchanged",
        "kept",
        "removed",
        "by",
        "undone_at",
    ]
    list_filter = [Work]
    list_select_related = ["by"]
    search_fields = ["file_name", "sha256"]
    date_hierarchy = "started_at"
    ordering = ["-started_at", "pk"]
    fieldsets = [
        (None, {"fields": ["file_name", "sha256", "source", "release", ("started_at", "finished_at"), "by"]}),
        (_("What it did"), {"fields": [("created", "changed", "unchanged", "kept", "removed")]}),
        (_("What was found"), {"fields": ["report"]}),
        (_("If it was taken back"), {"fields": [("undone_at", "undone_by")]}),
    ]


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
