"""Charts as files: each suffix answers in its type with the chart's own facts; an unknown one is not found."""

import csv
import io
import json
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from peel_site.static_files import style_rules
from tests import factories
from tests.views.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

HISTORY, CRIME = "/forces/warwickshire/history", "/forces/warwickshire/metrics/recorded-crime"
NATION, COUNTRY = "/metrics/recorded-crime/trend", "/cycles/2023-25/map"
"""England and Wales alone over time, and the map of the home page."""
TYPES = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "2x.png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "figure.json": "application/json; charset=utf-8",
}


@pytest.mark.parametrize("address", [HISTORY, CRIME, NATION, COUNTRY])
@pytest.mark.parametrize("suffix", TYPES)
def test_each_suffix_answers_in_its_type(client: Client, address, suffix):
    answer = client.get(f"{address}.{suffix}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == TYPES[suffix]
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    [
        f"{HISTORY}.xml",
        f"{HISTORY}.svgz",
        f"{HISTORY}.3x.png",
        f"{CRIME}.exe",
        "/forces/nowhere/history.csv",
        "/forces/nowhere/card.png",
        "/forces/warwickshire/metrics/nothing.json",
        f"{NATION}.xml",
        f"{COUNTRY}.xml",
        "/metrics/nothing/trend.svg",
        "/cycles/1999/map.svg",
    ],
)
def test_anything_else_is_not_found(client: Client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("suffix", TYPES)
def test_a_cycle_without_a_grade_to_count_has_no_files_and_promises_none(client: Client, suffix):
    factories.cycle(slug="2031", order=99)

    answer = client.get(f"/cycles/2031.{suffix}")

    assert answer.status_code == 404
    assert "No question of this cycle is known to carry a grade." in answer.content.decode()
    assert "/cycles/2031.csv" not in client.get("/cycles/2031/").content.decode()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{HISTORY}.svg?x=1", "This file takes no “x”. Ask for its address alone."),
        (f"{CRIME}.csv?force=kent", "This file takes no “force”."),
        (f"{NATION}.json?limit=1", "This file takes no “limit”."),
        (f"{COUNTRY}.png?grade=good", "This file takes no “grade”."),
        ("/cycles/2018-19.csv?grade=good", "This file takes no “grade”."),
        ("/themes/investigating-crime.svg?group=region", "This file takes no “group”."),
        ("/metrics/recorded-crime/map.svg?force=kent", "This file takes no “force”."),
        ("/forces/warwickshire/2015/figure-2.csv?x", "This file takes no “x”."),
        ("/metrics/recorded-crime.csv?forces=kent", "This file takes no “forces”. It takes “force” alone."),
        ("/metrics/recorded-crime.csv?force=atlantis", "There is no force “atlantis” to mark."),
        (
            "/compare/metrics/recorded-crime.csv?forces=kent&metrics=burglary",
            "This file takes no “metrics”. It takes “forces” alone.",
        ),
    ],
)
def test_a_chart_refuses_what_it_does_not_take_in_words(client: Client, address: str, said: str):
    answer = client.get(address)

    assert answer.status_code == 400
    assert said in parse(answer.content.decode()).one("main").text


def test_pictures_name_licence_and_page(client: Client):
    drawn = client.get(f"{CRIME}.svg").content.decode()

    assert settings.DATA_LICENCE["name"] in drawn
    assert f"{settings.BASE_URL}/forces/warwickshire/" in drawn.replace("</text>", "")


def test_all_files_tell_the_same_figures(client: Client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{CRIME}.csv").content.decode())))
    document = client.get(f"{CRIME}.json").json()
    figure = client.get(f"{CRIME}.figure.json").json()

    assert [float(row["warwickshire"]) for row in rows] == [row["warwickshire"] for row in document["rows"]]
    last = rows[-1]
    said = json.dumps(figure)
    assert f"Warwickshire, {last['period']}: {last['warwickshire']}" in said
    assert document["title"] == figure["layout"]["meta"]["title"]


@pytest.mark.parametrize("address", ["/", "/metrics/recorded-crime/", "/metrics/recorded-crime/?force=kent"])
def test_every_chart_of_a_page_can_be_explored_and_saved(client: Client, address):
    charts = parse(client.get(address).content.decode()).all("figure")

    assert len(charts) >= 2
    for chart in charts:
        figure = client.get(chart.attributes["data-explore"])
        assert figure.json()["layout"]["meta"]["title"] == chart.all("p")[0].text


def test_line_of_england_and_wales_is_alone_in_its_file(client: Client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{NATION}.csv").content.decode())))

    assert len(rows) > 5
    assert [column for column in rows[0] if column.startswith("england_and_wales")] == ["england_and_wales"]
    assert not {"warwickshire", "kent"} & set(rows[0])


def test_history_rows_say_breaks_and_what_is_not_yet_checked(client: Client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HISTORY}.csv").content.decode())))

    assert {"break_before", "break_reason", "not_yet_checked", "source", "licence"} <= set(rows[0])
    assert all(bool(row["break_reason"]) == (row["break_before"] == "true") for row in rows)
    assert any(row["break_before"] == "true" for row in rows)


def test_icon_is_found_where_browsers_look_by_themselves(client: Client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/static/img/icon.svg")


@pytest.mark.parametrize("force", ["warwickshire", "devon-and-cornwall", "city-of-london"])
def test_card_is_1200_by_630(client: Client, force):
    answer = client.get(f"/forces/{force}/card.png")

    assert answer.headers["Content-Type"] == "image/png"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)


def test_bundle_and_rules_of_plotly_are_found_and_nothing_else_of_its_package():
    rules = finders.find("plotly/plotly.css")
    assert finders.find("plotly/plotly.min.js")
    assert finders.find("plotly/widgetbundle.js") is None
    text = Path(str(rules)).read_text(encoding="utf-8")
    assert ".js-plotly-plot .plotly .main-svg {" in text
    assert "X " not in text


def test_a_bundle_without_its_rules_is_refused_in_words():
    with pytest.raises(ValueError, match="keeps its style rules elsewhere"):
        style_rules("nothing")
