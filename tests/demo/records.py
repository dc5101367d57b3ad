"""The records of the demonstration that its tests look at."""

from sqlmodel import Session, col, select

from app.demo import content
from app.models.call import Call
from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.words import MissionState


def call_named(session: Session, key: str) -> Call:
    (told,) = [each for each in content.calls() if each["key"] == key]
    return session.exec(select(Call).where(Call.title == told["title"])).one()


def mission_in(session: Session, state: MissionState) -> Mission:
    """The one in this state among those with a vote of their own, or none yet."""
    together = {told["title"] for told in content.missions() if "noticed" in told}
    query = select(Mission).where(Mission.state == state, col(Mission.title).not_in(together))
    return session.exec(query).one()


def certified(session: Session) -> Decision:
    """The vote that adopted the mission for the villages."""
    (told,) = [each["decision"] for each in content.missions() if each["key"] == "villages"]
    return session.exec(select(Decision).where(Decision.question == told["question"])).one()


def mission_called(session: Session, key: str) -> Mission:
    (told,) = [each for each in content.missions() if each["key"] == key]
    return session.exec(select(Mission).where(Mission.title == told["title"])).one()


def offer_named(session: Session, key: str) -> Call:
    (told,) = [each for each in content.offers() if each["key"] == key]
    return session.exec(select(Call).where(Call.title == told["title"])).one()
