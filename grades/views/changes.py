"""The public change log: page by page for readers, whole for those who check it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import log_words, queries
from grades.forms import ChangesForm
from grades.views.data import file_view
from grades.views.pages import renamed_address, trail


@require_safe
def change_log(request: HttpRequest) -> HttpResponse:
    """What happened to the record, newest first, of every force or of one."""
    form = ChangesForm(request.GET, forces=queries.log_forces())
    if form.ignored and (address := renamed_address(request)):
        return redirect(address)
    page = queries.changes_page(forces=form.offered, at=timezone.now(), force=form.chosen, page=form.page)
    context = {
        "page": page,
        "entries": [(entry, log_words.entry_words(entry.kind, entry.document)) for entry in page.entries],
        "form": form,
        "ignored": (*form.ignored, *((str(form.page),) if form.page != page.number else ())),
        "trail": trail((_("Changes"), "")),
    }
    return render(request, "grades/changes.html", context)


@file_view()
def log_file(request: HttpRequest) -> HttpResponseBase:
    """The whole log, oldest first, one line an entry, sent as it is read."""
    lines = (f"{line}\n" for line in queries.log_lines()) if request.method == "GET" else ()
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
