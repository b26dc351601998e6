"""What pictures of figures share: their source, and what the figure of England and Wales is."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.spec import SourceLine
from grades.scales import Basis
from grades.series import Observation, ReleaseFacts


def comparator_name() -> str:
    """Give the name of what every force is set beside."""
    return _("England and Wales")


def missing() -> str:
    """Say that the record has no figure."""
    return _("not recorded here")


def figure(value: Decimal | None, decimals: int, unit: str = "") -> str:
    """Give a figure in words, or say that it is missing."""
    return missing() if value is None else words.with_unit(value, decimals, unit)


def figures_source(observations: Sequence[Observation]) -> SourceLine:
    """Name every release behind the figures, that of the newest figure first, each with its own date and address."""
    ordered = sorted(observations, key=lambda o: o.ends_before, reverse=True)
    first, *more = (release_source(release) for release in dict.fromkeys(o.release for o in ordered))
    return replace(first, more=tuple(more))


def release_source(release: ReleaseFacts) -> SourceLine:
    """Name one release, with the day it came out as far as it is known."""
    if release.released is not None:
        when = _("released %(day)s") % {"day": words.partial_date(release.released)}
    else:
        when = _("date of release not recorded")
    return SourceLine(text=words.release_words(release), date=when, address=release.address)


def figure_notes(observations: Sequence[Observation]) -> list[str]:
    """Give what is noted on single figures, with the years that it is about."""
    years: dict[str, list[int]] = {}
    for observation in sorted(observations, key=lambda o: o.ends_before):
        for remark in observation.remarks:
            years.setdefault(remark, []).append(observation.last_day.year)
    return [
        remark
        if len(found) == len(observations)
        else _("%(years)s: %(note)s") % {"years": words.years(found), "note": remark}
        for remark, found in years.items()
    ]


def comparator_note(name: str, observations: Sequence[Observation]) -> str:
    """Say what the figure of England and Wales is: a rate of the total, or the published figure; never a mean."""
    if any(o.basis == Basis.DERIVED for o in observations):
        return _("%(area)s is the rate of the total, not an average of the forces") % {"area": name}
    return _("%(area)s is the published figure, not an average of the forces") % {"area": name}
