"""What a person says about a file, as it is typed: on a command line, in a form, kept as JSON between two processes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from grades.dates import add_months, parse_partial
from grades.importers.official.facts import Wishes
from grades.models import Force

_TOTAL = re.compile(
    r"((?P<year>(19|20)\d\d)-(?P<month>0?[1-9]|1[0-2])=)?(?P<total>\d[\d,]{0,14}(\.\d{1,6})?)", re.ASCII
)
"""A total, with the last month of its twelve before it if it is not the newest."""


LONGEST_EDITION = 60
"""What its column holds."""
LONGEST_NOTE = 200
"""What the column of notes holds beside what is said of a figure anyhow."""


def parse_edition(value: str) -> str:
    """Take the name of an edition. Raise ValueError with a sentence."""
    name = value.strip()
    if len(name) > LONGEST_EDITION:
        raise ValueError(
            _("an edition has a name of at most %(limit)d characters") % {"limit": LONGEST_EDITION}
        )
    return name


def parse_note(value: str) -> tuple[str, str]:
    """Take a force's slug and a note to stand with its figures. Raise ValueError with a sentence."""
    force, equals, text = value.partition("=")
    if not equals or not force.strip() or not text.strip():
        raise ValueError(_("write FORCE=TEXT, such as kent=New recording system"))
    if len(text.strip()) > LONGEST_NOTE:
        raise ValueError(_("a note has at most %(limit)d characters") % {"limit": LONGEST_NOTE})
    return force.strip(), text.strip()


def parse_total(value: str) -> tuple[date | None, Decimal]:
    """Take a total, with the last month of its twelve if it is not the newest. Raise ValueError with a sentence.

    The day is the first after the twelve months; None stands for the newest.
    """
    found = _TOTAL.fullmatch("".join(value.split()))
    if found is None:
        raise ValueError(_("write a number, or a month and a number: 2018-03=4876282"))
    total = Decimal(found["total"].replace(",", ""))
    if not found["year"]:
        return None, total
    return add_months(date(int(found["year"]), int(found["month"]), 1), 1), total


def unknown_forces(notes: Iterable[str]) -> list[str]:
    """Give the slugs that no force has."""
    return sorted(set(notes) - set(Force.objects.values_list("slug", flat=True)))


def as_json(wishes: Wishes) -> dict[str, Any]:
    """Write wishes as plain JSON."""
    return {
        "released": str(wishes.released or ""),
        "edition": wishes.edition,
        "notes": dict(wishes.notes),
        "totals": [
            [day.isoformat() if day else "", format(total, "f")] for day, total in wishes.totals.items()
        ],
        "lookup": dict(wishes.lookup) if wishes.lookup is not None else None,
        "replace": wishes.replace,
    }


def from_json(kept: dict[str, Any]) -> Wishes:
    """Read wishes from what `as_json` wrote."""
    return Wishes(
        released=parse_partial(kept["released"]) if kept["released"] else None,
        edition=kept["edition"],
        notes=kept["notes"],
        totals={date.fromisoformat(day) if day else None: Decimal(total) for day, total in kept["totals"]},
        lookup=kept["lookup"],
        replace=kept["replace"],
    )
