"""A desk in a browser: the site of the tests themselves, an office with a force, an editor who is signed in."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from grades.models import Cycle, Force, Question
from tests import factories

QUESTIONS = (
    ("1", "Service to victims of crime", "ungraded"),
    ("2", "Recording data about crime", "varies"),
    ("3", "Police powers and public treatment", "graded"),
    ("4", "Preventing crime", "graded"),
    ("5", "Responding to the public", "graded"),
    ("6", "Investigating crime", "graded"),
    ("7", "Protecting vulnerable people", "graded"),
    ("8", "Managing offenders", "graded"),
    ("9", "Developing a positive workplace", "graded"),
    ("10", "Leadership and force management", "graded"),
)


def cycle_of_2023(**fields: Any) -> Cycle:
    """Make the cycle as its framework has it: nine questions that may be graded, and one that is not."""
    made = factories.cycle(**({"slug": "2023-25", "label": "2023–25", "band": "D"} | fields))
    for order, (number, title, graded) in enumerate(QUESTIONS, 1):
        factories.question(cycle=made, number=number, short_title=title, order=order, graded=graded)
    return made


def sign_in(page: Page, address: str, force: Force) -> None:
    """Give the browser the session of an editor of the force's office."""
    editor = factories.member("editor", factories.office(forces=[force]))
    client = Client()
    client.force_login(editor)
    carry_session(client, page, address)


def carry_session(client: Client, page: Page, address: str) -> None:
    """Give the browser the session of a test client who is signed in."""
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": urlsplit(address).hostname or "",
                "path": settings.SESSION_COOKIE_PATH,
            }
        ]
    )


def question(number: str) -> Question:
    """Give a question by its number."""
    return Question.objects.get(number=number)
