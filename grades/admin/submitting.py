"""From draft to public in the admin: the checklist and its form, the page of what was submitted, and the decision."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from grades import access
from grades.access import Desk, Verb, desk_of
from grades.admin import told
from grades.admin.base import AboutAdmin, ForDesk, WorkList, partial_date, refused
from grades.admin.pages import (
    change_address,
    facts_of,
    link_to_target,
    preview_address,
    record_or_404,
)
from grades.models import Correction, Inspection, Response, Submission
from grades.models.base import Publishable, options
from grades.publishing import (
    Checklist,
    RefusedError,
    approve,
    checklist,
    give_back,
    hindrance,
    record_of,
    submit,
    withdraw,
)
from grades.publishing.embargo import TwiceError, london_moment
from grades.scales import Decision, Role, Status


class SubmitForm(forms.Form):
    """The answers to the checklist's warnings, and an embargo if there is to be one.

    An answer bears the code of its warning: what is to be seen to may be other warnings when the form comes back.
    """

    embargo_on = forms.DateField(
        label=gettext_lazy("Not before this day"), required=False, widget=AdminDateWidget
    )
    embargo_at = forms.TimeField(
        label=gettext_lazy("at this time in London"), required=False, widget=AdminTimeWidget
    )
    embargo_which = forms.ChoiceField(
        label=gettext_lazy("Which of the two"),
        required=False,
        choices=[
            ("", gettext_lazy("– only on the day the clocks go back –")),
            ("first", gettext_lazy("the first, in summer time")),
            ("second", gettext_lazy("the second, an hour later")),
        ],
    )

    def __init__(self, *args: Any, found: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        for item in found.warnings:
            self.fields[f"accepted_{item.code}"] = forms.BooleanField(
                label=item.words, required=True, error_messages={"required": _("Tick it if it may stand.")}
            )
            self.fields[f"reason_{item.code}"] = forms.CharField(
                label=_("Why it may stand"),
                max_length=300,
                widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
                error_messages={"required": _("Say why it may stand.")},
            )

    def warnings(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Give the box and the reason of each warning."""
        return [(self[f"accepted_{item.code}"], self[f"reason_{item.code}"]) for item in self.found.warnings]

    def reasons(self) -> dict[str, str]:
        """Give the reasons by the code of their warning."""
        return {item.code: self.cleaned_data[f"reason_{item.code}"] for item in self.found.warnings}

    def clean(self) -> dict[str, Any]:
        """Read the embargo on London's clock."""
        cleaned = super().clean() or {}
        day, at = cleaned.get("embargo_on"), cleaned.get("embargo_at")
        cleaned["publish_at"] = None
        if "embargo_on" in self.errors or "embargo_at" in self.errors or not (day or at):
            return cleaned
        if day is None or at is None:
            self.add_error(
                "embargo_at" if at is None else "embargo_on", _("An embargo has a day and a time.")
            )
            return cleaned
        which = {"first": False, "second": True}.get(cleaned.get("embargo_which", ""))
        try:
            cleaned["publish_at"] = london_moment(day, at, second=which)
        except TwiceError as error:
            self.add_error("embargo_which", str(error))
        except RefusedError as error:
            self.add_error("embargo_at", str(error))
        return cleaned


class RemarkForm(forms.Form):
    """Why something is given back."""

    remark = forms.CharField(
        label=gettext_lazy("What is to be put right"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        error_messages={"required": gettext_lazy("Say why you return it.")},
    )


def _awaiting(rows: QuerySet[Submission], desk: Desk) -> QuerySet[Submission]:
    """Keep what this person may decide about: `access.may` with APPROVE, for a list."""
    publishes = [force for force in desk.forces if desk.at_least(Role.PUBLISHER, force)]
    mine = Q() if desk.national else Q(force__in=publishes)
    return rows.pending().filter(mine, ~Q(submitted_by=desk.user_id) | Q(office__in=list(desk.alone)))  # type: ignore[attr-defined]  # our queryset


def _returned(rows: QuerySet[Submission], desk: Desk) -> QuerySet[Submission]:
    """Keep what came back to this person and was not submitted again."""
    later = Submission.objects.filter(
        what=OuterRef("what"), object_id=OuterRef("object_id"), submitted_at__gt=OuterRef("submitted_at")
    )
    return rows.filter(~Exists(later), submitted_by=desk.user_id, decision=Decision.RETURNED)


@admin.register(Submission)
class SubmissionAdmin(AboutAdmin):
    """What was submitted, by whom, and what became of it; and the page on which a second person decides."""

    class Work(WorkList):
        """Submissions that wait for somebody."""

        tasks = {
            "awaiting-me": (gettext_lazy("awaiting me"), ForDesk(_awaiting)),
            "returned-to-me": (gettext_lazy("returned to me"), ForDesk(_returned)),
            "pending": (gettext_lazy("awaiting a second person"), lambda rows: rows.pending()),
            "mine": (
                gettext_lazy("submitted by me"),
                ForDesk(lambda rows, desk: rows.filter(submitted_by=desk.user_id)),
            ),
            "embargoed": (
                gettext_lazy("approved, waiting for the end of an embargo"),
                lambda rows: rows.filter(decision=Decision.APPROVED, done_at__isnull=True),
            ),
        }

    change_form_template = "admin/grades/submission.html"
    list_display = [
        "record_name",
        "force",
        "submitted_by",
        "submitted_at",
        "publish_at",
        "decision",
        "done_at",
    ]
    list_filter = [Work, "decision"]
    list_select_related = ["force", "submitted_by"]
    search_fields = ["force__official_name", "what", "remark"]
    date_hierarchy = "submitted_at"
    ordering = ["-submitted_at", "pk"]
    fields = ["what", "force"]

    def get_urls(self) -> list[URLPattern]:
        """Add the steps."""
        return [
            self.own_url("submit/<str:label>/<int:pk>/", self.submit_view, "submit"),
            self.own_url("<int:pk>/approve/", self.approve_view, "approve"),
            self.own_url("<int:pk>/give-back/", self.give_back_view, "give_back"),
            self.own_url("<int:pk>/withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    # The form of a record that is to be submitted

    def submit_view(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        """Show the checklist of a draft, and submit it."""
        record = cast(Publishable, record_or_404(request, label, pk, Publishable))
        if not access.may(desk_of(request.user), Verb.SUBMIT, record):
            return self._not_submitted(request, record)
        found = checklist(record, timezone.localdate())
        form = SubmitForm(request.POST or None, found=found)
        possible = found.early or not found.errors
        if request.method == "POST" and possible and form.is_valid():
            try:
                made = submit(
                    record=record,
                    by=request.user,
                    now=timezone.now(),
                    reasons=form.reasons(),
                    publish_at=form.cleaned_data["publish_at"],
                )
            except RefusedError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("Submitted. A second person can approve it now."))
                return HttpResponseRedirect(reverse("admin:grades_submission_change", args=[made.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Submit for publication"),
            "opts": options(type(record)),
            "record": record,
            "record_address": change_address(record),
            "found": found,
            "possible": possible,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(
            request,
            "admin/grades/submit.html",
            context,
            status=200 if request.method == "GET" else 422,
        )

    def _not_submitted(self, request: HttpRequest, record: Publishable) -> HttpResponse:
        """Lead to the submission that exists, or say why there is none."""
        if record.status == Status.DRAFT:
            words = hindrance(record) or _("Editors of the force's office submit it; you may read it.")
            return refused(request, self, record, words)
        newest = Submission.objects.of(record).order_by("-submitted_at").first()
        if newest is None:
            return refused(request, self, record, _("This is public already."))
        self.message_user(request, _("This is submitted already."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:grades_submission_change", args=[newest.pk]))

    # The page of a submission

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show what would be published, and what may be done about it."""
        desk = desk_of(request.user)
        remark = request.META.get("grades.remark") or RemarkForm()
        context |= {"submission": obj, "remark": remark, **self.shown(request, obj)}
        context |= {"title": _("For publication"), "subtitle": context.get("record", "")}
        context |= {
            "may_approve": access.may(desk, Verb.APPROVE, obj),
            "may_withdraw": access.may(desk, Verb.WITHDRAW, obj)
            and obj.decision in (Decision.PENDING, Decision.APPROVED),
            "alone": access.may_publish_alone(desk, obj),
            "own": obj.submitted_by_id == desk.user_id,
            "waits": obj.publish_at is not None and obj.publish_at > timezone.now(),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def shown(self, request: HttpRequest, submission: Submission) -> dict[str, Any]:
        """Give what would be published."""
        try:
            record = record_of(submission)
        except ObjectDoesNotExist:
            return {"gone": True}
        found: dict[str, Any] = {"record": record, "record_address": change_address(record)}
        if isinstance(record, Correction):
            found["correction"] = told.tell(record)
            found["target"] = link_to_target(record)
        elif isinstance(record, Inspection):
            found |= {
                "inspection": record,
                "grades": record.grades.select_related(
                    "question__pillar", "question__cycle", "report", "carried_from"
                )
                .prefetch_related("citations__source")
                .order_by("question__order", "pk"),
                "reports": [
                    (report, partial_date(report.published))
                    for report in record.reports.order_by("published_on", "pk")
                ],
                "findings": record.findings.exclude(status=Status.SUBMITTED)  # that one goes public by itself
                .select_related("question__pillar", "question__cycle", "continues")
                .order_by("question__order", "kind", "order", "pk"),
            }
        else:
            found["facts"] = facts_of(record)
            if isinstance(record, Response):
                found["actions"] = record.recommendation_actions.select_related("finding").order_by("pk")
        found["preview"] = preview_address(request, record)
        return found

    # The decision

    @method_decorator(require_POST)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish, or have it published when the embargo ends."""
        submission = cast(Submission, self.get_object(request, str(pk)))
        if self._may_not(request, submission, Verb.APPROVE):
            return refused(request, self, submission, self._why_not(request, submission))
        already = submission.decision == Decision.APPROVED
        try:
            done = approve(submission=submission, by=request.user, now=timezone.now())
        except RefusedError as error:
            return self._again(request, submission, str(error))
        if already:
            self.message_user(request, _("This was approved already; nothing was done twice."))
        elif done.done_at:
            self.message_user(request, _("Published."), messages.SUCCESS)
        else:
            words = _("Approved. It goes public when the embargo ends.")
            self.message_user(request, words, messages.SUCCESS)
        return self._back(submission)

    @method_decorator(require_POST)
    def give_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it to its author with a remark."""
        submission = cast(Submission, self.get_object(request, str(pk)))
        if self._may_not(request, submission, Verb.APPROVE):
            return refused(request, self, submission, self._why_not(request, submission))
        form = RemarkForm(request.POST)
        if not form.is_valid():
            return self._again(request, submission, "", form)
        remark = form.cleaned_data["remark"]
        try:
            give_back(submission=submission, by=request.user, now=timezone.now(), remark=remark)
        except RefusedError as error:
            return self._again(request, submission, str(error), form)
        self.message_user(request, _("Given back to its author."), messages.SUCCESS)
        return self._back(submission)

    @method_decorator(require_POST)
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back for editing."""
        submission = cast(Submission, self.get_object(request, str(pk)))
        if self._may_not(request, submission, Verb.WITHDRAW):
            words = _("Editors of the office withdraw what is not public yet.")
            return refused(request, self, submission, words)
        if submission.done_at is not None:
            words = _("This went public meanwhile. What is wrong in it changes through a correction.")
            return self._again(request, submission, words)
        try:
            withdraw(submission=submission, by=request.user, now=timezone.now())
        except RefusedError as error:
            return self._again(request, submission, str(error))
        self.message_user(request, _("Withdrawn. It is a draft again."), messages.SUCCESS)
        return self._back(submission)

    def _may_not(self, request: HttpRequest, submission: Submission, verb: Verb) -> bool:
        """Say whether a step is refused; one that comes too late is answered by the step itself."""
        pending = submission.decision == Decision.PENDING
        return not self.may(request, verb, submission if pending else None)

    def _why_not(self, request: HttpRequest, submission: Submission) -> str:
        """Say why a person may not decide."""
        if submission.submitted_by_id == desk_of(request.user).user_id:
            return _("You submitted this yourself: a second person decides.")
        return _("Publishers of the force's office decide.")

    def _again(
        self, request: HttpRequest, submission: Submission, words: str, remark: RemarkForm | None = None
    ) -> HttpResponse:
        """Show the page again, with the reason, and what was typed."""
        if words:
            self.message_user(request, words, messages.ERROR)
        request.META["grades.remark"] = remark
        request.method = "GET"
        response = self.changeform_view(request, str(submission.pk))
        response.status_code = 409 if words else 422
        return response

    def _back(self, submission: Submission) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:grades_submission_change", args=[submission.pk]))
