"""The data version: the moment at which what the public may see last changed, kept by triggers of the database.

Each statement that writes to a table of the public record notes it, if a reader could see any of the rows before or after;
drafts note nothing, so that nobody outside sees when somebody is at work. The note gets its moment when its transaction
commits, and no two have the same: a reader who sees a version sees all that led to it. A record that is public from a
later moment on notes that moment too. A bulk update or plain SQL is caught like any other change.
"""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from grades.models.answers import Comment, RecommendationAction, RequiredItem, Response
from grades.models.areas import Area, Council, Force, ForceName, PolicingBody, SimilarGroup, Tenure
from grades.models.audit import AreaMember, SimilarGroupPeer
from grades.models.base import Publishable, options
from grades.models.evidence import Citation, Source
from grades.models.findings import Finding, FindingEvent, Mention, MonitoringPeriod
from grades.models.framework import Cycle, GradeDefinition, Pillar, Question, QuestionLink, Theme
from grades.models.imports import ImportRun
from grades.models.inspections import Grade, Inspection, Report
from grades.models.publishing import ChangeLogEntry, Correction
from grades.models.statistics import Metric, Observation, Release, SeriesBreak

NEWEST = "SELECT moment FROM grades_dataversion WHERE moment <= %s ORDER BY moment DESC LIMIT 1"


class DataVersionQuerySet(models.QuerySet["DataVersion"]):
    """The one question about versions."""

    def at(self, moment: datetime) -> datetime | None:
        """Give the version that holds at a moment; None where nothing has ever been public. One query.

        Every answer begins with it, so it is put in plain SQL: to build it took longer than to ask it.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(NEWEST, [moment])
            found = cursor.fetchone()
        return found[0] if found else None


class DataVersion(models.Model):
    """A moment at which what the public may see changed, or will; the newest that has come is the version.

    `moment` is empty from the change to the commit of its transaction, so for nobody else. Older versions are not kept.
    """

    moment = models.DateTimeField(_("moment"), null=True, help_text=_("When the public record changed."))

    objects = DataVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("data version")
        verbose_name_plural = _("data versions")
        triggers = [
            pgtrigger.Trigger(
                name="version_at_commit",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__moment__isnull=True),
                declare=[("now_or_later", "timestamptz")],
                func=pgtrigger.Func(
                    """
                    PERFORM pg_advisory_xact_lock(263);  -- transactions that change what is public commit one by one
                    SELECT greatest(clock_timestamp(), max(moment) + interval '1 microsecond') INTO now_or_later
                    FROM {meta.db_table} WHERE moment <= clock_timestamp();
                    UPDATE {meta.db_table} SET moment = now_or_later WHERE id = NEW.id;
                    DELETE FROM {meta.db_table} WHERE moment < now_or_later;
                    RETURN NULL;
                    """
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.moment}"


class QuestionCover(Question.also_covers.through):  # type: ignore[name-defined]  # made by Django
    """That a question belongs to a further theme; a name for the table between the two, which triggers need."""

    class Meta:
        proxy = True


_INSPECTION = "SELECT FROM grades_inspection WHERE status = 'published' AND id ="
_PRINTED = f"SELECT FROM grades_report WHERE id = {{0}} AND EXISTS ({_INSPECTION} inspection_id)"

PUBLIC: dict[type[models.Model], str] = {
    **dict.fromkeys(
        (Inspection, Finding, FindingEvent, MonitoringPeriod, Mention, Response, Comment, Correction),
        "line.status = 'published'",
    ),
    Report: f"EXISTS ({_INSPECTION} line.inspection_id)",
    Grade: f"EXISTS ({_INSPECTION} line.inspection_id)",
    Observation: f"line.report_id IS NULL OR EXISTS ({_PRINTED.format('line.report_id')})",
    Citation: (
        f"EXISTS (SELECT FROM grades_grade WHERE id = line.grade_id AND EXISTS ({_INSPECTION} inspection_id))"  # noqa: S608  names of ours
        " OR EXISTS (SELECT FROM grades_observation AS figure WHERE id = line.observation_id"
        f" AND (report_id IS NULL OR EXISTS ({_PRINTED.format('figure.report_id')})))"
    ),
    ImportRun: "EXISTS (SELECT FROM grades_observation WHERE run_id = line.id)",
    RecommendationAction: (
        "EXISTS (SELECT FROM grades_response WHERE status = 'published' AND id = line.response_id)"
    ),
    **dict.fromkeys(
        (
            *(
                Area,
                AreaMember,
                Council,
                Force,
                ForceName,
                PolicingBody,
                SimilarGroup,
                SimilarGroupPeer,
                Tenure,
            ),
            *(Cycle, GradeDefinition, Pillar, Question, QuestionCover, QuestionLink, Theme),
            *(RequiredItem, Metric, Release, SeriesBreak, ChangeLogEntry),
        ),
        "true",
    ),
}
"""All tables that public pages read, each with the SQL that says whether a reader can see one of its rows, `line`."""

PUBLIC[Source] = " OR ".join(
    f"EXISTS (SELECT FROM {options(model).db_table} AS resting WHERE resting.{column.attname} = line.id"
    f" AND ({seen.replace('line.', 'resting.')}))"
    for model, seen in PUBLIC.items()
    for column in options(model).concrete_fields
    if column.remote_field is not None and column.remote_field.model is Source
)


def _note(model: type[models.Model], rows: str) -> str:
    """Give the SQL that notes a version, once a transaction, if a reader could see any of these rows."""
    return (
        f"IF EXISTS (SELECT FROM {rows} AS line WHERE {PUBLIC[model]}) THEN "  # noqa: S608  names of ours
        "INSERT INTO grades_dataversion (moment) SELECT NULL "
        "WHERE NOT EXISTS (SELECT FROM grades_dataversion WHERE moment IS NULL); END IF; "
    )


def _note_later(model: type[models.Model]) -> str:
    """Give the SQL that notes from when on new rows are public, where that is still to come."""
    if not issubclass(model, Publishable):
        return ""
    return (
        "INSERT INTO grades_dataversion (moment) SELECT DISTINCT published_at FROM new_rows "
        "WHERE status = 'published' AND published_at > clock_timestamp(); "
    )


def _triggers(model: type[models.Model]) -> tuple[pgtrigger.Trigger, ...]:
    """Make the triggers of a table: a statement that adds, changes or removes rows."""

    def trigger(name: str, operation: pgtrigger.Operation, func: str, **tables: str) -> pgtrigger.Trigger:
        return pgtrigger.Trigger(
            name=f"version_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**tables),
            func=f"{func}RETURN NULL;",
        )

    added, removed, later = _note(model, "new_rows"), _note(model, "old_rows"), _note_later(model)
    return (
        trigger("added", pgtrigger.Insert, added + later, new="new_rows"),
        trigger("changed", pgtrigger.Update, removed + added + later, old="old_rows", new="new_rows"),
        trigger("removed", pgtrigger.Delete, removed, old="old_rows"),
    )


for _model in PUBLIC:
    pgtrigger.register(*_triggers(_model))(_model)
