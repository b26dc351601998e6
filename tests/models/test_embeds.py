"""Blocks that other sites have pinned."""

import pytest

from tests import factories
from tests.models.rules import Rule, assert_rule, refused_by

pytestmark = pytest.mark.django_db

RULES = [
    Rule(
        "pinned_block_digest_format", factories.pinned_block, {"digest": "not a digest"}, {"digest": "0f" * 8}
    ),
    Rule("pinned_block_path_not_empty", factories.pinned_block, {"path": ""}),
    Rule("pinned_block_picture_not_empty", factories.pinned_block, {"picture": ""}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_block_is_pinned_once_for_each_state() -> None:
    pinned = factories.pinned_block(path="/embed/forces/kent/history/", digest="a" * 16)
    factories.pinned_block(path=pinned.path, digest="b" * 16)

    with refused_by("pinned_block_once"):
        factories.pinned_block(path=pinned.path, digest=pinned.digest)
