"""Path converters for this site's identifiers."""

from django.urls.converters import StringConverter


class CycleConverter(StringConverter):
    """A cycle's slug: 2014, 2018-19."""

    regex = r"\d{4}(?:-\d{2})?"


class ForcesConverter(StringConverter):
    """One to four forces' slugs, in the order of a comparison: kent,essex."""

    regex = r"[a-z0-9-]+(?:,[a-z0-9-]+){0,3}"
