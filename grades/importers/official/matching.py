"""Which area a file means: by its code first, then by a spelling that is on record. Never by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from grades.importers.official.cells import without_notes
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Parsed, Place, Wishes
from grades.importers.official.template import SLUG
from grades.models import Area, Council, Force, ForceName, Metric
from grades.series import ENGLAND_AND_WALES

WITH_BTP = "england-and-wales-with-btp"
BTP = "british-transport-police"

BODIES: Mapping[str, str] = {
    "british transport police": BTP,
    "action fraud": "action-fraud",
    "cifas": "cifas",
    "uk finance": "uk-finance",
    "financial fraud action uk": "uk-finance",  # became UK Finance in July 2017; both stand in the file of 2017/18
}
"""Bodies without a territory, in small letters, with their areas. Their counts are kept and go into no force's figure."""

NATION_CODES = {"K04000001": WITH_BTP}
"""England and Wales in the tables of ONS, where British Transport Police is in it."""

NATION_NAMES = {
    "england and wales (inc. btp)": WITH_BTP,
    "england and wales (exc. btp)": ENGLAND_AND_WALES,
    "england and wales, as published": ENGLAND_AND_WALES,
}
"""Rows for England and Wales as the reader of the force area tables names them."""

NO_FORCE_CODES = ("E12", "E92", "W92", "E10", "E11")
"""Codes of regions, countries and counties."""

REGIONS = frozenset(
    {
        *("north east", "north west", "yorkshire and the humber", "yorkshire & the humber", "east midlands"),
        *("west midlands", "east", "east of england", "eastern", "london", "south east", "south west"),
        *("england", "wales"),
    }
)
"""Regions and countries, in small letters. West Midlands is a force too."""


@dataclass(slots=True)
class Atlas:
    """Every area that a file can name, by the ways it may name it; `ambiguous` names belong to two forces."""

    area_of_code: dict[str, int]
    area_of_name: dict[str, int]
    area_of_slug: dict[str, int]
    force_of_council: dict[str, int]
    forces: dict[int, Force]
    ambiguous: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)


def load_atlas(wishes: Wishes) -> Atlas:
    """Load the forces, their spellings, the councils, the bodies and the metrics; five queries."""
    forces = {force.area_id: force for force in Force.objects.all()}
    areas_of_forces = {force.pk: area for area, force in forces.items()}
    slugs = dict(Area.objects.values_list("slug", "pk"))
    names: dict[str, int] = {}
    ambiguous: set[str] = set()
    spellings = [(force.short_name, force.pk) for force in forces.values()]
    spellings += [(force.official_name, force.pk) for force in forces.values()]
    spellings += ForceName.objects.values_list("name", "force")
    for name, force in spellings:
        for spelled in {folded(name), folded(without_notes(name))}:
            if names.setdefault(spelled, areas_of_forces[force]) != areas_of_forces[force]:
                ambiguous.add(spelled)
    codes = {force.ons_code: area for area, force in forces.items()}
    if wishes.lookup is None:
        councils = {
            code: areas_of_forces[force] for code, force in Council.objects.values_list("code", "force")
        }
    else:
        councils = {code: codes[of] for code, of in wishes.lookup.items() if of in codes}
    metrics = set(Metric.objects.values_list("slug", flat=True))
    return Atlas(codes, names, slugs, councils, forces, ambiguous, metrics)


def folded(name: str) -> str:
    """Give a name for comparing: one space between words, small letters."""
    return " ".join(name.split()).casefold()


def match(parsed: Parsed, atlas: Atlas) -> dict[Place, int | None]:
    """Give each place its area, None for regions and other sums; every place that nobody knows goes to the errors."""
    found: dict[Place, int | None] = {}
    if unknown := {row.metric for part in parsed.parts for row in part.stated} - atlas.metrics:
        sheet, line = next(iter(parsed.places.values()), ("", 1))
        for metric in sorted(unknown):
            message = _("the metric %(slug)s is not on record") % {"slug": metric}
            parsed.errors.append(RowError(sheet, line, "metric", message))
    for place, (sheet, line) in parsed.places.items():
        try:
            found[place] = _area(place, atlas)
        except KeyError as problem:
            parsed.errors.append(RowError(sheet, line, "", str(problem.args[0])))
    _whole_forces(parsed, atlas)
    return found


def _whole_forces(parsed: Parsed, atlas: Atlas) -> None:
    """Refuse a sum of authorities that lacks some of a force's: it would pass for the force's people."""
    named = {
        place.code: where for place, where in parsed.places.items() if place.code in atlas.force_of_council
    }
    there = {atlas.force_of_council[code] for code in named}
    for area in sorted(there):
        lacking = sorted(c for c, of in atlas.force_of_council.items() if of == area and c not in named)
        if lacking:
            sheet, line = next(where for code, where in named.items() if atlas.force_of_council[code] == area)
            shown = {"force": atlas.forces[area].short_name, "codes": ", ".join(lacking)}
            message = _("%(force)s cannot be added up: the file lacks its authorities %(codes)s") % shown
            parsed.errors.append(RowError(sheet, line, "", message))


def _area(place: Place, atlas: Atlas) -> int | None:
    shown = {"name": place.name, "code": place.code}
    if place.code == SLUG:
        return _of_slug(place.name, atlas)
    if place.code:
        for known in (atlas.area_of_code, atlas.force_of_council):
            if place.code in known:
                return known[place.code]
        if slug := NATION_CODES.get(place.code):
            return _of_slug(slug, atlas)
        if place.code.startswith(NO_FORCE_CODES):
            return None
        raise KeyError(_("the code %(code)s (%(name)s) is of no force or authority on record") % shown)
    name = folded(without_notes(place.name))
    if slug := BODIES.get(name) or NATION_NAMES.get(name):
        return _of_slug(slug, atlas)
    if place.mixed and name in REGIONS:
        return None
    if name in atlas.ambiguous:
        raise KeyError(_("“%(name)s” is the name of two forces") % shown)
    for spelled in (folded(place.name), name):
        if spelled in atlas.area_of_name:
            return atlas.area_of_name[spelled]
    raise KeyError(
        _(
            "“%(name)s” is no force on record; nothing is guessed. If it is one, add this spelling to its names"
        )
        % shown
    )


def _of_slug(slug: str, atlas: Atlas) -> int:
    if slug not in atlas.area_of_slug:
        raise KeyError(_("the area %(slug)s is not on record; run “manage.py seed” first") % {"slug": slug})
    return atlas.area_of_slug[slug]
