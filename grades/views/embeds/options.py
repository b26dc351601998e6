"""What the address of a block may ask for. Anything else is refused in words: a block is pasted once and read for years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from grades.charts import palette
from grades.charts.contrast import contrast


class Look(StrEnum):
    """The ground of a block: light, dark, or as the reader's device has it."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"


LANGUAGES = ("en", "cy")
PARTS = ("title", "text", "table")
"""What a web editor may leave out. Source, date, breaks and marks always stay."""
OFF = "off"
LEAST_CONTRAST = 4.5
"""Of text to its ground: WCAG 2.2, 1.4.3."""
GROUNDS: Mapping[Look, tuple[str, ...]] = {
    Look.LIGHT: (palette.PAGE,),
    Look.DARK: (palette.DARK_PAGE,),
    Look.AUTO: (palette.PAGE, palette.DARK_PAGE),
}
KNOWN = ("lang", "theme", "accent", *PARTS, "v", "force")
PIN = re.compile(r"[0-9a-f]{16}")
COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a block is to look. `accent` is six small hexadecimal digits or ""; `off` are parts; `pin` a snapshot or ""."""

    language: str = "en"
    look: Look = Look.LIGHT
    accent: str = ""
    off: frozenset[str] = frozenset()
    pin: str = ""
    force: str = ""

    @property
    def query(self) -> str:
        """Give the one way to write these options in an address, with its question mark; "" where all is as usual."""
        said = {
            "lang": self.language if self.language != LANGUAGES[0] else "",
            "theme": self.look if self.look != Look.LIGHT else "",
            "accent": self.accent,
            **{part: OFF for part in PARTS if part in self.off},
            "force": self.force,
            "v": self.pin,
        }
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"?{asked}" if asked else ""

    def shows(self, part: str) -> bool:
        """Say whether a part is to be shown."""
        return part not in self.off

    def live(self) -> "Options":
        """Give the same without the pin."""
        return replace(self, pin="")


def read_options(asked: QueryDict, *, marks_force: bool = False) -> Options:
    """Read the options of an address; raise BadRequest, in words, for what is unknown, malformed or repeated.

    `marks_force` says whether the block can mark a force.
    """
    known = KNOWN if marks_force else tuple(name for name in KNOWN if name != "force")
    for name in asked:
        if name not in known:
            raise BadRequest(
                _("“%(name)s” is no option of this block. It knows: %(known)s.")
                % {"name": name[:40], "known": ", ".join(known)}
            )
        if len(asked.getlist(name)) > 1:
            raise BadRequest(_("“%(name)s” is given more than once.") % {"name": name})
    look = Look(_one_of(asked, "theme", tuple(Look)))
    return Options(
        language=_one_of(asked, "lang", LANGUAGES),
        look=look,
        accent=read_accent(asked.get("accent", ""), look),
        off=frozenset(part for part in PARTS if _one_of(asked, part, ("on", OFF)) == OFF),
        pin=_matching(
            asked, "v", PIN, _("sixteen digits or letters from a to f, as a pinned block has them")
        ),
        force=_matching(
            asked, "force", re.compile(r"[a-z0-9-]{1,60}"), _("the name of a force as its address has it")
        ),
    )


def _one_of(asked: QueryDict, name: str, choices: tuple[str, ...]) -> str:
    """Give the value of an option, the first choice where it is not given."""
    value = asked.get(name, choices[0])
    if value not in choices:
        raise BadRequest(
            _("“%(name)s” can be %(choices)s, not “%(value)s”.")
            % {"name": name, "choices": ", ".join(choices), "value": value[:40]}
        )
    return value


def _matching(asked: QueryDict, name: str, pattern: re.Pattern[str], meaning: str) -> str:
    value = asked.get(name, "")
    if name in asked and not pattern.fullmatch(value):
        raise BadRequest(
            _("“%(name)s” takes %(meaning)s, not “%(value)s”.")
            % {"name": name, "meaning": meaning, "value": value[:40]}
        )
    return value


def read_accent(text: str, look: Look) -> str:
    """Give a colour as six hexadecimal digits; raise BadRequest where it is none, or cannot be read on the ground."""
    if not text:
        return ""
    found = COLOUR.fullmatch(text)
    if found is None:
        raise BadRequest(
            _("“accent” takes a colour in hexadecimal digits, such as 6a2a5b, not “%(value)s”.")
            % {"value": text[:40]}
        )
    digits = found[1].lower()
    colour = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    worst = min(contrast(f"#{colour}", ground) for ground in GROUNDS[look])
    if worst < LEAST_CONTRAST:
        raise BadRequest(
            _(
                "The colour #%(colour)s cannot be read as text here: its contrast is %(found).1f to 1, and %(least).1f to 1 "
                "is needed. A block with theme=%(look)s needs a colour that stands out from its ground."
            )
            % {"colour": colour, "found": worst, "least": LEAST_CONTRAST, "look": look}
        )
    return colour
