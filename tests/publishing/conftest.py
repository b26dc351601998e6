"""Two offices with their people, and a complete draft of one of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from grades.models import Force, Inspection, Office
from tests import factories

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Desks:
    """Warwickshire's office with a viewer, an editor and two publishers; another office; a national editor."""

    force: Force
    office: Office
    viewer: User
    editor: User
    publisher: User
    colleague: User
    stranger: User
    national: User


@pytest.fixture
def desks(db: None) -> Desks:
    """Make the people."""
    force, other = factories.force(slug="warwickshire"), factories.force(slug="west-mercia")
    office, neighbours = factories.office(forces=[force]), factories.office(forces=[other])
    return Desks(
        force=force,
        office=office,
        viewer=factories.member("viewer", office),
        editor=factories.member("editor", office),
        publisher=factories.member("publisher", office),
        colleague=factories.member("publisher", office),
        stranger=factories.member("publisher", neighbours),
        national=factories.member("national-editor"),
    )


def complete(force: Force, **fields: Any) -> Inspection:
    """Make a draft of which the checklist finds nothing to say."""
    inspection = factories.inspection(force=force, **fields)
    report = factories.report(inspection=inspection, published_on=date(2026, 3, 1))
    for level in ("good", "adequate"):
        grade = factories.grade(inspection=inspection, report=report, level=level)
        factories.citation(grade=grade, locator="page 4")
    return inspection


@pytest.fixture
def draft(desks: Desks) -> Inspection:
    """Make a complete draft of Warwickshire's."""
    return complete(desks.force)
