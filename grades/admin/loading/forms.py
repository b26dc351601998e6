"""What somebody says about a file when they bring it, and why an import is taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grades.dates import parse_partial
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Wishes
from grades.importers.official.population import read_lookup
from grades.importers.official.reading import LARGEST_FILE, MEGABYTE
from grades.importers.official.uploads import too_large
from grades.importers.official.wishes import LONGEST_EDITION, parse_note, parse_total, unknown_forces

LARGEST_LOOKUP = 20 * MEGABYTE
"""The ONS look-up of December 2023 has 60 KB."""


def _line_by_line(text: str, parse: Callable[[str], tuple[Any, Any]]) -> dict[Any, Any]:
    """Read a field with one entry a line. Raise ValidationError naming each line that cannot be read."""
    found, wrong = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            name, value = parse(line.strip())
            if name in found:
                raise ValueError(_("a line above says another thing about the same"))
            found[name] = value
        except ValueError as problem:
            wrong.append(_("Line %(number)d: %(problem)s.") % {"number": number, "problem": problem})
    if wrong:
        raise ValidationError(wrong)
    return found


class UploadForm(forms.Form):
    """A file with what it does not say itself: the same as `manage.py import_data` takes."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        help_text=gettext_lazy(
            "As it was published: ODS, XLSX, XLS or CSV, up to 200 MB. What kind it is, is seen from its content."
        ),
        widget=forms.FileInput(attrs={"data-largest": LARGEST_FILE}),
    )
    released = forms.CharField(
        label=gettext_lazy("Published on"),
        required=False,
        max_length=10,
        help_text=gettext_lazy(
            "Such as 2018-07-19; a month (2018-07) or a year will do. The newest release is the one that is shown."
        ),
    )
    edition = forms.CharField(
        label=gettext_lazy("Edition"),
        required=False,
        max_length=LONGEST_EDITION,
        help_text=gettext_lazy(
            "Such as July 2018. Several files of one edition get the same name and lie in one release."
        ),
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes on forces"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("One a line, such as kent=New recording system; it stands with every figure."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    totals = forms.CharField(
        label=gettext_lazy("Published totals"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Recorded crime of England and Wales as you read it in a publication, one a line, such as 2018-03=4876282."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lookup = forms.FileField(
        label=gettext_lazy("Look-up of authorities"),
        required=False,
        help_text=gettext_lazy(
            "Only for populations of other years: which authority belongs to which force (ONS)."
        ),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Let the file win over the seed's figures and those of people"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise those stay as they are, and each difference is listed. Of one of this site’s own files it means that "
            "drafts change; what is public never does."
        ),
    )
    why = forms.CharField(
        label=gettext_lazy("Why it is loaded"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Kept in the history of every row, such as: quarterly release."),
    )

    wide: ClassVar[tuple[str, ...]] = ("notes", "totals", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.wide:
            self.fields[name].widget.attrs["class"] = "vLargeTextField"

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(too_large())
        return file

    def clean_released(self) -> Any:
        """Read a date, a month or a year."""
        text = self.cleaned_data["released"].strip()
        try:
            return parse_partial(text) if text else None
        except ValueError as problem:
            raise ValidationError(
                _("“%(text)s” is not a date such as 2022, 2022-06 or 2022-06-28."), params={"text": text}
            ) from problem

    def clean_notes(self) -> dict[str, str]:
        """Read the notes, each for a force that there is."""
        notes = _line_by_line(self.cleaned_data["notes"], parse_note)
        if unknown := unknown_forces(notes):
            raise ValidationError(_("No force is called %(names)s.") % {"names": ", ".join(unknown)})
        return notes

    def clean_totals(self) -> dict[Any, Any]:
        """Read the totals."""
        return _line_by_line(self.cleaned_data["totals"], parse_total)

    def clean_lookup(self) -> dict[str, str] | None:
        """Read the look-up, if there is one."""
        file = self.cleaned_data["lookup"]
        if file is None:
            return None
        if file.size > LARGEST_LOOKUP:
            raise ValidationError(_("A look-up is smaller than %d MB.") % (LARGEST_LOOKUP // MEGABYTE))
        with tempfile.NamedTemporaryFile(prefix="lookup-") as kept:
            for piece in file.chunks():
                kept.write(piece)
            kept.flush()
            try:
                return read_lookup(Path(kept.name))
            except Unreadable as problem:
                raise ValidationError(str(problem).replace(Path(kept.name).name, file.name)) from problem

    def wishes(self) -> Wishes:
        """Give what was said."""
        said = self.cleaned_data
        return Wishes(
            released=said["released"],
            edition=said["edition"].strip(),
            notes=said["notes"],
            totals=said["totals"],
            lookup=said["lookup"],
            replace=said["replace"],
        )


class WhyForm(forms.Form):
    """Why an import is taken back."""

    why = forms.CharField(
        label=gettext_lazy("Why it is taken back"),
        max_length=300,
        help_text=gettext_lazy(
            "Kept in the history of every row, and in the public change log if what goes is public."
        ),
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        error_messages={"required": gettext_lazy("Say why it is taken back.")},
    )
