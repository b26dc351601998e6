"""The small form that every record of a report begins with: which force, which cycle."""

from __future__ import annotations

from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grades import access
from grades.admin.recording.todo import next_steps
from grades.models import Cycle, Force, Inspection
from grades.scales import InspectionKind, Role, Status


class StartForm(forms.Form):
    """Force, cycle and kind; only the forces that somebody edits are offered."""

    force = forms.ModelChoiceField(Force.objects.none(), label=gettext_lazy("Force"))
    cycle = forms.ModelChoiceField(Cycle.objects.none(), label=gettext_lazy("Cycle"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=InspectionKind.choices, initial=InspectionKind.PEEL
    )

    def __init__(self, *args: Any, desk: access.Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forces = access.visible(Force.objects.order_by("official_name"), desk)
        if not desk.national:
            edited = [force for force in desk.forces if desk.at_least(Role.EDITOR, force)]
            forces = forces.filter(pk__in=edited)
        fields: Any = self.fields
        fields["force"].queryset = forces
        fields["cycle"].queryset = Cycle.objects.order_by("-order")
        if len(forces) == 1:
            fields["force"].initial = forces[0].pk
        newest = Cycle.objects.filter(questions_complete=True).order_by("-order").first()
        fields["cycle"].initial = newest.pk if newest else None
        first = "cycle" if len(forces) == 1 else "force"
        fields[first].widget.attrs["autofocus"] = True


def start(request: HttpRequest) -> HttpResponse:
    """Ask for force and cycle, and lead to the screen of that inspection, which is made where there is none."""
    desk = access.desk_of(request.user)
    access.need(desk, access.Verb.ADD, Inspection)
    form = StartForm(request.POST or None, desk=desk, initial=request.GET.dict())
    public: Inspection | None = None
    if request.method == "POST" and form.is_valid():
        inspection, made = open_or_make(request, **form.cleaned_data)
        if made or inspection.status == Status.DRAFT:
            if not made:
                messages.info(request, _("This draft was begun already; here it is."))
            return HttpResponseRedirect(reverse("admin:grades_inspection_record", args=[inspection.pk]))
        public = inspection
    context = {
        **admin.site.each_context(request),
        "title": _("Record a report"),
        "form": form,
        "found": public,
        "next_steps": next_steps(public, desk) if public else [],
        "media": form.media,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/grades/inspection/record_start.html", context)


def open_or_make(request: HttpRequest, force: Force, cycle: Cycle, kind: str) -> tuple[Inspection, bool]:
    """Give the inspection, and whether it was made just now; two editors who ask at once get the same one."""
    access.need(
        access.desk_of(request.user), access.Verb.ADD, Inspection(force=force, cycle=cycle, kind=kind)
    )
    with transaction.atomic(), pghistory.context(user=request.user.pk, why="recorded"):
        return Inspection.objects.get_or_create(force=force, cycle=cycle, kind=kind)
