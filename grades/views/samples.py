"""Every component in every state, for the style guide. The forces and figures are made up and say so."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from grades import charts, words
from grades.charts.tiles import tiles
from grades.dates import PartialDate
from grades.forms import FindForm
from grades.history import (
    Amendment,
    CycleFacts,
    ForceHistory,
    Framework,
    GradePoint,
    PillarFacts,
    QuestionFacts,
    SourceFacts,
    ThemeFacts,
    build_history,
)
from grades.scales import Basis, CellState, Level, ObservationStatus, Relation, SourceKind
from grades.series import MetricFacts, MetricSeries, Observation, ReleaseFacts, Series, SeriesBreak


def style_samples() -> dict[str, Any]:
    """Give the style guide its samples."""
    history = sample_history()
    figures = sample_series()
    pictures = [
        (_("Picture: grade history"), charts.grade_history(history=history)),
        *((name, charts.trend(series=series)) for name, series in figures.items()),
    ]
    return {
        "find": FindForm(),
        "levels": list(Level),
        "states": list(CellState),
        "history": history,
        "labels": words.cycle_labels(history.cycles),
        "points": [p for row in history.themes for cell in row.cells for p in cell.points],
        "charts": pictures,
        "tiles": tiles(figures.values()),
        "ignored": ("mars",),
    }


def sample_series() -> Mapping[str, MetricSeries]:
    """Make up one trend for each thing that can happen to a series."""
    years = range(2016, 2027)
    plain = {year: Decimal(60 + (year * 7) % 13) for year in years}
    return {
        _("Picture: trend"): _trend(plain),
        _("Picture: trend, a missing year and a new way of counting"): _trend(
            {year: value for year, value in plain.items() if year != 2019},
            breaks=(
                SeriesBreak(
                    at=date(2022, 4, 1), label=_("Recount"), reason=_("The rules of counting changed")
                ),
            ),
        ),
        _("Picture: trend, provisional at the end"): _trend(plain, provisional=2025),
        _("Picture: trend, one value"): _trend({2026: Decimal("62.6")}),
        _("Picture: trend, all equal"): _trend(dict.fromkeys(years, Decimal(5))),
        _("Picture: trend, a huge outlier"): _trend({**plain, 2021: Decimal(5400)}),
        _("Picture: trend, below nothing"): _trend({year: value - 66 for year, value in plain.items()}),
    }


def _trend(
    values: Mapping[int, Decimal], *, breaks: tuple[SeriesBreak, ...] = (), provisional: int = 9999
) -> MetricSeries:
    """Make a yearly series of made-up values, and a comparator a fifth higher."""
    release = ReleaseFacts(
        dataset=_("A made-up data set"), publisher=_("Nobody"), edition=_("for illustration")
    )

    def line(factor: Decimal) -> tuple[Observation, ...]:
        return tuple(
            Observation(
                starts_on=date(year - 1, 4, 1),
                ends_before=date(year, 4, 1),
                value=(value * factor).quantize(Decimal("0.1")),
                release=release,
                basis=Basis.PUBLISHED,
                status=ObservationStatus.PROVISIONAL if year >= provisional else ObservationStatus.FINAL,
            )
            for year, value in sorted(values.items())
        )

    metric = MetricFacts(
        slug="made-up",
        label=_("Made-up crimes"),
        unit=_("per 1,000 people"),
        multiplier=1000,
        denominator="people",
        period_kind="12-months",
        direction="neither",
        decimals=1,
        definition=_("A figure that was made up to show this picture."),
        caveat=_("It means nothing."),
    )
    return MetricSeries(
        metric=metric,
        force=Series(area="example", name=_("Example"), observations=line(Decimal(1))),
        comparator=Series(
            area="england-and-wales", name=_("England and Wales"), observations=line(Decimal("1.2"))
        ),
        breaks=breaks,
    )


def sample_history() -> ForceHistory:
    """Make up one force's history with every state in it."""
    cycles = (
        CycleFacts(slug="2016", label="2016", order=1, tiers=4, band="B", inspectorate="HMIC"),
        CycleFacts(slug="2017", label="2017", order=2, tiers=4, band="B", inspectorate="HMICFRS"),
        CycleFacts(
            slug="2021-22",
            label="2021/22",
            order=3,
            tiers=5,
            band="C",
            inspectorate="HMICFRS",
            break_reason="Five grades in place of four, on new questions",
        ),
        CycleFacts(
            slug="2025-27",
            label="2025–27",
            order=4,
            tiers=5,
            band="E",
            inspectorate="HMICFRS",
            questions_complete=False,
            break_reason="A new framework",
            break_presumed=True,
        ),
    )
    themes = tuple(
        ThemeFacts(slug=slug, title=title)
        for slug, title in (
            ("first", "A theme graded throughout"),
            ("second", "A theme with two questions"),
            ("third", "States without a grade"),
            ("fourth", "Covered within another question"),
        )
    )
    keys = iter(range(1, 100))

    def ask(cycle: str, theme: str | None, title: str, **more: Any) -> QuestionFacts:
        values: dict[str, Any] = {"graded": "graded", "number": "1", "pillar": None, **more}
        return QuestionFacts(
            key=next(keys), cycle=cycle, theme=theme, title=title, short_title=title, **values
        )

    first = ask("2016", "first", "Preventing crime", also_covers=("fourth",))
    again = ask("2017", "first", "Preventing crime")
    new = ask("2021-22", "first", "Preventing crime")
    one, two = ask("2016", "second", "Stop and search"), ask("2016", "second", "Fairness")
    carried = ask("2017", "second", "Fairness")
    disputed = ask("2021-22", "second", "Fairness")
    withheld, awaited = ask("2016", "third", "Withheld"), ask("2017", "third", "Awaited")
    ungraded = ask("2021-22", "third", "By design", graded="ungraded")
    pillar = ask("2016", None, "Effectiveness", pillar="effectiveness", number="0")
    inspectorate = SourceFacts(
        publisher="HMIC", title="A report", kind=SourceKind.INSPECTORATE, address="https://example.org/report"
    )
    press = SourceFacts(
        publisher="A newspaper",
        title="A news item",
        kind=SourceKind.PRESS,
        address="https://example.org/news",
    )
    other = SourceFacts(
        publisher="HMIC",
        title="A faulty page",
        kind=SourceKind.INSPECTORATE,
        address="https://example.org/faulty",
        level=Level.INADEQUATE,
        agrees=False,
    )

    def point(
        question: QuestionFacts, state: CellState, level: Level | None = None, **more: Any
    ) -> GradePoint:
        values: dict[str, Any] = {
            "sources": (inspectorate,),
            "published": PartialDate(date(2017, 3, 2)),
            **more,
        }
        return GradePoint(question=question, cycle=question.cycle, state=state, level=level, **values)

    points = (
        point(first, CellState.GRADED, Level.REQUIRES_IMPROVEMENT),
        point(again, CellState.GRADED, Level.GOOD),
        point(
            new,
            CellState.GRADED,
            Level.INADEQUATE,
            amendment=Amendment(
                on=date(2024, 8, 8), old=Level.ADEQUATE, reason="the figures behind it were wrong"
            ),
        ),
        point(one, CellState.GRADED, Level.OUTSTANDING),
        point(two, CellState.GRADED, Level.GOOD, sources=(press,)),
        point(carried, CellState.CARRIED_FORWARD, Level.GOOD, carried_from="2016"),
        point(disputed, CellState.GRADED, Level.ADEQUATE, sources=(inspectorate, other)),
        point(withheld, CellState.WITHHELD, withheld_reason="inspectors were not able to visit"),
        point(awaited, CellState.AWAITED),
        point(pillar, CellState.GRADED, Level.GOOD),
    )
    framework = Framework(
        cycles=cycles,
        themes=themes,
        pillars=(PillarFacts(slug="effectiveness", title="Effectiveness"),),
        questions=(first, again, new, one, two, carried, disputed, withheld, awaited, ungraded, pillar),
        links={(first.key, again.key): Relation.SAME.value},
    )
    return build_history(
        force="Example Constabulary",
        force_slug="warwickshire",
        framework=framework,
        points=points,
        pages=frozenset({"2016", "2017", "2021-22"}),
    )
