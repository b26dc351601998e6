"""Give a demonstration people to sign in as: an editor and a publisher in each of two offices, and a national editor."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from grades.models import Membership, Office, Tenure
from grades.scales import Role

FORCES = ("warwickshire", "west-mercia")
"""Whose bodies get an office."""

PASSWORDS = "demonstration-users.json"
"""In DATA_DIR: the passwords of this installation, readable by its owner alone."""


class Command(BaseCommand):
    """Make what is missing and leave alone what is there; tell how to sign in."""

    help = "Make users for a demonstration, and say their passwords. Safe to repeat; refuses in production."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make offices, people and roles, and print them."""
        if settings.PRODUCTION:
            raise CommandError("Demonstration users are not for production: invite people instead.")
        passwords = Passwords(settings.DATA_DIR / PASSWORDS)
        self.stdout.write(f"Sign in at {settings.BASE_URL}{reverse('account_login')} as one of:")
        for name, office, role in self._people():
            user = self._user(name, office, role, passwords)
            told = (
                passwords.of(name)
                if user.check_password(passwords.of(name))
                else "(the password that was chosen)"
            )
            where = f"{Role(role).value.replace('-', ' ')}{f', {office.name}' if office else ''}"
            self.stdout.write(f"  {name:<24} {told:<32} {where}")

    @staticmethod
    def _people() -> Iterator[tuple[str, Office | None, Role]]:
        """Give each name with its office and role."""
        for slug in FORCES:
            tenure = Tenure.objects.filter(force__slug=slug, valid_to=None).select_related("body").first()
            if tenure is None:
                raise CommandError(f"No body of today is recorded for {slug}: run `manage.py seed` first.")
            office, _made = Office.objects.get_or_create(
                body=tenure.body, defaults={"name": f"Office of the {tenure.body}"}
            )
            yield f"{slug}-editor", office, Role.EDITOR
            yield f"{slug}-publisher", office, Role.PUBLISHER
        yield "national-editor", None, Role.NATIONAL_EDITOR

    @staticmethod
    def _user(name: str, office: Office | None, role: Role, passwords: Passwords) -> User:
        """Find somebody, or make them."""
        email = f"{name}@example.org"
        words = (
            name.replace("-editor", " editor").replace("-publisher", " publisher").replace("-", " ").title()
        )
        first, _space, last = words.rpartition(" ")
        user, made = User.objects.get_or_create(
            username=name,
            defaults={"email": email, "first_name": first, "last_name": last, "is_staff": True},
        )
        if made:
            user.set_password(passwords.of(name))
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            Membership.objects.create(user=user, office=office, role=role)
        return user


class Passwords:
    """Random passwords, one a name, kept in a file from their first use on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def of(self, name: str) -> str:
        """Give the password of a name."""
        if name not in self.known:
            self.known[name] = secrets.token_urlsafe(15)
            draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            draft.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
                json.dump(self.known, file, indent=1)
            draft.replace(self.path)
        return self.known[name]
