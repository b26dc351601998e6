"""/healthz and /readyz: what runs, what is ready, and what is worse than it should be."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from peel_site import health, replica
from tests import factories


def test_the_process_answers_without_the_database_under_any_name(client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["peel.example.org"]

    response = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "release": settings.CODE_VERSION}
    assert response.headers["Cache-Control"] == "no-store"


def test_asking_for_the_head_alone_tells_the_length_of_the_body(client) -> None:
    assert client.head("/healthz").headers["Content-Length"] == str(len(client.get("/healthz").content))


@pytest.mark.django_db
def test_a_site_that_has_all_it_needs_is_ready(client, django_assert_max_num_queries) -> None:
    first = client.get("/readyz", headers={"Host": "10.0.0.7:8000"})
    with django_assert_max_num_queries(1):  # what is migrated once stays so
        again = client.get("/readyz")

    assert first.status_code == again.status_code == 200
    assert again.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "replica": "none",
        "embargoes": "ok",
        "queue": "ok",
    }


def test_without_the_database_it_is_not(client, monkeypatch) -> None:
    def away() -> bool:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_is_migrated", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "away"}


@pytest.mark.django_db
def test_without_its_tables_it_is_not(client) -> None:
    connection.cursor().execute(
        "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'grades')"
    )

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"


@pytest.mark.django_db
def test_an_empty_database_is_there_and_says_what_it_lacks(client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    monkeypatch.setattr(health, "_late", lambda now: pytest.fail("its tables are not there to be asked"))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "ok", "migrations": "missing"}


@pytest.mark.django_db
def test_an_embargo_that_nobody_ends_is_told(client) -> None:
    hour = timezone.now() - timedelta(hours=1)
    person = factories.user()
    factories.submission(
        submitted_at=hour,
        publish_at=hour,
        decision="approved",
        decided_by=person,
        decided_at=hour,
    )

    response = client.get("/readyz")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["embargoes"]) == ("degraded", "late")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "state", "status", "said"),
    [
        (11, "waiting", "degraded", "late"),
        (9, "waiting", "ok", "ok"),
        (11, "working", "ok", "ok"),
    ],
)
def test_a_job_that_nobody_does_is_told_and_takes_no_page_away(client, minutes, state, status, said) -> None:
    factories.import_job(state=state, asked_at=timezone.now() - timedelta(minutes=minutes))

    response = client.get("/readyz")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["queue"]) == (status, said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lag", "status", "said"),
    [(0.24, "ok", 0.2), (31.0, "degraded", "behind by 31 seconds"), (None, "degraded", "away")],
)
def test_the_lag_of_the_replica_is_told(client, monkeypatch, lag, status, said) -> None:
    monkeypatch.setattr(replica, "there_is_one", lambda: True)
    monkeypatch.setattr(replica.Replica, "lag", staticmethod(lambda: lag))

    found = client.get("/readyz").json()

    assert (found["status"], found["replica"]) == (status, said)


@pytest.mark.django_db
def test_a_replica_that_nothing_has_moved_for_long_has_a_moment_to_follow(client, monkeypatch) -> None:
    told: list[str] = []
    lags = iter([None, 3600.0, 0.1])

    def ask(alias: str, question: str) -> object:
        told.append(question)
        return next(lags) if alias == "replica" else "0/1"

    monkeypatch.setattr(replica, "there_is_one", lambda: True)
    monkeypatch.setattr(replica, "_ask", ask)

    found = client.get("/readyz").json()

    assert (found["status"], found["replica"]) == ("ok", 0.1)
    assert told[0] == replica.BEAT
    assert told.count(replica.BEHIND) == 3
