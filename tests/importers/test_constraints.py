"""A model's checks as the importers read them, held against what the database says."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from django.db import IntegrityError, connection
from django.db.models import AutoField, BigIntegerField, CheckConstraint, F, ForeignKey, Model, Q, Value

from grades.importers.constraints import checks, columns_of, holds, unique_sets
from grades.importers.seed_files import FILES
from grades.models import Force, Grade, Report, SeriesBreak, Tenure
from grades.models.base import options
from tests import factories

MODELS = sorted({file.model for file in FILES.values()}, key=lambda model: model.__name__)

SAMPLES = {
    "CharField": [
        "",
        "good",
        "adequate",
        "graded",
        "withheld",
        "new",
        "same",
        "recommendation",
        "open",
        "published",
    ],
    "SlugField": ["", "west-mercia", "West Mercia", "2018-19", "2018-"],
    "TextField": ["", "Words."],
    "URLField": ["", "https://example.org/"],
    "DateField": [None, date(2015, 1, 1), date(2015, 6, 1), date(2015, 6, 30)],
    "DateTimeField": [None, datetime(2026, 1, 1, tzinfo=UTC)],
    "DecimalField": [None, Decimal("0"), Decimal("1.5")],
    "BooleanField": [False, True],
    "PositiveSmallIntegerField": [0, 1, 4, 5],
    "PositiveIntegerField": [0, 1, 1000],
    "ForeignKey": [None, 1, 2],
    "BigAutoField": [None],
}
PRECISIONS = ["day", "month", "year"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_check_agrees_with_the_database(model):
    """Each check of each seeded model, on samples of the columns it looks at."""
    tried = 0
    for condition, _message in checks(model):
        columns = sorted(set(columns_of(condition)))
        samples = [
            PRECISIONS
            if name.endswith("_precision")
            else SAMPLES[options(model).get_field(name).get_internal_type()]
            for name in columns
        ]
        for values in [dict(zip(columns, found, strict=True)) for found in product(*samples)][:400]:
            # The database accepts what is true and what is unknown.
            accepted = condition.check(typed(model, values))
            assert (holds(condition, values) is not False) == accepted, (condition, values)
            tried += 1
    assert tried or not checks(model)


def typed(model: type[Model], values: dict[str, object]) -> dict[str, Value]:
    """Values as Django hands them to PostgreSQL when it checks a form."""
    fields = {name: options(model).get_field(name) for name in values}
    keys = (ForeignKey, AutoField)
    return {
        name: Value(value, BigIntegerField() if isinstance(fields[name], keys) else fields[name])
        for name, value in values.items()
    }


def test_every_kind_of_check_is_known():
    """A check that could not be read here would let a broken line through to the database."""
    for model in MODELS:
        read = len(checks(model))
        assert read == sum(isinstance(c, CheckConstraint) for c in options(model).constraints)


def test_what_compares_with_nothing_is_unknown():
    values = {"start": None, "end": date(2020, 1, 1)}

    assert holds(Q(end__gt=F("start")), values) is None
    assert holds(~Q(end__gt=F("start")), values) is None
    assert holds(Q(end__gt=F("start")) | Q(start__isnull=True), values) is True
    assert holds(Q(end__gt=F("start")) & Q(end__isnull=True), values) is False
    assert holds(Q(), values) is True


def test_what_is_not_known_here_is_not_passed_over():
    with pytest.raises(NotImplementedError, match="name__icontains"):
        holds(Q(name__icontains="x"), {"name": "x"})
    with pytest.raises(NotImplementedError, match="XOR"):
        holds(Q(name="x") ^ Q(name="y"), {"name": "x"})


def test_unique_columns_are_read_from_the_model():
    assert (("slug",), False) in unique_sets(Force)
    assert (("ons_code",), False) in unique_sets(Force)
    assert (("inspection", "question"), False) in unique_sets(Grade)
    assert (("inspection", "kind"), False) in unique_sets(Report)
    assert (("metric", "area", "at"), True) in unique_sets(SeriesBreak)
    assert unique_sets(Tenure) == ()


@pytest.mark.django_db
def test_the_database_refuses_what_the_check_refuses(django_assert_num_queries):
    """One whole way round: the same record, refused by both."""
    values = {"state": "withheld", "level": "", "withheld_reason": ""}
    condition = next(c for c, message in checks(Grade) if message.startswith("“Not graded” needs"))
    with django_assert_num_queries(0):
        assert holds(condition, values) is False
    with pytest.raises(IntegrityError, match="grade_withheld_with_reason"):
        factories.grade(**values)
    assert connection.needs_rollback
