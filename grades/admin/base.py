"""What all lists and forms share: work lists, counts without a query a row, and refusals of the database in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.db import DatabaseError, DataError, IntegrityError, models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades.dates import PartialDate, Precision
from grades.importers.constraints import options

Words = Any
"""A text, or one that is translated when it is shown, which has no public type."""

EMPTY = "–"

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
    address = reverse(f"admin:{options(model).label_lower.replace('.', '_')}_changelist", query=lookup)
    return format_html('<a href="{}">{}</a>', address, text)


def count_of(related: QuerySet[Any], by: str, to: str = "pk") -> Coalesce:
    """Count what hangs on each row of a list, or on what the row names in `to`, inside the list's own query."""
    counted = related.filter(**{by: OuterRef(to)}).order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


Pick = Callable[[Any], Any]


def where(*conditions: Any) -> Pick:
    """Make the choice of a work list from plain conditions."""
    return lambda queryset: queryset.filter(*conditions)


class WorkList(admin.SimpleListFilter):
    """A filter whose choices are named after unfinished work."""

    title = _("still to do")
    parameter_name = "todo"
    tasks: ClassVar[Mapping[str, tuple[Any, Pick]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the tasks."""
        return [(name, label) for name, (label, _pick) in self.tasks.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what the chosen task is about."""
        chosen = self.tasks.get(self.value() or "")
        return chosen[1](queryset) if chosen else queryset


class ByRelated(admin.RelatedFieldListFilter):
    """A filter by the rows of a small table, which are read once a page: the list builds its filters several times."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """Give the rows of the table."""
        read: dict[str, list[tuple[Any, Any]]] = request.META.setdefault("grades.choices", {})
        if self.field_path not in read:
            read[self.field_path] = list(super().field_choices(field, request, model_admin))
        return read[self.field_path]

    def has_output(self) -> bool:
        """Offer even a single row, so that the list stays the same as the record grows."""
        return bool(self.lookup_choices)


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
        """Give the field its choices as a list, unless it asks for them while the editor types."""
        field: ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # likewise
        if field is not None and db_field.name not in self.autocomplete_fields:
            field.choices = list(field.choices)  # type: ignore[arg-type]  # an iterator, not a callable
        return field


class RecordAdmin(RecordFields, admin.ModelAdmin):
    """The admin of one model, in which the database's refusals are errors of the form."""

    empty_value_display = EMPTY
    list_per_page = 50
    save_on_top = True
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False

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

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Make the form's class, which fails with the database's reason where there is one."""
        form = super().get_form(request, obj, change, **kwargs)
        refusal = request.META.get("grades.refusal")
        if refusal is None:
            return form

        class Refused(form):  # type: ignore[valid-type, misc]  # a class made just above
            """The same form, which knows that the database has refused."""

            def clean(self) -> dict[str, Any] | None:
                """Add the database's reason."""
                cleaned = super().clean()
                self.add_error(None, refusal)
                return cleaned

        return Refused


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


class Inline(RecordFields, InlineModelAdmin):
    """What hangs on a record; `select` names what a row's own title needs."""

    extra = 0
    show_change_link = True
    select: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read what the titles of the rows need along with the rows."""
        return super().get_queryset(request).select_related(*self.select)

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
