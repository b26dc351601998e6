"""Take the second step off the account of somebody who has lost phone, key and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Remove every authenticator of one person; where a second step is required, they set up another at once."""

    help = "Remove the second step of one person. Be sure first that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, and say how many."""
        try:
            user = User.objects.get(username=options["username"])
        except User.DoesNotExist:
            raise CommandError(f"Nobody has the user name {options['username']}.") from None
        removed, _by_model = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"Removed from {user.get_username()}: {removed}.")
