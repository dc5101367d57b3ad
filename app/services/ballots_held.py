"""Who of a seat and its alternate holds the ballot: whoever casts first, for the database keeps one row for both."""

from typing import ClassVar

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from app.conditions.taking_part import recused_seats
from app.errors import Conflict
from app.models.absence import BallotHolder, holders_of
from app.models.decision import Decision
from app.rules.voting import electorate
from app.rules.voting.electorate import Voter
from app.rules.words import N_


class HeldByTheOther(Conflict):
    sentence: ClassVar[str] = N_(
        "The ballot of this seat is cast: of a member and the alternate, whoever casts first keeps it. "
        "Yours is not recorded."
    )


def take(session: Session, decision: Decision, voter: Voter) -> None:
    """Hold the ballot for good, or refuse where the other of the two was first.

    It waits for a transaction of the other that has taken it and not ended. A recused seat's ballot is its
    alternate's anyway, and a seat without an alternate shares it with nobody.
    """
    frozen = electorate.from_facts(decision.electorate)
    pair = next(each for each in frozen if each.seat_id == voter.stands_for)
    if pair.alternate_seat_id is None or (voter.is_alternate and not voter.for_absence):
        return
    row = {"decision_id": decision.id, "for_seat_id": voter.stands_for, "seat_id": voter.seat_id}
    session.execute(insert(BallotHolder).values(**row).on_conflict_do_nothing())
    holder = holders_of(session, decision.id)[voter.stands_for]
    if holder != voter.seat_id and holder not in recused_seats(session, decision):
        raise HeldByTheOther()
