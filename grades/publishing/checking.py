"""Confirming a grade: an editor has compared it with the report itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grades import access
from grades.models import ChangeLogEntry, Citation
from grades.publishing.documents import acting, grade_facts
from grades.publishing.errors import RefusedError
from grades.scales import ChangeKind


@transaction.atomic
def check_citation(*, citation: Citation, by: Any, now: datetime) -> None:
    """Note that a grade was compared with its report today, and say so in the log where the grade is public.

    Raise RefusedError if the source states another grade; doing it twice changes nothing.
    """
    desk = access.desk_of(by)
    grade = citation.grade
    if grade is None or not (
        access.may(desk, access.Verb.CHECK, grade) or access.may(desk, access.Verb.CHANGE, grade)
    ):
        raise access.DeniedError
    stored = Citation.objects.select_for_update().get(pk=citation.pk)
    if stored.checked_on is not None:
        return
    if (stored.state, stored.level) != (grade.state, grade.level):
        raise RefusedError(_("This source states another grade than the record. Correct one of them first."))
    with pghistory.context(why="checked against the report"):
        stored.checked_on, stored.checked_by = timezone.localdate(now), by
        stored.save(update_fields=["checked_on", "checked_by"])
    if access.is_public(grade):
        ChangeLogEntry.objects.append(
            kind=ChangeKind.CHECKED,
            at=now,
            force=grade.inspection.force.slug,
            document={
                "cycle": grade.inspection.cycle.slug,
                "office": acting(by, grade, now),
                "source": str(stored.source),
                **grade_facts(grade),
            },
        )
