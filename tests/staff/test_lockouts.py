"""Too many wrong passwords or codes: who is locked out, what they are told, and what the log says."""

import logging

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.staff.people import PASSWORD, code_now, give_app, sign_in
from tests.staff.test_signing_in import ADMIN, said

pytestmark = pytest.mark.django_db

LIMIT = settings.AXES_FAILURE_LIMIT


def fail(client: Client, times: int = LIMIT, login: str = "anna", **where: str):
    """Send a wrong password so many times, and give the last answer."""
    for _ in range(times):
        response = client.post(
            reverse("account_login"), {"login": login, "password": "wrong!secret"}, **where
        )
    return response


def test_too_many_wrong_passwords_are_answered_with_429_in_words(client, person):
    allowed = fail(client, LIMIT - 1)
    locked = fail(client, 1)

    assert allowed.status_code == 200
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "wait 15 minutes" in said(locked)


def test_right_password_opens_nothing_while_locked_out(client, person):
    fail(client)

    assert sign_in(client).status_code == 429
    assert client.get(ADMIN).status_code == 302
    assert client.get(reverse("account_login")).status_code == 200, "the form is still shown"


def test_lock_ends_by_itself(client, person):
    fail(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)

    assert sign_in(client).url == ADMIN


def test_attempts_while_locked_out_do_not_prolong_it(client, person):
    fail(client)
    before = AccessAttempt.objects.get().attempt_time

    fail(client, 2)

    assert AccessAttempt.objects.get().attempt_time == before


def test_right_password_forgets_what_was_wrong_before(client, person):
    fail(client, LIMIT - 1)
    sign_in(client)
    client.post(reverse("account_logout"))

    assert fail(client, LIMIT - 1).status_code == 200


def test_name_and_address_count_as_one_person(client, person):
    fail(client, LIMIT - 1, "Anna@example.org")

    assert fail(client, 1, "ANNA").status_code == 429


def test_another_person_and_another_place_are_not_locked_out(client, person):
    fail(client)
    other = factories.member(username="ben")
    other.set_password(PASSWORD)
    other.save()

    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).url == ADMIN
    assert sign_in(Client(), "ben").url == ADMIN


@pytest.mark.parametrize(("count", "locked"), [(0, 429), (1, 200)])
def test_address_is_what_a_proxy_says_only_behind_one(client, person, count, locked):
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=count):
        for last in range(LIMIT):
            response = fail(client, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.9, 198.51.100.{last}")

    assert response.status_code == locked


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_reader_does_not_choose_the_address_behind_a_proxy(client, person):
    for made_up in range(LIMIT):
        response = fail(client, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{made_up}, 198.51.100.1")

    assert response.status_code == 429


def test_wrong_codes_are_counted_like_wrong_passwords(client, person):
    give_app(person)
    sign_in(client)
    for _ in range(LIMIT):
        response = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert response.status_code == 429
    assert client.post(reverse("mfa_authenticate"), {"code": code_now()}).status_code == 429
    assert client.get(ADMIN).status_code == 302
    assert Authenticator.objects.get(type="totp").last_used_at is None


def test_wrong_password_of_somebody_signed_in_counts_too(signed_in):
    for _ in range(LIMIT):
        response = signed_in.post(reverse("account_reauthenticate"), {"password": "wrong"})

    assert response.status_code == 429


def test_log_names_who_and_where_and_never_what_was_typed(client, person, caplog):
    with caplog.at_level(logging.INFO):
        fail(client)
        sign_in(Client(REMOTE_ADDR="192.0.2.7"))

    assert "A wrong password for 'anna' from 127.0.0.1" in caplog.text
    assert "Locked out: 'anna' from 127.0.0.1" in caplog.text
    assert "Signed in: 'anna' from 192.0.2.7" in caplog.text
    assert "wrong!secret" not in caplog.text
    assert PASSWORD not in caplog.text


def test_nothing_that_was_typed_as_a_secret_is_kept(client, person):
    give_app(person)
    fail(client, 1)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "123123"})

    kept = str(list(AccessAttempt.objects.values()))

    assert "wrong!secret" not in kept
    assert "123123" not in kept


@pytest.mark.parametrize("next_one", [lambda: fail(Client(), 1, login="bert"), lambda: sign_in(Client())])
def test_attempts_that_count_no_more_are_deleted_with_anybodys_next(client, person, next_one):
    fail(client, login="carol")
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)

    next_one()

    assert not AccessAttempt.objects.filter(username="carol").exists()


def test_privacy_page_says_what_is_kept_of_attempts_and_how_long(client, person):
    fail(client, 1)
    attempt = AccessAttempt.objects.get()
    page = said(client.get(reverse("about-privacy")))

    assert (attempt.username, attempt.ip_address) == ("anna", "127.0.0.1")
    assert "by name, network address and browser" in page
    assert f"After {LIMIT} wrong attempts the sign-in is closed to that name at that address." in page
    assert "void after 15 minutes, and deleted the next time that anybody signs in or fails to." in page


def test_many_mails_to_one_address_are_refused_in_words(client, person):
    for _ in range(4):
        response = client.post(reverse("account_reset_password"), {"email": "anna@example.org"})

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert "Too many attempts" in said(response)


def test_many_names_from_one_address_are_refused_too(client, person):
    statuses = [fail(client, 1, login=f"name-{number}").status_code for number in range(31)]

    assert statuses == [200] * 30 + [429]


def test_mails_to_many_addresses_are_refused_too(client, person):
    statuses = [
        client.post(reverse("account_reset_password"), {"email": f"{number}@example.org"}).status_code
        for number in range(21)
    ]

    assert statuses == [302] * 20 + [429]


def test_lock_is_taken_off_at_the_command_line(client, person, capsys):
    fail(client)

    call_command("axes_reset_username", "anna")

    assert sign_in(client).url == ADMIN


def test_claiming_somebodys_address_moves_no_attempts_away_from_them(client, person):
    EmailAddress.objects.create(user=factories.user(pk=2**20), email="anna@example.org")

    locked = fail(client, login="anna@example.org")

    assert locked.status_code == 429
    assert AccessAttempt.objects.get().username == "anna"
