"""From history and series to pictures: what is drawn, what it finds, and the words and table that say the same.

Pure: no database, clock or options of a renderer. Sentences come from `grades.words`.
"""

from grades.charts.builders.history import grade_history
from grades.charts.builders.trend import can_draw, trend

__all__ = ["can_draw", "grade_history", "trend"]
