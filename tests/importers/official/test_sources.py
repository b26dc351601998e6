"""Each kind of file, by cuts of real ones; and whole official files where OFFICIAL_FILES names them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine as calamine

from grades.dates import PartialDate, Precision
from grades.importers.official import sources
from grades.importers.official.errors import BadFiles, Unreadable
from grades.importers.official.facts import Cell, LineName, Parsed, Period, Place, Wishes
from grades.importers.official.loading import load
from grades.importers.official.matching import SLUG
from grades.importers.official.population import mid_year, read_lookup
from grades.importers.official.reading import open_book
from grades.importers.official.rolling_year import twelve_months
from grades.models import Count, CountLine, ImportRun, Observation, Release
from tests import factories
from tests.importers.official import books
from tests.importers.official.conftest import DATA

TABLES = DATA / "force-tables"


def parse(path: Path) -> Parsed:
    """Open, recognise and parse."""
    book = open_book(path)
    return sources.recognise(book).parse(book, Wishes())


def without_greater_manchester(folder: Path) -> Path:
    """Give a copy of the June 2018 tables in which the counts and rates of Greater Manchester are marked as not available."""
    book = calamine.CalamineWorkbook.from_path(str(TABLES / "june-2018.xlsx"))
    sheets = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        for row in rows:
            if row[0] == "E23000005":
                first = 2 if "P1" in name else 4  # in P3, after people and households
                row[first:] = [".." if isinstance(cell, float) else cell for cell in row[first:]]
        sheets[name] = "".join(books.ods_row(*row) for row in rows)
    return books.ods(folder / "december-2019.ods", sheets)


def figures(metric: str, area: str) -> dict[date, Decimal]:
    """Give a metric's figures of an area by the day after their last."""
    rows = Observation.objects.filter(metric__slug=metric, area__slug=area)
    return dict(rows.values_list("ends_before", "value"))


class TestRecordedCrime:
    """Home Office, quarters."""

    def test_labels_of_older_editions_become_the_newest(self) -> None:
        part = parse(DATA / "recorded-crime" / "2017-18.csv").parts[0]

        lines = part.counts[Place("", "Warwickshire")]
        assert LineName("crime-quarter", "Theft offences", "Vehicle offences") in lines
        assert (
            LineName(
                "crime-quarter",
                "Miscellaneous crimes against society",
                "Miscellaneous crimes against society",
            )
            in lines
        )
        assert not any("motor" in line.part for line in lines)

    def test_headings_are_known_in_spite_of_capitals_notes_and_lines_above(self, tmp_path: Path) -> None:
        lines = (DATA / "recorded-crime" / "2017-18.csv").read_text("utf-8").splitlines()[:40]
        cells = [line.split(",") for line in lines if '"' not in line]
        odd = [f" {name.upper()} [note 2]" for name in cells[0]]
        sheets = {
            name: books.ods_row("Published 23 July 2026")
            for name in ("Cover_sheet", "Notes_", "Pivot", " Correction ", "Index")
        }
        above = [[], ["Police recorded crime"], [], ["Year by year"]]
        sheets["Data "] = "".join(books.ods_row(*row) for row in (*above, odd, *cells[1:]))

        found = parse(books.ods(tmp_path / "odd.ods", sheets))

        assert (found.source, found.rows, found.errors) == ("recorded-crime", len(cells) - 1, [])
        assert found.sheets == ["Data "]

    def test_offence_codes_are_text_and_columns_too_many_do_no_harm(self) -> None:
        found = parse(DATA / "recorded-crime" / "2024-25-more-columns.csv")

        assert found.errors == []
        assert {place.name for place in found.places} == {
            "British Transport Police",
            "Action Fraud",
            "CIFAS",
            "UK Finance",
        }
        assert found.parts[0].edition.edition == "data to March 2025"


class TestRollingYear:
    """ONS, twelve months."""

    def test_rows_are_twelve_months_and_never_added_up(self) -> None:
        found = parse(DATA / "rolling-year" / "to-december-2018.csv")

        robbery = found.parts[0].counts[Place("", "Warwickshire")][LineName("crime-year", "Robbery")]
        assert {period.ends_before for period in robbery} == {
            *(date(2014, 7, 1), date(2015, 7, 1), date(2018, 1, 1), date(2019, 1, 1))
        }
        assert found.parts[0].edition.edition == "December 2018"

    @pytest.mark.parametrize(
        "written", ["30-12-2017", "31-12-2017", "31/12/2017", "2017-12-31", date(2017, 12, 31)]
    )
    def test_ends_however_they_are_written(self, written: object) -> None:
        assert twelve_months(written) == Period(date(2017, 1, 1), date(2018, 1, 1))

    @pytest.mark.parametrize("written", ["15-12-2017", "31-02-2018", "2017", "31-12-9999", "31-12-1066", ""])
    def test_ends_that_cannot_be(self, written: str) -> None:
        with pytest.raises(ValueError, match="“"):
            twelve_months(written)

    def test_repeated_row_and_unknown_offence_are_refused(self, tmp_path: Path) -> None:
        lines = (DATA / "rolling-year" / "to-december-2018.csv").read_text("utf-8").splitlines()
        path = tmp_path / "twice.csv"
        path.write_text(
            "\n".join([*lines, lines[1], lines[2].replace("Bicycle theft", "Piracy")]) + "\n", "utf-8"
        )

        said = [error.message for error in parse(path).errors]

        assert said == ["repeats line 2; a rolling year stands once", "“Piracy” is an offence we do not know"]


class TestForceTables:
    """ONS workbooks."""

    def test_tables_are_found_by_their_titles_wherever_they_stand(self) -> None:
        march = parse(TABLES / "march-2018.xlsx")

        assert march.errors == []
        assert [part.edition.edition for part in march.parts] == ["March 2018", "March 2018"]
        crime, asb = march.parts
        force = crime.counts[Place("E23000017", "Warwickshire")]
        year = Period(date(2017, 4, 1), date(2018, 4, 1))
        assert force[LineName("crime-year", "Theft offences", "Residential burglary")][year].value > 0
        assert force[LineName("population", "People")][mid_year(2014)] == Cell(Decimal(552500))
        assert force[LineName("households", "Households")][mid_year(2014)] == Cell(Decimal(235100))
        assert len(force[LineName("population", "People")]) == 15
        assert asb.counts[Place("E23000017", "Warwickshire")]

    def test_groups_are_not_added_to_their_subgroups(self) -> None:
        crime = parse(TABLES / "march-2019.xlsx").parts[0]

        counted = crime.counts[Place("E23000017", "Warwickshire")]
        total = sum(
            c.value for line, cells in counted.items() if line.kind == "crime-year" for c in cells.values()
        )
        assert total == 41962

    def test_old_and_new_format_say_the_same(self) -> None:
        old, new = parse(TABLES / "march-2019.xls"), parse(TABLES / "march-2019.xlsx")

        assert [part.counts for part in old.parts] == [part.counts for part in new.parts]

    def test_region_and_force_of_one_name_are_told_apart(self) -> None:
        for name in ("march-2018.xlsx", "march-2019.xlsx"):
            found = parse(TABLES / name)
            forces = {place for part in found.parts for place in part.counts if "West Midlands" in place.name}

            assert all(place.code in ("E23000014", "") and not place.mixed for place in forces)
            asb = found.parts[1].counts
            own = next(cells for place, cells in asb.items() if place.name == "West Midlands")
            period = Period(date(2007, 4, 1), date(2008, 4, 1))
            (line,) = own
            assert own[line][period].value == 172034

    def test_missing_is_no_nought(self) -> None:
        asb = parse(TABLES / "march-2018.xlsx").parts[1]

        nation = asb.counts[Place("", "England and Wales (inc. BTP)")]
        (cells,) = nation.values()
        assert cells[Period(date(2007, 4, 1), date(2008, 4, 1))] == Cell(None, "not-available")

    @pytest.mark.usefixtures("world")
    def test_greater_manchester_left_out_is_said_of_the_nation_alone(self, tmp_path: Path) -> None:
        """As in the editions of September and December 2019; ours is June 2018 with the force's numbers taken out."""
        load(without_greater_manchester(tmp_path), Wishes())

        notes = dict(
            Observation.objects.filter(metric__slug="recorded-crime-ons").values_list("area__slug", "note")
        )
        assert notes["england-and-wales"].endswith(". Leaves out Greater Manchester")
        assert "greater-manchester" not in notes
        assert not [slug for slug, note in notes.items() if "Manchester" in note and "england" not in slug]
        gone = Count.objects.filter(line__area__slug="greater-manchester", line__kind="crime-year")
        assert gone.exists()
        assert set(gone.values_list("value", "missing")) == {(None, "not-available")}  # a gap, not nought

    def test_greater_manchester_that_is_there_is_not_said_to_be_left_out(self) -> None:
        found = parse(TABLES / "june-2018.xlsx")

        noted = [row.place.name for row in found.parts[0].stated if "Greater Manchester" in row.note]
        assert noted == []

    def test_rows_that_leave_greater_manchester_out_are_no_areas(self) -> None:
        for name in ("june-2018.xlsx", "march-2019.xlsx"):
            found = parse(TABLES / name)

            assert not [place for place in found.places if "excluding" in place.name.lower()]

    @pytest.mark.usefixtures("world")
    def test_rates_as_published_keep_their_numerator_and_people(self) -> None:
        load(TABLES / "march-2018.xlsx", Wishes())

        rate = Observation.objects.get(metric__slug="recorded-crime-ons", area__slug="warwickshire")
        assert (rate.value, rate.denominator, rate.basis) == (Decimal("74.1"), 559000, "published")
        assert rate.denominator_note == "Mid-2016 population, rounded to 100"
        nation = Observation.objects.get(metric__slug="recorded-crime-ons", area__slug="england-and-wales")
        assert (nation.value, nation.note) == (Decimal("83.5"), "Includes British Transport Police")
        assert figures("anti-social-behaviour", "england-and-wales-with-btp")[date(2013, 4, 1)] == Decimal(
            "40.8"
        )
        assert Release.objects.filter(dataset="Police force area data tables, Table P7").exists()


class TestWorkforce:
    """Home Office, strength."""

    def test_both_years_of_headings(self) -> None:
        for name in ("2023.csv", "2026-headings.csv"):
            found = parse(DATA / "workforce" / name)

            assert found.errors == []
            assert found.parts[0].edition.edition == "July 2023"

    @pytest.mark.usefixtures("world")
    def test_strength_is_that_of_the_record(self) -> None:
        load(DATA / "workforce" / "2023.csv", Wishes())

        assert figures("officers-count", "warwickshire") == {
            date(2022, 4, 1): Decimal("1044.56"),
            date(2023, 4, 1): Decimal("1101.75"),
        }
        assert CountLine.objects.filter(area__slug="british-transport-police").exists()

    @pytest.mark.usefixtures("world")
    def test_code_goes_before_name(self, tmp_path: Path) -> None:
        lines = (DATA / "workforce" / "2023.csv").read_text("utf-8-sig").replace("Warwickshire", "Kent")
        path = tmp_path / "named-wrongly.csv"
        path.write_text(lines, "utf-8")

        load(path, Wishes())

        assert figures("officers-count", "warwickshire")
        assert not figures("officers-count", "kent")

    def test_tables_for_reading_are_refused_with_what_to_fetch(self, tmp_path: Path) -> None:
        index = books.ods_row("Police Workforce, England and Wales, 30 September 2018")
        path = books.ods(tmp_path / "bulletin.ods", {"Index": index, "Table_1": books.ods_row("Table 1")})

        with pytest.raises(
            Unreadable, match=r"Fetch open-data-table-police-workforce from https://www\.gov\.uk/"
        ):
            parse(path)


@pytest.mark.usefixtures("world")
class TestPopulation:
    """ONS, people by authority."""

    def test_authorities_are_added_up_to_forces(self) -> None:
        load(DATA / "population" / "mid-2023.xlsx", Wishes())

        count = Count.objects.get(line__area__slug="warwickshire", starts_on=date(2022, 6, 30))
        assert (count.value, count.line.release.edition) == (607713, "15 July 2024")

    def test_force_without_one_of_its_authorities_is_refused(self, tmp_path: Path) -> None:
        lookup = tmp_path / "lookup.csv"
        codes = [f"E0700021{n}" for n in (8, 9)] + ["E07000220", "E07000221", "E07000222", "E07000223"]
        councils = [f"E0800002{n}" for n in range(5, 10)] + ["E08000030", "E08000031"]
        lines = (
            [f"{code},E23000017" for code in codes]
            + [f"{code},E23000014" for code in councils]
            + ["E09000001,E23000034"]
        )
        lookup.write_text("\n".join(["LAD16CD,PFA16CD", *lines]) + "\n", "utf-8")

        with pytest.raises(BadFiles) as refusal:
            load(DATA / "population" / "mid-2023.xlsx", Wishes(lookup=read_lookup(lookup)))

        assert [error.message for error in refusal.value.errors] == [
            "Warwickshire cannot be added up: the file lacks its authorities E07000223"
        ]

    def test_lookup_that_contradicts_itself_is_refused(self, tmp_path: Path) -> None:
        lookup = tmp_path / "lookup.csv"
        lookup.write_text("LAD16CD,PFA16CD\nE07000218,E23000017\nE07000218,E23000014\n", "utf-8")
        other = tmp_path / "other.csv"
        other.write_text("a,b\n1,2\n", "utf-8")

        with pytest.raises(Unreadable, match="gives E07000218 to two forces"):
            read_lookup(lookup)
        with pytest.raises(Unreadable, match="needs the columns"):
            read_lookup(other)


@pytest.mark.usefixtures("world")
class TestOutcomes:
    """Home Office, by the description of its columns; the numbers are made up."""

    FILE = DATA / "outcomes" / "made-2017-18.csv"

    def test_charge_rate_names_its_basis(self) -> None:
        load(DATA / "recorded-crime" / "2017-18.csv", Wishes())
        load(self.FILE, Wishes())

        crimes = figures("recorded-crime-count", "warwickshire")[date(2018, 4, 1)]
        assert figures("charges-count", "warwickshire") == {date(2018, 4, 1): 3600}
        assert figures("charge-rate", "warwickshire") == {date(2018, 4, 1): round(3600 / crimes * 100, 1)}
        assert figures("charge-rate-recorded", "warwickshire") == {
            date(2018, 4, 1): round(3200 / crimes * 100, 1)
        }

    def test_crimes_that_come_later_complete_the_rate(self) -> None:
        load(self.FILE, Wishes())
        assert figures("charge-rate", "warwickshire") == {}

        load(DATA / "recorded-crime" / "2017-18.csv", Wishes())

        assert figures("charge-rate", "warwickshire")

    def test_what_a_force_did_not_provide_is_no_nought_and_parts_are_not_added(self) -> None:
        done = load(self.FILE, Wishes())

        assert done.parsed.left_out == {"parts of other rows (1a, 2a, 3a)": 12, "fraud": 12}
        missing = Count.objects.filter(line__area__slug="british-transport-police")
        assert set(missing.values_list("value", "missing")) == {(None, "not-provided")}
        unassigned = Count.objects.filter(
            line__category="Not yet assigned", line__kind="outcome-closed", value__isnull=False
        )
        assert set(unassigned.values_list("value", flat=True)) == {-7}

    @pytest.mark.parametrize(
        ("group", "why"),
        [
            ("", "must not be empty"),
            ("#N/A", "“#N/A” is an error of the spreadsheet, not a value"),
            ("x" * 121, "is longer than any name"),
        ],
    )
    def test_offence_group_that_is_no_name_is_refused_as_it_might_be_fraud_or_a_sum(
        self, tmp_path: Path, group: str, why: str
    ) -> None:
        path = tmp_path / "outcomes.csv"
        whole = self.FILE.read_text("utf-8-sig")
        path.write_text(whole.replace("Violence against the person", group, 1), "utf-8")

        with pytest.raises(BadFiles) as refusal:
            load(path, Wishes())

        (error,) = refusal.value.errors
        assert (error.line, error.column, error.message) == (2, "Offence Group", why)
        assert not Count.objects.exists()


@pytest.mark.usefixtures("world")
class TestTemplate:
    """Our own, for what no file has."""

    HEADINGS = (
        "area,metric,first day,last day,value,numerator,denominator,denominator year,source title,source address,"
        "publisher,note,counted with"
    )

    def write(self, tmp_path: Path, *lines: str) -> Path:
        path = tmp_path / "template.csv"
        path.write_text("\n".join([self.HEADINGS, *lines]) + "\n", "utf-8")
        return path

    def test_figure_of_two_forces_together(self, tmp_path: Path) -> None:
        factories.area(slug="two-forces", name="Two forces", kind="alliance")
        line = "warwickshire,organised-crime-groups,2016-06-30,2016-06-30,20.1,36,,mid-2015,Return,https://example.org/a,HMIC,From a return,two-forces"

        load(self.write(tmp_path, line), Wishes())

        figure = Observation.objects.get()
        assert (figure.value, figure.numerator, figure.combined_with.slug) == (
            Decimal("20.1"),
            36,
            "two-forces",
        )
        assert (figure.release.dataset, figure.release.address) == ("Return", "https://example.org/a")
        assert figure.basis == "published"

    @pytest.mark.parametrize(
        ("address", "publisher"),
        [("https://example.org/b", "HMIC"), ("https://example.org/a", "Home Office")],
    )
    def test_source_of_another_publisher_or_address_under_the_same_title_is_refused(
        self, tmp_path: Path, address: str, publisher: str
    ) -> None:
        first = "warwickshire,victim-satisfaction,2016-04-01,2017-03-31,1,,,,Return,https://example.org/a,HMIC,Note,"
        other = (
            f"warwickshire,victim-satisfaction,2017-04-01,2018-03-31,2,,,,Return,{address},{publisher},Note,"
        )
        with pytest.raises(BadFiles) as refusal:
            load(self.write(tmp_path, first, other), Wishes())
        (error,) = refusal.value.errors
        assert (error.line, error.column) == (3, "source title")
        assert error.message == "has another publisher or address than in line 2; one source has one title"

        load(self.write(tmp_path, first), Wishes())
        with pytest.raises(BadFiles) as refusal:
            load(self.write(tmp_path, other), Wishes())
        (error,) = refusal.value.errors
        assert (error.line, error.column) == (2, "source title")
        assert error.message.startswith("is recorded here as by HMIC, https://example.org/a; ")

        load(self.write(tmp_path, other), Wishes(edition="second"))
        assert {figure.release.address for figure in Observation.objects.select_related("release")} == {
            "https://example.org/a",
            address,
        }

    def test_later_file_that_names_who_is_counted_together_changes_the_figure(self, tmp_path: Path) -> None:
        factories.area(slug="two-forces", name="Two forces", kind="alliance")
        line = "warwickshire,organised-crime-groups,2016-06-30,2016-06-30,20.1,36,,mid-2015,Return,https://example.org/a,HMIC,From a return,"
        load(self.write(tmp_path, line), Wishes())

        done = load(self.write(tmp_path, f"{line}two-forces"), Wishes())

        assert len(done.figures.changed) == 1
        assert Observation.objects.get().combined_with.slug == "two-forces"

    def test_everything_that_is_wrong_is_said(self, tmp_path: Path) -> None:
        lines = (
            "warwickshire,victim-satisfaction,2016-04-01,2017-03-31,,,,,Return,https://example.org,HMIC,Note,",
            "warwickshire,victim-satisfaction,2017-04-01,2016-03-31,1,,,,,ftp://example.org,HMIC,,",
            "warwickshire,victim-satisfaction,2016-04,2017-03-31,1,2,0,,Return,https://example.org,HMIC,Note,",
            f"warwickshire,victim-satisfaction,2016-04-01,2017-03-31,1,2,3,{'y' * 121},Return,https://example.org,HMIC,{'n' * 301},",
        )

        with pytest.raises(BadFiles) as refusal:
            load(self.write(tmp_path, *lines), Wishes())

        said = [(error.line, error.column) for error in refusal.value.errors]
        assert said == [
            *((2, "value"), (3, "last day"), (3, "note"), (3, "source address"), (3, "source title")),
            *((4, "denominator"), (4, "first day"), (5, "denominator year"), (5, "note")),
        ]

    @pytest.mark.parametrize("at", range(13))
    def test_error_of_the_spreadsheet_is_refused_once_wherever_it_stands(
        self, tmp_path: Path, at: int
    ) -> None:
        line = "warwickshire,victim-satisfaction,2016-04-01,2017-03-31,1,2,3,mid-2015,Return,https://example.org,HMIC,Note,"
        cells = line.split(",")
        cells[at] = "#REF!"

        with pytest.raises(BadFiles) as refusal:
            load(self.write(tmp_path, ",".join(cells)), Wishes())

        (error,) = refusal.value.errors
        assert "#REF!" in error.message or error.column == "source address"
        assert not Observation.objects.exists()

    def test_unknown_area_and_metric_are_refused(self, tmp_path: Path) -> None:
        line = "atlantis,happiness,2016-04-01,2017-03-31,1,,,,Return,https://example.org,HMIC,Note,"

        with pytest.raises(BadFiles) as refusal:
            load(self.write(tmp_path, line), Wishes())

        assert [error.message for error in refusal.value.errors] == [
            "the area atlantis is not on record; run “manage.py seed” first",
            "the metric happiness is not on record",
        ]
        assert SLUG


@pytest.mark.usefixtures("world")
class TestWholeFiles:
    """What only whole official files can show."""

    def test_the_2015_report_is_worked_out_again(self, official_files: Path) -> None:
        load(official_files / "policeforceareatablesyearendingmarch2018v2.xlsx", Wishes())
        done = load(official_files / "rec-crime-pfa.csv", Wishes())

        own, nation = (
            figures("recorded-crime-2015-basis", area) for area in ("warwickshire", "england-and-wales")
        )
        assert own == {date(2014, 7, 1): Decimal("50.0"), date(2015, 7, 1): Decimal("52.4")}
        assert nation == {date(2014, 7, 1): Decimal("60.3"), date(2015, 7, 1): Decimal("62.9")}
        year = Observation.objects.filter(metric__slug="recorded-crime-count", ends_before=date(2015, 7, 1))
        assert year.filter(area__kind="force").count() == 43
        assert year.get(area__slug="england-and-wales").value == sum(
            year.filter(area__kind="force").values_list("value", flat=True)
        )
        assert year.filter(area__slug="england-and-wales-with-btp").exists()
        assert done.report["forces_missing"] == []

    @pytest.mark.parametrize(
        "name",
        [
            "policeforceareatablesyearendingmarch2018v2.xlsx",
            "policeforceareadatatablesyearendingjune2018corrected.xlsx",
            "policeforceareatablesyearendingdecember2018.xlsx",
            "policeforceareatablesyeendingmarch2019.xlsx",
            "policeforceareatablesyearendingjune2019.xlsx",
        ],
    )
    def test_printed_rates_follow_from_the_workbooks_own_counts_and_people(
        self, official_files: Path, name: str
    ) -> None:
        done = load(official_files / name, Wishes())

        assert done.report["rates_compared"] > 900
        assert done.report["rates_differ"] == []
        # Rounded to one decimal, and over people rounded to a hundred, one or two come out a hair beside the print: listed.
        listed = done.report["rates"]
        assert len(listed) < 4
        assert all(abs(Decimal(row["printed"]) - Decimal(row["worked"])) < Decimal("0.06") for row in listed)
        rows = Observation.objects.filter(metric__slug="recorded-crime-ons", area__kind="force")
        assert rows.count() == 42  # City of London's is held back

    def test_the_year_of_the_home_office(self, official_files: Path) -> None:
        load(official_files / "LAD23_Mid_Year_pop_2011_to_2023.xlsx", Wishes())
        released = PartialDate(date(2018, 7, 19), Precision.DAY)
        done = load(official_files / "prc-pfa-mar2013-onwards-tables201718.csv", Wishes(released=released))

        assert done.parsed.rows == 23068
        assert done.report["people_differ"] == []
        assert done.report["forces_missing"] == []
        homicide = Count.objects.filter(line__part="Homicide", line__kind="crime-quarter")
        assert sum(count.value for count in homicide) == 728
        rates = Observation.objects.filter(metric__slug="recorded-crime", area__kind="force")
        assert rates.count() == 42

    def test_the_workforce_table(self, official_files: Path) -> None:
        load(official_files / "LAD23_Mid_Year_pop_2011_to_2023.xlsx", Wishes())
        load(official_files / "open-data-table-police-workforce-260723.ods", Wishes())

        assert figures("officers", "england-and-wales")[date(2023, 4, 1)] == Decimal("2.45")
        # The sum of the forces' strengths, each to two decimals as it is kept; unrounded it is a hundredth or two less.
        assert figures("officers-count", "england-and-wales")[date(2023, 4, 1)] == Decimal("147429.64")

    def test_the_bulletin_is_refused(self, official_files: Path) -> None:
        with pytest.raises(Unreadable, match="holds tables for reading"):
            load(official_files / "police-workforce-sep18-tables.ods", Wishes())
        assert not ImportRun.objects.exists()

    def test_every_file_can_be_told_by_its_content(self, official_files: Path) -> None:
        kinds = {}
        for path in sorted(official_files.iterdir()):
            if (
                path.suffix in (".csv", ".ods", ".xlsx")
                and "lookup" not in path.name
                and "derived" not in path.name
            ):
                try:
                    kinds[re.sub(r"\W", "", path.stem)[:20]] = sources.recognise(open_book(path)).SOURCE
                except Unreadable:
                    kinds[re.sub(r"\W", "", path.stem)[:20]] = "refused"

        assert set(kinds.values()) == {
            *(
                "force-tables",
                "population",
                "recorded-crime",
                "recorded-crime-rolling-year",
                "workforce",
                "refused",
            )
        }
        assert list(kinds.values()).count("refused") == 1


@pytest.mark.usefixtures("real_record")
@pytest.mark.django_db
def test_seed_is_not_disturbed(official_files: Path) -> None:
    """The same editions under the same keys, the same figures, and everything as it was after undoing."""
    from grades.importers.official.undoing import undo

    before = set(Observation.objects.values_list())
    releases = set(Release.objects.values_list("key", flat=True))
    runs = []
    known, new = 0, set()
    for name in (
        "LAD23_Mid_Year_pop_2011_to_2023.xlsx",
        "policeforceareatablesyearendingmarch2018v2.xlsx",
        "policeforceareatablesyeendingmarch2019.xlsx",
        "rec-crime-pfa.csv",
        "open-data-table-police-workforce-260723.ods",
    ):
        done = load(official_files / name, Wishes())
        runs.append(done.run)
        # Two strengths lie half-way between two hundredths; the record's stay.
        assert all(abs(change.old - change.new) <= Decimal("0.01") for change in done.figures.kept)
        assert len(done.figures.kept) < 3
        known += done.figures.unchanged
        new |= set(done.report["releases"]) - releases

    assert before < set(Observation.objects.values_list())
    assert known > 4000
    assert {key.split("-")[0] for key in new} == {"office"}  # ONS: the people, and Table P7 of March 2018
    for run in reversed(runs):
        undo(run.pk)
    assert set(Observation.objects.values_list()) == before
