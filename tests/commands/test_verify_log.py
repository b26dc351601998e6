"""`manage.py verify_log`: a whole log passes; the least alteration fails and names its entry."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grades import chain
from tests.builders import log_lines

DOCUMENTS = ({"file": "Ŵrth"}, {"grade": "good", "reason": "misread"}, {"grade": "adequate"}, {"note": "–"})


LOG = [line.encode() + b"\n" for line in log_lines(DOCUMENTS)]
LAST = chain.json.loads(LOG[-1])["digest"]


def verify(path: Path, content: bytes, **options: str) -> str:
    """Run the command on a file of this content, and give what it prints."""
    path.write_bytes(content)
    out = StringIO()
    call_command("verify_log", path, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def test_whole_log_passes_and_says_its_last_digest(file: Path) -> None:
    said = f"4 entries, unbroken; last digest {LAST}\n"

    assert verify(file, b"".join(LOG)) == said
    assert verify(file, b"".join(LOG), expect=LAST.upper()) == said
    assert verify(file, LOG[0]).startswith("1 entry, unbroken; last digest ")
    assert verify(file, b"") == "0 entries, unbroken; last digest none\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_any_altered_byte_fails_and_names_its_entry(file: Path, data: st.DataObject) -> None:
    whole = bytearray(b"".join(LOG))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    entry = bytes(b"".join(LOG))[:place].count(b"\n") + 1

    with pytest.raises(CommandError, match=rf"(?m)^Entry {entry} "):
        verify(file, bytes(whole))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([LOG[0], *LOG[2:]], ["Entry 2 is missing from its place."]),
        ([LOG[0], LOG[3]], ["Entries 2 to 3 are missing from their places."]),
        (
            [LOG[0], LOG[0], *LOG[1:]],
            ["Entry 1 stands where it does not belong: it was doubled or moved."],
        ),
        (
            [LOG[0], LOG[2], LOG[1], LOG[3]],
            [
                "Entry 2 is missing from its place.",
                "Entry 2 stands where it does not belong: it was doubled or moved.",
            ],
        ),
        (
            [LOG[0], LOG[1][:40], b"\n", *LOG[2:]],
            ["Entry 2 cannot be read: this line is no entry of the log."],
        ),
        ([*LOG[:3], LOG[3][:-20]], ["Entry 4 cannot be read: this line is no entry of the log."]),
        ([*LOG, b"\n"], ["Entry 5 cannot be read: this line is no entry of the log."]),
    ],
    ids=[
        *("missing", "several missing", "doubled", "reordered"),
        *("cut in the middle", "cut within the last", "an empty line more"),
    ],
)
def test_what_is_missing_doubled_moved_or_cut_fails(
    file: Path, content: list[bytes], said: list[str]
) -> None:
    with pytest.raises(CommandError) as failure:
        verify(file, b"".join(content))

    assert str(failure.value).splitlines() == said


def test_log_cut_at_its_end_is_noticed_by_the_digest_that_the_site_prints(file: Path) -> None:
    cut = b"".join(LOG[:3])

    assert verify(file, cut).startswith("3 entries, unbroken")
    with pytest.raises(CommandError, match="the log was cut at its end, or is of another day"):
        verify(file, cut, expect=LAST)


def test_every_entry_that_fails_is_named(file: Path) -> None:
    altered = [line.replace(b"good", b"poor").replace(b"Loaded", b"x") for line in LOG]
    altered[3] = altered[3].replace("–".encode(), b"-")

    with pytest.raises(CommandError) as failure:
        verify(file, b"".join(altered))

    assert str(failure.value).splitlines() == [
        "Entry 2 was altered: its digest does not fit what it says.",
        "Entry 4 was altered: its digest does not fit what it says.",
    ]


def test_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("verify_log", tmp_path / "nothing.jsonl")
