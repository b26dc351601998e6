"""Print what an editor must look at. Never repairs anything."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.models import Force
from grades.queries import near_names, quality
from grades.queries.quality import Cell, ControlTotal, CycleGaps, Quality, ReportFacts
from grades.queries.quality_figures import JUMP
from grades.scales import Level, ReportKind, SourceKind
from grades.words import grade_in_sentence, grade_word, number, partial_date, percent_change, period

Lines = Iterator[str]
Section = tuple[str, str, int, Lines]
"""Its kind, what it lists, how many there are, and the lines."""

MANY = 30
"""From so many forces on, those that are not meant are named instead."""


class Command(BaseCommand):
    """Parse arguments, print the report, set the exit code."""

    help = (
        "List gaps, disagreements, unchecked grades, incomplete reports and figures that do not add up."
        " Ends with 1 where something is wrong. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one force, and whether warnings count."""
        parser.add_argument("--force", default="", metavar="SLUG", help="one force, such as warwickshire")
        parser.add_argument("--fail-on-warnings", action="store_true", help="end with 1 on warnings too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every section, then how much was found."""
        slug: str = options["force"]
        names = dict(Force.objects.order_by("short_name").values_list("slug", "short_name"))
        if slug and slug not in names:
            near = ", ".join(found.slug for found in near_names(asked=slug))
            ending = _(" Did you mean: %(names)s?") % {"names": near} if near else ""
            raise CommandError(_("There is no force “%(slug)s”.") % {"slug": slug} + ending)
        found = quality(force=slug)
        everyone = [names[slug]] if slug else list(names.values())
        for kind, title, count, lines in [*errors(found), *warnings(found), *gaps(found, everyone)]:
            mark = kind if count else _("none")
            self.stdout.write(f"\n{mark}: {title}: {number(count)}", self.style.MIGRATE_HEADING)
            for line in lines:
                self.stdout.write(f"  {line}")
        self.stdout.write("")
        summary = _("%(errors)s, %(warnings)s, %(gaps)s") % {
            "errors": ngettext("%(n)d error", "%(n)d errors", found.errors) % {"n": found.errors},
            "warnings": ngettext("%(n)d warning", "%(n)d warnings", found.warnings) % {"n": found.warnings},
            "gaps": ngettext("%(n)d gap", "%(n)d gaps", found.missing) % {"n": found.missing},
        }
        if found.errors or (options["fail_on_warnings"] and found.warnings):
            raise CommandError(summary)
        self.stdout.write(summary)


def errors(found: Quality) -> Iterator[Section]:
    """Give the sections of what must not be."""
    cells = found.without_citation
    yield _("error"), _("grades without any source"), len(cells), cell_lines(cells)
    if found.whole:
        wrong = sum(not total.agrees for total in found.control_totals)
        title = _("published totals that the record does not have")
        yield _("error"), title, wrong, control_lines(found.control_totals)
    title = _("rates that are not their numerator over their denominator, of %(count)s worked out here")
    shown = {"count": number(found.figures.rates)}
    yield _("error"), title % shown, len(found.figures.wrong_rates), rate_lines(found)


def warnings(found: Quality) -> Iterator[Section]:
    """Give the sections of what an editor should look at."""
    figures = found.figures
    for title, some, lines in (
        (_("grades on which sources disagree"), found.disputes, dispute_lines(found)),
        (
            _("grades known from the press or from forces and policing bodies only"),
            found.unchecked,
            unchecked_lines(found),
        ),
        (
            _("grades carried forward from a cycle that is not known"),
            found.unknown_origin,
            cell_lines(found.unknown_origin),
        ),
        (
            _("inadequate on the five-tier scale, with no cause of concern recorded"),
            found.without_concern,
            cell_lines(found.without_concern),
        ),
        (_("reports without a date"), found.undated_reports, report_lines(found.undated_reports)),
        (
            _("reports whose date does not come from the inspectorate"),
            found.unconfirmed_reports,
            report_lines(found.unconfirmed_reports),
        ),
        (
            _("reports without an address"),
            found.reports_without_address,
            report_lines(found.reports_without_address),
        ),
        (
            _("sources without an address"),
            found.sources_without_address,
            iter(found.sources_without_address),
        ),
        (
            _("rates that changed by more than %(percent)d%% in a year") % {"percent": JUMP},
            figures.jumps,
            jump_lines(found),
        ),
    ):
        yield _("warning"), title, len(some), lines
    if found.whole:
        title = _(
            "counts of England and Wales that are not the sum of the forces, of %(count)s held for both"
        )
        shown = {"count": number(sum(not total.lacking for total in figures.totals))}
        yield _("warning"), title % shown, len(figures.wrong_totals), total_lines(found)


def gaps(found: Quality, forces: list[str]) -> Iterator[Section]:
    """Give a section for each cycle."""
    for gap in found.gaps:
        shown = {"cycle": gap.cycle, "asked": number(gap.asked)}
        if gap.complete:
            title = _("%(cycle)s: not recorded, of %(asked)s cells graded for every force") % shown
            yield _("gap"), title, gap.missing, gap_lines(gap, forces)
        else:
            title = _("%(cycle)s, of which not all questions are known: forces with nothing recorded") % shown
            yield _("gap"), title, len(gap.forces), gap_lines(gap, forces)


def cell_lines(cells: Iterable[Cell]) -> Lines:
    """List cells."""
    return map(cell_line, cells)


def cell_line(cell: Cell) -> str:
    """Name one cell and its grade."""
    line = f"{cell.force} {cell.cycle}, {cell.question}"
    return f"{line}: {grade_word(cell.level)}" if cell.level else line


def control_lines(totals: Iterable[ControlTotal]) -> Lines:
    """Say what was published and what is recorded, agreeing or not."""
    for total in totals:
        shown = {
            "cycle": total.cycle,
            "pillar": total.pillar,
            "expected": counts(total.expected),
            "found": counts(total.found),
        }
        if total.agrees:
            yield _("%(cycle)s %(pillar)s: %(expected)s, as published") % shown
        else:
            yield _("%(cycle)s %(pillar)s: published %(expected)s; recorded here %(found)s") % shown


def counts(levels: Mapping[Level, int]) -> str:
    """Count forces per grade, best first."""
    said = [f"{levels[level]} {grade_in_sentence(level)}" for level in Level if levels.get(level)]
    return ", ".join(said) or _("none")


def rate_lines(found: Quality) -> Lines:
    """Say what each wrong rate should be, and how many cannot be worked out again."""
    for wrong in found.figures.wrong_rates:
        figure = wrong.figure
        yield _("%(figure)s: %(value)s recorded, %(worked_out)s worked out") % {
            "figure": figure_name(figure.area_name, figure.metric.slug, figure.observation),
            "value": figure.observation.value,
            "worked_out": wrong.worked_out,
        }
    unknown = found.figures.derived - found.figures.rates
    if unknown:
        yield _("not looked at: %(count)s worked out here, but held without both numbers") % {
            "count": number(unknown)
        }


def figure_name(area: str, metric: str, observation: Any) -> str:
    """Name a figure."""
    return f"{area}, {metric}, {period(observation.starts_on, observation.ends_before)}"


def dispute_lines(found: Quality) -> Lines:
    """Say what the record has, and beneath it what each source states."""
    for dispute in found.disputes:
        yield cell_line(dispute.cell)
        for stated in dispute.stated:
            yield f"  {grade_word(stated.level) if stated.level else '–'}: {stated.publisher}, {stated.source}"


def unchecked_lines(found: Quality) -> Lines:
    """List the grades that would harm a force most one by one, first those on one page; count the others."""
    grave = [line for line in found.unchecked if line.cell.grave]
    alone = [line for line in grave if line.pages == 1]
    shown = {"grave": number(len(grave)), "alone": number(len(alone))}
    yield _("%(grave)s are requires improvement or inadequate, %(alone)s of them on one page alone:") % shown
    for line in grave:
        pages = ngettext("%(n)d page", "%(n)d pages", line.pages) % {"n": line.pages}
        kinds = " + ".join(str(SourceKind(kind).label).lower() for kind in line.kinds)
        yield f"{cell_line(line.cell)} ({pages}: {kinds})"
    others: dict[str, list[str]] = defaultdict(list)
    for line in found.unchecked:
        if not line.cell.grave:
            others[line.cell.cycle].append(line.cell.force)
    for cycle, names in sorted(others.items()):
        each = ", ".join(f"{name} {names.count(name)}" for name in sorted(set(names)))
        yield _("%(cycle)s, %(count)d better grades: %(each)s") % {
            "cycle": cycle,
            "count": len(names),
            "each": each,
        }


def report_lines(reports: Iterable[ReportFacts]) -> Lines:
    """Gather reports by cycle and kind; a date that is known stands beside its force."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for report in reports:
        date = f" ({partial_date(report.published)})" if report.published else ""
        groups[report.cycle, str(ReportKind(report.kind).label)].append(f"{report.force}{date}")
    for (cycle, kind), names in groups.items():
        yield f"{cycle}, {kind}: {', '.join(names)}"


def total_lines(found: Quality) -> Lines:
    """Say by how much each total differs, and what could not be added up."""
    for total in found.figures.totals:
        shown = {
            "figure": figure_name("England and Wales", total.metric.slug, total.observation),
            "value": number(total.observation.value, total.metric.decimals),
            "summed": number(total.summed, total.metric.decimals),
            "lacking": total.lacking,
        }
        if total.lacking:
            yield _("%(figure)s: not added up, %(lacking)d forces have no figure") % shown
        elif not total.agrees:
            yield _("%(figure)s: %(value)s, but the forces add up to %(summed)s") % shown


def jump_lines(found: Quality) -> Lines:
    """Give each jump with its two values, the largest first."""
    for jump in found.figures.jumps:
        figure, decimals = jump.figure, jump.figure.metric.decimals
        line = _("%(figure)s: %(earlier)s → %(later)s (%(change)s)") % {
            "figure": figure_name(figure.area_name, figure.metric.slug, figure.observation),
            "earlier": number(jump.earlier.value, decimals),
            "later": number(figure.observation.value, decimals),
            "change": percent_change(jump.percent),
        }
        yield f"{line}. {figure.observation.note}" if figure.observation.note else line


def gap_lines(gap: CycleGaps, forces: list[str]) -> Lines:
    """Name the forces of which a cycle lacks everything, then what each question lacks of the others."""
    if gap.forces:
        yield _("nothing recorded: %(forces)s") % {"forces": named(gap.forces, forces)}
    for question in gap.questions:
        others = [name for name in forces if name not in gap.forces]
        whose = f" ({len(question.forces)}): {named(question.forces, others)}" if len(forces) > 1 else ""
        yield f"{question.question}{whose}"


def named(some: Iterable[str], among: list[str]) -> str:
    """Name forces, or those that are not meant where nearly all are."""
    meant = list(some)
    rest = [name for name in among if name not in meant]
    if len(among) == 1:
        return ", ".join(meant)
    if not rest:
        return _("all %(count)d") % {"count": len(meant)}
    if len(meant) < MANY:
        return ", ".join(meant)
    return _("all but %(forces)s") % {"forces": ", ".join(rest)}
