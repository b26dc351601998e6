"""One of our own files at the desk: shown as records, loaded as drafts, taken back; one with nothing new is told so."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grades import datasets, models
from grades.importers.official import jobs, uploads
from grades.importers.official.facts import Wishes
from tests import factories
from tests.importers.record.own_files import empty_the_record, exported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """A private folder of the test's own."""
    settings.UPLOADS_DIR = tmp_path / "uploads"


def brought(content: bytes) -> models.Upload:
    """Bring a file, as a national editor."""
    editor = factories.member("national-editor")
    return uploads.receive([content], name="grades.csv", said=Wishes(), by=editor, now=timezone.now())


def do(task: str, by: Any, **about: Any) -> models.ImportJob:
    """Do a piece of work, and give it as it ended."""
    job = factories.import_job(task=task, by=by, **about)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def page_of(upload: models.Upload) -> str:
    """Give the page of a file, as who brought it sees it."""
    browser = Client()
    browser.force_login(upload.by)
    content: str = browser.get(reverse("admin:grades_upload_change", args=[upload.pk])).content.decode()
    return content


def test_page_says_that_what_is_public_is_not_corrected_by_a_file() -> None:
    content = exported(datasets.GRADES).replace(b",outstanding,", b",inadequate,", 1)
    upload = brought(content)
    assert do("compare", upload.by, upload=upload).problems == []

    shown = page_of(upload)

    assert "no correction is proposed for it" in shown
    assert "(public; correct it on its page)" in shown


def test_new_records_become_drafts_and_go_again() -> None:
    content = exported(datasets.GRADES)
    empty_the_record()
    upload = brought(content)

    assert do("compare", upload.by, upload=upload).problems == []
    upload.refresh_from_db()
    assert not models.Inspection.objects.exists()
    assert upload.proposal["records"]["grades"] > 10
    assert sum(upload.proposal["records"].values()) == upload.proposal["figures"]["added"]
    assert upload.proposal["few"]["added"]
    assert "Load exactly this" in page_of(upload)
    assert do("apply", upload.by, upload=upload).state == "done"
    upload.refresh_from_db()
    assert upload.run.created == upload.proposal["figures"]["added"]
    assert models.Grade.objects.exists()
    assert not models.Inspection.objects.exclude(status="draft").exists()
    assert do("undo", upload.by, run=upload.run).state == "done"
    assert not models.Grade.objects.exists()


def test_record_that_changed_meanwhile_is_shown_anew() -> None:
    content = exported(datasets.GRADES)
    empty_the_record()
    upload = brought(content)
    do("compare", upload.by, upload=upload)
    other = brought(content.rstrip() + b"\n\n")
    do("compare", other.by, upload=other)
    other.refresh_from_db()
    assert do("apply", other.by, upload=other).state == "done"

    assert do("apply", upload.by, upload=upload).state == "changed"


def test_file_with_nothing_new_is_told_so() -> None:
    upload = brought(exported(datasets.GRADES))
    assert do("compare", upload.by, upload=upload).state == "done"
    upload.refresh_from_db()
    assert upload.proposal["figures"]["added"] == 0
    shown = page_of(upload)
    assert "Nothing in this file is new, so there is nothing to load." in shown
    assert "Load exactly this" not in shown
    assert "loading it only notes" not in shown

    job = do("apply", upload.by, upload=upload)

    assert job.state == "refused"
    assert "Nothing in this file is new" in job.problems[0]["words"]
    upload.refresh_from_db()
    assert upload.is_open
