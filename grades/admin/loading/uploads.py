"""The pages of an uploaded file: bringing it, what it would change, and the buttons that load or discard it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from grades import access
from grades.access import Verb, desk_of
from grades.admin.base import ReadOnlyAdmin, WorkList, refused, where
from grades.admin.loading.forms import LARGEST_LOOKUP, UploadForm
from grades.admin.loading.jobs import job_context, newest_job
from grades.admin.loading.shown import show_proposal
from grades.dates import add_months
from grades.importers.official import uploads
from grades.importers.official.errors import Unreadable, no_room
from grades.importers.official.loading import AlreadyLoaded
from grades.importers.official.reading import LARGEST_FILE, MEGABYTE
from grades.importers.official.uploads import AlreadyHere
from grades.models import Upload
from grades.scales import JobTask
from grades.tasks import ask

LARGEST_REQUEST = LARGEST_FILE + LARGEST_LOOKUP + MEGABYTE
"""Bytes of a form with its files; what announces more is not read at all."""


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """What was brought, by whom, and what became of it."""

    class Work(WorkList):
        """Files that wait for somebody."""

        tasks = {
            "open": (gettext_lazy("neither loaded nor discarded"), lambda rows: rows.open()),
            "loaded": (gettext_lazy("loaded"), where(Q(run__isnull=False))),
        }

    change_form_template = "admin/grades/loading/upload.html"
    change_list_template = "admin/grades/loading/uploads.html"
    list_display = ["file_name", "at", "by", "run", "discarded_at"]
    list_filter = [Work]
    list_select_related = ["by", "run"]
    search_fields = ["file_name", "sha256"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    fields = ["file_name", "size", "sha256", "at", "by", "why"]

    def get_urls(self) -> list[URLPattern]:
        """Add the form, the buttons and the list to download."""
        own: list[tuple[str, Any, str]] = [
            ("new/", self.start_view, "start"),
            ("<int:pk>/compare/", self.compare_view, "compare"),
            ("<int:pk>/load/", self.load_view, "load"),
            ("<int:pk>/discard/", self.discard_view, "discard"),
            ("<int:pk>/changes.csv", self.list_view, "list"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"grades_upload_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the form to those who may load."""
        may_load = self.may(request, Verb.LOAD)
        return super().changelist_view(request, {**(extra_context or {}), "may_load": may_load})

    # Bringing a file

    @method_decorator(csrf_exempt)
    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Ask first who it is and how much is coming, then read it, and only then look at the form's token."""
        access.need(desk_of(request.user), Verb.LOAD, Upload)
        if request.method == "POST" and _announced(request) > LARGEST_REQUEST:
            _let_run_out(request)
            return self._form(request, UploadForm(), uploads.too_large(), status=413)
        try:
            return csrf_protect(self._start)(request)
        except OSError as problem:
            # A large file is kept beside while it comes in, and that place may be full.
            if not no_room(problem):
                raise
            _forget_half(request)
            _let_run_out(request)
            return self._form(request, UploadForm(), uploads.too_full(), status=507)

    def _start(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or take the file and have it compared."""
        if request.method != "POST":
            return self._form(request, UploadForm())
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(request, form, status=422)
        try:
            upload = self._take(request, form)
        except (Unreadable, AlreadyLoaded) as problem:
            form.add_error("file", str(problem))
        except AlreadyHere as problem:
            address = reverse("admin:grades_upload_change", args=[problem.upload.pk])
            form.add_error("file", format_html('<a href="{}">{}</a>', address, str(problem)))
        else:
            return self._back(upload)
        return self._form(request, form, status=422)

    def _take(self, request: HttpRequest, form: UploadForm) -> Upload:
        file: UploadedFile = form.cleaned_data["file"]
        with transaction.atomic():
            upload = uploads.receive(
                file.chunks(),
                name=file.name or "",
                said=form.wishes(),
                by=request.user,
                now=timezone.now(),
                why=form.cleaned_data["why"],
            )
            ask(JobTask.COMPARE, upload=upload, by=request.user)
        return upload

    def _form(
        self, request: HttpRequest, form: UploadForm, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Load an official file"),
            "opts": self.opts,
            "form": form,
            "refusal": refusal,
            "media": self.media + form.media,
            "too_large": uploads.too_large(),
        }
        return TemplateResponse(request, "admin/grades/loading/start.html", context, status=status)

    # The page of a file

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show how the work on it stands, what it would change, and what may be done."""
        job = newest_job(obj)
        obj.refresh_from_db(fields=["run", "proposal"])  # the work may have ended between the two looks
        idle = obj.is_open and not (job and job.is_open) and self.may(request, Verb.LOAD, obj)
        proposal = show_proposal(obj.proposal) if obj.proposal else None
        context |= {
            **job_context(job),
            "upload": obj,
            "said": _said(obj),
            "proposal": proposal,
            "listed": obj.proposal is not None and uploads.list_path(obj).is_file(),
            "may_decide": idle,
            "may_apply": idle and proposal is not None and bool(proposal.editions or not proposal.nothing),
            "title": obj.file_name,
            "subtitle": "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @method_decorator(require_POST)
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it compared again."""
        return self._ask(request, pk, JobTask.COMPARE)

    @method_decorator(require_POST)
    def load_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have loaded what was shown, and nothing else."""
        upload = self.get_object(request, str(pk))
        shown = request.POST.get("digest", "")
        if upload.is_open and shown != (upload.proposal or {}).get("digest"):
            self.message_user(
                request,
                _("It was compared anew meanwhile. Look at what stands here now, and load again."),
                messages.WARNING,
            )
            return self._back(upload)
        return self._ask(request, pk, JobTask.APPLY)

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do not load it; its bytes go."""
        upload = self.get_object(request, str(pk))
        if not self.may(request, Verb.LOAD, upload):
            return refused(request, self, upload, _("National editors decide what is loaded."))
        if not uploads.discard(upload, now=timezone.now()):
            self.message_user(request, _("It is loaded, discarded or at work already."), messages.WARNING)
            return self._back(upload)
        self.message_user(request, _("Discarded. The file is not kept."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:grades_upload_changelist"))

    def list_view(self, request: HttpRequest, pk: int) -> Any:
        """Give every line that it would change, as CSV."""
        upload = self.get_object(request, str(pk))
        kept = uploads.list_path(upload)
        if not kept.is_file():
            return refused(
                request, self, upload, _("The list is not kept any more. Compare the file again."), status=410
            )
        return FileResponse(
            kept.open("rb"),
            as_attachment=True,
            filename=f"upload-{upload.pk}-changes.csv",
            content_type="text/csv; charset=utf-8",
        )

    def _ask(self, request: HttpRequest, pk: int, task: JobTask) -> HttpResponse:
        upload = self.get_object(request, str(pk))
        if not self.may(request, Verb.LOAD, upload):
            return refused(request, self, upload, _("National editors decide what is loaded."))
        if not upload.is_open:
            words = _("It is loaded or discarded already; nothing was done twice.")
            self.message_user(request, words, messages.WARNING)
        elif ask(task, upload=upload, by=request.user) is None:
            self.message_user(request, _("It is being worked on already."), messages.WARNING)
        return self._back(upload)

    def _back(self, upload: Upload) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:grades_upload_change", args=[upload.pk]))


def _said(upload: Upload) -> list[tuple[str, str]]:
    """Give what was said about a file, where anything was."""
    said = upload.wishes
    found = [
        (_("Published on"), said.get("released", "")),
        (_("Edition"), said.get("edition", "")),
        (
            _("Notes on forces"),
            "\n".join(f"{force}: {note}" for force, note in said.get("notes", {}).items()),
        ),
        (
            _("Published totals"),
            "\n".join(f"{_last_month(day)}: {total}" for day, total in said.get("totals", [])),
        ),
        (_("Look-up of authorities"), _("its own") if said.get("lookup") else ""),
        (_("Figures of the seed and of people"), _("the file wins") if said.get("replace") else ""),
        (_("Why"), upload.why),
    ]
    return [(name, words) for name, words in found if words]


def _last_month(day: str) -> str:
    """Name the last of the twelve months before a day, as it was typed."""
    return date_format(add_months(date.fromisoformat(day), -1), "F Y") if day else _("newest")


def _announced(request: HttpRequest) -> int:
    """Give how many bytes a request says that it has."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _forget_half(request: HttpRequest) -> None:
    """Remove at once what came in of a file; Django would leave that to whenever its memory is cleared."""
    for handler in request.upload_handlers:
        with suppress(OSError):  # what cannot be written cannot be flushed either; it is removed all the same
            handler.upload_interrupted()


def _let_run_out(request: HttpRequest) -> None:
    """Pass over a body, within limits: a browser that is still sending would not read the answer."""
    left = 4 * LARGEST_REQUEST
    while left > 0 and (piece := request.read(MEGABYTE)):
        left -= len(piece)
