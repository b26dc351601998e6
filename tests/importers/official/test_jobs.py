"""Files brought to the desk: taken in, compared, loaded exactly as shown, taken back; stopped, killed, out of room."""

import csv
import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from grades.admin.loading.shown import show_job
from grades.dates import PartialDate, Precision
from grades.importers.official import jobs, loading, uploads
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Wishes
from grades.importers.official.loading import AlreadyLoaded, Busy
from grades.importers.official.uploads import AlreadyHere
from grades.importers.official.wishes import as_json, from_json, parse_total
from grades.models import ChangeLogEntry, Count, ImportJob, ImportRun, Metric, Observation, Upload
from tests import factories
from tests.importers.official.test_loading import CRIME, JULY_2018, PEOPLE, changed_copy, state

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A private folder of the test's own."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


@pytest.fixture
def editor(db: None) -> User:
    """A national editor."""
    return factories.member("national-editor")


Bring = Callable[..., Upload]


@pytest.fixture
def bring(editor: User) -> Bring:
    """Takes a file in."""

    def take(path: Path = CRIME, **said: object) -> Upload:
        return uploads.receive(
            iter([path.read_bytes()]), name=path.name, said=Wishes(**said), by=editor, now=timezone.now()
        )

    return take


def do(task: str, *, by: User, ending: Callable[[], bool] = jobs.never, **about: object) -> ImportJob:
    """Ask for a piece of work and do it here."""
    job = factories.import_job(task=task, by=by, **about)
    jobs.run(job.pk, ending=ending)
    job.refresh_from_db()
    return job


def compared(upload: Upload) -> Upload:
    """Compare an upload, and give it as it is then."""
    job = do("compare", upload=upload, by=upload.by)
    assert (job.state, job.problems) == ("done", [])
    upload.refresh_from_db()
    return upload


def held_locks() -> list[tuple[int, ...]]:
    """Give the locks of sessions that are held now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT classid::bigint, objid::bigint FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchall()


@pytest.mark.django_db
class TestTakingIn:
    """What is kept of a file, and what is refused at the door."""

    def test_bytes_lie_where_only_their_owner_reads_them(self, bring: Bring, folder: Path) -> None:
        upload = bring(released=JULY_2018, totals={None: Decimal("4.5")}, notes={"kent": "New"})

        kept = uploads.path_of(upload)
        assert kept.read_bytes() == CRIME.read_bytes()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert upload.size == CRIME.stat().st_size
        assert CRIME.stem not in kept.name
        assert uploads.said_of(upload).released == JULY_2018

    def test_same_file_is_told_at_once(self, bring: Bring, folder: Path) -> None:
        first = bring()

        with pytest.raises(AlreadyHere, match=f"as upload {first.pk}, and waits"):
            bring()

        assert [path.name for path in folder.iterdir()] == [first.kept_as]

    def test_file_that_is_loaded_is_told_at_once(self, world: None, bring: Bring, folder: Path) -> None:
        loading.load(CRIME, Wishes())

        with pytest.raises(AlreadyLoaded, match="loaded already"):
            bring()

        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        ("limit", "pieces", "words"),
        [(10, [b"12345678", b"9012"], "larger than"), (10, [], "is empty")],
    )
    def test_what_is_too_large_or_empty_is_not_kept(
        self,
        editor: User,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        limit: int,
        pieces: list[bytes],
        words: str,
    ) -> None:
        monkeypatch.setattr(uploads, "LARGEST_FILE", limit)

        with pytest.raises(Unreadable, match=words):
            uploads.receive(pieces, name="x.ods", said=Wishes(), by=editor, now=timezone.now())

        assert list(folder.iterdir()) == []
        assert not Upload.objects.exists()

    def test_full_disk_is_said_in_words(self, editor: User, folder: Path) -> None:
        def pieces() -> Iterator[bytes]:
            yield b"first"
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(Unreadable, match="no room left on the server"):
            uploads.receive(pieces(), name="x.ods", said=Wishes(), by=editor, now=timezone.now())

        assert list(folder.iterdir()) == []

    def test_name_that_hides_something_is_written_out(self, editor: User) -> None:
        upload = uploads.receive(
            [b"x"], name="crime\u202egpj.ods", said=Wishes(), by=editor, now=timezone.now()
        )

        assert upload.file_name == "crime\\u202egpj.ods"

    def test_discarding_forgets_the_bytes_but_not_while_it_is_at_work(
        self, bring: Bring, editor: User, django_capture_on_commit_callbacks: Callable
    ) -> None:
        upload = bring()
        job = factories.import_job(upload=upload, by=editor)
        assert not uploads.discard(upload, now=timezone.now())
        ImportJob.objects.ask_to_stop(job.pk, timezone.now())

        with django_capture_on_commit_callbacks(execute=True):
            assert uploads.discard(upload, now=timezone.now())

        upload.refresh_from_db()
        assert not upload.is_open
        with pytest.raises(Unreadable, match="not kept any more"):
            uploads.path_of(upload)
        assert not uploads.discard(upload, now=timezone.now())

    def test_what_belongs_to_nothing_is_swept_away_after_an_hour(self, bring: Bring, folder: Path) -> None:
        upload = bring()
        for name, age in (("cut-off", 2 * 60 * 60), ("coming-in", 60)):
            (folder / name).write_bytes(b"x")
            os.utime(folder / name, (time.time() - age,) * 2)

        assert uploads.sweep() == 1

        assert {path.name for path in folder.iterdir()} == {upload.kept_as, "coming-in"}

    def test_bytes_that_a_killed_process_left_behind_go_and_the_list_stays(
        self, bring: Bring, folder: Path
    ) -> None:
        upload = bring()
        uploads.list_path(upload).write_text("what it changed")
        (folder / f"{upload.kept_as}.csv.new").write_text("half of it")
        for path in folder.iterdir():
            os.utime(path, (time.time() - 2 * 60 * 60,) * 2)
        Upload.objects.update(discarded_at=timezone.now())

        assert uploads.sweep() == 2

        assert list(folder.iterdir()) == [uploads.list_path(upload)]

    def test_file_that_its_owner_removes_meanwhile_holds_nothing_up(
        self, db: None, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        uploads.folder()
        monkeypatch.setattr(Path, "iterdir", lambda _folder: iter([folder / "refused"]))

        assert uploads.sweep() == 0


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ("4876282", (None, Decimal(4876282))),
        (" 4,876,282 ", (None, Decimal(4876282))),
        ("2018-03=4876282", (date(2018, 4, 1), Decimal(4876282))),
        ("2018-12 = 12.5", (date(2019, 1, 1), Decimal("12.5"))),
    ],
)
def test_published_total_is_of_the_twelve_months_to_a_month(
    typed: str, total: tuple[date | None, Decimal]
) -> None:
    assert parse_total(typed) == total


@pytest.mark.parametrize(
    "typed", ["2018-00=5", "2018-13=5", "18-03=5", "9" * 30 + "-01=5", "1e999999999", "-5", "="]
)
def test_what_is_no_published_total_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="write a number, or a month and a number"):
        parse_total(typed)


def test_what_is_said_comes_back_from_json_as_it_was() -> None:
    said = Wishes(
        released=PartialDate(date(2018, 7, 1), Precision.MONTH),
        edition="July 2018",
        notes={"kent": "New recording system"},
        totals={None: Decimal("4876282"), date(2018, 4, 1): Decimal("12.5")},
        lookup={"E07000001": "E23000001"},
        replace=True,
    )

    assert from_json(as_json(said)) == said
    assert from_json(as_json(Wishes())) == Wishes()


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
class TestComparing:
    """What would change, kept; nothing written."""

    def test_nothing_is_written_but_what_it_would_be(self, bring: Bring) -> None:
        before = state()

        upload = compared(bring(released=JULY_2018))

        assert state() == before
        assert not ImportRun.objects.exists()
        assert upload.proposal["figures"]["added"] > 0
        assert upload.proposal["title"].startswith("Home Office: police recorded crime")
        assert upload.proposal["new_editions"]

    def test_list_has_every_line_that_the_numbers_count(self, bring: Bring, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "
        new = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Something new,46x, 3 \n"
        text = CRIME.read_text("utf-8").replace(sold, new + sold + "9", 1)
        text = text.replace("2017/18,4,Warwickshire,Homicide", "2017/18,4,Kent,Homicide", 1)
        path = tmp_path / "revised.csv"
        path.write_text(text, "utf-8")

        upload = compared(bring(path, released=JULY_2018))

        with uploads.list_path(upload).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        counts, figures = upload.proposal["counts"], upload.proposal["figures"]
        for kind in ("added", "changed", "vanished", "kept"):
            listed = [(row["to"], row["what happens"]) for row in rows]
            assert listed.count(("count", kind)) == counts.get(kind, 0), kind
            assert listed.count(("figure", kind)) == figures[kind], kind
        assert counts["added"] > 0
        assert counts["changed"] == 1
        changed = next(row for row in rows if (row["to"], row["what happens"]) == ("count", "changed"))
        assert (changed["area"], changed["first day"]) == ("Warwickshire", "2017-04-01")
        assert changed["file"] == f"9{changed['held']}"

    def test_new_edition_is_listed_beside_the_one_before(self, bring: Bring, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018, edition="July 2018"))
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "

        upload = compared(
            bring(
                changed_copy(tmp_path, sold, sold + "9"),
                released=PartialDate(date(2019, 7, 18)),
                edition="July 2019",
            )
        )

        assert upload.proposal["counts"]["added"] == 0
        assert upload.proposal["counts"]["changed"] == 1
        with uploads.list_path(upload).open(encoding="utf-8-sig", newline="") as file:
            listed = [(row["to"], row["what happens"]) for row in csv.DictReader(file)]
        assert listed.count(("count", "added")) == 0
        assert listed.count(("figure", "added")) == upload.proposal["figures"]["added"] > 0

    def test_bad_lines_are_kept_with_sheet_line_and_column(self, bring: Bring, tmp_path: Path) -> None:
        bad = changed_copy(tmp_path, "2017/18,1,Warwickshire", "2017/18,5,Warwickshire")
        upload = bring(bad)

        job = do("compare", upload=upload, by=upload.by)

        assert job.state == "refused"
        assert [(line["column"], line["line"] > 1) for line in job.problems] == [("Financial Quarter", True)]
        assert "“5” is not a quarter from 1 to 4" in job.problems[0]["words"]
        upload.refresh_from_db()
        assert upload.proposal is None
        assert upload.is_open

    def test_file_that_is_no_table_is_refused_in_its_own_name(self, bring: Bring, tmp_path: Path) -> None:
        page = tmp_path / "crime.ods"
        page.write_text("<html>Sign in</html>")
        upload = bring(page)

        job = do("compare", upload=upload, by=upload.by)

        assert job.state == "refused"
        assert job.problems == [
            {"words": "The file crime.ods is a web page or the like, not a table. Was the download complete?"}
        ]

    def test_nobody_keeps_a_lock(self, bring: Bring) -> None:
        compared(bring())

        assert [found for found in held_locks() if found[0] == jobs.JOB_LOCK] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
class TestLoading:
    """Exactly what was shown, in one transaction, told once."""

    def test_what_was_shown_is_loaded_with_one_run_and_one_entry_of_the_log(
        self, bring: Bring, editor: User
    ) -> None:
        upload = compared(bring(released=JULY_2018))
        figures = upload.proposal["figures"]["added"]

        job = do("apply", upload=upload, by=editor)

        upload.refresh_from_db()
        assert (job.state, job.problems) == ("done", [])
        assert Observation.objects.filter(run=upload.run).count() == figures
        assert upload.run.by == editor
        assert upload.run.file_name == CRIME.name
        assert ImportRun.objects.count() == 1
        assert ChangeLogEntry.objects.filter(kind="loaded").count() == 1
        with pytest.raises(Unreadable):  # the bytes are not needed any more
            uploads.path_of(upload)

    def test_who_and_why_stand_in_the_history(self, editor: User) -> None:
        upload = uploads.receive(
            [CRIME.read_bytes()],
            name="crime.csv",
            said=Wishes(),
            by=editor,
            now=timezone.now(),
            why="quarterly",
        )

        do("apply", upload=compared(upload), by=editor)

        history = Observation.objects.first().row_history.first()
        assert history.pgh_context["user"] == editor.pk
        assert history.pgh_context["why"] == "quarterly"

    def test_changed_record_is_shown_anew_and_nothing_written(self, bring: Bring, editor: User) -> None:
        upload = compared(bring(released=JULY_2018))
        shown = upload.proposal
        loading.load(PEOPLE, Wishes())  # rates of the file can be worked out now
        before = state()

        job = do("apply", upload=upload, by=editor)

        upload.refresh_from_db()
        assert job.state == "changed"
        assert state() == before
        assert upload.run is None
        assert upload.proposal["digest"] != shown["digest"]
        assert upload.proposal["figures"]["added"] > shown["figures"]["added"]
        assert do("apply", upload=upload, by=editor).state == "done"

    def test_change_of_one_value_alone_is_noticed(self, bring: Bring, editor: User) -> None:
        """The numbers of what is added stay the same, only a rate would be another."""
        people = loading.load(PEOPLE, Wishes()).run
        upload = compared(bring(released=JULY_2018))
        numbers = upload.proposal["figures"]
        Count.objects.filter(line__run=people, line__area__slug="warwickshire").update(value=600_000)

        assert do("apply", upload=upload, by=editor).state == "changed"

        upload.refresh_from_db()
        assert upload.proposal["figures"] == numbers

    def test_change_elsewhere_stops_nothing(self, bring: Bring, editor: User) -> None:
        upload = compared(bring(released=JULY_2018))
        factories.source()
        factories.change_log_entry()

        assert do("apply", upload=upload, by=editor).state == "done"

    def test_second_time_is_refused(self, bring: Bring, editor: User) -> None:
        upload = compared(bring())
        do("apply", upload=upload, by=editor)

        job = do("apply", upload=upload, by=editor)

        assert job.problems == [{"words": "This file is loaded or discarded already."}]
        assert ImportRun.objects.count() == 1

    def test_import_is_taken_back_as_a_job(self, bring: Bring, editor: User) -> None:
        before = state()
        upload = compared(bring())
        do("apply", upload=upload, by=editor)
        upload.refresh_from_db()

        job = do("undo", run=upload.run, by=editor, why="Wrong edition")

        assert job.state == "done"
        assert state() == before
        assert ImportRun.objects.get().undone_by == editor
        assert ChangeLogEntry.objects.get(kind="unloaded").document["reason"] == "Wrong edition"
        again = do("undo", run=upload.run, by=editor)
        assert again.state == "refused"
        assert "it was undone on" in again.problems[0]["words"]

    def test_process_that_is_to_end_stops_at_the_next_step(self, bring: Bring, editor: User) -> None:
        upload = compared(bring())

        job = do("apply", upload=upload, by=editor, ending=lambda: True)

        assert job.state == "interrupted"
        assert state()["figures"] == []
        assert do("apply", upload=upload, by=editor).state == "done"

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            (OSError(errno.ENOSPC, "No space left on device"), "no room left"),
            (RuntimeError("odd"), "nobody foresaw"),
        ],
    )
    def test_trouble_is_told_in_words_and_writes_nothing(
        self,
        bring: Bring,
        editor: User,
        monkeypatch: pytest.MonkeyPatch,
        problem: Exception,
        words: str,
    ) -> None:
        upload = compared(bring())

        def fail(*_args: object, **_given: object) -> None:
            raise problem

        monkeypatch.setattr(loading, "write_figures", fail)

        job = do("apply", upload=upload, by=editor)

        assert job.state == "failed"
        assert words in job.problems[0]["words"]
        assert state()["counts"] == []

    def test_full_database_is_told_in_words_and_writes_nothing(self, bring: Bring, editor: User) -> None:
        """The server itself refuses, with the state of a full disk, in the middle of writing."""
        upload = compared(bring())
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"
                " END $$; CREATE TRIGGER full_disk BEFORE INSERT ON grades_observation EXECUTE FUNCTION full_disk()"
            )

        job = do("apply", upload=upload, by=editor)

        assert job.state == "failed"
        assert "no room left" in job.problems[0]["words"]
        assert state()["counts"] == []
        upload.refresh_from_db()
        assert upload.is_open

    def test_metric_that_is_renamed_meanwhile_changes_nothing_that_is_written(
        self, bring: Bring, editor: User
    ) -> None:
        upload = compared(bring())
        Metric.objects.filter(slug="recorded-crime-count").update(label="Crimes")

        assert do("apply", upload=upload, by=editor).state == "done"


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Several processes: one waits, one is stopped, one is killed."""

    def test_second_waits_while_the_first_is_at_work_and_a_button_stops_that(
        self, world: None, bring: Bring, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = bring(), bring(PEOPLE)
        job = factories.import_job(upload=first, by=editor)
        waits = factories.import_job(upload=second, by=editor)
        inside, go_on = threading.Event(), threading.Event()
        written = loading.write_counts

        def hold(*args: object, **given: object) -> None:
            inside.set()
            go_on.wait(20)
            written(*args, **given)

        monkeypatch.setattr(loading, "write_counts", hold)

        def work() -> None:
            jobs.run(job.pk)
            connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        assert inside.wait(30)
        try:
            seen = ImportJob.objects.get(pk=job.pk)
            assert (seen.state, seen.step) == ("working", "write")  # seen from outside its transaction
            assert ImportJob.objects.note_the_dead() == 0
            with pytest.raises(Busy):
                jobs.run(waits.pk)
            assert ImportJob.objects.get(pk=waits.pk).state == "waiting"
            assert show_job(waits).words.startswith("Another file is being loaded or taken back.")
            assert ImportJob.objects.ask_to_stop(job.pk, timezone.now())
        finally:
            go_on.set()
            thread.join(30)

        assert ImportJob.objects.get(pk=job.pk).state == "stopped"
        assert state()["counts"] == []
        jobs.run(waits.pk)
        assert ImportJob.objects.get(pk=waits.pk).state == "done"
        assert held_locks() == []

    @pytest.mark.parametrize("step", ["write", "work out"])
    def test_killed_in_the_middle_leaves_nothing_and_can_be_started_again(
        self, world: None, bring: Bring, editor: User, folder: Path, step: str
    ) -> None:
        upload = compared(bring())
        job = factories.import_job(task="apply", upload=upload, by=editor)
        program = (
            "import os, signal; from django.conf import settings;"
            f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r};"
            f"from pathlib import Path; settings.UPLOADS_DIR = Path({str(folder)!r});"
            "import django; django.setup();"
            "from grades.importers.official import jobs, loading;"
            "real = loading.load;"
            "kill = lambda progress: lambda at: (progress(at),"
            f" at == {step!r} and os.kill(os.getpid(), signal.SIGKILL));"
            "loading.load = lambda *args, progress, **given: real(*args, progress=kill(progress), **given);"
            f"jobs.run({job.pk})"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "peel_site.settings"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()

        give_up = time.monotonic() + 10
        while not ImportJob.objects.note_the_dead() and time.monotonic() < give_up:
            time.sleep(0.1)  # until the server has noticed that nobody is there any more

        job.refresh_from_db()
        assert (job.state, job.step) == ("interrupted", step)
        assert state()["counts"] == []
        assert not ImportRun.objects.exists()
        assert do("apply", upload=upload, by=editor).state == "done"
        upload.refresh_from_db()
        assert upload.run is not None
