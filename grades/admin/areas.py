"""Areas, forces, their names, their councils, and the bodies that hold them to account."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from grades.admin.base import (
    InlineBlocks,
    InlineRows,
    RecordAdmin,
    WorkList,
    count_of,
    list_link,
    shown_date,
    where,
)
from grades.admin.values import EMPTY
from grades.models import (
    Area,
    Council,
    Force,
    ForceName,
    Inspection,
    Observation,
    PolicingBody,
    RequiredItem,
    SimilarGroup,
    Tenure,
)
from grades.scales import AreaKind, RequiredKind


@admin.register(Area)
class AreaAdmin(RecordAdmin):
    """What figures are about."""

    class Work(WorkList):
        """Areas that lack something."""

        tasks = {
            "without-figure": (
                _("without a figure"),
                where(~Exists(Observation.objects.filter(area=OuterRef("pk")))),
            ),
            "without-force": (
                _("force area without a force"),
                where(Q(kind=AreaKind.FORCE, force__isnull=True)),
            ),
            "without-members": (
                _("counted together, but which forces?"),
                where(Q(kind=AreaKind.ALLIANCE, members__isnull=True)),
            ),
        }

    list_display = ["name", "kind", "slug", "policed_by", "figures"]
    list_filter = [Work, "kind"]
    list_select_related = ["force"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["members"]
    ordering = ["kind", "name", "pk"]
    fields = ["name", "slug", "kind", "members"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        """Count the figures of each area along with it."""
        return (
            super().get_queryset(request).annotate(figure_count=count_of(Observation.objects.all(), "area"))
        )

    @admin.display(description=_("policed by"), ordering="force__official_name")
    def policed_by(self, area: Area) -> str:
        """Name the force whose area it is."""
        return area.force.official_name if hasattr(area, "force") else EMPTY

    @admin.display(description=_("figures"), ordering="figure_count")
    def figures(self, area: Any) -> int:
        """Count its figures."""
        count: int = area.figure_count
        return count


_START = ("valid_from", "valid_from_precision")
_END = ("valid_to", "valid_to_precision")


class ForceNameInline(InlineRows):
    """The spellings of a force's name."""

    model = ForceName
    fields = ["name", "valid_from", "valid_to", "seen_in"]
    ordering = ["valid_from", "name", "pk"]
    select = ("force",)


class TenureInline(InlineBlocks):
    """The bodies that held a force to account, one after the other."""

    model = Tenure
    fields = ["body", _START, _END, "note"]
    autocomplete_fields = ["body"]
    ordering = ["valid_from", "pk"]
    select = ("force", "body")


class BodyTenureInline(InlineBlocks):
    """The forces that a body holds or held to account; each force has one body at a time, a body may have several."""

    model = Tenure
    fields = ["force", _START, _END, "note"]
    autocomplete_fields = ["force"]
    ordering = ["valid_from", "pk"]
    select = ("force", "body")


@admin.register(Force)
class ForceAdmin(RecordAdmin):
    """The forces, with what each of them still lacks."""

    class Work(WorkList):
        """Forces that lack something."""

        tasks = {
            "without-body": (
                _("without a policing body today"),
                lambda forces: forces.filter(
                    Q(valid_to__isnull=True),
                    ~Exists(Tenure.objects.on(timezone.localdate()).filter(force=OuterRef("pk"))),
                ),
            ),
            "without-council": (
                _("without a council"),
                where(~Exists(Council.objects.filter(force=OuterRef("pk")))),
            ),
            "without-inspection": (
                _("without an inspection"),
                where(~Exists(Inspection.objects.filter(force=OuterRef("pk")))),
            ),
            "without-figure": (
                _("without a figure"),
                where(~Exists(Observation.objects.filter(area=OuterRef("area")))),
            ),
            "required-unknown": (
                _("with required information that nobody has looked for"),
                lambda forces: forces.alias(looked_for=count_of(RequiredItem.objects.all(), "force")).filter(
                    valid_to__isnull=True, looked_for__lt=len(RequiredKind)
                ),
            ),
            "without-successor": (
                _("ended, without a successor"),
                where(Q(valid_to__isnull=False, successor__isnull=True)),
            ),
        }

    list_display = ["official_name", "nation", "region", "body", "councils_counted", "inspections_counted"]
    list_filter = [Work, "nation", "region"]
    search_fields = ["official_name", "short_name", "slug", "ons_code", "names__name"]
    search_help_text = _("By any spelling of the name, by slug or by ONS code.")
    autocomplete_fields = ["area", "successor"]
    readonly_fields = ["councils", "inspections"]
    ordering = ["official_name", "pk"]
    inlines = [ForceNameInline, TenureInline]
    fieldsets = [
        (None, {"fields": ["official_name", "short_name", "slug"]}),
        (_("Where it is"), {"fields": ["area", "ons_code", ("nation", "region"), "rates_compare"]}),
        (_("When it exists"), {"fields": [("valid_from", "valid_to"), "successor"]}),
        (_("What hangs on it"), {"fields": ["councils", "inspections"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Force]:
        """Count what hangs on each force, and name its body of today, along with it."""
        body = (
            Tenure.objects.on(timezone.localdate())
            .filter(force=OuterRef("pk"))
            .order_by("pk")
            .values("body__name")[:1]
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                body_today=Subquery(body),
                council_count=count_of(Council.objects.all(), "force"),
                inspection_count=count_of(Inspection.objects.all(), "force"),
            )
        )

    @admin.display(description=_("policing body today"), ordering="body_today", empty_value=EMPTY)
    def body(self, force: Any) -> str | None:
        """Name who holds it to account today."""
        name: str | None = force.body_today
        return name

    @admin.display(description=_("councils"), ordering="council_count")
    def councils_counted(self, force: Any) -> int:
        """Count its councils."""
        count: int = force.council_count
        return count

    @admin.display(description=_("inspections"), ordering="inspection_count")
    def inspections_counted(self, force: Any) -> int:
        """Count its inspections."""
        count: int = force.inspection_count
        return count

    @admin.display(description=_("councils"))
    def councils(self, force: Any) -> SafeString | str:
        """Count its councils and lead to them."""
        if force.pk is None:
            return EMPTY
        count = force.council_count
        return list_link(
            Council,
            ngettext("%(count)d council", "%(count)d councils", count) % {"count": count},
            force__id__exact=force.pk,
        )

    @admin.display(description=_("inspections"))
    def inspections(self, force: Any) -> SafeString | str:
        """Count its inspections and lead to them."""
        if force.pk is None:
            return EMPTY
        count = force.inspection_count
        return list_link(
            Inspection,
            ngettext("%(count)d inspection", "%(count)d inspections", count) % {"count": count},
            force__id__exact=force.pk,
        )


class Dated(admin.SimpleListFilter):
    """Tells official names, which have dates, from aliases."""

    title = _("sort")
    parameter_name = "sort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the two sorts."""
        return [("official", _("official for a time")), ("alias", _("alias for matching"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one sort."""
        return (
            queryset if self.value() is None else queryset.filter(valid_from__isnull=self.value() == "alias")
        )


@admin.register(ForceName)
class ForceNameAdmin(RecordAdmin):
    """Every spelling that an imported file may use."""

    list_display = ["name", "force", "valid_from", "valid_to", "seen_in"]
    list_filter = [Dated]
    list_select_related = ["force"]
    search_fields = ["name", "force__official_name"]
    autocomplete_fields = ["force"]
    ordering = ["name", "force__official_name", "pk"]
    fields = ["force", "name", ("valid_from", "valid_to"), "seen_in"]


@admin.register(Council)
class CouncilAdmin(RecordAdmin):
    """The councils, by which a reader finds a force."""

    list_display = ["name", "code", "force"]
    list_filter = ["force__nation", "force__region"]
    list_select_related = ["force"]
    search_fields = ["name", "welsh_name", "code", "force__official_name"]
    autocomplete_fields = ["force"]
    ordering = ["name", "code"]
    fields = ["name", "welsh_name", "code", "force"]


@admin.register(SimilarGroup)
class SimilarGroupAdmin(RecordAdmin):
    """Published groups of most similar forces."""

    list_display = ["force", "valid_from", "valid_to", "source"]
    list_select_related = ["force", "source"]
    search_fields = ["force__official_name"]
    autocomplete_fields = ["force", "peers", "source"]
    date_hierarchy = "valid_from"
    ordering = ["force__official_name", "-valid_from", "pk"]
    fields = ["force", "peers", ("valid_from", "valid_to"), "source"]


@admin.register(PolicingBody)
class PolicingBodyAdmin(RecordAdmin):
    """Commissioners, mayors and others."""

    class Work(WorkList):
        """Bodies that hold no force to account today."""

        tasks = {
            "without-force": (
                _("without a force today"),
                lambda bodies: bodies.filter(
                    ~Exists(Tenure.objects.on(timezone.localdate()).filter(body=OuterRef("pk")))
                ),
            )
        }

    list_display = ["name", "kind", "forces"]
    list_filter = [Work, "kind"]
    search_fields = ["name", "tenures__force__official_name"]
    ordering = ["name", "pk"]
    fields = ["name", "kind"]
    inlines = [BodyTenureInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicingBody]:
        """Count the tenures of each body along with it."""
        return super().get_queryset(request).annotate(tenure_count=count_of(Tenure.objects.all(), "body"))

    @admin.display(description=_("tenures"), ordering="tenure_count")
    def forces(self, body: Any) -> int:
        """Count its tenures."""
        count: int = body.tenure_count
        return count


@admin.register(Tenure)
class TenureAdmin(RecordAdmin):
    """Who held which force to account, and when."""

    class Work(WorkList):
        """Tenures of which a date is missing or inexact."""

        tasks = {
            "start-unknown": (_("start not known"), where(Q(valid_from__isnull=True))),
            "start-inexact": (
                _("start known to the month or year only"),
                where(~Q(valid_from_precision="day")),
            ),
        }

    list_display = ["force", "body", "start", "end", "note"]
    list_filter = [Work, "body__kind"]
    list_select_related = ["force", "body"]
    search_fields = ["force__official_name", "body__name"]
    autocomplete_fields = ["force", "body"]
    ordering = ["force__official_name", "valid_from", "pk"]
    fieldsets = [
        (None, {"fields": ["force", "body"]}),
        (_("When"), {"fields": [_START, _END]}),
        (_("Notes"), {"fields": ["note"]}),
    ]

    @admin.display(description=_("from"), ordering="valid_from")
    def start(self, tenure: Tenure) -> str:
        """Write the first day as far as it is known."""
        return shown_date(tenure.valid_from, tenure.valid_from_precision)

    @admin.display(description=_("until"), ordering="valid_to")
    def end(self, tenure: Tenure) -> str:
        """Write the end as far as it is known."""
        return shown_date(tenure.valid_to, tenure.valid_to_precision)
