"""What the log says."""

import json
import logging
import re
from datetime import UTC, datetime


class WithoutTraceback(logging.Filter):
    """Says in a line what a reader's request was refused for, and not where in Django that was found."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let all through, less the traceback."""
        record.exc_info = record.exc_text = None
        return True


SIGNED = re.compile(r"(/(?:preview|invitation|reset/key)/)[^/\s\"']+")


def without_links(text: str) -> str:
    """Leave out of addresses what opens something by itself: the links to drafts, invitations and new passwords."""
    return SIGNED.sub(r"\1…", text)


class WithoutLinks(logging.Filter):
    """Says no link that opens something by itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let all through, less the signed part of an address."""
        said = record.getMessage()
        if (told := without_links(said)) != said:
            record.msg, record.args = told, ()
        return True


class AsJson(logging.Formatter):
    """One object a line: when, how grave, who says it, what, and where in the code it went wrong.

    Whatever else a record carries stays out, such as the request with its headers: the log names no reader, and no page on
    which an embed stands.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as JSON."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            said["status"] = str(status)
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
