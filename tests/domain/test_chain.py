"""The hash chain of the change log: it holds, and it fails after the least alteration."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades import chain
from grades.chain import ALTERED, BROKEN, DETACHED, MISSING, MOVED, Fault
from tests.builders import log_lines

LOG = log_lines([{"file": "Ŵrth"}, {"grade": "good"}, *({"note": str(n)} for n in range(4))])


def test_whole_log_has_no_fault() -> None:
    assert list(chain.faults(LOG)) == []
    assert list(chain.faults([line.encode() + b"\n" for line in LOG])) == []
    assert list(chain.faults([])) == []


@given(st.data())
def test_one_altered_byte_names_its_entry(data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(LOG) - 1))
    raw = bytearray(LOG[which].encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))

    found = list(chain.faults([*LOG[:which], bytes(raw), *LOG[which + 1 :]]))

    assert found[0].number == which + 1
    assert {fault.number for fault in found} <= {which + 1, which + 2}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (LOG[1:], [Fault(1, MISSING, 1)]),
        ([LOG[0], LOG[2]], [Fault(2, MISSING, 2)]),
        ([LOG[0], LOG[4], "not json"], [Fault(2, MISSING, 4), Fault(6, BROKEN)]),
        ([LOG[0], LOG[0], LOG[1]], [Fault(1, MOVED)]),
        ([LOG[1], LOG[0], LOG[2]], [Fault(1, MISSING, 1), Fault(1, MOVED)]),
        ([LOG[0], "not json", LOG[1]], [Fault(2, BROKEN)]),
        ([LOG[0], "[]", LOG[2]], [Fault(2, BROKEN)]),
        ([LOG[0], '{"number": 2}', LOG[3]], [Fault(2, BROKEN), Fault(3, MISSING, 3)]),
        (["[" * 100_000, *LOG[1:]], [Fault(1, BROKEN)]),
        (
            [LOG[0], LOG[1].replace("good", "poor"), *LOG[3:], ""],
            [Fault(2, ALTERED), Fault(3, MISSING, 3), Fault(7, BROKEN)],
        ),
    ],
    ids=[
        *("first gone", "middle gone", "several gone", "twice", "order", "a line too many", "a list"),
        *("parts missing", "too deep", "one of each"),
    ],
)
def test_each_missing_doubled_and_strange_line_is_found(lines: list[str], found: list[Fault]) -> None:
    assert list(chain.faults(lines)) == found


@given(st.lists(st.integers(0, 5), max_size=8))
def test_no_choice_of_true_entries_passes_but_a_beginning_of_the_log(chosen: list[int]) -> None:
    whole = chosen == list(range(len(chosen)))

    assert (list(chain.faults([LOG[place] for place in chosen])) == []) == whole


@pytest.mark.parametrize("number", ["2", 2.0, True, None, 0, -1])
def test_number_that_no_entry_has_is_a_fault(number: object) -> None:
    entry = {**json.loads(LOG[1]), "number": number}
    entry["digest"] = chain.digest(entry)

    assert list(chain.faults([LOG[0], chain.canonical(entry)])) != []


def test_entry_rewritten_with_a_fitting_digest_detaches_the_next() -> None:
    entry = json.loads(LOG[1])
    entry["document"] = {"grade": "outstanding"}
    entry["digest"] = chain.digest(entry)

    assert list(chain.faults([LOG[0], chain.canonical(entry), LOG[2]])) == [Fault(3, DETACHED)]


def test_extra_part_is_an_alteration() -> None:
    entry = {**json.loads(LOG[0]), "note": "slipped in"}

    assert list(chain.faults([chain.canonical(entry)])) == [Fault(1, ALTERED)]


def test_canonical_form_is_one_and_refuses_what_json_does_not_know() -> None:
    assert chain.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    with pytest.raises(ValueError, match="JSON"):
        chain.canonical(float("nan"))
