"""The page of an import: what it did, what was found, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grades.access import Verb
from grades.admin.base import ReadOnlyAdmin, WorkList, refused, where
from grades.admin.loading.forms import WhyForm
from grades.admin.loading.jobs import job_context, newest_job
from grades.admin.loading.shown import sections
from grades.importers.official import undoing
from grades.models import ImportRun
from grades.scales import JobTask
from grades.tasks import ask


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """What was loaded, when, and whether it was taken back."""

    class Work(WorkList):
        """Imports worth a look."""

        tasks = {
            "kept": (gettext_lazy("met rows that a person had edited"), where(Q(kept__gt=0))),
            "undone": (gettext_lazy("taken back"), where(Q(undone_at__isnull=False))),
        }

    change_form_template = "admin/grades/loading/run.html"
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
        (
            gettext_lazy("What it did"),
            {"fields": [("created", "changed", "unchanged", "kept", "removed")]},
        ),
        (gettext_lazy("If it was taken back"), {"fields": [("undone_at", "undone_by")]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        """Add taking back."""
        undo = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", undo, name="grades_importrun_undo"), *super().get_urls()]

    def steps(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """Offer to take it back."""
        if not (record.source and record.undone_at is None and self.may(request, Verb.LOAD, record)):
            return []
        return [(reverse("admin:grades_importrun_undo", args=[record.pk]), _("Take it back"))]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show what was found, and how taking it back stands."""
        looked_over = obj.source and not undoing.of_ours(obj)  # neither the seed nor our own files are
        context |= {**job_context(newest_job(obj)), "found": sections(obj.report) if looked_over else None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what goes, what returns and what blocks it; and have it taken back."""
        run = self.get_object(request, str(pk))
        if not self.may(request, Verb.LOAD, run):
            return refused(request, self, run, _("National editors take imports back."))
        blocked = undoing.in_the_way(run)
        form = WhyForm(request.POST or None)
        if request.method == "POST" and not blocked and form.is_valid():
            return self._ask(request, run, form.cleaned_data["why"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take an import back"),
            "opts": self.opts,
            "record": run,
            "blocked": blocked,
            "reach": None if blocked else undoing.reach(run),
            "form": form,
            "media": self.media,
        }
        status = 200 if request.method == "GET" else 409 if blocked else 422
        return TemplateResponse(request, "admin/grades/loading/undo.html", context, status=status)

    def _ask(self, request: HttpRequest, run: ImportRun, why: str) -> HttpResponse:
        job = ask(JobTask.UNDO, run=run, by=request.user, why=why)
        if job is None:
            self.message_user(request, _("It is being taken back already."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:grades_importrun_change", args=[run.pk]))
        return HttpResponseRedirect(reverse("admin:grades_importjob_change", args=[job.pk]))
