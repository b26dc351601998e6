"""`manage.py seed`: what it prints, and how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grades.models import Council, Force, Grade


def seed(path, **options) -> str:
    """Run the command on a folder, and give what it prints."""
    out = StringIO()
    call_command("seed", folder=path, stdout=out, stderr=options.pop("stderr", StringIO()))
    return out.getvalue()


@pytest.mark.django_db
class TestSeed:
    """The command parses, prints and ends; the loading is tested with the importers."""

    def test_it_says_how_much_it_did(self, folder):
        nothing = "0 kept as edited, 0 left out, 0 removed, 0 no longer in the files but left in place\n"

        first, second = seed(folder.path), seed(folder.path)

        added = first.split()[0]
        assert first == f"{added} added, 0 changed, 0 unchanged, {nothing}"
        assert second == f"0 added, 0 changed, {added} unchanged, {nothing}"

    def test_it_names_what_it_kept_and_what_the_files_lack(self, folder):
        seed(folder.path)
        Force.objects.filter(slug="cheshire").update(region="North")
        Council.objects.filter(name="Bury").update(name="Bury St Edmunds")
        for name in ("Bolton", "Bury"):
            folder.remove("councils.csv", name=name)

        lines = seed(folder.path).splitlines()

        assert lines[:3] == [
            "kept as edited here: forces.csv: cheshire",
            "no longer in the files, removed: councils.csv: E08000001",
            "no longer in the files, left in place: councils.csv: E08000002",
        ]
        assert lines[3].startswith("0 added, 0 changed, ")

    def test_it_lists_every_fault_and_writes_nothing(self, folder):
        first = folder.change("councils.csv", {"name": "Bolton"}, force="nowhere")
        second = folder.change("grades.csv", {"force": "warwickshire"}, level="fine")
        said = StringIO()

        with pytest.raises(
            CommandError, match=r"^2 cells or lines cannot be loaded\. Nothing was written\.$"
        ):
            seed(folder.path, stderr=said)

        lines = said.getvalue().splitlines()
        assert lines[0] == f"councils.csv, line {first}, force: “nowhere” is not in forces.csv"
        assert lines[1].startswith(
            f"grades.csv, line {second}, level: “fine” is not one of: outstanding, good"
        )
        assert not Force.objects.exists()
        assert not Grade.objects.exists()

    def test_it_says_that_there_is_no_such_folder(self, tmp_path):
        with pytest.raises(CommandError, match=r"nowhere is not a folder\. Nothing was written\.$"):
            seed(tmp_path / "nowhere")
