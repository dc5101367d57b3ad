"""The recount file: everything a stranger needs to count a decision again and to check that nothing was changed."""

from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.ballot import Ballot, secret_ballots
from app.models.decision import Decision
from app.rules.disclosure import shows_count
from app.rules.hashing import plain
from app.rules.voting.electorate import Voter
from app.rules.words import N_, StakeholderGroup
from app.services import ballots, ballots_secret, decisions_freeze, decisions_show

FORMAT = "comission-recount/2"
HOW_TO = (
    "Canonical JSON is RFC 8785: sorted keys, no spaces, UTF-8; every hash is SHA-256 in hexadecimal. frozen_hash is "
    "the hash of the canonical JSON of `frozen`. The `snapshot` of an option is the hash of the canonical JSON of its "
    "mission in `texts`, unless an author has taken back words quoted in it. ballots_hash is the hash of the canonical "
    "JSON of {ballots, decision}, where `ballots` holds ballot, mark, criterion, reason, seat and version of each "
    "ballot below (of a secret one ballot, group, mark and nonce), sorted by their canonical JSON. A receipt is the "
    "first 24 digits of the hash of the canonical JSON of {ballot, criterion, decision, mark, seat, version}, and of a "
    "secret ballot of {ballot, decision, frozen, mark, nonce}. To count: leave out the ballots of `recused_seats`, "
    "those replaced by a later version, those of seats in `absent_seats`, and those of alternates whose member is "
    "neither recused nor in `absent_seats`; then apply the rule as frozen. The quorum base of a group is the seats "
    "that can still vote."
)


class NotCounted(Conflict):
    sentence: ClassVar[str] = N_("The ballots are published when the vote has ended and is counted.")


def document(session: Session, decision: Decision) -> dict[str, Any]:
    """The file as one object; it exists once the vote is counted."""
    if not shows_count(decision.state):
        raise NotCounted()
    facts: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "how_to": HOW_TO,
            "decision": decision.id,
            "frozen": decisions_freeze.document(decision),
            "frozen_hash": decision.frozen_hash,
            "texts": decisions_freeze.frozen_texts(session, decision),
            "recused_seats": decision.recused,
            "absent_seats": decision.absent,
            "lot_value": decision.lot_value,
            "ballots": published(session, decision),
            "ballots_hash": decision.ballots_hash,
            "result": decision.result,
            "closed_at": decision.closed_at,
            "certified_at": decision.certified_at,
        }
    )
    return facts


def published(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """Every ballot: of an open vote each version with its seat, of a secret one what was counted."""
    if decisions_freeze.is_secret(decision):
        return [
            {**ballots_secret.committed(each), "receipt": ballots_secret.receipt(decision, each)}
            for each in secret_ballots(session, decision.id)
        ]
    voting, groups = decisions_show.counted_voters(decision), decisions_show.groups_of(decision)
    listed = ballots.all_ballots(session, decision.id)
    last = {ballot.seat_id: ballot.version for ballot in listed}
    return [
        ballot_facts(decision, ballot, voting.get(ballot.seat_id), groups, last[ballot.seat_id])
        for ballot in listed
    ]


def ballot_facts(
    decision: Decision, ballot: Ballot, voter: Voter | None, groups: dict[UUID, StakeholderGroup], last: int
) -> dict[str, Any]:
    return {
        **ballots.committed(decision, ballot),
        "group": groups[ballot.seat_id],
        "stands_for": voter.stands_for if voter else ballot.seat_id,
        "receipt": ballots.receipt(decision, ballot),
        "counted": voter is not None and ballot.version == last,
    }
