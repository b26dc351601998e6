"""How drafts go public and how what is public changes: each step one transaction with its entry in the log.

Nothing else may set a status to published or change a published record.
"""

from grades.publishing.checking import check_citation
from grades.publishing.checklist import Checklist, Item, checklist
from grades.publishing.correcting import addable, correctable, discard, propose
from grades.publishing.direct import note_direct_edit
from grades.publishing.flow import (
    RefusedError,
    approve,
    give_back,
    hindrance,
    publish_due,
    record_of,
    submit,
    withdraw,
)

__all__ = [
    "Checklist",
    "Item",
    "RefusedError",
    "addable",
    "approve",
    "check_citation",
    "checklist",
    "correctable",
    "discard",
    "give_back",
    "hindrance",
    "note_direct_edit",
    "propose",
    "publish_due",
    "record_of",
    "submit",
    "withdraw",
]
