"""From a request to a list to its answer: what was asked is checked, one question is asked, one document goes out."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from grades.api.asking import Asked, each
from grades.api.problems import Fault, RefusedError
from grades.api.shapes import Shape
from grades.queries.records import Known, Piece, Wanted, unknown
from grades.queries.renamed import renamed_forces


def refuse_strange(asked: QueryDict, taken: type[BaseModel]) -> None:
    """Refuse parameters that the list does not take, and such as come twice."""
    names = tuple(taken.model_fields)
    faults = [
        Fault(name, _("There is no such parameter here. There are: %(names)s.") % {"names": ", ".join(names)})
        for name in asked
        if name not in names
    ]
    twice = _("It comes more than once. Several values go into one, with commas between them.")
    faults += [Fault(name, twice) for name in asked if name in names and len(asked.getlist(name)) > 1]
    if faults:
        raise RefusedError(faults)


def refuse_unknown(asked: BaseModel, own: Known | None) -> None:
    """Refuse slugs that name nothing here, in one query, two for some forces; `own` is what the parameter `slug` names, if there is one."""
    parameters = {kind: str(kind) for kind in Known} | ({own: "slug"} if own else {})
    named = {kind: slugs for kind, name in parameters.items() if (slugs := each(getattr(asked, name, "")))}
    strange = unknown(named)
    renamed = renamed_forces() if any(kind == Known.FORCE for kind, _slug in strange) else {}
    faults = [Fault(parameters[kind], _nothing(slug, renamed.get(slug, ""))) for kind, slug in strange]
    if faults:
        raise RefusedError(faults)


def _nothing(slug: str, today: str) -> str:
    """Say that a slug names nothing here, or what it is today if it was a force's."""
    if today:
        return _("The force that was “%(slug)s” is now “%(today)s”.") % {"slug": slug, "today": today}
    return _("Nothing here is called “%(slug)s”.") % {"slug": slug}


def chosen_fields(asked: Asked, shape: type[BaseModel]) -> set[str] | None:
    """Give the names of the fields that are wished for, None for all."""
    wished = each(asked.fields)
    names = tuple(shape.model_fields)
    faults = [
        Fault(
            "fields",
            _("There is no field “%(name)s”. There are: %(names)s.")
            % {"name": name, "names": ", ".join(names)},
        )
        for name in wished
        if name not in names
    ]
    if faults:
        raise RefusedError(faults)
    return set(wished) or None


def cursor(listing: str, key: int | str) -> str:
    """Write the place after a key of a list, as a text that means nothing to anybody else."""
    kind = "n" if isinstance(key, int) else "s"
    return base64.urlsafe_b64encode(f"{listing}:{kind}:{key}".encode()).decode().rstrip("=")


def key_of(text: str, listing: str, *, numbered: bool) -> int | str | None:
    """Read a cursor of a list whose keys are numbers, or slugs; refuse any other text."""
    if not text:
        return None
    try:
        said = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        said = ""
    form = r"n:(\d{1,18})" if numbered else r"s:([a-z0-9-]{1,100})"
    found = re.fullmatch(f"{re.escape(listing)}:{form}", said, re.ASCII)
    if found is None:
        raise RefusedError(
            [Fault("cursor", _("This is no cursor of this list. Take it from “next” of an earlier answer."))]
        )
    return int(found[1]) if numbered else found[1]


def answer(
    request: HttpRequest,
    asked: Asked,
    *,
    shape: type[Shape],
    find: Callable[[Wanted], Piece[Any]],
    own: Known | None = None,
) -> HttpResponse:
    """Answer with a piece of a list. `own` is what its keys name where they are slugs, None where they are numbers."""
    refuse_strange(request.GET, type(asked))
    listing = str(request.resolver_match.url_name if request.resolver_match else "")
    fields = chosen_fields(asked, shape)
    after = key_of(asked.cursor, listing, numbered=own is None)
    refuse_unknown(asked, own)
    now = timezone.now()
    found = find(
        Wanted(
            limit=asked.limit,
            after=after,
            at=now,
            today=timezone.localdate(now),
            limit_from=settings.RESPONSE_LIMIT_FROM,
        )
    )
    onward = None
    if found.next_after is not None:
        wishes = request.GET.dict() | {"cursor": cursor(listing, found.next_after)}
        onward = f"{settings.BASE_URL}{request.path}?{urlencode(wishes, safe=',')}"
    document = {
        "data": [shape.of(row).model_dump(mode="json", include=fields) for row in found.rows],
        "next": onward,
        "licence": licence(),
        "about": f"{settings.BASE_URL}{reverse('api')}",
    }
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    if onward:
        response.headers["Link"] = f'<{onward}>; rel="next"'
    return response


def licence() -> dict[str, Any]:
    """Give the terms that travel with every answer."""
    return {"name": settings.DATA_LICENCE["name"], "address": settings.DATA_LICENCE["url"]}
