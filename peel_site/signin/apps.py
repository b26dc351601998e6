"""Signing in as an application of its own: it has no tables, but listens to what others tell."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Connects what happens at each sign-in, wherever it is done: a session's time, the log, the count of wrong codes."""

    name = "peel_site.signin"
    label = "signin"

    def ready(self) -> None:
        """Load the modules that listen."""
        from peel_site.signin import listening, locking  # noqa: F401  loaded for what they listen to
