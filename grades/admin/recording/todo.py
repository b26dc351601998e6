"""What can be done next with an inspection: the links that its screen offers."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.models import Inspection, Submission
from grades.publishing.plain import label_of
from grades.scales import Status


@dataclass(frozen=True, slots=True)
class Step:
    """A link to a screen where something is done."""

    words: str | Promise
    address: str
    main: bool = False


def _step(words: str | Promise, view: str, *args: object, main: bool = False) -> Step:
    """Give the link to a screen of the desk."""
    return Step(words, reverse(f"admin:{view}", args=args), main)


def next_steps(inspection: Inspection, desk: access.Desk) -> list[Step]:
    """Give the links for an inspection as it stands: submit a draft, withdraw what is submitted, correct what is public."""
    label, number = label_of(inspection), inspection.pk
    found: list[Step] = []
    if access.may(desk, access.Verb.SUBMIT, inspection):
        found.append(_step(_("Submit for publication"), "grades_submission_submit", label, number, main=True))
    if inspection.status == Status.SUBMITTED:
        waiting = Submission.objects.of(inspection).open().first()
        if waiting is not None:
            words = _("Look at the submission, or withdraw it to edit again")
            found.append(_step(words, "grades_submission_change", waiting.pk, main=True))
    if access.may(desk, access.Verb.CORRECT, inspection):
        found.append(_step(_("Correct the fieldwork"), "grades_correction_propose", label, number))
        for added, words in (("grades.grade", _("Add a grade")), ("grades.report", _("Add a report"))):
            found.append(_step(words, "grades_correction_add_to", number, added))
        if inspection.status == Status.PUBLISHED:
            found.append(Step(_("See the public page"), inspection.get_absolute_url()))
    found.append(_step(_("See the screen"), "grades_inspection_record", number))
    found.append(_step(_("History"), "grades_inspection_history", number))
    return found
