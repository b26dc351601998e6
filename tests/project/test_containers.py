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

from peel_site import serving

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "SECRET_KEY": "for-this-test-alone",
    "POSTGRES_PASSWORD": "for-this-test-alone",
    "WEB_PASSWORD": "for-the-site-alone",
}


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
        "postgres://peel_web:for-the-site-alone@database:5432/peel"
    )
    assert services["prepare"]["environment"]["DATABASE_URL"] == (
        "postgres://peel:for-this-test-alone@database:5432/peel"
    )
    assert services["replica"]["profiles"] == ["scale"]


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_compose_asks_for_a_secret_that_is_missing(config, name):
    done = config(**{other: value for other, value in SECRETS.items() if other != name})

    assert done.returncode != 0
    assert f"into .env as {name}" in done.stderr


SITE = ("web", "prepare", "publish", "work", "warm")


def test_the_services_wait_for_one_another(compose):
    services = compose["services"]
    prepared = {
        "database": {"condition": "service_healthy"},
        "prepare": {"condition": "service_completed_successfully"},
    }

    assert set(services) == {*SITE, "nginx", "database", "replica", "cache", "backup"}
    assert services["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for service in ("web", "publish", "work", "backup", "replica"):
        assert services[service]["depends_on"] == prepared
    for service in ("nginx", "warm"):
        assert services[service]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert services["publish"]["command"] == ["python", "manage.py", "publish_due", "--every", "15"]
    assert services["work"]["command"] == ["python", "manage.py", "work"]
    for service in ("web", "work"):
        assert services[service]["volumes"] == ["uploads:/app/.data/uploads"]
    assert "uploads" in compose["volumes"]
    for service in ("prepare", "publish", "work", "warm"):
        assert services[service]["healthcheck"] == {"disable": True}, "it has no port to ask"
    assert services["prepare"]["restart"] == "no"
    assert services["prepare"]["command"] == ["python", "manage.py", "prepare"]
    for service in SITE:
        assert services[service]["environment"]["PEEL_ENV"] == "production"
        assert services[service]["build"]["context"] == "."


def test_what_faces_readers_can_change_nothing_of_itself(compose):
    for name in (*SITE, "nginx", "cache"):
        service = compose["services"][name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert "unprivileged" in compose["services"]["nginx"]["image"]


def test_only_nginx_is_reached_from_outside(compose):
    open_to = {name for name, service in compose["services"].items() if "ports" in service}

    assert open_to == {"nginx"}
    assert all("127.0.0.1" in port for port in compose["services"]["nginx"]["ports"])


def test_the_site_asks_as_the_role_that_owns_nothing(compose):
    for name in ("web", "publish", "work", "warm"):
        assert "//peel_web:" in compose["services"][name]["environment"]["DATABASE_URL"]
    assert "//peel:" in compose["services"]["prepare"]["environment"]["DATABASE_URL"]
    assert compose["services"]["prepare"]["environment"]["WEB_ROLE"] == "peel_web"


def test_nginx_finds_its_configuration_where_it_is_written_and_writes_nowhere_else(compose):
    nginx = compose["services"]["nginx"]
    (own,) = nginx["tmpfs"]
    folder, _colon, options = own.partition(":")

    assert nginx["environment"]["NGINX_ENVSUBST_OUTPUT_DIR"] == nginx["environment"]["NGINX_TEMP"] == folder
    assert nginx["command"][nginx["command"].index("-c") + 1] == f"{folder}/nginx.conf"
    assert folder.startswith("/run/")
    assert "mode=700" in options.split(",")


def test_the_site_is_told_every_setting_that_a_container_can_choose(compose):
    written = (ROOT / ".env.example").read_text().partition("\n# Read by docker-compose.yml alone.")[0]
    known = set(re.findall(r"^#([A-Z_]+)=", written, re.MULTILINE))
    of_the_image = {"CODE_VERSION", "DATA_DIR", "ENV_FILE", "PORT", "UPLOADS_DIR"}

    assert known - of_the_image == set(compose["services"]["prepare"]["environment"])


def test_nginx_is_told_every_word_that_its_template_wants(compose):
    template = (ROOT / "deploy" / "nginx.conf.template").read_text()

    wanted = set(re.findall(r"\$\{(\w+)\}", template))
    assert wanted == set(compose["services"]["nginx"]["environment"]) - {"NGINX_ENVSUBST_OUTPUT_DIR"}


def test_nginx_lets_go_of_a_connection_before_the_web_server_does():
    template = (ROOT / "deploy" / "nginx.conf.template").read_text()
    (seconds,) = re.findall(r"^ {8}keepalive_timeout (\d+)s;", template, re.MULTILINE)

    assert int(seconds) < serving.keepalive


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_can_be_read_by_their_shell(script):
    shell = script.read_text().split("\n", 1)[0].removeprefix("#!")

    assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0
    assert os.access(script, os.X_OK)


def test_the_database_is_kept_and_watched(compose):
    database = compose["services"]["database"]

    assert database["image"] == "postgres:18"
    assert database["volumes"][0] == "database:/var/lib/postgresql"
    assert "database" in compose["volumes"]
    assert "pg_isready" in database["healthcheck"]["test"][-1]
    assert "ports" not in database, "nobody but the site needs to reach it"


def test_no_secret_has_a_value_in_the_file(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|DATABASE_URL", name):
                assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", value), name


def test_the_image_runs_as_nobody_in_particular_and_without_a_compiler(steps):
    stages = [words for kind, words in steps if kind == "FROM"]
    last_stage = steps[[kind for kind, _ in steps].index("FROM", 1) :]

    assert stages == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert [words for kind, words in last_stage if kind == "USER"] == ["peel"]
    assert not [words for kind, words in steps if "apt-get" in words or words.startswith("COPY . ")]
    assert any("/healthz" in words for kind, words in last_stage if kind == "HEALTHCHECK")
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


def test_the_health_check_tells_a_working_site_from_a_broken_one(steps, compose):
    """Runs what the image and the compose file ask with, against a server that answers, and against none."""
    command = json.loads(next(words for kind, words in steps if kind == "HEALTHCHECK").partition("CMD ")[2])
    assert (
        command[:3]
        == compose["services"]["web"]["healthcheck"]["test"][1:4]
        == ["python", "-m", "peel_site.ask"]
    )

    class Answer(http.server.BaseHTTPRequestHandler):
        status = 200

        def do_GET(self) -> None:
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    def ask(port: int) -> int:
        asked = [sys.executable, *command[1:3], f"http://127.0.0.1:{port}/healthz"]
        return subprocess.run(asked, cwd=ROOT, check=False).returncode

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        codes = []
        for Answer.status in (200, 503):
            codes.append(ask(server.server_port))
        server.shutdown()

    assert codes == [0, 1]
    assert ask(server.server_port) == 1
