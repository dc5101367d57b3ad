"""Reviews in the town: a round that is blind, with a draft and a filed review, and one that everyone can read."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from app.models.columns import now, telling
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import ReviewRound
from app.models.seat import Seat, live_seats_in
from app.rules.words import DecisionState, Grade, ScopeKind
from app.services import reviews, reviews_rounds
from tests import reviewed
from tests.services.chamber import nothing_ties
from tests.world_votes import framed

if TYPE_CHECKING:
    from tests.world import World


def asked(session: Session, world: "World", committee: Committee) -> None:
    """Alice writes at hers and Paula has filed: neither may be read. Where all is in, everyone reads everything."""
    blind = framed(session, world, "Shade on the way to school")
    round_, seats = sent(session, world, committee, blind, days=7)
    draft, filed = (reviewed.review_of(session, round_, seats[name]) for name in ("alice", "paula"))
    reviews.keep(session, draft, {"bold_note": "xqdraftreview"}, draft.version)
    told = reviewed.answers(blind, bold_note="xqblindreview")
    reviews.file(session, filed, told, filed.version, seats["paula"].person_id)
    world.records |= {
        "reviewed_mission": blind, "review_round": round_, "draft_review": draft, "filed_review": filed,
    }  # fmt: skip
    with telling(now() - timedelta(days=9)):
        mission = world.missions[DecisionState.UPHELD]
        open_, seats = sent(session, world, committee, mission, days=2, asks_appraisal=True)
        for name, grade in (("alice", Grade.EXCELLENT), ("paula", Grade.POOR), ("tom", Grade.GOOD)):
            reviewed.file(
                session, open_, seats[name], reviewed.answers(mission, grade, bold_note="Seen at noon.")
            )
    world.records |= {"open_round": open_, "open_review": reviewed.review_of(session, open_, seats["alice"])}


def sent(
    session: Session, world: "World", committee: Committee, mission: Mission, days: float, **options: Any
) -> tuple[ReviewRound, dict[str, Seat]]:
    names = ("paula", "priya", "tom", "rita", "alice")
    seats: dict[str, Seat] = {name: world.records[f"seat_{name}"] for name in names}
    ids, due = [seat.id for seat in seats.values()], now() + timedelta(days=days)
    nothing_ties(
        session,
        mission,
        live_seats_in(session, ScopeKind.COMMITTEE, committee.id, now() + timedelta(days=30)),
    )
    chair = world.people["chair"].id
    settings = {"asks_appraisal": False} | options
    return reviews_rounds.send(session, committee, mission, ids, due, chair, **settings), seats
