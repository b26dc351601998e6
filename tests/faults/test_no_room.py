"""A disk that is full, as a limit of what this process may write: said in words, and nothing half written is left."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from grades.importers.official import jobs, uploads
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Wishes
from grades.models import ImportJob, Upload
from tests import factories
from tests.importers.official.conftest import make_world
from tests.importers.official.test_loading import CRIME

pytestmark = pytest.mark.django_db


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes; the database server is another process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def editor() -> User:
    """Somebody who may load files."""
    return factories.user(is_staff=True, is_superuser=True)


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> list[Path]:
    """Where uploads are kept, and where they lie while they come in."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "coming-in"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return [uploads.folder(), settings.FILE_UPLOAD_TEMP_DIR]


def left(folders: list[Path]) -> list[str]:
    """Give the names of all files there."""
    return sorted(path.name for folder in folders for path in folder.iterdir())


def test_no_room_to_keep_an_upload(editor: User, folders: list[Path]) -> None:
    with room_for(10_000), pytest.raises(Unreadable, match="no room left on the server"):
        uploads.receive(
            iter([b"x" * 8000] * 3), name="crime.csv", said=Wishes(), by=editor, now=timezone.now()
        )

    assert left(folders) == []
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", [40_000, 6_000_000], ids=["kept in memory", "kept beside"])
def test_no_room_while_a_file_comes_in_is_told_on_the_form(
    editor: User, folders: list[Path], size: int
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    browser.get(reverse("admin:grades_upload_start"))
    token = browser.cookies["csrftoken"].value
    file = SimpleUploadedFile("crime.csv", b"x" * size)

    with room_for(20_000):
        answer = browser.post(
            reverse("admin:grades_upload_start"), {"csrfmiddlewaretoken": token, "file": file}
        )

    assert answer.status_code in (422, 507)
    assert "There is no room left on the server for this file." in answer.content.decode()
    assert left(folders) == []
    assert not Upload.objects.exists()


def test_no_room_for_the_list_of_what_would_change(editor: User, folders: list[Path]) -> None:
    make_world()
    upload = uploads.receive(
        [CRIME.read_bytes()], name="crime.csv", said=Wishes(), by=editor, now=timezone.now()
    )
    first = factories.import_job(task="compare", upload=upload, by=editor)

    with room_for(1000):
        jobs.run(first.pk)

    first.refresh_from_db()
    upload.refresh_from_db()
    assert first.state == "failed"
    assert "There is no room left" in first.problems[0]["words"]
    assert upload.proposal is None
    assert left(folders) == [upload.kept_as]

    again = factories.import_job(task="compare", upload=upload, by=editor)
    jobs.run(again.pk)
    assert ImportJob.objects.get(pk=again.pk).state == "done"
    assert left(folders) == [upload.kept_as, f"{upload.kept_as}.csv"]
