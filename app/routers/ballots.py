"""Ballots: casting one, reading what was recorded, and saying what ties one to the item."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.conditions import decision_phase
from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.decision import Decision
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.rules.rates import Limited
from app.rules.texts import Limits
from app.rules.voting.group_majority import GroupMajority
from app.rules.words import Choice, InterestEffect, InterestKind
from app.services import ballots, decisions_show, interests, limits, lineage
from app.viewer import Viewer

router = noun_router("/decisions/{decision_id}")
ReadableDecision = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
VotableDecision = Annotated[Decision, load(Decision, to=Permission.CAST_BALLOT)]
DeclarableDecision = Annotated[Decision, load(Decision, to=Permission.DECLARE_INTEREST)]
INTEREST = Limits(3, 1000)


class BallotEntry(FormModel):
    choice: Choice
    reason: Annotated[str, cleaned(texts.OPTIONAL_REASON)] = ""
    version: Annotated[int, Field(ge=1, le=10_000)]


class InterestEntry(FormModel):
    kind: InterestKind
    text: Annotated[str, cleaned(INTEREST)]
    effect: InterestEffect


def facts_of(db: Session, viewer: Viewer, decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision,
        "mission": db.get_one(Mission, decision.mission_id),
        "phase": decision_phase(decision),
        "own": decisions_show.own(db, decision, viewer.id, datetime.now(UTC)),
        "rule": decisions_show.rule_sentences(GroupMajority.from_facts(decision.rule))
        if decision.rule
        else [],
        "zone": db.get_one(Call, db.get_one(Mission, decision.mission_id).call_id).timezone,
        "stations": lineage.of_decision(db, decision),
    }


@router.get("/ballot")
def show(request: Request, db: Db, viewer: CurrentViewer, decision: ReadableDecision) -> Response:
    """What is recorded for me, with its receipt; there is no such page for anybody else's ballot."""
    facts = facts_of(db, viewer, decision)
    if facts["own"] is None or facts["own"].ballot is None:
        raise NotFound()
    return render(request, "decisions/recorded.html", **facts)


@router.post("/ballot")
def cast(request: Request, db: Db, viewer: CurrentViewer, decision: VotableDecision, form: Form) -> Response:
    assert viewer.id is not None
    limits.spend(db, Limited.VOTE, viewer.id)
    entry, errors = read(form, BallotEntry)
    if entry is None:
        facts = facts_of(db, viewer, decision)
        return render(request, "decisions/vote.html", status=422, typed=values(form), errors=errors, **facts)
    ballots.cast(db, decision, viewer.id, entry.choice, entry.reason, entry.version)
    return redirect(request, f"/decisions/{decision.id}/ballot")


@router.get("/interest")
def interest_page(request: Request, db: Db, viewer: CurrentViewer, decision: DeclarableDecision) -> Response:
    facts = facts_of(db, viewer, decision)
    return render(request, "decisions/interest.html", typed={}, errors={}, **facts)


@router.post("/interest")
def declare(
    request: Request, db: Db, viewer: CurrentViewer, decision: DeclarableDecision, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, InterestEntry)
    if entry is None:
        facts = facts_of(db, viewer, decision)
        return render(
            request, "decisions/interest.html", status=422, typed=values(form), errors=errors, **facts
        )
    origin = settings_of(request).origin
    interests.declare(db, decision, viewer.id, entry.kind, entry.text, entry.effect, origin)
    told = _("Your interest is public now. You keep your vote.")
    if entry.effect is InterestEffect.RECUSE:
        told = _("You have stepped aside from this item. Your seat counts nowhere in it.")
    return redirect(request, f"/decisions/{decision.id}", told)
