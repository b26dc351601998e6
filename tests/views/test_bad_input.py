"""Addresses that nobody meant: each is answered in words, and nothing that a reader typed runs or breaks a page."""

import html

import pytest
from django.test import Client

from tests.views.markup import Element, parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

SCRIPT = "<script>alert(1)</script>"
LONG = "x" * 5000


def page_of(client: Client, address: str, status: int = 200) -> Element:
    """Ask for a page, and read it."""
    response = client.get(address)
    assert response.status_code == status, address
    return parse(response.content.decode())


def names_in_table(page: Element) -> list[str]:
    """Give the forces of a list in the order in which it shows them."""
    return [row.one("th").text for row in page.one("table", class_="matrix").one("tbody").all("tr")]


# What does not exist


@pytest.mark.parametrize(
    ("address", "why", "offered"),
    [
        ("/forces/warwikshire/", "There is no police force at this address.", ["Warwickshire Police"]),
        ("/forces/westmercia/", "There is no police force at this address.", ["West Mercia Police"]),
        ("/forces/nowhere-at-all/", "There is no police force at this address.", []),
        ("/forces/warwikshire/2015/", "No inspection of this force in this cycle is recorded here.", ["Warwickshire Police"]),
        ("/forces/warwickshire/2013/", "No inspection of this force in this cycle is recorded here.", ["Warwickshire Police"]),
        ("/forces/warwickshire/2025-27/", "No inspection of this force in this cycle is recorded here.", ["Warwickshire Police"]),
        ("/forces/warwickshire/soon/", "There is nothing at this address.", ["Warwickshire Police"]),
        ("/forces/nobody/history.svg", "There is no police force at this address.", []),
        ("/forces/kent/metrics/nothing.svg", "There are no such figures for this force.", ["Kent Police"]),
        ("/forces/city-of-london/metrics/recorded-crime.svg", "There are no such figures for this force.", ["City of London Police"]),
        ("/cycles/2013/", "There is no such cycle of inspections.", []),
        ("/cycles/2018/19/", "There is nothing at this address.", []),
        ("/warwickshire/", "There is nothing at this address.", ["Warwickshire Police"]),
        ("/favicon.gif", "There is nothing at this address.", []),
        ("/forces/devon/", "There is no police force at this address.", ["Devon and Cornwall Police"]),
        ("/forces/cornwall/", "There is no police force at this address.", ["Devon and Cornwall Police"]),
        ("/forces/wales/", "There is no police force at this address.", ["North Wales Police", "South Wales Police"]),
        ("/forces/thames/2015/", "No inspection of this force in this cycle is recorded here.", ["Thames Valley Police"]),
    ],
)  # fmt: skip
def test_unknown_address_says_what_is_missing_and_offers_near_names(
    client: Client, address: str, why: str, offered: list[str]
) -> None:
    page = page_of(client, address, 404)

    assert page.one("h1").text == "Page not found"
    assert page.one("p", class_="lead").text == why
    assert [link.text for list_ in page.one("main").all("ul") for link in list_.all("a")] == offered
    assert page.one("meta", name="robots").attributes["content"] == "noindex"


@pytest.mark.parametrize(
    "address",
    [f"/forces/{LONG}/", "/forces/..%2F..%2Fetc/", f"/forces/{SCRIPT}/", "/forces/🚓/"],
)  # fmt: skip
def test_impossible_address_is_not_found(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert SCRIPT not in response.content.decode()


def test_bytes_that_are_no_text_end_in_not_found(client: Client) -> None:
    response = client.get("/forces/%ff%fe/", follow=True)

    assert response.status_code == 404
    assert len(response.redirect_chain) <= 1


# One address for each page


@pytest.mark.parametrize(
    ("address", "tidy"),
    [
        ("/Forces/Warwickshire/", "/forces/warwickshire/"),
        ("/forces/WEST-MERCIA/2015/", "/forces/west-mercia/2015/"),
        ("/forces//warwickshire//", "/forces/warwickshire/"),
        ("/cycles//2018-19/?group=region", "/cycles/2018-19/?group=region"),
        ("/forces/warwickshire", "/forces/warwickshire/"),
        ("/cycles/2018-19?grade=good", "/cycles/2018-19/?grade=good"),
    ],
)
def test_untidy_address_leads_to_the_page(client: Client, address: str, tidy: str) -> None:
    response = client.get(address, follow=True)

    assert response.redirect_chain == [(tidy, 301)]
    assert response.status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/find/", "/forces/", "/forces/kent/", "/forces/kent/2015/", "/cycles/2015/"]
)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_pages_are_only_read(client: Client, address: str, method: str) -> None:
    response = getattr(client, method)(address)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert not response.cookies


@pytest.mark.parametrize("address", ["/", "/forces/kent/", "/sitemap.xml"])
def test_asking_for_the_head_alone_gives_no_body(client: Client, address: str) -> None:
    response = client.head(address)

    assert (response.status_code, response.content) == (200, b"")


# Wishes that make no sense


@pytest.mark.parametrize("page", ["abc", "999", "2", "-1", "0", "", "1e9"])
@pytest.mark.parametrize("address", ["/forces/", "/cycles/2015/"])
def test_unknown_page_number_shows_the_whole_list(client: Client, address: str, page: str) -> None:
    assert len(names_in_table(page_of(client, f"{address}?page={page}&per_page={page}"))) == 43


@pytest.mark.parametrize("sort", ["nothing", "-", "--name", "name,", "pk", "q99", "__class__", SCRIPT])
@pytest.mark.parametrize("address", ["/forces/", "/cycles/2015/"])
def test_unknown_sort_column_leaves_the_order_by_name(client: Client, address: str, sort: str) -> None:
    names = names_in_table(page_of(client, f"{address}?sort={sort}"))

    assert names == sorted(names)
    assert len(names) == 43


@pytest.mark.parametrize(
    "address", ["/forces/", "/cycles/2015/", "/themes/investigating-crime/", "/metrics/recorded-crime/"]
)
@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("sort=nothing", "“nothing” is not a choice here and was left aside."),
        ("sort=-pk&page=7", "These are not choices here and were left aside: -pk, 7."),
        ("page=abc", "“abc” is not a choice here and was left aside."),
        ("sort=name&page=1", ""),
        ("sort=-name", ""),
        ("sort=", ""),
    ],
)
def test_order_and_page_that_a_table_does_not_have_are_said(
    client: Client, address: str, query: str, ignored: str
) -> None:
    text = page_of(client, f"{address}?{query}").one("main").text

    assert ignored in text
    assert bool(ignored) == ("left aside" in text)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/forces/?nation=Scotland", "“Scotland” is not a choice here and was left aside."),
        (
            "/forces/?region=Nowhere&body=duke",
            "These are not choices here and were left aside: Nowhere, duke.",
        ),
        ("/forces/?nation=%ff%fe", "“\ufffd\ufffd” is not a choice here and was left aside."),
        ("/cycles/2015/?grade=excellent", "“excellent” is not a choice here and was left aside."),
        ("/cycles/2015/?group=planet&grade=5", "These are not choices here and were left aside: planet, 5."),
        (f"/forces/?nation={SCRIPT}", f"“{SCRIPT}” is not a choice here and was left aside."),
        (f"/cycles/2015/?grade={SCRIPT}", f"“{SCRIPT}” is not a choice here and was left aside."),
    ],
)
def test_unknown_filter_value_is_left_aside_and_the_page_says_so(
    client: Client, address: str, said: str
) -> None:
    page = page_of(client, address)

    assert said in page.one("main").text
    assert len(names_in_table(page)) == 43
    assert {
        script.attributes.get("type") for script in page.all("script") if "src" not in script.attributes
    } <= {
        "application/ld+json"  # a block of data, which nothing runs
    }


def test_grade_that_a_cycle_does_not_have_is_not_offered_and_left_aside(client: Client) -> None:
    page = page_of(client, "/cycles/2014/?grade=adequate")

    assert "“adequate” is not a choice here and was left aside." in page.one("main").text
    assert "Adequate" not in [option.text for option in page.all("option")]
    assert len(names_in_table(page)) == 43


def test_choices_that_no_force_fits_are_said_and_lead_back(client: Client) -> None:
    page = page_of(client, "/forces/?nation=Wales&region=London")

    assert "No force fits these choices. Show all" in page.one("main").text
    assert not page.all("table")


@pytest.mark.parametrize(
    "query",
    [
        f"nation=England&{'&'.join(f'a{i}=1' for i in range(500))}",
        f"region={LONG}",
        "nation=England&nation=Wales",
        "nation[]=England",
        ";=;&&&===",
    ],
)
def test_any_query_gets_a_page(client: Client, query: str) -> None:
    assert page_of(client, f"/forces/?{query}").one("h1").text == "Police forces"


@pytest.mark.parametrize(
    "address",
    [
        *("/forces/%00/", "/forces/a%00b/", "/forces/?page=%00", "/forces/?sort=%00", "/forces/?nation=%00"),
        *("/cycles/2015/?sort=%00", "/cycles/2015/?grade=%00", "/find/?q=%00", "/find/?q=a%00b"),
    ],
)
def test_byte_that_no_text_has_is_refused_in_plain_words(client: Client, address: str) -> None:
    page = page_of(client, address, 400)

    assert page.one("h1").text == "This address cannot be answered"


def test_query_of_too_many_parts_is_refused_in_plain_words(client: Client) -> None:
    page = page_of(client, f"/forces/?{'&'.join(f'a{i}=1' for i in range(11_000))}", 400)

    assert page.one("p", class_="lead").text == (
        "Something in the address makes no sense to this site. Nothing was changed."
    )


# The search


@pytest.mark.parametrize(
    "asked", [SCRIPT, '"><img src=x onerror=alert(1)>', "🚓", "../../etc/passwd", "%", "{{ 7*7 }}"]
)
def test_search_says_back_what_was_typed_and_runs_none_of_it(client: Client, asked: str) -> None:
    response = client.get("/find/", {"q": asked})
    page = parse(response.content.decode())

    assert response.status_code == 200
    assert page.one("h2").text == f"We know no force or council called “{' '.join(asked.split())}”"
    assert page.one("input").attributes["value"] == asked
    assert all("src" in script.attributes for script in page.all("script"))
    assert not page.all("img")
    assert html.escape(SCRIPT) in response.content.decode() or SCRIPT not in response.content.decode()


def test_search_cuts_what_is_too_long(client: Client) -> None:
    response = client.get("/find/", {"q": LONG})

    assert response.status_code == 200
    assert "x" * 80 in response.content.decode()
    assert "x" * 81 not in response.content.decode()


@pytest.mark.parametrize("asked", ["", " ", "police", "?!", "the force"])
def test_search_for_nothing_asks_for_a_name(client: Client, asked: str) -> None:
    page = page_of(client, f"/find/?q={asked}")

    assert page.one("h1").text == "Find your force"
    assert (
        "We know no force or council called" in page.one("main").text
        or "Type the name" in page.one("main").text
    )


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("Warwickshire", "warwickshire"),
        ("  KENT police ", "kent"),
        ("Leeds", "west-yorkshire"),
        ("Isle of Anglesey", "north-wales"),
        ("Devon and Cornwall", "devon-and-cornwall"),
        ("Devon & Cornwall", "devon-and-cornwall"),
        ("the Met", "metropolitan"),
        ("metropolitan", "metropolitan"),
    ],
)
def test_search_with_one_hit_leads_to_the_force(client: Client, asked: str, slug: str) -> None:
    response = client.get("/find/", {"q": asked})

    assert (response.status_code, response.headers["Location"]) == (302, f"/forces/{slug}/")
    assert not response.cookies


def test_search_with_several_hits_lists_them(client: Client) -> None:
    page = page_of(client, "/find/?q=west")

    assert page.one("h2").text == "“west” fits several forces"
    offered = [link.attributes["href"] for link in page.one("ul", class_="latest").all("a")]
    assert {"/forces/west-mercia/", "/forces/west-midlands/", "/forces/west-yorkshire/"} <= set(offered)
    assert len(offered) == len(set(offered))


def test_search_offers_near_spellings(client: Client) -> None:
    page = page_of(client, "/find/?q=Warwikshire")

    assert "Did you mean one of these?" in page.one("main").text
    assert page.one("ul", class_="latest").all("a")[0].attributes["href"] == "/forces/warwickshire/"
