"""What is not published stays unseen: on every page, in every file, and in every count."""

from collections.abc import Callable
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


# What goes public one by one: each of it hides as long as it is not public itself, though all around it is

SECRET = "Hush"


@pytest.fixture
def around(force: str) -> Inspection:
    """Give a published inspection."""
    return Inspection.objects.get(force__slug=force)


def finding(inspection: Inspection, **state: object) -> object:
    return factories.finding(inspection=inspection, text=f"{SECRET} finding", key="hush-finding", **state)


def early_finding(inspection: Inspection, **state: object) -> object:
    return factories.finding(
        force=inspection.force,
        kind="cause-of-concern",
        published_on=date(2024, 1, 1),
        text=f"{SECRET} cause",
        **state,
    )


def continuing(inspection: Inspection, **state: object) -> object:
    earlier = factories.finding(inspection=inspection)
    return factories.finding(
        inspection=inspection, continues=earlier, key="hush-later", text=f"{SECRET} later", **state
    )


def step(inspection: Inspection, **state: object) -> object:
    return factories.finding_event(
        finding=factories.finding(inspection=inspection),
        note=f"{SECRET} step",
        evidence="https://example.org/hush",
        **state,
    )


def period(inspection: Inspection, **state: object) -> object:
    return factories.monitoring_period(
        force=inspection.force,
        entered_on=date(2016, 1, 1),
        left_on=date(2017, 1, 1),
        note=f"{SECRET} period",
        **state,
    )


def response(inspection: Inspection, **state: object) -> object:
    return factories.response(
        report=inspection.reports.all()[0], title=f"{SECRET} response", body_comments=f"{SECRET}", **state
    )


def action(inspection: Inspection, **state: object) -> object:
    asked = factories.finding(inspection=inspection, text=f"{SECRET} asked", **state)
    answer = factories.response(report=inspection.reports.all()[0], title="An open answer")
    return factories.recommendation_action(response=answer, finding=asked, action=f"{SECRET} action")


def mention(inspection: Inspection, **state: object) -> object:
    return factories.mention(inspection=inspection, title=f"{SECRET} mention", **state)


def comment(inspection: Inspection, **state: object) -> object:
    return factories.comment(grade=inspection.grades.all()[0], text=f"{SECRET} comment", **state)


def correction(inspection: Inspection, **state: object) -> object:
    grade = inspection.grades.all()[0]
    return factories.correction(
        what="grades.grade",
        object_id=grade.pk,
        force=inspection.force,
        before={"level": "inadequate"},
        after={"level": "good"},
        reason=f"{SECRET} reason",
        **state,
    )


ONE_BY_ONE = [
    *(finding, early_finding, continuing, step, period, response),
    *(action, mention, comment, correction),
]


def tells(client: Client, inspection: Inspection) -> set[str]:
    """Give the addresses that tell the secret: pages, files, the sitemap, and every page of a response."""
    slug, theme = inspection.force.slug, Theme.objects.get().slug
    answers = inspection.reports.all()[0].responses.values_list("pk", flat=True)
    addresses = [
        *("/", "/forces/", "/changes/", "/changes/log.jsonl", "/coverage/", "/sitemap.xml", "/cycles/2014/"),
        f"/forces/{slug}/",
        *(f"/forces/{slug}/history.{suffix}" for suffix in ("svg", "csv", "json")),
        *(f"/themes/{theme}/", f"/themes/{theme}.csv", f"/compare/?forces={slug}"),
        *(f"/forces/{slug}/2014/", f"/forces/{slug}/required-information/"),
        *(f"/forces/{slug}/2014/responses/{pk}/" for pk in answers),
    ]
    return {
        address for address in addresses if SECRET.lower() in client.get(address).getvalue().decode().lower()
    }


@pytest.mark.parametrize("make", ONE_BY_ONE, ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft", "published_at": None},
        {"status": "submitted", "published_at": None},
        {"status": "published", "published_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "submitted", "published from 2100 on"],
)
def test_what_is_not_public_is_told_nowhere(
    client: Client, around: Inspection, make: Callable[..., object], state: dict[str, object]
) -> None:
    make(around, **state)

    assert tells(client, around) == set()


@pytest.mark.parametrize("make", ONE_BY_ONE, ids=lambda make: make.__name__)
def test_what_is_public_is_told(client: Client, around: Inspection, make: Callable[..., object]) -> None:
    """Guards the test above."""
    make(around, status="published", published_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert tells(client, around)


def test_draft_response_is_no_address(client: Client, around: Inspection) -> None:
    hidden = factories.response(report=around.reports.all()[0], status="draft")
    shown = factories.response(report=around.reports.all()[0])
    sitemap = client.get("/sitemap.xml").content.decode()

    for record, status in ((hidden, 404), (shown, 200)):
        address = f"/forces/{around.force.slug}/2014/responses/{record.pk}/"
        assert client.get(address).status_code == status
        assert (address in sitemap) == (status == 200)
