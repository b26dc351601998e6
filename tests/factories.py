"""Database records for tests: each function makes one that is valid, and takes any field as a keyword.

What a record hangs on is made along with it unless it is given: ``grade(state="withheld", ...)`` makes its force, cycle,
question and inspection too.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from grades.models import (
    Area,
    ChangeLogEntry,
    Citation,
    Comment,
    Correction,
    Council,
    Count,
    CountLine,
    Cycle,
    Finding,
    FindingEvent,
    Force,
    ForceName,
    Grade,
    GradeDefinition,
    ImportJob,
    ImportRun,
    Inspection,
    Invitation,
    Membership,
    Mention,
    Metric,
    MonitoringPeriod,
    Observation,
    Office,
    Pillar,
    PinnedBlock,
    PolicingBody,
    Question,
    QuestionLink,
    RecommendationAction,
    Release,
    ReplacedFigure,
    Report,
    RequiredItem,
    Response,
    SeedRow,
    SeriesBreak,
    SimilarGroup,
    Source,
    Submission,
    Tenure,
    Theme,
    Upload,
)

PUBLISHED_AT = datetime(2026, 1, 1, 9, tzinfo=UTC)

_numbers = count(1)
"""Each record takes a number of its own, so that what must be unique is."""
_places = count(1)
"""Of what stands in an order: small enough for its column however many records a whole run makes."""


def area(**fields: Any) -> Area:
    """Make the area of a force."""
    n = next(_numbers)
    return Area.objects.create(**{"slug": f"area-{n}", "name": f"Area {n}", "kind": "force"} | fields)


def force(**fields: Any) -> Force:
    """Make an English force with an area of its own."""
    n = next(_numbers)
    if "area" not in fields:
        fields["area"] = area()
    return Force.objects.create(
        **{
            "slug": f"force-{n}",
            "official_name": f"Force {n} Police",
            "short_name": f"Force {n}",
            "ons_code": f"E{n:08}",
            "nation": "England",
            "region": "West Midlands",
        }
        | fields
    )


def force_name(**fields: Any) -> ForceName:
    """Make an alias, which has no dates."""
    n = next(_numbers)
    if "force" not in fields:
        fields["force"] = force()
    return ForceName.objects.create(**{"name": f"Alias {n}"} | fields)


def council(**fields: Any) -> Council:
    """Make a council and the force that polices it."""
    n = next(_numbers)
    if "force" not in fields:
        fields["force"] = force()
    return Council.objects.create(**{"code": f"E{n:08}", "name": f"Council {n}"} | fields)


def policing_body(**fields: Any) -> PolicingBody:
    """Make a commissioner."""
    n = next(_numbers)
    return PolicingBody.objects.create(**{"name": f"Commissioner {n}", "kind": "commissioner"} | fields)


def tenure(**fields: Any) -> Tenure:
    """Make a tenure that has no end."""
    if "force" not in fields:
        fields["force"] = force()
    if "body" not in fields:
        fields["body"] = policing_body()
    return Tenure.objects.create(**{"valid_from": date(2012, 11, 22)} | fields)


def similar_group(**fields: Any) -> SimilarGroup:
    """Make a group of one peer."""
    if "force" not in fields:
        fields["force"] = force()
    if "source" not in fields:
        fields["source"] = source()
    group = SimilarGroup.objects.create(**{"valid_from": date(2020, 1, 1)} | fields)
    group.peers.add(force())
    return group


def cycle(**fields: Any) -> Cycle:
    """Make a five-tier cycle, each later than the one before."""
    n = next(_numbers)
    return Cycle.objects.create(
        **{
            "slug": f"{n % 10_000:04}",
            "label": f"{n % 10_000:04}",
            "order": next(_places),
            "tiers": 5,
            "band": "A",
            "inspectorate": "HMICFRS",
        }
        | fields
    )


def pillar(**fields: Any) -> Pillar:
    """Make a pillar."""
    n = next(_numbers)
    return Pillar.objects.create(
        **{"slug": f"pillar-{n}", "title": f"Pillar {n}", "order": next(_places)} | fields
    )


def theme(**fields: Any) -> Theme:
    """Make a theme."""
    n = next(_numbers)
    return Theme.objects.create(
        **{"slug": f"theme-{n}", "title": f"Theme {n}", "order": next(_places)} | fields
    )


def question(**fields: Any) -> Question:
    """Make a graded question on a theme, outside the pillars."""
    n = next(_numbers)
    if "cycle" not in fields:
        fields["cycle"] = cycle()
    if "theme" not in fields:
        fields["theme"] = theme()
    return Question.objects.create(
        **{
            "number": str(n % 100_000),
            "title": f"How good is the force at task {n}?",
            "short_title": f"Task {n}",
            "order": 1,
            "graded": "graded",
            "wording": "official",
        }
        | fields
    )


def question_link(**fields: Any) -> QuestionLink:
    """Make a link between the same question of two cycles."""
    if "from_question" not in fields:
        fields["from_question"] = question()
    if "to_question" not in fields:
        fields["to_question"] = question()
    return QuestionLink.objects.create(**{"relation": "same"} | fields)


def grade_definition(**fields: Any) -> GradeDefinition:
    """Make the meaning of "good" in a cycle."""
    if "cycle" not in fields:
        fields["cycle"] = cycle()
    return GradeDefinition.objects.create(**{"level": "good", "definition": "Up to the mark."} | fields)


def inspection(**fields: Any) -> Inspection:
    """Make a draft inspection; ``status="published"`` fills in since when."""
    if "force" not in fields:
        fields["force"] = force()
    if "cycle" not in fields:
        fields["cycle"] = cycle()
    if fields.get("status") == "published":
        fields.setdefault("published_at", PUBLISHED_AT)
    return Inspection.objects.create(**fields)


def report(**fields: Any) -> Report:
    """Make a report with a day."""
    n = next(_numbers)
    if "inspection" not in fields:
        fields["inspection"] = inspection()
    return Report.objects.create(
        **{
            "kind": "peel",
            "title": f"Report {n}",
            "address": f"https://example.org/reports/{n}",
            "published_on": date(2024, 3, 1),
        }
        | fields
    )


def grade(**fields: Any) -> Grade:
    """Make a "good" whose question is of its inspection's cycle; other states start without a grade."""
    if "inspection" not in fields:
        cycle_given = {"cycle": fields["question"].cycle} if "question" in fields else {}
        fields["inspection"] = inspection(**cycle_given)
    if "question" not in fields:
        fields["question"] = question(cycle=fields["inspection"].cycle)
    state = fields.setdefault("state", "graded")
    fields.setdefault("level", "good" if state in ("graded", "carried-forward") else "")
    return Grade.objects.create(**fields)


def source(**fields: Any) -> Source:
    """Make a page of the inspectorate."""
    n = next(_numbers)
    address = f"https://example.org/pages/{n}"
    return Source.objects.create(
        **{
            "key": address,
            "publisher": "HMICFRS",
            "title": f"Page {n}",
            "kind": "inspectorate",
            "address": address,
        }
        | fields
    )


def citation(**fields: Any) -> Citation:
    """Make a citation that agrees with its grade, or one of a figure if an observation is given."""
    if "grade" not in fields and "observation" not in fields:
        fields["grade"] = grade()
    if "source" not in fields:
        fields["source"] = source()
    cited = fields.get("grade")
    if cited is not None:
        fields.setdefault("state", cited.state)
        fields.setdefault("level", cited.level)
    return Citation.objects.create(**fields)


def _public(fields: dict[str, Any]) -> None:
    """Make a record public unless a status is given, and say since when."""
    if fields.setdefault("status", "published") == "published":
        fields.setdefault("published_at", PUBLISHED_AT)


def finding(**fields: Any) -> Finding:
    """Make an area for improvement that belongs to no inspection yet."""
    n = next(_numbers)
    if "force" not in fields:
        given = fields.get("inspection") or fields.get("parent")
        fields["force"] = given.force if given else force()
    if "source" not in fields:
        fields["source"] = source()
    _public(fields)
    return Finding.objects.create(
        **{"key": f"finding-{n}", "kind": "area-for-improvement", "text": f"Improve task {n}."} | fields
    )


def finding_event(**fields: Any) -> FindingEvent:
    """Make the opening of a finding by the inspectorate."""
    if "finding" not in fields:
        fields["finding"] = finding()
    if "source" not in fields:
        fields["source"] = source()
    _public(fields)
    return FindingEvent.objects.create(
        **{"actor": "inspectorate", "standing": "open", "happened_on": date(2024, 3, 1)} | fields
    )


def monitoring_period(**fields: Any) -> MonitoringPeriod:
    """Make a time in enhanced monitoring that has ended."""
    if "force" not in fields:
        fields["force"] = force()
    if "source" not in fields:
        fields["source"] = source()
    _public(fields)
    return MonitoringPeriod.objects.create(
        **{"entered_on": date(2022, 6, 28), "left_on": date(2023, 9, 1)} | fields
    )


def response(**fields: Any) -> Response:
    """Make a body's response to a report."""
    n = next(_numbers)
    if "report" not in fields:
        fields["report"] = report()
    if "body" not in fields:
        fields["body"] = policing_body()
    _public(fields)
    return Response.objects.create(
        **{
            "kind": "response",
            "title": f"Response {n}",
            "address": f"https://example.org/responses/{n}",
            "published_on": date(2024, 4, 20),
        }
        | fields
    )


def mention(**fields: Any) -> Mention:
    """Make a press item."""
    n = next(_numbers)
    if "force" not in fields:
        given = fields.get("inspection")
        fields["force"] = given.force if given else force()
    _public(fields)
    return Mention.objects.create(
        **{
            "kind": "press",
            "title": f"Headline {n}",
            "outlet": "The Example",
            "address": f"https://example.org/press/{n}",
            "published_on": date(2024, 3, 2),
        }
        | fields
    )


def metric(**fields: Any) -> Metric:
    """Make a rate per 1,000 people."""
    n = next(_numbers)
    return Metric.objects.create(
        **{
            "slug": f"metric-{n}",
            "label": f"Metric {n}",
            "unit": "per 1,000 people",
            "multiplier": 1000,
            "denominator": "people",
            "period_kind": "12-months",
            "definition": "What is counted.",
            "order": next(_places),
        }
        | fields
    )


def release(**fields: Any) -> Release:
    """Make an edition of a data set."""
    n = next(_numbers)
    return Release.objects.create(
        **{
            "key": f"release-{n}",
            "dataset": f"Data set {n}",
            "edition": "July 2025",
            "publisher": "Home Office",
            "released_on": date(2025, 7, 24),
            "address": "https://example.org/data/",
        }
        | fields
    )


def observation(**fields: Any) -> Observation:
    """Make a published figure for twelve months to June 2025."""
    for name, make in (("area", area), ("metric", metric), ("release", release)):
        if name not in fields:
            fields[name] = make()
    return Observation.objects.create(
        **{
            "starts_on": date(2024, 7, 1),
            "ends_before": date(2025, 7, 1),
            "value": Decimal("52.5"),
            "basis": "published",
        }
        | fields
    )


def series_break(**fields: Any) -> SeriesBreak:
    """Make a break for all areas."""
    if "metric" not in fields:
        fields["metric"] = metric()
    return SeriesBreak.objects.create(
        **{"at": date(2015, 4, 1), "label": "New rules", "reason": "The counting rules changed."} | fields
    )


def import_run(**fields: Any) -> ImportRun:
    """Make a finished import from the command line."""
    n = next(_numbers)
    moment = datetime(2026, 1, 1, 9, n % 60, tzinfo=UTC)
    return ImportRun.objects.create(
        **{
            "file_name": f"figures-{n}.ods",
            "sha256": f"{n:064x}",
            "started_at": moment,
            "finished_at": moment,
        }
        | fields
    )


def upload(**fields: Any) -> Upload:
    """Make a file that was brought and not yet compared."""
    n = next(_numbers)
    if "by" not in fields:
        fields["by"] = user()
    return Upload.objects.create(
        **{
            "file_name": f"figures-{n}.ods",
            "sha256": f"{n:064x}",
            "size": 1024,
            "kept_as": f"kept-{n}",
            "at": datetime(2026, 1, 1, 9, n % 60, tzinfo=UTC),
            "wishes": {
                "released": "",
                "edition": "",
                "notes": {},
                "totals": [],
                "lookup": None,
                "replace": False,
            },
        }
        | fields
    )


def import_job(**fields: Any) -> ImportJob:
    """Make a comparison that waits to begin."""
    if "by" not in fields:
        fields["by"] = user()
    if not {"upload", "run"} & set(fields):
        fields["upload"] = upload(by=fields["by"])
    return ImportJob.objects.create(
        **{"task": "compare", "asked_at": datetime(2026, 1, 1, 9, tzinfo=UTC)} | fields
    )


def replaced_figure(**fields: Any) -> ReplacedFigure:
    """Make what an import keeps of a figure that it changed."""
    if "run" not in fields:
        fields["run"] = import_run()
    return ReplacedFigure.objects.create(**{"figure": next(_numbers), "before": {"value": "52.4"}} | fields)


def count_line(**fields: Any) -> CountLine:
    """Make a line of an edition: robberies by quarter."""
    for name, make in (("area", area), ("release", release), ("run", import_run)):
        if name not in fields:
            fields[name] = make()
    return CountLine.objects.create(**{"kind": "crime-quarter", "category": "Robbery"} | fields)


def count(**fields: Any) -> Count:
    """Make a count of the quarter to June 2017."""
    if "line" not in fields:
        fields["line"] = count_line()
    return Count.objects.create(
        **{"starts_on": date(2017, 4, 1), "ends_before": date(2017, 7, 1), "value": Decimal(12)} | fields
    )


def pinned_block(**fields: Any) -> PinnedBlock:
    """Make a block that somebody pinned."""
    n = next(_numbers)
    return PinnedBlock.objects.create(
        **{
            "path": f"/embed/forces/force-{n}/history/",
            "digest": f"{n:016x}",
            "pinned_at": datetime(2026, 1, 1, tzinfo=UTC),
            "pieces": {"title": "A block"},
            "picture": "<svg/>",
            "height": 300,
        }
        | fields
    )


def seed_row(**fields: Any) -> SeedRow:
    """Make what the seed remembers of one row."""
    n = next(_numbers)
    return SeedRow.objects.create(
        **{"table": "forces", "key": f"row-{n}", "values": {"name": f"Row {n}"}} | fields
    )


def user(**fields: Any) -> User:
    """Make a person who may sign in, without a password."""
    n = next(_numbers)
    return User.objects.create(**{"username": f"editor-{n}", "email": f"editor-{n}@example.org"} | fields)


def office(**fields: Any) -> Office:
    """Make an office of a commissioner; give it ``forces`` to hold to account."""
    n = next(_numbers)
    forces = fields.pop("forces", ())
    if "body" not in fields:
        fields["body"] = policing_body()
    for held in forces:
        tenure(force=held, body=fields["body"])
    return Office.objects.create(**{"name": f"Office {n}"} | fields)


def membership(**fields: Any) -> Membership:
    """Make an editor of an office."""
    if "user" not in fields:
        fields["user"] = user(is_staff=True)
    role = fields.setdefault("role", "editor")
    if "office" not in fields and role != "national-editor":
        fields["office"] = office()
    return Membership.objects.create(**fields)


def member(role: str = "editor", office: Office | None = None, **fields: Any) -> User:
    """Make a person who may sign in, with this role in an office, or nationally."""
    person = user(is_staff=True, **fields)
    membership(user=person, role=role, **({"office": office} if office else {}))
    return person


def invitation(**fields: Any) -> Invitation:
    """Make an invitation that nobody has used."""
    n = next(_numbers)
    if "office" not in fields:
        fields["office"] = office()
    if "invited_by" not in fields:
        role = "publisher" if fields["office"] else "national-editor"
        fields["invited_by"] = member(role, fields["office"])
    return Invitation.objects.create(
        **{"email": f"guest-{n}@example.org", "role": "editor", "sent_at": PUBLISHED_AT} | fields
    )


def submission(**fields: Any) -> Submission:
    """Make a submitted inspection's submission, which awaits a second person."""
    if "object_id" not in fields:
        sent = inspection(status="submitted")
        fields |= {"what": "grades.inspection", "object_id": sent.pk, "force": sent.force}
    if "submitted_by" not in fields:
        fields["submitted_by"] = user(is_staff=True)
    n = next(_numbers)
    moment = PUBLISHED_AT + timedelta(seconds=n)
    return Submission.objects.create(**{"submitted_at": moment} | fields)


def correction(**fields: Any) -> Correction:
    """Make a draft that turns a public "good" into "requires improvement"."""
    n = next(_numbers)
    if "what" not in fields:
        corrected = grade(inspection=inspection(status="published"))
        fields |= {"what": "grades.grade", "object_id": corrected.pk, "force": corrected.inspection.force}
        fields.setdefault("before", {"level": "good"})
        fields.setdefault("after", {"level": "requires-improvement"})
    if "source" not in fields:
        fields["source"] = source()
    if "proposed_by" not in fields:
        fields["proposed_by"] = user(is_staff=True)
    moment = PUBLISHED_AT + timedelta(seconds=n)
    return Correction.objects.create(**{"reason": "Misread.", "proposed_at": moment} | fields)


def change_log_entry(**fields: Any) -> ChangeLogEntry:
    """Append an entry to the log."""
    return ChangeLogEntry.objects.append(
        **{"kind": "loaded", "at": PUBLISHED_AT, "document": {"file": "a file"}} | fields
    )


def comment(**fields: Any) -> Comment:
    """Make a body's published comment beside a grade."""
    n = next(_numbers)
    if "grade" not in fields:
        fields["grade"] = grade()
    if "body" not in fields:
        fields["body"] = policing_body()
    _public(fields)
    return Comment.objects.create(**{"text": f"We act on task {n}.", "dated": date(2024, 4, 1)} | fields)


def recommendation_action(**fields: Any) -> RecommendationAction:
    """Make what a response says about an area for improvement of its report."""
    if "response" not in fields:
        fields["response"] = response()
    if "finding" not in fields:
        fields["finding"] = finding(inspection=fields["response"].report.inspection)
    return RecommendationAction.objects.create(**{"action": "The force trains its staff."} | fields)


def required_item(**fields: Any) -> RequiredItem:
    """Make a required item that was found."""
    if "force" not in fields:
        fields["force"] = force()
    return RequiredItem.objects.create(
        **{"item": "7b-report", "address": "https://example.org/peel/", "checked_on": date(2026, 1, 5)}
        | fields
    )


MAKERS = {
    "area": area,
    "changelogentry": change_log_entry,
    "citation": citation,
    "comment": comment,
    "correction": correction,
    "council": council,
    "count": count,
    "countline": count_line,
    "cycle": cycle,
    "finding": finding,
    "findingevent": finding_event,
    "force": force,
    "forcename": force_name,
    "grade": grade,
    "gradedefinition": grade_definition,
    "importjob": import_job,
    "importrun": import_run,
    "inspection": inspection,
    "invitation": invitation,
    "membership": membership,
    "mention": mention,
    "metric": metric,
    "monitoringperiod": monitoring_period,
    "observation": observation,
    "office": office,
    "pillar": pillar,
    "policingbody": policing_body,
    "question": question,
    "questionlink": question_link,
    "recommendationaction": recommendation_action,
    "release": release,
    "replacedfigure": replaced_figure,
    "report": report,
    "requireditem": required_item,
    "response": response,
    "pinnedblock": pinned_block,
    "seedrow": seed_row,
    "seriesbreak": series_break,
    "similargroup": similar_group,
    "source": source,
    "submission": submission,
    "tenure": tenure,
    "theme": theme,
    "upload": upload,
}
"""The maker of each model, by its name, for tests that walk all models."""
