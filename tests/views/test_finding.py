"""What a reader may type to find a force: short and whole names, both tongues, with and without accents."""

import pytest

from grades.models import Council, Force, ForceName
from grades.queries import find_force
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forces() -> None:
    """London's two forces, and one with councils in Wales."""
    own_names = {
        "city-of-london": ("City of London Police", "City of London"),
        "metropolitan": ("Metropolitan Police Service", "Metropolitan Police"),
        "north-wales": ("North Wales Police", "North Wales"),
    }
    found: dict[str, Force] = {
        slug: factories.force(slug=slug, official_name=official, short_name=short)
        for slug, (official, short) in own_names.items()
    }
    for slug, name in (
        ("city-of-london", "London, City of"),
        ("metropolitan", "London"),
        ("metropolitan", "Greater London"),
    ):
        ForceName.objects.create(force=found[slug], name=name)
    for code, name, welsh in (
        ("W06000001", "Isle of Anglesey", "Ynys Môn"),
        ("W06000006", "Wrexham", "Wrecsam"),
        ("W06000002", "Gwynedd", "Gwynedd"),
    ):
        Council.objects.create(code=code, name=name, welsh_name=welsh, force=found["north-wales"])


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ("London", {"city-of-london", "metropolitan"}),
        ("london police", {"city-of-london", "metropolitan"}),
        ("Greater London", {"metropolitan"}),
        ("City of London", {"city-of-london"}),
        ("London, City of", {"city-of-london"}),
        ("Metropolitan Police Service", {"metropolitan"}),
        ("met", {"metropolitan"}),
        ("Ynys Môn", {"north-wales"}),
        ("ynys mon", {"north-wales"}),
        ("Anglesey", {"north-wales"}),
        ("police", set()),
    ],
)
def test_what_is_found(asked: str, slugs: set[str]) -> None:
    assert {found.slug for found in find_force(asked=asked).found} == slugs


@pytest.mark.parametrize("asked", ["Wrexham", "Wrecsam", "Gwynedd"])
def test_a_council_is_named_as_it_was_asked_for(asked: str) -> None:
    (found,) = find_force(asked=asked).found

    assert found.because == asked
