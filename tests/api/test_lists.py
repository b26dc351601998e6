"""What the lists of the API hold: facts of the record with their states, sources and breaks; and how they are cut."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grades.api.contents import list_names
from grades.models import Grade, Inspection
from tests import factories
from tests.views.world import build

pytestmark = pytest.mark.django_db


def ask(client: Client, address: str) -> Any:
    """Ask the API, and read its answer."""
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def one(client: Client, address: str) -> Any:
    """Ask for a list that has a single record."""
    (record,) = ask(client, address)["data"]
    return record


def follow(client: Client, address: str) -> list[Any]:
    """Read a whole list, piece by piece."""
    found, onward = [], f"/api/v1/{address}"
    while onward:
        answer = client.get(onward).json()
        found += answer["data"]
        parts = urlsplit(answer["next"] or "")
        onward = f"{parts.path}?{parts.query}" if parts.path else ""
    return found


# What records say


def test_grade_says_its_state_its_break_and_every_source(client: Client) -> None:
    factories.cycle(slug="2018-19", label="2018/19", order=1, band="B")
    cycle = factories.cycle(
        slug="2021-22", label="2021/22", order=2, band="C", tiers=5, break_reason="Five tiers."
    )
    inspection = factories.inspection(cycle=cycle, status="published")
    grade = factories.grade(
        inspection=inspection,
        question=factories.question(cycle=cycle),
        level="adequate",
        amended_on=date(2024, 8, 8),
        amended_from="good",
        amended_reason="A mistake.",
    )
    press = factories.source(kind="press", title="The Example")
    factories.citation(grade=grade, source=press, level="requires-improvement")

    said = one(client, "grades/")

    assert (said["state"], said["grade"], said["force"]) == ("graded", "adequate", inspection.force.slug)
    assert (said["break_before"], said["break_reason"]) == (True, "Five tiers.")
    assert said["not_yet_checked"] is True
    assert said["sources_disagree"] is True
    assert "not yet checked against the report" in said["words"]
    assert said["amended"] == {"on": "2024-08-08", "from_grade": "good", "reason": "A mistake."}
    assert [(s["title"], s["states_grade"], s["agrees"]) for s in said["sources"]] == [
        ("The Example", "requires-improvement", False)
    ]
    assert said["page"].endswith(f"/forces/{inspection.force.slug}/2021-22/#q{grade.question_id}")


def test_grade_without_a_level_names_its_state(client: Client) -> None:
    grade = factories.grade(state="withheld", level="", withheld_reason="An investigation.")
    Inspection.objects.update(status="published", published_at=datetime(2024, 1, 1, tzinfo=UTC))

    said = one(client, f"grades/?id={grade.pk}")

    assert (said["state"], said["grade"]) == ("withheld", "")
    assert said["state_words"] == "Not graded: An investigation."


def test_correction_is_said_with_what_was(client: Client) -> None:
    slug = build(cycles=1, forces=1)
    grade = Grade.objects.order_by("pk")[0]
    factories.correction(
        what="grades.grade",
        object_id=grade.pk,
        force=grade.inspection.force,
        before={"level": "good"},
        after={"level": "outstanding"},
        reason="Misread.",
        status="published",
        published_at=datetime(2026, 1, 2, 12, tzinfo=UTC),
    )

    said = one(client, f"grades/?force={slug}&id={grade.pk}")

    (correction,) = said["corrections"]
    assert (correction["on"], correction["reason"], correction["added"]) == ("2026-01-02", "Misread.", False)
    assert correction["before"] == {"level": "good"}


def test_no_word_of_change_rank_or_mean_is_given(client: Client) -> None:
    build(cycles=3, forces=2)

    names = {name for grade in follow(client, "grades/") for name in grade}

    assert not {
        name for name in names if any(w in name for w in ("rank", "average", "mean", "score", "change"))
    }


def test_figure_says_its_period_its_release_and_the_break_before_it(client: Client) -> None:
    metric = factories.metric(slug="recorded-crime")
    factories.series_break(metric=metric, at=date(2015, 4, 1))
    area = factories.area()
    for year in (2014, 2015, 2016):
        factories.observation(
            metric=metric,
            area=area,
            starts_on=date(year, 4, 1),
            ends_before=date(year + 1, 4, 1),
            value=Decimal("61.25"),
        )

    figures = ask(client, "observations/?metric=recorded-crime")["data"]

    assert [(f["last_day"], f["break_before"]) for f in figures] == [
        ("2015-03-31", False),
        ("2016-03-31", True),
        ("2017-03-31", False),
    ]
    assert "The counting rules changed." in figures[1]["break_reason"]
    assert (figures[0]["value"], figures[0]["period"]) == (61.25, "12 months to 31 March 2015")
    assert figures[0]["release"]["released"] == "2025-07-24"
    assert one(client, "metrics/")["breaks"][0]["on"] == "2015-04-01"


def test_break_of_another_area_does_not_concern_a_figure(client: Client) -> None:
    metric, area = factories.metric(), factories.area()
    factories.series_break(metric=metric, area=factories.area(), at=date(2024, 4, 1))
    factories.observation(metric=metric, area=area)

    assert one(client, "observations/")["break_before"] is False


def test_newest_release_is_shown_unless_every_one_is_asked_for(client: Client) -> None:
    metric, area = factories.metric(), factories.area()
    old = factories.release(released_on=date(2024, 7, 1))
    new = factories.release(released_on=date(2025, 7, 1))
    factories.observation(metric=metric, area=area, release=new, value=2)
    factories.observation(metric=metric, area=area, release=old, value=1)

    assert one(client, "observations/")["value"] == 2.0
    every = ask(client, "observations/?every_release=true")["data"]
    assert [(f["value"], f["newest"]) for f in every] == [(2.0, True), (1.0, False)]


@pytest.mark.parametrize("month", [4, 7])
def test_print_is_shown_only_where_no_release_gives_figures(client: Client, month: int) -> None:
    released = factories.observation(starts_on=date(2014, 4, 1), ends_before=date(2015, 4, 1))
    report = factories.report(inspection=factories.inspection(status="published"))
    factories.observation(
        metric=released.metric,
        area=released.area,
        starts_on=date(2014, month, 1),
        ends_before=date(2015, month, 1),
        report=report,
        basis="as-printed",
        block="force-in-numbers",
    )

    assert one(client, "observations/")["id"] == released.pk
    printed = ask(client, "observations/?every_release=true&basis=as-printed")["data"]
    assert [(f["newest"], f["printed_block"]) for f in printed] == [(False, "force-in-numbers")]
    assert printed[0]["printed_in"] == report.inspection.cycle.slug


def test_finding_names_the_day_of_its_source_as_far_as_it_is_known(client: Client) -> None:
    dated = factories.source(published_on=date(2016, 2, 1), published_on_precision="month")
    factories.finding(source=dated)
    factories.finding(source=factories.source(published_on=None))

    assert [f["source"]["published"] for f in ask(client, "findings/")["data"]] == ["2016-02", None]


def test_recommendation_ends_with_its_cause(client: Client) -> None:
    cause = factories.finding(kind="cause-of-concern")
    factories.finding(kind="recommendation", parent=cause, force=cause.force)
    factories.finding_event(finding=cause, actor="inspectorate", standing="closed")

    standing = {f["kind"]: (f["standing"], f["cause"]) for f in ask(client, "findings/")["data"]}

    assert standing == {"cause-of-concern": ("closed", ""), "recommendation": ("closed", cause.key)}


def test_response_is_held_against_the_56_days(client: Client) -> None:
    inspection = factories.inspection(status="published")
    report = factories.report(inspection=inspection, published_on=date(2022, 10, 14), date_confirmed=True)
    factories.response(report=report, published_on=date(2023, 1, 7))

    said = one(client, "responses/")

    assert (said["last_day"], said["day"]) == ("2022-12-08", 86)
    assert said["clock"].endswith("day 86 of 56") or "day 86 of 56" in said["clock"]


def test_statement_beside_a_response_does_not_say_that_there_is_none(client: Client) -> None:
    inspection = factories.inspection(status="published")
    report = factories.report(inspection=inspection, published_on=date(2022, 10, 14), date_confirmed=True)
    factories.response(report=report, published_on=date(2022, 11, 22))
    factories.response(report=report, published_on=date(2022, 10, 14), kind="statement")

    (said,) = (r for r in ask(client, "responses/")["data"] if r["kind"] == "statement")

    assert said["day"] is None
    assert said["clock"] == "Published on day 40 of 56; the last day was 8 December 2022."


def test_finding_before_any_report_is_found_by_the_cycle_that_it_names(client: Client) -> None:
    question = factories.question()
    factories.finding(inspection=None, question=question)
    factories.finding(inspection=factories.inspection(status="published"))

    said = one(client, f"findings/?cycle={question.cycle.slug}")

    assert (said["cycle"], said["question"]) == (question.cycle.slug, question.pk)


def test_change_is_told_in_words_and_with_its_digest(client: Client) -> None:
    entry = factories.change_log_entry(document={"file": "crime.ods", "added": "3"})

    said = one(client, "changes/")

    assert (said["number"], said["digest"], said["document"]) == (1, entry.digest, entry.document)
    assert said["headline"].endswith(".")


def test_what_is_not_public_is_in_no_list(client: Client) -> None:
    inspection = factories.inspection(status="draft")
    report = factories.report(inspection=inspection)
    factories.grade(inspection=inspection, question=factories.question(cycle=inspection.cycle))
    factories.finding(force=inspection.force, status="draft", published_at=None)
    factories.finding(inspection=inspection, question=None)
    factories.response(report=report)
    factories.observation(report=report, basis="as-printed", block="force-in-numbers", order=1)

    for name in ("grades", "findings", "responses", "observations"):
        assert ask(client, f"{name}/?")["data"] == [], name


# How lists are cut


def test_every_list_is_whole_in_pieces_of_one(client: Client) -> None:
    slug = build(cycles=2, forces=2)
    factories.change_log_entry(force=slug, document={"name": "One"})
    factories.change_log_entry(force=slug, document={"name": "Two"})

    for name in list_names():
        whole = ask(client, f"{name}/?limit=1000")
        assert whole["next"] is None
        assert whole["data"], name
        assert follow(client, f"{name}/?limit=1") == whole["data"], name


def test_what_is_added_meanwhile_repeats_and_skips_nothing(client: Client) -> None:
    for letter in "bdf":
        factories.force(slug=letter)
    first = ask(client, "forces/?limit=2&fields=slug")
    factories.force(slug="a")
    factories.force(slug="e")

    second = client.get(first["next"]).json()

    assert [f["slug"] for f in first["data"]] == ["b", "d"]
    assert [f["slug"] for f in second["data"]] == ["e", "f"]


def test_next_piece_is_named_in_the_header_too_and_keeps_the_filters(client: Client) -> None:
    build(cycles=2, forces=1)

    response = client.get("/api/v1/grades/?cycle=2014&limit=1&fields=id,cycle")

    onward = response.json()["next"]
    assert response.headers["Link"] == f'<{onward}>; rel="next"'
    assert "cycle=2014" in onward
    assert "fields=id,cycle" in onward
    assert set(client.get(onward).json()["data"][0]) == {"id", "cycle"}


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("grades/?cycle=2014", 6),
        ("grades/?cycle=2014,2015", 12),
        ("grades/?theme={theme}", 8),
        ("grades/?grade=good", 12),
        ("grades/?grade=inadequate", 0),
        ("grades/?state=graded&cycle=2015", 6),
        ("grades/?checked=true", 12),
        ("grades/?checked=false", 0),
        ("questions/?cycle=2014", 4),
        ("questions/?theme={theme}", 6),
        ("findings/?kind=cause-of-concern", 4),
        ("findings/?cycle=2014", 4),
        ("observations/?area=england-and-wales", 10),
        ("observations/?ends_from=2023-03-31&ends_to=2023-03-31&area=england-and-wales", 1),
        ("observations/?ends_to=9999-12-31&area=england-and-wales", 10),
        ("observations/?ends_from=0001-01-01&area=england-and-wales", 10),
        ("observations/?basis=as-printed", 4),
        ("forces/?nation=England", 2),
        ("forces/?nation=Wales", 0),
        ("changes/?since=2100-01-01", 0),
    ],
)
def test_filter_keeps_what_it_names(client: Client, address: str, count: int) -> None:
    build(cycles=2, forces=2)
    theme = Grade.objects.exclude(question__theme=None).values_list("question__theme__slug", flat=True)[0]

    assert len(ask(client, address.format(theme=theme))["data"]) == count


# What it costs

QUERIES = {
    "forces/": 2,
    "cycles/": 2,
    "themes/": 2,
    "questions/?cycle=2014": 3,
    "grades/?force={force}&cycle=2014&theme={theme}": 4,
    "findings/?force={force}": 4,
    "responses/?force={force}": 3,
    "metrics/": 3,
    "observations/?force={force}&metric=recorded-crime": 4,
    "changes/?force={force}": 4,
    "": 1,
    "openapi.json": 1,
}


@pytest.mark.parametrize(("cycles", "forces"), [(1, 1), (4, 6)])
def test_lists_ask_a_fixed_number_of_questions_at_any_piece(client: Client, cycles: int, forces: int) -> None:
    slug = build(cycles=cycles, forces=forces)
    theme = Grade.objects.exclude(question__theme=None).values_list("question__theme__slug", flat=True)[0]
    factories.change_log_entry(force=slug, document={"name": "One"})
    factories.change_log_entry(force=slug, document={"name": "Two"})

    asked = {}
    for address in QUERIES:
        join = "&" if "?" in address else "?"
        onward = f"/api/v1/{address.format(force=slug, theme=theme)}"
        counted = set()
        onward = f"{onward}{join}limit=2" if address not in ("", "openapi.json") else onward
        while onward:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(onward)
            assert answer.status_code == 200, onward
            counted.add(len(queries))
            onward = answer.json().get("next")
        (asked[address],) = counted

    assert asked == QUERIES
    assert max(QUERIES.values()) <= 4
