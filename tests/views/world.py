"""A small record for counting queries: as many cycles and forces as wanted, each with something of every kind."""

from datetime import date

from grades.models import Cycle, Force, Question
from tests import factories
from tests.views.oracle import rows


def build(*, cycles: int, forces: int) -> str:
    """Make forces that were inspected in every cycle from 2014, with everything that pages show; name one of them."""
    pillar, theme = factories.pillar(), factories.theme()
    metric = factories.metric(slug="recorded-crime", tile=1)
    release, source = factories.release(), factories.source()
    nation = factories.area(slug="england-and-wales", name="England and Wales", kind="nation")
    factories.series_break(metric=metric)
    for year in range(2014, 2024):
        factories.observation(metric=metric, release=release, area=nation, **_twelve_months(year))
    made_forces = [factories.force(slug=row["slug"]) for row in rows("forces")[:forces]]
    for force in made_forces:
        factories.force_name(force=force)
        factories.council(force=force)
        factories.tenure(force=force)
        factories.monitoring_period(force=force, source=source)
        factories.mention(force=force)
        for year in range(2014, 2024):
            factories.observation(metric=metric, release=release, area=force.area, **_twelve_months(year))
    before: list[Question] = []
    for year in range(2014, 2014 + cycles):
        cycle = factories.cycle(
            slug=str(year), label=str(year), order=year, break_reason="The questions changed."
        )
        asked = [
            factories.question(cycle=cycle, pillar=pillar, theme=None, number="0", title="How effective?"),
            factories.question(cycle=cycle, pillar=pillar, theme=theme),
            factories.question(cycle=cycle, pillar=pillar, theme=theme),
            factories.question(cycle=cycle, theme=theme, graded="ungraded"),
        ]
        factories.grade_definition(cycle=cycle)
        for earlier, later in zip(before, asked, strict=False):
            factories.question_link(from_question=earlier, to_question=later)
        for force in made_forces:
            _inspect(force, cycle, asked[:3], date(year, 11, 27))
        before = asked
    return made_forces[0].slug


def _twelve_months(year: int) -> dict[str, date]:
    return {"starts_on": date(year, 4, 1), "ends_before": date(year + 1, 4, 1)}


def _inspect(force: Force, cycle: Cycle, asked: list[Question], published_on: date) -> None:
    inspection = factories.inspection(force=force, cycle=cycle, status="published")
    report = factories.report(inspection=inspection, published_on=published_on)
    factories.response(report=report)
    factories.mention(inspection=inspection)
    for question in asked:
        grade = factories.grade(inspection=inspection, question=question, report=report)
        factories.citation(grade=grade)
        factories.citation(grade=grade)
    cause = factories.finding(kind="cause-of-concern", inspection=inspection, question=asked[1])
    factories.finding(kind="recommendation", parent=cause, inspection=inspection)
    factories.finding_event(finding=cause)
    factories.observation(
        area=force.area,
        report=report,
        basis="as-printed",
        block="force-in-numbers",
        order=1,
        **_twelve_months(published_on.year),
    )
