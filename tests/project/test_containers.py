"""The image and the compose file, held to their word without a container engine."""

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {"SECRET_KEY": "for-this-test-alone", "POSTGRES_PASSWORD": "for-this-test-alone"}


def compose_client() -> list[str] | None:
    """Debian's docker-compose, or Docker's plugin, where one is installed."""
    for command in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(command[0]):
            done = subprocess.run([*command, "version"], capture_output=True, check=False)
            if done.returncode == 0:
                return command
    return None


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """What the client makes of the compose file and these variables."""
    if (client := compose_client()) is None:
        pytest.skip("There is no docker-compose on PATH (on Debian: apt-get install docker-compose).")
    no_file = tmp_path / "empty.env"
    no_file.touch()

    def run(**variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*client, "--env-file", str(no_file), "config"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile in order, with continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines()]
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]


def test_compose_accepts_the_file(config):
    done = config(**SECRETS)

    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services["web"]["environment"]["DATABASE_URL"] == (
        "postgres://peel:for-this-test-alone@database:5432/peel"
    )


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_compose_asks_for_a_secret_that_is_missing(config, name):
    done = config(**{other: value for other, value in SECRETS.items() if other != name})

    assert done.returncode != 0
    assert f"into .env as {name}" in done.stderr


def test_the_services_wait_for_one_another(compose):
    services = compose["services"]

    assert set(services) == {"database", "prepare", "publish", "web", "work"}
    assert services["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for service in ("web", "publish", "work"):
        assert services[service]["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "prepare": {"condition": "service_completed_successfully"},
        }
    assert services["publish"]["command"] == ["python", "manage.py", "publish_due", "--every", "15"]
    assert services["work"]["command"] == ["python", "manage.py", "work"]
    assert services["work"]["restart"] == "unless-stopped"
    assert services["work"]["healthcheck"] == {"disable": True}, "it has no port to ask"
    for service in ("web", "work"):
        assert services[service]["volumes"] == ["uploads:/app/.data/uploads"]
    assert "uploads" in compose["volumes"]
    assert services["publish"]["restart"] == "unless-stopped"
    assert services["publish"]["healthcheck"] == {"disable": True}, "it has no port to ask"
    assert services["prepare"]["restart"] == "no"
    assert services["prepare"]["command"] == ["python", "manage.py", "prepare"]
    for service in ("web", "prepare", "publish", "work"):
        assert services[service]["environment"]["PEEL_ENV"] == "production"
        assert services[service]["build"]["context"] == "."


def test_the_database_is_kept_and_watched(compose):
    database = compose["services"]["database"]

    assert database["image"] == "postgres:18"
    assert database["volumes"] == ["database:/var/lib/postgresql"]
    assert "database" in compose["volumes"]
    assert "pg_isready" in database["healthcheck"]["test"][-1]
    assert "ports" not in database, "nobody but the site needs to reach it"


def test_no_secret_has_a_value_in_the_file(compose):
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("KEY|PASSWORD|DATABASE_URL", name):
                assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", value), name


def test_the_image_runs_as_nobody_in_particular_and_without_a_compiler(steps):
    stages = [words for kind, words in steps if kind == "FROM"]
    last_stage = steps[[kind for kind, _ in steps].index("FROM", 1) :]

    assert stages == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert [words for kind, words in last_stage if kind == "USER"] == ["peel"]
    assert not [words for kind, words in steps if "apt-get" in words or words.startswith("COPY . ")]
    assert any("/robots.txt" in words for kind, words in last_stage if kind == "HEALTHCHECK")
    # All that follows the change of user runs, or is written, without root's rights.
    assert [kind for kind, _ in last_stage[[k for k, _ in last_stage].index("USER") :]] == [
        *("USER", "EXPOSE", "HEALTHCHECK", "CMD")
    ]


def test_what_the_image_copies_is_in_its_context(steps):
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name
        for kind, words in steps
        if kind == "COPY" and not words.startswith("--from")
        for name in words.split()[:-1]
    }

    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_steps_of_the_image_work(steps, tmp_path, own_environment):
    """Does what the Dockerfile says, in a folder instead of an image: packages, copies, collectstatic, a start."""
    app = tmp_path / "app"
    app.mkdir()
    environment = own_environment(PATH=f"{app}/.venv/bin:{os.environ['PATH']}")

    for kind, words in steps:
        words = words.replace("/app", str(app))
        if kind == "ENV":
            given = dict(re.findall(r"(\w+)=(\S+)", words))
            environment |= {
                name: value for name, value in given.items() if name not in ("PATH", "CODE_VERSION")
            }
        elif kind == "COPY" and not words.startswith("--from"):
            *names, target = words.split()
            for name in names:
                source = ROOT / name
                into = Path(target) / name if target.endswith("/") else Path(target)
                if source.is_dir():
                    shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(source, into)
        elif kind == "RUN" and "-m venv" in words:
            venv.create(app / ".venv", with_pip=True, symlinks=True)
        elif kind == "RUN" and "useradd" not in words:
            subprocess.run(["sh", "-ec", words], cwd=app, env=environment, check=True)

    static = app / ".data" / "static"
    assert (app / ".data" / "staticfiles.json").exists()
    assert not (static / "staticfiles.json").exists(), "it would be served"
    assert list(static.rglob("*.css.gz")), "compressed beforehand"
    assert list(static.rglob("*.css.br")), "compressed beforehand"
    command = json.loads(next(words for kind, words in steps if kind == "CMD"))
    installed = (app / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages").iterdir()
    assert not [path.name for path in installed if path.name.startswith(("pixeltable", "pytest", "mypy"))]
    production = environment | {
        "SECRET_KEY": "for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "postgres://peel@localhost/peel",
    }
    subprocess.run([*command, "--check-config"], cwd=app, env=production, check=True)


def test_the_health_check_tells_a_working_site_from_a_broken_one(steps):
    """Runs the image's own health check against a server that answers, and against none."""
    words = next(words for kind, words in steps if kind == "HEALTHCHECK")
    program = re.search(r'"-c", "(.+)"\]$', words)[1]

    class Answer(http.server.BaseHTTPRequestHandler):
        status = 200

        def do_GET(self) -> None:
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        program = program.replace("8000", str(server.server_port))
        codes = []
        for Answer.status in (200, 301, 503):
            codes.append(subprocess.run([sys.executable, "-c", program], check=False).returncode)
        server.shutdown()
    gone = subprocess.run([sys.executable, "-c", program], stderr=subprocess.DEVNULL, check=False).returncode

    assert codes == [0, 0, 1]
    assert gone == 1
