"""Signing in as a person does: password, app, recovery code, passkey; and text that outlives a session."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from grades.inviting import token_of
from grades.models import Theme
from tests import factories
from tests.browser.test_accessibility import barriers
from tests.staff.people import PASSWORD, code_now, give_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Go = Callable[[str], None]


@pytest.fixture
def person(transactional_db: None) -> User:
    """A member of an office who may edit themes, with a password."""
    cache.clear()
    user = factories.member("publisher", username="anna", email="anna@example.org", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def trouble(page: Page) -> list[str]:
    """What the browser complains of, such as a script or style that the policy refuses."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return found


@pytest.fixture
def go(page: Page, live_server, trouble: list[str]) -> Go:
    """Open the page of a name or address."""

    def open_page(where: str) -> None:
        page.goto(live_server.url + (where if where.startswith("/") else reverse(where)))

    return open_page


def sign_in(page: Page, login: str = "anna") -> None:
    """Fill in name and password."""
    page.get_by_label("User name or e-mail address").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, go: Go) -> None:
    """Sign out on the page for it."""
    go("account_logout")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()


def at_the_admin(page: Page) -> None:
    """Expect the admin's first page."""
    page.wait_for_url(re.compile(re.escape(reverse("admin:index")) + "$"))


def test_app_is_set_up_then_asked_for_and_a_recovery_code_does_as_well(page, person, go, trouble):
    with override_settings(MFA_REQUIRED=True):
        go("admin:index")
        sign_in(page)
        expect(page.get_by_text("Set up a second step first")).to_be_visible()
        page.get_by_role("link", name="Set up an app").click()
        secret = page.locator(".secret").inner_text()
        expect(page.get_by_role("img", name=re.compile("Code for your authenticator app"))).to_be_visible()
        page.get_by_label("Code that your app shows").fill("000000")
        page.get_by_role("button", name="Set up this app").click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert page.locator(".secret").inner_text() == secret, "the app keeps what it has scanned"
        page.get_by_label("Code that your app shows").fill(code_now(secret))
        page.get_by_role("button", name="Set up this app").click()
        codes = page.locator(".codes code").all_inner_texts()
        page.get_by_role("link", name="Go to the admin").click()
        at_the_admin(page)

        for code in (code_now(secret, 1), codes[0]):
            sign_out(page, go)
            sign_in(page, "anna@example.org")
            page.get_by_label("Code", exact=True).fill(code)
            page.get_by_role("button", name="Sign in", exact=True).click()
            at_the_admin(page)

    assert len(codes) == 10
    assert trouble == []


@pytest.mark.parametrize("alone", [True, False], ids=["passkey alone", "passkey after the password"])
def test_passkey_is_made_and_signs_in(page, person, go, trouble, alone):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    go("mfa_add_webauthn")
    sign_in(page)
    page.get_by_label("Name of this passkey").fill("Work laptop")
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    sign_out(page, go)

    if alone:
        page.get_by_role("button", name="Sign in with a passkey").click()
    else:
        sign_in(page)
        page.get_by_role("button", name="Use your passkey").click()

    at_the_admin(page)
    go("mfa_list_webauthn")
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_label("Name of this passkey").fill("Blue key")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Remove Blue key").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.exists(), "the recovery codes went with it"
    assert trouble == []


def test_passkey_that_is_not_used_is_told_in_words(page, person, go):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": False}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "hasResidentKey": True}})
    go("account_login")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The passkey was not used.")).to_be_visible()


def test_every_page_of_signing_in_has_no_barrier(page, person, go, trouble):
    office = person.memberships.get().office
    newcomer = token_of(factories.invitation(office=office, email="carol@example.org"))
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if here := list(barriers(page)):
            found[name] = here
        page.emulate_media(color_scheme="light", forced_colors="none")

    go("account_login")
    look("sign in")
    sign_in(page, "nobody")
    look("sign in, refused")
    for name in ("account_reset_password", "account_reset_password_done", "account_inactive"):
        go(name)
        look(name)
    go("account_reset_password_from_key_done")
    look("password chosen")
    go(reverse("account_reset_password_from_key", args=["1", "wrong"]))
    look("link of a password that opens nothing")
    go(reverse("account_confirm_email", args=["wrong"]))
    look("link of an address that opens nothing")
    go(reverse("staff:invitation", args=[newcomer]))
    look("invitation that has expired")
    fresh = factories.invitation(office=office, email="dan@example.org", sent_at=timezone.now())
    go(reverse("staff:invitation", args=[token_of(fresh)]))
    look("invitation")
    page.get_by_role("button", name="Make the account").click()
    page.evaluate("document.querySelectorAll('input').forEach(i => i.required = false)")
    page.get_by_role("button", name="Make the account").click()
    look("invitation, refused")

    give_app(person)
    go("account_login")
    sign_in(page)
    look("second step")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    look("second step, refused")
    page.get_by_label("Code", exact=True).fill(code_now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_the_admin(page)
    for name in (
        "account_change_password",
        "account_email",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    ):
        go(name)
        look(name)
    mine = factories.invitation(office=office, email="anna@example.org", sent_at=timezone.now())
    go(reverse("staff:invitation", args=[token_of(mine)]))
    look("invitation of a member")
    Authenticator.objects.all().delete()
    for name in ("mfa_index", "mfa_activate_totp"):
        go(name)
        look(f"{name}, without any")
    go(reverse("admin:grades_theme_add"))
    Session.objects.all().delete()
    page.locator("[name=_save]").last.click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    look("nothing was saved")
    for _ in range(6):
        go("account_login")
        page.get_by_label("User name or e-mail address").fill("guess")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    look("locked out")

    assert found == {}
    assert trouble == []


# Text that outlives a session


@pytest.fixture
def form(page: Page, person: User, go: Go) -> Page:
    """The form of a new theme, for somebody who is signed in."""
    go(reverse("admin:grades_theme_add"))
    sign_in(page)
    page.wait_for_url(re.compile("theme/add/"))
    return page


def fill(page: Page, **entries: str) -> None:
    """Type into the form, and wait until that is kept."""
    for name, text in entries.items():
        page.locator(f"[name={name}]").fill(text)
    wait_until_kept(page)


def wait_until_kept(page: Page, wanted: bool = True) -> None:
    """Give the page a moment; Playwright's own way to wait would be refused by the policy of the site."""
    for _ in range(50):
        if bool(kept(page)) == wanted:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"What was typed is {'not' if wanted else 'still'} kept.")


THEME = {"title": "Hares at night", "slug": "hares-at-night", "summary": "Typed for an hour.", "order": "7"}


def test_typed_text_comes_back_after_the_session_was_lost(form, trouble):
    fill(form, **THEME)
    Session.objects.all().delete()

    form.locator("[name=_save]").last.click()
    expect(form.get_by_text("What you have just sent was not saved.")).to_be_visible()
    form.get_by_role("link", name="Sign in and go back to the form").click()
    sign_in(form)
    expect(form.get_by_text("You had typed text here that was not saved.")).to_be_visible()
    assert form.locator("[name=title]").input_value() == ""
    form.get_by_role("button", name="Bring it back").click()
    expect(form.get_by_text("It is not saved yet.")).to_be_focused()
    for name, text in THEME.items():
        assert form.locator(f"[name={name}]").input_value() == text
    form.locator("[name=_save]").last.click()

    expect(form.locator(".messagelist .success")).to_be_visible()
    assert Theme.objects.get().title == THEME["title"]
    wait_until_kept(form, False)
    form.goto(form.url + "add/")
    expect(form.get_by_text("You had typed text here")).to_have_count(0)
    assert trouble == []


def kept(page: Page) -> list[str]:
    """Give the addresses whose text the tab keeps."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('desk:'))")


def test_text_is_discarded_when_asked(form):
    fill(form, title="Half a title")
    form.reload()

    form.get_by_role("button", name="Discard").click()

    expect(form.get_by_text("The text is discarded.")).to_be_visible()
    assert kept(form) == []


def test_form_that_came_back_with_errors_offers_nothing_and_keeps_all(form):
    fill(form, title="Half a title")
    form.evaluate("document.querySelectorAll('[required]').forEach(field => field.required = false)")
    form.locator("[name=_save]").last.click()
    expect(form.locator(".errornote")).to_be_visible()
    expect(form.get_by_text("You had typed text here")).to_have_count(0)

    form.goto(form.url)

    form.get_by_role("button", name="Bring it back").click()
    assert form.locator("[name=title]").input_value() == "Half a title"


def test_text_is_forgotten_at_sign_out(form):
    fill(form, title="Half a title")

    form.locator("#logout-form button").click()
    form.wait_for_url(re.compile("login"))

    wait_until_kept(form, False)


def test_text_is_not_shown_to_somebody_else(form, live_server):
    fill(form, title="Half a title")
    Session.objects.all().delete()
    other = factories.member(username="ben", is_superuser=True)
    other.set_password(PASSWORD)
    other.save()

    form.reload()
    sign_in(form, "ben")

    form.wait_for_url(re.compile("theme/add/"))
    expect(form.get_by_text("You had typed text here")).to_have_count(0)


def test_passwords_are_never_kept(form, person, live_server):
    form.goto(live_server.url + reverse("admin:auth_user_add"))
    form.locator("[name=username]").fill("carol")
    form.locator("[name=password1]").fill("not to be kept")
    wait_until_kept(form)

    assert "not to be kept" not in form.evaluate("JSON.stringify(sessionStorage)")


def test_choices_and_rows_that_were_added_come_back_too(form, live_server):
    body = factories.policing_body(name="Commissioner for Hares")
    form.goto(live_server.url + reverse("admin:grades_force_add"))
    form.locator("[name=nation]").select_option("Wales")
    form.locator("#names-group .add-row a").click()
    form.locator("[name=names-0-name]").fill("Hares")
    form.locator("#tenures-group .add-row a").click()
    form.locator("#tenures-0 .field-body .select2-selection").click()
    form.locator(".select2-search__field").fill("Hares")
    form.get_by_role("option", name="Commissioner for Hares").click()
    wait_until_kept(form)
    form.reload()

    form.get_by_role("button", name="Bring it back").click()

    assert form.locator("[name=nation]").input_value() == "Wales"
    assert form.locator("[name=names-0-name]").input_value() == "Hares"
    assert form.locator("[name=tenures-0-body]").input_value() == str(body.pk)
    expect(form.locator("#tenures-0 .field-body .select2-selection")).to_contain_text(
        "Commissioner for Hares"
    )
