"""What the migrations of data do to the rows that they find."""

from importlib import import_module

import pytest
from django.apps import apps

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", ["finding", "finding_event", "monitoring_period", "response", "mention"])
def test_what_was_public_before_it_had_a_status_stays_public(make: str) -> None:
    record = getattr(factories, make)(status="draft")

    import_module("grades.migrations.0006_public_as_before").publish(apps, None)

    record.refresh_from_db()
    assert record.status == "published"
    assert record.published_at is not None
