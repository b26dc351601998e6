"""Preparing the database, also by two at once."""

import subprocess
import sys
from pathlib import Path

from peel_site.embedded.server import DATABASE, ROLE, EmbeddedServer, programs

ROOT = Path(__file__).resolve().parents[2]


def test_two_at_once_on_a_machine_without_a_database(tmp_path, own_environment):
    both = [
        subprocess.Popen(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=own_environment(DATA_DIR=str(tmp_path)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    said = [process.communicate() for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert [errors for _, errors in said] == ["", ""]
    assert sum(" 0 added" in f" {words}" for words, _ in said) == 1, said
    assert has_looked_at_its_tables(EmbeddedServer(tmp_path / "postgres"))


def has_looked_at_its_tables(server):
    """Say whether somebody had the database look at what it holds, so that its first plans are those of a full table."""
    server.hold()
    try:
        asked = [
            *(programs() / "psql", "-XAtq", "-h", server.socket_folder, "-U", ROLE, "-d", DATABASE),
            *(
                "-c",
                "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'grades_grade'",
            ),
        ]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
    finally:
        server.release()
    return done.stdout == "t\n"
