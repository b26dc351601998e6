"""The one application: the inspection record and its public pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradesConfig(AppConfig):
    """Names the application in the admin."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "grades"
    verbose_name = _("Inspection record")
