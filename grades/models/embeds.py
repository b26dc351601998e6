"""What other sites show and want to stay as it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grades.models.base import not_empty

DIGEST_PATTERN = r"^[0-9a-f]{16}$"


class PinnedBlock(models.Model):
    """A block for other sites as it was when somebody pinned it: kept as it was set, and never changed."""

    path = models.CharField(_("block"), max_length=300, help_text=_("Its address on this site."))
    digest = models.CharField(
        _("digest"), max_length=16, help_text=_("The first sixteen digits of the SHA-256 of what it says.")
    )
    pinned_at = models.DateTimeField(_("pinned at"), help_text=_("When."))
    pieces = models.JSONField(_("pieces"), help_text=_("Its texts and its HTML, piece by piece."))
    picture = models.TextField(_("picture"), help_text=_("The same as a picture of its own, SVG."))
    height = models.PositiveIntegerField(_("height"), help_text=_("In CSS pixels, whatever the width."))

    class Meta:
        verbose_name = _("pinned block")
        verbose_name_plural = _("pinned blocks")
        constraints = [
            models.UniqueConstraint(fields=["path", "digest"], name="pinned_block_once"),
            models.CheckConstraint(
                name="pinned_block_digest_format",
                condition=Q(digest__regex=DIGEST_PATTERN),
                violation_error_message=_("A digest has sixteen hexadecimal digits."),
            ),
            not_empty(model="pinned_block", field="path"),
            not_empty(model="pinned_block", field="picture"),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.digest})"
