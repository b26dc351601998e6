"""Nobody makes the server ask other hosts, or say what they typed in a header; and the page on threats names tests that exist."""

import ast
import re
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = re.compile(
    r"(urllib\.request|http\.client|requests|httpx|aiohttp|urllib3|ftplib|telnetlib|poplib|imaplib|smtplib|socket|xmlrpc|webbrowser)(\.|$)"
)
KNOWN = {
    "grades/inviting.py": {"smtplib"},  # what a mail server refuses
    "grades/management/commands/warm.py": {"http.client"},  # asks the site itself, by hand
    "peel_site/ask.py": {"http.client"},  # asks the site itself whether it is well
    "peel_site/serving.py": {"socket"},  # listens
    "peel_site/signin/adapters.py": {"smtplib"},
}
"""Who has a client of something, and what for: none of them at a reader's request."""


def imported(module: Path) -> set[str]:
    """Give the names that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_here_asks_another_host() -> None:
    having = {
        path.relative_to(ROOT).as_posix(): clients
        for folder in ("grades", "peel_site")
        for path in (ROOT / folder).rglob("*.py")
        if (clients := {CLIENTS.match(name)[1] for name in imported(path) if CLIENTS.match(name)})
    }

    assert having == KNOWN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/Forces/a%0D%0ASet-Cookie:%20evil=1/",
        "/forces//%0D%0ALocation:%20https:%2F%2Fevil.example/",
        "/find/?q=a%0D%0ASet-Cookie:%20evil=1",
        "/compare/?forces=a%0D%0ASet-Cookie:%20evil=1&metrics=%0D%0A",
        "/api/v1/forces/?limit=1&nation=%0D%0ASet-Cookie:%20evil=1",
        "/admin/login/?next=/admin/%0D%0ASet-Cookie:%20evil=1",
    ],
)
def test_line_ends_in_an_address_reach_no_header(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code < 500
    assert "evil" not in answer.cookies
    assert not any("\r" in value or "\n" in value for value in answer.headers.values())


def test_the_page_on_threats_names_tests_that_exist() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / "docs" / "security.md").read_text())

    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}("
        not in ((ROOT / "tests" / file).read_text() if (ROOT / "tests" / file).exists() else "")
    ]

    assert missing == []
    assert len(named) > 60
