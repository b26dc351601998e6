"""Writing what a file of ours brings: new records as drafts, changes to drafts. Call inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import DataError, Error, IntegrityError, models
from django.utils.translation import gettext as _

from grades.importers.applying import BATCH, Plain, lock, plain, reserved_numbers
from grades.importers.official.errors import Unreadable
from grades.importers.official.facts import Parsed, Wishes
from grades.importers.record.comparing import KEYS, RecordDifference, column_of, compare
from grades.importers.record.wanted import Ref, Wanted
from grades.models import ImportRun
from grades.models.base import options, rows_of

MOST = 500
"""Lines that are kept with a run, of those that were left aside."""


def apply_own(run: ImportRun, parsed: Parsed, wanted: dict[Ref, Wanted], wishes: Wishes) -> RecordDifference:
    """Compare and write; what was written is noted on the run, so that it can be taken back. Raise BadFiles or Unreadable."""
    lock(KEYS)
    found = compare(wanted, replace=wishes.replace, sheet=parsed.own.sheet if parsed.own else "")
    try:
        made = _create(found)
        replaced = _change(found, made)
    except (IntegrityError, DataError) as problem:
        raise Unreadable(_("The database refuses it: %(why)s.") % {"why": _said(problem)}) from problem
    created: dict[str, list[int]] = defaultdict(list)
    for ref, number in made.items():
        created[options(ref.model).label_lower].append(number)
    run.created, run.changed = len(made), len(found.changed)
    run.unchanged, run.kept = found.unchanged, len(found.kept)
    run.report = {
        "sheets": parsed.sheets,
        "rows": parsed.rows,
        "left_out": parsed.left_out,
        "created": created,
        "replaced": replaced,
        "kept": [list(difference) for difference in found.kept[:MOST]],
    }
    return found


def _said(problem: Error) -> str:
    return str(problem).splitlines()[0]


def _create(found: RecordDifference) -> dict[Ref, int]:
    """Add the new records, parents first; give the number of each."""
    made: dict[Ref, int] = {}
    of_kind: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    numbers = {model: reserved_numbers(model) for model in KEYS}
    for one in found.new:
        model = one.ref.model
        made[one.ref] = next(numbers[model])
        of_kind[model].append(model(pk=made[one.ref], **_columns(model, one.values, found, made)))
    for model, records in of_kind.items():
        rows_of(model).bulk_create(records, batch_size=BATCH)
    return made


def _columns(
    model: type[models.Model], values: dict[str, Any], found: RecordDifference, made: dict[Ref, int]
) -> dict[str, Any]:
    """Give fields as columns, each record that is named by its number."""

    def number(value: Any) -> Any:
        if not isinstance(value, Ref):
            return value
        return made[value] if value in made else found.there[value].record.pk

    return {column_of(model, name): number(value) for name, value in values.items()}


def _change(found: RecordDifference, made: dict[Ref, int]) -> list[dict[str, Any]]:
    """Change drafts; give all their columns as they were."""
    replaced = []
    for one, record, values in found.changed:
        replaced.append(
            {"what": options(one.ref.model).label_lower, "id": record.pk, "before": columns_of(record)}
        )
        for column, value in _columns(one.ref.model, values, found, made).items():
            setattr(record, column, value)
        record.save(update_fields=list(values))
    return replaced


def columns_of(record: models.Model) -> Plain:
    """Write all columns of a record as text."""
    return plain({one.attname: getattr(record, one.attname) for one in options(type(record)).concrete_fields})
