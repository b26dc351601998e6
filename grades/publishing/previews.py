"""Signed links that show a draft to somebody who has no account: for some days, and only as long as the draft is the same.

A link names the record, where it stood on its way to the public, and who made it. It is void once the record is
published, or its submission is made, decided or withdrawn, or its maker may no longer see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing

from grades import access
from grades.models import Finding, Inspection, Response, Submission
from grades.models.base import Publishable, rows_of
from grades.publishing.plain import label_of, model_of
from grades.scales import Status

SALT = "grades.publishing.previews"

PREVIEWED = (Inspection, Response)
"""The kinds of record that have a page of their own to be previewed on."""


class PreviewError(Exception):
    """A link does not open anything."""


class AlteredPreviewError(PreviewError):
    """The link is not one of ours, or not whole."""


class ExpiredPreviewError(PreviewError):
    """The link's days are over."""


class VoidPreviewError(PreviewError):
    """The draft is no longer what the link was made for."""


def preview_token(record: Publishable, by: Any, now: datetime) -> str:
    """Make the token of a link to a draft, good for settings.PREVIEW_DAYS.

    Raise DeniedError if `by` may not see the draft, VoidPreviewError if it is public already, TypeError for a record of
    another kind.
    """
    if not isinstance(record, PREVIEWED):
        raise TypeError(f"{label_of(record)} has no page to preview")
    access.need(access.desk_of(by), access.Verb.VIEW, record)
    if record.status == Status.PUBLISHED:
        raise VoidPreviewError
    expires = now + timedelta(days=settings.PREVIEW_DAYS)
    said = {
        "what": label_of(record),
        "which": record.pk,
        "stood": _standing(record),
        "by": by.pk,
        "until": int(expires.timestamp()),
    }
    return _signer().sign_object(said, compress=True)


def open_preview(token: str, now: datetime) -> Inspection | Response:
    """Give the draft that a link shows. Raise AlteredPreviewError, ExpiredPreviewError or VoidPreviewError."""
    said = _read(token)
    if now >= _expiry(said):
        raise ExpiredPreviewError
    record: Inspection | Response | None = rows_of(model_of(said["what"])).filter(pk=said["which"]).first()
    if record is None or record.status == Status.PUBLISHED or _standing(record) != said["stood"]:
        raise VoidPreviewError
    maker = get_user_model().objects.filter(pk=said["by"]).first()
    if maker is None or not access.may(access.desk_of(maker), access.Verb.VIEW, record):
        raise VoidPreviewError
    return record


def preview_expiry(token: str) -> datetime:
    """Give the moment at which a link ends; raise AlteredPreviewError for a token that is not ours."""
    return _expiry(_read(token))


def shown_with(record: Inspection | Response) -> dict[str, frozenset[int]]:
    """Give what counts as public while a draft is previewed: itself, and what goes public with it or is shown beside it."""
    if isinstance(record, Inspection):
        drafts = Finding.objects.filter(inspection=record, status=Status.DRAFT)
        return {
            label_of(Inspection): frozenset({record.pk}),
            label_of(Finding): frozenset(drafts.values_list("pk", flat=True)),
        }
    return {
        label_of(Response): frozenset({record.pk}),
        label_of(Inspection): frozenset({record.report.inspection_id}),
        label_of(Finding): frozenset(record.recommendation_actions.values_list("finding", flat=True)),
    }


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _read(token: str) -> Mapping[str, Any]:
    try:
        said = _signer().unsign_object(token)
    except (signing.BadSignature, ValueError) as problem:
        raise AlteredPreviewError from problem
    return dict(said)


def _expiry(said: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(said["until"], UTC)


def _standing(record: Publishable) -> str:
    """Say where a draft stands on its way to the public: its status, its newest submission and what became of that."""
    newest = Submission.objects.of(record).order_by("-pk").values_list("pk", "decision", "publish_at").first()
    return " ".join(str(part) for part in (record.status, *(newest or ())))
