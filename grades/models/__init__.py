"""The record's tables, one concept a file."""

from grades.models.areas import Area, Council, Force, ForceName, PolicingBody, SimilarGroup, Tenure
from grades.models.evidence import Citation, Source
from grades.models.findings import Finding, FindingEvent, Mention, MonitoringPeriod, Response
from grades.models.framework import Cycle, GradeDefinition, Pillar, Question, QuestionLink, Theme
from grades.models.imports import ImportRun, SeedRow
from grades.models.inspections import Grade, Inspection, Report
from grades.models.statistics import Metric, Observation, Release, SeriesBreak

__all__ = [
    "Area",
    "Citation",
    "Council",
    "Cycle",
    "Finding",
    "FindingEvent",
    "Force",
    "ForceName",
    "Grade",
    "GradeDefinition",
    "ImportRun",
    "Inspection",
    "Mention",
    "Metric",
    "MonitoringPeriod",
    "Observation",
    "Pillar",
    "PolicingBody",
    "Question",
    "QuestionLink",
    "Release",
    "Report",
    "Response",
    "SeedRow",
    "SeriesBreak",
    "SimilarGroup",
    "Source",
    "Tenure",
    "Theme",
]
