"""The stack behind nginx: what is held and for how long, what is refused, and what readers see while something is away."""

import json
import signal
import socket
import subprocess
import threading
import time

import pytest

from deploy.stack import ROOT, Stack
from peel_site.embedded.server import programs
from tests.stack.conftest import Answer, Reader, kill_server, until

FORCE = "/forces/warwickshire/"


def test_a_page_is_held_and_says_so(reader: Reader) -> None:
    first = reader.get(FORCE)
    again = reader.get(FORCE)

    assert first.status == again.status == 200
    assert again.headers["Cache-Status"] == "PEEL; hit"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["PEEL-Data-Version"]
    assert "Warwickshire" in again.text
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate", "gzip"),
        ("identity", None),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip; q=0.0", None),
        ("gzip;q=0.1, br;q=0.01", "br"),
    ],
)
def test_each_way_of_compressing_is_held_by_itself(reader: Reader, asked: str, used: str | None) -> None:
    for _time in range(2):
        answer = reader.get("/themes/", Accept_Encoding=asked)
        assert answer.headers["Content-Encoding"] == used

    assert answer.headers["Cache-Status"] == "PEEL; hit"


@pytest.mark.parametrize("address", ["/data/grades.csv", "/data/grades.json"])
def test_files_of_the_whole_record_come_compressed(reader: Reader, address: str) -> None:
    answer = reader.get(address, Accept_Encoding="gzip, deflate, br")

    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")


def test_whoever_has_the_page_is_told_so_by_nginx(reader: Reader) -> None:
    name = reader.get("/cycles/").headers["ETag"]

    assert reader.get("/cycles/", If_None_Match=name).status == 304


def test_what_is_said_of_the_admin_is_never_held(reader: Reader) -> None:
    for _time in range(2):
        answer = reader.get("/admin/account/login/")
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert not (answer.headers["Cache-Status"] or "").startswith("PEEL; hit")


def test_static_files_come_for_good_and_compressed(reader: Reader) -> None:
    page = reader.get("/about/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]

    answer = reader.get(address, Accept_Encoding="br")

    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"


def test_a_change_shows_within_a_minute_on_every_page_that_was_held(stack: Stack, reader: Reader) -> None:
    """Everything is held at first; a minute after the change nothing old is given any more, and nothing for the first time."""
    addresses = ("/themes/", "/themes/investigating-crime/", FORCE, f"{FORCE}history.svg", "/compare/")
    before = {address: reader.get(address).text for address in addresses}
    stack.sql("UPDATE grades_theme SET title = 'Finding out who did it' WHERE slug = 'investigating-crime'")
    changed = time.monotonic()
    try:
        took = until(lambda: "Finding out who did it" in reader.get("/themes/").text, seconds=61)

        time.sleep(max(0.0, changed + 61 - time.monotonic()))
        after = {address: reader.get(address) for address in addresses}
        assert took <= 61
        assert all(after[address].text != before[address] for address in addresses)
        assert len({answer.headers["PEEL-Data-Version"] for answer in after.values()}) == 1
    finally:
        stack.sql("UPDATE grades_theme SET title = 'Investigating crime' WHERE slug = 'investigating-crime'")


def is_strict(answer: Answer) -> bool:
    """Say whether nginx's own words can do nothing in a browser, and are kept by nobody."""
    return (
        answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and answer.headers["Referrer-Policy"] == "no-referrer"
        and answer.headers["Cache-Control"] == "private, no-store"
    )


def test_too_many_tries_to_sign_in_are_refused_in_words(reader: Reader) -> None:
    answers = [
        reader.get("/admin/account/login/", method="POST", body=b"login=a&password=b") for _time in range(25)
    ]

    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) >= 10
    assert refused[0].text.startswith("Too many requests from your address")
    assert refused[0].headers["Retry-After"] == "60"
    assert is_strict(refused[0])
    assert reader.get("/admin/account/login/").status == 200, "reading is never counted"


def test_a_body_that_no_page_takes_is_refused_before_it_is_sent(reader: Reader) -> None:
    refused = reader.get("/forces/", method="POST", body=b"x" * 100_000)

    assert refused.status == 413
    assert refused.text.startswith("What you sent is larger than")
    assert is_strict(refused)
    assert problem_of(reader.get("/api/v1/forces/", method="POST", body=b"x" * 100_000))["status"] == 413


def problem_of(answer: Answer) -> dict[str, object]:
    """Read what programs are told, which scripts of any page may read too."""
    assert is_strict(answer)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    problem: dict[str, object] = json.loads(answer.body)
    assert problem["status"] == answer.status
    return problem


def test_what_a_program_has_left_is_not_held_for_the_next_one(reader: Reader) -> None:
    for _time in range(2):
        answer = reader.get("/api/v1/themes/")
        assert answer.status == 200
        assert {"RateLimit", "RateLimit-Policy"}.isdisjoint(answer.headers)


@pytest.mark.parametrize("address", ["/admin/", "/api/v1/forces/"])
def test_a_body_that_finds_no_room_is_refused_in_words(stack: Stack, reader: Reader, address: str) -> None:
    """nginx itself is in trouble then, and nobody behind it is asked."""
    room, elsewhere = stack.folder / "temp" / "body", stack.folder / "temp" / "elsewhere"
    room.rename(elsewhere)
    try:
        refused = reader.get(address, method="POST", body=b"x" * 40_000)
    finally:
        elsewhere.rename(room)

    assert refused.status == 503
    assert "The site does not answer just now." in refused.text
    assert refused.headers["Retry-After"] == "30"
    assert is_strict(refused)
    if address.startswith("/api/"):
        assert problem_of(refused)["title"] == "Not available for a moment"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/find/?q=" + "x" * 9_000, {}, 414),
        ("/api/v1/forces/?q=" + "x" * 9_000, {}, 414),
        ("/forces/", {"X_Long": "x" * 9_000}, 400),
        ("/forces/../../", {}, 400),
    ],
)
def test_a_request_that_nginx_cannot_read_is_refused_in_words(
    reader: Reader, address: str, headers: dict[str, str], status: int
) -> None:
    refused = reader.get(address, **headers)

    assert refused.status == status
    assert refused.text.startswith("That request cannot be read")
    assert is_strict(refused)


def test_only_those_who_run_it_are_told_how_it_is(stack: Stack, reader: Reader) -> None:
    found = json.loads(reader.get("/readyz").body)

    assert found["status"] == "ok"
    assert isinstance(found["replica"], float)
    assert found["replica"] <= 30
    assert reader.get("/healthz").status == 200
    assert reader.get("/prometheus").status != 200, "not asked for"


def test_logs_name_nobody(stack: Stack, reader: Reader) -> None:
    log = stack.folder / "log" / "nginx.log"
    before = (
        log.stat().st_size
    )  # where nginx itself is in trouble, its own notes name the connection, as the guide says
    reader.get("/find/?q=somebody-private", Referer="https://office.example/page", User_Agent="Private/1.0")
    time.sleep(0.2)

    said = log.read_bytes()[before:].decode()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert lines[-1]["path"] == "/find/"
    assert not [
        word for word in ("somebody-private", "office.example", "Private", "127.0.0.1") if word in said
    ]
    web = (stack.folder / "log" / "web-1.log").read_text()
    assert all(json.loads(line) for line in web.splitlines())


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/preview/signed:token/", "/preview/…"),
        ("/admin/account/invitation/signed:token/", "/admin/account/invitation/…"),
        ("/admin/account/password/reset/key/1-signed-token/", "/admin/account/password/reset/key/…"),
    ],
)
def test_a_link_that_opens_something_by_itself_is_in_no_line(
    stack: Stack, reader: Reader, address: str, told: str
) -> None:
    reader.get(address)
    time.sleep(0.2)

    said = (stack.folder / "log" / "nginx.log").read_text()
    assert json.loads(said.splitlines()[-1])["path"] == told
    assert "signed" not in said


def test_the_site_cannot_rewrite_the_log_and_its_owner_made_it(stack: Stack) -> None:
    said = stack.sql(
        "SELECT has_table_privilege('peel_web', 'grades_changelogentry', 'INSERT'), "
        "has_table_privilege('peel_web', 'grades_changelogentry', 'UPDATE')"
    )

    assert said == "t|f"


def test_slow_senders_do_not_keep_others_waiting(stack: Stack, reader: Reader) -> None:
    slow = []
    for _number in range(90):
        client = socket.create_connection(("127.0.0.1", stack.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        slow.append(client)
    try:
        started = time.monotonic()
        assert reader.get("/themes/").status == 200
        assert time.monotonic() - started < 5
    finally:
        for client in slow:
            client.close()


def test_a_web_server_killed_under_load_costs_no_reader_an_answer(stack: Stack, reader: Reader) -> None:
    statuses: list[int] = []
    ends = threading.Event()

    def ask(number: int) -> None:
        count = 0
        while not ends.is_set():
            count += 1
            statuses.append(reader.get(f"/find/?q=nobody-{number}-{count}").status)  # never held

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in readers:
        thread.start()
    time.sleep(1)
    stack.processes["web-2"].kill()
    time.sleep(6)
    ends.set()
    for thread in readers:
        thread.join()

    assert len(statuses) > 20
    assert set(statuses) == {200}
    until(lambda: stack.processes["web-2"].poll() is None, seconds=20)


def test_without_the_cache_pages_are_made_anew(stack: Stack, reader: Reader) -> None:
    stack.left_alone.add("cache")
    stack.processes["cache"].kill()
    try:
        answer = reader.get(f"{FORCE}?without=cache")
        assert answer.status == 200
    finally:
        stack.left_alone.discard("cache")
    until(lambda: stack.processes["cache"].poll() is None, seconds=20)


def test_without_the_copy_pages_are_read_from_the_database_itself(stack: Stack, reader: Reader) -> None:
    stack.left_alone.add("replica")
    kill_server(stack, "replica")
    try:
        until(lambda: reader.get(f"{FORCE}?without=copy-{time.monotonic()}").status == 200, seconds=20)
        assert json.loads(reader.get("/readyz").body)["replica"] == "away"
    finally:
        stack.left_alone.discard("replica")
    until(lambda: isinstance(json.loads(reader.get("/readyz").body)["replica"], float), seconds=60)


def test_without_any_database_readers_have_what_is_held_and_the_desk_is_told(
    stack: Stack, reader: Reader
) -> None:
    held = reader.get(FORCE).text
    stack.left_alone |= {"primary", "replica"}
    kill_server(stack, "replica")
    kill_server(stack, "primary")
    try:
        time.sleep(62)  # what is held would have to be asked for anew
        stale = reader.get(FORCE)
        desk = reader.get("/admin/", Cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")
        never_seen = reader.get(f"{FORCE}?never=seen")
    finally:
        stack.left_alone -= {"primary", "replica"}

    assert stale.status == 200
    assert stale.text == held
    assert stale.headers["Cache-Status"] == "PEEL; hit; detail=stale"
    assert never_seen.status == 503
    assert "Our database does not answer" in never_seen.text
    assert desk.status == 503
    assert "Nothing is lost" in desk.text
    recovered = until(lambda: reader.get(f"{FORCE}?never=seen").status == 200, seconds=60)
    assert recovered < 60
    # The replica may be back before the primary, and readers are given pages from it meanwhile.
    until(lambda: reader.get("/readyz").status == 200, seconds=60)


def test_a_backup_is_restored_compared_and_brought_back(stack: Stack, tmp_path) -> None:
    def backup(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(ROOT / "deploy" / "backup.sh"), *words],
            env={"PATH": f"{programs()}:/usr/bin:/bin", "DATABASE_URL": stack.owners_url},
            capture_output=True,
            text=True,
            check=False,
        )

    made = backup("backup", str(tmp_path))
    assert made.returncode == 0, made.stderr
    (file,) = tmp_path.glob("peel-*.dump")
    assert not file.stat().st_mode & 0o077, "for nobody else"
    before = stack.sql("SELECT title FROM grades_theme WHERE slug = 'victims'") or stack.sql(
        "SELECT title FROM grades_theme ORDER BY slug LIMIT 1"
    )
    stack.sql("UPDATE grades_theme SET title = 'A mistake'")
    stack.sql("CREATE TABLE of_a_later_release (id int)")

    restored = backup("restore", str(file))

    assert restored.returncode == 0, restored.stderr
    assert "head of the log" in restored.stdout
    assert before in stack.sql("SELECT string_agg(title, '|') FROM grades_theme")
    assert stack.sql("SELECT count(*) FROM grades_theme WHERE title = 'A mistake'") == "0"
    assert stack.sql("SELECT to_regclass('of_a_later_release')") == ""
    assert stack.sql("SELECT has_table_privilege('peel_web', 'grades_changelogentry', 'UPDATE')") == "f"
    assert stack.sql("SELECT datname FROM pg_database WHERE datname LIKE 'peel_restored%'") == ""

    cut = tmp_path / "cut.dump"
    cut.write_bytes(file.read_bytes()[:20_000])
    refused = backup("restore", str(cut))
    assert refused.returncode != 0
    assert stack.sql("SELECT count(*) > 0 FROM grades_theme") == "t", "nothing was touched"


def test_a_restore_that_is_cut_off_changes_nothing(stack: Stack, tmp_path) -> None:
    """The file can be read, and was; the program dies while the record's own place is filled."""
    environment = {"PATH": f"{programs()}:/usr/bin:/bin", "DATABASE_URL": stack.owners_url}
    script = str(ROOT / "deploy" / "backup.sh")
    subprocess.run([script, "backup", str(tmp_path)], env=environment, check=True, capture_output=True)
    (file,) = tmp_path.glob("peel-*.dump")
    dying = tmp_path / "pg_restore"
    dying.write_text(
        f"""#!/bin/sh
        case " $* " in
        *" --file - "*) {programs()}/pg_restore "$@" | head -c 2000000 ;;
        *) exec {programs()}/pg_restore "$@" ;;
        esac
        """
    )
    dying.chmod(0o755)
    ask = "SELECT (SELECT count(*) FROM grades_grade), (SELECT count(*) FROM grades_observation)"
    before = stack.sql(ask)

    done = subprocess.run(
        [script, "restore", str(file)],
        env=environment | {"PATH": f"{tmp_path}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "Nothing was changed" in done.stderr
    assert stack.sql(ask) == before


def test_a_backup_that_does_not_fit_on_the_disk_leaves_nothing_behind(stack: Stack, tmp_path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 50; exec {ROOT / 'deploy' / 'backup.sh'} backup {tmp_path}"],
        env={"PATH": f"{programs()}:/usr/bin:/bin", "DATABASE_URL": stack.owners_url},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )

    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []
