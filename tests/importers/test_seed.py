"""Loading the seed: only differences are written, all or nothing, and what a person edited stays."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from grades import chain
from grades.dates import PartialDate, Precision
from grades.importers import seed as seed_module
from grades.importers.applying import plain
from grades.importers.rows import BadFiles
from grades.importers.seed import load_seed
from grades.log_words import entry_words
from grades.models import (
    Area,
    ChangeLogEntry,
    Citation,
    Council,
    Cycle,
    Finding,
    Force,
    Grade,
    ImportRun,
    Inspection,
    Mention,
    MonitoringPeriod,
    Observation,
    Pillar,
    PolicingBody,
    Question,
    Report,
    Response,
    SeedRow,
    Source,
    Tenure,
    Theme,
)
from grades.scales import InspectionKind
from tests import factories

ForceHistory = apps.get_model("grades", "ForceHistory")

WARWICKSHIRE_PILLAR = {"force": "warwickshire", "cycle": "2015", "pillar": "effectiveness", "number": "0"}


def warwickshire_pillar() -> Grade:
    """The grade that most tests change."""
    return Grade.objects.get(
        inspection__force__slug="warwickshire",
        question__cycle__slug="2015",
        question__pillar__slug="effectiveness",
        question__number="0",
    )


@pytest.mark.django_db
class TestRepeating:
    """The same files again."""

    def test_first_load_adds_every_line(self, folder):
        report = load_seed(folder.path)

        assert (report.tally.changed, report.tally.unchanged, report.tally.kept) == (0, 0, [])
        assert report.tally.created == SeedRow.objects.count()
        assert report.run == ImportRun.objects.get()
        assert (report.run.created, report.run.file_name) == (report.tally.created, "grades/seed")

    def test_log_tells_of_each_load_that_changed_something(self, folder):
        first = load_seed(folder.path)
        load_seed(folder.path)
        version = ChangeLogEntry.objects.data_version()
        folder.change("forces.csv", {"slug": "cheshire"}, region="Elsewhere")
        load_seed(folder.path)

        entries = list(ChangeLogEntry.objects.order_by("number"))

        assert [entry.kind for entry in entries] == ["loaded", "loaded"]
        assert entries[0].document == {
            "file": "grades/seed",
            "sha256": first.run.sha256,
            "added": str(first.tally.created),
            "changed": "0",
            "removed": "0",
            "unchanged": "0",
            "kept": "0",
        }
        assert entries[1].document["changed"] == "1"
        assert (version, ChangeLogEntry.objects.data_version()) == (1, 2)
        assert list(chain.faults(entry.as_line() for entry in entries)) == []

    def test_history_of_every_row_says_that_the_seed_wrote_it(self, folder):
        load_seed(folder.path)

        assert {row.pgh_context["why"] for row in ForceHistory.objects.all()} == {"seed"}

    def test_second_load_changes_nothing(self, folder):
        first = load_seed(folder.path)

        again = load_seed(folder.path)

        assert (again.tally.created, again.tally.changed) == (0, 0)
        assert again.tally.unchanged == first.tally.created
        assert (again.tally.kept, again.tally.vanished, again.run) == ([], [], None)
        assert ImportRun.objects.count() == 1

    def test_number_of_queries_does_not_grow_with_the_rows(self, folder):
        def queries_of_a_load() -> int:
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                load_seed(folder.path)
                transaction.set_rollback(True)
            return len(queries)

        few = queries_of_a_load()
        for number in range(30):
            folder.add("councils.csv", {"name": "Bolton"}, code=f"E1{number:07}", name=f"Council {number}")

        assert queries_of_a_load() == few

    def test_trailing_zeros_are_no_change(self, folder):
        load_seed(folder.path)
        where = {"area": "warwickshire", "metric": "recorded-crime"}
        value = folder.rows("observations.csv")[folder.line("observations.csv", **where) - 2]["value"]
        folder.change("observations.csv", where, value=f"{Decimal(value):.4f}")

        assert load_seed(folder.path).run is None

    def test_values_are_the_same_from_a_file_and_from_the_database(self):
        from_file = {"value": Decimal("52.5"), "on": date(2015, 6, 30), "whole": 3, "yes": True, "no": None}

        assert plain(from_file) == plain(from_file | {"value": Decimal("52.5000"), "yes": 1})
        assert plain({"value": Decimal("0.0000")}) == plain({"value": Decimal("-0")})
        assert plain({"value": Decimal("1000")}) == plain({"value": Decimal("1E+3")})
        assert plain({"a": None}) != plain({"a": ""})

    def test_inspections_are_public_and_keep_their_moment(self, folder):
        load_seed(folder.path)
        moments = set(Inspection.objects.values_list("published_at", flat=True))

        load_seed(folder.path)

        assert Inspection.objects.filter(status="published").count() == Inspection.objects.count() > 0
        assert set(Inspection.objects.values_list("published_at", flat=True)) == moments


@pytest.mark.django_db
class TestWhatIsWritten:
    """The lines arrive as they are meant."""

    def test_dates_keep_their_precision(self, folder):
        load_seed(folder.path)

        tenure = Tenure.objects.get(force__slug="warwickshire")
        assert (tenure.valid_from, tenure.valid_from_precision) == (date(2012, 11, 1), "month")
        report = Report.objects.get(inspection__force__slug="warwickshire", kind="vulnerability")
        assert report.published == PartialDate(date(2015, 12, 15))
        devon = Finding.objects.get(key="devon-and-cornwall-2021-22-recording-1")
        assert (devon.published_on, devon.published_on_precision) == (date(2023, 1, 1), Precision.YEAR)
        undated = Report.objects.filter(published_on__isnull=True).first()
        assert undated is None or undated.published_on_precision == "day"

    def test_periods_end_before_the_day_after_their_last(self, folder):
        load_seed(folder.path)

        crime = Observation.objects.filter(area__slug="warwickshire", metric__slug="recorded-crime", block="")
        assert {o.ends_before - o.last_day for o in crime} == {date(2015, 7, 1) - date(2015, 6, 30)}
        assert all(o.ends_before.day == 1 for o in crime)

    def test_areas_of_forces_and_forces_counted_together(self, folder):
        load_seed(folder.path)

        both = Area.objects.get(kind="alliance")
        assert sorted(both.members.values_list("slug", flat=True)) == ["warwickshire", "west-mercia"]
        assert Force.objects.get(slug="warwickshire").area.slug == "warwickshire"
        printed = Observation.objects.get(combined_with__isnull=False)
        assert (printed.area.slug, printed.combined_with, printed.block) == (
            "warwickshire",
            both,
            "force-in-numbers",
        )

    def test_findings_point_to_each_other(self, folder):
        load_seed(folder.path)

        recommendation = Finding.objects.get(kind="recommendation")
        assert recommendation.parent == Finding.objects.get(key="west-mercia-2015-vulnerable-1")
        continued = Finding.objects.get(key="devon-and-cornwall-2023-25-recording-1")
        assert continued.continues == Finding.objects.get(key="devon-and-cornwall-2021-22-recording-1")

    def test_a_chain_of_findings_within_one_file(self, folder):
        """A recommendation under a cause that itself continues another: nobody's key is known before."""
        where = {"key": "devon-and-cornwall-2023-25-recording-1"}
        folder.add(
            "findings.csv",
            where,
            key="devon-and-cornwall-2023-25-recording-1-rec-1",
            kind="recommendation",
            parent="devon-and-cornwall-2023-25-recording-1",
            continues="",
        )

        load_seed(folder.path)

        last = Finding.objects.get(key="devon-and-cornwall-2023-25-recording-1-rec-1")
        assert last.parent is not None
        assert last.parent.continues is not None

    def test_both_sources_of_a_disputed_grade_are_kept(self, folder):
        load_seed(folder.path)

        disputed = Grade.objects.disputed().order_by("question__number")
        assert [(g.inspection.force.slug, g.question.number) for g in disputed] == [
            ("cheshire", "1"),
            ("cheshire", "2"),
        ]
        stated = disputed[0].citations.values_list("level", flat=True)
        assert set(stated) == {"good", "requires-improvement"}

    def test_people_can_add_records_afterwards(self, folder):
        """Reserved numbers do not collide with those the database gives out."""
        load_seed(folder.path)

        factories.citation(grade=warwickshire_pillar())
        factories.finding(force=Force.objects.get(slug="warwickshire"))


@pytest.mark.django_db
class TestUpdates:
    """Changed files."""

    def test_a_changed_line_changes_its_record_alone(self, folder):
        load_seed(folder.path)
        folder.change("grades.csv", WARWICKSHIRE_PILLAR, note="Looked at again")

        report = load_seed(folder.path)

        assert (report.tally.created, report.tally.changed, report.tally.kept) == (0, 1, [])
        assert report.run is not None
        assert warwickshire_pillar().note == "Looked at again"
        assert load_seed(folder.path).run is None

    def test_no_file_changes_what_is_public_of_a_grade(self, folder):
        load_seed(folder.path)
        before = warwickshire_pillar().level
        other = {"outstanding", "good"} - {before}
        folder.change("grades.csv", WARWICKSHIRE_PILLAR, level=other.pop(), note="Looked at again")

        report = load_seed(folder.path)

        assert warwickshire_pillar().level == before
        assert report.tally.kept == ["grades.csv: warwickshire|2015|effectiveness|0"]
        assert report.run is None

    def test_log_names_a_grade_that_the_files_no_longer_have(self, folder):
        load_seed(folder.path)
        for file in ("citations.csv", "grades.csv"):
            rows = folder.rows(file)
            folder.write(file, [row for row in rows if not WARWICKSHIRE_PILLAR.items() <= row.items()])

        load_seed(folder.path)

        entry = ChangeLogEntry.objects.order_by("number").last()
        assert entry.document["removed_grades"] == ["warwickshire 2015 effectiveness 0"]
        assert (
            "no longer has: warwickshire 2015 effectiveness 0"
            in entry_words(entry.kind, entry.document).headline
        )

    def test_a_new_line_is_added(self, folder):
        load_seed(folder.path)
        folder.add("mentions.csv", {}, title="Another headline")

        assert load_seed(folder.path).tally.created == 1

    def test_a_reference_that_changes(self, folder):
        load_seed(folder.path)
        where = {"key": "devon-and-cornwall-2023-25-recording-1"}
        folder.change("findings.csv", where, continues="")

        assert load_seed(folder.path).tally.changed == 1
        assert Finding.objects.get(**where).continues is None

    def test_a_vanished_line_that_comes_back(self, folder):
        load_seed(folder.path)
        bolton = (folder.path / "councils.csv").read_bytes()
        folder.remove("councils.csv", name="Bolton")
        load_seed(folder.path)
        folder.rewrite("councils.csv", lambda _: bolton)

        report = load_seed(folder.path)

        assert (report.tally.vanished, report.tally.kept, report.tally.created) == ([], [], 1)


@pytest.mark.django_db
class TestEditedByAPerson:
    """What a person edited, removed or added stays as the person left it."""

    def test_an_edited_grade(self, folder):
        load_seed(folder.path)
        Grade.objects.filter(pk=warwickshire_pillar().pk).update(note="An editor knows better")
        folder.change("grades.csv", WARWICKSHIRE_PILLAR, note="The file says otherwise")

        report = load_seed(folder.path)

        assert warwickshire_pillar().note == "An editor knows better"
        assert report.tally.kept == ["grades.csv: warwickshire|2015|effectiveness|0"]
        assert (report.tally.changed, report.run) == (0, None)

    def test_an_edited_force_does_not_hold_up_the_others(self, folder):
        load_seed(folder.path)
        Force.objects.filter(slug="cheshire").update(official_name="Cheshire Police")
        folder.change("forces.csv", {"slug": "cheshire"}, region="North")
        folder.change("forces.csv", {"slug": "warwickshire"}, region="Midlands")

        report = load_seed(folder.path)

        assert report.tally.kept == ["forces.csv: cheshire"]
        assert list(Force.objects.filter(slug="cheshire").values_list("official_name", "region")) == [
            ("Cheshire Police", "North West")
        ]
        assert Force.objects.get(slug="warwickshire").region == "Midlands"

    def test_an_edit_that_the_files_take_over(self, folder):
        """Once the file says the same as the person, the record follows the file again."""
        load_seed(folder.path)
        Grade.objects.filter(pk=warwickshire_pillar().pk).update(note="Right")
        folder.change("grades.csv", WARWICKSHIRE_PILLAR, note="Right")
        assert load_seed(folder.path).tally.kept == []

        folder.change("grades.csv", WARWICKSHIRE_PILLAR, note="Better")
        load_seed(folder.path)

        assert warwickshire_pillar().note == "Better"

    def test_a_deleted_citation_stays_deleted(self, folder):
        load_seed(folder.path)
        warwickshire_pillar().citations.all()[0].delete()
        left = Citation.objects.count()

        report = load_seed(folder.path)

        assert Citation.objects.count() == left
        assert len(report.tally.kept) == 1
        assert report.tally.kept[0].startswith("citations.csv: warwickshire|2015|effectiveness|0|")

    def test_what_hangs_on_a_removed_record_is_left_out(self, folder):
        load_seed(folder.path)
        PolicingBody.objects.filter(tenures__force__slug="cheshire").update(name="Renamed by a person")
        folder.change("tenures.csv", {"force": "cheshire"}, note="New in the file")

        report = load_seed(folder.path)

        assert [line.split(":")[0] for line in report.tally.kept] == ["policing_bodies.csv", "tenures.csv"]
        assert Tenure.objects.get(force__slug="cheshire").body.name == "Renamed by a person"

    def test_a_check_mark_is_no_edit(self, folder):
        """Columns that no file has belong to people alone."""
        load_seed(folder.path)
        warwickshire_pillar().citations.update(checked_on=date(2026, 3, 1))
        Grade.objects.filter(pk=warwickshire_pillar().pk).update(summary="In our words")
        folder.change("grades.csv", WARWICKSHIRE_PILLAR, note="Changed")

        report = load_seed(folder.path)

        assert (report.tally.kept, report.tally.changed) == ([], 1)
        assert warwickshire_pillar().summary == "In our words"

    def test_a_persons_own_record_that_says_the_same_is_adopted(self, folder):
        row = folder.rows("policing_bodies.csv")[0]
        own = factories.policing_body(name=row["name"], kind=row["kind"])

        report = load_seed(folder.path)

        assert report.tally.unchanged == 1
        assert PolicingBody.objects.get(name=row["name"]) == own
        assert SeedRow.objects.filter(table="policing_bodies.csv", key=row["name"]).exists()

    def test_a_persons_own_record_that_says_otherwise_is_kept(self, folder):
        row = folder.rows("policing_bodies.csv")[0]
        own = factories.policing_body(name=row["name"], kind="board")

        report = load_seed(folder.path)

        assert report.tally.kept == [f"policing_bodies.csv: {row['name']}"]
        assert PolicingBody.objects.get(name=row["name"]).kind == "board"
        assert own.tenures.exists()

    def test_withdrawn_inspection_stays_withdrawn(self, folder):
        load_seed(folder.path)
        Inspection.objects.filter(force__slug="cheshire").update(status="draft", published_at=None)

        report = load_seed(folder.path)

        assert report.tally.kept == []
        assert not Inspection.objects.filter(force__slug="cheshire", status="published").exists()


@pytest.mark.django_db
class TestAllOrNothing:
    """A load that cannot be whole writes nothing."""

    @staticmethod
    def rows_of_all_tables() -> int:
        """Count every record."""
        tables: list[type[models.Model]] = [Area, Force, Grade, Source, Observation, SeedRow, ImportRun]
        return sum(table._default_manager.count() for table in tables)

    def test_a_broken_file_writes_nothing(self, folder):
        folder.change("series_breaks.csv", {}, at="soon")

        with pytest.raises(BadFiles, match="1 cells or lines cannot be loaded"):
            load_seed(folder.path)

        assert self.rows_of_all_tables() == 0

    def test_a_mishap_in_the_middle_writes_nothing(self, folder, monkeypatch):
        def fail(**_values: object) -> None:
            raise RuntimeError("the power went")

        monkeypatch.setattr(seed_module.ImportRun.objects, "create", fail, raising=False)
        with pytest.raises(RuntimeError), transaction.atomic():
            load_seed(folder.path)

        assert self.rows_of_all_tables() == 0

    def test_periods_that_overlap_are_refused_with_their_lines(self, folder):
        lines = [
            folder.add("monitoring_periods.csv", {}, entered_on=day) for day in ("2021-01-05", "2021-02")
        ]

        with pytest.raises(BadFiles) as refused, transaction.atomic():
            load_seed(folder.path)

        message = "This force is already recorded in enhanced monitoring on these days."
        assert [(e.file, e.line, e.column, e.message) for e in refused.value.errors] == [
            ("monitoring_periods.csv", lines[0], "entered_on, left_on", f"{message} See line 2."),
            ("monitoring_periods.csv", lines[1], "entered_on, left_on", f"{message} See line 2."),
            (
                "monitoring_periods.csv",
                lines[1],
                "entered_on, left_on",
                f"{message} See line {lines[0]}.",
            ),
        ]
        assert self.rows_of_all_tables() == 0

    def test_what_a_column_cannot_hold_is_refused_with_its_line(self, folder, monkeypatch):
        """Whatever else the database refuses is a fault of the files."""
        monkeypatch.setattr("grades.importers.seed_rules._limits", lambda *_given: iter(()))
        line = folder.change("councils.csv", {"name": "Bolton"}, name="x" * 101)

        with pytest.raises(BadFiles) as refused, transaction.atomic():
            load_seed(folder.path)

        assert [(e.file, e.line) for e in refused.value.errors] == [("councils.csv", line)]
        assert "too long" in refused.value.errors[0].message

    def test_reversed_dates_of_a_range(self, folder):
        folder.change("monitoring_periods.csv", {}, left_on="2019")

        with pytest.raises(BadFiles) as refused:
            load_seed(folder.path)

        assert [e.message for e in refused.value.errors] == ["A force leaves after it enters."]


@pytest.mark.django_db
class TestNewColumns:
    """A file gains a column that the rows written before lack."""

    @staticmethod
    def forget(table: str, column: str) -> None:
        """Make the seed remember what it would have, had the file lacked a column, and the database its value."""
        for row in SeedRow.objects.filter(table=table):
            del row.values[column]
            row.save()

    def test_rows_written_before_take_its_values(self, folder):
        load_seed(folder.path)
        self.forget("themes.csv", "summary")
        Theme.objects.update(summary="")
        rows = folder.rows("themes.csv")
        folder.write("themes.csv", [row | {"summary": "New"} for row in rows])

        report = load_seed(folder.path)

        assert (report.tally.kept, report.tally.changed) == ([], len(rows))
        assert Theme.objects.filter(summary="New").count() == len(rows)
        assert load_seed(folder.path).run is None

    def test_what_a_person_had_entered_there_is_kept(self, folder):
        load_seed(folder.path)
        self.forget("themes.csv", "summary")
        Theme.objects.update(summary="")
        Theme.objects.filter(slug="preventing-crime").update(summary="By hand")
        rows = folder.rows("themes.csv")
        folder.write("themes.csv", [row | {"summary": "New"} for row in rows])

        assert load_seed(folder.path).tally.kept == ["themes.csv: preventing-crime"]
        assert Theme.objects.get(slug="preventing-crime").summary == "By hand"

    def test_a_column_that_no_file_has_any_more_is_no_edit(self, folder):
        load_seed(folder.path)
        for row in SeedRow.objects.filter(table="themes.csv"):
            row.values["colour"] = "red"
            row.save()
        folder.change("themes.csv", {"slug": "preventing-crime"}, summary="New")

        report = load_seed(folder.path)

        assert (report.tally.kept, report.tally.changed) == ([], 1)


@pytest.mark.django_db
class TestPlacesTaken:
    """Changes that are right as a whole, though each of them alone would break a rule."""

    @pytest.mark.parametrize(
        ("file", "key", "column", "model"),
        [
            ("themes.csv", "slug", "order", Theme),
            ("forces.csv", "slug", "short_name", Force),
            ("pillars.csv", "slug", "title", Pillar),
        ],
    )
    def test_two_swap_what_is_unique(self, folder, file, key, column, model):
        load_seed(folder.path)
        one, other = folder.rows(file)[:2]
        numbers = dict(model.objects.values_list(key, "pk"))
        folder.change(file, {key: one[key]}, **{column: other[column]})
        folder.change(file, {key: other[key]}, **{column: one[column]})

        report = load_seed(folder.path)
        connection.check_constraints()

        assert report.tally.kept == report.tally.blocked == []
        found = {name: str(value) for name, value in model.objects.values_list(key, column)}
        assert (found[one[key]], found[other[key]]) == (other[column], one[column])
        assert dict(model.objects.values_list(key, "pk")) == numbers
        assert load_seed(folder.path).run is None

    def test_cycles_make_room_for_each_other_and_keep_what_no_file_has(self, folder):
        load_seed(folder.path)
        Grade.objects.filter(pk=warwickshire_pillar().pk).update(summary="In our words")
        rows = folder.rows("cycles.csv")
        folder.write("cycles.csv", [row | {"order": str(int(row["order"]) + 1)} for row in rows])

        assert load_seed(folder.path).tally.changed == len(rows)
        assert warwickshire_pillar().summary == "In our words"

    def test_a_tenure_ends_and_the_next_begins(self, folder):
        load_seed(folder.path)
        where = {"force": "cheshire"}
        folder.add("policing_bodies.csv", {}, name="Mayor of Cheshire")
        folder.add("tenures.csv", where, body="Mayor of Cheshire", valid_from="2027-05-01", valid_to="")
        folder.change("tenures.csv", where, valid_to="2027-05-01")

        report = load_seed(folder.path)

        assert (report.tally.created, report.tally.changed, report.tally.blocked) == (2, 1, [])
        assert Tenure.objects.filter(force__slug="cheshire").count() == 2

    def test_the_first_day_of_a_period_is_corrected(self, folder):
        load_seed(folder.path)
        number = MonitoringPeriod.objects.count()
        folder.change("monitoring_periods.csv", {}, entered_on="2019-01-07")

        report = load_seed(folder.path)

        assert (report.tally.created, len(report.tally.removed), report.tally.vanished) == (1, 1, [])
        assert MonitoringPeriod.objects.count() == number
        assert MonitoringPeriod.objects.filter(entered_on=date(2019, 1, 7)).exists()

    def test_triggers_look_at_what_changed_places(self, folder):
        """A swap of orders would make a grade of a person's come from a later cycle."""
        load_seed(folder.path)
        cycles = {cycle.slug: cycle for cycle in Cycle.objects.all()}
        inspection = factories.inspection(cycle=cycles["2015"])
        question = factories.question(cycle=cycles["2015"], theme=Theme.objects.all()[0])
        factories.grade(
            inspection=inspection, question=question, state="carried-forward", carried_from=cycles["2014"]
        )
        one, other = (
            folder.rows("cycles.csv")[folder.line("cycles.csv", slug=s) - 2] for s in ("2014", "2015")
        )
        for file in ("question_links.csv", "grades.csv", "citations.csv"):
            rows = folder.rows(file)
            folder.write(file, [r for r in rows if "2014" not in r.values()] or rows[:1])
        folder.change("cycles.csv", {"slug": "2014"}, order=other["order"])
        folder.change("cycles.csv", {"slug": "2015"}, order=one["order"])

        report = load_seed(folder.path)

        assert any("grade_still_fits" in line for line in report.tally.blocked)
        assert Cycle.objects.get(slug="2014").order == int(one["order"])


@pytest.mark.django_db
class TestVanishedLines:
    """What the files no longer have."""

    def test_a_record_that_nobody_touched_goes(self, folder):
        load_seed(folder.path)
        folder.remove("councils.csv", name="Bolton")

        report = load_seed(folder.path)

        assert (report.tally.removed, report.tally.vanished) == (["councils.csv: E08000001"], [])
        assert not Force.objects.get(slug="greater-manchester").councils.filter(name="Bolton").exists()
        assert report.run is not None
        assert report.run.removed == 1
        assert load_seed(folder.path).run is None

    def test_a_corrected_key_does_not_double_the_record(self, folder):
        load_seed(folder.path)
        number = Response.objects.count()
        folder.change("responses.csv", {}, title="The right title")

        report = load_seed(folder.path)

        assert (report.tally.created, len(report.tally.removed)) == (1, 1)
        assert Response.objects.count() == number

    def test_children_go_before_their_parents(self, folder):
        load_seed(folder.path)
        rows = folder.rows("findings.csv")
        keys = {"west-mercia-2015-vulnerable-1"}
        keys |= {row["key"] for row in rows if row["parent"] in keys}
        folder.write("findings.csv", [row for row in rows if row["key"] not in keys])
        events = folder.rows("finding_events.csv")
        left = [row for row in events if row["finding"] not in keys]
        if left:
            folder.write("finding_events.csv", left)
        else:
            folder.rewrite("finding_events.csv", lambda text: text.split(b"\n")[0] + b"\n")

        report = load_seed(folder.path)

        assert report.tally.vanished == []
        assert not Finding.objects.filter(key__in=keys).exists()
        connection.check_constraints()

    def test_a_record_that_a_person_edited_stays(self, folder):
        load_seed(folder.path)
        Council.objects.filter(name="Bolton").update(name="Bolton Council")
        folder.remove("councils.csv", name="Bolton")

        report = load_seed(folder.path)

        assert (report.tally.removed, report.tally.vanished) == ([], ["councils.csv: E08000001"])
        assert Council.objects.filter(name="Bolton Council").exists()
        assert report.run is None

    def test_a_record_with_a_persons_check_mark_stays(self, folder):
        """A column that no file has was filled in by a person."""
        load_seed(folder.path)
        citation = warwickshire_pillar().citations.all()[0]
        Citation.objects.filter(pk=citation.pk).update(checked_on=date(2026, 3, 1))
        folder.remove("citations.csv", **WARWICKSHIRE_PILLAR, source=citation.source.key)

        report = load_seed(folder.path)

        assert len(report.tally.vanished) == 1
        assert Citation.objects.filter(pk=citation.pk).exists()

    def test_a_record_on_which_a_persons_hangs_stays(self, folder):
        load_seed(folder.path)
        own = factories.citation(grade=warwickshire_pillar())
        folder.remove("grades.csv", **WARWICKSHIRE_PILLAR)
        cited = folder.rows("citations.csv")
        folder.write(
            "citations.csv", [row for row in cited if not WARWICKSHIRE_PILLAR.items() <= row.items()]
        )

        report = load_seed(folder.path)

        assert report.tally.vanished == ["grades.csv: warwickshire|2015|effectiveness|0"]
        assert {line.split(":")[0] for line in report.tally.removed} == {"citations.csv"}
        assert list(warwickshire_pillar().citations.all()) == [own]

    def test_a_record_goes_once_the_others_hang_on_its_successor(self, folder):
        load_seed(folder.path)
        name = folder.rows("tenures.csv")[0]["body"]
        folder.change("policing_bodies.csv", {"name": name}, name="The right name")
        for file in ("tenures.csv", "responses.csv"):
            rows = folder.rows(file)
            folder.write(
                file, [row | {"body": "The right name"} if row["body"] == name else row for row in rows]
            )

        report = load_seed(folder.path)

        assert f"policing_bodies.csv: {name}" in report.tally.removed
        assert (report.tally.kept, report.tally.vanished) == ([], [])
        assert not PolicingBody.objects.filter(name=name).exists()

    def test_a_record_that_a_person_removed_is_forgotten(self, folder):
        load_seed(folder.path)
        Council.objects.filter(name="Bolton").delete()
        folder.remove("councils.csv", name="Bolton")

        report = load_seed(folder.path)

        assert (report.tally.removed, report.tally.vanished, report.run) == ([], [], None)
        assert not SeedRow.objects.filter(key="E08000001").exists()

    def test_an_inspection_that_is_not_public_stays(self, folder):
        load_seed(folder.path)
        own = factories.inspection(
            force=Force.objects.get(slug="warwickshire"),
            cycle=Cycle.objects.get(slug="2014"),
            kind=InspectionKind.values[-1],
        )
        SeedRow.objects.create(
            table="inspections",
            key="warwickshire|gone|peel",
            values=plain({"force_id": own.force_id, "cycle_id": own.cycle_id, "kind": own.kind}),
        )

        assert "inspections: warwickshire|gone|peel" in load_seed(folder.path).tally.vanished
        assert Inspection.objects.filter(pk=own.pk).exists()


@pytest.mark.django_db
class TestPersonsRecordsInTheWay:
    """A line that only a person's record keeps out is left out, with what hangs on it, and everything else is loaded."""

    def test_what_must_be_unique_is_taken(self, folder):
        load_seed(folder.path)
        factories.theme(order=90)
        line = folder.add("themes.csv", {}, slug="new", title="New", order="90")
        folder.change("questions.csv", {"cycle": "2015", "number": "1"}, theme="new")
        folder.change("forces.csv", {"slug": "cheshire"}, region="North")

        report = load_seed(folder.path)

        assert [line.split(" (")[0] for line in report.tally.blocked] == [
            (
                f"themes.csv, line {line}: the database refuses it: duplicate key value violates unique constraint"
                ' "grades_theme_order_key". Key'
            )
        ]
        assert [name.split(":")[0] for name in report.tally.kept] == ["questions.csv"]
        assert report.tally.changed == 1
        assert not Theme.objects.filter(slug="new").exists()
        assert report.run is not None
        assert report.run.kept == 2

    def test_the_first_load_meets_a_persons_record(self, folder):
        """A force is kept out, and with it its inspections, grades and figures."""
        row = folder.rows("forces.csv")[0]
        factories.force(ons_code=row["ons_code"])

        report = load_seed(folder.path)
        connection.check_constraints()

        assert [line.split(":")[0] for line in report.tally.blocked] == ["forces.csv, line 2"]
        assert f"(ons_code)=({row['ons_code']}) already exists" in report.tally.blocked[0]
        assert not Force.objects.filter(slug=row["slug"]).exists()
        assert Grade.objects.exists()
        assert any(line.startswith("inspections: ") for line in report.tally.kept) == any(
            line["force"] == row["slug"] for line in folder.rows("reports.csv")
        )

    def test_a_period_of_a_persons(self, folder):
        load_seed(folder.path)
        force = Force.objects.get(slug="northamptonshire")
        factories.monitoring_period(force=force, entered_on=date(2024, 1, 1), left_on=None)
        folder.add(
            "monitoring_periods.csv", {}, force="northamptonshire", entered_on="2025-01-01", left_on=""
        )

        report = load_seed(folder.path)

        assert len(report.tally.blocked) == 1
        assert report.tally.blocked[0].endswith(
            "This force is already recorded in enhanced monitoring on these days."
        )

    def test_a_change_that_a_person_stands_against(self, folder):
        load_seed(folder.path)
        factories.theme(order=90)
        slug = folder.rows("themes.csv")[0]["slug"]
        before = Theme.objects.get(slug=slug)
        folder.change("themes.csv", {"slug": slug}, order="90")

        report = load_seed(folder.path)

        assert len(report.tally.blocked) == 1
        assert (report.tally.changed, report.run) == (0, None)
        assert Theme.objects.get(slug=slug).order == before.order

    def test_a_trigger_speaks(self, folder):
        """The person says that the question has no grade, the file brings one more grade for it."""
        extra = {"force": "northamptonshire", "cycle": "2023-25", "number": "5"}
        row = folder.rows("grades.csv")[folder.line("grades.csv", **extra) - 2]
        rows = folder.rows("grades.csv")
        cited = folder.rows("citations.csv")
        folder.write("grades.csv", [r for r in rows if r != row])
        folder.write("citations.csv", [r for r in cited if not extra.items() <= r.items()])
        load_seed(folder.path)
        Grade.objects.filter(question__cycle__slug="2023-25", question__number="5").delete()
        Question.objects.filter(cycle__slug="2023-25", number="5").update(graded="ungraded")
        folder.write("grades.csv", rows)
        folder.write("citations.csv", cited)

        report = load_seed(folder.path)

        line = folder.line("grades.csv", **extra)
        assert [words.split(": ")[0] for words in report.tally.blocked] == [f"grades.csv, line {line}"]
        assert "This question is not graded for any force" in report.tally.blocked[0]

    def test_a_finding_of_an_inspection_that_a_person_removed_is_left_out(self, folder):
        rows = folder.rows("findings.csv")
        key = "warwickshire-2015-preventing-1"
        folder.write("findings.csv", [row for row in rows if row["key"] != key])
        load_seed(folder.path)
        inspection = Inspection.objects.get(force__slug="warwickshire", cycle__slug="2015")
        Citation.objects.filter(grade__inspection=inspection).delete()
        Observation.objects.filter(report__inspection=inspection).delete()
        for model in (Grade, Finding, Mention, Report):
            model.objects.filter(inspection=inspection).delete()
        inspection.delete()
        folder.write("findings.csv", rows)

        report = load_seed(folder.path)

        assert f"findings.csv: {key}" in report.tally.kept
        assert not Finding.objects.filter(key=key).exists()

    def test_a_figure_of_minus_one_is_a_figure(self, folder):
        where = {"area": "warwickshire", "basis": "derived"}
        folder.change("observations.csv", where, value="-1")

        assert load_seed(folder.path).tally.kept == []
        assert Observation.objects.filter(value=-1).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_made_meanwhile_is_not_overwritten(folder):
    """A person has the record open for saving when the load begins; the load waits, and sees the edit."""
    load_seed(folder.path)
    folder.change("forces.csv", {"slug": "cheshire"}, region="North")
    reports = []

    def load() -> None:
        try:
            reports.append(load_seed(folder.path))
        finally:
            connection.close()

    thread = threading.Thread(target=load)
    with transaction.atomic(), connection.cursor() as cursor:
        Force.objects.filter(slug="cheshire").update(official_name="Cheshire Police")
        thread.start()
        waiting = 0
        while not waiting and thread.is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
            waiting = cursor.fetchone()[0]
    thread.join()

    assert waiting
    assert reports[0].tally.kept == ["forces.csv: cheshire"]
    assert Force.objects.filter(official_name="Cheshire Police", region="North West").exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_turns(folder):
    """Both wait for the lock that this test holds; then one loads, and the other finds everything there."""
    reports, mishaps = [], []

    def load() -> None:
        try:
            reports.append(load_seed(folder.path))
        except Exception as mishap:
            mishaps.append(mishap)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [seed_module.SEED_LOCK])
        for thread in threads:
            thread.start()
        waiting = 0
        while waiting < 2 and not mishaps:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            waiting = cursor.fetchone()[0]
    for thread in threads:
        thread.join()

    assert mishaps == []
    first, second = sorted(reports, key=lambda report: report.run is None)
    assert first.tally.created == second.tally.unchanged > 0
    assert (second.tally.created, second.run) == (0, None)
    assert ImportRun.objects.count() == 1
