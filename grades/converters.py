"""Path converters for this site's identifiers."""


class CycleConverter:
    """A cycle's slug: 2014, 2018-19."""

    regex = r"\d{4}(?:-\d{2})?"

    def to_python(self, value: str) -> str:
        """Keep the text."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the text."""
        return value


class ForcesConverter:
    """One to four forces' slugs, in the order of a comparison: kent,essex."""

    regex = r"[a-z0-9-]+(?:,[a-z0-9-]+){0,3}"

    def to_python(self, value: str) -> str:
        """Keep the text."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the text."""
        return value
