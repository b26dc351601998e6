"""What is not published stays unseen: on every page, in every file, and in every count."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from grades.models import Force, Inspection, Theme
from tests import factories
from tests.views.world import build

pytestmark = pytest.mark.django_db

SECRETS = (
    "Secret report",
    "Secret finding",
    "Secret mention",
    "Secret response",
    "secret summary",
    "987.6",
)


@pytest.fixture
def force() -> str:
    """A force with a published inspection of 2014."""
    return build(cycles=1, forces=3)


@pytest.fixture
def unpublished(force: str) -> Inspection:
    """A draft of the next cycle with everything that an inspection can have."""
    theme, cycle = Theme.objects.get(), factories.cycle(slug="2031", label="2031", order=2031)
    record = Force.objects.get(slug=force)
    inspection = factories.inspection(force=record, cycle=cycle)
    question = factories.question(cycle=cycle, theme=theme)
    report = factories.report(inspection=inspection, title="Secret report", published_on=date(2031, 3, 1))
    grade = factories.grade(
        inspection=inspection, question=question, report=report, summary="A secret summary"
    )
    factories.citation(grade=grade)
    factories.finding(inspection=inspection, question=question, text="Secret finding")
    factories.mention(inspection=inspection, title="Secret mention")
    factories.response(report=report, title="Secret response")
    factories.observation(
        area=record.area,
        report=report,
        basis="as-printed",
        block="force-in-numbers",
        order=1,
        value=Decimal("987.6"),
    )
    return inspection


def told(client: Client, slug: str) -> dict[str, list[str]]:
    """Give for each address what it tells of the secrets."""
    theme = Theme.objects.get().slug
    addresses = [
        "/",
        "/forces/",
        f"/forces/{slug}/",
        f"/forces/{slug}/2014/",
        f"/forces/{slug}/history.svg",
        f"/forces/{slug}/history.csv",
        f"/forces/{slug}/history.json",
        f"/forces/{slug}/metrics/recorded-crime/",
        f"/themes/{theme}/",
        f"/themes/{theme}.csv",
        f"/compare/?forces={slug}",
        "/metrics/",
        "/coverage/",
        "/sitemap.xml",
        "/cycles/2031/",
    ]
    texts = {address: client.get(address).content.decode() for address in addresses}
    return {
        address: found
        for address, text in texts.items()
        if (found := [secret for secret in SECRETS if secret in text])
    }


@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft"},
        {"status": "submitted"},
        {"status": "published", "published_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "submitted", "published from 2100 on"],
)
def test_inspection_that_is_not_public_is_told_nowhere(
    client: Client, unpublished: Inspection, state: dict[str, object]
) -> None:
    Inspection.objects.filter(pk=unpublished.pk).update(**state)
    slug = unpublished.force.slug

    assert told(client, slug) == {}
    assert client.get(f"/forces/{slug}/2031/").status_code == 404
    assert f"/forces/{slug}/2031/" not in client.get("/sitemap.xml").content.decode()
    assert f"/forces/{slug}/2031/" not in client.get(f"/forces/{slug}/").content.decode()


def test_inspection_is_told_from_its_moment_on(client: Client, unpublished: Inspection) -> None:
    """Guards the test above: the same record is told as soon as it is public."""
    moment = timezone.now() - timedelta(seconds=1)
    Inspection.objects.filter(pk=unpublished.pk).update(status="published", published_at=moment)
    slug = unpublished.force.slug

    page = client.get(f"/forces/{slug}/2031/")
    force_page = client.get(f"/forces/{slug}/").content.decode()

    assert page.status_code == 200
    for secret in SECRETS:
        assert secret in page.content.decode()
    assert "Secret finding" in force_page
    assert f"/forces/{slug}/2031/" in force_page
    assert f"/forces/{slug}/2031/" in client.get("/sitemap.xml").content.decode()
