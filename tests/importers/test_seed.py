"""Loading the seed: only differences are written, all or nothing, and what a person edited stays."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from grades.dates import PartialDate, Precision
from grades.importers import seed as seed_module
from grades.importers.applying import digest
from grades.importers.rows import BadFiles
from grades.importers.seed import load_seed
from grades.models import (
    Area,
    Citation,
    Finding,
    Force,
    Grade,
    ImportRun,
    Inspection,
    Observation,
    PolicingBody,
    Question,
    Report,
    SeedRow,
    Source,
    Tenure,
)
from tests import factories

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

    def test_digest_is_the_same_from_a_file_and_from_the_database(self):
        from_file = {"value": Decimal("52.5"), "on": date(2015, 6, 30), "whole": 3, "yes": True, "no": None}

        assert digest(from_file) == digest(from_file | {"value": Decimal("52.5000"), "yes": 1})
        assert digest({"value": Decimal("0.0000")}) == digest({"value": Decimal("-0")})
        assert digest({"value": Decimal("1000")}) == digest({"value": Decimal("1E+3")})
        assert digest({"a": None}) != digest({"a": ""})
        assert digest({"a": "1", "b": "2"}) != digest({"a": "2", "b": "1"})

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

    def test_a_vanished_line_is_reported_and_its_record_stays(self, folder):
        load_seed(folder.path)
        folder.remove("councils.csv", name="Bolton")

        report = load_seed(folder.path)

        assert report.tally.vanished == ["councils.csv: E08000001"]
        assert Force.objects.get(slug="greater-manchester").councils.filter(name="Bolton").exists()
        assert report.run is None

    def test_a_vanished_line_that_comes_back(self, folder):
        load_seed(folder.path)
        bolton = (folder.path / "councils.csv").read_bytes()
        folder.remove("councils.csv", name="Bolton")
        load_seed(folder.path)
        folder.rewrite("councils.csv", lambda _: bolton)

        report = load_seed(folder.path)

        assert (report.tally.vanished, report.tally.kept, report.run) == ([], [], None)


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

    def test_what_only_the_database_knows_is_refused_with_its_lines(self, folder):
        """Overlapping periods are seen by the database alone; it names the rule, and every line that breaks it."""
        lines = [
            folder.add("monitoring_periods.csv", {}, entered_on=day) for day in ("2021-01-05", "2021-02")
        ]

        with pytest.raises(BadFiles) as refused, transaction.atomic():
            load_seed(folder.path)

        message = "This force is already recorded in enhanced monitoring on these days."
        assert [(e.file, e.line, e.message) for e in refused.value.errors] == [
            ("monitoring_periods.csv", line, message) for line in lines
        ]
        assert self.rows_of_all_tables() == 0

    def test_reversed_dates_of_a_range(self, folder):
        folder.change("monitoring_periods.csv", {}, left_on="2019")

        with pytest.raises(BadFiles) as refused:
            load_seed(folder.path)

        assert [e.message for e in refused.value.errors] == ["A force leaves after it enters."]

    def test_a_clash_with_a_persons_record(self, folder):
        code = folder.rows("forces.csv")[0]["ons_code"]
        factories.force(ons_code=code)

        with pytest.raises(BadFiles) as refused, transaction.atomic():
            load_seed(folder.path)

        found = refused.value.errors
        assert [(e.file, e.line) for e in found] == [("forces.csv", 2)]
        assert found[0].message.startswith("the database refuses it: ")
        assert f"(ons_code)=({code}) already exists" in found[0].message
        assert not Source.objects.exists()

    def test_a_clash_with_what_a_person_changed(self, folder):
        """A trigger speaks: the person says that the question has no grade, the file brings one more grade for it."""
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

        with pytest.raises(BadFiles) as refused, transaction.atomic():
            load_seed(folder.path)

        assert [(e.file, e.line) for e in refused.value.errors] == [
            ("grades.csv", folder.line("grades.csv", **extra))
        ]
        assert "This question is not graded for any force" in refused.value.errors[0].message


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
