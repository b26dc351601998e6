"""What every kind of answer tells browsers, with the settings of production, held against the rules of public observatories."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from grades.publishing import previews
from peel_site import urls
from peel_site.middleware import OpenToAll
from tests import factories
from tests.project.addresses import addresses
from tests.staff.people import give_app
from tests.staff.test_second_factor import WHOLE_ADMIN
from tests.staff.test_second_factor import addresses as patterns_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record", "as_in_production")]

HOST = "peel.example.org"
EMBEDS = "/embed/"
OURS = {"'none'", "'self'"}
NO_DEVICES = {"camera", "display-capture", "geolocation", "microphone", "payment", "usb"}
OF_SECURITY = r"SECURE_\w+|(SESSION|CSRF)_COOKIE_\w+|X_FRAME_OPTIONS|MFA_REQUIRED|ALLOWED_HOSTS|\w*CONTENT_SECURITY_POLICY|DEBUG"


@pytest.fixture(scope="module")
def production(own_environment: Callable[..., dict[str, str]]) -> dict[str, Any]:
    """What a process of production has set about security."""
    program = (
        "import json, re; from django.conf import settings; settings.DEBUG; "
        f"print(json.dumps({{n: getattr(settings, n) for n in dir(settings) if re.fullmatch(r'{OF_SECURITY}', n)}}, default=list))"
    )
    environment = own_environment(
        PEEL_ENV="production",
        SECRET_KEY="for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",  # pragma: allowlist secret
        ALLOWED_HOSTS=HOST,
        DATABASE_URL="postgres://peel@localhost/peel",
        DJANGO_SETTINGS_MODULE="peel_site.settings",
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def as_in_production(production: dict[str, Any]) -> Iterator[None]:
    """The security of production, and people who may sign in."""
    with override_settings(**production):
        yield


class Encrypted(Client):
    """A browser that speaks https to the site, as readers of production do."""

    def __init__(self, host: str = HOST, **options: Any) -> None:
        super().__init__(headers={"host": host}, raise_request_exception=False, **options)

    def generic(self, *args: Any, **options: Any) -> Any:
        """Send a request."""
        return super().generic(*args, **options | {"secure": True})


# The rules


def policy_of(answer: HttpResponseBase) -> dict[str, set[str]]:
    """Give the directives of the Content-Security-Policy with their sources."""
    parts = (part.split() for part in answer.headers.get("Content-Security-Policy", "").split(";"))
    return {name: set(sources) for name, *sources in (part for part in parts if part)}


def faults_of_policy(answer: HttpResponseBase, *, framed: bool) -> Iterator[str]:
    """Say what a Content-Security-Policy lacks or allows too much."""
    policy = policy_of(answer)
    allowed = set().union(*(sources for name, sources in policy.items() if name != "frame-ancestors"))
    if not allowed <= OURS:
        yield f"allows {sorted(allowed - OURS)}"
    if policy.get("default-src") != {"'none'"}:
        yield f"default-src {policy.get('default-src')}"
    if policy.get("base-uri") != {"'none'"}:
        yield f"base-uri {policy.get('base-uri')}"
    if policy.get("object-src", policy.get("default-src")) != {"'none'"}:
        yield f"object-src {policy.get('object-src')}"
    if not policy.get("form-action", set()) or not policy["form-action"] <= OURS:
        yield f"form-action {policy.get('form-action')}"
    if policy.get("frame-ancestors") != ({"*"} if framed else {"'none'"}):
        yield f"frame-ancestors {policy.get('frame-ancestors')}"
    if (answer.headers.get("X-Frame-Options") == "DENY") == framed:
        yield f"X-Frame-Options {answer.headers.get('X-Frame-Options')}"


def faults_of_others(answer: HttpResponseBase, *, may_load: str) -> Iterator[str]:
    """Say what other headers lack."""
    age = re.fullmatch(
        r"max-age=(\d+); includeSubDomains; preload", answer.headers.get("Strict-Transport-Security", "")
    )
    if not age or int(age[1]) < 31_536_000:
        yield f"Strict-Transport-Security {answer.headers.get('Strict-Transport-Security')}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no X-Content-Type-Options"
    if answer.headers.get("Referrer-Policy") not in {
        "no-referrer",
        "same-origin",
        "strict-origin-when-cross-origin",
    }:
        yield f"Referrer-Policy {answer.headers.get('Referrer-Policy')}"
    if answer.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield f"Cross-Origin-Opener-Policy {answer.headers.get('Cross-Origin-Opener-Policy')}"
    if answer.headers.get("Cross-Origin-Resource-Policy") != may_load:
        yield f"Cross-Origin-Resource-Policy {answer.headers.get('Cross-Origin-Resource-Policy')}"
    devices = dict(re.findall(r"([\w-]+)=\(([^)]*)\)", answer.headers.get("Permissions-Policy", "")))
    if not devices.keys() >= NO_DEVICES or any(devices.values()):
        yield f"Permissions-Policy {answer.headers.get('Permissions-Policy')}"
    if answer.headers.keys() & {"Server", "X-Powered-By", "Public-Key-Pins"}:
        yield "says what it is made of"


def faults_of_cookies(answer: HttpResponseBase, *, admin: bool) -> Iterator[str]:
    """Say which cookie travels too far, or is told to scripts."""
    for name, cookie in answer.cookies.items():
        kept = cookie["secure"] and cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict")
        if not admin or not kept or cookie["path"] != f"/{settings.ADMIN_PATH}" or cookie["domain"]:
            yield f"cookie {name}: {cookie.OutputString()}"


def faults(address: str, answer: HttpResponseBase) -> list[str]:
    """Hold one answer against all rules."""
    admin, framed = address.startswith(f"/{settings.ADMIN_PATH}"), address.startswith(EMBEDS)
    page = answer.headers.get("Content-Type", "").startswith("text/html")
    for_all = framed or address.startswith(OpenToAll.PLACES) or not (page or admin)
    found = [
        *faults_of_policy(answer, framed=framed),
        *faults_of_others(answer, may_load="cross-origin" if for_all else "same-origin"),
        *faults_of_cookies(answer, admin=admin),
    ]
    return [f"{address} ({answer.status_code}): {fault}" for fault in found]


def scan(client: Client, asked: list[str]) -> tuple[list[str], dict[int, list[str]]]:
    """Ask for each address; give all faults, and the addresses of each status."""
    found: list[str] = []
    statuses: dict[int, list[str]] = {}
    for address in asked:
        answer = client.get(address)
        found += faults(address, answer)
        statuses.setdefault(answer.status_code, []).append(address)
        answer.getvalue()  # files are read to their end, and closed
    return found, statuses


# The scan


def test_every_kind_of_public_address() -> None:
    found, statuses = scan(Encrypted(), addresses())

    assert found == []
    assert statuses.keys() <= {200, 301, 400, 404}, statuses  # not every suffix is one everywhere
    assert statuses[301] == ["/favicon.ico"]
    assert len(statuses[200]) > 50


def test_what_is_no_page() -> None:
    found, statuses = scan(
        Encrypted(),
        [
            "/forces/nowhere/",
            "/forces/%00/",
            "/Forces/Kent/",
            "/forces",
            "/preview/nonsense/",
            "/static/css/site.css",
            "/static/js/explore.js",
            "/static/img/icon.svg",
            "/static/nothing.css",
            f"/{settings.ADMIN_PATH}nowhere/",
        ],
    )

    assert found == []
    assert statuses.keys() == {200, 301, 302, 400, 404}


@pytest.mark.parametrize("address", ["/forces/", "/static/css/site.css", "/admin/"])
def test_writing_where_nothing_is_written(address: str) -> None:
    answer = Encrypted(enforce_csrf_checks=True).post(address)

    assert answer.status_code in (401, 403, 405)
    assert faults(address, answer) == []


def test_name_that_is_not_ours() -> None:
    answer = Encrypted("evil.example").get("/forces/")

    assert answer.status_code == 400
    assert faults("/forces/", answer) == []


def test_whoever_asks_without_encryption_is_led_to_it() -> None:
    answer = Client(headers={"host": HOST}).get("/forces/?sort=name")

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{HOST}/forces/?sort=name"
    assert not answer.cookies


def test_a_script_that_asks_first_what_the_api_allows() -> None:
    answer = Encrypted().options(f"{OpenToAll.PLACES[0]}forces/")

    assert answer.status_code == 204
    assert faults(OpenToAll.PLACES[0], answer) == []


@override_settings(API_REQUESTS_A_MINUTE=1)
def test_a_program_that_asks_too_often() -> None:
    client = Encrypted()

    answers = [client.get(f"{OpenToAll.PLACES[0]}forces/") for _time in range(2)]

    assert answers[1].status_code == 429
    assert faults(OpenToAll.PLACES[0], answers[1]) == []


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_whether_the_site_is_well(address: str) -> None:
    """It is asked without encryption too, so nothing is said of that."""
    answer = Encrypted().get(address)

    assert answer.status_code == 200
    assert [fault for fault in faults(address, answer) if "Strict-Transport-Security" not in fault] == []


def test_a_draft_behind_its_link() -> None:
    inspection = factories.inspection(status="draft", cycle=factories.cycle(order=99))
    token = previews.preview_token(inspection, factories.member("national-editor"), timezone.now())
    address = reverse("preview", args=[token])

    answer = Encrypted().get(address)

    assert answer.status_code == 200
    assert faults(address, answer) == []
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_admin_for_somebody_who_is_not_signed_in() -> None:
    account = sorted(set(patterns_of(urls.urlpatterns[:2], "/")))

    found, statuses = scan(Encrypted(), [*WHOLE_ADMIN, *account])

    assert found == []
    assert len(account) > 15
    assert 200 in statuses


def test_the_admin_for_somebody_who_is() -> None:
    superuser = factories.user(username="editor", is_staff=True, is_superuser=True)
    give_app(superuser)
    client = Encrypted()
    client.force_login(superuser)

    found, statuses = scan(client, [address for address in WHOLE_ADMIN if "logout" not in address])

    assert found == []
    assert statuses.keys() >= {200, 302, 404}


def test_nothing_new_is_said_of_what_has_not_changed() -> None:
    client = Encrypted()
    whole = client.get("/forces/")

    unchanged = client.get("/forces/", headers={"If-None-Match": whole.headers["ETag"]})

    assert unchanged.status_code == 304
    assert not unchanged.headers.keys() & {
        "Content-Security-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Referrer-Policy",
    }
