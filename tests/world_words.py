"""What is said in the town about one of its missions: objections in every state."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from app.rules.moderation import HidingRule
from app.rules.words import AnswerState, DecisionState
from app.services import (
    amendments,
    amendments_decide,
    minutes,
    objections,
    remarks,
    spoken,
    spoken_moderation,
)
from app.services.amendments import AmendmentText

if TYPE_CHECKING:
    from tests.world import World

OBJECTIONS = {
    "objection": "Shade for the market, and none for those who wait for the bus.",
    "answered_objection": "The trees need more water than the town has in August.",
    "hidden_objection": "xqhiddenobjection: words that a moderator hides",
    "withdrawn_objection": "xqwithdrawnobjection: words that bob takes back",
}

AMENDMENTS = {
    "amendment": "And over every bus stop.",
    "declined_amendment": "And over the beach.",
    "voted_amendment": "Or only over the market.",
    "hidden_amendment": "xqhiddenamendment words.",
}


def said(session: Session, world: "World") -> None:
    bob, carol = world.people["bob"], world.people["carol"]
    mission = world.missions[DecisionState.UPHELD]
    for name, words in OBJECTIONS.items():
        clause = world.records["clause"].id if name == "objection" else None
        world.records[name] = objections.make(session, mission, bob, words, name, clause)
    objections.answer(
        session,
        world.records["answered_objection"],
        carol,
        AnswerState.ACCEPTED,
        "Clause 2 says which trees now.",
    )
    spoken_moderation.hide(
        session, world.records["hidden_objection"], carol, HidingRule.INSULT, "It attacks a neighbour."
    )
    spoken.withdraw(session, world.records["withdrawn_objection"], bob.id)
    clause = world.records["clause"]
    for name, words in AMENDMENTS.items():
        typed = AmendmentText(f"{clause.text} {words}", f"Why {name}.", clause.id)
        world.records[name] = amendments.propose(session, mission, bob, typed, name)
    amendments_decide.answer(
        session, world.records["declined_amendment"], carol, AnswerState.DECLINED, "Too dear."
    )
    amendments_decide.answer(
        session, world.records["voted_amendment"], carol, AnswerState.TO_VOTE, "You decide."
    )
    spoken_moderation.hide(
        session, world.records["hidden_amendment"], carol, HidingRule.INSULT, "It attacks a neighbour."
    )


def behind_closed_doors(session: Session, world: "World") -> None:
    """On the mission that is voted on, from which Rita stepped aside."""
    mission = world.missions[DecisionState.OPEN]
    viewer = world.viewer(session, "alice")
    world.records["remark"] = remarks.say(session, mission, viewer, "xqclosed: between us", "remark")
    decision = world.decisions[DecisionState.OPEN]
    minutes.add_note(session, decision, world.people["secretary"].id, "xqnote: we met at the market.", "note")
