"""A force that was renamed: its old addresses lead to the new ones, and what was told of it stays its own."""

import csv
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from grades.models import ChangeLogEntry, Force
from grades.scales import ChangeKind
from tests.views.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture(autouse=True)
def mid_shires() -> None:
    Force.objects.filter(slug="warwickshire").update(slug="mid-shires", short_name="Mid Shires")


@pytest.mark.parametrize(
    "address",
    [
        *("/forces/{}/", "/forces/{}/2014/", "/forces/{}/required-information/"),
        *("/forces/{}/metrics/recorded-crime/", "/forces/{}/metrics/recorded-crime.svg"),
        *("/forces/{}.csv", "/forces/{}/2014.json", "/forces/{}/history.svg", "/forces/{}/history.2x.png"),
        *("/forces/{}/card.png", "/feeds/forces/{}.atom", "/feeds/forces/{}.ics"),
        "/compare/?forces=kent,{}&themes=investigating-crime&metrics=recorded-crime",
        *("/metrics/recorded-crime/?force={}", "/changes/?force={}"),
    ],
)
def test_old_address_leads_to_the_new_one(client: Client, address: str) -> None:
    response = client.get(address.format("warwickshire"))

    assert response.status_code in (301, 302)
    assert response.headers["Location"] == address.format("mid-shires")
    found = client.get(response.headers["Location"])
    assert found.status_code == 200
    assert b"".join(found)


def test_question_of_an_old_address_goes_with_it(client: Client) -> None:
    response = client.get("/forces/warwickshire/?utm_source=letter&x=%2F")

    assert response.headers["Location"] == "/forces/mid-shires/?utm_source=letter&x=%2F"


def test_other_wishes_of_a_metric_stay(client: Client) -> None:
    response = client.get("/metrics/recorded-crime/?force=warwickshire&sort=-name")

    assert response.headers["Location"] == "/metrics/recorded-crime/?force=mid-shires&sort=-name"


@pytest.mark.parametrize("address", ["/forces/atlantis/", "/forces/atlantis/2014/", "/nothing/warwickshire/"])
def test_what_no_force_was_called_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_name_that_another_force_has_now_is_that_force(client: Client) -> None:
    Force.objects.filter(slug="west-mercia").update(slug="warwickshire")

    assert "West Mercia" in parse(client.get("/forces/warwickshire/").text).one("h1").text


def test_renamed_force_keeps_its_figures_beside_others_and_nobody_gets_them(client: Client) -> None:
    address = "/compare/metrics/recorded-crime.csv?forces={}"
    Force.objects.filter(slug="west-mercia").update(slug="warwickshire")

    def newest(slug: str, name: str) -> str:
        rows = list(csv.DictReader(client.get(address.format(f"kent,{slug}")).text.splitlines()))
        return rows[-1][name]

    assert newest("mid-shires", "mid_shires") == "62.6"
    assert newest("warwickshire", "west_mercia") == "59.6"


def test_page_that_the_renamed_force_lacks_is_not_there(client: Client) -> None:
    response = client.get("/forces/warwickshire/2077/", follow=True)

    assert response.status_code == 404


def test_pasted_comparison_has_its_block(client: Client) -> None:
    address = quote(f"{settings.BASE_URL}/compare/?forces=warwickshire,kent")
    described = client.get(f"/oembed/?url={address}").json()

    assert "/embed/compare/mid-shires,kent/" in described["html"]


def test_files_of_several_forces_answer_by_the_old_name(client: Client) -> None:
    today = b"".join(client.get("/compare.csv?forces=mid-shires,kent"))
    before = b"".join(client.get("/compare.csv?forces=warwickshire,kent"))

    assert b"Mid Shires" in before
    assert before == today


def test_log_tells_what_was_entered_under_the_old_name(client: Client) -> None:
    entry = ChangeLogEntry.objects.append(
        kind=ChangeKind.PUBLISHED, force="warwickshire", document={"cycle": "2014"}, at=timezone.now()
    )

    page = parse(client.get("/changes/?force=mid-shires").text)

    found = page.one("li", id=f"entry-{entry.number}")
    assert found.one("p", class_="log__when").text.endswith(" · Mid Shires · 2014")
    assert [link.attributes["href"] for link in found.one("p", class_="log__when").all("a")] == [
        "/forces/mid-shires/",
        "/forces/mid-shires/2014/",
    ]
    assert f'"number": {entry.number},' in client.get("/api/v1/changes/?force=mid-shires").text
    assert (
        f"Entry {entry.number} of the public change log" in client.get("/feeds/forces/mid-shires.atom").text
    )


def test_program_is_told_the_new_name(client: Client) -> None:
    response = client.get("/api/v1/grades/?force=warwickshire")

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"parameter": "force", "detail": "The force that was “warwickshire” is now “mid-shires”."}
    ]
