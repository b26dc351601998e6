"""What may be told to those who watch the site from elsewhere, and what not. Nothing is, unless the settings ask for it."""

import os
from pathlib import Path
from typing import Any

from peel_site.logs import without_links

NEVER_TOLD = ("cookies", "data", "env", "headers", "query_string")
"""What a request says of its reader, or of the page on which an embed stands."""


def report_errors(dsn: str, *, release: str, environment: str) -> None:
    """Send errors of ours to a Sentry: what went wrong, in which release, at which path; nothing of who asked."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        environment=environment,
        data_collection={
            "user_info": False,
            "cookies": {"mode": "off"},
            "url_query_params": {"mode": "off"},
            "http_bodies": [],
            "stack_frame_variables": False,
        },
        max_breadcrumbs=0,
        server_name="",
        before_send=without_reader,
    )


def without_reader(event: Any, hint: dict[str, Any]) -> Any:
    """Take out of a report what it knows of the reader; Sentry calls this before it sends one."""
    for whose in ("user", "extra"):
        event.pop(whose, None)
    request = event.get("request", {})
    for name in NEVER_TOLD:
        request.pop(name, None)
    if "url" in request:
        request["url"] = without_links(request["url"].partition("?")[0])
    return event


def share_metrics(folder: Path) -> None:
    """Let all processes of this start count together, in files of this folder; the first of them empties it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.db"):
            old.unlink()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
