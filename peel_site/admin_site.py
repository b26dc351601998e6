"""The site of the admin: who may enter, what its front page shows, and the order of its lists."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from grades import access


class RecordSite(AdminSite):
    """The desk of the offices. Only their members, national editors and superusers come in."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("What there is to do")
    index_template = "admin/desk.html"
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who works on the record."""
        return access.desk_of(request.user).member

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what there is to do, before the lists."""
        # The admin's modules register themselves on this site while they are imported.
        from grades.admin import front

        return super().index(request, {**(extra_context or {}), **front.context(request)})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List the record before Django's own applications, and its models in the order of use."""
        from grades.admin import ORDER_OF_USE

        place = {model.__name__: number for number, model in enumerate(ORDER_OF_USE)}
        listed: list[Any] = super().get_app_list(request, app_label)
        for application in listed:
            application["models"].sort(key=lambda model: place.get(model["object_name"], len(place)))
        return sorted(listed, key=lambda application: application["app_label"] != "grades")
