"""The whole record as files, and each page's own rows."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from zipstream import ZIP_DEFLATED, ZipStream

from grades import datasets, exports, queries
from grades.datasets import Dataset
from grades.exports import Line, Terms
from grades.forms import CompareForm
from grades.queries.downloads import WHOLE, Catalogue, Part
from grades.views.pages import moment, trail

CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"
ARCHIVE = "peel-history.zip"

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _licence() -> str:
    return str(settings.DATA_LICENCE["name"])


def _terms(changed_at: datetime | None = None) -> Terms:
    """Say under which terms the files are; with the moment at which the record last changed, where that is known."""
    return Terms(
        site=settings.SITE_NAME,
        base=settings.BASE_URL,
        operator=settings.OPERATOR,
        licence=_licence(),
        licence_address=settings.DATA_LICENCE["url"],
        changed_at=changed_at,
    )


def _catalogue() -> Catalogue:
    return queries.catalogue(at=timezone.now(), licence=_licence())


def file_view(*takes: str) -> Callable[[View[P]], View[P]]:
    """Let a view answer for a file: it is only read, and takes these parameters and no others.

    With a parameter that it does not know, a file would seem to be another one: that is refused in words.
    """

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if strange := sorted(set(request.GET) - set(takes)):
                raise BadRequest(_refusal(strange[0][:40], takes))
            return view(request, *args, **kwargs)

        return require_safe(answer)

    return decorated


def _refusal(name: str, takes: tuple[str, ...]) -> str:
    if not takes:
        return _("This file takes no “%(name)s”. Ask for its address alone.") % {"name": name}
    known = {"name": name, "known": ", ".join(takes)}
    return _("This file takes no “%(name)s”. It takes “%(known)s” alone.") % known


def _dataset(slug: str) -> Dataset:
    found = datasets.BY_SLUG.get(slug)
    if found is None:
        raise Http404(_("There is no such file. All files are listed under “Data”."))
    return found


def rows_response(
    request: HttpRequest, dataset: Dataset, suffix: str, part: Part = WHOLE, *, may_be_empty: bool = True
) -> HttpResponseBase:
    """Send rows of a file as they are read, `csv` or `json`; 404 for another suffix, or where there has to be a row."""
    if suffix not in ("csv", "json"):
        raise Http404(_("There is no such file of this page."))
    lines = _begun(request, dataset, part)
    if lines is None and not may_be_empty:
        raise Http404(_("There is nothing on record of this."))
    lines = lines or iter(())
    if suffix == "csv":
        body, kind = exports.csv_pieces(dataset, lines), CSV
    else:
        address = f"{settings.BASE_URL}{request.get_full_path()}"
        body, kind = exports.json_pieces(dataset, lines, _terms(), address=address), JSON
    return StreamingHttpResponse(body if request.method == "GET" else (), content_type=kind)


def _begin(pieces: Iterator[T]) -> Iterator[T] | None:
    """Make the first piece before the answer begins, so that what fails can still be said; None where there is none.

    What comes back is closed with the answer, and `pieces` with it.
    """
    for first in pieces:
        return _from(first, pieces)
    return None


def _from(first: T, others: Iterator[T]) -> Iterator[T]:
    yield first
    yield from others


def _begun(request: HttpRequest, dataset: Dataset, part: Part) -> Iterator[Line] | None:
    """Read the first line before the answer begins; None where there is no line.

    Whoever asks for the head alone has all lines read and thrown away: an answer that the database cannot end is an error to it.
    """
    lines = queries.csv_lines(dataset, at=timezone.now(), licence=_licence(), part=part)
    begun = _begin(lines)
    if request.method == "HEAD":
        deque(lines, maxlen=0)
    return begun


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """Every download with its size, the licence, how to cite, what to know first."""
    found = _catalogue()
    context = {
        "found": found,
        "files": [(dataset, found.sizes[dataset.slug]) for dataset in datasets.DATASETS],
        "terms": _terms(found.changed_at),
        "caveats": exports.caveats(),
        "archive": ARCHIVE,
        "trail": trail((_("Data"), "")),
    }
    return render(request, "grades/data.html", context)


@file_view()
def dataset_file(request: HttpRequest, dataset: str, suffix: str) -> HttpResponseBase:
    """One file of the whole record, sent as the database writes it."""
    return rows_response(request, _dataset(dataset), suffix)


@file_view()
def dataset_metadata(request: HttpRequest, dataset: str) -> HttpResponse:
    """What each column of a file holds, as CSV on the Web has it."""
    return _document(exports.csvw(_dataset(dataset), _terms(queries.data_version(at=timezone.now()))))


@file_view()
def data_package(request: HttpRequest) -> HttpResponse:
    """All files as a Frictionless data package."""
    found = _catalogue()
    return _document(exports.data_package(_terms(found.changed_at), found.sizes))


def _document(document: exports.Document) -> HttpResponse:
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1}, content_type=JSON)


@file_view()
def readme(request: HttpRequest) -> HttpResponse:
    """What to know before working with the files: citation, licence, breaks, caveats."""
    return HttpResponse(_readme(_catalogue()), content_type="text/markdown; charset=utf-8")


def _readme(found: Catalogue) -> str:
    cycles = queries.framework(at=timezone.now()).cycles
    return exports.readme(_terms(found.changed_at), cycles, found.sizes)


@file_view()
def archive(request: HttpRequest) -> HttpResponseBase:
    """Everything as one ZIP, packed while it is sent."""
    body = (_begin(_packed()) or ()) if request.method == "GET" else ()
    return StreamingHttpResponse(
        body,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{ARCHIVE}"'},
    )


def _packed() -> Iterator[bytes]:
    """Pack the readme, the files with their metadata, and the change log, all of one moment."""
    packing = ZipStream(compress_type=ZIP_DEFLATED, compress_level=6)
    with queries.one_moment():
        found, now = _catalogue(), timezone.now()
        terms = _terms(found.changed_at)
        packing.add(_readme(found), "README.md")
        packing.add(_as_text(exports.data_package(terms, found.sizes)), "datapackage.json")
        for dataset in datasets.DATASETS:
            lines = queries.csv_lines(dataset, at=now, licence=_licence())
            packing.add(exports.csv_pieces(dataset, lines), f"{dataset.slug}.csv")
            metadata = exports.csvw(dataset, terms) | {"url": f"{dataset.slug}.csv"}
            packing.add(_as_text(metadata), f"{dataset.slug}.csv-metadata.json")
        packing.add((f"{line}\n".encode() for line in queries.log_lines()), "log.jsonl")
        yield from packing


def _as_text(document: exports.Document) -> bytes:
    return bytes(_document(document).content)


# The rows of a page, at its address without the last slash


@file_view()
def force_file(request: HttpRequest, slug: str, suffix: str) -> HttpResponseBase:
    """Every grade of one force, with what is not recorded of it."""
    return rows_response(
        request, datasets.GRADES, suffix, Part(cells=(("force", (slug,)),)), may_be_empty=False
    )


@file_view()
def inspection_file(request: HttpRequest, slug: str, cycle: str, suffix: str) -> HttpResponseBase:
    """Every grade of one force in one cycle, with what is not recorded of it."""
    part = Part(cells=(("force", (slug,)), ("cycle", (cycle,))))
    return rows_response(request, datasets.GRADES, suffix, part, may_be_empty=False)


@file_view()
def response_file(request: HttpRequest, slug: str, cycle: str, pk: int, suffix: str) -> HttpResponseBase:
    """One response or statement, as its row stands in the file of all of them."""
    page = queries.response_page(force=slug, cycle=cycle, pk=pk, **moment())
    if page is None:
        raise Http404(_("There is no such response recorded here."))
    key = {
        "force": page.force.slug,
        "cycle": page.report.cycle_slug,
        "inspection": page.report.inspection_kind,
        "report": page.report.kind,
        "kind": page.response.kind,
        "title": page.response.title,
    }
    part = Part(cells=tuple((name, (value,)) for name, value in key.items()))
    return rows_response(request, datasets.RESPONSES, suffix, part, may_be_empty=False)


@file_view("forces")
def compared_forces_file(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """Every grade of up to four forces, named as on the page: `?forces=kent,essex`."""
    form = CompareForm(request.GET, queries.choices())
    if not form.forces or form.too_many or form.unknown or form.repeated or form.scattered:
        raise BadRequest(_("Name one to four forces by their addresses, as in ?forces=kent,essex."))
    asked = tuple(force.slug for force in form.forces)
    return rows_response(request, datasets.GRADES, suffix, Part(cells=(("force", asked),)))


@file_view()
def coverage_file(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """Every cell that is not recorded here."""
    return rows_response(request, datasets.GRADES, suffix, Part(cells=(("state", ("not-recorded",)),)))
