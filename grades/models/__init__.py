"""The record's tables, one concept a file."""

from grades.models import audit  # noqa: F401  sets up the histories
from grades.models.answers import Comment, RecommendationAction, RequiredItem, Response
from grades.models.areas import Area, Council, Force, ForceName, PolicingBody, SimilarGroup, Tenure
from grades.models.counts import Count, CountLine
from grades.models.embeds import PinnedBlock
from grades.models.evidence import Citation, Source
from grades.models.findings import Finding, FindingEvent, Mention, MonitoringPeriod
from grades.models.framework import Cycle, GradeDefinition, Pillar, Question, QuestionLink, Theme
from grades.models.imports import ImportRun, ReplacedFigure, SeedRow
from grades.models.inspections import Grade, Inspection, Report
from grades.models.offices import Invitation, Membership, Office
from grades.models.publishing import ChangeLogEntry, Correction, Submission
from grades.models.statistics import Metric, Observation, Release, SeriesBreak
from grades.models.uploads import ImportJob, Upload
from grades.models.versions import DataVersion

__all__ = [
    "Area",
    "ChangeLogEntry",
    "Citation",
    "Comment",
    "Correction",
    "Council",
    "Count",
    "CountLine",
    "Cycle",
    "DataVersion",
    "Finding",
    "FindingEvent",
    "Force",
    "ForceName",
    "Grade",
    "GradeDefinition",
    "ImportJob",
    "ImportRun",
    "Inspection",
    "Invitation",
    "Membership",
    "Mention",
    "Metric",
    "MonitoringPeriod",
    "Observation",
    "Office",
    "Pillar",
    "PinnedBlock",
    "PolicingBody",
    "Question",
    "QuestionLink",
    "RecommendationAction",
    "Release",
    "ReplacedFigure",
    "Report",
    "RequiredItem",
    "Response",
    "SeedRow",
    "SeriesBreak",
    "SimilarGroup",
    "Source",
    "Submission",
    "Tenure",
    "Theme",
    "Upload",
]
