"""Finding a force by what a reader types: its name, an older spelling, or the name of a council."""

import difflib
import re
from dataclasses import dataclass

from grades import models

NEAR = 0.72
"""How alike a spelling must be to be offered; at 0.72 “Warwikshire” finds Warwickshire and “London” does not find Devon."""

_NOISE = re.compile(
    r"\b(the|police|constabulary|service|force|heddlu|county|city of|borough|district|council|royal)\b|[^a-z0-9 ]"
)


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
    near: tuple[FoundForce, ...]

    @property
    def only(self) -> FoundForce | None:
        """Give the one force that fits, when there is exactly one."""
        return self.found[0] if len(self.found) == 1 else None


def plain(text: str) -> str:
    """Strip a name to what tells it apart: small letters, no “police”, no signs."""
    return " ".join(_NOISE.sub(" ", text.lower().replace("&", " and ").replace("-", " ")).split())


def _names() -> list[tuple[str, FoundForce]]:
    """Load every name that can be typed, forces before councils, in two queries."""
    names: list[tuple[str, FoundForce]] = []
    forces = {force.pk: force for force in models.Force.objects.order_by("short_name")}
    for force in forces.values():
        fact = FoundForce(slug=force.slug, name=force.short_name, official_name=force.official_name)
        names += [(plain(name), fact) for name in (force.short_name, force.official_name, force.slug)]
    for alias in models.ForceName.objects.order_by("pk"):
        force = forces[alias.force_id]
        fact = FoundForce(slug=force.slug, name=force.short_name, official_name=force.official_name)
        names.append((plain(alias.name), fact))
    for council in models.Council.objects.order_by("name", "pk"):
        force = forces[council.force_id]
        fact = FoundForce(
            slug=force.slug, name=force.short_name, official_name=force.official_name, because=council.name
        )
        names.append((plain(council.name), fact))
    return [(name, fact) for name, fact in names if name]


def _once(facts: list[FoundForce]) -> tuple[FoundForce, ...]:
    return tuple({fact.slug: fact for fact in reversed(facts)}.values())[::-1]


def find_force(*, asked: str) -> Suggestions:
    """Find forces by name or council. An exact fit counts alone; else whatever contains the words; else near spellings."""
    wanted = plain(asked)
    if not wanted:
        return Suggestions(asked=asked, found=(), near=())
    names = _names()
    exact = [fact for name, fact in names if name == wanted]
    found = _once(exact) or _once([fact for name, fact in names if f" {wanted}" in f" {name}"])
    return Suggestions(asked=asked, found=found, near=() if found else _near(wanted, names))


def near_names(*, asked: str) -> tuple[FoundForce, ...]:
    """Offer the forces whose names are most like a mistyped slug."""
    wanted = plain(asked)
    names = _names()
    return _once([fact for name, fact in names if name == wanted]) or _near(wanted, names)


def _near(wanted: str, names: list[tuple[str, FoundForce]]) -> tuple[FoundForce, ...]:
    close = difflib.get_close_matches(wanted, {name: None for name, _ in names}, n=5, cutoff=NEAR)
    return _once([fact for spelling in close for name, fact in names if name == spelling])[:5]
