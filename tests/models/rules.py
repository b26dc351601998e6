"""How the tests of this folder state a rule: what the database accepts, what it refuses, and under which name."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


@dataclass(frozen=True)
class Rule:
    """A check constraint with a record that it accepts and the change that it refuses.

    A value may be a function, which is called once there is a database.
    """

    constraint: str
    make: Callable[..., models.Model]
    refuses: Mapping[str, Any]
    accepts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.constraint


def values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields with their functions called."""
    return {name: value() if callable(value) else value for name, value in fields.items()}


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """Expect that the database itself refuses, by the constraint of this name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


@contextmanager
def explained(**sentences: str) -> Iterator[None]:
    """Expect that validation explains what is wrong, field by field (``__all__`` for the record as a whole)."""
    with pytest.raises(ValidationError) as refusal:
        yield
    assert refusal.value.message_dict == {name: [sentence] for name, sentence in sentences.items()}


def sentence_of(record: models.Model, constraint: str) -> str:
    """Give the editor's sentence of a constraint."""
    found = {c.name: c for c in record._meta.constraints}
    return str(found[constraint].violation_error_message)


def assert_rule(rule: Rule) -> None:
    """Show that the rule accepts the good, and that form and database both refuse the bad."""
    record = rule.make(**values(rule.accepts))

    for name, value in values(rule.refuses).items():
        setattr(record, name, value)

    with pytest.raises(ValidationError) as refusal:
        record.validate_constraints()
    assert sentence_of(record, rule.constraint) in refusal.value.messages
    with refused_by(rule.constraint):
        record.save()
