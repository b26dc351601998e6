"""`manage.py check_data` on the real record: its totals, what it lists, and how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grades import models
from grades.queries import quality
from grades.queries.quality import Quality
from grades.scales import Level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_record")]


def check(**options) -> str:
    """Run the command, and give what it prints."""
    out = StringIO()
    call_command("check_data", stdout=out, no_color=True, **options)
    return out.getvalue()


def count(printed: str, title: str) -> str:
    """The count behind a section's title, with its mark."""
    line = next(line for line in printed.splitlines() if title in line)
    mark, rest = line.split(": ", 1)
    return f"{mark} {rest.rsplit(': ', 1)[1]}"


def section(printed: str, title: str) -> list[str]:
    """The lines of a section."""
    lines = iter(printed.splitlines())
    next(line for line in lines if title in line)
    found = []
    for line in lines:
        if not line:
            break
        found.append(line.strip())
    return found


@pytest.fixture(scope="module")
def found(real_record: None) -> Quality:
    """What there is to say about the real record."""
    return quality()


@pytest.fixture(scope="module")
def printed(real_record: None) -> str:
    """What the command prints about it."""
    return check()


class TestTheRealRecord:
    """Everything the report counts, once."""

    def test_published_totals_are_those_recorded(self, found):
        assert all(total.agrees for total in found.control_totals)
        by_level = {
            (total.cycle, total.pillar): [
                total.found.get(level, 0) for level in Level if level != Level.ADEQUATE
            ]
            for total in found.control_totals
        }
        assert by_level == {
            ("2014", "efficiency"): [5, 35, 3, 0],
            ("2015", "effectiveness"): [1, 24, 18, 0],
            ("2016", "effectiveness"): [1, 28, 13, 1],
            ("2016", "efficiency"): [2, 33, 8, 0],
        }

    def test_grades(self, found):
        assert found.errors == 0
        assert (found.without_citation, found.unknown_origin) == ((), ())
        assert len(found.disputes) == 2
        assert len(found.unchecked) == 478
        grave = [line for line in found.unchecked if line.cell.grave]
        assert len(grave) == 174
        recent = [line for line in grave if line.pages == 1 and line.cell.cycle in ("2021/22", "2023–25")]
        assert len(recent) == 131
        assert len(found.without_concern) == 29

    def test_reports_and_sources(self, found):
        reports = models.Report.objects
        assert len(found.undated_reports) == reports.filter(published_on=None).count() > 0
        assert (
            len(found.unconfirmed_reports)
            == reports.filter(date_confirmed=False).exclude(published_on=None).count()
        )
        assert len(found.reports_without_address) == reports.filter(address="").count() > 0
        assert len(found.sources_without_address) == models.Source.objects.filter(address="").count() == 9

    def test_figures(self, found):
        figures = found.figures

        assert figures.figures == 7853 + 64
        assert figures.rates == 2321
        assert figures.wrong_rates == ()
        assert len(figures.totals) == 89
        assert figures.wrong_totals == ()
        assert all(abs(jump.percent) > 25 for jump in figures.jumps)
        assert {jump.figure.metric.slug for jump in figures.jumps} == {
            "recorded-crime",
            "anti-social-behaviour",
            "charge-rate",
            "officers",
        }

    def test_gaps(self, found):
        gaps = {gap.cycle: gap for gap in found.gaps}

        assert {cycle: gap.missing for cycle, gap in gaps.items()} == {
            "2014": 134,
            "2015": 380,
            "2016": 312,
            "2017": 151,
            "2018/19": 190,
            "2021/22": 139,
            "2023–25": 122,
            "2025–27": 0,
        }
        assert gaps["2021/22"].forces == (
            "Cheshire",
            "Cumbria",
            "Dyfed-Powys",
            "Hertfordshire",
            "North Wales",
            "South Wales",
            "Suffolk",
        )
        assert gaps["2023–25"].forces == ("Greater Manchester", "Kent", "Lincolnshire", "West Midlands")
        assert len(gaps["2025–27"].forces) == 43
        assert not gaps["2025–27"].complete

    def test_pillars_that_are_missing(self, found):
        pillars = {
            (gap.cycle, question.question.split(",")[0]): question.forces
            for gap in found.gaps
            for question in gap.questions
            if " 0," in question.question
        }

        assert pillars == {
            ("2017", "effectiveness 0"): ("Derbyshire",),
            ("2017", "efficiency 0"): ("Humberside",),
            ("2018/19", "effectiveness 0"): ("Surrey",),
            ("2018/19", "legitimacy 0"): ("Surrey",),
        }

    def test_number_of_queries(self, django_assert_num_queries):
        with django_assert_num_queries(15):
            quality()
        with django_assert_num_queries(14):
            quality(force="warwickshire")

    def test_it_changes_nothing(self):
        with CaptureQueriesContext(connection) as queries:
            check(force="warwickshire")

        assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


class TestThePrint:
    """What an editor reads."""

    def test_it_ends_with_its_counts(self, printed, found):
        assert printed.splitlines()[-1] == f"0 errors, {found.warnings} warnings, 1428 gaps"
        assert count(printed, "grades without any source") == "none 0"
        assert count(printed, "sources disagree") == "warning 2"
        assert count(printed, "2015: not recorded, of 559 cells") == "gap 380"
        assert count(printed, "2025–27, of which not all questions are known") == "gap 43"
        assert "None" not in printed

    def test_published_totals_are_printed_where_they_agree_too(self, printed):
        assert section(printed, "published totals") == [
            "2014 efficiency: 5 outstanding, 35 good, 3 requires improvement, as published",
            "2015 effectiveness: 1 outstanding, 24 good, 18 requires improvement, as published",
            "2016 effectiveness: 1 outstanding, 28 good, 13 requires improvement, 1 inadequate, as published",
            "2016 efficiency: 2 outstanding, 33 good, 8 requires improvement, as published",
        ]

    def test_the_gravest_unchecked_grades_come_first(self, printed):
        lines = section(printed, "known from the press")

        assert lines[0] == "174 are requires improvement or inadequate, 137 of them on one page alone:"
        assert all("1 page: " in line for line in lines[1:138])
        assert all("pages: " in line for line in lines[138:175])
        assert lines[175].startswith("2014, ")
        assert len(lines) < 185

    def test_disputes_show_what_each_source_states(self, printed):
        lines = section(printed, "sources disagree")

        assert lines[0] == "Cheshire 2014, effectiveness 1, Reducing crime and preventing offending: Good"
        assert [line.split(":")[0] for line in lines[1:4]] == ["Good", "Requires improvement", "Good"]

    def test_gaps_are_named_from_the_shorter_side(self, printed):
        lines = section(printed, "2015: not recorded")

        assert "efficiency 1, Use of resources (43): all 43" in lines
        only_one_held = "legitimacy 1, Wellbeing and ethical culture (42): all but "
        assert [
            line for line in lines if line.startswith(only_one_held) and "," not in line[len(only_one_held) :]
        ]

    def test_one_force(self):
        printed = check(force="west-mercia")

        assert printed.splitlines()[-1].startswith("0 errors, ")
        assert printed.splitlines()[-1].endswith(", 32 gaps")
        assert "published totals" not in printed
        assert "Cheshire" not in printed
        assert section(printed, "2018/19: not recorded, of 12") == [
            "effectiveness 2, Investigating crime",
            "effectiveness 3, Protecting vulnerable people",
            "efficiency 1, Meeting current demands and using resources",
            "efficiency 2, Planning for the future",
            "legitimacy 1, Treating the public fairly",
            "legitimacy 2, Ethical and lawful workforce behaviour",
            "legitimacy 3, Treating the workforce fairly",
        ]

    def test_unknown_force(self):
        with pytest.raises(
            CommandError, match=r"^There is no force “west-merca”\. Did you mean: west-mercia\?$"
        ):
            check(force="west-merca")
        with pytest.raises(CommandError, match=r"^There is no force “q”\.$"):
            check(force="q")

    def test_warnings_count_where_asked(self):
        with pytest.raises(CommandError, match=r"^0 errors, \d+ warnings, 32 gaps$"):
            check(force="west-mercia", fail_on_warnings=True)


class TestErrors:
    """What ends the command with 1."""

    def test_grade_without_a_source(self):
        grade = models.Grade.objects.get(
            inspection__force__slug="warwickshire",
            inspection__cycle__slug="2015",
            question__pillar__slug="efficiency",
            question__number="0",
        )
        grade.citations.all().delete()
        out = StringIO()

        with pytest.raises(CommandError, match=r"^1 error, "):
            call_command("check_data", stdout=out, no_color=True)

        assert section(out.getvalue(), "without any source") == [
            "Warwickshire 2015, efficiency 0, Efficiency (overall): Good"
        ]

    def test_total_that_differs(self):
        good = models.Grade.objects.filter(
            inspection__cycle__slug="2014",
            question__number="0",
            level="good",
            question__pillar__slug="efficiency",
        )[0]
        models.Grade.objects.filter(pk=good.pk).update(level="inadequate")
        out = StringIO()

        with pytest.raises(CommandError, match=r"^1 error, "):
            call_command("check_data", stdout=out, no_color=True)

        assert section(out.getvalue(), "published totals")[0] == (
            "2014 efficiency: published 5 outstanding, 35 good, 3 requires improvement;"
            " recorded here 5 outstanding, 34 good, 3 requires improvement, 1 inadequate"
        )

    def test_rate_that_does_not_follow_from_its_numbers(self):
        rate = models.Observation.objects.filter(
            area__slug="warwickshire", metric__slug="recorded-crime", basis="derived", numerator__isnull=False
        ).latest("ends_before")
        right = f"{rate.value:.1f}"
        models.Observation.objects.filter(pk=rate.pk).update(value=rate.value + 1)
        out = StringIO()

        with pytest.raises(CommandError, match=r"^1 error, "):
            call_command("check_data", force="warwickshire", stdout=out, no_color=True)

        line = section(out.getvalue(), "rates that are not")[0]
        assert line.startswith("Warwickshire, recorded-crime, 12 months to 31 March 2026: ")
        assert line.endswith(f", {right} worked out")
