"""Corrections in the admin: what was proposed and carried out, and the form that proposes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms.models import ModelChoiceField, modelform_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from grades import access
from grades.access import Verb, desk_of
from grades.admin import told
from grades.admin.base import AboutAdmin, LookedUp, WorkList, refused, where
from grades.admin.pages import change_address, link_to_target, record_or_404
from grades.admin.values import EMPTY
from grades.models import Correction, Grade, Inspection, Question, Report
from grades.models.base import options, rows_of
from grades.publishing import RefusedError, addable, correctable, discard, propose
from grades.publishing.plain import plain
from grades.scales import Status


class QuestionOfCycle(ModelChoiceField):
    """A choice among the questions of one cycle, which need not be named with each of them."""

    def label_from_instance(self, question: Question) -> str:
        """Leave out the cycle."""
        return question.name_in_cycle


class ReportOfInspection(ModelChoiceField):
    """A choice among the reports of one inspection, which need not be named with each of them."""

    def label_from_instance(self, report: Report) -> str:
        """Leave out the inspection."""
        return report.get_kind_display()


class WhyForm(forms.ModelForm):
    """Why something is corrected, and what says so."""

    class Meta:
        model = Correction
        fields = ["source", "reason"]


@admin.register(Correction)
class CorrectionAdmin(AboutAdmin):
    """What is to change, or has changed, in what is public. Nobody edits or deletes a correction."""

    class Work(WorkList):
        """Corrections on their way."""

        tasks = {
            "draft": (
                gettext_lazy("not submitted yet"),
                where(models.Q(status=Status.DRAFT, discarded_at__isnull=True)),
            ),
            "submitted": (gettext_lazy("awaiting a second person"), where(models.Q(status=Status.SUBMITTED))),
            "discarded": (gettext_lazy("discarded"), where(models.Q(discarded_at__isnull=False))),
        }

    change_form_template = "admin/grades/correction.html"
    list_display = ["record_name", "force", "reason", "proposed_by", "proposed_at", "stands"]
    list_filter = [Work, "status"]
    list_select_related = ["force", "proposed_by"]
    search_fields = ["force__official_name", "reason", "what"]
    date_hierarchy = "proposed_at"
    ordering = ["-proposed_at", "pk"]
    fields = ["force", "reason", "source"]

    def get_urls(self) -> list[URLPattern]:
        """Add the forms that propose."""
        return [
            self.own_url("propose/<str:label>/<int:pk>/", self.propose_view, "propose"),
            self.own_url("add-to/<int:inspection>/<str:label>/", self.add_view_of, "add_to"),
            self.own_url("<int:pk>/discard/", self.discard_view, "discard"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show each field before and after."""
        context["correction"] = told.tell(obj)
        context["target"] = link_to_target(obj)
        context["may_discard"] = self.may(request, Verb.SUBMIT, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("standing"), ordering="status")
    def stands(self, correction: Correction) -> str:
        """Say how far it has come."""
        return correction.standing

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a draft up."""
        correction = self.get_object(request, str(pk))
        try:
            discard(correction=correction, by=request.user, now=timezone.now())
        except RefusedError as error:
            return refused(request, self, correction, str(error))
        except access.DeniedError:
            return refused(request, self, correction, _("Editors of the force's office discard it."))
        self.message_user(request, _("Discarded. It stays on file, and nothing has changed."))
        return HttpResponseRedirect(change_address(correction))

    # Proposing

    def propose_view(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        """Offer the fields of a public record with their values, and propose what changes."""
        record = record_or_404(request, label, pk)
        names = correctable(type(record))
        if not names:
            raise Http404
        if not access.may(desk_of(request.user), Verb.CORRECT, record):
            public = access.is_public(record)
            words = (
                _("Editors of the force's office correct it.")
                if public
                else _("This is not public yet: edit it as it stands.")
            )
            return refused(request, self, record, words)
        return self._propose(request, record, names, _("Correct"))

    def add_view_of(self, request: HttpRequest, inspection: int, label: str) -> HttpResponse:
        """Offer a grade or a report that a published inspection lacks."""
        held = record_or_404(request, "grades.inspection", inspection)
        model = {"grades.grade": Grade, "grades.report": Report}.get(label)
        if model is None:
            raise Http404
        record = model(inspection=held)
        if not access.may(desk_of(request.user), Verb.CORRECT, record):
            return refused(
                request, self, held, _("Only editors add to it, and by a correction only once it is public.")
            )
        return self._propose(request, record, addable(model), _("Add what is missing"))

    def _propose(
        self, request: HttpRequest, record: models.Model, names: tuple[str, ...], title: str
    ) -> HttpResponse:
        """Show the form, or write the proposal down and lead to its submission."""
        model = type(record)
        if record.pk is not None:
            # The form writes into what it is given; the stored record stays as it is.
            now = rows_of(model).get(pk=record.pk)
        else:
            now = record
        edit_class = self._form(request, now, names)
        sent = request.method == "POST"
        edit = edit_class(request.POST if sent else None, instance=now, prefix="record")
        why = self._why_form(request)
        shown = [(edit[name], self._present(record, name)) for name in edit.fields]
        if sent and all([edit.is_valid(), why.is_valid()]):
            columns = [options(model).get_field(name).attname for name in edit.fields]  # type: ignore[union-attr]  # concrete ones
            if record.pk is None:
                columns.append("inspection_id")
            try:
                made = propose(
                    record=record if record.pk is not None else model(inspection=record.inspection),  # type: ignore[attr-defined]  # a grade or a report
                    after=plain(edit.instance, columns),
                    reason=why.cleaned_data["reason"],
                    source=why.cleaned_data["source"],
                    by=request.user,
                    now=timezone.now(),
                )
            except RefusedError as error:
                why.add_error(None, str(error))
            else:
                words = _("Proposed. Nothing has changed yet: submit it, and a second person approves.")
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(
                    reverse("admin:grades_submission_submit", args=["grades.correction", made.pk])
                )
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(record if record.pk is not None else record.inspection),  # type: ignore[attr-defined]  # likewise
            "opts": options(model),
            "record": record,
            "shown": shown,
            "edit": edit,
            "why": why,
            "media": self.media + edit.media + why.media,
        }
        return TemplateResponse(request, "admin/grades/propose.html", context, status=422 if sent else 200)

    def _form(self, request: HttpRequest, record: models.Model, names: tuple[str, ...]) -> Any:
        """Make the form of a record's fields, with the choices that its own form offers."""
        model_admin = self.admin_site.get_model_admin(type(record))

        def field_of(db_field: Any, **kwargs: Any) -> forms.Field | None:
            held = getattr(record, "inspection", None)
            if isinstance(record, (Grade, Report)) and held is not None:
                kwargs |= _choices_of(held, record, db_field.name)
            field: forms.Field | None = model_admin.formfield_for_dbfield(db_field, request=request, **kwargs)
            if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget = field.widget.widget  # a correction chooses; it adds, edits and deletes nothing
            return field

        return modelform_factory(type(record), fields=list(names), formfield_callback=field_of)

    def _why_form(self, request: HttpRequest) -> forms.ModelForm:
        """Make the form of reason and source."""
        form = WhyForm(request.POST if request.method == "POST" else None, prefix="why")
        source: Any = options(Correction).get_field("source")
        form.fields["source"].widget = LookedUp(source, self.admin_site)
        form.fields["source"].widget.choices = form.fields["source"].choices  # type: ignore[attr-defined]  # a choice
        form.fields["reason"].widget.attrs |= {"class": "vLargeTextField", "rows": 4}
        return form

    @staticmethod
    def _present(record: models.Model, name: str) -> str:
        """Write the value of now."""
        if record.pk is None:
            return EMPTY
        column = options(type(record)).get_field(name).attname  # type: ignore[union-attr]  # a concrete one
        return told.value_in_words(type(record), column, plain(record, [column])[column])


def _choices_of(inspection: Inspection, record: models.Model, name: str) -> dict[str, Any]:
    """Narrow the questions and reports of a grade to those of its inspection; of questions, to those without a grade."""
    if name == "question" and isinstance(record, Grade):
        taken = Grade.objects.filter(inspection=inspection).values("question")
        rows = Question.objects.filter(cycle=inspection.cycle_id).exclude(pk__in=taken)
        ordered = rows.select_related("cycle", "pillar").order_by("order", "pk")
        return {"queryset": ordered, "form_class": QuestionOfCycle, "widget": forms.Select}
    if name == "report":
        reports = Report.objects.filter(inspection=inspection).order_by("published_on", "pk")
        return {"queryset": reports, "form_class": ReportOfInspection, "widget": forms.Select}
    return {}
