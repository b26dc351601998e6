"""Official files at the desk: bringing one, seeing what it would change, loading, taking back; who may, and how many questions."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from grades.admin.loading import uploads as pages
from grades.importers.official import jobs, loading, undoing, uploads
from grades.importers.official.facts import Wishes
from grades.models import ImportJob, ImportRun, Observation, Upload
from tests import factories
from tests.importers.official.conftest import world  # noqa: F401  a fixture
from tests.importers.official.test_loading import CRIME, PEOPLE, changed_copy
from tests.people import People

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A private folder of the test's own."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


def page(name: str, *args: Any) -> str:
    """Give the address of a page."""
    return reverse(f"admin:grades_{name}", args=args)


def text(response: Any) -> str:
    """Give what a page says, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#x27;", "'")


def send(browser: Client, content: bytes = b"", name: str = "crime.csv", **fields: Any) -> Any:
    """Send the form with a file."""
    file = SimpleUploadedFile(name, content or CRIME.read_bytes())
    return browser.post(page("upload_start"), {"file": file, **fields})


def bring(browser: Client, **fields: Any) -> Upload:
    """Bring a file and compare it."""
    response = send(browser, **fields)
    assert response.status_code == 302, text(response)
    upload = Upload.objects.latest("pk")
    assert response.url == page("upload_change", upload.pk)
    work()
    upload.refresh_from_db()
    return upload


def work() -> None:
    """Do what waits, as the worker does."""
    for job in ImportJob.objects.filter(state="waiting").order_by("pk"):
        jobs.run(job.pk)


def load(browser: Client, upload: Upload) -> ImportRun:
    """Press the button that loads, and do the work."""
    browser.post(page("upload_load", upload.pk), {"digest": upload.proposal["digest"]})
    work()
    upload.refresh_from_db()
    assert upload.run is not None
    return upload.run


class TestBringing:
    """The form: what it takes, and what it refuses in words."""

    def test_file_is_taken_in_and_waits_to_be_compared(self, desk: Client, superuser: User) -> None:
        response = send(
            desk,
            released="2018-07-19",
            edition="July 2018",
            totals="2018-03=4876282",
            why="Quarterly",
        )

        upload = Upload.objects.get()
        assert response.url == page("upload_change", upload.pk)
        assert (upload.file_name, upload.by, upload.why) == ("crime.csv", superuser, "Quarterly")
        assert upload.wishes["released"] == "2018-07-19"
        assert upload.wishes["totals"] == [["2018-04-01", "4876282"]]
        assert ProcrastinateJob.objects.get().args == {"number": ImportJob.objects.get().pk}
        shown = text(desk.get(response.url))
        assert "Waits to begin" in shown
        assert "Published totals March 2018: 4876282" in shown
        assert "Nobody is at work on the queue" in shown
        assert "Load exactly this" not in shown

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("released", "soon", "“soon” is not a date such as 2022, 2022-06 or 2022-06-28."),
            ("notes", "atlantis=Sunk", "No force is called atlantis."),
            ("notes", "kent", "Line 1: write FORCE=TEXT"),
            ("notes", f"kent={'x' * 201}", "Line 1: a note has at most 200 characters"),
            (
                "notes",
                "kent=New system\nkent=Old one",
                "Line 2: a line above says another thing about the same",
            ),
            ("totals", "1\nmany", "Line 2: write a number"),
            ("totals", "NaN", "Line 1: write a number"),
            ("totals", "1e999999999", "Line 1: write a number"),
            ("totals", "2018-13=4876282", "Line 1: write a number"),
            ("totals", "99999999999999999999-01=4876282", "Line 1: write a number"),
        ],
    )
    def test_what_is_typed_wrongly_is_said_beside_its_field_and_nothing_is_kept(
        self, desk: Client, folder: Path, field: str, value: str, words: str
    ) -> None:
        response = send(desk, **{field: value, "why": "typed"})

        assert response.status_code == 422
        assert words in text(response)
        assert 'value="typed"' in response.content.decode()
        assert not Upload.objects.exists()
        assert not folder.exists() or list(folder.iterdir()) == []

    def test_form_without_a_file_or_with_an_empty_one_says_so(self, desk: Client) -> None:
        missing = desk.post(page("upload_start"), {})
        empty = desk.post(page("upload_start"), {"file": SimpleUploadedFile("x.ods", b"")})

        assert (missing.status_code, empty.status_code) == (422, 422)
        assert "This field is required." in text(missing)
        assert "The submitted file is empty." in text(empty)

    def test_lookup_is_read_at_once_and_refused_in_its_own_name(self, desk: Client) -> None:
        good = b"LAD23CD,LAD23NM,PFA23CD,PFA23NM\nE06000001,Hartlepool,E23000013,Cleveland\n"
        refused = send(desk, lookup=SimpleUploadedFile("look.csv", b"a,b\n1,2\n"))
        taken = send(desk, lookup=SimpleUploadedFile("look.csv", good))

        assert refused.status_code == 422
        assert "The look-up look.csv needs the columns LAD..CD and PFA..CD." in text(refused)
        assert taken.status_code == 302
        assert Upload.objects.get().wishes["lookup"] == {"E06000001": "E23000013"}

    def test_same_file_is_told_at_once_with_the_way_to_the_first(self, desk: Client) -> None:
        first = send(desk)

        again = send(desk, name="another-name.csv")

        assert again.status_code == 422
        assert f'href="{first.url}"' in again.content.decode()
        assert "This very file is here already" in text(again)
        assert Upload.objects.count() == 1

    def test_file_that_is_loaded_is_told_at_once(self, world: None, desk: Client) -> None:  # noqa: F811
        run = loading.load(CRIME, Wishes()).run

        response = send(desk)

        assert response.status_code == 422
        assert f"loaded already (import {run.pk}" in text(response)

    def test_too_large_a_file_is_refused_before_it_is_read(
        self, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "LARGEST_REQUEST", 1000)

        response = send(desk, b"x" * 2000)

        assert response.status_code == 413
        assert "The file is larger than 200 MB" in text(response)
        assert not Upload.objects.exists()

    def test_form_needs_its_token_although_it_is_looked_at_late(self, superuser: User) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(superuser)

        refused = send(browser)
        token = browser.get(page("upload_start")).context["csrf_token"]
        taken = send(browser, csrfmiddlewaretoken=str(token))

        assert refused.status_code == 403
        assert taken.status_code == 302
        assert Upload.objects.count() == 1

    def test_only_national_editors_bring_files(self, people: People, sign_in: SignIn) -> None:
        for person in (people.viewer, people.editor, people.publisher, people.stranger):
            browser = sign_in(person)
            assert browser.get(page("upload_start")).status_code == 404
            assert send(browser).status_code == 404
        assert not Upload.objects.exists()
        assert sign_in(people.national).get(page("upload_start")).status_code == 200


@pytest.mark.usefixtures("world")
class TestDeciding:
    """What would change, and what the buttons do."""

    def test_page_shows_the_difference_before_anything_is_written(self, desk: Client, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes())
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "
        revised = changed_copy(tmp_path, sold, sold + "9").read_bytes()

        upload = bring(desk, content=revised)

        shown = text(desk.get(page("upload_change", upload.pk)))
        assert "Compared; nothing is written yet" in shown
        assert "What it would change" in shown
        assert re.search(r"Changed [\d,]+ ", shown)
        assert "Warwickshire Theft offences, Shoplifting 2017-04-01 2017-07-01" in shown
        assert "Recorded crime" in shown  # metrics by their names, not their slugs
        assert "Forces without any count" in shown
        assert ImportRun.objects.count() == 1

    def test_list_to_download_is_whole_and_runs_nothing(self, desk: Client) -> None:
        upload = bring(desk)

        response = desk.get(page("upload_list", upload.pk))

        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        added = upload.proposal["figures"]["added"] + upload.proposal["counts"]["added"]
        assert len(lines) == 1 + added
        assert response.headers["Content-Disposition"].startswith("attachment")
        uploads.list_path(upload).unlink()
        assert desk.get(page("upload_list", upload.pk)).status_code == 410

    def test_button_loads_what_was_shown(self, desk: Client, superuser: User) -> None:
        upload = bring(desk, released="2018-07-19")

        run = load(desk, upload)

        assert run.by == superuser
        assert Observation.objects.filter(run=run).count() == upload.proposal["figures"]["added"]
        shown = text(desk.get(page("upload_change", upload.pk)))
        assert f"This is loaded, as import {run.pk}" in shown
        assert "What it changed" in shown
        assert "Load exactly this" not in shown

    def test_button_of_an_older_comparison_loads_nothing(self, desk: Client) -> None:
        upload = bring(desk)

        response = desk.post(page("upload_load", upload.pk), {"digest": "older"}, follow=True)

        assert "It was compared anew meanwhile" in text(response)
        assert not ImportJob.objects.filter(task="apply").exists()

    def test_record_that_changed_is_shown_anew(self, desk: Client) -> None:
        upload = bring(desk)
        loading.load(PEOPLE, Wishes())
        desk.post(page("upload_load", upload.pk), {"digest": upload.proposal["digest"]})
        work()

        shown = text(desk.get(page("upload_change", upload.pk)))

        assert "The record has changed meanwhile; nothing was written" in shown
        assert "Load exactly this" in shown

    def test_pressing_twice_is_pressing_once(self, desk: Client) -> None:
        upload = bring(desk)
        for _ in range(2):
            response = desk.post(
                page("upload_load", upload.pk), {"digest": upload.proposal["digest"]}, follow=True
            )

        assert "It is being worked on already." in text(response)
        assert ImportJob.objects.filter(task="apply").count() == 1
        work()
        late = desk.post(page("upload_compare", upload.pk), follow=True)
        assert "loaded or discarded already; nothing was done twice" in text(late)

    def test_bad_lines_are_listed_with_sheet_line_column_and_reason(self, desk: Client) -> None:
        bad = CRIME.read_text("utf-8").replace("2017/18,2,Warwickshire", "2017/18,5,Warwickshire", 1)
        bad = bad.replace(" 66776 ", '" 66,7 "')
        upload = bring(desk, content=bad.encode())

        shown = text(desk.get(page("upload_change", upload.pk)))

        assert "Refused; nothing was written" in shown
        assert "2 cells or lines cannot be loaded." in shown
        assert "Financial Quarter “5” is not a quarter from 1 to 4" in shown
        assert "Load exactly this" not in shown
        assert "Compare again" in shown

    def test_more_bad_lines_than_are_listed_are_counted_all_the_same(
        self, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "MOST_PROBLEMS", 2)
        sold = r"(2017/18,[1-3],Warwickshire,Shoplifting,Theft offences,Shoplifting,46, )"
        bad = re.sub(sold, r"\1many ", CRIME.read_text("utf-8"))
        upload = bring(desk, content=bad.encode())

        shown = text(desk.get(page("upload_change", upload.pk)))

        assert "3 cells or lines cannot be loaded. The first 2 are listed." in shown
        assert shown.count("is not a number") == 2

    def test_discarding_forgets_the_file(
        self, desk: Client, django_capture_on_commit_callbacks: Callable
    ) -> None:
        upload = bring(desk)
        with django_capture_on_commit_callbacks(execute=True):
            response = desk.post(page("upload_discard", upload.pk), follow=True)

        assert "Discarded. The file is not kept." in text(response)
        assert "This was discarded on" in text(desk.get(page("upload_change", upload.pk)))
        assert send(desk).status_code == 302  # and may come in again

    def test_stop_ends_what_has_not_begun(self, desk: Client) -> None:
        send(desk)
        job = ImportJob.objects.get()

        response = desk.post(page("importjob_stop", job.pk), follow=True)

        assert "Stopped; nothing was written" in text(response)
        work()
        job.refresh_from_db()
        assert job.state == "stopped"
        assert "It had ended already." in text(desk.post(page("importjob_stop", job.pk), follow=True))

    def test_dead_job_says_so_and_can_be_started_again(self, desk: Client) -> None:
        send(desk)
        upload = Upload.objects.get()
        ImportJob.objects.update(state="working", started_at=NOON, step="write")

        shown = text(desk.get(page("upload_change", upload.pk)))

        assert "Interrupted; nothing was written" in shown
        desk.post(page("upload_compare", upload.pk))
        work()
        assert [job.state for job in ImportJob.objects.order_by("pk")] == ["interrupted", "done"]

    def test_progress_is_told_to_a_script_and_refreshed_without_one(self, desk: Client) -> None:
        send(desk)
        job = ImportJob.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [jobs.JOB_LOCK, job.pk])
        ImportJob.objects.update(state="working", started_at=NOON, step="compare")

        told = desk.get(page("importjob_progress", job.pk)).json()

        assert (told["step"], told["steps"], told["ended"]) == (4, 6, False)
        assert told["title"] == "Comparing with the record"
        assert told["words"].startswith("Comparing its counts with those held (step 4 of 6, begun ")
        shown = desk.get(page("upload_change", job.upload_id)).content.decode()
        assert f'data-progress="{page("importjob_progress", job.pk)}"' in shown
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
        desk.post(page("importjob_stop", job.pk))
        assert "stops at its next step" in desk.get(page("importjob_progress", job.pk)).json()["words"]


@pytest.mark.usefixtures("world")
class TestTakingBack:
    """The page of an import, and the confirmation that says what goes."""

    def test_import_is_taken_back_after_a_page_that_says_what_goes(self, desk: Client) -> None:
        run = load(desk, bring(desk, released="2018-07-19"))
        reach = undoing.reach(run)
        assert page("importrun_undo", run.pk) in desk.get(page("importrun_change", run.pk)).content.decode()

        shown = text(desk.get(page("importrun_undo", run.pk)))
        assert f"{reach.figures_gone:,} figures, {reach.counts_gone:,} counts" in shown
        assert "the editions that it made known:" in shown
        assert "Nothing: it replaced nothing." in shown
        missing = desk.post(page("importrun_undo", run.pk), {"why": " "})
        response = desk.post(page("importrun_undo", run.pk), {"why": "Wrong edition"})
        work()

        assert missing.status_code == 422
        assert "Say why it is taken back." in text(missing)
        job = ImportJob.objects.get(task="undo")
        assert response.url == page("importjob_change", job.pk)
        assert "Taken back; everything is as it was before" in text(desk.get(response.url))
        run.refresh_from_db()
        assert run.undone_at is not None
        assert not Observation.objects.exists()
        assert "Take it back" not in text(desk.get(page("importrun_change", run.pk)))

    def test_page_says_what_returns(self, desk: Client, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes())
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "
        run = load(desk, bring(desk, content=changed_copy(tmp_path, sold, sold + "9").read_bytes()))

        shown = text(desk.get(page("importrun_undo", run.pk)))

        assert re.search(r"What returns ([\d,]+ figures|One figure), one line of counts\.", shown)

    def test_what_blocks_it_is_named(self, desk: Client) -> None:
        people = loading.load(PEOPLE, Wishes()).run
        crime = loading.load(CRIME, Wishes()).run

        response = desk.get(page("importrun_undo", people.pk))
        sent = desk.post(page("importrun_undo", people.pk), {"why": "No"})

        assert f"figures of import {crime.pk} (2017-18.csv) are worked out with it" in text(response)
        assert "undo those first, the last one first" in text(response)
        assert sent.status_code == 409
        assert not ImportJob.objects.exists()

    def test_page_of_an_import_tells_what_was_found_in_sentences(self, desk: Client) -> None:
        run = loading.load(CRIME, Wishes()).run

        shown = text(desk.get(page("importrun_change", run.pk)))

        assert "no counts of: " in shown
        assert "Bedfordshire" in shown
        assert "forces_missing" not in shown

    @pytest.mark.parametrize("source", ["", "own-grades"])
    def test_page_of_an_import_that_is_not_looked_over_finds_nothing_in_order(
        self, desk: Client, source: str
    ) -> None:
        run = factories.import_run(source=source)

        shown = text(desk.get(page("importrun_change", run.pk)))

        assert "What was found" not in shown
        assert "nothing looks odd" not in shown

    def test_seed_is_not_offered_to_be_taken_back(self, desk: Client) -> None:
        run = factories.import_run()

        assert "Take it back" not in text(desk.get(page("importrun_change", run.pk)))
        assert "it is the seed's" in text(desk.get(page("importrun_undo", run.pk)))


WRITING = ("upload_compare", "upload_load", "upload_discard", "importjob_stop", "importrun_undo")


@pytest.mark.parametrize("name", WRITING)
def test_buttons_of_others_do_not_exist(people: People, sign_in: SignIn, name: str) -> None:
    record = {
        "upload": factories.upload,
        "importjob": factories.import_job,
        "importrun": lambda: factories.import_run(source="recorded-crime"),
    }[name.partition("_")[0]]()

    for person in (people.viewer, people.editor, people.publisher, people.stranger):
        assert sign_in(person).post(page(name, record.pk), {"why": "x"}).status_code == 404
    if name != "importrun_undo":
        assert sign_in(people.national).get(page(name, record.pk)).status_code == 405


QUERIES = {
    "form": 3,
    "waiting": 9,
    "progress": 6,
    "job": 8,
    "compared": 9,
    "loaded": 9,
    "import": 10,
    "undo": 13,
}
"""Queries of each page: session, user, what they may reach, the record, its work, and the names of areas and metrics."""


@pytest.mark.usefixtures("world")
class TestQuestions:
    """How many questions a page asks, whatever it shows."""

    def count(self, browser: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    def test_numbers_stay_the_same(self, desk: Client) -> None:
        asked = {"form": self.count(desk, page("upload_start"))}
        send(desk)
        upload = Upload.objects.get()
        job = ImportJob.objects.get()
        asked["waiting"] = self.count(desk, page("upload_change", upload.pk))
        asked["progress"] = self.count(desk, page("importjob_progress", job.pk))
        asked["job"] = self.count(desk, page("importjob_change", job.pk))
        work()
        upload.refresh_from_db()
        asked["compared"] = self.count(desk, page("upload_change", upload.pk))
        run = load(desk, upload)
        asked["loaded"] = self.count(desk, page("upload_change", upload.pk))
        asked["import"] = self.count(desk, page("importrun_change", run.pk))
        asked["undo"] = self.count(desk, page("importrun_undo", run.pk))

        assert asked == QUERIES
