"""What the site exports it takes back: nothing changes on a full record, and an empty one becomes equal to it."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from grades import datasets, models
from grades.datasets import Dataset
from grades.importers.official.undoing import undo
from tests import factories
from tests.importers.record.own_files import FILES, bring, empty_the_record, exported, publish_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.mark.parametrize("dataset", FILES, ids=lambda dataset: dataset.slug)
def test_an_exported_file_changes_nothing(dataset: Dataset, tmp_path: Path) -> None:
    """Not a row, not a run, not an entry of the log."""
    runs, log = models.ImportRun.objects.count(), models.ChangeLogEntry.objects.count()

    done = bring(exported(dataset), tmp_path)

    assert done.records is not None
    assert (done.records.nothing, done.records.kept, done.run) == (True, [], None)
    assert done.records.unchanged > 10
    assert (models.ImportRun.objects.count(), models.ChangeLogEntry.objects.count()) == (runs, log)


def test_an_empty_record_becomes_equal_to_the_export_and_is_emptied_again_by_undoing(tmp_path: Path) -> None:
    """Byte for byte, once what came in as drafts is public; until then nothing of it is."""
    before = {dataset.slug: exported(dataset) for dataset in FILES}
    empty_the_record()
    nothing = {dataset.slug: exported(dataset) for dataset in FILES}
    log = models.ChangeLogEntry.objects.count()

    runs = [bring(before[dataset.slug], tmp_path).run for dataset in FILES]

    assert {dataset.slug: exported(dataset) for dataset in FILES} == nothing
    assert models.ChangeLogEntry.objects.count() == log, "drafts are no matter of the public log"
    assert not models.Inspection.objects.exclude(status="draft").exists()
    for run in reversed(runs):
        assert run is not None
        undo(run.pk)
    assert not any(model.objects.exists() for model in (models.Inspection, models.Grade, models.Source))
    for dataset in FILES:
        bring(before[dataset.slug], tmp_path)
    publish_all()
    assert {dataset.slug: exported(dataset) for dataset in FILES} == before


def test_text_that_looks_like_a_formula_or_has_lines_comes_back_as_it_was(tmp_path: Path) -> None:
    """Safe in a spreadsheet, and whole in the record."""
    notes = [
        "=1+1",
        "-- two dashes",
        "'=quoted",
        "''@",
        'a, “b” "c"',
        "@\tx",
        "＋",
        "'tis",
        "one\n\ntwo",
        "\\.",
        "+44",
    ]
    grades = list(models.Grade.objects.order_by("pk")[: len(notes)])
    for grade, note in zip(grades, notes, strict=True):
        models.Grade.objects.filter(pk=grade.pk).update(note=note, summary=note)
    content = exported(datasets.GRADES)

    done = bring(content, tmp_path)

    assert done.records is not None
    assert (done.records.nothing, done.records.kept) == (True, [])
    for line in content.decode().split(","):
        assert not line.startswith(("=", "@", "+", "-", "＋"))


def test_the_command_tells_what_it_did_and_takes_it_back(tmp_path: Path) -> None:
    """In words, with the number that undoing wants."""
    path = tmp_path / "grades.csv"
    path.write_bytes(exported(datasets.GRADES))
    empty_the_record()
    out = io.StringIO()

    call_command("import_data", path, "--dry-run", stdout=out)
    assert "Only tried" in out.getvalue()
    assert not models.Grade.objects.exists()
    call_command("import_data", path, stdout=out)
    assert "1801" in out.getvalue()
    assert "not recorded there either" in out.getvalue()
    run = models.ImportRun.objects.latest("pk")
    call_command("import_data", path, stdout=out)
    assert "loaded already" in out.getvalue()
    call_command("undo_import", run.pk, stdout=out)
    assert not models.Grade.objects.exists()


def test_every_column_that_is_read_back_is_exported() -> None:
    """The two sides speak of one list of columns; a finding's owner and other private matters are not in it."""
    for dataset in FILES:
        assert exported(dataset).decode().splitlines()[0].split(",") == list(dataset.names)
        assert not {"owner", "checked_by"} & set(dataset.names)


def test_a_draft_of_another_person_is_not_exported() -> None:
    """Only what is public leaves the site."""
    inspection = models.Inspection.objects.filter(force__slug="kent").latest("pk")
    factories.finding(
        inspection=inspection,
        force=inspection.force,
        text="Secret finding",
        source=models.Source.objects.first(),
        status="draft",
        published_at=None,
    )

    assert b"Secret finding" not in exported(datasets.FINDINGS)
