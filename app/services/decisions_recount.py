"""What an export tells of a counted decision: the documents of its pack that a recount starts from."""

from typing import Any

from sqlmodel import Session

from app.models.decision import Decision
from app.rules.disclosure import shows_count
from app.rules.hashing import plain
from app.services import decisions_freeze, decisions_pack
from app.services.decisions_pack import NotCounted as NotCounted


def document(session: Session, decision: Decision) -> dict[str, Any]:
    """The same values as in the pack, in one object."""
    if not shows_count(decision.state):
        raise NotCounted()
    facts: dict[str, Any] = plain(
        {
            "format": decisions_pack.FORMAT,
            "frozen": decisions_freeze.document(decision),
            "texts": decisions_freeze.frozen_texts(session, decision),
            "count": decisions_pack.count(session, decision),
            "ballots": decisions_pack.ballot_rows(session, decision),
            "result": decision.result,
        }
    )
    return facts
