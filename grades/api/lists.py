"""The lists of the API, and the document that describes them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router
from ninja.errors import ValidationError
from pydantic import BaseModel, ConfigDict, Field

from grades.api import asking, shapes
from grades.api.answering import answer
from grades.api.problems import MEDIA_TYPE, ROOT, Fault, Problem, RefusedError, problem
from grades.queries import records

Record = TypeVar("Record", bound=shapes.Shape)

VERSION = "1.0"


class Licence(BaseModel):
    """The terms under which the data may be used."""

    name: str
    address: str


class Records(BaseModel, Generic[Record]):
    """A piece of a list."""

    model_config = ConfigDict(extra="forbid")

    data: list[Record]
    next: str | None = Field(description="The address of the next piece; null at the end of the list.")
    licence: Licence
    about: str = Field(description="The page that explains the API.")


class Forces(Records[shapes.Force]):
    """Forces."""


class Cycles(Records[shapes.Cycle]):
    """Cycles."""


class Themes(Records[shapes.Theme]):
    """Themes."""


class Questions(Records[shapes.Question]):
    """Questions."""


class Grades(Records[shapes.Grade]):
    """Grades."""


class Findings(Records[shapes.Finding]):
    """Findings."""


class Responses(Records[shapes.Response]):
    """Responses."""


class Metrics(Records[shapes.Metric]):
    """Metrics."""


class Observations(Records[shapes.Observation]):
    """Figures."""


class Changes(Records[shapes.Change]):
    """Entries of the change log."""


router = Router(tags=["lists"])


def listing(
    name: str, shape: type[BaseModel]
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Put a list at its address, for GET and HEAD; the description names the former alone."""

    def register(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        add = partial(
            router.add_api_operation,
            f"/{name}/",
            view_func=view,
            url_name=name,
            operation_id=name,
            response={200: shape, 400: Problem, 429: Problem},
        )
        add(methods=["GET"])
        add(methods=["HEAD"], include_in_schema=False)
        return view

    return register


@listing("forces", Forces)
def forces(request: HttpRequest, asked: Query[asking.AskedForces]) -> HttpResponse:
    """The police forces, by slug."""
    find = partial(records.forces, slug=asking.each(asked.slug), nation=asked.nation)
    return answer(request, asked, shape=shapes.Force, find=find, own=records.Known.FORCE)


@listing("cycles", Cycles)
def cycles(request: HttpRequest, asked: Query[asking.Asked]) -> HttpResponse:
    """The cycles of inspections, oldest first, with the breaks between them and what their grades mean."""
    return answer(request, asked, shape=shapes.Cycle, find=records.cycles)


@listing("themes", Themes)
def themes(request: HttpRequest, asked: Query[asking.Asked]) -> HttpResponse:
    """The themes that join questions over the cycles, in the order of this site."""
    return answer(request, asked, shape=shapes.Theme, find=records.themes)


@listing("questions", Questions)
def questions(request: HttpRequest, asked: Query[asking.AskedQuestions]) -> HttpResponse:
    """The questions of every cycle, and how each follows earlier ones."""
    find = partial(
        records.questions,
        cycle=asking.each(asked.cycle),
        theme=asking.each(asked.theme),
        pillar=asking.each(asked.pillar),
    )
    return answer(request, asked, shape=shapes.Question, find=find)


@listing("grades", Grades)
def grades(request: HttpRequest, asked: Query[asking.AskedGrades]) -> HttpResponse:
    """Every recorded grade or state of published inspections, with its sources. Nothing is averaged or ranked.

    A question that is graded for every force and has no record here for one of them is a gap of this record, not of the
    inspection. `/forces/<slug>.json` has every question of a force, such gaps named.
    """
    find = partial(
        records.grades,
        number=asking.numbers(asked.id),
        force=asking.each(asked.force),
        cycle=asking.each(asked.cycle),
        theme=asking.each(asked.theme),
        pillar=asking.each(asked.pillar),
        question=asking.numbers(asked.question),
        state=asked.state,
        level=asked.grade,
        checked=asked.checked,
    )
    return answer(request, asked, shape=shapes.Grade, find=find)


@listing("findings", Findings)
def findings(request: HttpRequest, asked: Query[asking.AskedFindings]) -> HttpResponse:
    """Causes of concern, recommendations, areas for improvement and practices worth copying, with their steps."""
    find = partial(
        records.findings,
        force=asking.each(asked.force),
        cycle=asking.each(asked.cycle),
        theme=asking.each(asked.theme),
        kind=asked.kind,
    )
    return answer(request, asked, shape=shapes.Finding, find=find)


@listing("responses", Responses)
def responses(request: HttpRequest, asked: Query[asking.AskedResponses]) -> HttpResponse:
    """What policing bodies published about reports, held against the 56 days."""
    find = partial(
        records.responses,
        force=asking.each(asked.force),
        cycle=asking.each(asked.cycle),
        kind=asked.kind,
    )
    return answer(request, asked, shape=shapes.Response, find=find)


@listing("metrics", Metrics)
def metrics(request: HttpRequest, asked: Query[asking.AskedMetrics]) -> HttpResponse:
    """What is counted: definitions, caveats, and the days on which the way of counting changed."""
    find = partial(records.metrics, slug=asking.each(asked.slug))
    return answer(request, asked, shape=shapes.Metric, find=find, own=records.Known.METRIC)


@listing("observations", Observations)
def observations(request: HttpRequest, asked: Query[asking.AskedObservations]) -> HttpResponse:
    """Figures of areas and periods, each with its release. England and Wales is the rate of the total, never a mean."""
    find = partial(
        records.observations,
        metric=asking.each(asked.metric),
        area=asking.each(asked.area),
        force=asking.each(asked.force),
        basis=asked.basis,
        ends_from=asked.ends_from,
        ends_to=asked.ends_to,
        every_release=bool(asked.every_release),
    )
    return answer(request, asked, shape=shapes.Observation, find=find)


@listing("changes", Changes)
def changes(request: HttpRequest, asked: Query[asking.AskedChanges]) -> HttpResponse:
    """The public change log, oldest first: publications, corrections with the old value, responses, loads."""
    find = partial(
        records.changes,
        force=asking.each(asked.force),
        kind=asked.kind,
        since=asking.start_of(asked.since),
    )
    return answer(request, asked, shape=shapes.Change, find=find)


class RecordAPI(NinjaAPI):
    """The API, whose description also names the media type of problems and the header fields of every answer."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Describe the API as OpenAPI 3.1."""
        schema = super().get_openapi_schema(**kwargs)
        shapes_used = schema["components"]["schemas"]
        schema["components"]["schemas"] = {
            name: _untitled(shape) for name, shape in shapes_used.items() if not name.startswith("Asked")
        }
        for path in schema["paths"].values():
            for operation in path.values():
                operation["parameters"] = [_untitled(parameter) for parameter in operation["parameters"]]
                for status, described in operation["responses"].items():
                    described["headers"] = _headers(int(status))
                    if int(status) >= 400:
                        described["content"] = {MEDIA_TYPE: described["content"].pop("application/json")}
        return schema


def _untitled(schema: Any) -> Any:
    """Leave out the titles that are made of names by a machine, and tell nothing."""
    if isinstance(schema, list):
        return [_untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    titled = isinstance(schema.get("title"), str)
    return {name: _untitled(part) for name, part in schema.items() if not (titled and name == "title")}


def _headers(status: int) -> dict[str, Any]:
    """Describe the header fields of an answer."""
    told = {
        "RateLimit-Policy": "How many requests one address may make, and in how many seconds. Not behind a proxy that holds answers.",
        "RateLimit": "How many requests are left, and in how many seconds they are counted anew. Not behind a proxy that holds answers.",
    }
    if status == 429:
        told["Retry-After"] = "In how many seconds to ask again."
    return {name: {"description": said, "schema": {"type": "string"}} for name, said in told.items()}


api = RecordAPI(
    title="PEEL history",
    version=VERSION,
    description=(
        "The inspection record of every police force in England and Wales, read only. Each record names its state, its "
        "sources and the breaks across which nothing may be compared. Grades are inspectors' judgments, not official "
        "statistics; they are never averaged or ranked here, and should not be elsewhere."
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_router("", router)


def description() -> dict[str, Any]:
    """Describe the API as OpenAPI 3.1, with addresses as they are below the site's own."""
    return dict(api.get_openapi_schema(path_prefix=ROOT))


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, exception: RefusedError) -> HttpResponse:
    """400: a parameter is not one of the list, or does not fit."""
    return _bad_request(exception.faults)


@api.exception_handler(ValidationError)
def misfit(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    """400: a parameter is not of its form."""
    return _bad_request(tuple(_fault(error) for error in exception.errors))


def _fault(error: dict[str, Any]) -> Fault:
    """Say what is wrong with a parameter; the checks of `asking` speak for themselves."""
    said = error.get("ctx", {}).get("error")
    return Fault(str(error["loc"][-1]), str(said or error["msg"]))


def _bad_request(faults: tuple[Fault, ...]) -> HttpResponse:
    detail = " ".join(f"{fault.parameter}: {fault.detail}" for fault in faults)
    return problem(
        status=400, kind="parameters", title=_("A parameter does not fit"), detail=detail, faults=faults
    )
