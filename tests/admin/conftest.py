"""What the tests of the admin share: a superuser who is signed in, and a browser for anybody else."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

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


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Open a browser in which somebody is signed in."""

    def browser(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser
