import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import hashing
from app.rules.hashing import GENESIS, Checkpoint, Sealed
from app.rules.words import Choice
from tests.rules.many import many

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ONE = UUID(int=1)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-hashing.SAFE_INTEGER, hashing.SAFE_INTEGER)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}', id="sorted, no spaces"),
        pytest.param(
            '\u20ac$\x0f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"', id="the RFC's own string"
        ),
        pytest.param(
            {"\ufb33": 1, "\U0001f600": 2}, '{"😀":2,"\ufb33":1}', id="keys by UTF-16 unit, as the RFC"
        ),
        pytest.param([], "[]", id="nothing"),
        pytest.param(("a",), '["a"]', id="a tuple is a list"),
        pytest.param(Choice.FOR, '"for"', id="an enum of ours is its value"),
        pytest.param(hashing.SAFE_INTEGER, "9007199254740991", id="the largest exact number"),
    ],
)
def test_there_is_one_way_to_write_a_value(value, written):
    assert hashing.canonical(value).decode() == written


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, b"x", {1: 2}, {"a": {3}}, NOON, object(), {"a": [Fraction(1, 2)]}, "\ud800"],
)
def test_what_two_machines_might_write_differently_is_refused(value):
    with pytest.raises(ValueError):
        hashing.canonical(value)


def test_what_our_rows_hold_becomes_plain():
    chile = datetime(2026, 6, 1, 8, 0, tzinfo=timezone(timedelta(hours=-4)))

    assert hashing.plain(
        {"id": ONE, "at": chile, "share": Fraction(2, 3), "choice": Choice.AGAINST, "set": {"b", "a"}}
    ) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "at": "2026-06-01T12:00:00.000000Z",
        "share": "2/3",
        "choice": "against",
        "set": ["a", "b"],
    }


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError):
        hashing.digest({"at": datetime(2026, 6, 1)})  # noqa: DTZ001


def test_a_digest_can_be_recomputed_with_the_standard_library():
    value = {"question": "¿Adoptar la misión?", "options": ["for", "against"]}
    by_hand = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert hashing.digest(value) == hashlib.sha256(by_hand).hexdigest()


@many()
@given(values)
def test_the_order_of_keys_never_matters(value):
    again = json.loads(hashing.canonical(value))

    assert hashing.canonical(again) == hashing.canonical(value)
    assert hashing.canonical(turned(value)) == hashing.canonical(value)


def turned(value):
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(list(value))}
    return [turned(each) for each in value] if isinstance(value, list) else value


@many()
@given(values, values)
def test_two_values_share_a_digest_only_when_they_are_the_same(one, other):
    same = hashing.canonical(one) == hashing.canonical(other)

    assert (hashing.digest(one) == hashing.digest(other)) is same


def test_a_text_hash_depends_on_the_salt():
    assert hashing.text_hash("agua", "s1") != hashing.text_hash("agua", "s2")
    assert hashing.text_hash("agua", "s1") == hashing.text_hash("agua", "s1")
    assert hashing.text_hash("agua", "s1x") != hashing.text_hash("xagua", "s1")


def test_the_commitment_holds_all_ballots_in_any_order():
    ballots = [{"seat": UUID(int=each), "version": 1, "choice": Choice.FOR} for each in range(9)]
    shuffled = list(ballots)
    Random(0).shuffle(shuffled)
    changed = [*ballots[:-1], {**ballots[-1], "choice": Choice.AGAINST}]

    commitment = hashing.ballots_commitment(ONE, ballots)

    assert hashing.ballots_commitment(ONE, shuffled) == commitment
    assert hashing.ballots_commitment(ONE, changed) != commitment
    assert hashing.ballots_commitment(ONE, ballots[:-1]) != commitment
    assert hashing.ballots_commitment(UUID(int=2), ballots) != commitment


def sealed(count: int) -> list[Sealed]:
    chain, previous = [], GENESIS
    for seq in range(1, count + 1):
        event = {"id": UUID(int=seq), "kind": "endorse", "at": NOON, "facts": {"n": seq, "state": "visible"}}
        own = hashing.event_hash(previous, event)
        chain.append(Sealed(event, seq, previous, own))
        previous = own
    return chain


def test_an_untouched_chain_verifies():
    chain = sealed(20)

    found = hashing.verify([*chain, Sealed({"id": ONE}), Sealed({"id": ONE})])

    assert found.holds
    assert (found.count, found.unsealed, found.head) == (20, 2, chain[-1].hash)


def test_an_empty_chain_holds():
    assert hashing.verify([]) == hashing.Verification(0, 0, GENESIS)


def test_the_chain_can_be_recomputed_from_digests_alone():
    previous = GENESIS
    for each in sealed(5):
        previous = hashing.link(previous, hashing.digest(each.event))

    assert previous == sealed(5)[-1].hash


def with_event(each: Sealed, **changes) -> Sealed:
    return Sealed({**each.event, **changes}, each.seq, each.previous_hash, each.hash)


TAMPERS = {
    "a fact changed": lambda chain, at: [*chain[:at], with_event(chain[at], facts={"n": 0}), *chain[at + 1 :]],
    "an actor changed": lambda chain, at: [*chain[:at], with_event(chain[at], actor_id=ONE), *chain[at + 1 :]],
    "an instant changed": lambda chain, at: [
        *chain[:at], with_event(chain[at], at=NOON + timedelta(microseconds=1)), *chain[at + 1 :],
    ],
    "a row dropped": lambda chain, at: chain[:at] + chain[at + 1 :],
    "a row twice": lambda chain, at: [*chain[: at + 1], *chain[at:]],
    "two rows swapped": lambda chain, at: [*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]],
    "a hash changed": lambda chain, at: [
        *chain[:at],
        Sealed(chain[at].event, chain[at].seq, chain[at].previous_hash, hashing.digest("other")),
        *chain[at + 1 :],
    ],
    "a number changed": lambda chain, at: [
        *chain[:at],
        Sealed(chain[at].event, chain[at].seq + 7, chain[at].previous_hash, chain[at].hash),
        *chain[at + 1 :],
    ],
    "a previous hash changed": lambda chain, at: [
        *chain[:at],
        Sealed(chain[at].event, chain[at].seq, hashing.digest("other"), chain[at].hash),
        *chain[at + 1 :],
    ],
    "a seal taken off": lambda chain, at: [*chain[:at], Sealed(chain[at].event), *chain[at + 1 :]],
    "a row put in": lambda chain, at: [
        *chain[:at],
        Sealed({"id": ONE}, at + 1, chain[at].previous_hash, hashing.event_hash(chain[at].previous_hash, {"id": ONE})),
        *chain[at:],
    ],
    "renumbered after a drop": lambda chain, at: [
        *chain[:at],
        *(Sealed(each.event, each.seq - 1, each.previous_hash, each.hash) for each in chain[at + 1 :]),
    ],
}  # fmt: skip


@many(300)
@given(name=st.sampled_from(sorted(TAMPERS)), length=st.integers(3, 30), data=st.data())
def test_every_tamper_is_found_where_it_was_made(name, length, data):
    at = data.draw(st.integers(0, length - 2))

    found = hashing.verify(TAMPERS[name](sealed(length), at))

    assert not found.holds
    assert found.first_bad in (at + 1, at + 2)


def test_a_chain_rewritten_to_its_end_differs_from_the_checkpoint():
    chain = sealed(10)
    checkpoint = Checkpoint(10, chain[-1].hash)
    forged, previous = [], GENESIS
    for each in chain:
        event = {**each.event, "kind": "withdraw"} if each.seq == 4 else each.event
        own = hashing.event_hash(previous, event)
        forged.append(Sealed(event, each.seq, previous, own))
        previous = own

    assert hashing.verify(forged).holds
    assert hashing.verify(forged, checkpoint).first_bad == 10
    assert hashing.verify(chain, checkpoint).holds


def test_events_cut_off_at_the_end_are_missed_against_the_checkpoint():
    chain = sealed(10)

    found = hashing.verify(chain[:7], Checkpoint(10, chain[-1].hash))

    assert found.first_bad == 8
