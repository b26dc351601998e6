"""Django's admin with the project's own site."""

from django.contrib.admin.apps import AdminConfig


class RecordAdminConfig(AdminConfig):
    """Gives the admin its site."""

    default_site = "peel_site.admin_site.RecordSite"
