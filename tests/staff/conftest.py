"""What the tests of signing in share: a person with a password, and nothing counted from the test before."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings

from tests import factories
from tests.staff.people import PASSWORD


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    """Forget how often something was asked for."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: how slowly it is done otherwise is Django's business."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def person() -> User:
    """A member of an office, with a password and without a second factor."""
    user = factories.member("publisher", username="anna", email="anna@example.org", first_name="Anna")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """A browser in which that person is signed in."""
    client.force_login(person)
    return client
