"""Official counts, and what an import keeps for undoing itself."""

from datetime import date
from decimal import Decimal

import pytest

from grades.models import CountLine
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("count_line_kind_known", factories.count_line, {"kind": "guesses"}, {"kind": "population"}),
    Rule("count_line_category_not_empty", factories.count_line, {"category": ""}),
    Rule("count_missing_known", factories.count, {"value": None, "missing": "lost"}, {"missing": ""}),
    Rule("count_period_in_order", factories.count, {"ends_before": date(2017, 4, 1)}),
    Rule("count_or_reason", factories.count, {"value": None}, {"value": Decimal(-45)}),
    Rule("count_or_reason", factories.count, {"missing": "suppressed"}, {"value": Decimal(0)}),
    Rule("count_or_reason", factories.count, {"value": Decimal(1)}, {"value": None, "missing": "blank"}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_line_is_replaced_by_another_import() -> None:
    line = factories.count_line(superseded_by=factories.import_run())

    line.superseded_by = line.run

    with explained(__all__="An import does not replace what it brings."):
        line.validate_constraints()
    with refused_by("count_line_replaced_by_another"):
        line.save()


def test_one_line_of_an_edition_holds_and_replaced_ones_stay() -> None:
    old = factories.count_line(superseded_by=factories.import_run())
    same = {name: getattr(old, name) for name in ("release", "area", "kind", "category", "part")}
    new = factories.count_line(**same)

    assert list(CountLine.objects.current()) == [new]
    with refused_by("count_line_one_holds"):
        factories.count_line(**same)


def test_line_counts_a_period_once() -> None:
    count = factories.count()

    with refused_by("count_once_a_period"):
        factories.count(line=count.line)


def test_import_keeps_a_figure_once() -> None:
    kept = factories.replaced_figure()

    with refused_by("replaced_figure_once_a_run"):
        factories.replaced_figure(run=kept.run, figure=kept.figure)
