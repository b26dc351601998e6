"""A file in, compared, applied and taken back, from beginning to end."""

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path

import pghistory
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from grades.dates import PartialDate, Precision
from grades.importers.official import loading
from grades.importers.official.errors import BadFiles
from grades.importers.official.facts import Wishes
from grades.importers.official.telling import found_sections
from grades.importers.official.undoing import CannotUndo, undo
from grades.importers.official.working_out import Key, Worked
from grades.importers.official.writing import write_figures
from grades.models import ChangeLogEntry, Count, CountLine, ImportRun, Observation, Release
from tests import factories
from tests.importers.official.conftest import DATA
from tests.importers.official.held import state

CRIME = DATA / "recorded-crime" / "2017-18.csv"
PEOPLE = DATA / "population" / "mid-2023.xlsx"
TABLES = DATA / "force-tables" / "march-2018.xlsx"
ROLLING = DATA / "rolling-year" / "to-december-2018.csv"
JULY_2018 = PartialDate(date(2018, 7, 19), Precision.DAY)
JULY_2019 = PartialDate(date(2019, 7, 18), Precision.DAY)

pytestmark = pytest.mark.django_db


def changed_copy(tmp_path: Path, old: str, new: str) -> Path:
    """Give a copy of the recorded crime of 2017/18 with one text in another's place, once."""
    text = CRIME.read_text("utf-8")
    assert old in text
    path = tmp_path / "revised.csv"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def warwickshire(metric: str) -> Observation:
    """Give Warwickshire's newest figure of a metric."""
    found = Observation.objects.filter(metric__slug=metric, area__slug="warwickshire").newest_release()
    return sorted(found, key=lambda figure: figure.ends_before)[-1]


@pytest.mark.usefixtures("world")
class TestLoading:
    """What a load writes."""

    def test_rates_are_worked_out_of_counts_and_people_with_all_that_made_them(self) -> None:
        loading.load(PEOPLE, Wishes())
        done = loading.load(CRIME, Wishes(released=JULY_2018))

        rate = warwickshire("recorded-crime")
        assert (rate.starts_on, rate.ends_before) == (date(2017, 4, 1), date(2018, 4, 1))
        assert rate.denominator == 566625
        assert rate.denominator_note == "Mid-2016 population, edition 15 July 2024"
        assert rate.value == round(rate.numerator / rate.denominator * 1000, 1)
        assert rate.basis == "derived"
        assert rate.run == done.run
        assert rate.release.released == JULY_2018
        assert not Observation.objects.filter(
            area__slug="england-and-wales"
        ).exists()  # five forces are no nation

    def test_fraud_goes_by_its_group_and_its_bodies_are_kept_apart(self) -> None:
        loading.load(CRIME, Wishes())

        assert CountLine.objects.filter(area__slug="uk-finance", part="Fraud: UK Finance").exists()
        kinds = set(CountLine.objects.filter(area__slug="warwickshire").values_list("category", flat=True))
        assert not any("raud" in kind for kind in kinds)
        areas = set(Observation.objects.values_list("area__slug", flat=True))
        assert areas == {"avon-and-somerset", "city-of-london", "warwickshire", "west-midlands"}

    def test_rows_of_homicide_are_added_up_and_corrections_stay_below_nought(self) -> None:
        loading.load(CRIME, Wishes())

        homicide = Count.objects.filter(line__part="Homicide", line__area__slug="west-midlands")
        assert sum(count.value for count in homicide) == 41
        assert Count.objects.filter(value__lt=0).exists()

    def test_city_of_london_has_counts_and_no_rate(self) -> None:
        loading.load(PEOPLE, Wishes())
        loading.load(CRIME, Wishes())

        metrics = set(
            Observation.objects.filter(area__slug="city-of-london").values_list("metric__slug", flat=True)
        )
        assert metrics == {"recorded-crime-count"}

    def test_suppressed_missing_and_nought_are_three_things_also_in_sums(self, tmp_path: Path) -> None:
        cells = {
            "Shoplifting": " -00 ",
            "Homicide": "[c]",
            "Bicycle theft": "[x]",
            "Other theft offences": "",
        }
        lines = [
            f"2017/18,1,Warwickshire,{name},Theft offences,{name},{at},{cell}"
            for at, (name, cell) in enumerate(cells.items())
        ]
        lines += ["2017/18,1,Warwickshire,More,Theft offences,Homicide,9,7"]
        path = tmp_path / "marks.csv"
        path.write_text("\n".join([CRIME.read_text("utf-8").splitlines()[0], *lines]) + "\n", "utf-8")

        done = loading.load(path, Wishes())

        assert set(Count.objects.values_list("line__part", "value", "missing")) == {
            ("Shoplifting", 0, ""),
            ("Homicide", None, "suppressed"),
            ("Bicycle theft", None, "not-available"),
            ("Other theft offences", None, "blank"),
        }
        assert done.report["missing"] == {"blank": 1, "not-available": 1, "suppressed": 1}

    def test_year_without_one_of_its_quarters_is_no_year(self, tmp_path: Path) -> None:
        lines = CRIME.read_text("utf-8").splitlines(keepends=True)
        three = tmp_path / "three-quarters.csv"
        three.write_text(
            "".join(line for line in lines if not line.startswith("2017/18,4,Warwickshire")), "utf-8"
        )

        done = loading.load(three, Wishes())

        assert not Observation.objects.filter(area__slug="warwickshire").exists()
        assert Observation.objects.filter(area__slug="west-midlands").exists()
        lacking = {row["starts_on"]: row["forces"] for row in done.report["periods_incomplete"]}
        assert "warwickshire" in lacking["2018-01-01"]
        assert "warwickshire" not in lacking["2017-10-01"]

    def test_quarter_that_the_whole_file_lacks_is_told(self, tmp_path: Path) -> None:
        lines = CRIME.read_text("utf-8").splitlines(keepends=True)
        three = tmp_path / "three-quarters.csv"
        three.write_text("".join(line for line in lines if not line.startswith("2017/18,2,")), "utf-8")

        done = loading.load(three, Wishes())

        assert {"kind": "crime-quarter", "starts_on": "2017-07-01", "forces": []} in done.report[
            "periods_incomplete"
        ]
        told = [line for section in found_sections(done.report) for line in section.lines]
        assert "from 2017-07-01 on, no counts of: any force" in told

    def test_people_that_come_later_complete_what_waited_and_change_nothing(self) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        before = set(Observation.objects.values_list("pk", "value"))
        assert not Observation.objects.filter(metric__slug="recorded-crime").exists()

        loading.load(PEOPLE, Wishes())

        assert before < set(Observation.objects.values_list("pk", "value"))
        assert warwickshire("recorded-crime").denominator == 566625

    def test_newer_edition_is_shown_and_the_older_stays(self, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        old = warwickshire("recorded-crime-count").value
        revised = tmp_path / "revised.csv"
        revised.write_text(
            CRIME.read_text("utf-8")
            + "2017/18,1,Warwickshire,More,Robbery,Robbery of personal property,34B, 100 \n",
            "utf-8",
        )

        done = loading.load(revised, Wishes(released=JULY_2019))

        assert warwickshire("recorded-crime-count").value == old + 100
        assert (
            Observation.objects.filter(metric__slug="recorded-crime-count", area__slug="warwickshire").count()
            == 2
        )
        assert done.counts[0].beside.endswith("19 July 2018")
        assert [(change.old.value + 100, change.line.name.part) for change in done.counts[0].changed] == [
            (done.counts[0].changed[0].new.value, "Robbery of personal property")
        ]

    def test_page_says_what_was_revised_and_in_which_release(self, client: Client, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        was = warwickshire("recorded-crime-count").value
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "
        loading.load(changed_copy(tmp_path, sold, sold + "9"), Wishes(released=JULY_2019))
        now = warwickshire("recorded-crime-count").value
        assert now > was

        page = client.get(reverse("force-metric", args=["warwickshire", "recorded-crime-count"]))

        words = f"{now:,.0f}, revised from {was:,.0f} in the release of 19 July 2018 (Home Office, Police recorded crime"
        assert words in page.content.decode()

    def test_note_stands_with_the_figures_of_its_force(self) -> None:
        loading.load(CRIME, Wishes(notes={"warwickshire": "New recording system"}))

        assert warwickshire("recorded-crime-count").note == "New recording system"
        assert not Observation.objects.exclude(area__slug="warwickshire").exclude(note="").exists()

    def test_note_stands_with_what_a_file_states_and_stays_when_figures_are_worked_out_later(self) -> None:
        loading.load(TABLES, Wishes(notes={"warwickshire": "Eleven months"}))
        loading.load(CRIME, Wishes(notes={"warwickshire": "New recording system"}))
        Observation.objects.filter(metric__slug="recorded-crime", basis="derived").delete()
        loading.load(PEOPLE, Wishes())

        stated = Observation.objects.filter(metric__slug="anti-social-behaviour-count", basis="published")
        assert stated.filter(area__slug="warwickshire").exists()
        assert {note for (note,) in stated.filter(area__slug="warwickshire").values_list("note")} == {
            "Eleven months"
        }
        assert not stated.exclude(area__slug="warwickshire").filter(note__contains="Eleven").exists()
        assert warwickshire("recorded-crime").basis == "derived"
        assert warwickshire("recorded-crime").note.endswith("New recording system")

    def test_figure_that_an_edition_states_no_more_goes(self) -> None:
        done = loading.load(TABLES, Wishes())
        stated = Observation.objects.filter(metric__slug="anti-social-behaviour-count", run=done.run)
        one = stated.filter(area__slug="warwickshire").order_by("ends_before").last()
        assert one is not None
        assert done.run is not None
        others = stated.filter(release=one.release, ends_before=one.ends_before).exclude(pk=one.pk)
        key = ("anti-social-behaviour-count", one.ends_before)

        for covered, gone in ((frozenset(), False), (frozenset({key}), True)):
            wanted = {
                Key(o.area_id, key[0], o.starts_on, o.ends_before): Worked(
                    o.value, o.numerator, o.denominator, o.denominator_note, o.note, o.basis
                )
                for o in others
            }
            difference = write_figures(done.run, one.release, wanted, replace=False, covered=covered)
            assert Observation.objects.filter(pk=one.pk).exists() is not gone
            assert (one.area_id in {change.key.area for change in difference.vanished}) is gone

    def test_run_and_log_and_history_tell_of_it(self) -> None:
        done = loading.load(CRIME, Wishes(released=JULY_2018), why="quarterly release")

        run = ImportRun.objects.get()
        assert (run, run.file_name, run.source) == (done.run, "2017-18.csv", "recorded-crime")
        assert run.created == done.counts[0].added + done.figures.added
        entry = ChangeLogEntry.objects.get()
        assert entry.kind == "loaded"
        assert entry.document["sha256"] == run.sha256
        assert all(isinstance(value, str | list) for value in entry.document.values())
        history = apps.get_model("grades", "ObservationHistory").objects.first()
        assert history.pgh_context["why"] == "quarterly release"

    def test_same_file_again_changes_nothing_and_is_not_even_opened(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loading.load(CRIME, Wishes())
        before = state()
        monkeypatch.setattr(loading, "open_book", None)

        with pytest.raises(loading.AlreadyLoaded, match=r"loaded already \(import \d+"):
            loading.load(CRIME, Wishes())

        assert state() == before

    def test_trial_shows_what_loading_would_do_and_does_nothing(self) -> None:
        before = state()

        tried = loading.load(CRIME, Wishes(released=JULY_2018), trial=True)

        assert state() == before
        assert not ImportRun.objects.exists()
        assert not ChangeLogEntry.objects.exists()
        done = loading.load(CRIME, Wishes(released=JULY_2018))
        assert (tried.counts[0].added, tried.figures.added) == (done.counts[0].added, done.figures.added)

    def test_stopping_at_any_step_leaves_nothing(self) -> None:
        before = state()
        for unwanted in ("parse", "compare", "write", "work out", "done"):

            def stop(step: str, unwanted: str = unwanted) -> None:
                if step == unwanted:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                loading.load(CRIME, Wishes(), progress=stop)

            assert state() == before

    def test_figures_of_people_stay_unless_they_are_to_be_replaced(self, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        figure = warwickshire("recorded-crime-count")
        Observation.objects.filter(pk=figure.pk).update(value=1, run=None)
        again = changed_copy(tmp_path, " 66776 ", " 66777 ")

        kept = loading.load(again, Wishes(released=JULY_2018))
        figure.refresh_from_db()
        assert figure.value == 1
        assert [change.old for change in kept.figures.kept] == [1]
        assert kept.run.kept == 1

        undo(kept.run.pk)
        replaced = loading.load(again, Wishes(released=JULY_2018, replace=True))
        figure.refresh_from_db()
        assert figure.value > 1
        undo(replaced.run.pk)
        figure.refresh_from_db()
        assert (figure.value, figure.run) == (1, None)

    def test_body_that_the_file_lacks_altogether_does_not_vanish(self, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        lines = CRIME.read_text("utf-8").splitlines(keepends=True)
        less = tmp_path / "less.csv"
        robberies = [line for line in lines if "Warwickshire" not in line or "Shoplifting" not in line]
        less.write_text("".join(line for line in robberies if "West Midlands" not in line), "utf-8")

        done = loading.load(less, Wishes(released=JULY_2018))

        assert {change.line.name.part for change in done.counts[0].vanished} == {"Shoplifting"}
        assert CountLine.objects.current().filter(area__slug="west-midlands").exists()

    def test_figure_that_somebody_edited_stays_and_is_named(self, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        ImportRun.objects.update(started_at="2020-01-01T00:00Z", finished_at="2020-01-01T00:00Z")
        figure = warwickshire("recorded-crime-count")
        with pghistory.context(user=1):  # a transaction, and so the mark of the load, lasts as long as a test
            Observation.objects.filter(pk=figure.pk).update(note="Checked by hand")
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "

        done = loading.load(changed_copy(tmp_path, sold, sold + "9"), Wishes(released=JULY_2018))

        assert [change.key.metric for change in done.figures.kept] == ["recorded-crime-count"]
        assert warwickshire("recorded-crime-count").note == "Checked by hand"

    @pytest.mark.parametrize("held_by", ["an edit", "a citation", "nobody"])
    def test_figure_that_the_file_no_longer_makes_goes_unless_somebody_holds_on_to_it(
        self, tmp_path: Path, held_by: str
    ) -> None:
        loading.load(CRIME, Wishes(released=JULY_2018))
        ImportRun.objects.update(started_at="2020-01-01T00:00Z", finished_at="2020-01-01T00:00Z")
        figure = warwickshire("recorded-crime-count")
        if held_by == "an edit":
            with pghistory.context(
                user=1
            ):  # a transaction, and so the mark of the load, lasts as long as a test
                Observation.objects.filter(pk=figure.pk).update(note="Checked by hand")
        if held_by == "a citation":
            factories.citation(grade=None, observation=figure, state="", level="")
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "

        done = loading.load(changed_copy(tmp_path, f"{sold}938", f"{sold}.."), Wishes(released=JULY_2018))

        own = [change for change in done.figures.kept if change.key.area == figure.area_id]
        if held_by == "nobody":
            assert not own
            assert not Observation.objects.filter(pk=figure.pk).exists()
        else:
            assert [(change.old, change.new) for change in own] == [(figure.value, None)]
            assert Observation.objects.filter(pk=figure.pk).exists()
            assert {"area": "warwickshire", "file": ""}.items() <= done.report["kept"][0].items()

    def test_day_that_was_not_known_is_noted_and_taken_back(self, tmp_path: Path) -> None:
        loading.load(CRIME, Wishes(edition="July"))
        release = Release.objects.get(edition="July")
        assert release.released is None
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "

        done = loading.load(
            changed_copy(tmp_path, sold, sold + "9"), Wishes(edition="July", released=JULY_2018)
        )

        release.refresh_from_db()
        assert release.released == JULY_2018
        undo(done.run.pk)
        release.refresh_from_db()
        assert release.released is None

    def test_published_total_is_set_beside_ours(self) -> None:
        done = loading.load(CRIME, Wishes(totals={date(2018, 4, 1): Decimal(4876282)}))

        assert [row["published"] for row in done.report["totals"]] == ["4876282", "4876282"]


@pytest.mark.usefixtures("world")
class TestUndoing:
    """Exactly what was."""

    def test_everything_is_as_it_was(self, tmp_path: Path) -> None:
        loading.load(PEOPLE, Wishes())
        loading.load(CRIME, Wishes(released=JULY_2018))
        before = state()
        again = changed_copy(
            tmp_path,
            "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, ",
            "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, 9",
        )

        done = loading.load(again, Wishes(released=JULY_2018))
        assert len(done.counts[0].changed) == 1
        assert {change.key.metric for change in done.figures.changed} == {
            "recorded-crime",
            "recorded-crime-count",
            "theft",
        }
        assert state() != before
        undo(done.run.pk, why="wrong file")

        assert state() == before
        assert ChangeLogEntry.objects.order_by("-number").first().kind == "unloaded"

    def test_also_after_later_imports_of_other_data(self) -> None:
        before = state()
        crime = loading.load(CRIME, Wishes(released=JULY_2018))
        loading.load(ROLLING, Wishes())

        undo(crime.run.pk)

        assert not CountLine.objects.filter(kind="crime-quarter").exists()
        assert Observation.objects.exists()
        assert state() != before

    def test_not_while_a_later_import_of_the_same_edition_stands_on_it(self, tmp_path: Path) -> None:
        first = loading.load(CRIME, Wishes(released=JULY_2018))
        second = loading.load(changed_copy(tmp_path, " 66776 ", " 66777 "), Wishes(released=JULY_2018))

        with pytest.raises(
            CannotUndo, match=rf"import {second.run.pk} \(revised\.csv\) came later for the same edition"
        ):
            undo(first.run.pk)

        undo(second.run.pk)
        undo(first.run.pk)
        assert not Count.objects.exists()

    def test_not_while_figures_are_worked_out_with_its_people(self) -> None:
        people = loading.load(PEOPLE, Wishes())
        crime = loading.load(CRIME, Wishes())

        with pytest.raises(CannotUndo, match="are worked out with it"):
            undo(people.run.pk)

        undo(crime.run.pk)
        undo(people.run.pk)
        assert state() == {"lines": [], "counts": [], "figures": [], "releases": []}

    def test_not_where_somebody_edited_a_figure_since(self) -> None:
        done = loading.load(CRIME, Wishes())
        figure = warwickshire("recorded-crime-count")
        history = apps.get_model("grades", "ObservationHistory")
        ImportRun.objects.filter(pk=done.run.pk).update(
            started_at="2020-01-01T00:00Z", finished_at="2020-01-01T00:00Z"
        )
        with pghistory.context(user=1):  # a transaction, and so the mark of the load, lasts as long as a test
            Observation.objects.filter(pk=figure.pk).update(note="Checked by hand")
        assert history.objects.filter(pgh_obj_id=figure.pk, pgh_label="update").exists()

        with pytest.raises(CannotUndo, match="edited since: Warwickshire"):
            undo(done.run.pk)

    def test_in_reverse_order_where_one_changed_what_the_other_wrote(self, tmp_path: Path) -> None:
        first = loading.load(CRIME, Wishes(released=JULY_2018))
        ImportRun.objects.update(started_at="2020-01-01T00:00Z", finished_at="2020-01-01T00:00Z")
        sold = "2017/18,1,Warwickshire,Shoplifting,Theft offences,Shoplifting,46, "
        second = loading.load(changed_copy(tmp_path, sold, sold + "9"), Wishes(released=JULY_2018))
        assert second.figures.changed

        undo(second.run.pk)
        undo(first.run.pk)

        assert state() == {"lines": [], "counts": [], "figures": [], "releases": []}

    def test_once(self) -> None:
        done = loading.load(CRIME, Wishes())
        undo(done.run.pk)

        with pytest.raises(CannotUndo, match="it was undone on"):
            undo(done.run.pk)
        with pytest.raises(CannotUndo, match="there is no import 99999"):
            undo(99999)
        assert loading.load(CRIME, Wishes()).run  # and the file may come in again


@pytest.mark.usefixtures("world")
class TestCommands:
    """What they print, and how they end."""

    def run(self, *arguments: str) -> str:
        from io import StringIO

        out = StringIO()
        call_command(*arguments, stdout=out, stderr=out)
        return out.getvalue()

    def test_import_prints_the_difference_and_how_to_take_it_back(self) -> None:
        said = self.run(
            "import_data", str(CRIME), "--released", "2018-07-19", "--published-total", "2018-03=4876282"
        )

        run = ImportRun.objects.get()
        assert said.startswith("Home Office: police recorded crime by police force area.")
        assert f"Counts: {Count.objects.count()} added, 0 changed, 0 unchanged, 0 vanished." in said
        assert "total, england-and-wales, before 2018-04-01: published 4876282, here –" in said
        assert said.endswith(f"Loaded as import {run.pk}. To take it back: manage.py undo_import {run.pk}\n")
        assert "loaded already" in self.run("import_data", str(CRIME))
        assert "is undone" in self.run("undo_import", str(run.pk))

    def test_dry_run_says_that_nothing_was_written(self) -> None:
        assert self.run("import_data", str(CRIME), "--dry-run").endswith("Only tried: nothing was written.\n")
        assert not ImportRun.objects.exists()

    def test_every_bad_line_is_listed_with_its_column(self, tmp_path: Path) -> None:
        text = CRIME.read_text("utf-8").replace("2017/18,1,Warwickshire", "2017/18,1,Warwikshire")
        text = text.replace("2017/18,2,Warwickshire", "2017/18,5,Warwickshire").replace(" 66776 ", '" 66,7 "')
        bad = tmp_path / "bad.csv"
        bad.write_text(text, "utf-8")
        from io import StringIO

        said = StringIO()
        with pytest.raises(
            CommandError, match=r"^3 cells or lines cannot be loaded\. Nothing was written\.$"
        ):
            call_command("import_data", str(bad), stderr=said)

        assert "Number of Offences: “66,7” has a decimal comma; use a point" in said.getvalue()
        assert "Financial Quarter: “5” is not a quarter from 1 to 4" in said.getvalue()
        assert "“Warwikshire” is no force on record; nothing is guessed" in said.getvalue()
        assert not Release.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--force-note", "atlantis=Sunk"], "No force is called atlantis"),
            (["--force-note", "kent"], "write FORCE=TEXT"),
            (["--published-total", "many"], "write a number"),
            (["--released", "soon"], "is not a date"),
            (["--edition", "July " * 13], "at most 60 characters"),
        ],
    )
    def test_bad_arguments_are_refused(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            call_command("import_data", str(CRIME), *arguments)


def test_what_a_workbook_contradicts_in_itself_is_told_in_sentences() -> None:
    report = {
        "totals_of_groups": [{"area": "Kent", "printed": "10", "summed": "9"}],
        "rates_differ": [{"area": "Kent", "column": "Homicide", "printed": "1.00", "worked": "1.20"}],
    }

    assert [(section.title, section.lines) for section in found_sections(report)] == [
        ("Totals beside those published", ["groups, Kent: printed 10, they add up to 9"]),
        ("Rates beside those printed", ["rate, Kent, Homicide: printed 1.00, worked out 1.20"]),
    ]


@pytest.mark.django_db(transaction=True)
class TestTogetherAndInterrupted:
    """Two at once, and one that is killed."""

    def test_second_import_at_once_is_told_to_wait(self, world: None) -> None:
        inside, finish = threading.Event(), threading.Event()
        told: list[BaseException] = []

        def hold(step: str) -> None:
            if step == "write":
                inside.set()
                finish.wait(20)

        def first() -> None:
            try:
                loading.load(CRIME, Wishes(), progress=hold)
            except BaseException as problem:
                told.append(problem)
            finally:
                connections.close_all()

        thread = threading.Thread(target=first)
        thread.start()
        assert inside.wait(20)
        try:
            with pytest.raises(loading.Busy, match="Another file is being loaded"):
                loading.load(PEOPLE, Wishes())
        finally:
            finish.set()
            thread.join(30)
        assert told == []
        assert ImportRun.objects.count() == 1

    def test_killed_in_the_middle_leaves_nothing_half_written(self, world: None) -> None:
        program = (
            "import os, signal, django; django.setup();"
            "from pathlib import Path;"
            "from grades.importers.official import loading;"
            "from grades.importers.official.facts import Wishes;"
            "from django.conf import settings;"
            "stop = lambda step: step == 'work out' and os.kill(os.getpid(), signal.SIGKILL);"
            f"loading.load(Path({str(CRIME)!r}), Wishes(), progress=stop)"
        )
        settings_dict = connection.settings_dict
        wrapper = f"from django.conf import settings; settings.DATABASES['default']['NAME'] = {settings_dict['NAME']!r};"
        done = subprocess.run(
            [sys.executable, "-c", wrapper + program],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "peel_site.settings"},
            capture_output=True,
            check=False,
        )

        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        assert state() == {"lines": [], "counts": [], "figures": [], "releases": []}
        assert loading.load(CRIME, Wishes()).run


def test_misses_are_listed_all_at_once(world: None, tmp_path: Path) -> None:
    text = (
        CRIME.read_text("utf-8")
        .replace("Warwickshire", "Mordor")
        .replace("West Midlands", "Lothian and Borders")
    )
    bad = tmp_path / "elsewhere.csv"
    bad.write_text(text, "utf-8")

    with pytest.raises(BadFiles) as refusal:
        loading.load(bad, Wishes())

    assert [error.message.split(" is ")[0] for error in refusal.value.errors] == [
        "“Mordor”",
        "“Lothian and Borders”",
    ]
