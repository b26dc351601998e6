"""Which earlier finding one continues: the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from grades.models import Finding, Question
from grades.pasting import sameness

OFFERED = 8
"""How many earlier findings are offered; the rest are found by their key on the finding's own page."""


def candidates(text: str, question: Question | None, earlier: Sequence[Finding]) -> list[Finding]:
    """Give the earlier findings that a text may continue: those of its theme first, and the most alike first."""
    words = sameness(text).split()
    matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(words)
    theme = question.theme_id if question else None

    def rank(finding: Finding) -> tuple[bool, float]:
        matcher.set_seq1(sameness(finding.text).split())
        same = theme is not None and finding.question is not None and finding.question.theme_id == theme
        return same, matcher.quick_ratio()

    return sorted(earlier, key=rank, reverse=True)[:OFFERED]
