"""The second step: set up, asked for, lost; and no page of the admin without it where it is required."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.sites import site as admin_site
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, reverse

from tests import factories
from tests.staff.people import PASSWORD, SECRET, code_now, give_app, sign_in
from tests.staff.test_signing_in import ADMIN, said

pytestmark = pytest.mark.django_db


def addresses(patterns: list, before: str = "") -> Iterator[str]:
    """Give an address for every pattern of an URLconf, with 1 wherever it wants something."""
    for pattern in patterns:
        route = before + re.sub(
            r"\^|\$|\\Z|\?", "", re.sub(r"<[^>]+>|\(\?P?<?[^)]*\)", "1", str(pattern.pattern))
        )
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


WHOLE_ADMIN = sorted(set(addresses(admin_site.get_urls(), ADMIN)))


def test_walk_over_the_admin_finds_its_pages():
    assert {f"{ADMIN}", f"{ADMIN}autocomplete/", f"{ADMIN}grades/grade/1/change/"} <= set(WHOLE_ADMIN)
    assert len(WHOLE_ADMIN) > 100


@override_settings(MFA_REQUIRED=True)
def test_no_page_of_the_admin_answers_without_a_second_step(signed_in, subtests):
    open_to_all = {f"{ADMIN}login/", f"{ADMIN}logout/"}

    for address in WHOLE_ADMIN:
        for method in ("get", "post", "put", "head"):
            if address not in open_to_all:
                with subtests.test(address=address, method=method):
                    response = getattr(signed_in, method)(address)

                    assert response.status_code == 302
                    assert response.url == reverse("mfa_index")


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_in_of_the_admin_itself_lets_nobody_in(client, signed_in, method):
    """Not even somebody who is signed in already, and would change to an account whose password they know."""
    other = factories.member(username="ben")
    other.set_password(PASSWORD)
    other.save()
    give_app(other)
    given = {"username": "ben", "password": PASSWORD, "next": ADMIN}

    from_outside = getattr(Client(), method)(f"{ADMIN}login/", given)
    from_inside = getattr(signed_in, method)(f"{ADMIN}login/", given)

    assert from_outside.url.startswith(reverse("account_login"))
    assert from_inside.url == ADMIN
    assert signed_in.session["_auth_user_id"] != str(other.pk)


@override_settings(MFA_REQUIRED=True)
def test_admin_opens_once_an_app_is_set_up(client, person):
    sign_in(client)
    led = client.get(ADMIN, follow=True)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    codes = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)

    assert "Set up a second step first" in said(led)
    assert "Your account has none yet" in said(led)
    assert '<svg class="qr"' in page.content.decode()
    assert "data:" not in page.headers["Content-Security-Policy"]
    assert secret in said(page)
    assert "This code is not right" in said(wrong)
    assert len(re.findall(r"\b\d{8}\b", said(codes))) == 10
    assert client.get(ADMIN).status_code == 200


def test_secret_is_not_readable_in_the_database(person):
    give_app(person)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in stored
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_now())


def test_secret_is_read_with_a_former_key_and_lost_without(person):
    give_app(person)
    app = Authenticator.objects.get(type="totp").wrap()

    with override_settings(SECRET_KEY="another" * 9, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert app.validate_code(code_now())
    with override_settings(SECRET_KEY="another" * 9):
        assert not app.validate_code(code_now(steps=1))


def test_password_alone_opens_nothing(client, person):
    give_app(person)

    response = sign_in(client)

    assert response.url == reverse("mfa_authenticate")
    assert client.get(ADMIN).status_code == 302
    assert "The second step" in said(client.get(response.url))


def test_code_of_the_app_opens_the_admin_and_keeps_the_aim(client, person):
    give_app(person)
    sign_in(client, next=f"{ADMIN}grades/force/")

    assert "This code is not right" in said(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert client.post(reverse("mfa_authenticate"), {"code": code_now()}).url == f"{ADMIN}grades/force/"


def test_code_of_the_app_works_once(client, person):
    give_app(person)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now(steps=1)})
    client.post(reverse("account_logout"))
    sign_in(client)

    again = client.post(reverse("mfa_authenticate"), {"code": code_now(steps=1)})

    assert "was used already" in said(again)


def test_recovery_code_works_once(client, person):
    give_app(person)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).url == ADMIN
    client.post(reverse("account_logout"))
    sign_in(client)

    again = client.post(reverse("mfa_authenticate"), {"code": code})

    assert "This code is not right" in said(again)


def test_second_step_that_was_never_begun_is_explained(client):
    response = client.get(reverse("mfa_authenticate"), follow=True)

    assert "That took too long, or was not begun here." in said(response)


@override_settings(ACCOUNT_LOGIN_TIMEOUT=0)
def test_second_step_that_takes_too_long_is_explained(client, person):
    give_app(person)
    sign_in(client)

    response = client.post(reverse("mfa_authenticate"), {"code": code_now()}, follow=True)

    assert "That took too long" in said(response)


def test_recovery_codes_are_shown_saved_and_made_anew(client, person):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    give_app(person)

    shown = re.findall(r"\b\d{8}\b", said(client.get(reverse("mfa_view_recovery_codes"))))
    file = client.get(reverse("mfa_download_recovery_codes"))
    made = client.post(reverse("mfa_generate_recovery_codes"), follow=True)

    assert re.findall(r"\b\d{8}\b", file.content.decode()) == shown
    assert settings.SITE_NAME in file.content.decode()
    assert set(re.findall(r"\b\d{8}\b", said(made))).isdisjoint(shown)


@override_settings(MFA_REQUIRED=True)
def test_whoever_removes_the_app_is_led_to_setting_one_up(client, person):
    give_app(person)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    client.post(reverse("mfa_reauthenticate"), {"code": code_now(steps=1)})

    removed = client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert "Your authenticator app is removed from your account." in said(removed)
    assert client.get(ADMIN).url == reverse("mfa_index")
    assert mail.outbox[-1].subject == f"{settings.SITE_NAME}: Authenticator app removed"
    assert "If this was not you" in mail.outbox[-1].body


def test_setting_up_asks_for_the_password_again_once_it_was_given_long_ago(client, person):
    sign_in(client)
    at_once = client.get(reverse("mfa_activate_totp"))
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=0):
        later = client.get(reverse("mfa_activate_totp"))

    assert at_once.status_code == 200
    assert later.url.startswith(reverse("account_reauthenticate"))


def test_second_app_is_not_set_up_without_the_first(client, person):
    give_app(person)
    client.force_login(person)

    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_reauthenticate"))


def test_lost_second_step_is_taken_off_at_the_command_line(person, capsys):
    give_app(person)

    call_command("remove_second_factor", "anna")

    assert "Removed from anna: 2." in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="Nobody has the user name"):
        call_command("remove_second_factor", "nobody")


def test_admin_lists_neither_secrets_nor_addresses(client, person):
    person.is_superuser = True
    person.save()
    client.force_login(person)

    listed = client.get(ADMIN).content.decode()

    assert "mfa/authenticator" not in listed
    assert "account/emailaddress" not in listed
