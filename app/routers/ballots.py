"""Ballots: casting one, and reading what was recorded."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BeforeValidator, Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app import permissions
from app.conditions.asking import decision_phase
from app.conditions.named import during
from app.errors import NotFound
from app.models.decision import Decision
from app.permissions import Permission
from app.routers import marks
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.one_go import later
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.phases import Act, PhaseForbids, allows
from app.rules.rates import Limited
from app.rules.voting.profile import BallotNotValid
from app.rules.words import Criterion
from app.services import (
    ballots,
    ballots_secret,
    decisions_freeze,
    decisions_show,
    limits,
    lineage,
)
from app.services.ballots import BallotChangedElsewhere
from app.services.ballots_secret import KeyUnknown, VotedAlready
from app.viewer import Viewer

router = noun_router("/decisions/{decision_id}")
ReadableDecision = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
IN_TIME = during(Act.VOTE).name


async def voted_on(request: Request) -> Any:
    """The decision on which this person holds a ballot, in time or not: who comes late keeps what they typed."""
    db: Session = request.state.db

    def find_decision() -> Decision:
        decision = find(db, Decision, request.path_params.get("decision_id"))
        viewer = request.state.viewer
        missing = permissions.unmet(db, viewer, Permission.CAST_BALLOT, decision)
        if missing is not None and missing.name != IN_TIME:
            permissions.demand(db, viewer, Permission.CAST_BALLOT, decision)
        return decision

    return later(db, find_decision)


voted_on.permission = Permission.CAST_BALLOT  # type: ignore[attr-defined]
VotedDecision = Annotated[Decision, Depends(voted_on)]


class BallotEntry(FormModel):
    reason: Annotated[str, cleaned(texts.OPTIONAL_REASON)] = ""
    version: Annotated[int, Field(ge=1, le=10_000)]
    criterion: Annotated[Criterion | None, BeforeValidator(lambda typed: typed or None)] = None


class SecretEntry(FormModel):
    """`key` came with the form: 128 random bits that only this voter has seen."""

    key: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    replaced_key: Annotated[str, Field(max_length=32)] = ""


def facts_of(db: Session, viewer: Viewer, decision: Decision, form: FormData | None = None) -> dict[str, Any]:
    own = decisions_show.own(db, decision, viewer.id, datetime.now(UTC))
    return {
        "decision": decision,
        "phase": decision_phase(decision),
        "own": own,
        **marks.ballot_facts(db, decision, own, form),
        "zone": decision.timezone,
        "stations": lineage.of_decision(db, decision),
    }


@router.get("/ballot")
def show(request: Request, db: Db, viewer: CurrentViewer, decision: ReadableDecision) -> Response:
    """What is recorded for me, with its receipt; there is no such page for anybody else's ballot."""
    own = decisions_show.own(db, decision, viewer.id, datetime.now(UTC))
    if own is None or own.ballot is None:
        raise NotFound()
    return render(request, "decisions/recorded.html", **facts_of(db, viewer, decision))


@router.post("/ballot")
def cast(request: Request, db: Db, viewer: CurrentViewer, decision: VotedDecision, form: Form) -> Response:
    assert viewer.id is not None
    if not allows(Act.VOTE, decision_phase(decision)):
        return out_of_time(request, db, viewer, decision, form)
    limits.spend(db, Limited.VOTE, viewer.id)
    if decisions_freeze.is_secret(decision):
        return cast_in_secret(request, db, viewer, decision, form)
    entry, errors = read(form, BallotEntry)
    asked = decisions_freeze.question_of(decision)
    mark, wrong = marks.read_mark(asked, form)
    if entry is None or mark is None:
        return again(request, db, viewer, decision, form, 422, errors | wrong)
    rests_on = marks.criterion_of(decision, asked, mark, entry.criterion)
    try:
        ballots.cast(db, decision, viewer.id, mark, entry.reason, entry.version, criterion=rests_on)
    except PhaseForbids:
        db.rollback()
        return out_of_time(request, db, viewer, decision, form)
    except (BallotChangedElsewhere, BallotNotValid) as refusal:
        db.rollback()
        return again(request, db, viewer, decision, form, refusal.status, {}, say(refusal.phrase))
    return redirect(request, f"/decisions/{decision.id}/ballot")


def cast_in_secret(
    request: Request, db: Session, viewer: Viewer, decision: Decision, form: FormData
) -> Response:
    """The receipt and the key are shown in this one answer, and stand nowhere else."""
    assert viewer.id is not None
    entry, errors = read(form, SecretEntry)
    mark, wrong = marks.read_mark(decisions_freeze.question_of(decision), form)
    if entry is None or mark is None:
        return again(request, db, viewer, decision, form, 422, errors | wrong)
    try:
        receipt = ballots_secret.cast(db, decision, viewer.id, mark, entry.key, entry.replaced_key)
    except PhaseForbids:
        db.rollback()
        return out_of_time(request, db, viewer, decision, form)
    except (VotedAlready, KeyUnknown, BallotNotValid) as refusal:
        db.rollback()
        return again(request, db, viewer, decision, form, refusal.status, {}, say(refusal.phrase))
    facts = facts_of(db, viewer, decision)
    return render(request, "decisions/recorded_secret.html", receipt=receipt, marked=mark, **facts)


def again(
    request: Request, db: Session, viewer: Viewer, decision: Decision, form: FormData, status: int,
    errors: dict[str, str], refused: str = "",
) -> Response:  # fmt: skip
    """The ballot once more, with what was typed and what is recorded."""
    facts = {
        **facts_of(db, viewer, decision, form),
        "typed": values(form),
        "errors": errors,
        "refused": refused,
    }
    return render(request, "decisions/vote.html", status=status, **facts)


def out_of_time(
    request: Request, db: Session, viewer: Viewer, decision: Decision, form: FormData
) -> Response:
    """A ballot that came before the vote opened or after it closed: what is true, and the words to keep."""
    typed = values(form)
    mark, _wrong = marks.read_mark(decisions_freeze.question_of(decision), form)
    reason = texts.clean(typed.get("reason", ""), texts.OPTIONAL_REASON).text
    facts = facts_of(db, viewer, decision)
    return render(request, "decisions/out_of_time.html", status=409, marked=mark, reason=reason, **facts)
