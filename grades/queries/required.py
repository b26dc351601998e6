"""What the law asks a policing body to publish about its force, and where it does."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from grades import models
from grades.dates import PartialDate
from grades.queries.forces import ForceFacts, TenureFacts, find_row, force_facts
from grades.scales import BodyKind, InspectionKind, RequiredKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredLine:
    """One item. `checked_on` is None while nobody has looked; `address` is empty where it was not found."""

    kind: RequiredKind
    address: str = ""
    checked_on: date | None = None
    note: str = ""

    @property
    def paragraph(self) -> str:
        """Give the paragraph of the order that asks for it, such as 7B."""
        return self.kind.value.split("-")[0].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestReport:
    """The newest PEEL report that this record knows."""

    title: str
    address: str
    cycle: str
    cycle_slug: str
    published: PartialDate | None
    date_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredPage:
    """What the policing body of a force has to publish. `bound` says whether the order speaks to a body of this kind."""

    force: ForceFacts
    body: TenureFacts | None
    lines: tuple[RequiredLine, ...]
    report: NewestReport | None

    @property
    def bound(self) -> bool:
        """Say whether the order speaks to the body: it does not to the Common Council of the City of London."""
        return self.body is None or self.body.kind != BodyKind.COMMON_COUNCIL

    @property
    def checked(self) -> int:
        """Count the items that somebody has looked for."""
        return sum(line.checked_on is not None for line in self.lines)

    @property
    def found(self) -> int:
        """Count the items that were found."""
        return sum(bool(line.address) for line in self.lines)


def required_page(*, slug: str, at: datetime) -> RequiredPage | None:
    """Load what is known of the required information of a force, in three queries; None where there is no such force."""
    row = find_row(slug, at=at)
    if row is None:
        return None
    facts = force_facts(row)
    known = {item.item: item for item in models.RequiredItem.objects.filter(force=row)}
    return RequiredPage(
        force=facts,
        body=facts.tenure_on(timezone.localdate(at)),
        lines=tuple(_line(kind, known.get(kind)) for kind in RequiredKind),
        report=_newest(row, at),
    )


def _line(kind: RequiredKind, item: models.RequiredItem | None) -> RequiredLine:
    if item is None:
        return RequiredLine(kind=kind)
    return RequiredLine(kind=kind, address=item.address, checked_on=item.checked_on, note=item.note)


def _newest(force: models.Force, at: datetime) -> NewestReport | None:
    seen = models.Inspection.objects.published(at).filter(force=force, kind=InspectionKind.PEEL)
    report = (
        models.Report.objects.filter(inspection__in=seen)
        .select_related("inspection__cycle")
        .order_by("-inspection__cycle__order", F("published_on").desc(nulls_last=True), "pk")
        .first()
    )
    if report is None:
        return None
    return NewestReport(
        title=report.title,
        address=report.address,
        cycle=report.inspection.cycle.label,
        cycle_slug=report.inspection.cycle.slug,
        published=report.published,
        date_confirmed=report.date_confirmed,
    )
