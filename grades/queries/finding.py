"""Finding a force by what a reader types: its name, an older spelling, or the name of a council."""

import difflib
import re
import unicodedata
from dataclasses import dataclass

from grades import models

NEAR = 0.72
"""How alike a spelling must be to be offered; at 0.72 “Warwikshire” finds Warwickshire and “London” does not find Devon."""

MOST = 5
"""As many forces are offered for a name that is not known."""

SHORTEST_PART = 3
"""A part of a name shorter than this fits too much."""

_NOISE = re.compile(
    r"\b(the|police|constabulary|service|force|heddlu|county|city of|borough|district|council|royal)\b"
)
_SIGNS = re.compile(r"[^a-z0-9 ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundForce:
    """A force that fits what was typed, and why: its own name, or the council that it polices."""

    slug: str
    name: str
    official_name: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What a search found: forces that fit, or else the nearest spellings."""

    asked: str
    found: tuple[FoundForce, ...]
    exact: bool
    near: tuple[FoundForce, ...]

    @property
    def only(self) -> FoundForce | None:
        """Give the one force that fits exactly; a part of a name leads nowhere by itself."""
        return self.found[0] if self.exact and len(self.found) == 1 else None


def spelled(text: str) -> str:
    """Write a name in small letters, without accents and signs."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign)
    )
    return " ".join(_SIGNS.sub(" ", bare.replace("&", " and ")).split())


def plain(text: str) -> str:
    """Strip a name to what tells it apart: as `spelled`, and no “police”."""
    return " ".join(_NOISE.sub(" ", spelled(text)).split())


def _names() -> list[tuple[str, FoundForce]]:
    """Load every name that can be typed as `spelled`, forces before councils, in three queries."""
    names: list[tuple[str, FoundForce]] = []
    forces = {force.pk: force for force in models.Force.objects.order_by("short_name")}
    for force in forces.values():
        fact = FoundForce(slug=force.slug, name=force.short_name, official_name=force.official_name)
        names += [(spelled(name), fact) for name in (force.short_name, force.official_name, force.slug)]
    for alias in models.ForceName.objects.order_by("pk"):
        force = forces[alias.force_id]
        fact = FoundForce(slug=force.slug, name=force.short_name, official_name=force.official_name)
        names.append((spelled(alias.name), fact))
    for council in models.Council.objects.order_by("name", "pk"):
        force = forces[council.force_id]
        for name in filter(None, dict.fromkeys((council.name, council.welsh_name))):
            fact = FoundForce(
                slug=force.slug, name=force.short_name, official_name=force.official_name, because=name
            )
            names.append((spelled(name), fact))
    return names


def _once(facts: list[FoundForce]) -> tuple[FoundForce, ...]:
    return tuple({fact.slug: fact for fact in reversed(facts)}.values())[::-1]


def _plain(names: list[tuple[str, FoundForce]]) -> list[tuple[str, FoundForce]]:
    return [(bare, fact) for name, fact in names if (bare := plain(name))]


def _exact(asked: str, names: list[tuple[str, FoundForce]]) -> tuple[FoundForce, ...]:
    """Give what fits word for word; “City of London” is then one force, while “London” may be either."""
    written, wanted = spelled(asked), plain(asked)
    whole = [fact for name, fact in names if name == written] if written != wanted else []
    return _once(whole or [fact for name, fact in _plain(names) if name == wanted])


def find_force(*, asked: str) -> Suggestions:
    """Find forces by name or council. An exact fit counts alone; else whatever contains the words; else near spellings."""
    wanted = plain(asked)
    if not wanted:
        return Suggestions(asked=asked, found=(), exact=False, near=())
    names = _names()
    exact = _exact(asked, names)
    names = _plain(names)
    found = exact or _once([fact for name, fact in names if f" {wanted}" in f" {name}"])
    near = () if found else _near(wanted, names)
    return Suggestions(asked=asked, found=found, exact=bool(exact), near=near)


def near_names(*, asked: str) -> tuple[FoundForce, ...]:
    """Offer the forces whose names are most like a mistyped slug, or have it as a part: `devon` is in Devon and Cornwall."""
    names, wanted = _names(), plain(asked)
    plain_names = _plain(names)
    return (_exact(asked, names) or _parts(wanted, plain_names) or _near(wanted, plain_names))[:MOST]


def _parts(wanted: str, names: list[tuple[str, FoundForce]]) -> tuple[FoundForce, ...]:
    """Give the forces whose own names have words that begin so."""
    if len(wanted) < SHORTEST_PART:
        return ()
    return _once([fact for name, fact in names if not fact.because and f" {wanted}" in f" {name}"])


def _near(wanted: str, names: list[tuple[str, FoundForce]]) -> tuple[FoundForce, ...]:
    close = difflib.get_close_matches(wanted, {name: None for name, _ in names}, n=MOST, cutoff=NEAR)
    return _once([fact for spelling in close for name, fact in names if name == spelling])[:MOST]
