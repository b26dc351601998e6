"""The page of a piece of work: how far it is, and the button that stops it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grades.access import Verb
from grades.admin.base import ReadOnlyAdmin, refused
from grades.admin.loading.shown import show_job
from grades.models import ImportJob, ImportRun, Upload
from grades.scales import JobTask


def address_after(job: ImportJob) -> str:
    """Give the page of what a piece of work is about."""
    if job.task == JobTask.UNDO:
        return reverse("admin:grades_importrun_change", args=[job.run_id])
    return reverse("admin:grades_upload_change", args=[job.upload_id])


def as_it_is(job: ImportJob) -> ImportJob:
    """Give a piece of work as it stands now: one whose process has died says so."""
    if job.is_open and ImportJob.objects.note_the_dead():
        job.refresh_from_db()
    return job


def newest_job(about: Upload | ImportRun) -> ImportJob | None:
    """Give the last piece of work with a file or an import, as it stands now."""
    found = about.jobs.order_by("-pk").first()
    return found and as_it_is(found)


def job_context(job: ImportJob | None) -> dict[str, Any]:
    """Give what the part of a page needs that shows a piece of work."""
    return {"job": job, "told": job and show_job(job)}


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """What was asked for, by whom, and how it ended."""

    change_form_template = "admin/grades/loading/job.html"
    list_display = ["task", "upload", "run", "state", "by", "asked_at", "ended_at"]
    list_filter = ["task", "state"]
    list_select_related = ["upload", "run", "by"]
    search_fields = ["upload__file_name", "run__file_name"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at", "-pk"]
    fields = ["task", "upload", "run", "state", "by", "why", ("asked_at", "started_at", "ended_at")]

    def get_urls(self) -> list[URLPattern]:
        """Add the button, and what a script asks for."""
        site = self.admin_site
        return [
            path("<int:pk>/stop/", site.admin_view(self.stop_view), name="grades_importjob_stop"),
            path("<int:pk>/progress/", site.admin_view(self.progress_view), name="grades_importjob_progress"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show how far it is."""
        as_it_is(obj)
        context |= {**job_context(obj), "about": address_after(obj), "object": obj.upload or obj.run}
        context |= {"title": obj.get_task_display(), "subtitle": ""}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give how far it is, for the script of the page."""
        return JsonResponse(show_job(as_it_is(self.get_object(request, str(pk)))).as_json())

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask a piece of work to stop at its next step; one that has not begun ends at once."""
        job = self.get_object(request, str(pk))
        if not self.may(request, Verb.LOAD, job):
            return refused(request, self, job, _("National editors stop what they started."))
        words = {
            True: _("It stops at its next step, with nothing written."),
            False: _("It had ended already."),
        }[ImportJob.objects.ask_to_stop(job.pk, timezone.now())]
        self.message_user(request, words)
        return HttpResponseRedirect(address_after(job))
