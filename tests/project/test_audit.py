"""What ends `make check`: known vulnerabilities of the pins, and secrets in the files."""

import json
import subprocess
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {"name": "django", "version": "5.2.1", "vulns": []}
BAD = {
    "name": "pillar",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1", "2.0"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "novel", "skip_reason": "Dependency not found on PyPI"}


@pytest.fixture
def audit() -> ModuleType:
    """The script, as a module."""
    loader = SourceFileLoader("audit", str(ROOT / ".ci" / "audit"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def answers(audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Have pip-audit say something on its two streams."""

    def say(out: str, err: str = "") -> None:
        for name, text in (("out", out), ("err", err)):
            (tmp_path / name).write_text(text)
        stub = tmp_path / "pip-audit"
        stub.write_text(f"#!/bin/sh\ncat {tmp_path}/out; cat {tmp_path}/err >&2; exit 1\n")
        stub.chmod(0o755)
        monkeypatch.setattr(audit, "BIN", tmp_path)

    return say


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder under git with the list of what is no secret, which it gives; it is the current one."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".secrets.baseline").write_bytes((ROOT / ".secrets.baseline").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    subprocess.run(["git", "add", name], cwd=folder, check=True)


def test_a_vulnerable_package_is_named_with_what_mends_it(audit, answers):
    answers(json.dumps({"dependencies": [CLEAN, BAD]}))

    assert audit.vulnerable() == ["pillar 1.0: PYSEC-2026-1, mended in 1.1, 2.0"]


def test_packages_without_one_are_passed_over_in_silence(audit, answers, capsys):
    answers(json.dumps({"dependencies": [CLEAN]}))

    assert audit.vulnerable() == []
    assert capsys.readouterr().out == ""


def test_packages_that_nobody_looked_up_are_counted(audit, answers, capsys):
    answers(json.dumps({"dependencies": [CLEAN, UNKNOWN]}))

    assert audit.vulnerable() == []
    assert "know nothing of 1 of 2 packages" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: Could not connect to PyPI's vulnerability feed",
        "requests.exceptions.ConnectionError: Max retries exceeded",
    ],
)
def test_advisories_out_of_reach_are_said_and_nothing_is_claimed(audit, answers, capsys, said):
    answers("", said)

    assert audit.vulnerable() == []
    assert "cannot be reached: no package was looked up" in capsys.readouterr().out


def test_pins_that_cannot_be_read_are_a_fault_and_not_a_pass(audit, answers):
    answers("", "ERROR: requirement novel does not contain a hash")

    assert audit.vulnerable() == [
        "pip-audit did not finish: ERROR: requirement novel does not contain a hash"
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("peel_site/mail.py", 'EMAIL_HOST_PASSWORD = "' + "trombone-Walrus-41" + '"'),
        ("deploy/key.pem", "-----BEGIN " + "RSA PRIVATE KEY-----"),
        ("docs/notes.md", "postgres://peel:" + "Hunter2Hunter2" + "@db.example.org/peel"),
    ],
)
def test_a_planted_secret_is_found_where_it_stands(audit, folder, name, line):
    put(folder, name, f"# nothing here\n{line}\n")

    assert any(found.startswith(f"{name}:2: looks like a secret") for found in audit.secret())


def test_ordinary_files_and_the_record_hold_none(audit, folder):
    put(folder, "notes.md", "The password is asked for at /admin/.\n")
    put(folder, "grades/seed/releases.csv", "hash\nd2bc2f1c7a0f4f7cbbd7f0a9b3b1f3b0a4bd8c1d5e6f7081\n")

    assert audit.secret() == []


def test_either_fails_the_check(audit, answers, folder):
    answers(json.dumps({"dependencies": [BAD]}))
    put(folder, "key.pem", "-----BEGIN " + "RSA PRIVATE KEY-----\n")

    told = audit.main()

    assert "pillar 1.0" in told
    assert "key.pem:1" in told


def test_make_check_ends_with_it():
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.partition("\ncheck:")[2].partition("\n\n")[0]

    assert recipe.splitlines()[-1].strip() == "$(BIN)/python .ci/audit"
