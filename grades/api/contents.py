"""What the API holds, for a program that starts at its root."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from grades.api.answering import licence
from grades.api.asking import Asked
from grades.api.lists import VERSION, description, router


def list_names() -> tuple[str, ...]:
    """Name the lists, in the order in which they are best read."""
    return tuple(str(view.url_name) for view in router.path_operations.values())


def filters() -> dict[str, tuple[str, ...]]:
    """Give the filters that each list takes beside what all of them take."""
    return {
        name: tuple(
            parameter["name"]
            for parameter in path["get"]["parameters"]
            if parameter["name"] not in Asked.model_fields
        )
        for name, path in zip(list_names(), description()["paths"].values(), strict=True)
    }


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The addresses of the lists, of their description and of the page that explains them."""
    here = settings.BASE_URL
    document = {
        "version": VERSION,
        "lists": {name: f"{here}{reverse(f'api:{name}')}" for name in list_names()},
        "openapi": f"{here}{reverse('api:openapi')}",
        "about": f"{here}{reverse('api')}",
        "licence": licence(),
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API as OpenAPI 3.1."""
    return JsonResponse(
        {**description(), "servers": [{"url": settings.BASE_URL}]}, json_dumps_params={"ensure_ascii": False}
    )
