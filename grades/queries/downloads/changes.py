"""Every entry of the public change log."""

from datetime import datetime

from django.db.models import F, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncDate

from grades import models
from grades.queries.downloads.cells import Contents, coded, labels
from grades.scales import ChangeKind


def all_changes(_at: datetime) -> Contents:
    """Give what `datasets.CHANGES` holds, but for the licence."""
    return Contents(
        stored=models.ChangeLogEntry.objects.order_by("-number"),
        cells={
            "number": F("number"),
            "on": TruncDate("at"),
            "kind": F("kind"),
            "kind_words": coded("kind", labels(ChangeKind)),
            "force": F("force"),
            "cycle": KT("document__cycle"),
            "reason": KT("document__reason"),
            "source": KT("document__source"),
            "document": Cast("document", TextField()),
            "digest": F("digest"),
        },
    )
