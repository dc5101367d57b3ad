"""What the records held after each act, remembered, so that a replay can be asked for each of these instants."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from app.models.columns import now
from app.rules import replay as rules
from app.rules.replay import Comparison, Reading, Replay
from app.services import replay

Records = dict[str, dict[str, Reading]]


@dataclass
class Memory:
    """`given` is the scene: what a test made by hand, without the acts that make it in life."""

    given: Records
    kept: list[tuple[str, datetime, Records]] = field(default_factory=list)

    def remember(self, session: Session, act: str) -> None:
        session.flush()
        self.kept.append((act, now(), replay.records(session)))

    def compared(self, session: Session) -> dict[str, Comparison]:
        """For each act the replay as of then against what the records held then."""
        return {act: rules.compare(self.rebuilt(session, at), records) for act, at, records in self.kept}

    def wrong(self, session: Session) -> dict[str, object]:
        """Each act after which a replay tells something else, with what it tells and what was there."""
        return {
            act: found.differing or f"{found.unknown} unknown"
            for act, found in self.compared(session).items()
            if found.differing or found.unknown
        }

    def rebuilt(self, session: Session, at: datetime) -> Replay:
        found = replay.states_at(session, at)
        for noun, readings in self.given.items():
            for key, known in readings.items():
                found.found[noun][key] = {**known, **found.found[noun].get(key, {})}
        return found


def begin(session: Session) -> Memory:
    session.flush()
    return Memory(replay.records(session))
