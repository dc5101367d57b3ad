"""The recount file: everything a stranger needs to count a decision again and to check that nothing was changed."""

from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.ballot import Ballot
from app.models.decision import Decision
from app.rules.disclosure import shows_count
from app.rules.hashing import plain
from app.rules.voting.electorate import Voter
from app.rules.words import N_, StakeholderGroup
from app.services import ballots, decisions_freeze, decisions_show

FORMAT = "comission-recount/1"
HOW_TO = (
    "Canonical JSON is RFC 8785: sorted keys, no spaces, UTF-8; every hash is SHA-256 in hexadecimal. frozen_hash is "
    "the hash of the canonical JSON of `frozen`. The `snapshot` of each option is the hash of the canonical JSON of "
    "`mission_text`, unless an author has taken back words quoted in it. ballots_hash is the hash of the canonical "
    "JSON of {ballots, decision}, where `ballots` holds ballot, choice, reason, seat and version of each ballot below, "
    "sorted by their canonical JSON. A receipt is the first 24 digits of the hash of the canonical JSON of {ballot, "
    "choice, decision, seat, version}. To count: leave out the ballots of `recused_seats`, those replaced by a later "
    "version, and those of alternates whose member is not recused; then apply the rule as frozen, group by group and "
    "overall. The quorum base of a group is the seats that can still vote."
)


class NotCounted(Conflict):
    sentence: ClassVar[str] = N_("The ballots are published when the vote has ended and is counted.")


def document(session: Session, decision: Decision) -> dict[str, Any]:
    """The file as one object; it exists once the vote is counted."""
    if not shows_count(decision.state):
        raise NotCounted()
    voting, groups = decisions_show.counted_voters(decision), decisions_show.groups_of(decision)
    listed = ballots.all_ballots(session, decision.id)
    last = {ballot.seat_id: ballot.version for ballot in listed}
    facts: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "how_to": HOW_TO,
            "decision": decision.id,
            "frozen": decisions_freeze.document(decision),
            "frozen_hash": decision.frozen_hash,
            "mission_text": decisions_freeze.frozen_text(session, decision),
            "recused_seats": decision.result.get("recused_seats", []),
            "ballots": [
                ballot_facts(ballot, voting.get(ballot.seat_id), groups, last[ballot.seat_id])
                for ballot in listed
            ],
            "ballots_hash": decision.ballots_hash,
            "outcome": {key: value for key, value in decision.result.items() if key != "recused_seats"},
            "closed_at": decision.closed_at,
            "certified_at": decision.certified_at,
        }
    )
    return facts


def ballot_facts(
    ballot: Ballot, voter: Voter | None, groups: dict[UUID, StakeholderGroup], last: int
) -> dict[str, Any]:
    return {
        **ballots.committed(ballot),
        "group": groups[ballot.seat_id],
        "stands_for": voter.stands_for if voter else ballot.seat_id,
        "receipt": ballots.receipt(ballot),
        "counted": voter is not None and ballot.version == last,
    }
