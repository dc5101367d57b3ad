"""The pages of a mission's reviews, to which every act on a round or on one's own review comes back."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import permissions
from app.errors import NotFound
from app.models.columns import now
from app.models.committee import Committee, all_committees
from app.models.mission import Mission
from app.models.review import Review, ReviewRound, live_round
from app.models.review_rounds import is_opened
from app.permissions import Permission
from app.routers.pages import render
from app.rules import reviews as rules
from app.rules.mission_sections import section_words
from app.rules.words import Criterion, Grade, MissionState, ReviewKind
from app.services import (
    criteria,
    drafts,
    lineage,
    missions,
    missions_show,
    reviews_revise,
    reviews_rounds,
    reviews_show,
)
from app.services.reviews_rounds import Reviewer
from app.viewer import Viewer

TWO_WEEKS = timedelta(days=14)


def zone_of(db: Session, mission: Mission) -> str:
    return missions.zone_of(db, mission)


def mission_of(db: Session, asked: ReviewRound, raw: str) -> Mission:
    """A round, and what is in it, is reached under its own mission only."""
    if str(asked.mission_id) != raw:
        raise NotFound()
    return db.get_one(Mission, asked.mission_id)


def first_due(db: Session, mission: Mission) -> str:
    """Two weeks from today, in the evening."""
    at = datetime.now(ZoneInfo(zone_of(db, mission))).replace(hour=18, minute=0) + TWO_WEEKS
    return at.strftime("%Y-%m-%dT%H:%M")


def index_page(
    request: Request, db: Session, viewer: Viewer, mission: Mission,
    typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """Everything that may be read of a mission's reviews, with the acts that this viewer may do next."""
    committee = chaired(db, viewer, mission)
    seated = {each.id for each in viewer.seats}
    rounds = reviews_show.rounds(db, mission)
    able = reviewers(db, committee, mission)
    first = {"due_at": first_due(db, mission), "seats": [str(each) for each in reviews_rounds.proposed(able)]}
    return render(
        request,
        "reviews/index.html",
        status=status,
        mission=mission,
        rounds=rounds,
        mine=reviews_show.mine(db, mission, list(seated)),
        seats={seat.scope_id for seat in viewer.seats},
        committee=committee,
        able=able,
        gates=[gate for gate in missions.gates_of(db, mission) if not gate.met],
        is_reviewed=reviews_rounds.is_reviewed(db, mission),
        counted=criteria.counted(db, mission),
        criteria=list(Criterion),
        has_live=live_round(db, mission.id) is not None,
        may_send=committee is not None and mission.state is MissionState.FRAMED,
        framings=rules.FRAMINGS,
        zone=zone_of(db, mission),
        typed=first | (typed or {}),
        errors=errors or {},
        stations=lineage.of_mission(db, mission),
    )


def chaired(db: Session, viewer: Viewer, mission: Mission) -> Committee | None:
    """The committee of the mission's agency that this viewer chairs, the first by name; none after stepping aside."""
    if not permissions.can(db, viewer, Permission.SEND_TO_REVIEW, mission):
        return None
    mine = [each for each in all_committees(db) if each.organisation_id == mission.organisation_id]
    return next((each for each in mine if permissions.can(db, viewer, Permission.PUT_QUESTION, each)), None)


def reviewers(db: Session, committee: Committee | None, mission: Mission) -> list[Reviewer]:
    return reviews_rounds.reviewers(db, committee, mission) if committee else []


def seen_in(typed: dict[str, str]) -> int:
    return drafts.seen_in(typed, prefix="")


def write_page(
    request: Request, db: Session, mission: Mission, asked: ReviewRound, review: Review,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200,
    *, has_other: bool = False,
) -> Response:  # fmt: skip
    return render(
        request,
        "reviews/write.html",
        status=status,
        mission=mission,
        page=missions_show.shown(db, mission),
        review=review,
        asked=asked,
        zone=zone_of(db, mission),
        state=rules.phase(review.state, asked.opens_at, now()),
        is_criteria=review.kind is ReviewKind.CRITERIA,
        criteria=list(Criterion),
        counted=criteria.counted(db, mission),
        grades=list(Grade),
        rows=rules.ROWS,
        framings=rules.FRAMINGS,
        questions=rules.QUESTIONS,
        section_words=section_words,
        typed={**dict.fromkeys(rules.fields_of(review.kind), ""), **(typed or review.answers)},
        other=review.answers if has_other else None,
        errors=errors or {},
        stations=lineage.of_mission(db, mission),
        kept_at=review.updated_at,
        seen=review.version,
        may_revise=reviews_revise.may_revise(db, review),
        is_open=is_opened(db, asked),
        earlier=reviews_revise.earlier(db, review),
    )
