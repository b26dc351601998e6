"""What machines loaded: to read, never to edit."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.admin.base import ReadOnlyAdmin, WorkList, where
from grades.models import ImportRun, SeedRow


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
        (None, {"fields": ["file_name", "sha256", ("started_at", "finished_at"), "by"]}),
        (_("What it did"), {"fields": [("created", "changed", "unchanged", "kept", "removed")]}),
        (_("If it was taken back"), {"fields": [("undone_at", "undone_by")]}),
    ]


@admin.register(SeedRow)
class SeedRowAdmin(ReadOnlyAdmin):
    """What the seed last wrote for each row."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["table", "key"]
    list_filter = ["table"]
    search_fields = ["key"]
    ordering = ["table", "key"]
    fields = ["table", "key", "values"]
