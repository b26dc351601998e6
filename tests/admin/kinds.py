"""Every kind of record that has pages in the admin."""

from django.apps import apps
from django.db import models

from grades.models import DataVersion

MODELS: list[type[models.Model]] = [
    m
    for m in apps.get_app_config("grades").get_models()
    if not hasattr(m, "pgh_tracked_model") and not m._meta.proxy and m is not DataVersion
]
"""All but histories, names for tables between two others, and the version of the record, which is a moment."""
