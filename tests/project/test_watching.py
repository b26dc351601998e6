"""What is told to those who watch from elsewhere says nothing of readers; and the log is one object a line."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import sentry_sdk
from django.urls import path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from peel_site.logs import AsJson
from peel_site.watching import report_errors, without_reader

ROOT = Path(__file__).resolve().parents[2]


def broken(request: object) -> None:
    raise ValueError("something of ours")


urlpatterns = [path("admin/broken/", broken)]
handler500 = "grades.views.errors.server_error"


def test_a_report_of_an_error_names_no_reader(monkeypatch, client, settings) -> None:
    sent: list[str] = []

    class Kept(Transport):
        def capture_envelope(self, envelope: Envelope) -> None:
            sent.append(envelope.serialize().decode())

    real = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **given: real(**given, transport=Kept))
    before = sentry_sdk.get_global_scope().client
    report_errors("https://key@sentry.example.org/1", release="a-release", environment="production")
    try:
        settings.ROOT_URLCONF = __name__
        client.raise_request_exception = False
        client.get(
            "/admin/broken/?q=somebody-private",
            headers={
                "Referer": "https://office.example/page",
                "User-Agent": "Private/1.0",
                "Cookie": "a=biscuit",
            },
            REMOTE_ADDR="192.0.2.77",
        )
        sentry_sdk.flush()
    finally:
        sentry_sdk.get_global_scope().set_client(before)

    said = "".join(sent)
    assert "ValueError" in said
    assert "a-release" in said
    assert "/admin/broken/" in said
    for private in ("somebody-private", "office.example", "Private/1.0", "biscuit", "192.0.2.77"):
        assert private not in said


def test_a_report_of_an_error_leaves_out_what_opens_a_draft() -> None:
    told = without_reader({"request": {"url": "https://peel.example.org/preview/signed:token/?a=b"}}, {})

    assert told == {"request": {"url": "https://peel.example.org/preview/…/"}}


def test_a_line_is_one_object_without_what_else_the_record_carries() -> None:
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord(
            "peel", logging.ERROR, __file__, 1, "Line\nof %s", ("two",), sys.exc_info()
        )
    record.request = "a reader's request"
    record.status_code = 503

    line = AsJson().format(record)

    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"], said["status"]) == (
        "ERROR",
        "peel",
        "Line\nof two",
        "503",
    )
    assert "ValueError: why" in said["traceback"]
    assert "a reader's" not in line
    assert set(said) == {"time", "level", "logger", "message", "status", "traceback"}


def test_metrics_are_there_when_asked_for_and_counted_for_all_processes(own_environment, tmp_path) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "c = Client(); print(c.get('/healthz').status_code); print(c.get('/prometheus').content.decode())"
    )
    environment = own_environment(
        DATA_DIR=str(tmp_path), METRICS="true", DJANGO_SETTINGS_MODULE="peel_site.settings"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("200\n")
    assert "# TYPE django_http_requests_before_middlewares_total counter" in done.stdout
    assert list((tmp_path / "metrics").glob("*.db"))
