"""From history and series to pictures: what is drawn, what it finds, and the words and table that say the same.

Pure: no database, clock or options of a renderer. Sentences come from `grades.words`.
"""

from grades.charts.builders.history import grade_history
from grades.charts.builders.pair import breakdown, pair, share
from grades.charts.builders.ranking import ranking
from grades.charts.builders.spread import grade_spread
from grades.charts.builders.tile_map import can_map, tile_map_grades, tile_map_metric
from grades.charts.builders.trend import can_draw, spark, trend

__all__ = [
    "breakdown",
    "can_draw",
    "can_map",
    "grade_history",
    "grade_spread",
    "pair",
    "ranking",
    "share",
    "spark",
    "tile_map_grades",
    "tile_map_metric",
    "trend",
]
