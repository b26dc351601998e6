"""What the log keeps to itself."""

import io
import logging
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/preview/abc:def-_123/", "/preview/…/"),
        ("/admin/account/invitation/abc:def/", "/admin/account/invitation/…/"),
        ("/admin/account/password/reset/key/1-abc-def/", "/admin/account/password/reset/key/…/"),
        ("/forces/warwickshire/", "/forces/warwickshire/"),
    ],
)
@pytest.mark.parametrize("logger", ["peel_site", "django.request", "django.security", "anything.else"])
def test_a_link_that_opens_something_by_itself_is_not_logged(logger, address, said):
    handlers = [
        one
        for name in (logger, "django", None)
        for one in logging.getLogger(name).handlers
        if type(one) is logging.StreamHandler
    ]
    record = logging.LogRecord(logger, logging.ERROR, "", 1, "Internal Server Error: %s 100%", (), None)
    record.msg, record.args = "Internal Server Error: %s", (address,)

    assert handlers
    for handler in handlers:
        with patch.object(handler, "stream", io.StringIO()) as stream:
            handler.handle(record)
        assert stream.getvalue().strip().endswith(f"Internal Server Error: {said}")


@pytest.mark.django_db
def test_a_request_in_trouble_is_logged_without_its_reader():
    handler = logging.getLogger("django").handlers[0]
    with (
        patch.object(handler, "stream", io.StringIO()) as stream,
        patch("grades.views.previews.previews.open_preview", side_effect=OperationalError("away")),
        patch.object(logging.getLogger("peel_site.middleware"), "handlers", [handler]),
    ):
        Client(
            REMOTE_ADDR="192.0.2.77",
            headers={"user-agent": "Somebody/1.0", "referer": "https://desk.example/"},
        ).get("/preview/signed-token/?who=somebody")

    told = stream.getvalue()
    assert "No answer from the database for /preview/…/: away" in told
    assert not any(word in told for word in ("signed-token", "192.0.2.77", "Somebody", "desk.example"))
