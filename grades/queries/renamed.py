"""Forces that were called otherwise: where their old addresses lead, and which entries of the log are about them."""

from collections.abc import Mapping

from django.apps import apps

from grades import models


def renamed_forces() -> dict[str, str]:
    """Give each slug that a force had and none has now, with that force's slug of today, from its history; in one query."""
    before = apps.get_model("grades", "ForceHistory").objects.filter(pgh_obj__slug__isnull=False)
    free = before.exclude(slug__in=models.Force.objects.values("slug"))
    return dict(free.order_by("pgh_id").values_list("slug", "pgh_obj__slug"))


def every_slug(slugs: tuple[str, ...], renamed: Mapping[str, str]) -> tuple[str, ...]:
    """Give forces' slugs of today with all that they had before, as entries of the log name them."""
    return (*slugs, *(old for old, today in renamed.items() if today in slugs))
