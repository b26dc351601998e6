"""The whole record as files."""

from itertools import chain

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grades import datasets, queries


@require_safe
def dataset_csv(request: HttpRequest, dataset: str) -> HttpResponseBase:
    """One file of the whole record, sent as the database writes it."""
    found = datasets.BY_SLUG.get(dataset)
    if found is None:
        raise Http404(_("There is no such file. All files are listed under “Data”."))
    pieces = queries.csv_pieces(found, at=timezone.now(), licence=settings.DATA_LICENCE["name"])
    # The first piece is made before the answer begins, so that what fails can still be said.
    body = chain([next(pieces)], pieces) if request.method == "GET" else ()
    return StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
