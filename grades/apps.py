"""The one application: the inspection record and its public pages."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real


class GradesConfig(AppConfig):
    """Names the application in the admin."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "grades"
    verbose_name = _("Inspection record")

    def ready(self) -> None:
        """Look an English text up once: what British English lacks would be sought in the "en" of five packages, all empty."""
        english = trans_real.translation(settings.LANGUAGE_CODE)
        english._fallback = None  # type: ignore[attr-defined]  # noqa: SLF001  gettext's own; Django has no other way
