"""The transparency pack: all that a stranger needs to check and count a decision again, as docs/recount.md says."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Conflict
from app.models.ballot import Ballot, SecretBallot, voted_seats
from app.models.closing import challenges_of, signers, superseded_by, supersedes
from app.models.decision import Decision
from app.models.event import Event
from app.models.signature import first_checkpoint_over, keys, signatures_of, signed_log_of
from app.rules.disclosure import shows_count
from app.rules.hashing import canonical, plain
from app.rules.voting.files import writing
from app.rules.words import N_, SignedFor, SubjectKind
from app.services import (
    ballots,
    ballots_secret,
    decisions_certify,
    decisions_freeze,
    decisions_show,
    decisions_withheld,
    event_log,
    signatures,
)
from app.services.decisions_freeze import FIRST_FORMAT

RECOUNT = Path(__file__).parents[2] / "scripts" / "recount.py"
FORMAT = "comission-pack/1"
# A zip file tells when its files were made; these were all made by the vote.
ALWAYS = (1980, 1, 1, 0, 0, 0)
README = """\
{question}

This pack holds everything that is needed to check and to count this decision again. You need not trust whoever gave
it to you, nor the platform.

1. Unzip this pack ({name}) on a computer with Python 3.11 or later (python.org). To check signatures too:
   pip install cryptography
2. In a terminal, inside the unzipped folder: python recount.py
   It ends with the result in words. recount.py is in the pack. Better still, take it from the source code of
   CoMission (scripts/recount.py), or write your own: docs/recount.md and docs/counting.md there say exactly how.
3. Compare what it prints with what you know from elsewhere: the platform's key at {keys}, your receipt in
   receipts.txt, and a checkpoint of the public log that a witness kept.

What it checks: that what was fixed at the announcement, the ballots and the receipts have the hashes that the public
log and the signatures commit to; that nobody voted who could not, or twice; and that the ballots, by the rule, come
to the very result that was published.

What it cannot check: that each ballot says what its voter chose. Each voter does, with their receipt. In a secret
vote nobody, not even the platform, can say whose ballot is whose once the vote is counted; whoever ran the server
could have watched ballots arrive. A receipt shows its owner's ballot to whoever is shown it. For elections to public
office use a system made for them, such as Belenios.

result.json is the result; steps.txt tells the count in words; vote.* are the counted ballots for other programs.
"""


class NotCounted(Conflict):
    sentence: ClassVar[str] = N_("The ballots are published when the vote has ended and is counted.")


def archive(session: Session, decision: Decision, origin: str = "") -> bytes:
    """The pack as one zip file, the same bytes for the same facts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as zipped:
        for name, raw in sorted(files(session, decision, origin).items()):
            entry = zipfile.ZipInfo(name, ALWAYS)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, raw)
    return content.getvalue()


def files(session: Session, decision: Decision, origin: str = "") -> dict[str, bytes]:
    """Every file of the pack by its name."""
    if not shows_count(decision.state):
        raise NotCounted()
    listed = ballot_rows(session, decision)
    documents = {
        "frozen.json": decisions_freeze.document(decision),
        "texts.json": decisions_freeze.frozen_texts(session, decision),
        "ballots.json": listed,
        "count.json": count(session, decision),
        "result.json": decision.result,
        "closing.json": closing(session, decision),
        "log.json": log(session, decision),
    }
    found = {name: canonical(plain(value)) for name, value in documents.items()}
    found["receipts.txt"] = b"".join(
        each["receipt"].encode() + b" " + canonical(mark_of(each)) + b"\n" for each in listed
    )
    found["steps.txt"] = steps(session, decision)
    found |= vote_files(session, decision)
    found |= {f"signatures/{name}.txt": text.encode() for name, text in notes(session, decision).items()}
    name = f"decision-{decision.id}.zip"
    told = README.format(question=decision.question, name=name, keys=f"{origin}/events/keys")
    found |= {"README.txt": told.encode(), "recount.py": RECOUNT.read_bytes()}
    found["manifest.json"] = canonical({name: hashlib.sha256(raw).hexdigest() for name, raw in found.items()})
    return found


def mark_of(row: dict[str, Any]) -> Any:
    return {"choice": row["choice"]} if "choice" in row else row["mark"]


def ballot_rows(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """Every ballot that is published, in the order of receipts: it says nothing of who voted when."""
    rows: list[dict[str, Any]] = []
    if decisions_freeze.is_secret(decision):
        withheld = decisions_withheld.is_withheld(decision)
        rows = [
            secret_row(decision, each, withheld) for each in ballots_secret.published(session, decision.id)
        ]
    else:
        rows = [open_row(decision, each) for each in ballots.all_ballots(session, decision.id)]
    return sorted(rows, key=lambda row: str(row["receipt"]))


def open_row(decision: Decision, ballot: Ballot) -> dict[str, Any]:
    facts = ballots.committed(decision, ballot)
    return {**facts, "words": ballot.reason, "receipt": ballots.receipt(decision, ballot)}


def secret_row(decision: Decision, ballot: SecretBallot, withheld: bool) -> dict[str, Any]:
    facts = ballots_secret.committed(ballot, withheld=withheld)
    return {**facts, "receipt": ballots_secret.receipt(decision, ballot)}


def count(session: Session, decision: Decision) -> dict[str, Any]:
    """What is known since the count."""
    voters = decisions_withheld.voters(decision)
    secret = decisions_freeze.is_secret(decision)
    return {
        "format": FORMAT,
        "decision": decision.id,
        "frozen_hash": decision.frozen_hash,
        "ballots_hash": decision.ballots_hash,
        "outcome": decision.outcome,
        "closed_at": decision.closed_at,
        "recused": decision.recused,
        "absent": decision.absent,
        "stood_in": {str(each.stands_for): each.seat_id for each in voters if each.is_alternate},
        "voted": sorted(map(str, voted_seats(session, decision.id))) if secret else [],
        "lot_value": decision.lot_value,
        "withheld": decisions_withheld.is_withheld(decision),
    }


def closing(session: Session, decision: Decision) -> dict[str, Any]:
    """What became of the result."""
    return {
        "reasons": decision.reasons,
        "certified_at": decision.certified_at,
        "certified_by": decision.certified_by_seat_id,
        "signers": [
            {"seat": each.seat_id, "group": each.group, "result_hash": each.result_hash, "remark": each.remark,
             "signed_at": each.signed_at}
            for each in signers(session, decision.id)
            if each.result_hash == signatures.result_hash(decision)
        ],
        "dissents": [
            {"seat": each.seat_id, "group": each.group, "words": each.text, "filed_at": each.created_at}
            for each in decisions_certify.dissents(session, decision)
        ],
        "challenges": [
            {"seat": each.seat_id, "group": each.group, "ground": each.ground, "affected": each.affected,
             "filed_at": each.filed_at, "upheld": each.upheld, "answer": each.answer, "resolved_at": each.resolved_at}
            for each in challenges_of(session, decision.id)
        ],
        "supersedes": supersedes(session, decision.id),
        "superseded_by": superseded_by(session, decision.id),
    }  # fmt: skip


def log(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """The events of this decision as anyone may read them: those that are signed, once any are."""
    found, signed = signatures.sealed_events(session, decision.id), signed_log_of(session, decision.id)
    found = found[: signed.size] if signed else found
    told = event_log.lines(session, found)
    return [event_log.chain_facts(event, line) for event, line in zip(found, told, strict=True)]


def notes(session: Session, decision: Decision) -> dict[str, str]:
    """What the platform signed, as far as it is signed: of the count nothing before the log with it is signed too."""
    found = {each.purpose.value: each.note for each in signatures_of(session, decision.id)}
    counted, signed = counted_seq(session, decision.id), signed_log_of(session, decision.id)
    checkpoint = first_checkpoint_over(session, counted) if counted else None
    if signed is None:
        found = {purpose: note for purpose, note in found.items() if purpose == SignedFor.NOTICE}
    else:
        found["log"] = signed.note
        if checkpoint is not None:
            found["checkpoint"] = checkpoint.note
    found["keys"] = "\n".join(each.note for each in reversed(keys(session)))
    return found


def counted_seq(session: Session, decision_id: UUID) -> int | None:
    query = select(Event.seq).where(
        Event.subject_kind == SubjectKind.DECISION,
        Event.subject_id == decision_id,
        Event.kind == signatures.COUNTED,
    )
    return session.exec(query).first()


def steps(session: Session, decision: Decision) -> bytes:
    """The count in words, in English, so that the pack is the same for everyone."""
    result = decisions_show.result(session, decision)
    assert result is not None
    return "".join(f"{number}. {step.english}\n" for number, step in enumerate(result.steps, 1)).encode()


def vote_files(session: Session, decision: Decision) -> dict[str, bytes]:
    """The counted ballots in the formats of other programs, as far as these can hold them."""
    asked = decisions_freeze.question_of(decision)
    votes = decisions_withheld.votes(session, decision)
    is_v1 = decision.format == FIRST_FORMAT
    titles = {} if is_v1 else {each["id"]: str(each.get("title", each["id"])) for each in decision.options}
    withheld = decisions_withheld.is_withheld(decision)
    return writing.files(asked, votes, titles, decision.question, withheld=withheld)
