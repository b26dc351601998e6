"""Who may do what: the one place that answers. The admin, the API, imports, exports, previews and autocompletes all ask.

A person's rights are those of the offices they belong to: an office edits the record of the forces that its body holds to
account today, and sees no other force's. A national editor edits for all. What is public is never edited in place, by
anybody: it changes through a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

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
    DataVersion,
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
from grades.models.base import Publishable, options, rows_of
from grades.scales import Decision, Role, Status

Rows = TypeVar("Rows", bound="QuerySet[Any]")


class Verb(StrEnum):
    """What somebody may ask to do with a kind of record, or with one record."""

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    SUBMIT = "submit"
    CORRECT = "correct"
    CHECK = "check"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    INVITE = "invite"
    LOAD = "load"


class DeniedError(Http404):
    """Somebody asked for what they may not do. It is answered as if the thing did not exist."""


FORCE_OF: Mapping[type[models.Model], tuple[str, ...]] = {
    Force: ("pk",),
    ForceName: ("force",),
    Council: ("force",),
    Tenure: ("force",),
    SimilarGroup: ("force",),
    Inspection: ("force",),
    Report: ("inspection__force",),
    Grade: ("inspection__force",),
    Citation: ("grade__inspection__force", "observation__area__force"),
    Finding: ("force",),
    FindingEvent: ("finding__force",),
    MonitoringPeriod: ("force",),
    Mention: ("force",),
    Response: ("report__inspection__force",),
    RecommendationAction: ("response__report__inspection__force",),
    Comment: ("grade__inspection__force",),
    RequiredItem: ("force",),
    Observation: ("area__force",),
    Submission: ("force",),
    Correction: ("force",),
}
"""How each kind of record that belongs to a force reaches it; where it has two ways, one of them is empty."""

OFFICE_OF: Mapping[type[models.Model], str] = {Office: "pk", Membership: "office", Invitation: "office"}
"""How what belongs to an office reaches it."""

SHARED: frozenset[type[models.Model]] = frozenset(
    {
        *(Area, PolicingBody, Source),
        *(Cycle, Pillar, Question, QuestionLink, Theme, GradeDefinition),
        *(Metric, Release, SeriesBreak),
        ChangeLogEntry,
    }
)
"""What every member may read: the framework, the sources and the public log."""

MACHINES: frozenset[type[models.Model]] = frozenset(
    {
        *(Upload, ImportJob, ImportRun),
        *(ReplacedFigure, CountLine, Count, SeedRow),
        ChangeLogEntry,
        PinnedBlock,
        DataVersion,
    }
)
"""What only machines write; of these, national editors alone see all but the log."""

LOADED: frozenset[type[models.Model]] = frozenset({Upload, ImportJob, ImportRun})
"""What goes with loading official files, which hold for all forces: national editors load them and take them back."""

PEOPLE: frozenset[type[models.Model]] = frozenset({Membership, Invitation})
"""Who works in an office, and who is asked to."""

BY_INVITATION_ALONE = frozenset({(Membership, Verb.ADD), (Invitation, Verb.CHANGE)})
"""A role is given by an invitation, and what was sent is sent again rather than changed."""

RECORDED: frozenset[type[models.Model]] = frozenset(
    {
        *(Inspection, Report, Grade, Citation),
        *(Finding, FindingEvent, MonitoringPeriod, Mention),
        *(Response, RecommendationAction, Comment, RequiredItem),
    }
)
"""What an office's editors record about their own forces."""

OWNER: Mapping[type[models.Model], tuple[str, ...]] = {
    Report: ("inspection",),
    Grade: ("inspection",),
    Citation: ("grade__inspection", "observation__report__inspection"),
    RecommendationAction: ("response",),
    Observation: ("report__inspection",),
}
"""Whose status says whether a record without one of its own is public."""

STANDING = {Role.VIEWER: 1, Role.EDITOR: 2, Role.PUBLISHER: 3, Role.NATIONAL_EDITOR: 4}
"""Each role may what the ones before it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one person may reach: roles by the primary key of each force, and of each office."""

    user_id: int | None
    national: bool = False
    forces: Mapping[int, Role] = field(default_factory=dict)
    offices: Mapping[int, Role] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()

    @property
    def member(self) -> bool:
        """Say whether this person works on the record at all."""
        return self.national or bool(self.offices)

    def at_least(self, role: Role, force: int | None = None) -> bool:
        """Say whether this person has a role, for one force or for any."""
        if self.national:
            return True
        roles = (
            self.forces.values() if force is None else [self.forces[force]] if force in self.forces else []
        )
        return any(STANDING[found] >= STANDING[role] for found in roles)


NOBODY = Desk(user_id=None)


def desk_of(user: Any, today: date | None = None) -> Desk:
    """Give what a user may reach, in one query, which is asked once for each user object."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return NOBODY
    kept: Desk | None = getattr(user, "_desk", None)
    if kept is None:
        kept = _read_desk(user, today or timezone.localdate())
        user._desk = kept  # noqa: SLF001  ours, on a user of this request
    return kept


def _read_desk(user: Any, today: date) -> Desk:
    tenure = "office__body__tenures"
    rows = Membership.objects.filter(user=user.pk).values_list(
        "role",
        "office",
        "office__one_person_publishing",
        f"{tenure}__force",
        f"{tenure}__valid_from",
        f"{tenure}__valid_to",
    )
    national = bool(user.is_superuser)
    forces: dict[int, Role] = {}
    offices: dict[int, Role] = {}
    alone: set[int] = set()
    for role, office, may_alone, force, valid_from, valid_to in rows:
        if office is None:
            national = True
            continue
        offices[office] = Role(role)
        if may_alone and role == Role.PUBLISHER:
            alone.add(office)
        holds = (valid_from is None or valid_from <= today) and (valid_to is None or today < valid_to)
        if force is not None and holds:
            forces[force] = max(Role(role), forces.get(force, Role.VIEWER), key=lambda found: STANDING[found])
    return Desk(user_id=user.pk, national=national, forces=forces, offices=offices, alone=frozenset(alone))


def visible(rows: Rows, desk: Desk) -> Rows:
    """Keep the records that somebody may see."""
    model = rows.model
    if desk.national:
        return rows
    if not desk.member:
        return rows.none()
    if model in FORCE_OF:
        mine = Q()
        for path in FORCE_OF[model]:
            mine |= Q(**{f"{path}__in": list(desk.forces)})
        return rows.filter(mine)
    if model in OFFICE_OF:
        return rows.filter(**{f"{OFFICE_OF[model]}__in": list(desk.offices)})
    return rows if model in SHARED else rows.none()


def force_of(record: models.Model) -> int | None:
    """Give the primary key of the force that a record is about, or None where it is about none."""
    for path in FORCE_OF.get(type(record), ()):
        force = _follow(record, path)
        if force is not None:
            return int(force.pk if isinstance(force, models.Model) else force)
    return None


def _follow(record: models.Model, path: str) -> Any:
    """Follow a path of foreign keys; None where one of them is empty."""
    found: Any = record
    for name in path.split("__"):
        found = getattr(found, name, None)
        if found is None:
            return None
    return found


def owner_of(record: models.Model) -> models.Model:
    """Give the record whose status counts for this one: itself, its inspection or its response."""
    for path in OWNER.get(type(record), ()):
        owner = _follow(record, path)
        if owner is not None:
            return owner
    return record


def is_public(record: models.Model) -> bool:
    """Say whether a record is published, with or without an embargo. Figures of no report are public at once."""
    owner = owner_of(record)
    if isinstance(owner, Publishable):
        return owner.status == Status.PUBLISHED
    return isinstance(record, Observation)


def deciding(record: models.Model) -> tuple[Publishable, ...]:
    """Give the records whose statuses say whether this one may be edited in place, in the order in which they are locked.

    A draft finding goes public with its inspection, so it waits with it once that is submitted.
    """
    inspection = record.inspection if isinstance(record, Finding) else None
    return tuple(found for found in (inspection, owner_of(record)) if isinstance(found, Publishable))


def is_open(record: models.Model) -> bool:
    """Say whether a record may be edited in place: neither public, submitted nor discarded, nor about to go public with another."""
    found = deciding(record)
    if not found:
        return not isinstance(record, Observation)
    if isinstance(record, Correction) and record.discarded_at is not None:
        return False
    *before, own = found
    return own.status == Status.DRAFT and all(other.status != Status.SUBMITTED for other in before)


def is_public_at_once(record: models.Model) -> bool:
    """Say whether saving a record changes the public pages at that moment, which the log then has to tell."""
    if isinstance(record, Source):
        return _stands_behind_the_public(record)
    internal = type(record) in OFFICE_OF or type(record) in (Submission, Correction)
    return not internal and not isinstance(owner_of(record), Publishable)


def dependents(source: Source) -> Iterator[QuerySet[Any]]:
    """Give what rests on a source, one set of records a kind, whichever kinds there are."""
    relations: Any = options(Source).get_fields(include_hidden=True)
    for relation in relations:
        if relation.one_to_many and not hasattr(relation.related_model, "pgh_tracked_model"):
            yield rows_of(relation.related_model).filter(**{relation.field.name: source})


def _stands_behind_the_public(source: Source) -> bool:
    """Say whether anything public rests on a source. The log keeps quiet of one that only drafts name."""
    for rows in dependents(source):
        if issubclass(rows.model, Publishable):
            rows = rows.filter(status=Status.PUBLISHED)
        elif rows.model is Citation:
            rows = rows.filter(Q(grade__inspection__status=Status.PUBLISHED) | Q(observation__isnull=False))
        if rows.exists():
            return True
    return False


def may(desk: Desk, verb: Verb, what: type[models.Model] | models.Model) -> bool:
    """Say whether somebody may do something with a kind of record, or with one record."""
    if not desk.member:
        return False
    if isinstance(what, models.Model):
        return _may_with(desk, verb, what)
    return _may_with_kind(desk, verb, what)


def need(desk: Desk, verb: Verb, what: type[models.Model] | models.Model) -> None:
    """Raise DeniedError unless somebody may do something."""
    if not may(desk, verb, what):
        raise DeniedError(f"{verb} {what}")


def _may_with_kind(desk: Desk, verb: Verb, model: type[models.Model]) -> bool:
    """Answer for a kind of record: whether there may be any."""
    if verb == Verb.LOAD:
        return model in LOADED and desk.national
    if model in MACHINES:
        return verb == Verb.VIEW and (desk.national or model in SHARED)
    match verb:
        case Verb.VIEW:
            return desk.national or model in FORCE_OF or model in OFFICE_OF or model in SHARED
        case Verb.ADD | Verb.CHANGE:
            if model in (Submission, Correction):
                return False  # written by the publishing functions alone
            if model in PEOPLE:
                return _may_invite(desk) and (model, verb) not in BY_INVITATION_ALONE
            if model in RECORDED or (model is Source and verb == Verb.ADD):
                return desk.at_least(Role.EDITOR)
            return desk.national
        case Verb.DELETE if model in PEOPLE:
            return _may_invite(desk)
        case Verb.DELETE:
            return model in RECORDED and model is not RequiredItem and desk.at_least(Role.EDITOR)
        case Verb.SUBMIT | Verb.CORRECT | Verb.CHECK | Verb.WITHDRAW:
            return desk.at_least(Role.EDITOR)
        case Verb.APPROVE:
            return desk.at_least(Role.PUBLISHER)
        case Verb.INVITE:
            return _may_invite(desk)


def _may_with(desk: Desk, verb: Verb, record: models.Model) -> bool:
    """Answer for one record."""
    model = type(record)
    if not (_reaches(desk, record) and _may_with_kind(desk, verb, model)):
        return False
    edits = _edits(desk, record)
    match verb:
        case Verb.ADD | Verb.CHANGE | Verb.DELETE if isinstance(record, Membership | Invitation):
            return _may_manage(desk, verb, record)
        case Verb.VIEW | Verb.LOAD:
            return True
        case Verb.ADD:
            return edits and (is_open(record) or is_public_at_once(record))
        case Verb.CHANGE:
            return edits and is_open(record)
        case Verb.DELETE:
            return edits and is_open(record) and isinstance(owner_of(record), Publishable)
        case Verb.SUBMIT:
            return edits and isinstance(record, Publishable) and is_open(record)
        case Verb.CORRECT | Verb.CHECK:
            return edits and is_public(record)
        case Verb.WITHDRAW:
            return isinstance(record, Submission) and edits and record.done_at is None
        case Verb.APPROVE:
            return isinstance(record, Submission) and _may_approve(desk, record)
        case Verb.INVITE:
            office = getattr(record, "office_id", None) or (record.pk if isinstance(record, Office) else None)
            return desk.national or desk.offices.get(office) == Role.PUBLISHER  # type: ignore[arg-type]  # None is no office


def _edits(desk: Desk, record: models.Model) -> bool:
    """Say whether somebody edits what is about a force. What cites an official figure holds up its whole file for all forces."""
    if isinstance(record, Citation) and owner_of(record) is record:
        return desk.national
    return type(record) not in FORCE_OF or desk.at_least(Role.EDITOR, force_of(record))


def _reaches(desk: Desk, record: models.Model) -> bool:
    """Say whether a record lies within what somebody may see; one that is not saved yet is judged by what it names."""
    model = type(record)
    if desk.national:
        return True
    if model in FORCE_OF:
        return force_of(record) in desk.forces
    if model in OFFICE_OF:
        office = record.pk if model is Office else getattr(record, "office_id", None)
        return office in desk.offices
    return model in SHARED


def _may_invite(desk: Desk) -> bool:
    return desk.national or Role.PUBLISHER in desk.offices.values()


def _may_manage(desk: Desk, verb: Verb, record: Membership | Invitation) -> bool:
    """Publishers run their own office, national editors all; nobody changes their own role, or what was sent."""
    if not (desk.national or desk.offices.get(record.office_id) == Role.PUBLISHER):  # type: ignore[arg-type]  # None is no office
        return False
    if isinstance(record, Membership):
        return record.user_id != desk.user_id
    return verb == Verb.ADD or (verb == Verb.DELETE and record.accepted_at is None)


def _may_approve(desk: Desk, submission: Submission) -> bool:
    """A second person approves: never the author, but for an office that may publish alone."""
    if submission.decision != Decision.PENDING or not desk.at_least(Role.PUBLISHER, submission.force_id):
        return False
    return submission.submitted_by_id != desk.user_id or may_publish_alone(desk, submission)


def may_publish_alone(desk: Desk, submission: Submission) -> bool:
    """Say whether an author may approve what they submitted: their office has said so, and the log will."""
    return submission.office_id in desk.alone and desk.user_id == submission.submitted_by_id
