"""A model's own check constraints, tried on plain values before anything is written.

Each rule is stated once, in the model; here it is read, so that a broken row is refused with its line and column and
not by the database. It follows SQL: what compares with nothing is unknown, and a check accepts what is unknown.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import CheckConstraint, F, Model, Q, UniqueConstraint

from grades.models.base import options


@cache
def checks(model: type[Model]) -> tuple[tuple[Q, str], ...]:
    """Give the conditions that a model checks, and what each says to a person who breaks it."""
    return tuple(
        (c.condition, str(c.violation_error_message))
        for c in options(model).constraints
        if isinstance(c, CheckConstraint) and isinstance(c.condition, Q)
    )


@cache
def unique_sets(model: type[Model]) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Give the columns that must be unique in a model, and whether empty ones count as equal."""
    alone = (((f.name,), False) for f in options(model).concrete_fields if f.unique and not f.primary_key)
    together = (
        (tuple(c.fields), c.nulls_distinct is False)
        for c in options(model).constraints
        if isinstance(c, UniqueConstraint) and c.condition is None
    )
    return (*alone, *together)


@cache
def periods(model: type[Model]) -> tuple[tuple[str, str, str, Q, str], ...]:
    """Give each key that has one period at a time, the two columns of the period, which records count, and the rule's words."""
    found = []
    for c in options(model).constraints:
        if isinstance(c, ExclusionConstraint):
            ranges: Any = c.expressions
            key, period = (expression.get_source_expressions() for expression, _operator in ranges)
            names = key[0].name, period[0].name, period[1].name
            found.append((*names, c.condition or Q(), str(c.violation_error_message)))
    return tuple(found)


def holds(condition: Q, values: Mapping[str, Any]) -> bool | None:
    """Say whether a condition holds for these values; None when that is unknown."""
    found = [
        holds(part, values) if isinstance(part, Q) else _compare(part, values) for part in condition.children
    ]
    if condition.connector == Q.AND:
        answer = False if False in found else None if None in found else True
    elif condition.connector == Q.OR:
        answer = True if True in found else None if None in found else not found
    else:
        raise NotImplementedError(f"{condition.connector} in a check constraint")
    return None if answer is None else answer != condition.negated


def columns_of(condition: Q) -> Iterator[str]:
    """Give the columns that a condition looks at."""
    part: Any
    for part in condition.children:
        if isinstance(part, Q):
            yield from columns_of(part)
        else:
            path, expected = part
            yield path.split("__")[0]
            if isinstance(expected, F):
                yield expected.name  # type: ignore[attr-defined]  # it is there, and documented


def _compare(part: Any, values: Mapping[str, Any]) -> bool | None:
    """Compare one column, such as `left_on__gt`, with a value or another column."""
    path, expected = part
    name, *steps = path.split("__")
    value = values[name]
    if steps == ["isnull"]:
        return (value is None) == expected
    if isinstance(expected, F):
        expected = values[expected.name]  # type: ignore[attr-defined]  # it is there, and documented
    if value is None or expected is None:
        return None
    if steps and steps[0] in ("day", "month", "year"):
        value = getattr(value, steps.pop(0))
    match steps:
        case [] | ["exact"]:
            return value == expected
        case ["in"]:
            return value in expected
        case ["gt"]:
            return value > expected
        case ["gte"]:
            return value >= expected
        case ["lt"]:
            return value < expected
        case ["lte"]:
            return value <= expected
        case ["regex"]:
            return re.search(expected, value) is not None
        case _:
            raise NotImplementedError(f"{path} in a check constraint")
