"""What the log says."""

import logging


class WithoutTraceback(logging.Filter):
    """Says in a line what a reader's request was refused for, and not where in Django that was found."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let all through, less the traceback."""
        record.exc_info = record.exc_text = None
        return True
