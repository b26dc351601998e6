"""Every page of signing in is valid HTML, has one heading of the first rank, and tells errors to assistive technology."""

import re
import subprocess
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grades.inviting import token_of
from tests import factories
from tests.staff.people import PASSWORD, code_now, give_app, sign_in
from tests.staff.test_signing_in import ADMIN
from tests.views.markup import parse

pytestmark = pytest.mark.django_db

OF_ONESELF = (
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
)
FOR_STRANGERS = (
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
)


@pytest.fixture
def pages(person) -> dict[str, HttpResponse]:
    """Every page that signing in has, as it comes and as it comes back with errors."""
    office = person.memberships.get().office
    found: dict[str, HttpResponse] = {}
    stranger, member = Client(), Client()
    for name in FOR_STRANGERS:
        found[name] = stranger.get(reverse(name))
    found["refused"] = sign_in(stranger, password="wrong")
    found["no such link"] = stranger.get(reverse("account_reset_password_from_key", args=["1", "wrong"]))
    found["no such address"] = stranger.get(reverse("account_confirm_email", args=["wrong"]))
    expired = token_of(factories.invitation(office=office))
    found["expired"] = stranger.get(reverse("staff:invitation", args=[expired]))
    fresh = token_of(factories.invitation(office=office, sent_at=timezone.now()))
    found["newcomer"] = stranger.get(reverse("staff:invitation", args=[fresh]))
    found["newcomer, refused"] = stranger.post(reverse("staff:invitation", args=[fresh]), {"password": "x"})
    found["nothing saved"] = stranger.post(f"{ADMIN}grades/theme/add/")
    sign_in(member)
    found["without any"] = member.get(reverse("mfa_index"))
    found["first code"] = member.get(reverse("mfa_activate_totp"))
    found["first code, refused"] = member.post(reverse("mfa_activate_totp"), {"code": "0"})
    give_app(person)
    member.post(reverse("account_logout"))
    found["second step"] = member.get(sign_in(member).url)
    found["second step, refused"] = member.post(reverse("mfa_authenticate"), {"code": "0"})
    member.post(reverse("mfa_authenticate"), {"code": code_now()})
    for name in OF_ONESELF:
        found[name] = member.get(reverse(name))
    found["password, refused"] = member.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "x", "password2": "y"}
    )
    key = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Blue key", "credential": {}}
    )
    for name in ("mfa_list_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"):
        found[f"{name} of a key"] = member.get(
            reverse(name, args=[] if name == "mfa_list_webauthn" else [key.pk])
        )
    found["not for me"] = member.get(reverse("staff:invitation", args=[fresh]))
    for _ in range(6):
        found["locked out"] = sign_in(stranger, password="wrong")
    return found


def test_every_page_is_valid_html(pages, html_checker: list[str], tmp_path: Path) -> None:
    for name, response in pages.items():
        assert response.status_code in (200, 401, 404, 410, 429), name
        (tmp_path / f"{name.replace(' ', '_')}.html").write_bytes(response.content)

    checked = subprocess.run(
        [*html_checker, "--errors-only", "--format", "gnu", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert checked.returncode == 0, checked.stderr[:3000]


def test_every_page_is_well_made(pages) -> None:
    for name, response in pages.items():
        page = parse(response.content.decode())
        ids = {element.attributes.get("id") for element in page.walk()}
        titles = list(page.all("h1"))
        assert len(titles) == 1, name
        assert page.one("head").one("title").text.startswith(("Not yet right: ", titles[0].text)), name
        assert page.one("meta", name="robots").attributes["content"] == "noindex", name
        for element in page.walk():
            for reference in ("for", "aria-describedby", "aria-labelledby"):
                for wanted in element.attributes.get(reference, "").split():
                    assert wanted in ids, (name, wanted)
        assert not re.search(r"\{[{%#]|\bNone\b", page.one("body").text), name


@pytest.mark.parametrize(
    "refused", ["refused", "newcomer, refused", "second step, refused", "password, refused"]
)
def test_refusal_is_told_at_the_top_and_at_the_field(pages, refused) -> None:
    page = parse(pages[refused].content.decode())

    assert page.one("div", role="alert").attributes["tabindex"] == "-1"
    assert page.one("head").one("title").text.startswith("Not yet right: ")
    if refused != "refused":  # a wrong name or password belongs to neither field
        assert [field for field in page.all("input") if field.attributes.get("aria-invalid") == "true"]
