"""What pictures of figures share: their source, and what the figure of England and Wales is."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grades import words
from grades.charts.spec import SourceLine
from grades.scales import Basis, ObservationStatus
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


MOST_NAMED = 6
"""A remark on the figures of more areas than these says how many they are."""


def notes_on_areas(shown: Sequence[tuple[str, Observation]]) -> list[str]:
    """Give what must be known of single figures of one period, each with the area's name: a remark of many areas once."""
    remarks: dict[str, list[str]] = {}
    for name, observation in shown:
        for remark in observation.remarks:
            remarks.setdefault(remark, []).append(name)
    return [
        _provisional(shown),
        *(
            _("%(area)s is counted together with %(others)s")
            % {"area": name, "others": observation.combined_with}
            for name, observation in shown
            if observation.combined_with
        ),
        *(_remark(remark, names) for remark, names in remarks.items()),
    ]


def _provisional(shown: Sequence[tuple[str, Observation]]) -> str:
    """Name whose figures are not settled yet; "" where all are."""
    names = [name for name, o in shown if o.status == ObservationStatus.PROVISIONAL]
    if names and len(names) == len(shown):
        return _("All figures are provisional")
    return _("Provisional: %(areas)s") % {"areas": words.list_and(names)} if names else ""


def _remark(remark: str, names: Sequence[str]) -> str:
    """Say a remark with the areas whose figures it is about, unless it names the one itself."""
    if remark.startswith(names[0]):
        return remark
    areas = words.list_and(names)
    if len(names) > MOST_NAMED:
        areas = ngettext("%(count)d area", "%(count)d areas", len(names)) % {"count": len(names)}
    return _("%(areas)s: %(note)s") % {"areas": areas, "note": remark}


def comparator_note(name: str, observations: Sequence[Observation]) -> str:
    """Say what the figure of England and Wales is: a rate of the total, or the published figure; never a mean."""
    if any(o.basis == Basis.DERIVED for o in observations):
        return _("%(area)s is the rate of the total, not an average of the forces") % {"area": name}
    return _("%(area)s is the published figure, not an average of the forces") % {"area": name}
