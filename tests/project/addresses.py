"""One address of every kind that the public can ask for, made from the patterns themselves."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from grades.models import Response

NOT_HELD = {"preview"}
"""The names of public addresses that nobody may hold."""


def filled() -> dict[str, list[object]]:
    """Give, for each name in a pattern, what may stand there; all of one force and one cycle of the real record."""
    answered = Response.objects.filter(report__inspection__force__slug="warwickshire").order_by("pk")[0]
    return {
        "slug": ["warwickshire"],
        "forces": ["warwickshire,west-mercia"],
        "cycle": [answered.report.inspection.cycle.slug],
        "metric": ["recorded-crime"],
        "theme": ["investigating-crime"],
        "block": ["crimes-recorded"],
        "figure": ["figure-2"],
        "pin": ["0" * 16],
        "rest": ["nonsense"],
        "suffix": ["json", "png"],
        "pk": [answered.pk],
        "dataset": ["grades"],
        "body": ["police-and-crime-commissioner-for-warwickshire"],
        "token": ["nonsense"],
    }


def patterns(resolver: URLResolver | None = None, spaces: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every pattern outside of the admin with its whole name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{spaces}{pattern.name}", pattern
        elif not str(pattern.pattern).startswith(settings.ADMIN_PATH):
            yield from patterns(pattern, f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces)


def addresses() -> list[str]:
    """Give one address of every public pattern, and of every suffix where it has one."""
    known, found = filled(), []
    for name, pattern in patterns():
        wanted = {key for key in pattern.pattern.converters if key not in pattern.default_args}
        if name in NOT_HELD or str(pattern.pattern).startswith(settings.ADMIN_PATH):
            continue
        assert wanted <= set(known), f"Say in tests/project/addresses.py what {name} may be filled with."
        for number in range(max((len(known[key]) for key in wanted), default=1)):
            found.append(
                reverse(name, kwargs={key: known[key][number % len(known[key])] for key in wanted})
                if wanted
                else reverse(name)
            )
    return found
