"""The editors' side of the record: one file a model family, as in `grades.models`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grades.admin import areas, evidence, findings, framework, imports, inspections, members, statistics
from grades.models import (
    Area,
    Citation,
    Council,
    Cycle,
    Finding,
    FindingEvent,
    Force,
    ForceName,
    Grade,
    GradeDefinition,
    ImportRun,
    Inspection,
    Invitation,
    Membership,
    Mention,
    Metric,
    MonitoringPeriod,
    Observation,
    Pillar,
    PolicingBody,
    Question,
    QuestionLink,
    Release,
    Report,
    Response,
    SeedRow,
    SeriesBreak,
    SimilarGroup,
    Source,
    Tenure,
    Theme,
)

__all__ = ["areas", "evidence", "findings", "framework", "imports", "inspections", "members", "statistics"]

ORDER_OF_USE = (
    *(Inspection, Report, Grade),
    *(Finding, FindingEvent, Response, MonitoringPeriod, Mention),
    *(Source, Citation),
    *(Observation, Metric, Release, SeriesBreak),
    *(Force, ForceName, PolicingBody, Tenure, Council, Area, SimilarGroup),
    *(Cycle, Question, QuestionLink, GradeDefinition, Theme, Pillar),
    *(Invitation, Membership),
    *(ImportRun, SeedRow),
)
"""The models as an editor needs them: what changes with every report first, what machines write last."""


def app_list_in_order_of_use(request: HttpRequest, app_label: str | None = None) -> list[Any]:
    """List the record before Django's own applications, and its models in the order of use."""
    place = {model.__name__: number for number, model in enumerate(ORDER_OF_USE)}
    listed: list[Any] = AdminSite.get_app_list(admin.site, request, app_label)
    for application in listed:
        application["models"].sort(key=lambda model: place.get(model["object_name"], len(place)))
    return sorted(listed, key=lambda application: application["app_label"] != "grades")


admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The record")
admin.site.get_app_list = app_list_in_order_of_use  # type: ignore[method-assign]  # of this one site
