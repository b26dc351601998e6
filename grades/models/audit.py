"""The history of every row: who changed what, when and why, kept by triggers of the database and never rewritten.

A bulk update or plain SQL is caught like any other change. Each model gets a table of its own, `<Model>History`; a row of
it holds all columns after the change (before it, for a deletion) and the context: the user, the address, the reason.
"""

import pghistory
from django.db import models

from grades.models.answers import Comment, RecommendationAction, RequiredItem, Response
from grades.models.areas import Area, Council, Force, ForceName, PolicingBody, SimilarGroup, Tenure
from grades.models.evidence import Citation, Source
from grades.models.findings import Finding, FindingEvent, Mention, MonitoringPeriod
from grades.models.framework import Cycle, GradeDefinition, Pillar, Question, QuestionLink, Theme
from grades.models.inspections import Grade, Inspection, Report
from grades.models.offices import Invitation, Membership, Office
from grades.models.publishing import Correction, Submission
from grades.models.statistics import Metric, Observation, Release, SeriesBreak

TRACKED: tuple[type[models.Model], ...] = (
    *(Area, Council, Force, ForceName, PolicingBody, SimilarGroup, Tenure),
    *(Cycle, GradeDefinition, Pillar, Question, QuestionLink, Theme),
    *(Inspection, Report, Grade, Source, Citation),
    *(Finding, FindingEvent, Mention, MonitoringPeriod),
    *(Response, RecommendationAction, Comment, RequiredItem),
    *(Metric, Observation, Release, SeriesBreak),
    *(Office, Membership, Invitation, Submission, Correction),
)
"""All but what machines write for themselves: imports with the counts they bring (never changed, only followed
by others), seeded rows, pinned blocks, and the log, which is append-only itself."""


class AreaMember(Area.members.through):  # type: ignore[name-defined]  # made by Django
    """That a force is counted in an area; a name for the table between the two, which triggers need."""

    class Meta:
        proxy = True


class SimilarGroupPeer(SimilarGroup.peers.through):  # type: ignore[name-defined]  # likewise
    """That a force belongs to another's most similar group."""

    class Meta:
        proxy = True


for _model in (*TRACKED, AreaMember, SimilarGroupPeer):
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=f"{_model.__name__}History",
        app_label="grades",
        level=pghistory.Statement,
    )(_model)
