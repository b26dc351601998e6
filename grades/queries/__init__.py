"""The questions that pages ask: one function a page, keyword arguments in, frozen dataclasses out.

With the sitemap these are the only readers of the database for the public site.
"""

from grades.queries.addresses import site_addresses
from grades.queries.changes import changed_forces, changes_page, log_forces, log_lines, newest_entries
from grades.queries.comparing import choices, compare_page
from grades.queries.coverage import coverage
from grades.queries.cycles import cycle_page
from grades.queries.downloads import Part, catalogue, csv_lines, one_moment
from grades.queries.embeds import (
    history_block,
    numbers_block,
    pinned_block,
    responses_block,
)
from grades.queries.finding import Suggestions, find_force, near_names
from grades.queries.forces import force_history, force_list, force_page
from grades.queries.framework import framework, framework_page
from grades.queries.inspections import inspection_page
from grades.queries.last_days import bodies, last_days
from grades.queries.metrics import force_metric_page, metric_list, metric_page
from grades.queries.quality import quality
from grades.queries.renamed import renamed_forces
from grades.queries.required import required_page
from grades.queries.responses import response_page
from grades.queries.site import data_version, home_page, version_name
from grades.queries.themes import theme_list, theme_page

__all__ = [
    "Part",
    "Suggestions",
    "bodies",
    "catalogue",
    "changed_forces",
    "changes_page",
    "choices",
    "compare_page",
    "coverage",
    "csv_lines",
    "cycle_page",
    "data_version",
    "find_force",
    "force_history",
    "force_list",
    "force_metric_page",
    "force_page",
    "framework",
    "framework_page",
    "history_block",
    "home_page",
    "inspection_page",
    "last_days",
    "log_forces",
    "log_lines",
    "metric_list",
    "metric_page",
    "near_names",
    "newest_entries",
    "numbers_block",
    "one_moment",
    "pinned_block",
    "quality",
    "renamed_forces",
    "required_page",
    "response_page",
    "responses_block",
    "site_addresses",
    "theme_list",
    "theme_page",
    "version_name",
]
