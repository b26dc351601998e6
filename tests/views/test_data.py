"""/data/ and the files of the whole record: what they hold, what describes them, and what is refused."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grades import datasets, models, queries
from grades.datasets import Dataset
from grades.exports import json_ld
from grades.views.data import _terms
from tests.views.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

PAGES = {
    "/forces": "forces",
    "/cycles": "cycles",
    "/themes": "themes",
    "/metrics": "metrics",
    "/coverage": "grades",
    "/forces/warwickshire": "grades",
    "/forces/warwickshire/2015": "grades",
    "/compare": "grades",
    "/changes": "changes",
}
"""Pages whose rows are a file at their address without the last slash, with the file whose rows these are."""


def rows(content: bytes) -> list[dict[str, str]]:
    """Give the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture(scope="module")
def unpacked(record: None, tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Path:
    """The ZIP of everything, unpacked."""
    folder = tmp_path_factory.mktemp("archive")
    with django_db_blocker.unblock():
        answer = Client().get("/data/peel-history.zip")
        assert answer.headers["Content-Type"] == "application/zip"
        packed = io.BytesIO(answer.getvalue())
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def test_the_page_lists_every_file_with_its_rows(client: Client) -> None:
    """The counts are those of the files."""
    page = parse(client.get("/data/").content.decode())
    shown = {
        item.attributes["id"]: re.search(r"([\d,]+) rows?,", item.text)[1].replace(",", "")
        for item in page.one("ul", class_="downloads").all("li")
    }

    for dataset in datasets.DATASETS:
        found = rows(client.get(f"/data/{dataset.slug}.csv").getvalue())
        assert shown[dataset.slug] == str(len(found))


def test_sizes_are_measured_once_for_each_version_of_the_record() -> None:
    """The database gives a new version with each change that it commits; here, two are given by hand."""
    now = timezone.now()
    models.DataVersion.objects.create(moment=now)
    before = queries.catalogue(at=now, licence="OGL")
    models.Theme.objects.create(slug="new", title="New", order=99)
    with CaptureQueriesContext(connection) as captured:
        assert queries.catalogue(at=now, licence="OGL").sizes is before.sizes
    assert len(captured) == 1

    later = now + timedelta(minutes=1)
    models.DataVersion.objects.create(moment=later)

    after = queries.catalogue(at=later, licence="OGL")
    assert after.sizes["themes"].rows == before.sizes["themes"].rows + 1
    assert (before.changed_at, after.changed_at) == (now, later)


@pytest.mark.parametrize("dataset", datasets.DATASETS, ids=lambda dataset: dataset.slug)
def test_json_says_the_same_as_csv(client: Client, dataset: Dataset) -> None:
    """With numbers as numbers, true and false, and nothing as null; terms and caveats come first."""
    answer = client.get(f"/data/{dataset.slug}.json")
    document = json.loads(answer.getvalue())
    found = rows(client.get(f"/data/{dataset.slug}.csv").getvalue())

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert document["licence"]["name"] == settings.DATA_LICENCE["name"]
    assert document["citation"]
    assert document["caveats"]
    assert len(document["rows"]) == len(found)
    for plain, row in zip(found, document["rows"], strict=True):
        assert {name for name, cell in plain.items() if not cell} == {n for n, v in row.items() if v is None}
        assert all(str(v).lower() == plain[n] for n, v in row.items() if isinstance(v, bool | int))


@pytest.mark.parametrize("suffix", ["csv", "json"])
@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_its_rows_at_its_address(client: Client, address: str, suffix: str) -> None:
    """Without the last slash."""
    asked = {"forces": "kent,essex"} if address == "/compare" else {}
    answer = client.get(f"{address}.{suffix}", asked)
    content = answer.getvalue()

    assert answer.status_code == 200
    found = rows(content) if suffix == "csv" else json.loads(content)["rows"]
    assert found
    assert tuple(found[0]) == datasets.BY_SLUG[PAGES[address]].names


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_page_of_a_response_leads_to_its_row(client: Client, suffix: str) -> None:
    for response in models.Response.objects.order_by("pk")[:3]:
        inspection = response.report.inspection
        page = reverse("response-detail", args=[inspection.force.slug, inspection.cycle.slug, response.pk])
        address = f"{page.removesuffix('/')}.{suffix}"
        content = client.get(address).getvalue()

        found = rows(content) if suffix == "csv" else json.loads(content)["rows"]
        assert f'href="{address}"' in client.get(page).content.decode()
        assert [(row["title"], row["address"] or "") for row in found] == [(response.title, response.address)]


def test_a_response_that_is_not_there_has_no_file(client: Client) -> None:
    assert client.get("/forces/warwickshire/2015/responses/987654321.csv").status_code == 404
    assert client.get(f"/forces/warwickshire/2015/responses/{10**30}.csv").status_code == 404


def test_a_part_holds_its_rows_alone(client: Client) -> None:
    """Those of the force and the cycle, what is not recorded of them too."""
    whole = rows(client.get("/data/grades.csv").getvalue())
    force = rows(client.get("/forces/hertfordshire.csv").getvalue())
    cycle = rows(client.get("/forces/hertfordshire/2021-22.csv").getvalue())
    gaps = rows(client.get("/coverage.csv").getvalue())

    assert force == [row for row in whole if row["force"] == "hertfordshire"]
    assert cycle == [row for row in force if row["cycle"] == "2021-22"]
    assert gaps == [row for row in whole if row["state"] == "not-recorded"]


def test_the_address_of_a_cycle_is_that_of_its_counts_and_the_page_says_so(client: Client) -> None:
    counted = rows(client.get("/cycles/2015.csv").getvalue())
    (said,) = [
        item.text
        for item in parse(client.get("/data/").content.decode()).all("li")
        if "/cycles/2015.csv" in item.text
    ]

    assert "not_recorded_here" in counted[0]
    assert "how many forces have each grade" in said


def test_the_file_of_a_force_has_every_question_and_programs_are_led_to_it(client: Client) -> None:
    """Questions without a theme and pillars' own grades too, of every cycle of which anything is held."""

    def keys(found: list[dict[str, str]]) -> set[tuple[str, ...]]:
        return {(row["cycle"], row["pillar"] or "", row["question"]) for row in found}

    told = json.loads(client.get("/forces/kent.json").getvalue())["rows"]
    held = {row["cycle"] for row in told}
    asked = [r for r in rows(client.get("/data/questions.csv").getvalue()) if r["cycle"] in held]

    assert keys(told) == keys(asked)
    assert "0" in {row["question"] for row in told}
    assert {row["recorded"] for row in told} == {True, False}
    assert 'href="/forces/warwickshire.json"' in client.get(reverse("api")).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/data/nothing.csv",
        "/data/grades.xlsx",
        "/data/grades.csvx",
        "/data/../settings.csv",
        "/data/%2e%2e%2fmanage.csv",
        "/data/grades",
        "/data/nothing.csv-metadata.json",
        "/forces/wessex.csv",
        "/forces/kent/1999.json",
        "/forces/kent.svg",
        "/forces.xml",
    ],
)
def test_what_there_is_not_is_not_found(client: Client, address: str) -> None:
    """In the site's own page."""
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "address",
    [
        "/data/grades.csv?limit=99999999999",
        "/data/grades.json?callback=alert(1)",
        "/data/peel-history.zip?x=<script>alert(1)</script>",
        "/forces.csv?sort=-latest",
        "/forces/kent.csv?x=%0d%0aSet-Cookie:%20a=b",
        "/compare.csv",
        "/compare.csv?forces=kent,nowhere",
        "/compare.csv?forces=kent,kent",
        "/compare.csv?forces=kent&forces=essex",
        "/compare.csv?forces=kent,essex,surrey,sussex,dorset",
        "/compare.json?forces='; DROP TABLE grades_grade; --",
    ],
)
def test_parameters_that_make_no_sense_are_refused_in_words(client: Client, address: str) -> None:
    """With 400, and nothing of them runs."""
    answer = client.get(address)

    assert answer.status_code == 400
    assert b"<script>alert" not in answer.content
    assert "takes no" in answer.content.decode() or "one to four forces" in answer.content.decode()


@pytest.mark.parametrize("address", ["/data/grades.csv", "/data/peel-history.zip", "/forces/kent.json"])
def test_head_sends_no_body_and_nothing_may_be_sent(client: Client, address: str) -> None:
    """Files are read, not written."""
    assert client.head(address).getvalue() == b""
    assert client.post(address).status_code == 405


def test_the_package_is_valid_to_a_reader_that_we_did_not_write(unpacked: Path) -> None:
    """Frictionless: types, required cells, codes and keys of every row."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)

    assert report["valid"], report
    assert {task["name"] for task in report["tasks"]} == {dataset.slug for dataset in datasets.DATASETS}


def test_a_wrong_cell_is_no_valid_package(unpacked: Path, tmp_path: Path) -> None:
    """So the check above can fail."""
    package = json.loads((unpacked / "datapackage.json").read_text())
    package["resources"] = [r for r in package["resources"] if r["name"] == "cycles"]
    del package["resources"][0]["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    (tmp_path / "cycles.csv").write_text((unpacked / "cycles.csv").read_text().replace("false", "perhaps"))
    command = [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert not json.loads(done.stdout)["valid"]


def test_metadata_is_valid_csv_on_the_web(unpacked: Path) -> None:
    """By a reader that we did not write; each file against its own description."""
    for dataset in datasets.DATASETS:
        done = subprocess.run(
            [Path(sys.executable).parent / "csvwvalidate", f"{dataset.slug}.csv-metadata.json"],
            cwd=unpacked,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (dataset.slug, done.stdout, done.stderr)
        assert "OK" in done.stdout


def test_metadata_on_the_site_names_the_file_and_its_columns(client: Client) -> None:
    """At the file's address and `-metadata.json`."""
    document = client.get("/data/grades.csv-metadata.json").json()

    assert document["url"] == f"{settings.BASE_URL}/data/grades.csv"
    assert [column["name"] for column in document["tableSchema"]["columns"]] == list(datasets.GRADES.names)


def test_the_archive_says_how_to_cite_what_breaks_and_what_to_know(unpacked: Path) -> None:
    """And carries the log, which can be checked without us."""
    readme = (unpacked / "README.md").read_text()

    for words in (
        "Open Government Licence",
        "Cite it as",
        "2021/22: A fifth grade",
        "presumed",
        "never nought",
    ):
        assert words in readme
    lines = (unpacked / "log.jsonl").read_text().splitlines()
    assert len(lines) == models.ChangeLogEntry.objects.count()


def test_pages_describe_their_data_for_search_engines(client: Client) -> None:
    """Licence, span of time, files."""
    for address in ("/data/", "/forces/warwickshire/", "/forces/warwickshire/2015/", "/cycles/2015/"):
        page = parse(client.get(address).content.decode())
        (block,) = [e for e in page.all("script") if e.attributes.get("type") == "application/ld+json"]
        document = json.loads(block.text)
        assert document["@type"] == "Dataset"
        assert document["license"] == settings.DATA_LICENCE["url"]
        assert document["temporalCoverage"].startswith("2014")
        for download in document["distribution"]:
            path = download["contentUrl"].removeprefix(settings.BASE_URL)
            assert client.head(path).status_code == 200, path


def test_nothing_in_a_block_of_data_can_end_it() -> None:
    """Whatever a force or a theme is called."""
    evil = "</script><script>alert(1)</script>\u2028&"

    made = json_ld(_terms(), name=evil, about=evil, address="https://x/", downloads=["https://x/a.csv"])

    assert not set("<>&\u2028") & set(made)
    assert json.loads(made)["name"] == evil
