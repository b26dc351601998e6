"""How the site starts, and refuses to."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Environment = Callable[..., dict[str, str]]

PRODUCTION = {
    "PEEL_ENV": "production",
    "SECRET_KEY": "for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "ALLOWED_HOSTS": "peel.example.org,www.peel.example.org",
    "DATABASE_URL": "postgres://peel:p%40ss@db.example.org:5433/record?sslmode=require",
}


@pytest.fixture
def run(tmp_path: Path, own_environment: Environment) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python with the settings of these variables; DATA_DIR is a new folder."""

    def runner(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = own_environment(**{"DATA_DIR": str(tmp_path / "data"), **variables})
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment | {"DJANGO_SETTINGS_MODULE": "peel_site.settings"},
            capture_output=True,
            text=True,
            check=False,
        )

    return runner


@pytest.fixture
def read(run: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., dict[str, object]]:
    """Read settings as a process with these variables has them."""

    def reader(**variables: str) -> dict[str, object]:
        program = (
            "import json; from django.conf import settings; settings.DEBUG; "
            "print(json.dumps({n: getattr(settings, n) for n in dir(settings) if n.isupper()}, default=str))"
        )
        done = run("-c", program, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return reader


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What the refusal says."""
    assert done.returncode != 0
    return done.stderr.strip().splitlines()[-1]


def test_production_names_all_that_is_missing_in_one_sentence(run):
    done = run(
        "-c", "from django.conf import settings; settings.DEBUG", PEEL_ENV="production", SECRET_KEY=" "
    )

    assert "ImproperlyConfigured" in sentence(done)
    assert "SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL" in sentence(done)


def test_production_names_only_what_is_missing(run):
    done = run("-c", "from django.conf import settings; settings.DEBUG", **PRODUCTION | {"ALLOWED_HOSTS": ""})

    assert "are not: ALLOWED_HOSTS." in sentence(done)


def test_production(read, tmp_path):
    settings = read(**PRODUCTION)

    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["peel.example.org", "www.peel.example.org"]
    assert settings["BASE_URL"] == "https://peel.example.org"
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    database = settings["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5433, "record")
    assert (database["USER"], database["PASSWORD"]) == ("peel", "p@ss")
    assert database["ENGINE"] == "peel_site.postgres"
    assert database["OPTIONS"]["sslmode"] == "require"
    assert not (tmp_path / "data").exists(), "production keeps no key of its own"


def test_production_asks_for_a_second_step_and_sends_mail(read):
    settings = read(**PRODUCTION, EMAIL_URL="smtp+tls://peel:p%40ss@mail.example.org:587")

    assert settings["MFA_REQUIRED"] is True
    assert settings["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("peel", "p@ss")
    assert settings["EMAIL_USE_TLS"] is True
    assert settings["DEFAULT_FROM_EMAIL"] == settings["CONTACT_EMAIL"]
    assert settings["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"
    assert settings["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0


def test_sessions_and_invitations_last_as_long_as_is_said(read):
    settings = read(SESSION_HOURS="4", SESSION_IDLE_MINUTES="20", INVITATION_DAYS="3")

    assert settings["SESSION_COOKIE_AGE"] == 4 * 60 * 60
    assert (settings["SESSION_IDLE_MINUTES"], settings["INVITATION_DAYS"]) == (20, 3)


def test_production_passes_djangos_own_check(run):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_demonstration_is_the_default_and_keeps_its_key(read, tmp_path):
    settings = read()
    again = read()

    assert settings["PEEL_ENV"] == "demonstration"
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["DATABASES"]["default"]["ENGINE"] == "peel_site.embedded"
    assert settings["STORAGES"]["staticfiles"]["BACKEND"] == "peel_site.static_files.StaticFiles"
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert settings["MFA_REQUIRED"] is False
    assert settings["CACHES"]["pages"]["BACKEND"] == "peel_site.caching.InMemory"
    assert settings["CACHES"]["pages"]["OPTIONS"]["MAX_BYTES"] <= 32_000_000
    assert len(settings["SECRET_KEY"]) > 50
    assert settings["SECRET_KEY"] == again["SECRET_KEY"]
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0


def test_development_shows_errors(read):
    settings = read(PEEL_ENV="development", PORT="8080")

    assert settings["DEBUG"] is True
    assert settings["BASE_URL"] == "http://localhost:8080"
    assert settings["DATABASES"]["default"]["ENGINE"] == "peel_site.embedded"


def test_a_file_gives_what_the_environment_does_not(read, tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("SITE_NAME=From the file\nOPERATOR=From the file\n")

    settings = read(ENV_FILE=str(file), OPERATOR="From the environment")

    assert settings["SITE_NAME"] == "From the file"
    assert settings["OPERATOR"] == "From the environment"


def test_https_may_be_spoken_by_a_proxy_or_by_nobody(read):
    behind_proxy = read(**PRODUCTION, BEHIND_PROXY="true")
    plain = read(**PRODUCTION, HTTPS_ONLY="false")

    assert behind_proxy["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert behind_proxy["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert plain["SECURE_SSL_REDIRECT"] is False
    assert plain["SECURE_HSTS_SECONDS"] == 0


@pytest.mark.parametrize(
    ("name", "nonsense", "expected"),
    [
        ("PEEL_ENV", "prod", "demonstration, production, development"),
        ("HTTPS_ONLY", "yes", "must be one of: false, true"),
        ("BASE_URL", "peel.example.org/", "without a path"),
        ("CONTACT_EMAIL", "nobody", "an e-mail address"),
        ("ADMIN_PATH", "/Admin", "a path with a slash at its end"),
        ("PORT", "eighty", "a number"),
        ("MFA_REQUIRED", "perhaps", "must be one of: false, true"),
        ("SESSION_HOURS", "0", "a whole number above zero"),
        ("SESSION_IDLE_MINUTES", "-5", "a whole number above zero"),
        ("INVITATION_DAYS", "a week", "a whole number above zero"),
        ("EMAIL_URL", "mail.example.org", "the address of a mail server"),
        ("DEFAULT_FROM_EMAIL", "nobody", "an e-mail address"),
        ("ALLOWED_HOSTS", "https://peel.example.org", "names alone"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "PostgreSQL"),
        ("DATABASE_URL", "localhost", "PostgreSQL"),
        ("DATABASE_URL", "postgres://peel@localhost", "PostgreSQL"),
        ("DATABASE_URL", "postgres://peel@localhost:port/peel", "PostgreSQL"),
        ("DATA_LICENCE_URL", "OGL", "the address of the licence"),
    ],
)
def test_nonsense_is_refused_in_words(run, name, nonsense, expected):
    done = run("-c", "from django.conf import settings; settings.DEBUG", **{name: nonsense})

    assert sentence(done).startswith("django.core.exceptions.ImproperlyConfigured: " + name)
    assert expected in sentence(done)


def test_the_example_names_every_variable_that_is_read():
    settings = (ROOT / "peel_site" / "settings.py").read_text()
    compose = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()

    read = set(re.findall(r'(?:env_\w+|env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', settings))
    asked_for = set(re.findall(r"\$\{([A-Z_]+)", compose))
    shown = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)

    assert sorted(shown) == sorted(read | asked_for)
    assert asked_for - read == {
        *("POSTGRES_PASSWORD", "BACKUPS_KEPT"),
        *("BIND", "FORWARDED_PROTO", "TLS_PORT", "WEB_SERVERS_RUNNING"),
    }


def test_only_the_settings_read_the_environment():
    readers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("peel_site", "grades")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.(environ|getenv)\b", path.read_text())
    ]

    # wsgi.py and serving.py name the settings, as Django writes it; base.py lends PATH to psql; watching.py tells the client
    # of Prometheus, which reads nothing else, where to count.
    assert sorted(readers) == [
        "peel_site/embedded/base.py",
        "peel_site/serving.py",
        "peel_site/settings.py",
        "peel_site/watching.py",
        "peel_site/wsgi.py",
    ]


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_leaves_this_machine(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with (
        socket.socket(family) as outside,
        pytest.raises(Exception, match="A test tried to use"),
    ):
        outside.connect((host, 80))
