"""What the tests of the admin share: a superuser who is signed in, and the people of two offices."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client

from grades.models import Force, Office
from tests import factories


@pytest.fixture
def superuser(db: None) -> User:
    """Somebody who may do everything."""
    return factories.user(username="editor", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(superuser: User) -> Client:
    """A browser in which the superuser is signed in."""
    client = Client()
    client.force_login(superuser)
    return client


@dataclass(frozen=True, kw_only=True)
class People:
    """Warwickshire's office, the one next door, and who works where."""

    force: Force
    office: Office
    other_force: Force
    viewer: User
    editor: User
    publisher: User
    stranger: User
    national: User
    superuser: User
    outsider: User


@pytest.fixture
def people(superuser: User) -> People:
    """Make the people."""
    force, other = factories.force(slug="warwickshire"), factories.force(slug="west-mercia")
    office, neighbours = factories.office(forces=[force]), factories.office(forces=[other])
    return People(
        force=force,
        office=office,
        other_force=other,
        viewer=factories.member("viewer", office),
        editor=factories.member("editor", office),
        publisher=factories.member("publisher", office),
        stranger=factories.member("editor", neighbours),
        national=factories.member("national-editor"),
        superuser=superuser,
        outsider=factories.user(is_staff=True),
    )


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Open a browser in which somebody is signed in."""

    def browser(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser
