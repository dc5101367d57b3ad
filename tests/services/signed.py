"""A counted result, signed by seats of two groups, as certification needs it."""

from datetime import datetime

from sqlmodel import Session

from app.models.closing import ClosingSignature
from app.models.decision import Decision
from app.services import closing, signatures


def sign_by_two(session: Session, decision: Decision, at: datetime | None = None) -> list[ClosingSignature]:
    """The first two who may sign and speak for different groups do so; fewer where there are fewer."""
    found: dict[str, ClosingSignature] = {}
    for voter in closing.possible(session, decision):
        speaks_for = closing.speaks_for(decision, voter)
        if speaks_for not in found and len(found) < 2:
            seen = signatures.result_hash(decision)
            found[speaks_for] = closing.sign(session, decision, voter.person_id, seen, at=at)
    return list(found.values())
