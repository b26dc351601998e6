"""A complete draft, of which the checklist finds nothing to say, and the moment at which most of it happens."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from grades.models import Force, Inspection
from tests import factories
from tests.people import People

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def complete(force: Force, **fields: Any) -> Inspection:
    """Make a draft of which the checklist finds nothing to say."""
    inspection = factories.inspection(force=force, **fields)
    report = factories.report(inspection=inspection, published_on=date(2026, 3, 1))
    for level in ("good", "adequate"):
        grade = factories.grade(inspection=inspection, report=report, level=level)
        factories.citation(grade=grade, locator="page 4")
    return inspection


@pytest.fixture
def draft(people: People) -> Inspection:
    """Make a complete draft of Warwickshire's."""
    return complete(people.force)
