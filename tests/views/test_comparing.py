"""Pages that set forces side by side: what makes no sense is left aside in words, and one choice has one address."""

import csv
import io

import pytest
from django.test import Client

from tests.views.markup import Element, parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

FOUR = "kent,essex,surrey,sussex"
ALL = "&themes=investigating-crime&metrics=recorded-crime"


def page_of(client: Client, address: str, status: int = 200) -> Element:
    response = client.get(address)
    assert response.status_code == status, address
    return parse(response.content.decode())


def notices(page: Element) -> list[str]:
    return [notice.text for notice in page.one("main").all("div", class_="notice")]


def chosen(page: Element) -> list[str]:
    """Give the force chosen in each of the four places."""
    return [
        next((o.attributes["value"] for o in place.all("option") if "selected" in o.attributes), "")
        for place in page.all("select")
    ]


def test_four_forces_stand_side_by_side_with_grades_and_figures(client: Client) -> None:
    page = page_of(client, f"/compare/?forces={FOUR}{ALL}")

    assert chosen(page) == FOUR.split(",")
    assert [h.text for h in page.one("main").all("h2")] == ["Investigating crime", "Recorded crime"]
    assert [row[0] for row in page.all("table")[0].rows()[1:]] == ["Kent", "Essex", "Surrey", "Sussex"]
    assert notices(page) == []


def test_five_forces_are_too_many_and_the_page_says_so(client: Client) -> None:
    page = page_of(client, f"/compare/?forces={FOUR},dorset", 400)

    assert notices(page) == [
        "You asked for 5 forces. Up to four can be read side by side: please choose four of them above."
    ]
    assert chosen(page) == FOUR.split(",")
    assert not page.all("table")


def test_unknown_force_is_named_and_left_aside(client: Client) -> None:
    page = page_of(client, f"/compare/?forces=kent,atlantis{ALL}")

    assert "“atlantis” is not a choice here and was left aside." in page.one("main").text
    assert chosen(page) == ["kent", "", "", ""]
    assert page.all("table")


def test_force_named_twice_is_shown_once(client: Client) -> None:
    page = page_of(client, f"/compare/?forces=kent,kent{ALL}")

    assert notices(page) == ["A force that was named twice is shown once."]
    assert chosen(page) == ["kent", "", "", ""]


@pytest.mark.parametrize("query", ["", "?forces=", "?forces=,,", "?forces=atlantis"])
def test_no_force_asks_for_one(client: Client, query: str) -> None:
    page = page_of(client, f"/compare/{query}")

    assert "Choose at least one force." in page.one("main").text
    assert not page.all("table")


def test_form_of_the_page_leads_to_its_permalink(client: Client) -> None:
    asked = "forces=kent&forces=essex&forces=&forces=&themes=investigating-crime&metrics=recorded-crime"

    response = client.get(f"/compare/?{asked}")

    assert (response.status_code, response.headers["Location"]) == (302, f"/compare/?forces=kent,essex{ALL}")


def test_what_is_left_aside_is_still_said_after_the_way_to_the_permalink(client: Client) -> None:
    response = client.get("/compare/?forces=kent&forces=kent&forces=atlantis&themes=nothing", follow=True)

    page = parse(response.text)
    assert "A force that was named twice is shown once." in notices(page)
    assert "atlantis, nothing" in page.one("main").text


def test_file_of_a_comparison_names_the_force_that_is_unknown(client: Client) -> None:
    response = client.get("/compare/metrics/recorded-crime.csv?forces=kent,esex")

    assert response.status_code == 400
    assert "There is no police force “esex”." in response.text


def test_city_of_london_has_no_line_of_crime_beside_others(client: Client) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get("/compare/metrics/recorded-crime.csv?forces=kent,city-of-london").content.decode()
            )
        )
    )

    assert rows
    assert "kent" in rows[0]
    assert "city_of_london" not in rows[0]


@pytest.mark.parametrize(
    "query", ["", "?forces=atlantis", f"?forces={FOUR},dorset", "?forces=city-of-london"]
)
def test_file_of_nothing_to_compare_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/compare/metrics/recorded-crime.csv{query}").status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/metrics/recorded-crime/?force=atlantis", "“atlantis” is not a choice here and was left aside."),
        ("/themes/investigating-crime/?group=planet", "“planet” is not a choice here and was left aside."),
    ],
)
def test_strange_wish_on_metric_and_theme_pages_is_left_aside(
    client: Client, address: str, said: str
) -> None:
    page = page_of(client, address)

    assert said in page.one("main").text
    assert len(page.all("table")) >= 2


@pytest.mark.parametrize("address", ["/metrics/nothing/", "/themes/nothing/", "/metrics/nothing/map.svg"])
def test_unknown_metric_and_theme_are_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def described(client: Client, address: str) -> str:
    """Give what is said of a picture that the address answers with as JSON."""
    return client.get(address).json()["description"]


def test_break_of_one_force_cuts_its_line_and_no_change_is_said_across_it(client: Client) -> None:
    said = described(client, "/compare/metrics/charge-rate.json?forces=metropolitan,kent")

    why = "Metropolitan Police is not compared with the year before, because its series breaks in between."
    assert why in said
    assert "Metropolitan Police: up" not in said
    assert "Kent: " in said
    assert "The Metropolitan Police cleared a backlog of cases in 2025/26." in said

    second = described(client, "/compare/metrics/charge-rate.json?forces=kent,metropolitan")
    assert why in second
    assert "Metropolitan Police: up" not in second


@pytest.mark.parametrize(
    "address", ["/metrics/charge-rate/?force={}", "/compare/?forces={}&metrics=charge-rate"]
)
def test_break_of_a_force_is_on_every_page_that_draws_its_line(client: Client, address: str) -> None:
    reason = "That lifts the year; it says nothing of performance."
    assert reason in page_of(client, address.format("metropolitan")).one("main").text
    assert reason not in page_of(client, address.format("kent")).one("main").text


@pytest.mark.parametrize("forces", ["city-of-london,kent", "kent,city-of-london"])
def test_rate_of_few_residents_is_left_out_of_a_comparison_with_the_reason(
    client: Client, forces: str
) -> None:
    picture = client.get(f"/compare/metrics/anti-social-behaviour.svg?forces={forces}").text
    page = page_of(client, f"/compare/?forces={forces}&metrics=anti-social-behaviour").one("main").text

    why = (
        "City of London is not set beside others: so few people live there that a rate for each resident "
        "says little."
    )
    assert why in page
    assert "176.2" not in page
    assert "176.2" not in picture
    assert "England and Wales" in picture


def test_rate_of_few_residents_stands_alone_on_the_page_of_its_metric_too(client: Client) -> None:
    page = page_of(client, "/metrics/anti-social-behaviour/?force=city-of-london")

    (line,) = [f for f in page.all("figure") if "Not set beside England and Wales: so few" in f.text]
    heads = [head.text for head in line.one("table").one("thead").all("th")]
    assert heads == ["Period", "City of London", "Note"]
