"""Tables of pages: how they are sorted, and what their cells say."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from grades.history import Amendment
from grades.queries.forces import ForceLine
from grades.scales import Level
from grades.tables import ForceTable, grade_word_cell, ignored_wishes
from tests.builders import point

pytestmark = pytest.mark.filterwarnings("error")


def line(name: str, **given: Any) -> ForceLine:
    """Build a line of the list of forces without a report."""
    facts = {
        "official_name": f"{name} Police",
        "nation": "England",
        "region": "South East",
        "body": "",
        "latest_cycle": "",
        "latest_cycle_slug": "",
        "latest_report": None,
        "latest_precision": "day",
        "latest_confirmed": False,
    }
    return ForceLine(slug=name.lower(), name=name, **(facts | given))


@pytest.mark.parametrize("wish", ["name.first", "-name.first", ".", "-.", "..name"])
def test_wish_with_a_dot_is_left_aside_without_a_warning(wish: str) -> None:
    table = ForceTable([line("Kent"), line("Essex")])

    table.order_by = [wish, "-name"]

    assert [row.record.name for row in table.rows] == ["Kent", "Essex"]
    assert ignored_wishes(table, QueryDict(f"sort={wish}&sort=-name")) == (wish,)


def test_grade_that_the_inspectorate_amended_says_so_beside_its_word() -> None:
    amended = point(amendment=Amendment(on=date(2024, 8, 8), old=Level.ADEQUATE, reason="A mistake."))

    assert "amended from adequate on 8 August 2024: A mistake." in grade_word_cell(amended, "kent")
