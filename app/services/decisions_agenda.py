"""The agenda: which missions a committee can be asked about, and what each still lacks."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.gates import Gate
from app.rules.missions import VOTABLE
from app.rules.words import DecisionState, MissionState
from app.services import missions, reviews_rounds

ASKABLE = (MissionState.IN_REVIEW, MissionState.FRAMED, MissionState.CANDIDATE)
LISTED = 100


@dataclass(frozen=True)
class Item:
    """One mission that could be put to a vote, with its gates and the question already drafted on it."""

    mission: Mission
    gates: list[Gate]
    drafted: Decision | None
    is_reviewed: bool

    @property
    def can_be_asked(self) -> bool:
        is_votable = self.mission.state in VOTABLE and self.is_reviewed
        return is_votable and self.drafted is None and all(gate.met for gate in self.gates)


def possible(session: Session, committee: Committee) -> list[Item]:
    """Framed missions of the committee's organisation first, then candidates, which the page says what they lack."""
    query = (
        select(Mission)
        .join(Call, col(Call.id) == Mission.call_id)
        .where(
            Mission.organisation_id == committee.organisation_id,
            col(Mission.state).in_(ASKABLE),
            col(Call.state).in_(PUBLIC_CALL_STATES),
        )
    )
    found = session.exec(query.order_by(col(Mission.created_at).desc()).limit(LISTED)).all()
    drafts = select(Decision).where(
        col(Decision.mission_id).in_([each.id for each in found]), Decision.state == DecisionState.DRAFT
    )
    drafted = {each.mission_id: each for each in session.exec(drafts)}
    items = [
        Item(
            each,
            missions.gates_of(session, each),
            drafted.get(each.id),
            reviews_rounds.is_reviewed(session, each),
        )
        for each in found
    ]
    return sorted(items, key=lambda item: item.mission.state is MissionState.CANDIDATE)
