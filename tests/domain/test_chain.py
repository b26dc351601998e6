"""The hash chain of the change log: it holds, and it fails after the least alteration."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grades import chain
from grades.chain import ALTERED, BROKEN, DETACHED, MISSING, Fault
from tests.builders import log_lines

LOG = log_lines([{"file": "Ŵrth"}, {"grade": "good"}, {"grade": "adequate"}])


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

    assert found
    assert found[0].number in (which + 1, which + 2)
    assert any(fault.number == which + 1 for fault in found)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (LOG[1:], Fault(1, MISSING)),
        ([LOG[0], LOG[2]], Fault(2, MISSING)),
        ([LOG[0], LOG[0], LOG[1]], Fault(2, MISSING)),
        ([LOG[1], LOG[0]], Fault(1, MISSING)),
        ([LOG[0], "not json"], Fault(2, BROKEN)),
        ([LOG[0], "[]"], Fault(2, BROKEN)),
        ([LOG[0], '{"number": 2}'], Fault(2, BROKEN)),
    ],
    ids=["first gone", "middle gone", "twice", "order", "no json", "a list", "parts missing"],
)
def test_missing_doubled_and_strange_lines_are_found(lines: list[str], fault: Fault) -> None:
    assert next(chain.faults(lines)) == fault


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
