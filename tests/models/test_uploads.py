"""Files that were brought, and the work asked for with them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone

from grades.models import ImportJob
from grades.models.uploads import JOB_LOCK
from tests import factories
from tests.models.rules import Rule, assert_rule, refused_by

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 1, 2, tzinfo=UTC)

RULES = [
    Rule("upload_file_name_not_empty", factories.upload, {"file_name": ""}),
    Rule("upload_hash_format", factories.upload, {"sha256": "not a hash"}, {"sha256": "0f" * 32}),
    Rule("upload_holds_something", factories.upload, {"size": 0}, {"size": 1}),
    Rule(
        "upload_ends_once",
        factories.upload,
        {"run": factories.import_run, "discarded_at": LATER},
        {"discarded_at": LATER},
    ),
    Rule("import_job_task_known", factories.import_job, {"task": "guess"}),
    Rule("import_job_state_known", factories.import_job, {"state": "odd"}),
    Rule("import_job_has_its_object", factories.import_job, {"task": "undo"}, {"task": "apply"}),
    Rule(
        "import_job_ended_says_when",
        factories.import_job,
        {"ended_at": None},
        {"state": "done", "ended_at": LATER},
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_import_is_taken_back_and_nothing_else() -> None:
    factories.import_job(task="undo", run=factories.import_run())

    with refused_by("import_job_has_its_object"):
        factories.import_job(task="compare", run=factories.import_run())


def test_file_waits_once_and_may_come_again_when_it_is_discarded() -> None:
    first = factories.upload()

    with refused_by("upload_waits_once"):
        factories.upload(sha256=first.sha256)

    type(first).objects.filter(pk=first.pk).update(discarded_at=LATER)
    assert factories.upload(sha256=first.sha256).is_open


def test_upload_is_worked_on_by_one_at_a_time() -> None:
    first = factories.import_job()

    with refused_by("import_job_once_an_upload"):
        factories.import_job(upload=first.upload)

    ImportJob.objects.filter(pk=first.pk).update(state="stopped", ended_at=LATER)
    assert factories.import_job(upload=first.upload).is_open


def test_import_is_taken_back_by_one_at_a_time() -> None:
    run = factories.import_run()
    factories.import_job(task="undo", run=run)

    with refused_by("import_job_once_a_run"):
        factories.import_job(task="undo", run=run)


def test_job_whose_process_is_gone_is_interrupted_and_others_are_not() -> None:
    dead = factories.import_job(state="working", started_at=LATER)
    alive = factories.import_job(state="working", started_at=LATER)
    waits = factories.import_job()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [JOB_LOCK, alive.pk])

    assert ImportJob.objects.note_the_dead() == 1

    states = dict(ImportJob.objects.values_list("pk", "state"))
    assert states == {dead.pk: "interrupted", alive.pk: "working", waits.pk: "waiting"}


def test_stopping_ends_what_waits_asks_what_works_and_is_late_for_what_ended() -> None:
    waits = factories.import_job()
    works = factories.import_job(state="working", started_at=LATER)
    ended = factories.import_job(state="done", ended_at=LATER)

    told = [ImportJob.objects.ask_to_stop(job.pk, timezone.now()) for job in (waits, works, ended)]

    assert told == [True, True, False]
    for job in (waits, works, ended):
        job.refresh_from_db()
    assert (waits.state, works.state, ended.state) == ("stopped", "working", "done")
    assert works.stop_asked_at is not None
    assert ended.stop_asked_at is None
