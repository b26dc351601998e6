"""What the tests of official files stand on: the forces, areas and metrics of the seed, and cuts of real files."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from grades.importers.seed import SEED_FOLDER
from grades.models import Area, Council, Force, ForceName, Metric, SeriesBreak

DATA = Path(__file__).resolve().parents[2] / "data"
CUTS = sorted(
    p for p in DATA.glob("*/*") if p.parent.name != "seed" and p.suffix in {".csv", ".xlsx", ".xls"}
)
"""Every cut of an official file."""


def seed_rows(name: str) -> list[dict[str, str]]:
    """Give a seed file's rows."""
    with (SEED_FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def make_world() -> None:
    """Make all forces with their spellings, councils and areas, all metrics and breaks; no figures."""
    areas = {
        row["slug"]: Area(slug=row["slug"], name=row["name"], kind=row["kind"])
        for row in seed_rows("areas.csv")
    }
    forces = seed_rows("forces.csv")
    areas |= {row["slug"]: Area(slug=row["slug"], name=row["short_name"], kind="force") for row in forces}
    Area.objects.bulk_create(areas.values())
    made = {
        row["slug"]: Force(
            area=areas[row["slug"]],
            **{
                name: row[name]
                for name in ("slug", "official_name", "short_name", "ons_code", "nation", "region")
            },
            rates_compare=row["rates_compare"] == "yes",
        )
        for row in forces
    }
    Force.objects.bulk_create(made.values())
    ForceName.objects.bulk_create(
        ForceName(force=made[row["force"]], name=row["name"]) for row in seed_rows("force_names.csv")
    )
    Council.objects.bulk_create(
        Council(code=row["code"], name=row["name"], force=made[row["force"]])
        for row in seed_rows("councils.csv")
    )
    metrics = {
        row["slug"]: Metric(
            **{
                name: row[name]
                for name in ("slug", "label", "unit", "period_kind", "direction", "definition")
            },
            multiplier=int(row["multiplier"]),
            decimals=int(row["decimals"]),
            order=int(row["order"]),
            denominator="" if row["denominator"] == "none" else row["denominator"],
        )
        for row in seed_rows("metrics.csv")
    }
    Metric.objects.bulk_create(metrics.values())
    SeriesBreak.objects.bulk_create(
        SeriesBreak(
            metric=metrics[row["metric"]],
            area=areas[row["area"]] if row["area"] else None,
            at=date.fromisoformat(row["at"]),
            label=row["label"],
            reason=row["reason"],
        )
        for row in seed_rows("series_breaks.csv")
    )


@pytest.fixture
def world(db: None) -> None:
    """Have what official files speak of."""
    make_world()


@pytest.fixture(scope="session")
def official_files() -> Path:
    """The folder with whole official files, which the project does not hold."""
    folder = os.environ.get("OFFICIAL_FILES", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("OFFICIAL_FILES names no folder with whole official files.")
    return Path(folder)
