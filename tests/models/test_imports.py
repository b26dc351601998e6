"""Runs of imports and what the seed wrote."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.models.rules import Rule, assert_rule, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule("import_run_file_name_not_empty", factories.import_run, {"file_name": ""}),
    Rule("import_run_hash_format", factories.import_run, {"sha256": "not a hash"}, {"sha256": "0f" * 32}),
    Rule(
        "import_run_times_in_order",
        factories.import_run,
        {"finished_at": datetime(2025, 12, 31, tzinfo=UTC)},
        {"started_at": datetime(2026, 1, 1, tzinfo=UTC), "finished_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ),
    Rule(
        "import_run_undone_by_and_at",
        factories.import_run,
        {"undone_at": None},
        {"undone_at": datetime(2026, 1, 2, tzinfo=UTC), "undone_by": factories.user},
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_seed_remembers_a_row_once_a_table() -> None:
    row = factories.seed_row(table="forces", key="kent")
    factories.seed_row(table="councils", key="kent")

    with refused_by("seed_row_once"):
        factories.seed_row(table=row.table, key=row.key)
