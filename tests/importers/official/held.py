"""What the database holds of official files."""

from collections.abc import Iterable

from grades.models import Count, CountLine, Observation, Release


def state() -> dict[str, list[tuple]]:
    """Give everything that a load writes, but for numbers that a database gives out by itself."""
    return {
        "lines": ordered(
            CountLine.objects.values_list(
                "release__key", "area__slug", "kind", "category", "part", "superseded_by"
            )
        ),
        "counts": ordered(
            Count.objects.values_list("line__area__slug", "line__category", "starts_on", "value", "missing")
        ),
        "figures": ordered(
            Observation.objects.values_list(
                "pk", "area__slug", "metric__slug", "ends_before", "value", "numerator", "note", "run"
            )
        ),
        "releases": ordered(Release.objects.values_list("key", "file_sha256")),
    }


def ordered(rows: Iterable[tuple]) -> list[tuple]:
    """Put rows in an order, empty cells too."""
    return sorted(rows, key=str)
