"""The cells of a row as a page sets them: breaks between them, and runs that say the same without a grade."""

import itertools

from grades.scales import Level
from tests.builders import framework, history, point, question


def test_a_row_knows_its_breaks_and_the_runs_that_a_narrow_page_folds() -> None:
    asked = question(1, cycle="2021-22")
    row = history([point(asked, Level.GOOD)], framework([asked])).themes[0]

    folds = row.folds

    assert [fold.cell for fold in folds] == list(row.cells)
    for before, fold in itertools.pairwise(folds):
        assert fold.parted == (before.cell.cycle.band != fold.cell.cycle.band)
    assert not folds[0].parted
    assert folds[0].since is None
    hidden = [fold for fold in folds if fold.hidden]
    assert hidden
    for before, fold in itertools.pairwise(folds):
        assert (fold.since is not None) == before.hidden
