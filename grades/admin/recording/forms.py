"""The parts of the recording screen's one form: the inspection, its reports, a row a question, findings, further sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grades.admin.recording.continuing import candidates
from grades.admin.recording.sheet import Sheet, suggested_kind, suggested_title
from grades.models import Citation, Finding, Inspection, Question, Report, Source
from grades.models.inspections import TALLY
from grades.pasting import STANDS, day_due
from grades.scales import (
    GRADE_STATES,
    LETTERS,
    TIERS,
    FindingKind,
    Graded,
    Level,
    SourceKind,
    State,
    Status,
)

Text = str | Promise
Choices = list[tuple[Any, Any]]

NONE: tuple[str, Text] = ("", "–")

STATE_KEYS: dict[str, str] = {
    State.CARRIED_FORWARD: "C",
    State.NOT_INSPECTED: "N",
    State.WITHHELD: "W",
    State.UNGRADED_BY_DESIGN: "U",
    State.AWAITED: "X",
}
"""The key that enters a state without a grade of its own; the letters of grades are in the vocabulary."""

NO_ADEQUATE = _("This cycle's scale has four grades: outstanding, good, requires improvement and inadequate.")
NEVER_GRADED = _("This question is not graded for any force in this cycle, so it carries no grade.")


def _dates(**given: Any) -> forms.DateField:
    return forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given
    )


class Described:
    """A form that names itself, so that an error says where it is."""

    title: Text = ""


class InspectionForm(Described, forms.ModelForm):
    """What belongs to the inspection as a whole."""

    title = _("Inspection")

    class Meta:
        model = Inspection
        fields = ["fieldwork", "fieldwork_ended_on", *TALLY.values()]
        widgets = {"fieldwork_ended_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = TIERS[self.instance.cycle.tiers]
        for level, column in TALLY.items():
            if level in levels:
                self.fields[column].widget.attrs |= {"min": "0", "max": "99"}
                self.fields[column].help_text = ""
            else:
                del self.fields[column]

    @property
    def tally(self) -> list[forms.BoundField]:
        """Give the numbers that the press release counts."""
        return [self[column] for column in TALLY.values() if column in self.fields]


class ReportForm(Described, forms.ModelForm):
    """One report; a blank one is left out, but for the first, without which no grade has a source."""

    address = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Report
        fields = [
            "kind",
            "title",
            "published_on",
            "published_on_precision",
            "date_confirmed",
            "address",
            "isbn",
        ]
        widgets = {"published_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        for name in ("published_on", "published_on_precision", "isbn", "kind", "title"):
            self.fields[name].help_text = ""
        self.fields["date_confirmed"].help_text = _("By the inspectorate itself.")
        if self.instance.pk is None and not first:
            self.empty_permitted = True
            self.use_required_attribute = False
        self.title = self.instance.get_kind_display() if self.instance.pk else _("New report")

    @property
    def left_out(self) -> bool:
        """Say whether nothing was entered in a blank one."""
        return self.empty_permitted and not self.has_changed()


class RowForm(Described, forms.Form):
    """One question: its state and grade, where the report says so, and a list of findings to paste."""

    level = forms.ChoiceField(label=_("Grade"), required=False, widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("State"), required=False)
    carried_from = forms.TypedChoiceField(
        label=_("Carried from"), required=False, coerce=int, empty_value=None
    )
    locator = forms.CharField(label=_("Page or section"), required=False, max_length=120)
    withheld_reason = forms.CharField(label=_("Why not graded"), required=False, max_length=240)
    summary = forms.CharField(
        label=_("Summary, in our own words"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    unsettled = forms.BooleanField(label=_("Judged or carried: no source settles it"), required=False)
    report = forms.TypedChoiceField(label=_("Report"), required=False, coerce=int, empty_value=None)
    pasted = forms.CharField(
        label=_("Findings: paste the list"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, question: Question, sheet: Sheet, **kwargs: Any) -> None:
        self.question, self.sheet = question, sheet
        self.grade = sheet.grades.get(question.pk)
        super().__init__(*args, **kwargs)
        self.title = question.name_in_cycle
        scale = TIERS[sheet.inspection.cycle.tiers]
        fields: Any = self.fields
        # A grade that the scale lacks is refused by a sentence, not as an unknown choice.
        fields["level"].choices = [("", _("None")), *[(level.value, level.label) for level in Level]]
        fields["level"].widget.choices = [("", _("None")), *[(level.value, level.label) for level in scale]]
        fields["state"].choices = [NONE, *State.choices]
        if self.ungraded:
            del fields["level"]
            fields["state"].choices = [
                NONE,
                *[(state.value, state.label) for state in State if state not in GRADE_STATES],
            ]
        fields["carried_from"].choices = [
            ("", _("not known")),
            *[(cycle.pk, cycle.label) for cycle in sheet.earlier_cycles],
        ]
        if len(sheet.reports) > 1:
            fields["report"].choices = [
                ("", _("that of its pillar")),
                *[(report.pk, report.get_kind_display()) for report in sheet.reports],
            ]
        else:
            del fields["report"]

    @property
    def ungraded(self) -> bool:
        """Say whether this question is graded for nobody."""
        return self.question.graded == Graded.UNGRADED

    @property
    def varies(self) -> bool:
        """Say whether this question is graded for some forces only."""
        return self.question.graded == Graded.VARIES

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Give the choices of a grade with the key that enters each."""
        return [
            {"radio": radio, "value": radio.data["value"], "key": LETTERS.get(str(radio.data["value"]), "")}
            for radio in self["level"]
        ]

    @property
    def more(self) -> bool:
        """Say whether what is folded away holds anything."""
        return bool(self["summary"].value() or self["unsettled"].value() or self["summary"].errors)

    @property
    def asked(self) -> bool:
        """Say whether a question that nobody is graded on is recorded or filled in all the same."""
        return bool(self["state"].value() or self.errors or self["locator"].value())

    def clean(self) -> dict[str, Any]:
        """Fit state, grade and what goes with them together, or say what does not fit."""
        given = super().clean() or {}
        level, state = given.get("level", ""), given.get("state", "")
        if self.ungraded and self.data.get(self.add_prefix("level")):
            self.add_error(None, NEVER_GRADED)
        if level and level not in TIERS[self.sheet.inspection.cycle.tiers]:
            self.add_error("level", NO_ADEQUATE)
        if level and not state:
            state = given["state"] = State.GRADED
        if level and state not in GRADE_STATES:
            words = _("“%(state)s” carries no grade: take one of the two away.")
            self.add_error("level", words % {"state": State(state).label})
        if state in GRADE_STATES and not level and "level" in self.fields and "level" not in self.errors:
            self.add_error("level", _("Choose the grade, or another state."))
        if (
            state == State.WITHHELD
            and not given.get("withheld_reason")
            and "withheld_reason" not in self.errors
        ):
            self.add_error("withheld_reason", _("Say why it was not graded: the public reads it there."))
        if not state and (given.get("locator") or given.get("summary")):
            self.add_error(
                "state" if self.ungraded else "level",
                _("A page or a summary is given here, but neither a grade nor a state."),
            )
        return given

    def wanted(self) -> dict[str, Any] | None:
        """Give the columns of the grade as they are to be; None where nothing is to be recorded."""
        given = self.cleaned_data
        state = given["state"]
        if not state:
            return None
        return {
            "state": str(state),
            "level": given.get("level", ""),
            "carried_from_id": given["carried_from"] if state == State.CARRIED_FORWARD else None,
            "unsettled": given["unsettled"] and state == State.GRADED,
            "withheld_reason": given["withheld_reason"] if state == State.WITHHELD else "",
            "summary": given["summary"],
        }


def row_initial(question: Question, sheet: Sheet) -> dict[str, Any]:
    """Give what the record says on a question."""
    grade = sheet.grades.get(question.pk)
    citation = sheet.own_citation(question.pk)
    if grade is None:
        return {"level": "", "state": ""}
    names = ("level", "state", "withheld_reason", "summary", "unsettled")
    return {name: getattr(grade, name) for name in names} | {
        "carried_from": grade.carried_from_id,
        "report": grade.report_id,
        "locator": citation.locator if citation else "",
    }


class FindingForm(Described, forms.Form):
    """One finding that is recorded."""

    kind = forms.ChoiceField(label=_("Kind"), choices=FindingKind.choices)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea, required=False)
    due = forms.CharField(label=_("Due, as stated"), max_length=80, required=False)
    due_on = _dates(label=_("Due on"))
    parent = forms.TypedChoiceField(
        label=_("Answers the cause of concern"), required=False, coerce=int, empty_value=None
    )
    continues = forms.TypedChoiceField(
        label=_("Continues the earlier finding"), required=False, coerce=int, empty_value=None
    )
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(
        self, *args: Any, finding: Finding, question: Question | None, sheet: Sheet, **kwargs: Any
    ) -> None:
        self.finding, self.sheet = finding, sheet
        super().__init__(*args, **kwargs)
        self.title = _("Finding %(key)s") % {"key": finding.key}
        # A cause of concern may be public before its report: then it changes through a correction, and not here.
        self.closed = finding.status != Status.DRAFT
        self.repeated = finding.pk in sheet.repeated
        self.remains = bool(STANDS.search(finding.text))
        fields: Any = self.fields
        causes = [
            row for row in sheet.findings if row.kind == FindingKind.CAUSE_OF_CONCERN and row.pk != finding.pk
        ]
        # A cause of concern may stand in another inspection, or before any.
        self.cause_elsewhere = finding.parent if finding.parent not in sheet.findings else None
        if self.cause_elsewhere is not None:
            causes.insert(0, self.cause_elsewhere)
        if causes:
            fields["parent"].choices = [NONE, *[(row.pk, _short(row.text)) for row in causes]]
        else:
            del fields["parent"]
        if self.remains or finding.continues_id:
            fields["continues"].choices = self._earlier(question)
        else:
            del fields["continues"]
        for field in fields.values():
            field.disabled = self.closed

    def _earlier(self, question: Question | None) -> Choices:
        offered = candidates(self.finding.text, question, self.sheet.earlier_findings)
        chosen = self.finding.continues
        if chosen is not None and chosen.pk not in {row.pk for row in offered}:
            offered = [chosen, *offered]
        named = [
            (row.pk, f"{row.inspection.cycle.label if row.inspection else row.key}: {_short(row.text)}")
            for row in offered
        ]
        return [("", _("none chosen")), *named]

    def clean(self) -> dict[str, Any]:
        """Hold a finding to its kind's rules."""
        given = super().clean() or {}
        if given.get("remove") or self.closed:
            return given
        if not given.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write the finding, or tick “remove”."))
        if given.get("kind") == FindingKind.RECOMMENDATION and not given.get("parent"):
            self.add_error(
                "parent" if "parent" in self.fields else "kind",
                _("A recommendation answers a cause of concern: choose which."),
            )
        return given

    def wanted(self, old_day: Any, new_day: Any) -> dict[str, Any]:
        """Give the columns as they are to be; a day that was counted from the report's moves with it."""
        given = self.cleaned_data
        kept = self.finding
        due_on = given["due_on"]
        counted = due_on == kept.due_on and (due_on is None or due_on == day_due(kept.due, old_day))
        if counted and (given["due"], new_day) != (kept.due, old_day):
            due_on = day_due(given["due"], new_day)
        recommends = given["kind"] == FindingKind.RECOMMENDATION
        return {
            "kind": given["kind"],
            "text": given["text"],
            "due": given["due"],
            "due_on": due_on,
            "parent_id": given.get("parent") if recommends else None,
            "continues_id": given["continues"] if "continues" in self.fields else kept.continues_id,
        }


def finding_initial(finding: Finding) -> dict[str, Any]:
    """Give what the record says of a finding."""
    return {
        "kind": finding.kind,
        "text": finding.text,
        "due": finding.due,
        "due_on": finding.due_on,
        "parent": finding.parent_id,
        "continues": finding.continues_id,
    }


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:89]}…"


def _stated(levels: Sequence[Level]) -> Choices:
    """Give all that a source may state, as state and level with a colon between."""
    carried = _("%(grade)s, carried forward")
    return [
        ("", _("says nothing")),
        *[(f"{State.GRADED}:{level.value}", level.label) for level in levels],
        *[(f"{State.CARRIED_FORWARD}:{level.value}", carried % {"grade": level.label}) for level in levels],
        *[(f"{state.value}:", state.label) for state in State if state not in GRADE_STATES],
    ]


class StatedForm(Described, forms.Form):
    """What one further source states on each question."""

    def __init__(self, *args: Any, sheet: Sheet, source: Source | None, **kwargs: Any) -> None:
        self.sheet, self.source = sheet, source
        self.cited: dict[int, Citation] = sheet.citations_of(source.pk) if source else {}
        super().__init__(*args, **kwargs)
        self.title = source.title if source else _("Another source")
        choices = _stated(TIERS[sheet.inspection.cycle.tiers])
        for question in sheet.questions:
            cited = self.cited.get(question.pk)
            self.fields[f"q{question.pk}"] = forms.ChoiceField(
                label=question.name_in_cycle,
                choices=choices,
                required=False,
                initial=f"{cited.state}:{cited.level}" if cited else "",
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        """Give the field of each question."""
        return [self[f"q{question.pk}"] for question in self.sheet.questions]

    def stated(self) -> dict[int, tuple[str, str]]:
        """Give state and level by question, for the questions of which the source says something."""
        found = {}
        for question in self.sheet.questions:
            said = self.cleaned_data.get(f"q{question.pk}", "")
            if said:
                state, _sign, level = said.partition(":")
                found[question.pk] = (state, level)
        return found


class NewSourceForm(StatedForm):
    """A source to add."""

    publisher = forms.CharField(label=_("Publisher"), max_length=160, required=False)
    source_title = forms.CharField(label=_("Title"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=_("Who speaks"),
        choices=[
            (kind.value, kind.label) for kind in (SourceKind.PRESS, SourceKind.BODY, SourceKind.INSPECTORATE)
        ],
        required=False,
        initial=SourceKind.PRESS.value,
    )
    address = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    published_on = _dates(label=_("Published on"))

    @property
    def facts(self) -> list[forms.BoundField]:
        """Give the fields that are about the source itself."""
        return [self[name] for name in ("publisher", "source_title", "kind", "address", "published_on")]

    def clean(self) -> dict[str, Any]:
        """A source that is begun has a publisher, a title, and something that it states."""
        given = super().clean() or {}
        if not self.has_changed():
            return given
        for name in ("publisher", "source_title"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("A source has a publisher and a title."))
        if not self.errors and not self.stated():
            self.add_error(None, _("Say for one question at least what this source states."))
        return given


def all_errors(parts: Iterable[Any]) -> list[dict[str, Any]]:
    """List every error with where it is and the field that it leads to."""
    found = []
    for form in parts:
        for name, errors in form.errors.items():
            whole = name == "__all__"
            first = next(iter(form.fields)) if whole else name
            bound = form[first]
            target = (
                bound.id_for_label or f"{bound.auto_id}_0"
            )  # a group of radio buttons has no id of its own
            label = "" if whole else str(form[first].label)
            found += [
                {"where": str(form.title), "field": label, "words": words, "target": target}
                for words in errors
            ]
    return found


def report_forms(sheet: Sheet, data: Any = None) -> list[ReportForm]:
    """Give a form for each report and blank ones: as many as an inspection of several reports may need."""
    held = [ReportForm(data, instance=report, prefix=f"report-{report.pk}") for report in sheet.reports]
    blank = 3 if sheet.pillared else 1
    inspection = sheet.inspection
    new = []
    for number in range(blank if held else blank + 1):
        first = not held and number == 0
        start: dict[str, Any] = {"kind": suggested_kind(inspection), "title": suggested_title(inspection)}
        new.append(
            ReportForm(
                data,
                instance=Report(inspection=inspection),
                prefix=f"report-new-{number}",
                initial=start if first else {"kind": ""},
                first=first,
            )
        )
    return held + new
