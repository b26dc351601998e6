"""The arithmetic of grades: what a force was given, when, and where grades must not be compared.

Pure: no database, clock, settings or pictures. `build_history` turns plain facts into a `ForceHistory`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from grades.dates import PartialDate
from grades.scales import GRADE_STATES, TIERS, CellState, Graded, Level, Relation, SourceKind, Wording


class Change(StrEnum):
    """How a grade stands to the one of the cycle before, where the two may be compared at all."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFacts:
    """One cycle. `break_reason` is set when grades before it cannot be compared with its own.

    `held` says whether the record has an inspection of any force in it.
    """

    slug: str
    label: str
    order: int
    tiers: int
    band: str
    inspectorate: str
    questions_complete: bool = True
    break_reason: str = ""
    break_address: str = ""
    break_presumed: bool = False
    held: bool = True
    published_text: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeFacts:
    """One theme; `slug` is its address."""

    slug: str
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarFacts:
    """One pillar."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts:
    """One question. `key` is unique in the record; `theme` is None for a pillar's own judgment."""

    key: int
    cycle: str
    pillar: str | None
    number: str
    title: str
    short_title: str
    graded: str
    wording: str = Wording.OFFICIAL
    applies_to: str = ""
    theme: str | None = None
    also_covers: tuple[str, ...] = ()
    address: str = ""
    order: int = 0

    @property
    def is_pillar_judgment(self) -> bool:
        """Say whether this is the pillar's own grade."""
        return self.theme is None

    @property
    def shown_title(self) -> str:
        """Give the title a reader sees: the short one while the wording is not confirmed."""
        return self.short_title if self.wording == Wording.UNCONFIRMED else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """One source of one grade, and what it states. `before_amendment` marks one that states the grade as it then was."""

    publisher: str
    title: str
    kind: str
    address: str = ""
    published: PartialDate | None = None
    states: str = ""
    level: Level | None = None
    agrees: bool = True
    before_amendment: bool = False
    locator: str = ""
    note: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change that the inspectorate itself made to a grade after publication."""

    on: date
    old: Level
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """A change that this record made to something public, or a record that it added later.

    `before` holds the columns that changed as plain text, by name; it is empty where a missing record was added.
    """

    on: date
    reason: str
    before: tuple[tuple[str, str | None], ...] = ()
    source: str = ""

    @property
    def added(self) -> bool:
        """Say whether the record was added, not changed."""
        return not self.before

    @property
    def grade_before(self) -> str:
        """Give the level that a grade had, or else its state; empty where neither changed."""
        was = dict(self.before)
        return was.get("level") or was.get("state") or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFacts:
    """What a policing body says beside a grade, in its own words."""

    body: str
    text: str
    dated: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePoint:
    """What the record says on one question of one inspection. Absence is a named state, never None.

    `unsettled` marks a grade that was either judged afresh or carried forward: the sources do not say which.
    """

    question: QuestionFacts
    cycle: str
    state: CellState
    level: Level | None = None
    carried_from: str | None = None
    withheld_reason: str = ""
    amendment: Amendment | None = None
    corrections: tuple[CorrectionFacts, ...] = ()
    comments: tuple[CommentFacts, ...] = ()
    summary: str = ""
    note: str = ""
    unsettled: bool = False
    published: PartialDate | None = None
    report_address: str = ""
    sources: tuple[SourceFacts, ...] = ()
    change: Change | None = None
    changed_from: Level | None = None
    changed_since: str | None = None

    def __post_init__(self) -> None:
        if (self.level is not None) != (self.state in GRADE_STATES):
            raise ValueError(
                f"{self.state} with grade {self.level}: only a graded or carried-forward point has a grade"
            )

    @property
    def recorded(self) -> bool:
        """Say whether the record holds something for this question, graded or not."""
        return self.state not in (CellState.NO_QUESTION, CellState.NOT_RECORDED)

    @property
    def afresh(self) -> bool:
        """Say whether inspectors gave the grade in this very cycle, as far as the sources settle it."""
        return self.state == CellState.GRADED and not self.unsettled

    @property
    def verified(self) -> bool:
        """Say whether the inspectorate's own words or an editor's check stand behind the grade."""
        return any(
            s.agrees and (s.kind == SourceKind.INSPECTORATE or s.checked_on is not None) for s in self.sources
        )

    @property
    def unchecked(self) -> bool:
        """Say whether the grade must be marked “not yet checked against the report”."""
        return self.level is not None and not self.verified

    @property
    def corrected(self) -> CorrectionFacts | None:
        """Give the newest correction of the grade here; None where there was none, or the record was only added late."""
        return next((c for c in reversed(self.corrections) if not c.added), None)

    @property
    def source_address(self) -> str:
        """Give the address of the first source that states this grade; empty where none has an address."""
        return next((s.address for s in self.sources if s.agrees and s.address), "")

    @property
    def disagreeing(self) -> tuple[SourceFacts, ...]:
        """Give the sources that state something else."""
        return tuple(s for s in self.sources if not s.agrees and not s.before_amendment)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCell:
    """One theme (or pillar) in one cycle: every question on it, and what covers it where no question is its own."""

    cycle: CycleFacts
    state: CellState
    points: tuple[GradePoint, ...] = ()
    covered_by: tuple[str, ...] = ()
    has_page: bool = False

    @property
    def shown(self) -> tuple[GradePoint, ...]:
        """Give the points worth showing one by one: those that are recorded and could carry a grade."""
        return tuple(p for p in self.points if p.recorded and p.state != CellState.UNGRADED_BY_DESIGN)

    @property
    def unrecorded(self) -> int:
        """Count the questions that the record lacks."""
        return sum(p.state == CellState.NOT_RECORDED for p in self.points)

    @property
    def ungraded(self) -> int:
        """Count the questions that carry no grade by design."""
        return sum(p.state == CellState.UNGRADED_BY_DESIGN for p in self.points)

    def repeated_in(self, later: "HistoryCell") -> bool:
        """Say whether a later cell says the same without any grade, and no break lies between the two."""
        same = (self.state, self.covered_by, bool(self.points)) == (
            later.state,
            later.covered_by,
            bool(later.points),
        )
        return same and not self.shown and not later.shown and not broken(self.cycle, later.cycle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A cell in its row. `parted` says that a break lies before it.

    On a narrow page it speaks for all cycles from `since` on (None: for its own alone), or is `hidden` as a later one does.
    """

    cell: HistoryCell
    parted: bool
    since: CycleFacts | None
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One theme or pillar across all cycles; `cells` has one entry per cycle, in the order of the cycles."""

    slug: str
    title: str
    summary: str
    cells: tuple[HistoryCell, ...]

    @property
    def empty(self) -> bool:
        """Say whether no cycle holds anything for this row."""
        return not any(cell.shown for cell in self.cells)

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Give the cells with the breaks between them, and the runs that say the same without a grade, such as “no question”."""
        folds: list[Fold] = []
        since: CycleFacts | None = None
        for before, cell, later in zip(
            (None, *self.cells), self.cells, (*self.cells[1:], None), strict=False
        ):
            parted = before is not None and broken(before.cycle, cell.cycle)
            hidden = later is not None and cell.repeated_in(later)
            folds.append(Fold(cell=cell, parted=parted, since=since, hidden=hidden))
            since = (since or cell.cycle) if hidden else None
        return tuple(folds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceHistory:
    """Every grade of one force: themes down, cycles across, and the pillars' own grades apart.

    `later` is a newer cycle of which a report is known but no grade is held, with the day of the report.
    """

    force: str
    force_slug: str
    cycles: tuple[CycleFacts, ...]
    themes: tuple[HistoryRow, ...]
    pillars: tuple[HistoryRow, ...]
    later: tuple[CycleFacts, PartialDate | None] | None = None

    @property
    def drawable(self) -> bool:
        """Say whether there is a theme and a cycle to draw; a record that has only begun may lack either."""
        return bool(self.themes and self.cycles)

    @property
    def breaks(self) -> tuple[CycleFacts, ...]:
        """Give the cycles before which grades cannot be compared."""
        return breaks_among(self.cycles)

    @property
    def pillar_history(self) -> "ForceHistory":
        """Give the same history cut to the cycles in which a pillar had a grade of its own."""
        kept = [i for i in range(len(self.cycles)) if any(row.cells[i].points for row in self.pillars)]
        rows = tuple(replace(row, cells=tuple(row.cells[i] for i in kept)) for row in self.pillars)
        return replace(self, cycles=tuple(self.cycles[i] for i in kept), themes=(), pillars=rows)

    @property
    def newest(self) -> CycleFacts | None:
        """Give the newest cycle with a graded point, if any."""
        for index in range(len(self.cycles) - 1, -1, -1):
            if any(point.level for row in self.themes for point in row.cells[index].points):
                return self.cycles[index]
        return None

    @property
    def newest_points(self) -> tuple[GradePoint, ...]:
        """Give the points of the newest cycle with a grade, in the order of the themes."""
        return self.points_in(self.newest.slug) if self.newest else ()

    def points_in(self, cycle: str) -> tuple[GradePoint, ...]:
        """Give the points of the themes in one cycle, in the order of the themes."""
        return tuple(
            p for row in self.themes for cell in row.cells if cell.cycle.slug == cycle for p in cell.points
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The inspectorate's framework as plain facts; `links` maps (earlier key, later key) to their relation."""

    cycles: tuple[CycleFacts, ...]
    themes: tuple[ThemeFacts, ...]
    pillars: tuple[PillarFacts, ...]
    questions: tuple[QuestionFacts, ...]
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def held(self) -> "Framework":
        """Give the framework cut to the cycles of which the record has an inspection of any force."""
        cycles = tuple(cycle for cycle in self.cycles if cycle.held)
        slugs = {cycle.slug for cycle in cycles}
        return replace(self, cycles=cycles, questions=tuple(q for q in self.questions if q.cycle in slugs))

    def on_theme(self, theme: str) -> tuple[QuestionFacts, ...]:
        """Give the questions whose main theme this is, oldest cycle first."""
        return tuple(q for q in self.questions if q.theme == theme)

    def cycle(self, slug: str) -> CycleFacts:
        """Give one cycle by its slug."""
        return next(cycle for cycle in self.cycles if cycle.slug == slug)


def broken(earlier: CycleFacts, later: CycleFacts) -> bool:
    """Say whether a break in comparability lies between two cycles."""
    return earlier.band != later.band


def breaks_among(cycles: Sequence[CycleFacts]) -> tuple[CycleFacts, ...]:
    """Give those of the cycles, oldest first, that cannot be compared with the one before."""
    return tuple(later for earlier, later in pairwise(cycles) if broken(earlier, later))


def change_between(
    *, earlier: GradePoint, later: GradePoint, cycles: Mapping[str, CycleFacts], relation: str | None
) -> Change | None:
    """Say how a grade changed, or None where no word of change is allowed.

    Allowed only within one continuity band, along a link called `same`, between two grades that were both given
    afresh. A carried-forward grade is no new judgment, so it neither counts as a change nor is one measured from it.
    """
    before, after = cycles[earlier.cycle], cycles[later.cycle]
    if relation != Relation.SAME or before.order >= after.order:
        return None
    if broken(before, after) or before.tiers != after.tiers:
        return None
    if earlier.level is None or later.level is None or not (earlier.afresh and later.afresh):
        return None
    scale = TIERS[after.tiers]
    step = scale.index(earlier.level) - scale.index(later.level)
    return Change.UP if step > 0 else Change.DOWN if step < 0 else Change.SAME


def with_changes(points: Iterable[GradePoint], framework: Framework) -> tuple[GradePoint, ...]:
    """Give the same points, each with its change since the question it follows, where that may be said."""
    points = tuple(points)
    cycles = {cycle.slug: cycle for cycle in framework.cycles}
    by_question = {point.question.key: point for point in points}
    before: dict[int, int] = {
        later: earlier for (earlier, later), relation in framework.links.items() if relation == Relation.SAME
    }

    def changed(point: GradePoint) -> GradePoint:
        earlier = by_question.get(before.get(point.question.key, 0))
        if earlier is None:
            return point
        change = change_between(earlier=earlier, later=point, cycles=cycles, relation=Relation.SAME)
        if change is None:
            return point
        return replace(point, change=change, changed_from=earlier.level, changed_since=earlier.cycle)

    return tuple(changed(point) for point in points)


def missing_point(question: QuestionFacts) -> GradePoint:
    """Give the point of a question for which no grade is stored: ungraded by the framework, or our gap."""
    state = CellState.UNGRADED_BY_DESIGN if question.graded == Graded.UNGRADED else CellState.NOT_RECORDED
    return GradePoint(question=question, cycle=question.cycle, state=state)


def _cell(
    cycle: CycleFacts, points: Sequence[GradePoint], covered_by: Sequence[str], *, has_page: bool
) -> HistoryCell:
    """Sum the questions of one theme and cycle up into one named state."""
    states = [point.state for point in points]
    if not points:
        state = CellState.NO_QUESTION if cycle.questions_complete else CellState.NOT_RECORDED
    else:
        gradable = [s for s in states if s != CellState.UNGRADED_BY_DESIGN]
        recorded = [s for s in gradable if s != CellState.NOT_RECORDED]
        state = (recorded or gradable or states)[0]
    return HistoryCell(
        cycle=cycle, state=state, points=tuple(points), covered_by=tuple(covered_by), has_page=has_page
    )


def build_history(
    *,
    force: str,
    force_slug: str,
    framework: Framework,
    points: Iterable[GradePoint],
    pages: frozenset[str] = frozenset(),
) -> ForceHistory:
    """Lay a force's grades out: themes down, cycles across, every cell with a named state.

    `points` are the stored grades; what the framework lacks or the record has not got is derived here.
    `pages` names the cycles (by slug) for which the force has an inspection page.
    """
    stored = {point.question.key: point for point in with_changes(points, framework)}

    def row(
        slug: str, title: str, summary: str, own: Sequence[QuestionFacts], side: Sequence[QuestionFacts]
    ) -> HistoryRow:
        cells = []
        for cycle in framework.cycles:
            asked = [stored.get(q.key) or missing_point(q) for q in own if q.cycle == cycle.slug]
            covered = [q.short_title for q in side if q.cycle == cycle.slug] if not asked else []
            cells.append(_cell(cycle, asked, covered, has_page=cycle.slug in pages))
        return HistoryRow(slug=slug, title=title, summary=summary, cells=tuple(cells))

    judgments = [q for q in framework.questions if q.is_pillar_judgment]
    return ForceHistory(
        force=force,
        force_slug=force_slug,
        cycles=framework.cycles,
        themes=tuple(
            row(
                theme.slug,
                theme.title,
                theme.summary,
                [q for q in framework.questions if q.theme == theme.slug],
                [q for q in framework.questions if theme.slug in q.also_covers],
            )
            for theme in framework.themes
        ),
        pillars=tuple(
            row(pillar.slug, pillar.title, "", own, [])
            for pillar in framework.pillars
            if (own := [q for q in judgments if q.pillar == pillar.slug])
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What is recorded of one inspection. `expected` counts the questions graded for every force, `missing` the gaps
    among them; questions that are graded for some forces only count when they are recorded."""

    cycle: CycleFacts
    levels: Mapping[Level, int]
    others: Mapping[CellState, int]
    carried: int
    unchecked: int
    expected: int
    missing: int

    @property
    def graded(self) -> int:
        """Count the grades."""
        return sum(self.levels.values())

    @property
    def scant(self) -> bool:
        """Say whether so little is held that its grades must not speak for the inspection: under two thirds."""
        return self.missing * 3 > self.expected


def tally(*, cycle: CycleFacts, points: Iterable[GradePoint]) -> Tally:
    """Count what is recorded of one inspection, question by question; pillars' own judgments are not counted."""
    asked = [point for point in points if not point.question.is_pillar_judgment]
    firm = [point for point in asked if point.question.graded == Graded.GRADED]
    quiet = (CellState.NOT_RECORDED, CellState.UNGRADED_BY_DESIGN)
    return Tally(
        cycle=cycle,
        levels=Counter(point.level for point in asked if point.level is not None),
        others=Counter(p.state for p in asked if p.level is None and p.state not in quiet),
        carried=sum(point.state == CellState.CARRIED_FORWARD for point in asked),
        unchecked=sum(point.unchecked for point in asked),
        expected=len(firm),
        missing=sum(point.state == CellState.NOT_RECORDED for point in firm),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be chosen for a comparison: a force, a theme or a metric."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything that can be compared. `renamed` gives today's slug of a force for each that it had before."""

    forces: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    renamed: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many forces have each grade on one question. `missing` counts the forces the record lacks; never left out."""

    question: QuestionFacts
    counts: Mapping[Level, int]
    other: Mapping[CellState, int]
    total: int

    @property
    def graded(self) -> int:
        """Count the forces with a grade."""
        return sum(self.counts.values())

    @property
    def withheld(self) -> int:
        """Count the forces recorded without a grade, whatever the reason."""
        return sum(self.other.values())

    @property
    def missing(self) -> int:
        """Count the forces for which nothing is recorded."""
        return self.total - self.graded - self.withheld


def spread(*, question: QuestionFacts, points: Iterable[GradePoint], tiers: int, total: int) -> Spread:
    """Count the forces per grade of one question; `total` is the number of forces inspected in a cycle (43)."""
    relevant = [p for p in points if p.question.key == question.key]
    counts = Counter(p.level for p in relevant if p.level is not None)
    other: Counter[CellState] = Counter(
        p.state for p in relevant if p.level is None and p.state != CellState.NOT_RECORDED
    )
    return Spread(
        question=question,
        counts={level: counts.get(level, 0) for level in TIERS[tiers]},
        other=dict(other),
        total=total,
    )
