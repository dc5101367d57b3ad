"""Whole packs of real decisions: the stranger's program finds them right, and finds whatever was tampered with."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from app.models.decision import Decision
from app.rules.words import Choice, InterestEffect, InterestKind
from app.services import (
    ballots_secret,
    closing,
    decisions,
    decisions_certify,
    decisions_count,
    decisions_pack,
    events,
    signatures,
)
from app.settings import Settings
from tests.recount import cases
from tests.services.chamber import Chamber, make_chamber
from tests.services.declared import declare
from tests.services.signed import sign_by_two

recount = cases.load_recount()


def seal_and_sign(session: Session, settings: Settings) -> None:
    events.seal(session, 10_000)
    signatures.sign_due(session, settings)


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def opened(chamber: Chamber, **terms: Any) -> Decision:
    decision = chamber.put()
    if terms:
        decision.rule, decision.terms = terms.pop("rule"), terms
        chamber.session.flush()
    chamber.notice(opens_in=-1)
    return decision


def certified(session: Session, chamber: Chamber, settings: Settings) -> Decision:
    """An open vote with a change of mind, a recusal, a dissent, two signatures and reasons."""
    decision = opened(chamber)
    chamber.cast("citizens 1", Choice.AGAINST, "I do not see it yet.")
    chamber.cast_all(Choice.FOR, citizens_2=Choice.AGAINST)
    for name in ("third 2", "private 1"):
        person = chamber.members[name]
        declare(session, decision, person.id, InterestKind.MONEY, "I sell.", InterestEffect.RECUSE)
    decisions_count.close(session, decision, chamber.chair.id)
    decisions_certify.dissent(session, decision, chamber.members["citizens 2"].id, "The water is forgotten.")
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "It has a date and a number.", chamber.secretary.id)
    seal_and_sign(session, settings)
    return decision


def test_a_certified_decision_is_found_right_from_end_to_end(
    session: Session, chamber: Chamber, settings: Settings
) -> None:
    decision = certified(session, chamber, settings)

    report = recount.recount(decisions_pack.files(session, decision))

    assert report.wrong == []
    assert json.loads(report.result) == decision.result
    assert any("byte for byte" in each for each in report.right)
    assert "Signed by the platform: notice, count, certification, log, checkpoint." in report.right
    assert "The public log commits to this announcement and to these ballots." in report.right


def test_the_pack_is_the_same_bytes_each_time_and_runs_as_a_program(
    session: Session, chamber: Chamber, settings: Settings, tmp_path: Path
) -> None:
    decision = certified(session, chamber, settings)
    content = decisions_pack.archive(session, decision)
    assert content == decisions_pack.archive(session, decision)
    (tmp_path / "pack.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        zipped.extract("recount.py", tmp_path)

    said = subprocess.run(
        [sys.executable, "-I", "recount.py", "pack.zip"], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip
    counted = subprocess.run(
        [sys.executable, "-I", "recount.py", "--json", "pack.zip"], cwd=tmp_path, capture_output=True, check=True
    )  # fmt: skip

    assert said.returncode == 0, said.stdout
    assert "Everything fits together." in said.stdout
    assert json.loads(counted.stdout) == decision.result


def test_without_cryptography_it_says_that_signatures_were_not_checked(
    session: Session, chamber: Chamber, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = certified(session, chamber, settings)
    monkeypatch.setattr(recount, "Ed25519PublicKey", None)

    report = recount.recount(decisions_pack.files(session, decision))

    assert report.wrong == []
    assert any("cryptography is not installed" in each for each in report.notes)


def test_the_recount_imports_nothing_of_the_application() -> None:
    source = cases.RECOUNT.read_text()
    imported = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.lstrip().startswith(("import ", "from "))
    }

    assert imported <= set(sys.stdlib_module_names) | {"cryptography"}
    assert "app." not in source.replace("application", "")


def test_before_anything_is_signed_the_pack_is_right_and_says_what_is_missing(
    session: Session, chamber: Chamber
) -> None:
    decision = opened(chamber)
    with pytest.raises(decisions_pack.NotCounted):
        decisions_pack.files(session, decision)
    chamber.cast_all(Choice.AGAINST)
    decisions_count.close(session, decision, None)

    report = recount.recount(decisions_pack.files(session, decision))

    assert report.wrong == []
    assert len([each for each in report.notes if "no signature" in each]) == 5


SECRET = {
    "quorum": "1/2",
    "required": [],
    "weights": {},
    "tie": {"measure": "none", "lot": ""},
    "secret": True,
    "excused": [],
}
SUPERMAJORITY = {"name": "supermajority", "version": 1, "share": "2/3"}


def secretly(session: Session, chamber: Chamber, settings: Settings, choice: Choice = Choice.FOR) -> Decision:
    decision = opened(chamber, rule=SUPERMAJORITY, **SECRET)
    for number, name in enumerate(chamber.members):
        mark = {"choice": (choice if number % 3 else Choice.AGAINST).value}
        ballots_secret.cast(session, decision, chamber.members[name].id, mark, f"{number:032x}")
    decisions_count.close(session, decision, chamber.chair.id)
    seal_and_sign(session, settings)
    return decision


def test_a_secret_decision_is_found_right_and_names_nobody(
    session: Session, chamber: Chamber, settings: Settings
) -> None:
    decision = secretly(session, chamber, settings)
    found = decisions_pack.files(session, decision)

    report = recount.recount(found)

    assert report.wrong == []
    everything = b"".join(raw for name, raw in found.items() if name != "recount.py").decode()
    people = list(chamber.members.values())
    assert not [
        each
        for person in people
        for each in (str(person.id), person.name, person.email)
        if each in everything
    ]
    seats = {str(seat.id) for seat in chamber.seats.values()}
    assert not [
        each for each in seats if each in found["ballots.json"].decode() + found["receipts.txt"].decode()
    ]


# --- Tampering ------------------------------------------------------------------------------------------------------


def honest_manifest(found: dict[str, bytes]) -> dict[str, bytes]:
    """The same files under a manifest that fits: what a forger hands out."""
    listed = {
        name: recount.hashlib.sha256(raw).hexdigest()
        for name, raw in found.items()
        if name != "manifest.json"
    }
    return {**found, "manifest.json": recount.canonical(listed)}


@pytest.fixture
def packs(session: Session, settings: Settings) -> list[dict[str, bytes]]:
    one = certified(session, make_chamber(session), settings)
    other = secretly(session, make_chamber(session), settings)
    return [decisions_pack.files(session, each) for each in (one, other)]


def tampered(found: dict[str, bytes], random: Any) -> Iterator[tuple[str, dict[str, bytes]]]:
    """One change of each kind, named."""
    name = random.choice(sorted(found))
    raw = bytearray(found[name])
    if raw:
        raw[random.randrange(len(raw))] ^= random.randint(1, 255)
        yield f"a byte of {name}", {**found, name: bytes(raw)}
    name = random.choice(["ballots.json", "receipts.txt", "log.json"])
    rows = rows_of(name, found[name])
    at = random.randrange(len(rows))
    changes = {"dropped": rows[:at] + rows[at + 1 :], "added": [*rows[:at], random.choice(rows), *rows[at:]]}
    other = random.randrange(len(rows))
    if other != at:
        swapped = list(rows)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        changes["reordered"] = swapped
    for kind, listed in changes.items():
        yield f"a row {kind} in {name}", honest_manifest({**found, name: packed(name, listed)})
    core = random.choice(["frozen.json", "ballots.json", "result.json", "receipts.txt", "count.json"])
    raw = bytearray(found[core])
    raw[random.randrange(len(raw))] ^= random.randint(1, 255)
    yield f"a byte of {core} under a manifest that fits", honest_manifest({**found, core: bytes(raw)})


def rows_of(name: str, raw: bytes) -> list[Any]:
    return raw.splitlines(keepends=True) if name.endswith(".txt") else json.loads(raw)


def packed(name: str, rows: list[Any]) -> bytes:
    return b"".join(rows) if name.endswith(".txt") else recount.canonical(rows)


TAMPERS = 200 * cases.SCALE  # 2,000 in the long run


def test_every_tampering_is_seen(packs: list[dict[str, bytes]]) -> None:
    tried = 0
    for seed in range(10 * TAMPERS):
        random = cases.Random(seed)
        for what, changed in tampered(packs[seed % len(packs)], random):
            tried += 1
            report = recount.recount(changed)
            assert report.wrong, f"{seed}: {what}"
        if tried >= TAMPERS:
            return


def test_the_last_event_left_out_is_missed(packs: list[dict[str, bytes]]) -> None:
    for found in packs:
        events = json.loads(found["log.json"])[:-1]
        shorter = {**found, "log.json": recount.canonical(events)}
        unsigned = {name: raw for name, raw in shorter.items() if name != "signatures/log.txt"}

        assert "what was signed (log) says something else" in recount.recount(honest_manifest(shorter)).wrong
        assert recount.recount(honest_manifest(unsigned)).wrong != []


def test_what_came_after_the_log_was_signed_is_not_in_the_pack_before_it_is_signed_too(
    session: Session, chamber: Chamber, settings: Settings
) -> None:
    decision = certified(session, chamber, settings)
    before = json.loads(decisions_pack.files(session, decision)["log.json"])
    decisions.record(session, "dissent_filed", decision, decision.certified_at, None)
    while events.seal(session, 100):
        pass

    between = decisions_pack.files(session, decision)
    seal_and_sign(session, settings)
    after = decisions_pack.files(session, decision)

    assert json.loads(between["log.json"]) == before
    assert recount.recount(between).wrong == recount.recount(after).wrong == []
    assert len(json.loads(after["log.json"])) == len(before) + 1


def forged(found: dict[str, bytes]) -> dict[str, bytes]:
    """A forger who turns every vote round and makes every hash fit, but holds no key of the platform."""
    count, ballots = json.loads(found["count.json"]), json.loads(found["ballots.json"])
    frozen = json.loads(found["frozen.json"])
    for each in ballots:
        each["mark"] = {"choice": {"for": "against", "against": "for"}.get(each["mark"]["choice"], "abstain")}
    case = recount.Case(frozen, count, ballots)
    for each in ballots:
        each["receipt"] = recount.receipt(case, each)
    ballots.sort(key=lambda each: each["receipt"])
    committed = [{name: each[name] for name in each if name not in recount.UNLISTED} for each in ballots]
    listed = sorted(committed, key=recount.canonical)
    count["ballots_hash"] = recount.digest({"ballots": listed, "decision": count["decision"]})
    result = recount.checked_count(recount.Case(frozen, count, ballots), None)
    count["outcome"] = result["state"]
    lines = [each["receipt"].encode() + b" " + recount.canonical(each["mark"]) + b"\n" for each in ballots]
    events = json.loads(found["log.json"])
    for each in events:
        if each.get("kind") == "decision_counted":
            each["facts"] |= {"ballots_hash": count["ballots_hash"], "outcome": result["state"]}
    changed = {"count.json": count, "ballots.json": ballots, "result.json": result, "log.json": events}
    found = {**found, **{name: recount.canonical(value) for name, value in changed.items()}}
    table = found["vote.csv"].replace(b",for\n", b",*\n").replace(b",against\n", b",for\n")
    found["vote.csv"] = table.replace(b",*\n", b",against\n")
    return honest_manifest({**found, "receipts.txt": b"".join(lines)})


def test_what_other_programs_would_count_is_what_is_counted(packs: list[dict[str, bytes]]) -> None:
    for found in packs:
        for name in sorted(set(found) & {"vote.csv", "vote.blt", "vote.pb"}):
            for written in (found[name].replace(b"1", b"2", 1), found[name].replace(b"\n1,", b"\n7,", 1)):
                wrong = recount.recount(honest_manifest({**found, name: written})).wrong

                assert (written == found[name]) is not bool(wrong), name


def test_another_text_than_the_one_put_to_the_vote_is_seen(packs: list[dict[str, bytes]]) -> None:
    compared = 0
    for found in packs:
        texts = json.loads(found["texts.json"])
        for text in texts:
            text["title"] += "!"
            wrong = recount.recount(honest_manifest({**found, "texts.json": recount.canonical(texts)})).wrong

            assert wrong == ["a text is not the one that was put to the vote"]
            compared += 1
    assert compared


def test_a_forger_without_the_key_is_seen_by_the_signatures(packs: list[dict[str, bytes]]) -> None:
    for found in packs:
        wrong = recount.recount(forged(found)).wrong

        assert wrong == ["what was signed (count) says something else"]


def test_a_forger_with_a_key_of_their_own_has_another_key(
    packs: list[dict[str, bytes]], session: Session
) -> None:
    """All that is left to compare is the key itself, which stands in the note."""
    from app.rules import notes

    found = forged(packs[1])
    own = notes.Signer("127.0.0.1:8000/events", bytes(32))
    case = recount.Case(*(json.loads(found[name]) for name in ("frozen.json", "count.json", "ballots.json")))
    for purpose in ("notice", "count"):
        lines = recount.expected_lines(case, purpose, found, found["result.json"])
        found[f"signatures/{purpose}.txt"] = notes.sign("\n".join([*lines, ""]), own).encode()
    key = f"comission-key/1\nnumber 1\nkey {own.public.text}\nafter none\nsince 2026-11-22\n"
    found["signatures/keys.txt"] = notes.sign(key, own).encode()
    log = recount.log_lines(case, found["log.json"])
    found["signatures/log.txt"] = notes.sign("\n".join([*log, ""]), own).encode()
    del found["signatures/checkpoint.txt"]

    report = recount.recount(honest_manifest(found))

    assert report.wrong == []
    assert any(own.public.text in each for each in report.notes)
    real = recount.recount(packs[1])
    assert not any(own.public.text in each for each in real.notes)


def test_nobody_signs_what_was_changed_in_the_database(session: Session, chamber: Chamber) -> None:
    from tests.services.test_signatures import rewrite

    decision = opened(chamber)
    chamber.cast_all(Choice.FOR)
    decisions_count.close(session, decision, None)
    rewrite(session, 'UPDATE ballot SET mark = \'{"choice": "against"}\'')

    with pytest.raises(closing.DoesNotAddUp):
        sign_by_two(session, decision)
    assert recount.recount(decisions_pack.files(session, decision)).wrong
