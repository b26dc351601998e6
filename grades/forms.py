"""What a reader may ask of a page, from its address. An unknown wish falls back to the default, and the page says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grades.history import Choice, Choices
from grades.scales import Level


class FindForm(forms.Form):
    """The search for a force."""

    q = forms.CharField(
        label=_("Name of a force or council"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class CycleView:
    """How a reader wants to see a cycle: grouped by region or not, only forces with one grade or all."""

    group: str = ""
    grade: str = ""
    ignored: tuple[str, ...] = ()


class CycleForm(forms.Form):
    """The choices of the cycle page."""

    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        choices=[("", pgettext_lazy("no grouping", "All forces together")), ("region", _("By region"))],
    )
    grade = forms.ChoiceField(label=_("Only forces with a grade of"), required=False)

    def __init__(self, *args: Any, levels: Sequence[Level] = tuple(Level), **kwargs: Any) -> None:
        """Offer the grades of the cycle's own scale."""
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Any grade")),
            *((level.value, level.label) for level in levels),
        ]

    def view(self) -> CycleView:
        """Give the reader's wish, leaving out what makes no sense and naming it."""
        self.is_valid()
        return CycleView(
            group=self.cleaned_data.get("group", ""),
            grade=self.cleaned_data.get("grade", ""),
            ignored=tuple(self.data[name] for name in self.errors if name in self.data),
        )


class ThemeForm(forms.Form):
    """The choice of the theme pages."""

    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        choices=[("", pgettext_lazy("no grouping", "All forces together")), ("region", _("By region"))],
    )

    def wish(self) -> tuple[str, tuple[str, ...]]:
        """Give the grouping, and what makes no sense and was left aside."""
        self.is_valid()
        return self.cleaned_data.get("group", ""), tuple(self.data[n] for n in self.errors if n in self.data)


class ChangesForm(forms.Form):
    """The choices of the change log: one force or all, and which page. Leaves out and names what makes no sense."""

    force = forms.ChoiceField(label=_("Force"), required=False)

    def __init__(self, asked: QueryDict, *, forces: tuple[Choice, ...]) -> None:
        super().__init__(asked)
        self.offered = forces
        known = [(force.slug, force.title) for force in forces]
        self.fields["force"].choices = [("", _("Every force")), *known]  # type: ignore[attr-defined]  # a ChoiceField
        self.is_valid()
        self.chosen: str = self.cleaned_data.get("force", "")
        number = asked.get("page", "")
        fits = number.isascii() and number.isdigit() and 0 < len(number) <= LONGEST_NUMBER and int(number) > 0
        self.page = int(number) if fits else 1
        self.ignored = (
            *(str(self.data[name]) for name in self.errors if name in self.data),
            *((number,) if number and not fits else ()),
        )


LONGEST_NUMBER = 9
"""No page has a number of more digits."""

MOST_FORCES = 4
"""More than this many forces side by side is not a comparison that can be read."""

HEADLINE_THEMES = (
    "preventing-crime",
    "responding-to-the-public",
    "investigating-crime",
    "protecting-vulnerable-people",
)
HEADLINE_METRICS = ("recorded-crime", "charge-rate")


class CompareForm:
    """What to compare, from the address: `forces=a,b&themes=c&metrics=d`. Leaves out and names what makes no sense.

    A force that was renamed is found under its slug of today.
    """

    def __init__(self, asked: QueryDict, offered: Choices) -> None:
        self.offered = offered
        named = self._asked(asked, "forces")
        wanted = [offered.renamed.get(slug, slug) for slug in named]
        self.renamed = wanted != named
        self.scattered = any(len(asked.getlist(name)) > 1 for name in ("forces", "themes", "metrics"))
        known = {force.slug: force for force in offered.forces}
        self.unknown = tuple(slug for slug in wanted if slug not in known)
        self.repeated = len(wanted) != len(set(wanted))
        self.forces = tuple(known[slug] for slug in dict.fromkeys(wanted) if slug in known)
        self.too_many = len(self.forces) > MOST_FORCES
        self.themes, strange_themes = self._of(asked, "themes", offered.themes, HEADLINE_THEMES)
        self.metrics, strange_metrics = self._of(asked, "metrics", offered.metrics, HEADLINE_METRICS)
        self.ignored = (*self.unknown, *strange_themes, *strange_metrics)
        self._wanted = {
            "forces": wanted,
            "themes": [*self.themes, *strange_themes],
            "metrics": [*self.metrics, *strange_metrics],
        }

    @staticmethod
    def _asked(asked: QueryDict, name: str) -> list[str]:
        return [
            part.strip().lower() for value in asked.getlist(name) for part in value.split(",") if part.strip()
        ]

    def _of(
        self, asked: QueryDict, name: str, offered: tuple[Choice, ...], default: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the chosen slugs in the order offered, and what is not offered."""
        wanted = self._asked(asked, name)
        slugs = [choice.slug for choice in offered]
        chosen = tuple(slug for slug in slugs if slug in (wanted or default))
        return chosen, tuple(slug for slug in wanted if slug not in slugs)

    @property
    def joined(self) -> str:
        """Give the forces as addresses name them: kent,essex."""
        return ",".join(force.slug for force in self.forces)

    @property
    def permalink(self) -> str:
        """Give the one address that stands for this choice."""
        chosen = {
            "forces": self.joined,
            "themes": ",".join(self.themes),
            "metrics": ",".join(self.metrics),
        }
        return urlencode({name: value for name, value in chosen.items() if value}, safe=",")

    @property
    def whole(self) -> str:
        """Give the address of the same wish in one piece each, with what makes no sense, which the page then names."""
        return urlencode({name: ",".join(asked) for name, asked in self._wanted.items() if asked}, safe=",")

    @property
    def file_query(self) -> str:
        """Give what follows the address of the file of all grades of the chosen forces."""
        return "?" + urlencode({"forces": self.joined}, safe=",")

    @property
    def places(self) -> tuple[str, ...]:
        """Give the slug chosen in each of the four places of the form, empty where there is none."""
        slugs = [force.slug for force in self.forces][:MOST_FORCES]
        return tuple(slugs + [""] * (MOST_FORCES - len(slugs)))
