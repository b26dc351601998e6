"""Prints the description of the API, of which docs/openapi.json is a copy."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from grades.api.lists import description


class Command(BaseCommand):
    """Print the OpenAPI description."""

    help = (
        "Prints the description of the API as OpenAPI 3.1. `make openapi` renews docs/openapi.json with it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it with names in order, so that copies compare."""
        self.stdout.write(json.dumps(description(), indent=2, sort_keys=True, ensure_ascii=False))
