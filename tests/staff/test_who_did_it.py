"""The history of a row says who changed it, and where; a database that is away is told in words in the admin too."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from grades.models import Mention
from peel_site.signin import middleware
from tests import factories
from tests.staff.test_signing_in import said

pytestmark = pytest.mark.django_db


def test_row_changed_in_the_admin_says_by_whom_and_where(client):
    mention = factories.mention(status="draft")
    boss = factories.user(is_staff=True, is_superuser=True)
    client.force_login(boss)
    address = reverse("admin:grades_mention_delete", args=[mention.pk])

    client.post(address, {"post": "yes"})

    assert not Mention.objects.exists()
    last = mention._meta.apps.get_model("grades", "MentionHistory").objects.latest("pgh_id")
    assert last.pgh_context == {"user": boss.pk, "url": address}


def test_public_page_asks_neither_session_nor_person(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # for the version of the record
        response = client.get("/robots.txt")

    assert response.cookies == {}


@pytest.mark.parametrize("required", [True, False])
def test_database_that_is_away_is_told_in_words(signed_in, monkeypatch, settings, required):
    settings.MFA_REQUIRED = required

    def away(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(middleware, "has_second_factor", away)
    if not required:
        monkeypatch.setattr(middleware.SignedIn, "_why_ended", staticmethod(away))

    response = signed_in.get(f"/{settings.ADMIN_PATH}")

    assert response.status_code == 503
    assert "Nothing is lost" in said(response)
