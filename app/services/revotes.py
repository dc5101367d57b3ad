"""Second votes: when a mission may be voted on again, and the link to the vote whose place the new one takes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.models.closing import Supersession, superseded_by, supersedes
from app.models.decision import Decision, decisions_about
from app.models.mission import Mission
from app.rules import challenges as rules
from app.rules import hashing
from app.rules.words import DecisionKind, DecisionState
from app.services import decisions_freeze, decisions_matter


def before_notice(session: Session, decision: Decision, about: Sequence[Mission], at: datetime) -> None:
    """Refuse to ask again what was decided, unless the rules of a second vote are met; link it to the first."""
    if decision.kind not in decisions_matter.ADOPTING:
        return
    for mission in about:
        found = [
            each for _mission, each in decisions_about(session, [mission.id])
            if each.id != decision.id and each.kind in decisions_matter.ADOPTING
            and each.state in rules.AFTER_CERTIFICATION
        ]  # fmt: skip
        if not found:
            continue
        last = found[0]
        assert last.certified_at is not None
        outcomes = [DecisionState(each.outcome) for each in found]
        text = hashing.digest(decisions_freeze.text_of(session, mission))
        changed = all(option.get("snapshot") != text for option in last.options)
        settled = last.kind is DecisionKind.ADOPT and outcomes[0] in (
            DecisionState.CARRIED,
            DecisionState.LOST,
        )
        since = at - last.certified_at
        rules.require_revote_possible(last.state, outcomes, since, settled=settled, changed=changed)
        if superseded_by(session, last.id) is None and supersedes(session, decision.id) is None:
            session.add(Supersession(decision_id=decision.id, superseded_id=last.id))
            session.flush()
