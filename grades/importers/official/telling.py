"""What a load does, and what was found when it was looked over, in words: for the command line and for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades.importers.official.comparing import Change
from grades.importers.official.facts import Cell
from grades.importers.official.writing import FigureChange

SHOWN = 40
"""Lines of each kind that are printed unless all are wanted."""

NONE = "–"

Names = Mapping[int, tuple[str, str]]
"""The slug and the name of each area, by its primary key."""


class Told(NamedTuple):
    """One line of what a load changes: whose figure or count, of what, for which span of days, and its two values."""

    area: str
    what: str
    starts_on: str
    ends_before: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.area}, {self.what}, {self.starts_on}: {self.old} → {self.new}"


def tell_count(change: Change, names: Names) -> Told:
    """Tell of a count."""
    name, period = change.line.name, change.period
    return Told(
        area_name(change.line.area, names),
        ", ".join(filter(None, [name.category, name.part])),
        period.starts_on.isoformat(),
        period.ends_before.isoformat(),
        cell_text(change.old),
        cell_text(change.new),
    )


def tell_figure(change: FigureChange, names: Names) -> Told:
    """Tell of a figure."""
    key = change.key
    return Told(
        area_name(key.area, names),
        key.metric,
        key.starts_on.isoformat(),
        key.ends_before.isoformat(),
        number_text(change.old),
        number_text(change.new),
    )


def area_name(area: int, names: Names) -> str:
    """Name an area."""
    return names.get(area, ("", str(area)))[1]


def cell_text(cell: Cell | None) -> str:
    """Write a count, or why there is none."""
    if cell is None:
        return NONE
    return cell.missing if cell.value is None else number_text(cell.value)


def number_text(value: Decimal | None) -> str:
    """Write a number without the noughts that its column adds."""
    return NONE if value is None else f"{value.normalize():f}"


def change_line(change: Change, names: Names) -> str:
    """Write a changed count."""
    told = tell_count(change, names)
    return f"{told.area}, {told.what}, {told.starts_on[:7]}: {told.old} → {told.new}"


def figure_line(change: FigureChange, names: Names) -> str:
    """Write a changed figure."""
    told = tell_figure(change, names)
    return f"{told.area}, {told.what}, {told.ends_before}: {told.old} → {told.new}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What was found of one sort: a title, a sentence for each thing, and how many of them a short list shows."""

    title: str
    lines: list[str]
    few: int = SHOWN

    @property
    def left(self) -> str:
        """Say how many sentences a short list leaves out; empty where it has all."""
        left = len(self.lines) - self.few
        if left <= 0:
            return ""
        return ngettext(
            "and %(count)d more, kept with the import", "and %(count)d more, kept with the import", left
        ) % {"count": left}


def found_sections(report: Mapping[str, Any], called: Mapping[str, str] | None = None) -> list[Section]:
    """Write what was found when a load was looked over; `called` names areas and metrics by their slugs."""
    known = called or {}

    def name(slug: str) -> str:
        return known.get(slug, slug)

    def names(slugs: list[str]) -> str:
        return ", ".join(name(slug) for slug in slugs)

    missing = report.get("forces_missing", [])
    sections = [
        Section(
            title=_("Forces without any count"),
            lines=[_("no counts of: %(forces)s") % {"forces": names(missing)}] if missing else [],
        ),
        Section(
            title=_("Spans that some forces lack"),
            lines=[
                _("from %(day)s on, no counts of: %(forces)s")
                % {"day": row["starts_on"], "forces": names(row["forces"]) or _("any force")}
                for row in report.get("periods_incomplete", [])
            ],
        ),
        Section(
            title=_("Cells without a number"),
            lines=[
                _("%(count)d cells without a number: %(why)s") % {"count": count, "why": why}
                for why, count in report.get("missing", {}).items()
            ],
        ),
        Section(
            title=_("Changes of more than a quarter within a year"),
            lines=[
                _("jump: %(area)s, %(metric)s, %(day)s: %(from)s → %(to)s (%(percent)s %%)")
                % {
                    **row,
                    "area": name(row["area"]),
                    "metric": name(row["metric"]),
                    "day": row["ends_before"],
                }
                for row in report.get("jumps", [])
            ],
            few=10,
        ),
        Section(
            title=_("Totals beside those published"),
            lines=[
                _(
                    "total, %(area)s, before %(ends_before)s: published %(published)s, here %(held)s, difference %(difference)s"
                )
                % {
                    "held": NONE,
                    "difference": NONE,
                    "ends_before": NONE,
                    **row,
                    "area": name(row["area"]),
                }
                for row in report.get("totals", [])
            ]
            + [
                _("people in %(year)s: printed %(printed)s, the forces add up to %(summed)s") % row
                for row in report.get("people_differ", [])
            ]
            + [
                _("groups, %(area)s: printed %(printed)s, they add up to %(summed)s") % row
                for row in report.get("totals_of_groups", [])
            ],
        ),
        Section(
            title=_("Rates beside those printed"),
            lines=[
                _("rate, %(area)s, %(metric)s: printed %(printed)s, worked out %(worked)s")
                % {**row, "area": name(row["area"]), "metric": name(row["metric"])}
                for row in report.get("rates", [])
            ]
            + [
                _("rate, %(area)s, %(column)s: printed %(printed)s, worked out %(worked)s") % row
                for row in report.get("rates_differ", [])
            ],
        ),
        Section(
            title=_("Breaks in the series"),
            lines=[
                _("break in the series: %(metric)s %(area)s %(at)s, %(label)s")
                % {**row, "area": name(row["area"]), "metric": name(row["metric"])}
                for row in report.get("breaks", [])
            ],
        ),
    ]
    return [section for section in sections if section.lines]
