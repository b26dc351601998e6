"""What goes wrong, as problem details (RFC 9457): one document for programs, in the words that a reader gets too."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

ROOT = "/api/v1/"
"""Below this address every answer is for programs, errors too."""

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class RefusedError(Exception):
    """A request that cannot be answered as it was asked, with each of its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.detail for fault in self.faults))


class FaultyParameter(BaseModel):
    """What is wrong with one parameter of a request."""

    parameter: str = Field(description="Its name.")
    detail: str = Field(description="What is wrong with it, and what it takes.")


class Problem(BaseModel):
    """Problem details as in RFC 9457."""

    type: str = Field(
        description="An address that explains this kind of problem.", json_schema_extra={"format": "uri"}
    )
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The status code.", ge=400, le=599)
    detail: str = Field(description="What happened, in a sentence or two.")
    errors: list[FaultyParameter] = Field(
        default=[], description="What is wrong with each parameter, if any is."
    )


def for_programs(request: HttpRequest) -> bool:
    """Say whether whoever asks expects a document rather than a page."""
    return request.path_info.startswith(ROOT)


def problem(*, status: int, kind: str, title: str, detail: str, faults: Iterable[Fault] = ()) -> JsonResponse:
    """Answer with problem details. `kind` is where the page about the API explains it."""
    document: dict[str, Any] = {
        "type": f"{settings.BASE_URL}{reverse('api')}#{kind}",
        "title": title,
        "status": HTTPStatus(status).value,
        "detail": detail,
    }
    if errors := [{"parameter": fault.parameter, "detail": fault.detail} for fault in faults]:
        document["errors"] = errors
    return JsonResponse(
        document, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def only_reading() -> JsonResponse:
    """405: what is public is only read."""
    detail = _("The record can be read here, and not written. Ask with GET, HEAD or OPTIONS.")
    return problem(status=405, kind="method", title=_("Only reading is possible"), detail=detail)


def unavailable() -> JsonResponse:
    """503: the database does not answer."""
    detail = _("The database does not answer. Please ask again in half a minute.")
    return problem(status=503, kind="unavailable", title=_("Not available for a moment"), detail=detail)
