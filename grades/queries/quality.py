"""What an editor must look at: gaps, disagreements, what is unchecked, what is incomplete, what does not add up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grades import models
from grades.dates import PartialDate
from grades.queries.quality_figures import FiguresChecked, check_figures
from grades.scales import FindingKind, Graded, Level, SourceKind

GRAVE = frozenset({Level.REQUIRES_IMPROVEMENT, Level.INADEQUATE})
"""Grades that would harm a force most if they were wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One question of one force in one cycle, and the grade recorded for it, if it has one."""

    force: str
    cycle: str
    question: str
    level: str = ""

    @property
    def grave(self) -> bool:
        """Say whether a mistake here would harm the force most."""
        return self.level in GRAVE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGap:
    """A question graded for every force, and the forces for which nothing is recorded on it."""

    question: str
    forces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleGaps:
    """What one cycle lacks: forces of which nothing is recorded, and questions that lack some of the other forces.

    `asked` counts the forces looked at times the questions graded for every force; `missing` those not recorded. Where
    the questions of the cycle are not all known, `complete` is False and there is more to miss.
    """

    cycle: str
    complete: bool
    asked: int
    missing: int
    forces: tuple[str, ...]
    questions: tuple[QuestionGap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one source says of a cell."""

    level: str
    publisher: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A cell of which a source states another grade than the record."""

    cell: Cell
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A grade known from the press or a policing body only: who says so, on how many pages."""

    cell: Cell
    kinds: tuple[SourceKind, ...]
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One report, for a list of what it lacks."""

    force: str
    cycle: str
    kind: str
    published: PartialDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """How many forces have each grade of a pillar, as the inspectorate published it, and as recorded here."""

    cycle: str
    pillar: str
    expected: Mapping[Level, int]
    found: Mapping[Level, int]

    @property
    def agrees(self) -> bool:
        """Say whether the record has the published number of every grade."""
        return Counter(self.expected) == Counter(self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Everything there is to say about the record's quality, or about one force's part of it."""

    gaps: tuple[CycleGaps, ...]
    disputes: tuple[Dispute, ...]
    unchecked: tuple[Unchecked, ...]
    unknown_origin: tuple[Cell, ...]
    without_citation: tuple[Cell, ...]
    without_concern: tuple[Cell, ...]
    undated_reports: tuple[ReportFacts, ...]
    unconfirmed_reports: tuple[ReportFacts, ...]
    reports_without_address: tuple[ReportFacts, ...]
    sources_without_address: tuple[str, ...]
    control_totals: tuple[ControlTotal, ...]
    figures: FiguresChecked
    whole: bool
    """Whether all forces were looked at; of one force there is nothing to add up."""

    @property
    def missing(self) -> int:
        """Count the cells that the record lacks."""
        return sum(gap.missing for gap in self.gaps)

    @property
    def errors(self) -> int:
        """Count what must not be: it would put something false, or something without a source, on a page."""
        wrong_totals = sum(not total.agrees for total in self.control_totals)
        return len(self.without_citation) + wrong_totals + len(self.figures.wrong_rates)

    @property
    def warnings(self) -> int:
        """Count what an editor should look at; gaps are counted apart."""
        found: tuple[tuple[object, ...], ...] = (
            self.disputes,
            self.unchecked,
            self.unknown_origin,
            self.without_concern,
            self.undated_reports,
            self.unconfirmed_reports,
            self.reports_without_address,
            self.sources_without_address,
            self.figures.wrong_totals,
            self.figures.jumps,
        )
        return sum(map(len, found))


PUBLISHED_TOTALS: Mapping[tuple[str, str], Mapping[Level, int]] = {
    ("2014", "efficiency"): {Level.OUTSTANDING: 5, Level.GOOD: 35, Level.REQUIRES_IMPROVEMENT: 3},
    ("2015", "effectiveness"): {Level.OUTSTANDING: 1, Level.GOOD: 24, Level.REQUIRES_IMPROVEMENT: 18},
    ("2016", "effectiveness"): {
        Level.OUTSTANDING: 1,
        Level.GOOD: 28,
        Level.REQUIRES_IMPROVEMENT: 13,
        Level.INADEQUATE: 1,
    },
    ("2016", "efficiency"): {Level.OUTSTANDING: 2, Level.GOOD: 33, Level.REQUIRES_IMPROVEMENT: 8},
}
"""How many forces the inspectorate said had each grade of a pillar, by cycle and pillar; where they are published is in
docs/data-sources.md."""


def quality(*, force: str = "") -> Quality:
    """Look the whole record over, or one force's part of it, in a number of queries that does not depend on its size."""
    forces = models.Force.objects.order_by("short_name")
    grades = models.Grade.objects.order_by(
        "inspection__cycle__order", "inspection__force__short_name", "question__order", "pk"
    )
    reports = models.Report.objects.order_by(
        "inspection__cycle__order", "inspection__force__short_name", "kind"
    )
    sources = models.Source.objects.filter(address="").order_by("key")
    if force:
        forces = forces.filter(slug=force)
        grades = grades.filter(inspection__force__slug=force)
        reports = reports.filter(inspection__force__slug=force)
        sources = sources.filter(citations__grade__inspection__force__slug=force).distinct()
    names = dict(forces.values_list("slug", "short_name"))
    rows = list(grades.select_related("inspection__force", "inspection__cycle", "question__pillar"))
    cells = {row.pk: _cell(row) for row in rows}
    cited = _citations(rows)

    def among(found: Iterable[models.Grade]) -> tuple[models.Grade, ...]:
        wanted = {grade.pk for grade in found}
        return tuple(row for row in rows if row.pk in wanted)

    listed = [(row, _report(row)) for row in reports.select_related("inspection__force", "inspection__cycle")]
    unchecked = [
        _unchecked(cells[row.pk], cited[row.pk]) for row in among(grades.unchecked()) if cited[row.pk]
    ]
    return Quality(
        gaps=_gaps(names, rows),
        disputes=tuple(
            Dispute(cell=cells[row.pk], stated=tuple(_stated(citation) for citation in cited[row.pk]))
            for row in among(grades.disputed())
        ),
        unchecked=tuple(sorted(unchecked, key=lambda found: (not found.cell.grave, found.pages))),
        unknown_origin=tuple(cells[row.pk] for row in among(grades.of_unknown_origin())),
        without_citation=tuple(cells[row.pk] for row in among(grades.without_source())),
        without_concern=_without_concern(rows, cells),
        undated_reports=tuple(report for row, report in listed if row.published_on is None),
        unconfirmed_reports=tuple(
            report for row, report in listed if row.published_on and not row.date_confirmed
        ),
        reports_without_address=tuple(report for row, report in listed if not row.address),
        sources_without_address=tuple(source.key for source in sources),
        control_totals=() if force else _control_totals(rows),
        figures=check_figures(force=force),
        whole=not force,
    )


def _place(question: models.Question) -> str:
    """Name a question so that an editor finds it: pillar, number, short title."""
    number = f"{question.pillar.slug} {question.number}" if question.pillar else question.number
    return f"{number}, {question.short_title}"


def _cell(grade: models.Grade) -> Cell:
    return Cell(
        force=grade.inspection.force.short_name,
        cycle=grade.inspection.cycle.label,
        question=_place(grade.question),
        level=grade.level,
    )


def _citations(rows: list[models.Grade]) -> Mapping[int, list[models.Citation]]:
    cited: dict[int, list[models.Citation]] = defaultdict(list)
    found = models.Citation.objects.filter(grade__in=[row.pk for row in rows]).select_related("source")
    for citation in found.order_by("pk"):
        if citation.grade_id is not None:
            cited[citation.grade_id].append(citation)
    return cited


def _stated(citation: models.Citation) -> Stated:
    source = citation.source
    return Stated(level=citation.level, publisher=source.publisher, source=source.address or source.title)


def _unchecked(cell: Cell, citations: list[models.Citation]) -> Unchecked:
    kinds = sorted({SourceKind(citation.source.kind) for citation in citations})
    return Unchecked(cell=cell, kinds=tuple(kinds), pages=len(citations))


def _report(report: models.Report) -> ReportFacts:
    inspection = report.inspection
    return ReportFacts(
        force=inspection.force.short_name,
        cycle=inspection.cycle.label,
        kind=report.kind,
        published=report.published,
    )


def _gaps(names: Mapping[str, str], rows: Iterable[models.Grade]) -> tuple[CycleGaps, ...]:
    """Hold what is recorded against what is graded for every force."""
    recorded: dict[int, set[str]] = defaultdict(set)
    seen: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        recorded[row.question_id].add(row.inspection.force.slug)
        seen[row.inspection.cycle_id].add(row.inspection.force.slug)
    asked: dict[int, list[models.Question]] = defaultdict(list)
    graded = models.Question.objects.filter(graded=Graded.GRADED).select_related("pillar")
    for question in graded.order_by("order", "pk"):
        asked[question.cycle_id].append(question)

    gaps = []
    for cycle in models.Cycle.objects.order_by("order"):
        present = {slug: name for slug, name in names.items() if slug in seen[cycle.pk]}
        absent = tuple(name for slug, name in names.items() if slug not in present)
        found = [
            QuestionGap(
                question=_place(question),
                forces=tuple(name for slug, name in present.items() if slug not in recorded[question.pk]),
            )
            for question in asked[cycle.pk]
        ]
        gaps.append(
            CycleGaps(
                cycle=cycle.label,
                complete=cycle.questions_complete,
                asked=len(found) * len(names),
                missing=len(found) * len(absent) + sum(len(gap.forces) for gap in found),
                forces=absent,
                questions=tuple(gap for gap in found if gap.forces),
            )
        )
    return tuple(gaps)


def _without_concern(rows: Iterable[models.Grade], cells: Mapping[int, Cell]) -> tuple[Cell, ...]:
    """Give the inadequate grades of the five-tier scale that no recorded cause of concern explains.

    On that scale inadequate means that there are causes of concern. One that is recorded under no question may be meant.
    """
    causes = models.Finding.objects.filter(kind=FindingKind.CAUSE_OF_CONCERN)
    known = set(causes.values_list("force_id", "question_id", "inspection_id"))
    by_question = {(force, question) for force, question, _inspection in known if question}
    loose = {inspection for _force, question, inspection in known if not question}
    return tuple(
        cells[row.pk]
        for row in rows
        if row.level == Level.INADEQUATE
        and row.inspection.cycle.tiers == 5
        and (row.inspection.force_id, row.question_id) not in by_question
        and row.inspection_id not in loose
    )


def _control_totals(rows: Iterable[models.Grade]) -> tuple[ControlTotal, ...]:
    found: dict[tuple[str, str], Counter[Level]] = defaultdict(Counter)
    for row in rows:
        pillar = row.question.pillar
        if row.level and pillar is not None and row.question.number == models.Question.PILLAR_NUMBER:
            found[row.inspection.cycle.slug, pillar.slug][Level(row.level)] += 1
    return tuple(
        ControlTotal(cycle=cycle, pillar=pillar, expected=expected, found=dict(found[cycle, pillar]))
        for (cycle, pillar), expected in PUBLISHED_TOTALS.items()
    )
