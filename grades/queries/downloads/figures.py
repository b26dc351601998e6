"""Every figure of every release, and every metric."""

from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from grades import models
from grades.queries.downloads.cells import Cells, Contents, coded, labels, partial, yes_no
from grades.scales import Basis, ObservationStatus

A_DAY = timedelta(days=1)


def all_figures(at: datetime) -> Contents:
    """Give what `datasets.FIGURES` holds, but for the licence."""
    return Contents(stored=figures(at), cells=figure_cells(at))


def all_metrics(_at: datetime) -> Contents:
    """Give what `datasets.METRICS` holds, but for the licence; metrics have no drafts."""
    return Contents(stored=models.Metric.objects.order_by("order", "pk"), cells=metric_cells())


def figures(at: datetime) -> QuerySet[models.Observation]:
    """Give every figure that the public may see: areas and metrics by name, then oldest first, the newest release last."""
    return (
        models.Observation.objects.visible(at)
        .annotate(changed=_changed())
        .order_by(
            "area__slug", "metric__order", "starts_on", "ends_before", "release__released_on", "block", "pk"
        )
    )


def _changed() -> Coalesce:
    """Give the breaks that lie between a figure and that of a year before, as `series.broken_between` sees them."""
    a_year_before = Func(
        OuterRef("starts_on"),
        template="(%(expressions)s - interval '1 year')::date",
        output_field=DateField(),
    )
    between = models.SeriesBreak.objects.filter(
        Q(area__isnull=True) | Q(area=OuterRef("area")),
        metric=OuterRef("metric"),
        at__gt=a_year_before,
        at__lt=OuterRef("ends_before"),
    )
    joined = (
        between.order_by().values("metric").annotate(all=StringAgg("reason", delimiter=" ", order_by="at"))
    )
    return Coalesce(Subquery(joined.values("all")), Value("", output_field=TextField()))


def figure_cells(at: datetime) -> Cells:
    """Give the columns of a figure."""
    shown = models.Observation.objects.visible(at).newest_keys()
    return {
        "area": F("area__slug"),
        "area_name": F("area__name"),
        "area_kind": F("area__kind"),
        "force": F("area__force__slug"),
        "force_code": F("area__force__ons_code"),
        "compares": Coalesce(F("area__force__rates_compare"), True),
        "metric": F("metric__slug"),
        "metric_name": F("metric__label"),
        "unit": F("metric__unit"),
        "first_day": F("starts_on"),
        "last_day": Cast(F("ends_before") - A_DAY, DateField()),
        "value": F("value"),
        "numerator": F("numerator"),
        "denominator": F("denominator"),
        "denominator_year": F("denominator_note"),
        "basis": F("basis"),
        "basis_words": coded("basis", labels(Basis)),
        "status": F("status"),
        "status_words": coded("status", labels(ObservationStatus)),
        "newest": yes_no(Q(pk__in=shown)),
        "counted_with": F("combined_with__name"),
        "break_before": yes_no(~Q(changed="")),
        "break_reason": F("changed"),
        "note": F("note"),
        "printed_in": F("block"),
        "release": F("release__key"),
        "release_title": Case(
            When(release__edition="", then=F("release__dataset")),
            default=Concat("release__dataset", Value(", "), "release__edition"),
        ),
        "release_publisher": F("release__publisher"),
        "released_on": partial("release__released_on"),
        "release_address": F("release__address"),
    }


def metric_cells() -> Cells:
    """Give the columns of a metric."""
    return {
        "metric": F("slug"),
        "metric_name": F("label"),
        "unit": F("unit"),
        "multiplier": F("multiplier"),
        "denominator": F("denominator"),
        "period": F("period_kind"),
        "direction": F("direction"),
        "part_of": F("parent__slug"),
        "definition": F("definition"),
        "caveat": F("caveat"),
    }
