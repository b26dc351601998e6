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
