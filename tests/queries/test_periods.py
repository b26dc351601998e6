"""Which period forces are compared in: one that enough of them have, of one season, whatever else is on record."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from grades import queries
from grades.models import Force, Metric
from tests import factories

pytestmark = pytest.mark.django_db

FORCES = 6


@pytest.fixture
def figure() -> Callable[..., None]:
    """Record the figure of one area for the twelve months before a day."""
    metric = factories.metric(slug="crimes")
    release = factories.release()

    def record(area, end: date) -> None:
        factories.observation(
            area=area,
            metric=metric,
            release=release,
            starts_on=end.replace(year=end.year - 1),
            ends_before=end,
        )

    return record


@pytest.fixture
def forces(figure: Callable[..., None]) -> list[Force]:
    """Six forces with figures of two years."""
    found = [factories.force() for _ in range(FORCES)]
    for force in found:
        figure(force.area, date(2024, 4, 1))
        figure(force.area, date(2025, 4, 1))
    return found


@pytest.fixture
def nation():
    return factories.area(slug="england-and-wales", name="England and Wales", kind="nation")


def ranking():
    return queries.metric_page(slug="crimes", at=timezone.now()).ranking


ADDRESSES = (
    "/metrics/crimes/",
    "/metrics/crimes.csv",
    "/embed/metrics/crimes/",
    "/metrics/crimes/?force={}",
    "/forces/{}/metrics/crimes/",
    "/forces/{}/metrics/crimes.svg",
    "/embed/forces/{}/metrics/crimes/",
)


def open_all(client: Client, force: Force) -> None:
    for address in ADDRESSES:
        assert client.get(address.format(force.slug)).status_code == 200, address


def test_newest_period_of_england_and_wales_alone_hides_no_force(
    client: Client, forces: list[Force], nation, figure: Callable[..., None]
) -> None:
    figure(nation, date(2025, 4, 1))
    figure(nation, date(2026, 4, 1))

    found = ranking()

    assert (found.ends_before, len(found.figures)) == (date(2025, 4, 1), FORCES)
    assert found.comparator.ends_before == date(2025, 4, 1)
    open_all(client, forces[0])


def test_force_that_is_ahead_of_all_others_is_not_a_ranking_of_its_own(
    client: Client, forces: list[Force], figure: Callable[..., None]
) -> None:
    for force in forces[:4]:
        figure(force.area, date(2026, 4, 1))
    assert (ranking().ends_before, len(ranking().figures)) == (date(2025, 4, 1), FORCES)

    figure(forces[4].area, date(2026, 4, 1))
    assert (ranking().ends_before, len(ranking().figures)) == (date(2026, 4, 1), FORCES - 1)
    assert [line.slug for line in ranking().excluded] == [forces[5].slug]
    open_all(client, forces[5])


def test_england_and_wales_of_another_season_takes_no_line_away(
    client: Client, forces: list[Force], nation, figure: Callable[..., None]
) -> None:
    figure(nation, date(2025, 7, 1))

    series = queries.force_metric_page(force=forces[0].slug, metric="crimes", at=timezone.now()).series

    assert [o.ends_before for o in series.force.observations] == [date(2024, 4, 1), date(2025, 4, 1)]
    assert series.comparator.observations == ()
    open_all(client, forces[0])


def test_where_no_period_is_shared_by_enough_the_one_that_most_have_is_shown(
    client: Client, figure: Callable[..., None]
) -> None:
    found = [factories.force() for _ in range(FORCES)]
    for force, year in zip(found, (2020, 2021, 2021, 2022, 2023, 2024), strict=True):
        figure(force.area, date(year, 4, 1))

    assert (ranking().ends_before, len(ranking().figures)) == (date(2021, 4, 1), 2)
    open_all(client, found[1])


def test_forces_that_must_not_be_compared_alone_make_no_page(
    client: Client, forces: list[Force], figure: Callable[..., None]
) -> None:
    Force.objects.update(rates_compare=False)

    assert queries.metric_page(slug="crimes", at=timezone.now()) is None
    assert client.get("/metrics/crimes/").status_code == 404
    assert client.get(f"/forces/{forces[0].slug}/metrics/crimes/").status_code == 200

    Metric.objects.update(denominator="")
    assert len(ranking().figures) == FORCES
