"""The record as lists for programs: one function a list, a piece at a time, each list in the order of one unique key.

A piece starts after a key, so what is added or taken away meanwhile neither repeats nor skips a record.
"""

from grades.queries.records.answers import findings, responses
from grades.queries.records.figures import metrics, observations
from grades.queries.records.framework import cycles, forces, questions, themes
from grades.queries.records.grades import grades
from grades.queries.records.log import changes
from grades.queries.records.pieces import Known, Piece, Wanted, unknown

__all__ = [
    "Known",
    "Piece",
    "Wanted",
    "changes",
    "cycles",
    "findings",
    "forces",
    "grades",
    "metrics",
    "observations",
    "questions",
    "responses",
    "themes",
    "unknown",
]
