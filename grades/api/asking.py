"""What a list may be asked: its parameters, each with its form, and what is said of one that does not fit."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from grades.scales import Basis, ChangeKind, FindingKind, Level, Nation, ResponseKind, State

MOST = 1000
"""As many records come in one answer at most."""

USUAL = 100
"""As many come where nobody says how many."""

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NUMBER = r"[1-9][0-9]{0,17}"
NAME = r"[a-z][a-z_]*"
LONGEST = 1000
"""No parameter is longer."""


def _several(form: str) -> str:
    return f"^{form}(?:,{form})*$"


def _text(pattern: str, says: Callable[[], str]) -> Callable[[str], str]:
    """Make the check of a text of one form; `says` tells what is taken."""

    def check(value: str) -> str:
        if len(value) > LONGEST or not re.fullmatch(pattern, value):
            raise ValueError(says())
        return value

    return check


def _count(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value) or int(value) > MOST:
        raise ValueError(_("It takes a whole number from 1 to %(most)d.") % {"most": MOST})
    return int(value)


def _day(value: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("It takes a day, as in 2024-03-31.")) from None


def _switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(_("It takes true or false."))
    return value == "true"


def _choice(choices: type[TextChoices]) -> Callable[[str], TextChoices]:
    """Make the check of one of some words."""

    def check(value: str) -> TextChoices:
        if value not in choices.values:
            raise ValueError(_("It takes one of: %(words)s.") % {"words": ", ".join(choices.values)})
        return choices(value)

    return check


def _words(choices: type[TextChoices]) -> tuple[BeforeValidator, WithJsonSchema]:
    """Give what makes a parameter take one of some words."""
    return BeforeValidator(_choice(choices)), WithJsonSchema({"type": "string", "enum": choices.values})


def _slugs_taken() -> str:
    return _(
        "It takes names as addresses have them (small letters, digits, hyphens), several with commas between them."
    )


Count = Annotated[
    int, BeforeValidator(_count), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST})
]
Token = Annotated[
    str,
    BeforeValidator(
        _text(r"[A-Za-z0-9_-]{1,200}", lambda: _("It takes what “next” of an earlier answer has for it."))
    ),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$"}),
]
Names = Annotated[
    str,
    BeforeValidator(_text(_several(NAME), lambda: _("It takes names of fields with commas between them."))),
    WithJsonSchema({"type": "string", "pattern": _several(NAME), "maxLength": LONGEST}),
]
Slugs = Annotated[
    str,
    BeforeValidator(_text(_several(SLUG), _slugs_taken)),
    WithJsonSchema({"type": "string", "pattern": _several(SLUG), "maxLength": LONGEST}),
]
Numbers = Annotated[
    str,
    BeforeValidator(
        _text(
            _several(NUMBER),
            lambda: _("It takes whole numbers above zero, several with commas between them."),
        )
    ),
    WithJsonSchema({"type": "string", "pattern": _several(NUMBER), "maxLength": LONGEST}),
]
Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Switch = Annotated[bool | None, BeforeValidator(_switch), WithJsonSchema({"type": "boolean"})]


def each(text: str) -> tuple[str, ...]:
    """Give the values of a parameter that takes several."""
    return tuple(dict.fromkeys(text.split(","))) if text else ()


def numbers(text: str) -> tuple[int, ...]:
    """Give the values of a parameter that takes several numbers."""
    return tuple(int(number) for number in each(text))


def start_of(day: date | None) -> datetime | None:
    """Give the first moment of a day, in universal time."""
    return datetime.combine(day, time.min, UTC) if day else None


def _without_defaults(schema: dict[str, Any]) -> None:
    """Leave out defaults that are no value of the parameter, but stand for its absence."""
    for described in schema.get("properties", {}).values():
        if described.get("default", 0) in (None, ""):
            del described["default"]


class Asked(Schema):
    """What every list takes."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    limit: Count = Field(USUAL, description=f"How many records, {MOST} at most.")
    cursor: Token = Field("", description="Where to go on: what `next` of the answer before has for it.")
    fields: Names = Field(
        "", description="Only these fields of each record, by their names with commas between them."
    )


FORCE = Field("", description="Only these forces, by slug, as in `kent,essex`.")
CYCLE = Field("", description="Only these cycles, by slug, as in `2018-19`.")
THEME = Field("", description="Only these themes, by slug, as in `investigating-crime`.")
PILLAR = Field("", description="Only these pillars, by slug: `effectiveness`, `efficiency`, `legitimacy`.")


class AskedForces(Asked):
    """What the list of forces takes."""

    slug: Slugs = Field("", description="Only these, by slug.")
    nation: Annotated[Nation | None, *_words(Nation)] = Field(None, description="Only forces of this nation.")


class AskedQuestions(Asked):
    """What the list of questions takes."""

    cycle: Slugs = CYCLE
    theme: Slugs = THEME
    pillar: Slugs = PILLAR


class AskedGrades(Asked):
    """What the list of grades takes."""

    id: Numbers = Field("", description="Only these, by number.")
    force: Slugs = FORCE
    cycle: Slugs = CYCLE
    theme: Slugs = THEME
    pillar: Slugs = PILLAR
    question: Numbers = Field("", description="Only answers to these questions, by number.")
    state: Annotated[State | None, *_words(State)] = Field(None, description="Only this state.")
    grade: Annotated[Level | None, *_words(Level)] = Field(None, description="Only this grade.")
    checked: Switch = Field(
        None,
        description="`true` for grades that the inspectorate's own words or an editor's check confirm, `false` for those not yet checked.",
    )


class AskedFindings(Asked):
    """What the list of findings takes."""

    force: Slugs = FORCE
    cycle: Slugs = CYCLE
    theme: Slugs = THEME
    kind: Annotated[FindingKind | None, *_words(FindingKind)] = Field(None, description="Only this kind.")


class AskedResponses(Asked):
    """What the list of responses takes."""

    force: Slugs = FORCE
    cycle: Slugs = CYCLE
    kind: Annotated[ResponseKind | None, *_words(ResponseKind)] = Field(None, description="Only this kind.")


class AskedMetrics(Asked):
    """What the list of metrics takes."""

    slug: Slugs = Field("", description="Only these, by slug.")


class AskedObservations(Asked):
    """What the list of figures takes."""

    metric: Slugs = Field("", description="Only these metrics, by slug, as in `recorded-crime`.")
    force: Slugs = FORCE
    area: Slugs = Field("", description="Only these areas, by slug, as in `england-and-wales`.")
    basis: Annotated[Basis | None, *_words(Basis)] = Field(None, description="Only figures of this basis.")
    ends_from: Day = Field(None, description="Only periods whose last day is this one or later.")
    ends_to: Day = Field(None, description="Only periods whose last day is this one or earlier.")
    every_release: Switch = Field(
        None,
        description="`true` for the figures of every release, prints too; otherwise those that pages show: for each period that of the newest release.",
    )


class AskedChanges(Asked):
    """What the change log takes."""

    force: Slugs = FORCE
    kind: Annotated[ChangeKind | None, *_words(ChangeKind)] = Field(None, description="Only this kind.")
    since: Day = Field(None, description="Only entries of this day and later, in universal time.")
