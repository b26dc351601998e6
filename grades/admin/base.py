"""What all lists and forms share: work lists, counts without a query a row, and refusals of the database in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import (
    AdminTextInputWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, DataError, IntegrityError, models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce
from django.forms.models import ModelChoiceField, _get_foreign_key
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from grades import access
from grades.access import Desk, Verb, desk_of
from grades.admin import history, told, versions
from grades.admin.values import EMPTY
from grades.dates import PartialDate, Precision
from grades.models import Submission
from grades.models.base import Publishable, options, rows_of
from grades.publishing import correctable, note_direct_edit
from grades.publishing.plain import label_of
from grades.scales import Status

Words = Any
"""A text, or one that is translated when it is shown, which has no public type."""

NAME_LENGTH = 18
"""How many words of a record's name stand in a list."""

LONG_TEXT = 160
"""From this many letters on, a text gets a line of its own width."""

TRIGGERS: Mapping[str, Words] = {
    "grade_question_of_its_cycle": _("A grade's question must belong to the cycle of its inspection."),
    "grade_level_on_its_scale": _("The four-tier scale has no adequate."),
    "grade_question_is_graded": _("A question that is not graded for any force carries no grade."),
    "grade_report_of_its_inspection": _("A grade's report must belong to the same inspection."),
    "grade_carried_from_earlier": _("A grade is carried forward from an earlier cycle."),
    "grade_still_fits": _("Grades are recorded that this change would contradict."),
    "finding_inspection_of_its_force": _("A finding and its inspection are about the same force."),
    "finding_question_of_its_cycle": _("A finding's question must belong to the cycle of its inspection."),
    "finding_parent_is_a_cause": _("A recommendation answers a cause of concern."),
    "finding_others_of_its_force": _("A finding answers or continues only findings about the same force."),
    "finding_keeps_its_followers": _(
        "Findings that answer or continue this one would contradict the change."
    ),
    "question_keeps_its_findings": _("Findings are recorded that this change would contradict."),
    "question_link_goes_forward": _("A question follows one of an earlier cycle."),
    "question_link_still_goes_forward": _(
        "Links between questions are recorded that this change would turn round."
    ),
    "citation_level_on_its_scale": _("The four-tier scale has no adequate."),
    "citation_carried_from_earlier": _("A grade is carried forward from an earlier cycle."),
    "grade_definition_level_on_its_scale": _("The four-tier scale has no adequate."),
    "cycle_keeps_its_definitions": _("A meaning of adequate is recorded, which four tiers lack."),
    "mention_inspection_of_its_force": _("A mention and its inspection are about the same force."),
    "inspection_keeps_its_findings": _(
        "Findings or mentions are recorded that this change would contradict."
    ),
    "log_unbroken": _("Somebody published at the same moment. Nothing was changed; try again."),
}
"""The editor's sentence for each rule that a trigger holds; constraints bring their own."""


def in_words(error: DatabaseError) -> Words:
    """Say why the database refused, in the sentence of the rule that it names."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name: str = getattr(diagnosis, "constraint_name", None) or ""
    rules = {rule.name: rule for model in apps.get_models() for rule in options(model).constraints}
    if name in rules:
        return rules[name].get_violation_error_message()
    if name in TRIGGERS:
        return TRIGGERS[name]
    return _(
        "The database did not accept this: another record may have changed meanwhile. Look again and retry."
    )


def shown_date(day: date | None, precision: str = Precision.DAY) -> str:
    """Write a date as far as it is known: 28 June 2022, June 2022 or 2022."""
    if day is None:
        return EMPTY
    formats = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
    return date_format(day, formats[Precision(precision)])


def partial_date(known: PartialDate | None) -> str:
    """Write a partial date."""
    return EMPTY if known is None else shown_date(known.first, known.precision)


def link(address: str, text: Words | None = None) -> SafeString | str:
    """Make a link to another site, or show that there is none."""
    if not address:
        return EMPTY
    return format_html('<a href="{}" rel="noreferrer">{}</a>', address, text or _("open"))


def list_link(model: type[models.Model], text: Words, **lookup: Any) -> SafeString:
    """Make a link to the list of another model, narrowed to what hangs on a record."""
    address = reverse(f"admin:{label_of(model).replace('.', '_')}_changelist", query=lookup)
    return format_html('<a href="{}">{}</a>', address, text)


def count_of(related: QuerySet[Any], by: str, to: str = "pk") -> Coalesce:
    """Count what hangs on each row of a list, or on what the row names in `to`, inside the list's own query."""
    counted = related.filter(**{by: OuterRef(to)}).order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


Pick = Callable[[Any], Any]


def where(*conditions: Any) -> Pick:
    """Make the choice of a work list from plain conditions."""
    return lambda queryset: queryset.filter(*conditions)


@dataclass(frozen=True, slots=True)
class ForDesk:
    """The choice of a work list that depends on who asks."""

    pick: Callable[[Any, Desk], Any]


class WorkList(admin.SimpleListFilter):
    """A filter whose choices are named after unfinished work."""

    title = _("still to do")
    parameter_name = "todo"
    tasks: ClassVar[Mapping[str, tuple[Any, Pick | ForDesk]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the tasks."""
        return [(name, label) for name, (label, _pick) in self.tasks.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what the chosen task is about."""
        return self.keep(self.value() or "", queryset, request)

    @classmethod
    def keep(cls, task: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Keep what a task is about; anything that is no task keeps all."""
        if task not in cls.tasks:
            return queryset
        pick = cls.tasks[task][1]
        found = pick.pick(queryset, desk_of(request.user)) if isinstance(pick, ForDesk) else pick(queryset)
        kept: QuerySet[Any] = found
        return kept


def drafts(noun: Words) -> dict[str, tuple[Any, Pick | ForDesk]]:
    """Make the task of a list whose records are drafts before they are public."""
    return {"draft": (noun, where(Q(status=Status.DRAFT)))}


class ByRelated(admin.RelatedFieldListFilter):
    """A filter by the rows of a small table, which are read once a page: the list builds its filters several times."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """Give the rows of the table."""
        read: dict[str, list[tuple[Any, Any]]] = request.META.setdefault("grades.choices", {})
        if self.field_path not in read:
            seen = access.visible(rows_of(field.related_model), desk_of(request.user))
            ordering = self.field_admin_ordering(field, request, model_admin)
            read[self.field_path] = list(
                field.get_choices(
                    include_blank=False, ordering=ordering, limit_choices_to=Q(pk__in=seen.values("pk"))
                )
            )
        return read[self.field_path]

    def has_output(self) -> bool:
        """Offer even a single row, so that the list stays the same as the record grows."""
        return bool(self.lookup_choices)


def _numbers(value: Any) -> list[Any]:
    """Keep of what a field was sent what can be the number of a record; the field itself says what is wrong with the rest."""
    return [one for one in value if str(one).isascii() and str(one).isdigit() and len(str(one)) < 19]


class LookedUp(AutocompleteSelect):
    """A choice that is looked up while the editor types, and is shown again whatever was sent for it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Give what is chosen."""
        return super().optgroups(name, _numbers(value), attr)


class SeveralLookedUp(AutocompleteSelectMultiple):
    """Several such choices."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Give what is chosen."""
        return super().optgroups(name, _numbers(value), attr)


class RecordFields:
    """How fields are edited: small tables are read once a form set, not once a row, and addresses are secure ones."""

    autocomplete_fields: ClassVar[Any] = ()
    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}
    wide = True

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Give a title or a sentence the width of its text."""
        if self.wide and type(db_field) is models.CharField and (db_field.max_length or 0) >= LONG_TEXT:
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "vLargeTextField"})
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin's super is the admin's
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer what the person may see: as a list, unless the field asks for its choices while the editor types."""
        self._narrow(db_field, request, kwargs)
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", LookedUp(db_field, self.admin_site))  # type: ignore[attr-defined]  # the admin's
        field: ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # likewise
        if field is not None and db_field.name not in self.autocomplete_fields:
            field.choices = list(field.choices)  # type: ignore[arg-type]  # an iterator, not a callable
        return field

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer what the person may see."""
        self._narrow(db_field, request, kwargs)
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", SeveralLookedUp(db_field, self.admin_site))  # type: ignore[attr-defined]  # likewise
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # likewise

    @staticmethod
    def _narrow(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        """Keep of the choices what the person may see."""
        model = db_field.related_model
        if options(model).app_label == "grades":
            given = kwargs.get("queryset")
            rows = rows_of(model) if given is None else given
            kwargs["queryset"] = access.visible(rows, desk_of(request.user))


def _told(change: versions.Change) -> str:
    """Say what somebody else has changed."""
    said = {
        "who": change.who,
        "time": date_format(timezone.localtime(change.when), "H:i"),
        "record": options(change.model).verbose_name,
        "field": change.field,
        "was": change.was,
        "now": change.now,
    }
    if not change.column:
        return _("%(who)s, %(time)s: %(record)s %(now)s.") % said
    return _("%(who)s, %(time)s: %(record)s, %(field)s from “%(was)s” to “%(now)s”.") % said


NOT_OPEN = _(
    "What this belongs to is public or submitted, or is not yours to edit. "
    "What is public changes through a correction."
)


def as_it_was(record: models.Model) -> bool:
    """Say whether what decides on editing a record still stands as it was read; it is locked until the record is saved."""
    for deciding in access.deciding(record):
        stored = rows_of(type(deciding)).select_for_update(of=("self",)).filter(pk=deciding.pk)
        if deciding.pk is not None and stored.values_list("status", flat=True).first() != deciding.status:
            return False
    return True


class RefusableForm(forms.ModelForm):
    """A form that knows who fills it in, and fails with the database's reason where there is one."""

    desk: ClassVar[Desk] = access.NOBODY
    refusal: ClassVar[Any] = None

    def clean(self) -> dict[str, Any] | None:
        """Add the database's reason."""
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(None, self.refusal)
        return cleaned


class RecordForm(RefusableForm):
    """The form of a record, which also knows the version that was shown, and what may belong to what."""

    inlines: ClassVar[tuple[tuple[type[models.Model], str], ...]] = ()

    version_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and not self.is_bound and self._watched():
            self.initial["version_seen"] = versions.version_of(self._watched())

    def _watched(self) -> list[versions.Watched]:
        """Name what the form shows: the record, and the rows under it."""
        number = self.instance.pk
        rows = [(type(self.instance), "pgh_obj"), *self.inlines]
        return [
            versions.Watched(model=model, rows={column: number})
            for model, column in rows
            if history.keeps_history(model)
        ]

    def clean(self) -> dict[str, Any] | None:
        """Refuse to write over what somebody else saved meanwhile, and to what went on its way to the public meanwhile."""
        cleaned = super().clean()
        if self.instance.pk is not None and not as_it_was(self.instance):
            self.add_error(None, NOT_OPEN)
        seen = self.cleaned_data.get("version_seen")
        if self.instance.pk is not None and seen:
            self._refuse_to_write_over(seen)
        return cleaned

    def _refuse_to_write_over(self, seen: str) -> None:
        """Tell who comes second what the first has saved. The lock lets nobody in between the look and the saving."""
        rows_of(type(self.instance)).select_for_update(of=("self",)).filter(pk=self.instance.pk).values_list(
            "pk"
        ).first()
        watched = self._watched()
        if not watched or versions.version_of(watched) == seen:
            return
        self.add_error(None, _("Somebody else saved this meanwhile; nothing of yours is written yet."))
        for change in versions.changes_since(watched, seen):
            self.add_error(None, _told(change))
        self.add_error(None, _("What you typed still stands below. Save again to write it over theirs."))
        # What was typed stays; with the version of now beside it, saving again is meant.
        typed: Any = self.data.copy()  # type: ignore[attr-defined]  # what a request has sent
        typed[self.add_prefix("version_seen")] = versions.version_of(watched)
        self.data = typed

    def _post_clean(self) -> None:
        """Refuse a record that would belong to something out of reach, or to something public."""
        super()._post_clean()  # type: ignore[misc]  # Django's, without a public type
        if self.errors:
            return
        adding = self.instance._state.adding  # noqa: SLF001  a documented name
        verb = Verb.ADD if adding else Verb.CHANGE
        if not (access.may(self.desk, verb, self.instance) and as_it_was(self.instance)):
            self.add_error(None, NOT_OPEN)


class RecordAdmin(RecordFields, admin.ModelAdmin):
    """The admin of one model: access.py says who may do what, and the database's refusals are errors of the form."""

    form: Any = RecordForm
    empty_value_display = EMPTY
    list_per_page = 50
    save_on_top = True
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False
    object_history_template = "admin/grades/object_history.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep what the person may see: for lists, forms, histories and choices alike."""
        return access.visible(super().get_queryset(request), desk_of(request.user))

    def own_url(self, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """Give a view of this admin its address, for those who are signed in; `name` is the last part of its name."""
        return path(route, self.admin_site.admin_view(view), name=f"grades_{self.opts.model_name}_{name}")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Give a record; one that is out of reach does not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def may(self, request: HttpRequest, verb: Verb, record: models.Model | None = None) -> bool:
        """Ask whether the person may do something with this kind of record, or with one record."""
        return access.may(desk_of(request.user), verb, self.model if record is None else record)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the list of lists to members."""
        return desk_of(request.user).member

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether it may be seen."""
        return self.may(request, Verb.VIEW, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask whether one may be added."""
        return self.may(request, Verb.ADD)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether it may be edited in place, which nobody may with what is public."""
        return self.may(request, Verb.CHANGE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether it may be deleted, which holds for drafts alone."""
        return self.may(request, Verb.DELETE, obj)

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Ask whether the person may confirm grades."""
        return self.may(request, Verb.CHECK)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Leave the status to the steps of publishing."""
        machine = ("status", "published_at") if issubclass(self.model, Publishable) else ()
        return [*super().get_readonly_fields(request, obj), *machine]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let nobody ask a list what hangs on its rows, which may be another office's draft."""
        first = lookup.partition(LOOKUP_SEP)[0]
        hangs_on = {field.name for field in options(self.model).related_objects}
        return first not in hangs_on and super().lookup_allowed(lookup, value, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the whole list from an address that asks for what cannot be, such as the year 0, as Django does elsewhere."""
        try:
            return super().changelist_view(request, extra_context)
        except (ValueError, OverflowError, DataError):
            if request.method == "POST" or ERROR_FLAG in request.GET:
                raise
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, with the reason, when the database refuses what validation let pass.

        Only what no form can see comes here: rows of one inline that exclude each other, rules of a row and its parent,
        rules that triggers hold, and what somebody else saved a moment ago.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, DataError) as error:
            request.META["grades.refusal"] = in_words(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Add what may be done with the record besides editing it, and how it stands to the public."""
        if obj is not None and change:
            context["steps"] = self.steps(request, obj)
            context["standing"] = self.standing(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take from the address what a new record begins with; a record that it names by no number is left out."""
        given = super().get_changeform_initial_data(request)
        links = {field.name for field in options(self.model).concrete_fields if field.many_to_one}
        return {name: value for name, value in given.items() if name not in links or str(value).isdecimal()}

    def steps(self, request: HttpRequest, record: models.Model) -> list[tuple[str, Any]]:
        """Give the addresses and names of what else may be done with a record."""
        found: list[tuple[str, Any]] = []
        label = label_of(record)
        if self.may(request, Verb.SUBMIT, record):
            found.append(
                (
                    reverse("admin:grades_submission_submit", args=[label, record.pk]),
                    _("Submit for publication"),
                )
            )
        if self.may(request, Verb.CORRECT, record) and correctable(type(record)):
            found.append((reverse("admin:grades_correction_propose", args=[label, record.pk]), _("Correct")))
        return found

    def standing(self, request: HttpRequest, record: models.Model) -> dict[str, Any]:
        """Say how a record stands: public or submitted, and what was corrected or is about to be."""
        owner = access.owner_of(record)
        found: dict[str, Any] = {"public": access.is_public(record)}
        if isinstance(owner, Publishable):
            found["status"] = owner.get_status_display()
            if owner.status == Status.SUBMITTED:
                found["submission"] = Submission.objects.of(owner).open().first()
        if correctable(type(record)):
            found["corrections"] = told.corrections_of(record)
        return found

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Make the form's class, which knows who fills it in and fails with the database's reason where there is one."""
        form = super().get_form(request, obj, change, **kwargs)
        known = {
            "desk": desk_of(request.user),
            "refusal": request.META.get("grades.refusal"),
            "inlines": tuple(
                (inline.model, inline.parent_key)
                for inline in self.get_inline_instances(request, obj)
                if isinstance(inline, Inline)
            ),
        }
        bases = (form,) if issubclass(form, RefusableForm) else (RefusableForm, form)
        return type(form.__name__, bases, known)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        """Save, and tell the public log of what is public at once."""
        super().save_model(request, obj, form, change)
        chosen = {
            field.name: ", ".join(sorted(str(row) for row in form.cleaned_data[field.name]))
            for field in options(type(obj)).many_to_many
            if field.name in form.changed_data
        }
        note(request, obj, form.changed_data, added=not change, chosen=chosen, before=form.initial)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows, and tell the public log of those that are public at once."""
        super().save_formset(request, form, formset, change)
        before = {form.instance.pk: form.initial for form in formset.initial_forms}
        for row, changed in formset.changed_objects:
            note(request, row, changed, added=False, before=before[row.pk])
        for row in formset.new_objects:
            note(request, row, [field.name for field in options(type(row)).concrete_fields], added=True)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete a draft; for anything else say why it stays."""
        record = self.get_object(request, unquote(object_id))
        if self.has_view_permission(request, record) and not self.has_delete_permission(request, record):
            return refused(
                request,
                self,
                record,
                _("Only drafts are deleted. What has been public or carries a history stays for good."),
            )
        return super().delete_view(request, object_id, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show who changed what, when and why, newest first."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        page = history.page(record, request.GET.get("p", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "opts": self.opts,
            "object": record,
            "module_name": self.opts.verbose_name_plural,
            "page": page,
            "entries": history.entries(page.object_list) if page else [],
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """The history of the row tells it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """The history of the row tells it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The history of the rows tells it."""


def refused(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    record: models.Model,
    words: Words,
    *,
    status: int = 403,
) -> HttpResponse:
    """Say in words why something is not done."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("This is not done"),
        "opts": model_admin.opts,
        "object": record,
        "words": words,
    }
    return TemplateResponse(request, "admin/grades/refused.html", context, status=status)


def note(
    request: HttpRequest,
    record: models.Model,
    fields: Iterable[str],
    *,
    added: bool,
    chosen: Mapping[str, str] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Tell the public log of an edit that is public at once. Call inside the transaction of the edit.

    `chosen` names, by field, what a record was connected with where that stands in no column of its own; `before` is what
    the form began with.
    """
    columns = {field.name: field.attname for field in options(type(record)).concrete_fields}
    changed = [columns[name] for name in fields if name in columns and name != "id"]
    if (changed or chosen) and access.is_public_at_once(record):
        note_direct_edit(
            record=record,
            changed=changed,
            added=added,
            by=request.user,
            now=timezone.now(),
            chosen=chosen,
            before={
                columns[name]: value for name, value in (before or {}).items() if columns.get(name) in changed
            },
        )


class ReadOnlyAdmin(RecordAdmin):
    """The admin of what only machines write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Machines add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody deletes."""
        return False


class AboutAdmin(ReadOnlyAdmin):
    """The admin of what is about other records, of any kind; its list names them, with one query for each kind."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read what the rows of the page are about along with them."""
        found = super().get_changelist_instance(request)
        by_kind: dict[str, set[int]] = defaultdict(set)
        for row in found.result_list:
            if row.object_id is not None:
                by_kind[row.what].add(row.object_id)
        for what, numbers in by_kind.items():
            model = apps.get_model(what)
            needed: Any = self.admin_site.get_model_admin(model).list_select_related
            rows = rows_of(model).select_related(*(needed or [None])).in_bulk(list(numbers))
            for row in found.result_list:
                if row.what == what:
                    row.about = rows.get(row.object_id)
        return found

    @admin.display(description=_("what"), ordering="what")
    def record_name(self, row: Any) -> str:
        """Name the record, or its kind where there is none yet, or none any more."""
        kind = options(apps.get_model(row.what)).verbose_name
        about = getattr(row, "about", None)
        return str(capfirst(Truncator(f"{kind}: {about}" if about else str(kind)).words(NAME_LENGTH)))


class Inline(RecordFields, InlineModelAdmin):
    """What hangs on a record; `select` names what a row's own title needs."""

    extra = 0
    show_change_link = True
    select: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep what the person may see, and read what the titles of the rows need along with the rows."""
        rows = super().get_queryset(request).select_related(*self.select)
        return access.visible(rows, desk_of(request.user))

    @property
    def parent_key(self) -> str:
        """Name the column of a row that names the record it hangs on."""
        key: str = _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name).attname
        return key

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether rows may be seen."""
        return access.may(desk_of(request.user), Verb.VIEW, self.model)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether rows may be added to this record."""
        return self._may(request, Verb.ADD, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether the rows of this record may be edited, which holds for drafts alone."""
        return self._may(request, Verb.CHANGE, obj) and self._all_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask whether the rows of this record may be deleted, which holds for drafts alone."""
        return self._may(request, Verb.DELETE, obj) and self._all_open(request, obj)

    def _may(self, request: HttpRequest, verb: Verb, parent: models.Model | None) -> bool:
        desk = desk_of(request.user)
        return access.may(desk, verb, self.model) and (
            parent is None or parent.pk is None or access.may(desk, Verb.CHANGE, parent)
        )

    def _all_open(self, request: HttpRequest, parent: models.Model | None) -> bool:
        """Say whether no row is public or submitted, or about to go public with another; asked once a request."""
        if parent is None or parent.pk is None or not issubclass(self.model, Publishable):
            return True
        key = f"grades.open.{options(self.model).model_name}.{self.parent_key}.{parent.pk}"
        if key not in request.META:
            rows = rows_of(self.model).filter(**{self.parent_key: parent.pk}).select_related(*self.select)
            request.META[key] = all(access.is_open(row) for row in rows)
        return bool(request.META[key])

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Leave out the icons that change or delete what a row names: a row is for choosing it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class InlineRows(Inline, admin.TabularInline):
    """What hangs on a record, a row each, where it is narrow."""

    wide = False


class InlineBlocks(Inline, admin.StackedInline):
    """What hangs on a record, a block each, where a row would be wider than a page."""
