"""Signing in and out, forgotten passwords, and how long a session lasts."""

import re
import time
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from peel_site.signin.listening import SEEN, SINCE
from tests.staff.people import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

ADMIN = f"/{settings.ADMIN_PATH}"


def link_in(message: mail.EmailMessage) -> str:
    """Give the path of the link that a mail carries."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


def said(response) -> str:
    """Give the text of a page in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rewind(client: Client, **seconds: int) -> None:
    """Let a session have begun, or been used, so long ago."""
    session = client.session
    for name, ago in seconds.items():
        session[{"since": SINCE, "seen": SEEN}[name]] = int(time.time()) - ago
    session.save()


@pytest.mark.parametrize("login", ["anna", "ANNA", "anna@example.org", " Anna@Example.org "])
def test_name_or_address_and_password_open_the_admin(client, person, login):
    response = sign_in(client, login)

    assert response.status_code == 302
    assert response.url == ADMIN
    assert client.get(ADMIN).status_code == 200


def test_cookies_travel_to_the_admin_alone(client, person):
    client.get(reverse("account_login"))
    sign_in(client)

    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["max-age"] == "", "it ends with the browser"
    client.post(reverse("account_logout"))
    client.get(ADMIN)
    assert {cookie["path"] for cookie in client.cookies.values()} == {ADMIN}
    assert client.get("/about/").cookies == {}


def test_wrong_password_is_refused_in_words(client, person):
    response = sign_in(client, password="wrong")

    assert response.status_code == 200
    assert "The name or the password is not right." in said(response)
    assert 'role="alert"' in response.content.decode()


def test_unknown_name_is_refused_in_the_same_words(client, person):
    assert said(sign_in(client, "nobody")).count("The name or the password is not right.") == 1


def test_closed_account_is_refused_in_words(client, person):
    person.is_active = False
    person.save()

    response = client.get(sign_in(client).url)

    assert "This account is closed" in said(response)


@pytest.mark.parametrize("page", ["", "grades/grade/", "grades/grade/add/?force=3"])
def test_admin_leads_to_the_sign_in_and_back(client, person, page):
    first = client.get(f"{ADMIN}{page}")
    second = client.get(first.url)

    assert second.url.startswith(reverse("account_login") + "?next=")
    form = client.get(second.url)
    wanted = re.search('name="next" value="([^"]*)"', form.content.decode())[1]
    assert sign_in(client, next=wanted).url == f"{ADMIN}{page}"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, person, elsewhere):
    assert sign_in(client, next=elsewhere).url == ADMIN


def test_signed_in_without_being_staff_is_refused_and_not_sent_round_in_a_circle(client, person):
    person.is_staff = False
    person.save()
    client.force_login(person)

    response = client.get(ADMIN, follow=True)

    assert response.status_code == 403


@pytest.mark.parametrize("address", [f"{ADMIN}logout/", f"{ADMIN}account/logout/"])
def test_signing_out_ends_the_session(signed_in, address):
    response = signed_in.post(address, follow=True)

    assert "You have signed out." in said(response)
    assert signed_in.get(ADMIN).status_code == 302


def test_signing_out_asks_first(signed_in):
    assert "Text that you typed" in said(signed_in.get(reverse("account_logout")))
    assert signed_in.get(ADMIN).status_code == 200


def test_nobody_signs_up(client):
    assert client.get(f"{ADMIN}account/signup/").status_code == 302, "as any unknown address of the admin"
    assert not User.objects.exists()


# Passwords


def test_forgotten_password_is_chosen_anew_by_a_link_that_works_once(client, person):
    client.post(reverse("account_reset_password"), {"email": "anna@example.org"})
    link = link_in(mail.outbox[0])
    form = client.get(link)
    chosen = client.post(
        form.url, {"password1": "seven blue teapots", "password2": "seven blue teapots"}, follow=True
    )

    assert "Your password is changed" in said(chosen)
    assert "anna" in mail.outbox[0].body
    assert mail.outbox[0].subject == f"{settings.SITE_NAME}: choose a new password"
    assert sign_in(Client(), password="seven blue teapots").url == ADMIN
    again = Client().get(link)
    assert again.status_code == 410
    assert "This link opens nothing any more" in said(again)


def test_forgotten_password_does_not_tell_who_has_an_account(client, person):
    known = client.post(reverse("account_reset_password"), {"email": "anna@example.org"}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)

    assert said(known) == said(unknown)
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


@pytest.mark.parametrize(
    "trouble",
    [ConnectionRefusedError(), SMTPRecipientsRefused({"anna@example.org": (550, b"unknown")})],
    ids=lambda trouble: type(trouble).__name__,
)
def test_forgotten_password_without_a_mail_server_is_answered_as_ever(
    client, person, monkeypatch, caplog, trouble
):
    def away(self: mail.EmailMessage) -> int:
        raise trouble

    monkeypatch.setattr(mail.EmailMessage, "send", away)

    page = client.post(reverse("account_reset_password"), {"email": "anna@example.org"}, follow=True)

    assert page.status_code == 200
    assert "Nothing there after some minutes?" in said(page)
    assert type(trouble).__name__ in caplog.text
    assert "anna@example.org" not in caplog.text


def test_password_is_changed_with_the_present_one_and_told_by_mail(signed_in, person):
    new = {"password1": "seven blue teapots", "password2": "seven blue teapots"}
    address = reverse("account_change_password")
    wrong = signed_in.post(address, {"oldpassword": "wrong", **new})
    right = signed_in.post(address, {"oldpassword": PASSWORD, **new}, follow=True)

    assert "This is not your present password." in said(wrong)
    assert "Your password is changed." in said(right)
    person.refresh_from_db()
    assert person.check_password("seven blue teapots")


def test_weak_password_is_refused_with_every_reason(signed_in):
    given = {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}

    page = said(signed_in.post(reverse("account_change_password"), given))

    assert "at least 12 characters" in page
    assert "too common" in page


def test_admins_own_page_for_passwords_leads_here(signed_in):
    assert signed_in.get(reverse("admin:password_change")).url == reverse("account_change_password")


def test_another_address_counts_once_its_link_is_followed(client, person):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    asked = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""}, follow=True)
    person.refresh_from_db()

    assert "Waits for you to follow the link" in said(asked)
    assert person.email == "anna@example.org"
    link = link_in(mail.outbox[0])
    assert "Is new@example.org yours" in said(client.get(link))
    client.post(link)
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert client.get(link[:-3] + "x/").status_code == 410


def test_change_to_an_account_asks_who_it_is(signed_in):
    response = signed_in.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})

    assert response.url.startswith(reverse("account_reauthenticate"))


# How long


def test_session_ends_after_some_hours_in_any_case(signed_in):
    rewind(signed_in, since=settings.SESSION_HOURS * 3600)

    page = said(signed_in.get(f"{ADMIN}grades/grade/", follow=True))

    assert f"a session lasts at most {settings.SESSION_HOURS} hours" in page
    assert "_auth_user_id" not in signed_in.session


def test_session_ends_without_activity(signed_in):
    rewind(signed_in, seen=settings.SESSION_IDLE_MINUTES * 60)

    page = said(signed_in.get(ADMIN, follow=True))

    assert f"signed out after {settings.SESSION_IDLE_MINUTES} minutes without activity" in page


def test_activity_goes_on(signed_in):
    rewind(signed_in, seen=settings.SESSION_IDLE_MINUTES * 60 - 5)

    assert signed_in.get(ADMIN).status_code == 200
    assert time.time() - signed_in.session[SEEN] < 60


def test_page_that_is_read_again_at_once_writes_nothing(signed_in, django_assert_max_num_queries):
    signed_in.get(reverse("account_change_password"))

    with django_assert_max_num_queries(2):
        signed_in.get(reverse("account_change_password"))


@override_settings(SESSION_HOURS=1)
def test_hour_is_written_in_the_singular(signed_in):
    rewind(signed_in, since=3600)

    assert "at most 1 hour." in said(signed_in.get(ADMIN, follow=True))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_form_sent_without_a_session_is_answered_in_words(client, method):
    address = f"{ADMIN}grades/grade/add/?force=3"

    response = getattr(client, method)(address, {})

    assert response.status_code == 401
    assert "was not saved" in said(response)
    assert "Back button" in said(response)
    assert (
        reverse("account_login") + "?next=%2Fadmin%2Fgrades%2Fgrade%2Fadd%2F%3Fforce%3D3"
        in response.content.decode()
    )
    assert response.headers["Cache-Control"] == "no-store"


def test_form_sent_too_late_is_not_saved_and_says_why(signed_in):
    rewind(signed_in, seen=settings.SESSION_IDLE_MINUTES * 60)

    response = signed_in.post(f"{ADMIN}grades/theme/add/", {"name": "x"})

    assert response.status_code == 401
    assert "minutes without activity" in said(response)


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    ],
)
def test_pages_for_strangers_keep_the_strict_policy_and_no_copy(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "<style" not in response.content.decode()
    assert settings.OPERATOR in response.content.decode()


@override_settings(ALLOWED_HOSTS=["testserver", "other.example"], BASE_URL="https://peel.example.org")
def test_links_in_mails_lead_here_whatever_host_was_asked(client, person):
    client.post(reverse("account_reset_password"), {"email": "anna@example.org"}, HTTP_HOST="other.example")

    assert "https://peel.example.org/admin/account/password/reset/key/" in mail.outbox[-1].body
    assert "other.example" not in mail.outbox[-1].body
