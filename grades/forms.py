"""What a reader may ask of a page, from its address. An unknown wish falls back to the default, and the page says so."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    grade = forms.ChoiceField(
        label=_("Only forces with a grade of"), required=False, choices=[("", _("Any grade")), *Level.choices]
    )

    def view(self) -> CycleView:
        """Give the reader's wish, leaving out what makes no sense and naming it."""
        self.is_valid()
        return CycleView(
            group=self.cleaned_data.get("group", ""),
            grade=self.cleaned_data.get("grade", ""),
            ignored=tuple(self.data[name] for name in self.errors if name in self.data),
        )
