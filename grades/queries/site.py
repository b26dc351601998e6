"""The home page."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from grades import models
from grades.dates import PartialDate
from grades.history import CycleFacts
from grades.models.base import partial
from grades.queries.cycles import CyclePage, cycle_page
from grades.queries.framework import load_cycles
from grades.scales import InspectionKind

ENOUGH_FORCES = 20
"""The home page shows the newest cycle for which at least this many forces are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestReport:
    """One of the newest reports of the record."""

    force: str
    force_slug: str
    cycle: str
    cycle_slug: str
    published: PartialDate
    date_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What the home page shows. `spread` is the newest cycle held for enough forces, if any."""

    regions: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    latest: tuple[LatestReport, ...]
    cycles: tuple[CycleFacts, ...]
    spread: CyclePage | None

    @property
    def forces(self) -> int:
        """Count the forces of the record."""
        return sum(len(forces) for _, forces in self.regions)


def home_page(*, at: datetime) -> HomePage:
    """Load the home page: forces by region, the newest reports, the newest well-recorded cycle."""
    seen = models.Inspection.objects.published(at).filter(kind=InspectionKind.PEEL)
    reports = (
        models.Report.objects.filter(inspection__in=seen, published_on__isnull=False)
        .select_related("inspection__force", "inspection__cycle")
        .order_by("-published_on", "inspection__force__short_name", "pk")[:6]
    )
    regions: dict[str, list[tuple[str, str]]] = {}
    for slug, name, region in models.Force.objects.order_by("region", "short_name").values_list(
        "slug", "short_name", "region"
    ):
        regions.setdefault(region, []).append((slug, name))
    held = Counter(seen.values_list("cycle__slug", flat=True))
    cycles = load_cycles(at=at)
    full = [cycle.slug for cycle in cycles if held[cycle.slug] >= ENOUGH_FORCES]
    return HomePage(
        regions=tuple((region, tuple(forces)) for region, forces in regions.items()),
        latest=tuple(
            LatestReport(
                force=report.inspection.force.short_name,
                force_slug=report.inspection.force.slug,
                cycle=report.inspection.cycle.label,
                cycle_slug=report.inspection.cycle.slug,
                published=published,
                date_confirmed=report.date_confirmed,
            )
            for report in reports
            if (published := partial(report, "published_on"))
        ),
        cycles=cycles,
        spread=cycle_page(slug=full[-1], at=at) if full else None,
    )


def data_version(*, at: datetime) -> datetime | None:
    """Give the moment at which what the public may see last changed; None for an empty record. One query."""
    return models.DataVersion.objects.at(at)


def version_name(version: datetime | None) -> str:
    """Write a version as answers name it in PEEL-Data-Version."""
    return version.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if version else "none"
