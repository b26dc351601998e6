"""What an office answers beside its responses: comments beside grades, and the information that it has to publish."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from grades.admin.base import RecordAdmin, RecordForm, WorkList, drafts, link, where
from grades.models import Comment, RecommendationAction, RequiredItem

CHECK_AGAIN_AFTER = timedelta(days=90)
"""How long a look at required information lasts."""

WORDS_OF_TEXT = 20


@admin.register(Comment)
class CommentAdmin(RecordAdmin):
    """What offices say beside grades."""

    class Work(WorkList):
        """Comments on their way."""

        tasks = drafts(_("draft"))

    list_display = ["body", "beside", "dated", "start", "status"]
    list_filter = [Work, "status"]
    list_select_related = [
        "body",
        "grade__inspection__force",
        "grade__inspection__cycle",
        "grade__question__pillar",
        "grade__question__cycle",
    ]
    search_fields = ["text", "body__name", "grade__inspection__force__official_name"]
    autocomplete_fields = ["grade", "body"]
    date_hierarchy = "dated"
    ordering = ["-dated", "pk"]
    fieldsets = [
        (None, {"fields": ["grade", "body", "dated", "text"]}),
        (_("On the public pages"), {"fields": [("status", "published_at")]}),
    ]

    @admin.display(description=_("grade"), ordering="grade__inspection__force__official_name")
    def beside(self, comment: Comment) -> str:
        """Name the grade."""
        return str(comment.grade)

    @admin.display(description=_("text"), ordering="text")
    def start(self, comment: Comment) -> str:
        """Give the first words."""
        return Truncator(comment.text).words(WORDS_OF_TEXT)


@admin.register(RecommendationAction)
class RecommendationActionAdmin(RecordAdmin):
    """What responses say about single recommendations."""

    list_display = ["response", "finding", "start"]
    list_select_related = [
        "response__report__inspection__force",
        "response__report__inspection__cycle",
        "finding__force",
        "finding__inspection__cycle",
    ]
    search_fields = ["action", "reason", "response__title", "finding__text"]
    autocomplete_fields = ["response", "finding"]
    ordering = ["-response__published_on", "pk"]
    fields = ["response", "finding", "action", "reason"]

    @admin.display(description=_("action, or why none"))
    def start(self, action: RecommendationAction) -> str:
        """Give the first words."""
        return Truncator(action.action or action.reason).words(WORDS_OF_TEXT)


def _stale(items: QuerySet[Any]) -> QuerySet[Any]:
    return items.filter(checked_on__lt=timezone.localdate() - CHECK_AGAIN_AFTER)


class RequiredItemForm(RecordForm):
    """An item that somebody has looked for, which is public as soon as it is saved."""

    def clean_checked_on(self) -> date:
        """Refuse a day on which nobody can have looked yet."""
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is in the future."))
        return day


@admin.register(RequiredItem)
class RequiredItemAdmin(RecordAdmin):
    """What policing bodies have to publish, and where they do. What is saved here is public at once."""

    form = RequiredItemForm

    class Work(WorkList):
        """Items to look at."""

        tasks = {
            "stale": (_("not checked for 90 days"), _stale),
            "not-published": (_("not published"), where(Q(address=""))),
        }

    list_display = ["force", "item", "read_there", "checked_on", "note"]
    list_filter = [Work, "item"]
    list_select_related = ["force"]
    search_fields = ["force__official_name", "note", "address"]
    autocomplete_fields = ["force"]
    date_hierarchy = "checked_on"
    ordering = ["force__official_name", "item", "pk"]
    fields = ["force", "item", "address", "checked_on", "note"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take it that somebody looked today."""
        return {"checked_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    @admin.display(description=_("address"), ordering="address")
    def read_there(self, item: RequiredItem) -> SafeString | str:
        """Lead to it."""
        return link(item.address)
