"""Filters of the list pages."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from grades import models
from grades.scales import BodyKind, Nation


class ForceFilter(django_filters.FilterSet):
    """Narrow the list of forces by nation, region and kind of policing body."""

    nation = django_filters.ChoiceFilter(
        label=_("Nation"), choices=Nation.choices, empty_label=_("England and Wales")
    )
    region = django_filters.AllValuesFilter(label=_("Region"), empty_label=_("Every region"))
    body = django_filters.ChoiceFilter(
        label=_("Held to account by"),
        choices=BodyKind.choices,
        empty_label=_("Any kind of body"),
        field_name="tenures__body__kind",
        method="with_body_today",
    )

    class Meta:
        model = models.Force
        fields = ["nation", "region", "body"]

    def with_body_today(
        self, queryset: QuerySet[models.Force], name: str, value: str
    ) -> QuerySet[models.Force]:
        """Keep forces whose present body is of a kind."""
        return queryset.filter(tenures__valid_to__isnull=True, tenures__body__kind=value)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Name the wishes that make no sense, which the list leaves aside."""
        return tuple(str(self.data[name]) for name in self.form.errors if name in self.data)
