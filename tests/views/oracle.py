"""What pages must say, worked out from the files of the seed alone: no model, no query, no word of the program."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEED = Path(__file__).resolve().parent.parent.parent / "grades" / "seed"

Key = tuple[str, str, str, str]
"""One grade: force, cycle, pillar, number of the question (0 for the pillar's own)."""

WORDS = {
    "outstanding": "Outstanding",
    "good": "Good",
    "adequate": "Adequate",
    "requires-improvement": "Requires improvement",
    "inadequate": "Inadequate",
}
LETTERS = {"outstanding": "O", "good": "G", "adequate": "A", "requires-improvement": "R", "inadequate": "I"}
BEST_FIRST = {
    "4": ("outstanding", "good", "requires-improvement", "inadequate"),
    "5": ("outstanding", "good", "adequate", "requires-improvement", "inadequate"),
}


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a file of the seed as it stands."""
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What every page that shows a grade must say of it; `change` is "" where no word of change is allowed."""

    state: str
    level: str
    carried: str
    reason: str
    amended: str
    disputed: bool
    unchecked: bool
    change: str
    note: str


@cache
def expected() -> Mapping[Key, Expected]:
    """Give what is expected of each of the seed's grades."""
    cycles = {row["slug"]: row for row in rows("cycles")}
    grades = {(r["force"], r["cycle"], r["pillar"], r["number"]): r for r in rows("grades")}
    official = {row["key"] for row in rows("sources") if row["kind"] == "inspectorate"}
    checked = {
        (row["force"], row["cycle"], row["pillar"], row["number"])
        for row in rows("citations")
        if row["source"] in official
        and row["level"] == grades[row["force"], row["cycle"], row["pillar"], row["number"]]["level"]
    }
    disputed = {
        key
        for row in rows("citations")
        if row["level"] != grades[key := (row["force"], row["cycle"], row["pillar"], row["number"])]["level"]
    }
    before = {
        (link["to_cycle"], link["to_pillar"], link["to_number"]): link
        for link in rows("question_links")
        if link["relation"] == "same"
    }

    def afresh(row: Mapping[str, str] | None) -> bool:
        return row is not None and row["state"] == "graded" and row["unsettled"] == "no"

    def change(key: Key, row: Mapping[str, str]) -> str:
        link = before.get(key[1:])
        if link is None or not afresh(row):
            return ""
        earlier = cycles[link["from_cycle"]]
        later = cycles[key[1]]
        if (earlier["band"], earlier["tiers"]) != (later["band"], later["tiers"]):
            return ""
        then = grades.get((key[0], link["from_cycle"], link["from_pillar"], link["from_number"]))
        if then is None or not afresh(then):
            return ""
        scale = BEST_FIRST[later["tiers"]]
        step = scale.index(then["level"]) - scale.index(row["level"])
        if step == 0:
            return f"the same grade as in {earlier['label']}"
        return f"{'up' if step > 0 else 'down'} from {WORDS[then['level']].lower()} in {earlier['label']}"

    return {
        key: Expected(
            state=row["state"],
            level=row["level"],
            carried=(
                f"carried forward from {cycles[row['carried_from']]['label']}"
                if row["carried_from"]
                else "carried forward (origin not known)"
                if row["state"] == "carried-forward"
                else ""
            ),
            reason=row["withheld_reason"],
            amended=row["amended_from"] and f"amended from {WORDS[row['amended_from']].lower()} on ",
            disputed=not row["amended_on"] and key in disputed,
            unchecked=bool(row["level"]) and key not in checked,
            change=change(key, row),
            note=row["note"],
        )
        for key, row in grades.items()
    }
