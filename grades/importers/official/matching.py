"""Which area a file means: by its code first, then by a spelling that is on record. Never by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from grades.importers.official.cells import without_notes
from grades.importers.official.errors import RowError
from grades.importers.official.facts import Parsed, Place, Wishes
from grades.models import Area, Council, Force, ForceName

ENGLAND_AND_WALES = "england-and-wales"
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
    """Every area that a file can name, by the ways it may name it. `left_out` is the number of rows about sums."""

    area_of_code: dict[str, int]
    area_of_name: dict[str, int]
    area_of_slug: dict[str, int]
    force_of_council: dict[str, int]
    forces: dict[int, Force]
    ambiguous: set[str] = field(default_factory=set)


def load_atlas(wishes: Wishes) -> Atlas:
    """Load the forces, their spellings, the councils and the bodies; four queries."""
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
    return Atlas(codes, names, slugs, councils, forces, ambiguous)


def folded(name: str) -> str:
    """Give a name for comparing: one space between words, small letters."""
    return " ".join(name.split()).casefold()


def match(parsed: Parsed, atlas: Atlas) -> dict[Place, int | None]:
    """Give each place its area, None for regions and other sums; every place that nobody knows goes to the errors."""
    found: dict[Place, int | None] = {}
    for place, (sheet, line) in parsed.places.items():
        try:
            found[place] = _area(place, atlas)
        except KeyError as problem:
            parsed.errors.append(RowError(sheet, line, "", str(problem.args[0])))
    return found


def _area(place: Place, atlas: Atlas) -> int | None:
    shown = {"name": place.name, "code": place.code}
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
