"""Lighthouse's four scores of each kind of page: `make lighthouse`.

The site is started on a folder of its own as `make run` serves it (gunicorn, compressed, embedded PostgreSQL) and each page is
opened by Debian's Chromium as on a middling phone with a slow connection, which is Lighthouse's own preset. What keeps a score
from 100 is listed below the table. Performance depends on how busy the machine is; the load is printed beside it.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench import site as sites

HERE = Path(__file__).resolve().parent
PAGES = {
    "home": "/",
    "force": "/forces/warwickshire/",
    "inspection": "/forces/warwickshire/2021-22/",
    "cycle": "/cycles/2021-22/",
    "metric": "/metrics/recorded-crime/",
    "compare": "/compare/?forces=warwickshire,west-mercia",
    "embed": "/embed/forces/warwickshire/history/",
}
ATTEMPTS = 3
SCORES = ("performance", "accessibility", "best-practices", "seo")


def report(address: str, chromium: str) -> dict[str, Any]:
    """Have Lighthouse look at one page; give its report. On a busy machine it may lose the trace, and looks again."""
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(
            [
                *("node", HERE / "node_modules" / "lighthouse" / "cli" / "index.js", address),
                *("--quiet", "--output=json", f"--only-categories={','.join(SCORES)}"),
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return json.loads(done.stdout)
    raise SystemExit(f"Lighthouse did not finish with {address}: {done.stderr.strip()[-500:]}")


def lacking(found: dict[str, Any]) -> dict[str, str]:
    """Give what keeps a score from 100, by the name of the audit, and how much."""
    audits = found["audits"]
    return {
        f"{name}: {ref['id']}": audits[ref["id"]].get("displayValue") or f"{audits[ref['id']]['score']:.2f}"
        for name in SCORES
        for ref in found["categories"][name]["auditRefs"]
        if ref["weight"] and audits[ref["id"]]["score"] is not None and audits[ref["id"]]["score"] < 0.9
    }


def measure(site: str, rounds: int) -> None:
    """Print the scores of each page, and what they lack."""
    chromium = shutil.which("chromium") or ""
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; median of {rounds}")
    print(f"{'page':<12}" + "".join(f"{name:>16}" for name in SCORES))
    notes: dict[str, dict[str, str]] = {}
    for name, path in PAGES.items():
        reports = [report(f"{site}{path}", chromium) for _round in range(rounds)]
        scores = [
            statistics.median(found["categories"][score]["score"] * 100 for found in reports)
            for score in SCORES
        ]
        print(f"{name:<12}" + "".join(f"{score:>16.0f}" for score in scores), flush=True)
        notes[name] = lacking(reports[-1])
    for name, lacks in notes.items():
        for audit, value in lacks.items():
            print(f"{name}: {audit}: {value}")


def main() -> None:
    """Start the site and measure it."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="visits of each page (default 3)")
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(prefix="lighthouse-") as folder,
        sites.served(sites.environment(Path(folder)), "seed") as site,
    ):
        measure(site, rounds)


if __name__ == "__main__":
    main()
