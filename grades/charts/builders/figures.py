"""What pictures of figures share: their source, and what the figure of England and Wales is."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from grades import words
from grades.charts.spec import SourceLine
from grades.series import Observation


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
    """Name every release behind the figures, that of the newest figure first."""
    ordered = sorted(observations, key=lambda o: o.ends_before, reverse=True)
    releases = list(dict.fromkeys(o.release for o in ordered))
    newest = releases[0]
    if newest.released is not None:
        when = _("released %(day)s") % {"day": words.partial_date(newest.released)}
    else:
        when = newest.edition or words.partial_date(None)
    return SourceLine(
        text="; ".join(dict.fromkeys(words.release_words(release) for release in releases)),
        date=when,
        address=newest.address,
    )


def comparator_note(name: str, observations: Sequence[Observation]) -> str:
    """Say what the figure of England and Wales is: a rate of the total, or the published figure; never a mean."""
    if all(o.numerator is not None and o.denominator is not None for o in observations):
        return _("%(area)s is the rate of the total, not an average of the forces") % {"area": name}
    return _("%(area)s is the published figure, not an average of the forces") % {"area": name}
