"""What the tests of the recording screen share: an office with its force, a cycle to record, an editor at the screen."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from grades.models import Cycle, Force, Inspection, Office, Question
from tests import factories
from tests.admin.browser import as_sent


@dataclass
class Desk:
    """An editor of one office, at the screen of one inspection."""

    force: Force
    cycle: Cycle
    questions: list[Question]
    office: Office
    editor: User
    client: Client
    inspection: Inspection
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return reverse("admin:grades_inspection_record", args=[self.inspection.pk])

    def field(self, number: int, name: str) -> str:
        """Give the name of a field of a row."""
        return f"q{self.questions[number].pk}-{name}"

    def look(self) -> Any:
        return self.client.get(self.address)

    def save(self, changes: dict[str, Any] | None = None, *, page: Any = None) -> Any:
        """Send the screen back as it came, with changes; what is None is not sent."""
        sent = as_sent(page or self.look()) | (changes or {})
        return self.client.post(self.address, {k: v for k, v in sent.items() if v is not None})


def desk(questions: int = 3, *, tiers: int = 5, role: str = "editor", **cycle: Any) -> Desk:
    """Make an office, its force, a cycle of some questions and a draft."""
    force = factories.force()
    made = factories.cycle(tiers=tiers, **cycle)
    office = factories.office(forces=[force])
    editor = factories.member(role, office, first_name="Ada", last_name="Byron")
    client = Client()
    client.force_login(editor)
    return Desk(
        force=force,
        cycle=made,
        questions=[factories.question(cycle=made, number=str(n), order=n) for n in range(1, questions + 1)],
        office=office,
        editor=editor,
        client=client,
        inspection=factories.inspection(force=force, cycle=made),
    )


FIRST = {
    "report-new-0-published_on": "2024-03-01",
    "report-new-0-address": "https://example.org/report",
}
"""What an editor types of a new report."""

DAY = date(2024, 3, 1)


def errors(response: Any) -> list[str]:
    """Give the errors that the screen lists."""
    return [str(error["words"]) for error in response.context["errors"]]
