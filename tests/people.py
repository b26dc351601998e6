"""The people of two offices, for tests of who may do what and of the steps between them."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from grades.models import Force, Office
from tests import factories


@dataclass(frozen=True, kw_only=True)
class People:
    """Warwickshire's office, the one next door, and who works where; `stranger` is a publisher next door."""

    force: Force
    office: Office
    other_force: Force
    viewer: User
    editor: User
    publisher: User
    colleague: User
    stranger: User
    national: User
    superuser: User
    outsider: User


def make_people() -> People:
    """Make the offices and everybody in them."""
    force, other = factories.force(slug="warwickshire"), factories.force(slug="west-mercia")
    office, neighbours = factories.office(forces=[force]), factories.office(forces=[other])
    return People(
        force=force,
        office=office,
        other_force=other,
        viewer=factories.member("viewer", office),
        editor=factories.member("editor", office),
        publisher=factories.member("publisher", office),
        colleague=factories.member("publisher", office),
        stranger=factories.member("publisher", neighbours),
        national=factories.member("national-editor"),
        superuser=factories.user(is_staff=True, is_superuser=True),
        outsider=factories.user(is_staff=True),
    )
