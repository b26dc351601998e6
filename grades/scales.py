"""The vocabulary: grades, states, kinds. Every other module takes its words from here.

Never queries, colours or sentences.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """A grade as awarded, best first. The order holds within one scale only; grades of two scales are not comparable."""

    OUTSTANDING = "outstanding", _("Outstanding")
    GOOD = "good", _("Good")
    ADEQUATE = "adequate", _("Adequate")
    REQUIRES_IMPROVEMENT = "requires-improvement", _("Requires improvement")
    INADEQUATE = "inadequate", _("Inadequate")


LETTERS: dict[str, str] = {
    Level.OUTSTANDING: "O",
    Level.GOOD: "G",
    Level.ADEQUATE: "A",
    Level.REQUIRES_IMPROVEMENT: "R",
    Level.INADEQUATE: "I",
}
"""The letter that stands for a grade where a word does not fit, and the key that enters it."""

TIERS: dict[int, tuple[Level, ...]] = {
    4: (Level.OUTSTANDING, Level.GOOD, Level.REQUIRES_IMPROVEMENT, Level.INADEQUATE),
    5: tuple(Level),
}
"""The levels of each scale: four tiers to 2018/19, five (with "adequate") from 2021/22."""


class State(TextChoices):
    """What the record says about one question of one inspection. Only the first two carry a grade."""

    GRADED = "graded", _("Graded")
    CARRIED_FORWARD = "carried-forward", _("Carried forward")
    UNGRADED_BY_DESIGN = "ungraded-by-design", _("Inspected, not graded by design")
    NOT_INSPECTED = "not-inspected", _("Not inspected")
    AWAITED = "awaited", _("Report awaited")
    WITHHELD = "withheld", _("Not graded")


class CellState(TextChoices):
    """What one cell of a grade history shows: a stored state, or one of two that are derived."""

    GRADED = "graded", _("Graded")
    CARRIED_FORWARD = "carried-forward", _("Carried forward")
    UNGRADED_BY_DESIGN = "ungraded-by-design", _("No grade given")
    NOT_INSPECTED = "not-inspected", _("Not inspected")
    AWAITED = "awaited", _("Report awaited")
    WITHHELD = "withheld", _("Not graded")
    NO_QUESTION = "no-question", _("No question")
    NOT_RECORDED = "not-recorded", _("Not recorded here yet")


GRADE_STATES: frozenset[str] = frozenset({State.GRADED, State.CARRIED_FORWARD})
"""The states that carry a level."""


class Graded(TextChoices):
    """Whether a question carries a grade in its cycle."""

    GRADED = "graded", _("Graded for every force")
    UNGRADED = "ungraded", _("Not graded for any force")
    VARIES = "varies", _("Graded for some forces")
    UNKNOWN = "unknown", _("Not known yet")


class Wording(TextChoices):
    """How sure the title of a question is."""

    OFFICIAL = "official", _("Official title")
    SECTION_NAME = "section-name", _("Section name in the reports")
    UNCONFIRMED = "unconfirmed", _("Not confirmed: shown by its short title")


class Relation(TextChoices):
    """How a question relates to one of the cycle before. Only `same` lets a page speak of change."""

    SAME = "same", _("The same question")
    REWORDED = "reworded", _("Reworded")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    NEW = "new", _("New")
    DROPPED = "dropped", _("Dropped")


class Nation(TextChoices):
    """The two nations whose forces PEEL inspects."""

    ENGLAND = "England", _("England")
    WALES = "Wales", _("Wales")


class AreaKind(TextChoices):
    """What a figure can be about."""

    FORCE = "force", _("Police force area")
    NATION = "nation", _("England and Wales")
    ALLIANCE = "alliance", _("Forces counted together")
    BODY = "body", _("Body without a territory, such as British Transport Police")


class BodyKind(TextChoices):
    """Kinds of body that hold a force to account."""

    COMMISSIONER = "commissioner", _("Police and crime commissioner")
    MAYOR = "mayor", _("Mayor")
    MAYORS_OFFICE = "mayors-office", _("Mayor's office")
    COMMON_COUNCIL = "common-council", _("Court of Common Council")
    BOARD = "board", _("Board")


class InspectionKind(TextChoices):
    """Kinds of inspection that give grades."""

    PEEL = "peel", _("PEEL inspection")
    SOC = "soc", _("Regional inspection of serious and organised crime")
    CRIME_DATA = "crime-data-integrity", _("Crime data integrity inspection")


class ReportKind(TextChoices):
    """Kinds of report; until 2017 one inspection had several."""

    PEEL = "peel", _("PEEL report")
    EFFECTIVENESS = "effectiveness", _("Effectiveness report")
    EFFICIENCY = "efficiency", _("Efficiency report")
    LEGITIMACY = "legitimacy", _("Legitimacy report")
    VULNERABILITY = "vulnerability", _("Vulnerability report")
    LEADERSHIP = "leadership", _("Leadership report")
    SOC = "soc", _("Serious and organised crime report")
    CRIME_DATA = "crime-data-integrity", _("Crime data integrity report")


class Status(TextChoices):
    """How far an inspection's record has come on its way to the public pages."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")


class SourceKind(TextChoices):
    """Who speaks in a source. Only the inspectorate's own words confirm a grade without an editor's check."""

    INSPECTORATE = "inspectorate", _("Inspectorate")
    BODY = "force-or-policing-body", _("Force or policing body")
    PRESS = "press", _("Press")
    STATISTICS = "official-statistics", _("Official statistics")


class FindingKind(TextChoices):
    """Kinds of finding, gravest first."""

    CAUSE_OF_CONCERN = "cause-of-concern", _("Cause of concern")
    RECOMMENDATION = "recommendation", _("Recommendation")
    AREA_FOR_IMPROVEMENT = "area-for-improvement", _("Area for improvement")
    INNOVATIVE_PRACTICE = "innovative-practice", _("Innovative practice")


class Actor(TextChoices):
    """Who reports a step on a finding; what the force says is kept apart from what the inspectorate says."""

    FORCE = "force", _("The force says")
    INSPECTORATE = "inspectorate", _("The inspectorate says")
    BODY = "policing-body", _("The policing body says")


class FindingStatus(TextChoices):
    """Where a finding stands. Only the inspectorate closes one."""

    OPEN = "open", pgettext_lazy("status of a finding", "Open")
    IN_PROGRESS = "in-progress", _("In progress")
    COMPLETE = "complete", _("Complete")
    CLOSED = "closed", pgettext_lazy("status of a finding", "Closed")
    SUPERSEDED = "superseded", _("Superseded")


class Standing(TextChoices):
    """Where a finding stands as far as the record knows: derived from its steps and from what continues it."""

    OPEN = "open", _("No end recorded")
    CLOSED = "closed", _("Closed by the inspectorate")
    SUPERSEDED = "superseded", pgettext_lazy("standing of a finding", "Superseded")
    CONTINUED = "continued", _("Continued by a later finding")


TRACKED_FINDINGS: frozenset[str] = frozenset(
    {FindingKind.CAUSE_OF_CONCERN, FindingKind.RECOMMENDATION, FindingKind.AREA_FOR_IMPROVEMENT}
)
"""The kinds of finding that ask for something to be done; a practice worth copying does not."""


class ResponseKind(TextChoices):
    """A formal response under section 55, or a statement made without one."""

    RESPONSE = "response", _("Response")
    STATEMENT = "statement", _("Statement")


class MentionKind(TextChoices):
    """Who wrote about the inspection."""

    PRESS = "press", _("Press")
    STATEMENT = "statement", _("Statement")


class PeriodKind(TextChoices):
    """What span a figure covers."""

    TWELVE_MONTHS = "12-months", _("12 months")
    SNAPSHOT = "snapshot", _("One day")


class Direction(TextChoices):
    """Which way of a metric is better; recorded crime has none."""

    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    NEITHER = "neither", _("Neither is better")


class Basis(TextChoices):
    """Where a figure comes from."""

    PUBLISHED = "published", _("As published")
    DERIVED = "derived", _("Worked out here from published figures")
    TRANSCRIBED = "transcribed", _("Copied by eye from a published table")
    AS_PRINTED = "as-printed", _("As printed in the inspection report")


class ObservationStatus(TextChoices):
    """How settled a figure is."""

    FINAL = "final", _("Final")
    PROVISIONAL = "provisional", _("Provisional")
    REVISED = "revised", _("Revised")


class CountKind(TextChoices):
    """What an official count counts, and over what span."""

    CRIME_QUARTER = "crime-quarter", _("Recorded crime, three months")
    CRIME_YEAR = "crime-year", _("Recorded crime, twelve months")
    OUTCOME_CLOSED = "outcome-closed", _("Outcomes of investigations closed in the three months")
    OUTCOME_RECORDED = "outcome-recorded", _("Outcomes so far of offences recorded in the three months")
    INCIDENTS = "incidents", _("Incidents of anti-social behaviour, twelve months")
    WORKFORCE = "workforce", _("Workforce on one day, full-time equivalents")
    POPULATION = "population", _("People in the middle of the year")
    HOUSEHOLDS = "households", _("Households in the middle of the year")


class Missing(TextChoices):
    """Why an official table has no number. None of these is nought, and none is like another."""

    NOT_AVAILABLE = "not-available", _("Not available")
    NOT_PROVIDED = "not-provided", _("Not provided by the force")
    SUPPRESSED = "suppressed", _("Held back by the publisher")
    SMALL_BASE = "small-base", _("Held back, because too few were counted")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")
    BLANK = "blank", _("Left blank")


class PrintedBlock(TextChoices):
    """Where in a report a figure is printed."""

    FORCE_IN_NUMBERS = "force-in-numbers", _("Force in numbers")
    FIGURE_2 = "figure-2", _("Figure 2: rates")
    FIGURE_4 = "figure-4", _("Figure 4: outcomes")
    TEXT = "in-the-text", _("In the text")


class Role(TextChoices):
    """What a member of an office may do, least first; a national editor belongs to no office and edits for all."""

    VIEWER = "viewer", _("Viewer: reads the office's drafts")
    EDITOR = "editor", _("Editor: records and submits")
    PUBLISHER = "publisher", _("Publisher: also approves what others submit")
    NATIONAL_EDITOR = "national-editor", _("National editor: edits and approves for every office")


class JobTask(TextChoices):
    """What somebody may ask to be done with an official file, or with what came of one."""

    COMPARE = "compare", _("Compare with the record")
    APPLY = "apply", _("Load into the record")
    UNDO = "undo", _("Take an import back")


class JobState(TextChoices):
    """How a piece of work stands; from `DONE` on it has ended, and only with `DONE` anything was written."""

    WAITING = "waiting", _("Waits")
    WORKING = "working", _("At work")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    CHANGED = "changed", _("The record had changed")
    STOPPED = "stopped", _("Stopped by somebody")
    INTERRUPTED = "interrupted", _("Interrupted")
    FAILED = "failed", _("Failed")


class Decision(TextChoices):
    """What became of something that was submitted for publication."""

    PENDING = "pending", _("Awaits a second person")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned to its author")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")


class ChangeKind(TextChoices):
    """What an entry of the public change log tells."""

    LOADED = "loaded", _("Record loaded")
    UNLOADED = "unloaded", _("Load taken back")
    PUBLISHED = "published", pgettext_lazy("kind of change", "Published")
    CORRECTED = "corrected", _("Corrected")
    ADDED = "added", _("Added")
    CHECKED = "checked", _("Checked against the report")
    RESPONDED = "responded", _("Response recorded")
    COMMENTED = "commented", _("Comment by the office")
    TRACKED = "tracked", _("Step on a finding")
    REQUIRED_INFORMATION = "required-information", _("Required information checked")


class RequiredKind(TextChoices):
    """What the Specified Information Order, as amended in 2021, has a policing body publish (paragraphs 7A to 7C)."""

    PRIORITIES = "7a-contribution", _("The force's contribution to national policing priorities")
    APPLICABLE = "7a-applicable", _("Which national priorities apply to the force")
    REPORT = "7b-report", _("The most recent report on effectiveness, efficiency and legitimacy")
    SUMMARY = "7b-summary", _("The most recent summary assessment of the force")
    COMPLAINTS_QUARTERLY = "7c-quarterly", _("The quarterly complaints data")
    COMPLAINTS_ANNUAL = "7c-annual", _("The annual complaints statistics")
    COMPLAINTS_NARRATIVE = "7c-narrative", _("How the force is held to account for complaints")
