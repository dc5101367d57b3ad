"""After the count: the two signatures, challenges and their resolution, and the pack to recount it with."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.db import one_snapshot
from app.i18n import _
from app.models.closing import challenges_of
from app.models.decision import Decision
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.rules.challenges import DAYS_TO_CHALLENGE
from app.services import challenges, closing, decisions_pack, lineage

router = noun_router("/decisions/{decision_id}")
ReadableDecision = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
Signable = Annotated[Decision, load(Decision, to=Permission.SIGN_RESULT)]
Challengeable = Annotated[Decision, load(Decision, to=Permission.CHALLENGE_RESULT)]
Resolvable = Annotated[Decision, load(Decision, to=Permission.RESOLVE_CHALLENGE)]


class SignatureEntry(FormModel):
    seen: Annotated[str, Field(max_length=64)] = ""
    remark: Annotated[str, cleaned(texts.REMARK)] = ""


class ChallengeEntry(FormModel):
    ground: Annotated[str, cleaned(texts.ANSWER)]
    affected: Annotated[int, Field(ge=0, le=10_000)] = 0


class ResolutionEntry(FormModel):
    upheld: Literal["yes", "no"]
    answer: Annotated[str, cleaned(texts.ANSWER)]


@router.get("/pack.zip")
@one_snapshot
def pack(db: Db, decision: ReadableDecision) -> Response:
    content = decisions_pack.archive(db, decision)
    name = f"decision-{decision.id}.zip"
    return Response(
        content,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/signature")
def sign(request: Request, db: Db, viewer: CurrentViewer, decision: Signable, form: Form) -> Response:
    assert viewer.id is not None
    entry, _errors = read(form, SignatureEntry)
    entry = entry or SignatureEntry(seen=str(form.get("seen", ""))[:64])
    closing.sign(db, decision, viewer.id, entry.seen, entry.remark)
    return redirect(request, f"/decisions/{decision.id}#closing", _("You have signed the result."))


@router.get("/challenge")
def challenge_page(request: Request, db: Db, decision: Challengeable) -> Response:
    return form_page(request, db, decision, "decisions/challenge.html", {}, {}, days=DAYS_TO_CHALLENGE)


@router.post("/challenge")
def challenge(
    request: Request, db: Db, viewer: CurrentViewer, decision: Challengeable, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ChallengeEntry)
    if entry is None:
        typed = values(form)
        return form_page(
            request, db, decision, "decisions/challenge.html", typed, errors, days=DAYS_TO_CHALLENGE
        )
    origin = settings_of(request).origin
    challenges.file(db, decision, viewer.id, entry.ground, entry.affected, origin)
    told = _("The result is challenged. Somebody outside of the committee answers it.")
    return redirect(request, f"/decisions/{decision.id}#closing", told)


@router.get("/resolution")
def resolution_page(request: Request, db: Db, decision: Resolvable) -> Response:
    return resolution(request, db, decision, {}, {})


@router.post("/resolution")
def resolve(request: Request, db: Db, viewer: CurrentViewer, decision: Resolvable, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ResolutionEntry)
    if entry is None:
        return resolution(request, db, decision, values(form), errors)
    upheld, origin = entry.upheld == "yes", settings_of(request).origin
    challenges.resolve(db, decision, upheld, entry.answer, viewer.id, origin)
    told = _("The result does not stand; it can be voted on again.") if upheld else _("The result stands.")
    return redirect(request, f"/decisions/{decision.id}#closing", told)


def resolution(
    request: Request, db: Session, decision: Decision, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    waiting = [each for each in challenges_of(db, decision.id) if each.resolved_at is None]
    return form_page(request, db, decision, "decisions/resolution.html", typed, errors, waiting=waiting)


def form_page(
    request: Request, db: Session, decision: Decision, template: str, typed: dict[str, str],
    errors: dict[str, str], **facts: Any,
) -> Response:  # fmt: skip
    return render(
        request, template, status=422 if errors else 200, decision=decision, typed=typed, errors=errors,
        stations=lineage.of_decision(db, decision), now=datetime.now(UTC), **facts,
    )  # fmt: skip
