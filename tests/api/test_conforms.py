"""Requests made out of the API's own description: no fault of ours, and every answer as described."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from grades.api.contents import list_names
from tests.soak import LONG, times

pytestmark = [pytest.mark.soak, pytest.mark.django_db, pytest.mark.usefixtures("record")]

CASES = times(500, 10_000)
"""As many requests are made of all lists together."""


@pytest.fixture
def described() -> Iterator[schemathesis.BaseSchema]:
    """The description, as the site gives it, and the site to hold against it; the test's connection stays open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with override_settings(API_REQUESTS_A_MINUTE=10**9):
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", list_names())
def test_answers_are_as_described(described: schemathesis.BaseSchema, name: str) -> None:
    """A slug of the right form that names nothing is refused, as it should be: no description can know them all."""
    operation = described[f"/api/v1/{name}/"]["GET"]
    cases = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=CASES // len(list_names()),
        deadline=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategies.one_of(cases))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
        )

    check()
