"""The addresses of the recording screens, under those of the inspections."""

from __future__ import annotations

from django.contrib.admin.sites import AdminSite
from django.urls import URLPattern, path

from grades.admin.recording.start import start
from grades.admin.recording.views import record


def recording_urls(site: AdminSite) -> list[URLPattern]:
    """Give the addresses, for those who are signed in."""
    return [
        path("record/", site.admin_view(start), name="grades_inspection_start"),
        path("<int:number>/record/", site.admin_view(record), name="grades_inspection_record"),
    ]
