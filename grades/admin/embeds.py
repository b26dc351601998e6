"""What other sites have pinned, to be looked at."""

from django.contrib import admin

from grades.admin.base import ReadOnlyAdmin
from grades.models import PinnedBlock


@admin.register(PinnedBlock)
class PinnedBlockAdmin(ReadOnlyAdmin):
    """Blocks as they were when somebody pinned them."""

    list_display = ["path", "digest", "pinned_at", "height"]
    date_hierarchy = "pinned_at"
    search_fields = ["path", "digest"]
    ordering = ["-pinned_at", "pk"]
    fields = ["path", "digest", "pinned_at", "height", "pieces", "picture"]
