"""Where text goes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from grades.charts.layout import balance, levels, spread, text_width, wrap

LABELS = st.lists(st.tuples(st.floats(-50, 300), st.floats(5, 40)), min_size=1, max_size=6)


@given(labels=LABELS)
def test_spread_labels_never_overlap_and_stay_inside_where_they_fit(labels):
    heights = [height for _at, height in labels]

    placed = spread([at for at, _height in labels], heights, 0, 250)

    order = sorted(range(len(placed)), key=placed.__getitem__)
    for upper, lower in pairwise(order):
        assert placed[lower] - placed[upper] >= (heights[lower] + heights[upper]) / 2 - 1e-6
    assert placed[order[0]] - heights[order[0]] / 2 >= -1e-6
    assert placed[order[-1]] + heights[order[-1]] / 2 <= max(250, sum(heights)) + 1e-6


def test_spread_leaves_what_has_room():
    assert spread([20, 100], [30, 30], 0, 200) == [20, 100]


@given(text=st.text(max_size=200))
def test_wrap_loses_nothing(text):
    assert "".join("".join(wrap(text, 90, 12)).split()) == "".join(text.split())


def test_wrap_breaks_between_words_and_cuts_addresses():
    assert wrap("Requires improvement", 74, 12) == ["Requires", "improvement"]
    assert all(text_width(line, 12) <= 120 for line in wrap("https://example.org/" + "a" * 60, 100, 12))


def test_balanced_lines_are_of_about_equal_length():
    first, second = balance("one two three four five six seven eight nine ten", 240, 11)

    assert abs(len(first) - len(second)) < 10


def test_levels_part_what_overlaps():
    assert levels([(0, 50), (40, 90), (60, 80), (95, 120)]) == [0, 1, 0, 0]
