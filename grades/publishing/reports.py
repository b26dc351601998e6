"""The source that stands for a report: it bears the report's title, day and address, and follows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from grades import access
from grades.models import Citation, Finding, Report, Source
from grades.scales import SourceKind


def source_key(report: Report) -> str:
    """Name the source that stands for a report: its address, or else its title."""
    return report.address or report.title


def source_facts(report: Report) -> dict[str, Any]:
    """Give what that source says of itself, but for its key."""
    return {
        "publisher": report.inspection.cycle.inspectorate,
        "title": report.title,
        "kind": SourceKind.INSPECTORATE,
        "address": report.address,
        "published_on": report.published_on,
        "published_on_precision": report.published_on_precision,
    }


def rests_on_it_alone(source: Source, ours: Mapping[type[models.Model], Q]) -> bool:
    """Say whether nothing but `ours` rests on a source of the inspectorate, so that it may follow a report."""
    others = [
        rows.exclude(ours.get(rows.model, Q(pk__in=()))).order_by().values("pk")
        for rows in access.dependents(source)
    ]
    return source.kind == SourceKind.INSPECTORATE and not others[0].union(*others[1:], all=True).exists()


def follow(report: Report, old_key: str) -> None:
    """Bring the source that stood for a report, and what cites it for that report, to what the report says now."""
    old = Source.objects.filter(key=old_key).first()
    if old is None:
        return
    key = source_key(report)
    held = old if key == old_key else Source.objects.filter(key=key).first()
    cited = Citation.objects.filter(grade__report=report, source=old)
    found = Finding.objects.filter(inspection=report.inspection_id, source=old)
    if any(source_key(other) == old_key for other in report.inspection.reports.exclude(pk=report.pk)):
        found = found.none()
    ours = {Citation: Q(pk__in=cited.values("pk")), Finding: Q(pk__in=found.values("pk"))}
    if held in (None, old) and rests_on_it_alone(old, ours):
        Source.objects.filter(pk=old.pk).update(key=key, **source_facts(report))
        return
    if held is None:
        held = Source.objects.create(key=key, **source_facts(report))
    cited.exclude(grade__citations__source=held).update(source=held)
    found.update(source=held)
