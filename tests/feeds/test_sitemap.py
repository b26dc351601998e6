"""When the facts of each page last changed, as the sitemap says it."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from grades.models import Inspection
from tests import factories

pytestmark = pytest.mark.django_db

LOAD, FIRST, SECOND, THIRD = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (1, 2, 3, 4))


def last_changes(client: Client) -> dict[str, str]:
    """Read the sitemap: the month of the last change of each page that tells one."""
    text = client.get("/sitemap.xml").content.decode()
    found = re.findall(r"<url><loc>(.*?)</loc>(?:<lastmod>\d{4}-(\d\d)-\d\d</lastmod>)?", text)
    return {address.removeprefix(settings.BASE_URL): month for address, month in found}


@pytest.fixture
def world() -> Inspection:
    """Two forces with an inspection each of two cycles, all loaded in January; give Kent's of 2016."""
    kent, essex = (factories.force(slug=slug, short_name=slug) for slug in ("kent", "essex"))
    cycles = [factories.cycle(slug=slug, label=slug, order=int(slug)) for slug in ("2016", "2017")]
    made = [
        factories.inspection(force=force, cycle=cycle, status="published", published_at=LOAD)
        for force in (kent, essex)
        for cycle in cycles
    ]
    factories.theme(slug="crime")
    factories.change_log_entry(kind="loaded", at=LOAD, document={"file": "grades/seed"})
    return made[0]


def test_load_of_the_whole_record_touches_every_page_of_the_record(client: Client, world: Inspection) -> None:
    changed = last_changes(client)

    of_the_code = {a for a in changed if a.startswith("/about/") or a == "/api/"}
    told = {"/about/method/", "/about/grades/"}
    assert {month for address, month in changed.items() if address not in of_the_code - told} == {"01"}
    assert {changed[address] for address in of_the_code - told} == {""}


def test_correction_touches_the_inspection_and_what_shows_it(client: Client, world: Inspection) -> None:
    factories.change_log_entry(kind="corrected", at=SECOND, force="kent", document={"cycle": "2016"})

    changed = last_changes(client)

    touched = {address for address, month in changed.items() if month == "03"}
    assert {"/", "/forces/kent/", "/forces/kent/2016/", "/cycles/2016/", "/themes/crime/"} <= touched
    assert not touched & {"/forces/kent/2017/", "/forces/essex/", "/forces/essex/2016/", "/cycles/2017/"}


def test_response_touches_its_inspection_alone(client: Client, world: Inspection) -> None:
    report = factories.report(inspection=world)
    response = factories.response(report=report, published_at=THIRD)
    factories.change_log_entry(kind="responded", at=THIRD, force="kent", document={"facts": {}})

    changed = last_changes(client)

    assert changed["/forces/kent/2016/"] == "04"
    assert changed[f"/forces/kent/2016/responses/{response.pk}/"] == "04"
    assert changed["/forces/kent/2017/"] == "01"
    assert changed["/forces/essex/2016/"] == "01"


def test_finding_step_and_comment_touch_their_inspection(client: Client, world: Inspection) -> None:
    grade = factories.grade(inspection=world, question=factories.question(cycle=world.cycle))
    factories.finding_event(
        finding=factories.finding(inspection=world, published_at=LOAD), published_at=FIRST
    )
    assert last_changes(client)["/forces/kent/2016/"] == "02"

    factories.comment(grade=grade, status="published", published_at=SECOND)
    assert last_changes(client)["/forces/kent/2016/"] == "03"

    factories.finding(inspection=world, published_at=THIRD)
    assert last_changes(client)["/forces/kent/2016/"] == "04"


def test_load_of_figures_touches_the_pages_of_those_figures(client: Client, world: Inspection) -> None:
    run = factories.import_run(started_at=SECOND, finished_at=SECOND)
    crime, other = factories.metric(slug="crime"), factories.metric(slug="other")
    factories.observation(area=world.force.area, metric=crime, run=run)
    factories.observation(area=world.force.area, metric=other)
    factories.change_log_entry(kind="loaded", at=SECOND, document={"file": "a.ods", "editions": ["June"]})

    changed = last_changes(client)

    assert changed["/forces/kent/metrics/crime/"] == "03"
    assert changed["/forces/kent/metrics/other/"] == "01"
    assert changed["/forces/kent/"] == "03"
    assert changed["/forces/kent/2016/"] == "01"
    assert changed["/forces/essex/"] == "01"
    assert changed["/metrics/"] == "03"
    assert changed["/cycles/2016/"] == "01"


def test_load_that_was_taken_back_touches_every_figure(client: Client, world: Inspection) -> None:
    factories.observation(area=world.force.area, metric=factories.metric(slug="crime"))
    factories.change_log_entry(kind="unloaded", at=THIRD, document={"file": "a.ods", "editions": []})

    changed = last_changes(client)

    assert changed["/forces/kent/metrics/crime/"] == "04"
    assert changed["/forces/kent/2016/"] == "01"


def test_change_that_is_not_public_yet_touches_nothing(client: Client, world: Inspection) -> None:
    factories.response(
        report=factories.report(inspection=world), published_at=datetime(2100, 1, 1, tzinfo=UTC)
    )

    assert last_changes(client)["/forces/kent/2016/"] == "01"
