"""Offices, the people who sign in, and the public log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grades.access import desk_of
from grades.admin.base import (
    ReadOnlyAdmin,
    RecordAdmin,
    WorkList,
    count_of,
    list_link,
    where,
)
from grades.admin.values import EMPTY
from grades.models import ChangeLogEntry, Membership, Office

admin.site.unregister(Group)  # roles are memberships
admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """The people who sign in. Superusers edit them; national editors see whom they give a role."""

    list_display = ["username", "email", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    ordering = ["username"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Who it is"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Whether they may sign in"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("When"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the list to those who may see people."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let national editors see people; superusers, too."""
        return desk_of(request.user).national

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers add; everybody else is invited."""
        return desk_of(request.user).national and request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let superusers edit."""
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted, because the history names them; they are made inactive instead."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show those who only look nothing about passwords."""
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["username", "first_name", "last_name", "email", "is_active"]})]
        return super().get_fieldsets(request, obj)


@admin.register(Office)
class OfficeAdmin(RecordAdmin):
    """The offices, with how many work there."""

    class Work(WorkList):
        """Offices that lack something."""

        tasks = {
            "without-publisher": (
                _("nobody can approve"),
                where(
                    ~Exists(Membership.objects.filter(office=OuterRef("pk"), role="publisher")),
                ),
            ),
            "alone": (_("one person may publish alone"), where(Q(one_person_publishing=True))),
        }

    list_display = ["name", "body", "members", "one_person_publishing"]
    list_filter = [Work]
    list_select_related = ["body"]
    search_fields = ["name", "body__name"]
    autocomplete_fields = ["body"]
    ordering = ["name"]
    fields = ["name", "body", "one_person_publishing"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        """Count the members along with it."""
        rows = super().get_queryset(request)
        return rows.annotate(member_count=count_of(Membership.objects.all(), "office"))

    @admin.display(description=_("members"), ordering="member_count")
    def members(self, office: Any) -> SafeString:
        """Count its members and lead to them."""
        return list_link(Membership, str(office.member_count), office__id__exact=office.pk)


@admin.register(ChangeLogEntry)
class ChangeLogEntryAdmin(ReadOnlyAdmin):
    """The public log, entry by entry, as it stands for good."""

    show_facets = admin.ShowFacets.ALLOW
    list_display = ["number", "at", "kind", "force", "told"]
    list_filter = ["kind"]
    search_fields = ["force", "document"]
    search_help_text = _("By the slug of a force, or any words of the entry.")
    date_hierarchy = "at"
    ordering = ["-number"]
    fieldsets = [
        (None, {"fields": ["number", "at", "kind", "force", "document"]}),
        (_("The chain"), {"fields": ["previous", "digest"]}),
    ]

    @admin.display(description=_("about"))
    def told(self, entry: ChangeLogEntry) -> str:
        """Name what the entry is about."""
        document = entry.document
        named = document.get("name") or document.get("cycle") or document.get("record")
        return str(named or EMPTY)
