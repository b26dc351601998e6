"""What the office adds, on public pages: corrections, comments, responses, the track of findings, required information."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from grades import queries
from grades.models import Force, Grade, Inspection, Report
from grades.scales import RequiredKind
from tests import factories
from tests.views.markup import Element, parse

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 12, 3, 0, 30, tzinfo=UTC)
PAST = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 11, 22)
FROM = date(2017, 5, 1)


@dataclass(frozen=True, kw_only=True)
class World:
    """One published inspection with a graded question on a theme."""

    force: Force
    inspection: Inspection
    report: Report
    grade: Grade

    @property
    def address(self) -> str:
        return f"/forces/{self.force.slug}/{self.inspection.cycle.slug}/"


@pytest.fixture
def world() -> World:
    force = factories.force(slug="warwickshire", short_name="Warwickshire")
    factories.tenure(force=force, body=factories.policing_body(name="The Commissioner"))
    inspection = factories.inspection(
        force=force, cycle=factories.cycle(slug="2022", label="2022"), status="published", published_at=PAST
    )
    report = factories.report(
        inspection=inspection, published_on=date(2022, 10, 14), date_confirmed=True, title="The report"
    )
    grade = factories.grade(inspection=inspection, report=report, level="adequate")
    factories.citation(grade=grade)
    return World(force=force, inspection=inspection, report=report, grade=grade)


def page_of(client: Client, address: str, status: int = 200) -> Element:
    response = client.get(address)
    assert response.status_code == status, address
    return parse(response.content.decode())


def correct(record, before: dict[str, str], after: dict[str, str], **fields):
    """Note a published correction of a record."""
    inspection = getattr(record, "inspection", None) or record.report.inspection
    given = {"status": "published", "published_at": PAST, "reason": "the report says otherwise"} | fields
    return factories.correction(
        what=record._meta.label_lower,
        object_id=record.pk,
        force=inspection.force,
        before=before,
        after=after,
        **given,
    )


# Corrections


def test_corrected_grade_says_so_wherever_it_stands(client: Client, world: World) -> None:
    theme = world.grade.question.theme
    assert theme
    correct(world.grade, {"level": "good"}, {"level": "adequate"}, source=factories.source(title="PEEL 2022"))

    inspection = page_of(client, world.address).one("p", class_="corrected").text
    force = page_of(client, "/forces/warwickshire/")
    row = next(csv.DictReader(io.StringIO(client.get("/forces/warwickshire/history.csv").content.decode())))
    document = client.get("/forces/warwickshire/history.json").json()["rows"][0]

    assert inspection.startswith(
        "Corrected on 1 January 2026: was good; reason: the report says otherwise. By “PEEL 2022”."
    )
    marks = [mark.text for mark in force.all("span", class_="point__mark")]
    assert "corrected on 1 January 2026, was good" in marks
    for found in (row, document):
        assert (found["corrected_on"], found["corrected_from"]) == ("2026-01-01", "good")
        assert "corrected on 1 January 2026, was good" in found["words"]
    for address in (f"/themes/{theme.slug}/", f"/cycles/{world.inspection.cycle.slug}/"):
        assert "corrected on 1 January 2026, was good" in client.get(address).content.decode()


def test_grade_that_was_never_corrected_has_empty_columns(client: Client, world: World) -> None:
    row = next(csv.DictReader(io.StringIO(client.get("/forces/warwickshire/history.csv").content.decode())))

    assert (row["corrected_on"], row["corrected_from"]) == ("", "")
    assert not page_of(client, world.address).all("p", class_="corrected")


def test_theme_file_has_the_columns_of_corrections() -> None:
    from grades.charts import tile_map_grades
    from grades.charts.rows import rows
    from grades.history import CorrectionFacts
    from grades.scales import Level
    from tests import builders

    asked = builders.question()
    said = CorrectionFacts(on=date(2026, 12, 3), reason="misread", before=(("level", "good"),))
    points = {"kent": builders.point(asked, Level.ADEQUATE, corrections=(said,)), "essex": None}
    spec = tile_map_grades(
        cycle=builders.cycle(), theme_title="Theme", points=points, names={"kent": "Kent", "essex": "Essex"}
    )

    found = {row["force"]: (row["corrected_on"], row["corrected_from"]) for row in rows(spec)}

    assert found == {"Kent": ("2026-12-03", "good"), "Essex": ("", "")}


def test_day_of_a_correction_is_that_of_london(client: Client, world: World) -> None:
    late = datetime(2025, 7, 1, 23, 30, tzinfo=UTC)
    correct(world.grade, {"level": "good"}, {"level": "adequate"}, published_at=late)

    assert "Corrected on 2 July 2025" in page_of(client, world.address).one("main").text


@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft", "published_at": None},
        {"status": "submitted", "published_at": None},
        {"status": "published", "published_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "submitted", "future"],
)
def test_correction_that_is_not_public_is_not_told(client: Client, world: World, state) -> None:
    correct(world.grade, {"level": "good"}, {"level": "adequate"}, **state)

    for address in (world.address, "/forces/warwickshire/", "/forces/warwickshire/history.csv"):
        assert "orrected on" not in client.get(address).content.decode()


def test_every_correction_is_told_oldest_first(client: Client, world: World) -> None:
    correct(
        world.grade, {"level": "good"}, {"level": "inadequate"}, published_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    correct(world.grade, {"state": "awaited", "level": ""}, {"state": "graded", "level": "good"}, published_at=datetime(2024, 1, 1, tzinfo=UTC))  # fmt: skip
    correct(world.grade, {"summary": "x" * 500}, {"summary": "New."})
    correct(world.grade, {}, {"level": "good"}, published_at=datetime(2023, 1, 1, tzinfo=UTC))

    said = [p.text.split("; reason")[0] for p in page_of(client, world.address).all("p", class_="corrected")]

    assert said == [
        "Added on 1 January 2023",
        "Corrected on 1 January 2024: was report awaited",
        "Corrected on 1 January 2025: was good",
        "Corrected on 1 January 2026: was summary worded otherwise",
    ]


def test_corrected_report_finding_and_response_say_so(client: Client, world: World) -> None:
    finding = factories.finding(inspection=world.inspection)
    response = factories.response(report=world.report)
    correct(world.report, {"published_on": "2022-10-13"}, {"published_on": "2022-10-14"})
    correct(finding, {"due": ""}, {"due": "at once"})
    correct(response, {"published_on": None}, {"published_on": "2024-04-20"})

    page = page_of(client, world.address)
    document = page_of(client, f"{world.address}responses/{response.pk}/")

    reports = page.one("section", **{"aria-labelledby": "reports"})
    assert "was 13 October 2022" in reports.one("p", class_="corrected").text
    assert "was nothing" in page.one("li", id=finding.key).one("p", class_="corrected").text
    assert "was nothing" in document.one("p", class_="corrected").text


# Comments


def test_comment_stands_beside_the_grade_and_changes_nothing_about_it(client: Client, world: World) -> None:
    question = f"q{world.grade.question_id}"
    before = client.get(world.address).content.decode()
    force_before = client.get("/forces/warwickshire/").content
    factories.comment(
        grade=world.grade,
        body=factories.policing_body(name="The Commissioner of Elsewhere"),
        text="We <b>disagree</b> & act.",
        dated=date(2023, 1, 2),
    )

    after = client.get(world.address).content.decode()
    said = parse(after).one("article", id=question).one("blockquote")

    assert said.one("p", class_="comment__who").text.startswith(
        "The Commissioner of Elsewhere comments, 2 January 2023"
    )
    assert "We <b>disagree</b> & act." in said.text
    start = after.index('<blockquote class="comment">')
    end = after.index("</blockquote>", start) + len("</blockquote>\n")
    assert after[:start] + after[end:] == before, "all else is as it was, the grade's own markup too"
    assert client.get("/forces/warwickshire/").content == force_before


# Responses and the 56 days


def test_reports_say_how_they_stand_to_the_56_days(client: Client, world: World) -> None:
    page = page_of(client, "/forces/warwickshire/").one("section", **{"aria-labelledby": "responses"})

    assert "The last day was 8 December 2022. No response is recorded here." in page.text
    assert "reports published from 1 May 2017 on" in page.text


def test_first_day_of_the_limit_is_a_setting(client: Client, world: World, settings) -> None:
    settings.RESPONSE_LIMIT_FROM = date(2023, 1, 1)

    page = page_of(client, "/forces/warwickshire/").one("main").text

    assert "No response is recorded here. The limit of 56 days is not applied." in page
    assert "reports published from 1 January 2023 on" in page
    assert "reports published from 1 January 2023 on" in page_of(client, "/about/method/").one("main").text


def test_response_is_shown_with_its_day_and_leads_to_its_page(client: Client, world: World) -> None:
    response = factories.response(report=world.report, published_on=date(2023, 1, 7), title="Our answer")

    for address in ("/forces/warwickshire/", world.address):
        page = page_of(client, address)
        link = next(a for a in page.all("a") if a.text == "Our answer")
        assert link.attributes["href"] == f"{world.address}responses/{response.pk}/"
        assert "published on day 86 of 56" in page.one("main").text


def test_page_of_a_response_has_everything_that_was_said(client: Client, world: World) -> None:
    cause = factories.finding(kind="cause-of-concern", inspection=world.inspection)
    asked = factories.finding(
        kind="recommendation", parent=cause, inspection=world.inspection, text="Answer faster."
    )
    other = factories.finding(inspection=world.inspection, text="Plan better.")
    response = factories.response(
        report=world.report,
        title="Our answer",
        published_on=date(2022, 12, 8),
        body_comments="The body says.",
        chief_constable_comments="The chief says.",
        reply_to_chief_constable="The body replies.",
        actions="Something is done.",
        sent_to_inspectorate_on=date(2022, 12, 9),
        sent_to_secretary_of_state_on=date(2022, 12, 10),
        source=factories.source(title="Where we know it from"),
    )
    factories.recommendation_action(response=response, finding=asked, action="More staff.")
    factories.recommendation_action(response=response, finding=other, action="", reason="It is done already.")

    page = page_of(client, f"{world.address}responses/{response.pk}/").one("main")
    inspection = page_of(client, world.address).one("main").text

    for said in (
        *("Our answer", "The body says.", "The chief says.", "The body replies.", "Something is done."),
        *("Sent to the inspectorate 9 December 2022", "Sent to the Secretary of State 10 December 2022"),
        "Published on day 56 of 56; the last day was 8 December 2022.",
        *("Answer faster.", "Action: More staff.", "Plan better.", "Why none is taken: It is done already."),
        "Where we know it from",
    ):
        assert said in " ".join(page.text.split()), said
    for said in ("The body says.", "The chief says.", "The body replies.", "Something is done."):
        assert said in inspection
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("address", ["{0}responses/{1}0/", "/forces/kent/2022/responses/{1}/", "/forces/warwickshire/2021/responses/{1}/", "{0}responses/99999999999999999999999/"])  # fmt: skip
def test_response_stands_at_one_address_alone(client: Client, world: World, address: str) -> None:
    factories.force(slug="kent")
    response = factories.response(report=world.report)

    page = page_of(client, address.format(world.address, response.pk), 404)

    assert page.one("h1").text == "Page not found"


# The track of findings


def track(world: World) -> dict[str, tuple[str, object]]:
    """Give for each finding where it stands, and its age."""
    page = queries.force_page(slug="warwickshire", at=MOMENT, today=TODAY, limit_from=FROM)
    assert page
    return {
        one.key: (str(one.standing), one.age and (one.age.years, one.age.months))
        for finding in page.findings
        for one in (finding, *finding.recommendations)
    }


def test_where_findings_stand_and_for_how_long(world: World) -> None:
    def made(key: str, **fields):
        return factories.finding(inspection=world.inspection, key=key, **fields)

    made("nothing-known")
    made("own-day", published_on=date(2025, 11, 22))
    for key, steps in {
        "force-done": [("force", "complete")],
        "closed": [("force", "in-progress"), ("inspectorate", "closed")],
        "superseded": [("inspectorate", "superseded")],
        "opened-again": [("inspectorate", "closed"), ("inspectorate", "open")],
        "closed-and-force": [("inspectorate", "closed"), ("force", "complete")],
    }.items():
        found = made(key)
        for number, (actor, standing) in enumerate(steps, start=1):
            factories.finding_event(
                finding=found, actor=actor, standing=standing, happened_on=date(2024, number, 1)
            )
    made("later", continues=made("earlier"))
    made("practice", kind="innovative-practice")
    cause = made("cause", kind="cause-of-concern")
    made("recommendation", kind="recommendation", parent=cause)
    factories.finding_event(finding=cause, standing="closed")

    assert track(world) == {
        "nothing-known": ("open", (4, 1)),
        "own-day": ("open", (1, 0)),
        "force-done": ("open", (4, 1)),
        "closed": ("closed", None),
        "superseded": ("superseded", None),
        "opened-again": ("open", (4, 1)),
        "closed-and-force": ("closed", None),
        "earlier": ("continued", None),
        "later": ("open", (4, 1)),
        "practice": ("open", None),
        "cause": ("closed", None),
        "recommendation": ("closed", None),
    }


def test_force_page_sums_its_findings_up(client: Client, world: World) -> None:
    for number in range(3):
        factories.finding(inspection=world.inspection, key=f"finding-of-{number}")
    closed = factories.finding(inspection=world.inspection)
    factories.finding_event(finding=closed, standing="closed")
    factories.finding(inspection=world.inspection, kind="innovative-practice")

    section = page_of(client, "/forces/warwickshire/").one("section", **{"aria-labelledby": "findings"})

    assert "4 findings that ask for action are recorded here" in section.text
    assert "The inspectorate has closed 1." in section.text
    assert "For 3 no end is recorded here; of these, this record knows a later step for 0." in section.text
    rows = section.one("table").rows()
    assert rows[0][:3] == ["Kind", "No end recorded", "Closed by the inspectorate"]
    assert [row[:3] for row in rows[1:]] == [["Area for improvement", "3", "1"]]


def test_steps_are_kept_apart_by_who_says_so(client: Client, world: World) -> None:
    finding = factories.finding(
        inspection=world.inspection,
        owner="Head of Secrets",
        due="within three months",
        due_on=date(2027, 1, 2),
    )
    for actor, standing, evidence in (
        ("force", "complete", "https://example.org/proof"),
        ("policing-body", "in-progress", ""),
        ("inspectorate", "open", ""),
    ):
        factories.finding_event(finding=finding, actor=actor, standing=standing, evidence=evidence)

    for address in (world.address, "/forces/warwickshire/"):
        page = page_of(client, address)
        item = page.one("li", id=finding.key)
        names = [dt.text for dt in item.one("dl", class_="steps").all("dt")]
        assert names == ["The inspectorate says", "The force says", "The policing body says"]
        assert "https://example.org/proof" in {a.attributes["href"] for a in item.all("a")}
        assert "Due: within three months." in item.text
        assert "Last day: 2 January 2027." in item.text
        assert "Head of Secrets" not in page.text


def test_findings_that_continue_one_another_are_linked(client: Client, world: World) -> None:
    earlier = factories.finding(inspection=world.inspection)
    next_one = factories.inspection(force=world.force, status="published", published_at=PAST)
    later = factories.finding(inspection=next_one, continues=earlier)

    old = page_of(client, world.address).one("li", id=earlier.key)
    new = page_of(client, next_one.get_absolute_url()).one("li", id=later.key)

    assert old.all("a")[0].attributes["href"] == f"{next_one.get_absolute_url()}#{later.key}"
    assert new.all("a")[0].attributes["href"] == f"{world.address}#{earlier.key}"
    assert "Continued by a finding of" in old.text
    assert "Continues a finding of 2022" in new.text


def test_cause_of_concern_before_any_report_is_shown_as_such(client: Client, world: World) -> None:
    early = factories.finding(
        force=world.force, kind="cause-of-concern", published_on=date(2024, 12, 6), text="Calls wait."
    )
    adopted = factories.finding(
        inspection=world.inspection, kind="cause-of-concern", published_on=date(2022, 3, 1)
    )

    page = page_of(client, "/forces/warwickshire/")

    assert page.one("li", id=early.key).text.startswith(
        "Published before any report recorded here, 6 December 2024"
    )
    assert page.one("li", id=adopted.key).text.startswith("Published before the report, 1 March 2022")
    assert page.all("details", class_="group")[0].one("summary").text.startswith("Before any report")


# Required information


def test_required_information_says_what_is_where_and_what_is_not_known(client: Client, world: World) -> None:
    factories.required_item(force=world.force, item="7b-report", checked_on=date(2026, 1, 5))
    factories.required_item(
        force=world.force, item="7c-quarterly", address="", checked_on=date(2026, 1, 6), note="we asked"
    )

    page = page_of(client, "/forces/warwickshire/required-information/")
    rows = page.one("table").rows()[1:]

    assert len(rows) == len(RequiredKind)
    said = {row[0]: row[1:] for row in rows}
    report = said["The most recent report on effectiveness, efficiency and legitimacy"]
    assert (report[0], report[2]) == ("7B", "5 January 2026")
    assert report[1].startswith("Published")
    assert "Newest PEEL report recorded here: The report, 14 October 2022" in report[1]
    assert said["The quarterly complaints data"] == ["7C", "not published We asked.", "6 January 2026"]
    assert said["Which national priorities apply to the force"] == ["7A", "not known here", "not checked yet"]
    assert "The Commissioner" in page.one("h2", id="items").text
    assert "does not bind" not in page.one("main").text
    assert "/forces/warwickshire/required-information/" in client.get("/sitemap.xml").content.decode()
    links = {a.attributes["href"] for a in page_of(client, "/forces/warwickshire/").all("a")}
    assert "/forces/warwickshire/required-information/" in links


def test_required_information_is_a_file_too(client: Client, world: World) -> None:
    factories.required_item(
        force=world.force, item="7b-report", address="https://example.org/peel", note="in the archive"
    )
    page = "/forces/warwickshire/required-information/"
    links = {a.attributes["href"] for a in page_of(client, page).all("a")}
    files = {suffix: f"{page.rstrip('/')}.{suffix}" for suffix in ("csv", "json", "svg", "png")}

    rows = list(csv.reader(io.StringIO(client.get(files["csv"]).content.decode("utf-8-sig"))))
    document = client.get(files["json"]).json()

    assert {files["csv"], files["json"]} <= links
    assert rows[0][:4] == ["what_is_to_be_published", "paragraph", "where", "last_checked"]
    assert [row[2] for row in rows if row[1:2] == ["7B"]] == [
        "https://example.org/peel (in the archive)",
        "not known here",
    ]
    assert len([row for row in rows[1:] if row[1:2]]) >= len(RequiredKind)
    assert "https://example.org/peel" in json.dumps(document)
    assert client.get(files["svg"]).text.startswith("<svg")
    assert client.get(files["png"]).content.startswith(b"\x89PNG")
    assert client.get(f"{page.rstrip('/')}.figure.json").status_code == 404
    assert client.get("/forces/nowhere/required-information.csv").status_code == 404


def test_common_council_is_not_bound_in_our_reading(client: Client) -> None:
    city = factories.force(slug="city-of-london")
    factories.tenure(
        force=city, body=factories.policing_body(name="The Common Council", kind="common-council")
    )

    page = page_of(client, "/forces/city-of-london/required-information/").one("main").text

    assert "in our reading the order does not bind it" in page


def test_required_information_of_no_force_is_not_found(client: Client) -> None:
    page_of(client, "/forces/nowhere/required-information/", 404)


def test_json_of_a_history_names_no_owner(client: Client, world: World) -> None:
    factories.finding(inspection=world.inspection, owner="Head of Secrets")

    assert "Secrets" not in json.dumps(client.get("/forces/warwickshire/history.json").json())
