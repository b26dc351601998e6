"""Metrics, releases, figures and breaks in their series."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grades.dates import PartialDate, Precision
from grades.models import Observation
from tests import factories
from tests.models.rules import Rule, assert_rule, explained, refused_by

pytestmark = pytest.mark.django_db


def printed(**fields: Any) -> Observation:
    """Make a figure as printed in a report."""
    return factories.observation(
        **{"basis": "as-printed", "report": factories.report(), "block": "force-in-numbers"} | fields
    )


RULES = [
    Rule("metric_slug_format", factories.metric, {"slug": "Crime_rate"}, {"slug": "crime-rate"}),
    Rule("metric_label_not_empty", factories.metric, {"label": ""}),
    Rule("metric_unit_not_empty", factories.metric, {"unit": ""}),
    Rule("metric_definition_not_empty", factories.metric, {"definition": ""}),
    Rule(
        "metric_period_kind_known", factories.metric, {"period_kind": "decade"}, {"period_kind": "snapshot"}
    ),
    Rule("metric_direction_known", factories.metric, {"direction": "up"}, {"direction": "lower"}),
    Rule("metric_multiplier_positive", factories.metric, {"multiplier": 0}, {"multiplier": 1}),
    Rule("metric_decimals_few", factories.metric, {"decimals": 5}, {"decimals": 4}),
    Rule(
        "metric_next_review_after_last",
        lambda **given: factories.metric(**{"reviewed_on": date(2026, 1, 1)} | given),
        {"review_due": date(2026, 1, 1)},
        {"review_due": date(2026, 1, 2)},
    ),
    Rule("release_dataset_not_empty", factories.release, {"dataset": ""}),
    Rule("release_publisher_not_empty", factories.release, {"publisher": ""}),
    Rule("release_hash_format", factories.release, {"file_sha256": "A" * 64}, {"file_sha256": "a" * 64}),
    Rule("observation_basis_known", factories.observation, {"basis": "guessed"}, {"basis": "transcribed"}),
    Rule("observation_status_known", factories.observation, {"status": "draft"}, {"status": "provisional"}),
    Rule("observation_block_known", printed, {"block": "figure-9"}, {"block": "figure-2"}),
    Rule("observation_period_in_order", factories.observation, {"ends_before": date(2024, 7, 1)}),
    Rule("observation_denominator_positive", factories.observation, {"denominator": 0}, {"denominator": 1}),
    Rule("observation_printed_in_a_report", printed, {"report": None}),
    Rule("observation_printed_in_a_report", printed, {"block": ""}),
    Rule("observation_printed_in_a_report", printed, {"basis": "published"}),
    Rule("observation_printed_in_a_report", factories.observation, {"report": factories.report}),
    Rule("series_break_label_not_empty", factories.series_break, {"label": ""}),
    Rule("series_break_reason_not_empty", factories.series_break, {"reason": ""}),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rule_accepts_the_good_and_refuses_the_bad(rule: Rule) -> None:
    assert_rule(rule)


def test_edition_is_recorded_once() -> None:
    release = factories.release()
    another = factories.release(dataset=release.dataset, edition="July 2024")

    another.edition = release.edition

    with explained(__all__="This edition is already recorded."):
        another.validate_constraints()
    with refused_by("release_once_an_edition"):
        another.save()


def test_release_gives_a_figure_once_and_prints_it_once_a_block() -> None:
    figure = printed(block="force-in-numbers")
    in_another_block = printed(
        area=figure.area,
        metric=figure.metric,
        release=figure.release,
        report=figure.report,
        block="in-the-text",
    )

    in_another_block.block = "force-in-numbers"

    with explained(__all__="This release already gives this figure."):
        in_another_block.validate_constraints()
    with refused_by("observation_once_a_release"):
        in_another_block.save()


def test_figure_is_combined_with_more_than_its_own_area() -> None:
    figure = factories.observation(combined_with=factories.area(kind="alliance"))

    figure.combined_with = figure.area

    with explained(__all__="A figure is combined with more than its own area."):
        figure.validate_constraints()
    with refused_by("observation_combined_with_another"):
        figure.save()


def test_break_is_recorded_once_even_for_all_areas() -> None:
    for_all = factories.series_break(area=None)
    for_one = factories.series_break(metric=for_all.metric, area=factories.area())

    for_one.area = None

    with explained(__all__="This break is already recorded."):
        for_one.validate_constraints()
    with refused_by("series_break_once"):
        for_one.save()


def test_reversed_period_is_explained_at_its_field() -> None:
    figure = factories.observation()

    figure.ends_before = date(2024, 6, 30)

    with explained(ends_before="A period ends after it starts."):
        figure.full_clean(validate_constraints=False)


def test_period_names_its_last_day() -> None:
    figure = factories.observation(starts_on=date(2024, 7, 1), ends_before=date(2025, 7, 1))

    assert figure.last_day == date(2025, 6, 30)


def test_release_of_a_known_month_says_so() -> None:
    release = factories.release(released_on=date(2025, 7, 1), released_on_precision="month")

    assert release.released == PartialDate(date(2025, 7, 1), Precision.MONTH)


class TestNewestRelease:
    """Which of several figures for one area, metric and period a page shows."""

    def test_newer_release_wins_whatever_was_loaded_last(self) -> None:
        revised = factories.observation(release=factories.release(released_on=date(2025, 7, 24)), value=2)
        factories.observation(
            area=revised.area,
            metric=revised.metric,
            release=factories.release(released_on=date(2024, 7, 25)),
            value=1,
        )

        shown = Observation.objects.newest_release()

        assert list(shown) == [revised]

    def test_release_without_a_date_comes_last(self) -> None:
        dated = factories.observation(release=factories.release(released_on=date(2010, 1, 1)))
        factories.observation(
            area=dated.area, metric=dated.metric, release=factories.release(released_on=None)
        )

        shown = Observation.objects.newest_release()

        assert list(shown) == [dated]

    def test_print_gives_way_to_an_older_publication(self) -> None:
        published = factories.observation(release=factories.release(released_on=date(2015, 10, 1)))
        printed(
            area=published.area,
            metric=published.metric,
            release=factories.release(released_on=date(2016, 2, 18)),
        )

        shown = Observation.objects.newest_release()

        assert list(shown) == [published]

    def test_print_gives_way_to_a_publication_of_another_period(self) -> None:
        published = factories.observation(starts_on=date(2014, 4, 1), ends_before=date(2015, 4, 1))
        printed(
            area=published.area,
            metric=published.metric,
            starts_on=date(2014, 7, 1),
            ends_before=date(2015, 7, 1),
        )

        shown = Observation.objects.newest_release()

        assert list(shown) == [published]

    def test_print_stands_where_it_is_alone(self) -> None:
        alone = printed(value=Decimal("52.5"))

        shown = Observation.objects.newest_release()

        assert list(shown) == [alone]

    def test_each_area_metric_and_period_keeps_its_own(self) -> None:
        figure = factories.observation()
        others = {
            factories.observation(metric=figure.metric),
            factories.observation(area=figure.area),
            factories.observation(
                area=figure.area,
                metric=figure.metric,
                starts_on=date(2023, 7, 1),
                ends_before=date(2024, 7, 1),
            ),
        }

        shown = Observation.objects.newest_release()

        assert set(shown) == {figure, *others}
